"""The numbers and choices of a protocol, apart from its words: who is drawn, how, and what is compared."""

from dataclasses import asdict, dataclass, fields
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from snerydder.access.models import Unit
from snerydder.audit.action import Refusal
from snerydder.lottery.intake import ARMS, THREE, Scheme, Stratum

ALL = "alle"
# the names are those of snerydder.registers.outcomes, which needs the statistics package; a test holds the two together
OUTCOMES = {
    "su_education": gettext_lazy("i SU-berettiget uddannelse"), "job_week": gettext_lazy("i job (ugens kode)"), "job_grad": gettext_lazy("i job (beskæftigelsesgrad)"),
    "job_self_support": gettext_lazy("selvforsørgende i fire uger"), "job_branche": gettext_lazy("i job (branche)"),
    "education_ras": gettext_lazy("i uddannelse (RAS)"), "job_ras": gettext_lazy("i job (RAS)"),
    "education_own": gettext_lazy("i uddannelse (kommunens egne oplysninger)"), "job_own": gettext_lazy("i job (kommunens egne oplysninger)"),
}  # fmt: skip
SUBGROUPS = {
    "age": gettext_lazy("under 25 år og fra 25 år"), "transfer": gettext_lazy("kort og lang tid på ydelse i året før"),
    "education": gettext_lazy("med og uden uddannelse i året før"),
}  # fmt: skip
CHOICES: dict[str, dict[str, Any]] = {  # the file's word: what a page calls it
    "secondary": OUTCOMES, "subgroups": SUBGROUPS,
    "estimator": {"difference": gettext_lazy("Forskel i andele"), "lpm_strata": gettext_lazy("Inden for grupperne"), "lpm_covariates": gettext_lazy("Med baggrund")},
    "correction": {"holm": "Holm", "romano_wolf": gettext_lazy("Romano og Wolf"), "bh": gettext_lazy("Benjamini og Hochberg"), "none": gettext_lazy("Ingen")},
    "dead": {"keep": gettext_lazy("Bliver i tallet med udfaldet nej"), "drop": gettext_lazy("Ugerne efter udelades")},
    "abroad": {"keep": gettext_lazy("Bliver i tallet med udfaldet nej"), "drop": gettext_lazy("Ugerne i udlandet udelades")},
    "missing": {"zero": gettext_lazy("Har aldrig fået en ydelse"), "stop": gettext_lazy("Stop regningen"), "drop": gettext_lazy("Udelades")},
}  # fmt: skip



def in_words(name: str, text: str) -> str:
    """An amendment as a page says it. It is kept in the file's words, whatever language the page has."""
    return ", ".join(str(CHOICES[name].get(each, each)) for each in _each(text)) if name in CHOICES else text


def in_file(name: str, text: str) -> str:
    """The other way round. What is in neither stays as it is, and is refused by name."""
    known = {str(told).casefold(): key for key, told in CHOICES.get(name, {}).items()}
    return ", ".join(known.get(each.casefold(), each) for each in _each(text)) if name in CHOICES else text.strip()


def _each(text: str) -> list[str]:
    return [each.strip() for each in text.split(",") if each.strip()]


WORDS: dict[str, Any] = CHOICES | {"primary": OUTCOMES, "stratify": ("none", "unit", "age"), "drawn": ("person", "unit"), "alpha": (5, 10)}
LONGEST_OFFER = 500
LIMITS = {  # the numbers a box can hold
    "municipalities": (1, 98), "age_cut": (19, 65), "places": (4, 5000), "offered": (1, 3), "control": (1, 3), "more": (0, 3), "week": (1, 520), "last": (1, 520), "take_up": (5, 100),
}  # fmt: skip


@dataclass(frozen=True)
class Plan:
    municipalities: int = 1  # that follow the same protocol, each with its own draw
    stratify: str = "none"  # none, unit, age
    age_cut: int = 25
    places: int = 200  # in each group
    offered: int = 1  # the ratio
    control: int = 1
    more: int = 0  # a second offer against the same control; none
    more_offer: str = ""  # what it is
    drawn: str = "person"  # person, unit: a whole unit has one lot
    blocks: tuple[int, ...] = (4, 6, 8)
    primary: str = "su_education"
    week: int = 52
    last: int = 75
    secondary: tuple[str, ...] = ("job_week",)
    subgroups: tuple[str, ...] = ("age",)
    estimator: str = "lpm_strata"
    correction: str = "holm"
    alpha: int = 10  # per cent: bands of 90 %
    share: float = 12.0  # per cent expected without support
    effect: float = 6.0  # points, among those who say yes
    take_up: int = 65  # per cent who say yes
    dead: str = "keep"
    abroad: str = "keep"
    missing: str = "zero"  # not in the register

    @classmethod
    def of(cls, kept: dict[str, Any]) -> "Plan":
        known = {field.name for field in fields(cls)}
        values: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in kept.items() if key in known}
        return cls(**values)

    def kept(self) -> dict[str, Any]:
        return {key: list(value) if isinstance(value, tuple) else value for key, value in asdict(self).items()}

    def told(self, name: str) -> Any:
        """A choice as a page calls it; several as a list."""
        value, words = getattr(self, name), CHOICES[name]
        return [words[each] for each in value] if isinstance(value, tuple) else words[value]

    @property
    def is_joint(self) -> bool:
        return self.municipalities > 1

    @property
    def arms(self) -> tuple[str, ...]:
        return THREE if self.more else ARMS

    @property
    def ratio(self) -> tuple[int, ...]:
        return (self.offered, self.more, self.control) if self.more else (self.offered, self.control)

    @property
    def offers(self) -> int:
        return len(self.arms) - 1

    @property
    def scheme(self) -> Scheme:
        return Scheme(self.ratio, self.blocks, self.arms, self.drawn == "unit")

    def fewest(self, strata: int) -> Refusal | None:
        """Where units are drawn, each arm needs two, or the unit and the offer cannot be told apart."""
        need = 2 * sum(self.ratio)
        if self.drawn != "unit" or strata >= need:
            return None
        return Refusal(
            _("Der er kun %(there)s enheder.") % {"there": strata}, _("Der skal mindst to til i hver gruppe, og med forholdet her er det %(need)s.") % {"need": need},
            _("Træk lod om borgere, eller find flere enheder."), field="drawn",
        )  # fmt: skip

    def strata(self, municipality: int) -> list[Stratum]:
        """The groups lots are drawn within. Worked out from the citizen's own row, so that nobody chooses a group."""
        if self.stratify == "unit":
            names = list(Unit.objects.filter(municipality=municipality).order_by("name").values_list("name", flat=True))
        elif self.stratify == "age":
            names = [f"under {self.age_cut} år", f"fra {self.age_cut} år"]  # da: the group's name in the published list
        else:
            names = [ALL]
        return [Stratum(name, self.places) for name in names]

    def stratum_of(self, case: Any, year: int) -> str:
        if self.stratify == "unit":
            return str(case.unit.name)
        if self.stratify == "age":
            born = case.citizen.birth_year
            if born is None:
                raise Refusal(_("Borgerens fødselsår mangler."), _("Forsøget trækker lod inden for aldersgrupper."), _("Skriv fødselsåret på borgeren."))
            return f"under {self.age_cut} år" if year - born < self.age_cut else f"fra {self.age_cut} år"  # da: as above
        return ALL

    def strange(self) -> list[str]:
        """The names of those values that no box of the page can hold. A file may say anything."""
        usual = Plan()
        kinds = {field.name: type(getattr(usual, field.name)) for field in fields(self)}
        found = [name for name, kind in kinds.items() if type(getattr(self, name)) not in ((float, int) if kind is float else (kind,))]
        found += [name for name, (low, high) in LIMITS.items() if name not in found and not low <= getattr(self, name) <= high]
        for name, words in WORDS.items():
            value = getattr(self, name)
            if name not in found and not set(value if isinstance(value, tuple) else [value]) <= set(words):
                found.append(name)
        return found + [name for name in ("blocks",) if name not in found and not all(type(size) is int and 0 < size <= 12 for size in self.blocks)]

    @staticmethod
    def _unheard_of(name: str) -> Refusal:
        low, high = LIMITS.get(name, ("", ""))
        mend = _("Skriv et tal fra %(low)s til %(high)s.") % {"low": low, "high": high} if name in LIMITS else ""
        return Refusal(_("Det kan ikke bruges i en protokol."), mend=mend, field=name)

    def faults(self) -> list[Refusal]:
        """What makes no sense, each with the box that mends it."""
        if found := [self._unheard_of(name) for name in self.strange()]:
            return found
        if any(size % sum(self.ratio) for size in self.blocks) or not self.blocks:
            found.append(Refusal(_("En blok skal kunne deles efter forholdet %(ratio)s.") % {"ratio": ":".join(map(str, self.ratio))}, field="blocks"))
        elif len(self.blocks) < 2:
            found.append(Refusal(_("Vælg mindst to blokstørrelser."), _("Med kun én kan den sidste i hver blok regnes ud."), field="blocks"))
        if self.week > self.last:
            found.append(Refusal(_("Hovedugen ligger efter vinduets sidste uge."), field="week"))
        if self.primary in self.secondary:
            found.append(Refusal(_("Hovedudfaldet står også blandt de andre udfald."), field="secondary"))
        if not 0 < self.share < 100 or not 0 < self.share + self.effect < 100:
            found.append(Refusal(_("Den ventede andel skal ligge mellem 0 og 100 %, også med effekten."), field="effect"))
        if bool(self.more) != bool(self.more_offer.strip()):
            found.append(Refusal(_("Skriv både, hvad det andet tilbud er, og hvor mange der får det."), field="more_offer" if self.more else "more"))
        if self.drawn == "unit" and self.stratify != "unit":
            found.append(Refusal(_("Når hele enheder trækkes, er hver enhed sin egen gruppe."), mend=_("Vælg, at der trækkes lod i hver enhed."), field="stratify"))
        return found

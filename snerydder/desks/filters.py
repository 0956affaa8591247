"""The named questions one can ask of the list of cases. A number on a desk and the rows behind it are the same question:
both are made by `Selection.where`, so they cannot differ.

The norms (how long is silent, how soon is "soon") are the rulebook's, on the day one looks.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from snerydder.casework.agreements.models import Acceptance, Agreement
from snerydder.casework.agreements.states import AgreementState, Party
from snerydder.casework.cases.models import OPEN, StoredVerdict
from snerydder.casework.cases.states import Stage
from snerydder.casework.complaints import queries as complaints
from snerydder.casework.grants.models import Hearing
from snerydder.casework.trials import standing as trial
from snerydder.law.months import add_months
from snerydder.law.rulebook import Law

FOLLOW_UP_DAYS = 14  # a follow-up is shown so long before it is due
LEVELS = {"kontrol-stopper": "stop", "kontrol-advarer": "warn"}  # filters that may ask for one check


@dataclass(frozen=True)
class Filter:
    key: str  # in the address: ?vis=uden-kontakt
    text: Callable[[Law], Any]
    hint: Callable[[Law], Any]
    where: Callable[[Law], Q]
    order: tuple[Any, ...]
    tone: str = ""  # "" | warn | stop
    open: bool = True  # all its rows are open cases, so that the small index over them is enough


def _span(days: int) -> str:
    if days % 7 == 0:
        return ngettext("%(weeks)s uge", "%(weeks)s uger", days // 7) % {"weeks": days // 7}
    return ngettext("%(days)s dag", "%(days)s dage", days) % {"days": days}


def _months(count: int) -> str:
    return gettext("en måned") if count == 1 else gettext("%(months)s måneder") % {"months": count}


def silent(law: Law) -> Q:
    """Started, and nothing but attempts for longer than that (CHK-23), counted from the start when there has been no contact at all."""
    last = law.day - timedelta(days=law.value("norm.silent_days"))
    return OPEN & Q(started_on__isnull=False) & (Q(last_contact_on__lt=last) | Q(last_contact_on__isnull=True, started_on__lt=last))


def first_contact_late(law: Law) -> Q:
    """Granted so long ago, and mentor and citizen have not met yet (CHK-22)."""
    latest = add_months(law.day, -law.value("norm.first_contact_months"))
    return OPEN & Q(first_contact_on__isnull=True, grant_start__lt=latest)


def expiring(law: Law) -> Q:
    until = law.day + timedelta(weeks=law.value("norm.expiry_warning_weeks"))
    return OPEN & Q(grant_end__gte=law.day, grant_end__lte=until)


def counts_hours(law: Law) -> Q:
    """Open cases whose used hours can be held against the granted."""
    return OPEN & Q(started_on__isnull=False, grant_start__isnull=False, period_end__isnull=False)


def without_agreement(law: Law) -> Q:
    """A mentor is chosen and all have not said yes; or the support goes on after the agreement ran out."""
    ran_out = Q(agreement_end__isnull=True) | Q(agreement_end__lt=law.day)
    return OPEN & (Q(mentor__isnull=False, agreement_complete=False) | Q(stage=Stage.ACTIVE) & ran_out)


def _draft_without(party: str) -> Q:
    given = Acceptance._default_manager.filter(agreement=OuterRef("pk"), party=party)
    waiting = Agreement._default_manager.filter(case=OuterRef("pk"), state=AgreementState.DRAFT).exclude(Exists(given))
    return OPEN & Q(Exists(waiting))


def _judged(*levels: str, by: date | None = None) -> Exists:
    rows = StoredVerdict._default_manager.filter(case=OuterRef("pk"), level__in=levels)
    return Exists(rows.filter(judged_on__lte=by) if by else rows)


def running_on(day: date) -> Q:
    return Q(started_on__lte=day) & (Q(closed_on__isnull=True) | Q(closed_on__gt=day))


# Filters that can also be asked of an earlier day: its cases, and what was said by then
PAST: dict[str, Callable[[date], Q]] = {
    "i-gang": running_on,
    "i-orden": lambda day: running_on(day) & Q(_judged("ok", by=day)) & ~Q(_judged("warn", "stop", by=day)),
    "ikke-i-orden": lambda day: running_on(day) & Q(_judged("warn", "stop", by=day)),
}


def _heard(law: Law) -> Q:
    """Heard before a refusal or a stop, and answered or past the day to answer by: a decision awaits."""
    ready = Q(answered_on__isnull=False) | Q(deadline__lt=law.day)
    return OPEN & Q(Exists(Hearing._default_manager.filter(ready, case=OuterRef("pk"), decided_on__isnull=True)))


def _stage(stage: str) -> Callable[[Law], Q]:
    return lambda law: OPEN & Q(stage=stage)


def _late(law: Law) -> Q:
    """A citizen whom the lot gave no mentor has no decision that can be late."""
    return OPEN & Q(next_deadline__lt=law.day) & ~(Q(stage=Stage.ASSESSED) & trial.nothing_to_decide())


def _say(text: Any) -> Callable[[Law], Any]:
    return lambda law: text


_NEWEST, _OLDEST = ("-opened_on", "-number"), ("opened_on", "number")
_SILENT = (Coalesce("last_contact_on", "started_on"), "number")

FILTERS: dict[str, Filter] = {
    each.key: each
    for each in (
        Filter("aabne", _say(_("Åbne sager")), _say(""), lambda law: OPEN, _NEWEST),
        Filter("i-gang", _say(_("Støtten er i gang")), _say(""), _stage(Stage.ACTIVE), _NEWEST),
        Filter(
            "uden-kontakt", lambda law: gettext("Uden kontakt i %(span)s") % {"span": _span(law.value("norm.silent_days"))},
            _say(_("forgæves forsøg tæller ikke")), silent, _SILENT, "warn",
        ),
        Filter(
            "foerste-kontakt", _say(_("Første kontakt forsinket")),
            lambda law: gettext("mere end %(months)s efter start") % {"months": _months(law.value("norm.first_contact_months"))},
            first_contact_late, ("grant_start", "number"), "stop",
        ),
        Filter(
            "udloeber", lambda law: gettext("Udløber inden %(span)s") % {"span": _span(7 * law.value("norm.expiry_warning_weeks"))},
            _say(_("kræver ny vurdering")), expiring, ("grant_end", "number"), "warn",
        ),
        Filter(
            "udloebet", _say(_("Bevillingen er udløbet")), _say(_("og sagen er stadig åben")),
            lambda law: OPEN & Q(grant_end__lt=law.day), ("grant_end", "number"), "stop",
        ),
        Filter(
            "mangler-aftale", _say(_("Mangler aftale")), _say(_("alle har ikke sagt ja")),
            without_agreement, ("next_deadline", "number"), "warn",
        ),
        Filter(
            "mangler-mentor", _say(_("Mangler mentor")), _say(_("støtten er bevilget")),
            _stage(Stage.GRANTED), ("grant_start", "number"), "warn",
        ),
        Filter(
            "mangler-start", _say(_("Klar til at begynde")), _say(_("aftalen er på plads")),
            _stage(Stage.AGREED), ("grant_start", "number"),
        ),
        Filter("skal-vurderes", _say(_("Skal vurderes")), _say(_("henvist, ikke vurderet endnu")), _stage(Stage.REFERRED), _OLDEST),
        Filter(
            "skal-afgoeres", _say(_("Skal afgøres")), _say(_("vurderet, ikke bevilget endnu")),
            lambda law: OPEN & Q(stage=Stage.ASSESSED) & ~trial.nothing_to_decide(), _OLDEST,
        ),
        Filter(
            "forsoeg-venter", _say(_("Forsøg: se loddet")), _say(_("trukket for nylig, eller borgeren har ikke svaret")),
            lambda law: OPEN & Q(stage=Stage.ASSESSED) & trial.to_see_to(law.day), _OLDEST,
        ),
        Filter(
            "i-forsoeg", _say(_("Med i et forsøg, intet at afgøre")), _say(_("hvad borgeren får, står i forsøget")),
            lambda law: OPEN & Q(stage=Stage.ASSESSED) & trial.nothing_to_decide(), _OLDEST,
        ),
        Filter(
            "kommunens-ja", _say(_("Aftaler der mangler kommunens ja")), _say(""),
            lambda law: _draft_without(Party.MUNICIPALITY), ("next_deadline", "number"),
        ),
        Filter(
            "mentors-ja", _say(_("Aftaler der mangler mentors ja")), _say(""),
            lambda law: _draft_without(Party.MENTOR), ("next_deadline", "number"),
        ),
        Filter(
            "opfoelgning", lambda law: gettext("Opfølgning inden %(span)s") % {"span": _span(FOLLOW_UP_DAYS)},
            _say(_("også dem der skulle være holdt")),
            lambda law: OPEN & Q(follow_up_due__lte=law.day + timedelta(days=FOLLOW_UP_DAYS)), ("follow_up_due", "number"), "warn",
        ),
        Filter(
            "over-frist", _say(_("Fristen er overskredet")), _say(_("næste trin skulle være taget")),
            _late, ("next_deadline", "number"), "stop",
        ),
        Filter(
            "timer-brugt", _say(_("Timerne er brugt")), _say(_("brugt mindst så mange som bevilget")),
            lambda law: OPEN & Q(minutes_granted__gt=0, minutes_used__gte=F("minutes_granted")), ("grant_end", "number"), "warn",
        ),
        Filter(
            "med-timer", _say(_("Sager med timer i gang")), _say(_("støtten er begyndt, og en periode løber")), counts_hours, ("number",),
        ),
        Filter(
            "i-orden", _say(_("Sager i orden")), _say(_("ingen kontrol har sagt til, da der blev truffet afgørelse og startet")),
            lambda law: OPEN & Q(stage=Stage.ACTIVE) & Q(_judged("ok")) & ~Q(_judged("warn", "stop")), _NEWEST,
        ),
        Filter(
            "ikke-i-orden", _say(_("Sager med en påmindelse")), _say(_("mindst én kontrol har sagt til")),
            lambda law: OPEN & Q(stage=Stage.ACTIVE) & Q(_judged("warn", "stop")), _NEWEST, "warn",
        ),
        Filter(
            "i-gang-uden-kontroller", _say(_("Aldrig kontrolleret")), _say(_("i gang, og ingen afgørelse er holdt op mod reglerne her")),
            lambda law: OPEN & Q(stage=Stage.ACTIVE) & ~Q(_judged("ok", "warn", "stop")), _NEWEST, "warn",
        ),
        Filter(
            "kontrol-stopper", _say(_("En kontrol stopper")), _say(_("noget, loven kræver, mangler i dag")),
            lambda law: OPEN & Q(checks_stop__gt=0), ("next_deadline", "number"), "stop",
        ),
        Filter(
            "kontrol-advarer", _say(_("En kontrol advarer")), _say(_("noget bør ses efter i dag")),
            lambda law: OPEN & Q(checks_warn__gt=0), ("next_deadline", "number"), "warn",
        ),
        Filter(
            "klager", _say(_("Klager, der skal genvurderes")), _say(_("åbne og afsluttede sager")),
            lambda law: Q(complaints.waits()), ("number",), "stop", open=False,
        ),
        Filter("hoeringer", _say(_("Høringer, der kan afgøres")), _say(_("svaret er kommet, eller fristen er gået")), _heard, ("number",), "warn"),
        Filter("afsluttede", _say(_("Afsluttede sager")), _say(""), lambda law: Q(closed_on__isnull=False), ("-closed_on", "number"), open=False),
        Filter(
            "afsluttet-i-aar", lambda law: gettext("Afsluttet i %(year)s") % {"year": law.day.year}, _say(""),
            lambda law: Q(stage=Stage.CLOSED, closed_on__gte=law.day.replace(month=1, day=1)), ("-closed_on", "number"), open=False,
        ),
        Filter("alle", _say(_("Alle sager")), _say(""), lambda law: Q(), _NEWEST, open=False),
        Filter(
            "med-paamindelser", _say(_("Med en påmindelse")), _say(_("åbne og afsluttede")),
            lambda law: Q(_judged("warn", "stop")), _NEWEST, "warn", open=False,
        ),
        Filter(
            "uden-kontroller", _say(_("Aldrig kontrolleret")), _say(_("ingen afgørelse er holdt op mod reglerne endnu")),
            lambda law: ~Q(_judged("ok", "warn", "stop")), _NEWEST, open=False,
        ),
    )
}  # fmt: skip


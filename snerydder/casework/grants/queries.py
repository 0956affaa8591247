"""Questions about grants: the periods of a case, what runs out, and all that the grant page shows beside what is typed."""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from snerydder.access import scope
from snerydder.access.models import Staff
from snerydder.casework.cases.models import Assessment, Case
from snerydder.casework.cases.queries import open_assessment, stored_verdicts
from snerydder.casework.cases.verdicts import Shown, say, show, stored
from snerydder.casework.grants.cost import Cost, cost_of, price_on
from snerydder.casework.grants.facts import bundle, previous_grant
from snerydder.casework.grants.letters import GREETING, Content, grant_letter, reference
from snerydder.casework.grants.models import Grant, Hearing, Letter, Price
from snerydder.casework.grants.states import GrantState
from snerydder.casework.people.models import Mentor
from snerydder.law import Hjemmel, find_hjemmel, hjemler, judge
from snerydder.law.facts import GrantFacts
from snerydder.ui.formats import dato

PAGE = "grants:grant"
GIVEN = (GrantState.DECIDED, GrantState.STOPPED)


def chain_of_periods(case: Case) -> list[Grant]:
    """Every period given in the case, in order, each with `used`: the minutes of contact within it. One query."""
    within = Q(case__contacts__withdrawn=False, case__contacts__day__gte=F("start"), case__contacts__day__lte=F("end"))
    found = Grant.objects.filter(case=case, state__in=GIVEN).select_related("assessment__made_by", "decided_by")
    return list(found.annotate(used=Coalesce(Sum("case__contacts__counted_minutes", filter=within), 0)).order_by("start"))


def expiring_within(staff: Staff, days: int = 42, today: date | None = None) -> QuerySet[Case]:
    """Open cases within reach where all that is granted ends in so many days, soonest first. Read from the case rows alone."""
    day = today or timezone.localdate()
    found = scope.rows(Case, staff).filter(closed_on__isnull=True, grant_end__gte=day, grant_end__lte=day + timedelta(days=days))
    return found.select_related("citizen", "caseworker", "mentor__staff").order_by("grant_end", "pk")


def verdicts(grant: Grant, day: date) -> list[Shown]:
    """A draft is judged by the law of the day; a decision shows what was said when it was made."""
    if grant.state == GrantState.DRAFT:
        return show(judge("grant", bundle(grant, day), day), grant.case, PAGE)
    return stored(stored_verdicts(grant.case, "grant", grant.pk))


def draft_of(case: Case) -> Grant | None:
    return Grant.objects.filter(case=case, state=GrantState.DRAFT).select_related("assessment__made_by").first()


def assessment_for(case: Case) -> Assessment | None:
    """The assessment a new grant can stand on."""
    found = open_assessment(case)
    return found if found and found.conclusion == Assessment.Conclusion.GRANT else None


def last_given(case: Case) -> Grant | None:
    return Grant.objects.filter(case=case, state__in=GIVEN).order_by("-end").first()


def letters_of(case: Case) -> list[Letter]:
    return list(Letter.objects.filter(case=case).order_by("-dated", "-pk"))


def hearings_of(case: Case) -> list[Hearing]:
    return list(Hearing.objects.filter(case=case).order_by("-sent_on", "-pk"))


def open_hearing(case: Case, about: str) -> Hearing | None:
    return Hearing.objects.filter(case=case, about=about, decided_on__isnull=True).order_by("-sent_on").first()


def last_refusal(case: Case) -> Letter | None:
    return Letter.objects.filter(case=case, kind=Letter.Kind.REFUSAL, withdrawn=False).order_by("-dated", "-pk").first()


@dataclass(frozen=True)
class KindPrice:
    kind: str
    name: str
    now: Price | None
    later: list[Price] = field(default_factory=list)
    earlier: list[Price] = field(default_factory=list)


def price_list(staff: Staff, today: date | None = None) -> list[KindPrice]:
    """For each kind of mentor the price that holds, those decided for later and those that held before. One query."""
    day = today or timezone.localdate()
    rows = list(scope.rows(Price, staff).order_by("-valid_from"))
    found = []
    for kind, name in Mentor.Kind.choices:
        mine = [row for row in rows if row.mentor_kind == kind]
        past = [row for row in mine if row.valid_from <= day]
        found.append(KindPrice(kind, capfirst(str(name)), past[0] if past else None, [row for row in mine if row.valid_from > day], past[1:]))
    return found


@dataclass(frozen=True)
class Sheet:
    """What the grant page works out from what is typed. Nothing of it is stored."""

    day: date
    hjemmel: Hjemmel | None
    checks: list[Shown]
    cost: Cost | None
    letter: Content | None
    limits: list[str]
    longest_end: date | None

    @property
    def stops(self) -> list[Shown]:
        return [check for check in self.checks if check.stops]

    @property
    def warnings(self) -> list[Shown]:
        return [check for check in self.checks if check.level == "warn"]

    @property
    def kept(self) -> list[Shown]:
        return [check for check in self.checks if check.level == "ok"]

    def beside(self, name: str) -> list[Shown]:
        """What is wrong with one box, said at the box: no link to itself."""
        return [replace(check, link="") for check in self.checks if check.field == name and check.level != "ok"]


def sheet(grant: Grant, by: Staff, day: date) -> Sheet:
    """Judged, counted and written as if it were decided that day."""
    hjemmel = find_hjemmel(grant.hjemmel, day) if grant.hjemmel else None
    complete = bool(hjemmel and grant.days > 0 and grant.minutes)
    seen = bundle(grant, day)
    limits, longest = _limits(seen.grant, hjemmel)
    return Sheet(
        day, hjemmel, show(judge("grant", seen, day), grant.case, PAGE), cost_of(grant) if grant.days > 0 and grant.minutes else None,
        _preview(grant, by) if complete else None, limits, longest,
    )


def _preview(grant: Grant, by: Staff) -> Content:
    """The letter as it would be; a protected name is not shown before the click that logs it."""
    letter = grant_letter(grant, by)
    shown = {"recipient": letter["recipient"] | {"name": grant.case.citizen.name}, "greeting": GREETING, "reference": reference(letter)}
    return letter | shown


def _limits(seen: GrantFacts, hjemmel: Hjemmel | None) -> tuple[list[str], date | None]:
    """What the hjemmel says of the period, counted out in days, and the end that "as long as possible" means."""
    if hjemmel is None:
        return [], None
    latest, earliest = hjemmel.latest_end(seen), hjemmel.earliest_end(seen)
    told = [
        (_("Støtten kan tidligst begynde %(day)s."), hjemmel.earliest_start(seen)),
        (_("Støtten skal begynde senest %(day)s."), hjemmel.latest_start(seen)),
        (_("Perioden kan senest slutte %(day)s."), latest),
        (_("Perioden skal vare mindst til %(day)s."), earliest),
    ]
    limits = [text % {"day": dato(when, "lang")} for text, when in told if when]
    if seen.start and not latest and not earliest and not hjemmel.asks:
        limits.append(_("Bestemmelsen nævner ingen længste periode."))
    return limits, latest or earliest


def offered(day: date) -> list[tuple[str, str, str]]:
    """The legal bases of the day: key, name with citation, and the rule in one sentence."""
    return [(each.key, f"{say(each.name)} ({each.citation})", say(each.rule)) for each in hjemler(day)]


NO_RIGHT = "none"


def is_right(key: str) -> bool:
    found = find_hjemmel(key, timezone.localdate())
    return bool(found and found.is_right)


def right_of(case: Case) -> str:
    """The right a draft on the case tells of: its hjemmel is one, or it holds a date only a right asks for. "" when there is none."""
    draft = draft_of(case)
    if draft is None:
        return ""
    rights = [each for each in hjemler(timezone.localdate()) if each.is_right]
    return next((each.key for each in rights if draft.hjemmel == each.key or any(getattr(draft, name) for name in each.asks)), "")


def asked_by() -> dict[str, list[str]]:
    """Which dates only some legal bases ask for."""
    found: dict[str, list[str]] = {"discharge_on": [], "admission_on": []}
    for each in hjemler(timezone.localdate()):
        for name in each.asks:
            if name in found:
                found[name].append(each.key)
    return found


def unsaved(case: Case, assessment: Assessment, values: dict[str, Any], day: date) -> Grant:
    """A grant of what is typed, not stored."""
    grant = Grant(municipality_id=case.municipality_id, case=case, assessment=assessment, **values)
    grant.hourly_price = price_on(case.municipality_id, grant.mentor_kind, day) or Decimal(0)
    return grant


def first_suggestion(case: Case, today: date) -> dict[str, Any]:
    """What a new grant page begins with: in a running case the new period, the day after the one before."""
    before = last_given(case)
    if before is None or before.end is None:
        return {}
    start = max(before.end + timedelta(days=1), today) if before.end < today - timedelta(days=60) else before.end + timedelta(days=1)
    return {
        "hjemmel": "lab-167-1-new", "start": start, "purpose_kind": before.purpose_kind, "purpose": before.purpose, "minutes": before.minutes,
        "minutes_per": before.minutes_per, "counted_per": before.counted_per, "mentor_kind": before.mentor_kind,
    }


__all__ = [
    "GIVEN", "KindPrice", "Sheet", "asked_by", "assessment_for", "chain_of_periods", "draft_of", "expiring_within", "first_suggestion", "hearings_of",
    "last_given", "last_refusal", "letters_of", "offered", "previous_grant", "price_list", "sheet", "unsaved", "verdicts",
]  # fmt: skip

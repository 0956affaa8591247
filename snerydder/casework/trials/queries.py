"""What the pages of a trial ask. The arms are opened only where somebody must act on them, or to be counted."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from snerydder.access import scope
from snerydder.access.models import Staff
from snerydder.casework.cases.models import Assessment, Case
from snerydder.casework.cases.states import Stage
from snerydder.casework.trials import opening
from snerydder.casework.trials.models import NO_RIGHT, Departure, Enrolment, Offer, Screening, Trial
from snerydder.casework.trials.plan import Plan
from snerydder.casework.trials.shown import LIMIT, Row, beside_earlier
from snerydder.casework.trials.states import TrialState

UNTOLD = "–"
ARMS = {"offered": gettext_lazy("Trukket til tilbud"), "more": gettext_lazy("Trukket til det andet tilbud"), "control": gettext_lazy("Kontrolgruppe")}
WITH_PEOPLE = ("municipality", "written_by", "locked_by", "town_by", "evaluator_by", "typed_by", "confirmed_by", "ended_by")


def trials(staff: Staff) -> QuerySet[Trial]:
    """The newest first, without the long texts."""
    return scope.rows(Trial, staff).defer("list_text", "protocol_text", "places_text").order_by("-number")


def running(staff: Staff) -> list[Trial]:
    return list(trials(staff).filter(state=TrialState.OPEN))


def under_way(staff: Staff) -> list[Trial]:
    """With citizens in: those that take in, and those that have stopped."""
    return list(scope.rows(Trial, staff).filter(state__in=[TrialState.OPEN, TrialState.CLOSED]).order_by("-number"))


def departures(staff: Staff) -> list[Departure]:
    """Where the service went another way than the lot, the newest first."""
    rows = scope.rows(Departure, staff).select_related("case__citizen", "enrolment__trial", "noticed_by")
    return list(rows.order_by("-noticed_on", "-enrolment__number")[:500])


def by_number(staff: Staff, number: int) -> Trial:
    found = trials(staff).filter(number=number).first()
    if found is None:
        raise Http404
    return found


def amendments(trial: Trial) -> list[Any]:
    return list(trial.amendments.select_related("made_by").order_by("number"))


def joining(trial: Trial) -> Any:
    """Where another municipality leads."""
    return trial.joinings.select_related("joined_by").first()


def late(trial: Trial) -> list[Any]:
    """Changes of the protocol made when citizens were already in the trial: every page of it says so."""
    return list(trial.amendments.filter(enrolled__gt=0).order_by("number").only("number", "made_on", "enrolled")) if trial.state in ("open", "closed") else []


# --- The caseworker's own ------------------------------------------------------------------------
def candidates(trial: Trial, staff: Staff) -> list[Case]:
    """Cases within reach that are assessed as needing a mentor, have no grant, and are not in a trial; the oldest assessment first."""
    assessed = Assessment.objects.filter(case=OuterRef("pk"), withdrawn=False, conclusion=Assessment.Conclusion.GRANT)
    rows = scope.rows(Case, staff).filter(Exists(assessed), stage=Stage.ASSESSED, closed_on__isnull=True)
    rows = rows.exclude(citizen__in=Enrolment.objects.filter(municipality=staff.municipality_id).values("citizen"))
    found = list(rows.select_related("citizen", "unit", "caseworker").order_by("opened_on", "number")[:200])
    cleared = {row.case_id: row for row in Screening.objects.filter(trial=trial, case__in=found)}
    for case in found:
        case.screening = cleared.get(case.pk)  # type: ignore[attr-defined]
    return found


def cleared(trial: Trial, case: Case) -> dict[str, Any]:
    """What was answered last time, for the boxes."""
    row = Screening.objects.filter(trial=trial, case=case).first()
    return {"right": row.right, "excluded": row.excluded, "informed_on": row.informed_on} if row else {}


@dataclass
class Participant:
    """A citizen in the trial, what the lot said, and how far the service has come."""

    enrolment: Enrolment
    arm: str  # offered, control, or nothing while it is still sealed
    offer: Offer | None
    departures: list[Departure]

    @property
    def right(self) -> bool:
        return any(row.kind == Departure.Kind.RIGHT for row in self.departures)

    @property
    def serve(self) -> str:
        """What to do: a right beats the lot."""
        return "right" if self.right else self.arm

    @property
    def is_offered(self) -> bool:
        return self.serve in ("offered", "more", "right")

    @property
    def crossed(self) -> bool:
        """The lot said control, nobody found a right, and a mentor was there all the same."""
        return self.arm == "control" and not self.right and self.enrolment.case.first_contact_on is not None

    @property
    def first_contact(self) -> date | None:
        return self.enrolment.case.first_contact_on


def participants(trial: Trial, staff: Staff) -> list[Participant]:
    rows = scope.rows(Enrolment, staff).filter(trial=trial).select_related("case__citizen", "case__mentor__staff", "case__caseworker", "trial").order_by("number")
    return _participants(trial, list(rows))


def participant(enrolment: Enrolment) -> Participant:
    return _participants(enrolment.trial, [enrolment])[0]


def _participants(trial: Trial, rows: Sequence[Enrolment]) -> list[Participant]:
    lots = opening.opened(trial, rows)
    offers = {row.enrolment_id: row for row in Offer.objects.filter(enrolment__in=rows)}
    departures: dict[Any, list[Departure]] = {}
    for row in Departure.objects.filter(enrolment__in=rows).select_related("noticed_by").order_by("noticed_on", "pk"):
        departures.setdefault(row.enrolment_id, []).append(row)
    return [Participant(row, lots[row.pk].arm if row.pk in lots else "", offers.get(row.pk), departures.get(row.pk, [])) for row in rows]


# --- Counted, for those who see no person --------------------------------------------------------
@dataclass(frozen=True)
class Arm:
    name: str
    drawn: str
    offered: str
    accepted: str
    met: str
    minutes: str  # on average for each who was drawn, zeros counted
    departed: str


def flow(trial: Trial) -> dict[str, Any]:
    """From cleared to contact. Small numbers are hidden, and so is what would give them away beside what was shown before."""
    cleared = list(Screening.objects.filter(trial=trial).values_list("right", "excluded"))
    rows = _participants(trial, list(trial.enrolments.select_related("case", "trial").order_by("number")))
    right = sum(each != NO_RIGHT for each, _excluded in cleared)
    excluded = sum(each == NO_RIGHT and bool(text) for each, text in cleared)
    names = {arm: name for arm, name in ARMS.items() if arm in Plan.of(trial.plan).arms}
    whole = len(cleared)
    by_arm = Row(tuple(sum(row.arm == arm for row in rows) for arm in names))
    before = {"lots": by_arm, "cleared": Row((whole,)), "right": Row((right, whole - right)), "excluded": Row((excluded, whole - excluded))}
    seen, wanted = beside_earlier(trial, before), before | _parted(rows, names)
    lots = seen["lots"]
    seen |= beside_earlier(trial, _parted(rows, names), moves=lots == by_arm)
    places, by_stratum = dict(trial.strata), Counter(row.enrolment.stratum for row in rows)
    return {
        **{name: _said(seen[name], wanted[name], 0) if whole >= LIMIT else few(before[name].counts[0]) for name in ("cleared", "right", "excluded")},
        "enrolled": len(rows),
        "strata": [{"name": name, "used": by_stratum[name], "places": places[name]} for name in places],
        "arms": [_arm(str(name), arm, lots.counts[place] if lots else None, seen, wanted) for place, (arm, name) in enumerate(names.items())],
    }  # fmt: skip


def _parted(rows: list[Participant], names: Mapping[str, Any]) -> dict[str, Row]:
    """The ways to part each arm: by the offer, by the answer too, by having met a mentor, by having departed."""
    found = {}
    for arm in names:
        mine = [row for row in rows if row.arm == arm]
        offers = [row.offer for row in mine if row.offer]
        yes, met = sum(each.answer == Offer.Answer.ACCEPTED for each in offers), sum(row.first_contact is not None for row in mine)
        gone = sum(bool(row.departures) or row.crossed for row in mine)
        minutes = sum(row.enrolment.case.minutes_used for row in mine) / len(mine) if mine else 0.0
        found[f"offers {arm}"] = Row((len(offers), len(mine) - len(offers)))
        found[f"yes {arm}"] = Row((yes, len(offers) - yes, len(mine) - len(offers)))
        found[f"met {arm}"] = Row((met, len(mine) - met), round(minutes))
        found[f"gone {arm}"] = Row((gone, len(mine) - gone))
    return found


def _arm(name: str, arm: str, size: int | None, seen: Mapping[str, Row | None], wanted: Mapping[str, Row]) -> Arm:
    """The parts shown are parts of the size shown: what is left over is a number too."""
    if size is None:
        return Arm(name, *[UNTOLD] * (len(fields(Arm)) - 1))

    def row(key: str) -> Row | None:
        found = seen[f"{key} {arm}"]
        return found if found and sum(found.counts) == size else None

    def said(key: str, part: int) -> str:
        return _said(row(key), wanted[f"{key} {arm}"], part)

    met, offers, yes = row("met"), row("offers"), row("yes")
    minutes = str(round(met.beside)) if met and size else UNTOLD
    accepted = said("yes", 0) if offers and yes and sum(yes.counts[:2]) == offers.counts[0] else UNTOLD
    return Arm(name, str(size), said("offers", 0), accepted, said("met", 0), minutes, said("gone", 0))


def _said(row: Row | None, now: Row, part: int) -> str:
    """The number as shown. One to four are said to be few when none were shown before."""
    number, today = row.counts[part] if row else None, now.counts[part]
    if 0 < today < LIMIT and not number:
        return few(today)
    return UNTOLD if number is None else str(number)


def drawn(trial: Trial) -> list[tuple[Any, date, str]]:
    """Case, day of the draw and arm of everybody whose lot is open: to be counted, never to be shown one by one."""
    rows = list(trial.enrolments.select_related("trial").order_by("number"))
    lots = opening.opened(trial, rows) if rows else {}
    return [(row.case_id, row.enrolled_on, lots[row.pk].arm) for row in rows if row.pk in lots]


def few(number: int) -> str:
    return _("under %(least)s") % {"least": LIMIT} if 0 < number < LIMIT else str(number)

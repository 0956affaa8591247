"""Where a case stands towards a trial, without saying the arm: what the desks and the case page ask."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q

from snerydder.access import scope
from snerydder.access.models import Staff
from snerydder.casework.cases.models import Case
from snerydder.casework.cases.states import Stage
from snerydder.casework.trials.models import Departure, Enrolment, Offer

LOOK_WITHIN = timedelta(days=14)  # after the draw a case stands on the desk so long, whichever arm it is


def _enrolled() -> Any:
    return Enrolment._default_manager.filter(case=OuterRef("pk"))


def _said_yes() -> Any:
    return Exists(Offer._default_manager.filter(case=OuterRef("pk"), answer=Offer.Answer.ACCEPTED))


def _has_right() -> Any:
    return Exists(Departure._default_manager.filter(case=OuterRef("pk"), kind=Departure.Kind.RIGHT))


def nothing_to_decide() -> Q:
    """In a trial, and no mentor is to be granted: the lot gave none, or the citizen has not said yes. The question is the same for both arms."""
    return Q(Exists(_enrolled())) & ~Q(_said_yes()) & ~Q(_has_right())


def to_see_to(day: date) -> Q:
    """Drawn a short while ago with nothing written since, or an offer without an answer."""
    offers = Offer._default_manager.filter(case=OuterRef("pk"))
    new = Q(Exists(_enrolled().filter(enrolled_on__gte=day - LOOK_WITHIN))) & ~Q(Exists(offers))
    return nothing_to_decide() & (new | Q(Exists(offers.filter(answer=Offer.Answer.WAITING))))


def enrolment_of(case: Case) -> Enrolment | None:
    """The case's own place in a trial, while nothing is to be decided on the case."""
    if case.stage != Stage.ASSESSED:
        return None
    return Enrolment.objects.filter(case=case).filter(Exists(Case.objects.filter(nothing_to_decide(), pk=case.pk))).select_related("trial", "case").first()


def known(rows: Iterable[Enrolment], staff: Staff) -> set[Any]:
    """The enrolments whose lot this person may see: what they drew, their own cases, those they stand in for, and those that nobody has."""
    theirs = {None, *scope.actors(staff)}
    return {row.pk for row in rows if row.enrolled_by_id == staff.pk or row.case.caseworker_id in theirs}

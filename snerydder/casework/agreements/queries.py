"""Questions about matches and agreements. Every one is a fixed number of queries."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from snerydder.access import scope
from snerydder.access.models import Staff
from snerydder.casework.agreements.models import Agreement, Match, Veto
from snerydder.casework.agreements.states import AgreementState
from snerydder.casework.cases.models import OPEN, Case
from snerydder.casework.cases.states import Stage
from snerydder.casework.grants.models import Grant
from snerydder.casework.grants.states import GrantState
from snerydder.casework.people.models import Mentor

COMING = (AgreementState.DRAFT, AgreementState.AGREED)
WHOLE = ("case__citizen", "mentor__staff", "grant__case__citizen", "grant__assessment__made_by")
ROWS = ("tasks", "acceptances__noted_by", "mentor__qualifications")


def whole(agreements: QuerySet[Agreement]) -> QuerySet[Agreement]:
    """With everything a page, a paper or the law asks of an agreement: one query and four for its rows."""
    return agreements.select_related(*WHOLE).prefetch_related(*ROWS)


def coming(case: Case) -> Agreement | None:
    """The agreement that is being made: a draft, or one that all have said yes to and that has not started."""
    return whole(Agreement.objects.filter(case=case, state__in=COMING)).first()


def running(case: Case) -> Agreement | None:
    return whole(Agreement.objects.filter(case=case, state=AgreementState.ACTIVE)).first()


def current(case: Case) -> Agreement | None:
    """What counts now: the agreement that runs, else the one being made, else the last that ran."""
    order = {AgreementState.ACTIVE: 0, AgreementState.AGREED: 1, AgreementState.DRAFT: 2, AgreementState.ENDED: 3}
    known = Agreement.objects.filter(case=case).exclude(state=AgreementState.ENDED, started_on__isnull=True)
    found = list(known.values_list("state", "started_on", "pk"))
    if not found:
        return None
    _state, _started, pk = min(found, key=lambda row: (order[AgreementState(row[0])], -(row[1] or date.min).toordinal()))
    return whole(Agreement.objects.filter(pk=pk)).get()


def one_of(case: Case, pk: str) -> Agreement | None:
    """This agreement of the case when it is asked for, else the one being made, else the current one."""
    if pk:
        try:
            found = whole(Agreement.objects.filter(case=case, pk=UUID(pk))).first()
        except ValueError:
            found = None
        if found:
            return found
    return coming(case) or current(case)


def agreements_of(case: Case) -> list[Agreement]:
    """All that were ever in force or are being made, newest first."""
    rows = Agreement.objects.filter(case=case).exclude(state=AgreementState.ENDED, started_on__isnull=True)
    return list(rows.select_related("mentor__staff", "grant").prefetch_related("acceptances").order_by("-start", "-end"))


def missing_agreements(staff: Staff, on: date | None = None) -> QuerySet[Case]:
    """Open cases within reach that have a mentor and no agreement in force: not made yet, or run out while the support goes on."""
    day = on or timezone.localdate()
    in_force = Agreement.objects.filter(case=OuterRef("pk"), state=AgreementState.ACTIVE, end__gte=day)
    return scope.rows(Case, staff).filter(OPEN).filter(Q(stage=Stage.MATCHED) | Q(stage=Stage.ACTIVE) & ~Exists(in_force))


def awaiting_my_yes(staff: Staff) -> QuerySet[Agreement]:
    """Agreements that wait for this mentor to say yes."""
    mine = scope.rows(Agreement, staff).filter(state=AgreementState.DRAFT, mentor__staff=staff)
    return mine.exclude(acceptances__party="mentor").select_related("case__citizen").order_by("start")


def grant_for(case: Case, day: date, start: date | None = None) -> Grant | None:
    """The grant an agreement from `start` stands on. Without a start: that of the next period when the support already
    runs on an agreement, else the one running on `day`, else the next, else the last."""
    decided = list(
        Grant.objects.filter(case=case, state=GrantState.DECIDED).select_related("case__citizen", "assessment__made_by").order_by("start")
    )
    if start:
        return next((grant for grant in decided if grant.start and grant.end and grant.start <= start <= grant.end), decided[-1] if decided else None)
    now = Agreement.objects.filter(case=case, state=AgreementState.ACTIVE).values_list("grant__start", flat=True).first()
    later = [grant for grant in decided if now and grant.start and grant.start > now]
    at_day = [grant for grant in decided if grant.start and grant.end and grant.start <= day <= grant.end]
    ahead = [grant for grant in decided if grant.start and grant.start > day]
    return next(iter([*later, *at_day, *ahead, *reversed(decided)]), None)


def chosen(case: Case) -> Match | None:
    return Match.objects.filter(case=case, withdrawn=False).select_related("mentor__staff", "chosen_by").first()


def goal_words(case: Case) -> str:
    """The citizen's own words for the goal, as far as anybody wrote them down."""
    goal = case.goals.exclude(own_words="").order_by("set_on").values_list("own_words", flat=True).last()
    referral = case.referrals.first()
    return goal or (referral.citizen_says if referral else "")


def vetoes_of(case: Case) -> list[Veto]:
    return list(Veto.objects.filter(case=case).select_related("mentor__staff").order_by("said_on"))


def cases_by_id(staff: Staff, ids: list[Any]) -> list[Case]:
    """The cases of these ids that are within reach, in the order of their numbers."""
    return list(scope.rows(Case, staff).filter(pk__in=ids).select_related("citizen", "mentor__staff", "caseworker").order_by("number"))


def mentors(staff: Staff) -> QuerySet[Mentor]:
    found = scope.rows(Mentor, staff).filter(active=True, staff__active=True)
    return found.select_related("staff").order_by("staff__sort_key")

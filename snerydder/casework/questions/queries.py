"""Which questions there are, for whom, and what has been done with them. Sorted by day alone: people are never counted or ranked."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.http import Http404

from snerydder.access import scope
from snerydder.access.models import Staff
from snerydder.access.permissions import Permission
from snerydder.audit.models import Event
from snerydder.casework.questions.models import OPEN, AskedContact, Question

KEEPS = Q(question__holds=True) & Q(question__outcome__in=("", Question.Outcome.PROCEDURE)) & Q(only_shown=False)


def sees_all(staff: Staff) -> bool:
    return staff.may(Permission.CLOSE_QUESTION) or staff.may(Permission.INSPECT)


def questions(staff: Staff) -> QuerySet[Question]:
    """Those within reach: a mentor's own, and all for those who see to them. A stand-in does not get another's questions."""
    rows = scope.rows(Question, staff)
    rows = rows if sees_all(staff) else rows.filter(about=staff)
    return rows.select_related("about", "named", "closed_by").order_by("asked_on", "pk")


def get(pk: UUID, staff: Staff) -> Question:
    found = questions(staff).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def to_answer(staff: Staff) -> list[Question]:
    """About this person's own contacts, and not answered yet."""
    return list(questions(staff).filter(OPEN, about=staff, answered_on__isnull=True))


def to_see_to(staff: Staff) -> list[Question]:
    return list(questions(staff).filter(OPEN, named=staff)) if staff.may(Permission.CLOSE_QUESTION) else []


@dataclass(frozen=True)
class Counts:
    """How many there are of each kind; nobody's in particular."""

    open: int
    answered: int
    with_leader: int
    keeps: int


def counts(staff: Staff) -> Counts:
    found = questions(staff).order_by().aggregate(
        open=Count("pk", filter=OPEN), answered=Count("pk", filter=OPEN & Q(answered_on__isnull=False)), with_leader=Count("pk", filter=OPEN & Q(with_leader=True)),
        keeps=Count("pk", filter=Q(holds=True, outcome__in=("", Question.Outcome.PROCEDURE))),
    )  # fmt: skip
    return Counts(**found)


def contacts_of(question: Question) -> list[AskedContact]:
    """What it is about, in the order of the clock, and what stands beside it."""
    rows = AskedContact.objects.filter(question=question).select_related("contact__case__citizen", "contact__mentor__staff", "contact__made_by")
    return list(rows.order_by("contact__at", "contact__pk"))


def held(contacts: Collection[Any]) -> set[UUID]:
    """Those whose payment waits for an answer."""
    return set(AskedContact.objects.filter(KEEPS, contact__in=contacts).values_list("contact", flat=True))


def history(question: Question) -> list[Event]:
    return list(Event.objects.filter(municipality_id=question.municipality_id, case_id__isnull=True, object_id=question.pk).order_by("id"))


def leaders(staff: Staff) -> QuerySet[Staff]:
    return scope.rows(Staff, staff).filter(active=True, roles__contains=["leader"]).order_by("sort_key")

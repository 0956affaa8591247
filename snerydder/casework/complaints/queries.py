"""Complaints of a case, and those whose time runs."""

from typing import Any

from django.db.models import Exists, OuterRef, Subquery

from snerydder.casework.cases.models import Case
from snerydder.casework.complaints.models import WAITING, Complaint


def of_case(case: Case) -> list[Complaint]:
    return list(Complaint.objects.filter(case=case).select_related("letter", "registered_by", "reassessed_by").order_by("-received_on", "-pk"))


def waits() -> Exists:
    """A condition on a case: a complaint is to be looked at again."""
    return Exists(Complaint._default_manager.filter(WAITING, case=OuterRef("pk")))


def due() -> Any:
    """The day a case's first waiting complaint must be looked at by."""
    return Subquery(Complaint._default_manager.filter(WAITING, case=OuterRef("pk")).order_by("reassess_by").values("reassess_by")[:1])

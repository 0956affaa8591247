"""What somebody has typed in a long form on a case and not saved yet: kept every few seconds, also over a log-out.

A draft is nobody's decision, so it leaves no event. Each person has their own, one for each page of a case.
"""

from datetime import timedelta
from typing import Any

from django.http import QueryDict
from django.utils import timezone

from snerydder.access.models import Staff
from snerydder.casework.cases.models import Case, FormDraft

# The word in the draft's address, and the page it is for.
PAGES = {
    "vurdering": "cases:assess", "opfoelgning": "cases:follow_up", "afslutning": "cases:close",
    "bevilling": "grants:grant", "afslag": "grants:refuse", "stop": "grants:stop", "hoering": "grants:hear",
}  # fmt: skip
MOST = 60_000  # characters: more than the longest form may hold
KEPT = timedelta(days=30)
NOT_TYPED = ("csrfmiddlewaretoken", "version", "do")


def typed_in(posted: QueryDict) -> dict[str, list[Any]] | None:
    """What is kept of a half-written form, or None when it is more than a draft may hold."""
    found = {name: values for name, values in posted.lists() if name not in NOT_TYPED}
    return found if sum(len(name) + len(value) for name, values in found.items() for value in values) <= MOST else None


def keep(case: Case, page: str, content: dict[str, list[Any]], *, by: Staff) -> FormDraft:
    mine = FormDraft.objects.filter(municipality=by.municipality_id, staff=by)
    mine.filter(saved_at__lt=timezone.now() - KEPT).delete()
    draft, _made = FormDraft.objects.update_or_create(municipality_id=by.municipality_id, case=case, staff=by, page=page, defaults={"content": content})
    return draft


def drop(case: Case, page: str, *, by: Staff) -> None:
    FormDraft.objects.filter(municipality=by.municipality_id, case=case, staff=by, page=page).delete()


def find(case: Case, page: str, staff: Staff) -> FormDraft | None:
    since = timezone.now() - KEPT
    return FormDraft.objects.filter(municipality=staff.municipality_id, case=case, staff=staff, page=page, saved_at__gte=since).first()


def as_posted(draft: FormDraft) -> QueryDict:
    """As the form would have sent it, had its button been pressed."""
    found = QueryDict(mutable=True)
    for name, values in draft.content.items():
        found.setlist(name, values)
    return found

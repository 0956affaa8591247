"""A municipality's contact log as the signs look at it: half a year of contacts, and what is known around them. Ten questions."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from snerydder.access.models import StandIn
from snerydder.audit.models import Event
from snerydder.casework.cases.models import Case, FollowUp
from snerydder.casework.contacts.models import Contact
from snerydder.casework.grants.models import Grant
from snerydder.casework.grants.states import GrantState
from snerydder.casework.payments.models import Confirmation, ConfirmationRequest, InvoiceLine, TimeSheet
from snerydder.casework.payments.states import InvoiceState
from snerydder.casework.questions.signs.log import DAY, Away, Log, Row
from snerydder.casework.questions.signs.log import Grant as Granted

BACK = timedelta(days=210)
COLUMNS = ("id", "entry", "mentor__staff", "made_by", "case", "at", "minutes", "counted_minutes", "form", "written_at", "note", "corrections")


def read(municipality: int, today: date) -> Log:
    """Within the municipality's context."""
    since = today - BACK
    away = list(StandIn.objects.filter(municipality=municipality, end__gte=since))
    contacts = Contact.objects.filter(municipality=municipality, withdrawn=False, day__gte=since)
    rows = [_row(values, away) for values in contacts.order_by("pk").values_list(*COLUMNS).iterator(5_000)]
    log = Log(rows, today.toordinal(), away=[Away(each.away_id, each.start.toordinal(), each.end.toordinal()) for each in away])
    cases = Case.objects.filter(municipality=municipality)
    log.closed = {case: on.toordinal() for case, on in cases.filter(closed_on__gte=since).values_list("pk", "closed_on") if on}
    grants = Grant.objects.filter(municipality=municipality, state__in=[GrantState.DECIDED, GrantState.STOPPED], end__gte=since)
    log.grants = [
        Granted(grant.case_id, grant.start.toordinal(), grant.end.toordinal(), grant.total_minutes, grant.minutes if grant.minutes_per == "week" else 0)
        for grant in grants if grant.start and grant.end
    ]  # fmt: skip
    log.raised, log.billed = _raised(municipality, since), _billed(municipality, since)
    log.heard, log.unanswered = _heard(municipality, since), _unanswered(municipality, since, today)
    return log


def _row(values: tuple[Any, ...], away: list[StandIn]) -> Row:
    pk, entry, mentor, made_by, case, at, minutes, counted, form, written, note, corrections = values
    start = _minute(at)
    stood_in = made_by != mentor and any(
        each.away_id == mentor and each.stand_in_id == made_by and each.start.toordinal() <= start // DAY <= each.end.toordinal() for each in away
    )
    return Row(pk, entry, made_by if stood_in else mentor, case, start, minutes, counted, form, _minute(written), note, corrections)


def _minute(moment: datetime) -> int:
    local = timezone.localtime(moment)
    return local.toordinal() * DAY + local.hour * 60 + local.minute


def _raised(municipality: int, since: date) -> dict[Any, tuple[int, int]]:
    """Contacts that became longer after the first approval of their month."""
    sheets = dict(TimeSheet.objects.filter(municipality=municipality, month__gte=since.replace(day=1)).values_list("pk", "mentor"))
    first: dict[tuple[Any, str], datetime] = {}
    approvals = Event.objects.filter(municipality_id=municipality, case_id__isnull=True, verb="payments.approve_sheet", object_id__in=sheets)
    for sheet, at, data in approvals.order_by("-id").values_list("object_id", "at", "data"):
        first[sheets[sheet], data["month"][:7]] = at
    changed = Contact.objects.filter(municipality=municipality, day__gte=since, corrections__gt=0, withdrawn=False)
    rows = {pk: (case, mentor, day) for pk, case, mentor, day in changed.values_list("pk", "case", "mentor", "day")}
    corrections = Event.objects.filter(municipality_id=municipality, case_id__in={case for case, _mentor, _day in rows.values()}, verb="contacts.correct", object_id__in=rows)
    found: dict[Any, tuple[int, int]] = {}
    for contact, at, data in corrections.order_by("id").values_list("object_id", "at", "data"):
        _case, mentor, day = rows[contact]
        approved = first.get((mentor, f"{day:%Y-%m}"))
        before, after = data["before"].get("minutes", 0), data["after"].get("minutes", 0)
        if approved is not None and at > approved and after > before:
            found[contact] = (found.get(contact, (before, 0))[0], after)
    return found


def _billed(municipality: int, since: date) -> dict[Any, list[str]]:
    """The invoices a contact is asked for on: the one it is paid on, and others where it is refused because it is. The same line twice on one invoice is the payer's to refuse."""
    lines = InvoiceLine.objects.filter(municipality=municipality, day__gte=since, kind="hours").exclude(invoice__state=InvoiceState.RETURNED)
    paid: dict[Any, list[tuple[Any, str]]] = defaultdict(list)
    twice: dict[Any, list[str]] = defaultdict(list)
    for case, day, contact, minutes, reason, number in lines.order_by("invoice__number", "place").values_list(
        "case", "day", "contact", "approved_minutes", "reason", "invoice__number"
    ):
        if contact and minutes:
            paid[case, day].append((contact, number))
        elif reason == InvoiceLine.Reason.DOUBLE:
            twice[case, day].append(number)
    found = {}
    for key, rows in paid.items():
        for contact, number in rows:
            if others := [each for each in dict.fromkeys(twice[key]) if each != number]:
                found[contact] = [number, *others]
    return found


def _heard(municipality: int, since: date) -> set[Any]:
    said = Confirmation.objects.filter(municipality=municipality, answer=Confirmation.Answer.YES, day__gte=since).values_list("case", flat=True)
    seen = FollowUp.objects.filter(municipality=municipality, withdrawn=False, citizen_took_part=True, held_on__gte=since).values_list("case", flat=True)
    return {*said, *seen}


def _unanswered(municipality: int, since: date, today: date) -> dict[Any, int]:
    found: dict[Any, int] = defaultdict(int)
    waited = ConfirmationRequest.objects.filter(municipality=municipality, answered_at__isnull=True, expires_on__lt=today, asked_on__gte=since)
    said_no = Confirmation.objects.filter(municipality=municipality, day__gte=since).exclude(answer=Confirmation.Answer.YES)
    for case in [*waited.values_list("case", flat=True), *said_no.values_list("case", flat=True)]:
        found[case] += 1
    return dict(found)

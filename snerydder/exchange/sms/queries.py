"""What waits to be sent, what went wrong, and what went."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q
from django.http import Http404
from django.utils import timezone

from snerydder.access import scope
from snerydder.access.models import Municipality, Staff
from snerydder.audit.models import Outbox
from snerydder.casework.cases.models import Case
from snerydder.casework.payments.models import ConfirmationRequest
from snerydder.casework.surveys.actions import KIND as SURVEY
from snerydder.casework.surveys.models import SurveyRequest
from snerydder.exchange.sms.words import Asked, number_of

KIND = "sms.confirm"
SHOWN = timedelta(days=14)  # of those that went
MOST = 300
SURVEYED = ("case__citizen", "municipality")
BEHIND = ("case__citizen", "contact__case__citizen", "contact__mentor__staff", "municipality", "asked_by")


@dataclass(frozen=True)
class Line:
    row: Outbox
    asked: Asked

    @property
    def is_survey(self) -> bool:
        return self.row.kind == SURVEY

    @property
    def open(self) -> bool:
        return is_open(self.asked)

    @property
    def has_number(self) -> bool:
        return bool(number_of(self.asked.case.citizen.phone))


def municipalities() -> list[int]:
    return list(Municipality.objects.order_by("pk").values_list("pk", flat=True))


KINDS = (KIND, SURVEY)


def due(municipality: int, now: datetime) -> Outbox | None:
    """The oldest message that is to be tried now and that no other sender has in hand."""
    waiting = Outbox.objects.filter(municipality_id=municipality, kind__in=KINDS, state=Outbox.State.WAITING)
    ready = waiting.filter(Q(next_at__isnull=True) | Q(next_at__lte=now))
    return ready.select_for_update(skip_locked=True).order_by("created_at").first()


def behind(row: Outbox) -> Asked | None:
    if row.kind == SURVEY:
        return SurveyRequest.objects.filter(pk=row.object_id).select_related(*SURVEYED).first()
    return ConfirmationRequest.objects.filter(pk=row.object_id).select_related(*BEHIND).first()


def listed(staff: Staff, now: datetime) -> list[Line]:
    """Those of the cases within reach, what went wrong first and then the newest. Three questions."""
    mine = Outbox.objects.filter(municipality_id=staff.municipality_id, kind__in=KINDS, case_id__in=scope.rows(Case, staff).values("pk"))
    shown = mine.filter(Q(state__in=[Outbox.State.WAITING, Outbox.State.FAILED]) | Q(state=Outbox.State.SENT, sent_at__gte=now - SHOWN))
    rows = list(shown.order_by("-created_at")[:MOST])
    order = (Outbox.State.FAILED, Outbox.State.WAITING, Outbox.State.SENT)
    return list(_lines(sorted(rows, key=lambda row: order.index(Outbox.State(row.state)))))


def _lines(rows: list[Outbox]) -> Iterator[Line]:
    wanted = [row.object_id for row in rows]
    asked: dict[UUID, Asked] = {**ConfirmationRequest.objects.filter(pk__in=wanted).select_related(*BEHIND).in_bulk()}
    asked |= SurveyRequest.objects.filter(pk__in=wanted).select_related(*SURVEYED).in_bulk()
    return (Line(row, asked[row.object_id]) for row in rows if row.object_id in asked)


def one(staff: Staff, pk: UUID) -> Line:
    row = Outbox.objects.filter(municipality_id=staff.municipality_id, kind__in=KINDS, pk=pk, case_id__in=scope.rows(Case, staff).values("pk")).first()
    asked = behind(row) if row else None
    if row is None or asked is None:
        raise Http404
    return Line(row, asked)


def asked_of(staff: Staff, pk: UUID) -> ConfirmationRequest:
    found = ConfirmationRequest.objects.filter(pk=pk, case__in=scope.rows(Case, staff)).select_related(*BEHIND).first()
    if found is None:
        raise Http404
    return found


def is_open(asked: Asked) -> bool:
    """Whether the citizen can still answer."""
    return asked.answered_at is None and asked.expires_on >= timezone.localdate()

"""Questions about confirmations: one contact, and the row behind a code."""

from __future__ import annotations

from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from snerydder.access import scope
from snerydder.access.models import Staff
from snerydder.access.tenancy import set_context
from snerydder.audit.models import Outbox
from snerydder.casework.contacts.models import Contact
from snerydder.casework.payments.codes import hash_of
from snerydder.casework.payments.models import Confirmation, ConfirmationRequest


def contact_of(staff: Staff, pk: UUID) -> Contact:
    related = ("case__citizen", "mentor__staff", "made_by")
    return scope.get(Contact, pk, staff, purpose=_("Bekræfte kontakt"), page="payments.confirm", related=related)


def said_of(contact: Contact) -> Confirmation | None:
    return Confirmation.objects.filter(contact=contact).select_related("made_by").first()


def asked_about(contact: Contact) -> ConfirmationRequest | None:
    """The last question put to the citizen."""
    return ConfirmationRequest.objects.filter(contact=contact).order_by("-asked_on", "-expires_on").first()


def message_of(asked: ConfirmationRequest | None) -> Outbox | None:
    """How it goes with the message that carries the question."""
    return Outbox.objects.filter(object_id=asked.pk).order_by("-created_at").first() if asked else None


def request_behind(code: str) -> ConfirmationRequest | None:
    """The question a code opens, and the context set to its municipality. The code names the municipality; only its hash is kept."""
    number = code.partition("-")[0]
    if not (number.isascii() and number.isdigit() and len(number) == 3):
        return None
    set_context(int(number))
    open_ones = ConfirmationRequest.objects.filter(code_hash=hash_of(code), answered_at__isnull=True, expires_on__gte=timezone.localdate())
    found = open_ones.select_related("contact__mentor__staff", "contact__case", "municipality").first()
    if found is None:
        set_context(None)
    return found

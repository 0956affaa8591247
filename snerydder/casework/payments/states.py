"""The states of a time sheet and of an invoice, and which may follow which."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SheetState(models.TextChoices):
    APPROVED = "approved", _("godkendt")
    REOPENED = "reopened", _("åbnet igen")


class InvoiceState(models.TextChoices):
    REGISTERED = "registered", _("registreret")
    APPROVED = "approved", _("godkendt")
    PAID = "paid", _("betalt")
    RETURNED = "returned", _("sendt retur")


TRANSITIONS: dict[str, set[str]] = {
    InvoiceState.REGISTERED: {InvoiceState.APPROVED, InvoiceState.RETURNED},
    InvoiceState.APPROVED: {InvoiceState.REGISTERED, InvoiceState.PAID},  # back by a late edit of a contact, or by whoever approved it
    InvoiceState.PAID: set(),
    InvoiceState.RETURNED: set(),
}

"""What was done, what was looked at, what waits to be sent.

No foreign keys: a trace must outlive what it speaks of (architecture, section 2), and audit stands below access.
"""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class Event(models.Model):
    """One thing somebody did. `on` is the day it happened, `at` the moment it was written down."""

    municipality_id = models.IntegerField()
    at = models.DateTimeField(db_default=Now())
    on = models.DateField(_("dato"))
    verb = models.CharField(_("handling"), max_length=60)
    staff_id = models.UUIDField()
    staff_name = models.CharField(_("medarbejder"), max_length=120)
    behalf_of_id = models.UUIDField(null=True)
    object_type = models.CharField(max_length=60)
    object_id = models.UUIDField()
    case_id = models.UUIDField(null=True)
    citizen_id = models.UUIDField(null=True)
    data = models.JSONField(_("indhold"), default=dict)

    class Meta:
        verbose_name = _("hændelse")
        verbose_name_plural = _("hændelser")
        indexes = [models.Index(fields=["municipality_id", "case_id", "id"], name="event_case")]

    class DataProtection:
        operational = ("id", "municipality_id", "at", "on", "verb", "staff_id", "behalf_of_id", "object_type", "object_id", "case_id")
        identity = ("staff_name", "citizen_id")
        free_text = ("data",)
        purpose = "Dokumentere hvad der er gjort i sagen, af hvem og hvornår (offentlighedsloven § 15)"
        retention = "15.20.00"


class Lookup(models.Model):
    """One use of personal data: one row a page, with every person shown on it (facts C14)."""

    municipality_id = models.IntegerField()
    at = models.DateTimeField(db_default=Now())
    staff_id = models.UUIDField()
    behalf_of_id = models.UUIDField(null=True)
    purpose = models.CharField(_("formål"), max_length=200)
    kind = models.CharField(_("art"), max_length=20)  # page, list, search, cpr, protected, export
    page = models.CharField(_("side"), max_length=120)
    citizen_ids = ArrayField(models.UUIDField(), verbose_name=_("borgere"))

    class Meta:
        verbose_name = _("opslag")
        verbose_name_plural = _("opslag")
        indexes = [models.Index(fields=["municipality_id", "at"], name="lookup_at")]

    class DataProtection:
        operational = ("id", "municipality_id", "at", "staff_id", "behalf_of_id", "purpose", "kind", "page")
        identity = ("citizen_ids",)
        purpose = "Vise hvem der har set hvilke oplysninger og hvorfor"
        retention = "log"


class Outbox(models.Model):
    """What is to be sent. The row commits with the decision; `exchange` empties it (safety R9)."""

    class State(models.TextChoices):
        WAITING = "waiting", _("venter")
        SENT = "sent", _("sendt")
        FAILED = "failed", _("fejlet")
        CANCELLED = "cancelled", _("trukket tilbage")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    municipality_id = models.IntegerField()
    created_at = models.DateTimeField(db_default=Now())
    kind = models.CharField(_("art"), max_length=40)
    object_id = models.UUIDField()
    case_id = models.UUIDField(null=True)
    state = models.CharField(_("tilstand"), max_length=12, choices=State.choices, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    last_error = models.TextField(blank=True)
    sent_at = models.DateTimeField(null=True)
    next_at = models.DateTimeField(null=True)  # not tried before then

    class Meta:
        verbose_name = _("udgående post")
        verbose_name_plural = _("udgående post")
        indexes = [models.Index(fields=["municipality_id", "kind", "created_at"], condition=models.Q(state="waiting"), name="outbox_waiting")]

    class DataProtection:
        operational = ("id", "municipality_id", "created_at", "kind", "object_id", "case_id", "state", "tries", "last_error", "sent_at", "next_at")
        purpose = "Sikre at breve når frem, og vise hvad der ikke er sendt"
        retention = "15.20.00"

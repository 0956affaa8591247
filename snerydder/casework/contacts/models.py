"""Kontaktlog: one row for each citizen and meeting. The id is made on the phone, so that a repeated send is the same row."""

from datetime import timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from snerydder.access.models import Staff
from snerydder.access.scope import Scoped, TenantKey
from snerydder.casework.cases.models import Case, Goal, OfCase
from snerydder.casework.people.models import Mentor

JUST_NOW = 10  # minutes between the time given and the time of writing


class Contact(OfCase):
    class Form(models.TextChoices):
        MET = "met", _("Mødtes")
        PHONE = "phone", _("Ringede")
        SMS = "sms", _("Skrev")
        TRIED = "tried", _("Forsøgte forgæves")

    case = TenantKey(Case, models.CASCADE, related_name="contacts", verbose_name=_("sag"), db_index=False)
    mentor = TenantKey(Mentor, models.PROTECT, related_name="contacts", verbose_name=_("mentor"), db_index=False)
    entry = models.UUIDField(_("indtastning"))
    made_by = TenantKey(Staff, models.PROTECT, related_name="+", verbose_name=_("skrevet af"), db_index=False)
    at = models.DateTimeField(_("hvornår"))
    day = models.DateField(_("dag"))
    week = models.PositiveIntegerField(_("uge"))
    form = models.CharField(_("hvordan"), max_length=6, choices=Form.choices)
    minutes = models.PositiveSmallIntegerField(_("minutter"))
    counted_minutes = models.PositiveSmallIntegerField(_("minutter der tæller på sagen"))
    together = models.PositiveSmallIntegerField(_("antal borgere sammen"), default=1)
    help = ArrayField(models.CharField(max_length=30), verbose_name=_("hjælp"), default=list, blank=True)
    goal = TenantKey(Goal, models.SET_NULL, null=True, blank=True, related_name="contacts", verbose_name=_("mål"), db_index=False)
    note = models.TextField(_("note"), max_length=10000, blank=True)
    written_at = models.DateTimeField(_("skrevet"), default=timezone.now)
    corrections = models.PositiveSmallIntegerField(_("rettelser"), default=0)
    withdrawn = models.BooleanField(_("slettet"), default=False)

    class Meta:
        verbose_name = _("kontakt")
        verbose_name_plural = _("kontakter")
        constraints = [
            models.CheckConstraint(condition=models.Q(counted_minutes__lte=models.F("minutes")), name="contact_counted"),
            models.CheckConstraint(condition=models.Q(minutes__lte=1440), name="contact_a_day_at_most"),
        ]
        indexes = [
            models.Index(fields=["case", "day"], name="contact_case_day"),
            models.Index(fields=["mentor", "day"], name="contact_mentor_day"),
            models.Index(fields=["entry"], name="contact_entry"),
        ]

    class DataProtection:
        operational = (
            "case", "mentor", "entry", "made_by", "at", "day", "week", "form", "minutes", "counted_minutes", "together", "goal", "written_at",
            "corrections", "withdrawn",
        )
        sensitive = ("help",)
        free_text = ("note",)
        purpose = "Dokumentere den leverede støtte"
        retention = "15.20.00"

    @property
    def just_now(self) -> bool:
        """Nobody changed the time that stood there: it tells when the contact was written, and not when it took place."""
        apart = self.written_at.replace(second=0, microsecond=0) - self.at.replace(second=0, microsecond=0)
        return abs(apart) <= timedelta(minutes=JUST_NOW)


class CaseWeek(OfCase):
    """Contacts and counted minutes of one case in one ISO week (yyyyww). Kept by the trigger on contacts."""

    case = TenantKey(Case, models.CASCADE, related_name="weeks", verbose_name=_("sag"), db_index=False)
    week = models.PositiveIntegerField(_("uge"))
    contacts = models.PositiveSmallIntegerField(_("kontakter"), default=0)
    attempts = models.PositiveSmallIntegerField(_("forgæves forsøg"), default=0)
    minutes = models.PositiveIntegerField(_("minutter"), default=0)

    class Meta:
        verbose_name = _("uge på sagen")
        verbose_name_plural = _("uger på sagen")
        constraints = [models.UniqueConstraint(fields=["case", "week"], name="case_week")]

    class DataProtection:
        operational = ("case", "week")
        aggregate = ("contacts", "attempts", "minutes")
        purpose = "Se uger uden kontakt"
        retention = "15.20.00"


class ContactDraft(Scoped):
    """What a mentor has typed and not yet saved. Kept on the server, also over a log-out."""

    staff = TenantKey(Staff, models.CASCADE, related_name="contact_drafts", verbose_name=_("medarbejder"))
    entry = models.UUIDField(_("indtastning"))
    content = models.JSONField(_("indhold"), default=dict)
    saved_at = models.DateTimeField(_("gemt"), auto_now=True)

    class Meta:
        verbose_name = _("kladde til kontakt")
        verbose_name_plural = _("kladder til kontakt")
        constraints = [models.UniqueConstraint(fields=["municipality", "staff", "entry"], name="contact_draft_once")]

    class DataProtection:
        operational = ("staff", "entry", "saved_at")
        free_text = ("content",)
        purpose = "Ikke tabe det mentoren har skrevet"
        retention = "30 days"


class NightCount(Scoped):
    """The support as agreed, counted last night over the courses of so many months: where there are so many that counting takes time."""

    months = models.PositiveSmallIntegerField(_("måneder tilbage"))
    day = models.DateField(_("talt for dagen"))
    counted_at = models.DateTimeField(_("talt"))
    parts = models.JSONField(_("antal i hver enhed"))

    class Meta:
        verbose_name = _("nattens optælling")
        verbose_name_plural = _("nattens optællinger")
        constraints = [models.UniqueConstraint(fields=["municipality", "months"], name="night_count")]

    class DataProtection:
        operational = ("months", "day", "counted_at")
        aggregate = ("parts",)
        purpose = "Vise, om støtten gives som aftalt, også når der er mange forløb"
        retention = "none"

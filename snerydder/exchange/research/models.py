"""What has gone through the door: which trial, to whom, by whose two yeses, and what was in it."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from snerydder.access.models import Staff
from snerydder.access.scope import Scoped, TenantKey
from snerydder.casework.trials.models import Trial


class Package(Scoped):
    """Pseudonymous files about one trial. One asks, another lets it out; then the files are made, and never made again."""

    trial = TenantKey(Trial, models.PROTECT, related_name="packages", verbose_name=_("forsøg"))
    number = models.PositiveIntegerField(_("nummer"))
    receiver = models.CharField(_("modtager"), max_length=200)
    purpose = models.TextField(_("hvad det skal bruges til"), max_length=2000)
    asked_by = TenantKey(Staff, models.PROTECT, related_name="+", verbose_name=_("bedt om af"))
    asked_at = models.DateTimeField(_("bedt om"), auto_now_add=True)
    approved_by = TenantKey(Staff, models.PROTECT, null=True, related_name="+", verbose_name=_("udleveret af"))
    approved_at = models.DateTimeField(_("udleveret"), null=True)
    persons = models.PositiveIntegerField(_("personer"), null=True)
    law_version = models.CharField(_("lovens version"), max_length=64, blank=True)
    manifest = models.JSONField(_("følgeseddel"), default=dict)

    class Meta:
        verbose_name = _("forskningspakke")
        verbose_name_plural = _("forskningspakker")
        ordering = ["-asked_at"]
        constraints = [
            models.UniqueConstraint(fields=["municipality", "number"], name="package_number"),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True, approved_at__isnull=True, persons__isnull=True)
                | Q(approved_by__isnull=False, approved_at__isnull=False, persons__isnull=False) & ~Q(approved_by=F("asked_by")) & ~Q(law_version=""),
                name="package_two_persons",
            ),
        ]

    class DataProtection:
        operational = ("trial", "number", "receiver", "asked_by", "asked_at", "approved_by", "approved_at", "persons", "law_version", "manifest")
        free_text = ("purpose",)
        purpose = "Vise, hvad der er udleveret til undersøgelser, til hvem og af hvem"
        retention = "15.20.00"


class AnswerFile(Scoped):
    """Answers from a survey tool, by pseudonym. Read and held against the trial first, used when a person says so; the answers themselves are a file."""

    class State(models.TextChoices):
        READ = "read", _("læst")
        USED = "used", _("i brug")
        WITHDRAWN = "withdrawn", _("trukket tilbage")

    package = TenantKey(Package, models.PROTECT, related_name="answers", verbose_name=_("pakke"))
    number = models.PositiveIntegerField(_("nummer"))
    state = models.CharField(_("tilstand"), max_length=10, choices=State.choices, default=State.READ)
    file_name = models.CharField(_("fil"), max_length=200)
    columns = models.JSONField(_("spørgsmål"))
    persons = models.PositiveIntegerField(_("personer"))
    aside = models.JSONField(_("sat til side"), default=list)
    made_by = TenantKey(Staff, models.PROTECT, related_name="+", verbose_name=_("hentet af"))
    made_at = models.DateTimeField(_("hentet"), auto_now_add=True)
    used_at = models.DateTimeField(_("taget i brug"), null=True)

    class Meta:
        verbose_name = _("svarfil")
        verbose_name_plural = _("svarfiler")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["municipality", "package", "number"], name="answer_file_number"),
            models.UniqueConstraint(fields=["municipality", "package"], condition=Q(state="used"), name="answer_file_one_in_use"),
        ]

    class DataProtection:
        operational = ("package", "number", "state", "file_name", "columns", "persons", "aside", "made_by", "made_at", "used_at")
        purpose = "Vise, hvilke svar en undersøgelse hviler på"
        retention = "15.20.00"

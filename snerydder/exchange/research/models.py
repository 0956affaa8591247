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

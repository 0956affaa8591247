"""Klage: what the citizen says against a decision, what the municipality says when it looks again, and what Ankestyrelsen says."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from snerydder.access.models import Staff
from snerydder.access.scope import TenantKey
from snerydder.casework.cases.models import Case, OfCase
from snerydder.casework.grants.models import Letter

WAITING = Q(outcome="")


class Complaint(OfCase):
    class Outcome(models.TextChoices):
        CHANGED = "changed", _("helt medhold: afgørelsen er ændret")
        PARTLY = "partly", _("delvist medhold")
        UPHELD = "upheld", _("fastholdt")

    class Appeal(models.TextChoices):
        CONFIRMED = "confirmed", _("stadfæstet")
        CHANGED = "changed", _("ændret")
        RETURNED = "returned", _("hjemvist til ny behandling")
        DISMISSED = "dismissed", _("afvist")

    case = TenantKey(Case, models.CASCADE, related_name="complaints", verbose_name=_("sag"))
    letter = TenantKey(Letter, models.PROTECT, unique=True, related_name="complaints", verbose_name=_("afgørelsen, der klages over"))
    received_on = models.DateField(_("modtaget"))
    text = models.TextField(_("hvad borgeren klager over"), max_length=10000)
    in_time = models.BooleanField(_("inden for klagefristen"))
    reassess_by = models.DateField(_("genvurderes senest"))
    registered_by = TenantKey(Staff, models.PROTECT, related_name="+", verbose_name=_("modtaget af"))
    outcome = models.CharField(_("genvurderingen"), max_length=8, choices=Outcome.choices, blank=True)
    reassessed_on = models.DateField(_("genvurderet den"), null=True, blank=True)
    reassessed_by = TenantKey(Staff, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("genvurderet af"))
    reason = models.TextField(_("begrundelse"), max_length=10000, blank=True)
    # what is not changed in full goes on to the appeal body, by itself
    sent_on = models.DateField(_("sendt til Ankestyrelsen"), null=True, blank=True)
    appeal = models.CharField(_("Ankestyrelsens afgørelse"), max_length=9, choices=Appeal.choices, blank=True)
    appeal_on = models.DateField(_("Ankestyrelsen har afgjort den"), null=True, blank=True)

    class Meta:
        verbose_name = _("klage")
        verbose_name_plural = _("klager")
        constraints = [
            models.CheckConstraint(
                condition=WAITING & Q(reassessed_on__isnull=True)
                | ~WAITING & Q(reassessed_on__isnull=False, reassessed_on__gte=F("received_on"), reassessed_by__isnull=False) & ~Q(reason=""),
                name="complaint_reassessed",
            ),
            models.CheckConstraint(
                condition=~Q(outcome__in=["partly", "upheld"]) | Q(sent_on__isnull=False, sent_on__gte=F("reassessed_on")), name="complaint_sent_on"
            ),
            models.CheckConstraint(
                condition=Q(appeal="") | Q(sent_on__isnull=False, appeal_on__isnull=False, appeal_on__gte=F("sent_on")), name="complaint_appealed"
            ),
        ]
        indexes = [models.Index(fields=["municipality", "reassess_by", "case"], condition=WAITING, name="complaint_waiting")]

    class DataProtection:
        operational = (
            "case", "letter", "received_on", "in_time", "reassess_by", "registered_by", "outcome", "reassessed_on", "reassessed_by", "sent_on",
            "appeal", "appeal_on",
        )
        free_text = ("text", "reason")
        purpose = "Behandle klager over afgørelser inden for fristerne"
        retention = "15.20.00"

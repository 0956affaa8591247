"""Kontrol: what the rules say of each open case, judged every night by the law of its day, and since when they have said it."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from snerydder.access.scope import Scoped, TenantKey
from snerydder.casework.cases.models import Case, OfCase

CURRENT = Q(until__isnull=True)


class CheckState(OfCase):
    """One check on one case from a day to a day. The row that has no end is what holds now; the rest are what held before."""

    case = TenantKey(Case, models.CASCADE, related_name="check_states", verbose_name=_("sag"), db_index=False)
    check_id = models.CharField(_("kontrol"), max_length=12)
    level = models.CharField(_("udfald"), max_length=5)
    what = models.JSONField(_("hvad"), default=list)  # sentences, as `spoken.kept` keeps them
    mend = models.JSONField(_("hvad der skal til"), default=list, blank=True)
    fields = models.CharField(_("hvor det rettes"), max_length=200, blank=True)
    citation = models.CharField(_("hvor det står"), max_length=200)
    judged_on = models.DateField(_("efter reglerne den"))
    law_version = models.CharField(_("regelsæt"), max_length=40)
    since = models.DateField(_("siden"))
    until = models.DateField(_("til og med"), null=True, blank=True)

    class Meta:
        verbose_name = _("kontrol af en sag")
        verbose_name_plural = _("kontroller af sager")
        constraints = [
            models.UniqueConstraint(fields=["municipality", "case", "check_id"], condition=CURRENT, name="check_state_one_now"),
            models.CheckConstraint(condition=Q(until__gte=F("since")), name="check_state_dates"),
        ]
        indexes = [
            models.Index(fields=["municipality", "check_id", "level", "case"], condition=CURRENT & ~Q(level="ok"), name="check_state_said"),
        ]

    class DataProtection:
        operational = ("case", "check_id", "level", "what", "mend", "fields", "citation", "judged_on", "law_version", "since", "until")
        purpose = "Vise, om sagen holder reglerne, og siden hvornår"
        retention = "15.20.00"


class NightRun(Scoped):
    """That the cases were judged that night, and under which rules: a state from an earlier night was found to hold still."""

    day = models.DateField(_("dag"))
    law_version = models.CharField(_("regelsæt"), max_length=40)
    cases = models.PositiveIntegerField(_("sager"))
    changed = models.PositiveIntegerField(_("ændrede kontroller"))
    finished_at = models.DateTimeField(_("færdig"))

    class Meta:
        verbose_name = _("natlig kontrol")
        verbose_name_plural = _("natlige kontroller")
        constraints = [models.UniqueConstraint(fields=["municipality", "day"], name="night_run_once")]

    class DataProtection:
        operational = ("day", "law_version", "cases", "changed", "finished_at")
        purpose = "Vise, at alle åbne sager blev kontrolleret, og efter hvilket regelsæt"
        retention = "none"

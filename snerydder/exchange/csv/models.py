"""What is on its way in: a file that has been read and shown, row by row, before anything is made of it.

The cells are kept sealed, for they hold CPR numbers. Nothing of the file is left when the import is a month old.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from snerydder.access.models import Staff
from snerydder.access.scope import Scoped, TenantKey


class Import(Scoped):
    """One file. It is read at once, and made into rows of the product only when a person has seen what would come of it."""

    class Kind(models.TextChoices):
        CITIZENS = "citizens", _("borgere")
        MENTORS = "mentors", _("mentorer")
        CASES = "cases", _("sager i gang")

    class State(models.TextChoices):
        READY = "ready", _("læst")
        RUNNING = "running", _("bliver importeret")
        DONE = "done", _("importeret")

    kind = models.CharField(_("indhold"), max_length=10, choices=Kind.choices)
    state = models.CharField(_("tilstand"), max_length=10, choices=State.choices, default=State.READY)
    file_name = models.CharField(_("filnavn"), max_length=160)
    made_by = TenantKey(Staff, models.PROTECT, related_name="+", verbose_name=_("hentet af"))
    made_at = models.DateTimeField(_("hentet"), auto_now_add=True)
    headings = ArrayField(models.CharField(max_length=200), verbose_name=_("overskrifter"))
    keys = ArrayField(models.CharField(max_length=30, blank=True), verbose_name=_("kendte kolonner"))
    notes = ArrayField(models.CharField(max_length=300), verbose_name=_("bemærkninger"), default=list, blank=True)
    done_rows = models.PositiveIntegerField(_("rækker gjort"), default=0)
    total_rows = models.PositiveIntegerField(_("rækker i alt"), default=0)
    beat_at = models.DateTimeField(_("sidste livstegn"), null=True, blank=True)
    finished_at = models.DateTimeField(_("færdig"), null=True, blank=True)
    trouble = models.CharField(_("hvad der gik galt"), max_length=400, blank=True)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("importer")

    class DataProtection:
        operational = (
            "kind", "state", "file_name", "made_by", "made_at", "headings", "keys", "notes", "done_rows", "total_rows", "beat_at", "finished_at",
            "trouble",
        )
        purpose = "Hente borgere, mentorer og sager fra kommunens fagsystem"
        retention = "30 days"

    def __str__(self) -> str:
        return self.file_name


class ImportRow(Scoped):
    """One line of the file, and what would come, or has come, of it."""

    class Outcome(models.TextChoices):
        NEW = "new", _("ny")
        CHANGED = "changed", _("ændret")
        SAME = "same", _("uændret")
        REFUSED = "refused", _("afvist")

    job = TenantKey(Import, models.CASCADE, related_name="rows", verbose_name=_("import"))
    line = models.PositiveIntegerField(_("linje"))
    sealed = models.TextField(_("felter"))
    outcome = models.CharField(_("udfald"), max_length=8, choices=Outcome.choices)
    reasons = ArrayField(models.CharField(max_length=400), verbose_name=_("årsag"), default=list, blank=True)
    notes = ArrayField(models.CharField(max_length=400), verbose_name=_("bemærkninger"), default=list, blank=True)

    class Meta:
        verbose_name = _("linje i import")
        verbose_name_plural = _("linjer i import")
        constraints = [models.UniqueConstraint(fields=["municipality", "job", "line"], name="import_row_once")]

    class DataProtection:
        operational = ("job", "line", "outcome")
        identity = ("sealed",)
        free_text = ("reasons", "notes")
        purpose = "Vise hvad en fil bliver til, før den bliver importeret"
        retention = "30 days"

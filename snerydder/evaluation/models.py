"""A study: its protocol, the deliveries of data, the runs, and what was let out. The data themselves are files (store.py), not rows."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from snerydder.access.models import Staff
from snerydder.access.scope import Scoped, TenantKey


class Study(Scoped):
    """What is to be found out. The protocol is the engine's own file, kept as text."""

    title = models.CharField(_("titel"), max_length=160)
    protocol = models.TextField(_("protokol"), max_length=200_000)
    protocol_hash = models.CharField(_("protokollens SHA-256"), max_length=64)
    made_by = TenantKey(Staff, models.PROTECT, related_name="+", verbose_name=_("oprettet af"))
    made_at = models.DateTimeField(_("oprettet"), auto_now_add=True)

    class Meta:
        verbose_name = _("undersøgelse")
        verbose_name_plural = _("undersøgelser")

    class DataProtection:
        operational = ("title", "protocol_hash", "made_by", "made_at")
        free_text = ("protocol",)
        purpose = "Undersøge, om indsatsen virker, på data uden navne"
        retention = "15.20.00"

    def __str__(self) -> str:
        return self.title


class Amendment(Scoped):
    """The protocol was changed. After data had come it is told on every page of the report."""

    study = TenantKey(Study, models.PROTECT, related_name="amendments", verbose_name=_("undersøgelse"))
    made_by = TenantKey(Staff, models.PROTECT, related_name="+", verbose_name=_("ændret af"))
    made_at = models.DateTimeField(_("ændret"), auto_now_add=True)
    reason = models.TextField(_("hvorfor"), max_length=2000)
    before = models.TextField(_("protokollen før"))
    before_hash = models.CharField(_("SHA-256 før"), max_length=64)
    after_hash = models.CharField(_("SHA-256 efter"), max_length=64)
    after_data = models.BooleanField(_("efter at data var kommet"))

    class Meta:
        verbose_name = _("ændring af protokol")
        verbose_name_plural = _("ændringer af protokol")
        ordering = ["made_at"]

    class DataProtection:
        operational = ("study", "made_by", "made_at", "before_hash", "after_hash", "after_data")
        free_text = ("reason", "before")
        purpose = "Vise, hvad der er ændret i protokollen, hvornår og hvorfor"
        retention = "15.20.00"


class Delivery(Scoped):
    """Files that came together with the sender's own count of them. Read and weighed first, used when a person says so."""

    class State(models.TextChoices):
        READ = "read", _("læst")
        USED = "used", _("i brug")
        WITHDRAWN = "withdrawn", _("trukket tilbage")

    study = TenantKey(Study, models.PROTECT, related_name="deliveries", verbose_name=_("undersøgelse"))
    number = models.PositiveIntegerField(_("nummer"))
    state = models.CharField(_("tilstand"), max_length=10, choices=State.choices, default=State.READ)
    manifest = models.JSONField(_("følgeseddel"))
    made_by = TenantKey(Staff, models.PROTECT, related_name="+", verbose_name=_("modtaget af"))
    made_at = models.DateTimeField(_("modtaget"), auto_now_add=True)
    used_at = models.DateTimeField(_("taget i brug"), null=True)

    class Meta:
        verbose_name = _("dataleverance")
        verbose_name_plural = _("dataleverancer")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["municipality", "study", "number"], name="delivery_number"),
            models.UniqueConstraint(fields=["municipality", "study"], condition=Q(state="used"), name="delivery_one_in_use"),
        ]

    class DataProtection:
        operational = ("study", "number", "state", "manifest", "made_by", "made_at", "used_at")
        purpose = "Vise, hvilke filer et resultat hviler på"
        retention = "15.20.00"

    @property
    def files(self):
        return self.manifest["files"]


class Part(Scoped):
    """A municipality's package in a joint study: signed by it, held against the protocol, and joined with the others' in a delivery."""

    class State(models.TextChoices):
        USED = "used", _("med")
        REPLACED = "replaced", _("afløst af en nyere")
        WITHDRAWN = "withdrawn", _("trukket tilbage")

    study = TenantKey(Study, models.PROTECT, related_name="parts", verbose_name=_("undersøgelse"))
    number = models.PositiveIntegerField(_("nummer"))
    state = models.CharField(_("tilstand"), max_length=10, choices=State.choices, default=State.USED)
    code = models.PositiveIntegerField(_("kommunens nummer"))
    name = models.CharField(_("kommunens navn"), max_length=80)
    key = models.CharField(_("kommunens nøgle"), max_length=64)
    sha256 = models.CharField(_("pakkens SHA-256"), max_length=64)
    persons = models.PositiveIntegerField(_("personer"))
    manifest = models.JSONField(_("følgeseddel"))
    made_by = TenantKey(Staff, models.PROTECT, related_name="+", verbose_name=_("modtaget af"))
    made_at = models.DateTimeField(_("modtaget"), auto_now_add=True)

    class Meta:
        verbose_name = _("pakke fra en kommune")
        verbose_name_plural = _("pakker fra kommuner")
        ordering = ["name", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["municipality", "study", "number"], name="part_number"),
            models.UniqueConstraint(fields=["municipality", "study", "code"], condition=Q(state="used"), name="part_one_of_each_in_use"),
        ]

    class DataProtection:
        operational = ("study", "number", "state", "code", "name", "key", "sha256", "persons", "manifest", "made_by", "made_at")
        purpose = "Vise, hvilke kommuners data et fælles resultat hviler på"
        retention = "15.20.00"


class Run(Scoped):
    """One calculation. What it was made of stands here; how far it is and what came of it stands in its folder."""

    study = TenantKey(Study, models.PROTECT, related_name="runs", verbose_name=_("undersøgelse"))
    delivery = TenantKey(Delivery, models.PROTECT, related_name="runs", verbose_name=_("leverance"))
    number = models.PositiveIntegerField(_("nummer"))
    protocol_hash = models.CharField(_("protokollens SHA-256"), max_length=64)
    made_by = TenantKey(Staff, models.PROTECT, related_name="+", verbose_name=_("sat i gang af"))
    made_at = models.DateTimeField(_("sat i gang"), auto_now_add=True)

    class Meta:
        verbose_name = _("kørsel")
        verbose_name_plural = _("kørsler")
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["municipality", "study", "number"], name="run_number")]

    class DataProtection:
        operational = ("study", "delivery", "number", "protocol_hash", "made_by", "made_at")
        purpose = "Vise, hvad et resultat er lavet af"
        retention = "15.20.00"


class Release(Scoped):
    """A report that others than the evaluator may see. One asks, another says yes: never the same person."""

    run = TenantKey(Run, models.PROTECT, related_name="releases", verbose_name=_("kørsel"))
    report_hash = models.CharField(_("rapportens SHA-256"), max_length=64)
    audience = models.CharField(_("til hvem"), max_length=200)
    asked_by = TenantKey(Staff, models.PROTECT, related_name="+", verbose_name=_("bedt om af"))
    asked_at = models.DateTimeField(_("bedt om"), auto_now_add=True)
    approved_by = TenantKey(Staff, models.PROTECT, null=True, related_name="+", verbose_name=_("godkendt af"))
    approved_at = models.DateTimeField(_("godkendt"), null=True)

    class Meta:
        verbose_name = _("frigivelse")
        verbose_name_plural = _("frigivelser")
        constraints = [
            models.UniqueConstraint(fields=["municipality", "run"], name="release_once"),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True, approved_at__isnull=True)
                | Q(approved_by__isnull=False, approved_at__isnull=False) & ~Q(approved_by=F("asked_by")),
                name="release_two_persons",
            ),
        ]

    class DataProtection:
        operational = ("run", "report_hash", "audience", "asked_by", "asked_at", "approved_by", "approved_at")
        purpose = "Vise, hvem der har frigivet et resultat, og til hvem"
        retention = "15.20.00"

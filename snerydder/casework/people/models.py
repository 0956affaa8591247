"""Borgere og mentorer: who is helped and who helps."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from snerydder.access.models import Staff, Unit
from snerydder.access.scope import Scoped, TenantKey
from snerydder.casework.people import vault


class Citizen(Scoped):
    """A person who may get, gets or got a mentor."""

    reach = "cases__"
    person = "pk"

    unit = TenantKey(Unit, models.PROTECT, null=True, blank=True, related_name="citizens", verbose_name=_("enhed"))
    first_name = models.CharField(_("fornavn"), max_length=80)
    last_name = models.CharField(_("efternavn"), max_length=80)
    sort_key = models.CharField(max_length=170, editable=False)
    cpr_sealed = models.CharField(_("CPR-nummer"), max_length=200, editable=False)
    cpr_index = models.BinaryField(max_length=32, editable=False)
    birth_year = models.PositiveSmallIntegerField(_("fødselsår"), null=True, blank=True)
    target_group = models.CharField(_("målgruppe (LAB § 6)"), max_length=8, blank=True)
    protected = models.BooleanField(_("navne- og adressebeskyttelse"), default=False)
    phone = models.CharField(_("telefon"), max_length=20, blank=True)
    email = models.EmailField(_("mail"), blank=True)
    address = models.CharField(_("adresse"), max_length=160, blank=True)
    area = models.CharField(_("område"), max_length=60, blank=True)
    languages = ArrayField(models.CharField(max_length=30), verbose_name=_("sprog"), default=list, blank=True)
    interpreter = models.BooleanField(_("tolk"), default=False)
    digital_post_exempt = models.BooleanField(_("fritaget for Digital Post"), default=False)

    class Meta:
        verbose_name = _("borger")
        verbose_name_plural = _("borgere")
        constraints = [models.UniqueConstraint(fields=["municipality", "cpr_index"], name="citizen_cpr")]
        indexes = [models.Index(fields=["municipality", "sort_key"], name="citizen_sort")]

    class DataProtection:
        identity = ("first_name", "last_name", "sort_key", "cpr_sealed", "cpr_index", "phone", "email", "address")
        sensitive = ("protected", "languages", "interpreter", "target_group")
        operational = ("unit", "area", "digital_post_exempt")
        aggregate = ("birth_year",)
        purpose = "Give mentorstøtte (LAB kap. 26, integrationsloven § 23 d)"
        retention = "15.20.00"

    def __str__(self) -> str:
        return self.name

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}"

    @property
    def name(self) -> str:
        """The name as pages show it: a protected name is shown only after an extra, logged click."""
        return f"Navn beskyttet ({str(self.pk)[:4].upper()})" if self.protected else self.full_name

    @property
    def alias(self) -> str:
        """What a phone in the street may show: first name and one letter."""
        return self.name if self.protected else f"{self.first_name} {self.last_name[:1]}."

    @property
    def masked_cpr(self) -> str:
        return "••••••-••••" if self.protected else vault.masked(self.cpr())

    def cpr(self) -> str:
        """The number in clear. Pages call `people.actions.show_cpr`, which logs it."""
        return vault.unseal(self.cpr_sealed, row_id=self.pk, municipality_id=self.municipality_id)


class Mentor(Scoped):
    """A member of staff as mentor: kind, hours, languages, area. Rows older than the person are courses and qualifications."""

    class Kind(models.TextChoices):
        MUNICIPAL = "municipal", _("ansat i kommunen")
        COMPANY = "company", _("ansat i virksomhed eller på skole")
        CONSULTANT = "consultant", _("ekstern konsulent")
        VOLUNTEER = "volunteer", _("frivillig")
        SENIOR = "senior", _("seniormentor")

    staff = TenantKey(Staff, models.PROTECT, unique=True, related_name="mentors", verbose_name=_("medarbejder"))
    kind = models.CharField(_("mentortype"), max_length=12, choices=Kind.choices)
    employer = models.CharField(_("arbejdsgiver"), max_length=100, blank=True)
    hours_per_week = models.DecimalField(
        _("timer om ugen som mentor"), max_digits=4, decimal_places=1, validators=[MinValueValidator(0.5), MaxValueValidator(48)]
    )
    languages = ArrayField(models.CharField(max_length=30), verbose_name=_("sprog"), default=list, blank=True)
    areas = ArrayField(models.CharField(max_length=60), verbose_name=_("områder"), default=list, blank=True)
    about = models.TextField(_("om mentoren"), blank=True, max_length=2000)
    has_car = models.BooleanField(_("har egen bil til rådighed"), default=False)
    birth_year = models.PositiveSmallIntegerField(_("fødselsår"), null=True, blank=True)
    woman = models.BooleanField(_("kvinde"), null=True, blank=True)
    education = models.CharField(_("uddannelse"), max_length=80, blank=True)
    mentor_since = models.DateField(_("mentor siden"), null=True, blank=True)
    came_from = models.CharField(_("kom fra"), max_length=80, blank=True)
    active = models.BooleanField(_("tager imod sager"), default=True)

    class Meta:
        verbose_name = _("mentor")
        verbose_name_plural = _("mentorer")
        constraints = [models.CheckConstraint(condition=models.Q(hours_per_week__gt=0), name="mentor_hours")]

    class DataProtection:
        operational = ("staff", "kind", "employer", "hours_per_week", "languages", "areas", "has_car", "mentor_since", "active")
        aggregate = ("birth_year", "woman", "education", "came_from")
        free_text = ("about",)
        purpose = "Finde en mentor der passer til opgaverne, og dokumentere kvalifikationer"
        retention = "staff"

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return self.staff.name

    @property
    def contact(self) -> str:
        return ", ".join(part for part in (self.staff.phone, self.staff.email) if part)

    @property
    def full_time_share(self) -> float:
        """Share of a full-time post of 37 hours."""
        return float(self.hours_per_week) / 37


class Document(Scoped):
    """A file that shows a qualification. Kept in the database, so that it lies behind the same wall as its row."""

    name = models.CharField(_("filnavn"), max_length=160)
    content_type = models.CharField(_("type"), max_length=100)
    size = models.PositiveIntegerField(_("størrelse"))
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()

    class Meta:
        verbose_name = _("dokument")
        verbose_name_plural = _("dokumenter")

    class DataProtection:
        operational = ("name", "content_type", "size", "sha256")
        free_text = ("content",)
        purpose = "Dokumentere mentors kvalifikationer (CHK-16)"
        retention = "staff"


class Qualification(Scoped):
    """Something a mentor can, with the tasks it covers and how it is documented (CHK-16)."""

    mentor = TenantKey(Mentor, models.CASCADE, related_name="qualifications", verbose_name=_("mentor"))
    title = models.CharField(_("kvalifikation"), max_length=120)
    tasks = ArrayField(models.CharField(max_length=30), verbose_name=_("opgaver den dækker"), default=list)
    issuer = models.CharField(_("udstedt af"), max_length=120, blank=True)
    issued_on = models.DateField(_("udstedt"), null=True, blank=True)
    valid_until = models.DateField(_("gælder til"), null=True, blank=True)
    document = TenantKey(Document, models.SET_NULL, null=True, blank=True, related_name="qualifications", verbose_name=_("dokument"))
    verified_by = TenantKey(Staff, models.PROTECT, null=True, blank=True, related_name="verified", verbose_name=_("set af"))
    verified_on = models.DateField(_("set den"), null=True, blank=True)

    class Meta:
        verbose_name = _("kvalifikation")
        verbose_name_plural = _("kvalifikationer")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(valid_until__isnull=True) | models.Q(issued_on__isnull=True) | models.Q(valid_until__gte=models.F("issued_on")),
                name="qualification_dates",
            )
        ]

    class DataProtection:
        operational = ("mentor", "title", "tasks", "issuer", "issued_on", "valid_until", "document", "verified_by", "verified_on")
        purpose = "Dokumentere mentors kvalifikationer (CHK-16)"
        retention = "staff"

    def documented(self, on: Any = None) -> bool:
        """Documented when somebody has seen proof and it has not run out."""
        day = on or timezone.localdate()
        return self.verified_on is not None and (self.valid_until is None or self.valid_until >= day)


class Course(Scoped):
    """A course or a supervision the mentor took part in, or one that is planned and not held yet."""

    class Kind(models.TextChoices):
        COURSE = "course", _("kursus")
        CENTRAL = "central", _("centralt kursus")
        LOCAL = "local", _("kommunalt kursus")
        SUPERVISION = "supervision", _("supervision")

    mentor = TenantKey(Mentor, models.CASCADE, related_name="courses", verbose_name=_("mentor"))
    kind = models.CharField(_("art"), max_length=12, choices=Kind.choices, default=Kind.COURSE)
    title = models.CharField(_("titel"), max_length=120)
    held_on = models.DateField(_("dato"))
    hours = models.DecimalField(_("timer"), max_digits=5, decimal_places=1, null=True, blank=True)
    planned = models.BooleanField(_("aftalt, ikke holdt"), default=False)

    class Meta:
        verbose_name = _("kursus")
        verbose_name_plural = _("kurser")

    class DataProtection:
        operational = ("mentor", "kind", "title", "held_on", "hours", "planned")
        purpose = "Se hvem der mangler kursus eller supervision"
        retention = "staff"

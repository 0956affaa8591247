"""Bevilling: the decision that gives mentor support, its hjemmel, period and hours."""

from datetime import date

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from snerydder.access.models import Staff
from snerydder.access.scope import Scoped, TenantKey
from snerydder.casework.cases.models import Assessment, Case, OfCase
from snerydder.casework.grants.states import GrantState
from snerydder.casework.people.models import Mentor


class Period(Func):
    function = "DATERANGE"
    output_field = DateRangeField()


class Grant(OfCase):
    class Per(models.TextChoices):
        WEEK = "week", _("om ugen")
        TOTAL = "total", _("i alt")

    class CountedPer(models.TextChoices):
        PERSON = "person", _("pr. person")
        PLACE = "plads", _("pr. plads")

    class Purpose(models.TextChoices):
        ACTIVITY = "activity", _("aktivitet i kontaktforløbet")
        OFFER = "offer", _("tilbud")
        EDUCATION = "education", _("ordinær uddannelse")
        FLEXJOB = "flexjob", _("fleksjob")
        EMPLOYMENT = "employment", _("ordinær ansættelse")

    case = TenantKey(Case, models.CASCADE, related_name="grants", verbose_name=_("sag"))
    assessment = TenantKey(Assessment, models.PROTECT, related_name="grants", verbose_name=_("konkret vurdering"))
    state = models.CharField(_("tilstand"), max_length=10, choices=GrantState.choices, default=GrantState.DRAFT)
    # a draft may be half filled; what must be there once it is decided is said by the constraints
    hjemmel = models.CharField(_("hjemmel"), max_length=20, blank=True)
    purpose_kind = models.CharField(_("støtten skal hjælpe borgeren til"), max_length=12, choices=Purpose.choices, blank=True)
    purpose = models.TextField(_("formål"), max_length=10000, blank=True)
    minutes = models.PositiveIntegerField(_("minutter"), default=0)
    minutes_per = models.CharField(_("timerne gælder"), max_length=6, choices=Per.choices, default=Per.WEEK)
    counted_per = models.CharField(_("timerne regnes"), max_length=6, choices=CountedPer.choices, default=CountedPer.PERSON)
    hours_reason = models.TextField(_("hvorfor netop så mange timer"), max_length=10000, blank=True)
    start = models.DateField(_("fra"), null=True, blank=True)
    end = models.DateField(_("til og med"), null=True, blank=True)
    discharge_on = models.DateField(_("udskrivning"), null=True, blank=True)
    admission_on = models.DateField(_("optaget på uddannelse"), null=True, blank=True)
    mentor_kind = models.CharField(_("forventet mentortype"), max_length=12, choices=Mentor.Kind.choices, default=Mentor.Kind.MUNICIPAL)
    hourly_price = models.DecimalField(_("timepris ved bevillingen"), max_digits=8, decimal_places=2, default=0)
    decided_on = models.DateField(_("afgjort den"), null=True, blank=True)
    decided_by = TenantKey(Staff, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("afgjort af"))
    decided_end = models.DateField(_("bevilget til, før den blev stoppet"), null=True, blank=True)
    ended_on = models.DateField(_("ophørt den"), null=True, blank=True)
    ended_reason = models.TextField(_("hvorfor ophørt"), max_length=10000, blank=True)
    law_version = models.CharField(_("regelsæt"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("bevilling")
        verbose_name_plural = _("bevillinger")
        constraints = [
            models.CheckConstraint(condition=Q(end__gte=F("start")), name="grant_dates"),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(minutes__gt=0, start__isnull=False, end__isnull=False) & ~Q(hjemmel=""), name="grant_complete"
            ),
            models.CheckConstraint(
                condition=~Q(state="decided") | (Q(decided_on__isnull=False) & Q(decided_by__isnull=False)), name="grant_decided_by_someone"
            ),
            models.UniqueConstraint(fields=["municipality", "case"], condition=Q(state="draft"), name="grant_one_draft"),
            ExclusionConstraint(
                name="grant_no_overlap",
                expressions=[
                    ("case", RangeOperators.EQUAL),
                    (Period("start", "end", RangeBoundary(inclusive_lower=True, inclusive_upper=True)), RangeOperators.OVERLAPS),
                ],
                condition=Q(state__in=["decided", "stopped"]),
            ),
        ]

    class DataProtection:
        operational = (
            "case", "assessment", "state", "hjemmel", "purpose_kind", "minutes", "minutes_per", "counted_per", "start", "end", "mentor_kind",
            "hourly_price", "decided_on", "decided_by", "decided_end", "ended_on", "law_version",
        )
        sensitive = ("discharge_on", "admission_on")
        free_text = ("purpose", "hours_reason", "ended_reason")
        purpose = "Træffe afgørelse om mentorstøtte"
        retention = "15.20.00"

    def covers(self, day: date) -> bool:
        """A period that is decided has both its dates; both days are of the period."""
        return self.start is not None and self.end is not None and self.start <= day <= self.end

    @property
    def days(self) -> int:
        """Days the grant runs or ran, both ends counted. 0 while a draft lacks a date."""
        return (self.end - self.start).days + 1 if self.start and self.end else 0

    @property
    def total_minutes(self) -> int:
        """All minutes of the period. Hours a week: weeks and days of weeks. Hours in total: what was decided; of a grant
        stopped before time, the share of the days it ran, as its cost is spread."""
        if self.minutes_per == self.Per.WEEK:
            return round(self.minutes * self.days / 7)
        if self.decided_end is None or self.start is None:
            return self.minutes
        return round(self.minutes * self.days / ((self.decided_end - self.start).days + 1))


class Letter(OfCase):
    """A letter as it was decided: the data it is made of. The PDF is made from them, the same for ever."""

    class Kind(models.TextChoices):
        GRANT = "grant", _("bevilling")
        REFUSAL = "refusal", _("afslag")
        STOP = "stop", _("stop")
        HEARING = "hearing", _("høring")
        REASSESSMENT = "reassess", _("genvurdering")

    case = TenantKey(Case, models.CASCADE, related_name="letters", verbose_name=_("sag"))
    grant = TenantKey(Grant, models.CASCADE, null=True, related_name="letters", verbose_name=_("bevilling"))
    kind = models.CharField(_("art"), max_length=10, choices=Kind.choices)
    dated = models.DateField(_("dateret"))
    content = models.JSONField(_("indhold"))
    withdrawn = models.BooleanField(_("trukket tilbage"), default=False)
    # CHK-21: that the letter came, not only that it was sent; the time for complaint runs from that day
    delivered_on = models.DateField(_("kommet frem den"), null=True, blank=True)
    delivery_proof = models.CharField(_("bevis for, at det kom frem"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("afgørelsesbrev")
        verbose_name_plural = _("afgørelsesbreve")
        constraints = [
            models.CheckConstraint(condition=Q(delivered_on__isnull=True) | Q(delivered_on__gte=F("dated")) & ~Q(delivery_proof=""), name="letter_delivered"),
        ]

    class DataProtection:
        operational = ("case", "grant", "kind", "dated", "withdrawn", "delivered_on")
        free_text = ("content", "delivery_proof")
        purpose = "Meddele afgørelsen (forvaltningsloven §§ 22-25)"
        retention = "15.20.00"


class Hearing(OfCase):
    """Partshøring before a refusal or a stop: what speaks against the citizen, by when to answer, and the answer."""

    class About(models.TextChoices):
        REFUSAL = "refusal", _("afslag")
        STOP = "stop", _("stop")

    case = TenantKey(Case, models.CASCADE, related_name="hearings", verbose_name=_("sag"))
    grant = TenantKey(Grant, models.CASCADE, null=True, blank=True, related_name="hearings", verbose_name=_("bevilling"))
    letter = TenantKey(Letter, models.PROTECT, related_name="hearings", verbose_name=_("brev"))
    about = models.CharField(_("om"), max_length=8, choices=About.choices)
    against = models.TextField(_("hvad der taler imod borgeren"), max_length=10000)
    sent_on = models.DateField(_("sendt"))
    deadline = models.DateField(_("svar senest"))
    answered_on = models.DateField(_("besvaret den"), null=True, blank=True)
    answer = models.TextField(_("borgerens svar"), max_length=10000, blank=True)
    decided_on = models.DateField(_("afgjort eller frafaldet den"), null=True, blank=True)

    class Meta:
        verbose_name = _("partshøring")
        verbose_name_plural = _("partshøringer")
        constraints = [
            models.CheckConstraint(condition=Q(deadline__gt=F("sent_on")), name="hearing_time_to_answer"),
            models.CheckConstraint(
                condition=Q(answered_on__isnull=True, answer="") | Q(answered_on__isnull=False, answered_on__gte=F("sent_on")) & ~Q(answer=""),
                name="hearing_answer",
            ),
            models.UniqueConstraint(fields=["municipality", "case", "about"], condition=Q(decided_on__isnull=True), name="hearing_one_open"),
        ]

    class DataProtection:
        operational = ("case", "grant", "letter", "about", "sent_on", "deadline", "answered_on", "decided_on")
        free_text = ("against", "answer")
        purpose = "Høre borgeren før en afgørelse imod borgeren (forvaltningsloven § 19)"
        retention = "15.20.00"


class Price(Scoped):
    """What an hour of a kind of mentor costs the municipality from a date on."""

    mentor_kind = models.CharField(_("mentortype"), max_length=12, choices=Mentor.Kind.choices)
    valid_from = models.DateField(_("gælder fra"))
    per_hour = models.DecimalField(_("kroner i timen"), max_digits=8, decimal_places=2)

    class Meta:
        verbose_name = _("timepris")
        verbose_name_plural = _("timepriser")
        constraints = [models.UniqueConstraint(fields=["municipality", "mentor_kind", "valid_from"], name="price_once")]

    class DataProtection:
        operational = ("mentor_kind", "valid_from", "per_hour")
        purpose = "Vise hvad en bevilling koster, før den gives"
        retention = "none"

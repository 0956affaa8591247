"""Who looked at whom: a month's look-ups drawn by lot, those a rule points at, and what somebody else says of each.

The look-ups themselves are `audit.Lookup`, which nobody can change or delete. What stands here is what came of them.
"""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from snerydder.access.models import Staff
from snerydder.access.scope import Scoped, TenantKey
from snerydder.audit.models import Lookup
from snerydder.casework.people.models import Citizen


class LookupSample(Scoped):
    """One month's look-ups as a frozen, hashed list; the public number comes later, from two persons. A trigger holds both still."""

    month = models.DateField(_("måned"))
    list_text = models.TextField(_("den frosne liste"))
    list_hash = models.CharField(_("listens SHA-256"), max_length=64)
    population = models.PositiveIntegerField(_("opslag på listen"))
    size = models.PositiveIntegerField(_("hvor mange der udtrækkes"))
    seed_source = models.CharField(_("hvilket offentligt tal"), max_length=200)
    seed_day = models.DateField(_("tallet offentliggøres"))
    frozen_on = models.DateField(_("frosset den"))
    frozen_by = TenantKey(Staff, models.PROTECT, related_name="+", verbose_name=_("frosset af"))
    typed = models.CharField(_("tallet, som den første skrev det"), max_length=120, blank=True)
    typed_on = models.DateField(_("skrevet den"), null=True)
    typed_by = TenantKey(Staff, models.PROTECT, null=True, related_name="+", verbose_name=_("skrevet af"))
    seed = models.CharField(_("frø"), max_length=120, blank=True)
    drawn_on = models.DateField(_("udtrukket den"), null=True)
    confirmed_by = TenantKey(Staff, models.PROTECT, null=True, related_name="+", verbose_name=_("bekræftet af"))

    class Meta:
        verbose_name = _("stikprøve af opslag")
        verbose_name_plural = _("stikprøver af opslag")
        constraints = [
            models.UniqueConstraint(fields=["municipality", "month"], name="lookup_sample_month"),
            models.UniqueConstraint(fields=["municipality", "seed"], condition=~Q(seed=""), name="lookup_sample_seed_once"),
            models.CheckConstraint(
                condition=Q(seed="", drawn_on__isnull=True)
                | Q(seed=F("typed"), typed_by__isnull=False, confirmed_by__isnull=False, drawn_on__isnull=False) & ~Q(seed="") & ~Q(typed_by=F("confirmed_by")),
                name="lookup_sample_two_persons",
            ),
            models.CheckConstraint(
                condition=Q(seed_day__gte=F("frozen_on"), size__lte=F("population"), month__lt=F("frozen_on"))
                & (Q(typed_on__isnull=True) | Q(typed_on__gte=F("seed_day")))
                & (Q(drawn_on__isnull=True) | Q(drawn_on__gte=F("typed_on"))),
                name="lookup_sample_list_before_seed",
            ),
        ]

    class DataProtection:
        operational = (
            "month", "list_text", "list_hash", "population", "size", "seed_source", "seed_day", "frozen_on", "frozen_by", "typed", "typed_on", "typed_by",
            "seed", "drawn_on", "confirmed_by",
        )
        purpose = "Føre kontrol med hvem der ser borgeres oplysninger"
        retention = "log"

    @property
    def is_drawn(self) -> bool:
        return bool(self.seed)


class PickedLookup(Scoped):
    """A look-up somebody else must judge: the lot fell on it, or a rule pointed at it. Never judged by the one who looked."""

    class Verdict(models.TextChoices):
        PART_OF_THE_JOB = "job", _("i orden: en del af arbejdet")
        EXPLAINED = "explained", _("i orden efter forklaring")
        MISTAKE = "mistake", _("fejl: forkert borger eller forkert klik")
        NO_REASON = "no_reason", _("ingen grund i arbejdet")
        UNCLEAR = "unclear", _("kan ikke afgøres")

    class FollowUp(models.TextChoices):
        TALK = "talk", _("samtale med medarbejderen")
        RIGHTS = "rights", _("adgangen er ændret")
        ROUTINE = "routine", _("arbejdsgangen er ændret")
        TOLD = "told", _("borgeren har fået besked")
        BREACH = "breach", _("anmeldt til Datatilsynet")
        STAFF_CASE = "staff_case", _("personalesag")
        NOTHING = "nothing", _("der skal ikke gøres mere")

    lookup = TenantKey(Lookup, models.DO_NOTHING, unique=True, related_name="+", verbose_name=_("opslag"))
    looked_by = TenantKey(Staff, models.PROTECT, related_name="+", verbose_name=_("medarbejderen, der så"))
    month = models.DateField(_("måned"))
    citizen = TenantKey(Citizen, models.PROTECT, null=True, related_name="+", verbose_name=_("borger, som en regel peger på"))
    reasons = models.JSONField(_("hvorfor den er udtaget"), default=list, blank=True)
    sample = TenantKey(LookupSample, models.PROTECT, null=True, related_name="picked", verbose_name=_("stikprøve"))
    ticket = models.PositiveIntegerField(_("lodnummer"), null=True)
    rank = models.PositiveIntegerField(_("plads i lodtrækningen"), null=True)
    picked_on = models.DateField(_("udtaget den"))
    explanation = models.TextField(_("medarbejderens forklaring"), max_length=4000, blank=True)
    explained_on = models.DateField(_("forklaret den"), null=True)
    verdict = models.CharField(_("vurdering"), max_length=10, choices=Verdict.choices, blank=True)
    note = models.TextField(_("bemærkning"), max_length=4000, blank=True)
    reviewed_on = models.DateField(_("vurderet den"), null=True)
    reviewed_by = TenantKey(Staff, models.PROTECT, null=True, related_name="+", verbose_name=_("vurderet af"))
    follow_up = models.CharField(_("opfølgning"), max_length=10, choices=FollowUp.choices, blank=True)
    follow_up_note = models.TextField(_("hvad der er gjort"), max_length=4000, blank=True)
    followed_on = models.DateField(_("fulgt op den"), null=True)
    followed_by = TenantKey(Staff, models.PROTECT, null=True, related_name="+", verbose_name=_("fulgt op af"))

    NEEDS_FOLLOW_UP = (Verdict.MISTAKE, Verdict.NO_REASON)

    class Meta:
        verbose_name = _("udtaget opslag")
        verbose_name_plural = _("udtagne opslag")
        constraints = [
            models.CheckConstraint(condition=~Q(reasons=[]) | Q(sample__isnull=False, ticket__isnull=False, rank__isnull=False), name="picked_for_a_reason"),
            models.CheckConstraint(condition=Q(explanation="", explained_on__isnull=True) | ~Q(explanation="") & Q(explained_on__isnull=False), name="picked_explained"),
            models.CheckConstraint(
                condition=Q(verdict="", reviewed_by__isnull=True, reviewed_on__isnull=True)
                | ~Q(verdict="") & Q(reviewed_by__isnull=False, reviewed_on__isnull=False) & ~Q(reviewed_by=F("looked_by")),
                name="picked_judged_by_another",
            ),
            models.CheckConstraint(condition=Q(verdict__in=["", "job"]) | ~Q(note=""), name="picked_says_why"),
            models.CheckConstraint(
                condition=Q(follow_up="", followed_by__isnull=True, followed_on__isnull=True)
                | Q(verdict__in=["mistake", "no_reason"], followed_by__isnull=False, followed_on__isnull=False)
                & ~Q(follow_up="") & ~Q(follow_up_note="") & ~Q(followed_by=F("looked_by")),
                name="picked_followed_by_another",
            ),
            models.UniqueConstraint(fields=["sample", "rank"], condition=Q(sample__isnull=False), name="picked_rank"),
        ]
        indexes = [models.Index(fields=["municipality", "looked_by", "month"], name="picked_looked_by")]

    class DataProtection:
        identity = ("citizen", "reasons")
        operational = (
            "lookup", "looked_by", "month", "sample", "ticket", "rank", "picked_on", "explained_on", "verdict", "reviewed_on", "reviewed_by", "follow_up",
            "followed_on", "followed_by",
        )
        free_text = ("explanation", "note", "follow_up_note")
        purpose = "Føre kontrol med hvem der ser borgeres oplysninger"
        retention = "log"

    @property
    def waits_for_follow_up(self) -> bool:
        return self.verdict in self.NEEDS_FOLLOW_UP and not self.follow_up


class LookupCode(Scoped):
    """What lets a citizen see the list of look-ups at himself without a sign-in. The code itself is not kept."""

    citizen = TenantKey(Citizen, models.CASCADE, related_name="+", verbose_name=_("borger"))
    code_hash = models.CharField(max_length=64)
    made_on = models.DateField(_("lavet den"))
    made_by = TenantKey(Staff, models.PROTECT, related_name="+", verbose_name=_("lavet af"))
    expires_on = models.DateField(_("virker til og med"))

    class Meta:
        verbose_name = _("kode til opslag")
        verbose_name_plural = _("koder til opslag")
        constraints = [
            models.UniqueConstraint(fields=["municipality", "code_hash"], name="lookup_code"),
            models.CheckConstraint(condition=Q(expires_on__gte=F("made_on")), name="lookup_code_dates"),
        ]

    class DataProtection:
        identity = ("citizen",)
        operational = ("code_hash", "made_on", "made_by", "expires_on")
        purpose = "Vise borgeren hvornår og hvorfor oplysningerne er set (databeskyttelsesforordningen art. 15)"
        retention = "log"


def month_of(day: date) -> date:
    return day.replace(day=1)

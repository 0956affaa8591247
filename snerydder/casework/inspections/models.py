"""Tilsyn: a sample that anyone can draw again, what was answered of each case, and what came of it."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from snerydder.access.models import Staff
from snerydder.access.scope import Scoped, TenantKey
from snerydder.casework.cases.models import Case, OfCase
from snerydder.casework.inspections.states import SampleState


class Sample(Scoped):
    """The list is frozen and hashed when the row is made; the seed comes later, from two persons. A trigger holds both still.

    A round across municipalities is a sample too: its list has municipalities, and each of them makes its own sample of cases for it.
    """

    class Kind(models.TextChoices):
        CASES = "cases", _("sager i kommunen")
        MUNICIPALITIES = "municipalities", _("runde på tværs af kommuner")

    kind = models.CharField(_("hvad der trækkes lod om"), max_length=14, choices=Kind.choices, default=Kind.CASES)
    round_hash = models.CharField(_("SHA-256 af den runde, stikprøven svarer på"), max_length=64, blank=True)
    number = models.PositiveIntegerField(_("nummer"))
    title = models.CharField(_("hvad stikprøven handler om"), max_length=120)
    state = models.CharField(_("tilstand"), max_length=10, choices=SampleState.choices, default=SampleState.FROZEN)
    guide = models.CharField(_("spørgeguide"), max_length=20)
    # frozen
    list_text = models.TextField(_("den frosne liste"))
    list_hash = models.CharField(_("listens SHA-256"), max_length=64)
    population = models.PositiveIntegerField(_("sager på listen"))
    strata = models.JSONField(_("grupper"))
    seed_source = models.CharField(_("hvilket offentligt tal"), max_length=200)
    seed_day = models.DateField(_("tallet offentliggøres"))
    frozen_on = models.DateField(_("frosset den"))
    frozen_by = TenantKey(Staff, models.PROTECT, related_name="+", verbose_name=_("frosset af"))
    answer_by = models.DateField(_("svar senest"))
    # drawn
    typed = models.CharField(_("tallet, som den første skrev det"), max_length=120, blank=True)
    typed_on = models.DateField(_("skrevet den"), null=True)
    typed_by = TenantKey(Staff, models.PROTECT, null=True, related_name="+", verbose_name=_("skrevet af"))
    seed = models.CharField(_("frø"), max_length=120, blank=True)
    drawn_on = models.DateField(_("udtrukket den"), null=True)
    confirmed_by = TenantKey(Staff, models.PROTECT, null=True, related_name="+", verbose_name=_("bekræftet af"))
    # ended
    ended_on = models.DateField(_("afsluttet den"), null=True)
    ended_by = TenantKey(Staff, models.PROTECT, null=True, related_name="+", verbose_name=_("afsluttet af"))
    conclusion = models.TextField(_("konklusion"), max_length=10000, blank=True)

    class Meta:
        verbose_name = _("stikprøve")
        verbose_name_plural = _("stikprøver")
        constraints = [
            models.UniqueConstraint(fields=["municipality", "number"], name="sample_number"),
            models.UniqueConstraint(fields=["municipality", "kind", "seed"], condition=~Q(seed=""), name="sample_seed_once"),
            models.UniqueConstraint(fields=["municipality", "round_hash"], condition=~Q(round_hash="") & ~Q(state="given_up"), name="sample_round_once"),
            models.CheckConstraint(
                condition=Q(seed="") | Q(seed=F("typed"), typed_by__isnull=False, confirmed_by__isnull=False) & ~Q(typed_by=F("confirmed_by")),
                name="sample_two_persons",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["frozen", "given_up"], seed="") | Q(state__in=["drawn", "reported"], drawn_on__isnull=False) & ~Q(seed=""),
                name="sample_drawn_by_a_seed",
            ),
            models.CheckConstraint(
                condition=Q(seed_day__gte=F("frozen_on"))
                & (Q(typed_on__isnull=True) | Q(typed_on__gte=F("seed_day")))
                & (Q(drawn_on__isnull=True) | Q(drawn_on__gte=F("typed_on"))),
                name="sample_list_before_seed",
            ),
            models.CheckConstraint(condition=Q(state__in=["frozen", "drawn"]) | Q(ended_on__isnull=False, ended_by__isnull=False), name="sample_ended"),
        ]

    class DataProtection:
        operational = (
            "number", "kind", "round_hash", "title", "state", "guide", "list_text", "list_hash", "population", "strata", "seed_source", "seed_day", "frozen_on", "frozen_by",
            "answer_by", "typed", "typed_on", "typed_by", "seed", "drawn_on", "confirmed_by", "ended_on", "ended_by",
        )
        free_text = ("conclusion",)
        purpose = "Føre tilsyn med om sagerne følger loven"
        retention = "15.20.00"

    def __str__(self) -> str:
        return str(self.number)

    @property
    def is_drawn(self) -> bool:
        return bool(self.seed)

    @property
    def is_round(self) -> bool:
        return self.kind == self.Kind.MUNICIPALITIES

    @property
    def size(self) -> int:
        return sum(stratum["size"] for stratum in self.strata)


class Ticket(OfCase):
    """A case on the frozen list. Its number and its opaque mark are published; which case it is stays here. Written once."""

    sample = TenantKey(Sample, models.PROTECT, related_name="tickets", verbose_name=_("stikprøve"))
    number = models.PositiveIntegerField(_("lodnummer"))
    case = TenantKey(Case, models.PROTECT, related_name="+", verbose_name=_("sag"))
    stratum = models.CharField(_("gruppe"), max_length=10)

    class Meta:
        verbose_name = _("lod")
        verbose_name_plural = _("lodder")
        constraints = [
            models.UniqueConstraint(fields=["sample", "number"], name="ticket_number"),
            models.UniqueConstraint(fields=["sample", "case"], name="ticket_case"),
        ]

    class DataProtection:
        operational = ("sample", "number", "case", "stratum")
        purpose = "Kunne vise hvilken sag hvert lod står for"
        retention = "15.20.00"

    @property
    def mark(self) -> str:
        """The case's name on the published list: another one in every sample."""
        return self.pk.hex[:16]


class DrawnCase(OfCase):
    """A case the draw fell on. Written once, and only when the sample has its seed (a trigger)."""

    sample = TenantKey(Sample, models.PROTECT, related_name="drawn_cases", verbose_name=_("stikprøve"))
    ticket = TenantKey(Ticket, models.PROTECT, unique=True, related_name="+", verbose_name=_("lod"))
    case = TenantKey(Case, models.PROTECT, related_name="+", verbose_name=_("sag"))
    stratum = models.CharField(_("gruppe"), max_length=10)
    rank = models.PositiveIntegerField(_("plads i lodtrækningen"))

    class Meta:
        verbose_name = _("udtrukket sag")
        verbose_name_plural = _("udtrukne sager")
        constraints = [models.UniqueConstraint(fields=["sample", "stratum", "rank"], name="drawn_rank")]

    class DataProtection:
        operational = ("sample", "ticket", "case", "stratum", "rank")
        purpose = "Føre tilsyn med om sagerne følger loven"
        retention = "15.20.00"


class Member(Scoped):
    """A municipality on the list of a round, and the figures it has sent. No row of a case ever leaves its municipality."""

    STRATUM = "kommuner"

    sample = TenantKey(Sample, models.PROTECT, related_name="members", verbose_name=_("runde"))
    number = models.PositiveIntegerField(_("lodnummer"))
    code = models.PositiveSmallIntegerField(_("kommunenummer"))
    name = models.CharField(_("kommune"), max_length=80)
    rank = models.PositiveIntegerField(_("plads i lodtrækningen"), null=True)
    key = models.CharField(_("kommunens nøgle"), max_length=64, blank=True)
    list_hash = models.CharField(_("SHA-256 af kommunens liste"), max_length=64, blank=True)
    listed_on = models.DateField(_("listen modtaget"), null=True)
    cases_there = models.PositiveIntegerField(_("sager på kommunens liste"), null=True)
    procedures = models.JSONField(_("svar om forretningsgange"), null=True)
    cases = models.JSONField(_("tal om sagerne"), null=True)
    received_on = models.DateField(_("seneste svar"), null=True)
    received_by = TenantKey(Staff, models.PROTECT, null=True, related_name="+", verbose_name=_("modtaget af"))

    class Meta:
        verbose_name = _("kommune i en runde")
        verbose_name_plural = _("kommuner i en runde")
        constraints = [
            models.UniqueConstraint(fields=["sample", "number"], name="member_number"),
            models.UniqueConstraint(fields=["sample", "code"], name="member_once"),
            models.CheckConstraint(condition=Q(cases__isnull=True) | Q(rank__isnull=False), name="member_cases_when_drawn"),
            models.CheckConstraint(condition=Q(received_on__isnull=True) | ~Q(key="") & ~Q(list_hash="") & Q(listed_on__isnull=False, cases_there__isnull=False), name="member_signed"),
        ]

    class DataProtection:
        operational = ("sample", "number", "code", "name", "rank", "key", "list_hash", "listed_on", "received_on", "received_by")
        aggregate = ("cases_there", "procedures", "cases")
        purpose = "Sammenligne kommunernes tilsyn uden at se deres sager"
        retention = "none"

    @property
    def mark(self) -> str:
        """How the municipality stands on the published list."""
        return f"{self.code:03d} {self.name}"

    @property
    def stratum(self) -> str:
        return self.STRATUM

    @property
    def ticket(self) -> "Member":
        """A municipality is its own ticket."""
        return self


class Answer(Scoped):
    """What the auditor found on one line of the guide: about a case, or (part 1) about the municipality's procedures."""

    class Verdict(models.TextChoices):
        OK = "ok", _("i orden")
        LACKING = "lacking", _("mangler")
        UNCLEAR = "unclear", _("kan ikke afgøres")

    sample = TenantKey(Sample, models.PROTECT, related_name="answers", verbose_name=_("stikprøve"))
    drawn_case = TenantKey(DrawnCase, models.PROTECT, null=True, related_name="answers", verbose_name=_("udtrukket sag"))
    line = models.CharField(_("linje i guiden"), max_length=20)
    verdict = models.CharField(_("svar"), max_length=8, choices=Verdict.choices)
    note = models.TextField(_("bemærkning"), max_length=4000, blank=True)
    answered_on = models.DateField(_("besvaret den"))
    answered_by = TenantKey(Staff, models.PROTECT, related_name="+", verbose_name=_("besvaret af"))

    class Meta:
        verbose_name = _("svar i tilsynet")
        verbose_name_plural = _("svar i tilsynet")
        constraints = [
            models.UniqueConstraint(fields=["drawn_case", "line"], name="answer_once"),
            models.UniqueConstraint(fields=["sample", "line"], condition=Q(drawn_case__isnull=True), name="answer_once_of_all"),
            models.CheckConstraint(condition=Q(verdict="ok") | ~Q(note=""), name="answer_says_why"),
        ]

    class DataProtection:
        operational = ("sample", "drawn_case", "line", "verdict", "answered_on", "answered_by")
        free_text = ("note",)
        purpose = "Føre tilsyn med om sagerne følger loven"
        retention = "15.20.00"


class Finding(Scoped):
    """What a sample showed that must be mended, in words that name no citizen."""

    sample = TenantKey(Sample, models.PROTECT, related_name="findings", verbose_name=_("stikprøve"))
    line = models.CharField(_("linje i guiden"), max_length=20, blank=True)
    text = models.TextField(_("hvad der er fundet"), max_length=4000)
    made_on = models.DateField(_("skrevet den"))
    made_by = TenantKey(Staff, models.PROTECT, related_name="+", verbose_name=_("skrevet af"))

    class Meta:
        verbose_name = _("fund")
        verbose_name_plural = _("fund")

    class DataProtection:
        operational = ("sample", "line", "made_on", "made_by")
        free_text = ("text",)
        purpose = "Rette det, tilsynet viste"
        retention = "15.20.00"


class Measure(Scoped):
    """What is done about a finding: by whom, by when, and whether somebody else has seen that it helped."""

    finding = TenantKey(Finding, models.PROTECT, related_name="measures", verbose_name=_("fund"))
    text = models.TextField(_("hvad der skal gøres"), max_length=4000)
    owner = TenantKey(Staff, models.PROTECT, related_name="+", verbose_name=_("ansvarlig"))
    due_on = models.DateField(_("frist"))
    made_on = models.DateField(_("aftalt den"))
    done_on = models.DateField(_("gjort den"), null=True)
    done_text = models.TextField(_("hvad der er gjort"), max_length=4000, blank=True)
    checked_on = models.DateField(_("set efter den"), null=True)
    checked_by = TenantKey(Staff, models.PROTECT, null=True, related_name="+", verbose_name=_("set efter af"))
    helped = models.BooleanField(_("det hjalp"), null=True)
    checked_text = models.TextField(_("hvad eftersynet viste"), max_length=4000, blank=True)

    class Meta:
        verbose_name = _("tiltag")
        verbose_name_plural = _("tiltag")
        constraints = [
            models.CheckConstraint(condition=Q(due_on__gte=F("made_on")), name="measure_dates"),
            models.CheckConstraint(condition=Q(done_on__isnull=True) | ~Q(done_text=""), name="measure_says_what_was_done"),
            models.CheckConstraint(
                condition=Q(checked_on__isnull=True)
                | Q(done_on__isnull=False, checked_by__isnull=False, helped__isnull=False, checked_on__gte=F("done_on")) & ~Q(checked_by=F("owner")),
                name="measure_checked_by_another",
            ),
        ]
        indexes = [models.Index(fields=["municipality", "owner", "due_on"], condition=Q(done_on__isnull=True), name="measure_open")]

    class DataProtection:
        operational = ("finding", "owner", "due_on", "made_on", "done_on", "checked_on", "checked_by", "helped")
        free_text = ("text", "done_text", "checked_text")
        purpose = "Rette det, tilsynet viste"
        retention = "15.20.00"

    @property
    def is_late(self) -> bool:
        return self.done_on is None and self.due_on < timezone.localdate()


class Procedure(Scoped):
    """One version of one of the fourteen procedures a municipality must have. A new version is a new row: the old ones stay."""

    key = models.CharField(_("hvilken forretningsgang"), max_length=20)
    version = models.PositiveIntegerField(_("udgave"))
    owner = TenantKey(Staff, models.PROTECT, related_name="+", verbose_name=_("ejer"))
    where = models.CharField(_("hvor den ligger"), max_length=300)
    valid_from = models.DateField(_("gælder fra"))
    review_on = models.DateField(_("gennemgås senest"))

    class Meta:
        verbose_name = _("forretningsgang")
        verbose_name_plural = _("forretningsgange")
        constraints = [
            models.UniqueConstraint(fields=["municipality", "key", "version"], name="procedure_version"),
            models.CheckConstraint(condition=Q(review_on__gt=F("valid_from")), name="procedure_dates"),
        ]

    class DataProtection:
        operational = ("key", "version", "owner", "where", "valid_from", "review_on")
        purpose = "Vide hvilke arbejdsgange der gælder, og om sagerne følger dem"
        retention = "none"

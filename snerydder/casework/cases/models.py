"""Sagen: from referral to closing. The case row carries its own summary, kept by the verbs and one trigger, so that a
desk over fifty thousand cases touches as few pages as one over five thousand (speed.md, section 6)."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from snerydder.access.models import Staff, Unit
from snerydder.access.scope import Scoped, TenantKey
from snerydder.casework.cases.states import Barrier, Stage
from snerydder.casework.people.models import Citizen, Mentor

OPEN = Q(closed_on__isnull=True)


class Case(Scoped):
    reach = ""
    person = "citizen_id"

    number = models.CharField(_("sagsnummer"), max_length=12)
    citizen = TenantKey(Citizen, models.PROTECT, related_name="cases", verbose_name=_("borger"))
    unit = TenantKey(Unit, models.PROTECT, related_name="cases", verbose_name=_("enhed"))
    caseworker = TenantKey(Staff, models.PROTECT, null=True, related_name="cases", verbose_name=_("sagsbehandler"))
    mentor = TenantKey(Mentor, models.PROTECT, null=True, blank=True, related_name="cases", verbose_name=_("mentor"))
    stage = models.CharField(_("trin"), max_length=12, choices=Stage.choices, default=Stage.REFERRED)
    version = models.PositiveIntegerField(default=1)
    opened_on = models.DateField(_("henvist"))
    started_on = models.DateField(_("startet"), null=True, blank=True)
    closed_on = models.DateField(_("afsluttet"), null=True, blank=True)
    next_deadline = models.DateField(_("næste frist"), null=True, blank=True)
    follow_up_due = models.DateField(_("næste opfølgning"), null=True, blank=True)
    # the period that counts: the one running, else the next, else the last; minutes_granted and minutes_used are its own
    grant_start = models.DateField(_("perioden begynder"), null=True, blank=True)
    period_end = models.DateField(_("perioden slutter"), null=True, blank=True)
    # the last day of everything granted: after it nothing is in force
    grant_end = models.DateField(_("bevilget til"), null=True, blank=True)
    minutes_granted = models.PositiveIntegerField(_("bevilgede minutter"), default=0)
    agreement_complete = models.BooleanField(_("aftalen er på plads"), default=False)
    # the last day of the agreement that runs, written by agreements.actions
    agreement_end = models.DateField(_("aftalen gælder til"), null=True, blank=True)
    # contacts, written by the trigger in contacts
    first_contact_on = models.DateField(_("første kontakt"), null=True, blank=True)
    last_contact_on = models.DateField(_("seneste kontakt"), null=True, blank=True)
    last_week = models.PositiveIntegerField(_("seneste uge med kontakt"), null=True, blank=True)
    weeks_with_contact = models.PositiveIntegerField(_("uger med kontakt"), default=0)
    minutes_used = models.PositiveIntegerField(_("brugte minutter"), default=0)
    # checks that stop and that warn, written every night by checks.nightly
    checks_stop = models.PositiveSmallIntegerField(_("kontroller, der stopper"), default=0)
    checks_warn = models.PositiveSmallIntegerField(_("kontroller, der advarer"), default=0)
    # contacts up to and including this day are approved by a follow-up and cannot be changed
    locked_until = models.DateField(_("låst til og med"), null=True, blank=True)

    class Meta:
        verbose_name = _("sag")
        verbose_name_plural = _("sager")
        constraints = [
            models.UniqueConstraint(fields=["municipality", "number"], name="case_number"),
            models.UniqueConstraint(fields=["municipality", "citizen"], condition=OPEN, name="case_one_open"),
            models.CheckConstraint(condition=Q(closed_on__isnull=True) | Q(closed_on__gte=models.F("opened_on")), name="case_dates"),
        ]
        indexes = [
            models.Index(fields=["municipality", "last_contact_on", "id"], condition=OPEN, name="case_open_silent"),
            models.Index(fields=["municipality", "next_deadline", "id"], condition=OPEN, name="case_open_deadline"),
            models.Index(fields=["municipality", "grant_end", "id"], condition=OPEN, name="case_open_expiry"),
            models.Index(fields=["municipality", "mentor", "id"], condition=OPEN, name="case_open_mentor"),
            models.Index(fields=["municipality", "caseworker", "id"], condition=OPEN, name="case_open_worker"),
        ]

    class DataProtection:
        operational = (
            "number", "citizen", "unit", "caseworker", "mentor", "stage", "version", "opened_on", "started_on", "closed_on",
            "next_deadline", "follow_up_due", "grant_start", "period_end", "grant_end",
            "agreement_complete", "agreement_end", "first_contact_on", "last_contact_on", "last_week", "locked_until",
        )
        aggregate = ("minutes_granted", "weeks_with_contact", "minutes_used", "checks_stop", "checks_warn")
        purpose = "Styre sagens forløb"
        retention = "15.20.00"

    def __str__(self) -> str:
        return self.number

    @property
    def is_open(self) -> bool:
        return self.closed_on is None


class OfCase(Scoped):
    """A row that belongs to a case and is reached through it."""

    reach = "case__"
    person = "case.citizen_id"

    class Meta:
        abstract = True


class Referral(OfCase):
    case = TenantKey(Case, models.CASCADE, unique=True, related_name="referrals", verbose_name=_("sag"))
    made_on = models.DateField(_("henvist den"))
    made_by = TenantKey(Staff, models.PROTECT, related_name="+", verbose_name=_("henvist af"))
    need = models.TextField(_("behov"), max_length=10000)
    barriers = ArrayField(models.CharField(max_length=30), verbose_name=_("barrierer"), default=list, blank=True)
    wished_start = models.DateField(_("ønsket start"), null=True, blank=True)
    citizen_says = models.TextField(_("borgerens egne ord"), max_length=10000, blank=True)

    class Meta:
        verbose_name = _("henvisning")
        verbose_name_plural = _("henvisninger")

    class DataProtection:
        operational = ("case", "made_on", "made_by", "wished_start")
        sensitive = ("barriers",)
        free_text = ("need", "citizen_says")
        purpose = "Oplyse behovet for mentorstøtte"
        retention = "15.20.00"

    @property
    def barrier_labels(self) -> list[str]:
        return [str(Barrier(key).label) for key in self.barriers if key in Barrier.values]


class Assessment(OfCase):
    """Konkret vurdering: a named caseworker's reasons, one for each period (facts L2, L7, L9; CHK-04, CHK-06)."""

    class Conclusion(models.TextChoices):
        GRANT = "grant", _("behov for mentor")
        REFUSE = "refuse", _("ikke behov for mentor")

    case = TenantKey(Case, models.CASCADE, related_name="assessments", verbose_name=_("sag"))
    made_on = models.DateField(_("vurderet den"))
    made_by = TenantKey(Staff, models.PROTECT, related_name="+", verbose_name=_("vurderet af"))
    target_group = models.CharField(_("målgruppe"), max_length=8, blank=True)
    outside_section_6 = models.BooleanField(_("ansat uden for LAB § 6"), default=False)
    need = models.TextField(_("vurdering af behovet"), max_length=10000)
    decisive = models.BooleanField(_("støtten er af afgørende betydning"), default=False)
    decisive_reason = models.TextField(_("hvorfor støtten er afgørende"), max_length=10000, blank=True)
    citizen_agrees = models.BooleanField(_("borgeren vil gerne have en mentor"), null=True, blank=True)
    conclusion = models.CharField(_("konklusion"), max_length=8, choices=Conclusion.choices)
    withdrawn = models.BooleanField(_("fortrudt"), default=False)

    class Meta:
        verbose_name = _("konkret vurdering")
        verbose_name_plural = _("konkrete vurderinger")

    class DataProtection:
        operational = ("case", "made_on", "made_by", "conclusion", "withdrawn")
        sensitive = ("target_group", "outside_section_6", "decisive", "citizen_agrees")
        free_text = ("need", "decisive_reason")
        purpose = "Begrunde afgørelsen (forvaltningsloven §§ 22-24)"
        retention = "15.20.00"


class Goal(OfCase):
    class Result(models.TextChoices):
        OPEN = "open", _("i gang")
        REACHED = "reached", _("nået")
        PARTLY = "partly", _("delvist nået")
        NOT = "not", _("ikke nået")

    case = TenantKey(Case, models.CASCADE, related_name="goals", verbose_name=_("sag"))
    text = models.CharField(_("mål"), max_length=300)
    own_words = models.CharField(_("borgerens egne ord"), max_length=500, blank=True)
    result = models.CharField(_("resultat"), max_length=8, choices=Result.choices, default=Result.OPEN)
    set_on = models.DateField(_("sat den"))

    class Meta:
        verbose_name = _("mål")
        verbose_name_plural = _("mål")

    class DataProtection:
        operational = ("case", "result", "set_on")
        free_text = ("text", "own_words")
        purpose = "Styre indsatsen efter borgerens mål"
        retention = "15.20.00"

    def __str__(self) -> str:
        return self.text


class FollowUp(OfCase):
    class Decision(models.TextChoices):
        GO_ON = "go_on", _("fortsæt")
        CHANGE = "change", _("ændr")
        STOP = "stop", _("stop")

    case = TenantKey(Case, models.CASCADE, related_name="follow_ups", verbose_name=_("sag"))
    held_on = models.DateField(_("holdt den"))
    held_by = TenantKey(Staff, models.PROTECT, related_name="+", verbose_name=_("holdt af"))
    citizen_took_part = models.BooleanField(_("borgeren var med"), default=True)
    text = models.TextField(_("hvad I talte om"), max_length=10000)
    decision = models.CharField(_("beslutning"), max_length=8, choices=Decision.choices)
    change = models.TextField(_("hvad der ændres"), max_length=10000, blank=True)
    next_on = models.DateField(_("næste opfølgning"), null=True, blank=True)
    contacts_approved = models.BooleanField(_("kontakterne er gennemgået"), default=False)
    withdrawn = models.BooleanField(_("fortrudt"), default=False)

    class Meta:
        verbose_name = _("opfølgning")
        verbose_name_plural = _("opfølgninger")

    class DataProtection:
        operational = ("case", "held_on", "held_by", "citizen_took_part", "decision", "next_on", "contacts_approved", "withdrawn")
        free_text = ("text", "change")
        purpose = "Følge op på mål og leverede timer (CHK-28)"
        retention = "15.20.00"


class Closing(OfCase):
    class Follows(models.TextChoices):
        EDUCATION = "education", _("uddannelse")
        JOB = "job", _("ordinært job")
        FLEXJOB = "flexjob", _("fleksjob")
        OFFER = "offer", _("tilbud eller praktik")
        COURSE = "course", _("kontaktforløb uden mentor")
        MOVED = "moved", _("flyttet til anden kommune")
        OTHER = "other", _("andet")

    case = TenantKey(Case, models.CASCADE, related_name="closings", verbose_name=_("sag"))
    closed_on = models.DateField(_("afsluttet den"))
    closed_by = TenantKey(Staff, models.PROTECT, related_name="+", verbose_name=_("afsluttet af"))
    goal_result = models.CharField(_("målet er"), max_length=8, choices=[c for c in Goal.Result.choices if c[0] != "open"])
    result_text = models.TextField(_("vurdering af virkningen"), max_length=10000)
    follows = models.CharField(_("hvad der følger"), max_length=12, choices=Follows.choices)
    after_care = models.TextField(_("efterværn"), max_length=10000, blank=True)
    after_care_until = models.DateField(_("efterværn til"), null=True, blank=True)
    reopened = models.BooleanField(_("genåbnet"), default=False)

    class Meta:
        verbose_name = _("afslutning")
        verbose_name_plural = _("afslutninger")

    class DataProtection:
        operational = ("case", "closed_on", "closed_by", "goal_result", "follows", "after_care_until", "reopened")
        free_text = ("result_text", "after_care")
        purpose = "Vurdere virkningen (CHK-29)"
        retention = "15.20.00"


class StoredVerdict(OfCase):
    """What the law said about a step on the day it was taken, with the version of the rulebook. Never recomputed."""

    case = TenantKey(Case, models.CASCADE, related_name="verdicts", verbose_name=_("sag"))
    step = models.CharField(_("trin"), max_length=12)
    object_id = models.UUIDField()
    check_id = models.CharField(_("kontrol"), max_length=12)
    level = models.CharField(_("udfald"), max_length=5)
    what = models.JSONField(_("hvad"), default=list)  # sentences, as `spoken.kept` keeps them
    mend = models.JSONField(_("hvad der skal til"), default=list, blank=True)
    citation = models.CharField(_("hvor det står"), max_length=200, blank=True)
    judged_on = models.DateField(_("efter reglerne den"))
    law_version = models.CharField(_("regelsæt"), max_length=40)
    judged_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("kontrolresultat")
        verbose_name_plural = _("kontrolresultater")

    class DataProtection:
        operational = ("case", "step", "object_id", "check_id", "level", "what", "mend", "citation", "judged_on", "law_version", "judged_at")
        purpose = "Vise hvilke regler sagen blev holdt op imod"
        retention = "15.20.00"


class FormDraft(OfCase):
    """What somebody typed in a long form on a case and has not saved. Kept on the server, also over a log-out."""

    case = TenantKey(Case, models.CASCADE, related_name="form_drafts", verbose_name=_("sag"))
    staff = TenantKey(Staff, models.CASCADE, related_name="form_drafts", verbose_name=_("medarbejder"))
    page = models.CharField(_("side"), max_length=20)
    content = models.JSONField(_("indhold"), default=dict)
    saved_at = models.DateTimeField(_("gemt"), auto_now=True)

    class Meta:
        verbose_name = _("kladde på en sag")
        verbose_name_plural = _("kladder på en sag")
        constraints = [models.UniqueConstraint(fields=["municipality", "case", "staff", "page"], name="form_draft_once")]

    class DataProtection:
        operational = ("case", "staff", "page", "saved_at")
        free_text = ("content",)
        purpose = "Ikke tabe det medarbejderen har skrevet"
        retention = "30 days"


def stage_label(stage: str) -> Any:
    return Stage(stage).label

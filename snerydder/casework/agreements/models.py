"""Match og mentoraftale: who became mentor and why, and what three parties agreed."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from snerydder.access.models import Staff
from snerydder.access.scope import TenantKey
from snerydder.casework.agreements.states import AgreementState, Party
from snerydder.casework.cases.models import Case, OfCase
from snerydder.casework.grants.models import Grant
from snerydder.casework.people.models import Mentor


class Match(OfCase):
    """A person chose this mentor, for this reason, among these suggestions."""

    case = TenantKey(Case, models.CASCADE, related_name="matches", verbose_name=_("sag"))
    mentor = TenantKey(Mentor, models.PROTECT, related_name="matches", verbose_name=_("mentor"))
    chosen_by = TenantKey(Staff, models.PROTECT, related_name="+", verbose_name=_("valgt af"))
    chosen_on = models.DateField(_("valgt den"))
    reason = models.TextField(_("hvorfor denne mentor"), max_length=2000)
    citizen_wish = models.TextField(_("borgerens ønske"), max_length=2000, blank=True)
    suggestions = models.JSONField(_("forslag"), default=list)
    withdrawn = models.BooleanField(_("fortrudt eller afløst"), default=False)

    class Meta:
        verbose_name = _("match")
        verbose_name_plural = _("match")
        constraints = [models.UniqueConstraint(fields=["municipality", "case"], condition=Q(withdrawn=False), name="match_one")]

    class DataProtection:
        operational = ("case", "mentor", "chosen_by", "chosen_on", "suggestions", "withdrawn")
        free_text = ("reason", "citizen_wish")
        purpose = "Begrunde valget af mentor"
        retention = "15.20.00"


class Veto(OfCase):
    """The citizen does not want this mentor. It is not a breach of anything (facts L16)."""

    case = TenantKey(Case, models.CASCADE, related_name="vetoes", verbose_name=_("sag"))
    mentor = TenantKey(Mentor, models.CASCADE, related_name="+", verbose_name=_("mentor"))
    said_on = models.DateField(_("sagt den"))
    reason = models.CharField(_("hvorfor"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("fravalg")
        verbose_name_plural = _("fravalg")
        constraints = [models.UniqueConstraint(fields=["municipality", "case", "mentor"], name="veto_once")]

    class DataProtection:
        operational = ("case", "mentor", "said_on")
        free_text = ("reason",)
        purpose = "Respektere borgerens fravalg"
        retention = "15.20.00"


class Agreement(OfCase):
    """Mentoraftale between citizen, mentor and municipality (facts F5: the six required items, and purpose and qualifications)."""

    case = TenantKey(Case, models.CASCADE, related_name="agreements", verbose_name=_("sag"))
    grant = TenantKey(Grant, models.PROTECT, related_name="agreements", verbose_name=_("bevilling"))
    mentor = TenantKey(Mentor, models.PROTECT, related_name="agreements", verbose_name=_("mentor"))
    state = models.CharField(_("tilstand"), max_length=10, choices=AgreementState.choices, default=AgreementState.DRAFT)
    goal = models.TextField(_("mål"), max_length=4000)
    mentor_contact = models.CharField(_("mentors kontaktoplysninger"), max_length=200)
    start = models.DateField(_("fra"))
    end = models.DateField(_("til og med"))
    minutes = models.PositiveIntegerField(_("minutter"))
    minutes_per = models.CharField(_("timerne gælder"), max_length=6, choices=Grant.Per.choices)
    complaint_guidance = models.TextField(_("klagevejledning"), max_length=4000)
    own_car = models.BooleanField(_("mentor må køre borgeren i egen bil"), default=False)
    tries = models.PositiveSmallIntegerField(_("forsøg på kontakt før mentor giver besked"), default=3)
    who_does_what = models.TextField(_("hvem gør hvad"), max_length=4000, blank=True)
    beyond_usual = models.TextField(_("ud over det sædvanlige"), max_length=2000, blank=True)
    no_usual_work = models.BooleanField(_("laver ikke eget arbejde i mentortimerne"), default=False)
    started_on = models.DateField(_("startet den"), null=True, blank=True)
    ended_on = models.DateField(_("ophørt den"), null=True, blank=True)
    # the agreement this one took over from when it started: an undone start gives way to it again
    follows = TenantKey("self", models.SET_NULL, null=True, blank=True, related_name="followed_by", verbose_name=_("afløser"))
    # CHK-20: mentor and goal stand in the citizen's Min Plan since that day
    min_plan_on = models.DateField(_("står i Min Plan siden"), null=True, blank=True)
    # raised by every change of content, so that nobody says yes to something else than they read
    edition = models.PositiveSmallIntegerField(_("udgave"), default=1)

    class Meta:
        verbose_name = _("mentoraftale")
        verbose_name_plural = _("mentoraftaler")
        constraints = [
            models.CheckConstraint(condition=Q(end__gte=F("start")), name="agreement_dates"),
            models.UniqueConstraint(fields=["municipality", "case"], condition=Q(state__in=["draft", "agreed"]), name="agreement_one_coming"),
            models.UniqueConstraint(fields=["municipality", "case"], condition=Q(state="active"), name="agreement_one_running"),
        ]

    class DataProtection:
        operational = (
            "case", "grant", "mentor", "state", "start", "end", "minutes", "minutes_per", "complaint_guidance", "own_car", "tries",
            "no_usual_work", "started_on", "ended_on", "follows", "edition", "min_plan_on",
        )
        identity = ("mentor_contact",)
        free_text = ("goal", "who_does_what", "beyond_usual")
        purpose = "Aftale mål, opgaver, timer og spilleregler (CHK-10 til CHK-18)"
        retention = "15.20.00"


class Task(OfCase):
    """One thing the mentor is to help with. `kind` is a key of law.help_kinds()."""

    reach = "agreement__case__"
    person = "agreement.case.citizen_id"

    agreement = TenantKey(Agreement, models.CASCADE, related_name="tasks", verbose_name=_("aftale"))
    kind = models.CharField(_("opgave"), max_length=30)
    text = models.CharField(_("hvordan"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("opgave")
        verbose_name_plural = _("opgaver")
        constraints = [models.UniqueConstraint(fields=["municipality", "agreement", "kind"], name="task_once")]

    class DataProtection:
        operational = ("agreement", "kind")
        free_text = ("text",)
        purpose = "Dokumentere mentors opgaver (CHK-12)"
        retention = "15.20.00"


class Acceptance(OfCase):
    """One party's yes, with its moment and how it was given."""

    reach = "agreement__case__"
    person = "agreement.case.citizen_id"

    class How(models.TextChoices):
        ON_SCREEN = "on_screen", _("på skærmen")
        MEETING = "meeting", _("mundtligt på et møde")
        PHONE = "phone", _("i telefonen")
        PAPER = "paper", _("underskrift på papir")

    agreement = TenantKey(Agreement, models.CASCADE, related_name="acceptances", verbose_name=_("aftale"))
    party = models.CharField(_("part"), max_length=12, choices=Party.choices)
    how = models.CharField(_("hvordan"), max_length=10, choices=How.choices)
    at = models.DateTimeField(_("tidspunkt"))
    noted_by = TenantKey(Staff, models.PROTECT, related_name="+", verbose_name=_("noteret af"))

    class Meta:
        verbose_name = _("accept")
        verbose_name_plural = _("accepter")
        constraints = [models.UniqueConstraint(fields=["municipality", "agreement", "party"], name="acceptance_once")]

    class DataProtection:
        operational = ("agreement", "party", "how", "at", "noted_by")
        purpose = "Vise at alle tre parter har sagt ja (CHK-33)"
        retention = "15.20.00"

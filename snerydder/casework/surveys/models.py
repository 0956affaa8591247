"""What three voices say of the support, at fixed times; and the code that lets a citizen say it once."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from snerydder.access.models import Staff
from snerydder.access.scope import TenantKey
from snerydder.casework.cases.models import Case, OfCase


class SurveyAnswer(OfCase):
    class Voice(models.TextChoices):
        CITIZEN = "citizen", _("borgeren")
        MENTOR = "mentor", _("mentoren")
        CASEWORKER = "caseworker", _("sagsbehandleren")

    case = TenantKey(Case, models.CASCADE, related_name="survey_answers", verbose_name=_("sag"))
    voice = models.CharField(_("hvem svarer"), max_length=10, choices=Voice.choices)
    instrument = models.CharField(_("spørgeskema"), max_length=30)
    version = models.PositiveSmallIntegerField(_("version"))
    wave = models.PositiveSmallIntegerField(_("runde"))
    due_on = models.DateField(_("runden ligger den"))
    answered_on = models.DateField(_("svaret den"))
    answered_by = TenantKey(Staff, models.PROTECT, null=True, related_name="+", verbose_name=_("svaret af"))
    answers = models.JSONField(_("svar"), default=dict)

    class Meta:
        verbose_name = _("svar på spørgeskema")
        verbose_name_plural = _("svar på spørgeskemaer")
        constraints = [
            models.UniqueConstraint(fields=["case", "voice", "wave"], name="survey_answer_once"),
            models.CheckConstraint(condition=Q(voice="citizen", answered_by__isnull=True) | ~Q(voice="citizen") & Q(answered_by__isnull=False), name="survey_own_voice"),
        ]
        indexes = [models.Index(fields=["municipality", "answered_on"], name="survey_answered")]

    class DataProtection:
        operational = ("case", "voice", "instrument", "version", "wave", "due_on", "answered_on", "answered_by")
        sensitive = ("answers",)
        purpose = "Se, om indsatsen bliver gjort, som den skal (de fire virkningsfaktorer)"
        retention = "15.20.00"


class SurveyRequest(OfCase):
    """A citizen is asked for one round. The code itself is not kept."""

    case = TenantKey(Case, models.CASCADE, related_name="survey_requests", verbose_name=_("sag"))
    wave = models.PositiveSmallIntegerField(_("runde"))
    due_on = models.DateField(_("runden ligger den"))
    code_hash = models.CharField(max_length=64)
    asked_on = models.DateField(_("spurgt den"))
    expires_on = models.DateField(_("kan besvares til og med"))
    answered_at = models.DateTimeField(_("besvaret"), null=True)

    class Meta:
        verbose_name = _("spørgeskema til borgeren")
        verbose_name_plural = _("spørgeskemaer til borgeren")
        constraints = [
            models.UniqueConstraint(fields=["municipality", "code_hash"], name="survey_code"), models.UniqueConstraint(fields=["case", "wave"], name="survey_asked_once"),
        ]

    class DataProtection:
        operational = ("case", "wave", "due_on", "code_hash", "asked_on", "expires_on", "answered_at")
        purpose = "Spørge borgeren, hvordan hjælpen er"
        retention = "15.20.00"

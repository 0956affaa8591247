"""Spørgsmål: what in the contact log somebody is asked to explain. A question has a person who sees to it, and facts; never a number for a person."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from snerydder.access.models import Staff
from snerydder.access.scope import Scoped, TenantKey
from snerydder.casework.contacts.models import Contact

OPEN = Q(outcome="")


class Question(Scoped):
    class Outcome(models.TextChoices):
        EXPLAINED = "explained", _("forklaret: kontakterne står, som de skal")
        CORRECTED = "corrected", _("rettet: en kontakt er rettet eller slettet")
        WRONG_FACTS = "wrong_facts", _("det, vi sammenlignede med, var forkert")
        PROCEDURE = "procedure", _("behandles efter kommunens forretningsgang ved mistanke om snyd")

    sign = models.CharField(_("hvad der spørges om"), max_length=20)
    about = TenantKey(Staff, models.PROTECT, related_name="questions", verbose_name=_("hvis kontakter"))
    named = TenantKey(Staff, models.PROTECT, related_name="questions_to_see_to", verbose_name=_("hvem der tager sig af det"))
    facts = models.JSONField(_("oplysninger"), default=dict)
    asked_on = models.DateField(_("spurgt den"))
    holds = models.BooleanField(_("betalingen venter"), default=False)
    answer = models.TextField(_("svar"), max_length=4000, blank=True)
    answered_on = models.DateField(_("besvaret den"), null=True, blank=True)
    with_leader = models.BooleanField(_("taget op med lederen"), default=False)
    outcome = models.CharField(_("hvad det endte med"), max_length=12, choices=Outcome.choices, blank=True)
    reason = models.TextField(_("begrundelse"), max_length=4000, blank=True)
    closed_by = TenantKey(Staff, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("afsluttet af"))
    closed_on = models.DateField(_("afsluttet den"), null=True, blank=True)

    class Meta:
        verbose_name = _("spørgsmål")
        verbose_name_plural = _("spørgsmål")
        constraints = [
            models.CheckConstraint(condition=~Q(named=F("about")) & (Q(closed_by__isnull=True) | ~Q(closed_by=F("about"))), name="question_to_another"),
            models.CheckConstraint(
                condition=OPEN & Q(closed_on__isnull=True, closed_by__isnull=True) | ~OPEN & Q(closed_on__gte=F("asked_on"), closed_by__isnull=False) & ~Q(reason=""),
                name="question_closed_with_reason",
            ),
            models.CheckConstraint(condition=Q(answered_on__isnull=True) & Q(answer="") | Q(answered_on__isnull=False) & ~Q(answer=""), name="question_answered"),
        ]
        indexes = [models.Index(fields=["municipality", "named", "asked_on"], condition=OPEN, name="question_open")]

    class DataProtection:
        operational = ("sign", "about", "named", "facts", "asked_on", "holds", "answered_on", "with_leader", "outcome", "closed_by", "closed_on")
        free_text = ("answer", "reason")
        purpose = "Få forklaret det i kontaktloggen, der ikke hænger sammen, før der betales"
        retention = "5 years"

    @property
    def is_open(self) -> bool:
        return not self.outcome

    @property
    def keeps_payment(self) -> bool:
        """Payment of its contacts waits: while it is open, and for as long as the procedure runs."""
        return self.holds and self.outcome in ("", self.Outcome.PROCEDURE)


class AskedContact(Scoped):
    """A contact a question is about, as it stood. It is asked about once for each sign, unless it is changed afterwards."""

    question = TenantKey(Question, models.CASCADE, related_name="contacts", verbose_name=_("spørgsmål"))
    contact = TenantKey(Contact, models.CASCADE, related_name="questions", verbose_name=_("kontakt"))
    sign = models.CharField(_("hvad der spørges om"), max_length=20)
    corrections = models.PositiveSmallIntegerField(_("rettelser, da der blev spurgt"))
    only_shown = models.BooleanField(_("står ved siden af"), default=False)

    reach = "contact__case__"
    person = "contact.case.citizen_id"

    class Meta:
        verbose_name = _("kontakt, der spørges til")
        verbose_name_plural = _("kontakter, der spørges til")
        constraints = [
            models.UniqueConstraint(fields=["municipality", "contact", "sign", "corrections"], condition=Q(only_shown=False), name="contact_asked_about_once"),
            models.UniqueConstraint(fields=["question", "contact"], name="contact_once_in_a_question"),
        ]

    class DataProtection:
        operational = ("question", "contact", "sign", "corrections", "only_shown")
        purpose = "Vise præcis de kontakter, et spørgsmål handler om, og ikke spørge to gange"
        retention = "5 years"

"""The states of an agreement, and its three parties."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class AgreementState(models.TextChoices):
    DRAFT = "draft", _("kladde")
    AGREED = "agreed", _("alle har sagt ja")
    ACTIVE = "active", _("i gang")
    ENDED = "ended", _("ophørt")


TRANSITIONS: dict[str, set[str]] = {
    AgreementState.DRAFT: {AgreementState.AGREED, AgreementState.ENDED},
    AgreementState.AGREED: {AgreementState.DRAFT, AgreementState.ACTIVE, AgreementState.ENDED},
    AgreementState.ACTIVE: {AgreementState.AGREED, AgreementState.ENDED},
    AgreementState.ENDED: set(),
}


class Party(models.TextChoices):
    CITIZEN = "citizen", _("borgeren")
    MENTOR = "mentor", _("mentor")
    MUNICIPALITY = "municipality", _("kommunen")

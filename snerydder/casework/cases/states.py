"""The steps of a case, and which step may follow which."""

from datetime import timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _


class Stage(models.TextChoices):
    REFERRED = "referred", _("henvist")
    ASSESSED = "assessed", _("vurderet")
    GRANTED = "granted", _("bevilget")
    MATCHED = "matched", _("mentor valgt")
    AGREED = "agreed", _("aftale på plads")
    ACTIVE = "active", _("i gang")
    CLOSED = "closed", _("afsluttet")
    REFUSED = "refused", _("afslag")
    CANCELLED = "cancelled", _("annulleret")


DECIDE_WITHIN = timedelta(weeks=2)  # from referral to assessment, from assessment to decision: a reminder, not a rule of law
FIRST_FOLLOW_UP = timedelta(weeks=8)  # after the start, when nothing else is agreed
PICK_UP_WITHIN = timedelta(weeks=1)  # a reopened case

ENDED = {Stage.CLOSED, Stage.REFUSED, Stage.CANCELLED}

TRANSITIONS: dict[str, set[str]] = {
    Stage.REFERRED: {Stage.ASSESSED, Stage.CANCELLED},
    Stage.ASSESSED: {Stage.REFERRED, Stage.GRANTED, Stage.REFUSED, Stage.CANCELLED},
    Stage.GRANTED: {Stage.ASSESSED, Stage.MATCHED, Stage.CANCELLED, Stage.CLOSED},
    Stage.MATCHED: {Stage.GRANTED, Stage.AGREED, Stage.CANCELLED, Stage.CLOSED},
    Stage.AGREED: {Stage.MATCHED, Stage.ACTIVE, Stage.CANCELLED, Stage.CLOSED},
    Stage.ACTIVE: {Stage.AGREED, Stage.MATCHED, Stage.CLOSED},
    Stage.CLOSED: {Stage.ACTIVE, Stage.GRANTED, Stage.MATCHED, Stage.AGREED},
    Stage.REFUSED: {Stage.ASSESSED, Stage.REFERRED},
    Stage.CANCELLED: {Stage.REFERRED, Stage.ASSESSED, Stage.GRANTED, Stage.MATCHED, Stage.AGREED},
}


class Barrier(models.TextChoices):
    """What stands in the way, as the one who refers sees it. Short words; the text says the rest."""

    MORNING = "morning", _("at komme op og af sted")
    ANXIETY = "anxiety", _("angst eller nedtrykthed")
    HEALTH = "health", _("helbred")
    ABUSE = "abuse", _("misbrug")
    HOUSING = "housing", _("bolig")
    MONEY = "money", _("økonomi og gæld")
    NETWORK = "network", _("ensomhed eller dårligt netværk")
    READING = "reading", _("læse, skrive, digital post")
    LANGUAGE = "language", _("dansk sprog")
    CRIME = "crime", _("kriminalitet")
    FAMILY = "family", _("familie og børn")
    TRUST = "trust", _("mistillid til kommunen")

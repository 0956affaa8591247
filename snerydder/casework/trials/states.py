"""The states of a trial, and which may follow which. Nothing goes back: what is locked stays locked, what is drawn stays drawn."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class TrialState(models.TextChoices):
    DRAFT = "draft", _("kladde")
    LOCKED = "locked", _("protokollen er låst")
    PROMISED = "promised", _("venter på det offentlige tal")
    DRAWN = "drawn", _("tallet er kendt, listen skal forsegles")
    OPEN = "open", _("tager borgere ind")
    CLOSED = "closed", _("indtaget er slut")
    GIVEN_UP = "given_up", _("opgivet før lodtrækningen")


TRANSITIONS: dict[str, set[str]] = {
    TrialState.DRAFT: {TrialState.LOCKED, TrialState.GIVEN_UP},
    TrialState.LOCKED: {TrialState.PROMISED, TrialState.GIVEN_UP},
    TrialState.PROMISED: {TrialState.DRAWN},
    TrialState.DRAWN: {TrialState.OPEN},
    TrialState.OPEN: {TrialState.CLOSED},
    TrialState.CLOSED: set(),
    TrialState.GIVEN_UP: set(),
}
RUNNING = (TrialState.PROMISED, TrialState.DRAWN, TrialState.OPEN)

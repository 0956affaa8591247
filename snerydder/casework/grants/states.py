"""The states of a grant, and which may follow which."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class GrantState(models.TextChoices):
    DRAFT = "draft", _("kladde")
    DECIDED = "decided", _("bevilget")
    STOPPED = "stopped", _("stoppet før tid")
    ANNULLED = "annulled", _("annulleret")


TRANSITIONS: dict[str, set[str]] = {
    GrantState.DRAFT: {GrantState.DECIDED},
    GrantState.DECIDED: {GrantState.STOPPED, GrantState.ANNULLED},
    GrantState.STOPPED: {GrantState.DECIDED},
    GrantState.ANNULLED: set(),
}

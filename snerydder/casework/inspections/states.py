"""The states of a sample, and which may follow which. A drawn sample cannot be given up: nobody draws until they like what they see."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SampleState(models.TextChoices):
    FROZEN = "frozen", _("listen er frosset")
    DRAWN = "drawn", _("udtrukket")
    REPORTED = "reported", _("afsluttet med rapport")
    GIVEN_UP = "given_up", _("opgivet før lodtrækningen")


TRANSITIONS: dict[str, set[str]] = {
    SampleState.FROZEN: {SampleState.DRAWN, SampleState.GIVEN_UP},
    SampleState.DRAWN: {SampleState.REPORTED},
    SampleState.REPORTED: set(),
    SampleState.GIVEN_UP: set(),
}

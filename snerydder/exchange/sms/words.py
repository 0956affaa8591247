"""What a text message says, and to which number.

It is read on a locked screen by whoever stands beside: no name, nothing of the support, only who asks and where to answer.
"""

import re

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from snerydder.casework.payments.codes import code_of
from snerydder.casework.payments.models import ConfirmationRequest
from snerydder.casework.surveys.models import SurveyRequest
from snerydder.ui import letters
from snerydder.ui.formats import dato

DENMARK = "+45"
Asked = ConfirmationRequest | SurveyRequest


def number_of(written: str) -> str:
    """+4512345678 of a number as people write it; "" when it is none a text message can go to."""
    plain = re.sub(r"[\s().\-–/]", "", written)
    if plain.startswith("00") and len(plain) > 8:
        plain = "+" + plain[2:]
    if re.fullmatch(r"\d{8}", plain):
        plain = DENMARK + plain
    is_danish = plain.startswith(DENMARK)
    return plain if re.fullmatch(r"\+45\d{8}" if is_danish else r"\+[1-9]\d{7,14}", plain) else ""


def address_of(asked: Asked) -> str:
    return settings.SITE_ADDRESS + reverse("surveys:citizen" if isinstance(asked, SurveyRequest) else "payments:answer", args=[code_of(asked)])


def text_of(asked: Asked) -> str:
    """In Danish: the municipality's language to the citizen, whatever the person who asked reads."""
    with override("da"):
        said = {"town": asked.municipality.name, "day": dato(asked.expires_on, "lang"), "address": address_of(asked)}
        return _("%(town)s har et kort spørgsmål til dig. Svar senest %(day)s: %(address)s") % said


def letter(asked: ConfirmationRequest) -> bytes:
    """The same on paper, for a citizen with no telephone."""
    town, citizen = asked.municipality, asked.contact.case.citizen
    with override("da"):
        return letters.render_letter({
            "title": _("Et spørgsmål til dig"), "date": dato(asked.asked_on, "lang"),
            "sender": {"name": town.name, "lines": [line for line in (town.address, town.phone) if line]},
            "recipient": {"name": _("Til modtageren") if citizen.protected else citizen.name, "lines": [] if citizen.protected else citizen.address.splitlines()},
            "body": [
                _("Vi vil gerne spørge dig om én ting. Du svarer kun, hvis du vil, og det betyder ikke noget for din hjælp."),
                letters.facts([(_("Gå ind på"), settings.SITE_ADDRESS + reverse("payments:code")), (_("Skriv koden"), code_of(asked)), (_("Svar senest"), dato(asked.expires_on, "lang"))]),
                _("Kan du ikke komme på nettet, så ring til os, og svar i telefonen."),
            ],
        })  # fmt: skip

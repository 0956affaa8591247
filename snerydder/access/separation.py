"""Who may not be both (CHK-31: the mentor is never the deciding authority on the same case)."""

from typing import Any

from django.utils.translation import gettext as _

from snerydder.audit.action import Refusal


def refuse_own_case(case: Any, by: Any) -> None:
    """Stop a mentor, or a stand-in who is the mentor, from deciding on the case where they are the mentor."""
    mentor = getattr(case, "mentor", None)
    if mentor is not None and mentor.staff_id == by.pk:
        raise Refusal(
            _("Du kan ikke træffe afgørelsen, for du er mentor i sagen."),
            _("Mentor og myndighed skal være to forskellige personer."),
            _("Bed en anden sagsbehandler om at gøre det."),
        )

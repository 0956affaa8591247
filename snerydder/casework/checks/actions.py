"""Not waiting for the night: the checks of one case, again, now."""

from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from snerydder.access.models import Staff
from snerydder.audit.action import Conflict, Refusal, action
from snerydder.audit.events import record
from snerydder.casework.cases.models import Case
from snerydder.casework.checks import nightly


@action
def check_again(case: Case, *, by: Staff, on: date | None = None) -> int:
    """How many checks say something else than the last time. A closed case is never judged again."""
    day = on or timezone.localdate()
    if case.closed_on is not None:
        raise Refusal(_("Sagen er lukket."), _("En lukket sag bliver ikke kontrolleret igen."), _("Genåbn den, hvis den skal videre."))
    try:
        with transaction.atomic():
            changed = nightly.of_case(case, day)
    except IntegrityError:  # the night came by at the same moment
        raise Conflict(_("Sagen bliver kontrolleret lige nu."), mend=_("Se igen om lidt.")) from None
    record("checks.check_again", case, by=by, case=case, on=day, changed=changed)
    return changed

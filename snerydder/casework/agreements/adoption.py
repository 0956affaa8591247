"""Taking over support that runs: mentor, what was agreed, and since when. What was not told is missing, and is shown as missing."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from snerydder.access.models import Staff
from snerydder.audit.action import action
from snerydder.audit.events import record
from snerydder.casework.agreements.actions import new_match
from snerydder.casework.agreements.facts import verdicts
from snerydder.casework.agreements.models import Acceptance, Agreement, Task
from snerydder.casework.agreements.states import AgreementState, Party
from snerydder.casework.cases.models import Case
from snerydder.casework.cases.moving import earliest, enter, guard, keep_verdicts
from snerydder.casework.cases.states import FIRST_FOLLOW_UP, Stage
from snerydder.casework.grants.actions import refresh_case
from snerydder.casework.grants.models import Grant
from snerydder.casework.people.models import Mentor


@action
def adopt(
    grant: Grant, *, by: Staff, mentor: Mentor, started_on: date | None, agreed_on: date | None = None, goal: str = "", tasks: Sequence[str] = (),
    source: dict[str, Any],
) -> Case:
    """The mentor who has the citizen, and the agreement as far as it is known. `agreed_on`: the day all three had signed, if it is known."""
    today = timezone.localdate()
    case = guard(grant.case, None)
    new_match(case, mentor, by, started_on or today, _("Overtaget fra et andet system."))
    enter(case, Stage.MATCHED, mentor=mentor)
    if started_on is not None:
        agreement = _agreement(grant, mentor, started_on, goal)
        Task.objects.bulk_create(Task(municipality_id=case.municipality_id, agreement=agreement, kind=kind) for kind in dict.fromkeys(tasks))
        _sign(agreement, agreed_on, by)
        keep_verdicts(case, "start", agreement.pk, verdicts(agreement, started_on), started_on)
        enter(case, Stage.AGREED)
        due = earliest(max(started_on + FIRST_FOLLOW_UP, today + timedelta(weeks=2)), grant.end)
        agreed = {"agreement_complete": agreed_on is not None, "agreement_end": agreement.end}
        enter(case, Stage.ACTIVE, started_on=started_on, follow_up_due=due, **agreed)
        refresh_case(case, today)
    record("agreements.adopt", grant, by=by, case=case, mentor=mentor.name, started_on=started_on, agreed_on=agreed_on, imported=source)
    return case


def _agreement(grant: Grant, mentor: Mentor, started_on: date, goal: str) -> Agreement:
    assert grant.start is not None and grant.end is not None
    return Agreement.objects.create(
        municipality_id=grant.municipality_id, case=grant.case, grant=grant, mentor=mentor, state=AgreementState.ACTIVE, goal=goal.strip(),
        mentor_contact=mentor.contact, start=grant.start, end=grant.end, minutes=grant.minutes, minutes_per=grant.minutes_per, started_on=started_on,
        edition=1,
    )


def _sign(agreement: Agreement, agreed_on: date | None, by: Staff) -> None:
    if agreed_on is not None:
        at = timezone.make_aware(datetime.combine(agreed_on, time(12)))
        Acceptance.objects.bulk_create(
            Acceptance(municipality_id=agreement.municipality_id, agreement=agreement, party=party, how=Acceptance.How.PAPER, at=at, noted_by=by)
            for party in Party.values
        )

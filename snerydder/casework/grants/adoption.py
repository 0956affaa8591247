"""Taking over a grant that was decided before Snerydder: it is in force, so it is written down, and the law is asked all the same."""

from datetime import date
from typing import Any

from django.utils import timezone

from snerydder.access.models import Staff
from snerydder.audit.action import action
from snerydder.audit.events import record
from snerydder.casework.cases.models import Assessment
from snerydder.casework.cases.moving import enter, guard, keep_verdicts
from snerydder.casework.cases.states import Stage
from snerydder.casework.grants.actions import refresh_case, save_without_overlap
from snerydder.casework.grants.cost import price_on
from snerydder.casework.grants.facts import bundle
from snerydder.casework.grants.models import Grant
from snerydder.casework.grants.states import GrantState
from snerydder.law import judge


@action
def adopt(assessment: Assessment, *, by: Staff, decided_on: date, source: dict[str, Any], mentor_kind: str = "municipal", **grant: Any) -> Grant:
    """`grant`: hjemmel, purpose_kind, purpose, minutes, minutes_per, counted_per, hours_reason, start, end, discharge_on, admission_on.

    The decision was made and announced elsewhere, on its own day and by the caseworker. So no letter is written, and what the
    law says of that day is kept beside it and stops nothing: the citizen has the support, whether the papers were right or not.
    """
    case = guard(assessment.case, None)
    row = Grant(
        municipality_id=case.municipality_id, case=case, assessment=assessment, state=GrantState.DECIDED, decided_on=decided_on,
        decided_by=assessment.made_by, mentor_kind=mentor_kind, hourly_price=price_on(case.municipality_id, mentor_kind, decided_on), **grant,
    )
    verdicts = judge("grant", bundle(row, decided_on), decided_on)
    row.law_version = verdicts[0].law_version if verdicts else ""
    save_without_overlap(row)
    keep_verdicts(case, "grant", row.pk, verdicts, decided_on)
    enter(case, Stage.GRANTED)
    refresh_case(case, timezone.localdate())
    record(
        "grants.adopt", row, by=by, case=case, hjemmel=row.hjemmel, minutes=row.minutes, minutes_per=row.minutes_per, start=row.start, end=row.end,
        decided_on=decided_on, decided_by=assessment.made_by.name, law_version=row.law_version, imported=source,
    )
    return row

"""Taking over a case that began in another system: written down as it was, and marked so that nobody takes it for our own work."""

from datetime import date
from typing import Any

from django.utils import timezone

from snerydder.access.models import Staff, Unit
from snerydder.audit.action import action
from snerydder.audit.events import record
from snerydder.casework.cases.actions import new_case
from snerydder.casework.cases.models import Assessment, Referral
from snerydder.casework.cases.moving import words
from snerydder.casework.cases.states import DECIDE_WITHIN, Stage
from snerydder.casework.people.models import Citizen


@action
def adopt(
    citizen: Citizen, *, by: Staff, caseworker: Staff, unit: Unit | None, opened_on: date, assessed_on: date, need: str = "",
    decisive_reason: str = "", target_group: str = "", outside_section_6: bool = False, citizen_says: str = "", source: dict[str, Any],
) -> Assessment:
    """The case with its referral and its assessment, both by the caseworker whose they are. `source` says where it was read.

    What the other system did not tell stays empty: the checks say that it is missing, and nobody has made it up.
    """
    home = unit or caseworker.unit or citizen.unit or by.unit
    assert home is not None
    deadline = timezone.localdate() + DECIDE_WITHIN
    case = new_case(citizen, by=by, unit=home, caseworker=caseworker, day=opened_on, stage=Stage.ASSESSED, next_deadline=deadline)
    said = words(citizen_says, "citizen_says", "", least=0)
    needed = words(need, "need", "", least=0)
    Referral.objects.create(municipality_id=by.municipality_id, case=case, made_on=opened_on, made_by=caseworker, need=needed, citizen_says=said)
    row = Assessment.objects.create(
        municipality_id=by.municipality_id, case=case, made_on=assessed_on, made_by=caseworker, need=needed, decisive=bool(decisive_reason.strip()),
        decisive_reason=words(decisive_reason, "decisive_reason", "", least=0), conclusion=Assessment.Conclusion.GRANT, target_group=target_group,
        outside_section_6=outside_section_6,
    )
    record("cases.adopt", case, by=by, case=case, opened_on=opened_on, assessed_on=assessed_on, caseworker=caseworker.name, imported=source)
    return row


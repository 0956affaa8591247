"""A letter is written once and waits in the outbox until it is sent."""

from datetime import date
from typing import Any

from snerydder.audit.models import Outbox
from snerydder.casework.cases.models import Case
from snerydder.casework.grants.models import Grant, Letter


def write_letter(case: Case, kind: str, day: date, content: dict[str, Any], grant: Grant | None = None) -> Letter:
    letter = Letter.objects.create(municipality_id=case.municipality_id, case=case, grant=grant, kind=kind, dated=day, content=content)
    Outbox.objects.create(municipality_id=case.municipality_id, kind="letter", object_id=letter.pk, case_id=case.pk)
    return letter

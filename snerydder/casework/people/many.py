"""The bulk form of registering citizens: the same rows and events, many a statement (see cases.many)."""

from collections.abc import Sequence
from typing import Any

from snerydder.access.danish import sort_key
from snerydder.access.models import Staff
from snerydder.audit.action import action
from snerydder.audit.events import record
from snerydder.casework.people import vault
from snerydder.casework.people.models import Citizen

BATCH = 1_000


@action
def register_citizens(people: Sequence[dict[str, Any]], *, by: Staff) -> list[Citizen]:
    """Each as `actions.register_citizen` is told. Somebody who is registered already stops them all, by the table's own constraint."""
    rows = []
    for told in people:
        facts = {key: value for key, value in told.items() if key not in ("by", "on", "cpr", "unit", "languages")}
        who = told.get("by", by)
        row = Citizen(
            municipality_id=by.municipality_id, unit=told.get("unit") or who.unit, languages=list(told.get("languages", ())) or ["dansk"],
            cpr_index=vault.blind_index(told["cpr"], municipality_id=by.municipality_id), **facts,
        )
        row.sort_key = sort_key(row.last_name, row.first_name)
        row.birth_year = row.birth_year or vault.birth_year(told["cpr"])
        row.cpr_sealed = vault.seal(told["cpr"], row_id=row.pk, municipality_id=by.municipality_id)
        record("people.register_citizen", row, by=who, citizen=row, on=told.get("on"))
        rows.append(row)
    Citizen.objects.bulk_create(rows, BATCH)
    return rows

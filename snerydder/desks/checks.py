"""Every check with the open cases it stops and warns on: what the last night found, for those who answer for the cases."""

from typing import Any

from snerydder.access.models import Staff
from snerydder.casework.checks import queries
from snerydder.desks.selection import Number, Selection, by_key, count, law_today

ON_TOP = ("kontrol-stopper", "kontrol-advarer", "aabne")


def page(staff: Staff) -> dict[str, Any]:
    law = law_today()
    said = sorted(queries.said(staff), key=lambda each: (-each.stops, -each.warns, each.check))
    rows = [
        {
            "check": each.check, "promise": each.promise, "stops": Number(each.stops, Selection("kontrol-stopper", check=each.check), law),
            "warns": Number(each.warns, Selection("kontrol-advarer", check=each.check), law),
        }
        for each in said
    ]  # fmt: skip
    return {"numbers": count(staff, by_key(*ON_TOP)), "rows": rows, "night": queries.last_night(staff.municipality_id)}

"""Every case with what the checks said of it, to be read."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Count, Q

from snerydder.access import scope
from snerydder.access.models import Staff
from snerydder.casework.cases.models import Case, StoredVerdict
from snerydder.casework.inspections import queries as inspections
from snerydder.desks import caselist
from snerydder.desks.selection import Selection, by_key, count, law_today

ASKED = ("alle", "med-paamindelser", "uden-kontroller", "aabne")
LEVELS = ("ok", "warn", "stop")


def verdict_counts(cases: Iterable[Case]) -> dict[UUID, dict[str, int]]:
    """{case: {level: how many}} for the cases of one page."""
    levels = {level: Count("pk", filter=Q(level=level)) for level in LEVELS}
    rows = StoredVerdict.objects.filter(case__in=[case.pk for case in cases]).order_by().values("case").annotate(**levels)
    return {case: dict(zip(LEVELS, numbers, strict=True)) for case, *numbers in rows.values_list("case", *LEVELS)}


def page(staff: Staff, selection: Selection, side: Any) -> dict[str, Any]:
    law = law_today()
    numbers = count(staff, by_key(*ASKED))
    shown = caselist.page_of(caselist.with_names(selection.rows(staff)).order_by(*selection.filter.order), side)
    cases = list(shown.object_list)
    scope.seen(staff, (case.citizen_id for case in cases), purpose=selection.text(law), page="desks:auditor")
    counts = verdict_counts(cases)
    none = dict.fromkeys(LEVELS, 0)
    return {
        "numbers": [numbers[key] for key in ASKED], "selection": selection, "page": shown, "text": selection.text(law),
        "rows": [(case, counts.get(case.pk, none)) for case in cases], "total": shown.paginator.count, "day": law.day,
        "page_url": f"?{selection.query()}&side=", "samples": inspections.open_samples(staff), "measures": list(inspections.measures(staff)),
    }  # fmt: skip

"""The list of cases as a file: the columns of the page, and those that only make sense in a spreadsheet."""

from typing import Any

from django.http import HttpResponse

from snerydder.access import export
from snerydder.access.models import Staff
from snerydder.desks import caselist
from snerydder.desks.selection import Selection, law_today


def cases(staff: Staff, selection: Selection, wish: str, form: str) -> HttpResponse:
    """Every row of the selection, not only the page's; each person in it goes into the look-up."""
    law = law_today()
    rows = caselist.ordered(caselist.with_names(selection.rows(staff)), wish, selection.filter.order)
    name = selection.text(law)
    columns = [export.Column(column.heading, _value(column, law.day), column.width, column.decimals) for column in caselist.IN_FILE]
    return export.respond(staff, name, columns, rows.iterator(2000), form, persons=lambda case: case.citizen_id, purpose=name)


def _value(column: caselist.Column, day: Any) -> Any:
    return lambda case: column.plain(case, day)

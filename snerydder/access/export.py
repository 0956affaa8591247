"""A list as a file: Excel or CSV as Danish offices open them. The one way out, and it writes the look-up first.

Numbers are numbers, dates are dates, and text is text: what somebody wrote as `=1+1` is shown, never calculated.
"""

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import xlsxwriter
from django.http import HttpResponse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from snerydder.access.door import MissingRight
from snerydder.access.models import Staff
from snerydder.access.permissions import Permission
from snerydder.access.scope import seen

FORMATS = ("xlsx", "csv")
TYPES = {"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "csv": "text/csv; charset=utf-8"}
LONGEST_TEXT = 32_000  # a cell of Excel holds 32,767 characters
_CALCULATED = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Column:
    heading: Any
    value: Callable[[Any], Any]
    width: int = 16
    decimals: int | None = None  # how many a number is shown with; the number itself is kept whole

    @property
    def title(self) -> str:
        """A model's own word for its field does as well."""
        heading = str(self.heading)
        return heading[:1].upper() + heading[1:]


def respond(
    staff: Staff, name: Any, columns: Sequence[Column], rows: Iterable[Any], form: str, *, persons: Callable[[Any], Any] | None, purpose: Any,
    right: Permission = Permission.EXPORT,
) -> HttpResponse:
    """`rows` as a file named `name` and today. `persons(row)` is the id of the citizen the row is about, for the look-up.

    403 for those who may not export. `persons` is None only for lists that are about nobody.
    """
    if not staff.may(right):
        raise MissingRight((right,))
    kept = list(rows)
    if persons is not None:
        seen(staff, (persons(row) for row in kept), purpose=purpose, page=str(name), kind="export")
    made = as_xlsx(name, columns, kept) if form == "xlsx" else as_csv(columns, kept)
    file = f"{slugify(str(name).lower().translate(_ASCII))}-{timezone.localdate().isoformat()}.{form if form in FORMATS else 'csv'}"
    return HttpResponse(made, content_type=TYPES.get(form, TYPES["csv"]), headers={"Content-Disposition": f'attachment; filename="{file}"'})


_ASCII = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa"})


def as_xlsx(name: Any, columns: Sequence[Column], rows: Iterable[Any]) -> bytes:
    made = io.BytesIO()
    plain = {"strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False, "nan_inf_to_errors": True}
    with xlsxwriter.Workbook(made, {"in_memory": True, "default_date_format": "dd-mm-yyyy", **plain}) as book:
        sheet = book.add_worksheet(_sheet_name(name))
        head = book.add_format({"bold": True, "bottom": 1, "bg_color": "#F3EEE3"})
        formats = [_number_format(book, column) for column in columns]
        sheet.freeze_panes(1, 0)
        for place, column in enumerate(columns):
            sheet.set_column(place, place, column.width)
            sheet.write_string(0, place, column.title, head)
        last = 0
        for last, row in enumerate(rows, start=1):
            for place, column in enumerate(columns):
                _write(sheet, last, place, column.value(row), formats[place])
        if last:
            sheet.autofilter(0, 0, last, len(columns) - 1)
    return made.getvalue()


def _number_format(book: Any, column: Column) -> Any:
    if column.decimals is None:
        return None
    return book.add_format({"num_format": "#,##0" + ("." + "0" * column.decimals if column.decimals else "")})


def _write(sheet: Any, row: int, place: int, value: Any, number: Any) -> None:
    if value is None or value == "":
        return
    if isinstance(value, bool):
        sheet.write_string(row, place, _yes_no(value))
    elif isinstance(value, (int, float, Decimal)):
        sheet.write_number(row, place, value, number)
    elif isinstance(value, datetime):
        sheet.write_datetime(row, place, timezone.make_naive(value) if timezone.is_aware(value) else value)
    elif isinstance(value, date):
        sheet.write_datetime(row, place, datetime(value.year, value.month, value.day))  # noqa: DTZ001
    else:
        sheet.write_string(row, place, str(value)[:LONGEST_TEXT])


def as_csv(columns: Sequence[Column], rows: Iterable[Any]) -> bytes:
    """Semicolons, decimal comma, dd-mm-yyyy and a byte order mark: what a Danish Excel opens with a double click."""
    made = io.StringIO(newline="")
    writer = csv.writer(made, delimiter=";", lineterminator="\r\n")
    writer.writerow([_text(column.title) for column in columns])
    for row in rows:
        writer.writerow([_cell(column.value(row), column.decimals) for column in columns])
    return made.getvalue().encode("utf-8-sig")


def _cell(value: Any, decimals: int | None) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return _yes_no(value)
    if isinstance(value, (int, float, Decimal)):
        shown = round(value, decimals) if decimals is not None else value
        return str(shown).replace(".", ",")
    if isinstance(value, datetime):
        return timezone.localtime(value).strftime("%d-%m-%Y %H:%M")
    if isinstance(value, date):
        return value.strftime("%d-%m-%Y")
    return _text(str(value))


def _text(text: str) -> str:
    """A spreadsheet calculates a cell that begins so, also between quotation marks; an apostrophe makes it text."""
    return f"'{text}" if text.startswith(_CALCULATED) else text


def _yes_no(value: bool) -> str:
    return _("ja") if value else _("nej")


def _sheet_name(name: Any) -> str:
    return "".join(" " if sign in "[]:*?/\\'" else sign for sign in str(name))[:31].strip() or "Ark1"

"""The time sheet as a file, in the shape of the state's template (VEJ 9260, bilag 2): PDF and Excel."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import xlsxwriter
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from snerydder.access.models import Municipality
from snerydder.casework.grants.models import Grant
from snerydder.casework.payments.sheets import Line, Sheet
from snerydder.ui import letters
from snerydder.ui.formats import antal, dato, klokken

WIDTHS = (14, 16, 18, 22, 12)


def headings() -> list[str]:
    return [_("Dato"), _("Sag"), _("Person eller plads"), _("Art"), _("Timer")]


def cells(line: Line) -> tuple[Any, ...]:
    """The case number stands for the citizen: whoever pays needs no name."""
    contact = line.contact
    together = "" if contact.together == 1 else _(" (%(count)s sammen)") % {"count": contact.together}
    return contact.day, contact.case.number, capfirst(str(Grant.CountedPer(line.per).label)), contact.get_form_display() + together, line.minutes / 60


def sums(sheet: Sheet) -> Iterator[tuple[str, float]]:
    yield _("Timer pr. person"), sheet.per(Grant.CountedPer.PERSON) / 60
    yield _("Timer pr. plads"), sheet.per(Grant.CountedPer.PLACE) / 60
    yield _("Timer i alt"), sheet.minutes / 60


def head(sheet: Sheet) -> list[tuple[str, str]]:
    mentor = sheet.mentor
    return [
        (_("Mentor"), mentor.name), (_("Ansættelse"), ", ".join(filter(None, (capfirst(str(mentor.get_kind_display())), mentor.employer)))), (_("Måned"), month_name(sheet)),
        (_("Godkendt"), signature(sheet)),
    ]  # fmt: skip


def month_name(sheet: Sheet) -> str:
    return dato(sheet.span.first, "lang").partition(" ")[2]


def signature(sheet: Sheet) -> str:
    if not sheet.is_approved or sheet.approval is None:
        return _("Ikke godkendt")
    row = sheet.approval
    told = {"name": row.approved_by.name, "day": dato(row.approved_at, "lang"), "time": klokken(row.approved_at)}
    return _("%(name)s, %(day)s %(time)s") % told


def pdf(sheet: Sheet, municipality: Municipality) -> bytes:
    rows = [[dato(day, "kort"), number, per, kind, antal(hours, 2)] for day, number, per, kind, hours in map(cells, sheet.lines)]
    body = [
        letters.facts(head(sheet)), letters.table(headings(), rows), letters.facts([(name, antal(hours, 2)) for name, hours in sums(sheet)]),
        letters.box(_("Underskrift"), [
            _("Timerne er leveret som skrevet. Tid sammen med flere borgere er delt mellem dem og tæller én gang."),
            _("Godkendt i systemet af %(who)s.") % {"who": signature(sheet)} if sheet.is_approved else _("Dato: ____________________   Mentor: ________________________________________"),
        ]),
    ]  # fmt: skip
    data = {
        "title": _("Timeseddel for mentorstøtte"), "date": month_name(sheet), "sender": {"name": municipality.name}, "recipient": {"name": ""}, "body": body,
    }
    return letters.render_letter(data | ({} if sheet.is_approved else {"draft": _("Ikke godkendt")}))


def xlsx(sheet: Sheet) -> bytes:
    made = io.BytesIO()
    plain = {"strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(made, {"in_memory": True, **plain}) as book:
        page, bold = book.add_worksheet(_("Timeseddel")), book.add_format({"bold": True, "bottom": 1, "bg_color": "#F3EEE3"})
        day, hours = book.add_format({"num_format": "dd-mm-yyyy", "align": "left"}), book.add_format({"num_format": "0.00"})
        row = 0
        for place, width in enumerate(WIDTHS):
            page.set_column(place, place, width)
        for row, (name, value) in enumerate(head(sheet)):
            page.write_string(row, 0, name)
            page.write_string(row, 1, value)
        row += 2
        for place, name in enumerate(headings()):
            page.write_string(row, place, name, bold)
        for line in sheet.lines:
            row += 1
            for place, value in enumerate(cells(line)):
                page.write(row, place, value, day if place == 0 else hours if place == 4 else None)
        for name, total in sums(sheet):
            row += 1
            page.write_string(row, 3, name)
            page.write_number(row, 4, total, hours)
        page.write_string(row + 2, 0, _("Dato og underskrift:"))
    return made.getvalue()

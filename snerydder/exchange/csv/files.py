"""The files that go out: the lines that were refused, and empty sheets to fill in."""

from __future__ import annotations

import io

import xlsxwriter
from django.http import HttpResponse
from django.utils.text import slugify
from django.utils.translation import gettext as _

from snerydder.access import export
from snerydder.access.models import Staff
from snerydder.exchange.csv import queries
from snerydder.exchange.csv.columns import columns_of
from snerydder.exchange.csv.models import Import


def refused(job: Import, staff: Staff, form: str) -> HttpResponse:
    """The same columns as the file had, and a last one that says why. It can be mended and read in again as it is.

    It goes out through the one door for files, which writes the look-up first.
    """
    columns = [export.Column(heading, _cell(place), 20) for place, heading in enumerate(job.headings)]
    columns.append(export.Column(_("Årsag"), lambda row: " ".join(row[0].reasons), 80))
    name = _("Afviste rækker %(file)s") % {"file": slugify(job.file_name.rsplit(".", 1)[0])[:40]}
    rows = queries.refused(job)
    known = dict(zip((row.pk for row, _cells in rows), queries.citizens_of(job, rows, staff), strict=True))
    return export.respond(staff, name, columns, rows, form, persons=lambda row: known[row[0].pk], purpose=_("Hente rækker, der blev afvist ved import"))


def _cell(place: int):  # noqa: ANN202
    return lambda row: row[1][place] if place < len(row[1]) else ""


def template(kind: str, form: str) -> HttpResponse:
    """Headings only: an example row would be somebody's import one day."""
    columns = columns_of(kind)
    name = f"snerydder-{slugify(str(Import.Kind(kind).label))}"
    made = _guide(columns) if form == "xlsx" else (";".join(column.heading for column in columns) + "\r\n").encode("utf-8-sig")
    disposition = {"Content-Disposition": f'attachment; filename="{name}.{form}"'}
    return HttpResponse(made, content_type=export.TYPES[form], headers=disposition)


def _guide(columns) -> bytes:  # noqa: ANN001
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        bold, text = book.add_format({"bold": True, "bottom": 1, "bg_color": "#F3EEE3"}), book.add_format({"num_format": "@"})
        sheet, guide = book.add_worksheet(_("Udfyld her")), book.add_worksheet(_("Vejledning"))
        sheet.freeze_panes(1, 0)
        for place, column in enumerate(columns):
            sheet.set_column(place, place, max(14, len(column.heading) + 2), text)  # text, so that no nought is eaten
            sheet.write_string(0, place, column.heading, bold)
        for place, word in enumerate((_("Kolonne"), _("Skal udfyldes"), _("Hvad der skal stå"), _("Kan også hedde"))):
            guide.write_string(0, place, word, bold)
        for row, column in enumerate(columns, start=1):
            for place, word in enumerate((column.heading, _("ja") if column.must else "", column.help, ", ".join(column.others))):
                guide.write_string(row, place, word)
        for place, width in enumerate((28, 14, 70, 60)):
            guide.set_column(place, place, width)
    return made.getvalue()

"""Sheets for a survey tool: OpenDocument and Excel out, OpenDocument, Excel and CSV in. Every cell is a text, so a pseudonym is never made a number."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from operator import itemgetter
from xml.sax.saxutils import escape

from django.utils.translation import gettext as _

from snerydder.access.export import Column, as_xlsx
from snerydder.audit.action import Refusal
from snerydder.exchange.csv import reading

ODS = "application/vnd.oasis.opendocument.spreadsheet"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
KINDS = {"ods": ODS, "xlsx": XLSX}
UNPACKED = 60 * 1024 * 1024  # a sheet that is larger unpacked is a bomb
SPACES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.3"'
)
MANIFEST = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.3">'
    f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{ODS}"/><manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
)
Lines = list[tuple[int, list[str]]]


def written(kind: str, name: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    if kind == "ods":
        return _ods(name, [head, *rows])
    return as_xlsx(name, [Column(title, itemgetter(place)) for place, title in enumerate(head)], rows)


def _ods(name: str, rows: Sequence[Sequence[str]]) -> bytes:
    """The same bytes each time: no clock in it. The kind of file stands first and is not packed, as the form asks."""
    cells = "".join(
        "<table:table-row>" + "".join(f'<table:table-cell office:value-type="string"><text:p>{escape(cell)}</text:p></table:table-cell>' for cell in row) + "</table:table-row>"
        for row in rows
    )
    table = f'<table:table table:name="{escape(name, {chr(34): "&quot;"})}">{cells}</table:table>'
    content = f'<?xml version="1.0" encoding="UTF-8"?>\n<office:document-content {SPACES}><office:body><office:spreadsheet>{table}</office:spreadsheet></office:body></office:document-content>'
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr(zipfile.ZipInfo("mimetype"), ODS, zipfile.ZIP_STORED)
        archive.writestr(zipfile.ZipInfo("content.xml"), content.encode("utf-8"), zipfile.ZIP_DEFLATED)
        archive.writestr(zipfile.ZipInfo("META-INF/manifest.xml"), MANIFEST, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def read(name: str, content: bytes) -> Lines:
    """The lines of the first sheet with anything in it, each with its number."""
    if not name.lower().endswith(".ods"):
        return reading.read(name, content)[0].lines
    if len(content) > reading.LARGEST:
        raise _refused(_("Filen er for stor."), _("Del den i to."))
    try:
        return _read_ods(content)
    except Refusal:
        raise
    except Exception:  # noqa: BLE001  whatever the reader stumbles over, the person did not write it
        raise _refused(_("Filen kan ikke læses som OpenDocument."), _("Åbn den i LibreOffice, gem den igen som .ods, og prøv med den.")) from None


def _read_ods(content: bytes) -> Lines:
    import fastexcel  # here: most who visit the site never ask

    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if archive.read("mimetype").decode("ascii", "replace").strip() != ODS:
            raise _refused(_("Filen hedder .ods, men er ikke et regneark."), _("Gem den som regneark (.ods), og prøv igen."))
        if sum(each.file_size for each in archive.infolist()) > UNPACKED:
            raise _refused(_("Filen er for stor."), _("Del den i to."))
    book = fastexcel.read_excel(content)
    for sheet in book.sheet_names:
        rows = book.load_sheet(sheet, header_row=None, dtypes="string").to_polars().rows()
        lines = [(number, [str(cell or "").strip() for cell in row]) for number, row in enumerate(rows, 1)]
        if lines := [line for line in lines if any(line[1])]:
            return lines
    return []


def _refused(what: str, mend: str) -> Refusal:
    return Refusal(what, mend=mend, field="file")

"""From bytes to a table: letters, separators, kinds of file, and what is refused."""

import io
import zipfile

import pytest

from snerydder.audit.action import Refusal
from snerydder.exchange.csv.columns import columns_of, sort_out
from snerydder.exchange.csv.reading import LARGEST, read
from tests.exchange.paper import CITIZENS, sheet, text


def table(name, content, kind="citizens"):
    return sort_out(read(name, content), columns_of(kind))


GOLDEN = table("borgere.csv", text(CITIZENS).encode("utf-8"))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("utf8.csv", text(CITIZENS).encode("utf-8")),
        ("bom.csv", text(CITIZENS).encode("utf-8-sig")),
        ("windows.csv", text(CITIZENS).encode("cp1252")),
        ("utf16.txt", text(CITIZENS, "\t").encode("utf-16")),
        ("comma.csv", text(CITIZENS, ",").encode("utf-8")),
        ("tab.tsv", text(CITIZENS, "\t", "\n").encode("cp1252")),
        ("sep.csv", ("sep=;\r\n" + text(CITIZENS)).encode("cp1252")),
        ("title.csv", ("Udtræk af borgere;;;\r\nDato: 22-11-2026;;;\r\n\r\n" + text(CITIZENS)).encode("cp1252")),
        ("twice.csv", text(CITIZENS).encode("utf-8").decode("cp1252", errors="replace").encode("utf-8")),
        ("excel.xlsx", sheet(CITIZENS)),
        ("BORGERE.XLSX", sheet([["Udtræk af borgere"], [], *CITIZENS])),
    ],
)
def test_it_reads_the_same_table_from_every_kind_of_file(name, content):
    found = table(name, content)
    assert found.headings == GOLDEN.headings == CITIZENS[0]
    assert [cells for _line, cells in found.lines] == [cells for _line, cells in GOLDEN.lines] == CITIZENS[1:]
    assert found.keys == ["cpr", "last_name", "first_name", "phone", "unit", "target_group", "languages", "interpreter", ""]
    assert found.unknown == ["Ydelse"]


def test_letters_saved_twice_are_mended_and_said():
    found = table("twice.csv", text(CITIZENS).encode("utf-8").decode("cp1252", errors="replace").encode("utf-8"))
    assert any("Æ, ø og å" in note for note in found.notes)


def test_line_numbers_are_those_of_the_file():
    content = "Udtræk\r\n\r\n" + text(CITIZENS[:1]) + "\r\n" + text(CITIZENS[1:])
    assert [line for line, _cells in table("a.csv", content.encode()).lines] == [5, 6]


def test_a_text_may_hold_line_breaks_and_quotes():
    rows = [CITIZENS[0], ["050390-6011", 'Ågård "Bøje"', "Søren\nÆbelø; den yngre", *CITIZENS[1][3:]]]
    assert table("a.csv", text(rows).encode()).lines[0][1][1:3] == ['Ågård "Bøje"', "Søren\nÆbelø; den yngre"]


def test_dates_and_numbers_of_a_sheet_are_read_as_a_dane_would_write_them():
    from datetime import datetime

    rows = [["Navn", "Mail", "Type", "Timer", "Mentor siden"], ["Ane", "a@example.org", "frivillig", 37.5, datetime(2019, 3, 1)]]  # noqa: DTZ001
    assert table("m.xlsx", sheet(rows), "mentors").lines[0][1] == ["Ane", "a@example.org", "frivillig", "37,5", "01-03-2019"]


def refused(name, content, kind="citizens"):
    with pytest.raises(Refusal) as caught:
        table(name, content, kind)
    assert caught.value.field == "file"
    return str(caught.value)


def bomb():
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", "<workbook/>")
        packed.writestr("xl/worksheets/sheet1.xml", b"\0" * (220 * 1024 * 1024))
    return made.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.csv", b"", "Filen er tom"),
        ("a.csv", b"\xef\xbb\xbf\r\n\r\n", "Filen er tom"),
        ("a.csv", text(CITIZENS[:1]).encode(), "ingen rækker"),
        ("a.csv", b"hej\r\nmed dig\r\n", "overskrifterne"),
        ("a.csv", b"Fornavn;Efternavn\r\nAne;Bo\r\n", "mangler kolonnen: CPR-nummer"),
        ("a.csv", b"CPR;CPR-nr.;Navn\r\n1;2;3\r\n", "det samme"),
        ("a.xlsx", text(CITIZENS).encode(), "ikke sådan en fil"),
        ("a.csv", sheet(CITIZENS), "ikke sådan en fil"),
        ("a.docx", sheet(CITIZENS), "Filtypen"),
        ("a.xls", b"\xd0\xcf\x11\xe0" + b"x" * 600, "adgangskode"),
        ("a.xls", b"<html><table><tr><td>CPR</td></tr></table></html>", "webside"),
        ("a.csv", b"%PDF-1.7 ...", "PDF"),
        ("a.csv", b"\x89PNG\r\n\x1a\n....", "billede"),
        ("a.csv", bytes(range(256)) * 4, "tekst"),
        ("a.xlsx", b"PK\x03\x04" + b"x" * 500, "kan ikke åbnes"),
        ("a.csv", text(CITIZENS).encode("cp850"), "æ, ø og å"),
        ("a.csv", b"CPR;Navn\r\n" + b"\x81\x8d\x8f\r\n", "æ, ø og å"),
        ("a.csv", b"x" * (LARGEST + 1), "10 MB"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_gets_a_sentence(name, content, words):
    assert words in refused(name, content)


def test_a_zip_bomb_is_seen_before_it_is_unpacked(monkeypatch):
    content = bomb()
    monkeypatch.setattr(zipfile.ZipFile, "open", lambda *given, **more: pytest.fail("it was unpacked"))
    assert "pakker ud" in refused("a.xlsx", content)


def test_merged_cells_among_the_rows_are_refused_but_a_title_is_no_harm():
    assert "flettede celler" in refused("a.xlsx", sheet(CITIZENS, lambda page: page.merge_cells("B2:B3")))
    fine = sheet([["Udtræk"], *CITIZENS], lambda page: page.merge_cells("A1:I1"))
    assert len(table("a.xlsx", fine).lines) == 2


def test_a_formula_without_its_result_is_pointed_out():
    """openpyxl writes no results, as a program that never calculated."""
    found = table("a.xlsx", sheet(CITIZENS, lambda page: page.__setitem__("D2", '="00 " & "11"')))
    assert found.lost == {2: {3}} and any("formler" in note for note in found.notes)


def test_too_many_rows_are_refused():
    row = ";".join(CITIZENS[1]) + "\r\n"
    assert "for mange rækker" in refused("a.csv", (text(CITIZENS[:1]) + row * 20_050).encode())


def test_a_sheet_without_headings_is_passed_over_for_one_with():
    from openpyxl import Workbook

    book = Workbook()
    book.active.append(["Læs mig"])
    page = book.create_sheet("Borgere")
    for row in CITIZENS:
        page.append(row)
    made = io.BytesIO()
    book.save(made)
    found = table("a.xlsx", made.getvalue())
    assert len(found.lines) == 2 and any("flere ark" in note for note in found.notes)

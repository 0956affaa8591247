"""Files that are not what they should be, and the sentence they get: file, place, what was expected, what to do."""

import datetime
import zipfile

import polars as pl
import pytest
import xlsxwriter

from snerydder.registers import formats, table
from snerydder.registers.faults import BadInput
from tests.registers import made

WIDE = "pnr,y_1201,y_1202\nA,651,\nB,731,731\n"


def refused(what, *words):
    with pytest.raises(BadInput) as told:
        what()
    assert all(word in str(told.value) for word in words), str(told.value)
    assert "Forventet:" in str(told.value) or "Gør:" in str(told.value)


def text(folder, content, name="dream.csv"):
    file = folder / name
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return file


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("pnr,y_1201,y_1202\nA,651,\nB,731\n", ("række 3", "Den sidste række har 2 felter", "overskriften har 3", "afbrudt")),
        ("pnr,y_1201,y_1202\nA,651\nB,731,731\n", ("række 2", "har 2 felter", "forskudt")),
        ("pnr,y_1201,y_1202\nA,651,,731\nB,731,731\n", ("række 2", "har 4 felter", "R skriver rækkernes navne")),
        ("pnr,y_1201,y_1202\nA,651,\nHansen, B,731,731\n", ("række 3", "har 4 felter", "skilletegnet")),
        ('pnr,y_1201,y_1202\n"A,651,\nB,731,731\n', ("række 2", "citationstegn", "afbrudt")),
        ("pnr,y_1201,y_1201\nA,651,\n", ("y_1201 står to gange", "kolonne 2 og 3")),
        ("pnr,y_1201,y_1202\nA,651,\n\nB,731,731\n", ("række 3", "Personnøglen er tom")),
        ("", ("Filen er tom",)),
        ("pnr,y_1201\n", ("Filen er tom", "under overskriften")),
        (b"pnr,y_1201\nA\x81\xc6,651\n", ("hverken UTF-8 eller Windows-1252", "UTF-8")),
        ("pnr,y_1201\nA,651\n".encode("utf-16"), ("indholdet er UTF-16", "CSV (UTF-8)")),
        (b"PAR1" + bytes(40), ("hedder .csv, men indholdet er Parquet", ".parquet")),
        (b"PK\x03\x04" + bytes(40), ("hedder .csv, men indholdet er Excel", ".xlsx")),
        (b"%PDF-1.7", ("indholdet er PDF",)),
        (bytes(range(64)), ("hverken tekst eller",)),
    ],
)
def test_a_csv_that_is_cut_off_shifted_or_something_else(tmp_path, content, words):
    refused(lambda: made.read(text(tmp_path, content), ["A", "B"]), "dream.csv", *words)


def test_what_stands_in_quotation_marks_may_hold_the_separator_and_run_over_lines(tmp_path):
    found = table.read(text(tmp_path, 'pnr,navn,y_1201\nA,"x, ""y""\nz",651\nB,,731\n'), "registret")
    assert found.height == 2 and found["y_1201"].to_list() == ["651", "731"]


@pytest.mark.parametrize("end", ["\n\n\n", ",,\n,,\n"])
def test_rows_of_nothing_at_the_end_are_nothing(tmp_path, end):
    assert table.read(text(tmp_path, WIDE + end), "registret").height == 2


@pytest.mark.parametrize("name", ["dream.parquet", "dream.xlsx", "dream.dta", "dream.sas7bdat", "dream.xpt"])
def test_a_file_that_is_not_what_its_name_says(tmp_path, name):
    refused(lambda: table.read(text(tmp_path, WIDE, name), "registret"), name, "indholdet er CSV", ".csv")


@pytest.mark.parametrize("name", ["dream.xls", "dream.json", "dream"])
def test_an_ending_nobody_reads(tmp_path, name):
    refused(lambda: table.read(text(tmp_path, WIDE, name), "registret"), "kan ikke læses", ".sas7bdat")


@pytest.mark.parametrize("kind", ["parquet", "stata", "sas", "excel"])
@pytest.mark.parametrize("part", [0.3, 0.6, 0.9])
def test_a_file_that_was_cut_off(tmp_path, kind, part):
    whole = made.write(tmp_path, pl.DataFrame({"pnr": [f"P{n}" for n in range(400)], "y_1201": [651.0] * 400}), kind)
    content = whole.read_bytes()
    whole.write_bytes(content[: int(len(content) * part)])
    refused(lambda: table.read(whole, "registret"), whole.name)


def book(folder, fill, sheets=("Ark1",)):
    file = folder / "dream.xlsx"
    opened = xlsxwriter.Workbook(str(file))
    fill(opened, [opened.add_worksheet(name) for name in sheets])
    opened.close()
    return file


def rows(sheet, start=0):
    for place, row in enumerate([["pnr", "y_1201"], ["A", 651], ["B", "731"]]):
        sheet.write_row(place + start, start, row)


@pytest.mark.parametrize("value", [651, None, ""])
def test_a_formula_is_refused_with_its_cell(tmp_path, value):
    """Kept without its result, it would be read as a week without benefit."""

    def fill(opened, sheets):
        rows(sheets[0])
        sheets[0].write_formula("B3", "=B2", None, value)

    refused(lambda: made.read(book(tmp_path, fill), ["A"]), "celle B3", "formel", "værdier")


def test_a_broken_cell_is_refused_and_not_blank(tmp_path):
    file = book(tmp_path, lambda opened, sheets: rows(sheets[0]))
    with zipfile.ZipFile(file) as opened:
        parts = {name: opened.read(name) for name in opened.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    parts[sheet] = parts[sheet].replace(b'<c r="B2"><v>651</v></c>', b'<c r="B2" t="e"><v>#N/A</v></c>')
    assert b"#N/A" in parts[sheet]
    with zipfile.ZipFile(file, "w") as opened:
        for name, content in parts.items():
            opened.writestr(name, content)
    refused(lambda: made.read(file, ["A"]), "celle B2", "#N/A")


def test_two_sheets_with_content_are_not_guessed_between(tmp_path):
    refused(
        lambda: made.read(book(tmp_path, lambda opened, sheets: [rows(sheet) for sheet in sheets], ("2012", "2013")), ["A"]),
        "2 ark har indhold",
        "2012, 2013",
    )


def test_an_empty_sheet_beside_the_table_is_no_table(tmp_path):
    assert made.read(book(tmp_path, lambda opened, sheets: rows(sheets[1]), ("Tomt", "Data")), ["A"]).panel.spells.persons == ("A",)


def test_a_table_that_begins_elsewhere(tmp_path):
    refused(lambda: made.read(book(tmp_path, lambda opened, sheets: rows(sheets[0], 2)), ["A"]), "celle C3", "A1")


def test_a_zip_that_is_no_workbook(tmp_path):
    with zipfile.ZipFile(tmp_path / "dream.xlsx", "w") as opened:
        opened.writestr("dream.csv", WIDE)
    refused(lambda: table.read(tmp_path / "dream.xlsx", "registret"), "ikke en Excel-fil", "Pak den ud")


def test_dates_of_a_workbook_are_days(tmp_path):
    def fill(opened, sheets):
        form = opened.add_format({"num_format": "dd-mm-yyyy"})
        sheets[0].write("A1", "dato")
        sheets[0].write_datetime("A2", datetime.date(2012, 12, 31), form)
        sheets[0].write("A3", "01-01-2013")

    file = book(tmp_path, fill)
    assert table.dates(table.read(file, "lodtrækningen"), file, "dato") == [datetime.date(2012, 12, 31), datetime.date(2013, 1, 1)]


@pytest.mark.parametrize("cell", ["2012-08-20", "20-08-2012", "20.08.2012", "20/08/2012", "20120820", "2012-08-20 14:30", "2012-08-20T00:00:00"])
def test_the_ways_a_day_is_written(tmp_path, cell):
    file = text(tmp_path, f"dato\n{cell}\n")
    assert table.dates(table.read(file, "lodtrækningen"), file, "dato") == [datetime.date(2012, 8, 20)]


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("41141", ("Excel", "2012-08-20", "datoformat")),
        ("41141.0", ("Excel", "2012-08-20")),
        ("19225", ("SAS eller Stata", "2012-08-20")),
        ("08/20/2012", ("dagen før måneden",)),
        ("20-08-12", ("fire cifre",)),
        ("201211", ("ikke en dato",)),
        ("2012-02-30", ("ikke en dato",)),
    ],
)
def test_what_is_no_day_is_told_and_never_guessed(tmp_path, cell, words):
    file = text(tmp_path, f"dato,x\n01-01-2012,1\n{cell},1\n")
    refused(lambda: table.dates(table.read(file, "lodtrækningen"), file, "dato"), "række 3, kolonne dato", repr(cell), *words)


def test_no_day_at_all_is_told_as_such(tmp_path):
    file = text(tmp_path, "dato,x\n01-01-2012,1\n,1\n")
    refused(lambda: table.dates(table.read(file, "lodtrækningen"), file, "dato"), "række 3, kolonne dato", "Cellen er tom", "Skriv dagen")


@pytest.mark.parametrize(("cells", "read"), [(["1", "2,5", " 3.25 ", ".", ""], [1, 2.5, 3.25, None, None]), (["1250", "12.5"], [1250, 12.5])])
def test_numbers_with_point_or_comma(tmp_path, cells, read):
    frame = pl.DataFrame({"x": cells})
    found = table.numbers(frame, tmp_path / "personer.csv", "x").tolist()
    assert [None if value != value else value for value in found] == read


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        (["250.000", "1"], ("tusinder eller decimaler", "række 2")),
        (["1", "ja"], ("'ja'", "række 3")),
        (["1", "inf"], ("'inf'",)),
        (["1", "1.250,50"], ("'1.250,50'",)),
    ],
)
def test_numbers_that_could_be_two_things_or_none(tmp_path, cells, words):
    refused(lambda: table.numbers(pl.DataFrame({"x": cells}), tmp_path / "personer.csv", "x"), "kolonne x", *words)


@pytest.mark.parametrize("column", [[1234.0, 5.0], ["1234.0", "5.0"], ["1234,0", "5,00"], ["1234", " 5 "], [1234, 5]])
def test_a_key_that_has_been_a_floating_point_is_a_whole_number_again(tmp_path, column):
    assert table.keys(pl.DataFrame({"pnr": column}), tmp_path / "x.csv", "pnr") == ["1234", "5"]


@pytest.mark.parametrize(
    ("column", "words"),
    [
        (["A", "  "], ("tom", "række 3")),
        (["A", None], ("tom", "række 3")),
        (["1.23E+09", "5"], ("mistet cifre", "række 2")),
        ([1.5, 2.0], ("1.5", "række 2")),
        ([1e16, 2.0], ("mistet cifre",)),
        (['="0012"', "5"], ("formel", "værdier")),
    ],
)
def test_a_key_that_is_none(tmp_path, column, words):
    refused(lambda: table.keys(pl.DataFrame({"pnr": column}, strict=False), tmp_path / "x.csv", "pnr"), "kolonne pnr", *words)


def test_rows_are_numbered_as_their_reader_sees_them(tmp_path):
    assert [formats.row_number(tmp_path / name, 0) for name in ("a.csv", "a.xlsx", "a.parquet", "a.dta")] == [2, 2, 1, 1]


def test_a_column_by_another_letter_case_is_named(tmp_path):
    refused(lambda: made.read(text(tmp_path, WIDE.replace("pnr", "PNR")), ["A"]), "pnr", "PNR", "små bogstaver")


def test_sas_texts_padded_with_blanks_and_its_missing_numbers(tmp_path):
    frame = pl.DataFrame({"pnr": ["A  ", "BBBBB"], "y_1201": ["651   ", "."], "y_1202": [None, 731.0]})
    found = made.read(made.write(tmp_path, frame, "sas"), ["A", "BBBBB"])
    assert found.panel.spells.persons == ("A", "BBBBB") and found.code_cells == {"651": 1, "731": 1}


def test_a_sas_file_is_known_by_its_content(tmp_path):
    frame = pl.DataFrame({"pnr": ["A", "Ærø"], "y_1201": ["651", ""], "y_1202": [None, 731.0]})
    file = made.write(tmp_path, frame, "sas7")
    assert made.read(file, {"A", "Ærø"}).code_cells == {"651": 1, "731": 1}
    refused(lambda: table.read(file.rename(tmp_path / "dream.csv"), "registret"), "indholdet er SAS", ".sas7bdat")


@pytest.mark.parametrize("left", [12 + 4 + 300, 4096, -1, -4096], ids=["the head", "a page", "a byte short", "a page short"])
def test_a_sas_file_cut_off(tmp_path, left):
    frame = pl.DataFrame({"pnr": [f"P{number}" for number in range(2000)], "y_1201": [651.0] * 2000})
    file = made.write(tmp_path, frame, "sas7")
    file.write_bytes(file.read_bytes()[:left])
    refused(lambda: table.read(file, "registret"), "kunne ikke læses", "afbrudt")


def test_the_missing_letters_of_stata_are_missing(tmp_path):
    import pandas
    import pyreadstat

    file = tmp_path / "dream.dta"
    pyreadstat.write_dta(pandas.DataFrame({"pnr": ["A", "B", "C"], "y_1201": [651, "a", 731]}), str(file), missing_user_values={"y_1201": ["a"]})
    found = made.read(file, {"A", "B", "C"})
    assert found.code_cells == {"651": 1, "731": 1} and found.panel.spells.offsets.tolist() == [0, 1, 1, 2]

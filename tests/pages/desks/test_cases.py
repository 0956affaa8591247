"""The list of cases: filters, sorting, pages, whose cases, and the files."""

import csv
import io
from datetime import date, timedelta

import openpyxl
import pytest

from snerydder.access import export
from snerydder.audit.models import Lookup
from snerydder.casework.agreements import queries
from snerydder.casework.cases.models import Case
from snerydder.casework.contacts import queries as contacts
from snerydder.casework.grants import queries as grants
from snerydder.desks import caselist
from snerydder.desks.selection import Selection
from tests import build
from tests.pages.desks.conftest import TODAY
from tests.pages.visit import Page, counted, visitor


def listed(client, query: str = "") -> list[str]:
    return [words for words, href in Page(client.get(f"/sager/?{query}")).links if href.startswith("/sager/") and len(href) == 44]


@pytest.mark.parametrize(
    ("key", "names"),
    [
        ("uden-kontakt", ["Nikolaj", "Stine", "Navn"]),
        ("foerste-kontakt", ["Nikolaj"]),
        ("udloeber", ["Amina"]),
        ("mangler-aftale", ["Mads", "Åse"]),
        ("mangler-mentor", ["Bo"]),
        ("mangler-start", ["Ida"]),
        ("skal-vurderes", ["Rita"]),
        ("skal-afgoeres", ["Vera"]),
        ("kommunens-ja", ["Åse"]),
        ("opfoelgning", ["Amina", "Stine", "Rune", "Nikolaj"]),
        ("udloebet", []),
    ],
)  # fmt: skip
def test_each_filter_finds_its_cases_in_its_order(client, town, key, names):
    assert [name.split()[0] for name in listed(visitor(client, town.cast.dorthe), f"vis={key}")] == names


def test_an_agreement_that_ran_out_is_missing_and_the_noun_agrees(town):
    case = town.fresh("running")
    assert case.agreement_end == case.grant_end
    running = queries.current(case)
    running.end = case.agreement_end = TODAY - timedelta(days=1)
    running.save(update_fields=["end"])
    case.save(update_fields=["agreement_end"])
    mine = set(Selection("mangler-aftale").rows(town.cast.dorthe).values_list("number", flat=True))
    assert mine == set(queries.missing_agreements(town.cast.dorthe).values_list("number", flat=True))
    assert case.number in mine and len(mine) == 3


def test_silent_and_expiring_are_what_the_nouns_say(town):
    for key, noun in (("uden-kontakt", contacts.silent(town.cast.dorthe)), ("udloeber", grants.expiring_within(town.cast.dorthe))):
        assert list(Selection(key).rows(town.cast.dorthe).order_by("number")) == sorted(noun, key=lambda case: case.number)


def test_filters_can_be_put_together(client, town, bakkeby):
    dorthe = visitor(client, town.cast.dorthe)
    mentor = town.cast.mentor.pk
    assert len(listed(dorthe, f"mentor={mentor}")) == 8
    assert listed(dorthe, f"vis=uden-kontakt&mentor={mentor}&trin=active&enhed={town.cast.unit.pk}&sagsbehandler={town.cast.bente.pk}")[0] == "Nikolaj Nielsen"
    assert listed(dorthe, f"mentor={bakkeby.mentor.pk}") == []


def test_sorting_both_ways_with_the_empty_last(client, town):
    dorthe = visitor(client, town.cast.dorthe)
    up, down = listed(dorthe, "sorter=citizen"), listed(dorthe, "sorter=-citizen")
    assert [name.split()[0] for name in up] == ["Bo", "Ida", "Mads", "Nikolaj", "Rita", "Rune", "Stine", "Vera", "Åse", "Amina", "Navn"]
    assert up[:-1] == down[-2::-1]
    assert down[-1].startswith("Navn beskyttet")  # where it would stand would tell the letter it begins with
    assert listed(dorthe, "sorter=mentor")[-1] in ("Rita Nielsen", "Vera Nielsen", "Bo Nielsen")
    assert listed(dorthe, "sorter=-mentor")[-1] in ("Rita Nielsen", "Vera Nielsen", "Bo Nielsen")


def test_fifty_on_a_page_and_every_case_on_one_of_them(client, town):
    for number in range(100, 145):
        build.referred(town.cast, build.citizen(town.cast, number))
    dorthe = visitor(client, town.cast.dorthe)
    first, second = listed(dorthe), listed(dorthe, "side=2")
    assert (len(first), len(second)) == (50, 6)
    assert "56 sager" in Page(dorthe.get("/sager/")).words


def test_the_questions_do_not_grow_with_the_cases(client, town):
    dorthe = visitor(client, town.cast.dorthe)
    with counted() as few:
        dorthe.get("/sager/")
    for number in range(100, 120):
        build.referred(town.cast, build.citizen(town.cast, number))
    with counted() as many:
        dorthe.get("/sager/")
    assert len(many) == len(few) <= 14


def test_the_persons_on_the_page_are_logged_and_no_others(client, town):
    visitor(client, town.cast.dorthe).get("/sager/?vis=uden-kontakt")
    row = Lookup.objects.order_by("-id").first()
    assert (row.kind, row.purpose) == ("list", "Uden kontakt i 2 uger")
    assert sorted(row.citizen_ids) == sorted(town.cases[name].citizen_id for name in ("silent", "never", "protected"))


def test_a_protected_name_is_not_in_the_list_nor_in_the_file(client, town):
    dorthe = visitor(client, town.cast.dorthe)
    assert "Hemmelig" not in dorthe.get("/sager/").content.decode()
    assert "Hemmelig" not in dorthe.get("/sager/?format=csv").content.decode("utf-8-sig")


def test_a_mentor_lists_own_cases_without_the_file(client, town):
    carl = visitor(client, town.cast.carl)
    page = Page(carl.get("/sager/"))
    assert "8 sager" in page.words and "Hent som Excel" not in page.words and "Bo Nielsen" not in page.words
    assert carl.get("/sager/?format=xlsx").status_code == 403


def test_other_roles_see_no_list(client, town):
    for who in ("gitte", "freja"):
        assert visitor(client, getattr(town.cast, who)).get("/sager/").status_code == 403


def sheet_of(answer) -> list[list]:
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    return [[cell.value for cell in row] for row in book.active.iter_rows()]


def test_the_excel_file_has_numbers_as_numbers_and_dates_as_dates(client, town):
    answer = visitor(client, town.cast.dorthe).get("/sager/?vis=uden-kontakt&format=xlsx")
    assert answer["Content-Disposition"] == f'attachment; filename="uden-kontakt-i-2-uger-{TODAY.isoformat()}.xlsx"'
    rows = sheet_of(answer)
    head = rows[0]
    assert [row[head.index("Borger")].split()[0] for row in rows[1:]] == ["Nikolaj", "Stine", "Navn"]
    stine = dict(zip(head, rows[2], strict=True))
    assert stine["Sag"] == "2026-00008"
    assert stine["Timer"] == 7 and stine["Bevilgede timer"] == pytest.approx(49.7167, abs=1e-3)
    assert stine["Seneste kontakt"].date() == date(2026, 10, 20)
    assert stine["Uger uden kontakt"] == 11 - stine["Uger med kontakt"]


def test_the_csv_file_is_as_a_danish_excel_opens_it(client, town):
    answer = visitor(client, town.cast.dorthe).get("/sager/?vis=uden-kontakt&format=csv")
    assert answer.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    stine = dict(zip(rows[0], rows[2], strict=True))
    assert (stine["Timer"], stine["Bevilgede timer"], stine["Begyndt"]) == ("7,0", "49,72", "07-09-2026")


def test_the_file_holds_every_row_and_logs_every_person(client, town):
    for number in range(100, 145):
        build.referred(town.cast, build.citizen(town.cast, number))
    rows = sheet_of(visitor(client, town.cast.dorthe).get("/sager/?format=xlsx"))
    assert len(rows) == 57
    log = Lookup.objects.order_by("-id").first()
    assert log.kind == "export" and len(log.citizen_ids) == 56


def test_a_protected_row_is_a_row_too(client, town):
    rows = sheet_of(visitor(client, town.cast.dorthe).get("/sager/?format=xlsx"))
    assert any(str(row[1]).startswith("Navn beskyttet") for row in rows)


COLUMNS = [export.Column("Tekst", lambda row: row[0]), export.Column("=Tal", lambda row: row[1], decimals=2), export.Column("Dag", lambda row: row[2])]
NASTY = ["=1+1", "=cmd|' /C calc'!A0", "+45 12 34 56 78", "-2", "@SUM(A1)", "O'Neill", 'æøå "citat";', "🐟\nto linjer", "http://example.org", "00123", "<script>"]


def test_what_looks_like_a_formula_stays_text_in_excel():
    made = export.as_xlsx("Navn: [med] tegn/der*ikke må", COLUMNS, [(text, -12.5, date(2026, 3, 1)) for text in NASTY])
    book = openpyxl.load_workbook(io.BytesIO(made))
    sheet = book.active
    for row, text in enumerate(NASTY, start=2):
        assert sheet.cell(row, 1).data_type == "s" and sheet.cell(row, 1).value == text
        assert sheet.cell(row, 2).data_type == "n" and sheet.cell(row, 2).value == -12.5
        assert sheet.cell(row, 3).is_date
        assert sheet.cell(row, 1).hyperlink is None
    assert sheet.cell(1, 2).value == "=Tal" and sheet.cell(1, 2).data_type == "s"


def test_what_looks_like_a_formula_stays_text_in_csv():
    made = export.as_csv(COLUMNS, [(text, -12.5, date(2026, 3, 1)) for text in NASTY]).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(made, newline=""), delimiter=";"))[1:]
    for row, text in zip(rows, NASTY, strict=True):
        assert not row[0].startswith(("=", "+", "-", "@"))
        assert row[0].removeprefix("'") == text
        assert row[1:] == ["-12,5", "01-03-2026"]


@pytest.mark.parametrize(
    ("started", "closed", "met", "today", "without"),
    [
        (date(2026, 11, 16), None, 0, date(2026, 11, 16), 1),
        (date(2026, 11, 15), None, 0, date(2026, 11, 16), 2),  # a Sunday and a Monday are two weeks
        (date(2026, 12, 28), None, 1, date(2027, 1, 4), 1),  # week 53 of 2026 and week 1 of 2027
        (date(2026, 11, 2), date(2026, 11, 8), 0, date(2027, 11, 16), 1),  # it stops at the closing
        (date(2026, 11, 2), None, 9, date(2026, 11, 16), 0),  # contact before the start counts, and never below nothing
        (None, None, 0, date(2026, 11, 16), 0),
    ],
)  # fmt: skip
def test_weeks_without_contact_are_those_since_the_start_minus_those_with(started, closed, met, today, without):
    assert caselist.weeks_without_contact(Case(started_on=started, closed_on=closed, weeks_with_contact=met), today) == without


def test_weeks_without_contact_agree_with_a_count_of_the_weeks(town):
    for name in ("running", "silent", "never", "protected", "expiring"):
        case = town.fresh(name)
        with_contact = {row.week for row in case.weeks.all() if row.contacts}
        monday = case.started_on - timedelta(days=case.started_on.weekday())
        empty = 0
        while monday <= TODAY:
            iso = monday.isocalendar()
            empty += iso.year * 100 + iso.week not in with_contact
            monday += timedelta(weeks=1)
        assert caselist.weeks_without_contact(case, TODAY) == empty

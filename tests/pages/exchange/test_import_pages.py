"""The import's pages: choose, look, import or not; and the files that go out."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from snerydder.access.tenancy import set_context
from snerydder.audit.models import Lookup
from snerydder.casework.people.models import Citizen
from snerydder.exchange.csv.models import Import
from tests.cast import fjordby
from tests.exchange.paper import CITIZENS, text
from tests.pages.visit import Page, counted, visitor

pytestmark = pytest.mark.django_db
WRONG = ["1", "Bo", "<script>alert(1)</script>", "", "", "", "", "", ""]


@pytest.fixture
def dorthe(client, cast):
    return visitor(client, cast.dorthe)


def send(client, rows, name="borgere.csv", kind="citizens", content=None):
    file = SimpleUploadedFile(name, text(rows).encode("cp1252") if content is None else content)
    return client.post(reverse("exchange:import"), {"kind": kind, "file": file})


def test_it_shows_what_would_come_and_imports_it(dorthe):
    answer = send(dorthe, [*CITIZENS, WRONG])
    shown = dorthe.get(answer.url)
    page = Page(shown)
    assert shown.status_code == 200 and page.headings[0] == "borgere.csv"
    for words in ("2 bliver oprettet", "1 række er afvist", "Importér 2 rækker", "bruger dem ikke: Ydelse", "050390\u2011••••", "CPR-nummeret kan ikke passe"):
        assert words in page.words
    assert "0503906011" not in shown.content.decode() and "<script>alert" not in shown.content.decode()
    job = Import.objects.get()
    done = Page(dorthe.post(reverse("exchange:run", args=[job.pk]), follow=True))
    assert "Filen er importeret" in done.words and Citizen.objects.count() == 3


def test_it_can_be_thrown_away(dorthe):
    send(dorthe, CITIZENS)
    job = Import.objects.get()
    page = Page(dorthe.post(reverse("exchange:drop", args=[job.pk]), follow=True))
    assert "Filen er fjernet" in page.words and not Import.objects.exists() and Citizen.objects.count() == 1


@pytest.mark.parametrize(("name", "content", "words"), [("a.csv", b"", "Filen er tom"), ("a.pdf", b"%PDF-1.7", "PDF"), ("a.csv", b"x;y\r\n1;2\r\n", "overskrifterne")])
def test_a_file_that_cannot_be_used_is_told_beside_the_field(dorthe, name, content, words):
    answer = send(dorthe, [], name, content=content)
    assert answer.status_code == 200 and words in Page(answer).words and not Import.objects.exists()


def test_no_file_and_no_kind_are_told(dorthe):
    page = Page(dorthe.post(reverse("exchange:import"), {}))
    assert "Vælg en fil: Fil" in page.words and "Vælg: Hvad er der i filen?" in page.words


def test_refused_rows_go_out_with_the_reason_and_come_in_again_mended(dorthe):
    send(dorthe, [*CITIZENS, WRONG])
    job = Import.objects.get()
    for form in ("xlsx", "csv"):
        answer = dorthe.get(reverse("exchange:refused", args=[job.pk, form]))
        assert answer["Content-Disposition"].endswith(f'.{form}"') and "attachment" in answer["Content-Disposition"]
    assert Lookup.objects.filter(kind="export").count() == 0, "the refused line is about nobody we know"
    answer = dorthe.get(reverse("exchange:refused", args=[job.pk, "xlsx"]))
    book = load_workbook(io.BytesIO(answer.content))
    book.active["A2"], book.active["C2"] = "030391-6013", "Ane"
    made = io.BytesIO()
    book.save(made)
    page = Page(dorthe.get(send(dorthe, [], "rettet.xlsx", content=made.getvalue()).url))
    assert "1 bliver oprettet" in page.words


def test_templates_hold_every_column_and_nothing_to_import(dorthe):
    for kind in ("citizens", "mentors", "cases"):
        book = load_workbook(io.BytesIO(dorthe.get(reverse("exchange:template", args=[kind, "xlsx"])).content))
        headings = [cell.value for cell in book.worksheets[0][1]]
        assert headings == [row[0].value for row in list(book.worksheets[1].rows)[1:]] and book.worksheets[0].max_row == 1
        csv = dorthe.get(reverse("exchange:template", args=[kind, "csv"])).content
        assert csv.startswith(b"\xef\xbb\xbf") and csv.decode("utf-8-sig").strip().split(";") == headings
    assert dorthe.get("/import/skabelon/katte.csv").status_code == 404
    assert dorthe.get("/import/skabelon/cases.exe").status_code == 404


def test_only_those_who_may_import_come_in(client, cast):
    send(visitor(client, cast.dorthe), CITIZENS)
    job = Import.objects.get()
    for staff in (cast.carl, cast.bente, cast.erik, cast.freja):
        visitor(client, staff)
        assert client.get(reverse("exchange:import")).status_code == 403
        assert client.get(reverse("exchange:preview", args=[job.pk])).status_code == 403


def test_another_municipality_gets_404(client, cast):
    send(visitor(client, cast.dorthe), CITIZENS)
    job = Import.objects.get()
    other = fjordby(902, "Bakkeby", "2")
    visitor(client, other.dorthe)
    for name, args in (("preview", [job.pk]), ("progress", [job.pk]), ("refused", [job.pk, "csv"])):
        assert client.get(reverse(f"exchange:{name}", args=args)).status_code == 404
    assert client.post(reverse("exchange:run", args=[job.pk])).status_code == 404
    set_context(cast.municipality)
    assert Import.objects.get().state == "ready"


def test_get_changes_nothing(dorthe):
    send(dorthe, CITIZENS)
    job = Import.objects.get()
    assert dorthe.get(reverse("exchange:run", args=[job.pk])).status_code == 405
    assert dorthe.get(reverse("exchange:drop", args=[job.pk])).status_code == 405


def test_the_preview_asks_as_much_for_many_lines_as_for_few(dorthe):
    def asked(count):
        rows = [["CPR", "Fornavn", "Efternavn"], *([f"{day:02d}0190-6{count:03d}", "Ane", "Bo"] for day in range(1, count + 1))]
        url = send(dorthe, rows).url
        with counted() as queries:
            dorthe.get(url)
        return len(queries)

    asked(2)
    assert asked(3) == asked(25)


def test_the_waiting_page_says_how_far(dorthe, cast):
    from snerydder.exchange.csv import actions

    send(dorthe, CITIZENS)
    job = actions.begin(Import.objects.get(), by=cast.dorthe)
    page = Page(dorthe.get(reverse("exchange:preview", args=[job.pk])))
    assert "0 af 2 rækker" in page.words
    assert dorthe.get(reverse("exchange:progress", args=[job.pk])).json() == {"running": True, "done": 0, "total": 2}

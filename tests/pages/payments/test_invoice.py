"""A payer meets an invoice with seven faults, through the real forms, and pays the right sum."""

import io
from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from openpyxl import Workbook

from snerydder.casework.cases.models import Assessment
from snerydder.casework.payments import budget, invoicing
from snerydder.casework.payments.models import Invoice
from snerydder.ui.formats import kr
from tests.pages.payments.conftest import FIRST
from tests.pages.visit import Page, counted

HEAD = ["Sagsnummer", "Dato", "Timer", "Timepris", "Beløb", "Tekst"]


def day(ago=0):
    return (FIRST + timedelta(days=ago)).strftime("%d-%m-%Y")


def faulty(number):
    """Two lines are right. Seven are not."""
    return [
        [number, day(0), "1", "450", "450,00", "samtale"],
        [number, day(7), "1,5", "450", "675,00", "samtale"],  # half an hour more than the log
        [number, day(14), "1", "600", "600,00", "samtale"],  # dearer than agreed
        [number, day(1), "1,5", "450", "675,00", "brev"],
        [number, day(0), "1", "450", "450,00", "samtale"],  # once more
        [number, day(3), "1", "450", "450,00", "gåtur"],  # nobody met
        ["2026-99999", day(0), "1", "450", "450,00", "samtale"],  # no such case
        ["", day(0), "40", "3,79", "151,60", "Kørsel 40 km"],
        ["", day(1), "1", "1.234,50", "1.234,50", "Administrationsgebyr gebyr"],
    ]  # fmt: skip


def csv(rows, head=HEAD):
    return "\r\n".join(";".join(row) for row in [head, *rows]).encode("cp1252")


def send(client, supplier, content, name="faktura.csv", total="5.136,10", number="2026-117"):
    facts = {"supplier": str(supplier.pk), "number": number, "dated": "2026-09-01", "total": total}
    if isinstance(content, str):
        return client.post("/fakturaer/ny/", facts | {"typed": content})
    return client.post("/fakturaer/ny/", facts | {"file": SimpleUploadedFile(name, content)})


def test_seven_faults_and_the_right_sum(as_staff, month):
    dorthe, gitte, henrik = as_staff("dorthe"), as_staff("gitte"), as_staff("henrik")
    answer = send(dorthe, month.supplier, csv(faulty(month.case.number)))
    assert answer.status_code == 302, Page(answer).words
    address = answer.url
    page = Page(gitte.get(address))
    assert "7 Linjer venter på dig" in page.words and "5.136,10 kr. Fakturaen lyder på" in page.words
    for said in (
        "Flere timer end leveret", "Timeprisen er højere end aftalt", "Kontakten er faktureret før", "Der er ingen kontakt i loggen den dag", "Sagen findes ikke",
        "Kørsel og billetter kan ikke betales som mentorstøtte. BEK om en aktiv beskæftigelsesindsats § 122, stk. 2 (ikke læst i den bekendtgørelse, der gælder den dag).",
        "Administration og andre omkostninger ved at levere kan ikke betales som mentorstøtte.", "Leverandøren kan svare til og med 21. september 2026.",
    ):  # fmt: skip
        assert said in page.words, said
    assert "Godkend" not in " ".join(text for text, _href in page.links) and f"{address}godkend/" not in dict(page.forms).values()
    line = Invoice.objects.get().lines.get(place=2)
    assert gitte.post(f"/fakturalinjer/{line.pk}/", {"do": "pay", "note": "Loggen viser en time."}).status_code == 302  # one by one
    assert gitte.post(f"{address}foelg/").status_code == 302  # the rest as proposed
    page = Page(gitte.get(address))
    assert "2.025,00 kr. Kan betales" in page.words and "0 Linjer venter på dig" in page.words and "Loggen viser en time." in page.words
    assert gitte.post(f"{address}godkend/", {"version": "1"}).status_code == 302
    assert gitte.post(f"{address}betal/", {"version": "2"}).status_code == 302
    assert "tre forskellige personer" in Page(gitte.get(address)).words
    assert henrik.post(f"{address}betal/", {"version": "2"}).status_code == 302
    invoice = Invoice.objects.get()
    assert invoice.state == "paid" and invoicing.to_pay(invoice) == 450 + 450 + 450 + 675
    words = Page(gitte.get("/oekonomi/?maaned=2026-08")).words
    assert f"{month.case.number} Ungeteamet ansat i kommunen 6,3 4,5 0,0 4,5" in words


def test_the_supplier_s_deadline_comes_and_goes(as_staff, month):
    """A refused line says until when; a deadline that is gone is not given, and when it has passed the page says so."""
    gitte = as_staff("gitte")
    address = send(as_staff("dorthe"), month.supplier, f"{month.case.number}; {day(3)}; 1; 450; gåtur", total="450").url
    line = Invoice.objects.get().lines.get()
    gone = {"do": "refuse", "reason": "no_contact", "note": "", "answer_by_day": "1", "answer_by_month": "9", "answer_by_year": "2026"}
    assert "Fristen er gået." in Page(gitte.post(f"/fakturalinjer/{line.pk}/", gone)).words
    assert gitte.post(f"/fakturalinjer/{line.pk}/", gone | {"answer_by_day": "20"}).status_code == 302
    assert "Leverandøren kan svare til og med 20. september 2026." in Page(gitte.get(address)).words
    with time_machine.travel("2026-09-21T10:00:00+02:00", tick=False):
        assert "Fristen er gået." in Page(as_staff("gitte").get(address)).words


def test_a_payer_pays_in_few_clicks_and_questions(as_staff, month):
    lines = "\n".join(f"{month.case.number}; {day(7 * place)}; 1; 450,00; samtale" for place in range(3))
    address = send(as_staff("dorthe"), month.supplier, lines, total="1350").url
    gitte = as_staff("gitte")
    with counted() as queries:
        page = Page(gitte.get(address))
    assert len(queries) <= 13, len(queries)
    assert "Stemmer" in page.words and "1.350,00 kr. Kan betales" in page.words
    assert f"{address}godkend/" in [href for _method, href in page.forms]


def test_the_second_approver_is_told(as_staff, month):
    address = send(as_staff("dorthe"), month.supplier, f"{month.case.number}; {day()}; 1; 450; x", total="450").url
    assert as_staff("gitte").post(f"{address}godkend/", {"version": "1"}).status_code == 302
    henrik = as_staff("henrik")
    henrik.post(f"{address}godkend/", {"version": "1"})
    assert "Gitte Gram har godkendt faktura 2026-117." in Page(henrik.get(address)).words


def xlsx(rows, change=None):
    book = Workbook()
    page = book.active
    for row in [HEAD, *rows]:
        page.append(row)
    if change:
        change(page)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def test_an_excel_file(as_staff, month):
    rows = [[month.case.number, FIRST, 1.5, 450, 675, "samtale"]]
    answer = send(as_staff("dorthe"), month.supplier, xlsx(rows), "faktura.xlsx", total="675")
    assert answer.status_code == 302, Page(answer).words
    assert Invoice.objects.get().lines.get().approved_minutes == 60


BAD = {
    "negative": (lambda n: csv([[n, day(), "1", "450", "-450,00", ""]]), "negativt"),
    "formula": (lambda n: csv([[n, day(), "1", "450", "=1*450", ""]]), "formel"),
    "two amounts": (lambda n: csv([[n, day(), "1", "450", "1,450", ""]]), "ikke et beløb"),
    "sum": (lambda n: csv([[n, day(), "2", "450", "450", ""]]), "Timer gange timepris giver ikke beløbet"),
    "no day": (lambda n: csv([[n, "", "1", "450", "450", ""]]), "Dato mangler"),
    "no hours": (lambda n: csv([[n, day(), "", "", "450", ""]]), "Timer mangler"),
    "another": (lambda n: csv([[n, day(), "1", "450,00", "99999999"]], ["Sag", "Dato", "Timer", "Beløb", "CVR-nummer"]), "er ikke Havnens Mentorer ApS"),
    "number": (lambda n: csv([[n, day(), "1", "450,00", "77"]], ["Sag", "Dato", "Timer", "Beløb", "Fakturanummer"]), "Fakturanummeret er 77, ikke 2026-117"),
    "total": (lambda n: csv([[n, day(), "1", "450", "450,00", ""], [n, day(7), "1", "450", "450,00", ""]]), "Linjerne giver 900,00 kr., men fakturaen lyder på 450,00 kr."),
    "future": (lambda n: csv([[n, "02-09-2026", "1", "450", "450,00", ""]]), "en dag efter fakturadatoen"),
    "empty": (lambda n: b"", "Filen er tom"),
    "no headings": (lambda n: csv([], ["a", "b"]), "Vi kan ikke finde overskrifterne"),
}  # fmt: skip


@pytest.mark.parametrize("fault", BAD)
def test_a_bad_file_books_nothing_and_says_why(as_staff, month, fault):
    make, said = BAD[fault]
    answer = send(as_staff("dorthe"), month.supplier, make(month.case.number), total="450")
    assert answer.status_code == 200 and said in Page(answer).words, Page(answer).words
    assert not Invoice.objects.exists()


@pytest.mark.parametrize(
    ("change", "said"),
    [(lambda page: page.merge_cells("A2:A3"), "flettede celler"), (lambda page: page.__setitem__("E2", "=C2*D2"), "formler i arket")],
)
def test_merged_cells_and_formulas_in_excel(as_staff, month, change, said):
    rows = [[month.case.number, FIRST, 1, 450, 450, ""], [month.case.number, FIRST + timedelta(days=7), 1, 450, 450, ""]]
    answer = send(as_staff("dorthe"), month.supplier, xlsx(rows, change), "faktura.xlsx", total="900")
    assert answer.status_code == 200 and said in Page(answer).words
    assert not Invoice.objects.exists()


def test_a_time_as_excel_writes_it_and_a_sum_under_the_case(as_staff, month):
    rows = [[month.case.number, FIRST, timedelta(hours=1), 450, 450, "samtale"], ["I alt", None, timedelta(hours=1), None, 450, None]]
    answer = send(as_staff("dorthe"), month.supplier, xlsx(rows), "faktura.xlsx", total="450")
    assert answer.status_code == 302, Page(answer).words
    assert [line.minutes for line in Invoice.objects.get().lines.all()] == [60]


def test_lines_on_two_sheets_are_not_guessed_about(as_staff, month):
    rows = [[month.case.number, FIRST, 1, 450, 450, ""]]
    content = xlsx(rows, lambda page: page.parent.copy_worksheet(page))
    answer = send(as_staff("dorthe"), month.supplier, content, "faktura.xlsx", total="450")
    assert answer.status_code == 200 and "Der er linjer på flere ark." in Page(answer).words
    assert not Invoice.objects.exists()
    notes = xlsx(rows, lambda page: page.parent.create_sheet("Noter").append(["Hilsen fra Havnen"]))
    assert send(as_staff("dorthe"), month.supplier, notes, "faktura.xlsx", total="450").status_code == 302


def test_the_same_file_twice(as_staff, month):
    content = csv([[month.case.number, day(), "1", "450", "450", ""]])
    dorthe = as_staff("dorthe")
    assert send(dorthe, month.supplier, content, total="450").status_code == 302
    assert "er registreret før" in Page(send(dorthe, month.supplier, content, total="450")).words
    assert Invoice.objects.count() == 1


def test_thousands_and_a_line_of_the_sum(as_staff, month):
    content = csv([[month.case.number, day(), "1", "", "1.450,00", ""], ["", "", "", "", "1.450,00", "I alt"]])
    assert send(as_staff("dorthe"), month.supplier, content, total="1.450").status_code == 302
    line = Invoice.objects.get().lines.get()
    assert (line.amount, line.approved_amount, line.reason) == (1450, 450, "price")


# --- After the payment ------------------------------------------------------------------------------
@pytest.fixture
def paid(as_staff, month):
    address = send(as_staff("dorthe"), month.supplier, f"{month.case.number}; {day()}; 1; 450; x", total="450").url
    as_staff("gitte").post(f"{address}godkend/")
    as_staff("henrik").post(f"{address}betal/")
    assert Invoice.objects.get().state == "paid"
    return address


def test_money_is_claimed_back_by_two(as_staff, month, paid):
    gitte, henrik = as_staff("gitte"), as_staff("henrik")
    line = Invoice.objects.get().lines.get()
    facts = {"way": "back", "minutes": "30", "amount": "225", "reason": "Loggen er rettet"}
    assert gitte.post(f"/fakturalinjer/{line.pk}/ret/", facts).status_code == 302
    row = line.corrections.get()
    gitte.post(f"/rettelser/{row.pk}/beslut/")
    assert "kan ikke beslutte den" in Page(gitte.get(paid)).words
    henrik.post(f"/rettelser/{row.pk}/beslut/")
    assert "225,00 kr. Betalt efter rettelser" in Page(henrik.get(paid)).words


def test_the_month_to_the_finance_system(as_staff, month, paid):
    gitte = as_staff("gitte")
    answer = gitte.get("/fakturaer/bogfoering.csv?maaned=2026-09", follow=True)
    assert "Der mangler konto eller refusion for målgruppe 6.5." in Page(answer).words
    facts = {"target_group": "6.5", "account": "5.68.90.999", "reimbursement": "none", "valid_from": "2026-01-01"}
    assert gitte.post("/kontering/", facts).status_code == 302
    answer = gitte.get("/fakturaer/bogfoering.csv?maaned=2026-09")
    rows = answer.content.decode("utf-8-sig").splitlines()
    assert rows[1] == "07-09-2026;10000009;Havnens Mentorer ApS;2026-117;5.68.90.999;Uden statsrefusion;6.5;1,0;450,00;Mentorstøtte"


def test_an_invoice_over_a_change_of_account_is_two_rows(as_staff, month):
    """What is worked is posted by the account of its day; the rows still add up to what was paid."""
    lines = f"{month.case.number}; {day()}; 1; 450; x\n{month.case.number}; {day(7)}; 1; 450; x\n{month.case.number}; {day(14)}; 1; 450; x"
    address = send(as_staff("dorthe"), month.supplier, lines, total="1350").url
    gitte = as_staff("gitte")
    for valid_from, account in (("2026-01-01", "5.68.90.111"), (f"{FIRST + timedelta(days=5)}", "5.68.90.222")):
        gitte.post("/kontering/", {"target_group": "6.5", "account": account, "reimbursement": "none", "valid_from": valid_from})
    gitte.post(f"{address}godkend/")
    as_staff("henrik").post(f"{address}betal/")
    rows = [row.split(";") for row in gitte.get("/fakturaer/bogfoering.csv?maaned=2026-09").content.decode("utf-8-sig").splitlines()[1:]]
    assert [(row[4], row[7], row[8]) for row in rows] == [("5.68.90.111", "1,0", "450,00"), ("5.68.90.222", "2,0", "900,00")]


def test_employees_outside_the_groups_have_an_account_too(as_staff, month, paid):
    Assessment.objects.update(target_group="", outside_section_6=True)
    gitte = as_staff("gitte")
    assert "målgruppe uden for § 6" in Page(gitte.get("/fakturaer/bogfoering.csv?maaned=2026-09", follow=True)).words
    facts = {"target_group": "outside", "account": "5.68.98.014", "reimbursement": "state", "valid_from": "2026-01-01"}
    assert "Uden for § 6" in Page(gitte.post("/kontering/", facts, follow=True)).words
    rows = gitte.get("/fakturaer/bogfoering.csv?maaned=2026-09").content.decode("utf-8-sig").splitlines()
    assert rows[1].split(";")[4:7] == ["5.68.98.014", "Med statsrefusion", "uden for § 6"]


def test_a_wrong_account_is_warned_of(as_staff, month):
    gitte = as_staff("gitte")
    gitte.post("/kontering/", {"target_group": "6.1", "account": "6.45.51", "reimbursement": "state", "valid_from": "2026-01-01"})
    words = Page(gitte.get("/kontering/")).words
    assert "ligger ikke på hovedkonto 5" in words and "Staten refunderer ikke" in words


def test_suppliers_and_their_price_an_hour(as_staff, month, paid):
    gitte = as_staff("gitte")
    assert "1 t 450,00 kr. 450,00 kr." in Page(gitte.get("/leverandoerer/")).words
    answer = gitte.post("/leverandoerer/", {"name": "Ny ApS", "cvr": "12345678"})
    assert "CVR-nummeret kan ikke passe" in Page(answer).words
    answer = gitte.post("/leverandoerer/", {"name": "Ny ApS", "cvr": "10000017"})
    assert answer.status_code == 302
    mentor = str(month.contacts[0].mentor_id)
    assert gitte.post(answer.url, {"mentor": mentor, "hourly_price": "475,50", "valid_from": "2026-10-01"}).status_code == 302
    assert "Carl Clausen 1. oktober 2026 475,50 kr." in Page(gitte.get(answer.url)).words


def test_the_year_against_its_budget(as_staff, month, paid):
    gitte = as_staff("gitte")
    assert gitte.post("/budget/?aar=2026", {"amount": "1.000", "share": "20.000"}).status_code == 302
    with counted() as queries:
        page = Page(gitte.get("/budget/?aar=2026"))
    assert len(queries) <= 16, len(queries)
    # 4,5 hours at the grant's 310 kr.; August gave 1.948,57 kr. worth of them, so the rest of the grant is expected at the same rate
    assert "1.395 kr. Leveret til nu" in page.words and "450 kr. Betalt til leverandører" in page.words
    assert "mere end budgettet" in page.words and "(udkast)" in page.words and "10.602 kr. pr. fuldtidsperson" in page.words
    assert "Havnens Mentorer ApS 1 t 450,00 kr. 450,00 kr." in page.words


def test_the_limit_of_203_a_month_by_month_with_what_is_expected(as_staff, month, paid, cast):
    """August is gone by: what it gave. After it, as large a part of what is granted as August gave."""
    gitte = as_staff("gitte")
    gitte.post("/budget/?aar=2026", {"amount": "10.000", "share": "20.000"})
    shown = budget.year(cast.gitte, 2026, timezone.localdate())
    gone, rest = [each for each in shown.months if each.is_over], [each for each in shown.months if not each.is_over]
    rate = sum(each.delivered for each in gone) / sum(each.granted for each in gone)
    for place, each in enumerate(shown.months):
        by_hand = sum(one.delivered if one in gone else one.granted * rate for one in shown.months[: place + 1])
        assert shown.so_far(each) == pytest.approx(by_hand, abs=Decimal("0.01"))
    assert rest and shown.forecast == shown.so_far(shown.months[-1])
    august, december = shown.so_far(shown.months[7]), shown.so_far(shown.months[11])
    words = Page(gitte.get("/budget/?aar=2026")).words
    assert "Af andelen i § 203 a (udkast)" in words and "Leveret og ventet fra januar" in words
    for each in (august, december):
        assert f"{kr(each, 2)} {round(each / 100)} % {round(each / 200)} %" in words


def test_a_year_without_hours_guesses_nothing(as_staff, month):
    words = Page(as_staff("henrik").get("/budget/?aar=2030")).words
    assert "– Ventet for hele året" in words and "0 kr. Leveret til nu" in words

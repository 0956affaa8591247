"""An invoice from the day it comes until it is paid and corrected; each rule also against the database itself."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from snerydder.audit.action import Conflict, Refusal
from snerydder.audit.models import Event
from snerydder.casework.cases.models import Case
from snerydder.casework.checks.log import read
from snerydder.casework.contacts import actions as contacts
from snerydder.casework.contacts.models import JUST_NOW, Contact
from snerydder.casework.grants import actions as grants
from snerydder.casework.grants.models import Grant
from snerydder.casework.grants.spans import month_of
from snerydder.casework.payments import actions, correcting, hours, invoicing, suppliers
from snerydder.casework.payments.models import Correction, Invoice, InvoiceLine
from snerydder.casework.payments.weighing import Asked
from snerydder.casework.people import actions as people
from snerydder.casework.questions import actions as questions
from snerydder.casework.questions.signs import log as signs
from tests import build

DAY = date(2026, 8, 11)
PRICE = Decimal(450)
CVR, OTHER_CVR = "10000009", "10000017"


@pytest.fixture
def supplier(cast):
    found = suppliers.add_supplier("Havnens Mentorer ApS", CVR, by=cast.gitte)
    suppliers.engage(found, cast.mentor, PRICE, date(2026, 1, 1), by=cast.gitte)
    return found


@pytest.fixture
def met(cast, case):
    """Four hours in August, approved by the mentor."""
    rows = [build.contact(cast, case, DAY + timedelta(days=7 * place)) for place in range(3)]
    rows.append(build.contact(cast, case, DAY + timedelta(days=1)))
    actions.approve_sheet(cast.mentor, DAY, by=cast.carl)
    return rows


def line(place, case, day, minutes=60, amount=None, **more):
    return Asked(place, day, minutes, Decimal(amount) if amount is not None else PRICE * minutes / 60, case.number if case else "9999-00001", **more)


def booked(cast, supplier, *lines, number="F-1", **more):
    return invoicing.register(supplier, number, date(2026, 9, 1), lines, by=cast.dorthe, **more)


def reasons(invoice):
    return [row.reason for row in invoice.lines.order_by("place")]


# --- Whole, and by three ----------------------------------------------------------------------------
def test_what_agrees_is_approved_and_paid_by_three_persons(cast, case, supplier, met):
    invoice = booked(cast, supplier, *(line(place, case, row.day) for place, row in enumerate(met, 1)))
    assert reasons(invoice) == [""] * 4 and invoicing.to_pay(invoice) == 1800
    invoice = invoicing.approve(invoice, by=cast.gitte)
    invoice = invoicing.pay(invoice, by=cast.henrik)
    assert (invoice.state, invoice.registered_by, invoice.approved_by, invoice.paid_by) == ("paid", cast.dorthe, cast.gitte, cast.henrik)
    assert hours.by_case(cast.gitte, month_of(DAY), [case.pk])[case.pk].invoiced == 240


@pytest.mark.parametrize(("approver", "payer"), [("dorthe", "henrik"), ("gitte", "gitte"), ("gitte", "dorthe")])
def test_two_persons_are_not_enough(cast, case, supplier, met, approver, payer):
    invoice = booked(cast, supplier, line(1, case, met[0].day))
    with pytest.raises(Refusal, match="tre forskellige personer"):
        invoicing.pay(invoicing.approve(invoice, by=getattr(cast, approver)), by=getattr(cast, payer))


def test_the_database_counts_to_three_by_itself(cast, case, supplier, met):
    invoice = booked(cast, supplier, line(1, case, met[0].day))
    with pytest.raises(IntegrityError, match="invoice_three_persons"), transaction.atomic():
        Invoice.objects.filter(pk=invoice.pk).update(state="approved", approved_by=cast.dorthe, approved_on=DAY)
    with pytest.raises(IntegrityError, match="invoice_settled"), transaction.atomic():
        Invoice.objects.filter(pk=invoice.pk).update(state="paid", approved_by=cast.gitte, approved_on=DAY, paid_by=cast.henrik, paid_on=DAY)


def test_a_payer_who_is_also_the_mentor_is_refused(cast, case, supplier, met):
    """Carl holds no right to pay; whoever does and is a mentor too meets the database's own rule."""
    invoice = booked(cast, supplier, line(1, case, met[0].day))
    with pytest.raises(Refusal, match="dine egne timer"):
        invoicing.approve(invoice, by=cast.carl)
    with pytest.raises(Refusal, match="dine egne timer"):
        invoicing.pay(invoicing.approve(invoice, by=cast.gitte), by=cast.carl)
    with pytest.raises(Refusal, match="dine egne timer"):
        invoicing.register(supplier, "F-2", date(2026, 9, 1), [line(1, case, met[1].day)], by=cast.carl)
    assert Invoice.objects.count() == 1


def test_the_second_approver_is_told_of_the_first(cast, case, supplier, met):
    invoice = booked(cast, supplier, line(1, case, met[0].day))
    invoicing.approve(invoice, by=cast.gitte, version=1)
    with pytest.raises(Conflict, match="Gitte Gram har godkendt faktura F-1"):
        invoicing.approve(invoice, by=cast.henrik, version=1)
    with pytest.raises(Conflict, match="Gitte Gram har godkendt"):
        invoicing.approve(invoice, by=cast.henrik)


def test_an_invoice_whose_lines_do_not_add_up_is_not_there_at_all(cast, case, supplier, met):
    with pytest.raises(Refusal, match="Linjerne giver 450,00 kr., men fakturaen lyder på 900,00 kr."):
        booked(cast, supplier, line(1, case, met[0].day), total=Decimal(900))
    with pytest.raises(IntegrityError, match="invoice_whole"), transaction.atomic():
        Invoice.objects.create(
            municipality_id=901, supplier=supplier, number="X", dated=DAY, total=900, registered_by=cast.dorthe, registered_on=DAY
        )
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert not Invoice.objects.exists()


def test_the_same_invoice_twice(cast, case, supplier, met):
    invoice = booked(cast, supplier, line(1, case, met[0].day))
    with pytest.raises(Refusal, match="registreret før"):
        booked(cast, supplier, line(1, case, met[1].day))
    invoicing.send_back(invoice, by=cast.gitte, reason="Forkert måned")
    again = booked(cast, supplier, line(1, case, met[0].day))
    assert reasons(again) == [""]


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([("hours", -60, -450)], "Linje 1 er negativ"), ([("hours", 60, 0)], "uden beløb"), ([("hours", 0, 100)], "1 minut og 24 timer"), ([], "mellem 1 og 500"),
    ],
)  # fmt: skip
def test_a_bad_line_refuses_the_whole(cast, case, supplier, met, lines, said):
    with pytest.raises(Refusal, match=said):
        booked(cast, supplier, *(line(place, case, DAY, minutes, amount) for place, (_kind, minutes, amount) in enumerate(lines, 1)))
    assert not Invoice.objects.exists()


# --- Seven faults -----------------------------------------------------------------------------------
def test_seven_planted_faults_and_the_right_sum(cast, case, other, supplier, met):
    """Two lines are right: 2 hours. Of the seven others one hour of one and the agreed price of another can be paid."""
    stranger = people.welcome_mentor("Mona Munk", by=cast.henrik, unit=cast.unit, kind="consultant", hours_per_week=10)
    away = suppliers.add_supplier("En anden A/S", OTHER_CVR, by=cast.gitte)
    suppliers.engage(away, cast.mentor, PRICE, date(2026, 8, 25), by=cast.gitte)  # from the 25th he is theirs
    assert stranger.pk != cast.mentor.pk
    late = met[2].day  # the 25th
    invoice = booked(
        cast, supplier,
        line(1, case, met[0].day), line(2, case, met[1].day, 90),  # 2: half an hour more than the log
        line(3, case, met[3].day, amount=600),  # 3: dearer than agreed
        line(4, case, met[0].day),  # 4: once more
        line(5, case, DAY + timedelta(days=3)),  # 5: a day nobody met
        line(6, case, late),  # 6: another supplier's by then
        line(7, case, met[0].day, 30, 225, kind="transport_time"),  # 7: transport
        line(8, None, met[0].day),  # 8: a case that is not there
    )  # fmt: skip
    assert reasons(invoice) == ["", "more_than_logged", "price", "double", "no_contact", "other_supplier", "cost", "unknown_case"]
    assert "§ 122, stk. 2" in invoice.lines.get(place=7).note
    with pytest.raises(Refusal, match="linjer, ingen har taget stilling til"):
        invoicing.approve(invoice, by=cast.gitte)
    assert invoicing.accept_proposals(invoice, by=cast.gitte) == 7
    assert all(row.answer_by for row in invoice.lines.all() if row.differs)
    invoice = invoicing.pay(invoicing.approve(invoice, by=cast.gitte), by=cast.henrik)
    assert invoicing.to_pay(invoice) == 450 + 450 + 450
    assert invoice.total > invoicing.to_pay(invoice)


def test_three_hundred_proposals_cost_what_three_do(cast, case, supplier, met):
    def asked(number, size):
        kinds = [line(place, case, met[0].day, kind="travel", amount=10) for place in range(1, size)]
        invoice = booked(cast, supplier, *kinds, line(size, case, met[0].day, minutes=90), number=number)
        with CaptureQueriesContext(connection) as asked:
            assert invoicing.accept_proposals(invoice, by=cast.gitte) == size
        invoicing.send_back(invoice, by=cast.gitte, reason="Prøve.")
        return [query["sql"] for query in asked if "SAVEPOINT" not in query["sql"] and "SET CONSTRAINTS" not in query["sql"]]

    few, many = asked("F-1", 3), asked("F-2", 300)
    assert len(few) == len(many) <= 18, (len(few), len(many))
    assert Event.objects.filter(verb="payments.decide_line").count() == 303, "one decision each"


def test_a_proposal_is_taken_as_the_log_is_now(cast, case, supplier, met):
    """A contact was made shorter after the invoice came: what is paid is what the log says today, and who said so is kept."""
    invoice = booked(cast, supplier, line(1, case, met[0].day, minutes=90), line(2, case, met[0].day, minutes=60))
    contacts.correct(met[0], by=cast.carl, reason="Det var en halv time.", minutes=30)
    assert invoicing.accept_proposals(invoice, by=cast.gitte) == 2
    rows = list(invoice.lines.order_by("place"))
    assert [(row.approved_minutes, row.approved_amount, row.reason) for row in rows] == [(30, 225, "more_than_logged"), (0, 0, "double")]
    assert {row.handled_by for row in rows} == {cast.gitte}
    with pytest.raises(Conflict):
        invoicing.accept_proposals(invoicing.send_back(invoice, by=cast.gitte, reason="Prøve."), by=cast.gitte)


def test_the_price_and_the_mentor_are_those_of_the_day(cast, case, supplier, met):
    suppliers.engage(supplier, cast.mentor, Decimal(500), date(2026, 8, 18), by=cast.gitte)
    invoice = booked(cast, supplier, line(1, case, met[0].day, amount=500), line(2, case, met[1].day, amount=500))
    assert reasons(invoice) == ["price", ""]
    assert [row.approved_amount for row in invoice.lines.order_by("place")] == [450, 500]


@pytest.mark.parametrize("cost", ["transport_time", "travel", "sick_pay", "overhead"])
def test_a_cost_is_refused_with_its_paragraph_and_cannot_be_paid_by_hand(cast, case, supplier, met, cost):
    invoice = booked(cast, supplier, line(1, case, met[0].day, 30, 225, kind=cost))
    row = invoice.lines.get()
    assert row.reason == "cost" and "§ 122, stk. 2 (ikke læst i den bekendtgørelse, der gælder den dag)" in row.note and row.answer_by == timezone.localdate() + timedelta(days=14)
    with pytest.raises(IntegrityError, match="line_no_"), transaction.atomic():
        InvoiceLine.objects.filter(pk=row.pk).update(approved_minutes=30, approved_amount=225, contact=met[0], case=case)


def test_no_pay_for_two_places_at_once(cast, case, other, supplier):
    for each in (case, other):
        build.contact(cast, each, DAY, minutes=60)
    actions.approve_sheet(cast.mentor, DAY, by=cast.carl)
    invoice = booked(cast, supplier, line(1, case, DAY), line(2, other, DAY))
    assert reasons(invoice) == ["", "overlap"]
    free = invoice.lines.get(place=2)
    with pytest.raises(IntegrityError, match="line_mentor_in_one_place"), transaction.atomic():
        InvoiceLine.objects.filter(pk=free.pk).update(approved_minutes=60, approved_amount=450, reason="price")


@pytest.mark.parametrize("apart", [JUST_NOW, JUST_NOW + 1])
def test_what_is_written_just_now_took_place_before(cast, case, other, supplier, apart):
    """An hour is written when it is over, as if it began then; the next meeting begins half an hour later. They do not lie over each other."""
    first, second = build.contact(cast, case, DAY), build.contact(cast, other, DAY)
    Contact.objects.filter(pk=first.pk).update(written_at=first.at + timedelta(minutes=apart))
    Contact.objects.filter(pk=second.pk).update(at=first.at + timedelta(minutes=30))
    actions.approve_sheet(cast.mentor, DAY, by=cast.carl)
    invoice = booked(cast, supplier, line(1, case, DAY), line(2, other, DAY))
    assert reasons(invoice) == (["", ""] if apart == signs.JUST_NOW else ["", "overlap"])
    pay_both = InvoiceLine.objects.filter(pk=invoice.lines.get(place=2).pk)
    if apart == signs.JUST_NOW:
        pay_both.update(approved_minutes=60)  # the database says the same
    else:
        with pytest.raises(IntegrityError, match="line_mentor_in_one_place"), transaction.atomic():
            pay_both.update(approved_minutes=60, approved_amount=450, reason="price")


def test_an_hour_with_two_citizens_is_paid_once(cast, case, other, supplier):
    at = timezone.make_aware(datetime.combine(date(2026, 8, 11), time(10)))
    contacts.log(uuid4(), [case, other], by=cast.carl, at=at, form="met", minutes=60, help=["walk"])
    invoice = booked(cast, supplier, line(1, case, DAY), line(2, other, DAY))
    assert reasons(invoice) == ["more_than_logged"] * 2
    assert sum(row.approved_minutes for row in invoice.lines.all()) == 60
    assert invoicing.to_pay(invoice) == 450


def test_the_citizens_no_is_not_paid(cast, case, supplier):
    contact = build.contact(cast, case, date(2026, 11, 20))
    actions.answer(actions.ask(contact, by=cast.bente), "no")
    invoice = invoicing.register(supplier, "F-9", date(2026, 11, 30), [line(1, case, contact.day)], by=cast.dorthe)
    assert reasons(invoice) == ["citizen_says_no"]


# --- Granted ----------------------------------------------------------------------------------------
def test_never_more_than_granted(cast, case, supplier):
    grant = Grant.objects.get(case=case)
    grants.stop(grant, by=cast.bente, last_day=DAY, ground="no_need", reason="Borgeren er kommet i gang og vil gerne klare sig selv.", heard="agrees", on=DAY)
    grant.refresh_from_db()
    granted = grant.total_minutes
    assert 0 < granted < 180
    rows = [build.contact(cast, case, DAY - timedelta(days=1), minutes=granted - 10), build.contact(cast, case, DAY, minutes=60)]
    after = build.contact(cast, case, DAY + timedelta(days=1))
    actions.approve_sheet(cast.mentor, DAY, by=cast.carl)
    invoice = booked(cast, supplier, *(line(place, case, row.day, row.minutes) for place, row in enumerate([*rows, after], 1)))
    assert reasons(invoice) == ["", "over_grant", "outside_grant"]
    assert sum(row.approved_minutes for row in invoice.lines.all()) == granted
    with pytest.raises(IntegrityError, match="line_over_grant"), transaction.atomic():
        InvoiceLine.objects.filter(invoice=invoice, place=2).update(approved_minutes=11)
    with pytest.raises(IntegrityError, match="line_outside_grant"), transaction.atomic():
        InvoiceLine.objects.filter(invoice=invoice, place=3).update(approved_minutes=1)


def test_no_line_above_the_log_by_hand(cast, case, supplier, met):
    invoice = booked(cast, supplier, line(1, case, met[0].day, 90))
    with pytest.raises(IntegrityError, match="line_at_most_delivered"), transaction.atomic():
        InvoiceLine.objects.filter(invoice=invoice).update(approved_minutes=61)
    with pytest.raises(IntegrityError, match="line_no_pay_without_contact|line_at_most"), transaction.atomic():
        InvoiceLine.objects.filter(invoice=invoice).update(contact=None)


def test_a_contact_is_in_one_line(cast, case, supplier, met):
    booked(cast, supplier, line(1, case, met[0].day))
    second = booked(cast, supplier, line(1, case, met[0].day), number="F-2")
    assert reasons(second) == ["double"]
    with pytest.raises(IntegrityError, match="line_contact_once"), transaction.atomic():
        InvoiceLine.objects.filter(invoice=second).update(contact=met[0], approved_minutes=60)


# --- Late edits -------------------------------------------------------------------------------------
def test_the_sheet_must_be_approved(cast, case, supplier):
    contact = build.contact(cast, case, DAY)
    invoice = booked(cast, supplier, line(1, case, contact.day))
    with pytest.raises(Refusal, match="ikke godkendt timerne"):
        invoicing.approve(invoice, by=cast.gitte)


@pytest.mark.parametrize("raw", [False, True])
def test_a_late_edit_opens_the_approval_and_the_line_falls(cast, case, supplier, met, raw):
    invoice = invoicing.approve(booked(cast, supplier, line(1, case, met[0].day)), by=cast.gitte)
    if raw:
        type(met[0]).objects.filter(pk=met[0].pk).update(minutes=30, counted_minutes=30)
    else:
        contacts.correct(met[0], by=cast.carl, reason="Det var kortere", minutes=30)
    invoice.refresh_from_db()
    assert (invoice.state, invoice.approved_by) == ("registered", None) and invoice.reopened_at
    actions.approve_sheet(cast.mentor, DAY, by=cast.carl)
    with pytest.raises(Refusal, match="En kontakt er rettet"):
        invoicing.approve(invoice, by=cast.gitte)
    assert len(invoicing.check_again(invoice, by=cast.gitte)) == 1
    assert reasons(invoice) == ["more_than_logged"]
    invoicing.accept_proposals(invoice, by=cast.gitte)
    assert invoicing.to_pay(invoicing.approve(invoice, by=cast.gitte)) == 225


def test_what_is_paid_stands_still(cast, case, supplier, met):
    invoice = invoicing.pay(invoicing.approve(booked(cast, supplier, line(1, case, met[0].day)), by=cast.gitte), by=cast.henrik)
    with pytest.raises(IntegrityError, match="invoice_settled"), transaction.atomic():
        InvoiceLine.objects.filter(invoice=invoice).update(approved_minutes=30)
    with pytest.raises(IntegrityError, match="invoice_settled"), transaction.atomic():
        Invoice.objects.filter(pk=invoice.pk).update(number="x")
    with pytest.raises(IntegrityError, match="invoice_settled"), transaction.atomic():
        InvoiceLine.objects.filter(invoice=invoice).delete()
    contacts.correct(met[0], by=cast.carl, reason="Det var kortere", minutes=30)
    invoice.refresh_from_db()
    assert invoice.state == "paid", "money that is out is claimed back, not forgotten"


# --- Corrections ------------------------------------------------------------------------------------
@pytest.fixture
def paid(cast, case, supplier, met):
    return invoicing.pay(invoicing.approve(booked(cast, supplier, line(1, case, met[0].day)), by=cast.gitte), by=cast.henrik).lines.get()


def test_money_is_claimed_back_by_two_persons(cast, case, paid):
    row = correcting.propose_correction(paid, by=cast.gitte, minutes=-30, amount=Decimal(-225), reason="Loggen er rettet.")
    with pytest.raises(Refusal, match="kan ikke beslutte den"):
        correcting.decide_correction(row, by=cast.gitte)
    assert hours.by_case(cast.gitte, month_of(DAY), [case.pk])[case.pk].invoiced == 60
    correcting.decide_correction(row, by=cast.henrik)
    assert hours.by_case(cast.gitte, month_of(DAY), [case.pk])[case.pk].invoiced == 30
    assert hours.cell(case, cast.gitte, month_of(DAY), "faktureret").minutes == 30
    with pytest.raises(IntegrityError, match="correction_settled"), transaction.atomic():
        Correction.objects.update(amount=-1)


@pytest.mark.parametrize(("minutes", "amount"), [(-61, -225), (-60, -451), (30, 225), (-60, -225)])
def test_a_correction_stays_within_the_line(cast, paid, minutes, amount):
    with pytest.raises(Refusal, match="kan der ikke rettes"):
        correcting.propose_correction(paid, by=cast.gitte, minutes=minutes, amount=Decimal(amount), reason="Prøve")


def test_the_supplier_was_right_after_all(cast, case, supplier, met):
    """90 minutes asked, 60 in the log and paid; then the mentor corrects the log to 90 and two persons pay the rest."""
    invoice = booked(cast, supplier, line(1, case, met[0].day, 90))
    invoicing.accept_proposals(invoice, by=cast.gitte)
    row = invoicing.pay(invoicing.approve(invoice, by=cast.gitte), by=cast.henrik).lines.get()
    invoicing.note_answer(row, "Mødet varede halvanden time, se kalenderen.", by=cast.gitte)
    with pytest.raises(Refusal, match="rettet, siden"):
        correcting.propose_correction(row, by=cast.gitte, minutes=30, amount=Decimal(225), reason="Leverandøren har ret.")
    contacts.correct(met[0], by=cast.carl, reason="Vi blev ved", minutes=90)
    extra = correcting.propose_correction(row, by=cast.gitte, minutes=30, amount=Decimal(225), reason="Leverandøren har ret.")
    correcting.decide_correction(extra, by=cast.henrik)
    assert hours.by_case(cast.gitte, month_of(DAY), [case.pk])[case.pk].invoiced == 90


def test_a_whole_line_is_refused_by_hand_with_a_reason_from_the_list(cast, case, supplier, met):
    row = booked(cast, supplier, line(1, case, met[0].day)).lines.get()
    with pytest.raises(Refusal, match="Vælg en grund"):
        invoicing.decide_line(row, by=cast.gitte, refuse=True, reason="fordi")
    row = invoicing.decide_line(row, by=cast.gitte, refuse=True, reason="citizen_says_no", note="Borgeren ringede.", answer_by=date(2026, 12, 20))
    assert (row.approved_amount, row.approved_minutes, row.handled_by, row.answer_by) == (0, 0, cast.gitte, date(2026, 12, 20))
    row = invoicing.decide_line(row, by=cast.gitte)
    assert (row.approved_amount, row.reason, row.answer_by) == (450, "", None)


# --- Suppliers --------------------------------------------------------------------------------------
@pytest.mark.parametrize("wrong", ["10000008", "1000000", "", "0000000", "ABCDEFGH", "00000000", "100000099"])
def test_a_cvr_number_that_does_not_add_up(cast, wrong):
    with pytest.raises(Refusal, match="CVR-nummeret kan ikke passe"):
        suppliers.add_supplier("Firma", wrong, by=cast.gitte)


def test_a_supplier_is_there_once(cast, supplier):
    with pytest.raises(Refusal, match="Havnens Mentorer ApS har det CVR-nummer"):
        suppliers.add_supplier("Firma", f"DK {CVR}", by=cast.gitte)


def test_another_municipality_s_case_is_not_there(cast, case, supplier, met):
    assert Case.objects.count() >= 1
    assert reasons(booked(cast, supplier, line(1, None, met[0].day))) == ["unknown_case"]


# --- What waits, and the frauds no rule lets through ---------------------------------------------------------------
def question_about(cast, *rows, sign="two_places"):
    facts = {"day": "2026-08-11", "kind": "crowd", "minutes": 60, "by": "12:00", "number": 1, "days": 20, "written": "2026-08-31"}
    return questions.ask(sign, cast.carl, rows, facts, named=cast.dorthe, by=questions.TheNight(cast.carl.municipality_id))


def test_a_question_holds_its_own_line_and_nothing_else(cast, case, supplier, met):
    question = question_about(cast, met[0])
    question_about(cast, met[1], sign="written_late")  # this one holds no payment
    invoice = booked(cast, supplier, *(line(place, case, row.day) for place, row in enumerate(met, 1)))
    assert reasons(invoice) == ["question", "", "", ""] and invoicing.to_pay(invoice) == 1350
    assert "spørgsmål" in invoicing.words_of(invoice.lines.get(place=1)) and "Send linjen igen" in invoice.lines.get(place=1).note
    invoicing.accept_proposals(invoice, by=cast.gitte)
    invoicing.pay(invoicing.approve(invoice, by=cast.gitte), by=cast.henrik)
    questions.close(question, by=cast.dorthe, outcome="explained", reason="Det var en gåtur for to.")
    again = booked(cast, supplier, line(1, case, met[0].day), number="F-2")
    assert reasons(again) == [""]
    assert invoicing.pay(invoicing.approve(again, by=cast.gitte), by=cast.henrik).state == "paid"


def test_a_question_that_comes_after_the_approval_holds_the_payment_in_the_database(cast, case, supplier, met):
    invoice = invoicing.approve(booked(cast, supplier, line(1, case, met[0].day)), by=cast.gitte)
    question = question_about(cast, met[0])
    with pytest.raises(Refusal, match="spørgsmål om en kontakt"):
        invoicing.pay(invoice, by=cast.henrik)
    with pytest.raises(IntegrityError, match="line_waits_for_an_answer"), transaction.atomic():
        Invoice.objects.filter(pk=invoice.pk).update(state="paid", paid_by=cast.henrik, paid_on=DAY)
    questions.close(question, by=cast.henrik, outcome="procedure", reason="Forretningsgang 12.")
    with pytest.raises(Refusal, match="spørgsmål om en kontakt"):
        invoicing.pay(invoice, by=cast.henrik)
    invoice = invoicing.take_back(invoice, by=cast.gitte)
    invoicing.check_again(invoice, by=cast.gitte)
    assert reasons(invoice) == ["question"]
    questions.reopen(question, by=cast.henrik, reason="Afklaret")
    questions.close(question, by=cast.henrik, outcome="explained", reason="Mødet er bekræftet af skolen.")
    invoicing.check_again(invoice, by=cast.gitte)
    assert reasons(invoice) == [""]


def test_more_is_not_paid_afterwards_while_a_question_is_open(cast, case, supplier, met):
    invoice = booked(cast, supplier, line(1, case, met[0].day, amount=500))
    invoicing.accept_proposals(invoice, by=cast.gitte)
    row = invoicing.pay(invoicing.approve(invoice, by=cast.gitte), by=cast.henrik).lines.get()
    question_about(cast, met[0])
    with pytest.raises(Refusal, match="spørgsmål om en kontakt"):
        correcting.propose_correction(row, by=cast.gitte, minutes=0, amount=Decimal(50), reason="Aftalt pris")


def test_two_mentors_are_not_paid_for_the_same_citizen_at_the_same_time(cast, case, supplier):
    first = build.contact(cast, case, DAY)
    second = people.welcome_mentor("Mogens Moe", by=cast.henrik, unit=cast.unit, kind="consultant", hours_per_week=10)
    Case.objects.filter(pk=case.pk).update(mentor=second)
    other = contacts.log(uuid4(), [build.fresh(case)], by=second.staff, at=first.at + timedelta(minutes=30), form="met", minutes=60, help=["walk"])[0]
    suppliers.engage(supplier, second, PRICE, date(2026, 1, 1), by=cast.gitte)
    for mentor in (cast.mentor, second):
        actions.approve_sheet(mentor, DAY, by=mentor.staff)
    invoice = booked(cast, supplier, line(1, case, DAY), line(2, case, DAY))
    assert reasons(invoice) == ["", "two_mentors"]
    left = invoice.lines.get(place=2)
    assert left.contact_id == other.pk
    with pytest.raises(IntegrityError, match="line_citizen_with_one_mentor"), transaction.atomic():
        InvoiceLine.objects.filter(pk=left.pk).update(approved_minutes=60, approved_amount=450)


def test_nothing_is_paid_for_after_the_case_was_closed(cast, case, supplier, met):
    invoice = invoicing.approve(booked(cast, supplier, line(1, case, met[0].day)), by=cast.gitte)
    Case.objects.filter(pk=case.pk).update(closed_on=met[0].day - timedelta(days=1), stage="closed")
    with pytest.raises(Refusal, match="efter sagens afslutning"):
        invoicing.pay(invoice, by=cast.henrik)
    assert reasons(booked(cast, supplier, line(1, case, met[1].day), number="F-2")) == ["after_closing"]


def test_the_citizens_no_after_the_approval_stops_the_payment(cast, case, supplier, met):
    invoice = invoicing.approve(booked(cast, supplier, line(1, case, met[0].day)), by=cast.gitte)
    actions.confirm(met[0], by=cast.bente, source="citizen", source_name="Amina", answered="no")
    with pytest.raises(Refusal, match="ikke fandt sted"):
        invoicing.pay(invoice, by=cast.henrik)


def test_an_invoice_split_in_two_is_found_by_the_night(cast, case, supplier, met):
    invoicing.approve(booked(cast, supplier, line(1, case, met[0].day, minutes=30)), by=cast.gitte)
    assert reasons(booked(cast, supplier, line(1, case, met[0].day, minutes=30), number="F-2")) == ["double"]
    log = read(cast.carl.municipality_id, date(2026, 12, 1))
    assert log.billed == {met[0].pk: ["F-1", "F-2"]}


def test_the_same_line_twice_on_one_invoice_is_the_payers_to_refuse_and_nobody_is_asked(cast, case, supplier, met):
    assert reasons(booked(cast, supplier, line(1, case, met[0].day), line(2, case, met[0].day))) == ["", "double"]
    assert read(cast.carl.municipality_id, date(2026, 12, 1)).billed == {}

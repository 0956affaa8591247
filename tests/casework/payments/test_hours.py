"""The four columns, the month's time sheet, and who confirms: each rule also against the database itself."""

import io
from datetime import date, datetime, time, timedelta

import openpyxl
import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from snerydder.audit.action import Refusal
from snerydder.audit.models import Event, Outbox
from snerydder.casework.contacts import actions as contacts
from snerydder.casework.grants.spans import month_of
from snerydder.casework.payments import actions, codes, hours, paper, queries, sheets
from snerydder.casework.payments.models import Confirmation, TimeSheet
from tests import build

AUGUST = date(2026, 8, 1)
FIRST = date(2026, 8, 11)


def confirm(cast, contact, answered="yes", **more):
    return actions.confirm(contact, by=cast.bente, source="school", source_name="Sprogskolen, Lis Lund", answered=answered, **more)


def four(cast, case):
    return hours.by_case(cast.gitte, month_of(AUGUST), [case.pk])[case.pk]


def test_the_columns_of_a_case_and_month(cast, case):
    first = build.contact(cast, case, FIRST)
    build.contact(cast, case, FIRST + timedelta(days=7), minutes=45)
    build.contact(cast, case, date(2026, 9, 1), minutes=30)
    confirm(cast, first)
    found = four(cast, case)
    assert (found.delivered, found.confirmed, found.invoiced) == (105, 60, 0)
    assert found.granted == sum(row.minutes for row in hours.cell(case, cast.gitte, month_of(AUGUST), "bevilget").rows) > 0
    assert [(month.word, month.four.delivered) for month in hours.months_of(case, cast.bente)][-2:] == [("2026-09", 30), ("2026-08", 105)]


@pytest.mark.parametrize("key", hours.COLUMNS)
def test_each_figure_is_the_sum_of_its_rows(cast, case, key):
    for place in range(3):
        contact = build.contact(cast, case, FIRST + timedelta(days=place), minutes=20 + place)
        if place:
            confirm(cast, contact)
    for month in hours.months_of(case, cast.bente):
        assert dict(month.four.cells())[key] == hours.cell(case, cast.bente, month.span, key).minutes


def test_a_correction_takes_the_confirmation_away_and_putting_it_back_gives_it_again(cast, case):
    contact = build.contact(cast, case, FIRST)
    confirm(cast, contact)
    contacts.correct(contact, by=cast.carl, reason="Det var kortere", minutes=30)
    assert four(cast, case).confirmed == 0
    assert hours.cell(case, cast.bente, month_of(AUGUST), "leveret").rows[0].said == "changed"
    contact.refresh_from_db()
    contacts.correct(contact, by=cast.carl, reason="Nej, en time", minutes=60)
    assert four(cast, case).confirmed == 60
    contacts.withdraw([contact], by=cast.carl)
    assert four(cast, case) == hours.Four(granted=four(cast, case).granted)


def test_one_hour_with_two_citizens_counts_once(cast, case, other):
    at = timezone.make_aware(datetime.combine(date(2026, 8, 12), time(10)))
    contacts.log(build.uuid4(), [case, other], by=cast.carl, at=at, form="met", minutes=75, help=["walk"])
    assert four(cast, case).delivered + four(cast, other).delivered == 75
    assert sheets.sheet(cast.mentor, month_of(AUGUST)).minutes == 75


# --- The time sheet --------------------------------------------------------------------------------
def test_the_sheet_is_the_log_and_the_mentor_approves_it(cast, case):
    build.contact(cast, case, FIRST)
    build.contact(cast, case, FIRST + timedelta(days=1), form="tried", minutes=0)
    found = sheets.sheet(cast.mentor, month_of(AUGUST))
    assert [line.minutes for line in found.lines] == [60] and found.per("person") == 60 and not found.is_approved
    actions.approve_sheet(cast.mentor, AUGUST, by=cast.carl, minutes=60)
    found = sheets.sheet(cast.mentor, month_of(AUGUST))
    assert found.is_approved and found.approval.minutes == 60
    assert Event.objects.filter(verb="payments.approve_sheet").get().data["minutes"] == 60


@pytest.mark.parametrize("who", ["dorthe", "gitte", "henrik"])
def test_nobody_else_approves_it(cast, case, who):
    build.contact(cast, case, FIRST)
    with pytest.raises(Refusal, match="Kun mentoren selv"):
        actions.approve_sheet(cast.mentor, AUGUST, by=getattr(cast, who))


def test_not_before_the_month_is_over_nor_an_empty_one_nor_another_sum(cast, case):
    build.contact(cast, case, FIRST)
    with pytest.raises(Refusal, match="Måneden er ikke slut"):
        actions.approve_sheet(cast.mentor, AUGUST, by=cast.carl, on=date(2026, 8, 31))
    with pytest.raises(Refusal, match="ingen timer"):
        actions.approve_sheet(cast.mentor, date(2026, 10, 1), by=cast.carl)
    with pytest.raises(Refusal, match="Loggen er ændret"):
        actions.approve_sheet(cast.mentor, AUGUST, by=cast.carl, minutes=61)
    assert not TimeSheet.objects.exists()


@pytest.mark.parametrize("change", ["correct", "withdraw", "late", "raw", "moved"])
def test_whatever_changes_the_log_opens_the_approval_again(cast, case, owner, change):
    contact = build.contact(cast, case, FIRST)
    build.contact(cast, case, date(2026, 9, 2))
    for month in (AUGUST, date(2026, 9, 1)):
        actions.approve_sheet(cast.mentor, month, by=cast.carl)
    if change == "correct":
        contacts.correct(contact, by=cast.carl, reason="Det var kortere", minutes=30)
    elif change == "withdraw":
        contacts.withdraw([contact], by=cast.carl)
    elif change == "late":
        build.contact(cast, case, FIRST + timedelta(days=3))
    elif change == "moved":
        contacts.correct(contact, by=cast.carl, reason="Forkert dag", at=timezone.make_aware(datetime.combine(date(2026, 9, 3), time(10))))
    else:
        type(contact).objects.filter(pk=contact.pk).update(note="skrevet uden om")
    state = dict(TimeSheet.objects.values_list("month", "state"))
    assert state[AUGUST] == "reopened"
    assert state[date(2026, 9, 1)] == ("reopened" if change == "moved" else "approved")


def test_the_file_has_the_shape_of_the_states_template(cast, case):
    build.contact(cast, case, FIRST, minutes=90)
    found = sheets.sheet(cast.mentor, month_of(AUGUST))
    rows = list(openpyxl.load_workbook(io.BytesIO(paper.xlsx(found))).active.iter_rows(values_only=True))
    assert rows[0][:2] == ("Mentor", "Carl Clausen") and rows[2][:2] == ("Måned", "august 2026") and rows[3][1] == "Ikke godkendt"
    assert rows[5] == ("Dato", "Sag", "Person eller plads", "Art", "Timer")
    assert rows[6][1:] == (case.number, "Pr. person", "Mødtes", 1.5)
    assert ("Timer i alt", 1.5) in {row[3:] for row in rows}
    assert rows[-1][0] == "Dato og underskrift:"
    assert paper.pdf(found, cast.henrik.municipality).startswith(b"%PDF")


# --- Confirmation ----------------------------------------------------------------------------------
def test_the_citizen_answers_once_by_the_code(cast, case):
    contact = build.contact(cast, case, date(2026, 11, 25))
    asked = actions.ask(contact, by=cast.bente)
    code = codes.code_of(asked)
    assert code.startswith("901-") and code not in asked.code_hash
    assert Outbox.objects.filter(kind="sms.confirm", object_id=asked.pk, state="waiting").count() == 1
    found = queries.request_behind(code.lower().replace("-", " ").replace(" ", "-"))
    assert found == asked
    kept = actions.answer(found, "yes")
    assert (kept.source, kept.answer, kept.made_by) == ("citizen", "yes", None)
    assert Event.objects.filter(verb="payments.answer").get().staff_name == "Borgeren"
    assert queries.request_behind(code) is None
    with pytest.raises(Refusal, match="besvaret"):
        actions.answer(asked, "no")


def test_a_code_that_is_old_or_replaced_or_from_elsewhere_opens_nothing(cast, case):
    contact = build.contact(cast, case, date(2026, 11, 25))
    old = actions.ask(contact, by=cast.bente)
    new = actions.ask(contact, by=cast.bente)
    assert sorted(Outbox.objects.filter(kind="sms.confirm").values_list("state", flat=True)) == ["cancelled", "waiting"]
    assert queries.request_behind(codes.code_of(old)) is None
    code = codes.code_of(new)
    for wrong in (f"902{code[3:]}", code[:-1], "", "901", "x-y", "901-2222-2222-2222"):
        assert queries.request_behind(wrong) is None


@pytest.mark.parametrize("who", ["carl"])
def test_the_mentor_does_not_confirm_nor_ask(cast, case, who):
    contact = build.contact(cast, case, date(2026, 11, 25))
    with pytest.raises(Refusal, match="kan ikke selv bekræfte"):
        actions.confirm(contact, by=cast.carl, source="school", source_name="Skolen", answered="yes")
    with pytest.raises(Refusal, match="kan ikke selv bekræfte"):
        actions.ask(contact, by=cast.carl)
    with pytest.raises(IntegrityError, match="confirmation_by_another"), transaction.atomic():
        Confirmation.objects.create(
            municipality_id=901, case=case, contact=contact, source="school", source_name="x", answer="yes", day=contact.day, minutes=60, made_by=cast.carl,
            at=timezone.now(),
        )


def test_anothers_yes_does_not_stand_in_for_the_citizens_no(cast, case):
    contact = build.contact(cast, case, date(2026, 11, 25))
    actions.answer(actions.ask(contact, by=cast.bente), "no")
    with pytest.raises(Refusal, match="Borgeren har selv svaret nej"):
        confirm(cast, contact)
    assert four(cast, case).confirmed == 0
    actions.answer(actions.ask(contact, by=cast.bente), "yes")
    assert Confirmation.objects.get().answer == "yes"

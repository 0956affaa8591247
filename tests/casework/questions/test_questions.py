"""From the night's question to its end: once for the same facts, to somebody named, answered by the mentor, closed by another."""

from datetime import date, datetime, time, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from snerydder.access import actions as access
from snerydder.access.models import StandIn
from snerydder.access.tenancy import set_context
from snerydder.audit.action import Conflict, Refusal
from snerydder.audit.models import Event
from snerydder.casework.checks import asking
from snerydder.casework.checks.log import read
from snerydder.casework.contacts import actions as contacts
from snerydder.casework.contacts.models import Contact
from snerydder.casework.payments import actions as payments
from snerydder.casework.questions import actions, queries, told
from snerydder.casework.questions.models import Question
from snerydder.casework.questions.signs import ALL
from tests import build

DAY = date(2026, 11, 25)  # the clock stands at 1 December
TODAY = date(2026, 12, 1)


def log(cast, case, day=DAY, hour=10, minute=0, minutes=60, by=None, **more):
    at = timezone.make_aware(datetime.combine(day, time(hour, minute)))
    return contacts.log(uuid4(), [case], by=by or cast.carl, at=at, form="met", minutes=minutes, help=["walk"], **more)[0]


def night(cast):
    done = asking.of_municipality(cast.carl.municipality_id, TODAY)
    set_context(cast.carl.municipality_id)
    return done


@pytest.fixture
def overlap(cast, case, other):
    """The night has asked about two citizens at once."""
    pair = {log(cast, case).pk, log(cast, other, hour=10, minute=20).pk}
    assert night(cast) == (1, 0)
    question = Question.objects.get()
    assert {row.contact_id for row in queries.contacts_of(question)} == pair
    return question


def test_the_night_asks_somebody_named_with_the_facts(cast, overlap):
    assert (overlap.sign, overlap.about, overlap.named, overlap.holds, overlap.asked_on) == ("two_places", cast.carl, cast.dorthe, True, TODAY)
    assert told.seen(overlap) == "25. november 2026 ligger kontakter oven i hinanden: kl. 10.00-11.00 og kl. 10.20-11.20."
    event = Event.objects.get(verb="questions.ask")
    assert (event.object_id, event.staff_name) == (overlap.pk, "Den natlige gennemgang") and set(event.data["contacts"]) == {str(row.contact_id) for row in overlap.contacts.all()}


def test_the_same_facts_are_asked_about_once_and_other_facts_again(cast, case, overlap):
    assert night(cast) == (0, 0)
    row = Contact.objects.get(case=case)
    contacts.correct(row, by=cast.carl, reason="Forkert klokkeslæt", at=row.at + timedelta(minutes=5))
    assert night(cast) == (1, 0)  # it was changed and still lies over the other
    again = Question.objects.order_by("pk").exclude(pk=overlap.pk).get()
    about, beside = (again.contacts.filter(only_shown=shown).count() for shown in (False, True))
    assert (about, beside) == (1, 1)
    assert night(cast) == (0, 0)


def test_the_database_holds_that_a_contact_is_asked_about_once(cast, overlap):
    row = overlap.contacts.first()
    with pytest.raises(IntegrityError, match="contact_asked_about_once"), transaction.atomic():
        actions.ask("two_places", cast.carl, [row.contact], overlap.facts, named=cast.dorthe, by=actions.TheNight(cast.carl.municipality_id))


def test_nobody_sees_to_a_question_about_themselves(cast, overlap):
    with pytest.raises(IntegrityError, match="question_to_another"), transaction.atomic():
        Question.objects.filter(pk=overlap.pk).update(named=cast.carl)
    with pytest.raises(IntegrityError, match="question_to_another"), transaction.atomic():
        Question.objects.filter(pk=overlap.pk).update(outcome="explained", reason="x", closed_on=TODAY, closed_by=cast.carl)
    cast.carl.roles = ["mentor", "coordinator"]
    with pytest.raises(Refusal, match="dine egne kontakter"):
        actions.close(overlap, by=cast.carl, outcome="explained", reason="Det passer")
    others = [cast.carl, cast.dorthe]
    assert asking.who_sees_to(cast.dorthe, others, {}) == cast.carl
    assert asking.who_sees_to(cast.carl, [cast.carl], {}) is None


def test_of_two_coordinators_the_one_with_fewest_is_asked_and_without_any_a_leader(cast):
    second = access.appoint("Anden Koordinator", by=cast.henrik, roles=["coordinator"], unit=cast.dorthe.unit)
    both = [cast.carl, cast.dorthe, second, cast.henrik]
    assert asking.who_sees_to(cast.carl, both, {cast.dorthe.pk: 1}) == second
    assert asking.who_sees_to(cast.carl, both, {second.pk: 1}) == cast.dorthe
    assert asking.who_sees_to(cast.carl, [cast.carl, cast.henrik], {}) == cast.henrik


def test_a_question_nobody_can_see_to_is_left_for_another_night_and_said(cast, case, other):
    log(cast, case)
    log(cast, other, minute=20)
    type(cast.carl).objects.filter(pk__in=[cast.dorthe.pk, cast.henrik.pk]).update(active=False)
    assert night(cast) == (0, 1) and not Question.objects.exists()


def test_the_mentor_answers_their_own_and_may_change_it_until_it_is_closed(cast, overlap):
    with pytest.raises(Refusal, match="Spørgsmålet er til Carl"):
        actions.answer(overlap, by=cast.dorthe, answer="Nej")
    actions.answer(overlap, by=cast.carl, answer="De var der begge to.")
    row = actions.answer(overlap, by=cast.carl, answer="Vi gik en tur alle tre.")
    assert (row.answer, row.answered_on) == ("Vi gik en tur alle tre.", timezone.localdate())
    said = [event.data for event in queries.history(row) if event.verb == "questions.answer"]
    assert said[1] == {"before": "De var der begge to.", "after": "Vi gik en tur alle tre."}
    actions.close(row, by=cast.dorthe, outcome="explained", reason="En gåtur for tre.")
    with pytest.raises(Conflict, match="afsluttet"):
        actions.answer(row, by=cast.carl, answer="Noget andet")


def test_closing_needs_words_and_an_outcome_that_is_true(cast, case, overlap):
    with pytest.raises(Refusal):
        actions.close(overlap, by=cast.dorthe, outcome="explained", reason=" ")
    with pytest.raises(Refusal, match="Vælg"):
        actions.close(overlap, by=cast.dorthe, outcome="guilty", reason="Nej")
    with pytest.raises(Refusal, match="Ingen af kontakterne"):
        actions.close(overlap, by=cast.dorthe, outcome="corrected", reason="Rettet")
    with pytest.raises(Refusal, match="tager sig af"):
        actions.close(overlap, by=cast.bente, outcome="explained", reason="Nej")
    contacts.withdraw([Contact.objects.get(case=case)], by=cast.carl)
    row = actions.close(overlap, by=cast.dorthe, outcome="corrected", reason="Den ene var skrevet to gange.")
    assert (row.closed_by, row.is_open, row.keeps_payment) == (cast.dorthe, False, False)
    with pytest.raises(Conflict):
        actions.close(overlap, by=cast.dorthe, outcome="explained", reason="Igen")
    row = actions.reopen(row, by=cast.dorthe, reason="Der er kommet nyt")
    assert row.is_open and row.keeps_payment
    assert [event.verb for event in queries.history(row)] == ["questions.ask", "questions.close", "questions.reopen"]


def test_a_leader_takes_over_and_only_a_leader_chooses_the_procedure(cast, overlap):
    with pytest.raises(Refusal, match="Det er lederen"):
        actions.close(overlap, by=cast.dorthe, outcome="procedure", reason="Mistanke")
    with pytest.raises(Refusal, match="Vælg en leder"):
        actions.pass_on(overlap, by=cast.dorthe, leader=cast.bente, reason="Se lige")
    row = actions.pass_on(overlap, by=cast.dorthe, leader=cast.henrik, reason="Carl kan ikke huske dagen.")
    assert (row.named, row.with_leader, row.is_open) == (cast.henrik, True, True)
    with pytest.raises(Refusal, match="taget op med Henrik"):
        actions.close(row, by=cast.dorthe, outcome="explained", reason="Alligevel")
    row = actions.close(row, by=cast.henrik, outcome="procedure", reason="Forretningsgang 12.")
    assert row.keeps_payment  # until the procedure has come to an end


def test_who_sees_which(cast, overlap):
    mogens = access.appoint("Mogens Moe", by=cast.henrik, roles=["mentor"], unit=cast.unit)
    StandIn.objects.create(municipality_id=cast.carl.municipality_id, away=cast.carl, stand_in=mogens, start=TODAY, end=TODAY)
    assert [list(queries.questions(staff)) for staff in (cast.carl, cast.dorthe, cast.henrik, cast.erik, mogens)] == [[overlap]] * 4 + [[]]
    assert queries.to_answer(cast.carl) == queries.to_see_to(cast.dorthe) == [overlap] and queries.to_see_to(cast.henrik) == []


# --- Each sign, from the product's own rows -------------------------------------------------------------------------
def asked(cast):
    night(cast)
    return {question.sign: question for question in Question.objects.all()}


def test_a_contact_after_closing(cast, case):
    from snerydder.casework.cases import actions as cases

    row = log(cast, case)
    cases.follow_up(case, by=cast.bente, text="Det går godt.", decision="stop", citizen_took_part=True, on=DAY - timedelta(days=3))
    cases.close(build.fresh(case), by=cast.bente, goal_result="reached", result_text="Målet er nået, og hun går i skole.", follows="Uddannelse", on=DAY - timedelta(days=2))
    question = asked(cast)["after_closing"]
    assert [each.contact_id for each in question.contacts.all()] == [row.pk] and question.holds
    assert told.seen(question) == "Sagen sluttede 23. november 2026, og der står 1 kontakt efter den dag."


def test_a_contact_while_away_unless_the_stand_in_had_it(cast, case):
    other = access.appoint("Stedet Fortræder", by=cast.henrik, roles=["mentor"], unit=cast.unit)
    StandIn.objects.create(municipality_id=cast.carl.municipality_id, away=cast.carl, stand_in=other, start=DAY, end=DAY + timedelta(days=3))
    own = log(cast, case)
    log(cast, case, day=DAY + timedelta(days=1), by=other)
    question = asked(cast)["while_away"]
    assert [each.contact_id for each in question.contacts.all()] == [own.pk] and question.about == cast.carl


def test_a_contact_written_late(cast, case):
    row = log(cast, case, day=DAY - timedelta(days=20))
    log(cast, case, day=DAY)
    question = asked(cast)["written_late"]
    assert [each.contact_id for each in question.contacts.all()] == [row.pk] and not question.holds
    assert "26 dage tilbage" in told.seen(question)


def test_a_contact_made_longer_after_the_month_was_approved(cast, case):
    row, shorter, before = log(cast, case, day=date(2026, 10, 28)), log(cast, case, day=date(2026, 10, 29)), log(cast, case, day=date(2026, 10, 30))
    contacts.correct(before, by=cast.carl, reason="Længere", minutes=90)
    payments.approve_sheet(cast.mentor, date(2026, 10, 1), by=cast.carl)
    contacts.correct(row, by=cast.carl, reason="Længere", minutes=90)
    contacts.correct(shorter, by=cast.carl, reason="Kortere", minutes=30)
    payments.approve_sheet(cast.mentor, date(2026, 10, 1), by=cast.carl)  # approving again does not wipe it out
    question = asked(cast)["raised"]
    assert [each.contact_id for each in question.contacts.all()] == [row.pk]
    assert "fra 1 t til 1 t 30 min" in told.seen(question)


def test_a_citizen_nobody_else_has_heard_from(cast, case):
    rows = [log(cast, case, day=date(2026, 8, 12) + timedelta(days=7 * week)) for week in range(14)]
    for row in rows[:2]:
        payments.ask(row, by=cast.bente, on=row.day)
    assert asked(cast)["never_heard"].contacts.count() == 14
    payments.confirm(rows[5], by=cast.bente, source="school", source_name="Skolen", answered="yes")
    assert not list(ALL["never_heard"].find(read(cast.carl.municipality_id, TODAY)))


def test_words_for_every_sign(cast):
    assert set(told.WORDS) == set(ALL)

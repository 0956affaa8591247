"""Controls who got a mentor are written down by themselves; the pages of mentor and caseworker say no arm; a control does not wait for a decision."""

from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from snerydder.access import actions as access
from snerydder.access.tenancy import within
from snerydder.audit.action import Refusal
from snerydder.audit.models import Event
from snerydder.casework.cases.models import Case
from snerydder.casework.trials import delivery, noticing, queries
from snerydder.casework.trials.models import Departure, Enrolment, Offer
from snerydder.desks.delivery import more, weeks
from snerydder.desks.delivery.courses import Part
from snerydder.desks.selection import by_key, count, law_today
from tests import build
from tests.casework.grants.test_two_at_once import at_once
from tests.casework.trials.test_eligible import FIRST, _support
from tests.cast import FJORDBY, Cast
from tests.pages.visit import Page, visitor

Drawn = dict[str, Enrolment]
ARMS = ("kontrolperson", "kontrolgruppe", "sædvanlig indsats", "tilbudsgruppe", "indsatsgruppe", "trukket til tilbud")


def served(town: Cast, row: Enrolment) -> None:
    with within(FJORDBY):
        _support(town, build.propose_for(town, row.case, row.screening.assessment, FIRST))
        build.contact(town, build.fresh(row.case), FIRST + timedelta(days=8))


def test_a_control_that_got_a_mentor_is_written_down_once(town: Cast, drawn: Drawn) -> None:
    for row in drawn.values():
        served(town, row)
    assert noticing.run() == 2
    assert noticing.run() == 0
    with within(FJORDBY):
        rows = {row.kind: row for row in Departure.objects.all()}
        assert {row.enrolment_id for row in rows.values()} == {drawn["control"].pk}, "the offered arm goes as it should"
        assert set(rows) == {"crossed", "reached"} and all(row.automatic and row.noticed_by_id is None for row in rows.values())
        assert rows["crossed"].text == "Mentor er bevilget fra 16. august 2026. Carl Clausen er valgt som mentor."
        assert rows["reached"].text == "Kontaktloggen har en kontakt den 17. august 2026."
        events = list(Event.objects.filter(verb="trials.notice"))
        assert {event.staff_name for event in events} == {"Den natlige gennemgang"} and all(event.data == {} for event in events)


def test_two_who_look_at_once_write_it_once(town: Cast, drawn: Drawn, monkeypatch: pytest.MonkeyPatch) -> None:
    served(town, drawn["control"])
    with within(FJORDBY):
        trial = drawn["control"].trial
        seen = list(noticing._suspects(trial))
    assert noticing.run() == 2
    monkeypatch.setattr(noticing, "_suspects", lambda trial: seen)
    with within(FJORDBY):
        assert noticing.notice(trial, by=town.dorthe) == []
    with within(FJORDBY):
        assert Departure.objects.count() == 2


def test_a_right_is_no_crossing_and_a_grant_alone_is_one(town: Cast, drawn: Drawn) -> None:
    row = drawn["control"]
    with within(FJORDBY):
        assert noticing.notice(row.trial, by=town.dorthe) == []
        from snerydder.casework.grants import actions as grants

        grants.decide(build.propose_for(town, row.case, row.screening.assessment, FIRST), by=town.bente, on=FIRST)
    with within(FJORDBY):
        (found,) = noticing.notice(row.trial, by=town.dorthe)
        assert (found.kind, found.noticed_by) == ("crossed", town.dorthe)
    with within(FJORDBY):
        delivery.depart(row, by=town.bente, kind="right", hjemmel="lab-167-3", text="Er optaget på SOSU.", on=FIRST)
        build.fresh(row.case)
        assert noticing.notice(row.trial, by=town.dorthe) == []


def waiting(town: Cast) -> dict[str, int]:
    with within(FJORDBY):
        return {key: number.count for key, number in count(town.bente, by_key("skal-afgoeres", "forsoeg-venter", "i-forsoeg", "over-frist")).items()}


def test_a_control_waits_for_no_decision(town: Cast, drawn: Drawn) -> None:
    """Both arms leave the queue with the draw, and only a yes to the offer brings a case back."""
    with within(FJORDBY):
        number = Enrolment.objects.count()
        everybody = list(Enrolment.objects.select_related("case"))
    before = waiting(town)
    assert (before["skal-afgoeres"], before["i-forsoeg"], before["over-frist"]) == (0, number, 0)
    with within(FJORDBY):
        offer = delivery.offer(drawn["offered"], by=town.bente, on=FIRST)
    assert waiting(town)["forsoeg-venter"] == before["forsoeg-venter"] + (0 if before["forsoeg-venter"] == number else 1)
    with within(FJORDBY):
        delivery.answer(offer, by=town.bente, answer="accepted", on=FIRST)
    after = waiting(town)
    assert (after["skal-afgoeres"], after["i-forsoeg"]) == (1, number - 1)
    assert len(everybody) == number


def words(client: Client, path: str) -> str:
    return Page(client.get(path)).words.lower()


def test_no_page_says_an_arm_to_those_who_need_not_know(town: Cast, drawn: Drawn) -> None:
    with within(FJORDBY):
        bente, dorthe, erik = (visitor(Client(), who) for who in (town.bente, town.dorthe, town.erik))
    said = {arm: words(bente, reverse("desks:case", args=[row.case_id])) for arm, row in drawn.items()}
    for text in said.values():
        assert "med i et forsøg med lodtrækning" in text and "se loddet" in text and "træf afgørelsen" not in text
        assert not [arm for arm in ARMS if arm in text]
    for client in (dorthe, erik):
        for row in drawn.values():
            text = words(client, reverse("desks:case", args=[row.case_id]))
            assert not [arm for arm in ARMS if arm in text]
    served(town, drawn["offered"])
    with within(FJORDBY):
        carl = visitor(Client(), town.carl)
    for path in ("/i-dag/", f"/sager/{drawn['offered'].case_id}/mentor/"):
        text = words(carl, path)
        assert "forsøg med" not in text and "loddet" not in text and not [arm for arm in ARMS if arm in text]


def test_a_colleagues_lot_is_not_on_the_list(town: Cast, drawn: Drawn) -> None:
    with within(FJORDBY):
        other = access.appoint("Birthe Bro", ["caseworker"], by=town.henrik, unit=town.unit, username="birthe", email="b@example.org")
        mine, theirs = visitor(Client(), town.bente), visitor(Client(), other)
    path = reverse("trials:citizens", args=[drawn["control"].trial_id])
    assert "tilbud om mentor" in words(mine, path) and "sædvanlig indsats" in words(mine, path)
    said = words(theirs, path)
    assert "hos bente bak" in said and "tilbud om mentor" not in said and "tilbyd mentor" not in said and "sædvanlig indsats" not in said


def test_the_history_of_the_case_does_not_say_the_arm_by_a_departure(town: Cast, drawn: Drawn) -> None:
    row = drawn["control"]
    with within(FJORDBY):
        delivery.depart(row, by=town.bente, kind="crossed", text="Fik en mentor i en anden kommune.", on=FIRST)
        dorthe = visitor(Client(), town.dorthe)
    text = words(dorthe, reverse("desks:case", args=[row.case_id]))
    assert "noteret en afvigelse fra loddet" in text and not [arm for arm in ARMS if arm in text]


def test_a_colleagues_lot_is_on_no_other_page_either(town: Cast, drawn: Drawn) -> None:
    """Not on the citizen's page, not in the receipt, not by a refusal; whoever stands in for the caseworker sees it."""
    with within(FJORDBY):
        other = access.appoint("Birthe Bro", ["caseworker"], by=town.henrik, unit=town.unit, username="birthe", email="b@example.org")
        theirs = visitor(Client(), other)
    for row in drawn.values():
        assert theirs.get(reverse("desks:case", args=[row.case_id])).status_code == 200
        assert "se loddet" not in words(theirs, reverse("desks:case", args=[row.case_id]))
        for page in ("person", "receipt", "answer", "depart"):
            assert theirs.get(reverse(f"trials:{page}", args=[row.pk])).status_code == 404
        assert theirs.post(reverse("trials:offer", args=[row.pk])).status_code == 404
    with within(FJORDBY):
        access.let_stand_in(town.bente, other, by=town.henrik, start=FIRST, end=FIRST + timedelta(days=400))
        theirs = visitor(Client(), other)
    assert "sædvanlig indsats" in words(theirs, reverse("trials:person", args=[drawn["control"].pk]))


def test_whoever_drew_sees_what_they_drew(town: Cast, drawn: Drawn) -> None:
    """The case may be a colleague's: the page after the draw is the one that shows the lot."""
    with within(FJORDBY):
        other = access.appoint("Birthe Bro", ["caseworker"], by=town.henrik, unit=town.unit, username="birthe", email="b@example.org")
        Case.objects.filter(pk=drawn["control"].case_id).update(caseworker=other)
        mine = visitor(Client(), town.bente)
    assert "sædvanlig indsats" in words(mine, reverse("trials:person", args=[drawn["control"].pk]))
    assert "sædvanlig indsats" in words(mine, reverse("trials:citizens", args=[drawn["control"].trial_id]))


def test_an_offer_written_twice_at_once_is_one(town: Cast, drawn: Drawn) -> None:
    results = at_once(*[lambda: delivery.offer(Enrolment.objects.get(pk=drawn["offered"].pk), by=town.bente)] * 2)
    assert {type(each) for each in results} == {Offer, Refusal}


def test_the_coordinator_looks_and_sees_whom_it_concerns(town: Cast, drawn: Drawn) -> None:
    with within(FJORDBY):
        dorthe = visitor(Client(), town.dorthe)
    path: Any = reverse("trials:departures")
    assert "Ingen afvigelser" in Page(dorthe.get(path)).words
    served(town, drawn["control"])
    page = Page(dorthe.post(reverse("trials:look"), follow=True))
    assert "Der er skrevet 2 nye afvigelser" in page.words and "Kontaktloggen har en kontakt" in page.words
    assert reverse("desks:case", args=[drawn["control"].case_id]) in page.addresses()
    assert "Der er ingen nye afvigelser" in Page(dorthe.post(reverse("trials:look"), follow=True)).words


@pytest.mark.usefixtures("db")
def test_a_departure_without_a_person_must_be_automatic(cast: Cast) -> None:
    from django.db import IntegrityError, transaction

    from tests.casework.trials import made

    row = made.enrolled(cast, made.running(cast), 1)
    told = {"municipality_id": row.municipality_id, "enrolment": row, "case": row.case, "kind": "other", "text": "x", "noticed_on": FIRST}
    with pytest.raises(IntegrityError), transaction.atomic():
        Departure.objects.create(**told)
    assert Departure.objects.create(**told, automatic=True)


def test_the_arms_are_counted_from_the_day_of_the_draw(town: Cast, drawn: Drawn) -> None:
    """Control and offered apart, with the contact of each in the week it fell after the lot, and no name on the page."""
    served(town, drawn["offered"])
    with within(FJORDBY):
        found = more.by_arm(drawn["offered"].trial, law_today())
        lots = queries.drawn(drawn["offered"].trial)
        freja = visitor(Client(), town.freja)
        names = [row.citizen.last_name for row in Enrolment.objects.select_related("citizen")]
    assert {arm: part.persons for arm, part in found.items()} == Counter(arm for _case, _day, arm in lots)
    assert (found["offered"].reached, found["control"].reached) == (1, 0)
    enrolled = drawn["offered"].enrolled_on
    assert found["offered"].contact[(monday_of(FIRST + timedelta(days=8)) - monday_of(enrolled)).days // 7] == 1
    assert sum(found["offered"].minutes) == 60 and sum(found["control"].minutes) == 0
    page = freja.get(reverse("desks:delivery_trial", args=[drawn["offered"].trial_id]))
    words = Page(page).words
    assert "Trukket til tilbud" in words and not [name for name in names if name in words]


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


@pytest.mark.parametrize(("met", "shown"), [(0, True), (1, False), (4, False), (5, True), (6, False), (9, False), (10, True)])
def test_a_week_that_would_tell_of_few_is_held_back(town: Cast, drawn: Drawn, met: int, shown: bool) -> None:
    part = Part(persons=10)
    part.seen[0], part.contact[0] = 10, met
    with within(FJORDBY):
        (week,) = more.shown_weeks(drawn["offered"].trial, {"offered": part})["offered"]
        assert week.shown is shown and (not shown or week.contact == met / 10)
        assert weeks.weeks(part)[0].shown, "the municipality's own people see its own rows"
        part.seen[0] = 4
        assert more.shown_weeks(drawn["offered"].trial, {"offered": part})["offered"] == [] == weeks.weeks(part)

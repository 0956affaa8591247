"""One inspection in several municipalities: files pass between them, with figures and never a case; what does not agree is refused."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from django.db import DatabaseError, connection, transaction

from snerydder.access import signing
from snerydder.access.tenancy import set_context
from snerydder.audit.action import Conflict, Refusal
from snerydder.audit.models import Event
from snerydder.casework.inspections import actions, guide, lists, queries
from snerydder.casework.inspections.across import calling, joining, receiving, sending, table
from snerydder.casework.inspections.across.papers import FILES
from snerydder.casework.inspections.models import Member, Sample
from snerydder.casework.inspections.published.verify_draw import faults
from snerydder.effects import audits
from snerydder.lottery.sample import sample as draw
from tests import build
from tests.casework.inspections.made import NUMBER, SOURCE, TODAY
from tests.cast import BAKKEBY, FJORDBY, Cast, fjordby

pytestmark = pytest.mark.django_db
STATE, LYNGO = 990, 903
TOWNS = [(FJORDBY, "Fjordby"), (BAKKEBY, "Bakkeby"), (LYNGO, "Lyngø")]
CASES = {FJORDBY: 6, BAKKEBY: 5, LYNGO: 4}
SEED_DAY = TODAY + timedelta(days=4)


class Round:
    """Three municipalities and whoever inspects them, each in a tenancy of its own."""

    def __init__(self) -> None:
        self.casts: dict[int, Cast] = {}
        for number, name in TOWNS:
            self.casts[number] = cast = fjordby(number, name, suffix=f"-{number}")
            for each in range(CASES[number]):
                build.granted(cast, build.citizen(cast, each + 1))
        self.state = fjordby(STATE, "Tilsynet", suffix="-state")

    def called(self, first: date = build.DAY - timedelta(days=30)) -> "Round":
        set_context(STATE)
        self.sample = calling.call(
            by=self.state.erik, title="Bevillinger i efteråret", towns=TOWNS, first=first, last=TODAY, size=2, each=4,
            seed_source=SOURCE, seed_day=SEED_DAY, answer_by=TODAY + timedelta(days=60), on=TODAY,
        )  # fmt: skip
        self.own: dict[int, Sample] = {}
        return self

    def file(self) -> bytes:
        set_context(STATE)
        sample = Sample.objects.get(pk=self.sample.pk)
        return json.dumps(lists.published(sample, queries.drawn_of(sample))).encode()

    def join(self, number: int, on: date = TODAY) -> Sample:
        content = self.file()
        set_context(number)
        self.own[number] = joining.join(joining.read(content), by=self.casts[number].erik, on=on)
        return self.own[number]

    def describe(self, number: int, lacking: tuple[str, ...] = ()) -> None:
        set_context(number)
        lines = guide.lines_of(self.own[number].guide, part=1)
        answers = {key: ("lacking", "Den findes ikke.") if key in lacking else ("ok", "") for key in lines}
        actions.answer(self.own[number], None, by=self.casts[number].erik, answers=answers, on=TODAY)

    def send(self, number: int) -> dict[str, Any]:
        set_context(number)
        return sending.send(Sample.objects.get(pk=self.own[number].pk), by=self.casts[number].erik, on=SEED_DAY)

    def receive(self, told: dict[str, Any], on: date = TODAY) -> Member:
        set_context(STATE)
        return receiving.receive(self.sample, json.dumps(told).encode(), by=self.state.erik, on=on)

    def draw(self, number: int, sample: Sample) -> None:
        cast = self.state if number == STATE else self.casts[number]
        set_context(number)
        for person in (cast.erik, cast.henrik):
            actions.type_number(sample, by=person, number=NUMBER, on=SEED_DAY)

    def answer(self, number: int, lacking: int) -> None:
        """As many cases lack their purpose, the first ones; the last one's hours nobody can judge."""
        set_context(number)
        sample = self.own[number]
        lines = guide.lines_of(sample.guide, part=2)
        rows = queries.drawn_cases(sample)
        for at, row in enumerate(rows):
            answers = dict.fromkeys(lines, ("ok", ""))
            if at < lacking:
                answers["purpose"] = ("lacking", "Amina står der med navn.")
            if at == len(rows) - 1:
                answers["hours"] = ("unclear", "Det står to steder.")
            actions.answer(sample, row, by=self.casts[number].erik, answers=answers, on=SEED_DAY)

    @property
    def drawn(self) -> list[int]:
        set_context(STATE)
        return [each.code for each in queries.drawn_of(self.sample)]


@pytest.fixture(scope="module")
def built(standing: Callable[..., Any]) -> Round:
    return standing(Round)


@pytest.fixture
def round_(own: Round) -> Round:
    return own.called()


@pytest.fixture
def joined(round_: Round) -> Round:
    for number, _name in TOWNS:
        round_.join(number)
        round_.describe(number, ("fraud", "external") if number == BAKKEBY else ())
        round_.receive(round_.send(number))
    round_.draw(STATE, round_.sample)
    return round_


# --- The list of municipalities ---------------------------------------------------------------------
def test_the_98_municipalities_stand_ready():
    towns = calling.towns_of(calling.all_towns())
    assert len(towns) == len({number for number, _name in towns}) == len({name for _number, name in towns}) == 98
    assert (101, "København") in towns and (860, "Hjørring") in towns and (751, "Aarhus") in towns


@pytest.mark.parametrize(("text", "why"), [("901 Fjordby\n90 Bakkeby", "Linje 2"), ("901 Fjordby\n902", "Linje 2"), ("901 A\n901 B", "901 står der to gange")])
def test_a_list_that_cannot_be_read_is_refused(text, why):
    with pytest.raises(Refusal, match=why):
        calling.towns_of(text)


def test_the_draw_of_municipalities_is_one_that_anybody_can_do_again(joined):
    told = json.loads(joined.file())
    assert faults(told) == []
    marks = {"1": FJORDBY, "2": BAKKEBY, "3": LYNGO}
    assert joined.drawn == [marks[ticket] for ticket in draw(f"{NUMBER}\n{joined.sample.list_hash}", marks, 2)]
    told["drawn"][0]["ticket"] = 6 - sum(each["ticket"] for each in told["drawn"])
    assert faults(told)


# --- Going along --------------------------------------------------------------------------------------
def test_a_municipality_freezes_its_own_cases_before_the_number(round_):
    sample = round_.join(FJORDBY)
    head = json.loads(sample.list_text.partition("\n")[0])
    assert (head["round"], head["strata"][0]["population"], head["strata"][0]["size"]) == (round_.sample.list_hash, 6, 4)
    assert (sample.seed_source, sample.seed_day) == (SOURCE, SEED_DAY)
    with pytest.raises(Refusal, match="allerede med i runden"):
        round_.join(FJORDBY)
    with pytest.raises(Refusal, match="for sent at deltage"):
        round_.join(BAKKEBY, on=SEED_DAY + timedelta(days=1))


def test_who_granted_nothing_still_answers_about_procedures(own):
    round_ = own.called(first=TODAY)
    for number, _name in TOWNS:
        assert round_.join(number).population == 0
        round_.describe(number)
        assert round_.receive(round_.send(number)).cases_there == 0
    round_.draw(STATE, round_.sample)
    for number in round_.drawn:
        round_.draw(number, round_.own[number])
        assert round_.receive(round_.send(number)).cases == dict.fromkeys((*guide.lines_of(round_.sample.guide, part=2), "any"), [0, 0, 0])
    set_context(STATE)
    found = table.result(round_.sample)
    assert len(found.answered) == 3 and len(found.sent) == 2 and found.whole is None


def test_a_file_that_is_no_round_is_refused(round_):
    told = json.loads(round_.file())
    for content in (b"", b"[]", b"{}", b"hej", json.dumps(told | {"list": told["list"][:-1]}).encode(), json.dumps(told | {"list_sha256": "0" * 64}).encode()):
        with pytest.raises(Refusal, match="ikke listen til en runde"):
            joining.read(content)
    other = fjordby(904, "Åby", suffix="-904")
    with pytest.raises(Refusal, match="Åby Kommune er ikke med i runden"):
        joining.join(joining.read(json.dumps(told).encode()), by=other.erik)


# --- What is sent ---------------------------------------------------------------------------------------
def test_a_file_has_figures_and_no_case(joined):
    number = joined.drawn[0]
    joined.draw(number, joined.own[number])
    joined.answer(number, lacking=2)
    told = joined.send(number)
    words = json.dumps(told, ensure_ascii=False)
    set_context(number)
    rows = queries.drawn_cases(joined.own[number])
    for row in rows:
        for secret in (row.case.number, str(row.case_id), row.case.citizen.name, str(row.case.citizen_id)):
            assert secret not in words
    assert "står der med navn" not in words
    assert told["cases"]["purpose"] == [2, 2, 0] and told["cases"]["hours"] == [3, 0, 1] and told["cases"]["any"] == [1, 2, 1]
    assert Event.objects.filter(verb="inspections.send", data__cases=True).count() == 1


def test_no_figures_before_every_case_is_answered(joined):
    number = joined.drawn[0]
    joined.draw(number, joined.own[number])
    assert joined.send(number)["cases"] is None


def test_nothing_is_sent_before_the_procedures_are_answered(round_):
    round_.join(FJORDBY)
    with pytest.raises(Refusal, match="mangler svar om forretningsgangene"):
        round_.send(FJORDBY)


# --- What is received: whole or not at all -----------------------------------------------------------------
def test_nobody_reads_another_municipality(joined):
    set_context(STATE)
    assert {each.municipality_id for each in Sample.objects.all()} == {STATE} and Sample.objects.count() == 1
    set_context(FJORDBY)
    assert not Member.objects.exists()


def spoilt(told: dict[str, Any], change: Callable[[dict[str, Any]], Any], sign_for: int) -> dict[str, Any]:
    other = json.loads(json.dumps(told))
    change(other)
    return signing.signed({name: value for name, value in other.items() if name not in ("key", "signature")}, sign_for)


CHANGES: list[tuple[str, Callable[[dict[str, Any]], Any]]] = [
    ("anden runde", lambda told: told.update(round="0" * 64)),
    ("ikke med i runden", lambda told: told.update(municipality={"number": 851, "name": "Aalborg"})),
    ("ikke med i runden", lambda told: told.update(municipality="Fjordby")),
    ("passer ikke til spørgeguiden", lambda told: told["procedures"].pop("fraud")),
    ("passer ikke til spørgeguiden", lambda told: told["procedures"].update(fraud=["måske", 0, 0])),
    ("passer ikke til spørgeguiden", lambda told: told["procedures"].update(fraud=["ok", 3, 2])),
    ("andet tal", lambda told: told["sample"].update(seed="", drawn=[]) or told.update(cases=None) or told["sample"].update(seed="1 2 3", drawn=redrawn(told, "1 2 3"))),
    ("andre lodder", lambda told: told["sample"]["drawn"].reverse() or told["sample"]["drawn"][0].update(ticket=99)),
    ("Tallene om sagerne passer ikke", lambda told: told["cases"].pop("purpose")),
    ("Tallene om sagerne passer ikke", lambda told: told["cases"].update(purpose=[5, -1, 0])),
    ("giver ikke det antal", lambda told: told["cases"].update(purpose=[1, 1, 0])),
    ("Færre sager har mindst én mangel", lambda told: told["cases"].update(purpose=[0, 4, 0])),
    ("mangler eller kan ikke læses", lambda told: told.pop("procedures")),
    ("mangler eller kan ikke læses", lambda told: told["sample"].update(list=[])),
]


def redrawn(told: dict[str, Any], seed: str) -> list[dict[str, Any]]:
    numbers = [str(number) for number in range(1, len(told["sample"]["list"]))]
    found = draw(f"{seed}\n{told['sample']['list_sha256']}", numbers, len(told["sample"]["drawn"]) or 4)
    return [{"stratum": "resten", "rank": rank, "ticket": int(number)} for rank, number in enumerate(found, start=1)]


def test_a_file_that_does_not_agree_is_refused_whole(joined):
    number = joined.drawn[0]
    joined.draw(number, joined.own[number])
    joined.answer(number, lacking=2)
    told = joined.send(number)
    set_context(STATE)
    before = list(Member.objects.filter(sample=joined.sample).order_by("pk").values())
    for place, (why, change) in enumerate(CHANGES):
        with pytest.raises(Refusal, match=why):
            joined.receive(spoilt(told, change, number))
            pytest.fail(f"change {place} was taken in")
        assert before == list(Member.objects.filter(sample=joined.sample).order_by("pk").values()), place
    assert joined.receive(told).cases == told["cases"]


def test_the_signature_the_key_and_the_list_hold(joined):
    told = joined.send(FJORDBY)
    with pytest.raises(Refusal, match="Underskriften passer ikke"):
        joined.receive(told | {"sent_on": "2026-01-01"})
    with pytest.raises(Refusal, match="anden nøgle end Fjordby"):
        joined.receive(spoilt(told, lambda each: None, BAKKEBY))
    with pytest.raises(Refusal, match="en anden liste over sager"):
        joined.receive(spoilt(told, lambda each: each["sample"].update(list_sha256="0" * 64), FJORDBY))
    with pytest.raises(Conflict, match="modtaget før"):
        joined.receive(told)
    for content in (b"", b"{}", b"[" * 100_000, b"\xff"):
        with pytest.raises(Refusal, match="ikke en svarfil"):
            receiving.receive(joined.sample, content, by=joined.state.erik)


def test_a_municipality_that_was_not_drawn_sends_no_figures(joined):
    (other,) = {number for number, _name in TOWNS} - set(joined.drawn)
    told = joined.send(other)
    figures = {line: [0, 0, 0] for line in (*guide.lines_of(joined.sample.guide, part=2), "any")}
    with pytest.raises(Refusal, match="er ikke udtrukket"):
        joined.receive(spoilt(told, lambda each: each.update(cases=figures), other))
    with pytest.raises(DatabaseError, match="member_cases_when_drawn"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE inspections_member SET cases = '{}' WHERE code = %s", [other])


# --- The result ----------------------------------------------------------------------------------------------
def finished(joined: Round) -> Round:
    for at, number in enumerate(joined.drawn):
        joined.draw(number, joined.own[number])
        joined.answer(number, lacking=1 + at)
        joined.receive(joined.send(number), on=SEED_DAY)
    return joined


def test_the_table_adds_up_what_the_municipalities_sent(joined):
    done = finished(joined)
    set_context(STATE)
    found = table.result(done.sample)
    assert [len(each) for each in (found.members, found.answered, found.drawn, found.sent)] == [3, 3, 2, 2]
    fraud = next(each for each in found.procedures if each.line.key == "fraud")
    assert dict(fraud.answers) == {"ok": 2, "lacking": 1} and fraud.line.chapter == "4.2"
    purpose = next(each for each in found.cases if each.short == "Formål")
    assert (purpose.looked_at, purpose.lacking, purpose.unclear, purpose.chapter) == (8, 3, 0, "5.1")
    assert (purpose.lacking_in, purpose.of, purpose.lowest, purpose.highest) == (2, 2, 0.25, 0.5)
    assert found.whole and (found.whole.lacking, found.whole.unclear) == (3, 2)
    # the interval reckons with both draws, as the statistics package does
    by_judge = audits.two_stage(np.array([1, 2]), np.array([4, 4]), np.array([CASES[number] for number in done.drawn]), 3, 0.05)
    assert purpose.share and (purpose.share.estimate, purpose.share.lower, purpose.share.upper) == pytest.approx((by_judge.estimate, by_judge.lower, by_judge.upper))
    hours = next(each for each in found.cases if each.short == "Timetal")
    assert (hours.lacking, hours.unclear, hours.share) == (0, 2, None)  # all alike: not measured, not guessed


def test_it_is_closed_when_everybody_drawn_has_sent(joined):
    with pytest.raises(Refusal, match="Der mangler tal fra"):
        actions.report(joined.sample, by=joined.state.erik, conclusion="Slut.")
    done = finished(joined)
    set_context(STATE)
    closed = actions.report(done.sample, by=done.state.erik, conclusion="Formålet mangler ofte.", on=SEED_DAY)
    with pytest.raises(Refusal, match="tager ikke mod flere svar"):
        joined.receive(joined.send(FJORDBY))
    set_context(STATE)
    assert FILES["runden.pdf"].make(closed, done.state.erik)[:5] == b"%PDF-"
    assert FILES["runden.xlsx"].make(closed, done.state.erik)[:2] == b"PK"

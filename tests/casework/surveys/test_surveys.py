"""Questionnaires: the files, the fixed rhythm, three voices that do not see each other, and numbers from five answers up."""

import tomllib
from datetime import date, timedelta

import pytest
from django.urls import reverse

from snerydder.access.tenancy import set_context
from snerydder.audit.action import Refusal
from snerydder.audit.models import Event, Outbox
from snerydder.casework.cases.models import Case
from snerydder.casework.payments.codes import code_of
from snerydder.casework.surveys import actions, queries
from snerydder.casework.surveys.instrument import FOLDER, VOICES, all_of_them, newest, read
from snerydder.casework.surveys.models import SurveyAnswer, SurveyRequest
from snerydder.casework.surveys.rhythm import wave_on
from snerydder.exchange.sms.queries import behind
from snerydder.exchange.sms.words import text_of
from tests import build
from tests.cast import FJORDBY, Cast, fjordby
from tests.pages.visit import Page, visitor

pytestmark = pytest.mark.django_db
GIVEN = {"goal": 4, "bridge": 3, "help": 5, "persists": 4}


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.toml")), ids=lambda path: path.stem)
def test_each_file_holds_together_and_scores_its_own_example(path):
    instrument, example = read(path), tomllib.loads(path.read_text("utf-8"))["example"]
    assert {str(factor): list(score) for factor, score in instrument.score(example["answers"]).items()} == example["scores"]
    assert instrument.source and {item.factor for item in instrument.items} == {1, 2, 3, 4}


def test_every_voice_has_one():
    assert {each.voice for each in all_of_them()} == set(VOICES)


def test_a_file_that_does_not_hold_together_is_refused(tmp_path):
    text = (FOLDER / "mentor-v1.toml").read_text("utf-8")
    for changed in (text.replace('voice = "mentor"', 'voice = "chef"'), text.replace("factor = 4", "factor = 7"), text.replace("version = 1", "version = 2")):
        wrong = tmp_path / "mentor-v1.toml"
        wrong.write_text(changed, "utf-8")
        with pytest.raises(ValueError, match="mentor-v1"):
            read(wrong)


@pytest.mark.parametrize("instrument", all_of_them(), ids=lambda each: f"{each.key}-v{each.version}")
def test_every_question_is_asked_in_english_too_and_the_answers_are_the_same_steps(instrument):
    english = instrument.said("en")
    assert instrument.said("da") is instrument and len(english.steps) == len(instrument.steps)
    for mine, theirs in zip((instrument.title, *instrument.steps, *(item.text for item in instrument.items)), (english.title, *english.steps, *(item.text for item in english.items)), strict=True):
        assert theirs and theirs != mine and not set("æøåÆØÅ") & set(theirs)
    assert [(item.key, item.factor) for item in english.items] == [(item.key, item.factor) for item in instrument.items]


@pytest.mark.parametrize(("days", "wave"), [(0, None), (76, None), (77, 1), (91, 1), (105, 1), (106, None), (167, None), (168, 2), (196, 2)])
def test_the_rhythm_is_the_courses_own(days, wave):
    started = date(2026, 1, 5)
    found = wave_on(newest("mentor"), started, started + timedelta(days=days))
    assert (found.number if found else None) == wave


@pytest.fixture
def ripe() -> tuple[Cast, Case, date]:
    """A running case, and the day its first round is due."""
    cast, case = build.cast_and_case()
    assert case.started_on
    return cast, case, case.started_on + timedelta(weeks=13)


def test_each_answers_in_their_own_voice_once_and_in_time(ripe):
    cast, case, day = ripe
    row = actions.answer(case, by=cast.carl, voice="mentor", answers=GIVEN, on=day)
    assert (row.wave, row.instrument, row.version, row.answered_by) == (1, "mentor", 1, cast.carl)
    event = Event.objects.get(verb="surveys.answer")
    assert event.data == {"wave": 1}, "the trail says that there was an answer, not what it was"
    for who, voice, on, answers in (
        (cast.carl, "mentor", day, GIVEN), (cast.bente, "mentor", day, GIVEN), (cast.dorthe, "caseworker", day, GIVEN), (cast.bente, "caseworker", day + timedelta(days=30), GIVEN),
        (cast.bente, "caseworker", day, {}), (cast.bente, "caseworker", day, {"goal": 6}), (cast.bente, "caseworker", day, {"height": 2}),
    ):  # fmt: skip
        with pytest.raises(Refusal):
            actions.answer(case, by=who, voice=voice, answers=answers, on=on)
    assert actions.answer(case, by=cast.bente, voice="caseworker", answers={"goal": 2}, on=day).voice == "caseworker"


def night(day: date) -> int:
    """As the nightly job does it; afterwards the test looks again from inside the municipality."""
    asked = actions.run(day)
    set_context(FJORDBY)
    return asked


def test_the_night_asks_the_citizen_once_a_round(ripe):
    _cast, case, day = ripe
    assert night(day - timedelta(days=20)) == 0
    assert (night(day), night(day + timedelta(days=1))) == (1, 0)
    row = Outbox.objects.get(kind="sms.survey")
    text = text_of(behind(row))
    assert "/din-hjaelp/901-" in text and case.citizen.first_name not in text and "mentor" not in text.lower()
    assert night(day + timedelta(weeks=13)) == 1


def test_one_whom_the_night_asked_meanwhile_is_passed_over(ripe, monkeypatch):
    cast, case, day = ripe
    waiting = queries.to_ask(FJORDBY, day)
    assert waiting == [case] and night(day) == 1
    monkeypatch.setattr(queries, "to_ask", lambda municipality, day: waiting)
    assert actions.ask_all(FJORDBY, day, by=cast.dorthe) == 0 and SurveyRequest.objects.count() == 1


def test_the_citizen_answers_by_the_code_once(ripe, client):
    import time_machine

    _cast, case, day = ripe
    with time_machine.travel(f"{day}T10:00:00+01:00", tick=False):
        night(day)
        asked = SurveyRequest.objects.get()
        path = reverse("surveys:citizen", args=[code_of(asked)])
        first = client.get(path)
        assert "Din hjælp fra din mentor" in Page(first).words and case.citizen.last_name not in first.content.decode()
        assert "mindst ét" in Page(client.post(path, {})).words
        assert "Tak for dit svar" in Page(client.post(path, {"goal": "5", "persists": "2"})).words
        answer = SurveyAnswer.objects.get()
        assert (answer.voice, answer.answers, answer.answered_by) == ("citizen", {"goal": 5, "persists": 2}, None)
        assert client.get(path).status_code == 404
        assert client.get(reverse("surveys:citizen", args=["901-AAAA-BBBB-CCCC"])).status_code == 404


def test_the_citizen_is_asked_in_the_language_of_the_page(ripe, client):
    import time_machine

    _cast, _case, day = ripe
    with time_machine.travel(f"{day}T10:00:00+01:00", tick=False):
        night(day)
        path = reverse("surveys:citizen", args=[code_of(SurveyRequest.objects.get())])
        client.cookies["snerydder_sprog"] = "en"
        page = client.get(path).content.decode()
    assert "Does your mentor keep going, also when things are hard?" in page and "To a very large degree" in page and "Bliver din mentor ved" not in page


def test_on_the_pages(ripe, client):
    import time_machine

    cast, case, day = ripe
    with time_machine.travel(f"{day}T10:00:00+01:00", tick=False):
        carl = visitor(client, cast.carl)
        page = Page(carl.get(reverse("surveys:overview")))
        assert reverse("surveys:answer", args=[case.pk]) in page.addresses() and "Hele kommunen" not in page.words
        said = Page(carl.post(reverse("surveys:answer", args=[case.pk]), {"goal": "4"}, follow=True))
        assert "Dit svar er gemt" in said.words and "Ingen spørgeskemaer er åbne" in said.words
        again = carl.get(reverse("surveys:answer", args=[case.pk]), follow=True)
        assert "ikke åbent for dig nu" in Page(again).words
        dorthe = visitor(client, cast.dorthe)
        assert "Spørg borgerne nu" in Page(dorthe.get(reverse("surveys:overview"))).words
        assert "1 borger er spurgt" in Page(dorthe.post(reverse("surveys:ask"), follow=True)).words


def several(number: int, answered: int) -> tuple[Cast, date]:
    """So many running cases of one unit, so many of whose mentors have answered."""
    cast = fjordby()
    cases = [build.active(cast, build.citizen(cast, 20 + place)) for place in range(number)]
    day = cases[0].started_on + timedelta(weeks=13)
    for place, case in enumerate(cases[:answered]):
        actions.answer(case, by=cast.carl, voice="mentor", answers={"goal": 5 if place % 2 else 2, "help": 4}, on=day)
    return cast, day


@pytest.mark.parametrize(("answered", "shown"), [(4, False), (5, True)])
def test_numbers_from_five_answers_up(answered, shown):
    cast, day = several(5, answered)
    found = {(factor, each.voice): each for factor, voices in queries.said(cast.dorthe, None, day).items() for each in voices}
    goal = found[1, "mentor"]
    assert goal.shown is shown and (goal.yes, goal.of) == ((2, 5) if shown else (0, 0))
    assert not found[4, "mentor"].shown and not found[1, "citizen"].shown, "nobody answered that"


def test_three_citizens_in_two_rounds_are_three_and_not_six():
    cast, day = several(5, 0)
    cases = list(Case.objects.select_related("mentor__staff").order_by("number"))
    later = day + timedelta(weeks=13)
    for case in cases[:3]:
        for on in (day, later):
            actions.answer(case, by=cast.carl, voice="mentor", answers={"goal": 5}, on=on)
    assert SurveyAnswer.objects.count() == 6 and not queries.said(cast.dorthe, None, later)[1][1].shown
    for case in cases[3:]:
        actions.answer(case, by=cast.carl, voice="mentor", answers={"goal": 1}, on=later)
    goal = queries.said(cast.dorthe, None, later)[1][1]
    assert (goal.shown, goal.yes, goal.of, goal.citizens) == (True, 6, 8, 5)


def test_a_unit_is_held_back_when_the_rest_would_show_by_subtraction():
    from snerydder.access import actions as access

    cast, day = several(7, 7)
    other = access.add_unit("En anden enhed", by=cast.henrik)
    assert queries.said(cast.dorthe, cast.unit.pk, day)[1][1].of == 7
    Case.objects.filter(pk__in=list(Case.objects.values_list("pk", flat=True)[:2])).update(unit=other)
    assert not queries.said(cast.dorthe, cast.unit.pk, day)[1][1].shown, "seven less five is two persons"
    assert queries.said(cast.dorthe, None, day)[1][1].of == 7

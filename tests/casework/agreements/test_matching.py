"""Suggestions: the order, and each reason as a sentence."""

import pytest

from snerydder.casework.agreements import matching
from snerydder.casework.people import actions as people
from tests import build
from tests.casework.agreements.conftest import mentor
from tests.pages.visit import counted

pytestmark = pytest.mark.django_db


def said(case, *tasks):
    return {each.mentor.name: each for each in matching.weigh_all(case, tasks)}


@pytest.fixture
def case(cast):
    return build.fresh(build.granted(cast).case)


def test_language_comes_before_room_before_tasks_before_area(cast, case):
    people.change_mentor(cast.mentor, by=cast.dorthe, languages=["dansk"], areas=[])
    a, b = mentor(cast, "A", languages=["dansk", "arabisk"]), mentor(cast, "B", hours_per_week=1)
    c, d = mentor(cast, "C", areas=["Havnen"]), mentor(cast, "D")
    people.add_qualification(d, by=cast.dorthe, title="Kursus", tasks=["wake"])
    for number in (30, 31):
        build.agreements.choose(build.granted(cast, build.citizen(cast, number)).case, by=cast.dorthe, mentor=b, reason="x")
    order = [each.mentor for each in matching.weigh_all(case, ["wake"])]
    assert order[0] == a and order[-1] == b and order.index(d) < order.index(c) and order.index(cast.mentor) < order.index(c)


def test_each_reason_is_a_sentence(cast, case):
    people.change_mentor(cast.mentor, by=cast.dorthe, has_car=True)
    mine = said(case, "wake", "court")["Carl Clausen"]
    assert mine.reasons == [
        "Taler arabisk.", "Dokumenterede kvalifikationer til: Vække om morgenen.", "0 sager på 37 timer om ugen.", "Dækker Havnen.", "Har bil.",
    ]  # fmt: skip
    assert mine.against == ["Ikke dokumenteret: Bisidder i retten."]


def test_what_the_mentor_has_helped_others_with_is_told(cast, case):
    for number in (40, 41):
        build.active(cast, build.citizen(cast, number))
    assert "Har hjulpet 2 andre borgere med: Breve og ansøgninger." in said(case, "letters")["Carl Clausen"].reasons
    assert not [words for words in said(case, "court")["Carl Clausen"].reasons if "hjulpet" in words]


def test_a_full_mentor_is_last_and_told_in_words(cast, case):
    part = mentor(cast, "Pil Part", hours_per_week=1.5, languages=["dansk", "arabisk"])
    build.agreements.choose(build.granted(cast, build.citizen(cast, 50)).case, by=cast.dorthe, mentor=part, reason="x")
    each = said(case)["Pil Part"]
    assert each.full and "1 sag på 1,5 timer om ugen, svarer til 25 på fuld tid. En fuldtidsmentor bør højst have 19." in each.against


def test_a_language_that_is_needed_and_missing_speaks_against(cast, ulla):
    person = build.citizen(cast, 60, languages=["somali"], interpreter=True)
    assert "Taler ikke somali." in said(build.fresh(build.granted(cast, person).case))["Ulla Uhd"].against


def test_closed_cases_take_no_room(cast, case):
    done = build.active(cast, build.citizen(cast, 70))
    assert said(case)["Carl Clausen"].open_cases == 1
    build.cases.follow_up(done, by=cast.bente, text="Det går godt med at komme op.", decision="stop")
    build.cases.close(build.fresh(done), by=cast.bente, goal_result="reached", result_text="Hun er begyndt på hf.", follows="education")
    assert said(case)["Carl Clausen"].open_cases == 0


def test_nobody_who_decides_in_the_case_is_weighed(cast, case):
    people.register_mentor(cast.bente, by=cast.henrik, kind="municipal", hours_per_week=10)
    assert "Bente Bak" not in said(case)


def test_the_number_of_questions_does_not_grow_with_the_mentors(cast, case):
    with counted() as few:
        matching.weigh_all(case)
    for number in range(6):
        mentor(cast, f"M{number}")
    with counted() as many:
        matching.weigh_all(case)
    assert len(few) == len(many) == 6

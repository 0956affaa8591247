"""A new mentor for one or many: first to look over, then all or none."""

import pytest

from snerydder.casework.agreements import actions
from tests import build
from tests.casework.agreements.conftest import mentor
from tests.cast import fjordby
from tests.pages.visit import Page

pytestmark = pytest.mark.django_db
PATH = "/sager/mentorskift/"


@pytest.fixture
def ulla(cast):
    return mentor(cast, "Ulla Uhd")


@pytest.fixture
def cases(cast):
    return [build.active(cast), build.active(cast, build.citizen(cast, 4))]


def test_the_cases_are_shown_before_anything_happens(dorthe, cases, ulla):
    page = Page(dorthe.post(PATH, {"sag": [str(case.pk) for case in cases]}))
    assert "2 sager skifter mentor" in page.words and all(case.number in page.words for case in cases) and "Carl Clausen" in page.words
    assert build.fresh(cases[0]).mentor != ulla


def test_all_change(dorthe, cases, ulla):
    sent = {"sag": [str(case.pk) for case in cases], "mentor": str(ulla.pk), "reason": "Barsel"}
    answer = dorthe.post(PATH, sent)
    assert answer["Location"] == "/sager/"
    assert "2 sager har fået Ulla Uhd som mentor. Skriv en ny aftale i hver." in Page(dorthe.get("/sager/")).words
    assert {build.fresh(case).mentor for case in cases} == {ulla}


def test_or_none(dorthe, cast, cases, ulla):
    actions.veto(cases[1], ulla, by=cast.dorthe)
    answer = dorthe.post(PATH, {"sag": [str(case.pk) for case in cases], "mentor": str(ulla.pk), "reason": "Barsel"})
    assert f"Sag {build.fresh(cases[1]).number} kan ikke skifte." in Page(answer).words and "Barsel" in answer.content.decode()
    assert {build.fresh(case).mentor for case in cases} == {cast.mentor}


def test_what_is_out_of_reach_is_left_out_and_said(dorthe, cast, cases, ulla):
    far = build.active(fjordby(902, "Bakkeby", "2"))
    page = Page(dorthe.post(PATH, {"sag": [str(cases[0].pk), str(far.pk), "vrøvl"]}))
    assert "1 sag skifter mentor" in page.words and "1 sag er taget ud" in page.words


def test_none_ticked_is_said_kindly(dorthe, cast):
    assert "Der er ikke valgt nogen sager." in Page(dorthe.post(PATH)).words


def test_the_caseworker_may_not(bente, cases):
    assert bente.post(PATH, {"sag": str(cases[0].pk)}).status_code == 403 and bente.get(PATH).status_code == 403

"""Where there are many courses the page stands on last night's count: the same numbers as now, and it says as of when."""

from datetime import timedelta

import pytest
from django.core.management import call_command

from snerydder.access.tenancy import set_context, within
from snerydder.casework.contacts.models import NightCount
from snerydder.desks.delivery import courses, night, page, weeks
from snerydder.desks.selection import law_today
from tests import build
from tests.pages.desks.conftest import TODAY
from tests.pages.desks.test_delivery import crowd, total
from tests.pages.visit import Page, visitor


def run(town, **more):
    """The night goes through every municipality and ends in none."""
    kept = night.run(TODAY, **more)
    set_context(town.cast.municipality)
    return kept


@pytest.fixture
def counted(town):
    crowd(town)
    run(town, many=1)
    return town


def test_last_night_s_count_is_the_live_one(counted):
    law, place = law_today(), counted.cast.municipality
    for months in night.SPANS:
        kept, live = night.counted(place, months, law), night.counted(place, months, law, now=True)
        assert kept.at and not live.at
        assert kept.parts == live.parts == courses.parts(night.ground(place, months, law))
    assert NightCount.objects.count() == len(night.SPANS)


def test_the_page_says_as_of_when_and_counts_anew_when_asked(client, counted):
    user = visitor(client, counted.cast.dorthe)
    before = Page(user.get("/som-aftalt/"))
    assert "Talt op af kontaktloggen i nat" in before.words and "Tæl op nu" in before.words
    build.contact(counted.cast, counted.cases["running"], on=TODAY - timedelta(days=30))
    build.active(counted.cast, build.citizen(counted.cast, 400), on=TODAY - timedelta(days=40))
    now = Page(user.get("/som-aftalt/?nu=1"))
    assert "Talt op af kontaktloggen nu" in now.words
    live = page.overview(counted.cast.dorthe, {"nu": "1"})["here"].part
    kept = page.overview(counted.cast.dorthe, {})["here"].part
    assert live.persons == kept.persons + 1
    assert any("nu=1" in href for _text, href in now.links if "/liste/" in href), "its lists are of now too"
    listed = user.get("/som-aftalt/liste/?punkt=5")
    assert "Tallet er fra i nat, listen er fra nu" in Page(listed).words and total(listed) == live.persons
    assert "i nat" not in Page(user.get("/som-aftalt/liste/?punkt=5&nu=1")).words


def test_an_old_count_is_not_used_and_a_small_town_keeps_none(client, counted):
    NightCount.objects.update(day=TODAY - timedelta(days=2))
    assert "Talt op af kontaktloggen nu" in Page(visitor(client, counted.cast.dorthe).get("/som-aftalt/")).words
    assert run(counted) == 0 and not NightCount.objects.exists(), "so few are counted when one looks"


def test_the_job_of_the_night_counts(town, capsys, monkeypatch):
    monkeypatch.setattr(night.run, "__kwdefaults__", {"many": 1})
    call_command("count_delivery")
    set_context(town.cast.municipality)
    assert "4 optællinger er gemt" in capsys.readouterr().out
    drawn = weeks.weeks(sum(night.counted(town.cast.municipality, 24, law_today()).parts.values(), courses.Part()))
    assert drawn == weeks.weeks(sum(night.counted(town.cast.municipality, 24, law_today(), now=True).parts.values(), courses.Part()))


def test_another_municipality_s_count_is_not_seen(counted, bakkeby):
    law = law_today()
    assert night.counted(counted.cast.municipality, 24, law).at
    with within(bakkeby.municipality):
        assert not NightCount.objects.filter(municipality=counted.cast.municipality).exists()

"""The frame: whose town, which places, what is out of the ordinary, and where one comes in."""

from datetime import timedelta

import pytest
from django.urls import reverse

from snerydder.access import actions as access
from snerydder.access.roles import ROLES
from snerydder.desks import frame
from snerydder.desks.verbs import VERBS
from tests.pages.desks.conftest import TODAY
from tests.pages.visit import Page, visitor

HOMES = {
    "carl": "/i-dag/", "bente": "/venter/", "dorthe": "/overblik/", "henrik": "/ledelse/", "gitte": "/oekonomi/", "erik": "/revision/", "freja": "/tal/",
}  # fmt: skip


@pytest.mark.parametrize(("who", "home"), HOMES.items())
def test_each_comes_in_at_the_desk_of_the_role(client, town, who, home):
    answer = visitor(client, getattr(town.cast, who)).get("/")
    assert answer.status_code == 302
    assert answer["Location"] == home


@pytest.mark.parametrize(("who", "home"), HOMES.items())
def test_a_desk_is_for_its_own_role(client, town, who, home):
    allowed = {"/oekonomi/": {"gitte", "henrik", "dorthe"}}.get(home, {who})
    for other in HOMES:
        code = visitor(client, getattr(town.cast, other)).get(home).status_code
        assert code == (200 if other in allowed else 403), (other, home)


@pytest.mark.parametrize(("who", "home"), HOMES.items())
def test_the_frame_says_who_and_where(client, town, who, home):
    staff = getattr(town.cast, who)
    page = Page(visitor(client, staff).get(home))
    assert "Fjordby Kommune" in page.words
    assert staff.name in page.words
    assert f"Du er {ROLES[staff.roles[0]].name}" in page.words
    assert "Alt her er opdigtet" in page.words
    assert home in page.addresses()


def test_the_place_one_stands_at_is_marked(client, town):
    text = visitor(client, town.cast.dorthe).get("/overblik/").content.decode()
    assert '<a href="/overblik/" aria-current="page">' in text
    assert text.count('aria-current="page"') == 1
    text = client.get(f"/sager/{town.cases['running'].pk}/").content.decode()
    assert '<a href="/sager/" aria-current="page">' in text


def test_only_those_who_may_search_have_the_box(client, town):
    for who in HOMES:
        text = visitor(client, getattr(town.cast, who)).get("/", follow=True).content.decode()
        assert ('role="search"' in text) == (who in ("bente", "dorthe", "henrik")), who


def test_several_roles_see_the_desks_of_all_and_at_most_five_places(client, town):
    access.change_staff(town.cast.dorthe, by=town.cast.henrik, roles=["coordinator", "payer", "caseworker"])
    answer = visitor(client, town.cast.dorthe).get("/", follow=True)
    page = Page(answer)
    assert answer.redirect_chain[0][0] == "/overblik/"
    assert "Du er koordinator, økonomimedarbejder og sagsbehandler" in page.words
    assert {"/overblik/", "/oekonomi/", "/venter/", "/sager/"} <= set(page.addresses())
    town.cast.dorthe.roles = list(ROLES)
    assert len(frame.ways_of(town.cast.dorthe)) == 5


def test_a_stand_in_is_reminded(client, town):
    cast = town.cast
    other = access.appoint("Søren Sand", ["mentor"], by=cast.henrik, unit=cast.unit, username="soeren", password="sne-og-salt-2026")
    access.let_stand_in(cast.carl, other, by=cast.dorthe, start=TODAY, end=TODAY + timedelta(days=4))
    words = Page(visitor(client, other).get("/i-dag/")).words
    assert "Du er stedfortræder for Carl Clausen til og med fredag den 20. november" in words
    assert "Stine N." in words
    assert "Du er stedfortræder" not in Page(visitor(client, cast.carl).get("/i-dag/")).words


def test_every_place_and_every_verb_has_an_address():
    for way in [*frame.DESKS.values(), *(way for ways in frame.SHARED.values() for way in ways)]:
        assert reverse(way.name)
    for verb in VERBS:
        assert reverse(verb.page, args=[] if verb.many or verb.query else ["00000000-0000-4000-8000-000000000000"])


def test_a_place_in_the_bar_is_one_the_role_may_open():
    for key, ways in frame.SHARED.items():
        for way in (frame.DESKS[key], *ways):
            assert way.needs in ROLES[key].permissions, (key, way.name)

"""What awaits the caseworker: each with its date and one button."""

from datetime import timedelta

from snerydder.access import actions as access
from snerydder.casework.cases import actions as cases
from tests.pages.desks.conftest import TODAY
from tests.pages.visit import Page, counted, visitor


def test_each_kind_of_waiting_has_its_date_and_its_button(client, town):
    page = Page(visitor(client, town.cast.bente).get("/venter/"))
    assert page.headings == [
        "Venter på dig", "Henvisninger at vurdere 1", "Bevillinger at afgøre 1", "Aftaler, der mangler kommunens ja 1", "Opfølgninger 4",
        "Bevillinger, der udløber 1",
    ]  # fmt: skip
    assert "Rita Nielsen Sag 2026-00001 senest fredag den 27. november Vurdér" in page.words
    assert "Vera Nielsen Sag 2026-00002 senest tirsdag den 10. november Over frist Træf afgørelse" in page.words
    assert "Amina Yusuf Sag 2026-00011 udløber 9. december 2026 Tag stilling" in page.words
    assert f"/sager/{town.cases['referred'].pk}/vurdering/" in page.addresses()
    assert f"/sager/{town.cases['assessed'].pk}/bevilling/" in page.addresses()
    assert f"/sager/{town.cases['silent'].pk}/opfoelgning/" in page.addresses()


def test_what_is_done_no_longer_waits(client, town):
    case = town.fresh("silent")
    cases.follow_up(case, by=town.cast.bente, on=TODAY, text="Set.", decision="go_on", next_on=TODAY + timedelta(days=50))
    assert "Opfølgninger 3" in Page(visitor(client, town.cast.bente).get("/venter/")).headings


def test_another_in_the_unit_sees_the_units_and_not_as_own(client, town):
    cast = town.cast
    other = access.appoint("Sara Sø", ["caseworker"], by=cast.henrik, unit=cast.unit, username="sara", password="sne-og-salt-2026")
    own = Page(visitor(client, other).get("/venter/"))
    assert "Der er ikke noget, der venter på dig." in own.words
    units = Page(client.get("/venter/?hvem=enhed"))
    assert "Rita Nielsen Sag 2026-00001 · Bente Bak" in units.words


def test_another_unit_sees_nothing(client, town):
    cast = town.cast
    elsewhere = access.add_unit("Jobteamet", by=cast.henrik)
    other = access.appoint("Jens Jul", ["caseworker"], by=cast.henrik, unit=elsewhere, username="jens", password="sne-og-salt-2026")
    assert "Nielsen" not in Page(visitor(client, other).get("/venter/?hvem=enhed")).words
    assert client.get(f"/sager/{town.cases['referred'].pk}/").status_code == 404
    access.let_stand_in(cast.bente, other, by=cast.henrik, start=TODAY, end=TODAY)
    assert "Rita Nielsen" in Page(client.get("/venter/")).words
    assert client.get(f"/sager/{town.cases['referred'].pk}/").status_code == 200


def test_few_questions(client, town):
    bente = visitor(client, town.cast.bente)
    with counted() as queries:
        bente.get("/venter/")
    assert len(queries) <= 16, len(queries)

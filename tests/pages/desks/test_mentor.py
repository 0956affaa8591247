"""The mentor's day and the mentor's view of a citizen."""

from datetime import timedelta
from uuid import uuid4

from snerydder.access import actions as access
from snerydder.audit.models import Lookup
from snerydder.casework.cases import actions as cases
from snerydder.casework.contacts import actions as contacts
from snerydder.casework.people import actions as people
from tests import build
from tests.pages.desks.conftest import TODAY
from tests.pages.visit import Page, counted, visitor


def test_the_silent_stand_first_and_the_longest_silent_on_top(client, town):
    page = Page(visitor(client, town.cast.carl).get("/i-dag/"))
    assert page.headings[:4] == ["I dag", "Hvem er stille?", "Nikolaj N.", "Stine N."]
    assert "Ingen kontakt i 27 dage" in page.words
    assert "Ingen kontakt endnu, begyndte for 45 dage siden" in page.words
    assert page.words.index("Hvem er stille?") < page.words.index("Dine borgere") < page.words.index("Rune N.")


def test_every_own_citizen_is_there_with_last_contact_and_hours_left(client, town):
    words = Page(visitor(client, town.cast.carl).get("/i-dag/")).words
    for name in ("Rune N.", "Stine N.", "Nikolaj N.", "Amina Y.", "Mads N.", "Åse N.", "Ida N."):
        assert name in words
    assert "Kontakt for 3 dage siden 9 af 49,7 timer brugt, 16 uger tilbage" in words
    assert "Bo N." not in words and "Vera" not in words


def test_a_protected_name_is_not_on_the_phone(client, town):
    words = Page(visitor(client, town.cast.carl).get("/i-dag/")).words
    assert "Hemmelig" not in words
    assert "Navn beskyttet" in words


def test_registering_and_ringing_are_one_tap_away(client, town):
    page = Page(visitor(client, town.cast.carl).get("/i-dag/"))
    assert page.to("Skriv kontakt") == "/kontakt/ny/"
    assert f"/kontakt/ny/?sag={town.cases['silent'].pk}" in page.addresses()
    assert "tel:00000008" in page.addresses()


def test_an_agreement_and_a_draft_wait(client, town):
    contacts.save_draft(uuid4(), {"note": "Vi talte om"}, by=town.cast.carl)
    page = Page(visitor(client, town.cast.carl).get("/i-dag/"))
    assert "Aftalen med Åse N." in page.words
    assert f"/sager/{town.cases['written'].pk}/aftale/" in page.addresses()
    assert "En kontakt, du ikke er færdig med" in page.words


def test_another_mentor_sees_none_of_them(client, town):
    cast = town.cast
    other = access.appoint("Mona Mørk", ["mentor"], by=cast.henrik, unit=cast.unit, username="mona", password="sne-og-salt-2026")
    people.register_mentor(other, by=cast.dorthe, kind="municipal", hours_per_week=20)
    page = Page(visitor(client, other).get("/i-dag/"))
    assert "Rune" not in page.words
    assert "Her kommer de borgere, du er mentor for" in page.words
    for path in ("", "mentor/"):
        answer = client.get(f"/sager/{town.cases['running'].pk}/{path}", follow=True)
        assert answer.status_code == 404


def test_the_questions_do_not_grow_with_the_citizens(client, town):
    carl = visitor(client, town.cast.carl)
    with counted() as queries:
        assert carl.get("/i-dag/").status_code == 200
    assert len(queries) <= 12, len(queries)


def test_one_look_up_for_all_the_citizens_shown(client, town):
    before = Lookup.objects.count()
    visitor(client, town.cast.carl).get("/i-dag/")
    row = Lookup.objects.order_by("-id").first()
    assert Lookup.objects.count() == before + 1
    assert len(row.citizen_ids) == 8
    assert row.staff_id == town.cast.carl.pk


def test_the_citizen_page_begins_with_the_goal_in_own_words(client, town):
    case = town.fresh("running")
    cases.set_goal(case, by=town.cast.bente, text="Begynde på HF", own_words="Jeg vil være sygeplejerske.", on=TODAY)
    cases.follow_up(
        case, by=town.cast.bente, on=TODAY, text="Det går fremad.", decision="change", change="Øv turen til skolen med bus.",
        next_on=TODAY + timedelta(days=40),
    )  # fmt: skip
    page = Page(visitor(client, town.cast.carl).get(f"/sager/{case.pk}/mentor/"))
    assert page.headings[:2] == ["Rune N.", "Målet"]
    assert "»Jeg vil være sygeplejerske.« Begynde på HF" in page.words
    assert "Øv turen til skolen med bus." in page.words
    assert "Vække og komme op" in page.words or "To morgener om ugen" in page.words
    assert "Du må ikke køre borgeren i din egen bil." in page.words


def test_the_citizen_page_shows_five_contacts_that_can_be_corrected(client, town):
    case = town.cases["expiring"]
    page = Page(visitor(client, town.cast.carl).get(f"/sager/{case.pk}/mentor/"))
    edits = [href for words, href in page.links if words.startswith("Ret kontakten")]
    assert len(edits) == 5
    cases.follow_up(build.fresh(case), by=town.cast.bente, on=TODAY, text="Set.", decision="go_on", contacts_approved=True)
    page = Page(client.get(f"/sager/{case.pk}/mentor/"))
    assert not [href for words, href in page.links if words.startswith("Ret kontakten")]


def test_the_mentor_sees_no_decisions_and_no_checks(client, town):
    words = Page(visitor(client, town.cast.carl).get(f"/sager/{town.cases['running'].pk}/mentor/")).words
    for said in ("CPR-nummer", "Konkret vurdering", "CHK-", "Historik", "Målgruppe"):
        assert said not in words


def test_the_case_page_leads_a_mentor_to_the_own_view(client, town):
    case = town.cases["running"]
    answer = visitor(client, town.cast.carl).get(f"/sager/{case.pk}/")
    assert answer.status_code == 302
    assert answer["Location"] == f"/sager/{case.pk}/mentor/"

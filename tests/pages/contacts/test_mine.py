"""Own contacts: seen, corrected, deleted, until a follow-up has gone through them."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client

from snerydder.casework.cases import actions as cases
from snerydder.casework.contacts import actions
from snerydder.casework.contacts.models import Contact
from tests import build
from tests.cast import fjordby
from tests.pages.contacts.conftest import NOW, TODAY
from tests.pages.visit import Page, counted, visitor

pytestmark = pytest.mark.django_db
MINE = "/kontakter/"
RIGHT = {"form": "met", "minutes": "45", "help": ["walk"], "note": "Som før", "day": "2026-08-21", "time": "10.00", "reason": "Tastefejl", "seen": "0"}


@pytest.fixture
def row(cast, case):
    return build.contact(cast, case, TODAY - timedelta(days=3), note="Som før")


def test_the_last_four_weeks_the_newest_first(carl, cast, case, row):
    build.contact(cast, case, TODAY - timedelta(days=6), form="tried")
    with counted() as asked:
        page = Page(carl.get(MINE))
    assert page.words.index("Mødtes med Amina Y., 1 t") < page.words.index("Forsøgte forgæves at få fat i Amina Y.") and "Som før" in page.words
    assert f"/kontakter/{row.pk}/ret/" in page.addresses() and f"/kontakter/{row.pk}/slet/" in page.addresses()
    assert len(asked) <= 12, len(asked)


def test_it_does_not_ask_more_for_more_contacts(carl, cast, case, row):
    with counted() as few:
        carl.get(MINE)
    for day in range(8):
        build.contact(cast, case, TODAY - timedelta(days=day))
    with counted() as many:
        carl.get(MINE)
    assert len(few) == len(many)


def test_it_is_corrected_with_reason_and_history(carl, row):
    page = Page(carl.get(f"/kontakter/{row.pk}/ret/"))
    assert "Mødtes med Amina Y., 1 t" in page.words
    page = Page(carl.post(f"/kontakter/{row.pk}/ret/", RIGHT, follow=True))
    assert "Kontakten er rettet." in page.words and "Rettet 1 gang" in page.words
    assert (Contact.objects.get().minutes, Contact.objects.get().at) == (45, row.at)
    page = Page(carl.get(f"/kontakter/{row.pk}/ret/"))
    assert "Tastefejl; Før: minutter: 60, hjælp: Samtale" in page.words and "Carl Clausen" in page.words


def test_a_time_left_empty_stays_as_it_was(carl, row):
    carl.post(f"/kontakter/{row.pk}/ret/", RIGHT | {"day": "", "time": ""})
    assert Contact.objects.get().at == row.at


def test_it_needs_a_reason_and_keeps_the_text(carl, row):
    answer = carl.post(f"/kontakter/{row.pk}/ret/", RIGHT | {"reason": "", "note": "Ny note 🐴"})
    assert "Udfyld: Hvorfor retter du?" in Page(answer).words and "Ny note 🐴" in answer.content.decode() and Contact.objects.get().note == "Som før"


def test_the_second_of_two_tabs_is_told(carl, cast, row):
    carl.post(f"/kontakter/{row.pk}/ret/", RIGHT)
    page = Page(carl.post(f"/kontakter/{row.pk}/ret/", RIGHT | {"minutes": "15"}))
    assert "En anden har rettet kontakten" in page.words and Contact.objects.get().minutes == 45


def test_a_correction_for_several_says_so_and_shares_anew(carl, cast, case):
    other = build.active(cast, build.citizen(cast, 4))
    rows = actions.log(uuid4(), [case, other], by=cast.carl, at=NOW, form="met", minutes=60)
    page = Page(carl.get(f"/kontakter/{rows[0].pk}/ret/"))
    assert "gælder dem alle, og tiden deles på ny" in page.words
    carl.post(f"/kontakter/{rows[0].pk}/ret/", RIGHT | {"day": "", "time": "", "minutes": "90"})
    assert sorted(row.counted_minutes for row in Contact.objects.all()) == [45, 45]


def test_it_is_deleted_with_a_way_back(carl, case, row):
    assert "tæller ikke længere med" in Page(carl.get(f"/kontakter/{row.pk}/slet/")).words
    page = Page(carl.post(f"/kontakter/{row.pk}/slet/", {"reason": "Forkert borger"}, follow=True))
    assert "Kontakten er slettet." in page.words and "Mødtes med Amina" not in page.words
    assert ("post", f"/indtastninger/{row.entry}/gendan/") in page.forms and build.fresh(case).minutes_used == 0
    assert "Gendan kontakten" in Page(carl.get(f"/kontakter/{row.pk}/ret/")).words


def test_a_locked_one_says_why_and_offers_no_change(carl, cast, case, row):
    cases.follow_up(case, by=cast.bente, text="Det går godt med at komme op.", decision="go_on", contacts_approved=True, on=TODAY - timedelta(days=1))
    page = Page(carl.get(MINE))
    assert "Gennemgået 23. august 2026" in page.words and f"/kontakter/{row.pk}/ret/" not in page.addresses()
    for verb in ("ret", "slet"):
        page = Page(carl.get(f"/kontakter/{row.pk}/{verb}/"))
        assert "gennemgået ved opfølgningen 23. august 2026 og kan ikke ændres" in page.words and len(page.forms) <= 2
    assert "kan ikke ændres" in Page(carl.post(f"/kontakter/{row.pk}/ret/", RIGHT)).words
    assert "kan ikke ændres" in Page(carl.post(f"/indtastninger/{row.entry}/fortryd/", follow=True)).words
    assert Contact.objects.get().minutes == 60 and not Contact.objects.get().withdrawn


def test_undo_twice_is_said_kindly(carl, row):
    for _time in range(2):
        answer = carl.post(f"/indtastninger/{row.entry}/fortryd/", follow=True)
    assert "Der er ikke noget at fortryde." in Page(answer).words


def test_others_find_nothing(cast, row):
    stranger = visitor(Client(), fjordby(902, "Bakkeby", "2").carl)
    for verb in ("ret", "slet"):
        assert stranger.get(f"/kontakter/{row.pk}/{verb}/").status_code == 404
    assert "ikke noget at fortryde" in Page(stranger.post(f"/indtastninger/{row.entry}/fortryd/", follow=True)).words
    assert "Amina" not in Page(stranger.get(f"{MINE}?gemt={row.entry}")).words
    stranger.get(MINE)


def test_nonsense_in_the_address_is_no_error(carl, case):
    for path in (f"{MINE}?gemt=vr%C3%B8vl", "/kontakt/ny/?sag=x&kladde=y", "/kontakt/ny/?sag=00000000-0000-0000-0000-000000000000"):
        assert carl.get(path).status_code == 200

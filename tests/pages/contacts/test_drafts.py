"""What is typed and not saved stands on the server, over a log-out, and is offered again."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client

from snerydder.casework.contacts.models import Contact, ContactDraft
from tests.pages.contacts.test_new import NEW, posted
from tests.pages.visit import Page, visitor

pytestmark = pytest.mark.django_db


def save(client, entry, **content):
    return client.post(f"/kontakt/kladde/{entry}/", content, headers={"X-Autosave": "1"})


def test_it_is_offered_on_the_next_visit_also_after_a_log_out(carl, cast, case):
    entry = uuid4()
    assert save(carl, entry, cases=[str(case.pk)], note="Halvt skrevet æøå", help=["walk", "letters"], form="met", minutes="30").status_code == 204
    again = visitor(Client(), cast.carl)
    page = Page(again.get(NEW))
    assert "Du har en kladde om Amina Y. fra kl. 10.12." in page.words
    html = again.get(page.to("Skriv videre") and f"{NEW}?kladde={entry}").content.decode()
    assert "Halvt skrevet æøå" in html and f'name="entry" value="{entry}"' in html and html.count(" checked") == 5
    assert "data-fresh-entry" not in html and "Du har en kladde" not in html


def test_saved_it_is_offered_no_more(carl, case):
    sent = posted(case)
    save(carl, sent["entry"], note="x")
    carl.post(NEW, sent)
    assert not ContactDraft.objects.exists() and "kladde" not in Page(carl.get(NEW)).words
    assert save(carl, sent["entry"], note="for sent").status_code == 204 and not ContactDraft.objects.exists()


def test_the_next_day_it_speaks_of_the_day_it_was_written(carl, case, clock):
    entry = uuid4()
    save(carl, entry, cases=[str(case.pk)], form="met", minutes="30")
    clock.shift(timedelta(hours=24))  # the session is over long ago
    carl = visitor(Client(), case.mentor.staff)
    assert "mandag den 24. august kl. 10.12" in Page(carl.get(NEW)).words
    html = carl.get(f"{NEW}?kladde={entry}").content.decode()
    assert 'value="24"' in html and 'value="10:12"' in html


def test_it_is_dropped(carl, case):
    entry = uuid4()
    save(carl, entry, note="x")
    page = Page(carl.post(f"/kontakt/kladde/{entry}/kasser/", follow=True))
    assert "Kladden er kasseret." in page.words and not ContactDraft.objects.exists()


def test_nobody_else_is_offered_it(carl, dorthe, case):
    entry = uuid4()
    save(carl, entry, note="hemmeligt")
    assert "hemmeligt" not in dorthe.get(f"{NEW}?kladde={entry}&sag={case.pk}").content.decode()


def test_an_empty_one_is_none_and_an_endless_one_is_refused(carl):
    assert save(carl, uuid4(), note="").status_code == 204 and not ContactDraft.objects.exists()
    assert save(carl, uuid4(), note="x" * 50_000).status_code == 413 and not ContactDraft.objects.exists()


def test_reading_changes_nothing(carl, case):
    assert carl.get(f"/kontakt/kladde/{uuid4()}/").status_code == 405
    carl.get(f"{NEW}?sag={case.pk}")
    assert not Contact.objects.exists() and not ContactDraft.objects.exists()

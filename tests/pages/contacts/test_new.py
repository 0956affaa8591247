"""Writing a contact: what the page offers, what it stores, and that nothing typed is lost."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.test import Client

from snerydder.audit.models import Lookup
from snerydder.casework.cases import actions as cases
from snerydder.casework.contacts import actions
from snerydder.casework.contacts.models import Contact
from tests import build
from tests.cast import fjordby
from tests.pages.contacts.conftest import TODAY
from tests.pages.visit import Page, counted, visitor

pytestmark = pytest.mark.django_db
NEW = "/kontakt/ny/"


def posted(*who, **more):
    return {"entry": str(uuid4()), "cases": [str(case.pk) for case in who], "form": "met", "minutes": "45", "help": ["conversation"]} | more


def test_it_offers_own_citizens_the_last_used_first(carl, cast, case):
    other = build.active(cast, build.citizen(cast, 4, first_name="Bo", last_name="Krogh"))
    build.contact(cast, other, TODAY - timedelta(days=1))
    with counted() as asked:
        answer = carl.get(NEW)
    page = Page(answer)
    assert page.words.index("Bo K.") < page.words.index("Amina Y.") and "Yusuf" not in page.words
    assert len(asked) <= 12, [query["sql"][:90] for query in asked]
    assert Lookup.objects.get(page="contacts.new").citizen_ids and "checked" not in answer.content.decode()


def test_from_a_case_row_the_citizen_is_chosen_already(carl, cast, case):
    build.active(cast, build.citizen(cast, 4))
    html = carl.get(f"{NEW}?sag={case.pk}").content.decode()
    box = next(line for line in html.splitlines() if str(case.pk) in line and 'name="cases"' in line)
    assert "checked" in box and html.count(" checked") == 1


def test_the_only_citizen_is_chosen_already(carl, case):
    assert carl.get(NEW).content.decode().count(" checked") == 1


def test_the_usual_help_stands_first(carl, cast, case):
    build.contact(cast, case, TODAY, help=["court"])
    page = Page(carl.get(NEW))
    assert page.words.index("Bisidder i retten") < page.words.index("Samtale")


def test_it_is_saved_with_one_line_and_a_way_back(carl, case):
    answer = carl.post(NEW, posted(case))
    row = Contact.objects.get()
    assert answer["Location"] == f"/kontakter/?gemt={row.entry}"
    page = Page(carl.get(answer["Location"]))
    assert "Gemt: Mødtes med Amina Y., 45 min. Din uge: 1 kontakt, 45 min." in page.words
    assert ("post", f"/indtastninger/{row.entry}/fortryd/") in page.forms
    page = Page(carl.post(f"/indtastninger/{row.entry}/fortryd/", follow=True))
    assert "Kontakten er slettet." in page.words and ("post", f"/indtastninger/{row.entry}/gendan/") in page.forms
    page = Page(carl.post(f"/indtastninger/{row.entry}/gendan/", follow=True))
    assert "Kontakten er gendannet." in page.words and build.fresh(case).minutes_used == 45


def test_saving_asks_the_database_little(carl, case):
    sent = posted(case)
    with counted() as asked:
        carl.post(NEW, sent)
    said = [query["sql"][:60] for query in asked]
    assert len(asked) <= 8, said  # session, account, door, stand-ins, cases, contact


def test_other_minutes_another_day_and_a_note(carl, case):
    note = "Talte om angst æøå 🐴 O'Neill <script>alert(1)</script>"
    sent = posted(case, minutes="other", other_minutes="37", day="2026-08-20", time="14.30", note=note)
    carl.post(NEW, sent)
    row = Contact.objects.get()
    assert (row.minutes, row.day, row.note) == (37, date(2026, 8, 20), note) and row.at.isoformat() == "2026-08-20T12:30:00+00:00"
    answer = carl.get("/kontakter/")
    assert note in Page(answer).words and "<script>alert(1)" not in answer.content.decode()


def test_another_day_without_a_time_is_that_day(carl, case):
    carl.post(NEW, posted(case, day="2026-08-20"))
    assert Contact.objects.get().day == date(2026, 8, 20)


def test_an_attempt_needs_no_minutes(carl, case):
    carl.post(NEW, posted(case, form="tried", minutes=""))
    assert Contact.objects.get().minutes == 0


def test_when_the_tries_agreed_on_are_made_the_caseworker_is_to_know(carl, case):
    for number in range(3):
        answer = carl.post(NEW, posted(case, form="tried"))
        assert ("giver du nu sagsbehandleren besked" in Page(carl.get(answer["Location"])).words) == (number == 2)


def test_quietly_who_is_silent_comes_next(carl, cast, case):
    build.active(cast, build.citizen(cast, 4, first_name="Bo", last_name="Krogh"))
    page = Page(carl.get(carl.post(NEW, posted(case))["Location"]))
    assert "Bo K.: ingen kontakt i 14 dage" in page.words


def test_several_at_once_share_the_time(carl, cast, case):
    other = build.active(cast, build.citizen(cast, 4, first_name="Bo", last_name="Krogh"))
    page = Page(carl.get(carl.post(NEW, posted(case, other, minutes="60"))["Location"]))
    assert "Mødtes med Amina Y. og Bo K., 1 t. Din uge: 1 kontakt, 1 t." in page.words
    assert {row.counted_minutes for row in Contact.objects.all()} == {30}


def test_a_goal_belongs_to_its_citizen(carl, cast, case):
    goal = cases.set_goal(case, by=cast.bente, text="Komme op om morgenen")
    stranger = cases.set_goal(build.active(cast, build.citizen(cast, 4)), by=cast.bente, text="Noget andet")
    assert "Komme op om morgenen" in Page(carl.get(f"{NEW}?sag={case.pk}")).words
    carl.post(NEW, posted(case, goal=str(goal.pk)))
    carl.post(NEW, posted(case, goal=str(stranger.pk)))
    assert list(Contact.objects.order_by("written_at", "goal").values_list("goal", flat=True)).count(goal.pk) == 1
    assert not Contact.objects.filter(goal=stranger).exists()


def test_sent_twice_it_is_one(carl, case):
    sent = posted(case)
    first, again = carl.post(NEW, sent), carl.post(NEW, sent)
    assert first["Location"] == again["Location"] and Contact.objects.count() == 1


def test_sent_again_with_other_words_it_is_corrected_and_said(carl, case):
    sent = posted(case)
    carl.post(NEW, sent)
    page = Page(carl.post(NEW, sent | {"minutes": "15"}, follow=True))
    assert "Kontakten var gemt i forvejen. Den er rettet" in page.words and Contact.objects.get().minutes == 15


def test_after_undo_the_back_button_asks_before_it_writes_again(carl, cast, case):
    sent = posted(case, note="Vigtigt")
    carl.post(NEW, sent)
    actions.withdraw(list(Contact.objects.all()), by=cast.carl)
    answer = carl.post(NEW, sent)
    assert "blev gemt og siden slettet" in Page(answer).words and "Vigtigt" in answer.content.decode()
    fresh = answer.content.decode().split('name="entry" value="')[1][:36]
    assert fresh != sent["entry"]
    assert carl.post(NEW, sent | {"entry": fresh}).status_code == 302 and Contact.objects.filter(withdrawn=False).count() == 1


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"cases": []}, "Vælg hvem du havde kontakt med."),
        ({"cases": ["vrøvl"]}, "Vælg hvem du havde kontakt med."),
        ({"form": ""}, "Vælg hvordan I havde kontakt."),
        ({"form": "x"}, "Vælg"),
        ({"minutes": ""}, "Vælg hvor længe."),
        ({"minutes": "-1"}, "helt tal"),
        ({"minutes": "0"}, "mellem 1 og 1.440"),
        ({"minutes": "2000"}, "mellem 1 og 1.440"),
        ({"minutes": "other", "other_minutes": "to timer"}, "Skriv et helt tal."),
        ({"minutes": "other"}, "Vælg hvor længe."),
        ({"day": "2026-08-25"}, "Tidspunktet ligger i fremtiden."),
        ({"day": "2026-02-30"}, "findes ikke"),
        ({"day": "1999-01-01"}, "først henvist"),
        ({"time": "25:99"}, "Skriv klokkeslættet som 14:30."),
        ({"note": "x" * 10_001}, "10001"),
        ({"entry": "ikke et id"}, "Siden var for gammel. Tryk Gem igen."),
        ({"help": ["flying"]}, "flying"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(carl, case, wrong, words):
    sent = posted(case, note="Skal ikke gå tabt: æøå 🐴") | wrong
    answer = carl.post(NEW, sent)
    assert answer.status_code == 200 and words.replace(".", "") in Page(answer).words.replace(".", "")
    assert "Skal ikke gå tabt: æøå 🐴" in answer.content.decode() or "note" in wrong
    assert not Contact.objects.exists()


def test_a_note_of_ten_megabytes_is_refused_kindly_and_is_still_there(carl, case):
    answer = carl.post(NEW, posted(case, note="ø" * 5_000_000))
    assert answer.status_code == 200 and "ø" * 1000 in answer.content.decode() and not Contact.objects.exists()


def test_a_case_of_somebody_else_is_refused_without_telling_whether_it_is_there(carl, cast, case):
    strangers = build.active(fjordby(902, "Bakkeby", "2"))
    for who in (strangers.pk, uuid4()):
        page = Page(carl.post(NEW, posted(case) | {"cases": [str(case.pk), str(who)]}))
        assert "Du kan ikke skrive kontakt på en af de valgte sager." in page.words and strangers.number not in page.words.replace(case.number, "")
    assert Page(carl.get(f"{NEW}?sag={strangers.pk}")).words.count("Amina Y.") == 1


def test_an_ended_case_takes_the_last_days_contacts_and_no_later(carl, cast, case):
    cases.follow_up(case, by=cast.bente, text="Det går godt med at komme op.", decision="stop", on=TODAY - timedelta(days=2))
    cases.close(build.fresh(case), by=cast.bente, goal_result="reached", result_text="Hun er i gang på hf.", follows="education", on=TODAY - timedelta(days=1))
    assert "blev afsluttet" in Page(carl.post(NEW, posted(case))).words
    assert carl.post(NEW, posted(case, day=str(TODAY - timedelta(days=1)))).status_code == 302


def test_without_citizens_it_says_what_will_be_here(dorthe):
    assert "Her står dine borgere, når støtten er i gang." in Page(dorthe.get(NEW)).words


def test_the_coordinator_writes_from_a_case(dorthe, case):
    assert "Amina Y." in Page(dorthe.get(f"{NEW}?sag={case.pk}")).words
    page = Page(dorthe.get(dorthe.post(NEW, posted(case))["Location"]))
    assert "Carl Clausen i denne uge: 1 kontakt, 45 min." in page.words


def test_a_caseworker_does_not_write_contacts(cast, case):
    assert visitor(Client(), cast.bente).get(NEW).status_code == 403


def test_a_program_is_told_ids_and_receipt(carl, cast, case):
    sent = posted(case)
    first, again = (carl.post(NEW, sent, headers={"Accept": "application/json"}) for _time in range(2))
    assert first.status_code == again.status_code == 200
    assert first.json()["ids"] == [str(Contact.objects.get().pk)] and (first.json()["how"], again.json()["how"]) == ("new", "same")
    assert first.json()["receipt"] == again.json()["receipt"] and len(first.json()["receipt"]) == 64
    actions.correct(Contact.objects.get(), by=cast.carl, reason="x", minutes=10)
    assert carl.post(NEW, sent | {"minutes": "10"}, headers={"Accept": "application/json"}).json()["receipt"] != first.json()["receipt"]


def test_a_program_is_told_what_is_wrong(carl, case):
    answer = carl.post(NEW, posted(case, minutes="0"), headers={"Accept": "application/json"})
    assert answer.status_code == 422 and answer.json()["problems"][0]["field"] == "minutes" and "1.440" in answer.json()["problems"][0]["text"]

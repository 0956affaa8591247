"""Finding a mentor: what is asked, who is suggested and why, and the choice of a person."""

import pytest

from snerydder.audit.models import Lookup
from snerydder.casework.agreements import actions
from snerydder.casework.agreements.models import Match, Veto
from snerydder.casework.people import actions as people
from tests import build
from tests.casework.agreements.conftest import mentor
from tests.cast import fjordby
from tests.pages.visit import Page, counted, visitor

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(cast):
    return build.fresh(build.granted(cast).case)


@pytest.fixture
def ulla(cast):
    return mentor(cast, "Ulla Uhd")


def post(client, case, whom, **more):
    return client.post(f"/sager/{case.pk}/match/", {"mentor": str(whom.pk), "reason": "Taler arabisk.", "version": case.version} | more)


def test_it_shows_the_need_and_the_mentors_with_reasons(dorthe, cast, case, ulla):
    with counted() as asked:
        answer = dorthe.get(f"/sager/{case.pk}/match/")
    page = Page(answer)
    for words in ("Amina Yusuf", "Kommer ikke op om morgenen", "Jeg vil gerne i skole.", "arabisk", "Havnen", "Taler arabisk.", "Vælg Ulla Uhd", "Ikke dokumenteret"):
        assert words in page.words, words
    assert page.words.index("Vælg Carl Clausen") < page.words.index("Vælg Ulla Uhd")
    assert len(asked) <= 20
    assert Lookup.objects.filter(page="agreements.match", citizen_ids=[cast.amina.pk]).exists()


def test_the_suggestions_follow_the_tasks_that_are_ticked(dorthe, cast, case, ulla):
    people.change_mentor(cast.mentor, by=cast.dorthe, languages=["dansk"], areas=[])
    people.add_qualification(ulla, by=cast.dorthe, title="Jurist", tasks=["court"])
    page = Page(dorthe.get(f"/sager/{case.pk}/match/?opgave=court"))
    assert page.words.index("Vælg Ulla Uhd") < page.words.index("Vælg Carl Clausen") and "Dokumenterede kvalifikationer til: Bisidder i retten." in page.words
    assert Page(dorthe.get(f"/sager/{case.pk}/match/?opgave=vr%C3%B8vl")).words


def test_a_person_chooses_and_may_undo(dorthe, case, ulla):
    answer = post(dorthe, case, ulla, citizen_wish="En kvinde")
    assert answer["Location"] == f"/sager/{case.pk}/aftale/"
    assert Match.objects.get().citizen_wish == "En kvinde" and len(Match.objects.get().suggestions) == 2
    page = Page(dorthe.get(answer["Location"], follow=True))
    assert "Ulla Uhd er valgt som mentor." in page.words
    undo = dorthe.post(f"/sager/{case.pk}/match/fortryd/", follow=True)
    assert "Valget af mentor er fortrudt." in Page(undo).words and build.fresh(case).mentor is None


def test_it_needs_one_line_and_keeps_what_was_written(dorthe, case, ulla):
    page = Page(answer := post(dorthe, case, ulla, reason="", citizen_wish="Én som kan lide heste 🐴"))
    assert "Udfyld: Hvorfor netop denne mentor?" in page.words and "Én som kan lide heste 🐴" in answer.content.decode()
    assert not Match.objects.exists()


def test_all_other_mentors_can_be_chosen(dorthe, cast, case):
    many = [mentor(cast, f"Mentor {letter}") for letter in "ABCDEF"]
    page = Page(dorthe.get(f"/sager/{case.pk}/match/"))
    assert sum(f"Vælg Mentor {letter}" in page.words for letter in "ABCDEF") == 4 and all(f"Mentor {letter} (0)" in page.words for letter in "ABCDEF")
    assert post(dorthe, case, many[-1]).status_code == 302


def test_a_full_mentor_is_warned_of_and_may_be_chosen_all_the_same(dorthe, cast, case):
    full = mentor(cast, "Pil Part", hours_per_week=1.5)
    actions.choose(build.granted(cast, build.citizen(cast, 5)).case, by=cast.dorthe, mentor=full, reason="x")
    page = Page(post(dorthe, case, full))
    assert "Pil Part er fuldt optaget: 1 sag på 1,5 timer om ugen" in page.words and "vælger alligevel" in page.words
    assert build.fresh(case).mentor is None
    assert post(dorthe, case, full, despite_full="on").status_code == 302 and build.fresh(case).mentor == full


def test_a_veto_with_undo(dorthe, case, ulla):
    page = Page(dorthe.post(f"/sager/{case.pk}/match/fravalg/", {"mentor": str(ulla.pk), "reason": "Kender hende"}, follow=True))
    assert "borgeren ikke ønsker Ulla Uhd" in page.words and "Ulla Uhd, mandag den 24. august: Kender hende" in page.words
    assert "Vælg Ulla Uhd" not in page.words
    assert post(dorthe, case, ulla).status_code == 200 and not Match.objects.exists()
    row = Veto.objects.get()
    page = Page(dorthe.post(f"/fravalg/{row.pk}/slet/", follow=True))
    assert "Vælg Ulla Uhd" in page.words


def test_too_long_a_veto_is_said_kindly(dorthe, case, ulla):
    page = Page(dorthe.post(f"/sager/{case.pk}/match/fravalg/", {"mentor": str(ulla.pk), "reason": "æ" * 501}, follow=True))
    assert "højst 500 tegn" in page.words and not Veto.objects.exists()


def test_the_second_of_two_is_told_and_may_send_again(dorthe, cast, case, ulla):
    version = case.version
    actions.choose(case, by=cast.bente, mentor=cast.mentor, reason="Taler arabisk")
    answer = post(dorthe, case, ulla, version=version, reason="Kender havnen")
    page = Page(answer)
    assert "Bente Bak har netop valgt mentor" in page.words and "Kender havnen" in answer.content.decode()
    fresh = build.fresh(case)
    assert f'name="version" value="{fresh.version}"' in answer.content.decode()
    assert post(dorthe, fresh, ulla).status_code == 302 and build.fresh(case).mentor == ulla


def test_when_the_support_runs_the_page_leads_to_a_change(dorthe, cast):
    case = build.active(cast, build.citizen(cast, 6))
    page = Page(dorthe.get(f"/sager/{case.pk}/match/"))
    assert "Vil I have en anden mentor, så skift." in page.words and ("post", "/sager/mentorskift/") in page.forms and "Dit valg" not in page.words


def test_who_may_not_and_who_is_elsewhere(carl, dorthe, cast, case):
    assert carl.get(f"/sager/{case.pk}/match/").status_code == 403
    stranger = visitor(type(carl)(), fjordby(902, "Bakkeby", "2").dorthe)
    assert stranger.get(f"/sager/{case.pk}/match/").status_code == 404
    assert dorthe.get(f"/sager/{case.pk}/match/fravalg/").status_code == 405

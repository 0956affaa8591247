"""The agreement as a page: write, say yes, start, print, renew."""

import re

import pytest

from snerydder.casework.agreements import actions, queries
from snerydder.casework.agreements.models import Acceptance, Agreement
from tests import build
from tests.casework.agreements.conftest import mentor
from tests.cast import fjordby
from tests.pages.visit import Page, counted, visitor

pytestmark = pytest.mark.django_db

WRITTEN = {
    "goal": "Jeg vil i skole & have ro <script>", "mentor_contact": "00 00 00 01", "start": "2026-08-20", "end": "2026-12-31", "minutes": "120",
    "minutes_per": "week", "tries": "4", "who_does_what": "Carl ringer", "task_wake": "on", "how_letters": "Læser post sammen",
}  # fmt: skip


@pytest.fixture
def case(cast):
    return build.matched(cast)


def post(client, case, **more):
    return client.post(f"/sager/{case.pk}/aftale/skriv/", WRITTEN | {"version": case.version} | more)


def test_before_there_is_one_the_writer_comes_to_the_form_filled_from_what_is_known(dorthe, cast, case):
    municipality = cast.henrik.municipality
    municipality.rules_of_the_game = "Mentor kører ikke om natten."
    municipality.save()
    answer = dorthe.get(f"/sager/{case.pk}/aftale/", follow=True)
    assert answer.redirect_chain == [(f"/sager/{case.pk}/aftale/skriv/", 302)]
    page = Page(answer)
    for words in ("Jeg vil gerne i skole.", "Mentor kører ikke om natten.", "Dokumenteret: Socialrådgiver", "Ikke dokumenteret.", "4 uger"):
        assert words in page.words or words in answer.content.decode(), words
    assert "carl@example.org" in answer.content.decode() and re.search(r'name="minutes_hours"[^>]*value="2"|value="2"[^>]*name="minutes_hours"', answer.content.decode())


def test_it_is_saved_and_shown_with_what_the_law_says(dorthe, case):
    answer = post(dorthe, case)
    assert answer["Location"] == f"/sager/{case.pk}/aftale/", Page(answer).words
    page = Page(dorthe.get(answer["Location"]))
    for words in ("Jeg vil i skole & have ro <script>", "Læser post sammen", "2 t om ugen", "Efter 4 forgæves forsøg", "Carl ringer", "ja fra borgeren, mentor og kommunen"):
        assert words in page.words, words
    assert {task.kind for task in Agreement.objects.get().tasks.all()} == {"wake", "letters"}


def test_what_is_missing_links_to_the_box_that_mends_it(dorthe, case):
    post(dorthe, case, goal="", task_wake="", how_letters="")
    page = Page(dorthe.get(f"/sager/{case.pk}/aftale/"))
    assert "Målet mangler i aftalen." in page.words
    assert f"/sager/{case.pk}/aftale/skriv/#id_goal" in page.addresses() and f"/sager/{case.pk}/aftale/skriv/#id_tasks" in page.addresses()
    form = dorthe.get(f"/sager/{case.pk}/aftale/skriv/").content.decode()
    assert 'id="id_goal"' in form and 'id="id_tasks"' in form
    assert form.count("Målet mangler i aftalen.") == 2  # beside the box and in the list


def test_what_is_wrong_is_told_and_nothing_is_lost(dorthe, case):
    long = "Ø" * 4001
    answer = post(dorthe, case, goal=long, start="2026-09-31", tries="0")
    page = Page(answer)
    assert "Den 31. september 2026 findes ikke." in page.words and long in answer.content.decode()
    assert "ud over bevillingen" in Page(post(dorthe, case, end="2028-01-01")).words
    assert not Agreement.objects.exists()


def test_ten_megabytes_are_refused_kindly(dorthe, case):
    answer = post(dorthe, case, who_does_what="x" * 10_000_000)
    assert answer.status_code == 200 and "4000" in Page(answer).words.replace(".", "") and not Agreement.objects.exists()


def test_a_company_and_a_consultant_are_asked_for_their_word(dorthe, cast, case):
    assert "ud over det, virksomheden" not in Page(dorthe.get(f"/sager/{case.pk}/aftale/skriv/")).words
    for number, (kind, words) in enumerate((("company", "Hvad gør mentoren ud over det"), ("consultant", "Konsulenten erklærer")), 3):
        other = build.granted(cast, build.citizen(cast, number)).case
        actions.choose(other, by=cast.dorthe, mentor=mentor(cast, f"M{number}", kind=kind), reason="x")
        assert words in Page(dorthe.get(f"/sager/{other.pk}/aftale/skriv/")).words


def yes(client, row, party, how, **more):
    return client.post(f"/aftaler/{row.pk}/accept/", {"party": party, "how": how, "edition": row.edition} | more, follow=True)


def test_each_party_says_yes_and_the_support_begins(dorthe, carl, bente, cast, case):
    post(dorthe, case)
    row = Agreement.objects.get()
    assert "Jeg siger ja til aftalen" in Page(carl.get(f"/sager/{case.pk}/aftale/")).words
    assert "Ja fra mentor er noteret." in Page(yes(carl, row, "mentor", "on_screen")).words
    assert "Kommunen siger ja til aftalen" in Page(bente.get(f"/sager/{case.pk}/aftale/")).words
    yes(bente, row, "municipality", "on_screen")
    page = Page(yes(dorthe, row, "citizen", "meeting"))
    assert "Alle tre har sagt ja. Støtten kan begynde." in page.words and "kl. 10.12, mundtligt på et møde. Noteret af Dorthe Dam." in page.words
    answer = dorthe.post(f"/aftaler/{row.pk}/start/", {"on": "2026-08-24", "version": build.fresh(case).version})
    assert answer["Location"] == f"/sager/{case.pk}/" and build.fresh(case).stage == "active"
    page = Page(dorthe.post(f"/aftaler/{row.pk}/fortryd-start/", follow=True))
    assert "Starten er fortrudt." in page.words and build.fresh(case).stage == "agreed"


def test_a_yes_can_be_drawn_back(dorthe, cast):
    row = build.agreed(cast, build.citizen(cast, 8))
    citizen = Acceptance.objects.get(agreement=row, party="citizen")
    page = Page(dorthe.post(f"/accepter/{citizen.pk}/fortryd/", follow=True))
    assert "Ja fra borgeren er trukket tilbage." in page.words and "venter på ja fra borgeren" in page.words


def test_a_yes_to_what_has_changed_is_refused_in_words(dorthe, carl, cast, case):
    post(dorthe, case)
    row = Agreement.objects.get()
    post(dorthe, build.fresh(case), goal="Noget andet")
    page = Page(yes(carl, row, "mentor", "on_screen"))
    assert "Aftalen er ændret, siden du læste den." in page.words and not Acceptance.objects.exists()


def test_what_the_law_stops_is_told_on_the_page(dorthe, cast, case):
    post(dorthe, case, task_wake="", how_letters="")
    row = Agreement.objects.get()
    for party, by, how in (("mentor", cast.carl, "on_screen"), ("municipality", cast.bente, "on_screen"), ("citizen", cast.dorthe, "phone")):
        actions.accept(row, by=by, party=party, how=how)
    page = Page(dorthe.post(f"/aftaler/{row.pk}/start/", {"on": "2026-08-24", "version": build.fresh(case).version}))
    assert "Mentors opgaver mangler i aftalen." in page.words and "CHK-12" in page.words and build.fresh(case).stage == "agreed"


def test_a_start_that_lies_ahead_waits(dorthe, cast):
    row = build.agreed(cast, build.citizen(cast, 9))
    page = Page(dorthe.post(f"/aftaler/{row.pk}/start/", {"on": "2026-08-30", "version": build.fresh(row.case).version}))
    assert "Dagen er ikke kommet endnu." in page.words


def test_it_prints(dorthe, cast):
    case = build.active(cast, build.citizen(cast, 10))
    row = queries.running(case)
    answer = dorthe.get(f"/aftaler/{row.pk}/pdf/")
    assert answer["Content-Type"] == "application/pdf" and answer.content.startswith(b"%PDF")
    assert case.citizen.last_name not in answer["Content-Disposition"]


def test_a_running_one_leads_to_the_next_and_keeps_its_words(dorthe, cast):
    case = build.active(cast, build.citizen(cast, 11))
    page = Page(dorthe.get(f"/sager/{case.pk}/aftale/"))
    assert "Aftalen er i gang." in page.words and "Skriv aftale for næste periode" in page.words
    answer = dorthe.get(f"/sager/{case.pk}/aftale/skriv/")
    assert "gælder, til den nye begynder" in Page(answer).words and "To morgener om ugen" in answer.content.decode()


def test_readers_read_and_strangers_do_not(cast, case, carl, dorthe):
    post(dorthe, case)
    reader = visitor(type(carl)(), cast.erik)
    page = Page(reader.get(f"/sager/{case.pk}/aftale/"))
    assert "Jeg vil i skole" in page.words and "Ret aftalen" not in page.words and ("post", "/sager/mentorskift/") not in page.forms
    assert not [form for form in page.forms if "accept" in form[1]]
    row = Agreement.objects.get()
    assert reader.post(f"/aftaler/{row.pk}/accept/", {}).status_code == 403
    assert carl.get(f"/sager/{case.pk}/aftale/skriv/").status_code == 403
    assert carl.post(f"/aftaler/{row.pk}/start/", {}).status_code == 403
    stranger = visitor(type(carl)(), fjordby(902, "Bakkeby", "2").dorthe)
    for path in (f"/sager/{case.pk}/aftale/", f"/aftaler/{row.pk}/pdf/", f"/sager/{case.pk}/aftale/skriv/"):
        assert stranger.get(path).status_code == 404


def test_without_a_mentor_it_says_what_comes_first(bente, cast):
    case = build.granted(cast, build.citizen(cast, 12)).case
    page = Page(bente.get(f"/sager/{case.pk}/aftale/"))
    assert "når der er valgt en mentor" in page.words
    page = Page(bente.get(f"/sager/{case.pk}/aftale/skriv/", follow=True))
    assert "når der er valgt en mentor" in page.words


def test_the_number_of_questions_is_fixed(dorthe, cast):
    case = build.active(cast, build.citizen(cast, 13))
    with counted() as asked:
        dorthe.get(f"/sager/{case.pk}/aftale/")
    assert len(asked) <= 20

"""Every page of a case: it opens for those who may, keeps what is typed, and says what is wrong in Danish."""

from datetime import timedelta

import pytest
from django.urls import reverse

from snerydder.audit.models import Lookup
from snerydder.casework.cases import actions
from snerydder.casework.cases.models import Assessment, Case, Closing, FollowUp, Goal, Referral
from tests import build
from tests.build import DAY
from tests.pages.visit import Page, counted, visitor

NASTY = "O'Neill <script>alert(1)</script> æøå 🐻\r\nlinje to"


@pytest.fixture
def bente(client, cast):
    return visitor(client, cast.bente)


def url(name, thing):
    return reverse(f"cases:{name}", args=[thing.pk])


def test_referring_sends_the_case_on(bente, cast):
    page = bente.get(url("refer", cast.amina))
    assert page.status_code == 200 and "Hvorfor kan borgeren have brug for en mentor?" in Page(page).words
    given = {"need": NASTY, "barriers": ["morning", "money"], "wished_start": "2026-12-24", "citizen_says": "Ja tak"}
    answer = bente.post(url("refer", cast.amina), given | {"unit": cast.unit.pk, "caseworker": cast.bente.pk})
    case = Case.objects.get()
    assert answer.status_code == 302 and answer.url == f"/sager/{case.pk}/"
    row = Referral.objects.get()
    assert (row.need, row.barriers, row.wished_start.isoformat()) == (NASTY.replace("\r\n", "\n"), ["morning", "money"], "2026-12-24")


def test_a_citizen_with_an_open_case_is_told_with_a_link(bente, cast):
    case = build.referred(cast)
    page = Page(bente.post(url("refer", cast.amina), {"need": "Min lange begrundelse", "unit": cast.unit.pk}))
    assert "Borgeren har allerede sag 2026-00001." in page.words and f"/sager/{case.pk}/" in page.addresses()
    assert "Min lange begrundelse" in page.words, "what was typed is still there"


def test_a_note_of_ten_megabytes_is_refused_kindly_and_kept(bente, cast):
    answer = bente.post(url("refer", cast.amina), {"need": "å" * 5_000_000, "unit": cast.unit.pk})
    assert answer.status_code == 200 and "må højst have 10000 tegn (den har 5000000)" in Page(answer).words
    assert not Case.objects.exists()


def test_nasty_text_is_shown_as_text(bente, cast):
    case = build.referred(cast, need=NASTY)
    page = bente.get(url("change_referral", case)).content.decode()
    assert "<script>alert" not in page and "&lt;script&gt;alert" in page and "🐻" in page


def test_a_referral_is_corrected_with_a_reason(bente, cast):
    case = build.referred(cast)
    given = {"need": "Nyt behov", "version": case.version}
    page = bente.post(url("change_referral", case), given)
    assert page.status_code == 200 and "Hvorfor retter du henvisningen" in Page(page).words
    answer = bente.post(url("change_referral", case), given | {"reason": "Lægen ringede"})
    assert answer.status_code == 302 and Referral.objects.get().need == "Nyt behov"


ASSESSMENT = {
    "target_group": "6.5", "need": "Kommer ikke op.", "decisive": "on", "decisive_reason": "Kommer ellers ikke af sted.", "citizen_agrees": "yes",
    "conclusion": "grant", "on": "2026-08-04",
}  # fmt: skip


def test_assessing_and_undoing_it(bente, cast):
    case = build.referred(cast)
    page = Page(bente.get(url("assess", case)))
    assert "Kommer ikke op om morgenen" in page.words, "the referral is at hand"
    answer = bente.post(url("assess", case), ASSESSMENT | {"version": case.version}, follow=True)
    row = Assessment.objects.get()
    assert (row.made_by, row.citizen_agrees, row.made_on.isoformat()) == (cast.bente, True, "2026-08-04")
    assert f'action="{url("undo_assessment", case)}"' in answer.content.decode(), "the undo is offered"
    bente.post(url("undo_assessment", case))
    row.refresh_from_db()
    assert row.withdrawn and build.fresh(case).stage == "referred"


def test_an_assessment_in_the_future_is_refused(bente, cast):
    case = build.referred(cast)
    page = bente.post(url("assess", case), ASSESSMENT | {"on": "2027-08-04", "version": case.version})
    assert "Datoen ligger i fremtiden." in Page(page).words and "Kommer ikke op." in Page(page).words


def test_an_open_assessment_is_corrected_on_the_same_page(bente, cast):
    case, row = build.assessed(cast)
    page = Page(bente.get(url("assess", case)))
    assert "Ret vurderingen" in page.headings and row.need in page.words
    given = {key: value for key, value in ASSESSMENT.items() if key != "on"} | {"version": build.fresh(case).version}
    assert "Hvorfor retter du vurderingen" in Page(bente.post(url("assess", case), given)).words
    assert bente.post(url("assess", case), given | {"reason": "Tastefejl"}).status_code == 302
    assert Assessment.objects.get().need == "Kommer ikke op."


def test_the_second_of_two_is_told_and_keeps_the_text(bente, cast):
    case = build.referred(cast)
    seen = case.version
    actions.set_goal(case, by=cast.dorthe, text="Begynde på hf")
    first = bente.post(url("assess", case), ASSESSMENT | {"version": seen})
    page = Page(first)
    assert "Dorthe Dam har netop sat et mål (kl. " in page.words and "Kommer ikke op." in page.words
    again = ASSESSMENT | {"version": first.context["form"]["version"].value() if first.context else build.fresh(case).version}
    assert f'name="version" value="{build.fresh(case).version}"' in first.content.decode(), "sending again is on the case as it is now"
    assert bente.post(url("assess", case), again).status_code == 302


def test_goals_are_set_and_changed(bente, cast):
    case = build.referred(cast)
    assert "Jeg vil gerne i skole." in Page(bente.get(url("goal", case))).words
    assert bente.post(url("goal", case), {"own_words": "Jeg vil op om morgenen", "text": "Møde kl. 8"}).status_code == 302
    row = Goal.objects.get()
    assert bente.get(url("change_goal", row)).status_code == 200
    assert bente.post(url("change_goal", row), {"own_words": row.own_words, "text": "Møde kl. 9", "result": "partly"}).status_code == 302
    row.refresh_from_db()
    assert (row.text, row.result) == ("Møde kl. 9", "partly")


def test_a_follow_up_shows_what_was_delivered_and_locks_it(bente, cast):
    case = build.active(cast)
    build.contact(cast, case, DAY + timedelta(days=8), note="Vi gik en tur <b>langt</b>")
    with counted() as queries:
        page = Page(bente.get(url("follow_up", case)))
    assert len(queries) <= 14, len(queries)
    assert "1 t" in page.words and "Vi gik en tur <b>langt</b>" in page.words and "Forgæves forsøg" in page.words
    given = {"on": "2026-08-20", "citizen_took_part": "on", "text": "Hun er glad.", "decision": "go_on"}
    given |= {"contacts_approved": "on", "next_on": "2026-10-20"}
    answer = bente.post(url("follow_up", case), given | {"version": build.fresh(case).version}, follow=True)
    row = FollowUp.objects.get()
    assert build.fresh(case).locked_until.isoformat() == "2026-08-20" and "Opfølgningen er gemt." in Page(answer).words
    assert bente.get(url("withdraw_follow_up", row)).status_code == 200
    bente.post(url("withdraw_follow_up", row), {"reason": "Forkert sag", "version": 1})
    assert build.fresh(case).locked_until is None


def test_a_follow_up_of_a_long_case_costs_no_more(bente, cast):
    case = build.active(cast)
    asked = []
    for days in (range(8, 12), range(12, 60)):
        for day in days:
            build.contact(cast, case, DAY + timedelta(days=day))
        with counted() as queries:
            bente.get(url("follow_up", case))
        asked.append(len(queries))
    assert asked[0] == asked[1]


def test_closing_reopening_and_what_is_missing(bente, cast):
    case = build.active(cast)
    page = Page(bente.get(url("close", case)))
    assert "Der er tid tilbage af bevillingen" in page.words
    page = Page(bente.post(url("close", case), {"version": case.version, "on": "2026-11-01"}))
    assert "Der er 3 ting at rette" in page.words
    given = {"goal_result": "reached", "result_text": "Hun går på hf.", "follows": "education", "on": "2026-11-01"}
    answer = bente.post(url("close", case), given | {"version": build.fresh(case).version}, follow=True)
    assert Closing.objects.get().closed_on.isoformat() == "2026-11-01" and f'action="{url("reopen", case)}"' in answer.content.decode()
    assert "Hun går på hf." in Page(bente.get(url("reopen", case))).words
    assert "Udfyld: Hvorfor?" in Page(bente.post(url("reopen", case), {"reason": "", "version": 1})).words
    assert bente.post(url("reopen", case), {"reason": "Hun faldt fra", "version": 1}).status_code == 302
    assert build.fresh(case).stage == "active"


def test_an_undo_that_is_too_late_says_so(bente, cast):
    case = build.active(cast)
    assert "Sagen er ikke afsluttet." in Page(bente.post(url("reopen", case), follow=True)).words


def test_cancelling_and_undoing_it_at_once(bente, cast):
    case = build.referred(cast)
    assert bente.get(url("cancel", case)).status_code == 200
    assert bente.post(url("cancel", case), {"reason": "Oprettet ved en fejl", "version": case.version}).status_code == 302
    assert build.fresh(case).stage == "cancelled"
    bente.post(url("reopen", case))
    assert build.fresh(case).stage == "referred"


def test_handing_over_what_was_marked_in_a_list(client, cast):
    dorthe = visitor(client, cast.dorthe)
    cases = [build.referred(cast, build.citizen(cast, n)) for n in (1, 2, 3)]
    marked = [str(case.pk) for case in cases[:2]]
    page = Page(dorthe.post(reverse("cases:hand_over"), {"sag": marked}))
    assert "2 sager skifter sagsbehandler" in page.words and "Borger Nummer1" in page.words and "Nummer3" not in page.words
    page = Page(dorthe.post(reverse("cases:hand_over"), {"sag": marked, "overdrag": "1", "reason": "Barsel"}))
    assert "Vælg: Ny sagsbehandler" in page.words
    answer = dorthe.post(reverse("cases:hand_over"), {"sag": marked, "overdrag": "1", "reason": "Barsel", "caseworker": cast.bente.pk}, follow=True)
    assert "2 sager er overdraget til Bente Bak" in Page(answer).words
    assert Lookup.objects.filter(page="cases.hand_over").exists()


def test_handing_over_nothing_or_nonsense_teaches(client, cast):
    dorthe = visitor(client, cast.dorthe)
    assert "ikke valgt nogen sager" in Page(dorthe.get(reverse("cases:hand_over"), {"sag": "xyz"})).words


PAGES = ["change_referral", "assess", "goal", "follow_up", "close", "reopen", "cancel"]


@pytest.mark.parametrize("name", PAGES)
def test_another_municipality_and_another_unit_see_nothing(client, cast, name):
    from snerydder.access import actions as access
    from tests.cast import fjordby

    case = build.active(cast)
    ida = access.appoint("Ida Iversen", ["caseworker"], by=cast.henrik, unit=access.add_unit("Voksne", by=cast.henrik), username="ida")
    assert visitor(client, ida).get(url(name, case)).status_code == 404
    stranger = fjordby(902, "Bakkeby", "2").bente
    assert visitor(client, stranger).get(url(name, case)).status_code == 404


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("who", ["carl", "erik", "gitte", "freja"])
def test_those_without_the_right_are_told_who_has_it(client, cast, name, who):
    assert visitor(client, getattr(cast, who)).get(url(name, build.active(cast))).status_code == 403


def test_looking_at_a_page_is_logged_with_its_purpose(bente, cast):
    case = build.referred(cast)
    bente.get(url("assess", case))
    last = Lookup.objects.latest("id")
    assert (last.purpose, last.citizen_ids, last.staff_id) == ("vurdere behovet", [cast.amina.pk], cast.bente.pk)

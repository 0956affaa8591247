"""The page where support is granted, and those around it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse

from snerydder.audit.models import Lookup, Outbox
from snerydder.casework.cases import actions as cases
from snerydder.casework.grants import actions
from snerydder.casework.grants.models import Grant, Letter, Price
from tests import build
from tests.build import DAY
from tests.pages.visit import Page, counted, visitor

TYPED = {
    "hjemmel": "lab-167-1", "purpose_kind": "education", "purpose": "At blive i skolen.", "minutes": "90", "minutes_per": "week", "counted_per": "person",
    "hours_reason": "To morgener.", "start": "2026-12-07", "end": "2027-05-31", "mentor_kind": "municipal",
}  # fmt: skip


@pytest.fixture
def bente(client, cast):
    return visitor(client, cast.bente)


def page_of(case):
    return reverse("grants:grant", args=[case.pk])


def typed(case, do, **changes):
    return TYPED | {"version": build.fresh(case).version, "do": do} | changes


def test_an_empty_page_teaches_and_names_the_rules_of_the_day(bente, cast):
    case, assessment = build.assessed(cast)
    with counted() as queries:
        page = Page(bente.get(page_of(case)))
    assert len(queries) <= 14, len(queries)
    assert page.headings[1:10] == [
        "1. Behovet", "2. Reglen", "3. Formålet", "4. Timerne", "5. Perioden", "6. Mentoren",
        "Hvad koster det?", "Kan det bevilges?", "Brevet til borgeren",
    ]  # fmt: skip
    assert "i højst 6 måneder" in page.words and "Ret til mentor ved udskrivning fra psykiatrien (LAB § 167, stk. 2)" in page.words
    assert assessment.need in page.words and "i vejen for at bevilge" not in page.words


def test_counting_shows_the_limit_the_price_by_year_the_checks_and_the_letter(bente, cast):
    case, _ = build.assessed(cast)
    with counted() as queries:
        page = Page(bente.post(page_of(case), typed(case, "compute")))
    assert len(queries) <= 18, len(queries)
    assert "Intet står i vejen for at bevilge." in page.words
    assert "Perioden kan senest slutte 6. juni 2027." in page.words
    assert "2026 1.660,82 kr." in page.words and "2027" in page.words and "à 310 kr." in page.words
    assert "Du får en mentor fra 7. december 2026" in page.words.replace("Kommunen har besluttet, at du", "Du") and "Ankestyrelsen" in page.words
    assert "(CHK-05)" in page.words and "LAB § 167, stk. 1, 1. pkt.: Mentorstøtte i en periode på højst 6 måneder" in page.words
    assert not Grant.objects.exists(), "counting stores nothing"


@pytest.mark.parametrize(("do", "end"), [("end-3", "6. marts 2027"), ("end-longest", "6. juni 2027")])
def test_a_quick_choice_counts_the_last_day_out(bente, cast, do, end):
    case, _ = build.assessed(cast)
    answer = bente.post(page_of(case), typed(case, do, end=""))
    day, month, year = {"6. marts 2027": (6, 3, 2027), "6. juni 2027": (6, 6, 2027)}[end]
    words = answer.content.decode()
    assert all(f'name="end_{part}"' in words for part in ("day", "month", "year"))
    assert f"til og med {end}" in Page(answer).words
    assert [f'value="{value}"' in words for value in (day, month, year)] == [True] * 3


def test_what_stops_is_said_beside_the_box_and_gathered_with_links(bente, cast):
    case, _ = build.assessed(cast)
    answer = bente.post(page_of(case), typed(case, "compute", end="2027-12-31", minutes=""))
    page = Page(answer)
    assert "2 ting står i vejen for at bevilge." in page.words
    assert page.words.count("Perioden er længere end 6 måneder.") == 2
    assert "#id_end-day" in page.addresses() and "#id_minutes-hours" in page.addresses()
    assert 'aria-disabled="true"' in answer.content.decode() and "Det er højst til 6. juni" not in page.words


def test_the_server_refuses_what_the_law_stops_and_keeps_the_draft(bente, cast):
    case, _ = build.assessed(cast)
    answer = bente.post(page_of(case), typed(case, "decide", end="2027-12-31"))
    page = Page(answer)
    assert answer.status_code == 200 and "Der er 1 ting at rette" in page.words and "CHK-05" in page.words
    assert "At blive i skolen." in page.words and "LAB § 167, stk. 1" in page.words
    assert "Sidste dag mangler." not in page.words, "the box with the fault is still read by the page beside it"
    draft = Grant.objects.get()
    assert (draft.state, draft.purpose) == ("draft", "At blive i skolen.") and not Letter.objects.exists()
    assert f'name="version" value="{build.fresh(case).version}"' in answer.content.decode()
    assert bente.post(page_of(case), typed(case, "decide")).status_code == 302, "mended and sent again"
    assert Grant.objects.get().state == "decided"


def test_a_half_filled_draft_is_kept(bente, cast):
    case, _ = build.assessed(cast)
    answer = bente.post(page_of(case), {"purpose": "Halvt færdig", "version": build.fresh(case).version, "do": "save"}, follow=True)
    assert "Udkastet er gemt." in Page(answer).words and "Halvt færdig" in Page(answer).words
    draft = Grant.objects.get()
    assert (draft.start, draft.minutes, draft.hjemmel) == (None, 0, "")
    assert bente.post(reverse("grants:discard", args=[draft.pk])).status_code == 302
    assert not Grant.objects.exists()


def test_deciding_and_undoing_it_at_once(bente, cast):
    case, _ = build.assessed(cast)
    answer = bente.post(page_of(case), typed(case, "decide"), follow=True)
    grant = Grant.objects.get()
    assert "Mentorstøtten er bevilget." in Page(answer).words and build.fresh(case).stage == "granted"
    undo = reverse("grants:undo_decide", args=[grant.pk])
    assert f'action="{undo}"' in answer.content.decode()
    bente.post(undo)
    grant.refresh_from_db()
    assert (grant.state, grant.ended_reason, build.fresh(case).stage) == ("annulled", "Fortrudt med det samme", "assessed")
    assert Outbox.objects.get().state == "cancelled"


def test_the_second_decider_is_told_what_the_first_did_and_loses_nothing(bente, cast):
    case, assessment = build.assessed(cast)
    seen = build.fresh(case).version
    actions.decide(build.propose_for(cast, case, assessment, DAY), by=cast.bente, on=DAY)
    answer = bente.post(page_of(case), typed(case, "decide", version=seen, purpose="Min egen tekst 🐻"))
    page = Page(answer)
    assert answer.status_code == 200 and "Bente Bak har netop bevilget mentorstøtte (kl. " in page.words and "Min egen tekst 🐻" in page.words
    again = Page(bente.post(page_of(case), typed(case, "decide", purpose="Min egen tekst 🐻")))
    assert "Der er allerede bevilget en periode på den vurdering." in again.words and "Min egen tekst 🐻" in again.words
    assert Grant.objects.count() == 1


def test_the_exclusion_constraint_speaks_danish_on_the_page(bente, cast):
    """Another hand wrote an overlapping period straight into the database, as the role the web works in."""
    case, assessment = build.assessed(cast)
    other = build.assess_again(cast, build.fresh(case), DAY)
    columns = "municipality_id, case_id, assessment_id, state, hjemmel, purpose_kind, purpose, minutes, minutes_per, counted_per, hours_reason"
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO grants_grant (id, {columns}, start, \"end\", mentor_kind, hourly_price, ended_reason, law_version, decided_on, decided_by_id)"
            " VALUES (gen_random_uuid(), %s, %s, %s, 'decided', 'lab-167-1', 'offer', 'x', 60, 'week', 'person', 'x', '2027-05-01', '2027-06-30',"
            " 'municipal', 0, '', '', '2026-08-03', %s)",
            [cast.municipality, case.pk, other.pk, cast.bente.pk],
        )
    assessment.made_on += timedelta(days=1)  # the one to decide on is the later of the two
    assessment.save()
    page = Page(bente.post(page_of(case), typed(case, "decide")))
    assert "Perioden overlapper en bevilling, der allerede er givet." in page.words
    assert "Lad den nye periode begynde dagen efter den forrige slutter." in page.words and "At blive i skolen." in page.words


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"end": "2026-12-01"}, "Sidste dag ligger før første dag."),
        ({"start_day": "31", "start_month": "2", "start_year": "2027", "start": ""}, "Den 31. februar 2027 findes ikke."),
        ({"minutes": "200:00"}, "Der er 168 timer i en uge."),
        ({"minutes": "mange"}, "Skriv timer og minutter med tal."),
        ({"hjemmel": "lab-999"}, "lab-999 er ikke en"),
        ({"purpose": "x" * 10_001}, "må højst have 10000 tegn"),
    ],
)
def test_nonsense_is_refused_in_danish_and_nothing_is_lost(bente, cast, change, said):
    case, _ = build.assessed(cast)
    answer = bente.post(page_of(case), typed(case, "decide", **change))
    page = Page(answer)
    assert answer.status_code == 200 and said.lower() in page.words.lower()
    assert "To morgener." in page.words and not Grant.objects.filter(state="decided").exists()


def test_before_the_assessment_there_is_nothing_to_decide(bente, cast):
    case = build.referred(cast)
    page = Page(bente.get(page_of(case)))
    assert "Behovet er ikke vurderet endnu." in page.words and reverse("cases:assess", args=[case.pk]) in page.addresses()
    assert bente.post(page_of(case), typed(case, "decide")).status_code == 200
    refused = build.assess_again(cast, case, DAY, conclusion="refuse")
    assert reverse("grants:refuse", args=[case.pk]) in Page(bente.get(page_of(case))).addresses() and refused


def test_a_running_case_is_sent_to_a_new_assessment_and_starts_from_the_last_period(bente, cast):
    case = build.active(cast)
    page = Page(bente.get(page_of(case)))
    assert "En ny periode kræver en ny konkret vurdering." in page.words
    cases.follow_up(case, by=cast.bente, text="Godt.", decision="go_on", on=DAY + timedelta(days=90))
    build.assess_again(cast, case, DAY + timedelta(days=100))
    with counted() as queries:
        answer = bente.get(page_of(case))
    assert len(queries) <= 18, len(queries)
    words = answer.content.decode()
    assert 'value="lab-167-1-new" checked' in words.replace("  ", " ") or "lab-167-1-new" in words
    assert 'value="31"' in words and 'value="2027"' in words, "the day after the first period"
    given = typed(case, "decide", hjemmel="lab-167-1-new", start="2027-01-31", end="2027-07-30")
    assert bente.post(page_of(case), given).status_code == 302
    assert build.fresh(case).grant_end.isoformat() == "2027-07-30"


def test_refusing(bente, cast):
    case, _ = build.assessed(cast, conclusion="refuse")
    where = reverse("grants:refuse", args=[case.pk])
    assert bente.get(where).status_code == 200
    given = {"right": "none", "hjemmel": "lab-167-2", "ground": "budget", "heard": "agrees", "reason": "Der er ikke flere penge.", "version": build.fresh(case).version}
    page = Page(bente.post(where, given))
    assert "Borgeren har ret til en mentor." in page.words and "Der er ikke flere penge." in page.words
    page = Page(bente.post(where, given | {"hjemmel": "lab-167-1", "right": ""}))
    assert "Vælg: Har borgeren ret til en mentor?" in page.words, "the question is not passed over"
    page = Page(bente.post(where, given | {"hjemmel": "lab-167-1", "right": "lab-167-3", "version": build.fresh(case).version}))
    assert "Budget og lodtrækning er ikke en gyldig grund." in page.words, "a right is a right whatever rule is chosen"
    given |= {"hjemmel": "lab-167-1", "ground": "no_need", "version": build.fresh(case).version}
    answer = bente.post(where, given, follow=True)
    letter = Letter.objects.get()
    assert "Der er givet afslag." in Page(answer).words and build.fresh(case).stage == "refused"
    bente.post(reverse("grants:undo_refusal", args=[letter.pk]))
    assert build.fresh(case).stage == "assessed"


def test_stopping(bente, cast):
    grant = Grant.objects.get(case=build.active(cast))
    where = reverse("grants:stop", args=[grant.pk])
    assert "klagevejledning" in Page(bente.get(where)).words
    given = {"last_day": "2026-11-30", "ground": "citizen_declined", "reason": "Du har selv bedt om det.", "version": build.fresh(grant.case).version}
    assert "Vælg: Er borgeren hørt?" in Page(bente.post(where, given)).words
    answer = bente.post(where, given | {"heard": "agrees", "version": build.fresh(grant.case).version}, follow=True)
    assert "Bevillingen er stoppet." in Page(answer).words
    grant.refresh_from_db()
    assert grant.end.isoformat() == "2026-11-30"
    bente.post(reverse("grants:undo_stop", args=[grant.pk]))
    grant.refresh_from_db()
    assert grant.state == "decided"


def test_annulling_asks_why(bente, cast):
    grant = build.granted(cast)
    where = reverse("grants:annul", args=[grant.pk])
    assert "Udfyld: Hvorfor?" in Page(bente.post(where, {"reason": "", "version": 1})).words
    assert bente.post(where, {"reason": "Forkert timetal", "version": build.fresh(grant.case).version}).status_code == 302
    grant.refresh_from_db()
    assert grant.state == "annulled"


def test_the_letter_is_a_pdf_without_a_name_in_its_own(bente, cast):
    letter = build.granted(cast).letters.get()
    where = reverse("grants:letter", args=[letter.pk])
    assert where == f"/breve/{letter.pk}.pdf"
    answer = bente.get(where)
    assert answer["Content-Type"] == "application/pdf" and answer.content.startswith(b"%PDF-")
    assert answer["Content-Disposition"] == 'inline; filename="bevilling-2026-00001.pdf"' and answer["Cache-Control"] == "no-store"
    assert bente.get(where).content == answer.content, "the same bytes each time"
    assert Lookup.objects.filter(purpose="læse et afgørelsesbrev", citizen_ids=[cast.amina.pk]).count() == 2


def test_a_protected_name_is_behind_one_more_logged_step(bente, cast, client):
    person = build.citizen(cast, 1, protected=True)
    letter = build.granted(cast, person).letters.get()
    where = reverse("grants:letter", args=[letter.pk])
    answer = bente.get(where)
    assert answer["Content-Type"].startswith("text/html") and "Nummer1" not in answer.content.decode()
    assert bente.post(where, {"purpose": ""})["Content-Type"].startswith("text/html")
    assert bente.post(where, {"purpose": "Læse brevet op i telefonen"}).content.startswith(b"%PDF-")
    assert Lookup.objects.filter(kind="protected", purpose="Læse brevet op i telefonen").count() == 1
    erik = visitor(client, cast.erik)
    assert erik.post(where, {"purpose": "Tilsyn"})["Content-Type"].startswith("text/html"), "an auditor has no right to protected names"


def test_the_preview_and_the_page_keep_a_protected_name(bente, cast):
    case, _ = build.assessed(cast, build.citizen(cast, 1, protected=True))
    assert "Nummer1" not in bente.post(page_of(case), typed(case, "compute")).content.decode()


def test_the_leader_sets_prices(client, cast):
    henrik = visitor(client, cast.henrik)
    page = Page(henrik.get(reverse("grants:prices")))
    assert "310 kr." in page.words and "Ekstern konsulent" in page.words
    assert "Udfyld: Pris i timen" in Page(henrik.post(reverse("grants:prices"), {"mentor_kind": "consultant"})).words
    answer = henrik.post(reverse("grants:prices"), {"mentor_kind": "consultant", "per_hour": "512,50", "valid_from": "2027-01-01"}, follow=True)
    assert "512,50 kr. fra 1. januar 2027" in Page(answer).words
    assert Price.objects.filter(mentor_kind="consultant").count() == 2


@pytest.mark.parametrize("name", ["grant", "refuse"])
def test_only_those_who_decide_and_reach_the_case(client, cast, name):
    from tests.cast import fjordby

    case, _ = build.assessed(cast)
    where = reverse(f"grants:{name}", args=[case.pk])
    for who in ("carl", "dorthe", "henrik", "erik", "gitte", "freja"):
        assert visitor(client, getattr(cast, who)).get(where).status_code == 403, who
    stranger = fjordby(902, "Bakkeby", "2").bente
    assert visitor(client, stranger).get(where).status_code == 404


def test_the_letters_and_verbs_of_another_municipality_do_not_exist(client, cast):
    from tests.cast import fjordby

    grant = build.granted(cast)
    letter = grant.letters.get()
    stranger = visitor(client, fjordby(902, "Bakkeby", "2").bente)
    assert stranger.get(reverse("grants:letter", args=[letter.pk])).status_code == 404
    for name, thing in (("annul", grant), ("stop", grant), ("undo_decide", grant), ("undo_stop", grant), ("discard", grant), ("undo_refusal", letter)):
        assert stranger.post(reverse(f"grants:{name}", args=[thing.pk])).status_code == 404, name

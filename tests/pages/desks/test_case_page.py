"""Sagen: where it stands, what is next, and what this person may do now."""

from datetime import timedelta

import pytest

from snerydder.audit.models import Lookup
from snerydder.casework.cases import actions as cases
from snerydder.casework.grants import actions as grants
from tests import build
from tests.pages.desks.conftest import TODAY
from tests.pages.visit import Page, counted, visitor

ALL = ("referred", "assessed", "granted", "matched", "written", "agreed", "running", "silent", "never", "protected", "expiring")


def page_of(client, town, who: str, name: str) -> Page:
    answer = visitor(client, getattr(town.cast, who)).get(f"/sager/{town.cases[name].pk}/")
    assert answer.status_code == 200
    return Page(answer)


def offers(page: Page, answer_text: str = "") -> list[str]:
    """The words of the menu, links and buttons alike."""
    start = page.words.index("Det kan du gøre") + len("Det kan du gøre")
    return page.words[start:].split(" Borgeren CPR-nummer")[0].split(" Kan det passe?")[0].strip()


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("who", ["bente", "dorthe", "henrik", "erik"])
def test_it_opens_at_every_step_for_those_who_read_cases(client, town, who, name):
    page = page_of(client, town, who, name)
    for station in ("Henvisning", "Vurdering", "Bevilling", "Match", "Aftale", "I gang", "Opfølgning", "Afslutning"):
        assert station in page.words
    assert "Historik" in page.headings and "Nu" in page.headings


@pytest.mark.parametrize("who", ["gitte", "freja"])
def test_others_have_no_business_here(client, town, who):
    assert visitor(client, getattr(town.cast, who)).get(f"/sager/{town.cases['running'].pk}/").status_code == 403


def test_another_municipality_finds_nothing(client, town, bakkeby):
    for who in (bakkeby.dorthe, bakkeby.henrik, bakkeby.bente):
        assert visitor(client, who).get(f"/sager/{town.cases['running'].pk}/").status_code == 404
    assert visitor(client, bakkeby.carl).get(f"/sager/{town.cases['running'].pk}/mentor/").status_code == 404


@pytest.mark.parametrize(
    ("name", "what", "who", "by", "button"),
    [
        ("referred", "Vurdér borgerens behov.", "Det gør Bente Bak (sagsbehandler).", "Senest fredag den 27. november.", "Vurdér behovet"),
        ("assessed", "Træf afgørelsen: bevil mentor, eller giv afslag.", "Det gør Bente Bak", "Senest tirsdag den 10. november.", "Bevil mentor"),
        ("granted", "Find en mentor sammen med borgeren.", "Det gør en koordinator.", "Senest", "Find en mentor"),
        ("matched", "Lav aftalen, og få ja fra borger, mentor og kommune.", "Det gør en koordinator.", "Senest", "Lav aftalen"),
        ("agreed", "Sæt støtten i gang.", "Det gør en koordinator.", "Senest", "Sæt støtten i gang"),
        ("silent", "Hold opfølgning med borger og mentor.", "Det gør Bente Bak", "Senest mandag den 2. november.", "Hold opfølgning"),
    ],
)  # fmt: skip
def test_the_box_now_says_what_who_by_when_and_has_the_button(client, town, name, what, who, by, button):
    page = page_of(client, town, "bente", name)
    now = page.words[page.words.index(" Nu ") :][:260]
    for said in (what, who, by, button):
        assert said in now, now


def test_the_button_is_for_those_who_may(client, town):
    now = page_of(client, town, "dorthe", "referred").words
    assert "Vurdér borgerens behov." in now
    assert "Vurdér behovet" not in now


@pytest.mark.parametrize(
    ("who", "name", "may", "may_not"),
    [
        ("bente", "referred", ["Vurdér behovet", "Ret henvisningen", "Annullér sagen"], ["Bevil mentor", "Afslut sagen", "Genåbn", "Overdrag"]),
        ("bente", "assessed", ["Bevil mentor", "Giv afslag", "Annullér sagen"], ["Vurdér behovet", "Find en mentor", "Hold opfølgning"]),
        ("bente", "granted", ["Find en mentor", "Annullér bevillingen", "Afslut sagen"], ["Stop bevillingen", "Hold opfølgning"]),
        ("bente", "agreed", ["Sæt støtten i gang", "Stop bevillingen før tid"], ["Annullér bevillingen", "Skriv en kontakt"]),
        ("bente", "running", ["Hold opfølgning", "Lav en ny vurdering", "Stop bevillingen før tid", "Afslut sagen"], ["Annullér sagen", "Skriv en kontakt"]),
        ("dorthe", "granted", ["Find en mentor", "Overdrag til en anden sagsbehandler"], ["Annullér bevillingen", "Afslut sagen"]),
        ("dorthe", "running", ["Skriv en kontakt", "Skift mentor", "Overdrag til en anden sagsbehandler"], ["Hold opfølgning", "Afslut sagen"]),
        ("henrik", "running", ["Skift mentor", "Overdrag til en anden sagsbehandler"], ["Skriv en kontakt", "Hold opfølgning"]),
    ],
)  # fmt: skip
def test_only_what_this_person_may_do_now_is_offered(client, town, who, name, may, may_not):
    said = offers(page_of(client, town, who, name))
    assert [verb for verb in may if verb not in said] == [], said
    assert [verb for verb in may_not if verb in said] == [], said


def test_what_is_offered_can_be_opened(client, town):
    """Each link of the menu, followed: none leads to a closed door or a fault."""
    for who in ("bente", "dorthe", "henrik"):
        user = visitor(client, getattr(town.cast, who))
        opened = {f"/sager/{town.cases[name].pk}/" for name in ALL}
        for name in ALL:
            page = Page(user.get(f"/sager/{town.cases[name].pk}/"))
            for href in page.addresses():
                if href.startswith(("/sager/", "/bevillinger/", "/kontakt/", "/breve/", "/borgere/")) and href not in opened:
                    opened.add(href)
                    assert user.get(href, follow=True).status_code == 200, (who, name, href)


def test_an_ended_case_can_be_opened_again_and_nothing_else(client, town):
    cases.close(town.fresh("running"), by=town.cast.bente, on=TODAY, goal_result="partly", result_text="Hun er kommet videre.", follows="education")
    page = page_of(client, town, "bente", "running")
    assert "Afslutning" in page.headings and "Hun er kommet videre." in page.words and "uddannelse" in page.words
    assert offers(page).startswith("Genåbn sagen")
    assert "Hold opfølgning" not in page.words and "Nu" not in page.headings


def test_a_refusal_leads_to_its_letter(client, town):
    case = town.fresh("assessed")
    assessment = build.assess_again(town.cast, case, TODAY, conclusion="refuse")
    grants.refuse(assessment, by=town.cast.bente, on=TODAY, reason="Kontaktforløbet alene dækker behovet nu.", ground="no_need", heard="agrees")
    page = page_of(client, town, "bente", "assessed")
    assert "Der er givet afslag mandag den 16. november. Brevet ligger under Breve." in page.words
    assert page.to("Afslag, 16. november 2026").startswith("/breve/")


def test_a_cancelled_case_says_so(client, town):
    cases.cancel(town.fresh("assessed"), by=town.cast.bente, reason="Borgeren er flyttet til en anden kommune.", on=TODAY)
    page = page_of(client, town, "bente", "assessed")
    assert "Sagen er annulleret mandag den 16. november." in page.words
    assert "Borgeren er flyttet til en anden kommune." in page.words


def test_hours_contact_and_the_gap(client, town):
    page = page_of(client, town, "dorthe", "silent")
    assert "7 af 49,7 timer brugt, 14 uger tilbage" in page.words
    assert "Kontakt i 7 af 11 uger siden 7. september 2026. Længste tid uden kontakt: 4 uger." in page.words
    assert "Ingen kontakt i 27 dage. 4 uger uden kontakt siden starten." in page.words
    assert "Vis ugerne som tabel" in page.words
    assert "Bekræftet 0 min" in page.words and "Faktureret 0 min" in page.words


def test_the_chain_of_periods(client, town):
    page = page_of(client, town, "bente", "expiring")
    assert "19-06-2026 – 09-12-2026 Løber 2 t om ugen" in page.words
    assert "LAB § 167, stk. 1" in page.words
    assert "afgjort 12. juni 2026 af Bente Bak" in page.words
    assert "22 t brugt." in page.words
    assert "Bevilling, 12. juni 2026" in page.words  # the letter


def test_what_the_checks_say_is_gathered_with_the_way_to_mend_it(client, town):
    page = page_of(client, town, "bente", "never")
    assert "Kan det passe?" in page.headings and "Kontroller ved afgørelserne" in page.headings
    assert "Mentor og borger har ikke haft kontakt endnu." in page.words
    assert "(CHK-22)" in page.words
    draft = page_of(client, town, "bente", "written")
    assert f"/sager/{town.cases['written'].pk}/aftale/" in draft.addresses()


def test_the_history_is_whole_and_in_pages(client, town):
    case = town.fresh("expiring")
    bente = visitor(client, town.cast.bente)
    told = []
    for side in range(1, 6):
        words = Page(bente.get(f"/sager/{case.pk}/?side={side}")).words
        told.append(words[words.index("Historik") :])
    assert "Side 1 af" in told[0]
    assert "Bente Bak har henvist borgeren" in " ".join(told) and "Bente Bak har henvist borgeren" not in told[0]
    assert sum(words.count("har skrevet en kontakt") for words in set(told)) == 22


def test_a_protected_name_stays_protected(client, town):
    page = page_of(client, town, "dorthe", "protected")
    assert "Hemmelig" not in page.words and "Hemmelig" not in page.title
    assert page.headings[0].startswith("Navn beskyttet")
    assert "••••••-••••" in page.words


def test_the_cpr_number_and_the_name_are_nowhere_in_an_address(client, town):
    page = page_of(client, town, "dorthe", "expiring")
    assert "050389-••••" in page.words and "0503895011" not in page.words
    assert not [href for href in page.addresses() if "Amina" in href or "Yusuf" in href or "050389" in href]
    assert page.title.startswith("Sag 2026-00011")


def test_the_look_up_is_logged_with_its_purpose(client, town):
    page_of(client, town, "erik", "running")
    row = Lookup.objects.order_by("-id").first()
    assert (row.kind, row.purpose, row.citizen_ids) == ("page", "Se sagen", [town.cases["running"].citizen_id])


def test_nasty_text_is_shown_as_it_was_written(client, town):
    case = town.fresh("running")
    nasty = "<script>alert('O\\'Neill')</script> æøå 🐟 & %s {{ 7*7 }}"
    cases.set_goal(case, by=town.cast.bente, text=nasty, own_words=nasty, on=TODAY)
    cases.follow_up(case, by=town.cast.bente, on=TODAY, text=nasty, decision="change", change=nasty, next_on=TODAY + timedelta(days=30))
    build.contact(town.cast, town.fresh("running"), on=TODAY - timedelta(days=1), note=nasty)
    for who, path in (("bente", ""), ("carl", "mentor/")):
        answer = visitor(client, getattr(town.cast, who)).get(f"/sager/{case.pk}/{path}")
        assert nasty in Page(answer).words
        assert "<script>alert" not in answer.content.decode()


def test_the_questions_do_not_grow_with_the_case(client, town):
    """A young case and one with half a year of contacts: the same questions."""
    dorthe = visitor(client, town.cast.dorthe)
    asked = {}
    for name in ("running", "expiring"):
        with counted() as queries:
            dorthe.get(f"/sager/{town.cases[name].pk}/")
        asked[name] = len(queries)
    assert asked["running"] == asked["expiring"] <= 42, asked

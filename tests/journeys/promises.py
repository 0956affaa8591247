"""What Snerydder promises, and the test that holds each promise. docs/promised.md is made from this."""

import ast
import math
import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "promised.md"
STEPS = (1, 2, 5, 10)  # seconds are told as less than one of these


@dataclass(frozen=True)
class Task:
    """One of the commonest tasks: the presses and the boxes to write in are exact; a change that makes one longer must say why here."""

    text: str
    taps: int
    written: int = 0


TASKS = {
    "usual": Task("Mentor skriver en kontakt som sidst: fra listen *I dag* til gemt", 3),
    "contact": Task("Mentor skriver en anden slags kontakt: fra listen *I dag* til gemt", 4),
    "silent": Task("Koordinator finder dem, ingen har haft kontakt med i to uger", 1),
    "grant": Task("Sagsbehandler bevilger: fra *Venter på dig* til brevet er klar", 5, 4),
    "match": Task("Koordinator vælger mentor: fra *Overblik* til aftalen kan skrives", 3, 1),
    "month": Task("Mentor godkender en måneds timer: fra *I dag* til godkendt", 2),
    "sms": Task("Borger svarer på sms'en: fra linket er åbnet til tak", 2),
    "follow_up": Task("Sagsbehandler holder opfølgning og gennemgår kontakterne: fra *Venter på dig* til gemt", 4, 1),
}
PROMISES = (
    ("To kommandoer fra en tom klon til en by, der kører", "tests/project/test_demo.py::test_from_nothing_to_a_page_and_again"),
    ("Hele vejen fra henvisning til afslutning på skærmen", "tests/journeys/test_whole_way.py::test_from_referral_to_closing"),
    ("En bevilling, der mangler det, loven kræver, kan ikke gives", "tests/casework/grants/test_decide.py::test_a_hard_check_stops_it_and_says_where"),
    ("Det, ingen har læst i loven, kan ikke stoppe nogen", "tests/law/test_engine.py::test_a_source_that_nobody_read_only_warns"),
    ("En sag bedømmes efter reglerne på sin egen dag", "tests/law/test_rules_about_rules.py::test_it_has_a_story_on_the_eve_and_on_the_day_of_every_change"),
    (
        "En ny periode kræver en ny vurdering og en ny bevilling",
        "tests/journeys/test_whole_way.py::test_a_new_period_needs_a_new_assessment_and_a_new_grant",
    ),
    ("Mentor er aldrig myndighed i egen sag", "tests/casework/grants/test_decide.py::test_the_mentor_never_decides_on_own_case"),
    ("Forslag til mentor har grunde i ord, og et menneske vælger", "tests/casework/agreements/test_matching.py::test_each_reason_is_a_sentence"),
    ("Støtten begynder ikke, før aftalen har det, den skal have", "tests/casework/agreements/test_start.py::test_what_the_agreement_lacks_stops_it"),
    ("En kontakt sendt to gange er én kontakt", "tests/casework/contacts/test_log.py::test_sent_twice_is_sent_once"),
    ("En kladde overlever, at man logger ud", "tests/journeys/test_interruptions.py::test_a_draft_outlives_a_log_out"),
    ("Gennemgåede kontakter kan ikke rettes", "tests/casework/cases/test_follow_up.py::test_approving_locks_the_contacts_up_to_that_day"),
    ("Hvert tal fører til præcis de sager, det tæller", "tests/pages/desks/test_numbers.py::test_every_number_leads_to_its_rows"),
    ("Der er plads til ti gange så mange sager", "tests/pages/desks/test_speed.py::test_ten_times_the_contacts_or_the_cases_touch_the_same_pages"),
    ("Revisor læser det hele og kan ikke ændre en sag", "tests/pages/desks/test_money_and_order.py::test_the_auditor_reads_the_case_and_can_do_nothing"),
    ("En stikprøve kan trækkes om af enhver med den offentliggjorte fil", "tests/journeys/test_inspection.py::test_in_the_tiny_town"),
    ("Ingen kan vælge, hvem stikprøven falder på: listen før tallet, tallet fra to", "tests/casework/inspections/test_draw.py::test_the_database_holds_the_list_still"),
    ("Fejlprocenten er vægtet og dens interval eksakt", "tests/lottery/test_shares.py::test_it_holds_the_truth_as_often_as_it_says"),
    ("Kommunerne kan ikke se hinandens borgere", "tests/access/test_isolation.py::test_each_sees_its_own_rows_in_every_table"),
    ("Hver adresse åbner kun for dem, den er til", "tests/access/test_matrix.py::test_at_one_s_own"),
    ("CPR-nummeret er krypteret i databasen", "tests/casework/people/test_vault.py::test_the_table_holds_no_number_in_clear"),
    ("Hvert opslag er skrevet ned med formål", "tests/pages/desks/test_case_page.py::test_the_look_up_is_logged_with_its_purpose"),
    ("Det, der er skrevet, overlever en tabt session", "tests/journeys/test_interruptions.py::test_a_session_lost_in_the_middle_of_a_form_keeps_the_text"),
    (
        "Den anden af to, der afgør samtidig, får at vide, hvad den første gjorde",
        "tests/journeys/test_interruptions.py::test_the_second_of_two_who_decide_at_once_is_told_what_the_first_did",
    ),
    ("Et forkert CPR-nummer får en sætning, og intet går tabt", "tests/journeys/test_interruptions.py::test_a_wrong_cpr_is_told_in_a_sentence_and_nothing_is_lost"),
    ("En fil læses ind helt eller slet ikke", "tests/exchange/test_import.py::test_when_a_verb_refuses_nothing_is_kept_and_the_line_is_marked"),
    ("Den samme fil to gange ændrer intet", "tests/exchange/test_import.py::test_the_same_file_twice_changes_nothing"),
    ("Tastaturet er nok", "tests/journeys/test_interruptions.py::test_the_keyboard_is_enough_to_log_in_and_write_a_contact"),
    ("Ingen fejl mod WCAG 2.1 AA, hverken på telefon eller skærm", "tests/journeys/test_every_page.py::test_no_page_shuts_anybody_out"),
    ("Engelsk er ét tryk væk", "tests/journeys/test_interruptions.py::test_english_is_one_click_away_and_so_is_danish_again"),
    ("Demobyen kan ikke blandes med rigtige data", "tests/project/test_production.py::test_a_demo_does_not_start_on_real_data"),
)  # fmt: skip
HEAD = """# Hvad vi lover, og hvor det holdes

Siden laves af prøverne: `SNERYDDER_MANUAL=1 python3 manage.py test tests/journeys`. Tryk og felter er talt i en rigtig
browser og prøves hver gang; bliver en opgave længere, bliver prøven rød. Sekunder er det, maskinen brugte i alt, rundet op.

## Det, man gør tit

| Opgave | Tryk | Felter at skrive i | Maskinen |
|---|---|---|---|
"""
MIDDLE = """
## Løfter

| Løfte | Holdes af |
|---|---|
"""


def page(seconds: dict[str, str]) -> str:
    tasks = "".join(f"| {task.text} | {task.taps} | {task.written or '–'} | {seconds[key]} |\n" for key, task in TASKS.items())
    return HEAD + tasks + MIDDLE + "".join(f"| {text} | `{test}` |\n" for text, test in PROMISES)


def in_words(seconds: float) -> str:
    most = next((step for step in STEPS if seconds < step), math.ceil(seconds))
    return f"under {most} s"


def without_seconds(text: str) -> str:
    return re.sub(r"\| under \d+ s \|", "| |", text)


def exists(test: str) -> bool:
    path, _colons, name = test.partition("::")
    tree = ast.parse((ROOT / path).read_text("utf-8"))
    return any(isinstance(node, ast.FunctionDef) and node.name == name for node in tree.body)

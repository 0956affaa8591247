"""An inspection on the screen: the list is frozen, two persons type the number, the verifiers agree, the report prints.

In the tiny town by every run; in the town of the demo, with twenty cases, by `-m slow`.
"""

import copy
import json
import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.casework.inspections.made import hide_one, written_again
from tests.journeys.conftest import Arrive
from tests.journeys.walking import MANUAL, Visitor

pytestmark = pytest.mark.browser
NUMBER = "2 5 11 19 23 28 36"


def downloaded(visitor: Visitor, link: str, to: Path) -> Path:
    with visitor.page.expect_download() as waiting:
        visitor.page.get_by_role("link", name=link).first.click()
    path = to / waiting.value.suggested_filename
    waiting.value.save_as(path)
    return path


def says(page: Any, file: Path, before: Path | None = None) -> tuple[str, str]:
    """What the verifier says of a file: its verdict and its words."""
    page.set_input_files("#verify-file", [])
    if before or page.locator("#verify-before").count():  # the inspection's page has it, the trial's has not
        page.set_input_files("#verify-before", before or [])
    page.evaluate("document.querySelector('#verify-answer').dataset.verdict = ''")
    page.set_input_files("#verify-file", file)
    answer = page.locator("#verify-answer[data-verdict='right'], #verify-answer[data-verdict='wrong']")
    answer.wait_for()
    return answer.get_attribute("data-verdict"), answer.inner_text()


def inspect(arrive: Arrive, size: int, folder: Path) -> None:
    erik, henrik = arrive("Erik Eng"), arrive("Henrik Holm")
    freeze(erik, size)
    before = downloaded(erik, "Hent listen til offentliggørelse", folder)
    assert json.loads(before.read_text("utf-8"))["drawn"] == []
    for person in (erik, henrik):
        person.open(erik.here).follow("Skriv tallet", "#nu").write("Det offentlige tal", NUMBER).press("Gem tallet")
    henrik.told("Sagerne er udtrukket")
    erik.open(erik.here.split("?")[0]).sees("Erik Eng og Henrik Holm skrev hver for sig tallet").shot("tilsyn-udtrukket", tall=1500)
    assert erik.page.locator(".in-tickets li").count() == size
    verify(erik, downloaded(erik, "Hent listen til offentliggørelse", folder / "bagefter"), before, folder)
    erik.page.go_back()
    report = downloaded(erik, "rapport til ledelsen (PDF)", folder)
    assert report.read_bytes()[:5] == b"%PDF-"


def freeze(erik: Visitor, size: int) -> None:
    today = timezone.localdate()
    erik.open("/tilsyn/").follow("Ny stikprøve").write("Hvad handler stikprøven om?", "Bevillinger det seneste år")
    erik.write("Hvor mange sager skal udtrækkes?", str(size)).write("Hvilket offentligt tal trækkes der lod med?", "Vindertallene i Lotto i dag, i stigende rækkefølge")
    erik.date("Hvornår bliver tallet kendt?", today).date("Sagerne skal være gennemgået senest", today + timedelta(days=28))
    erik.press("Tæl sagerne").sees("Alle sager").shot("tilsyn-ny", tall=1700)
    erik.press("Frys listen").told("Listen er frosset").sees(re.compile("[0-9a-f]{64}")).shot("tilsyn-frosset", tall=1100)


def verify(erik: Visitor, file: Path, before: Path, folder: Path) -> None:
    """Python, the product's page and the page taken home all say the same, also of a file that somebody has changed."""
    told = json.loads(file.read_text("utf-8"))
    spoilt = copy.deepcopy(told)
    spoilt["drawn"][0]["ticket"] = next(number for number in range(1, 99) if number not in {each["ticket"] for each in told["drawn"]})
    changed = copy.deepcopy(told)
    changed["list"][2] = changed["list"][2].replace('"ticket":2', '"ticket":2 ')
    files = {file: "right"}
    for name, content in (("byttet.json", spoilt), ("aendret.json", changed), ("andet-tal.json", told | {"seed": NUMBER + " 1"}), ("andet-sted.json", told | {"municipality": "Andeby"})):
        (folder / name).write_text(json.dumps(content), "utf-8")
        files[folder / name] = "wrong"
    erik.follow("Prøv lodtrækningen efter")
    home, program = downloaded(erik, "verify_draw.html: åbn den i en browser", folder), downloaded(erik, "verify_draw.py: kør den med Python", folder)
    alone = erik.page.context.new_page()
    alone.goto(home.as_uri())
    for each, verdict in files.items():
        done = subprocess.run([sys.executable, "-I", program, each], capture_output=True, text=True)
        assert (done.returncode == 0) is (verdict == "right"), done.stdout
        assert says(alone, each)[0] == says(erik.page, each)[0] == verdict, each
    false = folder / "skrevet-om.json"
    false.write_text(json.dumps(written_again(told, lambda rows: rows[1].update(case="0" * 16))), "utf-8")
    for page in (alone, erik.page):
        assert says(page, false)[0] == "right", "in itself it hangs together"
        assert says(page, false, before)[0] == "wrong" and says(page, file, before)[0] == "right"
    hidden = folder / "gemt.json"
    hidden.write_text(json.dumps(written_again(told, hide_one)), "utf-8")
    assert "uden for grupperne" in says(alone, hidden)[1]
    words = says(erik.page, file, before)[1]
    assert "Det er den liste, der blev offentliggjort før." in words
    assert f"Udtrukne lodder: {', '.join(str(each) for each in sorted(row['ticket'] for row in told['drawn']))}" in words
    erik.shot("tilsyn-proev-efter")
    alone.close()


def test_in_the_tiny_town(arrive: Arrive, tmp_path: Path) -> None:
    inspect(arrive, 20 if MANUAL else 4, tmp_path)


def test_the_room_takes_a_case_from_the_checks_to_an_answer(arrive: Arrive) -> None:
    """The town has a sample under way: the auditor goes on where it stopped."""
    erik = arrive("Erik Eng").open("/revision/")
    erik.sees("Tilsyn", "#tilsyn").follow(re.compile("^Stikprøve"), "#tilsyn")
    erik.follow("Gennemgå næste sag").sees("Kilde: LAB § 167").shot("tilsyn-sag", tall=1300)
    erik.group("Fremgår formålet, og er det knyttet til en aktivitet, et tilbud, en uddannelse eller et job?").get_by_text("I orden", exact=True).click()
    erik.press("Gem").told("Svarene er gemt")
    by_keyboard(erik.follow("Gennemgå næste sag"))
    erik.follow(re.compile("^Stikprøve"))
    erik.sees("Hvad sagerne viser").sees("Fejlprocenten kommer, når alle sager er gennemgået.")
    erik.open("/tilsyn/").follow("Stikprøve 1").sees("med 95 % sikkerhed").shot("tilsyn-tal", tall=1900)


def by_keyboard(erik: Visitor) -> None:
    """From the first line to the last without the mouse: what lacks asks for its note; saved, and on to the next case."""
    here, lines = erik.here, erik.page.locator(".in-line")
    keys = erik.page.keyboard
    lines.first.get_by_role("radio", name="I orden").focus()
    keys.press("2")
    keys.type("Der står 1 og 2 i noten, uden at noget vælges.")
    keys.press("Tab")
    for _line in range(1, lines.count()):
        keys.press("1")
    expect(lines.first.get_by_role("radio", name="Mangler")).to_be_checked()
    for at in range(1, lines.count()):
        expect(lines.nth(at).get_by_role("radio", name="I orden")).to_be_checked()
    keys.press("k")
    with erik.page.expect_navigation():
        keys.press("Control+Enter")
    erik.told("Svarene er gemt")
    assert erik.here != here and erik.here.endswith("#videre")
    assert erik.page.evaluate("document.activeElement.type") == "radio", "the next case is ready for the next key"
    erik.sees("mangler i 1", "#indtil-nu")


def test_the_pages_around_it(arrive: Arrive) -> None:
    henrik = arrive("Henrik Holm").open("/ledelse/")
    henrik.follow("Se hele tilsynet", "#tilsyn").sees("Tiltag, der ikke er færdige").shot("tilsyn", tall=1300)
    henrik.follow("Se de fjorten forretningsgange").sees("Sager, der følger den").shot("forretningsgange", tall=1300)


@pytest.mark.slow
def test_twenty_cases_in_the_town(arrive_in_town: Arrive, tmp_path: Path) -> None:
    inspect(arrive_in_town, 20, tmp_path)


# --- Across municipalities --------------------------------------------------------------------------
BALLS = "4 9 13 18 22 31 35"


def answer_procedures(visitor: Visitor) -> None:
    for group in visitor.page.locator("fieldset:has(input[value='ok'])").all():
        group.get_by_text("I orden", exact=True).click()
    fraud = visitor.group("Er det beskrevet, hvad man gør ved mistanke om snyd?")
    fraud.get_by_text("Mangler", exact=True).click()
    visitor.page.locator("textarea:visible").fill("Den er ikke skrevet endnu.")
    visitor.press("Gem svarene").told("Svarene er gemt")


def pressed_for(visitor: Visitor, button: str, to: Path) -> Path:
    with visitor.page.expect_download() as waiting:
        visitor.page.get_by_role("button", name=button).click()
    path = to / waiting.value.suggested_filename
    waiting.value.save_as(path)
    return path


def upload(visitor: Visitor, label: str, file: Path, button: str) -> Visitor:
    visitor.box(label).set_input_files(file)
    return visitor.press(button)


def draw(people: list[Visitor], address: str) -> None:
    for person in people:
        person.open(address).follow("Skriv tallet", "#nu").write("Det offentlige tal", BALLS).press("Gem tallet")


def test_a_round_in_two_municipalities(arrive: Arrive, tmp_path: Path) -> None:
    """Erik holds it; Fjordby and Bakkeby answer by files, and neither sees a case of the other's."""
    erik, henrik, birk, poul = (arrive(name) for name in ("Erik Eng", "Henrik Holm", "Birk Birkelunde", "Poul Pihlmand"))
    today = timezone.localdate()
    erik.open("/tilsyn/").follow("Hold en runde").write("Hvad handler runden om?", "Mentorstøtte i to kommuner").write("Hvilke kommuner?", "901 Fjordby\n902 Bakkeby")
    erik.write("Hvor mange kommuner skal udtrækkes?", "2").write("Hvor mange sager skal der ses på i hver?", "2")
    erik.write("Hvilket offentligt tal trækkes der lod med?", "Vindertallene i Lotto i dag, i stigende rækkefølge").date("Hvornår bliver tallet kendt?", today)
    erik.date("Kommunerne skal have svaret senest", today + timedelta(days=30)).shot("runde-ny", tall=1600)
    erik.press("Frys listen over kommuner").told("Listen over kommuner er frosset")
    round_ = erik.here
    listed, own = downloaded(erik, "Hent listen til offentliggørelse", tmp_path), {}
    for person in (erik, birk):
        upload(person.open("/tilsyn/").follow("Deltag i en runde"), "Listen til runden", listed, "Deltag i runden").told("Kommunen er med i runden")
        own[id(person)] = person.here
        answer_procedures(person.follow("Svar på forretningsgangene"))
        person.open(own[id(person)]).shot("runde-deltager", tall=1300)
    for person in (erik, birk):
        file = pressed_for(person.open(own[id(person)]), "Hent svarfilen", tmp_path)
        upload(erik.open(round_).follow("Modtag et svar"), "Kommunens svarfil", file, "Modtag svaret").told("er modtaget")
    erik.sees("2 af 2 kommuner har svaret om forretningsgange.")
    draw([erik, henrik], round_)
    draw([birk, poul], own[id(birk)])
    birk.open(own[id(birk)])
    while (waiting := birk.page.get_by_role("link", name="Gennemgå næste sag")).count():
        waiting.click()
        for group in birk.page.locator("fieldset:has(input[value='ok'])").all():
            group.get_by_text("I orden", exact=True).click()
        birk.press("Gem").open(own[id(birk)])
    file = pressed_for(birk, "Hent svarfilen", tmp_path)
    assert not re.search(r"20\d\d-\d{5}", file.read_text("utf-8")), "no case number leaves the municipality"
    spoilt = tmp_path / "aendret.json"
    spoilt.write_text(file.read_text("utf-8").replace('"ok"', '"lacking"', 1), "utf-8")
    upload(erik.open(round_).follow("Modtag et svar"), "Kommunens svarfil", spoilt, "Modtag svaret").sees("Underskriften passer ikke.")
    upload(erik, "Kommunens svarfil", file, "Modtag svaret").told("Svaret fra Bakkeby er modtaget")
    erik.sees("1 af de 2 udtrukne har sendt tal om sagerne.").sees("5.1 Dokumentation af det faglige fokus").shot("runde", tall=2400)
    assert downloaded(erik, "rapport (PDF)", tmp_path).read_bytes()[:5] == b"%PDF-"
    assert downloaded(erik, "rapport (Word)", tmp_path).read_bytes()[:2] == b"PK"

"""Thirteen municipalities from protocol to report, and one that is told it cannot know alone.

The pages of the protocol, the ceremony, the package, the upload and the report are clicked. What happens in the other towns meanwhile happens
by the verbs (`neighbours`), each behind its own walls; only files go between them.
"""

import csv
import io
import json
import subprocess
import sys
import zipfile
from collections import Counter
from datetime import timedelta
from itertools import count
from pathlib import Path

import psycopg
import pytest
from django.utils import timezone
from playwright.sync_api import expect

from snerydder.casework.trials import published
from snerydder.project import schema
from tests.browsing import Served
from tests.casework.trials.made import TEXTS
from tests.casework.trials.test_attacks import NODE
from tests.cast import FJORDBY
from tests.journeys import invented_register
from tests.journeys.conftest import Arrive
from tests.journeys.neighbours import CODES, LYNGBY, NUMBER, PERSONS, WEEKS_AGO
from tests.journeys.test_inspection import downloaded
from tests.journeys.test_trial import BOXES
from tests.journeys.walking import Visitor

pytestmark = pytest.mark.browser


_errands = count()


def elsewhere(served: Served, folder: Path, steps: str, *codes: int) -> None:
    environment = schema.web_environment(served.owner_url, SNERYDDER_DEMO="1")
    program = (
        f"import sys, django; from tests import chance; chance.stream.begin('{steps} {codes} {next(_errands)}'); chance.steady(); django.setup();"
        " from tests.journeys.neighbours import run; run(*sys.argv[1:])"
    )
    command = [sys.executable, "-c", program, steps, str(folder), *map(str, codes)]
    done = subprocess.run(command, env=environment, cwd=Path(__file__).parents[2], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]


def days_pass(served: Served, code: int, days: int) -> None:
    """Nobody waits for a number in a test: what was done so far was done so many days ago. As owner, with the triggers asleep."""
    dated = ("locked_on", "promised_on", "number_day", "drawn_on", "opened_on")
    with psycopg.connect(served.owner_url) as owner:
        owner.execute("SET session_replication_role = replica")
        owner.execute(
            f"UPDATE trials_trial SET {', '.join(f'{name} = {name} - %s' for name in dated)} WHERE municipality_id = %s AND number ="
            " (SELECT max(number) FROM trials_trial WHERE municipality_id = %s)", [*[days] * len(dated), code, code],
        )  # fmt: skip


def write_protocol(freja: Visitor, title: str, **boxes: str) -> Visitor:
    freja.open("/forsoeg/").follow("Nyt forsøg").write("Forsøgets navn", title)
    for label, name in BOXES.items():
        freja.write(label, TEXTS[name])
    for label, value in boxes.items():
        freja.write(label, value)
    return freja


def lock(freja: Visitor) -> Visitor:
    freja.press("Gem kladden").told("Protokollen er gemt som kladde").follow("Lås protokollen", "#nu")
    return freja.press("Lås protokollen").told("Protokollen er låst")


def ceremony(served: Served, code: int, henrik: Visitor, freja: Visitor) -> None:
    """Two promises, some days, the number typed by two, and the list."""
    for person in (henrik, freja):
        person.open(freja.here).follow("Giv løftet", "#nu")
        if person is henrik:
            person.write("Hvilket offentligt tal trækkes der lod med?", "Vindertallene i Lotto").date("Hvornår bliver tallet kendt?", timezone.localdate() + timedelta(days=4))
        person.press("Forsegl hemmeligheden").told("SHA-256 er offentlig")
    days_pass(served, code, 5)
    for person in (henrik, freja):
        person.open(freja.here).follow("Skriv tallet", "#nu").write("Det offentlige tal", NUMBER).press("Gem tallet")
    freja.press("Forsegl listen").told("Listen er lavet og forseglet")


def package(freja: Visitor, henrik: Visitor, title: str, folder: Path) -> str:
    """Asked for by one and let out by another. The address of the package's page."""
    freja.open("/udlevering/").follow("Bed om data fra et forsøg")
    freja.page.locator("main").get_by_label("Forsøg", exact=True).select_option(label=next(text for text in freja.page.locator("main option").all_text_contents() if title in text))
    freja.write("Hvem skal have data?", "Evaluator i Fjordby").write("Hvad skal de bruges til?", "Virker det?").press("Bed om pakken", "main")
    henrik.open(freja.here).press("Udlever pakken").told("Pakken er lavet og udleveret")
    return freja.here


def report(freja: Visitor, submit: str, files: list[Path], box: str) -> Visitor:
    """From files to a report on the screen."""
    freja.box(box).set_input_files(files)
    freja.press(submit)
    expect(freja.page.get_by_role("button", name="Brug leverancen")).to_be_visible(timeout=300_000)
    freja.press("Brug leverancen").press("Kør undersøgelsen")
    expect(freja.page.get_by_role("link", name="Rapporten som én fil")).to_be_visible(timeout=300_000)
    return freja


def drawn(zipped: Path) -> list[dict[str, str]]:
    with zipfile.ZipFile(zipped) as archive:
        return list(csv.DictReader(io.StringIO(archive.read("lodtraekning.csv").decode())))


def test_thirteen_municipalities_from_protocol_to_report(arrive: Arrive, served: Served, tmp_path: Path) -> None:
    towns, title = (FJORDBY, *CODES), "Mentor til unge i tretten kommuner"
    elsewhere(served, tmp_path, "found", *CODES)
    freja, henrik = arrive("Freja Friis"), arrive("Henrik Holm")
    write_protocol(freja, title, **{"Hvor mange kommuner følger protokollen?": "13", "Pladser i hver gruppe": "40"}).press("Regn styrken").sees("260 personer med støtte og 260 i kontrolgruppen")
    lock(freja).sees("Kommunen leder forsøget").shot("forsoeg-faelles")
    days_pass(served, FJORDBY, 7 * WEEKS_AGO + 1)
    downloaded(freja, "Hent filen til de andre kommuner", tmp_path).rename(tmp_path / "faelles.json")
    mark = json.loads((tmp_path / "faelles.json").read_text("utf-8"))["protocol_sha256"]

    # Lyngby: the file is seen whole, taken in and drawn by, on the screen
    leader, evaluator = arrive().enter("Henrik Holm", f"henrik-{LYNGBY}"), arrive(phone=True).enter("Freja Friis", f"freja-{LYNGBY}")
    leader.open("/forsoeg/").follow("Læs en protokol fra en fil")
    leader.box("Protokollen som fil").set_input_files(tmp_path / "faelles.json")
    leader.press("Læs filen").sees("Det går kommunen med til").sees(TEXTS["information"]).sees(mark).shot("forsoeg-deltag", tall=2200)
    leader.write("Med hvilken hjemmel er jeres kommune med?", "LAB § 167, stk. 1. Besluttet den 2. november.").write("Hvem kan borgere og de andre kommuner spørge?", "Bo Bak, 00 00 00 41")
    leader.press("Deltag i forsøget").told("Kommunen er med").sees(mark)
    evaluator.open(leader.here)
    ceremony(served, LYNGBY, leader, evaluator)

    # meanwhile: eleven others and the lead itself
    elsewhere(served, tmp_path, "follow", *CODES[1:])
    elsewhere(served, tmp_path, "draw", FJORDBY, *CODES[1:])
    elsewhere(served, tmp_path, "enrol+let_out", FJORDBY, *CODES[1:])
    elsewhere(served, tmp_path, "enrol", LYNGBY)
    where = package(evaluator, leader, title, tmp_path)
    downloaded(evaluator.open(where), "Hent pakken", tmp_path).rename(tmp_path / f"pakke-{LYNGBY}.zip")

    # the lead's evaluator joins them
    zips = [tmp_path / f"pakke-{code}.zip" for code in towns]
    freja.open("/udlevering/").press("Åbn den fælles undersøgelse", freja.page.locator(".sn-panel", has_text=title)).told("Undersøgelsen er åben")
    freja.follow("Tag pakker ind").box("Pakkerne fra kommunerne").set_input_files(zips)
    freja.press("Tag dem ind").sees("13 af 13 kommuner har udleveret deres pakke").shot("undersoegelse-faelles", tall=1800)
    lines = [line for each in zips for line in drawn(each)]
    assert len({line["noegle"] for line in lines}) == 13 * PERSONS
    freja.follow("Saml pakkerne med registret")
    report(freja, "Saml og prøv efter", invented_register.write(tmp_path / "register", lines), "Datafiler og følgeseddel").sees("i hver kommune").sees(f"{13 * PERSONS}")
    freja.shot("rapport-faelles", tall=2600)
    freja.follow("Bed om at frigive den").write("Hvem skal se rapporten?", "De tretten kommuner").press("Bed om frigivelse")
    henrik.open(freja.here).press("Frigiv rapporten").told("Rapporten er frigivet")

    # anybody: every lot of every town, worked out again by a program that knows nothing of ours
    evaluator.open("/forsoeg/").follow(title, "main")
    evaluator.follow("Slut indtaget", "#nu").write("Hvorfor?", "Pladserne er brugt.").press("Slut indtaget").told("Hele lodtrækningen kan nu prøves efter")
    elsewhere(served, tmp_path, "publish", *towns)
    for code, zipped in zip(towns, zips, strict=True):
        file = tmp_path / f"offentlig-{code}.json"
        said = subprocess.run([NODE, published.SCRIPT, file], capture_output=True, text=True)
        assert said.returncode == 0 and "Alle 40 lodder er regnet ud igen" in said.stdout and mark in said.stdout, said.stdout
        told = json.loads(file.read_text("utf-8"))
        assert Counter(lot["arm"] for lot in told["lots"]) == Counter(line["gruppe"] for line in drawn(zipped)), "what was analysed is what was drawn"


def test_one_municipality_is_told_that_it_cannot_know_alone(arrive: Arrive, served: Served, tmp_path: Path) -> None:
    code, title = LYNGBY + 50, "Mentor til enlige forsørgere"
    elsewhere(served, tmp_path, "alone", code)
    henrik, freja = arrive().enter("Henrik Holm", f"henrik-{code}"), arrive().enter("Freja Friis", f"freja-{code}")
    write_protocol(freja, title, **{"Ventet virkning for dem, der siger ja": "4", "Så mange siger ja til tilbuddet": "100"})
    freja.press("Regn styrken").sees("100 personer med støtte og 100 i kontrolgruppen er for lille til at vise en forskel på 4 procentpoint")
    freja.sees("Kommunen kan ikke få svaret alene. Gå sammen med andre kommuner").shot("forsoeg-alene")
    freja.press("Gem kladden").follow("Lås protokollen", "#nu").sees("Kommunen kan ikke få svaret alene")
    freja.press("Lås protokollen").told("Protokollen er låst")
    ceremony(served, code, henrik, freja)
    days_pass(served, code, 7 * WEEKS_AGO)
    elsewhere(served, tmp_path, "crowd", code)
    where = package(freja, henrik, title, tmp_path)
    zipped = downloaded(freja.open(where), "Hent pakken", tmp_path)
    freja.open(where).follow("Brug den i en undersøgelse")
    sent = invented_register.write(tmp_path / "register", drawn(zipped))
    report(freja, "Hent og prøv efter", sent, "Registerfilen og dens følgeseddel").sees("er for lille til at vise en forskel på 4 procentpoint")
    freja.sees("Kommunen kan ikke få svaret alene. Gå sammen med andre kommuner om den samme protokol.")

"""A trial on the screen: the protocol is written and locked, a citizen is drawn about, the lot is opened, and a stranger's page agrees."""

import copy
import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from tests.casework.trials.made import TEXTS
from tests.journeys.conftest import Arrive
from tests.journeys.test_inspection import downloaded, says

pytestmark = pytest.mark.browser
BOXES = {
    "Hvilket spørgsmål skal forsøget svare på?": "question", "Hvem handler forsøget om?": "population", "Hvem kan der trækkes lod om?": "eligibility",
    "Hvem kan ikke være med?": "exclusions", "Med hvilken hjemmel trækkes der lod?": "legal_basis", "Hvad får borgeren at vide?": "information",
    "Hvad får kontrolgruppen?": "usual_effort", "Hvornår stopper forsøget?": "stopping",
}  # fmt: skip
OURS = "main tr:has-text('Mentor til unge uden uddannelse')"  # other walks leave trials in the town too


def test_one_municipality_writes_a_protocol_and_is_told_that_it_cannot_know_alone(arrive: Arrive) -> None:
    freja, henrik = arrive("Freja Friis"), arrive("Henrik Holm")
    freja.open("/forsoeg/").shot("forsoeg").follow("Nyt forsøg").write("Forsøgets navn", "Mentor til enlige forsørgere")
    for label, name in BOXES.items():
        freja.write(label, TEXTS[name])
    freja.press("Regn styrken").sees("100 personer med støtte og 100 i kontrolgruppen er for lille").sees("Kommunen kan ikke få svaret alene")
    freja.write("Hvor mange kommuner følger protokollen?", "14").press("Regn styrken").sees("viser med", ".tr-power[data-level='ok']")
    freja.press("Gem kladden").told("Protokollen er gemt som kladde").follow("Lås protokollen", "#nu").shot("forsoeg-laas")
    freja.press("Lås protokollen").told("Protokollen er låst")
    henrik.open(freja.here).follow("Giv løftet", "#nu").write("Hvilket offentligt tal trækkes der lod med?", "Vindertallene i Lotto, i stigende rækkefølge")
    henrik.date("Hvornår bliver tallet kendt?", timezone.localdate() + timedelta(days=4)).shot("forsoeg-loefte")
    henrik.press("Forsegl hemmeligheden").told("SHA-256 er offentlig")
    freja.follow("Giv løftet", "#nu").press("Forsegl hemmeligheden").told("SHA-256 er offentlig").sees("Begge løfter er givet").sees("Vent til")


def test_a_citizen_is_drawn_about_and_anybody_can_verify_it(arrive: Arrive, tmp_path: Path) -> None:
    """The town has a trial that takes citizens in: three are cleared, one of them waits for the lot."""
    bente, freja = arrive("Bente Bak").open("/forsoeg/"), arrive("Freja Friis").open("/forsoeg/")
    bente.follow("Borgere", OURS).shot("forsoeg-borgere", tall=1200).follow("Klar til lod").sees("Det kan ikke fortrydes").shot("forsoeg-traek")
    bente.press("Træk lod").shot("forsoeg-lod")
    arm = bente.page.locator(".tr-arm").get_attribute("data-arm")
    assert arm in ("offered", "control")
    receipt = downloaded(bente, "Hent kvitteringen", tmp_path)
    told = json.loads(receipt.read_text("utf-8"))
    assert [lot["arm"] for lot in told["lots"]] == [arm]
    freja.follow("Mentor til unge uden uddannelse", OURS).sees("Hvor langt forsøget er").shot("forsoeg-et", tall=2000)
    published = downloaded(freja, "Hent filen til offentliggørelse", tmp_path)
    assert json.loads(published.read_text("utf-8"))["lots"] == []
    spoilt = copy.deepcopy(told)
    spoilt["lots"][0]["arm"] = {"offered": "control", "control": "offered"}[arm]
    forged = tmp_path / "byttet.json"
    forged.write_text(json.dumps(spoilt), "utf-8")
    freja.follow("Prøv lodtrækningen efter")
    home = downloaded(freja, "verify_lottery.html: åbn den i en browser", tmp_path)
    alone = freja.page.context.new_page()
    alone.goto(home.as_uri())
    for file, verdict in ((receipt, "right"), (published, "right"), (forged, "wrong")):
        assert says(alone, file)[0] == says(freja.page, file)[0] == verdict, file.name
    says(freja.page, receipt)
    freja.shot("forsoeg-proev-efter")
    alone.close()

"""From a lottery with two offers, or of whole units, to the engine: each comparison is of the arms it names, and a unit is a cluster."""

import csv
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from snerydder.access import actions as access
from snerydder.access.models import Unit
from snerydder.access.tenancy import within
from snerydder.audit.action import Refusal
from snerydder.casework.trials import actions as trials
from snerydder.casework.trials import intake, opening
from snerydder.casework.trials.models import Enrolment
from snerydder.evaluation import parts, store, worker
from snerydder.evaluation.models import Study
from snerydder.exchange.research import actions
from tests import build
from tests.build import DAY
from tests.casework.trials import made
from tests.casework.trials.test_schemes import FIRST, TEAMS, THIRD, UNITS, begun
from tests.casework.trials.together import NAMES, Together, meets
from tests.cast import FJORDBY, Cast, fjordby
from tests.exchange.research.test_door import agree, offline, register
from tests.exchange.research.test_together import drawn, remade
from tests.exchange.research.test_together import register as joint_register
from tests.pages.visit import visitor


@pytest.fixture(autouse=True)
def late_in_2026(settings: Any, tmp_path: Path) -> Iterator[None]:
    settings.TRIAL_WITNESS = tmp_path / "lodder"
    with time_machine.travel("2026-12-01T10:00:00+01:00", tick=True):
        yield


@pytest.fixture
def town(own_database: str) -> Cast:
    with within(FJORDBY):
        return fjordby()


def packed(town: Cast, trial: Any, folder: Path) -> tuple[Path, dict[str, int]]:
    """The package beside a register, as the engine gets them; and how many each arm has."""
    with within(FJORDBY):
        by_arm = {opening.arm_of(row): row for row in Enrolment.objects.filter(trial=trial).select_related("trial", "case")}
        for arm in sorted(set(by_arm) - {"control"}):  # one of each offer meets a mentor
            meets(town, by_arm[arm].case)
        row = actions.let_out(actions.ask(trial, by=town.freja, receiver="Evaluator", purpose="Virker det?"), by=town.henrik)
        for file in actions.folder_of(row).iterdir():
            (folder / file.name).write_bytes(file.read_bytes())
        register(row, folder)
    with (folder / "lodtraekning.csv").open(encoding="utf-8", newline="") as opened:
        return folder, Counter(line["gruppe"] for line in csv.DictReader(opened))


def run(folder: Path, protocol: str) -> dict[str, Any]:
    text = (folder / protocol).read_text(encoding="utf-8").replace('status = "final"', 'status = "draft"').replace("redraws = 10000", "redraws = 199")
    (folder / "study.toml").write_text(text, encoding="utf-8")
    return worker.check(folder) | worker.run(folder)


def test_each_offer_is_compared_with_the_control_alone(town: Cast, tmp_path: Path) -> None:
    trial = begun(town, **THIRD | {"places": 40, "secondary": ()})
    for number in range(1, 31):
        with within(FJORDBY):
            made.enrolled(town, trial, number)
    folder = tmp_path / "pakke"
    folder.mkdir()
    folder, arms = packed(town, trial, folder)
    assert set(arms) == {"offered", "more", "control"}
    (folder / "udfald.txt").write_text("651\n", encoding="utf-8")
    for protocol, arm in (("study.toml", "offered"), ("study-andet-tilbud.toml", "more")):
        found = run(folder, protocol)
        agree(offline(folder, folder, "register.csv", "udfald.txt", arm), folder)
        assert (found["treated"], found["control"], found["persons"]) == (arms[arm], arms["control"], arms[arm] + arms["control"]), protocol


def test_a_unit_with_one_lot_is_a_cluster_of_the_analysis(town: Cast, tmp_path: Path) -> None:
    trial = begun(town, **UNITS | {"places": 8, "secondary": ()})
    with within(FJORDBY):
        units = {name: Unit.objects.get(name=name) for name in TEAMS}
    for at, unit in enumerate(units.values()):
        for number in range(6):
            with within(FJORDBY):
                case = build.assessed(town, build.citizen(town, 100 + 10 * at + number, unit=unit))[0]
                intake.enrol(made.screen(town, trial, case), by=town.bente, on=FIRST)
    folder = tmp_path / "pakke"
    folder.mkdir()
    folder, arms = packed(town, trial, folder)
    assert set(arms) == {"offered", "control"} and all(count % 6 == 0 for count in arms.values()), "each unit lies whole in one arm"
    assert 'cluster = "klynge"' in (folder / "study.toml").read_text(encoding="utf-8")
    found = run(folder, "study.toml")
    (folder / "udfald.txt").write_text("651\n", encoding="utf-8")
    agree(offline(folder, folder, "register.csv", "udfald.txt"), folder)
    assert found["done"] and found["persons"] == 24
    assert "klynge" in (folder / "results" / "da" / "report.html").read_text(encoding="utf-8").lower()


# --- Several municipalities -------------------------------------------------------------------------------------
def laid_together(found: Together, packages: list[Any], folder: Path, offer: str = "offered") -> tuple[Study, dict[str, Any], Path]:
    """The study of the offer at the lead, with every town's package and one register; what the engine read, and where its report is."""
    freja = found.towns[FJORDBY].freja
    with within(FJORDBY):
        study = actions.open_study(found.trials[FJORDBY], by=freja, offer=offer)
        for package in packages:
            package.seek(0)
            parts.take(study, package, by=freja)
        delivery = parts.join(study, joint_register(packages, folder), by=freja)
        laid = store.trial_of(delivery)
    text = (laid / "study.toml").read_text(encoding="utf-8")
    (laid / "study.toml").write_text(text.replace('status = "final"', 'status = "draft"').replace("redraws = 10000", "redraws = 199"), encoding="utf-8")
    return study, worker.check(laid) | worker.run(laid), laid / "results" / "da" / "report.html"


@pytest.fixture
def two(own_database: str) -> Together:
    """Two municipalities, two offers; the lead amends the protocol before anybody is in."""
    found = Together().begin(2, **THIRD | {"places": 40})
    with within(FJORDBY):
        trials.amend(found.trials[FJORDBY], by=found.towns[FJORDBY].freja, field="week", after="40", reason="Registret kommer tidligere.", on=DAY)
    found.others_join(2)
    for code in found.codes:
        found.draw(code)
        found.enrol(code, 18)
    found.serve(FJORDBY)
    return found


def test_two_towns_with_two_offers_become_a_report_of_each(two: Together, tmp_path: Path) -> None:
    """The same packages stand in both studies, each town is a stratum, and no third arm is counted with the two compared."""
    assert two.trials[FJORDBY + 1].protocol_text == two.trials[FJORDBY].protocol_text and 'arms = ["offered", "more", "control"]' in two.trials[FJORDBY].protocol_text
    packages = [two.package(code) for code in two.codes]
    arms = Counter(row["gruppe"] for package in packages for row in drawn(package))
    assert set(arms) == {"offered", "more", "control"} and sum(arms.values()) == 36
    studies = {}
    for offer in ("offered", "more"):
        (tmp_path / offer).mkdir()
        studies[offer], found, report = laid_together(two, packages, tmp_path / offer, offer)
        assert (found["treated"], found["control"], found["strata"]) == (arms[offer], arms["control"], 2), offer
        assert "i hver kommune" in report.read_text(encoding="utf-8")
        with within(FJORDBY):
            assert studies[offer].amendments.count() == 1 and "week = 40" in studies[offer].protocol
    assert studies["offered"].pk != studies["more"].pk and studies["more"].title.endswith("det andet tilbud")
    assert 'treated = "more"' in studies["more"].protocol and "alpha = 0.05" in studies["more"].protocol, "each at half the level"


def test_a_package_of_one_offer_s_protocol_does_not_fit_the_other_s(two: Together) -> None:
    """Nobody moves a protocol over by its name: the signature says which was locked for which offer."""
    package = two.package(FJORDBY + 1)
    freja = two.towns[FJORDBY].freja
    with within(FJORDBY):
        study = actions.open_study(two.trials[FJORDBY], by=freja, offer="more")

        def exchange(files: dict[str, bytes], told: dict[str, Any]) -> None:
            files["study-andet-tilbud.toml"] = files["study.toml"]

        def forget(files: dict[str, bytes], told: dict[str, Any]) -> None:
            told.pop("other_sha256")

        for change, says in ((exchange, "udgave"), (forget, "anden protokol")):
            with pytest.raises(Refusal, match=says):
                parts.take(study, remade(package, change), by=freja)
        package.seek(0)
        assert parts.take(study, package, by=freja).persons == 18


def test_a_trial_with_one_offer_has_no_other_study(own_database: str) -> None:
    found = Together().begin(2)
    with within(FJORDBY), pytest.raises(Refusal, match="ikke det tilbud"):
        actions.open_study(found.trials[FJORDBY], by=found.towns[FJORDBY].freja, offer="more")


def test_the_pages_of_two_offers(two: Together, client: Client) -> None:
    freja = visitor(client, two.towns[FJORDBY].freja)
    said = freja.get(reverse("research:packages")).content.decode()
    assert "Åbn undersøgelsen af det første tilbud" in said and "Åbn undersøgelsen af det andet tilbud" in said
    said = freja.post(reverse("research:open_study", args=[two.trials[FJORDBY].pk]), {"offer": "more"}, follow=True).content.decode()
    assert "Undersøgelsen er åben" in said and "det andet tilbud" in said
    with within(FJORDBY):
        cast = two.towns[FJORDBY]
        row = actions.let_out(actions.ask(two.trials[FJORDBY], by=cast.freja, receiver="Evaluator", purpose="Virker det?"), by=cast.henrik)
    said = freja.get(reverse("research:study", args=[row.pk])).content.decode()
    assert "Hvilket tilbud skal sammenlignes med kontrolgruppen?" in said and THIRD["more_offer"] in said


def test_whole_units_of_two_towns_are_clusters_of_one_report(own_database: str, tmp_path: Path) -> None:
    """Each town draws about its own teams; the protocol names none of them; in the report a team of a town is a cluster in the town's stratum."""
    found = Together()
    for code in (FJORDBY, FJORDBY + 1):
        with within(code):
            cast = found.towns[code] = fjordby() if code == FJORDBY else fjordby(code, NAMES[1], f"-{code}")
            for name in TEAMS:
                access.add_unit(name, by=cast.henrik)
            if code == FJORDBY:
                found.trials[code] = made.locked(cast, **UNITS | {"municipalities": 2, "secondary": (), "places": 8})
    assert TEAMS[0] not in found.trials[FJORDBY].protocol_text and 'drawn = "unit"' in found.trials[FJORDBY].protocol_text
    found.join(FJORDBY + 1)
    for code in found.codes:
        found.draw(code)
        with within(code):
            units = list(Unit.objects.filter(name__in=TEAMS).order_by("name"))
        for at, unit in enumerate(units):
            for number in range(5):
                with within(code):
                    cast = found.towns[code]
                    case = build.assessed(cast, build.citizen(cast, 100 + 10 * at + number, unit=unit))[0]
                    intake.enrol(made.screen(cast, found.trials[code], case), by=cast.bente, on=FIRST)
    found.serve(FJORDBY)
    packages = [found.package(code) for code in found.codes]
    rows = [row for package in packages for row in drawn(package)]
    teams: dict[str, set[str]] = {}
    for row in rows:
        teams.setdefault(row["klynge"], set()).add(row["gruppe"])
    assert len(teams) == 8 and all(len(arms) == 1 for arms in teams.values()), "a team of a town has one arm, whatever the other's of that name has"
    _study, read, report = laid_together(found, packages, tmp_path)
    assert (read["persons"], read["strata"]) == (40, 2)
    assert "klynge" in report.read_text(encoding="utf-8").lower()

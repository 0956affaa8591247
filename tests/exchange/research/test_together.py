"""Several municipalities in one study: each package is signed and held against the protocol, and one report is of them all."""

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from snerydder.access.signing import signed
from snerydder.access.tenancy import within
from snerydder.audit.action import Conflict, Refusal
from snerydder.casework.trials import actions as trials
from snerydder.casework.trials import joint
from snerydder.evaluation import parts, queries, store, worker
from snerydder.evaluation.models import Part, Study
from snerydder.exchange.research import actions
from snerydder.registers.codes import SHIPPED
from snerydder.study import manifest
from tests.build import DAY
from tests.casework.trials.together import Together
from tests.cast import FJORDBY
from tests.exchange.research.test_door import by_arm
from tests.pages.visit import visitor

PERSONS = 10


@pytest.fixture(autouse=True)
def late_in_2026(settings: Any, tmp_path: Path) -> Iterator[None]:
    settings.TRIAL_WITNESS = tmp_path / "lodder"
    with time_machine.travel("2026-12-01T10:00:00+01:00", tick=True):
        yield


@pytest.fixture
def three(own_database: str) -> Together:
    """The protocol's week is changed by the lead before anybody is in, and the others take it in as they join."""
    found = Together().begin(3)
    with within(FJORDBY):
        trials.amend(found.trials[FJORDBY], by=found.towns[FJORDBY].freja, field="week", after="40", reason="Registret kommer tidligere.", on=DAY)
    found.others_join(3)
    for code in found.codes:
        found.draw(code)
        found.enrol(code, PERSONS)
    found.serve(FJORDBY)
    return found


def open_study(found: Together) -> Study:
    return actions.open_study(found.trials[FJORDBY], by=found.towns[FJORDBY].freja)


def register(packages: list[Any], folder: Path) -> list[SimpleUploadedFile]:
    """For each pseudonym of every package two years and more, those offered a mentor sooner in education."""
    rows = [row for package in packages for row in drawn(package)]
    days = [(date.fromisocalendar(2026, 11, 1) + timedelta(weeks=week)).isocalendar() for week in range(110)]
    weeks = [f"y_{day.year % 100}{day.week:02d}" for day in days]
    lines = [",".join(["noegle", *weeks])]
    for place, row in enumerate(sorted(rows, key=by_arm)):
        begins = (20 if row["gruppe"] == "offered" else 50) + place % 30
        lines.append(",".join([row["noegle"], *("651" if week >= begins else "731" for week in range(len(weeks)))]))
    file, codes = folder / "register.csv", folder / "koder.csv"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    codes.write_text(SHIPPED["dream"].read_text(encoding="utf-8").replace(",likely,", ",confirmed,"), encoding="utf-8")
    return [SimpleUploadedFile(each.name, each.read_bytes()) for each in (file, codes, manifest.write([file, codes], folder / manifest.NAME))]


def drawn(package: SimpleUploadedFile) -> list[dict[str, str]]:
    package.seek(0)
    with zipfile.ZipFile(io.BytesIO(package.read())) as archive:
        package.seek(0)
        return list(csv.DictReader(io.StringIO(archive.read("lodtraekning.csv").decode())))


def test_three_packages_become_one_report(three: Together, tmp_path: Path) -> None:
    packages = [three.package(code) for code in three.codes]
    freja = three.towns[FJORDBY].freja
    with within(FJORDBY):
        study = open_study(three)
        assert "week = 40" in study.protocol and study.amendments.get().reason.endswith("Registret kommer tidligere.") and not study.amendments.get().after_data
        assert open_study(three).pk == study.pk and queries.municipalities(study) == 3
        with pytest.raises(Refusal, match="mindst to kommuner"):
            parts.join(study, [], by=freja)
        for package in packages:
            package.seek(0)
            parts.take(study, package, by=freja)
        delivery = parts.join(study, register(packages, tmp_path), by=freja)
        assert [each["name"] for each in delivery.manifest["parts"]] == ["Bakkeby Kommune", "Fjordby Kommune", "Lyngø Kommune"]
        folder = store.trial_of(delivery)
        worker.main(["check", str(folder)])
        found = store.outcome(folder)
        assert found and found["done"], found
        assert (found["persons"], found["strata"]) == (3 * PERSONS, 3), "each municipality is a stratum"
        lots = list(csv.DictReader((store.of_delivery(delivery) / "lodtraekning.csv").open(encoding="utf-8")))
        assert [row["noegle"] for row in lots] == sorted(row["noegle"] for row in lots), "the order tells nothing"
        worker.main(["run", str(folder)])
        assert "i hver kommune" in (folder / "results" / "da" / "report.html").read_text(encoding="utf-8")


def remade(package: SimpleUploadedFile, change: Callable[[dict[str, bytes], dict[str, Any]], Any], key: int = 0) -> SimpleUploadedFile:
    """As somebody would who may sign: everything in it agrees but what was changed."""
    package.seek(0)
    with zipfile.ZipFile(io.BytesIO(package.read())) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    package.seek(0)
    told = json.loads(files.pop(parts.SIGNED))
    told.pop("signature")
    change(files, told)
    told["files"] = {name: hashlib.sha256(held).hexdigest() for name, held in files.items()}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, held in files.items():
            archive.writestr(name, held)
        archive.writestr(parts.SIGNED, json.dumps(signed(told, key or told["municipality"]["number"])))
    return SimpleUploadedFile("pakke.zip", out.getvalue())


def changed_after_the_signature(package: SimpleUploadedFile) -> SimpleUploadedFile:
    """Two arms are exchanged by somebody who cannot sign."""
    package.seek(0)
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package.read())) as archive, zipfile.ZipFile(out, "w") as forged:
        for name in archive.namelist():
            held = archive.read(name)
            forged.writestr(name, held.replace(b"offered", b"control", 1) if name == parts.LOTTERY else held)
    package.seek(0)
    return SimpleUploadedFile("pakke.zip", out.getvalue())


def spoilt(package: SimpleUploadedFile) -> SimpleUploadedFile:
    """Some bytes of a packed file were lost on the way, and the list of files is whole."""
    package.seek(0)
    content = bytearray(package.read())
    package.seek(0)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        at = archive.getinfo(parts.LOTTERY).header_offset + 30 + len(parts.LOTTERY)
    content[at : at + 8] = b"\xff" * 8
    return SimpleUploadedFile("pakke.zip", bytes(content))


def test_a_package_that_does_not_agree_is_refused_whole(three: Together) -> None:
    first, second, third = (three.package(code) for code in three.codes)
    other = drawn(second)[0]["noegle"]

    def swap(name: str, before: str, after: str) -> Callable[[dict[str, bytes], dict[str, Any]], Any]:
        return lambda files, told: files.update({name: files[name].replace(before.encode(), after.encode())})

    own = drawn(first)[0]["noegle"]
    tried = [
        (SimpleUploadedFile("x.zip", b"PK"), "ikke en pakke"), (SimpleUploadedFile("x.zip", first.read()[:-30]), "ikke en pakke"),
        (changed_after_the_signature(first), "Underskriften passer ikke"),
        (remade(first, lambda files, told: told.update(protocol_sha256="0" * 64)), "anden protokol"),
        (remade(first, swap("study.toml", "week = 40", "week = 41")), "har 1 ændring af protokollen"),
        (remade(first, swap("lodtraekning.csv", "Fjordby", "Skovby")), "passer ikke til det"),
        (remade(first, lambda files, told: told.update(persons=9)), "passer ikke til det"),
        (remade(first, swap("lodtraekning.csv", own, other)), "også i pakken fra Bakkeby"),
        (remade(first, swap("lodtraekning.csv", own, drawn(first)[1]["noegle"])), "passer ikke til det"),
        (remade(third, lambda files, told: told.update(municipality={"number": 777, "name": "Lyngø Kommune"}), key=902), "nøgle, der ikke er kommunens"),
        (remade(second, lambda files, told: None, key=903), "nøgle, der ikke er kommunens"),
        (remade(first, lambda files, told: told.update(municipality={"number": 777, "name": "Bakkeby Kommune"})), "anden kommune, der hedder Bakkeby"),
        (remade(first, lambda files, told: told.update(municipality={"number": "901", "name": "Fjordby Kommune"}), key=901), "ikke en pakke"),
        (remade(first, lambda files, told: told.pop("amendments")), "ikke en pakke"), (remade(first, lambda files, told: told.update(protocol_sha256="\0")), "ikke en pakke"),
        (remade(first, lambda files, told: files.pop("study.toml")), "ikke en pakke"), (spoilt(first), "ikke en pakke"),
    ]  # fmt: skip
    freja = three.towns[FJORDBY].freja
    with within(FJORDBY):
        study = open_study(three)
        parts.take(study, second, by=freja)
    for package, says in tried:
        with within(FJORDBY), pytest.raises(Refusal, match=says):
            parts.take(study, package, by=freja)
    with within(FJORDBY):
        assert [part.name for part in Part.objects.all()] == ["Bakkeby Kommune"] and len(list(store.of_study(study).glob("pakke-*"))) == 1


def test_a_newer_package_takes_the_place_of_the_older_and_one_is_withdrawn(three: Together) -> None:
    freja, packages = three.towns[FJORDBY].freja, [three.package(code) for code in three.codes]
    with within(FJORDBY):
        study = open_study(three)
        taken = [parts.take(study, package, by=freja) for package in packages]
        packages[0].seek(0)
        with pytest.raises(Conflict, match="taget ind før"):
            parts.take(study, packages[0], by=freja)
    again = three.package(902)
    with within(FJORDBY):
        newer = parts.take(study, again, by=freja)
        assert [part.pk for part in queries.parts(study)] == [newer.pk, taken[0].pk, taken[2].pk]
        assert Part.objects.get(pk=taken[1].pk).state == Part.State.REPLACED
        parts.withdraw(newer, by=freja)
        assert len(queries.parts(study)) == 2
        with pytest.raises(Conflict, match="ikke med længere"):
            parts.withdraw(newer, by=freja)


def test_a_town_that_has_not_taken_an_amendment_in_is_told(three: Together) -> None:
    """The lead changes the protocol when citizens are in: the study is marked, and an old package is refused until the town follows."""
    freja, old = three.towns[FJORDBY].freja, three.package(902)
    with within(FJORDBY):
        trials.amend(three.trials[FJORDBY], by=freja, field="missing", after="stop", reason="Registret er helt.", on=DAY + timedelta(days=30))
        study = open_study(three)
        assert [each.after_data for each in queries.amendments(study)] == [False, True] and len(queries.late(study)) == 1
        with pytest.raises(Refusal, match="Bakkeby Kommune har 1 ændring af protokollen, og undersøgelsen har 2"):
            parts.take(study, old, by=freja)
    content = three.file()
    with within(902):
        joint.take_changes(three.trials[902], joint.read(content), by=three.towns[902].henrik)
    new = three.package(902)
    with within(FJORDBY):
        assert parts.take(study, new, by=freja).persons == PERSONS


def test_a_study_changed_by_hand_is_not_the_trial_s_any_more(three: Together) -> None:
    from snerydder.evaluation import actions as evaluation

    freja = three.towns[FJORDBY].freja
    with within(FJORDBY):
        study = open_study(three)
        evaluation.amend(study, study.protocol.replace("redraws = 10000", "redraws = 999"), "For at spare tid.", by=freja)
        with pytest.raises(Refusal, match="rettet i undersøgelsen selv"):
            open_study(three)


def test_the_evaluator_s_pages_of_a_joint_study(three: Together, tmp_path: Path) -> None:
    """One wrong package does not stop the others, and the page says how many are missing."""
    packages = [three.package(code) for code in three.codes]
    with within(FJORDBY):
        freja = visitor(Client(), three.towns[FJORDBY].freja)
    assert "Åbn den fælles undersøgelse" in freja.get(reverse("research:packages")).content.decode()
    page = freja.post(reverse("research:open_study", args=[three.trials[FJORDBY].pk]), follow=True).content.decode()
    assert "0 af 3 kommuner har udleveret deres pakke" in page
    with within(FJORDBY):
        study = Study.objects.get()
    page = freja.post(reverse("evaluation:take_parts", args=[study.pk]), {"files": [packages[0], SimpleUploadedFile("andet.zip", b"PK"), packages[1]]}).content.decode()
    assert "Taget ind: Fjordby Kommune, Bakkeby Kommune" in page and "andet.zip: Det er ikke en pakke fra et forsøg" in page
    assert "1 af 3 kommuner mangler endnu" in freja.get(reverse("evaluation:join", args=[study.pk])).content.decode()
    assert "mindst to" not in freja.post(reverse("evaluation:take_parts", args=[study.pk]), {"files": [packages[2]]}, follow=True).content.decode()
    page = freja.post(reverse("evaluation:join", args=[study.pk]), {"files": register(packages, tmp_path)}, follow=True).content.decode()
    assert "Samlet af pakkerne fra Bakkeby Kommune, Fjordby Kommune, Lyngø Kommune" in page
    with within(FJORDBY):
        part = Part.objects.get(name="Lyngø Kommune")
    page = freja.post(reverse("evaluation:withdraw_part", args=[part.pk]), follow=True).content.decode()
    assert "Pakken fra Lyngø Kommune er trukket tilbage" in page and "2 af 3 kommuner" in page

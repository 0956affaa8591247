"""Out to a survey tool and back: pseudonyms and no names, numbers and no free text, tried first and undone with one verb."""

import io
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import reverse

from snerydder.access.tenancy import within
from snerydder.audit.action import Conflict, Refusal
from snerydder.casework.people.models import Citizen
from snerydder.casework.trials import opening
from snerydder.casework.trials.models import Enrolment, Trial
from snerydder.exchange.research import actions, answers, sheets
from snerydder.exchange.research.models import AnswerFile, Package
from tests.casework.trials import made
from tests.casework.trials.together import meets
from tests.cast import FJORDBY, Cast, fjordby
from tests.pages.visit import visitor

KEYS = [f"P{number:016X}" for number in range(3)]


def lines(*rows: list[str]) -> sheets.Lines:
    return list(enumerate(rows, 1))


# --- The sheets -------------------------------------------------------------------------------------
@pytest.mark.parametrize("kind", ["ods", "xlsx"])
def test_what_is_written_is_what_is_read(kind: str) -> None:
    rows = [["P0001", "https://svar.eksempel.dk/?a=1&id=P0001"], ["P0002", '<"æøå">']]
    made_ = sheets.written(kind, "spoergeskema", ["noegle", "link"], rows)
    read = [list(cells) for _number, cells in sheets.read(f"svar.{kind}", made_)]
    assert [[cell.lower() for cell in read[0]], *read[1:]] == [["noegle", "link"], *rows]
    if kind == "ods":
        assert made_ == sheets.written(kind, "spoergeskema", ["noegle", "link"], rows), "the same bytes each time"
        first = zipfile.ZipFile(io.BytesIO(made_)).infolist()[0]
        assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)


@pytest.mark.skipif(shutil.which("soffice") is None, reason="no LibreOffice on this machine")
def test_libreoffice_opens_the_sheet_and_its_own_comes_back(tmp_path: Path) -> None:
    (tmp_path / "ud.ods").write_bytes(sheets.written("ods", "spoergeskema", ["noegle", "glad"], [["P0001", "4"], ["P0002", "nej"]]))
    for kind in ("csv", "xlsx"):
        subprocess.run(["soffice", f"-env:UserInstallation=file://{tmp_path}/profil", "--headless", "--convert-to", kind, "--outdir", str(tmp_path), str(tmp_path / "ud.ods")], check=True, capture_output=True, timeout=120)
    assert (tmp_path / "ud.csv").read_text(encoding="utf-8").splitlines() == ["noegle,glad", "P0001,4", "P0002,nej"]
    subprocess.run(["soffice", f"-env:UserInstallation=file://{tmp_path}/profil", "--headless", "--convert-to", "ods", "--outdir", str(tmp_path / "hjem"), str(tmp_path / "ud.xlsx")], check=True, capture_output=True, timeout=120)
    found = answers.check(sheets.read("ud.ods", (tmp_path / "hjem" / "ud.ods").read_bytes()), {"P0001", "P0002"})
    assert found.rows == {"P0001": ("4",), "P0002": ("0",)} and not found.aside


@pytest.mark.parametrize(
    ("name", "content"),
    [("svar.ods", b"PK\x03\x04nej"), ("svar.ods", b""), ("svar.ods", sheets.written("xlsx", "x", ["noegle"], [])), ("svar.doc", b"x"), ("svar.xlsx", sheets.written("ods", "x", ["noegle"], []))],
)
def test_a_file_that_is_something_else_is_refused_with_what_to_do(name: str, content: bytes) -> None:
    with pytest.raises(Refusal) as refused:
        sheets.read(name, content)
    assert refused.value.mend


def test_a_sheet_that_is_a_bomb_is_not_unpacked() -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", sheets.ODS)
        archive.writestr("content.xml", b" " * (sheets.UNPACKED + 1))
    with pytest.raises(Refusal, match="for stor"):
        sheets.read("svar.ods", held.getvalue())


# --- What comes in ----------------------------------------------------------------------------------
def test_what_is_not_understood_is_set_aside_with_row_and_column() -> None:
    found = answers.check(
        lines(
            ["Noegle", "glad", "boer alene", "bemaerkning"], [KEYS[0].lower(), "4", "Ja", ""], [KEYS[1], "3,5", "nej", "Min mor hedder Karen"], [KEYS[1], "1", "1", ""],
            ["PFFFF", "2", "0", ""], ["", "2", "0", ""], ["", "", "", ""], [KEYS[2], "måske"],
        ),
        set(KEYS),
    )  # fmt: skip
    assert found.columns == ("glad", "boer alene", "bemaerkning")
    assert found.rows == {KEYS[0]: ("4", "1", ""), KEYS[1]: ("3.5", "0", ""), KEYS[2]: ("", "", "")}
    assert [(one.row, one.column) for one in found.aside] == [(3, "bemaerkning"), (4, "Noegle"), (5, "Noegle"), (6, "Noegle"), (8, "glad")]
    assert "Karen" not in str(found.told), "what stood in the cell is kept nowhere"


@pytest.mark.parametrize(
    ("head", "cell", "told"),
    [
        (["noegle", "glad"], "2301901234", "CPR-nummer, i række 2, kolonne glad"), (["noegle", "glad"], "født 230190-1234", "række 2, kolonne glad"),
        (["noegle", "glad"], "203901234", "CPR-nummer, i række 2"), (["navn", "glad"], "1", "Første kolonne hedder ikke noegle"), (["noegle"], "", "Første kolonne hedder ikke noegle"), (["noegle", "glad", "glad"], "1", "står to gange"),
    ],
)  # fmt: skip
def test_a_file_that_names_somebody_or_has_no_keys_is_not_kept(head: list[str], cell: str, told: str) -> None:
    with pytest.raises(Refusal, match=told):
        answers.check(lines(head, [KEYS[0], cell, "1"]), set(KEYS))


# --- From the page ----------------------------------------------------------------------------------
@pytest.fixture(autouse=True)
def late_in_2026() -> Iterator[None]:
    with time_machine.travel("2026-12-01T10:00:00+01:00", tick=True):
        yield


@pytest.fixture
def package(own_database: str) -> tuple[Cast, Package]:
    with within(FJORDBY):
        cast = fjordby()
        trial = made.running(cast)
    for number in range(6):
        with within(FJORDBY):
            made.enrolled(cast, trial, number)
    with within(FJORDBY):
        offered = next(row for row in Enrolment.objects.select_related("trial", "case").order_by("number") if opening.arm_of(row) == "offered")
        meets(cast, offered.case)
        row = actions.ask(Trial.objects.get(), by=cast.freja, receiver="Evaluator", purpose="Er de glade?")
        return cast, actions.let_out(row, by=cast.henrik)


def upload(keys: list[str], cells: list[str], kind: str = "ods") -> SimpleUploadedFile:
    return SimpleUploadedFile(f"svar.{kind}", sheets.written(kind, "svar", ["noegle", "glad"], [list(pair) for pair in zip(keys, cells, strict=True)]))


def test_the_list_goes_out_without_names_and_the_answers_come_home_to_the_study(package: tuple[Cast, Package], client: Client) -> None:
    cast, row = package
    with within(FJORDBY), transaction.atomic():
        freja = visitor(client, cast.freja)
        sent = freja.post(reverse("research:survey_list", args=[row.pk]), {"kind": "ods", "link": "https://svar.eksempel.dk/?id={noegle}"})
        assert sent["Content-Type"] == sheets.ODS
        told = [cells for _number, cells in sheets.read("x.ods", sent.content)]
        keys = [key for key, _link in told[1:]]
        assert told[0] == ["noegle", "link"] and told[1][1] == f"https://svar.eksempel.dk/?id={keys[0]}" and keys == actions.known(row) == sorted(keys)
        whole = str(told)
        assert not any(secret in whole for citizen in Citizen.objects.all() for secret in (citizen.first_name, citizen.cpr(), str(citizen.pk))) and "offered" not in whole
        assert "{noegle}" in freja.post(reverse("research:survey_list", args=[row.pk]), {"kind": "ods", "link": "https://svar.eksempel.dk/"}).content.decode()

        page = freja.post(reverse("research:fetch_answers", args=[row.pk]), {"file": upload([*keys[:4], "PX"], ["4", "2", "måske", "ja", "1"])}, follow=True).content.decode()
        assert "Brug svarene" in page and "Nøglen er ikke med i forsøget" in page and "Der står en tekst" in page and "måske" not in page
        first = AnswerFile.objects.get()
        assert (first.persons, len(first.aside), first.state) == (4, 2, "read")
        assert "Træk svarene tilbage" in freja.post(reverse("research:use_answers", args=[first.pk]), follow=True).content.decode()


def test_the_file_used_before_takes_its_place_again(package: tuple[Cast, Package]) -> None:
    cast, row = package
    with within(FJORDBY), transaction.atomic():
        keys = actions.known(row)
        first, second = (actions.use_answers(actions.fetch_answers(row, upload(keys, cells, kind), by=cast.freja), by=cast.freja) for cells, kind in ((["1"] * len(keys), "ods"), (["5"] * len(keys), "xlsx")))
        first.refresh_from_db()
        assert (first.state, second.state) == ("read", "used")
        with pytest.raises(Conflict, match="allerede i brug"):
            actions.use_answers(second, by=cast.freja)
        actions.withdraw_answers(second, by=cast.freja)
        first.refresh_from_db()
        assert first.state == "used"
        assert (actions.answers_of(first) / "svar.csv").read_text(encoding="utf-8").splitlines()[:2] == ["noegle,glad", f"{keys[0]},1"]


def test_the_answers_in_use_are_in_the_delivery_of_the_study(package: tuple[Cast, Package], monkeypatch: pytest.MonkeyPatch) -> None:
    cast, row = package
    with within(FJORDBY), transaction.atomic():
        keys = actions.known(row)
        actions.use_answers(actions.fetch_answers(row, upload(keys, ["3"] * len(keys)), by=cast.freja), by=cast.freja)
        given: dict[str, Any] = {}
        monkeypatch.setattr(actions.evaluation, "deliver", lambda study, files, **_: given.update(names=[file.name for file in files]) or type("D", (), {"number": 1})())
        actions.study(row, [], by=cast.freja)
    assert zipfile.ZipFile(io.BytesIO(actions.zipped(row))).namelist() and not [name for name in zipfile.ZipFile(io.BytesIO(actions.zipped(row))).namelist() if "svar" in name], "a package that was let out is never another"
    assert {"svar.csv", "manifest-svar.json", "lodtraekning.csv", "manifest-forsoeg.json"} <= set(given["names"])


def test_answers_of_nobody_in_the_trial_are_refused(package: tuple[Cast, Package]) -> None:
    cast, row = package
    with within(FJORDBY), transaction.atomic(), pytest.raises(Refusal, match="Ingen af nøglerne"):
        actions.fetch_answers(row, upload(["P1", "P2"], ["1", "2"]), by=cast.freja)

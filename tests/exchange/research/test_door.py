"""The one-way door: what the database lets through, what is in a package, whose two yeses, and from a trial to an effect."""

import csv
import io
import subprocess
import venv
import zipfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import time_machine
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, ProgrammingError, connection, transaction

from snerydder.access.tenancy import set_context, within
from snerydder.audit.action import Conflict, Refusal
from snerydder.audit.models import Lookup
from snerydder.casework.people.models import Citizen
from snerydder.casework.trials import delivery as served
from snerydder.casework.trials import drawing, opening
from snerydder.casework.trials.models import Enrolment, Trial
from snerydder.evaluation import store, worker
from snerydder.exchange.research import actions, package
from snerydder.exchange.research.models import Package
from snerydder.exchange.research.whitelist import COLUMNS, through_the_door
from snerydder.registers.codes import SHIPPED
from snerydder.study import manifest
from tests import build
from tests.build import DAY
from tests.casework.trials import made
from tests.casework.trials.together import meets
from tests.cast import FJORDBY, Cast, fjordby

ENROLLED, FIRST = 24, DAY + timedelta(days=6)


@pytest.fixture(autouse=True)
def late_in_2026() -> Iterator[None]:
    with time_machine.travel("2026-12-01T10:00:00+01:00", tick=True):
        yield


@pytest.fixture
def town(own_database: str) -> Cast:
    """Two dozen drawn, committed: a lot is shown only then. The offered meet a mentor in the third week and the eighth."""
    with within(FJORDBY):
        cast = fjordby()
        drawn = made.drawn(cast, places=40, secondary=())
    with within(FJORDBY):
        trial = drawing.seal_list(drawn, by=cast.freja, on=DAY + timedelta(days=5))
    for number in range(1, ENROLLED + 1):
        with within(FJORDBY):
            made.enrolled(cast, trial, number)
    with within(FJORDBY):
        for row in Enrolment.objects.select_related("trial", "case"):
            if opening.arm_of(row) == "offered":
                offer = served.offer(row, by=cast.bente, on=FIRST)
                served.answer(offer, by=cast.bente, answer="accepted", on=FIRST)
                meets(cast, row.case)
    return cast


def let_out(cast: Cast) -> Package:
    row = actions.ask(Trial.objects.get(), by=cast.freja, receiver="Evaluator", purpose="Virker det?")
    return actions.let_out(row, by=cast.henrik)


def table(row: Package, name: str) -> list[dict[str, str]]:
    with (actions.folder_of(row) / name).open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


# --- What the database lets through -----------------------------------------------------------------
def classed(table: str) -> dict[str, str]:
    """Column: the class of its field."""
    model = next(model for model in apps.get_models() if model._meta.db_table == table)
    kinds = ("identity", "sensitive", "free_text", "operational", "aggregate")
    by_field = {field: kind for kind in kinds for field in getattr(model.DataProtection, kind, ())}
    return {field.column: by_field.get(field.name, "key") for field in model._meta.local_fields}


@pytest.mark.parametrize("table", list(COLUMNS))
def test_only_columns_of_a_harmless_class_are_let_through(table: str) -> None:
    found = {column: classed(table)[column] for column in COLUMNS[table]}
    assert set(found.values()) <= {"operational", "aggregate", "key"}, found


def test_the_door_reads_its_columns_and_nothing_else(db: None) -> None:
    """From the database's own catalogue: what the role may do, with every table, column by column."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name, privilege_type FROM information_schema.role_column_grants WHERE grantee = 'snerydder_door' AND table_schema = 'public'"
        )
        found = cursor.fetchall()
    assert {kind for _table, _column, kind in found} == {"SELECT"}
    assert {(table, column) for table, column, _kind in found} == {(table, column) for table, columns in COLUMNS.items() for column in columns}


@pytest.mark.parametrize(
    "question",
    [
        "SELECT first_name FROM people_citizen", "SELECT cpr_sealed FROM people_citizen", "SELECT note FROM contacts_contact", "SELECT help FROM contacts_contact",
        "SELECT * FROM people_citizen", "SELECT id FROM cases_case", "SELECT box FROM trials_sealedplace", "SELECT text FROM trials_departure",
        "UPDATE people_citizen SET birth_year = 1900", "DELETE FROM contacts_contact", "INSERT INTO people_mentor (id) VALUES (gen_random_uuid())",
    ],
)  # fmt: skip
def test_what_is_not_on_the_list_is_refused_by_the_database(question: str, db: None) -> None:
    with transaction.atomic():
        set_context(FJORDBY)
        with pytest.raises(ProgrammingError, match="permission denied"), through_the_door() as cursor:
            cursor.execute(question)


def test_the_door_shows_no_other_municipality_and_nothing_without_one(db: None) -> None:
    build.citizen(fjordby(), 1)
    with through_the_door() as cursor:
        cursor.execute("SELECT count(*) FROM people_citizen")
        assert cursor.fetchone()[0] > 0
    for elsewhere in (902, None):
        set_context(elsewhere)
        with through_the_door() as cursor:
            cursor.execute("SELECT count(*) FROM people_citizen")
            assert cursor.fetchone() == (0,)
    set_context(FJORDBY)
    assert Citizen.objects.exists(), "the web's own role is back"


# --- A package ---------------------------------------------------------------------------------------
def test_it_takes_two_to_let_data_out(town: Cast) -> None:
    with within(FJORDBY):
        row = actions.ask(Trial.objects.get(), by=town.henrik, receiver="Evaluator", purpose="Virker det?")
        with pytest.raises(Refusal, match="Du har selv bedt om pakken"):
            actions.let_out(row, by=town.henrik)
        with pytest.raises(Refusal, match="ikke udleveret"):
            actions.keys(row, by=town.henrik)
        with pytest.raises(IntegrityError, match="package_two_persons"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE exchange_research_package SET approved_by_id = asked_by_id, approved_at = now(), persons = 1, law_version = 'x'")
    with within(FJORDBY):
        row = let_out(town)
        assert row.persons == ENROLLED and row.law_version
        with pytest.raises(Conflict, match="allerede udleveret"):
            actions.let_out(row, by=town.henrik)
        assert len(Lookup.objects.get(page="research.let_out").citizen_ids) == ENROLLED, "letting out is a look-up of everybody"


def test_a_package_names_nobody_and_holds_no_day(town: Cast) -> None:
    with within(FJORDBY):
        row = let_out(town)
        citizens = list(Citizen.objects.all())
        whole = "\n".join(file.read_text(encoding="utf-8") for file in actions.folder_of(row).glob("*.csv"))
        for citizen in citizens:
            for secret in (citizen.first_name, citizen.last_name, citizen.cpr(), citizen.cpr()[:6], str(citizen.pk)):
                assert secret not in whole.replace(row.trial.title, ""), secret
        assert all(date.fromisoformat(line["uge"]).weekday() == 0 for line in table(row, "lodtraekning.csv"))
        keys = [line["noegle"] for line in table(row, "lodtraekning.csv")]
        assert keys == sorted(keys) and len(set(keys)) == ENROLLED, "the order tells nothing"
        assert {line["gruppe"] for line in table(row, "lodtraekning.csv")} == {"offered", "control"}
        assert len(table(row, "tilbud.csv")) == sum(line["gruppe"] == "offered" for line in table(row, "lodtraekning.csv"))
        assert {one["name"] for one in row.manifest["files"]} == {file.name for file in actions.folder_of(row).glob("*.csv")}
        second = actions.let_out(actions.ask(row.trial, by=town.freja, receiver="En anden", purpose="Igen"), by=town.henrik)
        assert table(second, "lodtraekning.csv") == table(row, "lodtraekning.csv"), "the same pseudonyms in each package of a trial"
        assert actions.zipped(row) == actions.zipped(row)
        held = zipfile.ZipFile(io.BytesIO(actions.zipped(row))).namelist()
        assert "talform.zip" in held
        assert {"study.toml", "koer.py", "kodebog.csv", "manifest-forsoeg.json"} <= set(held)


def test_the_code_book_has_every_column(town: Cast) -> None:
    with within(FJORDBY):
        row = let_out(town)
        told = {(line["fil"], line["kolonne"]) for line in table(row, "kodebog.csv")}
        for file in actions.folder_of(row).glob("*.csv"):
            if file.name != "kodebog.csv":
                head = file.read_text(encoding="utf-8").splitlines()[0].split(",")
                assert {(file.name, column) for column in head} <= told, file.name
        assert "Lovens version" in table(row, "kodebog.csv")[0]["betydning"]


def test_the_numeric_form_is_numbers_and_pseudonyms_and_the_code_book_leads_back(town: Cast) -> None:
    with within(FJORDBY):
        row = let_out(town)
        packed = zipfile.ZipFile(actions.folder_of(row) / "talform.zip")
        numbers = {name: list(csv.DictReader(io.StringIO(packed.read(name).decode("utf-8")))) for name in packed.namelist()}
        book = {(line["fil"], line["kolonne"], line["kode"]): line["betyder"] for line in numbers["kodebog-tal.csv"]}
        for file in sorted(actions.folder_of(row).glob("*.csv")):
            if file.name == "kodebog.csv":
                continue
            for plain, coded in zip(table(row, file.name), numbers[file.name], strict=True):
                for column, code in coded.items():
                    if column in ("noegle", "mentor"):
                        assert code == plain[column]
                    elif (file.name, column, code) in book:
                        assert book[file.name, column, code] == plain[column]
                    elif column == "uge" and "-" in plain[column]:
                        assert date.fromisocalendar(int(code[:4]), int(code[4:]), 1).isoformat() == plain[column]
                    else:
                        assert code == plain[column] and not code.strip("0123456789.-"), (file.name, column, code)
        assert book["lodtraekning.csv", "gruppe", "1"] == "offered" and book["lodtraekning.csv", "gruppe", "0"] == "control"


def test_weeks_are_counted_from_the_week_of_the_draw_over_a_year_of_53_weeks() -> None:
    assert package.after(date(2026, 12, 31), 202653) == 0
    assert package.after(date(2026, 12, 31), 202701) == 1
    assert package.after(date(2026, 12, 20), 202702) == 4
    assert package.monday(date(2027, 1, 1)) == "2026-12-28"


# --- From trial to effect --------------------------------------------------------------------------
def by_arm(line: dict[str, str]) -> tuple[str, str, str]:
    """The pseudonyms are others each time: who begins when must not hang on them."""
    return line["gruppe"], line["klynge"], line["noegle"]


def register(row: Package, folder: Path) -> list[Path]:
    """As the register would send it: for each pseudonym two years and more, those offered a mentor sooner in education."""
    days = [(date.fromisocalendar(2026, 11, 1) + timedelta(weeks=week)).isocalendar() for week in range(110)]
    weeks = [f"y_{day.year % 100}{day.week:02d}" for day in days]
    lines = [",".join(["noegle", *weeks])]
    for place, line in enumerate(sorted(table(row, "lodtraekning.csv"), key=by_arm)):
        begins = (20 if line["gruppe"] == "offered" else 50) + place % 30
        lines.append(",".join([line["noegle"], *("651" if week >= begins else "731" for week in range(len(weeks)))]))
    file = folder / "register.csv"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    codes = folder / "koder.csv"
    codes.write_text(SHIPPED["dream"].read_text(encoding="utf-8").replace(",likely,", ",confirmed,"), encoding="utf-8")
    return [file, codes, manifest.write([file, codes], folder / manifest.NAME)]


def test_from_the_lottery_to_the_effect_and_the_offline_program_agrees(town: Cast, tmp_path: Path) -> None:
    with within(FJORDBY):
        row = let_out(town)
        sent = register(row, tmp_path)
        delivery = actions.study(row, [SimpleUploadedFile(file.name, file.read_bytes()) for file in sent], by=town.freja)
        assert delivery.study.protocol_hash == row.trial.protocol_hash, "the protocol that was locked"
        folder = store.trial_of(delivery)
        worker.main(["run", str(folder)])
        found = store.outcome(folder)
        assert found and found["done"], found
        met = list(csv.DictReader((folder / "results" / "da" / "delivery.csv").open(encoding="utf-8")))
        assert [int(line["week"]) for line in met if float(line["minutes"]) > 0] == [3, 8], "the contacts of the service are the delivery of the report"
    (tmp_path / "koder.txt").write_text("651\n", encoding="utf-8")
    agree(offline(tmp_path, actions.folder_of(row), "register.csv", "koder.txt"), folder)


def offline(folder: Path, package: Path, register: str, codes: str, *more: str) -> list[dict[str, str]]:
    """The program as it is run where there is no net: a Python of its own with NumPy and nothing else, in an empty environment."""
    home = folder / "tom"
    if not home.exists():
        venv.create(home, with_pip=False, symlinks=True)
        site = next(home.glob("lib/python*/site-packages"))
        for each in Path(np.__file__).parents[1].glob("numpy*"):
            if each.name in ("numpy", "numpy.libs"):
                (site / each.name).symlink_to(each)
    command = [str(home / "bin" / "python"), "-I", str(package / "koer.py"), str(folder / register), str(folder / codes), *more]
    told = subprocess.run(command, capture_output=True, text=True, env={}, cwd=home)
    assert told.returncode == 0, told.stderr
    return list(csv.DictReader(io.StringIO(told.stdout)))


def agree(offline: list[dict[str, str]], folder: Path) -> None:
    """Week by week the offline program says what the report says."""
    ours = [line for line in csv.DictReader((folder / "results" / "da" / "weekly.csv").open(encoding="utf-8")) if line["outcome"] == "su_education"]
    compared = 0
    for line, other in zip(ours, offline, strict=True):
        assert other["forskel"] or not line["effect"], "what the report holds back the program does too"
        if other["forskel"] and line["effect"]:
            compared += 1
            assert float(other["forskel"]) == pytest.approx(float(line["effect"]), abs=1e-6)
            assert (other["standardfejl"] == "") == (line["error"] == "")
            assert float(other["standardfejl"] or 0) == pytest.approx(float(line["error"] or 0), abs=1e-6)
    assert compared > 10


def register_without(row: Package, folder: Path) -> Any:
    return [SimpleUploadedFile(file.name, file.read_bytes()) for file in register(row, folder)[:2]]


def test_a_register_nobody_counted_is_refused(town: Cast, tmp_path: Path) -> None:
    with within(FJORDBY):
        row = let_out(town)
        with pytest.raises(Refusal, match="koder.csv: Filen er med, men står ikke på følgesedlen"):
            actions.study(row, register_without(row, tmp_path), by=town.freja)

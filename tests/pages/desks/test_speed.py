"""The coordinator's overview costs the same with ten times the cases or ten times the contacts: the pages of the database it touches,
counted by PostgreSQL itself. `bench/desks.py` does the same with time and with the numbers of a large municipality."""

from collections.abc import Iterator

import pytest

from snerydder.access.models import Staff
from snerydder.access.tenancy import within
from snerydder.desks import coordinator
from snerydder.project import databases
from tests import many as made
from tests.touched import Question, touched

OPEN, CONTACTS = 300, 6


@pytest.fixture
def owner_here(own_database: str) -> Iterator[object]:
    with databases.connect(own_database) as opened:
        yield opened


def asked(world: made.Many) -> list[Question]:
    with within(world.cast.municipality):
        staff = Staff.objects.select_related("municipality", "unit").get(pk=world.cast.dorthe.pk)
        return touched(lambda: coordinator.overview(staff, None))


def pages(questions: list[Question]) -> int:
    return sum(question.pages for question in questions)


def test_ten_times_the_contacts_or_the_cases_touch_the_same_pages(owner_here):
    world = made.found(OPEN)
    made.leave_alone(owner_here)
    mentors = made.grow(owner_here, world, cases=1000, contacts=CONTACTS)
    few = asked(world)
    with made.Past(owner_here):
        made.add_contacts(owner_here, world, 1, 700, 9 * CONTACTS, False, mentors, before=CONTACTS)
        made.add_contacts(owner_here, world, 701, 1000, 9 * CONTACTS, True, mentors, before=CONTACTS)
    made.settle(owner_here, world)
    more_contacts = asked(world)
    with made.Past(owner_here):
        owner_here.execute("UPDATE cases_case SET number = 'A' || substr(number, 2)")
        made.add_cases(owner_here, world, 100_001, 109_000, False, mentors)
    owner_here.execute("DELETE FROM contacts_contact WHERE case_id IN (SELECT id FROM cases_case WHERE closed_on IS NOT NULL)")
    made.settle(owner_here, world)
    more_cases = asked(world)

    assert owner_here.execute("SELECT count(*), count(*) FILTER (WHERE closed_on IS NULL) FROM cases_case").fetchone() == (10_001, 301)
    for questions in (few, more_contacts, more_cases):
        assert not {table for question in questions for table in question.tables if table.startswith("contacts_")}, "the desk reads the contacts"
    assert pages(more_contacts) <= pages(few) * 1.05 + 4
    assert pages(more_cases) <= pages(few) * 1.2 + 8
    assert pages(few) < 60

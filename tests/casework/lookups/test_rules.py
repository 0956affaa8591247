"""Each rule with a look-up it points at, and the nearest one it does not."""

import pytest

from snerydder.access import actions as access
from snerydder.audit.models import Event
from snerydder.casework.lookups import actions
from snerydder.casework.lookups.models import PickedLookup
from snerydder.casework.lookups.queries import reasons_of
from snerydder.casework.lookups.rules import MANY, MOST_UNRELATED, RULES
from tests import build
from tests.casework.lookups.conftest import with_nora
from tests.casework.lookups.made import MARCH, look, noon, picked, rules_of

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def built(standing):
    """Amina has a case where Bente is caseworker and Carl mentor: their looks are their work."""

    def make():
        cast = with_nora()
        build.active(cast)
        return cast

    return standing(make)


@pytest.fixture
def town(cast):
    return cast


def test_those_who_work_on_the_case_are_not_asked(town):
    for staff in (town.bente, town.carl):
        look(staff, [town.amina])
    assert rules_of(town) == {}


@pytest.mark.parametrize(("name", "found"), [("Bak", True), ("Bak-Hansen", True), ("BAK", True), ("Bakke", False), ("Clausen", False)])
def test_the_same_surname(town, name, found):
    other = build.citizen(town, 1, last_name=name)
    build.active(town, other)
    row = look(town.bente, [other])
    assert rules_of(town) == ({row.pk: {"same_name"}} if found else {})


@pytest.mark.parametrize(
    ("hers", "theirs", "found"),
    [("Kajen 4, 0000 Fjordby", "KAJEN 4  0000 Fjordby", True), ("Kajen 4, 0000 Fjordby", "Kajen 14, 0000 Fjordby", False), ("", "", False)],
)
def test_the_same_address(town, hers, theirs, found):
    access.change_staff(town.bente, by=town.henrik, address=hers)
    other = build.citizen(town, 1, last_name="Nabo", address=theirs)
    build.active(town, other)
    row = look(town.bente, [other])
    assert rules_of(town) == ({row.pk: {"same_home"}} if found else {})


@pytest.mark.parametrize(
    ("facts", "found"),
    [({"first_name": "Carl", "last_name": "Clausen"}, True), ({"phone": "00990011"}, True), ({"phone": "00000001"}, False), ({"phone": ""}, False)],
    ids=["name", "phone", "a switchboard", "no phone"],
)
def test_a_colleague(town, facts, found):
    access.change_staff(town.gitte, by=town.henrik, phone="00 99 00 11")
    other = build.citizen(town, 1, **({"first_name": "En", "last_name": "Anden"} | facts))
    build.active(town, other)
    row = look(town.bente, [other])
    assert rules_of(town) == ({row.pk: {"colleague"}} if found else {})


def test_a_citizen_without_a_case(town):
    nobody = build.citizen(town, 1)
    written = Event.objects.filter(citizen_id=nobody.pk).values().get() | {"id": None, "at": noon("2026-03-20"), "staff_id": town.bente.pk}
    Event.objects.create(**written)  # Bente registered him: that was her work
    row = look(town.nora, [nobody])
    look(town.bente, [nobody])
    assert rules_of(town) == {row.pk: {"no_case"}}


def test_nobody_s_task(town):
    row = look(town.nora, [town.amina])
    look(town.nora, [town.amina], at="2026-03-10T10:05")
    assert rules_of(town) == {row.pk: {"no_task"}}, "one a month, the first of them"
    said = reasons_of(PickedLookup.objects.get())
    assert "hverken sagsbehandler, mentor eller stedfortræder" in said[0] and said[0].endswith("Åbnet 2 gange.")


@pytest.mark.parametrize(
    "more", [{"kind": "list"}, {"page": "inspections.drawncase"}, {"page": "payments.invoice"}, {"behalf": True}], ids=["a list", "a drawn case", "an invoice", "a stand-in"]
)
def test_a_task_that_explains_it(town, more):
    given = {"behalf_of_id": town.bente.pk} if more.pop("behalf", False) else {}
    look(town.nora, [town.amina], **more, **given)
    assert rules_of(town) == {}


def test_who_was_the_mentor_once_has_had_a_task(town):
    from snerydder.casework.cases.models import Case

    Case.objects.update(mentor=None, caseworker=town.bente)  # replaced; the match says who it was
    look(town.carl, [town.amina])
    assert rules_of(town) == {}


def test_of_many_without_a_task_those_opened_most(town):
    others = [build.citizen(town, number) for number in range(1, MOST_UNRELATED + 3)]
    for number, other in enumerate(others):
        build.active(town, other)
        for minute in range(number + 1):
            look(town.nora, [other], at=f"2026-03-1{number}T10:{minute:02}")
    rules_of(town)
    found = set(PickedLookup.objects.values_list("citizen", flat=True))
    assert found == {other.pk for other in others[-MOST_UNRELATED:]}


@pytest.mark.parametrize(
    ("who", "at", "found"),
    [("bente", "2026-03-10T23:12", True), ("bente", "2026-03-10T05:59", True), ("bente", "2026-03-10T06:00", False), ("bente", "2026-03-10T21:59", False),
     ("bente", "2026-03-14T11:00", True), ("carl", "2026-03-14T11:00", False), ("carl", "2026-03-14T23:00", True)],
)  # fmt: skip
def test_night_and_weekend(town, who, at, found):
    row = look(getattr(town, who), [town.amina], at=at)
    assert rules_of(town) == ({row.pk: {"odd_hours"}} if found else {})


@pytest.mark.parametrize(("minutes", "found"), [(2, True), (4, False)])
def test_many_in_a_short_time(town, minutes, found):
    others = [build.citizen(town, number) for number in range(1, MANY + 2)]
    for number, other in enumerate(others):
        hour, minute = divmod(number * minutes, 60)
        look(town.bente, [other], at=f"2026-03-10T{10 + hour:02}:{minute:02}")
    rules = rules_of(town)
    pointed = [pk for pk, each in rules.items() if "many" in each]
    assert len(pointed) == found
    if found:
        assert f"{MANY + 1} forskellige borgere er åbnet én for én på en time." in reasons_of(PickedLookup.objects.get(lookup=pointed[0]))


def test_a_protected_name_shown(town):
    row = look(town.bente, [town.amina], kind="protected", page="people.citizen")
    assert rules_of(town) == {row.pk: {"protected"}}


def test_every_rule_has_a_story():
    """A rule without one has not been thought of here."""
    assert set(RULES) == {"same_name", "same_home", "colleague", "no_case", "no_task", "odd_hours", "many", "protected"}


def test_twice_gives_no_more_and_a_judged_one_keeps_its_reasons(town):
    row = look(town.nora, [town.amina])
    one = picked(town, row)
    assert actions.look_through(MARCH, by=town.henrik) == 0
    actions.judge(one, by=town.henrik, verdict="job")
    look(town.nora, [town.amina], at="2026-03-11T23:00")
    actions.look_through(MARCH, by=town.erik)
    one.refresh_from_db()
    assert one.reasons == [{"rule": "no_task", "number": 1}]


def test_what_was_found_in_order_is_not_asked_again_next_month(town):
    from datetime import date

    one = picked(town, look(town.nora, [town.amina]))
    actions.judge(one, by=town.henrik, verdict="explained", note="Hun hjælper Bente.")
    later = look(town.nora, [town.amina], at="2026-04-01T08:00")
    assert actions.look_through(date(2026, 4, 1), by=town.henrik) == 0
    assert not PickedLookup.objects.filter(lookup=later).exists()

"""Within a municipality: how far each role reaches, also as a stand-in, and what the log says was shown."""

from datetime import timedelta

import pytest
from django.http import Http404
from django.utils import timezone

from snerydder.access import actions, scope
from snerydder.access.models import Staff
from snerydder.access.roles import ROLES
from snerydder.access.tenancy import set_context
from snerydder.audit.models import Event, Lookup
from snerydder.casework.cases import actions as cases
from snerydder.casework.cases.models import Case
from snerydder.casework.contacts.models import Contact
from snerydder.casework.people import actions as people
from snerydder.casework.people.models import Citizen, Mentor
from tests import build
from tests.access.filled import Filled, filled
from tests.cast import BAKKEBY, FJORDBY

pytestmark = pytest.mark.django_db
REACH = {
    "mentor": {"own"}, "caseworker": {"own", "unit"}, "coordinator": {"own", "unit", "elsewhere"}, "leader": {"own", "unit", "elsewhere"},
    "auditor": {"own", "unit", "elsewhere"}, "payer": {"own", "unit", "elsewhere"}, "evaluator": set(),
}


def four() -> Filled:
    """own: Bente's and Carl's case. unit: in Bente's unit, with nobody. elsewhere: another unit's."""
    town = filled()
    cast = town.cast
    far = actions.add_unit("Voksenteamet", by=cast.henrik)
    unit = build.referred(cast, build.citizen(cast, 1))
    Case.objects.filter(pk=unit.pk).update(caseworker=None)
    elsewhere = build.referred(cast, build.citizen(cast, 2, unit=far), unit=far)
    Case.objects.filter(pk=elsewhere.pk).update(caseworker=None)
    town.cases = {"own": town.things["case"], "unit": build.fresh(unit), "elsewhere": build.fresh(elsewhere)}
    town.far = far
    return town


@pytest.fixture(scope="module")
def built(standing):
    return standing(four)


@pytest.fixture
def town(own):
    return own


def reached(town, staff) -> set[str]:
    return {name for name, case in town.cases.items() if scope.rows(Case, staff).filter(pk=case.pk).exists()}


@pytest.mark.parametrize("role", ROLES)
def test_each_role_reaches(town, role):
    assert reached(town, town.staff[role]) == REACH[role]


@pytest.mark.parametrize("role", ROLES)
def test_citizens_are_reached_as_far_as_their_cases(town, role):
    staff = town.staff[role]
    found = {name for name, case in town.cases.items() if scope.rows(Citizen, staff).filter(pk=case.citizen_id).exists()}
    assert found == REACH[role]


@pytest.mark.parametrize("role", ["mentor", "evaluator"])
def test_what_belongs_to_a_case_is_reached_as_the_case(town, role):
    found = set(scope.rows(Contact, town.staff[role]).values_list("case", flat=True))
    assert found == (set(Case.objects.filter(mentor=town.cast.mentor).exclude(contacts=None).values_list("pk", flat=True)) if role == "mentor" else set())
    assert town.things["contact"].case_id in found or role == "evaluator"


def test_a_caseworker_reaches_a_new_citizen_of_the_unit_before_there_is_a_case(town):
    near, far = build.citizen(town.cast, 3), build.citizen(town.cast, 4, unit=town.far)
    found = scope.rows(Citizen, town.cast.bente)
    assert found.filter(pk=near.pk).count() == 1
    assert not found.filter(pk=far.pk).exists()


def test_no_row_is_there_twice(town):
    """A citizen with several cases is one citizen."""
    for staff in town.staff.values():
        keys = list(scope.rows(Citizen, staff).values_list("pk", flat=True))
        assert len(keys) == len(set(keys))


def test_several_roles_reach_what_each_reaches(town):
    town.cast.carl.roles = ["mentor", "caseworker"]
    assert reached(town, town.cast.carl) == {"own", "unit"}
    town.cast.carl.roles = ["mentor", "evaluator"]
    assert reached(town, town.cast.carl) == {"own"}
    town.cast.carl.roles = ["found-no-more"]
    assert reached(town, town.cast.carl) == set()


# --- Stand-ins -------------------------------------------------------------------------------------
@pytest.mark.parametrize(("first", "last", "reaches"), [(0, 0, True), (-5, 5, True), (1, 5, False), (-5, -1, False)])
def test_a_stand_in_reaches_the_other_s_cases_on_those_days_alone(town, first, last, reaches):
    ida = actions.appoint("Ida", ["mentor"], by=town.cast.henrik)
    assert reached(town, ida) == set()
    day = timezone.localdate()
    actions.let_stand_in(town.cast.carl, ida, by=town.cast.dorthe, start=day + timedelta(days=first), end=day + timedelta(days=last))
    ida = Staff.objects.get(pk=ida.pk)
    assert reached(town, ida) == ({"own"} if reaches else set())
    assert not ida.may("decide")  # the rights are one's own
    assert reached(town, Staff.objects.get(pk=town.cast.carl.pk)) == {"own"}  # and it goes one way


@pytest.mark.parametrize(("name", "for_whom"), [("own", "carl"), ("unit", None)])
def test_what_a_stand_in_does_is_done_for_the_one_who_is_away(town, name, for_whom):
    day = timezone.localdate()
    actions.let_stand_in(town.cast.carl, town.cast.dorthe, by=town.cast.henrik, start=day, end=day)
    dorthe = Staff.objects.get(pk=town.cast.dorthe.pk)
    case = scope.get(Case, town.cases[name].pk, dorthe, purpose="Test")
    away = getattr(town.cast, for_whom).pk if for_whom else None
    assert Lookup.objects.order_by("-id").first().behalf_of_id == away
    cases.set_goal(case, by=dorthe, text="Stå op")
    assert Event.objects.order_by("-id").first().behalf_of_id == away


def test_one_s_own_case_is_one_s_own_also_while_standing_in(town):
    day = timezone.localdate()
    actions.let_stand_in(town.cast.carl, town.cast.bente, by=town.cast.henrik, start=day, end=day)
    bente = Staff.objects.get(pk=town.cast.bente.pk)
    scope.get(Contact, town.things["contact"].pk, bente, purpose="Test")
    assert Lookup.objects.order_by("-id").first().behalf_of_id is None


# --- One row, or nothing ----------------------------------------------------------------------------
def test_not_yours_and_not_there_are_the_same(town):
    filled(BAKKEBY, "Bakkeby", "_b")
    foreign = Case.objects.first()
    set_context(FJORDBY)
    before = Lookup.objects.count()
    for pk in (foreign.pk, town.cases["elsewhere"].pk, "00000000-0000-4000-8000-000000000000"):
        with pytest.raises(Http404):
            scope.get(Case, pk, town.cast.bente, purpose="Test")
    assert Lookup.objects.count() == before  # nobody was shown


def test_reading_a_row_is_logged_with_its_purpose(town):
    case = town.cases["own"]
    scope.get(Case, case.pk, town.cast.bente, purpose="Følge op", page="cases.case")
    look = Lookup.objects.order_by("-id").first()
    assert (look.staff_id, look.purpose, look.kind, look.page, look.citizen_ids) == (
        town.cast.bente.pk, "Følge op", "page", "cases.case", [case.citizen_id],
    )
    scope.get(Contact, town.things["contact"].pk, town.cast.carl, purpose="Rette")
    assert Lookup.objects.order_by("-id").first().citizen_ids == [case.citizen_id]


def test_what_is_not_about_a_citizen_is_not_logged(town):
    before = Lookup.objects.count()
    scope.get(Mentor, town.cast.mentor.pk, town.cast.bente, purpose="Match")
    scope.seen(town.cast.bente, [], purpose="Tom liste", page="x")
    scope.seen(town.cast.bente, [None], purpose="Tom liste", page="x")
    assert Lookup.objects.count() == before


def test_a_list_is_one_row_with_each_person_once(town):
    persons = [town.cases["own"].citizen_id, town.cases["unit"].citizen_id]
    scope.seen(town.cast.bente, [*persons, *persons, None], purpose="p" * 500, page="liste")
    look = Lookup.objects.order_by("-id").first()
    assert sorted(look.citizen_ids) == sorted(persons)
    assert len(look.purpose) == 200


def test_what_is_asked_for_on_purpose_is_logged_as_such(town):
    people.show_cpr(town.cast.amina, by=town.cast.bente, purpose="Digital Post")
    people.show_protected(town.cast.amina, by=town.cast.bente, purpose="Brev")
    found = Lookup.objects.order_by("-id").values_list("kind", "purpose", "citizen_ids")[:2]
    assert list(found) == [("protected", "Brev", [town.cast.amina.pk]), ("cpr", "Digital Post", [town.cast.amina.pk])]

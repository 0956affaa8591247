"""The trial town as it stands in the database: the plan's figures, found again through what the verbs wrote."""

from collections import Counter

import pytest
from django.db.models import Count, Sum
from django.utils import timezone

from snerydder.access.models import Municipality
from snerydder.access.tenancy import within
from snerydder.casework.cases.models import Case
from snerydder.casework.contacts.models import Contact
from snerydder.casework.grants.models import Grant
from snerydder.casework.inspections.across import table
from snerydder.casework.inspections.models import Sample
from snerydder.casework.people.models import Mentor
from snerydder.project.demo.trial import across, build, plan

pytestmark = pytest.mark.django_db


def weeks_of(number):
    """For each course of a municipality: minutes by week since its own start."""
    with within(number):
        starts = dict(Case.objects.exclude(started_on=None).values_list("pk", "started_on"))
        rows = list(Contact.objects.values_list("case_id", "day", "counted_minutes"))
    found = {case_id: Counter() for case_id in starts}
    for case_id, day, minutes in rows:
        found[case_id][(day - starts[case_id]).days // 7] += minutes
    return found


def test_one_municipality_is_as_planned():
    """A dozen of its courses over 75 weeks. The whole town is in the slow test."""
    index = next(place for place, town in enumerate(plan.TOWNS) if town.name == "Viborg")
    made, town = plan.make("1"), plan.TOWNS[index]
    shown = build.build_one("1", index, timezone.localdate(), every=9)
    assert [person["login"] for person in shown] == ["koordinator-viborg", "leder-viborg"]
    planned = [course for course in made.courses if course.town == index][::9]
    assert {course.took_up for course in planned} == {True, False}
    found = weeks_of(town.number)
    assert sorted(tuple(sorted(weeks.items())) for weeks in found.values()) == sorted(
        tuple(sorted(course.minutes.items())) for course in planned if course.took_up
    )
    with within(town.number):
        stages = dict(Case.objects.values_list("stage").annotate(Count("pk")))
        assert stages.get("cancelled", 0) == sum(not course.took_up for course in planned)
        assert stages.get("active", 0) == sum(course.last_week == plan.WEEKS - 1 for course in planned)
        assert Mentor.objects.count() == len(town.hours)
        long = Case.objects.annotate(periods=Count("grants")).filter(periods__gt=1).count()
        assert long == sum(course.last_week >= 26 for course in planned), "who goes on past half a year has a new period"
        assert not Grant.objects.exclude(state="decided").exists()
        for case in Case.objects.filter(stage="active"):
            used = Contact.objects.filter(case=case, day__range=(case.grant_start, case.period_end)).aggregate(sum=Sum("counted_minutes"))["sum"]
            assert case.minutes_used == used


def test_the_state_inspects_them_by_files():
    """Two municipalities with every twelfth course: both answer, both are drawn, and the table has their cases."""
    towns = [town for town in plan.TOWNS if town.name in ("Viborg", "Holbæk")]
    for town in towns:
        build.build_one("1", plan.TOWNS.index(town), timezone.localdate(), every=12)
    shown = across.play("1", timezone.localdate(), lambda *said: None, towns=towns, draw=2, each=3)
    assert [person["login"] for person in shown] == ["staten", "staten2"]
    with within(across.STATE):
        round_ = Sample.objects.get()
        found = table.result(round_)
    assert (len(found.answered), len(found.sent), found.whole.looked_at) == (2, 2, 6)
    assert sum(each.judged for each in found.procedures) > 0
    with within(towns[0].number):
        assert Sample.objects.get().drawn_cases.count() == 3


@pytest.mark.slow
def test_the_whole_town_follows_the_documents_figures():
    """A minute or two: 1,299 offered a mentor, some 50,000 contacts."""
    build.build("1", lambda *said: None)
    assert set(Municipality.objects.filter(id__gte=911, invented=True).values_list("pk", flat=True)) == {*(town.number for town in plan.TOWNS), across.STATE}
    contact, minutes, offered, mentors = Counter(), Counter(), 0, []
    for town in plan.TOWNS:
        for weeks in weeks_of(town.number).values():
            contact.update(weeks.keys())
            minutes.update(weeks)
        with within(town.number):
            offered += Case.objects.count()
            mentors += list(Mentor.objects.values("woman", "birth_year", "hours_per_week", "mentor_since", "came_from"))
            full_time = float(sum(Mentor.objects.values_list("hours_per_week", flat=True))) / 37
            assert abs(Case.objects.filter(mentor__isnull=False).count() / full_time - town.per_full_time) < 0.5
    assert offered == 1299
    assert all(0.60 <= contact[week] / offered <= 0.70 for week in range(5, 41))
    assert contact[53] < 0.4 * contact[51]
    assert 60 <= sum(minutes[week] for week in range(5, 52)) / offered / 47 <= 90
    answered = [mentor for mentor in mentors if mentor["woman"] is not None]
    assert (len(mentors), len(answered), sum(mentor["woman"] for mentor in answered)) == (108, 100, 65)
    assert sum(mentor["came_from"] == "Et andet job i kommunen" for mentor in answered) == 23

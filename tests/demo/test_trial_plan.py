"""The trial town on paper comes out as the documents' figures say, whatever the seed."""

from collections import Counter

import pytest

from snerydder.project.demo.trial import plan

SEEDS = ("1", "7")


@pytest.fixture(scope="module", params=SEEDS)
def made(request):
    return plan.make(request.param)


def test_the_share_with_contact_each_week_is_the_documents(made):
    """Exactly the rounded share: chance decides who, never how many."""
    counts = Counter(week for course in made.courses for week in course.minutes)
    for week in range(plan.WEEKS):
        assert counts[week] == round(plan.between(plan.SHARE, week) * 1299), week
    shares = [counts[week] / 1299 for week in range(plan.WEEKS)]
    assert all(0.60 <= shares[week] <= 0.70 for week in range(5, 41)), "60-70 % in weeks 5-40"
    assert shares[53] < 0.4 * shares[51], "a steep fall at the end of the year"


def test_the_minutes_each_week_are_the_documents(made):
    totals = Counter()
    for course in made.courses:
        totals.update(course.minutes)
    for week in range(plan.WEEKS):
        assert totals[week] == plan.minutes_of(week)
        assert abs(totals[week] / 1299 - plan.between(plan.MINUTES, week)) < 0.01
    whole_year = sum(totals[week] for week in range(5, 52)) / 1299 / 47
    assert 60 <= whole_year <= 90, "an hour to an hour and a half a week, noughts counted"
    assert all(length >= 10 and length % 5 == 0 for course in made.courses for length in course.minutes.values())


def test_as_many_are_offered_and_as_many_ever_come(made):
    assert len(made.courses) == plan.OFFERED == 1299
    assert sum(course.took_up for course in made.courses) == sum(bool(course.minutes) for course in made.courses) == 1104
    assert all(90 <= town.offered <= 110 for town in plan.TOWNS)
    assert Counter(course.town for course in made.courses) == {index: town.offered for index, town in enumerate(plan.TOWNS)}


def test_the_caseloads_lie_in_the_documents_bands(made):
    bands = {"10-14": {"Haderslev", "Holbæk", "Silkeborg", "Sønderborg", "Vejle"}, "20+": {"Aalborg"}}
    for index, town in enumerate(plan.TOWNS):
        band = next((name for name, names in bands.items() if town.name in names), "15-19")
        low, high = {"10-14": (10, 15), "15-19": (15, 20), "20+": (20, 99)}[band]
        assert low <= town.per_full_time < high, town.name
        each = Counter(course.mentor for course in made.courses if course.town == index)
        for mentor, hours in enumerate(town.hours):
            assert abs(each[mentor] * 37 / hours - town.per_full_time) <= 2, "every mentor of a town has the same for each full-time post"


def test_the_mentors_are_as_those_who_answered(made):
    answered = [mentor for mentor in made.mentors if mentor.answered]
    assert (len(made.mentors), len(answered)) == (108, 100)
    assert sum(mentor.woman for mentor in answered) == 65
    assert sum(mentor.age < 30 for mentor in answered) == 32 and sum(mentor.age > 50 for mentor in answered) == 35
    assert sum(mentor.bachelor for mentor in answered) == 71
    assert sum(mentor.years < 2 for mentor in answered) == 33
    assert sum(mentor.from_municipality for mentor in answered) == 23
    assert all(mentor.woman is None and mentor.age is None for mentor in made.mentors if not mentor.answered)
    for index, town in enumerate(plan.TOWNS):
        assert 4 <= town.full_time + town.part_time <= 17
        assert [mentor.hours for mentor in made.mentors if mentor.town == index] == town.hours


def test_nobody_has_contact_after_the_support_is_over(made):
    for course in made.courses:
        assert not course.minutes or max(course.minutes) <= course.last_week < plan.WEEKS
        assert 18 <= course.age < 30 and 0 <= course.intake < plan.INTAKE_DAYS


def test_the_same_seed_makes_the_same_plan_and_another_another(made):
    assert plan.make("1") == plan.make("1") != plan.make("2")

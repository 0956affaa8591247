"""The demo is shown on any day: the tiny town and two of the trial's municipalities are built where a calendar is odd."""

from datetime import date, datetime, time

import pytest
import time_machine
from django.utils import timezone

from snerydder.project import demo
from snerydder.project.demo.trial import across, build, plan

DAYS = (
    "2026-11-30", "2026-12-24", "2026-12-31", "2027-01-01", "2027-01-04", "2027-02-28", "2027-03-25", "2027-03-28", "2027-05-06", "2027-10-31", "2028-02-29", "2029-01-01",
)  # fmt: skip
HOURS = (time(0, 5), time(9), time(23, 55))
pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture(params=enumerate(DAYS), ids=DAYS)
def today(request):
    place, day = request.param
    with time_machine.travel(timezone.make_aware(datetime.combine(date.fromisoformat(day), HOURS[place % 3])), tick=True):
        yield timezone.localdate()


def test_the_tiny_town(today):
    demo.build("tiny", "1")


def test_the_trial_s_town(today):
    towns = [town for town in plan.TOWNS if town.name in ("Viborg", "Holbæk")]
    for town in towns:
        build.build_one("1", plan.TOWNS.index(town), today, every=40)
    across.play("1", today, lambda *said: None, towns=towns, draw=2, each=3)

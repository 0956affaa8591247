"""The leader's share in order, month by month: the same cases as the lists behind the figures, and an earlier month stays as it was."""

from datetime import date, timedelta

import pytest
import time_machine

from snerydder.casework.cases.models import Case, StoredVerdict
from snerydder.desks import leader, over_time
from snerydder.desks.selection import Selection, law_today
from tests.pages.desks.conftest import TODAY
from tests.pages.visit import Page, counted, visitor


def stood(case: Case, day: date) -> tuple[bool, bool]:
    """In progress, and in order, one case at a time: what the module counts in one question."""
    running = case.started_on is not None and case.started_on <= day and (case.closed_on is None or case.closed_on > day)
    levels = {row.level for row in StoredVerdict.objects.filter(case=case, judged_on__lte=day)}
    return running, running and levels == {"ok"}


@pytest.fixture
def clean(town):
    """One whose checks said nothing until the middle of October, and another that ended in September."""
    StoredVerdict.objects.filter(case=town.cases["expiring"]).exclude(level="ok").update(level="ok")
    StoredVerdict.objects.filter(case=town.cases["silent"]).exclude(level="ok").update(level="warn", judged_on=date(2026, 10, 15))
    Case.objects.filter(pk=town.cases["running"].pk).update(closed_on=date(2026, 10, 20), stage="closed")
    return town


def shown(town):
    numbers = leader.figures(town.cast.henrik)
    return numbers["months"]


def test_each_month_is_a_plain_count_of_the_same_cases(clean):
    months, everyone = shown(clean), list(Case.objects.all())
    assert [month.day for month in months] == [date(2026, 6, 30), date(2026, 7, 31), date(2026, 8, 31), date(2026, 9, 30), date(2026, 10, 31), TODAY]
    for month in months:
        each = [stood(case, month.day) for case in everyone]
        assert (month.running.count, month.in_order.count) == (sum(running for running, _ok in each), sum(ok for _running, ok in each)), month.day
    assert len({month.in_order.count for month in months}) > 1, "the shares differ, or nothing is shown by this"


def test_every_figure_leads_to_its_cases_and_no_others(client, clean):
    henrik = visitor(client, clean.cast.henrik)
    page = Page(henrik.get("/ledelse/"))
    for month in shown(clean)[:-1]:
        for number in (month.running, month.in_order):
            if number.count:
                assert number.href in page.addresses()
                listed = Page(henrik.get(number.href))
                assert f"{number.text} {number.count}" in listed.words, (number.href, listed.words[:400])
                assert number.selection.rows(clean.cast.henrik).count() == number.count
    assert "Sager i orden den 30. september 2026" in Page(henrik.get("/sager/?vis=i-orden&pr=2026-09-30")).words


def test_todays_figure_is_the_one_above(clean):
    months = shown(clean)
    assert months[-1].running.href == "/sager/?vis=i-gang" and months[-1].share == leader.figures(clean.cast.henrik)["order_share"]


def test_what_is_said_later_does_not_change_an_earlier_month(clean):
    before = {month.day: (month.running.count, month.in_order.count) for month in shown(clean)[:-1]}
    row = StoredVerdict.objects.filter(case=clean.cases["expiring"]).earliest("judged_on")
    StoredVerdict.objects.create(municipality_id=row.municipality_id, case_id=row.case_id, step="follow_up", object_id=row.object_id, check_id="CHK-24", level="warn", judged_on=TODAY, law_version="x")
    with time_machine.travel(f"{TODAY + timedelta(days=30)}T11:00:00+00:00", tick=False):
        after = {month.day: (month.running.count, month.in_order.count) for month in shown(clean)[:-1]}
    assert {day: after[day] for day in before} == before and before[date(2026, 10, 31)][1] == 1
    assert after[date(2026, 11, 30)][1] == 0


@pytest.mark.parametrize("nonsense", ["x", "2026-13-01", "2099-01-01", "2026-11-16", ""])
def test_a_day_that_makes_no_sense_is_today(client, town, nonsense):
    assert Selection.read({"vis": "i-orden", "pr": nonsense}).day is None
    assert visitor(client, town.cast.henrik).get(f"/sager/?vis=i-orden&pr={nonsense}").status_code == 200


def test_other_filters_know_of_no_earlier_day():
    assert Selection.read({"vis": "uden-kontakt", "pr": "2026-01-31"}).day is None


def test_one_question_whatever_the_number_of_months(clean):
    law, numbers = law_today(), leader.figures(clean.cast.henrik)["numbers"]
    with counted() as queries:
        over_time.months(clean.cast.henrik, law, numbers["i-gang"], numbers["i-orden"])
    assert len(queries) == 1


def test_nothing_is_drawn_before_there_are_two_months(client, town):
    Case.objects.update(started_on=TODAY)
    assert "måned for måned" not in Page(visitor(client, town.cast.henrik).get("/ledelse/")).words

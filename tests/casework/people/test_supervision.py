"""Supervision is agreed for a day and counts when it is written down as held."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from snerydder.audit.action import Refusal
from snerydder.audit.models import Event
from snerydder.casework.people import actions, supervision
from snerydder.casework.people.models import Course
from tests.cast import fjordby
from tests.pages.visit import Page, visitor

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 16)


def test_a_day_for_several_mentors():
    cast = fjordby()
    rows = supervision.plan([cast.mentor], by=cast.dorthe, held_on=DAY + timedelta(days=14), hours=2, on=DAY)
    assert [(row.kind, row.planned, row.title) for row in rows] == [("supervision", True, "Supervision")]
    assert Event.objects.filter(verb="people.plan_supervision", object_id=rows[0].pk).count() == 1


@pytest.mark.parametrize(("chosen", "day", "field"), [(False, DAY, "mentors"), (True, DAY - timedelta(days=1), "held_on")])
def test_it_refuses_nobody_and_a_day_that_has_been(chosen, day, field):
    cast = fjordby()
    with pytest.raises(Refusal) as refused:
        supervision.plan([cast.mentor] if chosen else [], by=cast.dorthe, held_on=day, on=DAY)
    assert refused.value.field == field and not Course.objects.exists()


def test_held_and_undone():
    cast = fjordby()
    (row,) = supervision.plan([cast.mentor], by=cast.dorthe, held_on=DAY, on=DAY)
    with pytest.raises(Refusal):
        supervision.hold(row, by=cast.dorthe, on=DAY - timedelta(days=1))
    assert not supervision.hold(row, by=cast.dorthe, on=DAY).planned
    assert Course.objects.get(pk=row.pk).planned is False
    assert supervision.hold(row, by=cast.dorthe, held=False, on=DAY).planned


def test_a_course_to_come_is_a_plan():
    cast = fjordby()
    assert actions.add_course(cast.mentor, by=cast.dorthe, title="Kursus", held_on=DAY + timedelta(days=1), on=DAY).planned
    assert not actions.add_course(cast.mentor, by=cast.dorthe, title="Kursus", held_on=DAY, on=DAY).planned


def test_on_the_pages(client):
    from django.utils import timezone

    cast = fjordby()
    user, today = visitor(client, cast.dorthe), timezone.localdate()
    form = user.get(reverse("people:supervision_new"), {"mentor": str(cast.mentor.pk)})
    assert "checked" in form.content.decode()
    said = Page(user.post(reverse("people:supervision_new"), {"mentors": [str(cast.mentor.pk)], "held_on": today.isoformat()}, follow=True))
    assert "Supervision er aftalt med 1 mentor" in said.words and "Supervision (aftalt, ikke holdt endnu)" in said.words
    row = Course.objects.get()
    held = Page(user.post(reverse("people:course_held", args=[row.pk]), follow=True))
    assert "aftalt, ikke holdt endnu" not in held.words and "Fortryd" in held.words
    again = Page(user.post(reverse("people:course_not_held", args=[row.pk]), follow=True))
    assert "aftalt, ikke holdt endnu" in again.words
    too_late = user.post(reverse("people:supervision_new"), {"mentors": [str(cast.mentor.pk)], "held_on": (today - timedelta(days=2)).isoformat()})
    assert "Dagen er gået." in Page(too_late).words

"""The verbs about mentors, and how much room each has."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from snerydder.access import actions as access
from snerydder.access.models import Staff
from snerydder.audit.action import Refusal
from snerydder.audit.models import Event
from snerydder.casework.cases.history import WORDS
from snerydder.casework.people import actions, queries
from snerydder.casework.people.models import Course, Document, Mentor, Qualification
from tests import build

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7 proof"


def last_event() -> Event:
    event = Event.objects.order_by("-id").first()
    assert event.verb in WORDS
    return event


def test_a_member_of_staff_becomes_a_mentor(cast):
    mentor = actions.register_mentor(cast.dorthe, by=cast.henrik, kind="senior", hours_per_week="7.5", areas=["Havnen"])
    assert Staff.objects.get(pk=cast.dorthe.pk).roles == ["coordinator", "mentor"]
    assert Mentor.objects.get(pk=mentor.pk).languages == ["dansk"]
    assert last_event().data["kind"] == "senior"


def test_nobody_is_a_mentor_twice(cast, monkeypatch):
    with pytest.raises(Refusal, match="allerede mentor"):
        actions.register_mentor(cast.carl, by=cast.dorthe, kind="senior", hours_per_week=7)
    monkeypatch.setattr(type(Mentor.objects.all()), "exists", lambda self: False)  # as if the other came a moment later
    with pytest.raises(Refusal, match="allerede mentor"):
        actions.register_mentor(cast.carl, by=cast.dorthe, kind="senior", hours_per_week=7)


def test_somebody_new_is_appointed_and_registered_or_neither(cast):
    mentor = actions.welcome_mentor("Ny Mentor", by=cast.dorthe, unit=cast.unit, phone="00 00 00 07", kind="volunteer", hours_per_week=3)
    assert (mentor.staff.roles, mentor.staff.account) == (["mentor"], None)
    with pytest.raises(Refusal, match="Timerne om ugen"):
        actions.welcome_mentor("Halv Mentor", by=cast.dorthe, kind="volunteer", hours_per_week=-1)
    assert not Staff.objects.filter(name="Halv Mentor").exists()


def test_a_change_keeps_what_was(cast):
    actions.change_mentor(cast.mentor, by=cast.dorthe, hours_per_week=20, areas=["Midtbyen"])
    assert last_event().data["before"] == {"hours_per_week": "37", "areas": ["Havnen"]}


def test_a_mentor_stops_taking_cases_and_begins_again(cast):
    actions.take_cases(cast.mentor, by=cast.dorthe, active=False)
    assert last_event().verb == "people.stop_taking_cases"
    assert queries.free_capacity(cast.mentor).free == 0
    actions.take_cases(cast.mentor, by=cast.dorthe, active=True)
    assert last_event().verb == "people.take_cases"
    assert queries.free_capacity(cast.mentor).free == 20


# --- Qualifications -----------------------------------------------------------------------------------
def add(cast, **details):
    return actions.add_qualification(cast.mentor, by=cast.dorthe, **({"title": "Mentorkursus", "tasks": ["walk"]} | details))


def test_a_qualification_is_documented_when_somebody_has_seen_the_proof(cast):
    seen = add(cast, file_name="bevis.pdf", file_content=PDF)
    assert (seen.documented(), seen.verified_by, seen.document.size) == (True, cast.dorthe, len(PDF))
    assert bytes(Document.objects.get(pk=seen.document_id).content) == PDF
    assert not add(cast, verified=False).documented()


@pytest.mark.parametrize(("days", "counts"), [(-1, False), (0, True), (1, True)])
def test_it_counts_to_its_last_day(cast, days, counts):
    day = timezone.localdate()
    assert add(cast, valid_until=day + timedelta(days=days)).documented() is counts


def test_a_qualification_cannot_run_out_before_it_is_given(cast):
    with pytest.raises(Refusal, match="udløber, før den er udstedt") as refused:
        add(cast, issued_on=date(2026, 3, 2), valid_until=date(2026, 3, 1))
    assert refused.value.field == "valid_until"
    row = add(cast)
    with pytest.raises(Refusal, match="udløber, før den er udstedt"):
        actions.change_qualification(row, by=cast.dorthe, issued_on=date(2026, 3, 2), valid_until=date(2026, 3, 1))


def test_nobody_vouches_for_oneself(cast):
    with pytest.raises(Refusal, match="din egen kvalifikation") as refused:
        actions.add_qualification(cast.mentor, by=cast.carl, title="Læge", tasks=["doctor"])
    assert refused.value.field == "verified"
    assert not Qualification.objects.filter(title="Læge").exists()
    assert not actions.add_qualification(cast.mentor, by=cast.carl, title="Læge", tasks=["doctor"], verified=False).documented()


def test_a_file_that_is_not_what_it_says_is_not_kept(cast):
    with pytest.raises(Refusal, match="ikke det, navnet siger"):
        add(cast, file_name="bevis.pdf", file_content=b"MZ")
    assert not Document.objects.exists()


def test_a_qualification_is_prolonged_with_a_new_proof(cast):
    day = timezone.localdate()
    row = add(cast, valid_until=day - timedelta(days=1), on=day - timedelta(days=400))
    actions.change_qualification(
        row, by=cast.henrik, valid_until=day + timedelta(days=365), verified=True, file_name="nyt.pdf", file_content=PDF, on=day
    )
    row = Qualification.objects.get(pk=row.pk)
    assert (row.documented(), row.verified_by, row.verified_on, row.document.name) == (True, cast.henrik, day, "nyt.pdf")
    assert last_event().data["before"] == {"valid_until": str(day - timedelta(days=1))}
    actions.change_qualification(row, by=cast.henrik, title="Mentorkursus 2")
    assert Qualification.objects.get(pk=row.pk).verified_on == day  # who saw the proof is not touched by another change
    actions.change_qualification(row, by=cast.henrik, verified=False)
    assert not Qualification.objects.get(pk=row.pk).documented()


def test_a_qualification_is_removed_and_the_event_says_what_it_was(cast):
    row = add(cast)
    actions.remove_qualification(row, by=cast.dorthe, reason="Dobbelt")
    assert not Qualification.objects.filter(pk=row.pk).exists()
    assert last_event().data == {"mentor": "Carl Clausen", "title": "Mentorkursus", "tasks": ["walk"], "reason": "Dobbelt"}


def test_courses_come_and_go(cast):
    row = actions.add_course(cast.mentor, by=cast.dorthe, title=" Supervision ", kind="supervision", held_on=date(2026, 3, 2), hours=2)
    assert row.title == "Supervision"
    assert last_event().on == date(2026, 3, 2)
    assert queries.mentors(cast.dorthe).get(pk=cast.mentor.pk).supervised_on == date(2026, 3, 2)
    actions.remove_course(row, by=cast.dorthe)
    assert not Course.objects.exists()
    assert last_event().data["title"] == "Supervision"


# --- Room ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("hours", "places"), [(37, 20), (18.5, 10), (7.4, 4), (1, 0)])
def test_room_follows_the_hours(cast, hours, places):
    actions.change_mentor(cast.mentor, by=cast.dorthe, hours_per_week=hours)
    assert queries.free_capacity(Mentor.objects.get(pk=cast.mentor.pk)).free == places


def test_an_open_case_takes_a_place_and_an_ended_one_gives_it_back(cast):
    build.active(cast)
    other = build.active(cast, build.citizen(cast, 1))
    assert queries.free_capacity(cast.mentor).free == 18
    assert queries.free_capacity(queries.mentors(cast.dorthe).get(pk=cast.mentor.pk)).open_cases == 2
    type(other).objects.filter(pk=other.pk).update(closed_on=other.started_on)
    capacity = queries.free_capacity(cast.mentor)
    assert (capacity.open_cases, capacity.free, capacity.per_full_time) == (1, 19, 1.0)


def test_courses_do_not_multiply_cases(cast):
    """Two joins would count each case once a course."""
    build.active(cast)
    for day in (1, 2, 3):
        actions.add_course(cast.mentor, by=cast.dorthe, title="Supervision", kind="supervision", held_on=date(2026, 3, day))
    assert queries.mentors(cast.dorthe).get(pk=cast.mentor.pk).open_cases == 1


def test_who_runs_out_is_known_eight_weeks_before(cast):
    day = timezone.localdate()
    soon, gone = add(cast, title="Snart", valid_until=day + timedelta(weeks=8)), add(cast, title="Væk", valid_until=day - timedelta(days=1))
    add(cast, title="Længe endnu", valid_until=day + timedelta(weeks=8, days=1))
    assert queries.running_out(queries.qualifications(cast.mentor)) == [gone, soon]
    assert queries.mentors_running_out(cast.dorthe) == {cast.mentor.pk}


def test_the_list_has_the_active_ones_first_in_danish_order(cast):
    for name in ("Åse Ager", "Ærø Ask", "Aage Aal", "Zita Zum"):
        staff = access.appoint(name, ["mentor"], by=cast.henrik)
        actions.register_mentor(staff, by=cast.dorthe, kind="municipal", hours_per_week=10)
    actions.take_cases(cast.mentor, by=cast.dorthe, active=False)
    assert [mentor.name for mentor in queries.mentors(cast.dorthe)] == ["Zita Zum", "Ærø Ask", "Aage Aal", "Åse Ager", "Carl Clausen"]


def test_who_could_be_made_a_mentor(cast):
    assert cast.carl not in queries.not_yet_mentors(cast.dorthe)
    assert cast.bente in queries.not_yet_mentors(cast.dorthe)
    access.deactivate(cast.bente, by=cast.henrik)
    assert cast.bente not in queries.not_yet_mentors(cast.dorthe)

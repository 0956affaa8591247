"""The demo town: made by the verbs, the same for the same seed and day, and everything in it that a municipality meets."""

from collections import Counter
from datetime import timedelta
from itertools import zip_longest
from random import Random
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from snerydder.access.models import Account, Municipality, Staff
from snerydder.access.roles import ROLES
from snerydder.access.tenancy import set_context, within
from snerydder.audit.models import Event
from snerydder.casework.agreements.models import Acceptance, Agreement, Veto
from snerydder.casework.cases.models import Case
from snerydder.casework.cases.states import Stage
from snerydder.casework.contacts import actions as contacts
from snerydder.casework.contacts.models import CaseWeek, Contact
from snerydder.casework.grants.models import Grant, Letter
from snerydder.casework.people.models import Citizen, Mentor
from snerydder.casework.questions.models import AskedContact, Question
from snerydder.desks.delivery import courses, night, weeks
from snerydder.law import rulebook
from snerydder.project import databases, demo
from snerydder.project import town as project_town
from snerydder.project.demo import clock, days, names, scenes, town
from snerydder.project.demo.cast import BAKKEBY, FJORDBY, LYNGO, fjordby
from tests import build

SHOWN = (Staff, Citizen, Mentor, Case, Grant, Agreement, Acceptance, Contact, Letter)
STORIES = {"two_places", "long_day"}  # everywhere
ASKED = {
    FJORDBY: STORIES | {"while_away", "copied_notes", "written_late", "two_mentors", "after_closing", "exact_hours", "raised"},
    BAKKEBY: STORIES | {"while_away", "never_heard", "same_minutes"}, LYNGO: STORIES | {"month_end", "weekends"},
}  # fmt: skip
CHANGES = {"cpr_sealed", "password", "written_at"}  # a nonce, a salt and the clock


def everything(numbers):
    """All rows of the town, as they read in the database."""
    rows = []
    for number in numbers:
        with within(number):
            found = (row for model in SHOWN for row in model.objects.order_by("pk").values())
            rows += [{key: value for key, value in row.items() if key not in CHANGES} for row in found]
            rows += list(Event.objects.order_by("id").values("verb", "on", "object_id", "staff_name", "data"))
    return rows


def built_and_gone(seed, day):
    """The tiny town's rows, and the database as it was."""
    with transaction.atomic():
        people = demo.build("tiny", seed, day=day)
        rows = everything((FJORDBY, BAKKEBY))
        transaction.set_rollback(True)
    return people, rows


def in_any_order(monkeypatch):
    """Rows nobody asked an order of come shuffled, as a database that has been cleaned up may give them."""
    dice, fetch = Random(1), QuerySet._fetch_all

    def shuffled(rows):
        fresh = rows._result_cache is None
        fetch(rows)
        if fresh and not rows.ordered:
            dice.shuffle(rows._result_cache)

    monkeypatch.setattr(QuerySet, "_fetch_all", shuffled)


@pytest.mark.django_db
def test_the_tiny_town_is_the_same_for_the_same_seed_and_another_for_another(monkeypatch):
    """Two towns, some seconds: the second proves that nothing hangs on the machine's chance, or on the order the rows happen to lie in."""
    today = timezone.localdate()
    people, first = built_and_gone("7", today)
    in_any_order(monkeypatch)
    again, second = built_and_gone("7", today)
    assert people == again
    assert [pair for pair in zip_longest(first, second) if pair[0] != pair[1]][:3] == []
    assert town.plan(town.TINY, "7") != town.plan(town.TINY, "8")
    assert [person["login"] for person in people[:7]] == ["bente", "carl", "dorthe", "henrik", "gitte", "erik", "freja"]


@pytest.mark.django_db
@pytest.mark.parametrize("ago", [0, 1])
def test_the_tiny_town_has_each_step_of_a_case_also_when_midnight_passes_while_it_is_built(ago):
    demo.build("tiny", "1", day=timezone.localdate() - timedelta(days=ago))
    with within(FJORDBY):
        stages = set(Case.objects.values_list("stage", flat=True))
        assert stages >= {Stage.REFERRED, Stage.ASSESSED, Stage.GRANTED, Stage.MATCHED, Stage.AGREED, Stage.ACTIVE, Stage.CLOSED, Stage.REFUSED}
        assert not Case.objects.filter(citizen__first_name="Amina").exists(), "in the tiny town the tests refer Amina themselves"
        assert Citizen.objects.filter(protected=True).count() == 1
        assert not Contact.objects.filter(at__gt=timezone.now()).exists()
    assert Municipality.objects.filter(invented=False).count() == 0


def test_the_towns_plan_holds_every_scene():
    planned = town.plan(town.TOWN, "1")
    assert Counter(row.scene for row in planned).keys() == scenes.SCENES.keys()
    assert 110 <= len(planned) <= 150
    assert {row.place for row in planned} == {0, 1, 2}
    assert [row.ago for row in planned] == sorted((row.ago for row in planned), reverse=True), "case numbers run with the referrals"
    assert {row.situation["key"] for row in planned} == {situation["key"] for situation in town.read("situations.toml")["situation"]}


def test_what_was_done_in_march_was_written_in_march(own_database):
    """The owner of the demo's database sets its clock back, and the trail is as closed afterwards as it was before."""
    with within(FJORDBY):
        cast = fjordby()
    with within(FJORDBY):
        case = build.active(cast)
        rows = contacts.rows_of(uuid4(), [case], by=cast.carl, at=days.moment(build.DAY + timedelta(days=9), 10), form="met", minutes=60)
        contacts.log_many(days.written(rows), by=cast.carl)
    with databases.connect(own_database) as owner:
        clock.set_back(owner)
    with within(FJORDBY):
        told = Event.objects.filter(case_id=case.pk)
        assert told.count() > 8
        assert {timezone.localdate(event.at) - event.on for event in told.exclude(verb="contacts.log")} == {timedelta(0)}
        late = {timezone.localdate(event.at) - event.on for event in told.filter(verb="contacts.log")}
        assert late <= {timedelta(0), timedelta(days=6)}
        with pytest.raises(DatabaseError), transaction.atomic():
            told.update(verb="something else")


@pytest.mark.parametrize("number", range(0, 14000, 997))
def test_a_demo_cpr_number_is_well_formed_and_nobodys(number):
    from snerydder.casework.people import vault

    text = vault.normal(names.cpr(number))
    assert 58 <= int(text[4:6]) <= 99 and text[6] in "5678", "born 1858-1899"


def test_demo_cpr_numbers_are_all_different():
    assert len({names.cpr(number) for number in range(14000)}) == 14000


@pytest.mark.slow
def test_the_town_holds_what_a_municipality_meets(own_database, monkeypatch):
    """Half a minute: some 140 cases, each through ten to fifteen verbs, built as `demo` builds them."""
    monkeypatch.delenv("SNERYDDER_TEST")  # the processes that build are those of the demo
    today = timezone.localdate()  # the town's today, also when midnight passes meanwhile
    people = project_town.build(own_database, "town", "1", today)["people"]
    assert Account.objects.count() == len({person["login"] for person in people}) == len(people)
    roles, kinds = set(), set()
    for number in (FJORDBY, BAKKEBY, LYNGO):
        with transaction.atomic():
            set_context(number)
            roles |= {role for staff in Staff.objects.all() for role in staff.roles}
            kinds |= set(Mentor.objects.values_list("kind", flat=True))
            running = Case.objects.filter(stage=Stage.ACTIVE)
            assert running.filter(grant_end__range=(today, today + timedelta(days=42))).exists()
            assert running.filter(last_contact_on__lt=today - timedelta(days=14)).exists()
            assert all(case.closed_on >= case.opened_on for case in Case.objects.exclude(closed_on=None))
            assert {question.sign for question in Question.objects.all()} == ASKED[number], "the night asks about what was planted, and nothing else"
            assert all(row.contact.written_at > row.contact.at for row in AskedContact.objects.select_related("contact"))
    assert roles == set(ROLES)
    assert kinds == {"municipal", "company", "consultant", "volunteer", "senior"}
    with within(FJORDBY):
        assert set(Case.objects.values_list("stage", flat=True)) == set(Stage)
        assert set(Grant.objects.values_list("hjemmel", flat=True)) == {"lab-167-1", "lab-167-1-new", "lab-167-2", "lab-167-3", "il-23d"}
        assert {"draft", "decided", "stopped"} <= set(Grant.objects.values_list("state", flat=True))
        assert Veto.objects.exists() and Contact.objects.filter(together__gt=1).exists()
        assert Contact.objects.filter(corrections__gt=0).exists() and Contact.objects.filter(withdrawn=True).exists()
        assert set(Letter.objects.values_list("kind", flat=True)) == {"grant", "hearing", "refusal", "reassess", "stop"}
        assert Grant.objects.filter(hjemmel="lab-167-2", discharge_on__gt=today).exists(), "support that began before the discharge"
        amina = Case.objects.get(citizen__first_name="Amina")
        assert amina.stage == Stage.ACTIVE and amina.mentor.name == "Carl Clausen"
        for case in Case.objects.filter(stage=Stage.ACTIVE):
            counted = Contact.objects.filter(case=case, withdrawn=False, day__range=(case.grant_start, case.period_end))
            assert case.minutes_used == sum(counted.values_list("counted_minutes", flat=True))
            assert case.weeks_with_contact == CaseWeek.objects.filter(case=case, contacts__gt=0).count()
        curve = weeks.weeks(sum(night.counted(FJORDBY, 60, rulebook.on(today), now=True).parts.values(), courses.Part()))
        assert len(curve) > 30 and min(week.mentor for week in curve[20:31]) > 0.8, "the next period is decided before the first is over"

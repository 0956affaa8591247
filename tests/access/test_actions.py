"""Each verb about places, units, sign-ins and stand-ins: done, and refused with the same set-up."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from snerydder.access import actions, queries
from snerydder.access.models import Account, Staff, StandIn, Unit
from snerydder.access.tenancy import set_context, within
from snerydder.audit.action import Refusal
from snerydder.audit.models import Event
from snerydder.casework.cases.history import WORDS
from tests.cast import BAKKEBY, FJORDBY, fjordby

pytestmark = pytest.mark.django_db


def last_event() -> Event:
    event = Event.objects.order_by("-id").first()
    assert event.verb in WORDS
    return event


def test_a_municipality_is_founded_by_its_first_leader(cast):
    event = Event.objects.filter(verb="access.found").get()
    assert (event.staff_name, event.data["municipality"]) == ("Henrik Holm", "Fjordby Kommune")
    assert cast.henrik.roles == ["leader"]


def test_the_municipality_is_described_anew(cast):
    actions.change_municipality(cast.henrik.municipality, by=cast.henrik, address="Torvet 2", rules_of_the_game="Ingen egen bil.")
    cast.henrik.municipality.refresh_from_db()
    assert cast.henrik.municipality.address == "Torvet 2"
    assert last_event().data["after"]["rules_of_the_game"] == "Ingen egen bil."


def test_another_municipality_cannot_be_described(cast):
    away = fjordby(BAKKEBY, "Bakkeby", suffix="_b")
    set_context(FJORDBY)
    with pytest.raises(Exception, match="did not affect any rows"), transaction.atomic():
        actions.change_municipality(away.henrik.municipality, by=cast.henrik, name="Erobret")


# --- Units -----------------------------------------------------------------------------------------
def test_a_unit_is_made_and_renamed(cast):
    unit = actions.add_unit(" Voksenteamet ", by=cast.henrik)
    assert unit.name == "Voksenteamet"
    actions.rename_unit(unit, "Team Voksen", by=cast.henrik)
    assert (last_event().verb, last_event().data["before"]) == ("access.rename_unit", "Voksenteamet")
    assert actions.rename_unit(unit, "Team voksen", by=cast.henrik).name == "Team voksen"  # its own name in other letters


@pytest.mark.parametrize("name", ["Ungeteamet", "ungeteamet ", "  "])
def test_a_unit_needs_a_name_of_its_own(cast, name):
    with pytest.raises(Refusal) as refused:
        actions.add_unit(name, by=cast.henrik)
    assert refused.value.field == "name"


def test_two_who_make_the_same_unit_at_once_get_a_sentence(cast, monkeypatch):
    monkeypatch.setattr(actions, "_free_unit_name", lambda name, by, unit=None: name)  # as if the other came a moment later
    with pytest.raises(Refusal, match="allerede en enhed, der hedder Ungeteamet"):
        actions.add_unit("Ungeteamet", by=cast.henrik)


def test_municipalities_may_use_the_same_names(cast):
    fjordby(BAKKEBY, "Bakkeby", suffix="_b")
    assert Unit.objects.filter(name="Ungeteamet").count() == 1  # each sees its own


# --- Staff -----------------------------------------------------------------------------------------
def test_a_person_is_appointed_with_a_sign_in(cast):
    ida = actions.appoint("Ida Østergård", ["caseworker", "mentor"], by=cast.henrik, unit=cast.unit, username="Ida", password="sne-og-salt-2026")
    assert ida.account.username == "ida"
    assert ida.account.check_password("sne-og-salt-2026")
    assert last_event().data == {"name": "Ida Østergård", "roles": ["caseworker", "mentor"]}


@pytest.mark.parametrize(
    ("roles", "username", "field"),
    [([], "", "roles"), (["konge"], "", "roles"), (["mentor"], "bente", "username"), (["mentor"], "BENTE", "username")],
)
def test_an_appointment_needs_a_known_role_and_a_free_name(cast, roles, username, field):
    before = Staff.objects.count()
    with pytest.raises(Refusal) as refused:
        actions.appoint("Ida", roles, by=cast.henrik, username=username)
    assert refused.value.field == field
    assert Staff.objects.count() == before


def test_two_who_take_the_same_name_at_once_get_a_sentence(cast, monkeypatch):
    monkeypatch.setattr(type(Account.objects.all()), "exists", lambda self: False)
    with pytest.raises(Refusal, match="er taget"):
        actions.appoint("Ida", ["mentor"], by=cast.henrik, username="bente")


def test_a_change_keeps_what_was(cast):
    actions.change_staff(cast.bente, by=cast.henrik, name="Bente Ågård", roles=["caseworker", "coordinator"])
    event = last_event()
    assert event.data["before"] == {"name": "Bente Bak", "roles": ["caseworker"]}
    assert Staff.objects.get(pk=cast.bente.pk).sort_key == "bente z}gz}rd"


def test_the_last_leader_stays_leader(cast):
    with pytest.raises(Refusal, match="den eneste leder") as refused:
        actions.change_staff(cast.henrik, by=cast.henrik, roles=["coordinator"])
    assert refused.value.field == "roles"
    actions.change_staff(cast.dorthe, by=cast.henrik, roles=["leader"])
    assert actions.change_staff(cast.henrik, by=cast.henrik, roles=["coordinator"]).roles == ["coordinator"]


def test_access_is_closed_and_opened_again(cast):
    actions.deactivate(cast.bente, by=cast.henrik)
    assert queries.places_of(cast.bente.account, here=cast.henrik) == []
    assert last_event().verb == "access.deactivate"
    actions.reactivate(cast.bente, by=cast.henrik)
    assert queries.places_of(cast.bente.account, here=cast.henrik) == [cast.bente]


def test_nobody_closes_the_own_access_or_the_last_leader_s(cast):
    with pytest.raises(Refusal, match="din egen adgang"):
        actions.deactivate(cast.henrik, by=cast.henrik)
    with pytest.raises(Refusal, match="den eneste leder"):
        actions.deactivate(cast.henrik, by=cast.dorthe)
    assert Staff.objects.get(pk=cast.henrik.pk).active


# --- Sign-ins --------------------------------------------------------------------------------------
def test_an_invitation_makes_a_sign_in_without_a_password(cast):
    ida = actions.appoint("Ida", ["mentor"], by=cast.henrik)
    account = actions.invite(ida, by=cast.henrik, username="ida")
    assert not account.has_usable_password()
    assert Staff.objects.get(pk=ida.pk).account == account
    assert actions.invite(ida, by=cast.henrik) == account  # a new link for the same sign-in


def test_a_sign_in_used_elsewhere_cannot_be_renewed_from_here(cast):
    """Else a leader could enter the other municipality as that person."""
    away = fjordby(BAKKEBY, "Bakkeby", suffix="_b")
    place = Staff.objects.get(pk=away.freja.pk)
    place.account = cast.freja.account
    place.save()
    set_context(FJORDBY)
    with pytest.raises(Refusal, match="en anden kommune"):
        actions.invite(cast.freja, by=cast.henrik)
    assert Staff.objects.filter(pk=cast.bente.pk).exists()  # the context is ours again
    assert not Staff.objects.filter(pk=away.bente.pk).exists()


def test_a_place_is_joined_once(cast):
    with within(FJORDBY):
        ida = actions.appoint("Ida", ["mentor"], by=cast.henrik)
    away = fjordby(BAKKEBY, "Bakkeby", suffix="_b")
    set_context(FJORDBY)
    actions.join(ida, away.freja.account, by=ida)
    assert last_event().verb == "access.join"
    with pytest.raises(Refusal, match="Invitationen er brugt"):
        actions.join(ida, away.carl.account, by=ida)
    jan = actions.appoint("Jan", ["mentor"], by=cast.henrik)
    with pytest.raises(Refusal, match="allerede en plads i kommunen"):
        actions.join(jan, cast.bente.account, by=jan)


def test_the_database_too_keeps_one_place_per_municipality(cast):
    with pytest.raises(IntegrityError), transaction.atomic():
        Staff.objects.create(municipality_id=FJORDBY, account=cast.bente.account, name="Igen", sort_key="igen", roles=["mentor"])


# --- Stand-ins -------------------------------------------------------------------------------------
def today(days=0):
    return timezone.localdate() + timedelta(days=days)


def test_a_stand_in_begins_and_ends(cast):
    row = actions.let_stand_in(cast.bente, cast.henrik, by=cast.dorthe, start=today(-1), end=today(7), reason="Ferie")
    assert queries.standing_in(Staff.objects.get(pk=cast.henrik.pk)) == [row]
    actions.end_stand_in(row, by=cast.dorthe)
    assert StandIn.objects.get(pk=row.pk).end == today(-1)
    assert queries.standing_in(Staff.objects.get(pk=cast.henrik.pk)) == []
    assert last_event().data["was_until"] == str(today(7))


def test_a_stand_in_that_has_not_begun_is_taken_away(cast):
    row = actions.let_stand_in(cast.bente, cast.henrik, by=cast.dorthe, start=today(2), end=today(7))
    actions.end_stand_in(row, by=cast.dorthe)
    assert not StandIn.objects.exists()


@pytest.mark.parametrize(
    ("away", "stand_in", "start", "end", "field"),
    [("bente", "bente", 0, 1, "stand_in"), ("bente", "henrik", 3, 1, "end"), ("bente", "carl", 0, 1, "stand_in"), ("bente", "dorthe", 4, 9, "start")],
)
def test_a_stand_in_that_cannot_be(cast, away, stand_in, start, end, field):
    actions.deactivate(cast.carl, by=cast.henrik)
    cast.carl.refresh_from_db()
    actions.let_stand_in(cast.bente, cast.dorthe, by=cast.dorthe, start=today(), end=today(5))
    with pytest.raises(Refusal) as refused:
        actions.let_stand_in(getattr(cast, away), getattr(cast, stand_in), by=cast.dorthe, start=today(start), end=today(end))
    assert refused.value.field == field
    assert StandIn.objects.count() == 1

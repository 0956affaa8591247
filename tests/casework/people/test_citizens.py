"""The verbs about citizens."""

import pytest

from snerydder.access import actions as access
from snerydder.access.tenancy import set_context
from snerydder.audit.action import Refusal
from snerydder.audit.models import Event, Lookup
from snerydder.casework.cases.history import WORDS
from snerydder.casework.people import actions, queries
from snerydder.casework.people.models import Citizen
from tests import build
from tests.cast import AMINA_CPR, BAKKEBY, FJORDBY, fjordby

pytestmark = pytest.mark.django_db


def last_event() -> Event:
    event = Event.objects.order_by("-id").first()
    assert event.verb in WORDS
    return event


def register(cast, **details):
    values = {"cpr": "010190-5001", "first_name": " Bo ", "last_name": "Ågård-O'Neill"}
    return actions.register_citizen(by=cast.bente, **(values | details))


def test_a_citizen_is_registered(cast):
    bo = register(cast, protected=True)
    row = Citizen.objects.get(pk=bo.pk)
    assert (row.full_name, row.unit, row.languages) == ("Bo Ågård-O'Neill", cast.unit, ["dansk"])
    assert row.name.startswith("Navn beskyttet (")
    event = last_event()
    assert (event.verb, event.citizen_id) == ("people.register_citizen", bo.pk)
    assert "0101905001" not in str(event.data)


@pytest.mark.parametrize(("cpr", "year"), [("010101-1234", 1901), ("010105-4123", 2005), ("010190-5001", None)])
def test_the_year_of_birth_is_read_from_the_number_when_it_says_one(cast, cpr, year):
    assert register(cast, cpr=cpr).birth_year == year
    assert register(cast, cpr="020190-5001", birth_year=1999).birth_year == 1999


@pytest.mark.parametrize("cpr", ["310290-5001", "12345", "", "0101905001x"])
def test_a_number_that_cannot_be_is_refused_with_a_way_on(cast, cpr):
    with pytest.raises(Refusal, match="CPR-nummeret kan ikke passe") as refused:
        register(cast, cpr=cpr)
    assert (refused.value.field, bool(refused.value.mend)) == ("cpr", True)


def test_nobody_is_registered_twice(cast):
    with pytest.raises(Refusal, match="allerede oprettet") as refused:
        register(cast, cpr=AMINA_CPR.replace("-", ""))
    assert refused.value.link == f"/borgere/{cast.amina.pk}/"


def test_one_is_not_sent_to_a_page_one_cannot_open(cast):
    far = access.add_unit("Voksenteamet", by=cast.henrik)
    register(cast, unit=far)
    with pytest.raises(Refusal, match="hører til Voksenteamet") as refused:
        register(cast)
    assert refused.value.link == ""


def test_two_who_register_the_same_person_at_once_get_a_sentence(cast, monkeypatch):
    """The check found nobody; the database's own constraint decides, and the second is told what the first did."""
    real = actions._give_cpr

    def late(citizen, cpr, by):
        with pytest.raises(Refusal):
            real(citizen, cpr, by)
        citizen.cpr_sealed = "v1:00:00"

    monkeypatch.setattr(actions, "_give_cpr", late)
    with pytest.raises(Refusal, match="allerede oprettet"):
        register(cast, cpr=AMINA_CPR)


def test_the_same_person_may_be_known_in_two_municipalities(cast):
    away = fjordby(BAKKEBY, "Bakkeby", suffix="_b")
    assert bytes(away.amina.cpr_index) != bytes(cast.amina.cpr_index)


def test_a_change_keeps_what_was(cast):
    actions.change_citizen(cast.amina, by=cast.bente, last_name="Åberg", phone="00 00 00 09")
    event = last_event()
    assert event.data["before"] == {"last_name": "Yusuf", "phone": "00 00 00 02"}
    assert Citizen.objects.get(pk=cast.amina.pk).sort_key == "z}berg amina"


def test_a_wrong_number_is_put_right_without_a_trace_of_it_in_the_event(cast):
    actions.change_citizen(cast.amina, by=cast.bente, cpr="060389-5011")
    assert Citizen.objects.get(pk=cast.amina.pk).cpr() == "0603895011"
    assert "0603895011" not in str(last_event().data) and "060389" not in str(last_event().data)
    bo = register(cast)
    with pytest.raises(Refusal, match="allerede oprettet"):
        actions.change_citizen(bo, by=cast.bente, cpr="060389-5011")


@pytest.mark.parametrize("verb", [actions.show_cpr, actions.show_protected])
def test_what_is_hidden_is_shown_for_a_purpose(cast, verb):
    verb(cast.amina, by=cast.bente, purpose=" Digital Post ")
    assert last_event().data == {"purpose": "Digital Post"}
    assert Lookup.objects.order_by("-id").first().purpose == "Digital Post"


@pytest.mark.parametrize("verb", [actions.show_cpr, actions.show_protected])
@pytest.mark.parametrize("purpose", ["", "  ", "x"])
def test_without_a_purpose_nothing_is_shown(cast, verb, purpose):
    before = Event.objects.count(), Lookup.objects.count()
    with pytest.raises(Refusal) as refused:
        verb(cast.amina, by=cast.bente, purpose=purpose)
    assert refused.value.field == "purpose"
    assert (Event.objects.count(), Lookup.objects.count()) == before


# --- Search ------------------------------------------------------------------------------------------
@pytest.mark.parametrize("text", ["050389-5011", "0503895011", " 050389 5011 "])
def test_a_number_finds_one(cast, text):
    assert queries.find(text, cast.bente).citizens == [cast.amina]


@pytest.mark.parametrize("text", ["Am", "amina", "Yus", "Amina Yu", "AMINA YUSUF"])
def test_the_beginning_of_a_name_finds(cast, text):
    assert queries.find(text, cast.bente).citizens == [cast.amina]


@pytest.mark.parametrize(("text", "kind"), [("A", "too_short"), ("", "too_short"), ("310290-5011", "not_a_cpr"), ("mina", "name"), ("050389-5012", "cpr")])
def test_it_finds_nobody(cast, text, kind):
    found = queries.find(text, cast.bente)
    assert (found.kind, found.citizens, found.elsewhere) == (kind, [], None)


def test_signs_with_a_meaning_to_the_database_mean_nothing(cast):
    for text in ("%%%", "__", "' OR 1=1 --", "\\\\"):
        assert queries.find(text, cast.bente).citizens == []


def test_a_protected_name_is_found_by_number_alone(cast):
    actions.change_citizen(cast.amina, by=cast.bente, protected=True)
    assert queries.find("Amina", cast.bente).citizens == []
    assert [citizen.name[:14] for citizen in queries.find(AMINA_CPR, cast.bente).citizens] == ["Navn beskyttet"]


def test_a_number_from_another_unit_says_where_and_no_more(cast):
    far = access.add_unit("Voksenteamet", by=cast.henrik)
    bo = register(cast, unit=far)
    assert queries.find("Bo", cast.bente).citizens == []
    found = queries.find("010190-5001", cast.bente)
    assert (found.citizens, found.elsewhere) == ([], bo)
    assert queries.find("010190-5001", cast.dorthe).citizens == [bo]


def test_another_municipality_s_citizens_are_not_found(cast):
    away = fjordby(BAKKEBY, "Bakkeby", suffix="_b")
    stranger = actions.register_citizen(by=away.bente, cpr="010190-5002", first_name="Zoe", last_name="Zeuthen")
    set_context(FJORDBY)
    for text in ("010190-5002", "Zoe"):
        found = queries.find(text, cast.dorthe)
        assert (found.citizens, found.elsewhere) == ([], None)
    assert stranger.pk


def test_a_case_number_finds_its_citizen(cast):
    case = build.referred(cast)
    assert queries.find(case.number, cast.bente).citizens == [cast.amina]
    assert queries.with_open_case([cast.amina], cast.bente) == [(cast.amina, case)]


def test_a_long_list_is_cut_and_says_so(cast):
    for number in range(1, queries.MOST_FOUND + 2):
        build.citizen(cast, number)
    found = queries.find("Borger", cast.bente)
    assert (len(found.citizens), found.more) == (queries.MOST_FOUND, True)


def test_who_has_looked_is_counted_by_day_and_purpose_and_names_nobody(cast):
    for _ in range(3):
        actions.show_cpr(cast.amina, by=cast.bente, purpose="Digital Post")
    actions.show_cpr(cast.amina, by=cast.dorthe, purpose="Match")
    times, looks = queries.looks_at(cast.amina)
    assert times == 4
    assert [(look.purpose, look.kind, look.times) for look in looks] == [("Digital Post", "cpr", 3), ("Match", "cpr", 1)]
    assert not any("Bente" in str(look) for look in looks)

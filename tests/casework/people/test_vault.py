"""CPR numbers at rest: bound to their row, found without being opened, and kept through a change of keys."""

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snerydder.casework.people import vault
from snerydder.casework.people.models import Citizen
from tests.cast import AMINA_CPR, BAKKEBY, FJORDBY, fjordby

ROW = uuid.UUID("11111111-1111-4111-8111-111111111111")
OTHER = uuid.UUID("22222222-2222-4222-8222-222222222222")
NUMBER = "0503895011"
OLD, NEW = b"o" * 32, b"n" * 32


@pytest.fixture(autouse=True)
def fresh_keys(settings, machines_chance):
    settings.CPR_KEYS = {"1": OLD}
    vault._key.cache_clear()
    yield
    vault._key.cache_clear()


def sealed(number=NUMBER, row=ROW, municipality=FJORDBY):
    return vault.seal(number, row_id=row, municipality_id=municipality)


# --- Which numbers -----------------------------------------------------------------------------------
@pytest.mark.parametrize("text", ["0503895011", "050389-5011", " 050389 5011 ", "050389\u20135011", "2902005011", "3112990000", "3006000001"])
def test_it_reads_a_number_as_people_write_it(text):
    assert len(vault.normal(text)) == 10


@pytest.mark.parametrize(
    "text", ["", "05038950", "050389-501", "3213995011", "0013995011", "3102005011", "3004995011x", "3104995011", "ABCDEF-GHIJ", "05038950111", None]
)
def test_it_refuses_what_cannot_be_one(text):
    with pytest.raises(vault.NotACpr):
        vault.normal(text)


def test_a_number_that_fails_modulus_11_is_one():
    assert vault.normal("010190-0001") == "0101900001"  # given out since 2007


@pytest.mark.parametrize(
    ("number", "year"),
    [("0101990000", 1999), ("0101003999", 1900), ("0101364000", 2036), ("0101374000", 1937), ("0101575000", 2057), ("0101585000", None),
     ("0101998999", None), ("0101369000", 2036), ("0101379000", 1937)],
)  # fmt: skip
def test_the_seventh_digit_says_the_century(number, year):
    assert vault.birth_year(number) == year


# --- Sealed --------------------------------------------------------------------------------------------
@given(day=st.integers(1, 28), month=st.integers(1, 12), rest=st.integers(0, 999_999))
def test_what_is_sealed_opens_in_its_place(day, month, rest):
    number = f"{day:02}{month:02}{rest:06}"
    box = sealed(number)
    assert number not in box
    assert vault.unseal(box, row_id=ROW, municipality_id=FJORDBY) == number


def test_the_same_number_never_looks_the_same_twice():
    assert sealed() != sealed()


@pytest.mark.parametrize(("row", "municipality"), [(OTHER, FJORDBY), (ROW, BAKKEBY)])
def test_a_seal_that_was_moved_does_not_open(row, municipality):
    with pytest.raises(vault.Unopenable):
        vault.unseal(sealed(), row_id=row, municipality_id=municipality)


@pytest.mark.parametrize("place", [5, -1])
def test_a_seal_that_was_changed_does_not_open(place):
    box = sealed()
    changed = box[:place] + ("0" if box[place] != "0" else "1") + (box[place + 1 :] if place != -1 else "")
    with pytest.raises(vault.Unopenable):
        vault.unseal(changed, row_id=ROW, municipality_id=FJORDBY)


# --- Keys ----------------------------------------------------------------------------------------------
def change_keys(settings, keys):
    settings.CPR_KEYS = keys
    vault._key.cache_clear()


def test_after_a_change_of_keys_the_old_opens_and_the_new_seals(settings):
    old = sealed()
    change_keys(settings, {"2": NEW, "1": OLD})
    new = sealed()
    assert (old[:3], new[:3]) == ("v1:", "v2:")
    for box in (old, new):
        assert vault.unseal(box, row_id=ROW, municipality_id=FJORDBY) == NUMBER


def test_a_search_finds_what_was_sealed_before_the_change(settings):
    before = vault.blind_index(NUMBER, municipality_id=FJORDBY)
    change_keys(settings, {"2": NEW, "1": OLD})
    assert vault.blind_index(NUMBER, municipality_id=FJORDBY) == before


@pytest.mark.parametrize("keys", [{"1": NEW}, {"2": OLD}])
def test_the_wrong_key_or_a_lost_one_opens_nothing(settings, keys):
    box = sealed()
    change_keys(settings, keys)
    with pytest.raises(vault.Unopenable):
        vault.unseal(box, row_id=ROW, municipality_id=FJORDBY)


def test_the_index_is_the_same_for_the_same_number_in_one_municipality_alone():
    assert vault.blind_index("050389-5011", municipality_id=FJORDBY) == vault.blind_index(NUMBER, municipality_id=FJORDBY)
    assert vault.blind_index(NUMBER, municipality_id=FJORDBY) != vault.blind_index(NUMBER, municipality_id=BAKKEBY)
    assert len(vault.blind_index(NUMBER, municipality_id=FJORDBY)) == 32


def test_masked_shows_the_day_of_birth_and_no_more():
    assert vault.masked(NUMBER) == "050389-••••"


@pytest.mark.django_db
def test_the_table_holds_no_number_in_clear():
    cast = fjordby()
    row = Citizen.objects.filter(pk=cast.amina.pk).values().get()
    digits = AMINA_CPR.replace("-", "")
    assert not [name for name, value in row.items() if digits in str(value) or AMINA_CPR in str(value)]
    assert Citizen.objects.get(pk=cast.amina.pk).cpr() == digits

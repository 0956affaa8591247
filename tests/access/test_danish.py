"""A Danish telephone book, whatever the database's own order is; and Danish in what is kept for others."""

import random

import pytest
from django.utils import translation
from django.utils.translation import gettext

from snerydder.access.danish import said_in_danish, sort_key

BOOK = [
    "Abel", "Andersen", "Bak", "Bæk", "Bøgh", "Bårdsen", "Clausen", "Élodie", "Holm", "Müller", "Myrup", "Obel", "O'Brien", "Olsen",
    "Yusuf", "Zebra", "Ærø", "Østergård", "Øvig", "Aaberg", "Ågård",
]


def test_æ_ø_å_come_last_and_aa_is_å():
    mixed = BOOK[:]
    random.Random(1).shuffle(mixed)
    assert sorted(mixed, key=sort_key) == BOOK


@pytest.mark.parametrize(("one", "same"), [("AAse", "åse"), ("O'Neill", "ONeill"), ("Bak-Holm", "Bak Holm"), ("Åse", "ÅSE")])
def test_signs_and_case_do_not_count(one, same):
    assert sort_key(one) == sort_key(same)


def test_the_last_name_counts_before_the_first():
    assert sort_key("Holm", "Åse") < sort_key("Holme", "Anna")
    assert len(sort_key("x" * 300)) == 160


@pytest.mark.parametrize("language", ["da", "en"])
def test_what_others_read_later_is_kept_in_danish(language):
    """A purpose in the log is read by the citizen, whatever the employee had on the screen."""
    with translation.override(language):
        said = gettext("Bevilgede og leverede timer")
        assert (said == "Bevilgede og leverede timer") is (language == "da")
        assert said_in_danish(said) == "Bevilgede og leverede timer"
        assert said_in_danish("Free text nobody translated") == "Free text nobody translated"

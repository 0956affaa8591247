"""What the tests themselves draw falls alike each time (tests/chance.py)."""

import os
import secrets
import subprocess
import sys
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from snerydder.access.models import Account
from tests import chance


def drawn() -> list[object]:
    return [uuid4(), secrets.token_hex(8), secrets.randbelow(10**9), os.urandom(7), Account._meta.pk.get_default()]


def test_a_test_draws_the_same_each_time_and_never_the_same_twice(request: pytest.FixtureRequest) -> None:
    first, second = drawn(), drawn()
    chance.stream.begin(request.node.nodeid)
    assert first == drawn() and not set(map(str, first)) & set(map(str, second))
    assert uuid4().version == 4
    chance.stream.begin("another")
    assert not set(map(str, drawn())) & set(map(str, first))


def test_it_is_the_same_today_as_the_day_this_was_written() -> None:
    with chance.of("a name"):
        assert uuid4() == UUID("802192df-b9d0-433d-8186-1eddd02a824a") or os.environ.get("SNERYDDER_CHANCE")


def test_what_several_share_is_drawn_apart(request: pytest.FixtureRequest) -> None:
    first = uuid4()
    with chance.of("shared"):
        shared = drawn()
    second = uuid4()
    chance.stream.begin(request.node.nodeid)
    assert [uuid4(), uuid4()] == [first, second]
    with chance.of("shared"):
        assert shared == drawn()


def test_what_is_about_secrecy_has_the_machine_s_own(request: pytest.FixtureRequest, machines_chance: None) -> None:
    first = drawn()
    chance.stream.begin(request.node.nodeid)
    assert not set(map(str, first)) & set(map(str, drawn()))


def test_a_process_in_between_does_not_draw_what_its_parent_draws(repository: Path) -> None:
    words = "import os; from tests import chance; chance.steady(); pid = os.fork(); pid and os.wait(); print(os.urandom(8).hex())"
    once, again = (subprocess.run([sys.executable, "-c", words], cwd=repository, capture_output=True, text=True, check=True).stdout.split() for _each in range(2))
    assert len({*once, *again}) == 3, "the parents alike, the children not"

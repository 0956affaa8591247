"""Outside a demo, no start without keys of one's own."""

import base64
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from snerydder.project import keys, state

GOOD = "q7Zt-0mWcP3vR9sLxYb2hJ8nKd5fGa1TuEo6iBwQyVzXrMpN4CkHgSjD"
GOOD_CPR = "1:" + base64.urlsafe_b64encode(bytes(range(32))).decode()


@pytest.fixture(autouse=True)
def fresh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, machines_chance: None) -> None:
    monkeypatch.setenv("SNERYDDER_STATE", str(tmp_path / "state"))
    for name in ("SNERYDDER_SECRET_KEY", "SNERYDDER_CPR_KEYS"):
        monkeypatch.delenv(name, raising=False)


def test_a_good_key_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SNERYDDER_SECRET_KEY", GOOD)
    assert keys.signing_key(may_make=False) == GOOD


@pytest.mark.parametrize("weak", ["kort", GOOD[:49], "a" * 80, "django-insecure-" + GOOD, "changeme" + GOOD])
def test_a_weak_key_is_refused(weak: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SNERYDDER_SECRET_KEY", weak)
    with pytest.raises(ImproperlyConfigured, match="for svag"):
        keys.signing_key(may_make=True)


def test_a_missing_key_is_made_in_a_demo_and_refused_elsewhere() -> None:
    with pytest.raises(ImproperlyConfigured, match="snerydder keys"):
        keys.signing_key(may_make=False)
    made = keys.signing_key(may_make=True)
    assert len(made) >= keys.SHORTEST
    assert keys.signing_key(may_make=False) == made


def test_several_cpr_keys_newest_first(monkeypatch: pytest.MonkeyPatch) -> None:
    older = base64.urlsafe_b64encode(bytes(range(32, 64))).decode()
    monkeypatch.setenv("SNERYDDER_CPR_KEYS", GOOD_CPR.replace("1:", "2:") + f", 1:{older}")
    assert keys.cpr_keys(may_make=False) == {"2": bytes(range(32)), "1": bytes(range(32, 64))}


@pytest.mark.parametrize("wrong", ["1:", "1:c2hvcnQ=", "1:" + "A" * 43 + "=", GOOD_CPR[2:], "a b" + GOOD_CPR[1:], "1:æøå"])
def test_a_wrong_cpr_key_is_refused(wrong: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SNERYDDER_CPR_KEYS", wrong)
    with pytest.raises(ImproperlyConfigured, match="SNERYDDER_CPR_KEYS"):
        keys.cpr_keys(may_make=True)


def test_cpr_keys_missing_are_made_only_in_a_demo() -> None:
    with pytest.raises(ImproperlyConfigured, match="uden dem"):
        keys.cpr_keys(may_make=False)
    assert keys.cpr_keys(may_make=True) == keys.cpr_keys(may_make=False)


def test_the_verb_never_overwrites_a_key(tmp_path: Path) -> None:
    def run() -> str:
        return subprocess.run([sys.executable, "-m", "snerydder", "keys"], capture_output=True, text=True, check=True).stdout

    assert "lavet" in run()
    before = [(state.folder() / name).read_text() for name in (keys.SIGNING, keys.CPR)]
    assert "lavet" not in run()
    assert [(state.folder() / name).read_text() for name in (keys.SIGNING, keys.CPR)] == before


def test_secrets_are_for_their_owner_alone() -> None:
    state.secret("some.key")
    assert (state.folder() / "some.key").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in state.folder().iterdir()] == ["some.key"], "the draft was left behind"


def test_two_processes_that_make_the_same_secret_agree() -> None:
    words = "from snerydder.project import state; print(state.secret('shared.key'))"
    running = [subprocess.Popen([sys.executable, "-c", words], stdout=subprocess.PIPE, env={**os.environ}) for _ in range(6)]
    assert len({process.communicate()[0] for process in running}) == 1

"""The command itself, in a process of its own, with a state folder that was empty."""

import os
import re
import shutil
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from snerydder import cli
from snerydder.project import postgres
from tests import ground


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """No DATABASE_URL: a server of its own. The static files are the clone's."""
    folder = tmp_path_factory.mktemp("demo")
    mine = {key: value for key, value in os.environ.items() if not key.startswith(("SNERYDDER_", "DATABASE_URL", "APP_DATABASE"))}
    yield {**mine, "SNERYDDER_STATE": str(folder / "state")}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SNERYDDER_STATE", str(folder / "state"))
        shutil.rmtree(postgres._home("postgres"))


def run_demo(environment: dict[str, str], *more: str) -> tuple[str, int]:
    """Start it, wait for the page, stop it as a service manager would. What it printed, and the exit code."""
    port = ground.port()
    command = [sys.executable, "-m", "snerydder", "demo", "--size", "tiny", "--port", str(port), *more]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert process.stdout
    lines: list[str] = []
    for line in process.stdout:
        lines.append(line)
        if line.startswith("Stop med Ctrl-C"):
            break
    if lines and lines[-1].startswith("Stop"):
        assert urllib.request.urlopen(f"http://localhost:{port}/healthz").read() == b"ok\n"
    process.send_signal(signal.SIGTERM)
    rest, _ = process.communicate(timeout=300)
    return "".join(lines) + rest, process.returncode


def test_from_nothing_to_a_page_and_again(environment: dict[str, str]) -> None:
    first, code = run_demo(environment)
    assert code == 0, first
    assert "Laver en ny database" in first
    second, code = run_demo(environment)
    assert code == 0, second
    assert "Laver en ny database" not in second
    assert "Bringer databasen ajour" not in second
    people = re.compile(r"hvem du vil være:\n(.*)Stop", re.S)
    assert people.search(first).group(1) == people.search(second).group(1)  # type: ignore[union-attr]
    assert not list(Path(environment["SNERYDDER_STATE"]).glob("*/data/postmaster.pid")), "the server was left running"


def test_a_reset_builds_the_town_again(environment: dict[str, str]) -> None:
    said, code = run_demo(environment, "--reset")
    assert code == 0, said
    assert "Bringer databasen ajour" in said


def test_a_taken_port_is_a_sentence_with_a_free_one(environment: dict[str, str]) -> None:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        command = [sys.executable, "-m", "snerydder", "demo", "--port", str(port)]
        done = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert done.returncode == 2
    assert re.fullmatch(rf"Port {port} er optaget af et andet program\. Prøv: python3 manage\.py demo --port \d+\n", done.stderr)


def test_a_given_database_is_never_emptied(environment: dict[str, str], own_database: str) -> None:
    said, code = run_demo({**environment, "DATABASE_URL": own_database}, "--reset")
    assert code == 2
    assert "--reset tømmer kun demoens egen database" in said


def test_help_names_every_verb() -> None:
    for verb in set(cli.VERBS) - {"town", "help", "--help", "-h"}:
        assert re.search(rf"^  {verb} ", cli.HELP, re.M), verb

"""The demo: a database, a town in it, a server in front, and who one can be."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from snerydder.project import assets, databases, postgres, schedule, schema, serving, state
from snerydder.project.demo import clock

SHOWN = 40  # people on the screen after the start
NOT_A_DEMO = "Databasen i DATABASE_URL er ikke en demo, og i en demo kan alle være alle. Peg på en tom database, eller kør uden SNERYDDER_DEMO."


def demo_is_on() -> bool:
    return os.environ.get("SNERYDDER_DEMO", "").lower() in ("1", "true", "yes", "on")


@contextmanager
def database(name: str = "", say: postgres.Say = print) -> Iterator[str]:
    """The owner's address of the database to work on: the given one, else one on a server of our own."""
    if given := os.environ.get("DATABASE_URL"):
        databases.connect(given).close()
        yield given
        return
    name = name or ("snerydder_demo_town" if demo_is_on() else "snerydder")
    with postgres.running(say=say) as server:
        databases.create(server.url(), name)
        yield server.url(name)


def show(size: str, seed: str, host: str, port: int, *, reset: bool = False) -> None:
    """From nothing to a page; what is there already is not made again."""
    serving.require_port(host, port, "python3 manage.py demo" if state.is_clone() else "snerydder demo")
    os.environ["SNERYDDER_DEMO"] = "1"
    name = f"snerydder_demo_{size}"
    with database(name, say=_say) as owner_url:
        if reset:
            _empty(owner_url, name)
        ready = _stamp(name)
        wanted = f"{schema.fingerprint()} {size} {seed}"
        town = known(owner_url)
        _refuse_real_data(owner_url, town)
        if town is None or os.environ.get("DATABASE_URL") or ready.read() != wanted:
            _say("Bringer databasen ajour ...")
            schema.migrate(owner_url)
        environment = schema.web_environment(owner_url)
        environment.setdefault("SNERYDDER_ADDRESS", f"http://{_shown(host)}:{port}")
        environment.setdefault("SNERYDDER_SMS", f"file:{state.folder() / 'sms.txt'}")  # nobody in a demo has a telephone
        assets.compile_catalogues()
        assets.collect()
        if town is None:
            town = build(owner_url, size, seed)
        if not os.environ.get("DATABASE_URL"):
            ready.write(wanted)
        with serving.serving(host, port, environment) as server, schedule.daily(environment, schema.owner_environment(owner_url)):
            _welcome(host, port, town)
            server.wait()


# --- Building ------------------------------------------------------------------------------------
def build(owner_url: str, size: str, seed: str, day: date | None = None) -> dict[str, Any]:
    """Build the town in a process that works as the web's role, and note that the database holds one."""
    with databases.connect(owner_url) as owner:
        owner.execute(
            "CREATE TABLE IF NOT EXISTS snerydder_demo (size text, seed text, people json, finished timestamptz)"
        )  # json keeps the order of words
        owner.execute("INSERT INTO snerydder_demo (size, seed) SELECT %s, %s", [size, seed])
    with tempfile.TemporaryDirectory(prefix="snerydder-") as folder:
        told = Path(folder) / "people.json"
        environment = schema.web_environment(owner_url, SNERYDDER_DEMO="1")
        command = [sys.executable, "-m", "snerydder", "town", size, seed, str(told), (day or schedule.today()).isoformat()]
        done = subprocess.run(command, env=environment, check=False)
        if done.returncode != 0:
            raise postgres.Unavailable("Demobyen blev ikke færdig. Grunden står ovenfor. Prøv igen med --reset.")
        people = json.loads(told.read_text(encoding="utf-8"))
    with databases.connect(owner_url) as owner:
        clock.set_back(owner)
        owner.execute("UPDATE snerydder_demo SET people = %s, finished = now()", [json.dumps(people)])
        owner.execute("ANALYZE")
    return {"size": size, "seed": seed, "people": people}


def build_here(size: str, seed: str, told: str, day: str) -> None:
    """In the process of its own: call the builder, and write down who lives there."""
    import django

    django.setup()
    people: Any = []
    if find_spec("snerydder.project.demo"):
        from snerydder.project import demo  # type: ignore[attr-defined]

        people = demo.build(size, seed, bar(), date.fromisoformat(day))
    listed = [dict(person) for person in people] if isinstance(people, list | tuple) else []
    Path(told).write_text(json.dumps(listed, ensure_ascii=False, default=str), encoding="utf-8")


def bar() -> Callable[..., None]:
    """progress(text, done, total): one line that fills on a screen, a line now and then in a log."""
    shown = {"at": 0.0}

    def progress(text: str = "", done: int = 0, total: int = 0) -> None:
        now, last = time.monotonic(), total and done >= total
        if sys.stdout.isatty():
            if now - shown["at"] < 0.05 and not last:
                return
            filled = 30 * done // total if total else 0
            sys.stdout.write(f"\r  {'█' * filled}{'░' * (30 - filled)} {done}/{total} {text:<40.40}")
            sys.stdout.write("\r" + " " * 90 + "\r" if last else "")
            sys.stdout.flush()
        elif now - shown["at"] < 5 and not last:
            return
        else:
            print(f"  {done}/{total} {text}", flush=True)
        shown["at"] = now

    return progress


# --- What is there already -----------------------------------------------------------------------
def known(owner_url: str) -> dict[str, Any] | None:
    """The finished demo town of this database, or None."""
    with databases.connect(owner_url) as owner:
        if not owner.execute("SELECT to_regclass('snerydder_demo')").fetchone()[0]:  # type: ignore[index]
            return None
        row = owner.execute("SELECT size, seed, people FROM snerydder_demo WHERE finished IS NOT NULL").fetchone()
        if row is None:
            raise postgres.Unavailable("Demobyen blev afbrudt, mens den blev bygget. Byg den forfra med --reset.")
    return {"size": row[0], "seed": row[1], "people": row[2]}


def _refuse_real_data(owner_url: str, town: dict[str, Any] | None) -> None:
    with databases.connect(owner_url) as owner:
        table = owner.execute("SELECT to_regclass('access_municipality')").fetchone()
        if town is None and table and table[0] and owner.execute("SELECT 1 FROM access_municipality LIMIT 1").fetchone():
            raise postgres.Unavailable(NOT_A_DEMO)


def _empty(owner_url: str, name: str) -> None:
    if os.environ.get("DATABASE_URL"):
        raise postgres.Unavailable("--reset tømmer kun demoens egen database. Tøm selv den, DATABASE_URL peger på.")
    server_url = databases.with_database(owner_url, "postgres")
    databases.drop(server_url, name)
    databases.create(server_url, name)


class _stamp:  # noqa: N801
    """What the demo's own database was last brought to; forgetting it costs two seconds."""

    def __init__(self, name: str) -> None:
        self.path = state.folder() / f"{name}.stamp"

    def read(self) -> str:
        return self.path.read_text() if self.path.is_file() else ""

    def write(self, text: str) -> None:
        self.path.write_text(text)


# --- Words ---------------------------------------------------------------------------------------
def _say(text: str) -> None:
    print(text, flush=True)


def _shown(host: str) -> str:
    return "localhost" if host in ("127.0.0.1", "::1") else host


def _welcome(host: str, port: int, town: dict[str, Any]) -> None:
    shown = _shown(host)
    took = ""
    if started := os.environ.get("SNERYDDER_STARTED"):
        took = f" (klar efter {time.time() - float(started):.0f} sekunder)"
    _say(f"\nSnerydder kører på http://{shown}:{port}{took}")
    _say("Alt er opdigtet. Vælg på forsiden, hvem du vil være:\n")
    people = [[str(value) for value in person.values()] for person in town["people"]]
    for row in people[:SHOWN]:
        widths = [max(len(other[place]) for other in people[:SHOWN] if place < len(other)) for place in range(len(row))]
        _say("  " + "   ".join(value.ljust(width) for value, width in zip(row, widths, strict=True)).rstrip())
    if len(people) > SHOWN:
        _say(f"  ... og {len(people) - SHOWN} til på forsiden")
    _say("\nStop med Ctrl-C.")

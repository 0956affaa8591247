"""The product's verbs, for a clone (`python3 manage.py demo`) and for an installed package (`snerydder demo`)."""

from __future__ import annotations

import argparse
import importlib.util
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from types import FrameType
from typing import NoReturn

HELP = """Snerydder: mentorstøtte fra henvisning til afslutning.

  demo      en opdigtet kommune på egen maskine   --size tiny|town|trial  --port 8000  --reset
  test      alle prøver, med rigtig PostgreSQL og rigtig Chromium; argumenter går til pytest
  bench     alle mål for fart, mod de gængse værktøjer på samme maskine; --quick er nogle minutter
  check     stil, typer, importregler, manglende migrationer, sikkerhedsgulv
  serve     vis siderne                            --host 127.0.0.1  --port 8000  --workers 2
  migrate   bring databasen ajour
  import    læs borgere, mentorer og sager ind fra CSV eller Excel
  jobs      dagens faste opgaver; serve og demo kører dem selv efter midnat
  forget_lookups  slet de opslag, der er ældre, end de skal gemmes; serve og demo gør det selv
  keys      lav installationens nøgler, hvis de mangler
  study     effekten af et lodtrækningsforsøg, uge for uge: study demo | new | power | check | run

Alt andet er Djangos egne kommandoer, fx: shell, makemigrations, showmigrations.
"""
AS_OWNER = ("migrate", "dbshell", "showmigrations", "sqlmigrate", "flush", "squashmigrations", "forget_lookups")


def main(arguments: Sequence[str] = ()) -> int:
    """Run one verb; its exit code. `Unavailable` is a sentence for a person, never a traceback."""
    verb, *rest = arguments or sys.argv[1:] or ["help"]
    if verb == "study":  # works without Django, and is the only verb that does
        return _study(verb, rest)
    if importlib.util.find_spec("django") is None:
        print('Den del hører til tjenesten, som ikke er sat op: pip install ".[web]" i projektets mappe', file=sys.stderr)
        return 2
    from django.core.exceptions import ImproperlyConfigured

    from snerydder.project.postgres import Unavailable

    signal.signal(signal.SIGTERM, _leave)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "snerydder.project.settings")
    try:
        return VERBS.get(verb, _django)(verb, rest)
    except (Unavailable, ImproperlyConfigured) as fault:
        print(fault, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


def _leave(number: int, frame: FrameType | None) -> NoReturn:
    raise SystemExit(0)  # through every `with` on the way: server and database stop


def _demo(verb: str, arguments: Sequence[str]) -> int:
    options = _options(verb)
    options.add_argument("--size", choices=("tiny", "town", "trial"), default="town")
    options.add_argument("--seed", default="1")
    options.add_argument("--host", default="127.0.0.1")
    options.add_argument("--port", type=int, default=8000)
    options.add_argument("--reset", action="store_true", help="byg byen forfra")
    chosen = options.parse_args(arguments)
    _rules_are_sound()
    from snerydder.project import town

    with suppress(KeyboardInterrupt):
        town.show(chosen.size, chosen.seed, chosen.host, chosen.port, reset=chosen.reset)
    return 0


def _town(verb: str, arguments: Sequence[str]) -> int:
    """Internal: build the town in this process, which works as the role that owns nothing."""
    from snerydder.project import town

    town.build_here(*arguments)
    return 0


def _serve(verb: str, arguments: Sequence[str]) -> int:
    options = _options(verb)
    options.add_argument("--host", default="127.0.0.1")
    options.add_argument("--port", type=int, default=8000)
    options.add_argument("--workers", type=int, default=2)
    chosen = options.parse_args(arguments)
    _rules_are_sound()
    from snerydder.project import assets, databases, postgres, schedule, schema, serving, town

    serving.require_port(chosen.host, chosen.port, "snerydder serve")
    with ExitStack() as until_the_end:
        owner_url = until_the_end.enter_context(town.database())
        environment = schema.web_environment(owner_url)
        _settings_are_sound(environment)
        if not (town.demo_is_on() or os.environ.get("SNERYDDER_HOSTS")):
            raise postgres.Unavailable("SNERYDDER_HOSTS mangler: navnene i adressen, fx SNERYDDER_HOSTS=mentor.kommune.example")
        if fault := databases.too_mighty(environment["APP_DATABASE_URL"]):
            raise postgres.Unavailable(fault)
        if town.demo_is_on() and not town.known(owner_url):
            raise postgres.Unavailable(town.NOT_A_DEMO)
        assets.compile_catalogues()
        assets.collect()
        process = until_the_end.enter_context(serving.serving(chosen.host, chosen.port, environment, chosen.workers))
        until_the_end.enter_context(schedule.daily(environment, schema.owner_environment(owner_url)))
        print(f"http://{chosen.host}:{chosen.port}", flush=True)
        return process.wait()


def _rules_are_sound() -> None:
    """Read the rulebook before anything else is touched: a pack that contradicts itself is said with file and line, and nothing starts."""
    try:
        import snerydder.law  # noqa: F401
    except Exception as fault:
        if type(fault).__name__ != "RulebookError":  # the class lies in the package that could not be imported
            raise
        from snerydder.project.postgres import Unavailable

        raise Unavailable(f"Regelbogen kan ikke bruges, så intet er startet. snerydder/law/packs/{fault}") from fault


def _settings_are_sound(environment: dict[str, str]) -> None:
    """Read the settings before the server does: it would say the same below a traceback, and try again."""
    done = subprocess.run([sys.executable, "-c", "import snerydder.project.settings"], env=environment, capture_output=True, text=True)
    if done.returncode != 0:
        from snerydder.project.postgres import Unavailable

        raise Unavailable(done.stderr.strip().splitlines()[-1].partition(": ")[2])


def _migrate(verb: str, arguments: Sequence[str]) -> int:
    from snerydder.project import schema, town

    with town.database() as owner_url:
        schema.migrate(owner_url, *(arguments or ["--verbosity", "1"]))
    return 0


def _keys(verb: str, arguments: Sequence[str]) -> int:
    from snerydder.project import keys, state

    for name in (keys.SIGNING, keys.CPR):
        made = keys.write_new(name)
        print(f"{'lavet' if made else 'findes'}: {state.folder() / name}")
    print("Gem en kopi uden for maskinen: uden dem kan ingen læse CPR-numrene igen.")
    return 0


def _test(verb: str, arguments: Sequence[str]) -> int:
    from snerydder.project import assets, postgres, state

    if not (state.ROOT / "tests").is_dir():
        raise postgres.Unavailable("Prøverne følger ikke med pakken. Kør dem i en klon af projektet.")
    assets.compile_catalogues()
    environment = {key: value for key, value in os.environ.items() if key != "DJANGO_SETTINGS_MODULE"}  # tests/conftest.py sets it
    environment.setdefault("PYTHONHASHSEED", "0")  # a set has the same order in each run
    if not {"not browser", "not browser and not slow"}.intersection(arguments):
        found = subprocess.run([sys.executable, "-m", "tests.chromium"], cwd=state.ROOT, stdout=subprocess.PIPE, text=True)
        if found.returncode != 0:
            return 2
        environment["CHROMIUM"] = found.stdout.strip()
    return subprocess.call([sys.executable, "-m", "pytest", *_shared_out(arguments), *arguments], cwd=state.ROOT, env=environment)


def _shared_out(arguments: Sequence[str]) -> list[str]:
    """The whole suite is shared between the cores, a file to one of them; a part that is asked for runs as it is."""
    chosen = any(argument.startswith(("-n", "tests")) or argument == "-x" for argument in arguments)
    cores = min(os.cpu_count() or 1, 4)
    return [] if chosen or cores < 2 else ["-n", str(cores), "--dist", "loadfile"]


def _check(verb: str, arguments: Sequence[str]) -> int:
    if arguments:
        return _django(verb, arguments)
    from snerydder.project import inspection

    return inspection.run()


def _study(verb: str, arguments: Sequence[str]) -> int:
    if missing := [name for name in ("numpy", "scipy", "polars") if importlib.util.find_spec(name) is None]:
        print(f'Forsøgsdelen mangler {", ".join(missing)}: pip install . i projektets mappe', file=sys.stderr)
        return 2
    from snerydder.study import command

    return command.main(arguments)


def _help(verb: str, arguments: Sequence[str]) -> int:
    print(HELP)
    return 0


def _django(verb: str, arguments: Sequence[str]) -> int:
    from snerydder.project import databases, town

    with town.database() as owner_url:
        os.environ["DATABASE_URL"] = owner_url
        os.environ["SNERYDDER_DB_ROLE"] = "owner" if verb in AS_OWNER else "app"
        databases.prepare(owner_url)
        from django.core.management import execute_from_command_line

        execute_from_command_line(["snerydder", verb, *arguments])
    return 0


def _options(verb: str) -> argparse.ArgumentParser:
    return argparse.ArgumentParser(prog=f"snerydder {verb}", description=HELP.splitlines()[0])


VERBS: dict[str, Callable[[str, Sequence[str]], int]] = {
    "demo": _demo,
    "town": _town,
    "test": _test,
    "check": _check,
    "serve": _serve,
    "migrate": _migrate,
    "keys": _keys,
    "help": _help,
    "--help": _help,
    "-h": _help,
}

"""What happens by itself, once a day and once a minute: one table, and a thread in the server's parent that runs it.

Each job is one of the product's own commands and may run as often as it likes. So nothing is remembered: all of them run when
the server starts and whenever the date has changed, in a process of their own that lives for a second or two. With several
servers on one database an advisory lock lets one of them work at a time. `snerydder jobs` does the same by hand or from cron.
"""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from zoneinfo import ZoneInfo

JOBS = {
    "periods": "sager flyttes videre til den periode, der gælder i dag",
    "inspect": "åbne sager holdes op mod reglerne",
    "ask": "kontaktloggene ses igennem, og der spørges til det, der ikke hænger sammen",
    "survey": "borgere, hvis spørgeskema er åbent, bliver spurgt",
    "notice": "kontrolpersoner i forsøg, som har fået en mentor, skrives ned",
    "count_delivery": "støtten som aftalt tælles op, hvor der er mange forløb",
    "forget_tries": "forkerte adgangskoder, der ikke tæller mere, slettes",
    "clearsessions": "sessioner, der er udløbet, slettes",
}
OWNERS = {"forget_lookups": "opslag, der er ældre, end de skal gemmes, slettes"}  # the web's role may not: the log is closed to it
EVERY_MINUTE = "send"  # what waits to be sent to citizens, once it is said in SNERYDDER_SMS how
LOCK = "snerydder.schedule"
LOOK = 60.0  # seconds between two looks at the calendar: a machine that slept wakes to the right date


def today() -> date:
    return datetime.now(ZoneInfo("Europe/Copenhagen")).date()


@contextmanager
def daily(environment: dict[str, str], owner: dict[str, str] | None = None, *, look: float = LOOK, day: Callable[[], date] = today) -> Iterator[None]:
    """Run the day's jobs now and after each midnight until the block ends; a day that failed is tried again at the next look."""
    over = threading.Event()

    def watch() -> None:
        done: date | None = None
        while not over.is_set():
            if (now := day()) != done and _run(environment) and all(_run(owner, name) for name in OWNERS if owner):
                done = now
            if environment.get("SNERYDDER_SMS"):
                _run(environment, EVERY_MINUTE)
            over.wait(look)

    thread = threading.Thread(target=watch, name="schedule", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(timeout=10)


def _run(environment: dict[str, str], name: str = "jobs") -> bool:
    command = [sys.executable, "-m", "django", name, "--verbosity", "0"]
    return subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=False).returncode == 0

"""Logging a contact against a bare view that does one INSERT: requests a second in one run on one machine, only the ratio means anything.

    .venv/bin/python bench/contacts.py --rounds 5 --seconds 3

Both views are served by the same granian process (one worker, four threads, as the product serves) on the same PostgreSQL.
What the bare view has and has not: bench/site.py. The real one is the product's own view behind the product's own door:
sign-in, session, municipality from the membership, row-level security, the form's validation, the contact with its foreign
keys and indexes, and in the same transaction the case's summary, its week, the event and the draft's end, by the trigger.
Eight connections, each another mentor with fifteen cases, kept alive; bare and real in turn; medians of the rounds.
Without DATABASE_URL the product's own embedded server is used, durable as in service.
"""

from __future__ import annotations

import argparse
import http.client
import os
import random
import statistics
import sys
import threading
import time
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlencode
from uuid import uuid4

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
os.environ["SNERYDDER_TEST"] = "1"

from snerydder.project import databases, postgres, schema, serving  # noqa: E402

MENTORS, CASES_EACH, CONTACTS_EACH = 200, 15, 100
NAME = "snerydder_bench_contacts"
FILL = """
INSERT INTO access_municipality (id, name, logo_text, address, phone, email, invented, rules_of_the_game) VALUES (901, 'Fjordby', '', '', '', '', true, '');
INSERT INTO access_unit (id, municipality_id, name) VALUES (gen_random_uuid(), 901, 'Ungeteamet');
INSERT INTO access_account (id, password, username, is_active) SELECT gen_random_uuid(), '!', 'mentor' || n, true FROM generate_series(1, {mentors}) n;
INSERT INTO access_staff (id, municipality_id, account_id, unit_id, name, sort_key, email, phone, address, roles, active)
SELECT gen_random_uuid(), 901, a.id, u.id, a.username, a.username, '', '', '', '{{mentor}}', true FROM access_account a, access_unit u;
INSERT INTO people_mentor (id, municipality_id, staff_id, kind, employer, hours_per_week, languages, areas, about, has_car, education, came_from, active)
SELECT gen_random_uuid(), 901, id, 'municipal', '', 37, '{{dansk}}', '{{}}', '', false, '', '', true FROM access_staff;
INSERT INTO people_citizen (id, municipality_id, unit_id, first_name, last_name, sort_key, cpr_sealed, cpr_index, target_group, protected, phone, email, address,
  area, languages, interpreter, digital_post_exempt)
SELECT gen_random_uuid(), 901, u.id, 'Borger', 'Nummer' || n, n::text, '', decode(md5(n::text), 'hex'), '', false, '', '', '', '', '{{dansk}}', false, false
FROM access_unit u, generate_series(1, {cases}) n;
INSERT INTO cases_case (id, municipality_id, number, citizen_id, unit_id, mentor_id, stage, version, opened_on, started_on, grant_start, period_end, grant_end,
  minutes_granted, agreement_complete, weeks_with_contact, minutes_used, checks_stop, checks_warn)
SELECT gen_random_uuid(), 901, 'B' || c.n, c.id, c.unit_id, m.id, 'active', 1, current_date - 400, current_date - 390, current_date - 390, current_date + 90,
  current_date + 90, 9000, true, 0, 0, 0, 0
FROM (SELECT *, row_number() OVER (ORDER BY id) n FROM people_citizen) c JOIN (SELECT id, row_number() OVER (ORDER BY id) n FROM people_mentor) m
  ON m.n = 1 + c.n % {mentors};
INSERT INTO contacts_contact (id, municipality_id, case_id, mentor_id, entry, made_by_id, at, day, week, form, minutes, counted_minutes, together, help, note,
  written_at, corrections, withdrawn)
SELECT gen_random_uuid(), 901, c.id, c.mentor_id, gen_random_uuid(), m.staff_id, now(), d.day, to_char(d.day, 'IYYYIW')::int, 'met', 45, 45, 1,
  '{{conversation}}', '', now(), 0, false
FROM cases_case c JOIN people_mentor m ON m.id = c.mentor_id, LATERAL (SELECT current_date - 1 - (3.5 * n)::int AS day FROM generate_series(1, {contacts}) n) d;
CREATE TABLE bench_bare (LIKE contacts_contact INCLUDING DEFAULTS, PRIMARY KEY (id));
GRANT SELECT, INSERT ON bench_bare TO snerydder_app;
"""


def fill(owner_url: str) -> None:
    """A municipality as in speed.md: 200 mentors, 3,000 running cases, 300,000 contacts."""
    words = FILL.format(mentors=MENTORS, cases=MENTORS * CASES_EACH, contacts=CONTACTS_EACH)
    with databases.connect(owner_url) as owner:
        for statement in words.split(";\n"):
            if statement.strip():
                owner.execute(statement)
        owner.execute("VACUUM ANALYZE")


def sign_in() -> list[tuple[str, list[str]]]:
    """(session key, ids of own cases) of each mentor."""
    import django

    django.setup()
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore
    from django.db import transaction

    from snerydder.access import door
    from snerydder.access.models import Staff
    from snerydder.access.tenancy import set_context
    from snerydder.casework.cases.models import Case

    found = []
    with transaction.atomic():
        set_context(901)
        for staff in Staff.objects.select_related("account"):
            session = SessionStore()
            session[SESSION_KEY], session[door.SESSION_KEY] = str(staff.account.pk), str(staff.pk)
            session[BACKEND_SESSION_KEY], session[HASH_SESSION_KEY] = (
                "django.contrib.auth.backends.ModelBackend",
                staff.account.get_session_auth_hash(),
            )
            session.save()
            found.append((session.session_key, [str(pk) for pk in Case.objects.filter(mentor__staff=staff).values_list("pk", flat=True)]))
    return found


class Phone(threading.Thread):
    """One connection that is kept alive. Everything but the send and the answer is made beforehand."""

    def __init__(self, port: int, path: str, session: str, cases: list[str], until: list[float]) -> None:
        super().__init__()
        self.port, self.path, self.session, self.cases, self.until = port, path, session, cases, until
        self.done, self.faults, self.waits = 0, [], []

    def body(self, token: str) -> bytes:
        return urlencode(
            {"csrfmiddlewaretoken": token, "entry": str(uuid4()), "cases": random.choice(self.cases), "form": "met", "minutes": "45",  # noqa: S311
             "help": "conversation", "note": "", "other_minutes": "", "day_day": "", "day_month": "", "day_year": "", "time": ""}
        ).encode()  # fmt: skip

    def run(self) -> None:
        token = "a" * 32
        headers = {
            "Host": f"localhost:{self.port}", "Cookie": f"snerydder={self.session}; snerydder_csrf={token}",
            "Content-Type": "application/x-www-form-urlencoded", "Origin": f"http://localhost:{self.port}",
        }  # fmt: skip
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        while time.perf_counter() < self.until[0]:
            begun = time.perf_counter()
            connection.request("POST", self.path, self.body(token), headers)
            answer = connection.getresponse()
            answer.read()
            if answer.status == 302 and "gemt=" in answer.headers["Location"]:
                self.done += 1
                self.waits.append(time.perf_counter() - begun)
            else:
                self.faults.append(f"{answer.status} {answer.headers.get('Location', '')}")
        connection.close()


def round_of(port: int, path: str, people: list[tuple[str, list[str]]], connections: int, seconds: float) -> tuple[float, float]:
    """Requests a second and the 99th percentile of the wait in ms."""
    until = [time.perf_counter() + seconds]
    phones = [Phone(port, path, *person, until) for person in random.sample(people, connections)]
    begun = time.perf_counter()
    for phone in phones:
        phone.start()
    for phone in phones:
        phone.join()
    took = time.perf_counter() - begun
    faults = [fault for phone in phones for fault in phone.faults]
    if faults:
        raise SystemExit(f"{path}: {len(faults)} answers were wrong: {faults[:3]}")
    waits = sorted(wait for phone in phones for wait in phone.waits)
    return sum(phone.done for phone in phones) / took, 1000 * waits[int(len(waits) * 0.99)]


def counts(owner_url: str) -> tuple[int, int, int]:
    words = "SELECT (SELECT count(*) FROM contacts_contact), (SELECT count(*) FROM audit_event WHERE verb = 'contacts.log'), (SELECT count(*) FROM bench_bare)"
    with databases.connect(owner_url) as owner:
        return owner.execute(words).fetchone()


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--rounds", type=int, default=5)
    asked.add_argument("--seconds", type=float, default=3)
    asked.add_argument("--connections", type=int, default=8)
    given = asked.parse_args()
    with ExitStack() as stack:
        server = os.environ.get("DATABASE_URL") or stack.enter_context(postgres.running("bench-postgres", durable=True)).url()
        databases.drop(server, NAME)
        databases.create(server, NAME)
        stack.callback(databases.drop, server, NAME)
        owner_url = databases.with_database(server, NAME)
        schema.migrate(owner_url)
        fill(owner_url)
        environment = schema.web_environment(owner_url, DJANGO_SETTINGS_MODULE="bench.site", PYTHONPATH=str(ROOT))
        os.environ.update(environment)
        os.environ.pop("DATABASE_URL", None)
        people = sign_in()
        port = serving.free_port()
        stack.enter_context(serving.serving("127.0.0.1", port, environment))
        measure(owner_url, port, people, given)


def measure(owner_url: str, port: int, people: list[tuple[str, list[str]]], given: argparse.Namespace) -> None:
    ways = {"bare": "/bench/bare/", "real": "/kontakt/ny/"}
    for path in ways.values():  # plans, caches, threads
        round_of(port, path, people, given.connections, 2)
    before, found = counts(owner_url), {name: [] for name in ways}
    for _round in range(given.rounds):
        for name, path in ways.items():
            found[name].append(round_of(port, path, people, given.connections, given.seconds))
    after = counts(owner_url)
    with databases.connect(owner_url) as owner:
        says = {name: owner.execute(f"SHOW {name}").fetchone()[0] for name in ("server_version", "fsync", "synchronous_commit")}  # noqa: S608
    for name, rounds in found.items():
        rates = [rate for rate, _wait in rounds]
        middle, slow = statistics.median(rates), statistics.median(wait for _rate, wait in rounds)
        print(f"{name}: {middle:7.0f} requests/s (rounds {', '.join(f'{rate:.0f}' for rate in rates)}), p99 {slow:.1f} ms")
    written = (after[0] - before[0], after[1] - before[1])
    assert written[0] == written[1], "a contact without its event"
    ratio = statistics.median(rate for rate, _wait in found["real"]) / statistics.median(rate for rate, _wait in found["bare"])
    print(f"ratio real / bare: {ratio:.2f} (goal 0.70); {written[0]} contacts, as many events; {says}")


if __name__ == "__main__":
    main()

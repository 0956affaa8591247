"""The nightly run over every open case, against reading the same rows once through the ORM, in the same run.

    .venv/bin/python bench/nightly.py                 50,000 open cases, a million contacts: some minutes
    .venv/bin/python bench/nightly.py --cases 5000    a look
    .venv/bin/python bench/nightly.py --build kept    make the rows in a database that stays, and
    .venv/bin/python bench/nightly.py --on kept       measure on it, as often as wanted (--nights 1: one night)

One PostgreSQL (DATABASE_URL, or an embedded one of its own), one municipality. The cases are copies of one that the verbs made, with
all that belongs to it: referral, assessment, goal, grant, letter, agreement with tasks and acceptances, follow-up, contacts, what others
say of them and what is asked to be paid. Only the ratios, each within this one run, mean anything.
"""

# ruff: noqa: S608 the names are our own

from __future__ import annotations

import argparse
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from desks import say, world

CONTACTS, GOAL = 20, 20.0


def belongings(owner: Any, many: Any, cases: int) -> None:
    """What each copied case has beside its row: the same as the one that the verbs made, moved to its own days."""
    from tests import many as made

    case = made.key("case")
    for table, changed in {
        "cases_referral": {}, "cases_goal": {}, "cases_assessment": {"made_on": "k.b - 10"}, "cases_followup": {"held_on": "k.b + 15"},
        "grants_grant": {"assessment_id": made.key("cases_assessment"), "start": "k.b", '"end"': "k.b + 181", "decided_on": "k.b - 9"},
        "grants_letter": {"grant_id": made.key("grants_grant"), "dated": "k.b - 9"},
    }.items():  # fmt: skip
        copies(owner, table, case, cases, changed, many)
    owner.execute(f"UPDATE agreements_agreement a SET grant_id = md5('grants_grant' || g)::uuid, started_on = a.start FROM generate_series(1, {cases}) g WHERE a.id = {made.key('agreement')}")
    for table in ("agreements_task", "agreements_acceptance"):
        columns = [column for column in made.columns_of(owner, table) if column not in ("id", "agreement_id")]
        names = ", ".join(f'"{column}"' for column in columns)
        own = f"(SELECT id FROM agreements_agreement WHERE case_id = '{many.template.pk}')"
        owner.execute(
            f"INSERT INTO {table} (id, agreement_id, {names}) SELECT gen_random_uuid(), {made.key('agreement')}, {names} FROM {table}, generate_series(1, {cases}) g WHERE agreement_id = {own}"
        )


def money(owner: Any, many: Any) -> None:
    """Every eighth contact has somebody else's word for it, and every fourth stands on an invoice that nobody has decided on yet."""
    from tests import many as made

    asked = owner.execute("SELECT id FROM payments_invoiceline").fetchone()[0]
    said = owner.execute("SELECT id FROM payments_confirmation").fetchone()[0]
    listed = "(SELECT c.*, row_number() OVER (ORDER BY c.id) AS n FROM contacts_contact c WHERE c.form <> 'tried' AND get_byte(uuid_send(c.id), 0) % {every} = 0 AND c.case_id <> '{own}') k"
    every_eighth, every_fourth = (listed.format(every=every, own=many.template.pk) for every in (8, 4))
    of_contact = {"id": "gen_random_uuid()", "case_id": "k.case_id", "contact_id": "k.id", "day": "k.day"}
    made.copy_rows(owner, "payments_confirmation", said, every_eighth, **of_contact, minutes="k.minutes")
    invoice = owner.execute("SELECT id FROM payments_invoice").fetchone()[0]
    lines = owner.execute(f"SELECT count(*) FROM {every_fourth}").fetchone()[0]
    made.copy_rows(owner, "payments_invoice", invoice, f"generate_series(0, {lines // 1000}) g", id=made.key("invoice"), number="'F' || g")
    made.copy_rows(
        owner, "payments_invoiceline", asked, every_fourth, **of_contact, invoice_id=made.key("invoice", "(k.n / 1000)"), place="k.n % 1000",
        minutes="k.counted_minutes", mentor_id="k.mentor_id", entry="k.entry", approved_minutes="0", approved_amount="0", reason="'overlap'", answer_by="k.day + 14",
    )  # fmt: skip


def one_of_each(many: Any) -> None:
    """A confirmation, an invoice with a line and a posting, made by the verbs on the one true case."""
    from decimal import Decimal

    from snerydder.casework.contacts.models import Contact
    from snerydder.casework.payments import actions, invoicing, suppliers
    from snerydder.casework.payments.weighing import Asked

    contact = Contact.objects.get(case=many.template)
    actions.confirm(contact, by=many.cast.bente, source="school", source_name="Kontaktlærer", answered="yes")
    supplier = suppliers.add_supplier("Havnens Mentorer ApS", "10000009", by=many.cast.gitte)
    suppliers.engage(supplier, many.cast.mentor, Decimal(450), many.day - timedelta(days=400), by=many.cast.gitte)
    suppliers.set_posting("6.5", "5.68.90.018", "none", many.day - timedelta(days=400), by=many.cast.gitte)
    line = Asked(1, contact.day, 60, Decimal(450), many.template.number)
    invoicing.register(supplier, "F-1", many.day, [line], by=many.cast.dorthe)


def copies(owner: Any, table: str, case: str, cases: int, changed: dict[str, str], many: Any) -> None:
    from tests import many as made

    changed = {name.strip('"'): value for name, value in changed.items()} | {"id": made.key(table), "case_id": case}
    columns = made.columns_of(owner, table)
    chosen = ", ".join(changed.get(column, f't."{column}"') for column in columns)
    names = ", ".join(f'"{column}"' for column in columns)
    owner.execute(
        f"INSERT INTO {table} ({names}) SELECT {chosen} FROM {table} t, generate_series(1, {cases}) g JOIN LATERAL (SELECT started_on AS b FROM cases_case WHERE id = {case}) k ON true WHERE t.case_id = '{many.template.pk}'"
    )


def read_once(municipality: int) -> int:
    """Every row the night reads, once each, as objects of the ORM, and thrown away."""
    from snerydder.access.tenancy import within
    from snerydder.casework.agreements.models import Acceptance, Agreement, Task
    from snerydder.casework.cases.models import Assessment, Case, FollowUp, Goal, Referral
    from snerydder.casework.contacts.models import Contact
    from snerydder.casework.grants.models import Grant, Letter
    from snerydder.casework.payments.models import Confirmation, InvoiceLine, Posting
    from snerydder.casework.people.models import Mentor, Qualification

    models = (
        Case, Referral, Goal, Assessment, FollowUp, Grant, Letter, Agreement, Task, Acceptance, Contact, Mentor, Qualification, Confirmation, InvoiceLine, Posting,
    )  # fmt: skip
    rows = 0
    with within(municipality):
        for model in models:
            rows += sum(1 for _row in model.objects.iterator(chunk_size=2000))
    return rows


class Memory:
    """The resident memory while something runs: its peak in the first tenth of the time, and in all."""

    def __enter__(self) -> Memory:
        self.seen: list[int] = []
        self.over = threading.Event()
        self.thread = threading.Thread(target=self._watch, daemon=True)
        self.thread.start()
        return self

    def _watch(self) -> None:
        while not self.over.wait(0.05):
            line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmRSS"))
            self.seen.append(int(line.split()[1]) // 1024)

    def __exit__(self, *_fault: object) -> None:
        self.over.set()
        self.thread.join()

    @property
    def peaks(self) -> tuple[int, int]:
        return max(self.seen[: max(len(self.seen) // 10, 1)]), max(self.seen)


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    began = time.perf_counter()
    found = work()
    return time.perf_counter() - began, found


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--nights", type=int, default=3, help="so many of the three nights, from the first that is not done")
    asked.add_argument("--cases", type=int, default=50_000)
    asked.add_argument("--build", metavar="NAME", help="make the rows in a database of this name, and leave it")
    asked.add_argument("--on", metavar="NAME", help="measure on the rows made before")
    given = asked.parse_args()
    with ExitStack() as stack:
        if given.on:
            stack.enter_context(kept(given.on))
        else:
            build(stack.enter_context(world(stack) if not given.build else kept(given.build, fresh=True)), given.cases)
        if not given.build:
            measure(given.nights)


@contextmanager
def kept(name: str, *, fresh: bool = False) -> Iterator[str]:
    """A database that is still there afterwards; its owner's address."""
    import django

    django.setup()
    from snerydder.project import databases
    from tests import ground

    server = os.environ["DATABASE_URL"]
    if fresh:
        with ground.template(server) as source:
            ground.copy(server, source, name)
    with ground.connected_to(name):
        yield databases.with_database(server, name)


def build(owner_url: str, cases: int) -> None:
    from snerydder.access.tenancy import within
    from snerydder.casework.cases import actions
    from snerydder.project import databases
    from tests import many as made

    with databases.connect(owner_url) as owner:
        many = made.found(cases)
        with within(many.cast.municipality):
            actions.follow_up(many.template, by=many.cast.bente, on=many.day - timedelta(days=80), text="Hun står op selv.", decision="go_on")
            one_of_each(many)
        made.grow(owner, many, cases, CONTACTS)
        with made.Past(owner):
            belongings(owner, many, cases)
            money(owner, many)
        owner.execute("VACUUM (ANALYZE)")


def a_days_work(where: int) -> int:
    """What lies between two nights: every hundredth case has one more contact, so most states stand."""
    from django.utils import timezone

    from snerydder.access.tenancy import within
    from snerydder.casework.cases.models import OPEN, Case
    from snerydder.casework.contacts.models import Contact

    with within(where):
        chosen = list(Case.objects.filter(OPEN, first_contact_on__isnull=False).order_by("pk").values_list("pk", flat=True))[::100]
        rows = list(Contact.objects.filter(case__in=chosen, form=Contact.Form.MET).order_by("case", "-day").distinct("case"))
        now = timezone.now()
        year, week, _day = now.isocalendar()
        for row in rows:
            row.pk, row.entry, row.at, row.written_at, row.day, row.week = uuid4(), uuid4(), now, now, timezone.localdate(now), year * 100 + week
        Contact.objects.bulk_create(rows, batch_size=500)
    return len(rows)


def measure(nights: int) -> None:
    from django.utils import timezone

    from snerydder.access.models import Municipality
    from snerydder.access.tenancy import within
    from snerydder.casework.checks import nightly
    from snerydder.casework.checks.models import CheckState, NightRun

    where, today = Municipality.objects.values_list("pk", flat=True).get(), timezone.localdate()
    plain, rows = timed(lambda: read_once(where))
    say(f"{rows:,} rows read once through the ORM   {plain:8.1f} s")
    three = (("the first night, every state new", today), ("the night after", today + timedelta(days=1)), ("the same day again", today + timedelta(days=1)))
    with within(where):
        done = NightRun.objects.filter(day__gte=today).count()
    for text, day in three[done : done + nights]:
        if text == "the night after":
            say(f"{a_days_work(where):,} cases have one more contact")
        with Memory() as memory:
            taken, judged = timed(lambda day=day: nightly.of_municipality(where, day))
        first, most = memory.peaks
        say(f"{text:<36} {taken:8.1f} s   {judged:,} cases   {taken / plain:5.1f} x (goal <= {GOAL:.0f})   memory {first} MB in the first tenth, {most} MB at most")
    with within(where):
        say(f"{CheckState.objects.count():,} states, {CheckState.objects.values('check_id').distinct().count()} checks")
    again, _rows = timed(lambda: read_once(where))
    say(f"read once more                        {again:8.1f} s")


if __name__ == "__main__":
    main()

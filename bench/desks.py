"""The coordinator's overview when a municipality grows: ten times the cases, ten times the contacts, and against the plain way.

    .venv/bin/python bench/desks.py            0.1, 1 and 1.9 million contacts: some minutes
    .venv/bin/python bench/desks.py --full     0.3, 3, 10 and 12.7 million contacts: half an hour and 8 GB of disk

One PostgreSQL (DATABASE_URL, or an embedded one of its own), one municipality with 3,000 open cases and 200 mentors. The cases are
copies of one that the verbs made (tests/many.py), the contacts real rows, the summaries counted from them. Only the ratios, each
within this one run, mean anything. The plain way asks the ORM case by case for what the case row already knows, and must find the
same numbers.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
os.environ["SNERYDDER_TEST"] = "1"
os.environ["DJANGO_SETTINGS_MODULE"] = "snerydder.project.settings"

OPEN, CASES, MORE_CASES = 3000, 5000, 50_000
EACH, EACH_IN_FULL = 20, 60  # contacts a case
TENFOLD = 10
MOST = 2000  # contacts a case in the full size: ten million


def say(text: str) -> None:
    print(text, flush=True)


@contextmanager
def world(stack: ExitStack) -> Iterator[str]:
    """A migrated database of our own; its owner's address."""
    from snerydder.project import databases, postgres

    if "DATABASE_URL" not in os.environ:
        os.environ["DATABASE_URL"] = stack.enter_context(postgres.running("bench-postgres", durable=False)).url()
    import django

    django.setup()
    from tests import ground

    server, name = os.environ["DATABASE_URL"], ground.name("own")
    with ground.template(server) as source:
        ground.copy(server, source, name)
    try:
        with ground.connected_to(name):
            yield databases.with_database(server, name)
    finally:
        databases.drop(server, name)


def fastest(work: Callable[[], Any], times: int) -> float:
    """Milliseconds of the quickest run, the runs some time apart: what the work itself costs, whatever else the machine is doing."""
    taken = []
    for _run in range(times + 1):
        time.sleep(0.2)
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    return min(taken) * 1000


class Desk:
    """The overview of one coordinator, in three measures: the data of the first screen, the whole page, the pages of the database."""

    def __init__(self, many: Any) -> None:
        self.many = many
        from django.test import Client

        from snerydder.access.tenancy import within
        from tests.pages.visit import visitor

        with within(many.cast.municipality):
            self.client = visitor(Client(), many.cast.dorthe)

    def staff(self) -> Any:
        from snerydder.access.models import Staff

        return Staff.objects.select_related("municipality", "unit").get(pk=self.many.cast.dorthe.pk)

    def data(self) -> Any:
        from snerydder.access.tenancy import within
        from snerydder.desks import coordinator

        with within(self.many.cast.municipality):
            return coordinator.overview(self.staff(), None)

    def page(self) -> None:
        answer = self.client.get("/overblik/")
        assert answer.status_code == 200

    def pages_touched(self) -> int:
        from snerydder.access.tenancy import within
        from snerydder.desks import coordinator
        from tests.touched import touched

        with within(self.many.cast.municipality):
            staff = self.staff()
            return sum(question.pages for question in touched(lambda: coordinator.overview(staff, None)))


def plainly(many: Any) -> dict[str, Any]:
    """The same numbers as one would write them first: a loop over the open cases, asking for each thing where it lives."""
    from django.db.models import Sum

    from snerydder.access.tenancy import within
    from snerydder.casework.cases.models import Case

    day = many.day
    counts, mentors = {"silent": 0, "late": 0, "expiring": 0, "without": 0}, {}
    with within(many.cast.municipality):
        for case in Case.objects.filter(municipality=many.cast.municipality, closed_on=None):
            met = case.contacts.filter(withdrawn=False).exclude(form="tried")
            first, last = met.order_by("day").first(), met.order_by("-day").first()
            period = (case.grant_start, case.period_end)
            used = case.contacts.filter(withdrawn=False, day__range=period).aggregate(used=Sum("counted_minutes"))["used"] or 0
            case.weeks.filter(contacts__gt=0).count()
            silent = (day - (last.day if last else case.started_on)).days > 14
            counts["silent"] += silent
            counts["late"] += first is None and case.grant_start < day - timedelta(days=31)
            counts["expiring"] += day <= case.grant_end <= day + timedelta(weeks=6)
            counts["without"] += not case.agreements.filter(state="active", end__gte=day).exists()
            row = mentors.setdefault(case.mentor.staff.name, [0, 0, 0])
            row[0], row[1], row[2] = row[0] + 1, row[1] + silent, row[2] + used
    return {"counts": counts, "mentors": mentors}


def same(desk: Desk, plain: dict[str, Any]) -> None:
    found = desk.data()
    silent, late, expiring, without = (number.count for number in found["on_top"])
    assert plain["counts"] == {"silent": silent, "late": late, "expiring": expiring, "without": without}, (plain["counts"], found["on_top"])
    ours: dict[str, list[int]] = {}
    for row in found["mentors"]:
        if row.cases:
            before = ours.setdefault(row.name, [0, 0, 0])
            ours[row.name] = [before[0] + row.cases, before[1] + row.silent, before[2] + row.used]
    assert ours == plain["mentors"], "the plain way finds other numbers"


def measured(desk: Desk, name: str, times: int) -> dict[str, float]:
    found = {"data": fastest(desk.data, times), "page": fastest(desk.page, times), "touched": desk.pages_touched()}
    say(f"{name:<56} {found['data']:8.1f} ms  page {found['page']:7.1f} ms  {found['touched']:6} pages touched")
    return found


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--full", action="store_true", help="up to ten million contacts")
    asked.add_argument("--times", type=int, default=31)
    given = asked.parse_args()
    began = time.perf_counter()
    with ExitStack() as stack:
        run(stack.enter_context(world(stack)), given)
    say(f"{time.perf_counter() - began:.0f} s in all")


def run(owner_url: str, given: argparse.Namespace) -> None:
    from snerydder.project import databases
    from tests import many as made

    each = EACH_IN_FULL if given.full else EACH
    with databases.connect(owner_url) as owner:
        many = made.found(OPEN)
        made.leave_alone(owner)
        desk = Desk(many)
        mentors = made.grow(owner, many, CASES, each)
        a = measured(desk, f"a: {CASES:,} cases, {CASES * each / 1e6:.1f}M contacts", given.times)
        naive = against(desk, many)
        contacts(owner, many, mentors, each * (TENFOLD - 1), each)
        c = measured(desk, f"c: {CASES:,} cases, {CASES * each * TENFOLD / 1e6:.1f}M contacts (ten times the contacts)", given.times)
        ratios = told(a, c, "ten times the contacts")
        held = each * TENFOLD
        if given.full:
            contacts(owner, many, mentors, MOST - held, held)
            c = measured(desk, f"   {CASES:,} cases, {CASES * MOST / 1e6:.1f}M contacts", given.times)
            ratios += told(a, c, "ten million contacts")
        naive_c = against(desk, many)
        with made.Past(owner):
            made.add_cases(owner, many, 1_000_001, 1_000_000 + MORE_CASES - CASES, False, mentors)
            made.add_contacts(owner, many, 1_000_001, 1_000_000 + MORE_CASES - CASES, each, False, mentors)
        made.settle(owner, many)
        rows = owner.execute("SELECT count(*) FROM contacts_contact").fetchone()[0]
        b = measured(desk, f"b: {MORE_CASES:,} cases, {rows / 1e6:.1f}M contacts (ten times the cases too)", given.times)
        ratios += told(a, b, "ten times the cases as well")
        if given.full:
            made.settle(owner, many, scattered=True)
            worst = measured(desk, "   the same, open ones at random among the ended", given.times)
            ratios += [("   open ones at random: time of the data", worst["data"] / a["data"], "no goal")]
    ratios += [("the plain way, few contacts", naive / a["data"], ">= 500"), ("the plain way, most contacts", naive_c / c["data"], ">= 500")]
    say("")
    for text, ratio, goal in ratios:
        say(f"{text:<60} {ratio:8.2f}   ({goal})")


def against(desk: Desk, many: Any) -> float:
    """The plain way, once, and that it finds the same numbers. Milliseconds."""
    began = time.perf_counter()
    plain = plainly(many)
    taken = (time.perf_counter() - began) * 1000
    same(desk, plain)
    say(f"{'   the plain way: case by case, the same numbers':<56} {taken:8.0f} ms")
    return taken


def told(before: dict[str, float], after: dict[str, float], what: str) -> list[tuple[str, float, str]]:
    named = (("data", "time of the data", "<= 1.2"), ("page", "time of the whole page", "<= 1.2"), ("touched", "pages touched", "<= 1.2"))
    return [(f"{what}: {text}", after[key] / before[key], goal) for key, text, goal in named]


def contacts(owner: Any, many: Any, mentors: int, each: int, before: int) -> None:
    from tests import many as made

    with made.Past(owner):
        made.add_contacts(owner, many, 1, CASES - OPEN, each, False, mentors, before=before)
        made.add_contacts(owner, many, CASES - OPEN + 1, CASES, each, True, mentors, before=before)
    made.settle(owner, many)


if __name__ == "__main__":
    main()

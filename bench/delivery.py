"""The page of the seven points over two million contacts: 50,000 cases, of which 3,000 are open, 200 mentors, 40 contacts a case.

    .venv/bin/python bench/delivery.py                    two or three minutes on a quiet machine
    .venv/bin/python bench/delivery.py --cases 5000       a tenth of it

The cases are copies of one that the verbs made (tests/many.py), each with a grant of its own; the weekly rows are counted from the contacts
by the product's own function. Printed: milliseconds of the numbers and of the whole page, for the courses of the last two and five years.
"""

from __future__ import annotations

import argparse
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from desks import fastest, say, world

OPEN, CASES, EACH = 3000, 50_000, 40


def grants(owner: Any, many: Any) -> None:
    """One grant for each case, from the day the support began."""
    from tests import many as made

    template = owner.execute("SELECT id FROM grants_grant WHERE case_id = %s", [many.template.pk]).fetchone()[0]
    source = f"(SELECT id AS of, grant_start AS first, period_end AS until FROM cases_case WHERE id <> '{many.template.pk}') k"  # noqa: S608  # our own key
    with made.Past(owner):
        made.copy_rows(owner, "grants_grant", template, source, id="gen_random_uuid()", case_id="k.of", start="k.first", end="k.until")
    owner.execute("VACUUM (ANALYZE) grants_grant")


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--cases", type=int, default=CASES)
    cases = asked.parse_args().cases
    open_ones = OPEN * cases // CASES
    with ExitStack() as stack:
        owner_url = stack.enter_context(world(stack))
        from django.test import Client

        from snerydder.access.tenancy import within
        from snerydder.desks.delivery import night, page
        from snerydder.project import databases
        from tests import many as made
        from tests.pages.visit import visitor

        with databases.connect(owner_url) as owner:
            many = made.found(open_ones)
            made.leave_alone(owner)
            made.grow(owner, many, cases, EACH)
            grants(owner, many)
            rows = owner.execute("SELECT (SELECT count(*) FROM contacts_contact), (SELECT count(*) FROM contacts_caseweek)").fetchone()
        say(f"{cases:,} cases, {rows[0]:,} contacts, {rows[1]:,} weekly rows")
        with within(many.cast.municipality):
            client = visitor(Client(), many.cast.dorthe)
        began = time.perf_counter()
        kept = night.run()
        say(f"the night's job: {kept} counts kept in {time.perf_counter() - began:.1f} s")
        for months in ("24", "60"):
            with within(many.cast.municipality):
                courses = page.overview(many.cast.dorthe, {"siden": months})["here"].part.persons
                data = fastest(lambda: page.overview(many.cast.dorthe, {"siden": months, "nu": "1"}), 5)  # noqa: B023  used at once
            live = fastest(lambda: client.get(f"/som-aftalt/?siden={months}&nu=1"), 5)  # noqa: B023
            whole = fastest(lambda: client.get(f"/som-aftalt/?siden={months}"), 5)  # noqa: B023
            listed = fastest(lambda: client.get(f"/som-aftalt/liste/?punkt=4&siden={months}"), 5)  # noqa: B023
            helped = fastest(lambda: client.get("/som-aftalt/hjaelp/"), 5)
            say(f"{months} months, {courses:,} courses: data {data:.0f} ms, page {whole:.0f} ms (counted anew {live:.0f}), a list {listed:.0f} ms, the help {helped:.0f} ms")


if __name__ == "__main__":
    main()

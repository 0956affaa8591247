"""Every page of every role, on a phone and on a screen: nobody is shut out, nothing fails, nothing runs off the side.

The addresses come from the resolver, so a new page is here by itself. Things in an address are the served town's own; of the
cases one at each step. The browser opens each address again for a role whose page holds other parts, and axe looks where they
stand in other places; every page is asked for.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.urls import reverse

from snerydder.access.roles import ROLES
from snerydder.project import databases
from tests.access.matrix import DEMO_ONLY, Address, addresses, rows, table
from tests.browsing import Served
from tests.journeys import steps
from tests.journeys.conftest import Arrive
from tests.journeys.walking import Visitor

pytestmark = pytest.mark.browser
WHO = {
    "caseworker": "Bente Bak", "mentor": "Carl Clausen", "coordinator": "Dorthe Dam", "leader": "Henrik Holm", "payer": "Gitte Gram",
    "auditor": "Erik Eng", "evaluator": "Freja Friis",
}  # fmt: skip
# What a thing is, asked of the database; %(cases)s are the cases the role reaches, %(staff)s the person.
THINGS = {
    "case": "SELECT DISTINCT ON (stage) id FROM cases_case WHERE id = ANY(%(cases)s) ORDER BY stage, number",
    "citizen": "SELECT DISTINCT ON (protected) citizen.id FROM people_citizen citizen JOIN cases_case c ON c.citizen_id = citizen.id WHERE c.id = ANY(%(cases)s)",
    "goal": "SELECT id FROM cases_goal WHERE case_id = ANY(%(cases)s) LIMIT 1",
    "follow_up": "SELECT id FROM cases_followup WHERE case_id = ANY(%(cases)s) LIMIT 1",
    "grant": "SELECT DISTINCT ON (state) id FROM grants_grant WHERE case_id = ANY(%(cases)s)",
    "letter": "SELECT l.id FROM grants_letter l JOIN cases_case c ON c.id = l.case_id JOIN people_citizen p ON p.id = c.citizen_id WHERE p.protected AND c.id = ANY(%(cases)s)",
    "veto": "SELECT id FROM agreements_veto WHERE case_id = ANY(%(cases)s) LIMIT 1",
    "agreement": "SELECT id FROM agreements_agreement WHERE case_id = ANY(%(cases)s) LIMIT 1",
    "acceptance": "SELECT a.id FROM agreements_acceptance a JOIN agreements_agreement g ON g.id = a.agreement_id WHERE g.case_id = ANY(%(cases)s) LIMIT 1",
    "contact": "SELECT DISTINCT ON (c.day <= k.locked_until) c.id FROM contacts_contact c JOIN cases_case k ON k.id = c.case_id WHERE k.id = ANY(%(cases)s)",
    "contact_entry": "SELECT entry FROM contacts_contact WHERE case_id = ANY(%(cases)s) LIMIT 1",
    "mentor": "SELECT id FROM people_mentor WHERE municipality_id = %(town)s ORDER BY staff_id LIMIT 2",
    "qualification": "SELECT id FROM people_qualification WHERE municipality_id = %(town)s LIMIT 1",
    "course": "SELECT id FROM people_course WHERE municipality_id = %(town)s LIMIT 1",
    "unit": "SELECT id FROM access_unit WHERE municipality_id = %(town)s LIMIT 1",
    "staff": "SELECT id FROM access_staff WHERE municipality_id = %(town)s ORDER BY name LIMIT 1",
    "stand_in": "SELECT id FROM access_standin WHERE municipality_id = %(town)s LIMIT 1",
    "invoice": "SELECT DISTINCT ON (state) id FROM payments_invoice WHERE municipality_id = %(town)s",
    "invoice_line": "SELECT DISTINCT ON (reason) id FROM payments_invoiceline WHERE municipality_id = %(town)s",
    "correction": "SELECT id FROM payments_correction WHERE municipality_id = %(town)s LIMIT 1",
    "supplier": "SELECT id FROM payments_supplier WHERE municipality_id = %(town)s LIMIT 1",
    "sheet_mentor": "SELECT id FROM people_mentor m WHERE municipality_id = %(town)s AND (staff_id = %(staff)s OR NOT EXISTS (SELECT FROM people_mentor o WHERE o.staff_id = %(staff)s)) ORDER BY staff_id LIMIT 2",
    "sample": "SELECT DISTINCT ON (state) id FROM inspections_sample WHERE municipality_id = %(town)s AND seed <> ''",
    "frozen_sample": "SELECT id FROM inspections_sample WHERE municipality_id = %(town)s AND seed = '' LIMIT 1",
    "drawn_case": "SELECT id FROM inspections_drawncase WHERE case_id = ANY(%(cases)s) ORDER BY id LIMIT 2",
    "finding": "SELECT id FROM inspections_finding WHERE municipality_id = %(town)s LIMIT 1",
    "measure": "SELECT id FROM inspections_measure WHERE municipality_id = %(town)s LIMIT 1",
    "lookup_sample": "SELECT id FROM lookups_lookupsample WHERE municipality_id = %(town)s",
    "picked_lookup": "SELECT DISTINCT ON (verdict, follow_up) id FROM lookups_pickedlookup WHERE municipality_id = %(town)s",
    "own_picked": "SELECT DISTINCT ON (verdict) id FROM lookups_pickedlookup WHERE looked_by_id = %(staff)s",
    "study": "SELECT id FROM evaluation_study WHERE municipality_id = %(town)s LIMIT 1",
    "delivery": "SELECT id FROM evaluation_delivery WHERE municipality_id = %(town)s LIMIT 1",
    "run": "SELECT id FROM evaluation_run r WHERE municipality_id = %(town)s AND EXISTS (SELECT FROM evaluation_release WHERE run_id = r.id) LIMIT 1",
    "trial": "SELECT id FROM trials_trial WHERE municipality_id = %(town)s LIMIT 2",
    "draft_trial": "SELECT id FROM trials_trial WHERE municipality_id = %(town)s AND state = 'draft' LIMIT 1",
    "screening": "SELECT id FROM trials_screening WHERE \"right\" = 'none' AND excluded = '' AND case_id = ANY(%(cases)s) LIMIT 1",
    "enrolment": "SELECT e.id FROM trials_enrolment e JOIN cases_case c ON c.id = e.case_id WHERE %(staff)s IN (c.caseworker_id, e.enrolled_by_id) ORDER BY e.number LIMIT 3",  # a colleague's lot is nobody else's
    "import": "SELECT id FROM exchange_csv_import WHERE municipality_id = %(town)s LIMIT 1",
}  # fmt: skip
ASKED = {  # what an address can be asked for besides
    "desks:cases": ("?vis=alle", "?vis=uden-kontakt&sorter=-citizen"), "desks:caseworker": ("?hvem=enhed",), "desks:payer": ("?aar=2026",),
    "desks:auditor": ("?vis=alle",), "people:citizen": ("",),
}  # fmt: skip
NO_PAGE = {
    "access:join", "access:password_link", "payments:answer", "lookups:own_list", "surveys:citizen",  # their words come with a letter: tests/pages/access, tests/pages/payments, lookups, surveys
    "evaluation:report",  # a file of the engine's: tests/study
}  # fmt: skip
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
OPENED: set[tuple[str, frozenset[str]]] = set()  # an address and what its page holds: the same for another role is opened once
PARTS: set[str] = set()  # what pages are made of, that axe has seen, at each width


def reached(served: Served, role: str) -> dict[str, list[Any]]:
    """Things in the town within the role's reach."""
    within = {"mentor": "m.staff_id = s.id", "caseworker": "c.unit_id = s.unit_id"}.get(role, "true")
    with databases.connect(served.owner_url) as owner:
        staff, town = owner.execute("SELECT id, municipality_id FROM access_staff WHERE name = %s", [WHO[role]]).fetchone() or (None, None)
        cases = owner.execute(
            f"SELECT c.id FROM cases_case c LEFT JOIN people_mentor m ON m.id = c.mentor_id JOIN access_staff s ON s.id = %s "
            f"WHERE c.municipality_id = %s AND {within}", [staff, town],
        ).fetchall()  # fmt: skip
        given = {"cases": [row[0] for row in cases], "staff": staff, "town": town}
        return {thing: [row[0] for row in _ask(owner, sql, given)] for thing, sql in THINGS.items()}


def _ask(owner: psycopg.Connection, sql: str, given: dict[str, Any]) -> list[Any]:
    return owner.execute(sql, given).fetchall()


def paths(address: Address, things: dict[str, list[Any]]) -> Iterator[str]:
    """The address with each thing it can name."""
    first = address.route.split("/")[0]
    thing = rows()[address.name].thing or table()["things"].get(first, "")
    kwargs = {name: table()["values"][name] for name in address.kwargs if name in table()["values"]}
    keys = [name for name in address.kwargs if name not in kwargs]
    found = (
        [reverse(address.name, kwargs=kwargs | {keys[0]: each}) for each in things.get(thing, ())] if keys else [reverse(address.name, kwargs=kwargs)]
    )
    if address.name == "desks:coordinator_mentor":  # a part of the overview, looked at in its place
        found = [f"{reverse('desks:coordinator')}?mentor={each}" for each in things["mentor"]]
    for path in found:
        yield path
        yield from (path + asked for asked in ASKED.get(address.name, ()) if asked)


@pytest.mark.parametrize("role", list(ROLES))
def test_no_page_shuts_anybody_out(arrive: Arrive, served: Served, axe: str, role: str, tmp_path: Path) -> None:
    visitor = arrive(WHO[role])
    if role == "coordinator":
        steps.read_a_file(visitor)
    if role in ("leader", "evaluator"):
        steps.study(arrive("Freja Friis"), tmp_path)
    things, faults, seen = reached(served, role), [], 0
    for address in addresses():
        if address.name in {*DEMO_ONLY, *NO_PAGE} or role not in rows()[address.name].roles(ROLES):
            continue
        found = list(paths(address, things))
        for path in found if found and is_a_page(visitor, found[0]) else ():
            seen += 1
            answer = visitor.page.request.get(path)
            faults += [f"{address.name} {path}: {answer.status}"] if answer.status != 200 else []
            if (holds := (path, parts_of(answer.text()))) not in OPENED:
                OPENED.add(holds)
                faults += [f"{address.name} {path}: {each}" for each in look(visitor, path, axe)]
    assert not faults, "\n".join(faults)
    assert seen > 2, f"{role} saw {seen} pages"


def test_no_page_shuts_a_stranger_out(arrive: Arrive, axe: str) -> None:
    visitor = arrive()
    assert look(visitor, "/log-ind/", axe) == []
    assert look(visitor, "/was/", axe) == []


def parts_of(html: str) -> frozenset[str]:
    """The different tags with their classes and the names of their attributes."""
    return frozenset(re.sub(r'(?<! class)="[^"]*"', "", tag) for tag in re.findall(r"<[a-z][^>]*>", html))


def is_a_page(visitor: Visitor, path: str) -> bool:
    """Not a file, and not a verb that only takes POST."""
    answer = visitor.page.request.get(path)
    kind, sent = answer.headers.get("content-type", ""), answer.headers.get("content-disposition", "")
    return answer.status != 405 and "text/html" in kind and not sent.startswith("attachment")


def look(visitor: Visitor, path: str, axe: str) -> list[str]:
    """What is wrong with a page, in words."""
    visitor.faults.clear()
    answer = visitor.page.goto(path, wait_until="load")
    assert answer
    found = [] if answer.status == 200 else [str(answer.status)]
    found += visitor.page.evaluate(WHOLE)
    for width in (1280, 390):
        visitor.page.set_viewport_size({"width": width, "height": 900})
        wide = visitor.page.evaluate("document.documentElement.scrollWidth")
        found += [f"{wide} px wide at {width}"] if wide > width else []
        parts = f"{width} {visitor.page.evaluate(MADE_OF)}"
        if parts not in PARTS:
            PARTS.add(parts)
            found += [f"{each} at {width}" for each in violations(visitor, axe)]
    return found + visitor.faults


def violations(visitor: Visitor, axe: str) -> list[str]:
    if not visitor.page.evaluate("typeof axe === 'object'"):
        visitor.page.evaluate(axe)
    told = visitor.page.evaluate(f"axe.run({{runOnly: {json.dumps(TAGS)}, resultTypes: ['violations']}})")
    return [f"{each['id']}: {node['html'][:160]}" for each in told["violations"] for node in each["nodes"][:3]]


WHOLE = """() => {
  const found = [], main = document.querySelector("main");
  if (document.querySelectorAll("h1").length !== 1) found.push(`${document.querySelectorAll("h1").length} h1`);
  if (!/^\\S.* · /.test(document.title)) found.push(`title: ${document.title}`);
  if (!main || !main.innerText.trim()) found.push("nothing in main");
  const ids = [...document.querySelectorAll("[id]")].map((each) => each.id);
  const twice = ids.filter((id, at) => ids.indexOf(id) !== at);
  if (twice.length) found.push(`ids twice: ${twice}`);
  for (const link of document.querySelectorAll("a[href^='#']"))
    if (link.hash.length > 1 && !document.getElementById(decodeURIComponent(link.hash.slice(1)))) found.push(`leads nowhere: ${link.hash}`);
  return found;
}"""
# The different parts, each with the tags and classes around it and the names of its attributes; and the order of the headings.
MADE_OF = """() => {
  const part = (each) => `${each.tagName}.${each.className.baseVal ?? each.className}[${[...each.attributes].map((a) => a.name).sort()}]`;
  const way = (each) => (each.parentElement ? way(each.parentElement) + ">" : "") + part(each);
  const parts = new Set([...document.querySelectorAll("body *")].filter((each) => !each.closest("svg") || each.tagName === "svg").map(way));
  const headings = [...document.querySelectorAll("h1,h2,h3,h4,h5,h6")].map((each) => each.tagName);
  return [...parts].sort().join("\\n") + [...new Set(headings.map((each, at) => `${headings[at - 1]}>${each}`))].sort();
}"""

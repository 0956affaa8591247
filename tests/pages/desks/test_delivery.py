"""The live page of the seven points: its numbers against the engine's own functions on the same rows, and each number against its list."""

import io
import re
from datetime import date, timedelta
from random import Random

import numpy as np
import openpyxl
import pytest

from snerydder.casework.agreements.models import Agreement
from snerydder.casework.cases import actions as cases
from snerydder.casework.cases.models import Case
from snerydder.casework.contacts.models import Contact
from snerydder.casework.grants.models import Grant
from snerydder.casework.people import actions as people
from snerydder.casework.people.models import Mentor
from snerydder.desks.delivery import courses, mentors, page, weeks
from snerydder.desks.selection import law_today
from snerydder.effects import dose, fidelity
from tests import build
from tests.pages.desks.conftest import TODAY
from tests.pages.visit import Page, counted, visitor

FIRST, LONGEST = 1, 12
NOWHERE = np.datetime64("NaT")


def granted(town, unit=None, since=date(2024, 11, 16)):
    return courses.granted(town.cast.municipality, since, TODAY, unit, first=FIRST, longest=LONGEST)


def crowd(town, number=14):
    """Courses of all kinds: met early, late and never, ended, cancelled, older than a year, met before the period began."""
    rng = Random(5)  # noqa: S311
    for place in range(number):
        began = rng.randint(20, 500)
        on = TODAY - timedelta(days=began + 7)
        citizen = build.citizen(town.cast, 100 + place)
        if place % 6 == 5:
            case = build.matched(town.cast, citizen, on=on)
            if place > 6:
                cases.cancel(case, by=town.cast.bente, reason="Vil ikke have en mentor.", on=on + timedelta(days=20))
            continue
        case = build.active(town.cast, citizen, on=on)
        for _contact in range(rng.choice((0, 4, 12, 25))):
            day = on + timedelta(days=rng.randint(7, max(8, min(began + 7, 190))))
            build.contact(town.cast, case, on=min(day, TODAY), minutes=rng.choice((5, 15, 40, 90)), form=rng.choice(("met", "phone", "tried")))
        if place % 4 == 1 and began > 120:
            end = {"goal_result": "reached", "result_text": "I gang med HF.", "follows": "education"}
            cases.close(build.fresh(case), by=town.cast.bente, on=TODAY - timedelta(days=rng.randint(0, 60)), **end)


def as_the_engine(unit=None):
    """The same rows as arrays: one person a course."""
    first = {}
    until = {}
    for case, start, end in Grant.objects.filter(state__in=["decided", "stopped"]).values_list("case", "start", "end"):
        first[case], until[case] = min(start, first.get(case, start)), max(end, until.get(case, end))
    rows = [case for case in Case.objects.filter(pk__in=first).order_by("number") if unit is None or case.unit_id == unit]
    place = {case.pk: at for at, case in enumerate(rows)}
    begin = np.array([first[case.pk] for case in rows], dtype="datetime64[D]")
    ended = np.array([min(filter(None, (case.closed_on, until[case.pk]))) for case in rows], dtype="datetime64[D]")
    listed = Contact.objects.filter(case__in=place, withdrawn=False).values_list("case", "day", "counted_minutes", "form")
    person, day, spent, form = zip(*listed, strict=True)
    given = dose.contacts(np.array([place[case] for case in person]), np.array(day, dtype="datetime64[D]"), np.array(spent), np.array(form) != "tried")
    return rows, place, begin, ended, given


def test_the_points_are_the_engines(town):
    crowd(town)
    rows, _place, begin, ended, given = as_the_engine()
    found = sum(courses.parts(granted(town)).values(), courses.Part())
    today = np.datetime64(TODAY)

    met, _share = fidelity.weekly_contact(given, begin, np.minimum(ended, today))
    assert (found.met, found.whole) == (met.numerator, met.denominator)
    assert 0 < met.numerator < met.denominator

    month = fidelity.first_contact(given, begin, today, FIRST)
    assert (found.in_time, found.in_time + found.late, found.persons - found.in_time - found.late) == (month.numerator, month.denominator, month.unknown)
    assert found.in_time > 0 and found.late > 0

    begun = np.array([case.started_on or NOWHERE for case in rows], dtype="datetime64[D]")
    started = ~np.isnat(begun)
    length = fidelity.length(begun[started], ended[started], today, LONGEST)
    assert (found.short, found.short + found.long, found.started) == (length.numerator, length.denominator, length.denominator + length.unknown)


def test_the_curves_are_the_engines(town):
    crowd(town)
    rows, place, begin, _ended, given = as_the_engine()
    found = sum(courses.parts(granted(town)).values(), courses.Part())
    number = courses.LAST_WEEK + 1
    gone = dose.iso_week(np.datetime64(TODAY)) - dose.iso_week(begin)
    observed = np.arange(number)[None, :] < gone[:, None]
    shown = int((observed.sum(axis=0) >= weeks.LEAST).sum())
    minutes, count = dose.grids(given, begin, number)
    right = dose.weekly(minutes[:, :shown], count[:, :shown], observed[:, :shown])
    drawn = weeks.weeks(found)
    assert len(drawn) == shown > 20
    assert [week.persons for week in drawn] == right.persons.tolist()
    assert [week.contact for week in drawn] == pytest.approx(right.share.tolist())
    assert [week.minutes for week in drawn] == pytest.approx(right.minutes.tolist())
    assert max(week.minutes for week in drawn) > 0

    spells = Agreement.objects.filter(started_on__isnull=False, case__in=place).values_list("case", "started_on", "ended_on", "end", "case__closed_on")
    person = np.array([place[row[0]] for row in spells])
    from_ = np.array([row[1] for row in spells], dtype="datetime64[D]")
    to = np.array([min(filter(None, row[2:])) for row in spells], dtype="datetime64[D]")
    for week in range(shown):  # the engine asks about all: here about all who have come to the week
        seen = np.flatnonzero(observed[:, week])
        mine = np.isin(person, seen)
        share = dose.with_mentor(np.searchsorted(seen, person[mine]), from_[mine], to[mine], begin[seen], number)
        assert drawn[week].mentor == pytest.approx(share[week]), week
    assert 0 < drawn[3].mentor < 1
    assert rows


def test_a_unit_is_its_own_and_all_units_the_whole(town):
    crowd(town)
    parts = courses.parts(granted(town))
    for unit, part in parts.items():
        assert courses.parts(granted(town, unit=unit)) == {unit: part}
    assert sum(part.persons for part in parts.values()) == Case.objects.filter(grants__state="decided").distinct().count()


def test_the_mentors_points_are_the_engines(town):
    law, dorthe, mentor = law_today(), town.cast.dorthe, town.cast.mentor
    before = mentors.points(mentors.rows(dorthe, law), law)
    assert not isinstance(before[2], fidelity.Measure) or before[2].denominator == Mentor.objects.count()
    for kind in ("central", "local"):
        people.add_course(mentor, by=dorthe, title="Mentorkursus", kind=kind, held_on=TODAY - timedelta(days=200))
    for ago in (340, 260, 180, 100, 20):
        people.add_course(mentor, by=dorthe, title="Supervision", kind="supervision", held_on=TODAY - timedelta(days=ago))
    rows = mentors.rows(dorthe, law)
    found = mentors.points(rows, law)
    assert (found[1].numerator, found[1].denominator) == (1, 1)
    assert (found[6].numerator, found[6].denominator) == (1, len(rows))
    people.add_course(mentor, by=dorthe, title="Supervision", kind="supervision", held_on=TODAY + timedelta(days=30))
    row = next(row for row in mentors.rows(dorthe, law) if row.pk == mentor.pk)
    assert (row.last_held, row.planned, row.overdue) == (TODAY - timedelta(days=20), TODAY + timedelta(days=30), False), "what is planned is not held"


@pytest.mark.parametrize("who", ["dorthe", "henrik", "erik"])
def test_each_number_leads_to_its_list(client, town, who):
    crowd(town)
    user = visitor(client, getattr(town.cast, who))
    first = Page(user.get("/som-aftalt/"))
    links = [(text, href) for text, href in first.links if "/liste/?" in href]
    assert len(links) >= 5
    for text, href in links:
        part, whole = map(int, re.findall(r"\d+", text)[:2])
        number = int(re.search(r"punkt=(\d)", href)[1])
        if number == 4:
            rows = [list(map(int, pair)) for pair in re.findall(r"(\d+) af (\d+)\s*</td>", user.get(href).content.decode())]
            assert (sum(row[0] for row in rows), sum(row[1] for row in rows)) == (part, whole)
        else:
            yes, no = (total(user.get(f"{href}&svar={answer}")) for answer in ("ja", "nej"))
            assert (yes, yes + no) == (part, whole), href


def total(response) -> int:
    return int(re.search(r'data-total="(\d+)"', response.content.decode())[1])


def test_the_page_asks_the_same_few_questions_however_many(client, town):
    user = visitor(client, town.cast.dorthe)
    with counted() as before:
        user.get("/som-aftalt/")
    crowd(town, 10)
    with counted() as after:
        answer = user.get("/som-aftalt/")
    assert len(before) == len(after) <= 10, [query["sql"][:90] for query in after]
    assert "<svg" in answer.content.decode()
    with counted() as listed:
        user.get("/som-aftalt/liste/?punkt=5")
    assert len(listed) <= 17


def test_nothing_yet_and_a_unit_of_ones_own(client, town, bakkeby):
    unit = build.fresh(town.cases["running"]).unit
    user = visitor(client, town.cast.dorthe)
    words = Page(user.get("/som-aftalt/", {"enhed": str(unit.pk), "siden": "6"})).words
    assert f"De syv indsatspunkter: {unit.name}" in words
    assert "Hele kommunen" in words
    other = Page(visitor(client, bakkeby.dorthe).get("/som-aftalt/", {"enhed": str(unit.pk)})).words
    assert unit.name not in other.partition("Enhed for enhed")[0].partition("De syv")[2] or "Hele kommunen" in other
    assert "1 forløb er bevilget" in other and "Her kommer kurverne" in other


def test_as_a_file(client, town):
    crowd(town)
    answer = visitor(client, town.cast.dorthe).get("/som-aftalt/", {"format": "xlsx"})
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    head, *_units, whole = list(sheet.iter_rows(values_only=True))
    row = dict(zip(head, whole, strict=True))
    found = sum(courses.parts(granted(town)).values(), courses.Part())
    assert (row["4. Kontakt hver uge: opfyldt"], row["4. Kontakt hver uge: af"]) == (found.met, found.whole)
    assert row["Enhed"] == "Hele kommunen" and row["Forløb"] == found.persons


def test_a_list_falls_back_to_what_makes_sense(client, town):
    user = visitor(client, town.cast.erik)
    assert "4. Kontakt hver uge" in Page(user.get("/som-aftalt/liste/?punkt=8")).words
    assert total(user.get("/som-aftalt/liste/?punkt=5&side=900&svar=hvad")) == page.behind(town.cast.erik, {"punkt": "5"})["total"]

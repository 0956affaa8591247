"""Which agreement counts, and which are missing."""

from datetime import timedelta

import pytest

from snerydder.casework.agreements import actions, facts, paper, queries
from snerydder.casework.agreements.models import Agreement
from tests import build
from tests.build import DAY
from tests.casework.agreements.test_start import START, agree
from tests.cast import fjordby
from tests.pages.visit import counted

pytestmark = pytest.mark.django_db


def test_the_one_that_runs_counts_before_the_one_being_made(cast):
    case = build.active(cast)
    first = Agreement.objects.get(case=case)
    assert queries.current(case) == first == queries.running(case) and queries.coming(case) is None
    second = agree(cast, case, start=START + timedelta(days=30))
    assert (queries.current(case), queries.coming(case), queries.one_of(case, "")) == (first, second, second)
    assert queries.one_of(case, str(first.pk)) == first and queries.one_of(case, "vrøvl") == second
    actions.start(second, by=cast.dorthe, on=START + timedelta(days=30))
    assert queries.current(case) == second and queries.agreements_of(case) == [second, first]


def test_a_case_without_agreement_has_none(cast):
    case = build.matched(cast)
    assert queries.current(case) is None and queries.coming(case) is None


def test_the_whole_agreement_is_a_fixed_number_of_questions(cast):
    case = build.active(cast)
    with counted() as asked:
        found = queries.running(case)
        assert found.case.citizen and [row.noted_by.name for row in found.acceptances.all()] and list(found.tasks.all()) and found.mentor.name
        facts.documented_tasks(found.mentor, DAY)
    assert len(asked) == 5


def test_missing_are_those_with_a_mentor_and_no_agreement_in_force(cast):
    missing, fine = build.matched(cast), build.active(cast, build.citizen(cast, 4))
    build.granted(cast, build.citizen(cast, 5))
    assert list(queries.missing_agreements(cast.dorthe, START)) == [missing]
    later = DAY + timedelta(days=181)
    assert set(queries.missing_agreements(cast.dorthe, later)) == {missing, fine}
    assert list(queries.missing_agreements(fjordby(902, "Bakkeby", "2").dorthe, later)) == []


def test_what_waits_for_my_yes(cast):
    row = build.written(cast)
    assert list(queries.awaiting_my_yes(cast.carl)) == [row]
    actions.accept(row, by=cast.carl, party="mentor")
    assert list(queries.awaiting_my_yes(cast.carl)) == []


def test_who_said_yes_wants_the_mentor(cast):
    row = build.written(cast)
    assert facts.bundle(queries.coming(row.case), DAY).agreement.accepted_by == ()
    actions.accept(row, by=cast.dorthe, party="citizen", how="phone")
    assert facts.bundle(queries.coming(row.case), DAY).case.citizen_agrees is True


def test_every_problem_of_a_check_is_told(cast):
    said = [verdict.what for verdict in facts.verdicts(queries.coming(build.written(cast).case), START) if verdict.check == "CHK-33"]
    assert len(said) == 3


def test_on_paper_it_holds_what_an_agreement_must_hold(cast):
    case = build.active(cast, build.citizen(cast, 4, first_name="Zoë", last_name="O'Neill-Ærø"))
    row = queries.running(case)
    said = str(paper.content(row))
    for part in ("Jeg vil gerne i skole.", "Carl Clausen", "carl@example.org", "Vække om morgenen", "Socialrådgiver", "2 timer om ugen", "4 uger", "Zoë O'Neill-Ærø"):
        assert part in said, part
    assert "3. august 2026 kl. 12.00" in said and paper.content(row)["draft"] == ""
    assert paper.pdf(row).startswith(b"%PDF")


def test_on_paper_a_draft_says_so(cast):
    row = queries.coming(build.written(cast).case)
    assert "Kladde" in paper.content(row)["draft"] and paper.pdf(row).startswith(b"%PDF")

"""One or many cases to another mentor: all or none."""

from datetime import timedelta

import pytest

from snerydder.audit.action import Refusal
from snerydder.casework.agreements import actions
from snerydder.casework.agreements.models import Agreement, Match
from tests import build
from tests.build import DAY

pytestmark = pytest.mark.django_db


def replace(cast, cases, whom, reason="Carl har fået nyt job"):
    return actions.replace_mentor(cases, by=cast.dorthe, mentor=whom, reason=reason, on=DAY + timedelta(days=20))


def test_each_needs_a_new_agreement_and_the_work_goes_on(cast, ulla):
    cases = [build.active(cast), build.agreed(cast, build.citizen(cast, 4)).case]
    assert replace(cast, cases, ulla) == 2
    for case in map(build.fresh, cases):
        assert (case.mentor, case.stage, case.agreement_complete) == (ulla, "matched", False)
        assert Match.objects.get(case=case, withdrawn=False).reason == "Carl har fået nyt job"
        assert {row.state for row in Agreement.objects.filter(case=case)} == {"ended"}
    assert build.contact(cast, build.fresh(cases[0]), DAY + timedelta(days=21)).mentor_id == ulla.pk


def test_all_or_none_and_every_hindrance_is_told(cast, ulla):
    fine, refuses, alone = build.active(cast), build.active(cast, build.citizen(cast, 4)), build.granted(cast, build.citizen(cast, 5)).case
    actions.veto(refuses, ulla, by=cast.dorthe)
    with pytest.raises(Refusal) as refused:
        replace(cast, [fine, refuses, alone], ulla)
    said = [str(problem) for problem in refused.value.problems]
    assert len(said) == 2 and build.fresh(refuses).number in said[0] and "sagt nej" in said[0] and "ingen mentor endnu" in said[1]
    assert build.fresh(fine).mentor == cast.mentor
    assert replace(cast, [fine], ulla) == 1


def test_the_same_mentor_an_ended_case_no_reason_and_nobody_are_refused(cast, ulla):
    case = build.active(cast)
    with pytest.raises(Refusal, match="allerede mentor"):
        replace(cast, [case], cast.mentor)
    with pytest.raises(Refusal, match="hvorfor"):
        replace(cast, [case], ulla, reason=" ")
    with pytest.raises(Refusal, match="ikke valgt nogen"):
        replace(cast, [], ulla)
    gone = build.referred(cast, build.citizen(cast, 6))
    build.cases.cancel(gone, by=cast.bente, reason="Fejl ved oprettelsen", on=DAY)
    with pytest.raises(Refusal, match="afsluttet"):
        replace(cast, [gone], ulla)

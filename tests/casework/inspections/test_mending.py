"""Answers, shares, findings and measures: what is refused, and what the database refuses besides."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from snerydder.audit.action import Refusal
from snerydder.casework.checks.models import CheckState
from snerydder.casework.inspections import actions, guide, mending, procedures, queries
from snerydder.casework.inspections.models import Answer, Procedure
from tests.casework.inspections import made
from tests.casework.inspections.made import TODAY

pytestmark = pytest.mark.django_db


def test_there_is_no_share_while_a_case_lacks_its_answer(town):
    sample = made.drawn(town)
    row = queries.drawn_cases(sample)[0]
    actions.answer(sample, row, by=town.erik, answers={"purpose": ("lacking", "Det mangler.")})
    found = queries.results(sample)
    purpose = next(rate for rate in found.lines if rate.key == "purpose")
    assert (purpose.lacking, purpose.unanswered, purpose.share, found.any_line.share) == (1, 4, None, None)


def test_the_share_is_weighted_by_the_groups(town):
    sample = made.drawn(town, above_hours=150, size=3)  # six looked at in full, three of the other six
    assert {each["key"]: each["population"] for each in sample.strata} == {"over": 6, "resten": 6}
    made.answer_all(town, sample)
    line = next(iter(guide.lines_of(sample.guide, part=2)))
    for row in queries.drawn_cases(sample):
        if row.stratum == "resten":
            actions.answer(sample, row, by=town.erik, answers={line: ("lacking", "Nej.")})
    rate = next(rate for rate in queries.results(sample).lines if rate.key == line)
    assert rate.lacking == 3 and rate.share.estimate == pytest.approx(0.5), "three of three in half of the cases, none in the other half"
    assert (rate.share.lower, rate.share.upper) == (pytest.approx(3 / 12), pytest.approx(6 / 12))


def test_an_answer_says_why_and_is_changed_until_the_report(town):
    sample = made.drawn(town)
    row = queries.drawn_cases(sample)[0]
    with pytest.raises(Refusal, match="Formål"):
        actions.answer(sample, row, by=town.erik, answers={"purpose": ("unclear", " ")})
    with pytest.raises(IntegrityError, match="answer_says_why"), transaction.atomic():
        Answer.objects.create(
            municipality_id=901, sample=sample, drawn_case=row, line="purpose", verdict="lacking", answered_on=TODAY, answered_by=town.erik
        )
    made.answer_all(town, sample)
    actions.report(sample, by=town.erik, conclusion="Alt er godt.")
    with pytest.raises(Refusal, match="Svarene kan ikke ændres"):
        actions.answer(sample, row, by=town.erik, answers={"purpose": ("lacking", "Nu mangler det.")})
    with pytest.raises(IntegrityError, match="ended is not changed"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE inspections_sample SET conclusion = 'Noget andet' WHERE id = %s", [sample.pk])


def test_the_checks_of_a_case_stand_beside_the_lines(town):
    row = queries.drawn_cases(made.drawn(town))[0]
    asked = {each.line.key: each for each in queries.asked(row.sample, row)}
    assert [check.check for check in asked["purpose"].checks] == ["CHK-03"]
    assert asked["effect"].checks == []


def test_a_measure_is_done_by_its_owner_and_looked_after_by_another(town):
    sample = made.drawn(town)
    finding = mending.find(sample, by=town.erik, text="Formålet er for bredt.")
    with pytest.raises(Refusal, match="Fristen"):
        mending.plan(finding, by=town.erik, text="x", owner=town.dorthe, due_on=TODAY - timedelta(days=1))
    measure = mending.plan(finding, by=town.erik, text="Ny skabelon.", owner=town.dorthe, due_on=TODAY + timedelta(days=9))
    assert queries.own_measures(town.dorthe) == [measure]
    with pytest.raises(Refusal, match="Vent, til det er gjort"):
        mending.check(measure, by=town.erik, helped=True, text="Ja.")
    with pytest.raises(Refusal, match="Dorthe Dam"):
        mending.done(measure, by=town.bente, text="Gjort.")
    mending.done(measure, by=town.dorthe, text="Gjort.")
    with pytest.raises(Refusal, match="selv gjort"):
        mending.check(measure, by=town.dorthe, helped=True, text="Ja.")
    with pytest.raises(IntegrityError, match="checked_by_another"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE inspections_measure SET checked_on = '2026-12-01', checked_by_id = owner_id, helped = true WHERE id = %s", [measure.pk])
    assert mending.check(measure, by=town.erik, helped=False, text="Ikke nok.").helped is False
    assert list(queries.measures(town.henrik)) == []


def test_a_finding_needs_a_draw(town):
    with pytest.raises(Refusal):
        mending.find(made.frozen(town), by=town.erik, text="For tidligt.")


def test_the_fourteen_procedures_and_what_they_say_of_the_cases(town):
    kept = procedures.register(town.henrik)
    assert len(kept) == 14 and {each.state for each in kept} == {"none"}
    told = {"owner": town.dorthe, "where": "Intranettet", "valid_from": TODAY - timedelta(days=500)}
    mending.keep_procedure("decision", by=town.henrik, review_on=TODAY - timedelta(days=1), **told)
    decision = next(each for each in procedures.register(town.henrik) if each.line.key == "decision")
    assert (decision.state, decision.judged, decision.followed, decision.share) == ("late", 12, 12, 100)
    with pytest.raises(Refusal, match="gennemgås"):
        mending.keep_procedure("decision", by=town.henrik, review_on=TODAY - timedelta(days=501), **told)
    with pytest.raises(Refusal, match="kender vi ikke"):
        mending.keep_procedure("opdigtet", by=town.henrik, review_on=TODAY, **told)
    assert Procedure.objects.count() == 1


def test_the_guide_knows_its_versions_and_its_sources():
    current = guide.current()
    assert len(current.part(1)) == 14
    assert all(line.source and line.trust in guide.TRUST for line in current.lines)
    with pytest.raises(guide.UnknownGuide):
        guide.of("1999-1")


# --- What the nights have said -------------------------------------------------------------------------
def night(town, case, check, level, since, until=None):
    CheckState.objects.create(
        municipality_id=901, case=case, check_id=check, level=level, what=[f"{check} siger {level}."], citation="x", judged_on=since, law_version="x", since=since, until=until
    )


def kept(town, key, day=None):
    return next(each for each in procedures.register(town.erik, day) if each.line.key == key)


def test_the_register_hears_what_the_last_night_said(town):
    """Payment and accounting are only looked at by night; of the rest the night has the last word, and a check that came to an end keeps its own."""
    one, two = [row.case for row in queries.drawn_cases(made.drawn(town, size=2))]
    assert kept(town, "payment").judged == kept(town, "accounting").judged == 0
    before = kept(town, "decision")
    night(town, one, "CHK-25", "stop", TODAY - timedelta(days=9))
    night(town, two, "CHK-26", "ok", TODAY - timedelta(days=9))
    night(town, one, "CHK-05", "ok", TODAY - timedelta(days=9), TODAY - timedelta(days=4))
    night(town, one, "CHK-05", "warn", TODAY - timedelta(days=3))
    payment, after = kept(town, "payment"), kept(town, "decision")
    assert (payment.judged, payment.followed, payment.remarks) == (2, 1, {one.pk: ["CHK-25 siger stop."]})
    assert (after.judged, after.followed) == (before.judged, before.followed - 1)
    assert [case.pk for case in procedures.not_following(town.erik, after)] == [one.pk]
    assert kept(town, "decision", TODAY - timedelta(days=4)).remarks == {}, "as it stood then"
    assert kept(town, "payment", TODAY - timedelta(days=10)).judged == 0


def test_the_room_hears_the_night_where_no_decision_was_checked(town):
    row = queries.drawn_cases(made.drawn(town, size=1))[0]
    night(town, row.case, "CHK-25", "stop", TODAY - timedelta(days=2))
    night(town, row.case, "CHK-05", "warn", TODAY - timedelta(days=2))
    checks = queries.checks_of(row.case)
    assert [(each.level, each.text, each.link) for each in checks["CHK-25"]] == [("stop", "CHK-25 siger stop.", "")]
    assert {each.level for each in checks["CHK-05"]} == {"ok"}, "what was said at the decision stands as it was"
    asked = {each.line.key: each for each in queries.asked(row.sample, row)}
    assert "CHK-25" in {check.check for line in asked.values() for check in line.checks}


def test_what_was_said_more_than_a_year_ago_of_a_closed_case_is_not_counted(town):
    case = queries.drawn_cases(made.drawn(town, size=1))[0].case
    night(town, case, "CHK-25", "stop", TODAY - timedelta(days=500), TODAY - timedelta(days=400))
    assert kept(town, "payment").judged == 0

"""What the engine itself holds, whatever a check says."""

import dataclasses
from datetime import date

import pytest

from snerydder.law import Facts, rulebook
from snerydder.law.engine import (
    NOT_RELEVANT,
    Check,
    Found,
    Judge,
    Problem,
    check,
    judge,
    run,
)
from snerydder.law.facts import GrantFacts
from snerydder.law.rulebook import Law
from snerydder.law.text import Text
from snerydder.law.verdict import Level, Verdict, stops, warnings

DAY = date(2026, 11, 2)
PROBLEM = Problem(Text("Det mangler."), Text("Skriv det."))


def made(judge: Judge, cites: tuple[str, ...] = ("lab-167-1",), uses: tuple[str, ...] = (), id: str = "CHK-99") -> Check:
    return Check(id, "Det er der.", "Sådan er det.", {"grant": Level.STOP}, cites, uses, "grant.end", "test", judge)


def said(*args: object, on: date = DAY, facts: Facts | None = None, **kwargs: object) -> Verdict:
    (verdict,) = run(made(*args, **kwargs), "grant", facts or Facts(), on)  # type: ignore[arg-type]
    return verdict


def reading(key: str) -> Judge:
    def judge(facts: Facts, law: Law) -> Found:
        law.value(key)
        return (PROBLEM,)

    return judge


def test_a_check_on_read_law_stops() -> None:
    verdict = said(reading("grant.longest_period"), uses=("grant.*",))
    assert (verdict.level, verdict.standing, verdict.is_unread) == (Level.STOP, "read", False)


@pytest.mark.parametrize("cites", [("vej-9204",), ("lab-167-1", "lab-170"), ("reform-2025",)])
def test_a_source_that_nobody_read_only_warns(cites: tuple[str, ...]) -> None:
    verdict = said(lambda facts, law: (PROBLEM,), cites=cites)
    assert verdict.level is Level.WARN
    assert verdict.is_unread


@pytest.mark.parametrize("key", ["complaint.weeks", "external.no_usual_work", "group.6.12"])
def test_a_value_that_nobody_read_only_warns(key: str) -> None:
    assert said(reading(key), uses=(key,)).level is Level.WARN


def test_a_local_norm_only_warns_though_its_source_is_read() -> None:
    verdict = said(reading("norm.first_contact_months"), cites=("mentorforsoeget",), uses=("norm.*",))
    assert (verdict.level, verdict.standing) == (Level.WARN, "read")


def test_the_same_value_may_stop_while_its_text_was_read_and_warn_after() -> None:
    levels = [said(reading("external.no_usual_work"), uses=("external.*",), on=day).level for day in (date(2021, 12, 31), date(2022, 1, 1))]
    assert levels == [Level.STOP, Level.WARN]


def test_a_problem_can_be_milder_than_its_check_but_never_graver() -> None:
    mild = Problem(PROBLEM.what, PROBLEM.mend, level=Level.WARN)
    assert said(lambda facts, law: (mild,)).level is Level.WARN
    gentle = dataclasses.replace(made(lambda facts, law: (PROBLEM,)), steps={"grant": Level.WARN})
    assert run(gentle, "grant", Facts(), DAY)[0].level is Level.WARN


def test_a_check_cannot_read_what_it_did_not_declare() -> None:
    with pytest.raises(LookupError, match="without naming it"):
        said(reading("grant.longest_period"), uses=("discharge.*",))


def test_a_day_the_rulebook_does_not_know_warns_and_says_so() -> None:
    verdict = said(reading("grant.longest_period"), uses=("grant.*",), on=date(2012, 3, 4))
    assert verdict.level is Level.WARN
    assert "4. marts 2012" in verdict.what


def test_what_is_not_relevant_gives_no_verdict() -> None:
    assert run(made(lambda facts, law: NOT_RELEVANT), "grant", Facts(), DAY) == []


def test_a_hjemmel_takes_away_the_checks_it_replaces() -> None:
    common = made(lambda facts, law: (PROBLEM,), id="CHK-05")
    assert run(common, "grant", Facts(grant=GrantFacts(hjemmel="lab-167-1")), DAY)
    assert run(common, "grant", Facts(grant=GrantFacts(hjemmel="lab-167-2")), DAY) == []


def test_an_id_is_judged_once_at_a_step() -> None:
    with pytest.raises(ValueError, match="judged twice"):
        check("CHK-01", promise="", why="", steps={"grant": Level.STOP}, cites=())(lambda facts, law: ())
    with pytest.raises(ValueError, match="unknown step"):
        check("CHK-98", promise="", why="", steps={"never": Level.STOP}, cites=())(lambda facts, law: ())
    with pytest.raises(ValueError, match="unknown source"):
        check("CHK-98", promise="", why="", steps={"grant": Level.STOP}, cites=("lab-999",))(lambda facts, law: ())


def test_an_unknown_step_is_a_mistake_in_the_program() -> None:
    with pytest.raises(ValueError, match="unknown step"):
        judge("payday", Facts(), DAY)


def test_an_empty_case_is_stopped_at_the_grant_the_start_and_the_closing() -> None:
    for step in ("grant", "agreement", "start", "closing", "refusal"):
        assert stops(judge(step, Facts(), DAY)), step
    assert warnings(judge("start", Facts(), DAY))


def test_the_version_names_the_packs_and_the_checks() -> None:
    assert rulebook.version == rulebook._fingerprint()
    assert len(rulebook.version) == 12

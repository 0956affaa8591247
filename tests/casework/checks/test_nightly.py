"""Every night each open case is held against the rules, by the law of its day; what is other than last night is written."""

from datetime import date, timedelta

import pytest

from snerydder.access.tenancy import set_context
from snerydder.casework.agreements.facts import bundle as agreement_bundle
from snerydder.casework.agreements.models import Agreement
from snerydder.casework.cases import actions as cases
from snerydder.casework.cases.facts import follow_up_bundle
from snerydder.casework.cases.models import Case
from snerydder.casework.cases.spoken import told
from snerydder.casework.checks import nightly
from snerydder.casework.checks.models import CURRENT, CheckState, NightRun
from snerydder.casework.checks.reading import asked, read
from snerydder.casework.grants.facts import bundle as grant_bundle
from snerydder.casework.grants.models import Grant
from snerydder.law import judge, rulebook
from tests import build
from tests.build import DAY
from tests.cast import BAKKEBY, fjordby

NIGHT = DAY + timedelta(days=30)


def night(case, day) -> int:
    """A night comes with a context of its own; the test's is set again after it."""
    judged = nightly.of_municipality(case.municipality_id, day)
    set_context(case.municipality_id)
    return judged


def now(case) -> dict[str, str]:
    return dict(CheckState.objects.filter(CURRENT, case=case).values_list("check_id", "level"))


def history(case, check) -> list[tuple]:
    return list(CheckState.objects.filter(case=case, check_id=check).order_by("since").values_list("level", "since", "until"))


def test_it_judges_each_step_by_the_law_of_its_own_day(cast, case):
    build.contact(cast, case, DAY + timedelta(days=9))
    days = {step: on for step, _known, on in asked(build.fresh(case), read([build.fresh(case)]), NIGHT)}
    assert days == {"grant": DAY, "start": DAY + timedelta(days=7), "follow_up": NIGHT, "nightly": NIGHT}


def test_it_knows_what_the_verbs_knew(cast, case):
    """The batch reads the same facts as the gates judged one by one: the same verdicts, word for word."""
    for day in (9, 16, 24):
        build.contact(cast, case, DAY + timedelta(days=day))
    cases.follow_up(case, by=cast.bente, on=DAY + timedelta(days=26), text="Hun står op selv.", decision="go_on", next_on=DAY + timedelta(days=60))
    case = build.fresh(case)
    grant, agreement = Grant.objects.get(), Agreement.objects.select_related("mentor__staff", "grant__assessment__made_by").get()
    read_at_once = {step: (known, on) for step, known, on in asked(case, read([case]), NIGHT)}
    one_by_one = {
        "grant": (grant_bundle(grant, DAY), DAY), "start": (agreement_bundle(agreement, agreement.started_on), agreement.started_on),
        "follow_up": (follow_up_bundle(case, grant.assessment, None, NIGHT), NIGHT),
    }  # fmt: skip
    for step, (known, on) in one_by_one.items():
        told = [(v.check, v.level, str(v.what)) for v in judge(step, known, on)]
        batch, day = read_at_once[step]
        assert [(v.check, v.level, str(v.what)) for v in judge(step, batch, day)] == told, step
        assert day == on


def test_one_row_for_each_check_with_the_version_of_the_law(cast, case):
    assert night(case, NIGHT) == 1
    rows = list(CheckState.objects.filter(case=case))
    assert len(rows) == len({row.check_id for row in rows}) > 20
    assert {row.law_version for row in rows} == {rulebook.version}
    assert {row.since for row in rows} == {NIGHT} and {row.until for row in rows} == {None}
    found = NightRun.objects.get()
    assert (found.day, found.law_version, found.cases, found.changed) == (NIGHT, rulebook.version, 1, len(rows))
    case = build.fresh(case)
    assert (case.checks_stop, case.checks_warn) == tuple(list(now(case).values()).count(level) for level in ("stop", "warn"))
    assert now(case)["CHK-21"] == "stop" and now(case)["CHK-22"] == "ok" and now(case)["CHK-05"] == "ok"


def test_the_second_night_writes_only_what_is_other(cast, case):
    night(case, NIGHT)
    before = set(CheckState.objects.values_list("pk", flat=True))
    night(case, NIGHT + timedelta(days=1))
    assert set(CheckState.objects.values_list("pk", flat=True)) == before
    assert NightRun.objects.order_by("-day").first().changed == 0
    late = DAY + timedelta(days=45)  # the first contact should have come
    night(case, late)
    assert history(case, "CHK-22") == [("ok", NIGHT, late - timedelta(days=1)), ("warn", late, None)]
    assert len(history(case, "CHK-05")) == 1


def test_a_growing_number_is_the_same_state(cast, case):
    build.contact(cast, case, DAY + timedelta(days=9))
    first, second = DAY + timedelta(days=40), DAY + timedelta(days=41)
    night(case, first)
    night(case, second)
    row = CheckState.objects.get(case=case, check_id="CHK-23")
    assert (row.level, row.since) == ("warn", first) and "32 dage" in told(row.what)


def test_run_twice_on_one_day_leaves_one_state(cast, case):
    night(case, DAY + timedelta(days=45))
    build.contact(cast, case, DAY + timedelta(days=20))
    night(case, DAY + timedelta(days=45))
    assert [level for level, _since, _until in history(case, "CHK-22")] == ["ok"]


def test_a_closed_case_keeps_what_was_said(cast, case, monkeypatch: pytest.MonkeyPatch):
    night(case, NIGHT)
    cases.close(case, by=cast.bente, on=NIGHT, goal_result="reached", result_text="Hun er begyndt på hf.", follows="education")
    kept = list(CheckState.objects.order_by("pk").values())
    monkeypatch.setattr(rulebook, "version", "en nyere")
    assert night(case, NIGHT + timedelta(days=60)) == 0
    assert list(CheckState.objects.order_by("pk").values()) == kept


def test_the_law_of_the_day_holds_though_another_comes(cast, case):
    """Granted in 2026: still judged by the law of 2026 when the new main law has come, which nobody has read."""
    Grant.objects.update(end=date(2027, 3, 31))  # too long, and past every verb
    Case.objects.update(period_end=date(2027, 3, 31), grant_end=date(2027, 3, 31))
    night(case, date(2027, 1, 4))
    assert now(case)["CHK-05"] == "stop"


def test_each_municipality_its_own(cast, case):
    fjordby(BAKKEBY, "Bakkeby", suffix="_b")
    set_context(case.municipality_id)
    assert nightly.run(NIGHT) == 1
    set_context(BAKKEBY)
    assert NightRun.objects.get().cases == 0
    set_context(case.municipality_id)
    assert {row.municipality_id for row in CheckState.objects.all()} == {case.municipality_id}


def test_a_case_without_a_grant_has_nothing_to_judge(cast):
    case = build.referred(cast, build.citizen(cast, 1))
    night(case, NIGHT)
    assert now(case) == {}

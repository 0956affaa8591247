"""One case held against the rules again, now: what was mended today is not wrong until the night."""

from datetime import date, timedelta

import pytest

from snerydder.access.tenancy import set_context
from snerydder.audit.action import Refusal
from snerydder.audit.models import Event
from snerydder.casework.cases.models import Case
from snerydder.casework.checks import actions, nightly
from snerydder.casework.checks.models import CURRENT, CheckState, NightRun
from tests import build
from tests.build import DAY

TODAY = date(2026, 12, 1)


def now(case):
    return {row.check_id: (row.level, row.since) for row in CheckState.objects.filter(CURRENT, case=case)}


def test_it_says_what_the_night_would(cast, case):
    other = build.active(cast, build.citizen(cast, 5))
    assert actions.check_again(case, by=cast.bente) > 0
    again, untouched = now(case), now(other)
    assert again and not untouched
    nightly.of_municipality(cast.municipality, TODAY)
    set_context(cast.municipality)
    assert now(case) == again and now(other)


def test_what_was_mended_today_is_in_order_at_once_and_the_sums_follow(cast, case):
    actions.check_again(case, by=cast.bente, on=DAY + timedelta(days=40))
    before, row = now(case), build.fresh(case)
    assert row.checks_stop + row.checks_warn == sum(level != "ok" for level, _since in before.values()) > 0
    for day in (9, 16, 24, 31, 38):
        build.contact(cast, case, DAY + timedelta(days=day))
    changed = actions.check_again(case, by=cast.bente, on=DAY + timedelta(days=40))
    after, row = now(case), build.fresh(case)
    assert changed == len({key for key in before | after if before.get(key) != after.get(key)}) > 0
    assert row.checks_stop + row.checks_warn == sum(level != "ok" for level, _since in after.values())
    assert actions.check_again(case, by=cast.bente, on=DAY + timedelta(days=40)) == 0
    assert Event.objects.filter(verb="checks.check_again").count() == 3 and not NightRun.objects.exists()


def test_a_closed_case_is_never_judged_again(cast, case):
    Case.objects.filter(pk=case.pk).update(closed_on=TODAY, stage="closed")
    with pytest.raises(Refusal, match="Sagen er lukket"):
        actions.check_again(build.fresh(case), by=cast.bente)

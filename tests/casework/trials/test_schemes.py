"""More than two arms, and whole units: the outside verifier works every lot out again, and sees it when one is another."""

import copy
from datetime import timedelta
from typing import Any

import pytest

from snerydder.access import actions as access
from snerydder.access.models import Unit
from snerydder.access.tenancy import within
from snerydder.audit.action import Refusal
from snerydder.casework.trials import delivery, drawing, intake, opening, published, queries
from snerydder.casework.trials.models import Enrolment, Trial
from tests import build
from tests.build import DAY
from tests.casework.trials import made
from tests.casework.trials.test_attacks import judged
from tests.cast import FJORDBY, Cast

FIRST = DAY + timedelta(days=6)
THIRD: dict[str, Any] = {"more": 1, "more_offer": "Mentor to gange om ugen.", "blocks": (3, 6)}
UNITS: dict[str, Any] = {"stratify": "unit", "drawn": "unit", "places": 4}
TEAMS = ("Job og helbred", "Sygedagpenge", "Ungeporten", "Uddannelsesteamet")


def begun(town: Cast, **plan: Any) -> Trial:
    with within(FJORDBY):
        if plan.get("drawn") == "unit":
            for name in TEAMS:
                access.add_unit(name, by=town.henrik)
        drawn = made.drawn(town, **plan)
    with within(FJORDBY):
        return drawing.seal_list(drawn, by=town.freja, on=DAY + timedelta(days=5))


def ended(town: Cast, trial: Trial) -> dict[str, Any]:
    with within(FJORDBY):
        drawing.close(trial, by=town.henrik, reason="Pladserne er brugt.", on=FIRST)
    with within(FJORDBY):
        return published.told(Trial.objects.get(pk=trial.pk))


@pytest.mark.parametrize(("plan", "lots"), [(THIRD, 20), (UNITS, 24), (THIRD | UNITS, 24)])
def test_the_outside_verifier_agrees_on_every_lot(town: Cast, plan: dict[str, Any], lots: int) -> None:
    trial = begun(town, **plan)
    for number in range(1, 4):
        with within(FJORDBY):
            made.enrolled(town, trial, number)
    told = ended(town, trial)
    code, words = judged(told)
    assert code == 0 and f"Alle {lots} lodder er regnet ud igen" in words, words
    others = {"offered", "control", "more"} - {told["lots"][0]["arm"]}
    for arm in sorted(others):
        spoilt = copy.deepcopy(told)
        spoilt["lots"][0]["arm"] = arm
        assert judged(spoilt)[0] == 1
    spoilt = copy.deepcopy(told)
    spoilt["places"] = spoilt["places"].replace('"drawn":"strata",', "") if "drawn" in spoilt["places"] else spoilt["places"].replace('"more",', "")
    assert judged(spoilt)[0] == 1


def test_citizens_of_one_unit_share_its_lot(town: Cast) -> None:
    trial = begun(town, **UNITS)
    with within(FJORDBY):
        other = Unit.objects.get(name=TEAMS[0])
        for number in (1, 2):
            made.enrolled(town, trial, number)
            case = build.assessed(town, build.citizen(town, 20 + number, unit=other))[0]
            intake.enrol(made.screen(town, trial, case), by=town.bente, on=FIRST)
    with within(FJORDBY):
        rows = list(Enrolment.objects.filter(trial=trial).select_related("trial", "case__unit"))
        arms: dict[str, set[str]] = {}
        for row in rows:
            arms.setdefault(row.stratum, set()).add(opening.arm_of(row))
        assert set(arms) == {"Ungeteamet", TEAMS[0]} and all(len(each) == 1 for each in arms.values())


def test_both_offers_are_given_and_counted_and_the_control_is_not(town: Cast) -> None:
    trial = begun(town, **THIRD)
    for number in range(1, 7):
        with within(FJORDBY):
            made.enrolled(town, trial, number)
    with within(FJORDBY):
        by_arm = {opening.arm_of(row): row for row in Enrolment.objects.filter(trial=trial).select_related("trial", "case")}
        assert set(by_arm) == {"offered", "more", "control"}
        for arm in ("offered", "more"):
            assert delivery.offer(by_arm[arm], by=town.bente, on=FIRST)
        with pytest.raises(Refusal, match="ikke et tilbud"):
            delivery.offer(by_arm["control"], by=town.bente, on=FIRST)
        assert [each.name for each in queries.flow(trial)["arms"]] == ["Trukket til tilbud", "Trukket til det andet tilbud", "Kontrolgruppe"]

"""The protocol: a file the engine reads, a lock with its mark, changes that are seen, and a plain word on what it can show."""

import hashlib
import re
from pathlib import Path

import pytest
from django.utils import translation

from snerydder.audit.action import Refusal
from snerydder.casework.trials import actions, power, protocol
from snerydder.casework.trials.models import TEXTS
from snerydder.casework.trials.plan import OUTCOMES, SUBGROUPS, Plan
from snerydder.registers import outcomes
from snerydder.study import protocol as engine
from tests.build import DAY
from tests.casework.trials import made
from tests.cast import Cast

PLANS = [
    Plan(), Plan(stratify="age", age_cut=30, offered=2, blocks=(3, 6), primary="job_week", week=75, secondary=(), subgroups=()),
    Plan(stratify="unit", subgroups=tuple(SUBGROUPS), secondary=("job_week", "job_grad"), estimator="lpm_covariates", correction="none", alpha=5, share=7.5, effect=2.5, dead="drop", missing="stop"),
    Plan(more=1, more_offer="Mentor to gange om ugen.", blocks=(3, 6)), Plan(municipalities=3, stratify="age", subgroups=()), Plan(municipalities=2, more=1, more_offer="To gange om ugen.", blocks=(3, 6), stratify="unit"),
]  # fmt: skip


def test_the_outcomes_are_the_engine_s() -> None:
    assert set(OUTCOMES) == set(outcomes.names())


@pytest.mark.parametrize("plan", PLANS)
def test_the_engine_reads_what_is_written(cast: Cast, tmp_path: Path, plan: Plan) -> None:
    """The file is that of `snerydder study`, key by key, and it says what the page said."""
    trial = actions.lock(actions.write(by=cast.henrik, plan=plan, **made.TEXTS), by=cast.henrik, on=DAY)
    file = tmp_path / "study.toml"
    file.write_text(trial.protocol_text, encoding="utf-8")
    read = engine.read(file)
    assert (read.title, read.status, read.alpha, read.last) == (made.TEXTS["title"], "final", pytest.approx(plan.alpha / 100 / plan.offers), plan.last)
    assert [outcome.name for outcome in read.outcomes] == [plan.primary, *plan.secondary] and read.outcomes[0].week == plan.week
    assert read.outcomes[0].expected == pytest.approx((plan.share / 100, (plan.share + plan.effect) / 100))
    assert len(read.subgroups) == len(read.background) == len(plan.subgroups)
    assert (read.policy["dead"], read.policy["not_in_register"], read.correction) == (plan.dead, plan.missing, plan.correction)
    assert read.power["take_up"] == plan.take_up / 100
    assert hashlib.sha256(file.read_bytes()).hexdigest() == trial.protocol_hash


@pytest.mark.parametrize("plan", PLANS)
def test_the_file_fills_the_boxes_it_came_from(cast: Cast, plan: Plan) -> None:
    strange = made.TEXTS | {"question": 'Hvad med "gåseøjne", \\ og\nlinjeskift, § og \x7f?'}
    trial = actions.write(by=cast.henrik, plan=plan, **strange)
    boxes = protocol.read(protocol.text_of(trial, plan.strata(cast.municipality)))
    assert Plan.of(boxes) == plan
    assert {name: boxes[name] for name in TEXTS} == strange


@pytest.mark.parametrize(
    ("text", "says"),
    [("title = ", "kan ikke læses"), ('title = "x"', "ikke en protokol"), ("[trial]\n[[outcome]]\nname = 'x'", "mangler noget"), ("[trial]\nplaces = 3\n[[outcome]]\nexpected = [1]", "mangler noget")],
)
def test_a_file_that_is_none_is_refused(text: str, says: str) -> None:
    with pytest.raises(Refusal, match=says):
        protocol.read(text)


@pytest.mark.parametrize(
    ("was", "wrong"),
    [
        ('use = ["difference", "lpm_strata"]', 'use = ["difference", "complier"]'), ("alpha = 0.1", "alpha = inf"), ("alpha = 0.1", "alpha = nan"), ("places = 20", 'places = "mange"'),
        ("places = 20", "places = 20.0"), ("municipalities = 1", "municipalities = true"), ("question = ", "question = 1979-05-27 # "), ('title = "', "title = 7 # "), ("ratio = [1, 1]", "ratio = [0, 0]"),
        ('not_in_register = "zero"', 'not_in_register = "nul"'), ('stratify = "none"', 'stratify = "kommune"'), ('name = "su_education"', 'name = "lykke"'), ("last = 75", "last = 1e9"),
        ('usual_effort = "', 'usual_effort = "\\u0000'), ("places = 20", "places = 5000001"),
    ],
)  # fmt: skip
def test_a_file_with_a_value_no_box_can_hold_is_refused(cast: Cast, was: str, wrong: str) -> None:
    text = protocol.text_of(made.draft(cast), Plan().strata(cast.municipality))
    assert was in text
    with pytest.raises(Refusal, match="Filen"):
        protocol.read(text.replace(was, wrong, 1))


def test_the_same_protocol_gives_the_same_bytes(cast: Cast) -> None:
    one, other = made.draft(cast), made.draft(cast)
    strata = Plan.of(one.plan).strata(cast.municipality)
    assert protocol.text_of(one, strata).replace("number = 1", "number = 2").replace('Kommune 1"', 'Kommune 2"') == protocol.text_of(other, strata)


def test_one_municipality_is_told_that_it_cannot_know_alone() -> None:
    """100 and 100 cannot show 4 points: pool (facts T25)."""
    with translation.override("da"):
        told = power.told(Plan(places=200, share=12.0, effect=4.0, take_up=100), 1)
    assert told.level == "warn"
    assert "100 personer med støtte og 100 i kontrolgruppen er for lille til at vise en forskel på 4 procentpoint" in told.sentence
    assert "kommuner af samme størrelse i stedet for 1" in told.sentence and "alene" in told.pool


def test_thirteen_together_can() -> None:
    with translation.override("da"):
        told = power.told(Plan(municipalities=13, places=200, share=12.0, effect=4.0, take_up=100), 1)
    assert told.level == "ok" and told.pool == "" and "alle 76 uger" in told.whole_curve
    assert "100 personer med støtte og 100 i kontrolgruppen er for lille" in told.alone, "what one of them could not know"
    with translation.override("en"):
        assert "A trial with 1,300 persons supported" in power.told(Plan(municipalities=13, take_up=100, effect=4.0), 1).sentence


def test_take_up_and_groups_count() -> None:
    """With two thirds saying yes the same effect on each is two thirds on all; groups share the places out and do not make more of them."""
    alone, together = (power.told(Plan(municipalities=13, places=200, effect=6.0, take_up=each), 1).sentence for each in (65, 100))
    assert alone != together and "hos dem, der tager imod støtten" in alone
    assert "2.600 personer" in power.told(Plan(municipalities=13, places=200, effect=4.0), 2).sentence


@pytest.mark.parametrize(
    ("change", "field"),
    [({"blocks": (3,)}, "blocks"), ({"blocks": (4,)}, "blocks"), ({"blocks": ()}, "blocks"), ({"week": 80}, "week"), ({"secondary": ("su_education",)}, "secondary"), ({"effect": 90.0}, "effect"),
     ({"more": 1, "blocks": (3, 6)}, "more_offer"), ({"drawn": "unit"}, "stratify")],
)
def test_what_makes_no_sense_names_its_box(cast: Cast, change: dict, field: str) -> None:
    with pytest.raises(Refusal) as refused:
        actions.write(by=cast.henrik, plan=Plan(**change), **made.TEXTS)
    assert refused.value.problems[0].field == field


def test_drawing_units_costs_power_and_takes_enough_of_them(cast: Cast) -> None:
    """Citizens of one unit are alike, so the same number of them tells less; and one unit against one tells nothing."""
    with translation.override("da"):
        single, units = (power.told(Plan(municipalities=2, stratify="unit", drawn=drawn, places=60, effect=8.0), 6).sentence for drawn in ("person", "unit"))
    least = [float(re.search(r"sandsynlighed, er ([\d,]+) procentpoint", each)[1].replace(",", ".")) for each in (single, units)]
    assert least[1] > 1.3 * least[0], (single, units)
    with pytest.raises(Refusal, match="Der er kun 2 enheder") as refused:
        made.locked(cast, stratify="unit", drawn="unit")
    assert refused.value.problems[0].field == "drawn"


def test_a_second_offer_has_a_protocol_of_its_own_and_wider_bands(cast: Cast, tmp_path: Path) -> None:
    trial = made.locked(cast, more=1, more_offer="Mentor to gange om ugen.", blocks=(3, 6))
    (tmp_path / "study.toml").write_text(protocol.other_offer(trial.protocol_text), encoding="utf-8")
    read = engine.read(tmp_path / "study.toml")
    assert (read.lottery["treated"], read.lottery["others"], read.alpha) == ("more", ["offered"], 0.05)


def test_a_change_after_the_lock_is_dated_chained_and_seen(cast: Cast) -> None:
    trial = made.running(cast)
    made.enrolled(cast, trial, 1)
    first, second = made.amend(cast, trial), made.amend(cast, trial)
    assert (first.before, first.after, first.enrolled) == ("52", "60", 1)
    assert second.before == "60" and second.mark == actions.chained(first.mark, second) != first.mark == actions.chained(trial.protocol_hash, first)
    trial.refresh_from_db()
    assert "week = 52" in trial.protocol_text, "the locked text itself is not touched"
    assert actions.current(trial)["week"] == "60"

"""Does the effect change along a background that is a number? From the protocol to the report, the tables and the JSON."""

import numpy as np
import polars as pl
import pytest
import statsmodels.api as sm

from snerydder.effects.results import Refused
from snerydder.registers import outcomes
from snerydder.registers.faults import BadInput
from snerydder.study import analysis, data, protocol
from snerydder.study.progress import Silent
from tests.study.test_other_designs import by_cluster, change, drawn, folder, lottery  # noqa: F401

pytestmark = pytest.mark.usefixtures("few_draws")


def test_it_is_the_regression_of_those_with_a_value(trial):
    one = trial.found.outcomes[0]
    weekly = outcomes.find("su_education").weekly(trial.data.seen)
    low, high = trial.protocol.summary
    y = weekly[:, low : high + 1].mean(axis=1)
    for along, asked in zip(one.along, trial.protocol.interactions, strict=True):
        values = trial.data.background[asked.background] / asked.per
        known = np.isfinite(values)
        z, m = trial.data.treated[known].astype(float), values[known] - values[known].mean()
        strata = (trial.data.stratum[known][:, None] == np.arange(13)).astype(float)
        theirs = sm.OLS(y[known], np.column_stack([z * m, m, z, strata])).fit(cov_type="HC2")
        assert along.persons == known.sum() and along.change.effect == pytest.approx(theirs.params[0], abs=1e-12)
        assert along.change.error == pytest.approx(theirs.bse[0], abs=1e-12)
    assert one.along[0].persons < 2588 == one.along[1].persons  # many lack a grade
    assert max(along.corrected for along in one.along) <= 1 and min(a.corrected - a.change.p for a in one.along) >= 0


def test_it_is_in_the_report_and_the_table(trial):
    assert "Langs" in trial.html and "Alder i år, pr. 5" in trial.html
    rows = pl.read_parquet(trial.folder / "out" / "interactions.parquet")
    assert rows.shape[0] == 4 and rows["name"].to_list()[:2] == ["Karakter i dansk og matematik", "Alder i år"] and rows["per"].to_list()[:2] == [1, 5]
    assert rows["effect"][0] == pytest.approx(trial.found.outcomes[0].along[0].change.effect, rel=1e-9)


def test_clusters_have_degrees_of_freedom_and_own_chances_a_reason(trial, folder):  # noqa: F811
    by_cluster(trial, folder)
    one = analysis.run(data.load(protocol.read(folder / "study.toml")), Silent()).outcomes[0]
    assert all(a.change.upper - a.change.lower > 2 * 1.645 * a.change.error for a in one.along)


def test_with_a_chance_of_ones_own_it_is_refused(trial, folder):  # noqa: F811
    rows = drawn(trial)
    for at, row in enumerate(rows):
        row["andel_til_deltager"] = 0.45 + 0.1 * (at % 2)
    lottery(folder, rows)
    change(folder, ('strata = ["kommune"]', 'strata = []\nchances = "personal"'), ("redraws = 10000", "redraws = 200"))
    found = analysis.run(data.load(protocol.read(folder / "study.toml")), Silent())
    one = found.outcomes[0]
    assert all(isinstance(a.change, Refused) and a.corrected is None for a in one.along)
    assert not isinstance(one.complier, Refused) and one.complier.curve.method == "2SLS, Hájek weights"
    assert isinstance(found.reached, Refused) and "egen chance" in found.reached.reason


@pytest.mark.parametrize(("old", "new", "words"), [('background = "Alder"\nper = 5', 'background = "Aldr"', "Mente du 'Alder'"), ("per = 5", "per = 0", "et tal over 0"), ('name = "Alder i år"', 'name = "Karakter i dansk og matematik"', "står to gange")])
def test_a_fault_in_it(trial, folder, old, new, words):  # noqa: F811
    change(folder, (old, new))
    with pytest.raises(BadInput, match=words):
        protocol.read(folder / "study.toml")

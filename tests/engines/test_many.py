"""The compiled closed form, alone and over subgroups, against statsmodels and its NumPy twin."""

import numpy as np
import pytest
import statsmodels.api as sm

from snerydder import panel
from snerydder.effects import counts
from snerydder.effects.results import Refused
from snerydder.study import many

PERSONS, STRATA, CLUSTERS, WEEKS = 600, 4, 24, 6


@pytest.fixture(scope="module")
def trial():
    dice = np.random.default_rng(21)
    grid = np.where(dice.random((PERSONS, 20)) < 0.4, 0, dice.integers(1, 4, (PERSONS, 20))).astype(np.uint16)
    spells = panel.from_grid(tuple(map(str, range(PERSONS))), ("", *"abc"), grid, 0, np.ones(20, dtype=bool))
    cluster, treated = np.arange(PERSONS) % CLUSTERS, dice.random(PERSONS) < 0.4
    label = np.arange(2 * CLUSTERS) // 2
    cell = cluster * 2 + treated
    cells = counts.Cells(np.bincount(cell, minlength=2 * CLUSTERS), label % STRATA, np.arange(2 * CLUSTERS) % 2 == 1, label)
    members = dice.random((5, PERSONS)) < 0.5
    members[1, cluster % STRATA == 2] = False  # a whole stratum and its clusters absent
    members[2, (cluster % STRATA == 1) & treated] = False  # a stratum with one arm
    members[3] = members[3] & (cluster < 12)
    return spells, dice.integers(0, 12, PERSONS), cluster, treated, cell, cells, members


GROUP = np.array([-1, 0, 1, 1])
KINDS = ("effect", "hc1", "cr1")


def judged(trial, chosen):
    spells, start, cluster, treated, _, _, _ = trial
    group = GROUP[panel.codes_from(spells, chosen, start[chosen], WEEKS)]
    stratum = cluster[chosen] % STRATA
    x = np.column_stack([treated[chosen], stratum[:, None] == np.unique(stratum)]).astype(float)
    found = np.zeros((3, 2, WEEKS))
    for g in range(2):
        for week in range(WEEKS):
            model = sm.OLS((group[:, week] == g).astype(float), x)
            robust, clustered = model.fit(cov_type="HC1"), model.fit(cov_type="cluster", cov_kwds={"groups": cluster[chosen]})
            found[:, g, week] = robust.params[0], robust.bse[0], clustered.bse[0]
    return found


def test_subgroups_are_the_regressions_of_their_persons(trial):
    spells, start, _, _, cell, cells, members = trial
    found = many.subgroups(spells, np.arange(PERSONS), start, WEEKS, cell, cells, members, GROUP, 2)
    for place in (0, 1, 3, 4):
        judge = judged(trial, np.flatnonzero(members[place]))
        assert max(np.abs(getattr(found[place], kind) - judge[at]).max() for at, kind in enumerate(KINDS)) < 1e-12
    assert isinstance(found[2], Refused) and found[2].key == "one-arm-stratum"


def test_the_compiled_closed_form_is_its_twin(trial):
    spells, start, _, _, cell, cells, _ = trial
    cube = panel.count(spells, np.arange(PERSONS), start, WEEKS, cell, 2 * CLUSTERS, GROUP, 2)
    plain, compiled = (counts.regressions(cube, cells, compiled=way) for way in (False, True))
    assert max(np.abs(getattr(plain, kind) - getattr(compiled, kind)).max() for kind in (*KINDS, "treated", "control")) < 1e-14

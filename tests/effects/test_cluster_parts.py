"""Parts of the persons where whole clusters were drawn: each with CR2, and tied together by the clusters they share."""

import numpy as np
import pytest
import statsmodels.api as sm
from scipy import stats

from snerydder.effects import clusters, subgroups
from snerydder.effects.regression import design
from snerydder.effects.results import Curve, Refused
from snerydder.effects.weighting import weighted
from tests.effects.conftest import trial


def lottery(seed=5, teams=30, each=14, effect=0.0, icc=0.05):
    """Whole teams drawn in two strata; three kinds of persons in every team."""
    dice = np.random.default_rng(seed)
    n = teams * each
    cluster = np.repeat(np.arange(teams), each)
    stratum = (cluster >= teams // 3).astype(int)
    lots = np.zeros(teams, dtype=bool)
    for label in (0, 1):
        mine = np.flatnonzero((np.arange(teams) >= teams // 3) == label)
        lots[dice.permutation(mine)[: len(mine) // 2]] = True
    kind = dice.integers(0, 3, n)
    y = dice.normal(0, icc**0.5, teams)[cluster] + dice.normal(0, 1, n) + 0.3 * kind + effect * lots[cluster] * (kind == 1)
    return y, lots[cluster], cluster, stratum, [kind == one for one in range(3)]


def interacted(treated, stratum, parts):
    """The one regression in which everything differs by part; the effects come first."""
    blocks = [design(treated, stratum) * part[:, None] for part in parts]
    return np.hstack([np.column_stack([block[:, 0] for block in blocks]), *[block[:, 1:] for block in blocks]])


def slowly(y, x, cluster, contrasts):
    """CR2 and HTZ of the one regression with full matrices, cluster by cluster."""
    inverse = np.linalg.inv(x.T @ x)
    maker = np.eye(len(y)) - x @ inverse @ x.T
    pulls = []
    for g in np.unique(cluster):
        rows = np.flatnonzero(cluster == g)
        values, vectors = np.linalg.eigh(maker[np.ix_(rows, rows)])
        kept = values > 1e-10
        adjust = vectors[:, kept] @ np.diag(values[kept] ** -0.5) @ vectors[:, kept].T
        pulls.append((rows, adjust @ x[rows] @ inverse[:, : contrasts.shape[1]] @ contrasts.T))
    residual = maker @ y
    scores = np.array([pull.T @ residual[rows] for rows, pull in pulls])
    p = np.array([maker[:, rows] @ pull for rows, pull in pulls])  # clusters × persons × contrasts
    working = np.einsum("gns,gnt->st", p, p)
    values, vectors = np.linalg.eigh(working)
    p = p @ (vectors @ np.diag(values**-0.5) @ vectors.T)
    q, spread = contrasts.shape[0], 0.0
    for s in range(q):
        for t in range(q):
            for g in range(len(p)):
                for h in range(len(p)):
                    spread += (p[g, :, s] @ p[h, :, s]) * (p[g, :, t] @ p[h, :, t]) + (p[g, :, s] @ p[h, :, t]) * (p[g, :, t] @ p[h, :, s])
    eta = q * (q + 1) / spread
    gap, covariance = contrasts @ (inverse @ x.T @ y)[: contrasts.shape[1]], scores.T @ scores
    f = (eta - q + 1) / (eta * q) * (gap @ np.linalg.solve(covariance, gap))
    return gap, covariance, f, eta - q + 1


def test_the_test_that_parts_are_equal_by_the_definition():
    y, treated, cluster, stratum, parts = lottery(effect=0.5)
    contrasts = np.array([[-1.0, 1, 0], [-1, 0, 1]])
    _, _, f, df2 = slowly(y, interacted(treated, stratum, parts), cluster, contrasts)
    ours = clusters.equal(y, treated, cluster, stratum, parts)
    assert (ours.f, ours.df1, ours.df2) == (pytest.approx(f, rel=1e-9), 2, pytest.approx(df2, rel=1e-9))
    assert ours.p == pytest.approx(stats.f.sf(f, 2, df2), rel=1e-9)


def test_two_parts_are_a_t_test_with_satterthwaites_degrees_of_freedom():
    y, treated, cluster, stratum, parts = lottery(effect=0.5)
    two = {"a": parts[0] | parts[2], "b": parts[1]}
    gap, covariance, f, df = slowly(y, interacted(treated, stratum, list(two.values())), cluster, np.array([[1.0, -1]]))
    found = subgroups.split("", y, treated, stratum, two, cluster=cluster)
    assert found.contrast.effect[0] == pytest.approx(gap[0], rel=1e-9) and found.contrast.error[0] == pytest.approx(covariance[0, 0] ** 0.5, rel=1e-9)
    assert found.contrast.df[0] == pytest.approx(df, rel=1e-9) and found.homogeneity_p == pytest.approx(stats.f.sf(f, 1, df), rel=1e-9)
    assert found.contrast.p[0] == pytest.approx(found.homogeneity_p, rel=1e-9)
    for part, members in zip(found.parts, two.values(), strict=True):
        alone = clusters.clustered(y[members], treated[members], cluster[members], stratum[members])
        assert (part.curve.effect[0], part.curve.error[0], part.curve.df[0]) == pytest.approx((alone.effect[0], alone.error[0], alone.df[0]), rel=1e-12)


def test_with_one_person_a_cluster_it_is_hc2_of_the_interaction():
    t = trial(seed=4)
    y, one, yes = t.outcome[:, 0].astype(float), np.zeros(t.n, dtype=np.int64), t.x[:, 1] > 0
    theirs = sm.OLS(y, np.column_stack([np.ones(t.n), t.treated, yes, t.treated * yes])).fit(cov_type="HC2")
    ours = subgroups.split("", y, t.treated, one, {"yes": yes, "no": ~yes}, cluster=np.arange(t.n))
    assert (ours.contrast.effect[0], ours.contrast.error[0]) == pytest.approx((theirs.params[3], theirs.bse[3]), abs=1e-9)


def test_the_effect_along_a_number_by_the_definition():
    """The coefficient of draw × number with CR2, full matrices cluster by cluster."""
    y, treated, cluster, stratum, parts = lottery(effect=0.5)
    age = np.arange(len(y)) % 17 + 0.1 * cluster
    centred = age - age.mean()
    x = np.column_stack([treated * centred, centred, design(treated, stratum)])
    gap, covariance, _, df = slowly(y, x, cluster, np.array([[1.0]]))
    found = subgroups.interaction(y, treated, stratum, age, cluster=cluster)
    assert (found.effect[0], found.error[0], found.df[0]) == (pytest.approx(gap[0], rel=1e-9), pytest.approx(covariance[0, 0] ** 0.5, rel=1e-9), pytest.approx(df, rel=1e-9))


def test_a_part_in_too_few_clusters_is_refused():
    y, treated, cluster, stratum, _ = lottery()
    few = np.isin(cluster, [*np.unique(cluster[treated])[:9], *np.unique(cluster[~treated])[:3]])
    found = subgroups.split("", y, treated, stratum, {"few": few, "rest": ~few}, cluster=cluster)
    assert isinstance(found.parts[0].curve, Refused) and found.parts[0].curve.key == "few-clusters" and "3 klynger" in found.parts[0].curve.reason
    assert isinstance(found.parts[1].curve, Curve) and found.homogeneity_p is None and found.contrast is None


def test_parts_with_chances_of_their_own_are_weighed_by_them():
    t = trial(seed=6)
    chance = np.clip(0.3 + 0.1 * t.stratum, 0.2, 0.8)
    yes = t.x[:, 1] > 0
    found = subgroups.split("", t.outcome, t.treated, np.zeros(t.n, dtype=np.int64), {"yes": yes, "no": ~yes}, probability=chance)
    judge = weighted(t.outcome[yes], t.treated[yes], chance[yes])
    assert np.allclose(found.parts[0].curve.effect, judge.effect, atol=1e-15) and np.allclose(found.parts[0].curve.error, judge.error, atol=1e-15)
    assert found.homogeneity_p is not None


def size(redraws):
    """How often each test rejects at 10 % when all parts are alike, with 16 teams."""
    f, chi, two = 0, 0, 0
    for seed in range(redraws):
        y, treated, cluster, stratum, parts = lottery(1000 + seed, teams=16, each=24, icc=0.15)
        f += clusters.equal(y, treated, cluster, stratum, parts).p < 0.10
        two += clusters.equal(y, treated, cluster, stratum, [parts[0], ~parts[0]]).p < 0.10
        curves = [subgroups.split("", y, treated, stratum, {"": part}, cluster=cluster).parts[0].curve for part in parts]
        chi += subgroups._homogeneity(curves) < 0.10
    return f / redraws, two / redraws, chi / redraws


def test_the_test_keeps_its_level_with_few_clusters_where_chi_square_does_not():
    f, two, chi = size(300)
    assert f < 0.13 and two < 0.14 and chi > f + 0.04


@pytest.mark.slow
def test_the_level_in_the_long_form():
    f, two, chi = size(4000)
    print(f"three parts HTZ {f:.4f}, two parts {two:.4f}, chi-square {chi:.4f}")
    assert f < 0.11 and two < 0.11 and chi > 0.15

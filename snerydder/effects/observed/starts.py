"""Starts in different weeks: those who start in week s beside those who have not yet, week by week of waiting (Sianesi 2004; Fredriksson & Johansson 2008).

"Ever started" against "never started" would be wrong: to have started in week 30 one must still have been unemployed then, while those who found a
job in week 3 are all among the never started (immortal time). Here the comparison of week s holds everyone still waiting in s, also those who start
later; the effect is of starting now against waiting on. Outcomes are read from s, stacked over s by the number of starters, and balanced together:
entropy balancing with one set of slopes and exact shares per week. A person in many comparisons counts once in the error: psi is summed by person.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from snerydder.effects.given import checked
from snerydder.effects.observed.entropy import Group, balanced
from snerydder.effects.observed.propensity import Weighted
from snerydder.effects.results import Floats, Refused, as_weeks

NEVER = -1


@dataclass(frozen=True)
class Starts:
    weighted: Weighted
    event: NDArray[np.int64]  # weeks since the start, of each column of the curve
    starters: NDArray[np.int64]  # by week of waiting
    left_out: int  # starters without the weeks asked for, no longer waiting by `eligible`, or with nobody to compare with


def one_start(start: NDArray[np.int64]) -> Refused | None:
    """May those who ever started stand against those who never did? Only when all start at once."""
    weeks = np.unique(start[start != NEVER])
    if len(weeks) <= 1:
        return None
    return Refused(
        f"De begyndte i forskellige uger ({weeks[0]}-{weeks[-1]}). Hvem der nåede at begynde, afhænger så af, hvem der stadig var ledig. Sammenlign dem, der begynder i en uge, "
        "med dem, der endnu ikke er begyndt.", "immortal-time",
        f"They started in different weeks ({weeks[0]}-{weeks[-1]}), so who got to start depends on who was still waiting. Compare those starting in a week with those who had not yet.",
    )  # fmt: skip


@checked
def starts(
    outcome: NDArray[np.generic],
    start: NDArray[np.int64],
    covariates: Floats,
    horizon: int,
    before: int = 0,
    eligible: NDArray[np.bool_] | None = None,
) -> Starts | Refused:
    """`outcome` persons × weeks of waiting and after; `start` the week of waiting in which the person started, NEVER if not in the window.

    `eligible` persons × weeks: could the person still start that week (on benefit, alive, in the country)? `before` weeks ahead of the start come
    along as a test of the comparison: nothing should be seen there.
    """
    y = as_weeks(outcome)
    if not np.isfinite(y).all():
        return Refused("Udfaldet mangler for nogen i vinduet.", "missing-outcome", "The outcome is missing for some.")
    last = y.shape[1] - horizon
    groups, counts = [], np.zeros(y.shape[1], dtype=np.int64)
    for week in np.unique(start[(start >= before) & (start <= last)]):
        could = np.ones(len(y), dtype=bool) if eligible is None else eligible[:, week]
        now, later = np.flatnonzero(could & (start == week)), np.flatnonzero(could & ((start > week) | (start == NEVER)))
        if len(now) and len(later) > covariates.shape[1] + 1:
            groups.append(Group(now, later, int(week) - before))
            counts[week] = len(now)
    if counts.sum() < 2:
        return Refused(
            "Ingen begyndte, mens andre ventede, med uger nok bagefter.", "no-starters", "Nobody started while others waited with enough weeks after."
        )
    found = balanced(y, covariates, groups, before + horizon)
    if isinstance(found, Refused):
        return found
    return Starts(found, np.arange(-before, horizon), counts, int((start != NEVER).sum() - counts.sum()))

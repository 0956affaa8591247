"""Week by week after the draw: who is in education, who is in job, and what stands in the register."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from snerydder.registers.invented.people import YEAR, People

WEEKS = 80  # a little beyond the window, so that the last weeks have neighbours
IDLE, EDUCATION, JOB, GONE = 0, 1, 2, 3


def _logistic(x: NDArray[np.float64]) -> NDArray[np.float64]:
    return 1 / (1 + np.exp(-x))


def education_counts(n: int, treated: bool) -> NDArray[np.int64]:
    t = np.minimum(np.arange(WEEKS, dtype=float), 75)
    share = 0.004 + 0.086 * np.minimum(t, 45) / 45 + 0.034 * _logistic((t - 47.5) / 1.5) + 0.006 * np.clip(t - 55, 0, 20) / 20
    if treated:
        share = share + 0.012 * np.clip(t - 4, 0, 44) / 44 + 0.0262 * _logistic((t - 50) / 0.75)
    counts = np.round(n * share).astype(np.int64)
    counts[52] = 209 if treated else 160
    return counts


def job_counts(n: int, treated: bool) -> NDArray[np.int64]:
    t = np.minimum(np.arange(WEEKS, dtype=float), 75)
    share = 0.006 + 0.0437 * np.minimum(t, 52) / 52
    if treated:
        share = share - 0.003 * np.exp(-(((t - 14) / 9) ** 2)) + 0.0197 * _logistic((t - 56.4) / 2.9)
    counts = np.round(n * share).astype(np.int64)
    counts[60 if not treated else 66 :] = 90 if treated else 64
    return counts


def states(people: People, dice: np.random.Generator) -> NDArray[np.int8]:
    """Persons × weeks: idle, education, job, or gone (dead or abroad, never among those who find their way)."""
    n = len(people.treated)
    gone = dice.permutation(n)[: round(0.015 * n)]
    found = np.zeros((n, WEEKS), dtype=np.int8)
    found[gone] = GONE
    low = people.grade < 4
    short = np.where(np.isnan(people.grade), -1.2, 0.12 * (np.nan_to_num(people.grade, nan=4.3) - 4.3))
    poor = people.mother_income < np.median(people.mother_income)
    to_school = np.exp(0.25 * (short + 0.35 * people.su_before - 0.02 * (people.age - 24) - 0.10 * people.mother_unqualified))
    school_lift = 1 + 0.54 * low + 0.10 * (people.grade >= 4) + 0.46 * people.woman + 0.30 * people.mother_unqualified + 0.26 * poor
    to_job = np.exp(-0.25 * people.long_benefits + 0.15 * ~people.woman + 0.02 * (people.age - 24) - 0.15 * people.mother_unqualified)
    job_lift = 1 + 0.75 * people.long_benefits + 0.62 * people.mother_unqualified + 0.55 * people.su_before
    for arm in (False, True):
        rows = np.setdiff1d(np.flatnonzero(people.treated == arm), gone)
        size = int((people.treated == arm).sum())
        weights = (to_school * np.where(people.treated, school_lift, 1.0), to_job * np.where(people.treated, job_lift, 1.0))
        targets = (education_counts(size, arm), job_counts(size, arm))
        now = np.full(n, IDLE, dtype=np.int8)
        for week in range(WEEKS):
            _step(now, rows, week, weights, targets, dice)
            found[rows, week] = now[rows]
    return found


def _step(
    now: NDArray[np.int8], rows: NDArray[np.int64], week: int, weights: tuple[NDArray[np.float64], ...], targets: tuple[NDArray[np.int64], ...], dice: np.random.Generator
) -> None:
    """Some leave, and as many find their way as the week's number asks for."""
    left: list[NDArray[np.int64]] = []
    for state, outflow in ((EDUCATION, 0.006), (JOB, 0.018)):
        inside = rows[now[rows] == state]
        leaving = max(int(dice.binomial(len(inside), outflow)), len(inside) - int(targets[state - 1][week]))
        gone = dice.permutation(inside)[:leaving]
        now[gone] = IDLE
        left.append(gone)
    for state in (EDUCATION, JOB):
        pool = np.setdiff1d(rows[now[rows] == IDLE], np.concatenate(left))
        missing = int(targets[state - 1][week]) - int((now[rows] == state).sum())
        lots = dice.exponential(size=len(pool)) / weights[state - 1][pool]  # the smallest lots are a weighted sample
        now[pool[np.argsort(lots)[:missing]]] = state


def codes_after(people: People, state: NDArray[np.int8], starts: NDArray[np.int64], new_year: int, dice: np.random.Generator) -> NDArray[np.int16]:
    """Weekly codes from the draw on. 0 is the blank. `new_year` is the week when uddannelseshjælp took over (2014-W01)."""
    n = len(state)
    codes = np.where(dice.random(n) < 0.6, 731, 733)[:, None].repeat(WEEKS, axis=1).astype(np.int16)
    later = starts[:, None] + np.arange(WEEKS) >= new_year
    codes[later] = 720
    for person in dice.permutation(n)[: round(0.12 * n)]:  # a spell of illness
        begin = int(dice.integers(2, 70))
        codes[person, begin : begin + int(dice.integers(4, 26))] = 890
    for person in dice.permutation(n)[: round(0.05 * n)]:  # self-supporting without work
        codes[person, int(dice.integers(1, 70)) :] = 0
    codes[state == EDUCATION] = 651
    codes[state == JOB] = 0
    gone = np.flatnonzero((state == GONE).any(axis=1))
    for place, person in enumerate(gone):
        begin = int(dice.integers(10, 60))
        if place % 3 == 0:
            codes[person, begin:] = 999
        else:
            codes[person, begin : begin + int(dice.integers(8, 30))] = 997
    return codes


def codes_before(people: People, dice: np.random.Generator) -> NDArray[np.int16]:
    """Three years of history, oldest first; the last week before the draw is on cash benefit."""
    n = len(people.treated)
    codes = np.zeros((n, 3 * YEAR), dtype=np.int16)
    for person in range(n):
        for year in range(3):
            su, transfer = int(people.su[person, year]), int(people.transfer[person, year])
            parts = [[651] * su, [0] * (YEAR - su - transfer)]
            if year and dice.random() < 0.5:
                parts.reverse()
            codes[person, (2 - year) * YEAR : (3 - year) * YEAR] = [*parts[0], *parts[1], *([731] * transfer)]
    return codes


def employment(codes: NDArray[np.int16], job: NDArray[np.bool_], month: NDArray[np.int64], months: int, dice: np.random.Generator) -> tuple[NDArray[np.float64], NDArray[np.int16]]:
    """The degree of employment by calendar month, and codes in which a blank week in a month with pay is always a week in job."""
    n = len(codes)
    person, week = np.nonzero(job)
    paid = np.zeros((n, months), dtype=bool)
    paid[person, month[person, week]] = True
    degree = np.where(paid, np.round(dice.uniform(0.3, 1.0, (n, months)), 2), 0.0)
    stray = (codes == 0) & ~job & paid[np.arange(n)[:, None], month]
    stray[:, : 3 * YEAR] = False  # the history stands as it was balanced
    return degree, np.where(stray, 731, codes).astype(np.int16)

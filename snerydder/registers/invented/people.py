"""Who is drawn: municipality, arm, day, background, and three years of history that meet the published balance table."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

CONTROLS = {
    "Haderslev": 97, "Herning": 98, "Hjørring": 100, "Holbæk": 99, "Kalundborg": 96, "København": 104, "Næstved": 99,
    "Silkeborg": 101, "Slagelse": 98, "Sønderborg": 98, "Vejle": 100, "Viborg": 98, "Aalborg": 101,
}  # fmt: skip
NO_MORE = ("Haderslev", "Herning", "København")  # as many participants as controls; the other ten have one more
FIRST_DAY, DAYS = date(2012, 8, 20), 98
YEAR = 52
# (control, participants) for 1, 2, 3 years back
TRANSFER = ((0.79, 0.78), (0.61, 0.60), (0.49, 0.49))
SU = ((0.08, 0.09), (0.15, 0.16), (0.16, 0.15))
AGE, GRADE, GRADE_MISSING, IMMIGRANT = (23.99, 23.81), (4.27, 4.36), (709, 675), (129, 130)


@dataclass(frozen=True)
class People:
    municipality: NDArray[np.str_]
    treated: NDArray[np.bool_]
    drawn: tuple[date, ...]
    age: NDArray[np.float64]
    woman: NDArray[np.bool_]
    immigrant: NDArray[np.bool_]
    grade: NDArray[np.float64]  # NaN where missing
    mother_unqualified: NDArray[np.bool_]
    mother_income: NDArray[np.float64]
    transfer: NDArray[np.int64]  # weeks, persons × years back (1, 2, 3)
    su: NDArray[np.int64]

    @property
    def long_benefits(self) -> NDArray[np.bool_]:
        return self.transfer.sum(axis=1) >= 104

    @property
    def su_before(self) -> NDArray[np.bool_]:
        return self.su.sum(axis=1) > 0


def chance(seed: str, purpose: str) -> np.random.Generator:
    return np.random.Generator(np.random.PCG64(int.from_bytes(hashlib.sha256(f"{seed}\n{purpose}".encode()).digest(), "big")))


def invent(seed: str) -> People:
    dice = chance(seed, "people")
    towns = [(town, arm) for town, n in CONTROLS.items() for arm, count in ((0, n), (1, n + (town not in NO_MORE))) for _ in range(count)]
    order = dice.permutation(len(towns))
    municipality = np.array([towns[place][0] for place in order])
    treated = np.array([towns[place][1] == 1 for place in order])
    n = len(order)
    days = np.sort((DAYS * dice.beta(1.6, 2.2, n)).astype(int))
    women, unqualified, income = dice.random(n) < 0.46, dice.random(n) < 0.54, np.round(dice.lognormal(12.1, 0.55, n), -2)
    age, grade, immigrant = np.zeros(n), np.full(n, np.nan), np.zeros(n, dtype=bool)
    transfer, su = np.zeros((n, 3), dtype=np.int64), np.zeros((n, 3), dtype=np.int64)
    for arm in (0, 1):
        rows = np.flatnonzero(treated == bool(arm))
        age[rows] = _mean_to(np.round(18 + 11.95 * dice.beta(1.35, 1.35, len(rows)), 2), AGE[arm], 0.01, 18.0, 29.95)
        with_grade = dice.permutation(rows)[GRADE_MISSING[arm] :]
        grade[with_grade] = _mean_to(np.round(np.clip(dice.normal(4.3, 2.1, len(with_grade)), -2, 12) * 4) / 4, GRADE[arm], 0.25, -2.0, 12.0)
        immigrant[dice.permutation(rows)[: IMMIGRANT[arm]]] = True
        for year in range(3):
            su[rows, year] = _weeks(dice, _bimodal(dice, len(rows), SU[year][arm], 0.35), SU[year][arm], np.full(len(rows), YEAR - (year == 0)))
            transfer[rows, year] = _weeks(dice, _bimodal(dice, len(rows), TRANSFER[year][arm], 0.9), TRANSFER[year][arm], YEAR - su[rows, year], int(year == 0))
    drawn = tuple(FIRST_DAY + timedelta(days=int(day)) for day in days)
    return People(municipality, treated, drawn, age, women, immigrant, grade, unqualified, income, transfer, su)


def _mean_to(values: NDArray[np.float64], mean: float, step: float, low: float, high: float) -> NDArray[np.float64]:
    """Move single persons by one step until the mean is the one asked for, to the nearest step."""
    gap = round((mean * len(values) - values.sum()) / step)
    while gap:
        can = np.flatnonzero((values + step <= high) if gap > 0 else (values - step >= low))[: abs(gap)]
        values[can] += step if gap > 0 else -step
        gap -= len(can) if gap > 0 else -len(can)
    return values


def _bimodal(dice: np.random.Generator, n: int, mean: float, top: float) -> NDArray[np.float64]:
    """Most have nearly nothing or nearly all."""
    much = dice.random(n) < mean / top
    return np.where(much, dice.beta(6, 1, n), dice.beta(0.4, 6, n) * (dice.random(n) < 0.5))


def _weeks(dice: np.random.Generator, share: NDArray[np.float64], mean: float, room: NDArray[np.int64], least: int = 0) -> NDArray[np.int64]:
    """Whole weeks within the room that is left, moved one by one until the arm's mean is the table's."""
    found = np.clip(np.round(share * YEAR).astype(np.int64), least, room)
    gap = round(mean * YEAR * len(found)) - int(found.sum())
    while gap:
        can = dice.permutation(np.flatnonzero((found < room) if gap > 0 else (found > least)))[: abs(gap)]
        found[can] += 1 if gap > 0 else -1
        gap -= len(can) if gap > 0 else -len(can)
    return found

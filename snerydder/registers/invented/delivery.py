"""What the participants got: contacts with minutes, and the mentors who gave them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from snerydder.registers.invented.people import People

EVER = 1104
WEEKS = 76
_WEEK = (0, 1, 2, 3, 4, 5, 8, 12, 20, 30, 40, 51, 52, 53, 54, 60, 75)
_SHARE = (0.06, 0.22, 0.38, 0.49, 0.57, 0.61, 0.66, 0.69, 0.68, 0.66, 0.63, 0.50, 0.36, 0.19, 0.15, 0.10, 0.04)
_MINUTES = (6, 25, 43, 55, 64, 69, 79, 87, 84, 80, 74, 62, 42, 21, 16, 10, 4)
# full time, part time
MENTORS = {
    "Hjørring": (6, 0), "København": (6, 0), "Næstved": (6, 0), "Silkeborg": (8, 0), "Sønderborg": (8, 0), "Aalborg": (4, 0), "Holbæk": (8, 1),
    "Slagelse": (5, 2), "Vejle": (8, 1), "Viborg": (4, 4), "Haderslev": (2, 15), "Herning": (2, 8), "Kalundborg": (2, 8),
}  # fmt: skip


def contacts(people: People, dice: np.random.Generator) -> NDArray[np.int64]:
    """Minutes by person and week since the draw. Controls have none."""
    weeks = np.arange(WEEKS)
    share, mean = np.interp(weeks, _WEEK, _SHARE), np.interp(weeks, _WEEK, _MINUTES)
    rows = np.flatnonzero(people.treated)
    ever = dice.permutation(rows)[:EVER]
    leaning = dice.normal(size=EVER)
    found = np.zeros((len(people.treated), WEEKS), dtype=np.int64)
    met = np.zeros(EVER, dtype=bool)
    for week in weeks:
        count = round(float(share[week]) * len(rows))
        score = leaning + dice.normal(scale=0.9, size=EVER)
        if week >= 16:
            score[~met] += 100.0  # nobody of those ever reached is still waiting in the fifth month
        chosen = np.argsort(-score)[:count]
        met[chosen] = True
        total = round(float(mean[week]) * len(rows) / 5) * 5
        found[ever[chosen], week] = _minutes(dice, count, total)
    return found


def _minutes(dice: np.random.Generator, count: int, total: int) -> NDArray[np.int64]:
    """Steps of five, at least ten, and exactly the week's total."""
    drawn = dice.gamma(2.2, size=count)
    minutes = np.maximum(10, np.round(drawn / drawn.sum() * total / 5).astype(np.int64) * 5)
    gap = (total - int(minutes.sum())) // 5
    while gap:
        can = dice.permutation(np.flatnonzero((minutes > 10) | (gap > 0)))[: abs(gap)]
        minutes[can] += 5 if gap > 0 else -5
        gap -= len(can) if gap > 0 else -len(can)
    return minutes


def mentors(dice: np.random.Generator) -> list[dict[str, str | int | float]]:
    """108 mentors, 100 of whom answered; the published percentages are exact among those."""
    rows = [(town, 37.0 if full else 18.5) for town, numbers in MENTORS.items() for full, count in zip((True, False), numbers, strict=True) for _ in range(count)]
    answered = np.sort(dice.permutation(len(rows))[:100])
    yes = {name: np.isin(np.arange(100), dice.permutation(100)[:count]) for name, count in {"woman": 65, "medium": 71, "new": 33, "municipal": 23}.items()}
    place = dice.permutation(100)
    age = np.where(place < 32, dice.integers(23, 30, 100), np.where(place < 65, dice.integers(30, 51, 100), dice.integers(51, 66, 100)))
    found: list[dict[str, str | int | float]] = []
    for number, (town, hours) in enumerate(rows):
        row: dict[str, str | int | float] = {"mentor": f"M{number + 1:03d}", "kommune": town, "timer": hours, "svarede": int(number in answered)}
        if number in answered:
            one = int(np.searchsorted(answered, number))
            row |= {
                "kvinde": int(yes["woman"][one]), "alder": int(age[one]), "mellemlang_uddannelse": int(yes["medium"][one]),
                "erfaring_under_2_aar": int(yes["new"][one]), "fra_anden_kommunal_funktion": int(yes["municipal"][one]),
            }  # fmt: skip
        found.append(row)
    return found


LOOSE_SUPERVISION = ("Haderslev", "Herning", "Kalundborg", "Aalborg")  # the talk: less systematic in some municipalities, not which


def faithful(rows: list[dict[str, str | int | float]], dice: np.random.Generator) -> list[dict[str, str | int | float]]:
    """How the method was kept: well, but for supervision in some places. The order of words is the talk's; the numbers are not in it."""
    central, local = (np.isin(np.arange(len(rows)), dice.permutation(len(rows))[:missed]) for missed in (6, 9))
    for number, row in enumerate(rows):
        row |= {
            "kursus_centralt": int(not central[number]), "kursus_kommunalt": int(not local[number]), "loennet_af_kommunen": 1, "myndighedsperson": 0,
            "fast_supervision": int(row["kommune"] not in LOOSE_SUPERVISION or dice.random() < 0.4),
        }  # fmt: skip
    return rows


def caseworkers(dice: np.random.Generator) -> list[dict[str, str | int]]:
    """Not so many of them came to the course."""
    towns = [town for town in MENTORS for _ in range(10)]
    came = np.isin(np.arange(len(towns)), dice.permutation(len(towns))[:57])
    return [{"sagsbehandler": f"S{number + 1:03d}", "kommune": town, "kursus": int(came[number])} for number, town in enumerate(towns)]

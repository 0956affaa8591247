"""The second document's population: courses with a mentor as the only effort, what followed them, and what the job centres said.

Lengths are Weibull with shape 1.15 and a median of about 30 weeks, so most last more than six months. Of the courses whose end and the 26
weeks after it were seen, 36 per cent go on to an active offer, a quarter of these with a company; who they are is chance.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from snerydder.registers import weeks
from snerydder.registers.invented.people import chance

PERSONS = 2000
FIRST, LAST = weeks.from_iso(2014, 1), weeks.from_iso(2016, 26)  # the scheme began on 1 January 2014
INTAKE = 78  # weeks
SHAPE, SCALE = 1.15, 41.3
HORIZON = 26
ACTIVE, COMPANY = 0.36, 0.25
MENTOR, BUSINESS, GUIDED, EDUCATION, JOB = "mentor", "virksomhedsrettet", "vejledning_og_opkvalificering", "uddannelse", "job"
CENTRES, NOT_MEASURING, TROUBLED, HALF_BUDGET = 81, 40, 43, 22  # 49.4, 53.1 and 27.2 per cent: 81 is one of two sizes that can give 27.2


def courses(seed: str) -> pl.DataFrame:
    """One row per person and period: what was offered, from and to."""
    dice = chance(seed, "mapping")
    begin = FIRST + dice.integers(0, INTAKE, PERSONS)
    length = np.ceil(SCALE * dice.weibull(SHAPE, PERSONS)).astype(np.int64)
    end = begin + length
    resource = dice.random(PERSONS) < 0.15
    minutes = np.round(np.where(resource, dice.normal(150, 35, PERSONS), dice.normal(90, 24, PERSONS)).clip(30, 300) / 5) * 5
    wait, kind = _after(dice, end)
    paused = dice.random(PERSONS) < 0.06
    rows: list[dict[str, object]] = []
    keys = dice.permutation(90000)[:PERSONS] + 10000
    for one in range(PERSONS):
        person = {"pnr": f"K{keys[one]:05d}", "maalgruppe": "ressourceforløb" if resource[one] else "aktivitetsparat", "minutter_om_ugen": int(minutes[one])}
        parts = [(int(begin[one]), int(end[one]))]
        if paused[one] and length[one] > 12:  # a pause that is no end
            stop = int(begin[one]) + int(length[one]) // 2
            parts = [(int(begin[one]), stop), (stop + 3, int(end[one]))]
        rows += [_row(person, MENTOR, low, high) for low, high in parts]
        if kind[one]:
            rows.append(_row(person, str(kind[one]), int(end[one] + wait[one]), int(end[one] + wait[one]) + 10) | {"minutter_om_ugen": None})
    seen = [row for row in rows if row["fra"] <= weeks.monday(LAST) + timedelta(days=6)]  # type: ignore[operator]
    return pl.DataFrame(seen, schema={"pnr": pl.String, "maalgruppe": pl.String, "indsats": pl.String, "fra": pl.Date, "til": pl.Date, "minutter_om_ugen": pl.Int64})


def _row(person: Mapping[str, object], what: str, low: int, high: int) -> dict[str, object]:
    """Both days are in it; what runs past the register's end is cut there."""
    last = min(weeks.monday(high) - timedelta(days=1), weeks.monday(LAST) + timedelta(days=6))
    return {"pnr": person["pnr"], "maalgruppe": person["maalgruppe"], "indsats": what, "fra": weeks.monday(low), "til": last, "minutter_om_ugen": person["minutter_om_ugen"]}


def _after(dice: np.random.Generator, end: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.str_]]:
    """Weeks until something else, and what. Exactly the shares among those whose half year after was seen."""
    whole = dice.permutation(np.flatnonzero(end + HORIZON <= LAST + 1))
    rest = dice.permutation(np.flatnonzero(end + HORIZON > LAST + 1))
    kind = np.full(len(end), "", dtype="U32")
    for rows in (whole, rest):
        active, other = round(ACTIVE * len(rows)), round(0.12 * len(rows))
        company = round(COMPANY * active)
        kind[rows[:company]] = BUSINESS
        kind[rows[company:active]] = GUIDED
        kind[rows[active : active + other // 2]] = EDUCATION
        kind[rows[active + other // 2 : active + other]] = JOB
    return (dice.geometric(0.11, len(end)) - 1) % HORIZON, kind


def centres(seed: str) -> pl.DataFrame:
    """What 81 job centres answered."""
    dice = chance(seed, "centres")
    yes = {
        name: np.isin(np.arange(CENTRES), dice.permutation(CENTRES)[:count]).astype(int)
        for name, count in (("maaler_ikke_resultater", NOT_MEASURING), ("udfordringer_med_mentorer", TROUBLED), ("halvdelen_til_ret_og_pligt", HALF_BUDGET))
    }
    return pl.DataFrame({"jobcenter": [f"J{number + 1:02d}" for number in range(CENTRES)], **yes})


def write(seed: str, folder: Path) -> None:
    courses(seed).write_csv(folder / "forloeb.csv")
    centres(seed).write_csv(folder / "jobcentre.csv")

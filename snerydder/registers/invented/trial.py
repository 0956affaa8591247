"""Put the invented trial together and write it as the files an evaluator would be sent, with a code book."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from snerydder.registers import codes as code_list
from snerydder.registers import weeks
from snerydder.registers.invented import course, delivery, people
from snerydder.registers.invented.people import YEAR, People

SEED = "snedriver-159"
TRIED, FITTING = 219, 6  # seeds tried, and how many fell as published in weeks and subgroups; the demo protocol's note says so
HISTORY = 3 * YEAR
NEW_BENEFIT = weeks.from_iso(2014, 1)


@dataclass(frozen=True)
class Trial:
    people: People
    keys: tuple[str, ...]
    starts: NDArray[np.int64]  # the ISO week of the draw
    codes: NDArray[np.int16]  # persons × weeks from HISTORY before the draw
    degree: NDArray[np.float64]
    first_month: int
    minutes: NDArray[np.int64]
    mentors: list[dict[str, str | int | float]]
    caseworkers: list[dict[str, str | int]]


def invent(seed: str = SEED) -> Trial:
    drawn = people.invent(seed)
    starts = np.array([weeks.week_of(day) for day in drawn.drawn])
    dice = people.chance(seed, "course")
    state = course.states(drawn, dice)
    after = course.codes_after(drawn, state, starts, NEW_BENEFIT, dice)
    codes = np.hstack([course.codes_before(drawn, dice), after])
    job = np.hstack([np.zeros((len(starts), HISTORY), dtype=bool), state == course.JOB])
    span = starts[:, None] - HISTORY + np.arange(codes.shape[1])
    low = int(span.min())
    of_week = np.array([weeks.month_of(week) for week in range(low, int(span.max()) + 1)])
    month = of_week[span - low] - of_week[0]
    degree, codes = course.employment(codes, job, month, int(of_week[-1] - of_week[0]) + 1, dice)
    keys = tuple(f"P{number:05d}" for number in people.chance(seed, "keys").permutation(90000)[: len(starts)] + 10000)
    return Trial(drawn, keys, starts, codes, degree, int(of_week[0]), delivery.contacts(drawn, people.chance(seed, "contacts")), delivery.faithful(delivery.mentors(people.chance(seed, "mentors")), people.chance(seed, "method")), delivery.caseworkers(people.chance(seed, "caseworkers")))  # fmt: skip


def register(trial: Trial) -> pl.DataFrame:
    """The wide form. The persons stand in the order of their keys, as in an extract."""
    first, last = int(trial.starts.min()) - HISTORY, int(trial.starts.max()) - HISTORY + trial.codes.shape[1]
    grid = np.zeros((len(trial.keys), last - first), dtype=np.int16)
    place = trial.starts[:, None] - HISTORY - first + np.arange(trial.codes.shape[1])
    np.put_along_axis(grid, place, trial.codes, axis=1)
    history_edge = trial.starts - HISTORY - first
    before = np.arange(grid.shape[1]) < history_edge[:, None]
    after = np.arange(grid.shape[1]) >= (history_edge + trial.codes.shape[1])[:, None]
    grid = np.where(after, grid[np.arange(len(grid)), history_edge + trial.codes.shape[1] - 1][:, None], np.where(before, 0, grid))
    order = np.argsort(np.array(trial.keys))
    text = np.where(grid > 0, grid.astype("U3"), "")[order]
    columns: dict[str, object] = {"pnr": np.array(trial.keys)[order].tolist()}
    columns |= {weeks.column(first + week): text[:, week].tolist() for week in range(grid.shape[1])}
    columns |= {f"grad_{weeks.month_name(trial.first_month + month)}": trial.degree[order, month].tolist() for month in range(trial.degree.shape[1])}
    return pl.DataFrame(columns).with_columns(pl.col(pl.String).replace("", None))


def write(trial: Trial, folder: Path, form: str = "csv") -> None:
    folder.mkdir(parents=True, exist_ok=True)
    p = trial.people
    wide = register(trial)
    if form == "parquet":
        wide.write_parquet(folder / "dream.parquet")
    else:
        wide.write_csv(folder / "dream.csv")
    share = {town: (n + (town not in people.NO_MORE)) / (2 * n + (town not in people.NO_MORE)) for town, n in people.CONTROLS.items()}
    pl.DataFrame(
        {
            "pnr": trial.keys, "kommune": p.municipality.tolist(), "gruppe": np.where(p.treated, "deltager", "kontrol").tolist(),
            "lodtraekningsdato": [day.isoformat() for day in p.drawn], "andel_til_deltager": [round(share[town], 6) for town in p.municipality.tolist()],
        }
    ).write_csv(folder / "lodtraekning.csv")  # fmt: skip
    pl.DataFrame(
        {
            "pnr": trial.keys, "alder": np.round(p.age, 2), "kvinde": p.woman.astype(int), "indvandrer_eller_efterkommer": p.immigrant.astype(int),
            "karakter_9_klasse": [None if np.isnan(grade) else grade for grade in p.grade.tolist()], "mor_uden_uddannelse": p.mother_unqualified.astype(int), "mors_indkomst": p.mother_income,
        }
    ).write_csv(folder / "personer.csv")  # fmt: skip
    person, week = np.nonzero(trial.minutes)
    pl.DataFrame({"pnr": [trial.keys[row] for row in person], "uge_efter_lodtraekning": week, "minutter": trial.minutes[person, week]}).write_csv(folder / "kontakter.csv")
    names = max((list(row) for row in trial.mentors), key=len)
    with (folder / "mentorer.csv").open("w", encoding="utf-8", newline="") as opened:
        writer = csv.DictWriter(opened, names, lineterminator="\n")
        writer.writeheader()
        writer.writerows(trial.mentors)
    _code_list(folder / "koder.csv", {int(code) for code in np.unique(trial.codes)})
    pl.DataFrame(trial.caseworkers).write_csv(folder / "sagsbehandlere.csv")
    (folder / "kodebog.csv").write_text(CODE_BOOK, encoding="utf-8")


def _code_list(file: Path, used: set[int]) -> None:
    """The shipped list, with the codes used here confirmed: in an invented register they mean what the inventor says."""
    with code_list.SHIPPED["dream"].open(encoding="utf-8", newline="") as opened:
        rows = list(csv.DictReader(opened))
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.DictWriter(opened, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        for row in rows:
            if row["code_from"] and any(int(row["code_from"]) <= code <= int(row["code_to"]) for code in used):
                row |= {"confidence": "confirmed", "source": "det opdigtede register"}
            writer.writerow(row)


CODE_BOOK = """fil,kolonne,betydning,værdier
alle,pnr,pseudonym for en opdigtet person,P og fem cifre
dream.csv,y_ååuu,ydelse i ISO-ugen (mindst én dag),tre cifre; tom = ingen offentlig ydelse
dream.csv,grad_åååå_mm,beskæftigelsesgrad i måneden,0 til 1
lodtraekning.csv,kommune,stratum: lodtrækningen skete inden for kommunen,13 kommuner
lodtraekning.csv,gruppe,hvad loddet faldt på,deltager eller kontrol
lodtraekning.csv,lodtraekningsdato,dagen for lodtrækningen; dens ISO-uge er uge 0,åååå-mm-dd
lodtraekning.csv,andel_til_deltager,den andel af kommunens personer der blev trukket til deltager,0 til 1
personer.csv,alder,alder ved lodtrækningen,år
personer.csv,kvinde,,1 ja 0 nej
personer.csv,indvandrer_eller_efterkommer,,1 ja 0 nej
personer.csv,karakter_9_klasse,gennemsnit i dansk og matematik,-2 til 12; tom = ingen karakterer
personer.csv,mor_uden_uddannelse,mor uden erhvervskompetencegivende uddannelse,1 ja 0 nej
personer.csv,mors_indkomst,bruttoindkomst i kroner om året,
kontakter.csv,uge_efter_lodtraekning,hele uger siden lodtrækningens uge,0 og op
kontakter.csv,minutter,minutter med mentor i ugen,over 0
mentorer.csv,timer,ansat timer om ugen,37 eller 18.5
mentorer.csv,svarede,svarede på spørgeskemaet,1 ja 0 nej
mentorer.csv,erfaring_under_2_aar,erfaring som mentor for målgruppen,1 = under 2 år
mentorer.csv,kursus_centralt,deltog i det centrale kursus,1 ja 0 nej
mentorer.csv,kursus_kommunalt,deltog i kommunens kursus,1 ja 0 nej
mentorer.csv,loennet_af_kommunen,,1 ja 0 nej
mentorer.csv,myndighedsperson,træffer afgørelser i sagerne,1 ja 0 nej
mentorer.csv,fast_supervision,supervision i en fast ramme,1 ja 0 nej
sagsbehandlere.csv,kursus,deltog i kurset,1 ja 0 nej
forloeb.csv,indsats,hvad personen deltog i,mentor virksomhedsrettet vejledning_og_opkvalificering uddannelse job
forloeb.csv,fra,første dag,åååå-mm-dd
forloeb.csv,til,sidste dag,åååå-mm-dd
forloeb.csv,minutter_om_ugen,minutter med mentor om ugen,over 0
jobcentre.csv,maaler_ikke_resultater,,1 ja 0 nej
tilsyn.csv,sager_i_kommunen,sager med mentorstøtte i kommunen,
tilsyn.csv,fulgt_op,der er fulgt op på at støtten blev leveret,1 ja 0 nej
koder.csv,confidence,hvor sikker kodens betydning er,confirmed sure likely guess
"""

# da-file: it is sent to evaluators in Denmark
"""Forsøgets hovedtal med NumPy alene, til en maskine uden net, fx hos Danmarks Statistik.

    python3 koer.py register.csv ydelser.txt > resultat.csv

register.csv er DREAM i bred form: noegle og en kolonne y_åauu pr. uge. ydelser.txt har én kode pr. linje: koderne, der tæller som udfaldet.
For hver uge efter lodtrækningen: andelen i hver gruppe, forskellen inden for de grupper, der blev trukket lod i, og dens standardfejl
(Neyman 1923); tom, når alle i samme gruppe er ens, for så er der intet at måle den på.
En uge, hvor under fem i en gruppe har udfaldet, skrives ikke, og heller ikke en,
hvor kun en til fire ikke har det.
"""
import csv
import sys
from datetime import date
from pathlib import Path

import numpy as np

LAST, LEAST = 75, 5


def rows(file):
    with open(file, encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


def week(column):
    """y_1253 as a number of weeks."""
    return date.fromisocalendar(2000 + int(column[2:4]), int(column[4:6]), 1).toordinal() // 7


def main(register, codes):
    counts = set(Path(codes).read_text(encoding="utf-8").split())
    drawn = {row["noegle"]: row for row in rows(Path(__file__).with_name("lodtraekning.csv")) if row["gruppe"] in ("offered", "control")}
    found = {row["noegle"]: row for row in rows(register) if row["noegle"] in drawn}
    if missing := sorted(set(drawn) - set(found)):
        sys.exit(f"{register}: {len(missing)} af de trukne er ikke i registret, fx {missing[0]}.")
    persons = sorted(drawn)
    weeks = {week(name): name for name in next(iter(found.values())) if name.startswith("y_")}
    start = np.array([date.fromisoformat(drawn[person]["uge"]).toordinal() // 7 for person in persons])
    y = np.array([[found[person].get(weeks.get(begun + t), "") in counts for t in range(LAST + 1)] for person, begun in zip(persons, start, strict=True)], float)
    seen = np.array([[begun + t in weeks for t in range(LAST + 1)] for begun in start])
    treated = np.array([drawn[person]["gruppe"] == "offered" for person in persons])
    stratum = np.array([f"{drawn[person]['kommune']} {drawn[person]['gruppe_for_lod']}" for person in persons])
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(["uge", "andel_kontrol", "andel_tilbudt", "forskel", "standardfejl"])
    for t in range(LAST + 1):
        out.writerow([t, *line(y[:, t], seen[:, t], treated, stratum)])


def line(y, seen, treated, stratum):
    arms = [y[seen & arm] for arm in (~treated, treated)]
    if any(each.sum() < LEAST or 0 < len(each) - each.sum() < LEAST or not len(each) for each in arms):
        return [""] * 4
    size = effect = variance = 0.0
    for name in np.unique(stratum):
        one, two = y[seen & treated & (stratum == name)], y[seen & ~treated & (stratum == name)]
        if len(one) < 2 or len(two) < 2:
            continue
        n = len(one) + len(two)
        size, effect = size + n, effect + n * (one.mean() - two.mean())
        variance += n**2 * (one.var(ddof=1) / len(one) + two.var(ddof=1) / len(two))
    if not size:
        return [""] * 4
    told = [f"{round(value, 6) + 0.0:.6f}" for value in (arms[0].mean(), arms[1].mean(), effect / size)]
    return [*told, f"{variance**0.5 / size:.6f}" if variance else ""]


if __name__ == "__main__":
    main(*sys.argv[1:])

# da-file: it is sent to evaluators in Denmark
"""Forsøgets hovedtal med NumPy alene, til en maskine uden net, fx hos Danmarks Statistik.

    python3 koer.py register.csv ydelser.txt > resultat.csv
    python3 koer.py register.csv ydelser.txt more > resultat.csv      det andet tilbud, hvis forsøget har to

register.csv er DREAM i bred form: noegle og en kolonne y_åauu pr. uge. ydelser.txt har én kode pr. linje: koderne, der tæller som udfaldet.
For hver uge efter lodtrækningen: andelen i hver gruppe, forskellen inden for de grupper, der blev trukket lod i, og dens standardfejl
(Neyman 1923); tom, når alle i samme gruppe er ens, for så er der intet at måle den på. Blev der trukket lod om hele enheder, er hver enhed en
klynge: forskellen inden for kommunerne, fejlen efter Bell og McCaffrey 2002 (CR2). En uge, hvor under fem i en gruppe har udfaldet, skrives
ikke, og heller ikke en, hvor kun en til fire ikke har det.
"""
import csv
import sys
from datetime import date
from pathlib import Path

import numpy as np

LAST, LEAST, CONTROL, ALIKE = 75, 5, "control", 1e-20


def rows(file):
    with open(file, encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


def week(column):
    """y_1253 as a number of weeks."""
    return date.fromisocalendar(2000 + int(column[2:4]), int(column[4:6]), 1).toordinal() // 7


def main(register, codes, offer="offered"):
    here = Path(__file__).parent
    counts = set(Path(codes).read_text(encoding="utf-8").split())
    drawn = {row["noegle"]: row for row in rows(here / "lodtraekning.csv") if row["gruppe"] in (offer, CONTROL)}
    if {row["gruppe"] for row in drawn.values()} != {offer, CONTROL}:
        sys.exit(f"lodtraekning.csv har ikke både {offer} og {CONTROL}.")
    lines = [row for row in rows(register) if row["noegle"] in drawn]
    found = {row["noegle"]: row for row in lines}
    if len(found) < len(lines):
        sys.exit(f"{register}: en nøgle står på flere rækker.")
    if missing := sorted(set(drawn) - set(found)):
        sys.exit(f"{register}: {len(missing)} af de trukne er ikke i registret, fx {missing[0]}.")
    persons = sorted(drawn)
    weeks = {week(name): name for name in next(iter(found.values())) if name.startswith("y_")}
    start = np.array([date.fromisoformat(drawn[person]["uge"]).toordinal() // 7 for person in persons])
    y = np.array([[found[person].get(weeks.get(begun + t), "") in counts for t in range(LAST + 1)] for person, begun in zip(persons, start, strict=True)], float)
    seen = np.array([[begun + t in weeks for t in range(LAST + 1)] for begun in start])
    treated = np.array([drawn[person]["gruppe"] == offer for person in persons])
    units = 'cluster = "klynge"' in (here / "study.toml").read_text(encoding="utf-8")
    stratum = np.array([drawn[person]["kommune" if units else "klynge"] for person in persons])
    cluster = np.array([drawn[person]["klynge"] for person in persons]) if units else None
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(["uge", "andel_kontrol", "andel_tilbudt", "forskel", "standardfejl"])
    for t in range(LAST + 1):
        out.writerow([t, *line(y[:, t], seen[:, t], treated, stratum, cluster)])


def line(y, seen, treated, stratum, cluster):
    arms = [y[seen & arm] for arm in (~treated, treated)]
    if any(each.sum() < LEAST or 0 < len(each) - each.sum() < LEAST or not len(each) for each in arms):
        return [""] * 4
    found = stratified(y[seen], treated[seen], stratum[seen]) if cluster is None else clustered(y[seen], treated[seen], stratum[seen], cluster[seen])
    if not found:
        return [""] * 4
    effect, variance = found
    told = [f"{round(value, 6) + 0.0:.6f}" for value in (arms[0].mean(), arms[1].mean(), effect)]
    return [*told, f"{variance**0.5:.6f}" if variance > ALIKE else ""]


def stratified(y, treated, stratum):
    size = effect = variance = 0.0
    for name in np.unique(stratum):
        one, two = y[treated & (stratum == name)], y[~treated & (stratum == name)]
        if len(one) < 2 or len(two) < 2:
            continue
        n = len(one) + len(two)
        size, effect = size + n, effect + n * (one.mean() - two.mean())
        variance += n**2 * (one.var(ddof=1) / len(one) + two.var(ddof=1) / len(two))
    return (effect / size, variance / size**2) if size else None


def clustered(y, treated, stratum, cluster):
    """The persons of a unit have the same arm and the same municipality, so CR2 needs only the unit's sum."""
    x = np.column_stack([treated, *(stratum == name for name in np.unique(stratum))]).astype(float)
    inverse = np.linalg.pinv(x.T @ x)
    left, meat = y - x @ (inverse @ (x.T @ y)), np.zeros((x.shape[1],) * 2)
    for name in np.unique(cluster):
        mine = cluster == name
        row = x[mine][0]
        free = 1 - mine.sum() * (row @ inverse @ row)
        if free < 1e-9:
            return None  # the only unit of its arm in the municipality
        meat += np.outer(row, row) * left[mine].sum() ** 2 / free
    return (inverse @ (x.T @ y))[0], (inverse @ meat @ inverse)[0, 0]


if __name__ == "__main__":
    main(*sys.argv[1:])

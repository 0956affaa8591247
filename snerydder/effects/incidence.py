"""How many have ended, and in what, by each week: Aalen-Johansen with tied weeks and late entry.

F_k(t) = Σ_{s≤t} S(s-) d_k(s)/n(s),  S(t) = Π_{s≤t} (1 - d(s)/n(s))   (Aalen & Johansen 1978; Andersen et al. 1993, IV.4)

n(s) counts those with entry < s ≤ exit, so a spell first seen at age 30 tells nothing about the first 30 weeks. Kinds compete, and 1 - KM of one
kind alone is wrong. Events of several kinds in one week need no jitter. The influence of spell i, with Y at risk, N its event and q = d/n, is

psi_i(t) = Σ_{s≤t} S(s-) (dN_ki - q_k Y_i)/n - Σ_{s≤t} (F_k(t) - F_k(s)) (dN_i - qY_i)/(n(1-q))

(the infinitesimal jackknife). Without late entry psi'psi is Greenwood's variance for one kind and the delta method's for several (Marubini &
Valsecchi 1995), to the last digit; with all spells of a person in play, add psi up by person (`Curve.by_cluster`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from snerydder.effects.clusters import by_lots
from snerydder.effects.given import checked
from snerydder.effects.results import Curve, Floats, Refused

Ints = NDArray[np.int64]
NO_TIME = Refused("Et forløb skal være set i mindst én uge: det kan ikke slutte, før det begynder at blive set.", "no-time", "Each spell must be under observation for some time: it cannot end before it is first seen.")


@dataclass(frozen=True)
class Table:
    """One row per time with an event."""

    time: Floats
    at_risk: Floats
    events: Floats  # kinds × times
    survival: Floats  # just after each time
    last: float  # the longest anyone was followed

    @property
    def before(self) -> Floats:
        return np.append(1.0, self.survival)[:-1]

    def place(self, at: ArrayLike) -> Ints:
        """Column of the step in force, 0 before the first event (as in an array with a column of zeros put first)."""
        return np.searchsorted(self.time, np.asarray(at, dtype=float) + 1e-9, side="right")


@dataclass(frozen=True)
class Incidence:
    weeks: Floats
    curves: tuple[Curve, ...]  # one per kind: share ended so by each week
    inside: Curve  # share not yet ended: one less their sum
    at_risk: Ints


@checked
def risk_table(exit_: ArrayLike, event: ArrayLike, entry: ArrayLike | None = None, kinds: int | None = None) -> Table | Refused:
    """`event` is 0 for censored, k for the k-th kind. Refused where the share still inside cannot be known."""
    out, kind, into = arrays(exit_, event, entry)
    if not len(out) or not (out > into).all():
        return NO_TIME
    if into.min() > 0:
        return Refused(
            f"Ingen forløb er set fra begyndelsen (det tidligste fra uge {into.min():g}).",
            "no-beginning",
            "No spell was under observation from its beginning.",
        )
    turn = np.unique(np.append(out, into))[1:]
    empty = turn[_between(turn, into, out) == 0]
    if len(empty):
        return Refused(
            f"Ingen er under observation lige før uge {empty[0]:g}.", "nobody-at-risk", f"Nobody is under observation just before week {empty[0]:g}."
        )
    time = np.unique(out[kind > 0])
    at_risk = _between(time, into, out)
    place = np.searchsorted(time, out[kind > 0])
    events = np.zeros((max(1, int(kinds or 1), int(kind.max())), len(time)))
    np.add.at(events, (kind[kind > 0] - 1, place), 1)
    ended = events.sum(axis=0)
    early = np.flatnonzero((ended == at_risk) & (time < out.max()))
    if len(early):
        return Refused(
            f"I uge {time[early[0]]:g} slutter alle, der er under observation, men andre kommer til senere: kurven ville være nul fra da af.",
            "early-zero", f"In week {time[early[0]]:g} all under observation end, but others enter later: the curve would be zero from there.",
        )  # fmt: skip
    return Table(time, at_risk, events, np.cumprod(1 - ended / at_risk), float(out.max()))


@checked
def incidence(
    exit_: ArrayLike, event: ArrayLike, weeks: ArrayLike, entry: ArrayLike | None = None, person: Ints | None = None, kinds: int | None = None
) -> Incidence | Refused:
    table = risk_table(exit_, event, entry, kinds)
    if isinstance(table, Refused):
        return table
    out, kind, into = arrays(exit_, event, entry)
    at = np.asarray(weeks, dtype=float)
    if at.max() > table.last and (table.survival > 0).all():
        return Refused(f"Ingen er fulgt længere end til uge {table.last:g}.", "not-followed", f"Nobody was followed beyond week {table.last:g}.")
    curves = []
    for number in range(len(table.events)):
        values, psi = _curve(table, out, kind, into, number, table.place(at))
        curve = Curve(values, psi, "Aalen-Johansen", len(out))
        curves.append(curve if person is None else curve.by_cluster(np.unique(person, return_inverse=True)[1]))
    inside = Curve(1 - np.sum([c.effect for c in curves], axis=0), -np.sum([c.psi for c in curves], axis=0), "Kaplan-Meier", len(out))
    return Incidence(at, tuple(curves), inside, _between(at, into, out).astype(np.int64))


@checked
def incidence_difference(
    exit_: ArrayLike, event: ArrayLike, treated: NDArray[np.bool_], weeks: ArrayLike, kind: int = 1,
    entry: ArrayLike | None = None, stratum: Ints | None = None, person: Ints | None = None, cluster: Ints | None = None,
) -> Curve | Refused:  # fmt: skip
    """Support less control, by week: Σ_s (n_s/n)(F_1s - F_0s). `kind` 0 is the share still inside, whose sum over weeks is a restricted mean.

    `person` when a person has several spells, `cluster` when clusters were drawn (`clusters.by_lots`).

    Compare arms from the draw (time to first education): the lottery protects that. What follows a spell is conditioned on its having
    ended, and is no effect of it (Ham & LaLonde 1996). As in `difference`, a stratum with fewer than two in an arm is left out and the weights taken anew.
    """
    out, what, into = arrays(exit_, event, entry)
    strata = np.zeros(len(out), dtype=np.int64) if stratum is None else stratum
    effect, psi = np.zeros(len(np.atleast_1d(weeks))), np.zeros((len(out), len(np.atleast_1d(weeks))))
    arms = {label: [np.flatnonzero((strata == label) & (treated == arm)) for arm in (True, False)] for label in np.unique(strata).tolist()}
    kept = {label: rows for label, rows in arms.items() if min(map(len, rows)) > 1}
    if not kept:
        return Refused("Intet stratum har to forløb i hver gruppe.", "one-arm", "No stratum has two spells in each arm.")
    persons = sum(len(rows) for pair in kept.values() for rows in pair)
    for pair in kept.values():
        share = sum(map(len, pair)) / persons
        for rows, sign in zip(pair, (1, -1), strict=True):
            found = incidence(out[rows], what[rows], weeks, into[rows], kinds=int(what.max()))
            if isinstance(found, Refused):
                return found
            part = found.inside if kind == 0 else found.curves[kind - 1]
            effect += sign * share * part.effect
            psi[rows] = sign * share * part.psi
    curve = Curve(effect, psi, "difference of Aalen-Johansen curves", len(out))
    if cluster is not None:
        return by_lots(curve, treated, cluster, strata)
    return curve if person is None else curve.by_cluster(np.unique(person, return_inverse=True)[1])


def arrays(exit_: ArrayLike, event: ArrayLike, entry: ArrayLike | None) -> tuple[Floats, Ints, Floats]:
    out = np.asarray(exit_, dtype=float)
    return out, np.asarray(event).astype(np.int64), np.zeros(len(out)) if entry is None else np.asarray(entry, dtype=float)


def _between(time: Floats, into: Floats, out: Floats) -> Floats:
    """How many have entry < time ≤ exit."""
    return (np.searchsorted(np.sort(into), time, side="left") - np.searchsorted(np.sort(out), time, side="left")).astype(float)


def _curve(table: Table, out: Floats, kind: Ints, into: Floats, number: int, at: Ints) -> tuple[Floats, Floats]:
    """F_k and psi at the weeks asked for (`at` as from Table.place)."""
    n, before = table.at_risk, table.before
    q, q_k = table.events.sum(axis=0) / n, table.events[number] / n
    values = np.cumsum(before * q_k)
    alike, which = np.unique(np.column_stack([into, out, kind]), axis=0, return_inverse=True)  # in whole weeks there are few sorts of spells
    first, last, how = alike.T[:, :, None]
    here = ((first < table.time) & (last >= table.time)).astype(float)  # sorts × times
    ended = (last == table.time) & (how > 0)
    alive = np.where(q < 1, n * (1 - q), np.inf)  # when all have ended nothing comes after
    lost = (ended - q * here) / alive
    direct = ((ended & (how == number + 1)) - q_k * here) * (before / n)
    psi = np.cumsum(direct + lost * values, axis=1) - values * np.cumsum(lost, axis=1)
    return np.append(0.0, values)[at], np.column_stack([np.zeros(len(alike)), psi])[:, at][which.ravel()]

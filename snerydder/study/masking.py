"""Which weeks of a curve may be drawn: at least five persons with the outcome in each arm, and nobody worked out from what is left.

A week is held back whole, in both arms: shares, difference, bands, p-values. The weeks' sum is in the report (weeks per person), so weeks held back must
have five person-weeks between them, or one week more goes. In the parts of a split a week is held back in a part as well when the others and the whole
would tell it. What an earlier report showed is one of the sums: `before` holds its counts by name (see `gate`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from snerydder.effects.bands import Band
from snerydder.effects.complier import Complier
from snerydder.effects.disclosure import LIMIT, line
from snerydder.effects.results import Curve, Floats, Refused
from snerydder.effects.suppression import Flags
from snerydder.registers import outcomes
from snerydder.study.findings import Definition, Family, OutcomeFound, Panel

Counts = NDArray[Any]  # whole numbers, NaN where one is held back
T = TypeVar("T", OutcomeFound, Panel, Band, Family)
Before = Mapping[str, Mapping[str, int]]  # an earlier report: name of a count, and what it was
ARMS = ("control", "treated")


def small(counts: Counts, limit: int = LIMIT) -> Flags:
    """A count of somebody, and not of five."""
    return np.asarray((counts > 0) & (counts < limit))


def few(yes: Counts, of: Counts) -> Flags:
    """Weeks with too little to draw: under five with the outcome, or nearly everybody."""
    return np.asarray((yes < LIMIT) | small(of - yes) | (of < LIMIT))


def thin(before: Before, name: str, yes: Counts, of: Counts) -> Flags:
    """Weeks in which an earlier report and this one differ by a few persons."""
    found = np.zeros(len(yes), dtype=bool)
    for earlier in before.values():
        for week in range(len(yes)):
            for what, now in (("yes", yes[week]), ("of", of[week])):
                then = earlier.get(f"{name}|{week}|{what}")
                found[week] |= then is not None and 0 < abs(int(now) - then) < LIMIT
    return found


def all_held(found: Sequence[OutcomeFound], low: int, high: int, before: Before) -> list[Flags]:
    """The weeks of every outcome. Two outcomes of a kind must not differ by a few persons: the later goes that week."""
    held: list[Flags] = []
    for at, one in enumerate(found):
        near = np.zeros(len(one.weeks), dtype=bool)
        for other, theirs in zip(found[:at], held, strict=True):
            if outcomes.kin(one.name, other.name):
                near |= beside((one.yes_control, one.yes_treated), (other.yes_control, other.yes_treated)) & ~theirs
        held.append(weeks_held(one, low, high, before, near))
    return held


def weeks_held(one: OutcomeFound, low: int, high: int, before: Before, near: Flags) -> Flags:
    """For the whole of both arms, with the sums over all weeks and over low to high known."""
    held = near.copy()
    arms = [(one.yes_control, one.n_control), (one.yes_treated, one.n_treated)]
    for arm, (yes, of) in zip(ARMS, arms, strict=True):
        held |= few(yes, of) | thin(before, f"{one.name}|{arm}", yes, of)
    every = np.arange(len(held))
    for inside in (every, every[low : high + 1]):
        while held[inside].any() and not held[inside].all() and (held[inside].sum() == 1 or any(yes[inside][held[inside]].sum() < LIMIT for yes, _ in arms)):
            left = inside[~held[inside]]
            held[left[np.argmin((one.yes_control + one.yes_treated)[left])]] = True
    return held


def outcome(one: OutcomeFound, held: Flags, low: int, high: int, before: Before) -> OutcomeFound:
    """The outcome without the weeks held back. With the headline week among them, nothing that speaks of it is left."""
    gone = Refused("Ugen vises ikke: under fem havde udfaldet i en af grupperne.", "small-cells", "The week is not shown: fewer than five had the outcome in one of the arms.")
    headline = bool(held[one.week])
    complier, receipt = one.complier, one.receipt_band
    if isinstance(complier, Complier):
        receipt = receipt and band(receipt, held[complier.weeks])
        complier = replace(complier, curve=curve(complier.curve, held[complier.weeks]), control_mean=blank(complier.control_mean, held[complier.weeks]))
    sums: dict[str, Any] = {}
    for name, inside in (("summary", slice(low, high + 1)), ("total_weeks", slice(None))):
        if min(one.yes_control[inside].sum(), one.yes_treated[inside].sum()) < LIMIT:
            sums[name] = replace(getattr(one, name), **dict.fromkeys(("effect", "error", "lower", "upper", "p"), np.nan))
            sums |= {"summary_permuted": np.nan} if name == "summary" else {"shift": gone}
    shown = without(one, ("treated", "control", "yes_treated", "yes_control", "n_treated", "n_control", "adjusted", "permuted", "permuted_family"), held)
    return replace(
        shown, **sums, curve=curve(one.curve, held), band=band(one.band, held), band_wide=band(one.band_wide, held), family=one.family and without(one.family, ("lower", "upper", "adjusted"), held),
        receipt_band=receipt, along=() if "summary" in sums else tuple(row for row in one.along if row.persons >= LIMIT),
        complier=gone if headline and isinstance(complier, Complier) else complier, methods=(gone,) if headline else one.methods,
        definitions=() if headline else _definitions(one, held, before), spread=gone if headline else one.spread,
        splits=() if "summary" in sums else one.splits,
        panels=() if "summary" in sums else parts(one, one.panels, held, before), by_place=() if "summary" in sums else parts(one, one.by_place, held, before),
    )  # fmt: skip


def parts(one: OutcomeFound, panels: Sequence[Panel], held: Flags, before: Before) -> tuple[Panel, ...]:
    """The panels of each split together: what is held back in one must not follow from the others."""
    masked: dict[int, Panel] = {}
    for group in dict.fromkeys(panel.group for panel in panels):
        mine = [at for at, panel in enumerate(panels) if panel.group == group]
        hidden = np.tile(held, (len(mine), 1))
        for row, at in enumerate(mine):
            panel = panels[at]
            for name, yes, of in zip(ARMS, panel.yes, panel.of, strict=True):
                hidden[row] |= few(yes, of) | thin(before, f"{one.name}|{panel.group}={panel.part}|{name}", yes, of)
        for arm, (yes, of) in enumerate(((one.yes_control, one.n_control), (one.yes_treated, one.n_treated))):
            has, all_ = np.array([panels[at].yes[arm] for at in mine]), np.array([panels[at].of[arm] for at in mine])
            _others(has, yes - has.sum(axis=0), hidden)
            _others(all_ - has, of - yes - (all_ - has).sum(axis=0), hidden)
        masked |= {at: _panel(panels[at], hidden[row]) for row, at in enumerate(mine)}
    return tuple(masked[at] for at in range(len(panels)))


def _others(inside: Counts, rest: Counts, hidden: Flags) -> None:
    """Week by week: the held-back parts must be at least two with five between them; `rest` is in no panel, so it is held back already."""
    for week in np.flatnonzero(hidden.any(axis=0) & ~hidden.all(axis=0)):
        while not hidden[:, week].all() and ((hidden[:, week].sum() + (rest[week] > 0)) < 2 or inside[hidden[:, week], week].sum() + rest[week] < LIMIT):
            left = np.flatnonzero(~hidden[:, week])
            hidden[left[np.argmin(inside[left, week])], week] = True


def _panel(panel: Panel, hidden: Flags) -> Panel:
    yes, of = ((blank(control, hidden), blank(treated, hidden)) for control, treated in (panel.yes, panel.of))
    return replace(without(panel, ("treated", "control", "effect", "error", "lower", "upper"), hidden), yes=yes, of=of)


def _definitions(one: OutcomeFound, held: Flags, before: Before) -> tuple[Definition, ...]:
    """The outcome measured in other ways. One of them counts what another counts and a few more, so those few would be the difference: the later goes that week."""
    hidden: list[Flags] = []
    for at, row in enumerate(one.definitions):
        mine = held.copy()
        for arm, yes, of in zip(ARMS, row.panel.yes, row.panel.of, strict=True):
            mine |= few(yes, of) | thin(before, f"{one.name}={row.name}|{arm}", yes, of)
        for other, theirs in zip(one.definitions[:at], hidden, strict=True):
            mine |= beside(row.panel.yes, other.panel.yes) & ~theirs
        hidden.append(mine)
    return tuple(replace(row, panel=_panel(row.panel, mine), p=blank(row.p, mine)) for row, mine in zip(one.definitions, hidden, strict=True) if not mine.all())


def beside(yes: Sequence[Counts], others: Sequence[Counts]) -> Flags:
    """Weeks in which two counts of the same persons differ by a few in an arm."""
    return np.logical_or.reduce([small(np.abs(np.asarray(mine, dtype=float) - theirs)) for mine, theirs in zip(yes, others, strict=True)])


def held_parts(persons: Sequence[int]) -> Flags:
    """Parts of a split whose size is not told; they add up to everybody."""
    return line(np.array(persons, dtype=np.int64))


def without(one: T, names: Iterable[str], held: Flags) -> T:
    values: dict[str, Any] = {name: blank(getattr(one, name), held) for name in names}
    return replace(one, **values)


def blank(values: Counts, held: Flags) -> Floats:
    return np.where(held, np.nan, np.asarray(values, dtype=float))


def curve(one: Curve, held: Flags) -> Curve:
    return replace(one, effect=blank(one.effect, held), psi=np.where(held[None, :], np.nan, one.psi))


def band(one: Band, held: Flags) -> Band:
    return without(one, ("lower", "upper", "simultaneous_lower", "simultaneous_upper"), held)

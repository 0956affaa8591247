"""The last gate: small counts are not shown, nor what would let a reader work them out. Only what this gate has made can be shown.

A count from 1 to limit-1 is held back. Where sums are shown, further counts are held back until every held-back one could be at least WIDTH different
values wide for a reader who knows all the sums (`suppression`; Danmarks Statistik's and Sundhedsdatastyrelsen's rules for tables). A zero is shown: it is
nobody. What was let out before is remembered: a count may not differ from the same count in an earlier table by 1 to limit-1 persons, for the reader
has both. `steps` is the same for a curve that only grows: each step shown is nobody, or at least `limit`. `line` is `suppression` for one row of
counts whose sum is known, in closed form. `dominated`: a sum of money or minutes of which two persons have most says what they have.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import InitVar, dataclass

import numpy as np
from numpy.typing import NDArray

from snerydder.effects.results import Floats, Refused
from snerydder.effects.suppression import WIDTH, Flags, Known, TooNarrow, protect

LIMIT = 5
DOMINANCE = 0.85  # of a sum, by the two largest
_GATE = object()


@dataclass(frozen=True)
class Gated:
    """What has passed the gate. Nobody else holds the key."""

    key: InitVar[object]

    def __post_init__(self, key: object) -> None:
        if key is not _GATE:
            raise TypeError("only the disclosure gate can make this")


@dataclass(frozen=True)
class Published(Gated):
    """Counts that may be shown; None is one held back. The sums are None too where they had to be, or where none are shown."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: tuple[tuple[int | None, ...], ...]
    limit: int
    row_sums: tuple[int | None, ...] = ()
    column_sums: tuple[int | None, ...] = ()
    total: int | None = None

    @property
    def held_back(self) -> int:
        return sum(cell is None for row in self.cells for cell in row)


@dataclass(frozen=True)
class Table:
    """Persons by rows and columns, each in one cell. `sums`: "none" (not shown), "given" (shown elsewhere, so never held back), or "shown" with it."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    counts: NDArray[np.integer]
    sums: str = "given"


@dataclass(frozen=True)
class Earlier:
    """The same table as it was let out before: what it held, and what was shown of it."""

    counts: NDArray[np.integer]
    shown: Published


def apply(table: Table, limit: int = LIMIT, earlier: Sequence[Earlier] = ()) -> Published | Refused:
    """The table as it may be shown, beside what was shown `earlier`; Refused when a reader would know a small count whatever is held back."""
    counts = np.asarray(table.counts, dtype=np.int64)
    if counts.shape != (len(table.rows), len(table.columns)) or (counts < 0).any():
        raise ValueError("a count for each row and column, none below zero")
    whole, n = _extended(counts), len(counts.ravel())
    hidden, fixed = (whole > 0) & (whole < limit), np.zeros(len(whole), dtype=bool)
    if table.sums != "shown":
        fixed[n:], hidden[n:] = table.sums == "given", table.sums == "none"
    known = Known(whole.astype(float), _sums(counts.shape), fixed, np.where(whole == 0, float(whole.max(initial=0)) + 1, whole.astype(float)) + 1)
    if (fixed & (whole > 0) & (whole < limit)).any():
        return _refused(limit)
    for before in earlier:
        known, hidden = _with(known, hidden, before, len(whole), limit)
    try:
        held = protect(known, hidden)[: len(whole)] if table.sums != "none" or earlier else hidden
    except TooNarrow:
        return _refused(limit)
    return _published(table, whole, held, limit)


def _refused(limit: int) -> Refused:
    return Refused(
        f"Tallene kan ikke vises: sammen med det, der er vist før, ville de røbe et antal under {limit}. Vent, til mindst {limit} flere er med, eller vis de samme personer som før.",
        "small-difference",
        f"The numbers cannot be shown: with what was shown before they would tell a count under {limit}. Wait until at least {limit} more are in, or show the same persons as before.",
    )


def _extended(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Cells, sums of rows, sums of columns, and all."""
    return np.concatenate([counts.ravel(), counts.sum(axis=1), counts.sum(axis=0), [counts.sum()]])


def _sums(shape: tuple[int, ...]) -> Floats:
    rows, columns = shape
    n = rows * columns
    found = np.zeros((rows + columns + 1, n + rows + columns + 1))
    place = np.arange(n).reshape(shape)
    for row in range(rows):
        found[row, place[row]], found[row, n + row] = 1, -1
    for column in range(columns):
        found[rows + column, place[:, column]], found[rows + column, n + rows + column] = 1, -1
    found[-1, n : n + rows], found[-1, -1] = 1, -1
    return found


def _with(known: Known, hidden: Flags, before: Earlier, size: int, limit: int) -> tuple[Known, Flags]:
    """The earlier table beside this one, and the differences between them as counts of their own, which are persons too."""
    old = _extended(np.asarray(before.counts, dtype=np.int64))
    shown = np.array([cell is not None for row in before.shown.cells for cell in row] + [one is not None for one in (*before.shown.row_sums, *before.shown.column_sums, before.shown.total)])
    gap = known.value[:size] - old
    m, within = len(known.value), _sums(np.shape(before.counts))
    value = np.concatenate([known.value, old, np.abs(gap)])
    link = np.zeros((size, m + 2 * size))
    link[:, :size], link[:, m : m + size] = np.eye(size), -np.eye(size)
    link[:, m + size :] = -np.diag(np.where(gap < 0, -1.0, 1.0))
    sums = np.vstack([
        np.hstack([known.sums, np.zeros((len(known.sums), 2 * size))]),
        np.hstack([np.zeros((len(within), m)), within, np.zeros((len(within), size))]),
        link,
    ])  # fmt: skip
    small = (np.abs(gap) > 0) & (np.abs(gap) < limit)
    joined = Known(value, sums, np.concatenate([known.fixed, shown, np.zeros(size, dtype=bool)]), np.concatenate([known.cost, np.zeros(2 * size)]))
    return joined, np.concatenate([hidden | np.pad(small & shown, (0, m - size)), ~shown, small])


def _published(table: Table, whole: NDArray[np.int64], held: Flags, limit: int) -> Published:
    told = [None if hide else int(count) for count, hide in zip(whole.tolist(), held.tolist(), strict=True)]
    rows, columns = len(table.rows), len(table.columns)
    cells = tuple(tuple(told[row * columns : (row + 1) * columns]) for row in range(rows))
    sums = told[rows * columns :] if table.sums != "none" else [None] * (rows + columns + 1)
    return Published(_GATE, table.rows, table.columns, cells, limit, tuple(sums[:rows]), tuple(sums[rows : rows + columns]), sums[-1])


def line(counts: NDArray[np.integer], limit: int = LIMIT) -> Flags:
    """One row whose sum is known: each held-back count can be anything from 0 to what is held back in all."""
    values = np.asarray(counts, dtype=np.int64)
    hidden: Flags = (values > 0) & (values < limit)
    while hidden.any() and not hidden.all() and (hidden.sum() == 1 or values[hidden].sum() < WIDTH):
        left = np.flatnonzero(~hidden)
        hidden[left[np.lexsort((values[left], values[left] == 0))[0]]] = True
    return hidden


def steps(grown: NDArray[np.integer], limit: int = LIMIT, earlier: Sequence[NDArray[np.integer]] = ()) -> Flags:
    """`grown` is times × counts that only grow. A time is shown when every count is as it was when last shown, or has grown by at least `limit`.
    `earlier` are rows shown to somebody before."""
    shown, last = np.zeros(len(grown), dtype=bool), np.zeros(grown.shape[1], dtype=np.int64)
    for at, now in enumerate(np.asarray(grown, dtype=np.int64)):
        gap = np.abs(now - last)
        if gap.any() and _apart(gap, limit) and all(_apart(np.abs(now - before), limit) for before in earlier):
            shown[at], last = True, now
    return shown


def _apart(gap: NDArray[np.int64], limit: int) -> bool:
    return bool(((gap == 0) | (gap >= limit)).all())


def dominated(amounts: Floats, most: float = DOMINANCE) -> Flags:
    """Persons × sums: whether two persons have more than `most` of each sum."""
    two = np.sort(np.abs(amounts), axis=0)[-2:].sum(axis=0)
    return np.asarray(two > most * np.abs(amounts).sum(axis=0))

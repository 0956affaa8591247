"""What has been shown of a running trial, by arm: a count is shown beside every earlier one, for the reader has them both (decision 12).

Yesterday five and today six is a person. So each row of counts is kept when it is shown, and is shown anew only when it is nobody, or at least
LIMIT persons, away from every row shown before; until then the reader sees what was seen last.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils import timezone

from snerydder.casework.trials.models import ShownCount, Trial

LIMIT = 5


@dataclass(frozen=True)
class Row:
    """Persons in parts that no one is in two of, and a number that stands beside them (an average)."""

    counts: tuple[int, ...]
    beside: float = 0.0


def beside_earlier(trial: Trial, wanted: Mapping[str, Row], *, moves: bool = True) -> dict[str, Row | None]:
    """Each row as it may be shown now: as it is, or as it was last shown; None when it never could be. Unless it `moves`, only as last shown."""
    held = _kept(trial)
    if moves and any(_new(row, held.get(name, ())) for name, row in wanted.items()):
        Trial.objects.select_for_update(of=("self",)).get(pk=trial.pk)  # two who look at once see the same
        held = _kept(trial)
        new = {name: row for name, row in wanted.items() if _new(row, held.get(name, ()))}
        at = timezone.now()
        ShownCount.objects.bulk_create(
            ShownCount(municipality_id=trial.municipality_id, trial=trial, name=name, counts=list(row.counts), beside=row.beside, shown_at=at) for name, row in new.items()
        )
        held |= {name: [*held.get(name, ()), row] for name, row in new.items()}
    return {name: held[name][-1] if held.get(name) else None for name in wanted}


def _kept(trial: Trial) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for name, counts, beside in ShownCount.objects.filter(trial=trial).order_by("shown_at").values_list("name", "counts", "beside"):
        found.setdefault(name, []).append(Row(tuple(counts), beside))
    return found


def _new(row: Row, earlier: Sequence[Row]) -> bool:
    """Other persons than those last shown, and none of them alone."""
    if earlier and earlier[-1].counts == row.counts:
        return False
    return all(_safe(count) for count in row.counts) and all(_apart(row.counts, before.counts) for before in earlier)


def _safe(count: int) -> bool:
    return not 0 < abs(count) < LIMIT


def _apart(now: Sequence[int], before: Sequence[int]) -> bool:
    """Part by part, and all of them together."""
    gaps = [one - other for one, other in zip(now, before, strict=True)]
    return all(_safe(gap) for gap in (*gaps, sum(gaps)))

"""The study's disclosure gate: what a run found goes in, what may be shown comes out, and the report, tables and files are made of that alone.

Counts of one to four persons are NaN, and so is what would tell them (`masking` has the curves). A curve that only grows is shown where it has grown by
five or by nobody since last (`disclosure.steps`). A sum of which two persons have most is not shown. Row numbers of the files go with the counts.
`earlier` is what was let out before of studies on the same persons. Where this one has one to four persons more or fewer there is no report: whoever has
both would know them; a count of a week that differs so is held back. What this one shows is remembered by `memory`, for the next.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from snerydder.effects import disclosure
from snerydder.effects.complier import Complier
from snerydder.effects.disclosure import LIMIT, Gated, Table
from snerydder.effects.results import Refused
from snerydder.effects.subgroups import Split
from snerydder.registers.faults import BadInput
from snerydder.study import masking, withheld
from snerydder.study.compared import Compared, OutcomeCompared
from snerydder.study.data import Data
from snerydder.study.findings import OutcomeFound, Panel
from snerydder.study.found import Findings
from snerydder.study.in_time import InTime
from snerydder.study.looks import Looks
from snerydder.study.masking import ARMS, blank, few

Memory = dict[str, Any]  # {"who": {arm: [a mark of each person]}, "counts": {name: count shown}}, and "name" of the report


@dataclass(frozen=True)
class PublishedStudy(Gated):
    """A study as it may be shown. The report, the figures and the files take nothing else."""

    found: Findings | Compared
    memory: Memory

    @property
    def trial(self) -> Findings:
        assert isinstance(self.found, Findings), "a study with a lottery"
        return self.found

    @property
    def comparison(self) -> Compared:
        assert isinstance(self.found, Compared), "a study without a lottery"
        return self.found


@dataclass(frozen=True)
class PublishedLooks(Gated):
    """What may be shown of a trial that runs, in the protocol's order of outcomes."""

    looks: tuple[Looks | Refused, ...]

    @property
    def memory(self) -> dict[str, list[list[int]]]:
        """The counts behind each week shown."""
        return {one.outcome: one.counts.tolist() for one in self.looks if isinstance(one, Looks)}


def watched(looks: Sequence[Looks | Refused], earlier: dict[str, list[list[int]]]) -> PublishedLooks:
    return PublishedLooks(disclosure._GATE, tuple(one if isinstance(one, Refused) else withheld.look(one, earlier.get(one.outcome, ())) for one in looks))


def apply(found: Findings | Compared, data: Data, earlier: Sequence[Memory] = ()) -> PublishedStudy:
    who = {arm: [_mark(data.persons[row]) for row in np.flatnonzero(data.treated == (arm == "treated"))] for arm in ARMS}
    if any(len(persons) < LIMIT for persons in who.values()):
        raise BadInput(data.protocol.file, f"Færre end {LIMIT} personer er trukket til en af grupperne.", mend="Vent, til der er flere: så få kan ikke vises.")
    before = {one["name"]: one["counts"] for one in earlier if _overlaps(who, one, data.protocol.file)}
    shown = _findings(found, data, before) if isinstance(found, Findings) else _compared(found, before)
    return PublishedStudy(disclosure._GATE, shown, {"who": who, "counts": _counts(shown)})


def arms(data: Data) -> tuple[int | None, ...]:
    """How many were drawn to control and to the effort, where it may be told."""
    treated = int(data.treated.sum())
    told = disclosure.apply(Table(("",), ARMS, np.array([[len(data.treated) - treated, treated]]), "none"))
    assert not isinstance(told, Refused), "there are no sums"
    return told.cells[0]


def _mark(person: str) -> str:
    """Enough to know the same pseudonym again, and no more."""
    return hashlib.sha256(person.encode("utf-8")).hexdigest()[:16]


def _overlaps(who: dict[str, list[str]], one: Memory, file: Path) -> bool:
    """Whether the earlier report is of some of the same persons. Raises BadInput where one to four more or fewer would be told."""
    for arm in ARMS:
        apart = len(set(who[arm]) ^ set(one["who"][arm]))
        if 0 < apart < LIMIT:
            raise BadInput(
                file, f"Mellem denne opgørelse og den, der er frigivet som {one['name']}, er {'deltagerne' if arm == 'treated' else 'kontrolgruppen'} forskellige med under {LIMIT} personer. Den, der har begge, ville kende dem.",
                mend=f"Vent, til mindst {LIMIT} flere er med i gruppen, eller kør på de samme personer som dengang.",
            )  # fmt: skip
    return any(set(who[arm]) & set(one["who"][arm]) for arm in ARMS)


# --- A trial ------------------------------------------------------------------------------------------------


def _findings(found: Findings, data: Data, before: masking.Before) -> Findings:
    low, high = data.protocol.summary
    held = masking.all_held(found.outcomes, low, high, before)
    crossed = found.delivery is not None and (0 < found.delivery.control_ever < LIMIT or 0 < found.treated - found.delivery.ever < LIMIT)
    everybody = found.treated + found.control
    outcomes = tuple(_sizes(_outcome(one, mask, (low, high), crossed, before), everybody) for one, mask in zip(found.outcomes, held, strict=True))
    delivery = found.delivery and withheld.delivery(found.delivery)
    return replace(
        found, drawn=withheld.beside(found.drawn, everybody), received=None if found.received is None else withheld.pair(found.received, found.treated - found.received), outcomes=outcomes, delivery=delivery,
        balance=tuple(withheld.line_of(one, found) for one in found.balance), places=withheld.places(found.places), points=tuple(withheld.measure(one) for one in found.points),
        money=withheld.money(found, {one.name for one, mask in zip(found.outcomes, held, strict=True) if mask[one.week]}),
        reached=withheld.reached(found.reached, found), benefit=withheld.benefit(found.benefit), mapped=withheld.mapped(found.mapped), answers=tuple(withheld.answers(one, found) for one in found.answers),
        looks=tuple(one if isinstance(one, Refused) else withheld.look(one) for one in found.looks), quality=tuple(withheld.row(one, everybody) for one in found.quality),
        season=tuple(withheld.season(found.season)),
    )  # fmt: skip


def _outcome(one: OutcomeFound, held: disclosure.Flags, summed: tuple[int, int], crossed: bool, before: masking.Before) -> OutcomeFound:
    made = masking.outcome(one, held, *summed, before)
    if crossed and isinstance(made.complier, Complier):  # the first stage and the effect of receiving would tell how many
        made = replace(made, complier=withheld.TOO_FEW)
    return made


def _sizes(one: OutcomeFound, everybody: int) -> OutcomeFound:
    """How many persons a number rests on, where it may be told."""
    along = tuple(replace(row, persons=withheld.pair(row.persons, everybody - row.persons)) for row in one.along)
    return replace(one, splits=tuple(_split(split) for split in one.splits), panels=_sized(one.panels, everybody), by_place=_sized(one.by_place, everybody), along=along)


def _split(split: Split) -> Split:
    hidden = masking.held_parts([int(part.persons) for part in split.parts])
    return replace(split, parts=tuple(replace(part, persons=withheld.HELD) if hide else part for part, hide in zip(split.parts, hidden, strict=True)))


def _sized(panels: tuple[Panel, ...], everybody: int) -> tuple[Panel, ...]:
    """The panels of a split and those too few for one (the rest) add up to everybody."""
    hidden: set[int] = set()
    for group in {panel.group for panel in panels}:
        mine = [at for at, panel in enumerate(panels) if panel.group == group]
        counts = [int(panels[at].persons) for at in mine]
        hidden |= {at for at, hide in zip(mine, masking.held_parts([*counts, everybody - sum(counts)]), strict=False) if hide}
    return tuple(replace(panel, persons=withheld.HELD) if at in hidden else panel for at, panel in enumerate(panels))


# --- A comparison without a lottery -------------------------------------------------------------------------


def _compared(found: Compared, before: masking.Before) -> Compared:
    return replace(found, outcomes=tuple(_one_compared(one, found, before) for one in found.outcomes), quality=tuple(withheld.row(one, found.started + found.compared) for one in found.quality))


def _one_compared(one: OutcomeCompared, found: Compared, before: masking.Before) -> OutcomeCompared:
    if isinstance(one.found, InTime):  # each began on a day of its own: there is no one group whose events a week would count
        few_ = masking.small(np.array([one.found.began, one.found.left_out])).any() or one.found.began < LIMIT
        return replace(one, found=withheld.TOO_FEW, band=None) if few_ else one
    if not len(one.yes[0]):  # in time, and refused: no week of it is shown
        return one
    held = np.zeros(len(one.yes[0]), dtype=bool)
    for arm, yes, of in zip(ARMS, one.yes, (found.compared, found.started), strict=True):
        everybody = np.full(len(yes), of)
        held |= few(yes, everybody) | masking.thin(before, f"{one.name}|{arm}", yes, everybody)
    if not isinstance(one.found, Refused):
        estimates = {name: each if isinstance(each, Refused) else masking.curve(each, held) for name, each in one.found.estimates.items()}
        one = replace(one, found=withheld.comparison(replace(one.found, estimates=estimates)))
    methods = tuple((name, withheld.TOO_FEW) for name, _ in one.methods) if held[one.week] else one.methods
    return replace(one, band=one.band and masking.band(one.band, held), methods=methods, yes=(blank(one.yes[0], held), blank(one.yes[1], held)), started=blank(one.started, held), others=blank(one.others, held))


# --- What was shown -----------------------------------------------------------------------------------------


def _counts(found: Findings | Compared) -> dict[str, int]:
    told: dict[str, int] = {}

    def remember(name: str, yes: masking.Counts, of: masking.Counts) -> None:
        for week in np.flatnonzero(np.isfinite(yes)):
            told[f"{name}|{week}|yes"], told[f"{name}|{week}|of"] = int(yes[week]), int(of[week])

    if isinstance(found, Compared):
        for compared in found.outcomes:
            for arm, yes, everybody in zip(ARMS, compared.yes, (found.compared, found.started), strict=True):
                remember(f"{compared.name}|{arm}", yes, np.full(len(yes), everybody))
        return told
    for one in found.outcomes:
        remember(f"{one.name}|control", one.yes_control, one.n_control)
        remember(f"{one.name}|treated", one.yes_treated, one.n_treated)
        for panel in (*one.panels, *one.by_place):
            for arm, yes, of in zip(ARMS, panel.yes, panel.of, strict=True):
                remember(f"{one.name}|{panel.group}={panel.part}|{arm}", yes, of)
        for row in one.definitions:
            for arm, yes, of in zip(ARMS, row.panel.yes, row.panel.of, strict=True):
                remember(f"{one.name}={row.name}|{arm}", yes, of)
    return told

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
from snerydder.effects.balance import Line
from snerydder.effects.complier import Complier
from snerydder.effects.disclosure import LIMIT, Gated, Table
from snerydder.effects.fidelity import Measure
from snerydder.effects.results import Refused
from snerydder.effects.subgroups import Split
from snerydder.effects.survival import Survival
from snerydder.registers.faults import BadInput
from snerydder.registers.quality import Row
from snerydder.study import masking
from snerydder.study.answers import AnswerFound
from snerydder.study.compared import Compared, OutcomeCompared
from snerydder.study.data import Data
from snerydder.study.findings import Delivery, OutcomeFound, Place
from snerydder.study.found import Findings
from snerydder.study.looks import Looks
from snerydder.study.mapping import Courses, Inspected, Mapped, Share
from snerydder.study.masking import ARMS, blank, few, small
from snerydder.study.money import Money
from snerydder.study.timing import Benefit, Reached

Memory = dict[str, Any]  # {"who": {arm: [a mark of each person]}, "counts": {name: count shown}}, and "name" of the report
HELD = float("nan")
TOO_FEW = Refused("Vises ikke: under fem personer står bag.", "small-cells", "Not shown: fewer than five persons stand behind it.")
TWO = Refused("Vises ikke: to personer har det meste af timerne.", "dominated", "Not shown: two persons have most of the hours.")


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
    return PublishedLooks(disclosure._GATE, tuple(one if isinstance(one, Refused) else look(one, earlier.get(one.outcome, ())) for one in looks))


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
    held = [masking.weeks_held(one, low, high, before) for one in found.outcomes]
    crossed = found.delivery is not None and (0 < found.delivery.control_ever < LIMIT or 0 < found.treated - found.delivery.ever < LIMIT)
    outcomes = tuple(_outcome(one, mask, (low, high), crossed, before) for one, mask in zip(found.outcomes, held, strict=True))
    delivery = found.delivery and _delivery(found.delivery)
    return replace(
        found, received=None if found.received is None else _pair(found.received, found.treated - found.received), outcomes=outcomes, delivery=delivery,
        balance=tuple(_line(one, found) for one in found.balance), places=_places(found.places), points=tuple(_measure(one) for one in found.points),
        money=TWO if isinstance(found.money, Money) and found.delivery and found.delivery.dominated_all else found.money,
        reached=_reached(found.reached, found), benefit=_benefit(found.benefit), mapped=_mapped(found.mapped), answers=tuple(_answers(one, found) for one in found.answers),
        looks=tuple(one if isinstance(one, Refused) else look(one) for one in found.looks), quality=tuple(row(one) for one in found.quality),
        season=tuple(_spread_out(found.season)),
    )  # fmt: skip


def _outcome(one: OutcomeFound, held: disclosure.Flags, summed: tuple[int, int], crossed: bool, before: masking.Before) -> OutcomeFound:
    made = masking.outcome(one, held, *summed, before)
    if crossed and isinstance(made.complier, Complier):  # the first stage and the effect of receiving would tell how many
        made = replace(made, complier=TOO_FEW)
    return replace(made, splits=tuple(_split(split) for split in made.splits), panels=_sized(made.panels), by_place=_sized(made.by_place))


def _split(split: Split) -> Split:
    hidden = masking.held_parts([int(part.persons) for part in split.parts])
    return replace(split, parts=tuple(replace(part, persons=HELD) if hide else part for part, hide in zip(split.parts, hidden, strict=True)))


def _sized(panels: tuple[Any, ...]) -> tuple[Any, ...]:
    """A panel has at least twenty in each arm; what is left when all others are known may be few."""
    return tuple(replace(panel, persons=HELD) if panel.persons < LIMIT else panel for panel in panels)


def _pair(count: float, rest: float) -> float:
    """A count that is shown beside its whole, so the rest is shown as well."""
    return HELD if small(np.array([count, rest])).any() else count


def _delivery(one: Delivery) -> Delivery:
    met = np.round(one.share * one.drawn)
    hidden = small(met) | small(one.drawn - met)  # nobody is a finding here: the help has ended
    late = round(one.after_year * one.drawn)
    month = one.month
    if not isinstance(month, Refused):
        month = next((each for each in map(_measure, month) if isinstance(each, Refused)), month)
    some = small(np.array([one.ever, one.drawn - one.ever])).any()  # those with contact are told of apart
    dose = tuple(row for row in one.dose if row.persons >= LIMIT and (row.persons == one.drawn or not some) and not one.dominated_all)
    return replace(
        one, dose=dose, share=blank(one.share, hidden), minutes=blank(one.minutes, hidden | one.dominated), ever=_pair(one.ever, one.drawn - one.ever), control_ever=HELD if 0 < one.control_ever < LIMIT else one.control_ever,
        month=month, after_year=HELD if small(np.array([late, one.drawn - late])).any() else one.after_year,
    )  # fmt: skip


def _line(one: Line | Refused, found: Findings) -> Line | Refused:
    """A mean of yes and no is a count; and so is how many have no value."""
    if isinstance(one, Refused):
        return one
    counts = [found.control - one.n_control, found.treated - one.n_treated]
    sums = [one.control * one.n_control, one.treated * one.n_treated]
    if all(0 <= mean <= 1 for mean in (one.control, one.treated)) and all(abs(each - round(each)) < 1e-6 for each in sums):
        counts += [round(sums[0]), round(sums[1]), one.n_control - round(sums[0]), one.n_treated - round(sums[1])]
    few_ = small(np.array(counts)).any() or min(one.n_control, one.n_treated) < LIMIT
    return replace(TOO_FEW, reason=f"{one.name}: {TOO_FEW.reason[0].lower()}{TOO_FEW.reason[1:]}") if few_ else one


def _places(places: tuple[Place, ...]) -> tuple[Place, ...]:
    if not places:
        return places
    counts = np.array([[int(place.control), int(place.treated)] for place in places])
    told = disclosure.apply(Table(tuple(place.name for place in places), ARMS, counts))
    if isinstance(told, Refused):
        return tuple(replace(place, control=HELD, treated=HELD, per_full_time=HELD) for place in places)
    shown = []
    for place, (control, treated) in zip(places, told.cells, strict=True):
        load = HELD if treated is None else place.per_full_time
        shown.append(replace(place, control=HELD if control is None else control, treated=HELD if treated is None else treated, per_full_time=load))
    return tuple(shown)


def _measure(one: Measure | Refused) -> Measure | Refused:
    if isinstance(one, Refused) or not small(np.array([one.numerator, one.denominator - one.numerator, one.unknown])).any() or one.point == 3:  # municipalities, not persons
        return one
    return Refused(f"{one.label}: under fem personer, vises ikke.", "small-cells", f"{one.label_en}: fewer than five persons, not shown.")


def _reached(one: Reached | Refused, found: Findings) -> Reached | Refused:
    if isinstance(one, Refused):
        return one
    arms = []
    for curves, persons in ((one.control, found.control), (one.treated, found.treated)):
        arms.append(~disclosure.steps(np.round(np.column_stack([curve * persons for curve in curves])).astype(np.int64)))
    control, treated = arms
    either = control | treated
    if control.all() or treated.all():
        return TOO_FEW
    return replace(
        one, control=tuple(blank(curve, control) for curve in one.control), treated=tuple(blank(curve, treated) for curve in one.treated),
        difference=tuple(masking.curve(curve, either) for curve in one.difference),
    )  # fmt: skip


def survival(one: Survival) -> Survival | Refused:
    """The times at which the curve has fallen by five persons since last, or by nobody, and as many are followed still."""
    ended = np.cumsum(one.events)
    gone = one.at_risk[0] - one.at_risk - (ended - one.events)  # left without an end, before this time
    shown = disclosure.steps(np.column_stack([ended, np.maximum.accumulate(np.maximum(gone, 0))]).astype(np.int64)) & (one.at_risk >= LIMIT)
    if not shown.any():
        return TOO_FEW
    at = np.flatnonzero(shown)
    names = ("time", "at_risk", "share", "error", "lower", "upper")
    return replace(one, **{name: getattr(one, name)[at] for name in names}, events=np.diff(ended[at], prepend=0.0))


def _benefit(one: Benefit | Refused) -> Benefit | Refused:
    if isinstance(one, Refused):
        return one
    treated, control = survival(one.treated), survival(one.control)
    if isinstance(treated, Refused) or isinstance(control, Refused):
        return TOO_FEW
    return replace(one, treated=treated, control=control)


def _mapped(one: Mapped) -> Mapped:
    return replace(
        one, courses=_courses(one.courses) if isinstance(one.courses, Courses) else one.courses, survey=tuple(_share(each) for each in one.survey),
        inspected=_inspected(one.inspected) if isinstance(one.inspected, Inspected) else one.inspected,
    )  # fmt: skip


def _courses(one: Courses) -> Courses | Refused:
    length = survival(one.length)
    grown = np.round(np.column_stack([curve.effect * one.followed for curve in one.after.curves])).astype(np.int64)
    shown = disclosure.steps(grown)
    if isinstance(length, Refused) or not shown.any() or one.persons < LIMIT:
        return TOO_FEW
    after = replace(one.after, curves=tuple(masking.curve(curve, ~shown) for curve in one.after.curves), inside=masking.curve(one.after.inside, ~shown), at_risk=np.where(shown, one.after.at_risk, 0))
    return replace(one, length=length, after=after, ended=_pair(one.ended, one.courses - one.ended))


def _share(one: Share) -> Share:
    if not small(np.array([one.yes, one.of - one.yes])).any() and one.of >= LIMIT:
        return one
    return replace(one, yes=HELD, of=HELD, share=HELD, lower=HELD, upper=HELD)


def _inspected(one: Inspected) -> Inspected:
    """The least and the most of few municipalities are one municipality's."""
    return one if one.municipalities >= LIMIT else replace(one, lowest=HELD, highest=HELD)


def _answers(one: AnswerFound, found: Findings) -> AnswerFound:
    counts = np.array([one.answered_treated, one.answered_control, found.treated - one.answered_treated, found.control - one.answered_control])
    if not small(counts).any():
        return one
    means: dict[str, Any] = {} if counts[:2].min() >= LIMIT else dict.fromkeys(("treated", "control"), HELD) | dict.fromkeys(("among", "reweighted", "lee", "manski"), TOO_FEW)
    return replace(one, answered_treated=HELD, answered_control=HELD, response=TOO_FEW, **means)


def look(one: Looks, earlier: Sequence[Sequence[int]] = ()) -> Looks | Refused:
    """A calendar week is shown when in each arm nobody or at least five more are known, with the outcome and without; else it goes with the next.
    `earlier` are the counts of weeks that have been shown before: when the register has been put right since, they must not differ by a few."""
    shown = np.flatnonzero(disclosure.steps(one.counts, earlier=[np.array(row) for row in earlier]))
    if not len(shown):
        return TOO_FEW
    names = ("calendar", "persons", "estimate", "lower", "upper", "exact_lower", "exact_upper", "counts")
    return replace(one, **{name: getattr(one, name)[shown] for name in names})


def row(one: Row) -> Row:
    """A line of the data's quality: how many have nothing is a count as well."""
    if not small(np.array([one.count] + [one.of - one.count] * bool(one.of))).any():
        return one
    return replace(one, count=HELD, examples=())


def _spread_out(counts: tuple[float, ...]) -> list[float]:
    hidden = disclosure.line(np.array(counts, dtype=np.int64))
    return [HELD if hide else count for count, hide in zip(counts, hidden, strict=True)]


# --- A comparison without a lottery -------------------------------------------------------------------------


def _compared(found: Compared, before: masking.Before) -> Compared:
    return replace(found, outcomes=tuple(_one_compared(one, found, before) for one in found.outcomes), quality=tuple(row(one) for one in found.quality))


def _one_compared(one: OutcomeCompared, found: Compared, before: masking.Before) -> OutcomeCompared:
    held = np.zeros(len(one.yes[0]), dtype=bool)
    for arm, yes, of in zip(ARMS, one.yes, (found.compared, found.started), strict=True):
        everybody = np.full(len(yes), of)
        held |= few(yes, everybody) | masking.thin(before, f"{one.name}|{arm}", yes, everybody)
    if not isinstance(one.found, Refused):
        estimates = {name: each if isinstance(each, Refused) else masking.curve(each, held) for name, each in one.found.estimates.items()}
        one = replace(one, found=replace(one.found, estimates=estimates))
    methods = tuple((name, TOO_FEW) for name, _ in one.methods) if held[one.week] else one.methods
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
    return told

"""What the study's gate holds back in each piece of a result: `gate` puts them together, `masking` has the weekly curves."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from snerydder.effects import disclosure
from snerydder.effects.balance import Line
from snerydder.effects.disclosure import LIMIT, Table
from snerydder.effects.fidelity import Measure
from snerydder.effects.observed import Comparison
from snerydder.effects.results import Refused
from snerydder.effects.survival import Survival
from snerydder.registers.quality import Row
from snerydder.study import masking
from snerydder.study.answers import AnswerFound
from snerydder.study.findings import Delivery, Place
from snerydder.study.found import Findings
from snerydder.study.looks import Looks
from snerydder.study.mapping import Courses, Inspected, Mapped, Share
from snerydder.study.masking import ARMS, blank, small
from snerydder.study.money import Money
from snerydder.study.timing import Benefit, Reached

HELD = float("nan")
TOO_FEW = Refused("Vises ikke: under fem personer står bag.", "small-cells", "Not shown: fewer than five persons stand behind it.")
TWO = Refused("Vises ikke: to personer har det meste af timerne.", "dominated", "Not shown: two persons have most of the hours.")


def pair(count: float, rest: float) -> float:
    """A count that is shown beside its whole, so the rest is shown as well."""
    return HELD if small(np.array([count, rest])).any() else count


def beside(count: float, everybody: int) -> float:
    """A count of persons told beside how many were counted in the end."""
    return HELD if small(np.array([abs(count - everybody)])).any() else count


def delivery(one: Delivery) -> Delivery:
    met = np.round(one.share * one.drawn)
    hidden = small(met) | small(one.drawn - met)  # nobody is a finding here: the help has ended
    late = round(one.after_year * one.drawn) if np.isfinite(one.after_year) else 0
    month = one.month
    if not isinstance(month, Refused):
        month = next((each for each in map(measure, month) if isinstance(each, Refused)), month)
    some = small(np.array([one.ever, one.drawn - one.ever])).any()  # those with contact are told of apart
    dose = tuple(row for row in one.dose if row.persons >= LIMIT and (row.persons == one.drawn or not some) and not one.dominated_all)
    return replace(
        one, dose=dose, share=blank(one.share, hidden), minutes=blank(one.minutes, hidden | one.dominated), ever=pair(one.ever, one.drawn - one.ever), control_ever=HELD if 0 < one.control_ever < LIMIT else one.control_ever,
        month=month, after_year=HELD if small(np.array([late, one.drawn - late])).any() else one.after_year,
    )  # fmt: skip


def line_of(one: Line | Refused, found: Findings) -> Line | Refused:
    """A mean of yes and no is a count; and so is how many have no value."""
    if isinstance(one, Refused):
        return one
    counts = [found.control - one.n_control, found.treated - one.n_treated]
    sums = [one.control * one.n_control, one.treated * one.n_treated]
    if all(0 <= mean <= 1 for mean in (one.control, one.treated)) and all(abs(each - round(each)) < 1e-6 for each in sums):
        counts += [round(sums[0]), round(sums[1]), one.n_control - round(sums[0]), one.n_treated - round(sums[1])]
    few_ = small(np.array(counts)).any() or min(one.n_control, one.n_treated) < LIMIT
    return replace(TOO_FEW, reason=f"{one.name}: {TOO_FEW.reason[0].lower()}{TOO_FEW.reason[1:]}") if few_ else one


def places(places: tuple[Place, ...]) -> tuple[Place, ...]:
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


def measure(one: Measure | Refused) -> Measure | Refused:
    if isinstance(one, Refused) or not small(np.array([one.numerator, one.denominator - one.numerator, one.unknown])).any() or one.point == 3:  # municipalities, not persons
        return one
    return Refused(f"{one.label}: under fem personer, vises ikke.", "small-cells", f"{one.label_en}: fewer than five persons, not shown.")


def money(found: Findings, unseen: set[str]) -> Money | Refused | None:
    """The price of one more is mentors over the effect, so it would tell the effect of an outcome whose week is not shown."""
    one = found.money
    if not isinstance(one, Money):
        return one
    if found.delivery and found.delivery.dominated_all:
        return TWO
    return replace(one, per_extra={name: TOO_FEW if name in unseen else price for name, price in one.per_extra.items()})


def reached(one: Reached | Refused, found: Findings) -> Reached | Refused:
    if isinstance(one, Refused):
        return one
    arms, outcomes = [], {outcome.name: outcome for outcome in found.outcomes}
    for curves, persons, now in ((one.control, found.control, "yes_control"), (one.treated, found.treated, "yes_treated")):
        counts = np.round(np.column_stack([curve * persons for curve in curves])).astype(np.int64)
        there = np.column_stack([getattr(outcomes[name], now) for name in one.names])  # those who have come and are there no longer would be the difference
        may = np.flatnonzero(~small(np.abs(counts - there)).any(axis=1))
        hidden = np.ones(len(counts), dtype=bool)
        hidden[may] = ~disclosure.steps(counts[may])
        arms.append(hidden)
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


def benefit(one: Benefit | Refused) -> Benefit | Refused:
    if isinstance(one, Refused):
        return one
    treated, control = survival(one.treated), survival(one.control)
    if isinstance(treated, Refused) or isinstance(control, Refused):
        return TOO_FEW
    return replace(one, treated=treated, control=control)


def mapped(one: Mapped) -> Mapped:
    return replace(
        one, courses=courses(one.courses) if isinstance(one.courses, Courses) else one.courses, survey=tuple(share(each) for each in one.survey),
        inspected=inspected(one.inspected) if isinstance(one.inspected, Inspected) else one.inspected,
    )  # fmt: skip


def courses(one: Courses) -> Courses | Refused:
    length = survival(one.length)
    grown = np.round(np.column_stack([curve.effect * one.followed for curve in one.after.curves])).astype(np.int64)
    shown = disclosure.steps(grown)
    if isinstance(length, Refused) or not shown.any() or one.persons < LIMIT:
        return TOO_FEW
    after = replace(one.after, curves=tuple(masking.curve(curve, ~shown) for curve in one.after.curves), inside=masking.curve(one.after.inside, ~shown), at_risk=np.where(shown, one.after.at_risk, 0))
    return replace(one, length=length, after=after, ended=pair(one.ended, one.courses - one.ended))


def share(one: Share) -> Share:
    if not small(np.array([one.yes, one.of - one.yes])).any() and one.of >= LIMIT:
        return one
    return replace(one, yes=HELD, of=HELD, share=HELD, lower=HELD, upper=HELD)


def inspected(one: Inspected) -> Inspected:
    """The least and the most of few municipalities are one municipality's."""
    return one if one.municipalities >= LIMIT else replace(one, lowest=HELD, highest=HELD)


def answers(one: AnswerFound, found: Findings) -> AnswerFound:
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


def row(one: Row, everybody: int) -> Row:
    """A line of the data's quality: how many have nothing is a count as well, and so is how many more it is a share of than were counted in the end."""
    if not math.isfinite(beside(one.of, everybody)):
        one = replace(one, of=0)
    if not small(np.array([one.count] + [one.of - one.count] * bool(one.of))).any():
        return one
    return replace(one, count=HELD, examples=())


def comparison(one: Comparison) -> Comparison:
    """How many have each chance of starting is a row of counts; and a share of few starters is a count of them."""
    bins = one.overlap
    overlap = replace(bins, started=blank(bins.started, disclosure.line(bins.started)), compared=blank(bins.compared, disclosure.line(bins.compared)))
    if math.isfinite(pair(round(bins.outside * one.started), LIMIT)):
        return replace(one, overlap=overlap)
    checks, trust = [], one.trust
    for check in one.checks:
        if check.key == "overlap":
            da = f"Under {LIMIT} af dem, der begyndte, har ingen sammenlignelige blandt de andre (højst {100 * check.limit:.0f} %)."
            en = f"Fewer than {LIMIT} of the starters have no comparable others (at most {100 * check.limit:.0f} %)."
            trust = replace(trust, da=trust.da.replace(check.da, da), en=trust.en.replace(check.en, en))
            check = replace(check, value=HELD, da=da, en=en)
        checks.append(check)
    return replace(one, trust=trust, checks=tuple(checks), overlap=replace(overlap, outside=HELD))


def season(counts: tuple[float, ...]) -> list[float]:
    hidden = disclosure.line(np.array(counts, dtype=np.int64))
    return [HELD if hide else count for count, hide in zip(counts, hidden, strict=True)]

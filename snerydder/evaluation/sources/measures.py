# da-file: the words of the sources, which are Danish, and ours beside them
"""How a figure of a source is found in a run, and what counts as the same: a number is held to the decimals it was printed with."""

from __future__ import annotations

from collections.abc import Callable

from snerydder.evaluation.sources.told import Told
from snerydder.study.words import Words

w = Words()
Found = tuple[str, bool]  # as we would write it, and whether it agrees


def exactly(theirs: str, number: Callable[[Told], float], decimals: int, unit: str = "") -> Callable[[Told], Found]:
    """The same when written with as many decimals."""

    def find(told: Told) -> Found:
        ours = w.number(number(told), decimals) + unit
        return ours, ours == theirs

    return find


def about(number: Callable[[Told], float], low: float, high: float, show: Callable[[float], str]) -> Callable[[Told], Found]:
    """Inside what the words of the source can mean."""

    def find(told: Told) -> Found:
        ours = number(told)
        return show(ours), low <= ours <= high

    return find


def percent(value: float) -> str:
    return w.percent(value, 0)


def share(outcome: str, week: int, arm: str) -> Callable[[Told], float]:
    return lambda told: 100 * told.weekly[outcome, week][f"share_{arm}"]


def rise(outcome: str, week: int) -> Callable[[Told], float]:
    return lambda told: told.weekly[outcome, week]["effect"]


def relative(outcome: str, week: int) -> Callable[[Told], float]:
    return lambda told: told.weekly[outcome, week]["effect"] / told.weekly[outcome, week]["share_control"]


def certain_from(outcome: str, about_week: int) -> Callable[[Told], Found]:
    """The week from which the 90 % band for each week alone, the source's own, stays above zero: within three weeks of theirs."""

    def find(told: Told) -> Found:
        one = told.outcome(outcome)
        alone, whole = one["from_week_pointwise"], one["from_week_all"]
        curve = f"for hele kurven fra uge {whole}" if whole is not None else "for hele kurven ikke"
        return f"fra uge {alone}; {curve}", alone is not None and abs(alone - about_week) <= 3

    return find


def only_in(outcome: str, split: str, part: str, *others: str) -> Callable[[Told], Found]:
    """Certain in the part the source names, and not in the others."""

    def find(told: Told) -> Found:
        held = {name: told.subgroups[outcome, split, name] for name in (part, *others)}
        ours = "; ".join(f"{name} {w.points(one['effect'])} ({w.points(one['lower'])} til {w.points(one['upper'])})" for name, one in held.items())
        return ours, held[part]["lower"] > 0 and all(one["lower"] <= 0 for name, one in held.items() if name != part)

    return find


def named(kind: str, theirs: str, found: Callable[[Told], dict[str, str]]) -> Callable[[Told], Found]:
    """The very municipalities, in whatever order."""
    listed = set(theirs.replace(" og ", ", ").replace(",,", ",").split(", "))

    def find(told: Told) -> Found:
        ours = [name for name, each in found(told).items() if each == kind]
        return ", ".join(ours), set(ours) == listed

    return find


def weekly_range(at: int, first: int, last: int, low: float, high: float, show: Callable[[float], str]) -> Callable[[Told], Found]:
    def find(told: Told) -> Found:
        values = [week[at] for week in told.delivery[first : last + 1]]
        return f"{show(min(values))} til {show(max(values))}", low <= min(values) and max(values) <= high

    return find


def drop(at: int, show: Callable[[float], str]) -> Callable[[Told], Found]:
    """From week 51 to week 53, to less than half."""

    def find(told: Told) -> Found:
        before, after = told.delivery[51][at], told.delivery[53][at]
        return f"fra {show(before)} i uge 51 til {show(after)} i uge 53", after < before / 2

    return find


def falls(told: Told) -> Found:
    """Evenly: a little in each stretch of five weeks, and nowhere as sharply as when the effort ends."""
    shares = [told.delivery[week][0] for week in (40, 45, 50)]
    return f"{percent(shares[0])} i uge 40, {percent(shares[1])} i uge 45, {percent(shares[2])} i uge 50", shares[0] > shares[1] > shares[2]


def fit(told: Told) -> Found:
    p = told.results["alike"]["redrawn"]["p"]
    return f"en ny lodtrækning giver mindst så ulige grupper i {percent(p)} af tilfældene", p > 0.05


def mean(name: str, arm: int) -> Callable[[Told], float]:
    """A line of the balance table: the controls' (0) or the participants' (1)."""
    return lambda told: told.balance[name][arm]


def trait(name: str) -> Callable[[Told], float]:
    """A mentor's trait, in per cent of those who answered."""
    return lambda told: 100 * float(told.results["mentor_answers"][name])


def mean_of(name: str) -> Callable[[Told], float]:
    def both(told: Told) -> float:
        (control, treated), n = told.balance[name], told.results
        return (control * n["control"] + treated * n["treated"]) / n["drawn"]

    return both


def mentors(told: Told) -> Found:
    held = [place["mentors"] for place in told.places.values()]
    return f"{min(held):.0f}-{max(held):.0f}", (min(held), max(held)) == (4, 17)


def hundred(told: Told) -> Found:
    held = [place[arm] for place in told.places.values() for arm in ("control", "treated")]
    return f"{min(held):.0f}-{max(held):.0f}", min(held) >= 90 and max(held) <= 110


def fewer_trained(told: Told) -> Found:
    mentor, worker = told.point("Både centralt og lokalt kursus"), told.point("Sagsbehandlere på kurset")
    return f"{percent(worker)} af sagsbehandlerne mod {percent(mentor)} af mentorerne", worker < 0.5 < mentor


def too_many(told: Told) -> Found:
    ours = [name for name, band in told.load().items() if band == "20+"]
    return f"20 eller flere i {', '.join(ours)}", 0 < len(ours) < len(told.places) / 2


def group(told: Told, name: str) -> dict[str, float]:
    return next(one for one in told.courses["minutes"] if one["group"] == name)


def intense(told: Told) -> Found:
    low, high = (group(told, name)["median"] for name in ("aktivitetsparat", "ressourceforløb"))
    return f"median {w.number(high)} minutter om ugen mod {w.number(low)} blandt aktivitetsparate", high > low


def sample(told: Told) -> Found:
    one = told.results["mapped"]["inspected"]
    return f"{one['municipalities']} af {one['population']} kommuner, {w.number(one['cases'] / one['municipalities'])} sager i hver", (one["municipalities"], one["population"], one["cases"]) == (20, 98, 400)

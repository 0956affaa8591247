"""What it cost and what came back, per person drawn: totals over the weeks first, then the difference between the arms.

Total_i = Σ_t δ_t q_it p_it,  δ_t = (1+r)^(-7t/365.25), q a quantity (hours, weeks on benefit) and p its price on that day. The error follows from
the persons' own totals; adding the weeks' variances as if weeks were independent is wrong by a factor of six in such data. Every figure below is a
linear map of the lines' effects, so its error comes from the same psi.

A krone leaves one purse and enters another: each line says how much of it each party gains (support: the municipality -1; benefit: the participant
+1, the municipality and the state the rest with minus). Society is the sum of the parties, so transfers net out by themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import ArrayLike, NDArray

from snerydder.effects.difference import difference
from snerydder.effects.results import Curve, Floats, Refused

YEAR = 365.25
PARTIES = ("municipality", "state", "region", "participant")
PUBLIC = ("municipality", "state", "region")
VIEWS = (*PARTIES, "public", "society")
Discount = float | Sequence[tuple[float, float]]  # a rate, or (from year, rate) one after the other
Estimate = Callable[[Floats], Curve | Refused]


@dataclass(frozen=True)
class Guide:
    """The ministry's parameters, by the day they were set."""

    begin: date
    discount: tuple[tuple[float, float], ...]
    net_tax: float  # from factor prices to market prices
    source: str


GUIDE = Guide(
    date(2023, 6, 22), ((0, 0.035), (35, 0.025), (70, 0.015)), 1.28, "Finansministeriet, 22. juni 2023: kalkulationsrente og nettoafgiftsfaktor"
)


@dataclass(frozen=True)
class Step:
    begin: date
    end: date | None  # the last day; None while it holds
    amount: float


@dataclass(frozen=True)
class Line:
    """One thing bought, paid or saved. `quantity` is persons × weeks; `price` one number, or one for each person and week."""

    name: str
    quantity: Floats
    price: Floats | float
    parties: Mapping[str, float]  # what each gains of a krone
    market: float = 1.0  # what a krone is worth to society, e.g. the net tax factor for wages


@dataclass(frozen=True)
class Account:
    lines: tuple[str, ...]
    prices: tuple[float, ...]  # as given, 1 where they change by day or person
    curve: Curve  # one column per line: kroner per person drawn, before it is shared between parties
    shares: Floats  # lines × VIEWS

    def view(self, name: str) -> Curve:
        """The net present value to a party, the public purse or society: one column."""
        return self.curve.combine(self.shares[:, VIEWS.index(name)])

    def part(self, name: str, lines: Sequence[str]) -> Curve:
        """The same of some lines only."""
        kept = np.array([line in lines for line in self.lines])
        return self.curve.combine(self.shares[:, VIEWS.index(name)] * kept)


def discount(weeks: ArrayLike, yearly: Discount) -> Floats:
    """ln δ = -∫ ln(1 + r(u)) du over the years u since week 0, so a rate that changes after 35 years changes only what comes later."""
    years = np.asarray(weeks, dtype=float) * 7 / YEAR
    steps = [(0.0, yearly)] if isinstance(yearly, (int, float)) else list(yearly)
    begins = [begin for begin, _ in steps]
    if not begins or begins[0] != 0 or begins != sorted(set(begins)) or not all(rate > -1 for _, rate in steps):
        raise ValueError(f"rates hold from year 0 on, one after the other, each above -1: {steps}")
    ends = [begin for begin, _ in steps[1:]] + [np.inf]
    exponent = np.zeros_like(years)
    for (begin, rate), end in zip(steps, ends, strict=True):
        exponent -= np.log1p(rate) * np.clip(years - begin, 0, end - begin)
    return np.asarray(np.exp(exponent), dtype=np.float64)


def priced(steps: Sequence[Step], days: ArrayLike) -> Floats | Refused:
    """The price in force on each day, from a table of validity."""
    day = np.asarray(days, dtype="datetime64[D]")
    found, times = np.zeros(day.shape), np.zeros(day.shape, dtype=int)
    for step in steps:
        inside = (day >= np.datetime64(step.begin)) & (day <= np.datetime64(step.end or date.max))
        found[inside] = step.amount
        times += inside
    if (times == 1).all():
        return found
    wrong = str(day[times != 1].min())
    if (times > 1).any():
        return Refused(f"Flere priser gælder på samme dag ({wrong}).", "prices-overlap", f"More than one price holds on a day ({wrong}).")
    return Refused(f"Der er ingen pris for {wrong}.", "no-price", f"There is no price for {wrong}.")


def totals(
    parts: list[Floats], weeks: NDArray[np.int64], yearly: Discount, treated: NDArray[np.bool_], stratum: NDArray[np.int64]
) -> Curve | Refused:
    """One column per part (kroner by person and week), and their sum last."""
    delta = discount(weeks, yearly)
    columns = np.column_stack([part @ delta for part in parts])
    return difference(np.column_stack([columns, columns.sum(axis=1)]), treated, stratum)


def account(lines: Sequence[Line], yearly: Discount, estimate: Estimate) -> Account | Refused:
    """`estimate` turns persons' totals into effects, e.g. `lambda y: difference(y, treated, stratum)`."""
    for line in lines:
        if not set(line.parties) <= set(PARTIES):
            return Refused(
                f"{line.name}: kun {', '.join(PARTIES)} kan stå i et regnskab.",
                "party",
                f"{line.name}: only {', '.join(PARTIES)} can be in an account.",
            )
        if not np.isfinite(line.quantity).all() or not np.isfinite(line.price).all():
            return Refused(f"{line.name}: et beløb mangler.", "missing-amount", f"{line.name}: an amount is missing.")
    columns = [(line.quantity * line.price) @ discount(np.arange(line.quantity.shape[1]), yearly) for line in lines]
    curve = estimate(np.column_stack(columns))
    if isinstance(curve, Refused):
        return curve
    shares = np.array([_shares(line) for line in lines])
    return Account(tuple(line.name for line in lines), tuple(float(line.price) if np.ndim(line.price) == 0 else 1.0 for line in lines), curve, shares)


def weekly(lines: Sequence[Line], view: str, estimate: Estimate) -> Curve | Refused:
    """The net gain to a party week by week, not discounted."""
    place = VIEWS.index(view)
    return estimate(np.sum([line.quantity * line.price * _shares(line)[place] for line in lines], axis=0))


def cumulative(gain: Curve, yearly: Discount, horizon: int, tail: int = 13, half_life: float | None = 0.0) -> Curve:
    """Net present value up to each week, also after the window: there the mean of the last `tail` weeks is halved every `half_life` weeks.

    0: nothing lasts beyond what was seen. None: it lasts unchanged. What is assumed must be said beside the number.
    """
    seen = len(gain.effect)
    delta = discount(np.arange(horizon), yearly)
    weights = np.zeros((seen, horizon))
    inside = min(seen, horizon)
    weights[np.arange(inside), np.arange(inside)] = delta[:inside]
    after = np.arange(1, horizon - inside + 1)
    if half_life is None or half_life > 0:
        lasting = np.ones(len(after)) if half_life is None else 0.5 ** (after / half_life)
        last = min(tail, seen)
        weights[seen - last :, inside:] = lasting * delta[inside:] / last
    return gain.combine(np.cumsum(weights, axis=1))


def break_even_week(total: Curve, alpha: float) -> tuple[int | None, int | None, int | None]:
    """The first week from which the total stays at or above zero; and the same of its upper and its lower limit. None: not within the horizon."""
    low, high = total.interval(alpha)
    return _stays(total.effect), _stays(high), _stays(low)


def _stays(total: Floats) -> int | None:
    below = np.flatnonzero(total < 0)
    after = int(below[-1]) + 1 if len(below) else 0
    return after if after < len(total) else None


def _shares(line: Line) -> list[float]:
    own = [float(line.parties.get(party, 0.0)) for party in PARTIES]
    return [*own, sum(float(line.parties.get(party, 0.0)) for party in PUBLIC), line.market * sum(own)]

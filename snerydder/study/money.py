"""What it cost and who got it: the protocol's prices on the persons' own hours and weeks, by purse, with the uncertainty of effects and of prices."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from snerydder.effects import cost, ratio, sensitivity
from snerydder.effects.cost import VIEWS, Account, Line, Step
from snerydder.effects.ratio import Ratio
from snerydder.effects.results import Curve, Floats, Refused
from snerydder.effects.sensitivity import Bar, Spread
from snerydder.lottery import draw
from snerydder.registers import weeks
from snerydder.registers.faults import BadInput
from snerydder.study import estimating
from snerydder.study.data import Data
from snerydder.study.findings import Number, OutcomeFound
from snerydder.study.protocol import Protocol

HORIZON = 520  # ten years: how far a break-even week is looked for
NAMES = {
    "mentor": ("Mentor", "Mentor"), "transfer": ("Overførsler uden SU", "Transfers without SU"), "su": ("SU", "SU"), "wage": ("Løn", "Wages"),
}  # fmt: skip
VIEW_NAMES = {
    "municipality": ("Kommunen", "The municipality"), "state": ("Staten", "The state"), "region": ("Regionen", "The region"), "participant": ("Deltageren", "The participant"),
    "public": ("Det offentlige i alt", "The public in all"), "society": ("Samfundet", "Society"),
}  # fmt: skip

NOT_SEEN = Refused(
    "Nogle uger er ikke set for alle, og en uge, ingen kender, kan ikke regnes som nul kroner.", "not-covered",
    "Some weeks were not seen for everybody, and a week nobody knows cannot be counted as nought kroner.",
)  # fmt: skip


@dataclass(frozen=True)
class Money:
    lines: tuple[str, ...]  # in kroner per person drawn, participants less control
    amounts: tuple[Number, ...]
    views: dict[str, Number]  # what each purse gains within the window
    by_view: dict[str, tuple[float, ...]]  # view: what each line gives it
    per_extra: dict[str, Ratio | Refused]  # outcome: mentor kroner for one person more in it
    break_even_price: Ratio | Refused  # of the mentor hour, for the public
    break_even_week: dict[str, int | None]  # how long the last quarter's gain lasts ("none", "half a year", "for ever"): week
    tornado: tuple[Bar, ...] | Refused
    spread: Spread | Refused
    mentor_price: float


def money(data: Data, outcomes: tuple[OutcomeFound, ...], weekly: dict[str, NDArray[np.bool_]]) -> Money | Refused | None:
    prices, protocol = data.protocol.prices, data.protocol
    if not prices or data.minutes is None:
        return None
    if (~data.observed & ~data.seen.marked("dead") & ~data.seen.marked("abroad")).any():  # the dead and the departed cost nothing; the others are not known
        return NOT_SEEN
    lines = _lines(data, weekly)

    def estimate(y: Floats) -> Curve | Refused:
        return estimating.estimate(data, y)

    account = cost.account(lines, float(prices["discount"]), estimate)
    if isinstance(account, Refused):
        return account
    gain = cost.weekly(lines, "public", estimate)
    assert isinstance(gain, Curve), "the same persons"
    lasting = {"none": 0.0, "half": 26.0, "ever": None}
    even = {name: cost.break_even_week(cost.cumulative(gain, float(prices["discount"]), HORIZON, half_life=half), protocol.alpha)[0] for name, half in lasting.items()}
    ranges = {line.name: (float(prices["low"]), float(prices["high"])) for line in lines}
    spent = account.part("municipality", ["mentor"]).combine(np.array([-1.0]))
    extra = {one.name: ratio.ratio(spent, one.curve.combine(np.eye(protocol.weeks)[one.week]), protocol.alpha) for one in outcomes}
    shown = [view for view in VIEWS if view in VIEW_NAMES]
    return Money(
        account.lines, tuple(_number(account.curve.combine(np.eye(len(lines))[at]), protocol.alpha) for at in range(len(lines))),
        {view: _number(account.view(view), protocol.alpha) for view in shown},
        {view: tuple(float(account.part(view, [line]).effect[0]) for line in account.lines) for view in shown},
        extra, _price(account, protocol), even, sensitivity.tornado(account, "public", ranges, _others(lines, protocol, estimate)),
        sensitivity.spread(account, "public", ranges, protocol.alpha, draw.generator(protocol.seed, "money")), float(prices["mentor_hour"]),
    )  # fmt: skip


def _lines(data: Data, weekly: dict[str, NDArray[np.bool_]]) -> list[Line]:
    prices = data.protocol.prices
    assert data.minutes is not None
    education = data.seen.marked("education") & data.observed
    transfer = data.seen.marked("on_transfer") & ~data.seen.marked("education") & data.observed
    share, tax, market = float(prices["transfer_municipality"]), float(prices["tax"]), float(prices["net_tax"])
    lines = [
        Line("mentor", data.minutes / 60, _price_by_day(data, "mentor_hour"), {"municipality": -1.0}, market),
        Line("transfer", transfer.astype(float), _price_by_day(data, "transfer_week"), {"participant": 1.0, "municipality": -share, "state": share - 1}),
    ]
    if prices["su_week"]:
        lines.append(Line("su", education.astype(float), _price_by_day(data, "su_week"), {"participant": 1.0, "state": -1.0}))
    job = next((weekly[one.name] for one in data.protocol.outcomes if one.name.startswith("job")), None)
    if prices["wage_week"] and job is not None:
        lines.append(Line("wage", (job & data.observed).astype(float), _price_by_day(data, "wage_week"), {"participant": 1 - tax, "state": tax}))
    return lines


def _price_by_day(data: Data, name: str) -> Floats | float:
    """One number, or the price in force on the Monday of each person's week."""
    steps = [one for one in data.protocol.price_steps if one["price"] == name]
    if not steps:
        return float(data.protocol.prices[name])
    file = data.protocol.file
    held = [Step(_day(data.protocol, one["from"]), _day(data.protocol, one["to"]) if one["to"] else None, float(one["kroner"])) for one in steps]
    monday = (data.start[:, None] + np.arange(data.protocol.weeks)).astype("int64") * 7 + (weeks.ORIGIN - date(1970, 1, 1)).days
    found = cost.priced(held, monday.astype("datetime64[D]"))
    if isinstance(found, Refused):
        raise BadInput(file, found.reason, f"afsnit [[price]] {name}", "én pris for hver dag i vinduet", "Ret from og to.")
    return found


def _day(protocol: Protocol, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadInput(protocol.file, f"{text!r} er ikke en dato.", "afsnit [[price]], nøgle from eller to", "fx 2013-01-01", "Skriv dagen som åååå-mm-dd.") from None


def _price(account: Account, protocol: Protocol) -> Ratio | Refused:
    return ratio.break_even_price(account, "mentor", "public", protocol.alpha)


def _others(lines: list[Line], protocol: Protocol, estimate: cost.Estimate) -> dict[str, tuple[float, float]]:
    """The interest moved by one point each way."""
    rate = float(protocol.prices["discount"])
    ends = []
    for moved in (max(rate - 0.01, 0.0), rate + 0.01):
        again = cost.account(lines, moved, estimate)
        assert isinstance(again, Account), "the same lines"
        ends.append(float(again.view("public").effect[0]))
    return {"discount": (ends[0], ends[1])}


def _number(curve: Curve, alpha: float) -> Number:
    low, high = curve.interval(alpha)
    return Number("", "", float(curve.effect[0]), float(curve.error[0]), float(low[0]), float(high[0]), float(curve.p[0]))

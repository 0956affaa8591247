"""What stands around the effect: what was delivered, by whom, and what it cost."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from snerydder.effects import cost as cost_of
from snerydder.effects.results import Refused
from snerydder.study.data import Data
from snerydder.study.findings import Cost, Delivery, Number, OutcomeFound, Place

MONTH, YEAR = 4, 52  # contacts are told by the week: "within a month" is weeks 0-4
FULL_TIME = 37.0


def delivery(data: Data) -> Delivery | None:
    if data.minutes is None:
        return None
    minutes = data.minutes[data.treated]
    met = minutes > 0
    ever = met.any(axis=1)
    first, last = met.argmax(axis=1), met.shape[1] - 1 - met[:, ::-1].argmax(axis=1)
    inside = met.sum(axis=1)[ever] / (last - first + 1)[ever]
    return Delivery(
        met.mean(axis=0), minutes.mean(axis=0), len(minutes), int(ever.sum()), int((data.minutes[~data.treated] > 0).any(axis=1).sum()),
        float(met[:, : MONTH + 1].any(axis=1).mean()), float(inside.mean()) if len(inside) else 0.0, float(met[:, YEAR + 1 :].any(axis=1).mean()),
    )  # fmt: skip


def places(data: Data) -> tuple[Place, ...]:
    """By stratum of the lottery, with the mentors of the place where the file names them."""
    found = []
    hours: dict[str, list[float]] = {}
    if data.mentors is not None:
        part = data.protocol.mentors
        for place, value in zip(data.mentors[part["municipality"]].to_list(), data.mentors[part["hours"]].to_list(), strict=True):
            hours.setdefault(str(place), []).append(float(value))
    for number, name in enumerate(data.stratum_names):
        here = data.stratum == number
        mine = hours.get(name, [])
        treated = int((here & data.treated).sum())
        full = sum(value > 30 for value in mine)
        found.append(
            Place(
                name,
                int((here & ~data.treated).sum()),
                treated,
                len(mine),
                full,
                len(mine) - full,
                treated / (sum(mine) / FULL_TIME) if mine else float("nan"),
            )
        )
    return tuple(found)


def mentor_answers(data: Data) -> dict[str, float]:
    """Shares among those who answered; the columns of the invented survey, where they are there."""
    if data.mentors is None or "svarede" not in data.mentors.columns:
        return {}
    answered = data.mentors.filter(data.mentors["svarede"].cast(float) == 1)
    found = {"svarprocent": answered.height / data.mentors.height}
    for name in ("kvinde", "mellemlang_uddannelse", "erfaring_under_2_aar", "fra_anden_kommunal_funktion"):
        if name in answered.columns:
            found[name] = float(answered[name].cast(float).to_numpy().mean())
    if "alder" in answered.columns:
        age = answered["alder"].cast(float).to_numpy()
        found |= {"under_30": float((age < 30).mean()), "over_50": float((age > 50).mean())}
    return found


def cost(data: Data, outcomes: Sequence[OutcomeFound]) -> Cost | None:
    prices, alpha = data.protocol.prices, data.protocol.alpha
    if not prices or data.minutes is None:
        return None
    on_transfer = data.seen.marked("on_transfer") & ~data.seen.marked("education") & data.observed
    weeks = np.arange(data.protocol.weeks)
    spent = -data.minutes / 60 * float(prices["mentor_hour"])
    saved = -on_transfer.astype(float) * float(prices["transfer_week"])
    curve = cost_of.totals([spent, saved], weeks, float(prices["discount"]), data.treated, data.stratum)
    if isinstance(curve, Refused):
        return None
    low, high = curve.interval(alpha)
    mentor, transfer, net = (
        Number("", "", float(curve.effect[at]), float(curve.error[at]), float(low[at]), float(high[at]), float(curve.p[at])) for at in range(3)
    )
    return Cost(mentor, transfer, net, {one.name: _per_extra(mentor, one, alpha) for one in outcomes})


def _per_extra(mentor: Number, outcome: OutcomeFound, alpha: float) -> tuple[float, float, float] | Refused:
    """Mentor cost per person drawn over the effect. Only where the effect's interval leaves zero out, else the ratio has no bounds."""
    effect = outcome.headline(alpha)
    if effect.lower <= 0:
        return Refused(
            "Effekten kan ikke skelnes fra nul, så prisen pr. ekstra person har ingen øvre grænse.",
            "no-bound",
            "The effect cannot be told from zero, so the price has no upper bound.",
        )
    spent = -mentor.effect
    return spent / effect.effect, spent / effect.upper, spent / effect.lower

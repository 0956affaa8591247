"""One effect over another: kroner per extra person in education, benefit over cost, the price at which a gain is gone.

With numerator a and denominator b from the same persons the values r that the data do not reject are {r : |a - rb| ≤ z se(a - rb)} (Fieller 1954):
the r with (b² - z²V_bb) r² - 2(ab - z²V_ab) r + a² - z²V_aa ≤ 0. When b cannot be told from zero they have no bounds, and no ratio is given.
Two curves of one column; the ratio in units of one per unit of the other, times `scale`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri, stdtrit

from snerydder.effects.cost import VIEWS, Account
from snerydder.effects.given import checked
from snerydder.effects.results import Curve, Refused


@dataclass(frozen=True)
class Ratio:
    value: float
    lower: float
    upper: float


@checked
def ratio(above: Curve, below: Curve, alpha: float, scale: float = 1.0) -> Ratio | Refused:
    """Two effects of one column each, on the same list of persons."""
    a, b = float(above.effect[0]), float(below.effect[0])
    df = above.minus(below).df
    z2 = float(ndtri(alpha / 2) if df is None else stdtrit(df[0], alpha / 2)) ** 2  # few clusters: t's
    v_aa, v_bb, v_ab = (float(one.psi[:, 0] @ other.psi[:, 0]) for one, other in ((above, above), (below, below), (above, below)))
    lead, half, rest = b * b - z2 * v_bb, a * b - z2 * v_ab, a * a - z2 * v_aa
    if lead <= 0:
        return Refused(
            "Nævneren kan ikke skelnes fra nul, så forholdet har ingen grænser.",
            "no-bound",
            "The denominator cannot be told from zero, so the ratio has no bounds.",
        )
    reach = max(half * half - lead * rest, 0.0) ** 0.5
    ends = sorted(((half - reach) / lead * scale, (half + reach) / lead * scale))
    return Ratio(a / b * scale, ends[0], ends[1])


def benefit_cost(account: Account, costs: list[str], view: str, alpha: float) -> Ratio | Refused:
    """All that is gained over what the support costs (the lines named)."""
    spent = _minus(account.part(view, costs))
    if spent.effect[0] <= 0:
        return Refused("Støtten har ikke kostet noget i det regnskab.", "no-cost", "Support has cost nothing in that account.")
    return ratio(account.part(view, [line for line in account.lines if line not in costs]), spent, alpha)


def value_of_public_funds(account: Account, alpha: float) -> Ratio | Refused:
    """MVPF: what the participants gain per krone the public is out of pocket (Hendren & Sprung-Keyser 2020).

    Support that pays for itself has no such price: its value is without limit, and that is said instead.
    """
    gain, spent = account.view("participant"), _minus(account.view("public"))
    if spent.effect[0] <= 0:
        danish, english = ("vinder: Støtten betaler sig selv", "gain: it pays for itself") if gain.effect[0] > 0 else ("taber", "lose")
        return Refused(f"Det offentlige sparer, og deltagerne {danish}.", "public-saves", f"The public saves and the participants {english}.")
    return ratio(gain, spent, alpha)


def break_even_price(account: Account, line: str, view: str, alpha: float) -> Ratio | Refused:
    """The price of one line at which the view's net present value is zero; a multiple of the stated one where that changes by day or person.

    Below zero: it would not pay even for nothing.
    """
    share = account.shares[account.lines.index(line), VIEWS.index(view)]
    if share == 0:
        return Refused(f"{line} hører ikke til i det regnskab.", "not-in-view", f"{line} is no part of that account.")
    others = [name for name in account.lines if name != line]
    return ratio(_minus(account.part(view, others)), account.part(view, [line]), alpha, account.prices[account.lines.index(line)])


def _minus(curve: Curve) -> Curve:
    return curve.combine(np.array([-1.0]))

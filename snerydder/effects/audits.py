"""From the cases an audit looked at to all cases: shares, their intervals, and how many cases would have been enough.

One draw of n among N:     Clopper & Pearson (1934), exact and wide; Wilson (1927), as a rule closer to its level.
In two stages, m of M municipalities and n_i of N_i cases in each, p_i the share found (Cochran 1977, chs. 10-11):
`municipality` (each counts the same)  p̄ = Σ p_i/m,        v = (1-m/M) s_p²/m + Σ (1-n_i/N_i) p_i(1-p_i)/(n_i-1) / (mM)
`case` (a ratio)                       p̂ = Σ N_i p_i/Σ N_i, v = [(1-m/M) s_r²/m + Σ N_i² (1-n_i/N_i) p_i(1-p_i)/(n_i-1) / (mM)] / N̄²
with s_p² the variance of p_i and s_r² that of N_i(p_i - p̂) over the municipalities (m-1). Where every municipality was drawn, only the
second term is left and the normal is used; otherwise t with m-1 degrees of freedom.
Counts in, shares out. Refused: more found than looked at, one municipality, under two cases in one that has more, all alike (use an exact interval).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv, ndtri, stdtrit

from snerydder.effects.given import checked
from snerydder.effects.results import Refused

Per = Literal["case", "municipality"]
IMPOSSIBLE = Refused(
    "Der er flere fund end sager, eller flere sager i stikprøven end i alt.", "impossible", "More findings than cases, or more cases looked at than there are."
)


@dataclass(frozen=True)
class Share:
    estimate: float
    lower: float
    upper: float
    error: float | None  # none where the interval is exact
    method: str


@checked
def clopper_pearson(yes: int, looked_at: int, alpha: float) -> Share | Refused:
    refused = _impossible(yes, looked_at)
    if refused:
        return refused
    lower = float(betaincinv(yes, looked_at - yes + 1, alpha / 2)) if yes else 0.0
    upper = float(betaincinv(yes + 1, looked_at - yes, 1 - alpha / 2)) if yes < looked_at else 1.0
    return Share(yes / looked_at, lower, upper, None, "Clopper-Pearson")


@checked
def wilson(yes: int, looked_at: int, alpha: float) -> Share | Refused:
    refused = _impossible(yes, looked_at)
    if refused:
        return refused
    z2, p = float(ndtri(alpha / 2)) ** 2 / looked_at, yes / looked_at
    centre, reach = (p + z2 / 2) / (1 + z2), (z2 * (p * (1 - p) + z2 / 4)) ** 0.5 / (1 + z2)
    return Share(p, max(centre - reach, 0.0), min(centre + reach, 1.0), None, "Wilson")


@checked
def two_stage(
    yes: NDArray[np.int64], looked_at: NDArray[np.int64], cases: NDArray[np.int64], municipalities: int, alpha: float, per: Per = "case"
) -> Share | Refused:
    """One number per municipality drawn: cases with the finding, cases looked at, cases there are. `municipalities` is M."""
    some = cases > 0  # a municipality without cases tells nothing of their share
    if (cases < 0).any() or (~some & (looked_at > 0)).any():
        return IMPOSSIBLE
    yes, looked_at, cases = yes[some], looked_at[some], cases[some]
    m = len(yes)
    if m < 2:
        return Refused("Der skal være mindst to kommuner.", "one-cluster", "At least two municipalities are needed.")
    if (looked_at < np.minimum(2, cases)).any():
        return Refused("I en kommune er der set på færre end to sager.", "too-few", "In some municipality fewer than two cases were looked at.")
    if (yes < 0).any() or (yes > looked_at).any() or (looked_at > cases).any() or m > municipalities:
        return IMPOSSIBLE
    p = yes / looked_at
    inside = (1 - looked_at / cases) * p * (1 - p) / np.maximum(looked_at - 1, 1)
    between_share = 1 - m / municipalities
    if per == "municipality":
        estimate = float(p.mean())
        variance = between_share * p.var(ddof=1) / m + inside.sum() / (m * municipalities)
    else:
        estimate = float(cases @ p / cases.sum())
        apart = cases * (p - estimate)
        variance = (between_share * (apart**2).sum() / (m - 1) / m + (cases**2 * inside).sum() / (m * municipalities)) / cases.mean() ** 2
    if variance == 0 and (looked_at < cases).any():
        return Refused(
            "Alle sager, der er set på, er ens, så denne usikkerhed kan ikke måles. Brug et eksakt interval.", "no-variation",
            "All cases looked at are alike, so this uncertainty cannot be measured. Use an exact interval.",
        )  # fmt: skip
    error = float(np.sqrt(variance))
    reach = error * float(-ndtri(alpha / 2) if m == municipalities else stdtrit(m - 1, 1 - alpha / 2))
    return Share(estimate, max(estimate - reach, 0.0), min(estimate + reach, 1.0), error, f"two-stage, per {per}")


@checked
def cases_needed(share: float, reach: float, cases: int, alpha: float) -> int | Refused:
    """How many of `cases` one draw must look at for an interval of ± `reach` where the share is `share` (Cochran 1977, 4.6)."""
    if not (0 < share < 1 and 0 < reach < 1 and cases > 0):
        return Refused(
            "Andelen og rækkevidden skal ligge mellem 0 og 1 (0 og 1 ikke med), og der skal være sager. Venter man ingen, så skriv den største andel, man vil kunne opdage.", "share",
            "The share and the reach must lie between 0 and 1, and there must be cases. Where none is expected, give the largest share to be found.",
        )  # fmt: skip
    endless = float(ndtri(alpha / 2)) ** 2 * share * (1 - share) / reach**2
    return min(cases, ceil(endless / (1 + (endless - 1) / cases)))


@checked
def municipalities_needed(share: float, spread: float, reach: float, each: int, municipalities: int, alpha: float) -> int | Refused:
    """How many of `municipalities` must be drawn, `each` cases in each, for ± `reach` when their shares vary by `spread` (a standard deviation)."""
    if not (0 <= share <= 1 and 0 < reach < 1 and spread >= 0 and each > 0 and municipalities > 0):
        return Refused("Andelen skal ligge mellem 0 og 1 og rækkevidden over 0.", "share", "The share must lie between 0 and 1, and the reach above 0.")
    inside = max(share * (1 - share) - spread**2, 0.0) / each
    allowed = (reach / float(ndtri(alpha / 2))) ** 2 + spread**2 / municipalities
    needed = ceil((spread**2 + inside) / allowed - 1e-9)
    if needed > municipalities:
        return Refused(
            f"Selv alle {municipalities} kommuner er ikke nok med {each} sager i hver; se på flere sager.", "not-enough",
            f"Even all {municipalities} municipalities are not enough with {each} cases in each; look at more cases.",
        )  # fmt: skip
    return max(needed, 2)


def _impossible(yes: int, looked_at: int) -> Refused | None:
    if 0 <= yes <= looked_at and looked_at > 0 and yes == int(yes) and looked_at == int(looked_at):
        return None
    return Refused(
        "Der er ikke set på nogen sager, eller der er flere fund end sager.", "impossible", "No cases were looked at, or more findings than cases."
    )

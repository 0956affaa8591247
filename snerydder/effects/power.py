"""Before the draw: what can a trial of this size show, and how large must it be to show what is hoped for?

With SE_1² = Σ_s (n_s/n)² (p_1s q_1s/n_1s + p_0s q_0s/n_0s) · (1-R²) · DEFF and d the difference in shares

power = Φ((|d| - z SE_0)/SE_1) + Φ((-|d| - z SE_0)/SE_1),   SE_0 = SE_1, the error of the estimator `difference`

(or SE_0 of the two arms pooled, as R's power.prop.test has it). The minimum detectable effect is the d with the power wanted; Bloom (1995)
has it in closed form with p_1 = p_0. Of those who take the support up a share c carries the effect: d = c · effect (Duflo, Glennerster &
Kremer 2007). Clusters of m persons: DEFF = 1 + ((1+CV²) m - 1) ρ, and t with G-2 degrees of freedom, noncentral, for the normal promises
too much. Simultaneous bands put their own critical value in the place of z.
Time to the outcome: with p_0 and p_1 the shares who have reached it at the end and proportional hazards, ln HR = ln(ln(1-p_1)/ln(1-p_0)), and the
log-rank test has (n_0 p_0 + n_1 p_1) events to tell it by (Schoenfeld 1981). In a part f of the persons, and not in the rest: the contrast has
SE² = SE_1²(f) + SE_0²(1-f), so it takes about four times the persons of the effect itself when f is a half (Gelman & Stern 2006).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr, ndtri

from snerydder.effects.results import Floats, Refused

MUNICIPALITIES = 98  # in Denmark
DANISH = {
    "enough": "Et forsøg med {one} personer med støtte og {zero} i kontrolgruppen viser med {chance} % sandsynlighed en forskel på {points} procentpoint "
    "(fra {share} til {goal} %{takers}), hvis den er der.",
    "short": "Et forsøg med {one} personer med støtte og {zero} i kontrolgruppen er for lille til at vise en forskel på {points} procentpoint "
    "(fra {share} til {goal} %{takers}): Selv om den er der, er sandsynligheden for at se den kun {chance} %.",
    "smallest": "Den mindste forskel, der bliver set med {wanted} % sandsynlighed, er {smallest} procentpoint.",
    "needed": "Skal en forskel på {points} procentpoint kunne ses, kræver det {need1} personer med støtte og {need0} i kontrolgruppen: "
    "{places} kommuner af samme størrelse i stedet for {now}.",
    "nowhere": "Så mange kommuner er der ikke i Danmark.",
}
ENGLISH = {
    "enough": "A trial with {one} persons supported and {zero} in control has a {chance} % chance of showing a difference of {points} percentage points "
    "({share} to {goal} %{takers}), if it is there.",
    "short": "A trial with {one} persons supported and {zero} in control is too small to show a difference of {points} percentage points "
    "({share} to {goal} %{takers}): even if it is there, the chance of seeing it is only {chance} %.",
    "smallest": "The smallest difference seen with a chance of {wanted} % is {smallest} percentage points.",
    "needed": "To see a difference of {points} percentage points takes {need1} persons supported and {need0} in control: "
    "{places} municipalities of this size instead of {now}.",
    "nowhere": "Denmark does not have that many.",
}
MOST = 1e7  # times the trial planned: beyond it no number of persons will do


@dataclass(frozen=True)
class Design:
    """Persons drawn to each arm, one number or one per stratum, and what makes each of them tell more or less."""

    treated: ArrayLike
    control: ArrayLike
    alpha: float = 0.10  # two-sided
    critical: float | None = None  # of a simultaneous band, on the normal's scale; None: of one comparison
    pooled: bool = False
    r_squared: float = 0.0  # of the covariates
    compliance: float = 1.0  # receive when drawn, less receive when not
    subgroup: float = 1.0  # share of the persons who are looked at
    clusters: int = 0  # 0: persons were drawn one by one
    icc: float = 0.0  # ρ: how alike persons of one cluster are
    size_cv: float = 0.0  # spread of the cluster sizes over their mean

    @property
    def arms(self) -> tuple[Floats, Floats]:
        one, zero = np.broadcast_arrays(*(np.atleast_1d(np.asarray(n, dtype=float)) * self.subgroup for n in (self.treated, self.control)))
        return one, zero

    @property
    def effect_of_clusters(self) -> float:
        if not self.clusters:
            return 1.0
        mean = float(sum(n.sum() for n in self.arms)) / self.clusters
        return 1 + ((1 + self.size_cv**2) * mean - 1) * self.icc


def power(design: Design, control_share: ArrayLike, effect: float) -> float | Refused:
    """The chance of a significant difference when support moves the share by `effect` for those who take it up."""
    return _refusal(design, control_share, effect) or _power(design, control_share, effect)


def minimum_effect(design: Design, control_share: ArrayLike, wanted: float = 0.90, falling: bool = False) -> float | Refused:
    """The smallest effect, up or down, that is found with the chance wanted."""
    from scipy.optimize import brentq  # here, because importing it costs a third of a second

    share = np.atleast_1d(np.asarray(control_share, dtype=float))
    refused = _refusal(design, share, 0.0) or _unwise(design, wanted)
    if refused:
        return refused
    sign = -1 if falling else 1
    widest = float(share.min() if falling else 1 - share.max()) / design.compliance * (1 - 1e-9)
    if _power(design, share, sign * widest) < wanted:
        return Refused("Selv den størst mulige forskel ville ikke blive opdaget med så få personer.", "too-few", "Even the largest possible difference would be missed with so few.")
    return sign * float(brentq(lambda size: _power(design, share, sign * size) - wanted, 0.0, widest, xtol=1e-14, rtol=1e-13))


def bloom(design: Design, control_share: ArrayLike, wanted: float = 0.90) -> float | Refused:
    """(z + z_power) √(p_0 q_0 (1/n_1 + 1/n_0)(1-R²) DEFF) / (c √f): the formula of the text books, with the control's variance in both arms."""
    refused = _refusal(design, control_share, 0.0) or _unwise(design, wanted)
    return refused or float((_critical(design) + ndtri(wanted)) * _errors(design, control_share, 0.0)[1] / design.compliance)


def persons_needed(design: Design, control_share: ArrayLike, effect: float, wanted: float = 0.90) -> tuple[int, int] | Refused:
    """How many drawn to support and to control, in the proportion (and strata, and cluster size) of the design."""
    times = times_larger(design, control_share, effect, wanted)
    if isinstance(times, Refused):
        return times
    one, zero = (int(np.ceil(np.sum(np.asarray(n, dtype=float)) * times - 1e-6)) for n in (design.treated, design.control))
    return one, zero


def times_larger(design: Design, control_share: ArrayLike, effect: float, wanted: float = 0.90) -> float | Refused:
    """How many trials of this size it takes together; below one when the trial is larger than it need be."""
    from scipy.optimize import brentq  # here, because importing it costs a third of a second

    refused = _refusal(design, control_share, effect, fewest=0) or _unwise(design, wanted)
    if refused:
        return refused
    if effect == 0:
        return Refused("En forskel på nul kan ingen opdage.", "no-effect", "A difference of zero cannot be found.")

    def lacking(log_times: float) -> float:
        return _power(design, control_share, effect, float(np.exp(log_times))) - wanted

    lowest = np.log(3 / design.clusters) if design.clusters else -np.log(MOST)
    if lacking(np.log(MOST)) < 0:
        return Refused("Intet antal personer er nok.", "never-enough", "No number of persons is enough.")
    if lacking(lowest) > 0:
        return float(np.exp(lowest))
    return float(np.exp(brentq(lacking, lowest, np.log(MOST), xtol=1e-13, rtol=1e-14)))


def optimal_share(control_share: float, treated_share: float) -> float:
    """s_1/(s_1+s_0): the share to draw to support that gives the smallest error (Neyman 1934)."""
    one, zero = (np.sqrt(p * (1 - p)) for p in (treated_share, control_share))
    return float(one / (one + zero))


def logrank_events(hazard_ratio: float, wanted: float = 0.90, alpha: float = 0.10, share: float = 0.5) -> int | Refused:
    """(z + z_power)² / (π(1-π) ln²HR) events in all, π the share drawn to support (Schoenfeld 1981)."""
    if not 0 < alpha < wanted < 1:
        return Refused("Styrken skal ligge mellem testens niveau og 1.", "power", "The power must lie between the level of the test and 1.")
    if not hazard_ratio > 0 or hazard_ratio == 1 or not 0 < share < 1:
        return Refused("Der er ingen forskel i hyppighed at finde.", "no-effect", "There is no difference in hazard to find.")
    return int(np.ceil((ndtri(wanted) - ndtri(alpha / 2)) ** 2 / (share * (1 - share) * np.log(hazard_ratio) ** 2) - 1e-9))


def logrank_power(events: float, hazard_ratio: float, alpha: float = 0.10, share: float = 0.5) -> float:
    away = abs(np.log(hazard_ratio)) * np.sqrt(events * share * (1 - share))
    return float(ndtr(away + ndtri(alpha / 2)) + ndtr(-away + ndtri(alpha / 2)))


@dataclass(frozen=True)
class Sooner:
    power: float
    ratio: float  # hazards, support over control
    events: float


def sooner(design: Design, control_share: float, effect: float) -> Sooner | Refused:
    """The log-rank test of the time to the outcome, when the shares are those who have reached it at the end."""
    refused = _refusal(design, control_share, effect)
    if refused:
        return refused
    if design.clusters:
        return Refused("For klynger har log-rank-testens styrke ingen formel.", "clusters", "With clusters the power of the log-rank test has no formula.")
    reached = control_share + effect * design.compliance
    ratio = float(np.log1p(-reached) / np.log1p(-control_share))
    one, zero = (float(arm.sum()) for arm in design.arms)
    events = one * reached + zero * control_share
    return Sooner(logrank_power(events, ratio, design.alpha, one / (one + zero)), ratio, events)


def contrast_power(design: Design, control_share: ArrayLike, effect: float) -> float | Refused:
    """The chance of seeing that the effect differs, when it is `effect` in the part `design.subgroup` and nothing in the rest."""
    refused = _refusal(design, control_share, effect)
    if refused:
        return refused
    if design.clusters or not 0 < design.subgroup < 1:
        return Refused("Forskellen mellem to dele kræver, at der er to, og at personer blev trukket én for én.", "parts", "A contrast needs two parts, and persons drawn one by one.")
    rest = replace(design, subgroup=1 - design.subgroup)
    real = float(np.hypot(_errors(design, control_share, effect)[1], _errors(rest, control_share, 0.0)[1]))
    limit, away = _critical(design), abs(effect) * design.compliance / real
    return float(ndtr(away - limit) + ndtr(-away - limit))


@dataclass(frozen=True)
class Verdict:
    """What the trial can and cannot show, said so that nobody need know what power is."""

    enough: bool
    power: float
    smallest: float | Refused  # minimum detectable effect
    persons: tuple[int, int]  # needed: support, control
    municipalities: int
    now: int  # municipalities the design's persons come from
    sentence: str
    sentence_en: str


def verdict(design: Design, control_share: float, effect: float, wanted: float = 0.90, municipalities: int = 1) -> Verdict | Refused:
    """`municipalities` is how many the design's persons come from; more of the same kind is the way to more persons."""
    found, times = power(design, control_share, effect), times_larger(design, control_share, effect, wanted)
    if isinstance(found, Refused):
        return found
    if isinstance(times, Refused):
        return times
    smallest, persons = minimum_effect(design, control_share, wanted, falling=effect < 0), persons_needed(design, control_share, effect, wanted)
    assert not isinstance(persons, Refused)
    places, enough = max(1, int(np.ceil(municipalities * times - 1e-9))), found >= wanted
    chosen = ["enough" if enough else "short", *([] if isinstance(smallest, Refused) else ["smallest"])]
    chosen += [] if enough else ["needed"] + ["nowhere"] * (places > MUNICIPALITIES)
    one, zero = (float(np.sum(np.asarray(n, dtype=float))) for n in (design.treated, design.control))
    numbers = {
        "one": f"{one:,.0f}", "zero": f"{zero:,.0f}", "points": f"{100 * abs(effect):.3g}", "share": f"{100 * control_share:.3g}",
        "goal": f"{100 * (control_share + effect):.3g}", "chance": f"{100 * found:.0f}" if found < 0.995 else "over 99", "wanted": f"{100 * wanted:.0f}",
        "smallest": "" if isinstance(smallest, Refused) else f"{100 * abs(smallest):.1f}",
        "need1": f"{persons[0]:,}", "need0": f"{persons[1]:,}", "places": f"{places:,}", "now": str(municipalities),
    }  # fmt: skip
    danish = " ".join(DANISH[key] for key in chosen).format(takers="" if design.compliance == 1 else " hos dem, der tager imod støtten", **numbers)
    english = " ".join(ENGLISH[key] for key in chosen).format(takers="" if design.compliance == 1 else " among those who take support up", **numbers)
    danish = re.sub(r"(?<=\d)[.,](?=\d)", lambda mark: "," if mark[0] == "." else ".", danish)
    return Verdict(enough, found, smallest, persons, places, municipalities, danish, english)


def _critical(design: Design, times: float = 1.0) -> float:
    tail = design.alpha / 2 if design.critical is None else float(ndtr(-design.critical))
    if not design.clusters:
        return float(-ndtri(tail))
    from scipy.special import stdtrit

    return float(-stdtrit(design.clusters * times - 2, tail))


def _errors(design: Design, control_share: ArrayLike, effect: float, times: float = 1.0) -> tuple[float, float]:
    """SE_0, against which the test holds the difference, and SE_1, by which the difference really varies."""
    one, zero = design.arms
    p0 = np.asarray(control_share, dtype=float)
    p1 = p0 + effect * design.compliance
    weight = ((one + zero) / (one + zero).sum()) ** 2
    scale = (1 - design.r_squared) * design.effect_of_clusters / times
    real = float((weight * (p1 * (1 - p1) / one + p0 * (1 - p0) / zero)).sum() * scale)
    if not design.pooled:
        return real**0.5, real**0.5
    p = (one * p1 + zero * p0) / (one + zero)
    return float((weight * p * (1 - p) * (1 / one + 1 / zero)).sum() * scale) ** 0.5, real**0.5


def _power(design: Design, control_share: ArrayLike, effect: float, times: float = 1.0) -> float:
    tested, real = _errors(design, control_share, effect, times)
    limit, away = _critical(design, times) * tested / real, abs(effect) * design.compliance / real
    if not design.clusters:
        return float(ndtr(away - limit) + ndtr(-away - limit))
    from scipy.special import nctdtr

    df = design.clusters * times - 2
    below, above = np.nan_to_num(nctdtr(df, away, np.array([-limit, limit])))  # so far out in the tail that it gives up: nothing is there
    return float(1 - above + below)


def _refusal(design: Design, control_share: ArrayLike, effect: float, fewest: int = 2) -> Refused | None:
    if wrong := _no_design(design):
        return wrong
    one, zero = design.arms
    share = np.asarray(control_share, dtype=float)
    if one.min() < fewest or zero.min() < fewest or min(one.min(), zero.min()) <= 0:
        return Refused("Der skal være mindst to personer i hver gruppe i hvert stratum.", "too-few", "Each arm needs two persons in each stratum.")
    if not ((share > 0) & (share < 1)).all():
        return Refused("Andelen i kontrolgruppen skal ligge mellem 0 og 1.", "share", "The control share must lie between 0 and 1.")
    moved = share + effect * design.compliance
    if not ((moved > 0) & (moved < 1)).all():
        return Refused("Effekten fører andelen uden for 0 til 100 %.", "share", "The effect takes the share outside 0 to 100 %.")
    if design.clusters and design.clusters < 3:
        return Refused("Der skal trækkes lod mellem mindst tre klynger.", "too-few-clusters", "At least three clusters are needed.")
    return None


def _no_design(design: Design) -> Refused | None:
    if not 0 < design.alpha < 1:
        return Refused("Testens niveau, alpha, skal ligge mellem 0 og 1.", "level", "The level of the test, alpha, must lie between 0 and 1.")
    if 0 <= design.r_squared < 1 and 0 < design.subgroup <= 1 and 0 <= design.compliance <= 1 and 0 <= design.icc <= 1 and design.size_cv >= 0 and design.clusters >= 0:
        return None
    shares = ("R², undergruppens andel, andelen, der tager imod, og ligheden inden for en klynge ligger mellem 0 og 1.", "R², the subgroup's share, the take-up and the likeness within a cluster lie between 0 and 1.")
    return Refused(shares[0], "design", shares[1])


def _unwise(design: Design, wanted: float) -> Refused | None:
    if not design.alpha < wanted < 1:
        return Refused("Styrken skal ligge mellem testens niveau og 1.", "power", "The power must lie between the level of the test and 1.")
    if not 0 < design.compliance <= 1:
        return Refused("Andelen, der tager imod støtten, skal være over 0 og højst 1.", "compliance", "The share that takes support up must be above 0 and at most 1.")
    return None

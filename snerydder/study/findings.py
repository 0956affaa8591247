"""What a run found, in the order a report tells it. Plain frozen records: the report, the tables and the JSON all read these.

A count or a share that the disclosure gate (`gate`) holds back is NaN from there on, which is why a count is a float here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from snerydder.effects.bands import Band
from snerydder.effects.complier import Complier
from snerydder.effects.fidelity import Measure
from snerydder.effects.permutation import Shift
from snerydder.effects.places import Shrunk
from snerydder.effects.results import Curve, Floats, Refused
from snerydder.effects.subgroups import Split


@dataclass(frozen=True)
class Number:
    """One effect with its interval at the protocol's level."""

    name: str
    name_en: str
    effect: float
    error: float
    lower: float
    upper: float
    p: float


@dataclass(frozen=True)
class Panel:
    """The curve of a part of the persons, for a small picture."""

    group: str
    part: str
    persons: float
    treated: Floats
    control: Floats
    effect: Floats
    error: Floats
    lower: Floats  # each week alone, at the protocol's level
    upper: Floats
    yes: tuple[NDArray[Any], NDArray[Any]]  # control, treated: persons in the outcome
    of: tuple[NDArray[Any], NDArray[Any]]
    df: Floats | None = None  # where clusters were drawn


@dataclass(frozen=True)
class Along:
    """How the effect changes with a background that is a number."""

    name: str
    per: float
    persons: float  # with a value
    change: Number | Refused  # of the effect, for so much more of it
    corrected: float | None  # p by the protocol's rule over all the outcome's questions of the kind


@dataclass(frozen=True)
class Definition:
    """One way of measuring the outcome, beside the others."""

    name: str
    label: str
    label_en: str
    panel: Panel
    p: Floats

    def nearest(self, week: int) -> int:
        """The week itself where it may be shown, else the one closest to it that may."""
        shown = np.flatnonzero(np.isfinite(self.panel.effect))
        return int(shown[np.argmin(np.abs(shown - week))])

    def at(self, week: int) -> Number:
        panel = self.panel
        return Number(self.label, self.label_en, *(float(values[week]) for values in (panel.effect, panel.error, panel.lower, panel.upper, self.p)))


@dataclass(frozen=True)
class Family:
    """The curve as one of several: what holds for every week of every outcome at once."""

    outcomes: int
    critical: float
    lower: Floats
    upper: Floats
    adjusted: Floats  # step-down under the joint normal
    lasting: int | None


@dataclass(frozen=True)
class OutcomeFound:
    name: str
    label: str
    label_en: str
    short: str
    short_en: str
    counts: str
    counts_en: str
    does_not_count: str
    does_not_count_en: str
    week: int
    weeks: NDArray[np.int64]
    treated: Floats
    control: Floats
    n_treated: NDArray[Any]
    n_control: NDArray[Any]
    yes_treated: NDArray[Any]
    yes_control: NDArray[Any]
    curve: Curve
    band: Band
    band_wide: Band  # 95 %
    adjusted: Floats  # step-down under the joint normal
    permuted: Floats
    permuted_family: Floats
    lasting_pointwise: int | None
    lasting_simultaneous: int | None
    ever_pointwise: int | None
    ever_simultaneous: int | None
    summary: Number
    summary_permuted: float
    total_weeks: Number
    methods: tuple[Number | Refused, ...]
    definitions: tuple[Definition, ...]
    complier: Complier | Refused
    receipt_band: Band | None  # of the effect of receiving, over all the weeks it is estimated in
    splits: tuple[Split, ...]
    corrected_parts: dict[str, float]  # "split · part": p by the protocol's rule for many questions
    corrected_contrasts: dict[str, float]
    panels: tuple[Panel, ...]  # each part of each split, as a curve
    by_place: tuple[Panel, ...]  # each stratum
    shift: Shift | Refused  # constant effects on the weeks in the state that the lottery does not reject
    spread: Shrunk | Refused  # how unlike the strata are in the headline week, chance taken out
    along: tuple[Along, ...] = ()
    family: Family | None = None  # with one outcome the curve is its own family

    def headline(self, alpha: float) -> Number:
        low, high = self.curve.interval(alpha)
        at = int(np.flatnonzero(self.weeks == self.week)[0])
        return Number("", "", float(self.curve.effect[at]), float(self.curve.error[at]), float(low[at]), float(high[at]), float(self.curve.p[at]))


@dataclass(frozen=True)
class Dose:
    """How much each person got: the quartiles and the mean of one measure over some of the drawn."""

    persons: int
    what: str
    what_en: str
    low: float
    median: float
    high: float
    mean: float


@dataclass(frozen=True)
class Delivery:
    share: Floats  # of everyone drawn to a mentor, by week
    minutes: Floats  # zeros included
    drawn: int
    ever: float
    control_ever: float
    month: tuple[Measure, Measure] | Refused  # first contact within a month: surely, and possibly
    weeks_met: int
    weeks_between: int  # from first contact to last
    after_year: float  # NaN where the window is no year
    dominated: NDArray[np.bool_]  # weeks in which two persons have most of the minutes
    dominated_all: bool
    dose: tuple[Dose, ...] = ()


@dataclass(frozen=True)
class Place:
    name: str
    control: float
    treated: float
    mentors: int
    full_time: int
    part_time: int
    per_full_time: float

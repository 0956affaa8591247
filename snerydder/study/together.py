"""All weeks of all outcomes as one family: bands that hold for every curve at once, and p-values that allow for having looked at them all."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from snerydder.effects import bands
from snerydder.effects.results import Curve, Refused
from snerydder.lottery import draw
from snerydder.study.data import Data
from snerydder.study.findings import Family, OutcomeFound


def together(data: Data, found: list[OutcomeFound]) -> list[OutcomeFound]:
    """With one outcome the curve is the family already."""
    if len(found) < 2:
        return found
    every = [one.curve for one in found]
    df = np.concatenate([one.df for one in every if one.df is not None]) if any(one.df is not None for one in every) else None
    joint = Curve(np.concatenate([one.effect for one in every]), np.hstack([one.psi for one in every]), "outcomes", len(data.treated), df)
    drawn = bands.absolute_draws(joint.covariance, draw.generator(data.protocol.seed, "outcomes"), df=df)
    if isinstance(drawn, Refused):
        return found
    maxima = np.sort(drawn.max(axis=1))
    adjusted = np.split(bands.adjusted(joint, drawn), len(found))
    told = []
    for one, p in zip(found, adjusted, strict=True):
        band = bands.band(one.curve, 1 - data.protocol.alpha, maxima)
        lasting = bands.first_week_outside(band.simultaneous_lower, band.simultaneous_upper, one.weeks)
        told.append(replace(one, family=Family(len(found), band.simultaneous, band.simultaneous_lower, band.simultaneous_upper, p, lasting)))
    return told

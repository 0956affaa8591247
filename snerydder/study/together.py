"""All weeks of all outcomes as one family: bands that hold for every curve at once, and p-values that allow for having looked at them all."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from snerydder.effects import bands
from snerydder.effects.results import Refused
from snerydder.lottery import draw
from snerydder.study.data import Data
from snerydder.study.findings import Family, OutcomeFound


def together(data: Data, found: list[OutcomeFound]) -> list[OutcomeFound]:
    """With one outcome the curve is the family already."""
    if len(found) < 2:
        return found
    psi = np.hstack([one.curve.psi for one in found])
    drawn = bands.absolute_draws(psi.T @ psi, draw.generator(data.protocol.seed, "outcomes"))
    if isinstance(drawn, Refused):
        return found
    maxima = np.sort(drawn.max(axis=1))
    adjusted = np.split(bands.adjusted(np.concatenate([one.curve.z for one in found]), drawn), len(found))
    told = []
    for one, p in zip(found, adjusted, strict=True):
        band = bands.band(one.curve, 1 - data.protocol.alpha, maxima)
        lasting = bands.first_week_outside(band.simultaneous_lower, band.simultaneous_upper, one.weeks)
        told.append(replace(one, family=Family(len(found), band.simultaneous, band.simultaneous_lower, band.simultaneous_upper, p, lasting)))
    return told

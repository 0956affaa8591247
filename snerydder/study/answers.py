"""What was asked of everybody and answered by some: the difference among those who answered, and what it can be for all."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from snerydder.effects import attrition
from snerydder.effects.attrition import Bounds
from snerydder.effects.results import Curve, Floats, Refused
from snerydder.registers import table
from snerydder.registers.faults import BadInput
from snerydder.study.data import Data
from snerydder.study.estimating import covariates, estimate, number
from snerydder.study.findings import Number


@dataclass(frozen=True)
class AnswerFound:
    name: str
    least: float
    most: float
    answered_treated: float
    answered_control: float
    treated: float  # mean of those who answered
    control: float
    response: Number | Refused  # the draw's effect on answering
    among: Number | Refused  # the difference among those who answered
    reweighted: Number | Refused  # those who answered standing for those like them
    lee: Bounds | Refused  # for those who answer whatever the draw says
    manski: Bounds | Refused  # whatever the rest would have said


def read(data: Data) -> tuple[AnswerFound, ...]:
    return tuple(_one(data, **question) for question in data.protocol.answer_list) if data.protocol.answers else ()


def _one(data: Data, name: str, column: str, least: float, most: float) -> AnswerFound:
    values = _values(data, column, least, most)
    seen = np.isfinite(values)
    y, alpha, arm = np.where(seen, values, 0.0), data.protocol.alpha, data.treated
    mask = seen[:, None]
    lots = data.cluster
    plain = data.probability is None
    other = Refused(
        "Hver person havde sin egen chance, og det tal går ud fra én chance i hvert stratum.", "not-this-lottery",
        "Each person had a chance of their own, and that number takes one chance in each stratum for granted.",
    )  # fmt: skip
    strata = (data.stratum[:, None] == np.unique(data.stratum)[1:]).astype(float)
    near = np.hstack([strata, covariates(data)])
    return AnswerFound(
        name, least, most, int(seen[arm].sum()), int(seen[~arm].sum()), float(values[arm & seen].mean()), float(values[~arm & seen].mean()),
        _number(estimate(data, seen.astype(float)), alpha), _number(estimate(data, y, mask), alpha),
        _number(attrition.reweighted(y, mask, arm, data.stratum, near, lots), alpha) if plain else other,
        attrition.lee(y, mask, arm, data.stratum, alpha, lots) if plain else other, attrition.manski(y, mask, arm, data.stratum, alpha, least, most, lots) if plain else other,
    )  # fmt: skip


def _values(data: Data, column: str, least: float, most: float) -> Floats:
    """NaN for whoever has no row or a blank."""
    part, file = data.protocol.answers, data.protocol.path(data.protocol.answers)
    found = table.read(file, "svarene")
    table.require(found, file, [part["key"], column], "[[answer]]")
    place = {person: row for row, person in enumerate(data.persons)}
    keys, given = table.keys(found, file, part["key"]), table.numbers(found, file, column)
    values: NDArray[np.float64] = np.full(len(data.persons), np.nan)
    for row, (person, answer) in enumerate(zip(keys, given.tolist(), strict=True)):
        if np.isfinite(answer) and not least <= answer <= most:
            raise BadInput(file, f"Svaret {answer:g} ligger uden for skalaen.", f"række {row + 2}, kolonne {column}", f"{least:g} til {most:g}, eller tomt", "Ret cellen, eller ret least og most i protokollen.")
        if person in place:
            if np.isfinite(values[place[person]]):
                raise BadInput(file, f"Personen {person} har svaret to gange.", f"række {row + 2}", "ét svar pr. person", "Behold det rigtige.")
            values[place[person]] = answer
    if min(np.isfinite(values[data.treated]).sum(), np.isfinite(values[~data.treated]).sum()) < 2:
        raise BadInput(file, "Færre end to har svaret i en af grupperne.", f"kolonne {column}", "mindst to svar i hver gruppe")
    return values


def _number(curve: Curve | Refused, alpha: float) -> Number | Refused:
    return curve if isinstance(curve, Refused) else number(curve, 0, alpha)

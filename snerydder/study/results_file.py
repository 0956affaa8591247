"""Everything the report says, for a program: results.json."""

from __future__ import annotations

import json
import math
from dataclasses import fields
from typing import Any

import numpy as np

from snerydder.effects.results import Curve, Refused
from snerydder.effects.sensitivity import Spread
from snerydder.study import outcome_rows
from snerydder.study.findings import OutcomeFound
from snerydder.study.gate import PublishedStudy
from snerydder.study.outcome_rows import Row
from snerydder.study.protocol import Protocol


def results(protocol: Protocol, published: PublishedStudy) -> str:
    """Everything the report says, for a program."""
    found = published.trial
    told = {field.name: getattr(found, field.name) for field in fields(found)}
    told["outcomes"] = [_outcome(protocol, one) for one in found.outcomes]
    return json.dumps(_plain(told), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def compared(published: PublishedStudy) -> str:
    """The same of a comparison without a lottery: no number where a check failed."""
    return json.dumps(_plain(published.comparison), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _outcome(protocol: Protocol, one: OutcomeFound) -> Row:
    complier: Row = (
        {"refused": one.complier.key}
        if isinstance(one.complier, Refused)
        else {
            "effect": one.complier.curve.effect[one.week], "error": one.complier.curve.error[one.week], "first_stage": one.complier.first_stage, "robust_f": one.complier.robust_f,
            "always": one.complier.always, "never": one.complier.never, "control_mean": one.complier.control_mean[one.week], "anderson_rubin": one.complier.anderson_rubin[one.week],
        }
    )  # fmt: skip
    return {
        "name": one.name, "week": one.week, "share_control": one.control[one.week], "share_treated": one.treated[one.week], "effect": outcome_rows.number(one.name, f"week {one.week}", "difference", one.headline(protocol.alpha)),
        "critical_pointwise": one.band.pointwise, "critical_all": one.band.simultaneous, "from_week_pointwise": one.lasting_pointwise, "from_week_all": one.lasting_simultaneous,
        "first_week_pointwise": one.ever_pointwise, "first_week_all": one.ever_simultaneous, "summary_p_permuted": one.summary_permuted, "summaries": outcome_rows.summaries(protocol, one),
        "weekly": outcome_rows.weekly(one), "subgroups": outcome_rows.subgroups(protocol, one), "receiving": complier, "corrected_contrasts": one.corrected_contrasts,
    }  # fmt: skip


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    if isinstance(value, np.ndarray):
        return [_plain(one) for one in value.tolist()]
    if isinstance(value, Refused):
        return {"refused": value.key, "reason": value.reason}
    if isinstance(value, Curve):  # the influence of each person stays in the run
        return {"effect": _plain(value.effect), "error": _plain(value.error), "method": value.method}
    if isinstance(value, Spread):
        return _plain({name: getattr(value, name) for name in ("mean", "lower", "upper", "positive")})
    if hasattr(value, "__dataclass_fields__"):
        return _plain({field.name: getattr(value, field.name) for field in fields(value)})
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    if isinstance(value, (int, np.integer)):
        return int(value)
    if isinstance(value, (float, np.floating)):
        number = float(value)
        return float(f"{number:.10g}") if math.isfinite(number) else None
    return value

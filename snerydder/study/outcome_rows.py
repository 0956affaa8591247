"""One outcome as tidy rows: its weeks, sums, parts and definitions. `tables` has the columns, `results_file` the JSON."""

from __future__ import annotations

from typing import Any

import numpy as np

from snerydder.effects.complier import Complier
from snerydder.effects.results import Refused
from snerydder.study.findings import Number, OutcomeFound, Panel
from snerydder.study.protocol import Protocol

Row = dict[str, Any]
YEAR = 52
NUMBER = ("effect", "error", "lower", "upper", "p")


def weekly(one: OutcomeFound) -> list[Row]:
    rows, error, p = [], one.curve.error, one.curve.p
    error_of_receiving = one.complier.curve.error if isinstance(one.complier, Complier) else None
    for t, week in enumerate(one.weeks.tolist()):
        row: Row = {
            "outcome": one.name, "week": week, "level": one.band.level, "n_control": one.n_control[t], "n_treated": one.n_treated[t], "yes_control": one.yes_control[t], "yes_treated": one.yes_treated[t],
            "share_control": one.control[t], "share_treated": one.treated[t], "effect": one.curve.effect[t], "error": error[t],
            "p": p[t], "p_adjusted": one.adjusted[t], "p_permuted": one.permuted[t], "p_permuted_family": one.permuted_family[t],
        }  # fmt: skip
        for band, mark in ((one.band, ""), (one.band_wide, "_95")):
            row |= {
                f"lower{mark}": band.lower[t],
                f"upper{mark}": band.upper[t],
                f"lower{mark}_all": band.simultaneous_lower[t],
                f"upper{mark}_all": band.simultaneous_upper[t],
            }
        if isinstance(one.complier, Complier) and error_of_receiving is not None:
            row |= {
                "effect_of_receiving": one.complier.curve.effect[t],
                "error_of_receiving": error_of_receiving[t],
                "control_complier_mean": one.complier.control_mean[t],
            }
        if (late := one.receipt_band) is not None:
            row |= {
                "receiving_lower": late.lower[t], "receiving_upper": late.upper[t],
                "receiving_lower_all": late.simultaneous_lower[t], "receiving_upper_all": late.simultaneous_upper[t],
            }  # fmt: skip
        if one.family is not None:
            row |= {"p_adjusted_family": one.family.adjusted[t], "lower_family": one.family.lower[t], "upper_family": one.family.upper[t]}
        rows.append(row)
    return rows


def summaries(protocol: Protocol, one: OutcomeFound) -> list[Row]:
    low, high = protocol.summary
    rows = [
        number(one.name, f"mean of weeks {low}-{high}", "difference", one.summary),
        number(one.name, f"weeks in state, {protocol.first}-{protocol.last}", "difference", one.total_weeks),
    ]
    if isinstance(one.shift, Refused):
        rows.append(number(one.name, f"weeks in state, {protocol.first}-{protocol.last}", "lottery drawn again", one.shift))
    else:
        rows.append({"outcome": one.name, "what": f"weeks in state, {protocol.first}-{protocol.last}", "method": "lottery drawn again", "effect": one.shift.estimate, "lower": one.shift.lower, "upper": one.shift.upper, "refused": ""})
    rows += [number(one.name, f"week {one.week}", "" if isinstance(row, Refused) else row.name_en, row) for row in one.methods]
    return rows + [number(one.name, f"week {(week := row.nearest(one.week))}, {row.label_en}", "difference", row.at(week)) for row in one.definitions]


def number(outcome: str, what: str, method: str, found: Number | Refused) -> Row:
    row: Row = {"outcome": outcome, "what": what, "method": method}
    if isinstance(found, Refused):
        return {**row, **dict.fromkeys(NUMBER), "refused": found.key}
    return {**row, **{name: getattr(found, name) for name in NUMBER}, "refused": ""}


def definitions(one: OutcomeFound) -> list[Row]:
    """Every way of measuring the outcome, every week."""
    return [
        {
            "outcome": one.name, "definition": row.label_en, "week": week, "share_control": row.panel.control[t], "share_treated": row.panel.treated[t],
            "effect": row.panel.effect[t], "error": row.panel.error[t], "lower": row.panel.lower[t], "upper": row.panel.upper[t], "p": row.p[t],
        }
        for row in one.definitions
        for t, week in enumerate(one.weeks.tolist())
    ]  # fmt: skip


def years(protocol: Protocol, one: OutcomeFound) -> list[Row]:
    """Weeks in the state per person and year after the draw: what a cost model asks for."""
    rows: list[Row] = []
    for year, first in enumerate(range(0, len(one.weeks), YEAR), 1):
        inside = one.weeks[first : first + YEAR]
        part = one.curve.at(np.isin(one.weeks, inside)).combine(np.ones(len(inside)))  # a week held back in another year is no matter
        low, high = part.interval(protocol.alpha)
        number = {"effect": part.effect[0], "error": part.error[0], "lower": low[0], "upper": high[0], "p": part.p[0]}
        rows.append({"outcome": one.name, "year": year, "first_week": int(inside[0]), "last_week": int(inside[-1]), **number})
    return rows


def of_panel(one: OutcomeFound, panel: Panel) -> list[Row]:
    return [
        {
            "outcome": one.name, "split": panel.group or "stratum", "part": panel.part, "week": week, "persons": panel.persons, "share_control": panel.control[t], "share_treated": panel.treated[t],
            "effect": panel.effect[t], "error": panel.error[t], "lower": panel.lower[t], "upper": panel.upper[t],
        }
        for t, week in enumerate(one.weeks.tolist())
    ]  # fmt: skip


def subgroups(protocol: Protocol, one: OutcomeFound) -> list[Row]:
    rows = []
    for split in one.splits:
        for part in split.parts:
            row: Row = {
                "outcome": one.name, "split": split.name, "part": part.name, "persons": part.persons, "p_homogeneity": split.homogeneity_p,
                "p_homogeneity_corrected": one.corrected_contrasts.get(split.name), "refused": "",
            }  # fmt: skip
            if isinstance(part.curve, Refused):
                row |= {"refused": part.curve.key}
            else:
                low, high = part.curve.interval(protocol.alpha)
                row |= {
                    "effect": part.curve.effect[0], "error": part.curve.error[0], "lower": low[0], "upper": high[0], "p": part.curve.p[0],
                    "p_corrected": one.corrected_parts[f"{split.name} · {part.name}"],
                }  # fmt: skip
            rows.append(row)
    return rows


def interactions(one: OutcomeFound) -> list[Row]:
    return [
        {key: part for key, part in number(one.name, "", "", along.change).items() if key not in ("what", "method")}
        | {"name": along.name, "per": along.per, "persons": along.persons, "p_corrected": along.corrected}
        for along in one.along
    ]

"""Tidy tables and the JSON: one row a fact, columns documented in docs/method/tables.md and stable.

Every table is written twice, as Parquet and as CSV. Numbers carry ten significant digits: more than any of them deserves, and the
same from run to run and from machine to machine.
"""

from __future__ import annotations

import csv
import json
import math
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np

from snerydder.effects.attrition import Bounds
from snerydder.effects.complier import Complier
from snerydder.effects.results import Curve, Refused
from snerydder.effects.sensitivity import Spread
from snerydder.effects.survival import Survival
from snerydder.registers import weeks
from snerydder.study.answers import AnswerFound
from snerydder.study.findings import Number, OutcomeFound, Panel
from snerydder.study.found import Findings
from snerydder.study.gate import PublishedStudy
from snerydder.study.looks import Looks
from snerydder.study.mapping import Courses
from snerydder.study.money import Money
from snerydder.study.protocol import Protocol

Row = dict[str, Any]
YEAR = 52
WIDE = 0.95  # the second level of the bands, beside the protocol's own
NUMBER = {"effect": float, "error": float, "lower": float, "upper": float, "p": float}
COLUMNS: dict[str, dict[str, type]] = {
    "weekly": {
        "outcome": str, "week": int, "level": float, "n_control": int, "n_treated": int, "yes_control": int, "yes_treated": int, "share_control": float, "share_treated": float,
        "effect": float, "error": float, "p": float, "p_adjusted": float, "p_permuted": float, "p_permuted_family": float, "lower": float, "upper": float, "lower_all": float,
        "upper_all": float, "lower_95": float, "upper_95": float, "lower_95_all": float, "upper_95_all": float, "effect_of_receiving": float, "error_of_receiving": float,
        "control_complier_mean": float, "p_adjusted_family": float, "lower_family": float, "upper_family": float,
        "receiving_lower": float, "receiving_upper": float, "receiving_lower_all": float, "receiving_upper_all": float,
    },
    "summaries": {"outcome": str, "what": str, "method": str, **NUMBER, "refused": str},
    "balance": {"name": str, "control": float, "treated": float, "smd": float, "variance_ratio": float, "p": float, "n_control": int, "n_treated": int},
    "alike": {"test": str, "statistic": float, "df1": int, "df2": int, "p": float, "redraws": int, "refused": str},
    "subgroups": {"outcome": str, "split": str, "part": str, "persons": int, **NUMBER, "p_corrected": float, "p_homogeneity": float, "p_homogeneity_corrected": float, "refused": str},
    "interactions": {"outcome": str, "name": str, "per": float, "persons": int, **NUMBER, "p_corrected": float, "refused": str},
    "flow": {"step": str, "control": int, "treated": int},
    "definitions": {"outcome": str, "definition": str, "week": int, "share_control": float, "share_treated": float, **NUMBER},
    "years": {"outcome": str, "year": int, "first_week": int, "last_week": int, **NUMBER},
    "dose": {"persons": int, "what": str, "low": float, "median": float, "high": float, "mean": float},
    "described": {"outcome": str, "week": int, "share_others": float, "share_started": float},
    "delivery": {"week": int, "share_with_contact": float, "minutes": float},
    "places": {"name": str, "control": int, "treated": int, "mentors": int, "full_time": int, "part_time": int, "per_full_time": float},
    "parts": {"outcome": str, "split": str, "part": str, "week": int, "persons": int, "share_control": float, "share_treated": float, "effect": float, "error": float, "lower": float, "upper": float},
    "points": {"point": int, "label": str, "numerator": int, "denominator": int, "unknown": int, "share": float},
    "reached": {"outcome": str, "week": int, "share_control": float, "share_treated": float, "effect": float, "error": float},
    "benefit": {"arm": str, "week": float, "at_risk": int, "ended": int, "share": float, "error": float, "lower": float, "upper": float},
    "money": {"view": str, "line": str, **NUMBER},
    "power": {"outcome": str, "effect": float, "power": float, "power_all": float},
    "courses": {"week": float, "at_risk": int, "ended": int, "share": float, "error": float, "lower": float, "upper": float},
    "follows": {"kind": str, "week": int, "at_risk": int, "share": float, "error": float},
    "survey": {"question": str, "yes": int, "answers": int, "share": float, "lower": float, "upper": float},
    "compared": {"outcome": str, "week": int, "effect": float, "error": float, "lower": float, "upper": float, "lower_all": float, "upper_all": float},
    "answers": {"question": str, "what": str, "effect": float, "error": float, "lower": float, "upper": float, "least": float, "most": float, "refused": str},
    "looks": {"outcome": str, "calendar_week": str, "persons": int, "estimate": float, "lower": float, "upper": float, "lower_exact": float, "upper_exact": float},
    "quality": {"key": str, "text": str, "count": int, "of": int, "policy": str},
}  # fmt: skip


def rows(protocol: Protocol, published: PublishedStudy) -> dict[str, list[Row]]:
    found = published.trial
    return {
        "weekly": [row for one in found.outcomes for row in _weekly(one)],
        "summaries": [row for one in found.outcomes for row in _summaries(protocol, one)],
        "balance": [{name: getattr(line, name) for name in COLUMNS["balance"]} for line in found.balance if not isinstance(line, Refused)],
        "alike": _alike(found),
        "subgroups": [row for one in found.outcomes for row in _subgroups(protocol, one)],
        "interactions": [row for one in found.outcomes for row in _interactions(one)],
        "flow": _flow(found),
        "definitions": [row for one in found.outcomes for row in _definitions(one)],
        "years": [row for one in found.outcomes for row in _years(protocol, one)],
        "dose": [{"what": one.what_en, **{name: getattr(one, name) for name in ("persons", "low", "median", "high", "mean")}} for one in found.delivery.dose] if found.delivery else [],
        "delivery": _delivery(found),
        "places": [{name: getattr(place, name) for name in COLUMNS["places"]} for place in found.places],
        "parts": [row for one in found.outcomes for panel in (*one.panels, *one.by_place) for row in _panel(one, panel)],
        "points": [{name: getattr(point, name) for name in COLUMNS["points"]} for point in found.points if not isinstance(point, Refused)],
        "reached": _reached(found),
        "benefit": [] if isinstance(found.benefit, Refused) else [{"arm": arm} | row for arm in ("control", "treated") for row in _survival(getattr(found.benefit, arm))],
        "money": _money(found),
        "power": [] if isinstance(found.power, Refused) else [{"outcome": one.question.name_en, "effect": size, "power": alone, "power_all": whole} for one in found.power for size, alone, whole in one.table],
        "courses": _survival(found.mapped.courses.length) if isinstance(found.mapped.courses, Courses) else [],
        "follows": _follows(found.mapped.courses) if isinstance(found.mapped.courses, Courses) else [],
        "survey": [{"question": one.name, "yes": one.yes, "answers": one.of, "share": one.share, "lower": one.lower, "upper": one.upper} for one in found.mapped.survey],
        "answers": [row for one in found.answers for row in _answers(one)],
        "looks": [row for one in found.looks if isinstance(one, Looks) for row in _looks(one)],
        "quality": [{"key": row.key, "text": row.text_en, "count": row.count, "of": row.of, "policy": row.policy} for row in found.quality],
    }


def _flow(found: Findings) -> list[Row]:
    rows: list[Row] = [{"step": "drawn", "control": found.control, "treated": found.treated}]
    if found.received is not None and found.delivery is not None:
        rows.append({"step": "had contact", "control": found.delivery.control_ever, "treated": found.received})
    return [*rows, {"step": "analysed", "control": found.control, "treated": found.treated}]


def _definitions(one: OutcomeFound) -> list[Row]:
    """Every way of measuring the outcome, every week."""
    return [
        {
            "outcome": one.name, "definition": row.label_en, "week": week, "share_control": row.panel.control[t], "share_treated": row.panel.treated[t],
            "effect": row.panel.effect[t], "error": row.panel.error[t], "lower": row.panel.lower[t], "upper": row.panel.upper[t],
        }
        for row in one.definitions
        for t, week in enumerate(one.weeks.tolist())
    ]  # fmt: skip


def _years(protocol: Protocol, one: OutcomeFound) -> list[Row]:
    """Weeks in the state per person and year after the draw: what a cost model asks for."""
    rows: list[Row] = []
    for year, first in enumerate(range(0, len(one.weeks), YEAR), 1):
        inside = one.weeks[first : first + YEAR]
        part = one.curve.combine(np.isin(one.weeks, inside).astype(float))
        low, high = part.interval(protocol.alpha)
        number = {"effect": part.effect[0], "error": part.error[0], "lower": low[0], "upper": high[0], "p": part.p[0]}
        rows.append({"outcome": one.name, "year": year, "first_week": int(inside[0]), "last_week": int(inside[-1]), **number})
    return rows


def _alike(found: Findings) -> list[Row]:
    one, rows = found.alike, list[Row]()
    rows.append(_refused("f", one.f) if isinstance(one.f, Refused) else {"test": "f", "statistic": one.f.f, "df1": one.f.df1, "df2": one.f.df2, "p": one.f.p, "refused": ""})
    rows.append(_refused("wald", one.wald) if isinstance(one.wald, Refused) else {"test": "wald", "statistic": one.wald.statistic, "df1": one.wald.df, "p": one.wald.p, "refused": ""})
    lots = one.redrawn
    rows.append(_refused("redrawn", lots) if isinstance(lots, Refused) else {"test": "redrawn", "statistic": lots.f, "p": lots.p, "redraws": lots.redraws, "refused": ""})
    return rows


def _refused(test: str, one: Refused) -> Row:
    return {"test": test, "refused": one.key}


def _panel(one: OutcomeFound, panel: Panel) -> list[Row]:
    return [
        {
            "outcome": one.name, "split": panel.group or "stratum", "part": panel.part, "week": week, "persons": panel.persons, "share_control": panel.control[t], "share_treated": panel.treated[t],
            "effect": panel.effect[t], "error": panel.error[t], "lower": panel.lower[t], "upper": panel.upper[t],
        }
        for t, week in enumerate(one.weeks.tolist())
    ]  # fmt: skip


def _reached(found: Findings) -> list[Row]:
    one = found.reached
    if isinstance(one, Refused):
        return []
    return [
        {"outcome": name, "week": int(week), "share_control": one.control[k][t], "share_treated": one.treated[k][t], "effect": one.difference[k].effect[t], "error": one.difference[k].error[t]}
        for k, name in enumerate(one.names)
        for t, week in enumerate(one.weeks.tolist())
    ]


def _survival(one: Survival) -> list[Row]:
    columns = {"week": one.time, "at_risk": one.at_risk, "ended": one.events, "share": one.share, "error": one.error, "lower": one.lower, "upper": one.upper}
    return [{name: values[t] for name, values in columns.items()} for t in range(len(one.time))]


def _follows(one: Courses) -> list[Row]:
    return [
        {"kind": kind, "week": int(week), "at_risk": one.after.at_risk[t], "share": curve.effect[t], "error": curve.error[t]}
        for kind, curve in zip(one.kinds, one.after.curves, strict=True)
        for t, week in enumerate(one.after.weeks.tolist())
    ]


def _answers(one: AnswerFound) -> list[Row]:
    """Numbers have an effect; bounds have the least and the most the effect can be."""
    rows: list[Row] = []
    for what in ("response", "among", "reweighted", "lee", "manski"):
        found: Number | Bounds | Refused = getattr(one, what)
        row: Row = {"question": one.name, "what": what, "refused": ""}
        if isinstance(found, Refused):
            row["refused"] = found.key
        elif isinstance(found, Bounds):
            row |= {"least": found.lower.effect[0], "most": found.upper.effect[0], "lower": found.interval_lower[0], "upper": found.interval_upper[0]}
        else:
            row |= {name: getattr(found, name) for name in ("effect", "error", "lower", "upper")}
        rows.append(row)
    return rows


def _money(found: Findings) -> list[Row]:
    """What each line gives each purse, and the purse's total with its interval."""
    one = found.money
    if not isinstance(one, Money):
        return []
    rows: list[Row] = []
    for view, number in one.views.items():
        rows += [{"view": view, "line": line, "effect": value} for line, value in zip(one.lines, one.by_view[view], strict=True)]
        rows.append({"view": view, "line": "total", **{name: getattr(number, name) for name in NUMBER}})
    return rows


def _looks(one: Looks) -> list[Row]:
    columns = {"persons": one.persons, "estimate": one.estimate, "lower": one.lower, "upper": one.upper, "lower_exact": one.exact_lower, "upper_exact": one.exact_upper}
    return [{"outcome": one.outcome, "calendar_week": weeks.name(int(week)), **{name: values[t] for name, values in columns.items()}} for t, week in enumerate(one.calendar)]


def write(folder: Path, found: dict[str, list[Row]]) -> None:
    """A table nobody has a row for is not written."""
    import polars as pl

    kinds = {str: pl.String, int: pl.Int64, float: pl.Float64}
    for name, table in found.items():
        if not table:
            continue
        columns = COLUMNS[name]
        typed = [{column: _typed(row.get(column), kind) for column, kind in columns.items()} for row in table]
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as opened:
            writer = csv.DictWriter(opened, list(columns), lineterminator="\n")
            writer.writeheader()
            writer.writerows({column: _written(value) for column, value in row.items()} for row in typed)
        pl.DataFrame(typed, schema={column: kinds[kind] for column, kind in columns.items()}).write_parquet(folder / f"{name}.parquet")


def _typed(value: Any, kind: type) -> Any:
    """None where there is no number, also in a column of words."""
    if value is None or (isinstance(value, (float, np.floating)) and not math.isfinite(value)):
        return None
    return float(f"{float(value):.10g}") if kind is float else kind(value)


def _written(value: Any) -> Any:
    return "" if value is None else f"{value:.10g}" if isinstance(value, float) else value


def _weekly(one: OutcomeFound) -> list[Row]:
    rows = []
    for t, week in enumerate(one.weeks.tolist()):
        row: Row = {
            "outcome": one.name, "week": week, "level": one.band.level, "n_control": one.n_control[t], "n_treated": one.n_treated[t], "yes_control": one.yes_control[t], "yes_treated": one.yes_treated[t],
            "share_control": one.control[t], "share_treated": one.treated[t], "effect": one.curve.effect[t], "error": one.curve.error[t],
            "p": one.curve.p[t], "p_adjusted": one.adjusted[t], "p_permuted": one.permuted[t], "p_permuted_family": one.permuted_family[t],
        }  # fmt: skip
        for band, mark in ((one.band, ""), (one.band_wide, "_95")):
            row |= {
                f"lower{mark}": band.lower[t],
                f"upper{mark}": band.upper[t],
                f"lower{mark}_all": band.simultaneous_lower[t],
                f"upper{mark}_all": band.simultaneous_upper[t],
            }
        if isinstance(one.complier, Complier):
            row |= {
                "effect_of_receiving": one.complier.curve.effect[t],
                "error_of_receiving": one.complier.curve.error[t],
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


def _number(outcome: str, what: str, method: str, number: Number | Refused) -> Row:
    if isinstance(number, Refused):
        return {
            "outcome": outcome,
            "what": what,
            "method": method,
            "effect": None,
            "error": None,
            "lower": None,
            "upper": None,
            "p": None,
            "refused": number.key,
        }
    return {
        "outcome": outcome,
        "what": what,
        "method": method,
        **{name: getattr(number, name) for name in ("effect", "error", "lower", "upper", "p")},
        "refused": "",
    }


def _summaries(protocol: Protocol, one: OutcomeFound) -> list[Row]:
    low, high = protocol.summary
    rows = [
        _number(one.name, f"mean of weeks {low}-{high}", "difference", one.summary),
        _number(one.name, f"weeks in state, {protocol.first}-{protocol.last}", "difference", one.total_weeks),
    ]
    if isinstance(one.shift, Refused):
        rows.append(_number(one.name, f"weeks in state, {protocol.first}-{protocol.last}", "lottery drawn again", one.shift))
    else:
        rows.append({"outcome": one.name, "what": f"weeks in state, {protocol.first}-{protocol.last}", "method": "lottery drawn again", "effect": one.shift.estimate, "lower": one.shift.lower, "upper": one.shift.upper, "refused": ""})
    rows += [_number(one.name, f"week {one.week}", "" if isinstance(row, Refused) else row.name_en, row) for row in one.methods]
    return rows + [_number(one.name, f"week {one.week}, {row.label_en}", "difference", row.number) for row in one.definitions]


def _subgroups(protocol: Protocol, one: OutcomeFound) -> list[Row]:
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


def _interactions(one: OutcomeFound) -> list[Row]:
    return [
        {key: part for key, part in _number(one.name, "", "", along.change).items() if key not in ("what", "method")}
        | {"name": along.name, "per": along.per, "persons": along.persons, "p_corrected": along.corrected}
        for along in one.along
    ]


def _delivery(found: Findings) -> list[Row]:
    if found.delivery is None:
        return []
    return [
        {"week": week, "share_with_contact": share, "minutes": minutes}
        for week, (share, minutes) in enumerate(zip(found.delivery.share, found.delivery.minutes, strict=True))
    ]


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
        "name": one.name, "week": one.week, "share_control": one.control[one.week], "share_treated": one.treated[one.week], "effect": _number(one.name, f"week {one.week}", "difference", one.headline(protocol.alpha)),
        "critical_pointwise": one.band.pointwise, "critical_all": one.band.simultaneous, "from_week_pointwise": one.lasting_pointwise, "from_week_all": one.lasting_simultaneous,
        "first_week_pointwise": one.ever_pointwise, "first_week_all": one.ever_simultaneous, "summary_p_permuted": one.summary_permuted, "summaries": _summaries(protocol, one),
        "weekly": _weekly(one), "subgroups": _subgroups(protocol, one), "receiving": complier, "corrected_contrasts": one.corrected_contrasts,
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

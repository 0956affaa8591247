"""Tidy tables: one row a fact, columns documented in docs/method/tables.md and stable.

Every table is written twice, as Parquet and as CSV. Numbers carry ten significant digits: more than any of them deserves, and the
same from run to run and from machine to machine.
"""

from __future__ import annotations

import csv
import math
from pathlib import Path
from typing import Any

import numpy as np

from snerydder.effects.attrition import Bounds
from snerydder.effects.results import Refused
from snerydder.effects.survival import Survival
from snerydder.registers import weeks
from snerydder.study import outcome_rows
from snerydder.study.answers import AnswerFound
from snerydder.study.findings import Number
from snerydder.study.found import Findings
from snerydder.study.gate import PublishedStudy
from snerydder.study.looks import Looks
from snerydder.study.mapping import Courses
from snerydder.study.money import Money
from snerydder.study.outcome_rows import Row
from snerydder.study.protocol import Protocol

NUMBER = dict.fromkeys(outcome_rows.NUMBER, float)
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
        "weekly": [row for one in found.outcomes for row in outcome_rows.weekly(one)],
        "summaries": [row for one in found.outcomes for row in outcome_rows.summaries(protocol, one)],
        "balance": [{name: getattr(line, name) for name in COLUMNS["balance"]} for line in found.balance if not isinstance(line, Refused)],
        "alike": _alike(found),
        "subgroups": [row for one in found.outcomes for row in outcome_rows.subgroups(protocol, one)],
        "interactions": [row for one in found.outcomes for row in outcome_rows.interactions(one)],
        "flow": _flow(found),
        "definitions": [row for one in found.outcomes for row in outcome_rows.definitions(one)],
        "years": [row for one in found.outcomes for row in outcome_rows.years(protocol, one)],
        "dose": [{"what": one.what_en, **{name: getattr(one, name) for name in ("persons", "low", "median", "high", "mean")}} for one in found.delivery.dose] if found.delivery else [],
        "delivery": _delivery(found),
        "places": [{name: getattr(place, name) for name in COLUMNS["places"]} for place in found.places],
        "parts": [row for one in found.outcomes for panel in (*one.panels, *one.by_place) for row in outcome_rows.of_panel(one, panel)],
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


def _alike(found: Findings) -> list[Row]:
    one, rows = found.alike, list[Row]()
    rows.append(_refused("f", one.f) if isinstance(one.f, Refused) else {"test": "f", "statistic": one.f.f, "df1": one.f.df1, "df2": one.f.df2, "p": one.f.p, "refused": ""})
    rows.append(_refused("wald", one.wald) if isinstance(one.wald, Refused) else {"test": "wald", "statistic": one.wald.statistic, "df1": one.wald.df, "p": one.wald.p, "refused": ""})
    lots = one.redrawn
    rows.append(_refused("redrawn", lots) if isinstance(lots, Refused) else {"test": "redrawn", "statistic": lots.f, "p": lots.p, "redraws": lots.redraws, "refused": ""})
    return rows


def _refused(test: str, one: Refused) -> Row:
    return {"test": test, "refused": one.key}


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


def _delivery(found: Findings) -> list[Row]:
    if found.delivery is None:
        return []
    return [
        {"week": week, "share_with_contact": share, "minutes": minutes}
        for week, (share, minutes) in enumerate(zip(found.delivery.share, found.delivery.minutes, strict=True))
    ]

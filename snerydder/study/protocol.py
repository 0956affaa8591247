"""The protocol: one file that says what is compared with what, before anybody has seen the answer.

`toml_file` reads it, `keys` says what may stand in it, `sense` what may stand together.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from snerydder.study import toml_file
from snerydder.study.declared import Background, Interaction, Outcome, Protocol, Subgroup
from snerydder.study.keys import LISTS, SECTIONS
from snerydder.study.sense import makes_sense

__all__ = ["Background", "Interaction", "Outcome", "Protocol", "Subgroup", "read"]
KEPT = ("register", "lottery", "persons", "contacts", "mentors", "caseworkers", "policy", "power", "courses", "survey", "looks", "inspection", "answers", "prices")
ALWAYS = ("comparison", "estimators", "multiplicity", "policy", "power")  # sections whose keys all have a default


def read(file: Path) -> Protocol:
    found = toml_file.read(file)
    parts = {name: toml_file.section(file, found, name) if name in found or name in ALWAYS else {} for name in SECTIONS}
    lists = {name: toml_file.rows(file, found, name) for name in LISTS}
    window, kept = parts["window"], dict[str, Any]((name, parts[name]) for name in KEPT)
    protocol = Protocol(
        file=file, **toml_file.top(file, found), **kept,
        questions=tuple(lists["question"]), answer_list=tuple(lists["answer"]), price_steps=tuple(lists["price"]),
        first=window["first"], last=window["last"], summary=_summary(window), estimators=tuple(parts["estimators"]["use"]), errors=tuple(parts["estimators"]["errors"]),
        before=parts["comparison"]["before"], waiting=parts["comparison"]["waiting"], period=parts["comparison"]["period"], correction=parts["multiplicity"]["method"],
        outcomes=tuple(Outcome(**{**row, "also": tuple(row["also"]), "expected": tuple(row["expected"])}) for row in lists["outcome"]),
        background=tuple(Background(**row) for row in lists["background"]),
        subgroups=tuple(Subgroup(**{**row, "labels": tuple(row["labels"])}) for row in lists["subgroup"]),
        interactions=tuple(Interaction(**row) for row in lists["interaction"]),
    )  # fmt: skip
    makes_sense(protocol)
    return protocol


def _summary(window: dict[str, Any]) -> tuple[int, int]:
    last = window["last"]
    return (window["summary_from"] if window["summary_from"] >= 0 else max(0, last - 23), window["summary_to"] if window["summary_to"] >= 0 else last)

"""The page of traps names only tests that are there, and what the report itself must warn of."""

import ast
import re
from pathlib import Path

import numpy as np
import pytest

from snerydder.study.estimating import named_covariates

TESTS = Path(__file__).parents[1]
PAGE = TESTS.parent / "docs" / "method" / "traps.md"
NAMED = sorted(set(re.findall(r"`([\w/]+\.py)::(\w+)`", PAGE.read_text(encoding="utf-8"))))


@pytest.mark.parametrize("file", sorted({file for file, _ in NAMED}))
def test_every_test_the_page_names_is_there(file):
    there = {part.name for part in ast.walk(ast.parse((TESTS / file).read_text(encoding="utf-8"))) if isinstance(part, ast.FunctionDef)}
    assert {name for other, name in NAMED if other == file} <= there


def test_every_trap_has_a_test():
    rows = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| ") and not line.startswith(("| Trap", "|---"))]
    assert len(rows) > 60 and all("::test_" in row.rsplit("|", 2)[1] for row in rows)


def test_nobody_leaves_for_want_of_a_background_value(trial):
    names, matrix = named_covariates(trial.data)
    unknown = [name for name, values in trial.data.background.items() if np.isnan(values).any()]
    assert unknown and len(trial.data.persons) == 2588
    assert matrix.shape == (2588, len(names)) and np.isfinite(matrix).all()
    assert any("mangler" in name.lower() or name.endswith("(–)") for name in names)  # who lacked it is a column of its own


def test_the_report_warns_of_what_it_cannot_say(trial):
    for words in (
        "At forskellen begyndte i en bestemt uge", "At kontrolgruppen var helt uberørt, hvis de samme mentorer", "er ikke forløbets fortjeneste",
        "Kurverne regner fra lodtrækningen, så ingen er valgt fra undervejs", "Ingen i kontrolgruppen havde en mentor",
    ):  # fmt: skip
        assert words in trial.html, words


def test_a_list_of_subgroups_is_said_to_be_no_difference(trial):
    for words in ("sikker i den ene gruppe og ikke i den anden, er ikke bevis", "Der er taget højde for, at der er set på", "p for ens effekt"):
        assert words in trial.html, words

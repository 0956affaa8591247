"""The picture of the states in each README is the dictionary the code obeys."""

from pathlib import Path
from typing import Any

import pytest

from snerydder.casework.cases import states as cases
from snerydder.casework.grants import states as grants
from snerydder.casework.inspections import states as inspections
from snerydder.casework.payments import states as payments
from snerydder.casework.trials import states as trials


def diagram(states: Any, transitions: dict[str, set[str]]) -> str:
    lines = ["stateDiagram-v2"]
    lines += [f"    {state.value} : {state.label}" for state in states]
    lines += [f"    {state.value} --> {after.value}" for state in states for after in states if after in transitions[state]]
    return "\n".join(lines)


NOUNS = [
    ("cases", cases.Stage, cases.TRANSITIONS), ("grants", grants.GrantState, grants.TRANSITIONS),
    ("payments", payments.InvoiceState, payments.TRANSITIONS),
    ("inspections", inspections.SampleState, inspections.TRANSITIONS),
    ("trials", trials.TrialState, trials.TRANSITIONS),
]  # fmt: skip


@pytest.mark.parametrize(("noun", "states", "transitions"), NOUNS, ids=[noun for noun, *_rest in NOUNS])
def test_the_picture_is_the_dictionary(repository: Path, noun: str, states: Any, transitions: Any) -> None:
    readme = (repository / "snerydder" / "casework" / noun / "README.md").read_text("utf-8")
    wanted = diagram(states, transitions)
    assert wanted in readme, f"put this in {noun}/README.md:\n{wanted}"
    words = [line for line in readme.splitlines() if line and "mermaid" not in line and "```" not in line and "    " not in line[:4]]
    assert len(words) <= 14, "ten lines and a picture"


@pytest.mark.parametrize(("noun", "states", "transitions"), NOUNS, ids=[noun for noun, *_rest in NOUNS])
def test_every_state_can_be_reached_and_is_in_the_dictionary(noun: str, states: Any, transitions: Any) -> None:
    first, *rest = [state.value for state in states]
    assert set(transitions) == {first, *rest}
    assert {after for following in transitions.values() for after in following} >= set(rest)

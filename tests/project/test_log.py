import logging

import pytest

from snerydder.project.log import Blotting


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("010190-1234 findes", "••••••-•••• findes"),
        ("Key (cpr)=(0101901234) already exists", "Key (cpr)=(••••••••••) already exists"),
        ("tlf 12345678, uge 12", "tlf 12345678, uge 12"),
        ("fil 20261122040641", "fil 20261122040641"),
    ],
)
def test_a_cpr_number_is_blotted_out(text: str, expected: str) -> None:
    assert Blotting("{message}", style="{").format(logging.LogRecord("x", 30, "x", 1, text, (), None)) == expected


def test_also_inside_a_traceback() -> None:
    try:
        raise ValueError("0101901234")
    except ValueError as fault:
        record = logging.LogRecord("x", 40, "x", 1, "fejl", (), (type(fault), fault, fault.__traceback__))
    assert "0101901234" not in Blotting("{message}", style="{").format(record)

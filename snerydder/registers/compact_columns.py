"""What every way into the compact form shares: the columns' names, their weeks, and what is said when they are wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from snerydder.registers import weeks
from snerydder.registers.faults import BadInput, some

Progress = Callable[[int, int], None]  # done, of how many


@dataclass(frozen=True)
class Columns:
    """What the columns are called where they are not y_yyww. Weeks are dates, or whole weeks since Monday 5 January 1970."""

    key: str = "pnr"
    code: str = "code"
    week: str = "week"  # long form
    begin: str = "begin"  # spell form
    end: str = "end"
    to_is: str = "after"  # what `end` holds: the week or day after the spell, or its "last"; "" when nobody has said


def plausible(names: Iterable[str]) -> list[str]:
    return [name for name in names if name[:2].lower() == "y_"]


def source(file: Path) -> dict[str, Any]:
    return {"name": file.name, "bytes": file.stat().st_size}


def week_columns(file: Path, names: list[str]) -> dict[str, int]:
    """Column name to absolute week; a week that never was, or stands twice, is told."""
    found: dict[str, int] = {}
    taken: dict[int, str] = {}
    for name in plausible(names):
        try:
            week = weeks.week_of_column(name)
        except ValueError:
            raise BadInput(
                file, f"Ugen {name} findes ikke i kalenderen.", f"kolonne {name}", "uge 53 kun i år, der har den", "Ret kolonnens navn."
            ) from None
        if week is None:
            continue
        if week in taken:
            raise BadInput(file, f"Ugen står to gange: {taken[week]} og {name}.", mend="Behold den ene kolonne.")
        taken[week] = name
        found[name] = week
    if not found:
        raise BadInput(file, "Der er ingen ugekolonner.", expected="kolonner som y_1234 (år 2012, uge 34)", mend="Er det den rigtige fil?")
    return found


def span(found: dict[str, int]) -> tuple[int, NDArray[np.bool_]]:
    first = min(found.values())
    covered = np.zeros(max(found.values()) - first + 1, dtype=bool)
    covered[np.array(list(found.values())) - first] = True
    return first, covered


def require(file: Path, names: Iterable[str], wanted: list[str]) -> None:
    if missing := [name for name in wanted if name not in names]:
        raise BadInput(
            file,
            f"Kolonnen {some(missing)} findes ikke.",
            expected=f"en af: {some(list(names), 12)}",
            mend="Skriv kolonnernes navne: --key, og for lange filer --code, --week, --from, --to.",
        )


def no_code(file: Path, cell: object, row: int, column: str) -> BadInput:
    return BadInput(
        file,
        f"{cell!r} er ikke en DREAM-kode.",
        f"række {row + 2}, kolonne {column}",
        "tre cifre som 651, tomt eller .",
        "Ret cellen, eller spørg den, der lavede udtrækket.",
    )

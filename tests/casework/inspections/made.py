"""A sample at each step, made by the verbs."""

import copy
import hashlib
import json
from datetime import date, timedelta
from typing import Any

from snerydder.casework.inspections import actions, guide, lists
from snerydder.casework.inspections.models import Sample
from snerydder.casework.inspections.population import Wanted
from snerydder.casework.inspections.published.verify_draw import mark_of
from tests.build import DAY
from tests.cast import Cast

TODAY = date(2026, 12, 1)
SOURCE = "Vindertallene i Lotto lørdag i stigende rækkefølge"
NUMBER = "3 8 12 21 27 30 34"


def wanted(**details: Any) -> Wanted:
    return Wanted(**({"first": DAY - timedelta(days=30), "last": TODAY, "size": 5} | details))


def frozen(cast: Cast, seed_day: date = TODAY, **details: Any) -> Sample:
    return actions.freeze(
        by=cast.erik, title="Bevillinger i efteråret", wanted=wanted(**details), seed_source=SOURCE, seed_day=seed_day, answer_by=TODAY + timedelta(days=28)
    )


def drawn(cast: Cast, number: str = NUMBER, **details: Any) -> Sample:
    sample = frozen(cast, **details)
    actions.type_number(sample, by=cast.erik, number=number)
    return actions.type_number(sample, by=cast.henrik, number=number)


def answer_all(cast: Cast, sample: Sample, lacking: dict[int, list[str]] | None = None) -> None:
    """In order, but for the lines named of the cases at these places."""
    lines = guide.lines_of(sample.guide, part=2)
    for at, row in enumerate(sample.drawn_cases.order_by("stratum", "rank")):
        bad = (lacking or {}).get(at, [])
        actions.answer(sample, row, by=cast.erik, answers={key: ("lacking", "Det står der ikke.") if key in bad else ("ok", "") for key in lines})
    actions.answer(sample, None, by=cast.erik, answers=dict.fromkeys(guide.lines_of(sample.guide, part=1), ("ok", "")))


def written_again(told: dict[str, Any], change: Any) -> dict[str, Any]:
    """A whole new list with everything worked out from it: what somebody does who holds the file and the number."""
    other = copy.deepcopy(told)
    rows = [json.loads(line) for line in other["list"]]
    change(rows)
    other["list"] = [lists.line(row) for row in rows]
    other["list_sha256"] = mark_of(other)
    head, *tickets = rows
    other["drawn"] = []
    for group in head["strata"]:
        numbers = [row["ticket"] for row in tickets if row["stratum"] == group["key"]]
        numbers.sort(key=lambda number: hashlib.sha256(f"{other['seed']}\n{other['list_sha256']}\n{number}".encode()).hexdigest())
        other["drawn"] += [{"stratum": group["key"], "rank": rank, "ticket": number} for rank, number in enumerate(numbers[: max(group["size"], 0)], 1)]
    return other


def hide_one(rows: list[Any]) -> None:
    """A case in a group nobody draws from, and the group it was in made one smaller."""
    group = next(each for each in rows[0]["strata"] if each["key"] == rows[1]["stratum"])
    group["population"] -= 1
    group["size"] = min(group["size"], group["population"])
    rows[1]["stratum"] = "gemt"

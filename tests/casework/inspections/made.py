"""A sample at each step, made by the verbs."""

from datetime import date, timedelta
from typing import Any

from snerydder.casework.inspections import actions, guide
from snerydder.casework.inspections.models import Sample
from snerydder.casework.inspections.population import Wanted
from tests.build import DAY
from tests.cast import Cast

TODAY = date(2026, 12, 1)
SOURCE = "Vindertallene i Lotto lørdag i stigende rækkefølge"
NUMBER = "3 8 12 21 27 30 34"


def wanted(**details: Any) -> Wanted:
    return Wanted(**({"first": DAY - timedelta(days=30), "last": TODAY, "size": 5} | details))


def frozen(cast: Cast, **details: Any) -> Sample:
    return actions.freeze(
        by=cast.erik, title="Bevillinger i efteråret", wanted=wanted(**details), seed_source=SOURCE, seed_day=TODAY, answer_by=TODAY + timedelta(days=28)
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

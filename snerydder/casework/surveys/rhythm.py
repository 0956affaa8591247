"""When a questionnaire is open: so many weeks after the support began, a few days to each side, whatever has happened."""

from dataclasses import dataclass
from datetime import date, timedelta

from snerydder.casework.surveys.instrument import Instrument


@dataclass(frozen=True)
class Wave:
    number: int  # 1 is the first
    due: date
    opens: date
    closes: date


def wave_on(instrument: Instrument, started: date | None, day: date) -> Wave | None:
    """The round that is open on the day, if any."""
    if started is None:
        return None
    every, slack = timedelta(weeks=instrument.every_weeks), timedelta(days=instrument.open_days)
    number = (day - started + slack) // every
    due = started + number * every
    return Wave(number, due, due - slack, due + slack) if number >= 1 and day <= due + slack else None

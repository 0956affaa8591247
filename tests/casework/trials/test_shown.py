"""A running trial looked at day after day: what is shown today and what was shown before give no single person's arm away."""

from dataclasses import replace
from itertools import combinations
from random import Random
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from snerydder.casework.trials import queries
from snerydder.casework.trials.models import ShownCount, Trial
from snerydder.casework.trials.queries import Participant
from snerydder.casework.trials.shown import LIMIT, Row, beside_earlier
from snerydder.desks.delivery import more
from snerydder.desks.delivery.courses import Part
from tests.casework.trials import made
from tests.cast import Cast


@pytest.fixture
def trial(cast: Cast) -> Trial:
    return made.running(cast)


def test_yesterday_five_and_today_six_is_not_told(trial: Trial) -> None:
    """What would tell of one stands as it was; five more is told; and back again."""
    for counts, seen in (((4, 9), None), ((5, 9), (5, 9)), ((6, 9), (5, 9)), ((5, 10), (5, 9)), ((9, 9), (5, 9)), ((10, 9), (10, 9)), ((10, 9), (10, 9)), ((5, 9), (5, 9)), ((6, 14), (5, 9)), ((10, 14), (10, 14))):
        told = beside_earlier(trial, {"met offered": Row(counts)})["met offered"]
        assert (told.counts if told else None) == seen, counts


def test_one_who_changes_sides_is_not_told(trial: Trial) -> None:
    """Five go in and four come out: nobody's part moved by less than five but the whole did by one."""
    assert beside_earlier(trial, {"x": Row((10, 20))})["x"] == Row((10, 20))
    assert beside_earlier(trial, {"x": Row((15, 14))})["x"] == Row((10, 20))
    assert beside_earlier(trial, {"x": Row((15, 15))})["x"] == Row((15, 15))


def test_the_average_beside_does_not_move_alone(trial: Trial) -> None:
    """One more hour in the log is one person's hour."""
    assert beside_earlier(trial, {"x": Row((10, 10), 20.0)})["x"] == Row((10, 10), 20.0)
    assert beside_earlier(trial, {"x": Row((10, 10), 23.0)})["x"] == Row((10, 10), 20.0)
    assert beside_earlier(trial, {"x": Row((15, 10), 23.0)})["x"] == Row((15, 10), 23.0)


def test_what_was_shown_cannot_be_forgotten(trial: Trial) -> None:
    beside_earlier(trial, {"x": Row((10, 10))})
    for forget in (lambda: ShownCount.objects.all().delete(), lambda: ShownCount.objects.update(counts=[0])):
        with pytest.raises(DatabaseError), transaction.atomic():
            forget()
    assert ShownCount.objects.get().counts == [10, 10]


def someone(trial: Trial, arm: str, met: bool, accepted: bool, gone: bool) -> Participant:
    """A participant as the counting sees one."""

    class Of:
        first_contact_on = trial.locked_on if met else None
        minutes_used = 60 if met else 0

    class Enrolment:
        case, stratum = Of(), "alle"

    class Offer:
        answer = "accepted" if accepted else "declined"

    return Participant(Enrolment(), arm, Offer() if arm == "offered" else None, [object()] if gone else [])  # type: ignore[arg-type]


NUMBERS = ("drawn", "offered", "accepted", "met", "departed")


def as_number(text: str) -> int | None:
    return int(text) if text.isdigit() else None


@pytest.mark.parametrize("seed", range(6))
def test_a_reader_who_notes_every_day_s_numbers_finds_nobody(monkeypatch: pytest.MonkeyPatch, trial: Trial, seed: int) -> None:
    """Sixty days of enrolments, answers and meetings. Any two days, any arm: the numbers shown, and the rest of the arm, differ by none or five."""
    rng, people, days = Random(seed), [], []  # noqa: S311  the same each time
    for _day in range(60):
        for _one in range(rng.choice((0, 1, 1, 2, 3))):
            people.append(someone(trial, rng.choice(("offered", "control")), False, False, False))
        for at in rng.sample(range(len(people)), min(len(people), 2)):
            people[at] = someone(trial, people[at].arm, rng.random() < 0.6, rng.random() < 0.7, rng.random() < 0.2)
        monkeypatch.setattr(queries, "_participants", lambda *_given, rows=tuple(people): list(rows))
        days.append(queries.flow(trial)["arms"])
    said = [[{name: as_number(getattr(arm, name)) for name in NUMBERS} for arm in day] for day in days]
    shown = 0
    for arm in range(2):
        for one, other in combinations([day[arm] for day in said], 2):
            for name in NUMBERS:
                gaps = [one[name], other[name]]
                if None in gaps or one["drawn"] is None or other["drawn"] is None:
                    continue
                shown += 1
                assert not 0 < abs(gaps[0] - gaps[1]) < LIMIT, (name, gaps)  # type: ignore[operator]
    for day in said:
        for arm in day:
            for name in NUMBERS:
                assert arm[name] is None or not 0 < arm[name] < LIMIT and not 0 < arm["drawn"] - arm[name] < LIMIT, arm
            assert None in (arm["offered"], arm["accepted"]) or not 0 < arm["offered"] - arm["accepted"] < LIMIT, "who said no"
    assert shown > 1000 and said[-1][0]["drawn"], "it must be told in the end"


def test_a_late_line_in_the_log_moves_no_week(trial: Trial) -> None:
    part = Part(persons=20)
    part.seen[0], part.contact[0], part.minutes[0] = 20, 10, 600
    (first,) = more.shown_weeks(trial, {"offered": part})["offered"]
    later = replace(part, contact=[11, *part.contact[1:]], minutes=[660, *part.minutes[1:]])
    assert more.shown_weeks(trial, {"offered": later})["offered"] == [first]
    much = replace(part, contact=[15, *part.contact[1:]], minutes=[900, *part.minutes[1:]])
    (moved,) = more.shown_weeks(trial, {"offered": much})["offered"]
    assert (moved.contact, moved.minutes) == (0.75, 45.0)


def test_the_pages_look_once_and_remember(trial: Trial, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(6):
        beside_earlier(trial, {f"offered {week}": Row((5, 5)) for week in range(76)})
    with django_assert_max_num_queries(1):
        beside_earlier(trial, {f"offered {week}": Row((5, 6)) for week in range(76)})
    assert ShownCount.objects.count() == 76

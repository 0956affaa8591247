"""The signs on rows made by hand: what each asks about, and what it lets be. No database."""

from dataclasses import replace
from datetime import date
from random import Random

import pytest

from snerydder.casework.questions.proof import report
from snerydder.casework.questions.proof.frauds import PATTERN, RULE, plant
from snerydder.casework.questions.proof.honest import world
from snerydder.casework.questions.proof.table import count
from snerydder.casework.questions.signs import ALL, texts
from snerydder.casework.questions.signs import look as look_at
from snerydder.casework.questions.signs.log import DAY, Away, Grant, Log, Row, is_weekend, iso

MONDAY = date(2026, 4, 6).toordinal()
NOTE = "Vi mødtes på biblioteket og gennemgik posten, skrev en ansøgning om boligstøtte og ringede sammen til tandlægen. Det gik bedre end sidst."


def row(number, day=0, at="10:00", minutes=60, case=1, staff="carl", **more):
    hour, minute = map(int, at.split(":"))
    start = (MONDAY + day) * DAY + hour * 60 + minute
    return Row(number, more.pop("entry", number), staff, case, start, minutes, more.pop("counted", minutes), more.pop("form", "met"), more.pop("written", start + minutes + 30), **more)


def look(*rows, today=300, known=(), **around):
    return look_at(Log(list(rows), MONDAY + today, **around), known)


def signs(*rows, **around):
    return {(found.sign, frozenset(each.id for each in found.rows)) for found in look(*rows, **around)}


def test_weekends_are_known():
    assert [is_weekend(MONDAY + day) for day in range(8)] == [False] * 5 + [True] * 2 + [False]


# --- Two places ------------------------------------------------------------------------------------------------------
def test_two_citizens_at_once():
    assert signs(row(1), row(2, at="10:40", case=2)) == {("two_places", frozenset({1, 2}))}


@pytest.mark.parametrize("other", [
    row(2, at="10:50", case=2),  # given roughly
    row(2, at="10:20", case=2, entry=1),  # together, in one entry
    row(2, at="10:20", case=2, form="sms"), row(2, at="10:20", case=2, form="tried", minutes=0), row(2, at="10:20", case=2, staff="mogens"), row(2, day=1, at="10:20", case=2),
])  # fmt: skip
def test_what_is_no_two_places(other):
    assert not signs(row(1), other)


def written_now(number, at, minutes, case):
    each = row(number, at=at, minutes=minutes, case=case)
    return each._replace(written=each.at)


def test_several_written_one_after_the_other_when_the_day_is_over_are_no_overlap():
    assert not signs(*(written_now(number, "16:0" + str(number), 90, number) for number in range(5)))


def test_more_than_there_was_time_for_before_it_was_written():
    found = look(*(written_now(number, "09:0" + str(number), 90, number) for number in range(4)))
    assert [(each.sign, each.facts["kind"], each.facts["minutes"]) for each in found] == [("two_places", "crowd", 360)]


# --- Those of one row ---------------------------------------------------------------------------------------------
def test_a_day_of_more_than_ten_hours_counts_a_meeting_with_two_once():
    day = [row(number, at=f"{7 + 2 * number}:00", minutes=120, case=number) for number in range(5)]
    assert not signs(*day)
    assert not signs(*day, row(9, at="07:00", minutes=120, case=8, entry=0))
    assert signs(*day, row(9, at="17:00", minutes=15)) == {("long_day", frozenset({0, 1, 2, 3, 4, 9}))}


def test_written_late_is_one_question_for_one_sitting():
    sitting = (MONDAY + 40) * DAY + 600
    late = [row(number, day=number, written=sitting) for number in (1, 20, 25, 26)]
    assert signs(*late) == {("written_late", frozenset({1, 20, 25}))}  # the last is fourteen days old


def test_after_closing_while_away_raised_and_billed_twice():
    rows = [row(1, day=3), row(2, day=4), row(3, day=5), row(4, day=6, case=2, at="12:00")]
    assert signs(*rows, closed={1: MONDAY + 4}) == {("after_closing", frozenset({3}))}
    assert signs(*rows, away=[Away("carl", MONDAY + 4, MONDAY + 5)]) == {("while_away", frozenset({2, 3}))}
    assert signs(*rows, raised={4: (60, 90)}) == {("raised", frozenset({4}))}
    assert signs(*rows, billed={1: ["1"], 2: ["1", "2"]}) == {("billed_twice", frozenset({2}))}


def test_two_mentors_are_each_asked_and_shown_the_other():
    found = look(row(1), row(2, staff="mogens", at="10:30"))
    assert {(each.staff, each.rows[0].id, each.shown[0].id) for each in found} == {("carl", 1, 2), ("mogens", 2, 1)}


# --- Patterns ------------------------------------------------------------------------------------------------------
def weeks(number, **more):
    """So many contacts with four citizens, two a working day, with minutes that vary unless `minutes` is given."""
    given = more.pop("minutes", None)
    return [row(each, day=each // 10 * 7 + each % 10 // 2, at=f"{9 + 3 * (each % 2)}:00", minutes=given or 30 + 15 * (each % 3), case=each % 4, **more) for each in range(number)]


def test_the_same_minutes_every_time():
    assert {found.sign for found in look(*weeks(40, minutes=45), today=30)} == {"same_minutes"}
    assert not look(*weeks(40), today=30)
    assert not look(*weeks(19, minutes=45), today=30)  # too few to say
    assert not look(*weeks(40, minutes=45), today=300)  # long ago


def test_the_same_minutes_for_a_stretch_of_a_longer_time():
    """What went before, and one contact of another length now and then, do not hide it."""
    before, later = weeks(30), [each._replace(id=100 + each.id, entry=100 + each.id, at=each.at + 28 * DAY, written=each.written + 28 * DAY) for each in weeks(40, minutes=45)]
    later[15] = later[15]._replace(minutes=20, counted=20)
    (found,) = look(*before, *later, today=60)
    assert found.sign == "same_minutes" and {each.id for each in found.rows} >= {each.id for each in later} - {115}
    assert found.facts["of"] <= 40 + 3 and found.facts["number"] >= 39 and found.facts["to"] == iso(later[-1].day)
    assert not look(*before, *later[:19], today=60)
    mixed = [each._replace(minutes=45 if number % 8 else 20) for number, each in enumerate(weeks(60))]
    assert not look(*mixed, today=60), "seven in eight is not nearly all"
    two = [each._replace(case=each.case % 2) for each in weeks(40, minutes=45)]
    assert not look(*two, today=30), "the same agreement with two citizens"


def test_copied_notes_also_with_another_day_and_a_word_changed():
    kinds = ("posten", "regningerne", "brevene", "papirerne", "mapperne")
    copies = [row(number, day=7 * number, case=number, note=NOTE.replace("posten", kinds[number]) + " Mandag den 3.") for number in range(5)]
    assert signs(*copies, today=60) == {("copied_notes", frozenset({0, 1, 2, 3, 4}))}
    assert not signs(*copies[:4], today=60)
    routine = [row(number, day=7 * number, case=1, note=NOTE) for number in range(8)]
    assert not signs(*routine[:7], today=60)  # a fixed activity
    assert signs(*routine, today=60) == {("copied_notes", frozenset(range(8)))}
    assert not signs(*(row(number, day=7 * number, case=number, note="Gåtur og snak.") for number in range(9)), today=90)
    assert not signs(*(row(number, case=number, note=NOTE, entry=1) for number in range(9)), today=60)  # one meeting with many


def test_notes_that_share_a_sentence_are_not_copies():
    other = "Vi mødtes på biblioteket og gennemgik posten. Hun fortalte om sin søster, og vi lagde en plan for morgenerne i den kommende uge."
    assert texts.alike([(1, NOTE), (2, other)]) == []


def test_two_copies_with_other_words_changed_in_each_are_alike():
    """Neither is the first text; a word in eight is another in both, never the same one."""
    first, second = (" ".join("igen" if place % 8 == at else word for place, word in enumerate(NOTE.split())) for at in (1, 5))
    assert texts.alike([(1, first), (2, second), (3, "Kort.")]) == [[1, 2]]
    assert texts.alike([(1, NOTE), (2, " ".join(reversed(NOTE.split())))]) == [[1, 2]], "the same words in another order"
    assert texts.alike([(1, NOTE), (2, f"{NOTE} {NOTE} {NOTE}")]) == [], "a text three times as long is another text"


def test_a_burst_before_the_month_s_end_is_more_than_any_other_three_days():
    usual = [row(day, day=day, minutes=60) for day in range(-60, 28) if day % 7 < 5]
    last = date(2026, 4, 30).toordinal() - MONDAY
    burst = [row(1000 + 10 * day + hour, day=day, at=f"{hour}:00", minutes=55, case=hour) for day in range(last - 6, last + 1) if day % 7 < 5 for hour in range(8, 16)]
    three = [each for each in burst if each.day > max(each.day for each in burst) - 3]
    found = look(*(each for each in usual if each.day < three[0].day), *three, today=last + 5)
    assert [(each.sign, len(each.rows)) for each in found if each.sign == "month_end"] == [("month_end", len(three))]
    assert not [each for each in look(*usual, today=last + 5) if each.sign == "month_end"]


def test_exactly_the_granted_hours_three_months_in_a_row():
    first = date(2026, 1, 1).toordinal()
    grant = Grant(1, first, date(2026, 6, 30).toordinal(), 60 * 181, 0)
    firsts = [date(2026, month, 1).toordinal() for month in range(1, 7)]
    exact = [Row((month, part), (month, part), "carl", 1, (day + 3 + 7 * part) * DAY + 600, 60 * length // 4, 60 * length // 4, "met", (day + 3 + 7 * part) * DAY + 900)
             for month, (day, length) in enumerate(zip(firsts, (31, 28, 31, 30, 31, 30), strict=True)) for part in range(4)]  # fmt: skip
    today = date(2026, 7, 5).toordinal()
    found = [each for each in look_at(Log(exact, today, grants=[grant])) if each.sign == "exact_hours"]
    assert found[0].facts | {"minutes": 0} == {"number": 6, "unit": "months", "minutes": 0, "from": "2026-01-01", "to": "2026-06-30"}
    two = [each for each in exact if each.id[0] in (0, 1, 3, 4)]  # never three in a row
    assert not [each for each in look_at(Log(two, today, grants=[grant])) if each.sign == "exact_hours"]


def test_a_citizen_nobody_has_heard_from():
    rows = [row(number, day=7 * number) for number in range(9)]
    assert signs(*rows, unanswered={1: 2}) == {("never_heard", frozenset(range(9)))}
    assert not signs(*rows, unanswered={1: 1}) and not signs(*rows, unanswered={1: 2}, heard={1})
    assert not signs(*rows, row(10, day=70, form="tried", minutes=0), unanswered={1: 2})


def test_weekends():
    saturdays = [row(number, day=5 + 7 * number) for number in range(7)]
    assert signs(*saturdays, today=60) == {("weekends", frozenset(range(7)))}
    assert not signs(*saturdays[:5], today=60)
    assert not signs(*saturdays, *(row(100 + number, day=number, at="14:00") for number in range(50) if number % 7 < 5), today=60)


def test_the_order_of_the_rows_does_not_matter():
    """The database gives them by their ids, which is no order at all."""
    made = world(Random("order"), contacts=4_000)  # noqa: S311
    plant(made, 1)
    log = made.log
    mixed = replace(log, rows=Random(1).sample(log.rows, len(log.rows)))  # noqa: S311
    asked, again = ({(each.sign, each.staff, frozenset(row.id for row in each.rows)) for each in look_at(rows)} for rows in (log, mixed))
    assert len({sign for sign, _staff, _rows in asked}) > 10
    assert asked == again


# --- Once ------------------------------------------------------------------------------------------------------------
def test_the_same_facts_are_asked_about_once():
    rows = [row(1), row(2, at="10:40", case=2)]
    known = {(found.sign, each.id, each.corrections) for found in look(*rows) for each in found.rows}
    assert not look(*rows, known=known)
    third = row(3, at="10:30", case=3)
    again = look(*rows, third, known=known)
    assert [([each.id for each in found.rows], {each.id for each in found.shown}) for found in again] == [([3], {1, 2})]
    assert [found.sign for found in look(rows[0], rows[1]._replace(corrections=1), known=known)] == ["two_places"]
    pattern = weeks(40, minutes=45)
    known = {("same_minutes", each.id, 0) for each in pattern[:30]}
    assert not look(*pattern, today=30, known=known)  # ten more of the same are no new question


# --- The twelve frauds -------------------------------------------------------------------------------------------------
def test_the_frauds_are_found_and_the_honest_left_in_peace():
    """Five seeds that no sign was set by: in one there are 18 patterns, and chance alone moves their share by five points or more.

    The whole table over ten others is in docs/method/questions.md (`snerydder frauds`).
    """
    found = count(range(100, 105))
    assert min(each.honest for each in found.seeds) >= 20_000 and set(found.planted.values()) == {10} and len(found.planted) == 14
    assert found.of(RULE) == 1
    assert found.of(PATTERN) >= 0.9
    assert found.worst <= 0.02


def test_the_honest_world_is_as_untidy_as_said():
    """Without it the count would prove nothing."""
    made = world(Random("test"), contacts=6_000)  # noqa: S311
    rows = made.log.rows
    met = [each for each in rows if each.form == "met"]
    assert 0.05 < sum(each.form == "tried" for each in rows) / len(rows) < 0.2
    assert sum(each.minutes in (30, 45, 60) for each in met) / len(met) > 0.25
    assert 0 < sum(each.written // DAY - each.day > 14 for each in rows) / len(rows) < 0.02
    assert sum(each.just_now for each in rows) > 500 and len({each.entry for each in rows}) < len(rows)
    assert made.log.away and made.log.raised and made.log.billed
    assert sum(not each.note for each in rows) > 500 and max(len(each.note) for each in rows) > 100


def test_every_fraud_and_every_sign_has_its_name_in_the_report():
    assert set(report.NAMES) == set(RULE | PATTERN) and set(report.SIGNS) == set(ALL)

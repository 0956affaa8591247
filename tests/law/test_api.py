"""What the rest of the product calls: hjemler, letters, lists, words."""

import dataclasses
from datetime import date, timedelta

import pytest

from snerydder.law import choices, find_hjemmel, help_kinds, hjemler, letter_text, rulebook, target_groups
from snerydder.law.facts import GrantFacts
from snerydder.law.rulebook import NoRule
from snerydder.law.text import Text

DAY = date(2026, 11, 2)


def test_the_hjemler_of_a_day_come_in_the_order_of_the_form() -> None:
    assert [h.key for h in hjemler(DAY)] == ["lab-167-1", "lab-167-1-new", "lab-167-2", "lab-167-3", "il-23d"]
    assert [h.key for h in hjemler(DAY) if h.is_right] == ["lab-167-2", "lab-167-3"]


def test_before_chapter_26_there_is_no_hjemmel() -> None:
    assert hjemler(date(2019, 12, 31)) == []


def test_an_end_that_nobody_read_does_not_take_a_right_away() -> None:
    offered = {h.key: h for h in hjemler(date(2027, 1, 1))}
    assert offered["lab-167-3"].standing == "assumed"
    assert offered["lab-167-2"].standing == "assumed"  # the new main law is not read: nothing of it can stop
    assert {h.key: h for h in hjemler(date(2026, 12, 31))}["lab-167-2"].standing == "read"


def test_a_hjemmel_tells_its_rule_with_the_numbers_of_the_day() -> None:
    found = {h.key: h for h in hjemler(DAY)}
    assert "højst 6 måneder" in found["lab-167-1"].rule
    assert "3 måneder før udskrivningen og i mindst 6 måneder i alt" in found["lab-167-2"].rule
    assert found["lab-167-3"].target_groups == ("6.4", "6.5")
    assert found["lab-167-1"].target_groups == ()
    assert found["lab-167-2"].citation == "LAB § 167, stk. 2"


def test_periods_are_counted_out_for_the_form() -> None:
    found = {h.key: h for h in hjemler(DAY)}
    grant = GrantFacts(start=date(2026, 8, 31), discharge_on=date(2026, 12, 31), admission_on=date(2026, 8, 1))
    assert found["lab-167-1"].latest_end(grant) == date(2027, 2, 28)
    assert found["lab-167-1"].earliest_start(grant) is None
    assert found["lab-167-2"].latest_end(grant) is None
    assert found["lab-167-2"].earliest_end(grant) == date(2027, 2, 28)
    assert found["lab-167-2"].earliest_start(grant) == date(2026, 9, 30)
    assert found["lab-167-3"].earliest_start(grant) == date(2026, 8, 1)
    assert found["lab-167-3"].latest_start(grant) == date(2027, 1, 31)
    assert found["il-23d"].latest_end(grant) is None
    following = GrantFacts(start=date(2027, 3, 1), previous_end=date(2027, 2, 28))
    assert found["lab-167-1-new"].earliest_start(following) == date(2027, 3, 1)
    again = dataclasses.replace(following, is_new_period=True, admission_on=date(2026, 8, 1))
    assert found["lab-167-3"].earliest_start(again) == date(2027, 3, 1)
    assert found["lab-167-3"].latest_start(again) is None


def test_a_form_without_dates_gets_no_dates() -> None:
    for hjemmel in hjemler(DAY):
        for limit in (hjemmel.latest_end, hjemmel.earliest_end, hjemmel.earliest_start, hjemmel.latest_start):
            assert limit(GrantFacts()) is None


def test_a_hjemmel_can_be_found_for_an_old_case() -> None:
    old = find_hjemmel("lab-167-2", date(2022, 5, 1))
    assert old is not None and old.purposes == ()
    assert find_hjemmel("lab-78", DAY) is None


def test_the_letter_tells_the_basis_and_how_to_complain() -> None:
    letter = letter_text(GrantFacts(hjemmel="lab-167-1"), DAY)
    assert "§ 167, stk. 1, 1. pkt." in letter.legal_basis
    assert "højst 6 måneder" in letter.legal_basis
    assert "Klag til kommunen senest 4 uger efter" in letter.complaint
    assert letter.reassessment.startswith("Kommunen ser på din sag igen senest 4 uger")
    assert "videre til Ankestyrelsen" in letter.appeal
    assert letter.paragraphs == (letter.legal_basis, *letter.complaint_guidance)


@pytest.mark.parametrize(("day", "word"), [(date(2026, 1, 31), "jobcenteret"), (date(2026, 2, 1), "kommunen")])
def test_the_letter_uses_the_word_of_its_day(day: date, word: str) -> None:
    letter = letter_text(GrantFacts(hjemmel="lab-167-2"), day)
    assert f"Klag til {word} " in letter.complaint
    assert letter.reassessment.startswith(word.capitalize())
    assert rulebook.on(day).word("authority") == word


def test_every_hjemmel_has_a_letter_without_holes() -> None:
    for hjemmel in hjemler(DAY):
        for paragraph in letter_text(GrantFacts(hjemmel=hjemmel.key), DAY).paragraphs:
            assert paragraph.endswith(".") and "{" not in paragraph


def test_a_letter_without_a_hjemmel_is_a_mistake_in_the_program() -> None:
    with pytest.raises(ValueError, match="unknown hjemmel"):
        letter_text(GrantFacts(), DAY)


def test_target_groups_are_called_what_they_were_called() -> None:
    before, after = dict(target_groups(date(2025, 6, 30))), dict(target_groups(date(2025, 7, 1)))
    assert list(after) == [f"6.{number}" for number in range(1, 14)]
    assert before["6.4"].endswith("på uddannelseshjælp") and after["6.4"].endswith("på kontanthjælp")
    assert before["6.1"] == after["6.1"]
    assert target_groups(date(2019, 1, 1)) == []


def test_the_kinds_of_help_are_those_of_the_trial() -> None:
    kinds = {kind.key: kind for kind in help_kinds()}
    wanted = "wake fetch doctor jobcentre school court letters conversation walk mediate visit digital economy other"
    assert set(kinds) == set(wanted.split())
    assert all(kind.name and kind.icon for kind in kinds.values())


def test_the_lists_of_the_forms_are_there() -> None:
    assert [choice.key for choice in choices("goal_result")] == ["reached", "partly", "not"]
    assert {choice.key for choice in choices("mentor_kind")} >= {"municipal", "company", "external", "volunteer", "senior"}


def test_the_norms_can_be_asked_for() -> None:
    law = rulebook.on(DAY)
    assert law.value("complaint.weeks") == 4
    assert law.value("norm.caseload_bands") == (10, 15, 20)
    assert law.value("contact.duty_days") is None
    assert rulebook.on(date(2015, 5, 1)).value("contact.duty_days") == 7
    with pytest.raises(NoRule):
        rulebook.on(date(2001, 1, 1)).value("complaint.weeks")
    with pytest.raises(KeyError):
        law.value("complaint.days")


def test_a_sentence_can_be_said_in_another_language() -> None:
    english = {"Klag til {authority} inden {day}.": "Complain to {authority} by {day}.", "kommunen": "the municipality"}
    text = Text("Klag til {authority} inden {day}.", authority=Text("kommunen"), day=date(2026, 3, 3))
    assert text == "Klag til kommunen inden 3. marts 2026."
    assert text.translated(english.__getitem__, date.isoformat) == "Complain to the municipality by 2026-03-03."
    assert Text("kommunen").translated(english.__getitem__) == "the municipality"
    assert Text("").translated(english.__getitem__) == ""


def test_the_last_day_of_a_value_is_followed_by_the_first_of_the_next() -> None:
    for entry in rulebook.entries().values():
        for old, new in zip(entry.values, entry.values[1:], strict=False):
            assert old.until is not None and old.until + timedelta(days=1) == new.start

"""What a check said is kept in the words of the rules that judged, and each language can say it: the night's and those of each decision."""

from datetime import date, timedelta

import pytest
from django.utils import translation

from snerydder.casework.cases import verdicts
from snerydder.casework.cases.models import StoredVerdict
from snerydder.casework.cases.spoken import kept, told
from snerydder.casework.checks import nightly, queries
from snerydder.casework.checks.models import CURRENT, CheckState
from snerydder.law import rulebook
from snerydder.law.text import Text
from tests.build import DAY

NIGHT = DAY + timedelta(days=40)


@pytest.fixture
def judged(case):
    nightly.of_case(case, NIGHT)
    return case


def test_the_night_is_told_in_the_readers_language(judged, english):
    told_in_english = {each.check: each for each in queries.of_case(judged)}
    with translation.override("da"):
        told_in_danish = {each.check: each for each in queries.of_case(judged)}
    late = told_in_danish["CHK-22"]
    assert late.level == "warn" and late.text == "Mentor og borger har ikke haft kontakt endnu. Det skulle være sket senest 10. september 2026."
    assert told_in_english["CHK-22"].text == "Mentor and citizen have not had contact yet. It should have happened by 10 September 2026."
    for check, shown in told_in_english.items():
        assert shown.text and shown.text != told_in_danish[check].text, check
        assert not shown.mend or shown.mend != told_in_danish[check].mend, check
    assert "The points of effort of the mentor trial (CHK-22). Since" in told_in_english["CHK-22"].source


def test_what_was_said_at_each_decision_is_told_in_the_readers_language(case, english):
    rows = list(StoredVerdict.objects.filter(case=case))
    assert len({row.step for row in rows}) >= 2
    told_in_english = verdicts.stored(rows)
    with translation.override("da"):
        told_in_danish = verdicts.stored(rows)
    for danish, shown in zip(told_in_danish, told_in_english, strict=True):
        assert shown.text != danish.text and danish.text, danish.check


def test_the_words_are_those_of_the_rules_of_that_day(judged, monkeypatch):
    """A later rulebook has other sentences; what was said stays as it was, and says by which rules."""
    of_then = rulebook.version
    row = CheckState.objects.filter(CURRENT, case=judged).exclude(level="ok").earliest("check_id")
    CheckState.objects.filter(pk=row.pk).update(what=kept([Text("Reglen sagde {days} dage dengang.", days=9)]))
    monkeypatch.setattr(rulebook, "version", "another")
    for language in ("da", "en"):
        with translation.override(language):
            shown = next(each for each in queries.of_case(judged) if each.check == row.check_id)
        assert shown.text == "Reglen sagde 9 dage dengang." and of_then in shown.source


def test_a_sentence_comes_back_as_it_was():
    inner = Text("kommunen")
    whole = Text("Den {day} skrev {who} {count} gange til {group}.", day=date(2026, 3, 2), who=inner, count=3, group="6.5")
    plain = Text("Formålet er ikke beskrevet.")
    back = [Text.of(each) for each in kept([whole, plain, plain, Text("")])]
    assert back == [whole, plain] and back[0].values == whole.values and isinstance(back[0].values["who"], Text)
    assert told(kept([whole, plain])) == "Den 2. marts 2026 skrev kommunen 3 gange til 6.5. Formålet er ikke beskrevet."


def test_a_text_from_before_is_still_one_sentence():
    """Rows written when the finished text was kept: the migration made one sentence of each."""
    assert told(["Målet mangler i aftalen."]) == "Målet mangler i aftalen." and told([]) == ""

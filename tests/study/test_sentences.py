"""What the sentences may say, for any numbers; and that a report on nothing claims nothing."""

import html
import re
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snerydder.evaluation import worker
from snerydder.study.mapping import Inspected
from snerydder.study.report import mapped, sentences
from snerydder.study.report.sentences import CAUSE, Claim
from snerydder.study.words import Words
from tests import small_study

ARMS, SHARES = ("dem, der blev tilbudt en mentor,", "i kontrolgruppen"), ("16,1 %", "12,4 %")


@st.composite
def claims(draw, drawn=True):
    low, middle, high = sorted(draw(st.lists(st.floats(-1, 1), min_size=3, max_size=3)))
    return Claim(middle, low, high, draw(st.sampled_from([0.05, 0.1, 0.2])), drawn)


def said(claim, w):
    """Each sentence about one number."""
    return [
        sentences.finding("Et år efter", "i uddannelse", SHARES, ARMS, claim, w), sentences.received("85 %", "uddannelse", 52, claim, "12,0 %", w),
        sentences.sooner(claim, w), sentences.on_benefit(claim, 52, w), sentences.compared("uddannelse", 52, claim, w),
    ]  # fmt: skip


languages = st.builds(Words, st.booleans())


@given(claims(), languages)
def test_a_word_of_cause_needs_an_interval_without_zero(claim, w):
    for sentence in said(claim, w):
        if not claim.certain:
            assert not CAUSE.search(sentence), sentence


@given(claims(drawn=False), languages)
def test_a_word_of_cause_needs_a_lottery(claim, w):
    for sentence in (sentences.finding("Et år efter", "i uddannelse", SHARES, ARMS, claim, w), sentences.compared("uddannelse", 52, claim, w)):
        assert not CAUSE.search(sentence), sentence
        assert not claim.certain or "ikke en årsag" in sentence or "not a cause" in sentence


@given(claims(), languages)
def test_every_number_has_its_interval_and_the_interval_its_level(claim, w):
    for sentence in said(claim, w):
        assert f"{claim.level}{'' if w.english else chr(160)}%" in sentence and ("til" in sentence if not w.english else " to " in sentence), sentence


@given(claims(), languages)
def test_zero_inside_is_said(claim, w):
    zero = "cannot be told from zero" if w.english else "kan ikke skelnes fra nul"
    for sentence in said(claim, w):
        assert (zero in sentence) == (not claim.certain), sentence


def test_a_certain_number_is_told_as_one():
    """The rule is not kept by never saying it."""
    told = sentences.finding("Et år efter lodtrækningen", "i SU-berettiget uddannelse", SHARES, ARMS, Claim(0.0368, 0.0142, 0.0594, 0.1), Words())
    assert "en effekt på <strong>+3,7 procentpoint</strong> (90\u00a0%-interval +1,4 til +5,9)" in told
    fewer = sentences.finding("Et år efter lodtrækningen", "i job", SHARES, ARMS, Claim(-0.02, -0.03, -0.01, 0.05), Words())
    assert "en effekt på <strong>−2,0 procentpoint</strong> (95\u00a0%-interval −3,0 til −1,0)" in fewer


@given(st.lists(st.sampled_from(["Køn", "Alder", "Mors uddannelse"]), unique=True), st.sampled_from(["Holm", ""]), languages)
def test_subgroups_differ_only_when_a_test_says_so(certain, rule, w):
    told = sentences.unlike("uddannelse", certain, 8, rule, w)
    assert bool(CAUSE.search(told)) == bool(certain)
    assert (rule in told and "8" in told) if rule else ("ikke korrigeret" in told or "no correction" in told)


weeks = st.none() | st.integers(0, 75)


@given(weeks, weeks, weeks, languages)
def test_the_weeks_are_told_with_their_level_and_without_a_cause(alone, whole, ever, w):
    told = sentences.lasting(alone, whole, ever, 76, 90, w)
    assert ("(90%)" if w.english else "(90 %)") in told and not CAUSE.search(told)
    assert all(str(week) in told for week in (alone, whole) if week is not None)


# --- A whole report ------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def nothing(tmp_path_factory):
    """A study where both arms go the same way: every second person of each begins in the same week."""
    folder = tmp_path_factory.mktemp("intet")
    small_study.files(folder / "data")
    rows = (folder / "data" / "dream.csv").read_text().splitlines()
    same = [rows[0], *(f"P{place:03d}," + ",".join("651" if place % 3 == 0 and week > 30 + place % 7 else "731" for week in range(60)) for place in range(80))]
    (folder / "data" / "dream.csv").write_text("\n".join(same) + "\n")
    (folder / "study.toml").write_text(small_study.PROTOCOL)
    assert worker.main(["run", str(folder)]) == 0
    return {language: visible((folder / "results" / language / "report.html").read_text()) for language in ("da", "en")}


def visible(page):
    return html.unescape(re.sub(r"<[^>]+>", " ", re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL)))


@pytest.mark.parametrize("language", ["da", "en"])
def test_a_report_on_nothing_has_no_word_of_cause_anywhere(nothing, language):
    text = nothing[language]
    assert not (found := CAUSE.search(text)), text[max(0, found.start() - 80) : found.end() + 80]
    assert ("kan ikke skelnes fra nul" if language == "da" else "cannot be told from zero") in text


def test_the_report_on_the_trial_says_effect_only_where_it_is_certain(trial):
    text = visible(trial.html).replace("\u00a0", " ")
    lead = text[text.index("Et år efter lodtrækningen") :][:260]
    assert "en effekt på +3,7 procentpoint" in re.sub(r"\s+", " ", lead)
    splits = [name for one in trial.found.outcomes for name, p in one.corrected_contrasts.items() if p < trial.protocol.alpha]
    for found in CAUSE.finditer(text):
        around = re.sub(r"\s+", " ", text[max(0, found.start() - 400) : found.end() + 200])
        assert "interval" in around or (splits and "er forskellig efter" in around), around


@pytest.mark.parametrize(("share", "lowest", "words", "not_there"), [(0.33, 0.1, "I omkring en tredjedel af sagerne", "nan"), (0.55, float("nan"), "I 55 % af sagerne", "Mellem kommunerne")])
def test_the_inspection_in_words(share, lowest, words, not_there):
    one = Inspected(4, 98, 80, share, share - 0.1, share + 0.1, lowest, lowest + 0.3)
    told = mapped._inspection(SimpleNamespace(alpha=0.1), one, Words()).replace("\u00a0", " ")
    assert words in told and not_there not in told and "–" not in told


def test_a_p_in_a_sentence_is_either_equal_or_less():
    assert (Words().p_is(0.0431), Words().p_is(0.0004), Words(True).p_is(0.0004)) == ("p\u00a0=\u00a00,043", "p\u00a0<\u00a00,001", "p\u00a0<\u00a00.001")


def test_a_difference_between_groups_is_told_with_its_p_and_the_p_stands_in_the_table(trial):
    said = re.search(r"Effekten på uddannelse er forskellig efter ([^.]*?)\. Der er taget højde", trial.html)
    if said is None:
        assert min(trial.published.trial.outcomes[0].corrected_contrasts.values()) >= trial.protocol.alpha
        return
    p = re.search(r"p\u00a0=\u00a0(0,\d{3})", said[1])
    assert p and f"<td class=n>{p[1]}</td></tr>" in trial.html and "p for ens effekt, Holm" in trial.html


def test_english_sets_the_per_cent_sign_close():
    w = Words(True)
    assert (w("90 %-interval", "90 % interval"), w("x", "5\u00a0% of"), w.percent(0.161), Words().percent(0.161)) == ("90% interval", "5% of", "16.1%", "16,1\u00a0%")


def test_sikkert_is_not_left_to_mean_probably(trial):
    """Said of a number, the word alone means "probably" in Danish."""
    assert not re.search(r"(?<!statistisk )sikkert (over|under)|viser sikkert", trial.html)
    assert "det er statistisk sikkert under nul" in trial.html and re.search(r"pr\. person \(90\s%-interval", trial.html)

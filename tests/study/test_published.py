"""Every figure of the two source documents that such data can show, from the files through the reader to the finding."""

import csv
from datetime import date

import numpy as np
import pytest

from snerydder import panel
from snerydder.effects.complier import Complier
from snerydder.effects.results import Refused
from snerydder.registers import outcomes, weeks
from snerydder.registers.invented.trial import FITTING, TRIED
from snerydder.study import data, demo, money, protocol
from snerydder.study.report import closing
from snerydder.study.words import Words

TALK = {  # name: control, participants
    "Gennemsnitskarakter i dansk og matematik, 9. klasse": (4.27, 4.36),
    "Mangler 9.-klasseskarakterer": (0.55, 0.52),
    "Overførselsgrad 1 år tilbage": (0.79, 0.78),
    "Overførselsgrad 2 år tilbage": (0.61, 0.60),
    "Overførselsgrad 3 år tilbage": (0.49, 0.49),
    "SU-omfang 1 år tilbage": (0.08, 0.09),
    "SU-omfang 2 år tilbage": (0.15, 0.16),
    "SU-omfang 3 år tilbage": (0.16, 0.15),
    "Indvandrer eller efterkommer": (0.10, 0.10),
    "Alder": (23.99, 23.81),
}


def outcome(trial, name):
    return next(one for one in trial.found.outcomes if one.name == name)


def test_thirteen_municipalities_and_everybody_drawn(trial):
    found = trial.found
    assert (found.control, found.treated, found.drawn, found.strata) == (1289, 1299, 2588, 13)


def test_the_balance_table_to_two_decimals(trial):
    lines = {line.name: (round(line.control, 2), round(line.treated, 2)) for line in trial.found.balance}
    assert {name: lines[name] for name in TALK} == TALK
    assert trial.found.alike.f.p > 0.05 and max(abs(line.smd) for line in trial.found.balance) < 0.1


def test_education_goes_from_12_to_16(trial):
    one = outcome(trial, "su_education")
    assert (one.yes_control[52], one.yes_treated[52]) == (160, 209)
    assert (round(100 * one.control[52]), round(100 * one.treated[52])) == (12, 16)
    effect = one.headline(0.10).effect
    assert effect == pytest.approx(0.0368, abs=0.0005) and effect / one.control[52] == pytest.approx(0.30, abs=0.005)


def test_education_is_certain_from_week_50_alone_and_52_for_the_whole_curve(trial):
    one = outcome(trial, "su_education")
    assert (one.lasting_pointwise, one.lasting_simultaneous) == (50, 52)


def test_job_goes_from_5_to_7(trial):
    one = outcome(trial, "job_week")
    assert {week: (one.yes_control[week], one.yes_treated[week]) for week in (0, 30, 52, 60, 75)} == {0: (8, 7), 30: (40, 40), 52: (64, 69), 60: (64, 84), 75: (64, 90)}
    assert (round(100 * one.control[75]), round(100 * one.treated[75])) == (5, 7)
    assert one.headline(0.10).effect / one.control[75] == pytest.approx(0.40, abs=0.01)


def test_job_is_certain_from_week_60_alone_and_never_for_the_whole_curve(trial):
    one = outcome(trial, "job_week")
    assert one.lasting_pointwise == 60
    assert one.lasting_simultaneous is None and one.ever_simultaneous is None
    assert np.abs(one.curve.z).max() == pytest.approx(2.11, abs=0.02) and 2.6 < one.band.simultaneous < 2.72


def test_the_simple_errors_are_the_ones_worked_out_from_the_published_numbers(trial):
    for name, week, error in (("su_education", 52, 0.0137), ("job_week", 75, 0.0093)):
        one = outcome(trial, name)
        assert one.curve.error[week] == pytest.approx(error, abs=0.0001)


def test_all_fifteen_subgroups_fall_as_in_the_talk(trial):
    """In this cast of the dice; `invented.trial.TRIED` says how many were tried, and the report says so."""
    said = {
        "su_education": {
            "Karakterer": (True, False, False), "Mors uddannelse": (True, False), "Mors indkomst": (True, False), "Køn": (True, False),
        },
        "job_week": {"Forsørgelseshistorik, uden SU": (False, True), "Mors uddannelse": (True, False), "SU inden for 3 år": (True, False)},
    }  # fmt: skip
    for name, splits in said.items():
        for split in outcome(trial, name).splits:
            if split.name in splits:
                above = tuple(bool(part.curve.interval(0.10)[0][0] > 0) for part in split.parts)
                assert above == splits[split.name], (name, split.name)
    low = outcome(trial, "su_education").splits[0].parts[0]
    assert low.name == "under 4" and 0.07 <= low.curve.effect[0] <= 0.10
    assert f"{FITTING} af {TRIED} kast" in trial.protocol.note and f"{FITTING} of {TRIED} casts" in trial.protocol.note_en


def test_another_cast_keeps_the_weeks_and_does_not_claim_to_be_chosen(tmp_path):
    read = protocol.read(demo.write(tmp_path, "another"))
    loaded = data.load(read)
    education = outcomes.find("su_education").weekly(loaded.seen)
    assert (education[~loaded.treated, 52].sum(), education[loaded.treated, 52].sum()) == (160, 209)
    assert "219" not in read.note + read.note_en


def test_delivery_is_as_shown(trial):
    one = trial.found.delivery
    assert (one.ever, one.drawn, one.control_ever) == (1104, 1299, 0)
    assert (one.share[5:41] >= 0.60).all() and (one.share[5:41] <= 0.70).all()
    assert one.share[51] - one.share[53] > 0.3  # the sharp fall
    assert (one.minutes[5:51] >= 60).all() and (one.minutes[5:51] <= 90).all()


def test_receipt_divides_by_those_reached(trial):
    late = outcome(trial, "su_education").complier
    assert isinstance(late, Complier)
    assert late.first_stage == pytest.approx(0.85, abs=0.001) and late.always == 0
    assert late.curve.effect[52] == pytest.approx(0.0368 / 0.85, abs=0.0006)


def test_the_mentors_and_their_municipalities(trial):
    answers = {name: round(100 * share) for name, share in trial.found.mentor_answers.items()}
    assert answers == {"svarprocent": 93, "kvinde": 65, "mellemlang_uddannelse": 71, "erfaring_under_2_aar": 33, "fra_anden_kommunal_funktion": 23, "under_30": 32, "over_50": 35}
    per = {place.name: place.per_full_time for place in trial.found.places}
    assert {name for name, value in per.items() if 10 <= value < 15} == {"Haderslev", "Holbæk", "Silkeborg", "Sønderborg", "Vejle"}
    assert {name for name, value in per.items() if value >= 20} == {"Aalborg"}
    assert all(4 <= place.mentors <= 17 for place in trial.found.places)
    assert {place.name for place in trial.found.places if not place.part_time} == {"Hjørring", "København", "Næstved", "Silkeborg", "Sønderborg", "Aalborg"}


def test_the_count_cube_of_the_spells_counts_the_same_people(trial):
    loaded, one = trial.data, outcome(trial, "su_education")
    group = np.where(loaded.codes.table(loaded.seen.panel.spells.codes, "education")[1][0], 0, -1)
    cube = panel.count(loaded.seen.panel.spells, loaded.seen.rows, loaded.seen.start, 76, loaded.treated.astype(np.int64), 2, group, 1)
    assert (cube[0, 0] == one.yes_control).all() and (cube[1, 0] == one.yes_treated).all()


def test_the_money_is_the_difference_of_the_persons_totals(trial):
    found, loaded = trial.found.money, trial.data
    delta = 1.035 ** (-7 * np.arange(76) / 365.25)
    spent = (loaded.minutes / 60 * 400) @ delta
    plain = sum((loaded.stratum == s).mean() * (spent[(loaded.stratum == s) & loaded.treated].mean() - spent[(loaded.stratum == s) & ~loaded.treated].mean()) for s in range(13))
    assert found.amounts[0].effect == pytest.approx(plain, rel=1e-9)
    for view, number in found.views.items():
        assert number.effect == pytest.approx(sum(found.by_view[view]), rel=1e-9)
    assert found.views["public"].effect == pytest.approx(found.views["municipality"].effect + found.views["state"].effect, rel=1e-9)
    assert found.by_view["society"][1] == pytest.approx(0, abs=1e-6) and found.by_view["society"][0] == pytest.approx(-1.28 * plain, rel=1e-9)
    price = found.per_extra["su_education"]
    assert price.lower < price.value < price.upper and price.value == pytest.approx(plain / outcome(trial, "su_education").headline(0.1).effect)


def test_a_price_that_changes_on_a_day_is_counted_by_the_day(trial):
    loaded = trial.data
    of = loaded.protocol.price_steps
    assert [(one["from"], one["kroner"]) for one in of] == [("2012-01-01", 1330), ("2014-01-01", 1350)]
    monday = np.array([[weeks.monday(int(start) + week) for week in range(76)] for start in loaded.start[:200]])
    expected = np.where(monday < date(2014, 1, 1), 1330, 1350)
    assert (money._price_by_day(loaded, "su_week")[:200] == expected).all() and len(np.unique(expected)) == 2


def test_the_municipalities_hire_as_in_the_talk(trial):
    kinds = {}
    for place in trial.found.places:
        kinds.setdefault(closing.kind_of(place), set()).add(place.name)
    assert kinds == {
        "only": {"Hjørring", "København", "Næstved", "Silkeborg", "Sønderborg", "Aalborg"}, "mostly": {"Holbæk", "Slagelse", "Vejle"}, "equal": {"Viborg"},
        "part": {"Haderslev", "Herning", "Kalundborg"},
    }  # fmt: skip
    assert [place.name for place in trial.found.places][-1] == "Aalborg"  # as a Dane sorts
    bands = {place.name: closing.caseload_band(place.per_full_time, Words()) for place in trial.found.places}
    assert {name for name, band in bands.items() if band == "15-19"} == {"Herning", "Hjørring", "Kalundborg", "København", "Næstved", "Slagelse", "Viborg"}
    assert all(f">{band}</td>" in trial.html for band in set(bands.values()))


def test_the_seven_points_are_all_there_and_fall_as_the_talk_says(trial):
    points = {(one.point, one.label): one for one in trial.found.points}
    assert {point for point, _ in points} == set(range(1, 8))
    share = {label: one.share for (_, label), one in points.items()}
    assert share["Både centralt og lokalt kursus"] > 0.8 > 0.5 > share["Sagsbehandlere på kurset"]  # not so high among case workers
    assert share["Lønnet af kommunen og uden myndighed"] == 1
    assert 0.5 < share["Mentorer med fast supervision"] < 0.9  # less in some municipalities
    assert 0.8 < share["Kommuner med under 20 deltagere pr. fuldtidsmentor"] < 1  # a little too many in some
    sure, possible = trial.found.delivery.month
    assert sure.share < possible.share and sure.denominator == 1299


def test_the_text_says_what_the_curves_of_delivery_show(trial):
    said = trial.html.replace("\u00a0", " ")
    assert "Fra uge 5 til 40 havde 61-69 % kontakt i ugen, og tiden var 63-87 minutter om ugen" in said


def test_power_before_the_draw(trial):
    education, job = trial.found.power
    assert education.alone.power == pytest.approx(0.90, abs=0.005) and education.alone.persons[0] <= 1299
    assert job.alone.power == pytest.approx(0.69, abs=0.01) and not job.alone.enough


def test_what_came_first_is_counted_as_it_can_be_counted_by_hand(trial):
    """Nobody is lost from sight here, so Aalen-Johansen is a plain share in each stratum."""
    found, loaded = trial.found.reached, trial.data
    first = [np.where((w := outcomes.find(name).weekly(loaded.seen)).any(axis=1), w.argmax(axis=1), 999) for name in found.names]
    began = (first[0] < 76) & (first[0] <= first[1])
    assert found.treated[0][-1] == pytest.approx(began[loaded.treated].mean(), abs=1e-12)
    gap = sum((here := loaded.stratum == s).mean() * (began[here & loaded.treated].mean() - began[here & ~loaded.treated].mean()) for s in range(13))
    assert found.difference[0].effect[-1] == pytest.approx(gap, abs=1e-12)


def test_the_mapping_says_what_the_second_document_says(trial):
    one = trial.found.mapped.courses
    assert one.over_half_year > 0.5 and one.over_lower > 0.5 and one.length.median > 26  # typically more than six months
    assert one.active_share > 1 / 3 and one.active_share == pytest.approx(0.36, abs=0.01)  # more than a third
    assert one.company_share == pytest.approx(0.25, abs=0.01)  # a quarter of those
    everybody, *groups = one.minutes
    assert everybody.one_to_two > 0.5  # most often one to two hours a week
    median = {group.group: group.median for group in groups}
    assert median["ressourceforløb"] > median["aktivitetsparat"]  # more intensive there
    said = trial.html.replace("\u00a0", " ")
    assert "blev 36 % af de afsluttede forløb fulgt af et aktivt tilbud" in said and "mere end en tredjedel" in said and "Af dem var 25 % virksomhedsrettede" in said


def test_the_job_centres_answers(trial):
    shares = [(round(100 * one.share, 1), one.of) for one in trial.found.mapped.survey]
    assert shares == [(49.4, 81), (53.1, 81), (27.2, 81)]  # just under half; 53; 27.2


def test_the_inspection_found_about_one_third(trial):
    one = trial.found.mapped.inspected
    assert (one.municipalities, one.population, one.cases) == (20, 98, 400)
    assert one.lower < 1 / 3 < one.upper and 0.28 <= one.not_followed <= 0.39
    assert "I omkring en tredjedel af sagerne" in trial.html


def test_relabelling_the_arms_turns_the_signs_and_nothing_else(trial):
    from snerydder.effects.difference import difference

    one = outcome(trial, "su_education")
    turned = difference(_values(trial), ~trial.data.treated, trial.data.stratum)
    assert np.abs(turned.effect + one.curve.effect).max() < 1e-12 and np.abs(turned.error - one.curve.error).max() < 1e-12


def _values(trial):
    return outcomes.find("su_education").weekly(trial.data.seen)


def test_the_tables_say_what_was_found(trial):
    with (trial.report.parent / "weekly.csv").open(encoding="utf-8") as opened:
        rows = {(row["outcome"], int(row["week"])): row for row in csv.DictReader(opened)}
    assert len(rows) == 152
    assert (rows["su_education", 52]["yes_treated"], rows["su_education", 52]["n_treated"]) == ("209", "1299")
    assert float(rows["su_education", 52]["lower_all"]) > 0 > float(rows["su_education", 51]["lower_all"])
    assert not any(isinstance(one.complier, Refused) for one in trial.found.outcomes)

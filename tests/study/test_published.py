"""Every figure of the two source documents that such data can show, from the files through the reader to the finding."""

import csv

import numpy as np
import pytest

from snerydder import panel
from snerydder.effects.complier import Complier
from snerydder.effects.results import Refused
from snerydder.registers import outcomes
from snerydder.registers.invented.trial import FITTING, TRIED
from snerydder.study import data, demo, protocol

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
    assert trial.found.joint.p > 0.05 and max(abs(line.smd) for line in trial.found.balance) < 0.1


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
    found, loaded = trial.found.cost, trial.data
    delta = 1.035 ** (-7 * np.arange(76) / 365.25)
    spent = (loaded.minutes / 60 * 400) @ delta
    assert -found.mentor.effect == pytest.approx(sum((loaded.stratum == s).mean() * spent[(loaded.stratum == s) & loaded.treated].mean() for s in range(13)), rel=1e-9)
    assert found.net.effect == pytest.approx(found.mentor.effect + found.transfer.effect, rel=1e-9)
    low, middle, high = found.per_extra["su_education"][1], found.per_extra["su_education"][0], found.per_extra["su_education"][2]
    assert low < middle < high and middle == pytest.approx(-found.mentor.effect / outcome(trial, "su_education").headline(0.1).effect)


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

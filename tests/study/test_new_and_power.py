"""Before there is anything to run: a protocol to begin from, and what a trial of a given size can show."""

import json
import re
import shutil
from dataclasses import replace

import polars as pl
import pytest

from snerydder.effects import power as formulas
from snerydder.registers.faults import BadInput
from snerydder.study import command, new, power, protocol

ANSWERS = (
    ('title = "UDFYLD: forsøgets navn"', 'title = "Prøve"'),
    ('seed = "UDFYLD: en tekst, I selv vælger"', 'seed = "prøve"'),
    ('file = "UDFYLD.csv"\nkey = "UDFYLD"\narm', 'file = "data/lodtraekning.csv"\nkey = "pnr"\narm'),
    ('arm = "UDFYLD"', 'arm = "gruppe"'),
    ('treated = "UDFYLD"', 'treated = "deltager"'),
    ('control = "UDFYLD"', 'control = "kontrol"'),
    ('date = "UDFYLD"', 'date = "lodtraekningsdato"'),
)


@pytest.fixture
def folder(trial, tmp_path):
    (tmp_path / "data").symlink_to(trial.folder / "data")
    return tmp_path


def fill(file):
    text = file.read_text(encoding="utf-8")
    for old, answer in ANSWERS:
        assert old in text
        text = text.replace(old, answer, 1)
    file.write_text(text, encoding="utf-8")


def test_a_template_asks_nothing_and_is_accepted_when_it_is_filled_in(folder, capsys):
    assert command.main(["new", "--out", str(folder), "--from", str(folder / "data" / "dream.csv")]) == 0
    assert "mangler 8 svar" in capsys.readouterr().out
    file = folder / "study.toml"
    assert command.main(["check", str(file)]) == 2
    said = capsys.readouterr().err
    assert "8 linjer er ikke udfyldt" in said and "linje 5" in said
    fill(file)
    assert new.unfilled(file) == []
    assert command.main(["check", str(file)]) == 0
    assert "2588 personer" in capsys.readouterr().out


def test_the_whole_template_is_a_protocol_also_with_its_comments_taken_away(folder):
    """What stands after # is offered to be used, so it must be readable too."""
    file = new.write(folder / "two", folder / "data" / "dream.csv")
    fill(file)
    offered = re.sub(r"^# (\[|\w+ = )", r"\1", file.read_text(encoding="utf-8"), flags=re.M)
    offered = re.sub(r"^(cluster|block|start) = .*$", "", offered, flags=re.M)
    file.write_text(offered, encoding="utf-8")
    read = protocol.read(file)
    assert read.contacts and read.mentors and read.prices and len(read.background) == 2 and len(read.subgroups) == 1


def test_nothing_is_written_over(folder):
    new.write(folder / "once")
    with pytest.raises(BadInput, match="overskrives ikke|ikke overskrevet"):
        new.write(folder / "once")


REGISTERS = [
    ({"loebenr": ["a", "b"], "y_1234": ["651", ""], "grad_2012_08": [0.5, None]}, "loebenr", True),
    ({"borger": ["a", "b"], "y_1234": ["651", ""]}, "borger", False),  # the only column it can be
    ({"koen": ["k", "m"], "PNR": ["a", "b"], "y_1234": ["651", ""]}, "PNR", False),
]


@pytest.mark.parametrize(("columns", "key", "monthly"), REGISTERS)
def test_the_register_fills_in_what_it_can(tmp_path, columns, key, monthly):
    pl.DataFrame(columns).write_parquet(tmp_path / "reg.parquet")
    text = new.write(tmp_path / "here", tmp_path / "reg.parquet").read_text(encoding="utf-8")
    assert 'file = "../reg.parquet"' in text and f'key = "{key}" ' in text
    assert ('\nname = "job_week"' in text) == monthly


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"pnr": ["a"], "id": ["b"], "y_1234": ["651"]}, "pnr, id"),
        ({"a": ["a"], "b": ["b"], "y_1234": ["651"]}, "a, b"),
        ({"y_1234": ["651"]}, "Ingen kolonne"),
        ({"pnr": ["a"], "uge": ["1"]}, "ingen ugekolonner"),
    ],
)
def test_a_key_is_never_guessed_between_two(tmp_path, columns, words):
    pl.DataFrame(columns).write_csv(tmp_path / "reg.csv")
    with pytest.raises(BadInput, match=words):
        new.write(tmp_path / "here", tmp_path / "reg.csv")
    assert not (tmp_path / "here").exists()


def test_power_answers_in_plain_words_and_in_a_file(tmp_path, capsys):
    arguments = ["power", "--treated", "1299", "--control", "1289", "--share", "0.12", "--effect", "0.04", "--municipalities", "13"]
    assert command.main([*arguments, "--out", str(tmp_path)]) == 0
    said = capsys.readouterr().out
    assert "viser med 90 % sandsynlighed en forskel på 4 procentpoint" in said.replace("\n", " ")
    told = json.loads((tmp_path / "power.json").read_text(encoding="utf-8"))
    [one] = told["outcomes"]
    exact = formulas.power(formulas.Design(1299, 1289), 0.12, 0.04)
    assert one["power"] == pytest.approx(exact, abs=1e-9) and one["power_all"] < one["power"]
    assert 2.4 < told["critical_all"] < 2.9
    assert all(row["power_all"] <= row["power"] for row in one["table"])
    assert command.main([*arguments, "--lang", "en"]) == 0
    english = capsys.readouterr().out
    assert "has a 90% chance" in english.replace("\n", " ") and "sandsynlighed" not in english


def test_one_municipality_alone_is_told_how_many_it_takes(capsys):
    assert command.main(["power", "--treated", "100", "--control", "100", "--share", "0.12", "--effect", "0.04"]) == 0
    assert "13 kommuner af samme størrelse i stedet for 1" in capsys.readouterr().out.replace("\n", " ")


def test_power_from_a_protocol_has_the_strata_of_the_lottery_file(trial):
    plan = power.from_protocol(trial.protocol)
    assert plan.places == 13 and sum(plan.design.treated) == 1299 and sum(plan.design.control) == 1289
    assert [(one.share, round(one.effect, 4)) for one in plan.questions] == [(0.12, 0.04), (0.05, 0.02)]
    education, job = power.answers(plan)
    assert education.alone.power == pytest.approx(0.90, abs=0.005) and job.alone.power == pytest.approx(0.69, abs=0.01)


def test_what_is_missing_for_power_is_told(trial, tmp_path, capsys):
    assert command.main(["power", "--treated", "100"]) == 2
    assert "--control mangler" in capsys.readouterr().err
    assert command.main(["power", "--treated", "100", "--control", "100", "--share", "0.1", "--effect", "0.1", "--clusters", "10"]) == 2
    assert "--icc" in capsys.readouterr().err
    assert command.main(["power", "--treated", "100", "--control", "100", "--share", "0.98", "--effect", "0.04"]) == 2
    assert "uden for 0 til 100" in capsys.readouterr().err
    (tmp_path / "data").symlink_to(trial.folder / "data")
    shutil.copy(trial.file, tmp_path)
    text = re.sub(r"^expected = .*$", "", trial.file.read_text(encoding="utf-8"), flags=re.M)
    (tmp_path / "study.toml").write_text(text, encoding="utf-8")
    assert command.main(["power", str(tmp_path / "study.toml")]) == 2
    assert "expected = [0.12, 0.16]" in capsys.readouterr().err


def test_clusters_and_take_up_make_it_harder(capsys):
    def chance(*more):
        assert command.main(["power", "--treated", "1000", "--control", "1000", "--share", "0.12", "--effect", "0.05", *more]) == 0
        return capsys.readouterr().out

    assert chance() != chance("--take-up", "0.8") != chance("--clusters", "26", "--icc", "0.05")


def test_time_and_a_subgroup_from_the_command_and_from_the_protocol(trial, tmp_path, capsys):
    arguments = ["power", "--treated", "1299", "--control", "1289", "--share", "0.12", "--effect", "0.04", "--subgroup", "0.4"]
    assert command.main([*arguments, "--out", str(tmp_path)]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "hvor hurtigt de nåede det (log-rank-test), er sandsynligheden 90 %" in said
    assert "I en undergruppe på 40 % af personerne er sandsynligheden 58 %" in said and "de to dele er forskellige, 43 %" in said
    [one] = json.loads((tmp_path / "power.json").read_text(encoding="utf-8"))["outcomes"]
    design = formulas.Design(1299, 1289, subgroup=0.4)
    assert one["subgroup"]["power"] == pytest.approx(formulas.power(design, 0.12, 0.04), abs=1e-9)
    assert one["subgroup"]["power_contrast"] == pytest.approx(formulas.contrast_power(design, 0.12, 0.04), abs=1e-9)
    assert one["logrank"]["power"] == pytest.approx(formulas.sooner(formulas.Design(1299, 1289), 0.12, 0.04).power, abs=1e-9)
    assert command.main([*arguments[:-1], "40"]) == 2 and "del med 100" in capsys.readouterr().err
    plan = power.from_protocol(replace(trial.protocol, power=trial.protocol.power | {"subgroup": 0.5}))
    education, _ = power.answers(plan)
    assert education.part.share == 0.5 and education.part.contrast < education.part.power < education.alone.power
    assert command.main([*arguments, "--clusters", "26", "--icc", "0.02"]) == 0
    assert "log-rank" not in capsys.readouterr().out  # it has no formula there

"""What people send, and the sentence they get back: file, place, what was expected, what to do."""

import random
import shutil
from dataclasses import replace

import pytest

from snerydder.registers.faults import BadInput
from snerydder.study import command, data, gate, protocol, provenance, writing


@pytest.fixture
def folder(trial, tmp_path):
    """The files of the trial, to be spoilt: small ones copied, the register shared."""
    (tmp_path / "data").mkdir()
    for file in (trial.folder / "data").iterdir():
        if file.name == "dream.csv":
            (tmp_path / "data" / file.name).symlink_to(file)
        else:
            shutil.copy(file, tmp_path / "data")
    shutil.copy(trial.file, tmp_path)
    return tmp_path


def change(file, old, new, times=1):
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, times), encoding="utf-8")


PROTOCOL = [
    ('title = "', 'titel = "', ("study.toml", "nøgle titel", "title?")),
    ('treated = "deltager"', "", ("[lottery]", "nøgle treated", "mangler")),
    ("alpha = 0.10", 'alpha = "ti"', ("nøgle alpha", "et tal med punktum")),
    ("alpha = 0.10", "alpha = 10", ("alpha = 10", "0.10")),
    ('status = "final"', 'status = "færdig"', ("'færdig'", "draft eller final")),
    ('strata = ["kommune"]', 'strata = "kommune"', ("nøgle strata", "en liste")),
    ("last = 75", "last = 75.5", ("nøgle last", "et helt tal")),
    ("week = 52 ", "week = 99 ", ("Uge 99", "0 til 75")),
    ('name = "su_education"', 'name = "su"', ("'su'", "su_education", "job er job_week")),
    ('use = ["difference"', 'use = ["forskel"', ("'forskel'", "difference")),
    ('background = "Kvinde"', 'background = "Kvinder"', ("'Kvinder'", "Mente du 'Kvinde'")),
    ("[window]", "[window", ("kan ikke læses: [window", "linje 66", "samme parentes")),
    ("redraws = 10000", "redraws = true", ("nøgle redraws", "et helt tal")),
    ("redraws = 10000", "redraws = 0", ("nøgle redraws", "fra 99")),
    ("redraws = 10000", "redraws = 99999999999999999999", ("nøgle redraws", "fx 10000")),
    ("redraws = 10000", "redrws = 10000", ("nøgle redrws", "Mente du redraws?")),
    ("[window]", "[vindue]", ("afsnit [vindue]", "window", "Fjern afsnittet")),
    ("[window]", "[[window]]", ("[window]", "enkelte parenteser")),
    ("[[outcome]]", "[outcome]", ("linje", "[[outcome]]", "står to gange")),
    ("[inspection]", "[[inspection]]", ("[inspection]", "enkelte parenteser")),
    ('key = "pnr"\nscheme', 'arm = "gruppe"\nscheme', ("[register], nøgle arm", "under [lottery]")),
    ("mentor_hour = 400 ", "mentor_hour = 400,50 ", ("linje", "mentor_hour = 400,50", "punktum")),
    ("mentor_hour = 400 ", 'mentor_hour = "400,50" ', ("nøgle mentor_hour", "uden gåseøjne", "400.50")),
    ("mentor_hour = 400 ", "mentor_hour = 1.400.000 ", ("linje", "uden tusindtalsskille")),
    ("mentor_hour = 400 ", "mentor_hour = inf ", ("nøgle mentor_hour", "inf")),
    ('title = "', "title = ”", ("linje 4", "lige gåseøjne")),
    ('key = "pnr"', "key = pnr", ("linje", "tekst i gåseøjne")),
    ("invented = true", "invented = ja", ("linje", "true eller false")),
    ("alpha = 0.10", "alpha = 0.05\nalpha = 0.10", ("står to gange",)),
    ("alpha = 0.10", "alpha", ("linje", "nøgle = værdi")),
    ('strata = ["kommune"]', "strata = [true, 3]", ("nøgle strata", "en liste af tekster")),
    ("expected = [0.12, 0.16]", 'expected = ["0,12", "0,16"]', ("nøgle expected", "en liste af tal")),
    ('control = "kontrol"', 'control = "deltager"', ("treated og control", "to forskellige ord")),
    ('name = "job_week"', 'name = "su_education"', ("'su_education' står to gange", "[[outcome]]")),
    ('name = "Køn"', 'name = "Karakterer"', ("'Karakterer' står to gange",)),
    ('labels = ["mænd", "kvinder"]', 'labels = ["mænd"]', ("'Køn'", "to forskellige navne")),
    ('labels = ["mænd", "kvinder"]', 'labels = ["x", "x"]', ("'Køn'", "to forskellige navne")),
    ('use = ["difference", ', 'errors = ["HC4"]\nuse = ["difference", ', ("'HC4'", "HC0, HC1")),
    ('missing_of = "karakter_9_klasse"', 'missing_of = "karakter_9_klasse"\ncolumn = "alder"', ("ét sted",)),
]


@pytest.mark.parametrize(("old", "new", "words"), PROTOCOL)
def test_a_fault_in_the_protocol_names_the_key(folder, old, new, words):
    change(folder / "study.toml", old, new)
    with pytest.raises(BadInput) as told:
        protocol.read(folder / "study.toml")
    assert all(word in str(told.value) for word in words), str(told.value)


FILES = [
    ("lodtraekning.csv", ",kontrol,", ",kontrl,", ("lodtraekning.csv", "række 3", "'kontrl'")),
    ("lodtraekning.csv", "2012-08-20", "20/13-2012", ("række 2", "lodtraekningsdato", "2012-08-20 eller")),
    ("lodtraekning.csv", "kommune,gruppe", "kommune,arm", ("gruppe", "[lottery]")),
    ("lodtraekning.csv", "2012-08-20", "1812-08-20", ("række 2", "lodtraekningsdato", "2009-W35")),
    ("lodtraekning.csv", ",0.502488", ",50", ("række 2", "andel_til_deltager", "del med 100")),
    ("lodtraekning.csv", "2012-08-20", "", ("række 2", "lodtraekningsdato", "tom", "Skriv dagen")),
    ("lodtraekning.csv", ",Hjørring,", ",,", ("række 2", "kolonne kommune", "tom", "uoplyst")),
    ("personer.csv", "pnr,", "<!DOCTYPE html>\n<html>pnr,", ("personer.csv", "en webside", "logger ind")),
    ("personer.csv", "\nP14169,", "\nP14169,1,", ("række 2", "decimaltal med komma", "semikolon")),
    ("mentorer.csv", ",37.0,", ",,", ("række", "kolonne timer", "tomt")),
    ("mentorer.csv", ",37.0,", ",370,", ("række", "kolonne timer", "højst 80")),
    ("kontakter.csv", "minutter\n", "minutter\nP14169,3,99999999\n", ("række 2", "10080")),
    ("lodtraekning.csv", ",0.502463", ",0.25", ("0.25", "Silkeborg", "én chance")),
    ("lodtraekning.csv", ",0.502463", ",1.2", ("1.2", "mellem 0 og 1")),
    ("personer.csv", "\nP", "\nX", ("personer.csv", "mangler", "P")),
    ("personer.csv", ",0,1,,1,", ",0,ja,,1,", ("'ja'", "indvandrer_eller_efterkommer")),
]


@pytest.mark.parametrize(("name", "old", "new", "words"), FILES)
def test_a_fault_in_a_file_names_the_row(folder, name, old, new, words):
    change(folder / "data" / name, old, new)
    with pytest.raises(BadInput) as told:
        data.load(protocol.read(folder / "study.toml"))
    assert all(word in str(told.value) for word in words), str(told.value)


def test_two_rows_of_one_person_and_week_are_added_and_it_says_so(folder):
    file = folder / "data" / "kontakter.csv"
    lines = file.read_text(encoding="utf-8").splitlines()
    once = data.load(protocol.read(folder / "study.toml"))
    assert once.quality["contact_again"].count == 0
    file.write_text("\n".join([*lines, *lines[1:4], lines[1]]) + "\n", encoding="utf-8")
    again = data.load(protocol.read(folder / "study.toml"))
    assert (again.quality["contact_again"].count, again.quality["contact_again"].examples[0]) == (4, len(lines) + 1)
    added = sum(float(line.split(",")[2]) for line in (*lines[1:4], lines[1]))
    assert again.minutes.sum() == pytest.approx(once.minutes.sum() + added)


def test_a_missing_file_is_told_as_a_sentence_and_not_as_a_trace(folder, capsys):
    (folder / "data" / "personer.csv").unlink()
    assert command.main(["check", str(folder / "study.toml")]) == 2
    said = capsys.readouterr().err
    assert "personer.csv" in said and "findes ikke" in said and "Traceback" not in said
    assert command.main(["check", str(folder / "nowhere.toml")]) == 2



def test_check_reads_every_file_the_protocol_names(folder, capsys):
    for name in ("forloeb", "jobcentre", "tilsyn", "opfoelgning", "sagsbehandlere"):
        file = folder / "data" / f"{name}.csv"
        text = file.read_text(encoding="utf-8")
        file.write_text("", encoding="utf-8")
        assert command.main(["check", str(folder / "study.toml")]) == 2 and f"{name}.csv" in capsys.readouterr().err
        file.write_text(text, encoding="utf-8")
    assert command.main(["check", str(folder / "study.toml")]) == 0


def test_what_is_in_the_quality_page_and_does_not_stop(folder):
    change(folder / "data" / "lodtraekning.csv", "Hjørring,deltager", "Læsø,deltager")
    change(folder / "data" / "mentorer.csv", "M001,Hjørring", "M001,Anholt")
    loaded = data.load(protocol.read(folder / "study.toml"))
    assert (loaded.quality["thin_stratum"].count, loaded.quality["thin_stratum"].examples) == (1, (2,))
    assert (loaded.quality["mentor_elsewhere"].count, loaded.quality["mentor_elsewhere"].examples) == (1, (2,))


def test_a_run_leaves_all_or_nothing(trial, tmp_path, monkeypatch):
    """The tables of the run before are not taken for this one's, and a run that breaks off leaves the old one whole."""
    trace = provenance.trace(trial.protocol, trial.data.reading)
    writing.settled(tmp_path, trial.protocol, gate.apply(trial.found, trial.data), trace)
    (tmp_path / "mine.txt").write_text("my own", encoding="utf-8")
    assert (tmp_path / "looks.csv").is_file() and (tmp_path / "figures" / "looks-job_week.svg").is_file()
    before = {file: file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()}
    fewer = replace(trial.found, looks=())

    def full(*_, **__):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(writing.page, "page", full)
        with pytest.raises(OSError, match="space"):
            writing.settled(tmp_path, trial.protocol, gate.apply(fewer, trial.data), trace)
    assert {file: file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()} == before
    writing.settled(tmp_path, trial.protocol, gate.apply(fewer, trial.data), trace)
    assert not (tmp_path / "looks.csv").exists() and not (tmp_path / "figures" / "looks-job_week.svg").exists() and (tmp_path / "mine.txt").is_file()
    assert sorted(path.name for path in tmp_path.iterdir() if path.name.startswith(".")) == []


def test_a_name_that_is_taken_is_told_in_danish(folder, capsys):
    (folder / "out").write_text("a file", encoding="utf-8")
    assert command.main(["run", str(folder / "study.toml"), "--out", str(folder / "out")]) == 2
    assert "allerede en fil af det navn" in capsys.readouterr().err


def test_the_order_of_the_persons_says_nothing(folder, trial):
    from snerydder.effects.difference import difference
    from snerydder.registers import outcomes

    file = folder / "data" / "lodtraekning.csv"
    head, *rows = file.read_text(encoding="utf-8").splitlines()
    random.Random(4).shuffle(rows)
    file.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    loaded = data.load(protocol.read(folder / "study.toml"))
    assert loaded.persons != trial.data.persons
    for one in trial.found.outcomes:
        again = difference(outcomes.find(one.name).weekly(loaded.seen), loaded.treated, loaded.stratum)
        assert abs(again.effect - one.curve.effect).max() < 1e-12 and abs(again.error - one.curve.error).max() < 1e-12


def test_the_word_alone_says_what_can_follow(capsys):
    assert command.main([]) == 0
    assert "study run study.toml --out" in capsys.readouterr().out


def twice(folder):
    file = folder / "data" / "lodtraekning.csv"
    first = file.read_text(encoding="utf-8").splitlines()[1].split(",")
    other = "deltager" if first[2] == "kontrol" else "kontrol"
    with file.open("a", encoding="utf-8") as opened:
        opened.write(",".join([first[0], first[1], other, "2012-11-01", first[4]]) + "\n")
    return first[0]


def test_a_person_drawn_twice_stops_the_run_unless_the_protocol_says_which(folder):
    person = twice(folder)
    with pytest.raises(BadInput, match=rf"{person} er trukket to gange"):
        data.load(protocol.read(folder / "study.toml"))
    change(folder / "study.toml", 'drawn_twice = "stop"', 'drawn_twice = "first"')
    loaded = data.load(protocol.read(folder / "study.toml"))
    assert (len(loaded.persons), loaded.drawn) == (2588, 2589) and loaded.quality["drawn_twice"].count == 1
    assert int(loaded.treated.sum()) == 1299


def stranger(folder):
    with (folder / "data" / "lodtraekning.csv").open("a", encoding="utf-8") as opened:
        opened.write("P00001,Vejle,kontrol,2012-09-03,0.502488\n")
    with (folder / "data" / "personer.csv").open("a", encoding="utf-8") as opened:
        opened.write("P00001,22,0,0,,1,200000\n")


def test_a_drawn_person_outside_the_register(folder):
    stranger(folder)
    with pytest.raises(BadInput, match="P00001"):
        data.load(protocol.read(folder / "study.toml"))
    change(folder / "study.toml", 'not_in_register = "stop"', 'not_in_register = "zero"')
    kept = data.load(protocol.read(folder / "study.toml"))
    assert len(kept.persons) == 2589 and kept.seen.grid()[-1].sum() == 0
    change(folder / "study.toml", 'not_in_register = "zero"', 'not_in_register = "drop"')
    assert len(data.load(protocol.read(folder / "study.toml")).persons) == 2588


def test_the_dead_stay_in_the_denominator_unless_the_protocol_says_otherwise(folder):
    kept = data.load(protocol.read(folder / "study.toml"))
    assert kept.observed.all() and "nævneren" in kept.quality["dead"].text
    change(folder / "study.toml", 'dead = "keep"', 'dead = "drop"')
    change(folder / "study.toml", 'abroad = "keep"', 'abroad = "drop"')
    dropped = data.load(protocol.read(folder / "study.toml"))
    assert (~dropped.observed).sum() > 0 and (~dropped.observed).any(axis=1).sum() == 39


def test_a_window_beyond_the_register_is_told(folder):
    change(folder / "study.toml", "last = 75", "last = 140")
    with pytest.raises(BadInput, match="dækker ikke uge"):
        data.load(protocol.read(folder / "study.toml"))


def test_an_unconfirmed_code_stops_a_final_run_and_is_listed_in_a_draft(folder, capsys):
    change(folder / "study.toml", 'codes = "data/koder.csv"', "")
    assert command.main(["check", str(folder / "study.toml")]) == 2
    assert "731" in capsys.readouterr().err
    change(folder / "study.toml", 'status = "final"', 'status = "draft"')
    assert command.main(["check", str(folder / "study.toml")]) == 0
    assert "Ubekræftet kode: 731" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("old", "new", "words"), [("651,651", "65x,651", "65x"), (",confirmed,", ",ja,", "'ja'"), ("code_from", "kode", "code_from")]
)
def test_a_fault_in_the_code_list(folder, old, new, words):
    file = folder / "data" / "koder.csv"
    change(file, old, new)
    with pytest.raises(BadInput, match=words):
        data.load(protocol.read(folder / "study.toml"))

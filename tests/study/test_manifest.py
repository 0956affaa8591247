"""The sender's count of the files: what it holds, and what it refuses."""

import json

import pytest

from snerydder.registers.faults import BadInput
from snerydder.study import manifest
from snerydder.study.command import main


@pytest.fixture
def sent(tmp_path):
    (tmp_path / "a.csv").write_text("pnr,y_1201,kroner\nP1,651,\"1,5\"\nP2,,\nP3,731,2\n", encoding="utf-8")
    (tmp_path / "b.csv").write_text("pnr;køn\nP1;k\nP2;m\n", encoding="utf-8")
    manifest.write([tmp_path / "a.csv", tmp_path / "b.csv"], tmp_path / manifest.NAME)
    return tmp_path


def test_it_counts_rows_filled_cells_and_sums(sent):
    told = manifest.read(sent / manifest.NAME)
    first, second = told["files"]
    assert (first["name"], first["rows"], second["rows"]) == ("a.csv", 3, 2)
    assert first["columns"] == [{"name": "pnr", "filled": 3, "sum": 0.0}, {"name": "y_1201", "filled": 2, "sum": 1382.0}, {"name": "kroner", "filled": 2, "sum": 3.5}]
    assert manifest.check(told, sent) == told


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("P3,731,2\n", "", "Den har 2 rækker og skulle have 3"),
        ("y_1201", "y_1202", "Kolonnerne er andre: y_1201, y_1202"),
        ("pnr,y_1201", "y_1201,pnr", "Kolonnerne står i en anden orden"),
        ("651", "652", "Tallene er andre i kolonne y_1201"),
        ("P1,", "P9,", "ikke hver celle"),
    ],
)
def test_a_changed_file_is_refused_and_the_change_is_told(old, new, said, sent):
    file = sent / "a.csv"
    file.write_text(file.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(BadInput, match=said):
        manifest.check(manifest.read(sent / manifest.NAME), sent)


def test_the_command_writes_it_and_says_where(sent, capsys):
    assert main(["manifest", str(sent / "a.csv"), "--out", str(sent / "ny.json")]) == 0
    assert json.loads((sent / "ny.json").read_text(encoding="utf-8"))["form"] == manifest.FORM
    assert "ny.json" in capsys.readouterr().out
    assert main(["manifest", str(sent / "findes-ikke.csv")]) == 2


def test_it_is_laid_beside_the_files(sent, monkeypatch, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    (sent / manifest.NAME).unlink()
    assert main(["manifest", str(sent / "a.csv"), str(sent / "b.csv")]) == 0
    assert (sent / manifest.NAME).is_file() and not list((tmp_path / "elsewhere").iterdir())

"""The page from a register file to a report: its commands are run as they stand, its words are keys there are, and its pictures are the report's."""

import re
import shlex
import shutil
from pathlib import Path

from snerydder.study import command
from snerydder.study.keys import SECTIONS, TOP
from tests.study.test_new_and_power import fill

PAGE = Path(__file__).parents[2] / "docs" / "brug" / "effekt.md"


def test_the_commands_of_the_page_make_a_report(trial, tmp_path, monkeypatch, capsys):
    text = PAGE.read_text(encoding="utf-8")
    commands = [shlex.split(line)[3:] for block in re.findall(r"```sh\n(.*?)```", text, re.S) for line in block.splitlines()]
    assert [words[0] for words in commands] == ["demo", "new", "check", "power", "run"]
    shutil.copytree(trial.folder / "data", tmp_path / "mit-forsoeg" / "data")
    monkeypatch.chdir(tmp_path)
    for words in commands[1:]:
        assert command.main(words) == 0, words
        if words[0] == "new":
            file = tmp_path / "mit-forsoeg" / "study.toml"
            fill(file)
            file.write_text(file.read_text(encoding="utf-8").replace("redraws = 10000", "redraws = 99"), encoding="utf-8")
    assert "kommuner" in capsys.readouterr().out  # how many it would take
    assert "må ikke citeres" in (tmp_path / "mit-forsoeg" / "svar" / "report.html").read_text(encoding="utf-8").lower()


def test_the_keys_the_page_names_are_there():
    named = re.search(r"\| Loddet faldt \|.*?\n\n", PAGE.read_text(encoding="utf-8"), re.S)[0]
    keys = {word for cell in re.findall(r"`([^`]+)`", named) for word in re.findall(r"^\w+", cell)}
    assert keys == {"strata", "block", "cluster", "chances", "share", "design", "start"} and keys <= {*SECTIONS["lottery"], *TOP}


def test_the_pictures_are_the_reports_own(trial):
    """Where a figure has changed, copy it from the demo report."""
    pictures = {"effekt-kurve-1140.png": "effect-su_education.png", "effekt-undergrupper-1140.png": "forest-su_education.png"}
    assert set(re.findall(r"billeder/([\w.-]+)", PAGE.read_text(encoding="utf-8"))) == set(pictures)
    for shown, figure in pictures.items():
        assert (PAGE.parent / "billeder" / shown).read_bytes() == (trial.report.parent / "figures" / figure).read_bytes(), shown

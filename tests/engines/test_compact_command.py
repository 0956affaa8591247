"""`study compact` from a command line: made, described, counted again by another engine."""

import numpy as np
import polars as pl

from snerydder.registers import weeks
from snerydder.registers.engines import sql
from snerydder.study import command


def register(folder):
    dice = np.random.default_rng(51)
    codes = dice.choice([0, 651, 731], (200, 160))
    columns = {weeks.column(weeks.from_iso(2010, 1) + week): [int(code) or None for code in codes[:, week]] for week in range(160)}
    pl.DataFrame({"pnr": [f"{row:04d}" for row in range(200)], **columns}).write_csv(folder / "dream.csv")
    return codes


def test_the_command_makes_and_checks(tmp_path, capsys):
    codes = register(tmp_path)
    asked = [
        "compact",
        str(tmp_path / "dream.csv"),
        "--out",
        str(tmp_path / "dream.compact"),
        "--spells",
        str(tmp_path / "spells.parquet"),
        "--check-with",
        "duckdb",
    ]
    assert command.main(asked) == 0
    said = capsys.readouterr().out
    assert "200 personer" in said and "160 uger fra 2010-W01, 2 koder" in said and "alle ens" in said
    assert (pl.read_parquet(tmp_path / "spells.parquet").select((pl.col("end") - pl.col("begin")).sum()).item()) == (codes > 0).sum()


def test_an_engine_that_counts_otherwise_is_told_of(tmp_path, capsys, monkeypatch):
    register(tmp_path)
    right = sql.count
    monkeypatch.setattr(sql, "count", lambda *asked: right(*asked) + (np.arange(104) == 7))
    asked = ["compact", str(tmp_path / "dream.csv"), "--out", str(tmp_path / "dream.compact"), "--check-with", "duckdb"]
    assert command.main(asked) == 1
    assert "194 forskellige, den største forskel 1" in capsys.readouterr().out


def test_what_is_wrong_is_said_in_a_sentence(tmp_path, capsys):
    register(tmp_path)
    assert command.main(["compact", str(tmp_path / "dream.csv")]) == 2
    assert "--out mangler" in capsys.readouterr().err
    assert command.main(["compact", str(tmp_path / "dream.csv"), "--out", str(tmp_path / "d.compact"), "--key", "cpr"]) == 2
    assert "cpr" in capsys.readouterr().err

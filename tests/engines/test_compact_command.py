"""`study compact` from a command line: made, described, counted again by another engine."""

import numpy as np
import polars as pl

from snerydder.registers import compact, weeks
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


def test_where_a_spell_ends_is_said_and_never_guessed(tmp_path, capsys):
    codes = register(tmp_path)
    monday = weeks.from_iso(2010, 1)
    spells = pl.DataFrame([(f"{row:04d}", monday + week, monday + week, int(code)) for row, line in enumerate(codes) for week, code in enumerate(line) if code], schema=["pnr", "begin", "end", "code"], orient="row")
    for name, to_is, end in (("last", "last", 0), ("after", "after", 1), ("days", "last", 0), ("next_day", "after", 0)):
        file = tmp_path / f"{name}.parquet"
        made = spells.with_columns(pl.col("end") + end)
        if "day" in name:  # the spell ends on the Tuesday of its last week; its next day is the Wednesday
            made = made.with_columns((pl.col("begin") * 7 + 4).cast(pl.Date), (pl.col("end") * 7 + (5 if name == "days" else 6)).cast(pl.Date))
        made.write_parquet(file)
        asked = ["compact", str(file), "--out", str(tmp_path / f"{name}.compact")]
        assert command.main(asked) == 2 and "--to-is last" in capsys.readouterr().err and not (tmp_path / f"{name}.compact").exists()
        assert command.main([*asked, "--to-is", to_is]) == 0
        found = compact.open(tmp_path / f"{name}.compact")
        assert int((found.end.astype(int) - found.begin).sum()) == (codes > 0).sum() and found.first == monday + int((codes > 0).any(axis=0).argmax()), name


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

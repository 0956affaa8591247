"""A register that ends before some persons' window does: weeks in which hardly anybody is left."""

import csv

import numpy as np
import pytest

from snerydder.effects.results import Refused
from snerydder.study import analysis, command, data, protocol
from snerydder.study.progress import Silent
from tests import small_study

pytestmark = pytest.mark.usefixtures("few_draws")

PRICES = """
[prices]
mentor_hour = 400
transfer_week = 3000
discount = 0.035
source = "Opdigtet."
"""


def late(folder, week):
    """Twenty persons were drawn in June and can be followed to the end, the others in November."""
    files = small_study.files(folder / "data")
    draws = next(file for file in files if file.name == "lodtraekning.csv")
    head, *rows = draws.read_text(encoding="utf-8").splitlines()
    rows = [row if place >= 60 else row.replace("2012-06-04", "2012-11-05") for place, row in enumerate(rows)]
    draws.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    contacts = next(file for file in files if file.name == "kontakter.csv")
    kept = [row for row in contacts.read_text(encoding="utf-8").splitlines() if row[:3] not in ("P06", "P07") or row.startswith(("P066", "P072"))]  # two of ten
    contacts.write_text("\n".join(kept) + "\n", encoding="utf-8")
    text = small_study.PROTOCOL.replace("last = 20", "last = 24").replace("week = 20", f"week = {week}") + PRICES
    file = folder / "study.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_receipt_is_told_in_the_weeks_it_is_estimated_in_and_in_no_other(tmp_path):
    file = late(tmp_path, 10)
    loaded = data.load(protocol.read(file))
    one = analysis.run(loaded, Silent()).outcomes[0]
    weak = one.complier.weekly_f < 10
    assert weak.any() and not weak[10]
    assert np.array_equal(np.isnan(one.complier.curve.effect), weak) and np.array_equal(np.isnan(one.receipt_band.lower), weak)
    assert command.main(["run", str(file), "--out", str(tmp_path / "out")]) == 0
    with (tmp_path / "out" / "weekly.csv").open(encoding="utf-8", newline="") as opened:
        told = {int(row["week"]): row["effect_of_receiving"] for row in csv.DictReader(opened)}
    assert not any(told[week] for week in np.flatnonzero(weak))
    held = {week for week, effect in told.items() if not effect}
    assert all(float(told[week]) == pytest.approx(one.complier.curve.effect[week], rel=1e-9) for week in set(told) - held)


def test_a_headline_in_a_week_with_a_weak_draw_is_refused(tmp_path):
    one = analysis.run(data.load(protocol.read(late(tmp_path, 24))), Silent()).outcomes[0]
    assert isinstance(one.complier, Refused) and "uge 24" in one.complier.reason and "F = " in one.complier.reason and one.receipt_band is None


def test_weeks_nobody_knows_are_not_nought_kroner(tmp_path):
    file = late(tmp_path, 10)
    found = analysis.run(data.load(protocol.read(file)), Silent())
    assert isinstance(found.money, Refused) and found.money.key == "not-covered"
    assert isinstance(found.outcomes[0].shift, Refused)

"""The compact form: what every file form is made into, the same to the last spell, and what is refused."""

import json
import random

import numpy as np
import polars as pl
import pytest

from snerydder import panel
from snerydder.registers import compact, compact_csv, compact_import, kernels, weeks
from snerydder.registers.compact_import import Columns
from snerydder.registers.faults import BadInput

PERSONS = 150
WEEKS = [weeks.from_iso(2009, 40) + step for step in range(70)]  # over the 53rd week of 2009
FIRST = WEEKS[0]
CODES = [0, 0, 651, 652, 731, 881, 111]


def grid():
    dice = np.random.default_rng(31)
    short = np.array(CODES)[dice.integers(0, len(CODES), (PERSONS, 14))]
    found = np.repeat(short, 5, axis=1).astype(np.uint16)
    found[3], found[4] = 0, 651  # never and always
    return found


def keys():
    return [f"{number:04d}" for number in np.random.default_rng(32).permutation(PERSONS)]


def expected():
    table = grid()
    numbers = sorted(set(CODES) - {0})
    index = np.zeros(1000, dtype=np.uint16)
    index[numbers] = np.arange(1, len(numbers) + 1)
    persons = tuple(keys())
    return panel.from_grid(persons, ("", *(f"{number:03d}" for number in numbers)), index[table], FIRST, np.ones(len(WEEKS), dtype=bool))


def same(found, wanted):
    assert tuple(found.persons) == tuple(wanted.persons) and found.codes == wanted.codes and found.first == wanted.first
    for name in ("offsets", "code", "begin", "end", "covered"):
        assert np.array_equal(getattr(found, name), getattr(wanted, name)), name


def wide(values=lambda row: [int(code) or None for code in row], order=range(70)):
    table = [values(row) for row in grid()]
    return pl.DataFrame({"pnr": keys(), **{weeks.column(WEEKS[week]): [row[week] for row in table] for week in order}}, infer_schema_length=None)


def spelled():
    one = expected()
    owner = np.repeat(np.arange(PERSONS), np.diff(one.offsets))
    numbers = np.array([0, *(int(code) for code in one.codes[1:])])
    return pl.DataFrame({"pnr": [keys()[row] for row in owner], "code": numbers[one.code], "begin": one.begin, "end": one.end})


def long():
    one = spelled().with_columns(week=pl.int_ranges("begin", "end")).explode("week")
    return one.select("pnr", "code", pl.col("week").cast(pl.Int32))


def texts(row):
    """The same codes as people write them."""
    dice = random.Random(int(row.sum()))
    return [dice.choice([f"{code}", f"{code}.0", f" {code} "]) if code else dice.choice(["", ".", "NA", " "]) for code in row]


SHUFFLED = random.Random(7).sample(range(len(WEEKS)), len(WEEKS))
WIDE = {
    "whole": wide,
    "narrow": lambda: wide().cast({pl.Int64: pl.UInt16}),
    "floats": lambda: wide(lambda row: [float(code) if code else float("nan") for code in row]),
    "texts": lambda: wide(texts),
    "shuffled": lambda: wide(order=SHUFFLED),
}


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch):
    """So that every seam between blocks is gone over."""
    monkeypatch.setattr(compact_import, "CELLS", 70 * 64)
    monkeypatch.setattr(compact_import, "ROWS", 37)
    monkeypatch.setattr(compact_csv, "CHUNK", 997)
    monkeypatch.setattr(compact_csv, "SLACK", 64)


def made(tmp_path, table, name, columns=None, text=None):
    file = tmp_path / name
    if text is not None:
        file.write_bytes(text)
    elif name.endswith("csv"):
        table.write_csv(file)
    else:
        table.write_parquet(file)
    compact_import.make(file, tmp_path / "register.compact", columns)
    return compact.open(tmp_path / "register.compact")


@pytest.mark.parametrize("form", WIDE)
@pytest.mark.parametrize("name", ["dream.csv", "dream.parquet"])
def test_the_wide_form(tmp_path, form, name):
    same(made(tmp_path, WIDE[form](), name), expected())


def test_spells_and_rows_by_week(tmp_path):
    present = np.flatnonzero(np.diff(expected().offsets) > 0)
    for name, table in (("spells", spelled()), ("long", long()), ("dates", long().with_columns((pl.col("week") * 7 + 4 + 3).cast(pl.Date)))):
        file = tmp_path / f"{name}.parquet"
        table.write_parquet(file)
        compact_import.make(file, tmp_path / f"{name}.compact")
        found = compact.open(tmp_path / f"{name}.compact")
        assert tuple(found.persons) == tuple(keys()[row] for row in present), "a person without a row is not there"
        assert np.array_equal(np.diff(found.offsets), np.diff(expected().offsets)[present])
        assert all(np.array_equal(getattr(found, part), getattr(expected(), part)) for part in ("code", "begin", "end"))


def test_other_columns_quotes_and_line_ends_mean_nothing(tmp_path):
    table = wide(lambda row: [f"{code}" if code else "" for code in row]).with_columns(name=pl.lit("O'Hara; the elder"), grad_2010_01=pl.lit("0.5"))
    text = table.write_csv(separator=";", quote_style="always", line_terminator="\r\n").encode("utf-8-sig")
    same(made(tmp_path, None, "dream.csv", text=text.rstrip()), expected())


def test_a_key_like_the_weeks_before_it_is_no_week(tmp_path):
    """Cells alike are passed many at a time, and only as far as the weeks go."""
    names = [weeks.column(week) for week in WEEKS]
    lines = [",".join([*names, "pnr", "other"]), ",".join(["651"] * (len(WEEKS) + 2)), ",".join(["652"] * len(WEEKS) + ["700", ""])]
    found = made(tmp_path, None, "dream.csv", text="\n".join(lines).encode())
    assert tuple(found.persons) == ("651", "700") and found.end.tolist() == [WEEKS[-1] + 1] * 2


def test_a_missing_week_column_is_a_week_nobody_saw(tmp_path):
    kept = [week for week in range(len(WEEKS)) if week != 12]
    for name in ("dream.csv", "dream.parquet"):
        (folder := tmp_path / name[6:]).mkdir()
        found = made(folder, wide(order=kept), name)
        assert np.flatnonzero(~found.covered).tolist() == [12]
        codes = panel.codes_from(found, np.array([4]), np.array([FIRST]), len(WEEKS))[0]
        assert codes[12] == 0 and (np.delete(codes, 12) > 0).all()


def test_the_compact_form_counts_as_any_other(tmp_path):
    compact.write(tmp_path / "r.compact", expected())
    found = compact.open(tmp_path / "r.compact")
    assert (found.code.dtype, found.begin.dtype) == (np.uint8, np.uint16) and isinstance(found.code, np.memmap)
    rows, start, cell, group = np.arange(PERSONS), np.full(PERSONS, FIRST + 5), np.arange(PERSONS) % 4, np.array([-1, 0, 1, 1, 0, -1])
    wanted = panel.count(expected(), rows, start, 30, cell, 4, group, 2)
    assert np.array_equal(panel.count(found, rows, start, 30, cell, 4, group, 2), wanted)
    assert np.array_equal(kernels.count(found, rows, start, 30, cell, 4, group, 2, compiled=True), wanted)


def test_some_persons_out_of_many(tmp_path):
    compact.write(tmp_path / "r.compact", expected())
    found = compact.open(tmp_path / "r.compact")
    wanted = [keys()[9], "nobody", "9", keys()[3], keys()[0]]
    same(compact.take(found, wanted), panel_rows([9, 3, 0]))
    assert found.persons.find(wanted).tolist() == [9, -1, -1, 3, 0]
    same(compact.take(expected(), wanted), panel_rows([9, 3, 0]))


def panel_rows(rows):
    whole = expected()
    table = panel.codes_from(whole, np.array(rows), np.full(len(rows), FIRST), len(WEEKS))
    return panel.from_grid(tuple(keys()[row] for row in rows), whole.codes, table, FIRST, whole.covered)


@pytest.mark.parametrize("names", [["a", "bb", "æ"], ["1", "20", "3"], ["01", "1", "2"], ["0101901234", "3112991234", "0000000001"]])
def test_keys_come_back_as_they_were(names):
    array, width = compact.packed(compact.as_bytes(names))
    keys = compact.Keys(array, width, np.argsort(array))
    assert list(keys) == names and keys[1] == names[1] and keys[:2] == tuple(names[:2])
    assert keys.find([*names, "x", "001", "99999999999999999999"]).tolist() == [0, 1, 2, -1, -1, -1]
    assert array.dtype.kind == ("u" if names[0] in ("1", "0101901234") else "S")


def test_a_register_of_nobody_is_refused(tmp_path):
    for name in ("dream.csv", "dream.parquet"):
        (folder := tmp_path / name[6:]).mkdir()
        with pytest.raises(BadInput, match="ingen personer"):
            made(folder, wide().clear(), name)


def damaged(folder, how):
    if how == "a byte":
        with (folder / "code.npy").open("r+b") as file:
            file.seek(200)
            byte = file.read(1)[0]
            file.seek(200)
            file.write(bytes([byte ^ 1]))
    elif how == "shorter":
        with (folder / "begin.npy").open("r+b") as file:
            file.truncate(file.seek(0, 2) - 2)
    elif how == "gone":
        (folder / "end.npy").unlink()
    elif how == "told otherwise":
        manifest = json.loads((folder / "manifest.json").read_text())
        manifest["codes"][1] = "999"
        (folder / "manifest.json").write_text(json.dumps(manifest))
    elif how == "no manifest":
        (folder / "manifest.json").unlink()
    else:
        (folder / "manifest.json").write_text('{"form": "something else"}')


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ("a byte", "SHA-256"),
        ("shorter", "byte"),
        ("gone", "mangler"),
        ("told otherwise", "ændret"),
        ("no manifest", "kompakt form"),
        ("another", "udgave"),
    ],
)
def test_a_register_that_was_touched_is_refused(tmp_path, how, words):
    compact.write(tmp_path / "r.compact", expected())
    damaged(tmp_path / "r.compact", how)
    with pytest.raises(BadInput, match=words) as told:
        compact.open(tmp_path / "r.compact")
    assert "study compact" in str(told.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("pnr,y_0951,y_0952\nA,651,65a\n", ("'65a'", "række 2", "y_0952")),
        ("pnr,y_0951,y_0952\nA,651,\nB,1000,\n", ("'1000'", "række 3", "y_0951")),
        ("pnr,y_0951,y_0952\nA,651,731.5\n", ("'731.5'",)),
        ("pnr,y_0951,y_0952\nA,651,0\n", ("'0'", "y_0952")),
        ("pnr,y_0951,y_0952\nA,000,651\n", ("'000'", "y_0951")),
        ("pnr,y_0951,y_0952\nA,651\n", ("række 2", "3 celler")),
        ("pnr,y_0951,y_0952\nA,651,,731\n", ("række 2", "3 celler")),
        ("pnr,y_0951\nA,651\n,731\n", ("række 3", "Personnøglen er tom")),
        ("pnr,y_0951\nA,651\nB,\nA,731\n", ("A står to gange",)),
        ("pnr,y_1253\nA,651\n", ("y_1253",)),
        ("pnr,y_0951,Y_0951\nA,651,\n", ("to gange",)),
        ("pnr,uge\nA,651\n", ("ingen ugekolonner",)),
        ("cpr,y_0951\nA,651\n", ("pnr", "cpr")),
        ("pnr,y_0951\n", ("ingen personer",)),
    ],
)
def test_bad_csv_is_told_with_its_place(tmp_path, text, words):
    with pytest.raises(BadInput) as told:
        made(tmp_path, None, "dream.csv", text=text.encode())
    assert all(word in str(told.value) for word in words), str(told.value)
    assert not list(tmp_path.glob("*.compact*")), "nothing half made is left"


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ({"pnr": ["A", "B"], "y_0951": ["651", "x"]}, ("'x'", "række 3", "y_0951")),
        ({"pnr": ["A", "B"], "y_0951": [651, 66187]}, ("66187", "række 3")),
        ({"pnr": ["A", "B"], "y_0951": np.array([651, 1000], dtype=np.uint16)}, ("1000", "række 3", "y_0951")),
        ({"pnr": ["A", "B"], "y_0951": np.array([651, 0], dtype=np.uint16)}, ("0 er ikke", "række 3", "y_0951")),
        ({"pnr": ["A", "B"], "y_0951": [None, 0.0]}, ("0.0", "række 3")),
        ({"pnr": ["A", "B"], "code": [651, 0], "begin": [5, 5], "end": [7, 7]}, ("0 er ikke", "række 3")),
        ({"pnr": ["A", None], "y_0951": [651, 1]}, ("Personnøglen", "række 3")),
        ({"pnr": ["A", "A"], "code": [651, 651], "begin": [9, 5], "end": [12, 7]}, ("rækkefølge", "række 3")),
        ({"pnr": ["A", "B", "A"], "code": [651] * 3, "begin": [5, 5, 9], "end": [7, 7, 12]}, ("A står to gange",)),
        ({"pnr": ["A"], "code": [651], "begin": ["uge 5"], "end": [7]}, ("begin", "hverken")),
        ({"pnr": ["A"], "code": [651], "uge": [7]}, ("week", "--week")),
    ],
)
def test_bad_parquet_is_told_with_its_place(tmp_path, table, words):
    with pytest.raises(BadInput) as told:
        made(tmp_path, pl.DataFrame(table), "dream.parquet", Columns())
    assert all(word in str(told.value) for word in words), str(told.value)


def test_what_is_there_is_not_written_over(tmp_path):
    compact.write(tmp_path / "r.compact", expected())
    with pytest.raises(BadInput, match="findes allerede"):
        compact.write(tmp_path / "r.compact", expected())


@pytest.mark.parametrize("cut", [0, 3, 8])
def test_columns_are_read_where_they_lie_and_a_blank_holds_any_number(cut):
    """More persons than are gone through together, one week without a column, one without blanks, and frames that begin inside another's memory."""
    dice, persons, names = np.random.default_rng(33), 4500, [weeks.column(week) for week in WEEKS[:20]]
    table = np.array(CODES[2:], dtype=np.uint16)[dice.integers(0, 5, (persons, 20))]
    blank = dice.random((persons, 20)) < 0.6
    blank[:, 7] = False
    frame = pl.DataFrame({name: table[:, at] for at, name in enumerate(names)})
    frame = frame.select(pl.when(pl.Series(~blank[:, at])).then(pl.col(name)).alias(name) for at, name in enumerate(names))[cut:].drop(names[4])
    found = {name: at for at, name in enumerate(names) if at != 4}
    parts = compact_import._runs(None, frame, found, int(FIRST), 20, 0)
    seen = np.where(blank, 0, table)[cut:]
    seen[:, 4] = 0
    codes, right = np.unique(seen), np.searchsorted(np.unique(seen), seen).astype(np.uint16)
    wanted = panel.from_grid(tuple(map(str, range(len(seen)))), tuple(map(str, codes)), right, FIRST, np.ones(20, dtype=bool))
    lengths, code, begin, end = (np.concatenate([part[place] for part in parts]) for place in range(4))
    assert np.array_equal(lengths, np.diff(wanted.offsets)) and np.array_equal(code, codes[wanted.code])
    assert np.array_equal(begin, wanted.begin) and np.array_equal(end, wanted.end)
    with pytest.raises(BadInput, match="'?0'? er ikke en DREAM-kode"):  # a written 0 is no blank
        compact_import._runs(None, frame.with_columns(pl.col(names[9]).replace(651, 0)), found, int(FIRST), 20, 0)

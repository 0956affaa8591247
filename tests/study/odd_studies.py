"""Small studies of every shape a protocol allows, made from a seed: few persons, lots of every kind, registers with holes. Most are odd; none is impossible.

    python -m tests.study.odd_studies 0 2000      # runs those seeds through check, run and the papers, and tells which fell over
"""

from __future__ import annotations

import json
import re
import sys
import warnings
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from snerydder.study.keys import CORRECTIONS, ERRORS, ESTIMATORS

Dice = np.random.Generator
MONDAYS = (date(2012, 6, 4), date(2012, 12, 31), date(2015, 12, 28), date(2021, 1, 4))  # in summer, and around years of 52 and 53 weeks


def one_of(dice: Dice, *choices: Any) -> Any:
    return choices[int(dice.integers(len(choices)))]


def sometimes(dice: Dice, share: float) -> bool:
    return bool(dice.random() < share)


def toml(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else json.dumps(value, ensure_ascii=False)


def section(name: str, values: dict[str, Any], many: bool = False) -> str:
    head = f"[[{name}]]" if many else f"[{name}]" if name else ""
    return "\n".join([head, *(f"{key} = {toml(value)}" for key, value in values.items()), ""])


def written(folder: Path, name: str, head: list[str], rows: list[list[Any]]) -> str:
    (folder / "data").mkdir(parents=True, exist_ok=True)
    (folder / "data" / name).write_text("\n".join(",".join(map(str, row)) for row in [head, *rows]) + "\n", encoding="utf-8")
    return f"data/{name}"


def made(folder: Path, seed: int) -> Path:
    """The protocol of one study, with its files beside it."""
    dice = np.random.default_rng([seed, 20121])
    design = one_of(dice, *["lottery"] * 9, "no-lottery", "starts", "roll-out")
    count = int(one_of(dice, 5, 10, 11, 12, 14, 20, 30, 50, 80, 80, 130) if design == "lottery" else one_of(dice, 30, 80, 150))
    last = int(one_of(dice, 1, 2, 3, 5, 8, 13, 26, 40, 54, 75))
    persons, parts = [f"P{place:03d}" for place in range(count)], list[str]()
    begin = one_of(dice, *MONDAYS)
    draw = begin + timedelta(weeks=one_of(dice, 0, 10, 60, 120))
    drawn_on = draw + np.array([timedelta(days=int(day)) for day in (dice.integers(0, one_of(dice, 1, 7, 60), count) if design != "roll-out" else np.zeros(count, dtype=int))])
    summary = sorted(int(week) for week in dice.integers(0, last + 1, 2)) if sometimes(dice, 0.4) else None
    parts.append(section("", {
        "title": "Skæv & sær", "invented": True, "status": "draft", "seed": f"s{seed}", "design": design, "alpha": float(one_of(dice, 0.1, 0.05, 0.2, 0.01, 0.45)), "redraws": int(one_of(dice, 99, 150, 199)),
    }))  # fmt: skip
    lots, treated = _lots(dice, design, count, drawn_on, last)
    seen = _register(dice, folder, persons, begin, draw, last, treated)
    head = ["pnr", "dato", *lots["columns"]]
    rows = [[persons[row], drawn_on[row], *(values[row] for values in lots["columns"].values())] for row in range(count)]
    parts.append(section("register", {"file": seen, "key": "pnr", "scheme": "dream"}))
    parts.append(section("lottery", {"file": written(folder, "lod.csv", head, rows), "key": "pnr", "date": "dato", **lots["keys"]}))
    names = _background(dice, folder, persons, parts, design)
    if sometimes(dice, 0.6):
        _contacts(dice, folder, persons, parts, treated, last)
        if sometimes(dice, 0.6):
            parts.append(section("prices", {
                "mentor_hour": one_of(dice, 400, 0, 0.5, 1000), "transfer_week": one_of(dice, 3000, 0), "su_week": one_of(dice, 0, 1500), "wage_week": one_of(dice, 0, 5000), "discount": one_of(dice, 0.035, 0, 1.0), "transfer_municipality": one_of(dice, 0, 0.7, 1.0),
                "net_tax": one_of(dice, 1.0, 1.28), "source": "Opdigtet.", "low": one_of(dice, 0, 0.75, 1), "high": one_of(dice, 1, 1.25),
            }))  # fmt: skip
    parts.append(section("window", {"last": last} | ({"summary_from": summary[0], "summary_to": summary[1]} if summary else {})))
    for name in [["su_education"], ["job_self_support"], ["su_education", "job_self_support"]][int(dice.integers(3))]:
        also = {"also": [one for one in ("su_education", "job_self_support") if one != name]} if sometimes(dice, 0.2) else {}
        expected = {"expected": one_of(dice, [0.12, 0.16], [0.5, 0.4], [0.05, 0.9])} if sometimes(dice, 0.2) else {}
        parts.append(section("outcome", {"name": name, "week": int(dice.integers(0, last + 1)), **also, **expected}, many=True))
    used = [name for name in ESTIMATORS if sometimes(dice, 0.6)] or ["difference"]
    parts.append(section("estimators", {"use": used, "errors": [kind for kind in ERRORS if sometimes(dice, 0.5)] or ["HC2"]}))
    parts.append(section("multiplicity", {"method": one_of(dice, *CORRECTIONS)}))
    for name in names:
        if sometimes(dice, 0.5):
            cut = one_of(dice, {"cut": 0.5}, {"median": True}, {"above_zero": True}, {"cut": 1e9}, {})
            parts.append(section("subgroup", {"name": f"Efter {name}", "background": name, **cut, "labels": one_of(dice, ["lav", "høj"], ["lav", "høj", "mangler"])}, many=True))
        if sometimes(dice, 0.3):
            parts.append(section("interaction", {"name": f"langs {name}", "background": name, "per": one_of(dice, 1, 0.5, 5)}, many=True))
    parts.append(section("policy", {
        "dead": one_of(dice, "keep", "drop"), "abroad": one_of(dice, "keep", "drop"), "not_in_register": one_of(dice, "stop", "zero", "drop", "drop"), "not_covered": one_of(dice, *["leave_out"] * 4, "stop"),
        "empty_end": one_of(dice, "keep", "keep", "leave_out", "stop"), "drawn_twice": one_of(dice, "stop", "first"), "paid_after_death": one_of(dice, "keep", "dead", "stop"),
    }))  # fmt: skip
    if sometimes(dice, 0.3):
        parts.append(section("looks", {"sharpest": int(one_of(dice, 0, 0, 1, 50, 1000))}))
    if design in ("no-lottery", "starts", "roll-out"):
        parts.append(section("comparison", {"before": int(one_of(dice, 4, 12, 52)), "waiting": int(one_of(dice, 1, 8, 52)), "period": int(one_of(dice, 1, 4, 13))}))
    (folder / "study.toml").write_text("\n".join(parts), encoding="utf-8")
    return folder / "study.toml"


def _lots(dice: Dice, design: str, count: int, drawn_on: Any, last: int) -> tuple[dict[str, Any], Any]:
    """The lottery's columns and keys; and who was drawn to the effort."""
    if design in ("starts", "roll-out"):
        unit = dice.integers(0, int(one_of(dice, 2, 6, 12)), count)
        wait = dice.integers(0, last + 10, 12)[unit] if design == "roll-out" else dice.integers(0, last + 10, count)
        began = dice.random(12)[unit] < 0.7 if design == "roll-out" else dice.random(count) < 0.6
        start = ["" if not yes else drawn_on[row] + timedelta(weeks=int(wait[row])) for row, yes in enumerate(began)]
        columns = {"start": start} | ({"enhed": [f"E{one}" for one in unit]} if design == "roll-out" else {})
        return {"columns": columns, "keys": {"start": "start"} | ({"cluster": "enhed"} if design == "roll-out" else {})}, began
    kind = one_of(dice, "plain", "plain", "strata", "strata", "thin", "clusters", "personal", "blocks", "shares") if design == "lottery" else "plain"
    strata = np.array([f"S{one}" for one in np.sort(dice.integers(0, int(one_of(dice, 1, 2, 3, 6)), count))]) if kind != "plain" else np.array([""] * count)
    if kind == "thin":
        strata[: min(3, count)] = "Ene"
    treated = dice.random(count) < one_of(dice, 0.5, 0.5, 0.3, 0.9)
    columns: dict[str, Any] = {}
    keys: dict[str, Any] = {"arm": "gruppe", "treated": "mentor", "control": "kontrol"}
    if kind in ("strata", "thin", "shares", "blocks"):
        columns["stratum"], keys["strata"] = strata, ["stratum"]
    if kind == "clusters":
        units = int(one_of(dice, 2, 4, 5, 8, 20))
        unit = dice.integers(0, units, count)
        treated = (dice.permutation(units) < max(1, units // 2))[unit]
        columns["team"], keys["cluster"] = [f"K{one}" for one in unit], "team"
    if kind == "personal":
        chance = np.round(dice.uniform(0.05, 0.95, count), 2)
        treated = dice.random(count) < chance
        columns["chance"], keys["share"], keys["chances"] = chance, "chance", "personal"
    if kind == "shares":
        columns["chance"], keys["share"] = [0.3 + 0.1 * int(name[1:]) if name[1:].isdigit() else 0.5 for name in strata], "chance"
    if kind == "blocks":
        treated = np.arange(count) % 2 == 0
        columns["blok"], keys["block"] = [f"B{row // 4}" for row in range(count)], "blok"
    arms = np.where(treated, "mentor", "kontrol")
    if design == "lottery" and kind == "plain" and sometimes(dice, 0.2):  # a third arm has a protocol of its own
        arms = np.where(dice.random(count) < 0.3, "andet", arms)
        keys["others"] = ["andet"]
    return {"columns": {"gruppe": arms, **columns}, "keys": keys}, treated


def _register(dice: Dice, folder: Path, persons: list[str], begin: date, draw: date, last: int, treated: Any) -> str:
    """Weeks of one code each: what happens to everybody, to nobody, or to each in his own week."""
    weeks = (draw - begin).days // 7 + last + int(one_of(dice, 1, 12, 12, 12, -last // 2))
    columns = [(begin + timedelta(weeks=week)).isocalendar() for week in range(max(weeks, 2))]
    shape = one_of(dice, "mixed", "mixed", "mixed", "nobody", "everybody", "late", "apart", "blank", "same week")
    at = (draw - begin).days // 7
    months = sorted({(day.year, day.month) for day in (begin + timedelta(weeks=week, days=3) for week in range(len(columns)))})
    rows = []
    for place, person in enumerate(persons):
        starts = {"nobody": 9999, "everybody": 0, "late": at + last + place % 3, "apart": 0 if treated[place] else 9999, "same week": at + last // 2}.get(shape, at + int(dice.integers(-5, last + 20)))
        codes = ["651" if week >= starts else "731" for week in range(len(columns))]
        if shape == "blank" or sometimes(dice, 0.25):
            free, back = sorted(int(week) for week in dice.integers(0, len(columns), 2))
            codes[free:back] = [""] * (back - free)
        if sometimes(dice, 0.04):
            gone = int(dice.integers(0, len(columns)))
            codes[gone:] = [one_of(dice, "999", "997")] * len(codes[gone:])
        rows.append([person, *codes, *(one_of(dice, "0", "0.5", "1", "") if "" in codes else "0" for _ in months)])
    if sometimes(dice, 0.1):
        rows.pop(int(dice.integers(len(rows))))
    return written(folder, "dream.csv", ["pnr", *(f"y_{day.year % 100:02d}{day.week:02d}" for day in columns), *(f"grad_{year}_{month:02d}" for year, month in months)], rows)


def _background(dice: Dice, folder: Path, persons: list[str], parts: list[str], design: str) -> list[str]:
    if design in ("lottery", "roll-out") and sometimes(dice, 0.5):
        return []
    n = len(persons)
    age = dice.integers(18, 30, n)
    columns: dict[str, Any] = {
        "alder": age, "alder2": 2 * age + 3, "fast": np.full(n, 7), "kvinde": (dice.random(n) < 0.4).astype(int), "sjælden": (np.arange(n) == 0).astype(int),
        "karakter": ["" if miss else round(float(value), 1) for miss, value in zip(dice.random(n) < one_of(dice, 0.1, 0.5, 0.97), dice.normal(5, 2, n), strict=True)],
    }  # fmt: skip
    parts.append(section("persons", {"file": written(folder, "personer.csv", ["pnr", *columns], [[persons[row], *(values[row] for values in columns.values())] for row in range(n)]), "key": "pnr"}))
    names = [name for name in columns if sometimes(dice, 0.5)] or ["alder"]
    for name in names:
        parts.append(section("background", {"name": name, "column": name, "only_subgroups": sometimes(dice, 0.15) and name != "alder" and name != names[0]}, many=True))
    if sometimes(dice, 0.2):
        parts.append(section("background", {"name": "ydelse før", "history": one_of(dice, "transfer", "education")}, many=True))
        names.append("ydelse før")
    return names


def _contacts(dice: Dice, folder: Path, persons: list[str], parts: list[str], treated: Any, last: int) -> None:
    reach, cross = one_of(dice, 0.0, 0.02, 0.3, 0.9, 1.0), one_of(dice, 0.0, 0.0, 0.1, 0.9)
    rows = []
    for place, person in enumerate(persons):
        if dice.random() < (reach if treated[place] else cross):
            rows += [[person, int(week), int(one_of(dice, 0, 5, 45, 300))] for week in np.unique(dice.integers(0, last + 2, int(dice.integers(1, 12))))]
    parts.append(section("contacts", {"file": written(folder, "kontakter.csv", ["pnr", "uge", "minutter"], rows), "key": "pnr", "week": "uge", "minutes": "minutter"}))


# --- What every study must come to --------------------------------------------------------------------------
NUMBERS = re.compile(r"\b(nan|inf|NaN|Infinity)\b|∞|[-−]0[.,]0+(?!\d)|[-−]0(?![\d.,])")


def refused_json(text: str) -> None:
    raise AssertionError(f"{text} in JSON")


def faults(folder: Path, seed: int, twice: bool = True) -> tuple[int, str, list[str]]:
    """How it ended, what was said, and what is wrong with what was left behind."""
    from snerydder.study import command

    file = made(folder, seed)
    wrong, ended = [], {}
    for name, words in {"check": ["check", str(file)], "da": ["run", str(file), "--out", str(folder / "da")], "en": ["run", str(file), "--out", str(folder / "en"), "--lang", "en"]}.items():
        with warnings.catch_warnings(), Captured() as said:
            warnings.simplefilter("error")
            ended[name] = command.main(words)
        if "Traceback" in said.text:
            wrong.append(f"{name}: traceback")
        if ended[name] == 2 and (".csv" not in said.text and ".toml" not in said.text or "nan" in said.text.lower().replace("finans", "").split()):
            wrong.append(f"{name}: {said.text}")
        if name != "check" and ended[name] == 2 and list((folder / name).glob("**/*")):
            wrong.append(f"{name}: refused, and something is left behind")
    if ended["da"] != ended["en"]:
        wrong.append("the two languages end differently")
    if ended["da"] == 0:
        for language in ("da", "en"):
            wrong += [f"{language}: {one}" for one in told_wrongly(folder / language)]
        if twice:
            with Captured():
                command.main(["run", str(file), "--out", str(folder / "again")])
            wrong += [f"other bytes: {one.name}" for one in (folder / "da").glob("**/*") if one.is_file() and one.read_bytes() != (folder / "again" / one.relative_to(folder / "da")).read_bytes()]
    return ended["da"], said.text, wrong


def told_wrongly(out: Path) -> list[str]:
    import html

    found = []
    for file in [out / "report.html", *(out / "figures").glob("*.svg")]:
        text = file.read_text(encoding="utf-8")
        words = html.unescape(re.sub(r"<style.*?</style>|<script.*?</script>|<code>.*?</code>|<[^>]*>", " ", text, flags=re.DOTALL))
        found += [f"{file.name}: …{words[max(one.start() - 60, 0) : one.end() + 40]!r}" for one in NUMBERS.finditer(words)][:3]
        drawn = re.findall(r'(?:[xy][12]?|d|width|height)="([^"]*)"', text)
        found += [f"{file.name}: drawn at {one[:60]}" for one in drawn if re.search(r"nan|inf", one)][:1]
    for file in out.glob("*.json"):
        json.loads(file.read_text(encoding="utf-8"), parse_constant=refused_json)
    for file in out.glob("*.csv"):
        cells = re.findall(r"(?<![^,\n])(?:nan|inf|-inf|NaN|None)(?![^,\n])", file.read_text(encoding="utf-8"))
        found += [f"{file.name}: {cells[0]}"] if cells else []
    return found


class Captured:
    """What was written to the terminal."""

    def __enter__(self) -> Captured:
        import contextlib
        import io

        self.to, self.stack = io.StringIO(), contextlib.ExitStack()
        self.stack.enter_context(contextlib.redirect_stdout(self.to))
        self.stack.enter_context(contextlib.redirect_stderr(self.to))
        return self

    def __exit__(self, *_: Any) -> None:
        self.stack.close()

    @property
    def text(self) -> str:
        return self.to.getvalue()


def main(first: int, last: int) -> None:
    import collections
    import shutil
    import tempfile
    import traceback

    ends: collections.Counter[str] = collections.Counter()
    for seed in range(first, last):
        folder = Path(tempfile.mkdtemp(prefix="odd-"))
        try:
            code, said, wrong = faults(folder, seed, twice=seed % 10 == 0)
        except Exception:
            trace = traceback.format_exc().strip().split("\n")
            where = [line.strip() for line in trace if 'snerydder/' in line][-1:]
            code, said, wrong = -1, "", [f"{trace[-1][:150]}  {where}"]
        shutil.rmtree(folder)
        last_line = next((line for line in said.splitlines() if ".csv" in line or ".toml" in line), "")
        ends["report" if code == 0 else re.sub(r"\d+|^\S*/|'[^']*'", "#", last_line)[:110]] += code != -1
        for one in wrong[:4]:
            print(seed, " | ".join(one.split("\n"))[:300], flush=True)
    for what, count in ends.most_common(25):
        print(count, what)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))

"""Every goal for speed, one after the other, and a table at the end: goal, measured, held. Each ratio is within one run on one machine.

    python3 manage.py bench --quick      # some minutes on two quiet cores; part runs of the slow peers are scaled and say so
    python3 manage.py bench              # more rounds, and the imports of 1 and 6 million persons, wide and CSV: an hour and 50 GB

It needs nothing made beforehand: manage.py fetches pyfixest, DuckDB and the rest. Where they are there, `.venv/bin/python bench/all.py` does the same.

The registers are made once in .snerydder/bench (--quick: 1 GB). Against the wide file of 6 million persons only where it has been made: without
--quick, or by bench/scale.py --persons 6000000 --wide.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import time
from pathlib import Path

import told

QUICK = [
    ["redraws.py", "--repeat", "5"],
    ["scale.py", "--persons", "6000000", "--repeat", "3"],
    ["imports.py", "--forms", "wide,csv", "--repeat", "3"],
    ["imports.py", "--forms", "wide", "--persons", "1000000", "--repeat", "1"],
    ["engine.py", "--repeat", "2"],
    ["scale_trial.py"],
]
WHOLE = [
    ["redraws.py", "--repeat", "9"],
    ["scale.py", "--persons", "6000000", "--repeat", "5", "--wide"],
    ["imports.py", "--repeat", "7"],
    ["imports.py", "--forms", "wide,csv", "--persons", "1000000", "--repeat", "3"],
    ["imports.py", "--forms", "wide", "--persons", "6000000", "--repeat", "1"],
    ["engine.py", "--repeat", "5"],
    ["scale_trial.py"],
]

GOAL = re.compile(r" (≥|≤) [\d.,]+ +(held|NOT HELD)")


def run(command: list[str]) -> list[str]:
    """What it says as it says it; its command and load, and the lines with a goal, are kept."""
    lines, began = [], time.perf_counter()
    with subprocess.Popen([sys.executable, str(Path(__file__).with_name(command[0])), *command[1:]], stdout=subprocess.PIPE, text=True) as running:
        for line in running.stdout or ():
            print(line, end="", flush=True)
            if line.startswith("command: ") or GOAL.search(line):
                lines.append(line.rstrip())
    if running.returncode:
        lines.append(f"{' '.join(command)} stopped with {running.returncode}: NOT HELD")
    print(f"    {time.perf_counter() - began:.0f} seconds", flush=True)
    return lines


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--quick", action="store_true")
    chosen, began, lines = options.parse_args(), time.perf_counter(), []
    print(f"at the start: {told.machine()}")
    for command in QUICK if chosen.quick else WHOLE:
        lines += run(command)
    held = sum(bool(found) and found[2] == "held" for found in map(GOAL.search, lines))
    missed = sum("NOT HELD" in line for line in lines)
    print(f"\n{'goal':<88}{'measured':>11}    {'asked':<9}{'':<9}ours against theirs, in one run", *lines, sep="\n")
    print(f"\n{held} of {held + missed} held; {(time.perf_counter() - began) / 60:.1f} minutes; at the end: {told.machine()}")
    raise SystemExit(bool(missed))


if __name__ == "__main__":
    main()

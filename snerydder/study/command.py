"""`snerydder study demo | run | check`: the evaluation from a command line."""

from __future__ import annotations

import argparse
import os
import sys
import webbrowser
from collections.abc import Sequence
from pathlib import Path

from snerydder.registers.faults import BadInput

USAGE = """snerydder study: effekten af et lodtrækningsforsøg, uge for uge

  study demo --out MAPPE               lav et opdigtet forsøg i tretten kommuner, og regn det igennem
  study check study.toml               se efter, om protokollen og filerne kan læses
  study run study.toml --out MAPPE     regn forsøget igennem; rapporten er MAPPE/report.html
"""


ONE_THREAD = ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS")


def main(arguments: Sequence[str]) -> int:
    for name in ONE_THREAD:  # before NumPy wakes: small products are faster so, and the last digit does not depend on the machine's cores
        os.environ.setdefault(name, "1")
    if not arguments or arguments[0] in ("help", "-h", "--help"):
        print(USAGE, end="")
        return 0
    chosen = _options().parse_args(arguments)
    try:
        return int(chosen.do(chosen))
    except BadInput as fault:
        print(fault, file=sys.stderr)
        return 2
    except BrokenPipeError:
        return 1
    except OSError as fault:
        print(f"{fault.filename or 'Filen'}: {fault.strerror}. Se efter plads og rettigheder.", file=sys.stderr)
        return 2


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="snerydder study", usage=USAGE, add_help=True)
    verbs = parser.add_subparsers(required=True)
    demo = verbs.add_parser("demo", help="lav et opdigtet forsøg, og regn det igennem")
    demo.add_argument("--out", type=Path, default=Path("forsoeg"))
    demo.add_argument("--format", choices=("csv", "parquet"), default="csv")
    demo.add_argument("--seed", default="", help="et andet terningekast: ugernes tal er de samme, undergrupperne ikke")
    demo.set_defaults(do=_demo)
    run = verbs.add_parser("run", help="regn forsøget igennem")
    run.add_argument("protocol", type=Path)
    run.add_argument("--out", type=Path, required=True)
    run.set_defaults(do=_run)
    check = verbs.add_parser("check", help="se efter, om alt kan læses")
    check.add_argument("protocol", type=Path)
    check.set_defaults(do=_check)
    for one in (demo, run):
        one.add_argument("--lang", choices=("da", "en"), default="da")
        one.add_argument("--open", action="store_true", help="vis rapporten i browseren")
    return parser


def _demo(chosen: argparse.Namespace) -> int:
    from snerydder.registers.invented import trial
    from snerydder.study import demo

    _tell("opdigter forsøget")
    protocol = demo.write(chosen.out, chosen.seed or trial.SEED, chosen.format)
    return _report(protocol, chosen.out, chosen)


def _run(chosen: argparse.Namespace) -> int:
    return _report(chosen.protocol, chosen.out, chosen)


def _report(protocol_file: Path, folder: Path, chosen: argparse.Namespace) -> int:
    from snerydder.study import analysis, data, protocol, provenance, writing

    read = protocol.read(protocol_file)
    _tell("læser registret")
    loaded = data.load(read)
    found = analysis.run(loaded, _tell)
    _tell("skriver rapporten")
    folder.mkdir(parents=True, exist_ok=True)
    report = writing.write(folder, read, found, provenance.trace(read, loaded.reading), chosen.lang == "en")
    _tell("")
    for one in found.outcomes:
        number = one.headline(read.alpha)
        print(f"{one.short}, uge {one.week}: {100 * one.control[one.week]:.1f} → {100 * one.treated[one.week]:.1f} % ({100 * number.effect:+.1f} procentpoint)".replace(".", ","))
    print(f"Rapporten: {report}")
    if chosen.open:
        webbrowser.open(report.resolve().as_uri())
    return 0


def _check(chosen: argparse.Namespace) -> int:
    from snerydder.study import data, protocol

    read = protocol.read(chosen.protocol)
    loaded = data.load(read)
    reading = loaded.reading
    print(f"{read.title}: {len(loaded.persons)} personer, {int(loaded.treated.sum())} deltagere og {int((~loaded.treated).sum())} kontrol, {len(loaded.stratum_names)} strata")
    print(f"Registret: uge {reading.first_week} til {reading.last_week}, {len(reading.absent_weeks)} uger uden kolonne")
    for note in loaded.notes:
        print(f"Bemærk: {note.count} {note.what}")
    for code in reading.unfirm:
        print(f"Ubekræftet kode: {code.code} {code.label} ({code.why}), {code.cells} uger, først {code.person} i {code.week}")
    if reading.unfirm:
        print('En endelig kørsel (status = "final") kræver, at koderne er bekræftet i kodelisten.')
    return 0


def _tell(what: str) -> None:
    """One line that moves, for a person at a screen; nothing in a file or a pipe."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\033[K{what + ' ...' if what else ''}")
        sys.stderr.flush()

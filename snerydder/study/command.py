"""`snerydder study demo | new | power | check | run`: the evaluation from a command line."""

from __future__ import annotations

import argparse
import errno
import math
import os
import sys
import webbrowser
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from snerydder.registers.faults import BadInput
from snerydder.study import compacting
from snerydder.study.progress import Progress
from snerydder.study.words import Words

if TYPE_CHECKING:
    from snerydder.study.gate import PublishedStudy
    from snerydder.study.power import Plan
    from snerydder.study.protocol import Protocol

USAGE = """snerydder study: effekten af et lodtrækningsforsøg, uge for uge

  study demo --out MAPPE               lav et opdigtet forsøg i tretten kommuner, og regn det igennem
  study new --out MAPPE                lav et forlæg til en protokol; --from DREAM.csv udfylder, hvad filen kan sige
  study power --treated 100 --control 100 --share 0.12 --effect 0.04
                                       hvad kan et forsøg af den størrelse vise? Eller: study power study.toml
  study check study.toml               se efter, om protokollen og filerne kan læses
  study run study.toml --out MAPPE     regn forsøget igennem; rapporten er MAPPE/report.html
  study compact DREAM.csv --out DREAM.compact
                                       gør et stort register kompakt én gang; protokollen kan så nævne mappen som sin registerfil

  study manifest FILER                 tæl filerne, så modtageren kan se, om de er kommet uændret frem

  --lang en giver engelsk tekst; --open viser rapporten
"""


REASONS = {
    errno.EEXIST: "Der er allerede en fil af det navn. Vælg en anden mappe med --out.", errno.ENOTDIR: "En del af stien er en fil og ikke en mappe. Ret stien.",
    errno.EACCES: "Du har ikke lov til at læse eller skrive der. Vælg en anden mappe, eller få rettigheden.", errno.EROFS: "Der kan ikke skrives på det drev. Vælg en anden mappe med --out.",
    errno.ENOSPC: "Disken er fuld. Gør plads, og kør igen.", errno.EDQUOT: "Din plads er brugt. Gør plads, og kør igen.", errno.ENAMETOOLONG: "Navnet er for langt. Vælg et kortere.",
}  # fmt: skip
PER_CENT = "Er det procent, så del med 100."
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
    except KeyboardInterrupt:
        print("Afbrudt. Intet er skrevet.", file=sys.stderr)
        return 130
    except MemoryError:
        print("Der er ikke hukommelse nok. Gør registret kompakt først (snerydder study compact), eller brug en maskine med mere.", file=sys.stderr)
        return 2
    except OSError as fault:
        print(f"{fault.filename2 or fault.filename or 'Filen'}: {REASONS.get(fault.errno or 0, fault.strerror)}", file=sys.stderr)
        return 2


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="snerydder study", usage=USAGE, add_help=True)
    verbs = parser.add_subparsers(required=True, prog="snerydder study")
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
    new = verbs.add_parser("new", help="lav et forlæg til en protokol")
    new.add_argument("--out", type=Path, default=Path("."))
    new.add_argument("--from", dest="register", type=Path, help="registerfilen: dens kolonner udfylder, hvad de kan")
    new.set_defaults(do=_new)
    power = verbs.add_parser("power", help="hvad kan et forsøg af den størrelse vise?")
    power.add_argument("protocol", type=Path, nargs="?", help="en protokol med expected under [[outcome]]; ellers tallene selv")
    for name, kind, words in POWER:
        power.add_argument(f"--{name}", type=kind, help=words)
    power.add_argument("--out", type=Path, help="skriv power.json i den mappe")
    power.set_defaults(do=_power)
    compacting.options(verbs)
    manifest = verbs.add_parser("manifest", help="tæl filerne, før de sendes")
    manifest.add_argument("files", type=Path, nargs="+")
    manifest.add_argument("--out", type=Path, help="ellers manifest.json ved siden af filerne")
    manifest.set_defaults(do=_manifest)
    for one in (demo, run, power):
        one.add_argument("--lang", choices=("da", "en"), default="da")
    for one in (demo, run):
        one.add_argument("--open", action="store_true", help="vis rapporten i browseren")
    return parser


POWER: tuple[tuple[str, type, str], ...] = (
    ("treated", int, "trukket til indsatsen"), ("control", int, "trukket til kontrol"), ("share", float, "andelen med udfaldet uden indsatsen, fx 0.12"),
    ("effect", float, "den forskel, man håber på, fx 0.04"), ("alpha", float, "0.10 er 90 %-bånd"), ("wanted", float, "den styrke, man vil have, fx 0.9"),
    ("take-up", float, "andelen af de trukne, der tager imod"), ("clusters", int, "antal klynger, hvis loddet trækkes om klynger"), ("icc", float, "ligheden inden for en klynge"),
    ("r-squared", float, "hvor meget baggrunden forklarer"), ("weeks", int, "uger i kurven"), ("municipalities", int, "antal kommuner, personerne kommer fra"), ("subgroup", float, "en undergruppes andel af personerne, fx 0.4"),
)  # fmt: skip


def _power(chosen: argparse.Namespace) -> int:
    from snerydder.effects.results import Refused
    from snerydder.study import power, protocol

    plan = power.from_protocol(protocol.read(chosen.protocol)) if chosen.protocol else None
    plan = _planned(chosen, plan)
    found = power.answers(plan)
    w = Words(chosen.lang == "en")
    if isinstance(found, Refused):
        print(w(found.reason, found.reason_en), file=sys.stderr)
        return 2
    print(power.told(plan, found, w), end="")
    if chosen.out:
        print(power.write(chosen.out, plan, found))
    return 0


def _planned(chosen: argparse.Namespace, plan: Plan | None) -> Plan:
    """The protocol's plan with the arguments' numbers in their place, or the arguments alone."""
    from snerydder.effects.power import Design
    from snerydder.study.power import WANTED, Plan, Question

    if plan is None:
        if missing := [name for name in ("treated", "control", "share", "effect") if getattr(chosen, name) is None]:
            raise BadInput("study power", f"--{missing[0]} mangler.", expected="--treated, --control, --share og --effect, eller en protokol")
        plan = Plan(Design(chosen.treated, chosen.control), (Question("", "", chosen.share, chosen.effect),), wanted=WANTED)
    given = {
        "treated": chosen.treated,
        "control": chosen.control,
        "alpha": chosen.alpha,
        "compliance": chosen.take_up,
        "clusters": chosen.clusters,
        "icc": chosen.icc,
        "r_squared": chosen.r_squared,
    }
    design = replace(plan.design, **{name: value for name, value in given.items() if value is not None})
    if design.clusters and not design.icc:
        raise BadInput(
            "study power", "Når der trækkes lod om klynger, skal det vides, hvor ens personerne i en klynge er.", expected="--icc, fx 0.05"
        )
    if chosen.subgroup is not None and not 0 < chosen.subgroup < 1:
        raise BadInput("study power", f"--subgroup {chosen.subgroup:g} giver ingen mening.", expected="undergruppens andel af personerne, fx 0.4", mend=PER_CENT if chosen.subgroup > 1 else "")
    others = {"weeks": chosen.weeks, "wanted": chosen.wanted, "places": chosen.municipalities, "subgroup": chosen.subgroup}
    return replace(plan, design=design, **{name: value for name, value in others.items() if value is not None})


def _new(chosen: argparse.Namespace) -> int:
    from snerydder.study import new

    protocol = new.write(chosen.out, chosen.register)
    print(f"Forlægget: {protocol}")
    print(f"Det mangler {len(new.unfilled(protocol))} svar. Ret linjerne med UDFYLD, og se efter med: snerydder study check {protocol}")
    return 0


def _manifest(chosen: argparse.Namespace) -> int:
    from snerydder.study import manifest

    print(f"Følgesedlen: {manifest.write(chosen.files, chosen.out or chosen.files[0].parent / 'manifest.json')}")
    return 0


def _demo(chosen: argparse.Namespace) -> int:
    from snerydder.registers.invented import trial
    from snerydder.study import demo

    progress = Progress(english=chosen.lang == "en")
    progress.stage("opdigter forsøget")
    protocol = demo.write(chosen.out, chosen.seed or trial.SEED, chosen.format)
    return _report(protocol, chosen.out, chosen, progress)


def _run(chosen: argparse.Namespace) -> int:
    return _report(chosen.protocol, chosen.out, chosen, Progress(english=chosen.lang == "en"))


def _report(protocol_file: Path, folder: Path, chosen: argparse.Namespace, progress: Progress) -> int:
    from snerydder.study import analysis, compared, data, gate, protocol, provenance, writing

    read = protocol.read(protocol_file)
    if folder.exists() and not folder.is_dir():  # told before the counting and not after it
        raise FileExistsError(errno.EEXIST, "", str(folder))
    counting = analysis if read.design == "lottery" else compared
    progress.total = 5 + counting.steps(read) + writing.steps(read)
    progress.stage("læser registret")
    loaded = data.load(read)
    progress.step(5)
    published = gate.apply(counting.run(loaded, progress), loaded)
    report = writing.settled(folder, read, published, provenance.trace(read, loaded.reading), chosen.lang == "en", progress)
    progress.close()
    w = Words(chosen.lang == "en")
    for line in said(read, published, w):
        print(line)
    print(f"{w('Rapporten', 'The report')}: {report}")
    if chosen.open:
        webbrowser.open(report.resolve().as_uri())
    return 0


def said(read: Protocol, published: PublishedStudy, w: Words) -> list[str]:
    """The finding in a line for each outcome; without a lottery, the verdict."""
    from snerydder.effects.results import Refused
    from snerydder.study.compared import Compared
    from snerydder.study.report import sentences

    found = published.found
    if isinstance(found, Compared):
        return [f"{w(one.short, one.short_en)}: " + (w(one.found.reason, one.found.reason_en) if isinstance(one.found, Refused) else w(one.found.trust.da, one.found.trust.en)) for one in found.outcomes]
    lines = []
    for one in found.outcomes:
        at, number = one.week, one.headline(read.alpha)
        if not math.isfinite(number.effect):
            lines.append(w(f"{one.short}, uge {at}: for få til at vise", f"{one.short_en}, week {at}: too few to show"))
            continue
        claim = sentences.Claim(number.effect, number.lower, number.upper, read.alpha)
        lines.append(
            w(f"{one.short}, uge {at}: ", f"{one.short_en}, week {at}: ")
            + f"{w.number(100 * one.control[at], 1)} → {w.number(100 * one.treated[at], 1)}{w(' %', ' %')} ({w.points(number.effect)} {w('procentpoint', 'percentage points')}, {sentences.interval(claim, w)})"
        )
    return lines


def _check(chosen: argparse.Namespace) -> int:
    from snerydder.registers.reading import WHY
    from snerydder.study import answers, around, data, mapping, new, protocol

    if waiting := new.unfilled(chosen.protocol) if chosen.protocol.is_file() else []:
        number, line = waiting[0]
        raise BadInput(
            chosen.protocol,
            f"{len(waiting)} linjer er ikke udfyldt endnu. Den første: {line.partition('#')[0].strip()}",
            f"linje {number}",
            mend="Skriv jeres eget i stedet for UDFYLD.",
        )
    read = protocol.read(chosen.protocol)
    loaded = data.load(read)
    mapping.read(read)
    answers.read(loaded)
    around.points(loaded, around.delivery(loaded), around.places(loaded))
    reading = loaded.reading
    print(
        f"{read.title}: {len(loaded.persons)} personer, {int(loaded.treated.sum())} deltagere og {int((~loaded.treated).sum())} kontrol, {len(loaded.stratum_names)} strata"
    )
    print(f"Registret: uge {reading.first_week} til {reading.last_week}, {len(reading.absent_weeks)} uger uden kolonne")
    for note in loaded.quality.found:
        print(f"Bemærk: {note.count} {note.text}")
    for code in reading.unfirm:
        print(f"Ubekræftet kode: {code.code} {code.label} ({WHY[code.why]}), {code.cells} {'uge' if code.cells == 1 else 'uger'}, først i række {code.row}, {code.week}")
    if reading.unfirm:
        print('En endelig kørsel (status = "final") kræver, at koderne er bekræftet i kodelisten.')
    return 0

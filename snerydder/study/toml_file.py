"""A protocol's text as sections of keys and values, each held against the keys there are. Faults are told as to somebody who does not program."""

from __future__ import annotations

import re
import tomllib
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from snerydder.registers.faults import BadInput
from snerydder.study.keys import LISTS, OF_NUMBERS, SECTIONS, TOP, Rule

SERVICE = "trial"  # what only the service that drew the lots needs to know: it is hashed with the rest and counts for nothing here
NEEDED = ("register", "lottery", "window")
HINTS = (  # what stands in the line, and what to do about it; the first that fits
    (r"[“”„‟»«‘’]", 'Brug lige gåseøjne ("), ikke skrivemaskinens krumme.'),
    (r"=\s*-?\d+,\d", "Skriv decimaltal med punktum: 0.5 og ikke 0,5."),
    (r"=\s*-?[\d.]*\.\d{3}\.?\d*[.\d]*\s*(#.*)?$|=\s*\d{1,3}( \d{3})+", "Skriv tal uden tusindtalsskille: 1000 og ikke 1.000."),
    (r"^\s*\[[^\]]*$|^\s*\[\[[^\]]*\]?\s*$", "Afsnittets navn skal slutte med samme parentes, som det begynder med: [window] eller [[outcome]]."),
    (r"^[^=#\[]*(#.*)?$", 'Skriv linjen som nøgle = værdi, eller sæt # foran, hvis den er en forklaring.'),
    (r"=\s*(#.*)?$", "Skriv værdien efter lighedstegnet, eller fjern linjen."),
    (r"=\s*(ja|nej|sand|falsk|True|False)\b", "Skriv true eller false."),
    (r'=\s*"[^"]*(#.*)?$', 'Teksten mangler et " til sidst.'),
    (r"=\s*[^\d\s\"'\[{+-]", 'Skriv tekst i gåseøjne: key = "pnr".'),
)


def read(file: Path) -> dict[str, Any]:
    try:
        text = file.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise BadInput(file, "Protokollen findes ikke.", mend="Lav et forlæg, der kan rettes til: snerydder study new") from None
    except IsADirectoryError:
        raise BadInput(file, "Det er en mappe og ikke en protokol.", expected="filen selv, fx study.toml") from None
    except UnicodeDecodeError:
        raise BadInput(file, "Protokollen er ikke gemt som UTF-8.", mend="Gem den igen med kodningen UTF-8.") from None
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise _unreadable(file, text, str(fault)) from None
    found.pop(SERVICE, None)
    _no_strangers(file, "", found, {*TOP, *SECTIONS, *LISTS})
    if missing := [name for name in NEEDED if name not in found]:
        needs = ", ".join(key for key, rule in SECTIONS[missing[0]].items() if rule[1])
        raise BadInput(file, f"Afsnittet [{missing[0]}] mangler.", expected=f"[{missing[0]}] med {needs}")
    return found


def _unreadable(file: Path, text: str, fault: str) -> BadInput:
    """The line itself, and the likeliest reason that it is no TOML."""
    place = re.search(r"at line (\d+)", fault)
    lines = text.splitlines()
    number = int(place[1]) if place else max(len(lines), 1)
    line = lines[number - 1].strip() if number <= len(lines) else ""
    if "overwrite" in fault or "twice" in fault or "mutate" in fault or "declare" in fault:
        mend = "Afsnittet eller nøglen står to gange. Behold den ene; afsnit, der må gentages, har dobbelte parenteser: [[outcome]]."
    else:
        mend = next((hint for pattern, hint in HINTS if re.search(pattern, line)), "Sammenlign linjen med forlægget fra snerydder study new.")
    return BadInput(file, f"Protokollen kan ikke læses: {line}" if line else "Protokollen kan ikke læses: den slutter midt i noget.", f"linje {number}", 'nøgle = "tekst", nøgle = 12 eller nøgle = 0.5', mend)


def _no_strangers(file: Path, section: str, found: dict[str, Any], known: set[str]) -> None:
    for key, value in found.items():
        if key in known:
            continue
        near = get_close_matches(key, known, 1)
        elsewhere = [f"[{name}]" for name, rules in SECTIONS.items() if key in rules] + [f"[[{name}]]" for name, rules in LISTS.items() if key in rules]
        elsewhere += ["over det første afsnit"] if section and key in TOP else []
        mend = f"Mente du {near[0]}?" if near else f"Den hører til {'under ' if elsewhere[0][0] == '[' else ''}{elsewhere[0]}." if elsewhere else "Fjern linjen."
        if not section and isinstance(value, dict | list):
            sections = sorted({*SECTIONS, *LISTS})
            raise BadInput(file, "Afsnittet kendes ikke.", f"afsnit [{key}]", f"et af: {', '.join(sections)}", mend if near else "Fjern afsnittet.")
        place = f"afsnit [{section}], nøgle {key}" if section else f"nøgle {key}"
        raise BadInput(file, "Nøglen kendes ikke.", place, f"en af: {', '.join(sorted(known - {*SECTIONS, *LISTS} if not section else known))}", mend)


def top(file: Path, found: dict[str, Any]) -> dict[str, Any]:
    return _values(file, "", {key: value for key, value in found.items() if key in TOP}, TOP)


def section(file: Path, found: dict[str, Any], name: str) -> dict[str, Any]:
    part = found.get(name, {})
    if not isinstance(part, dict):
        raise BadInput(file, f"[{name}] skrives én gang og med enkelte parenteser.", f"afsnit [{name}]", f"en linje [{name}] og derunder nøgler")
    return _values(file, name, part, SECTIONS[name])


def rows(file: Path, found: dict[str, Any], name: str) -> list[dict[str, Any]]:
    part = found.get(name, [])
    if not isinstance(part, list) or not all(isinstance(row, dict) for row in part):
        raise BadInput(file, f"{name} kan gentages og skrives derfor med dobbelte parenteser.", f"afsnit [{name}]", f"en linje [[{name}]] og derunder nøgler")
    return [_values(file, f"{name} nr. {number}", row, LISTS[name]) for number, row in enumerate(part, 1)]


def _values(file: Path, name: str, found: dict[str, Any], rules: dict[str, Rule]) -> dict[str, Any]:
    _no_strangers(file, name, found, set(rules))
    taken = {}
    for key, (kind, required, default, allowed) in rules.items():
        place = f"afsnit [{name}], nøgle {key}" if name else f"nøgle {key}"
        if key not in found:
            if required:
                raise BadInput(file, "Nøglen mangler.", place, " eller ".join(map(str, allowed)) if allowed else _kind(key, kind), f"Skriv {key} = … i protokollen.")
            taken[key] = default
            continue
        value = found[key]
        if kind is float and isinstance(value, int) and not isinstance(value, bool):
            value = float(value)
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            raise BadInput(file, f"Værdien {value!r} passer ikke.", place, _kind(key, kind), _number_hint(kind, value))
        if isinstance(value, list) and any(isinstance(one, str) == (key in OF_NUMBERS) for one in value):
            raise BadInput(file, f"Listen {value!r} passer ikke.", place, _kind(key, kind))
        if allowed and value not in allowed:
            near = get_close_matches(str(value), [str(one) for one in allowed], 1)
            raise BadInput(file, f"Værdien {value!r} kendes ikke.", place, " eller ".join(str(one) for one in allowed if one != ""), f"Mente du {near[0]}?" if near else "")
        if required and isinstance(value, str) and not value.strip():
            raise BadInput(file, "Værdien er tom.", place, _kind(key, kind))
        taken[key] = value
    return taken


def _number_hint(kind: type | tuple[type, ...], value: object) -> str:
    """A number in quotation marks, perhaps with a Danish comma."""
    if kind is str or not isinstance(value, str) or not re.fullmatch(r"\s*-?[\d.,]+\s*", value):
        return ""
    return f"Skriv tallet uden gåseøjne og med punktum: {value.strip().replace(',', '.')}" if "." not in value else "Skriv tallet uden gåseøjne og uden tusindtalsskille."


def _kind(key: str, kind: type | tuple[type, ...]) -> str:
    words = {
        str: 'tekst i gåseøjne, fx "pnr"', int: "et helt tal", float: "et tal med punktum, fx 0.10", bool: "true eller false",
        list: "en liste af tal, fx [0.12, 0.16]" if key in OF_NUMBERS else 'en liste af tekster, fx ["kommune"]',
    }  # fmt: skip
    return words.get(kind, "et tal, med punktum hvis det har decimaler") if isinstance(kind, type) else "et tal, med punktum hvis det har decimaler"

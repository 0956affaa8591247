"""The matrix: what each role may do at each address, as data, and as the manual's page docs/brug/adgang.md.

    python -m tests.access.matrix      writes the page anew
"""

import os
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "docs" / "brug" / "adgang.md"
HOW = (
    'Skriv en linje i tests/access/matrix.toml: "{name}" = ["hvad man kan dér", "rollerne, der må"], og kør python -m tests.access.matrix,'
    " så siden docs/brug/adgang.md følger med."
)
EVERYBODY, OPEN = "alle", "åben"
DEMO_ONLY = {"access:persona"}  # tests/pages/access/test_sign_in.py: outside the demo the address does not exist


@dataclass(frozen=True)
class Row:
    name: str
    group: str
    says: str
    words: str
    thing: str

    @property
    def is_open(self) -> bool:
        return self.words == OPEN

    def roles(self, known: Any) -> set[str]:
        return set(known) if self.words in (EVERYBODY, OPEN) else set(self.words.split())


@dataclass(frozen=True)
class Address:
    name: str
    pattern: Any
    view: Any
    route: str

    @property
    def kwargs(self) -> dict[str, Any]:
        return dict(self.pattern.converters)


@cache
def table() -> dict[str, Any]:
    return tomllib.loads((HERE / "matrix.toml").read_text("utf-8"))


def rows() -> dict[str, Row]:
    found = {}
    for group, lines in table()["rows"].items():
        for name, (says, words, *thing) in lines.items():
            assert name not in found, f"{name} står to gange"
            found[name] = Row(name, group, says, words, thing[0] if thing else "")
    return found


def addresses(resolver: Any = None, namespace: str = "", route: str = "") -> Iterator[Address]:
    """Every address the product answers at, from the resolver itself."""
    from django.urls import get_resolver

    for part in (resolver or get_resolver()).url_patterns:
        if hasattr(part, "url_patterns"):
            yield from addresses(part, ":".join(filter(None, (namespace, part.namespace))), route + str(part.pattern))
        else:
            yield Address(":".join(filter(None, (namespace, part.name))), part.pattern, part.callback, route + str(part.pattern))


def page() -> str:
    """The manual's page: each role's sentence, then who may do what."""
    from django.utils import translation

    from snerydder.access.roles import ROLES

    known = rows()
    with translation.override("da"):
        lines = [
            "# Hvem må hvad", "",
            "Siden er skrevet af den prøve, der går alle adresser igennem som alle roller: den er rigtig, ellers er prøven rød.", "",
            "Rollen siger, hvad man må. Hvilke sager det gælder, følger af rollens rækkevidde: en mentor når sine egne borgere, en",
            "sagsbehandler sin egen enhed, resten kommunen. Det, der ikke er ens eget, findes ikke: svaret er det samme, som hvis det",
            "aldrig havde været der. En stedfortræder når den fraværendes sager med sine egne rettigheder.", "",
            "| Rolle | |", "| --- | --- |",
            *(f"| {str(role.name).capitalize()} | {role.sentence} |" for role in ROLES.values()), "",
        ]  # fmt: skip
        groups = dict.fromkeys(row.group for row in known.values())
        heads = [str(role.name).capitalize() for role in ROLES.values()]
        for group in groups:
            lines += [f"## {group}", "", f"| | {' | '.join(heads)} |", "| --- |" + " :-: |" * len(heads)]
            for row in (row for row in known.values() if row.group == group):
                marks = ["●" if key in row.roles(ROLES) else "" for key in ROLES]
                lines.append(f"| {row.says}{' (uden login)' if row.is_open else ''} | {' | '.join(marks)} |")
            lines.append("")
    return "\n".join(lines)


def main() -> None:
    os.environ.setdefault("SNERYDDER_TEST", "1")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "snerydder.project.settings")
    import django

    django.setup()
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(page(), encoding="utf-8")
    print(PAGE)


if __name__ == "__main__":
    main()

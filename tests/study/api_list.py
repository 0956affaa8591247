"""The list of every public function at the end of docs/method/api.md, from the functions themselves: `python -m tests.study.api_list` writes it."""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "method" / "api.md"
PACKAGES = ("registers", "effects", "lottery")
INSIDE = ("_compiled", "kernels_wide", "registers/forms/", "registers/invented/", "compact_c", "compact_import")  # parts of a form, a twin or the demo: nobody calls them from outside
BEGIN, END = "<!-- every function -->", "<!-- end -->"


def modules() -> list[tuple[str, ast.Module]]:
    """(`effects.bands`, its syntax) for every module somebody may call."""
    found = []
    for package in PACKAGES:
        for file in sorted((ROOT / "snerydder" / package).rglob("*.py")):
            place = file.relative_to(ROOT / "snerydder").as_posix()
            if not any(part in place for part in INSIDE):
                found.append((place.removesuffix(".py").removesuffix("/__init__").replace("/", "."), ast.parse(file.read_text(encoding="utf-8"))))
    return found


def public(tree: ast.Module) -> list[ast.FunctionDef]:
    return [part for part in tree.body if isinstance(part, ast.FunctionDef) and not part.name.startswith("_")]


def lines() -> list[str]:
    told = []
    for name, tree in modules():
        functions = public(tree)
        classes = [part.name for part in tree.body if isinstance(part, ast.ClassDef) and not part.name.startswith("_")]
        if not functions and not classes:
            continue
        told += ["", f"**`snerydder.{name}`** {_first(ast.get_docstring(tree))}" + (f" Records: {', '.join(f'`{one}`' for one in classes)}." if classes else "")]
        told += [""] if functions else []
        for one in functions:
            answer = f" → {ast.unparse(one.returns)}" if one.returns else ""
            said = _first(ast.get_docstring(one))
            told.append(f"- `{one.name}({_arguments(one.args)}){answer}`" + (f": {said}" if said else ""))
    return told[1:]


def _arguments(given: ast.arguments) -> str:
    """Names, and the default where there is one."""
    first = len(given.args) - len(given.defaults)
    named = [one.arg if at < first else f"{one.arg}={ast.unparse(given.defaults[at - first])}" for at, one in enumerate(given.args)]
    named += [f"*{given.vararg.arg}"] if given.vararg else []
    return ", ".join([*named, *(one.arg if default is None else f"{one.arg}={ast.unparse(default)}" for one, default in zip(given.kwonlyargs, given.kw_defaults, strict=True))])


def _first(text: str | None) -> str:
    """The first sentence."""
    return "" if not text else " ".join(text.partition("\n\n")[0].split()).replace("|", "\\|")


def page() -> str:
    text = PAGE.read_text(encoding="utf-8")
    before, after = text.partition(BEGIN)[0], text.partition(END)[2]
    return before + BEGIN + "\n" + "\n".join(lines()) + "\n" + END + after


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    print(f"{PAGE}: {sum(len(public(tree)) for _, tree in modules())} functions")

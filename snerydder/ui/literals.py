"""Finds human text that never reaches the translation catalogue.

In a template: text between tags, in the attributes people meet, and in strings handed to a component.
In Python: strings that look Danish outside gettext. What is data and not a text (a heading in a municipality's
file, an invented name) is marked on its line with `# da: <why>`, or in the file's first lines with `# da-file: <why>`.
"""

import ast
import re
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

import jinja2
from jinja2 import nodes

GETTEXT = {"_", "N_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy",
           "npgettext", "npgettext_lazy", "_word"}  # fmt: skip
SPOKEN_ATTRIBUTES = {"aria-label", "title", "placeholder", "alt", "aria-description", "aria-roledescription", "summary", "label"}
TEXT_PARAMETERS = {
    "text", "label", "heading", "content", "helptext", "legend", "caption", "title", "summary", "srOnly", "hint", "note",
    "empty_text", "submit", "cancel_text", "placeholder", "headerContent", "errorMessage", "checkboxLegend",
    "radiogroupLegend", "action_text", "link_text", "ariaLabel", "subheading", "edit_text", "detail", "sentence",
}  # fmt: skip
NAMES = {"English", "Dansk", "Snerydder", "CPR", "PDF", "CSV", "Excel", "kr"}  # the same in every language
FILLER = "zqz"  # stands where a template prints something: a letter, so that <{{ tag }} is still a tag
CLASS_NAMES = re.compile(r"\s*([a-z0-9]+(-[a-z0-9]+)+\s*)+")
LETTERS = re.compile(r"[^\W\d_]{2,}")
DANISH_LETTER = re.compile(r"[æøåÆØÅ]")
DANISH_WORD = re.compile(
    r"\b(og|ikke|skal|kan|af|til|med|det|der|du|har|som|eller|blev|hvis|din|dit|hvor|ingen|alle|fra|efter|endnu|findes)\b", re.IGNORECASE
)
SENTENCE_LIKE = re.compile(r"[A-ZÆØÅ][a-zæøå]+([ .:!?,]|\Z)")


@dataclass(frozen=True, order=True)
class Found:
    path: str
    line: int
    text: str

    def __str__(self):
        return f"{self.path}:{self.line}: outside the catalogue: {self.text!r}"


def untranslated(path):
    """Texts in one .html or .py file that no translator will ever see."""
    path = Path(path)
    source = path.read_text("utf-8")
    find = {".html": _in_template, ".py": _in_python}.get(path.suffix)
    if find is None or any("da-file:" in line for line in source.splitlines()[:8]):
        return []
    lines = source.splitlines()
    found = {
        Found(str(path), line, " ".join(text.split()))
        for line, text in find(source)
        if "da:" not in lines[min(line, len(lines)) - 1].partition("#")[2]
    }
    return sorted(found)


# --- Templates ----------------------------------------------------------------------------------
def _in_template(source):
    yield from _Spoken(_only_markup(source)).found
    yield from _in_expressions(source)


def _environment():
    return jinja2.Environment(extensions=["jinja2.ext.i18n", "jinja2.ext.do", "jinja2.ext.loopcontrols"])  # noqa: S701  # nothing is rendered


def _only_markup(source):
    """The template as HTML: tags of Jinja gone, what is printed as FILLER, translated blocks empty, lines kept."""
    out, inside, translated, first = [], "", False, ""
    for _line, kind, text in _environment().lex(source):
        breaks = "\n" * text.count("\n")
        if kind == "data" and not translated:
            out.append(text)
        elif kind == "variable_end" and not translated:
            out.append(FILLER + breaks)
        else:
            out.append(breaks)
        if kind in ("block_begin", "variable_begin"):
            inside, first = kind, ""
        elif kind == "name" and inside == "block_begin" and not first:
            first = text
            translated = text == "trans" or (translated and text != "endtrans")
        elif kind in ("block_end", "variable_end"):
            inside = ""
    return "".join(out)


class _Spoken(HTMLParser):
    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.found, self.silent = [], ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        if tag in ("script", "style"):
            self.silent = tag
        for name, value in attrs:
            if name in SPOKEN_ATTRIBUTES:
                self.judge(value or "")

    def handle_endtag(self, tag):
        if tag == self.silent:
            self.silent = ""

    def handle_data(self, data):
        if not self.silent:
            start = self.getpos()[0]
            for offset, line in enumerate(data.split("\n")):
                self.judge(line, start + offset)

    def judge(self, text, line=None):
        words = [word for word in LETTERS.findall(text.replace(FILLER, " ")) if word not in NAMES]
        if words and not CLASS_NAMES.fullmatch(text):
            self.found.append((line or self.getpos()[0], text.replace(FILLER, "…").strip()))


def _in_expressions(source):
    yield from _strings(_environment().parse(source), "")


def _strings(node, parameter):
    if isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name) and node.node.name in GETTEXT:
        return
    if isinstance(node, nodes.Const):
        if isinstance(node.value, str) and _looks_spoken(node.value, parameter):
            yield node.lineno, node.value
        return
    if isinstance(node, nodes.Compare | nodes.Getitem | nodes.Test | nodes.Include | nodes.Import | nodes.FromImport | nodes.Extends):
        return
    if isinstance(node, nodes.Pair):
        key = node.key.value if isinstance(node.key, nodes.Const) else ""
        yield from _strings(node.value, key)
        return
    if isinstance(node, nodes.Keyword):
        yield from _strings(node.value, node.key)
        return
    for child in node.iter_child_nodes():
        yield from _strings(child, parameter if isinstance(node, nodes.CondExpr | nodes.Or | nodes.Concat) else "")


def _looks_spoken(text, parameter):
    if text in NAMES or not LETTERS.search(text) or "<" in text:
        return False
    if parameter in TEXT_PARAMETERS:
        return True
    return bool(DANISH_LETTER.search(text) or SENTENCE_LIKE.match(text) or (" " in text and DANISH_WORD.search(text)))


# --- Python --------------------------------------------------------------------------------------
def _in_python(source):
    tree = ast.parse(source)
    yield from _texts(tree)


def _texts(node):
    if isinstance(node, ast.Call) and _called(node.func) in GETTEXT:
        return
    if isinstance(node, ast.ClassDef) and node.name == "DataProtection":
        return  # printed in the record of processing, which Danish law wants in Danish
    if isinstance(node, ast.Constant):
        if isinstance(node.value, str) and _looks_danish(node.value):
            yield node.lineno, node.value
        return
    for child in ast.iter_child_nodes(node):
        if not _is_docstring(node, child):
            yield from _texts(child)


def _called(function):
    return function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")


def _is_docstring(node, child):
    holds = isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
    return holds and isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant)


def _looks_danish(text):
    if DANISH_LETTER.search(text) and LETTERS.search(text):
        return True
    return len(text.split()) >= 3 and bool(DANISH_WORD.search(text))

"""Letters as accessible PDF (PDF/UA-1), by typst.

    render_letter({
        "title": "Afgørelse om mentorstøtte", "date": "3. marts 2026", "reference": "Sag 2026-117",
        "sender": {"name": "Fjordby Kommune", "lines": ["Ungeteam Nord", "Rådhusvej 1"]},
        "recipient": {"name": "Amina Y.", "lines": ["Havnegade 2", "9990 Fjordby"]},
        "body": ["Et afsnit.", heading("Begrundelse"), bullets([...]), facts([("Timer", "20")]), table(head, rows), box("Klage", [...])],
        "closing": {"greeting": "Venlig hilsen", "name": "Bente Krogh", "lines": ["sagsbehandler"]},
        "draft": "Udkast",
    })

What a letter says goes to typst as data and is set as text. It is never part of the program typst runs.
"""

import functools
import json
import re
import unicodedata
from pathlib import Path

from django.utils import translation
from django.utils.translation import gettext as _

from snerydder.ui import dkfds
from snerydder.ui.formats import language

TEMPLATE = Path(__file__).parent / "letters" / "letter.typ"
KEYS = {"lang", "title", "date", "reference", "sender", "recipient", "body", "closing", "draft", "footer"}
UNSHOWN = re.compile(r'the text `"(.+?)"` could not be displayed', re.DOTALL)
ESCAPED = re.compile(r"\\u\{([0-9a-fA-F]+)\}")
MARK = "▯"  # in place of a sign no font has


def in_danish(write):
    """A paper from a Danish authority is in Danish, whatever language the page is in."""

    @functools.wraps(write)
    def written(*args):
        with translation.override("da"):
            return write(*args)

    return written
TRIES = 60  # distinct signs no font has, in one letter


def heading(text):
    return {"kind": "heading", "text": text}


def bullets(items):
    return {"kind": "list", "items": list(items)}


def numbers(items):
    return {"kind": "numbers", "items": list(items)}


def facts(rows):
    return {"kind": "facts", "rows": [list(row) for row in rows]}


def table(head, rows):
    return {"kind": "table", "head": list(head), "rows": [list(row) for row in rows]}


def box(heading, paragraphs):
    return {"kind": "box", "heading": heading, "text": [paragraphs] if isinstance(paragraphs, str) else list(paragraphs)}


def render_letter(data):
    """The letter as the bytes of a PDF."""
    letter = printable(data)
    for _attempt in range(TRIES):
        try:
            return _compile(letter)
        except _NoFontHas as missing:
            letter = _without(letter, missing.signs)
    return _compile(_latin(letter))


def printable(data):
    """The whole letter as a paper says it: every part there, and no sign that cannot be seen."""
    return _printable(_whole(data))


class _NoFontHas(Exception):
    def __init__(self, signs):
        super().__init__(signs)
        self.signs = signs


def _compile(letter):
    import typst

    try:
        return typst.compile(
            TEMPLATE,
            root=TEMPLATE.parent,
            font_paths=list(_font_folders()),
            ignore_system_fonts=True,  # the same letter on every machine
            sys_inputs={"letter": json.dumps(letter)},
            format="pdf",
            pdf_standards="ua-1",
        )
    except typst.TypstError as error:
        found = UNSHOWN.search(str(error))
        if not found:
            raise
        raise _NoFontHas(ESCAPED.sub(lambda code: chr(int(code.group(1), 16)), found.group(1))) from None


@functools.cache
def _font_folders():
    folder = dkfds.source_folder().parent / "dist" / "fonts" / "IBMPlexSans" / "complete" / "ttf"
    return (str(folder),) if folder.is_dir() else ()


def _whole(data):
    """Every part the template reads, with what was left out filled in; a part it does not read is a mistake."""
    unknown = set(data) - KEYS
    if unknown:
        raise TypeError(f"a letter has no {sorted(unknown)}; it has {sorted(KEYS)}")
    closing = data.get("closing")
    return {
        "lang": data.get("lang") or language(),
        "title": data["title"],
        "date": data["date"],
        "reference": data.get("reference", ""),
        "draft": data.get("draft", ""),
        "footer": data.get("footer") or data["sender"]["name"],
        "sender": {"lines": [], **data["sender"]},
        "recipient": {"lines": [], **data["recipient"]},
        "closing": {"greeting": _("Venlig hilsen"), "lines": [], **closing} if closing else None,
        "untitled": _("Brev"),
        "page-words": [_("Side"), _("af")],
        "body": [_part(item) for item in data["body"]],
    }


def _part(item):
    if not isinstance(item, dict):
        return {"kind": "text", "text": item}
    if item.get("kind") == "table" and any(len(row) != len(item["head"]) for row in item["rows"]):
        raise ValueError("a row of the table is not as long as its heading")
    return item


def _mapped(value, change):
    if value is None:
        return None
    if isinstance(value, dict):
        return {key: inner if key == "kind" else _mapped(inner, change) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_mapped(inner, change) for inner in value]
    return change(str(value))


def _printable(value):
    """Control and invisible signs out, lines as \\n; what no font draws is dealt with when typst says so."""

    def clean(text):
        text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
        return "".join(sign for sign in text if sign == "\n" or unicodedata.category(sign) not in ("Cc", "Cf", "Cs", "Co", "Cn"))

    return _mapped(value, clean)


def _without(letter, signs):
    """A reader sees that something stood there, which a silent gap would hide."""
    mark = "" if MARK in signs else MARK
    unshown = re.compile(f"[{re.escape(signs)}]")
    return _mapped(letter, lambda text: re.sub(f"{MARK}+", MARK, unshown.sub(mark, text)))


def _latin(letter):
    return _mapped(letter, lambda text: "".join(sign if ord(sign) < 0x250 or sign == "\n" else "?" for sign in text))

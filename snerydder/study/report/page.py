"""The page itself: sections in the order a reader asks, each figure with its table folded beneath it."""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any

from snerydder.study.gate import PublishedStudy
from snerydder.study.protocol import Protocol
from snerydder.study.report import account, beside, closing, groups, mapped, png, sections, sure
from snerydder.study.words import Words

STYLE = Path(__file__).with_name("report.css")


def page(protocol: Protocol, published: PublishedStudy, provenance: dict[str, Any], figures: dict[str, dict[str, str]], words: Words) -> str:
    w, found = words, published.trial
    parts = [
        sections.opening(protocol, found, figures, w),
        *(sections.outcome(protocol, found, one, figures, w) for one in found.outcomes[1:]),
        sure.family(found, w),
        sections.who(found, figures, w),
        sections.what(found, figures, w),
        groups.groups(protocol, found, figures, w),
        beside.timing(protocol, found, figures, w),
        closing.receiving(protocol, found, figures, w),
        beside.answers(protocol, found, w),
        closing.other_ways(protocol, found, figures, w),
        sure.looks(protocol, found, figures, w),
        beside.power(protocol, found, figures, w),
        account.money(protocol, found, figures, w),
        closing.mentors(found, w),
        mapped.mapped(protocol, found, figures, w),
        mapped.inspected(protocol, found, w),
        closing.quality(found, w, provenance["register"]),
        closing.origin(protocol, found, provenance, w),
    ]
    return shell(protocol, provenance, w, sections.contents(found, w), parts, w("Et lodtrækningsforsøg, gjort op", "A randomised trial, analysed"))


def shell(protocol: Protocol, provenance: dict[str, Any], words: Words, contents: Sequence[tuple[str, str]], parts: Sequence[str], kicker: str) -> str:
    """One page that stands alone."""
    w = words
    invented = w("Opdigtede data: ingen i dette forsøg findes, og ingen tal er målt.", "Invented data: nobody in this trial exists, and no number was measured.")
    ribbon = f'<p class="ribbon">{invented}</p>' if protocol.invented else ""
    draft = f'<p class="ribbon draft">{w("Foreløbig kørsel. Må ikke citeres.", "Draft run. Not to be cited.")}</p>' if protocol.status != "final" else ""
    remarks = provenance.get("remarks", {}).get(w.language, [])
    late = "".join(f'<p class="ribbon late">{escape(line)}</p>' for line in remarks)
    listed = "".join(f'<li><a href="#{name}">{escape(label)}</a></li>' for name, label in contents)
    return (
        f'<!DOCTYPE html>\n<html lang="{w.language}">\n<head>\n<meta charset="utf-8">\n<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(protocol.title)}</title>\n<style>\n{_letters()}{STYLE.read_text(encoding='utf-8')}{_on_paper(remarks)}</style>\n</head>\n<body>\n"
        f'<a class="skip" href="#top">{w("Gå til rapporten", "Skip to the report")}</a>\n'
        f'<header>{late}{ribbon}{draft}<div class="title"><p class="kicker">{kicker}</p><h1>{escape(protocol.title)}</h1></div></header>\n'
        f'<nav aria-label="{w("Indhold", "Contents")}"><ul>{listed}</ul></nav>\n<main id="top">\n' + _unbroken("\n".join(part for part in parts if part)) + "\n</main>\n"
        f"<footer><p>{w('Lavet med Snerydder', 'Made with Snerydder')} {escape(str(provenance['version']))}. {w('Samme protokol og samme filer giver samme rapport.', 'The same protocol and files give the same report.')}</p></footer>\n</body>\n</html>\n"
    )


def _on_paper(remarks: Sequence[str]) -> str:
    """What stands at the head of every printed page."""
    if not remarks:
        return ""
    told = " · ".join(remarks).translate({ord(sign): f"\\{ord(sign):x} " for sign in "\\\"<>&\n"})
    return f'@page {{ margin-top: 26mm; @top-left {{ content: "{told}"; font: 600 8.5pt system-ui, sans-serif; color: #7a2f05; }} }}\n'


def _unbroken(markup: str) -> str:
    """A number and its per cent sign stay on one line."""
    return re.sub(r"(\d) %", "\\1\u00a0%", markup)


def _letters() -> str:
    """The page carries its own letters: the same look everywhere, and words that fit the figures."""
    faces = []
    for file in sorted(png.FONTS.glob("*.woff2")):
        held = base64.b64encode(file.read_bytes()).decode("ascii")
        faces.append(
            f'@font-face {{ font-family: "{png.FAMILY}"; font-weight: {file.stem[-3:]}; src: url(data:font/woff2;base64,{held}) format("woff2"); }}\n'
        )
    return "".join(faces)

"""A trial that runs, as somebody may watch it week by week: the interval that holds however often one looks, and no verdict on stopping."""

from __future__ import annotations

import tomllib
from html import escape

import numpy as np

from snerydder.effects.results import Refused
from snerydder.registers import outcomes, weeks
from snerydder.study.gate import PublishedLooks
from snerydder.study.looks import Looks
from snerydder.study.protocol import Protocol
from snerydder.study.report import sure
from snerydder.study.report.closing import refusal
from snerydder.study.report.curves import NARROW, WIDE
from snerydder.study.words import Words


class _Name:
    def __init__(self, name: str) -> None:
        module = outcomes.find(name)
        assert module is not None, "the protocol has been read"
        self.short, self.short_en = str(module.SHORT), str(module.SHORT_EN)


def markup(protocol: Protocol, published: PublishedLooks, w: Words) -> str:
    level = round(100 * (1 - protocol.alpha))
    holds = w(
        f"Intervallet holder, uanset hvor tit I kigger: i højst {100 - level} af 100 forsøg kommer det nogen sinde til at udelukke den rigtige forskel. Det er bredere end det, rapporten viser til sidst; det er prisen for at kigge. Rapporten regnes stadig, som protokollen siger.",
        f"The interval holds however often you look: in at most {100 - level} of 100 trials does it ever leave the true difference out. It is wider than the one the report shows in the end; that is the price of looking. The report is still counted as the protocol says.",
    )
    parts = []
    for one, wanted in zip(published.looks, protocol.outcomes, strict=True):
        name = _Name(wanted.name)
        heading = f"<h2>{escape(w(f'{name.short}, uge {wanted.week} efter lodtrækningen', f'{name.short_en}, week {wanted.week} after the draw'))}</h2>"
        parts.append(f'<section id="{wanted.name}">{heading}{refusal(one, w) if isinstance(one, Refused) else _outcome(one, name, level, w)}</section>')
    few = w("En uge, hvor færre end fem mere er blevet kendt i en gruppe, vises sammen med de næste.", "A week in which fewer than five more became known in an arm is shown with the next ones.")
    opening = f"<section><p>{escape(holds)}</p><p>{escape(_stopping(protocol, w))}</p></section>"
    return opening + "".join(parts) + f'<section><p class="note">{escape(few)}</p></section>'


def _outcome(one: Looks, name: _Name, level: int, w: Words) -> str:
    if not np.isfinite(one.lower).any():
        return refusal(Refused("Der er for få endnu til et interval.", "too-few", "There are too few yet for an interval."), w)
    figures = {f"looks-{one.outcome}": {"wide": sure.looks_figure(one, name, w, WIDE), "narrow": sure.looks_figure(one, name, w, NARROW)}}
    now = w(
        f"I {w.week(weeks.name(int(one.calendar[-1])))} var udfaldet kendt for {w.number(int(one.persons[-1]))} personer. Forskellen var da {w.points(float(one.estimate[-1]))} procentpoint ({w.points(float(one.lower[-1]))} til {w.points(float(one.upper[-1]))}).",
        f"In {w.week(weeks.name(int(one.calendar[-1])))} the outcome was known for {w.number(int(one.persons[-1]))} persons. The difference was then {w.points(float(one.estimate[-1]))} points ({w.points(float(one.lower[-1]))} to {w.points(float(one.upper[-1]))}).",
    )
    return f"<p><b>{escape(now)}</b></p>{sure.looked(one, name, figures, level, w)}"


def _stopping(protocol: Protocol, w: Words) -> str:
    """What the protocol says, in its own words, or that it says nothing."""
    rule = str(tomllib.loads(protocol.file.read_text(encoding="utf-8")).get("trial", {}).get("stopping", "")).strip()
    if rule:
        return w(f"Om at stoppe siger protokollen: »{rule}« Det er den, der gælder, og ikke denne side.", f"On stopping the protocol says: “{rule}” That holds, and not this page.")
    return w("Siden siger ikke, om forsøget skal stoppes: protokollen har ingen regel om at stoppe efter, hvad man ser undervejs.", "This page does not say whether to stop: the protocol has no rule for stopping by what is seen on the way.")

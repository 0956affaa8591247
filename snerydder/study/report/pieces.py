"""Two pieces every section is made of: a figure with its words, and a table that can be folded."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from html import escape

from snerydder.effects.disclosure import LIMIT
from snerydder.study.findings import OutcomeFound
from snerydder.study.words import HELD, Words


def figure(pictures: dict[str, str] | None, caption: str, table: str = "", note: str = "") -> str:
    """Drawn twice, for a wide and a narrow page; the style sheet shows the one that fits."""
    if pictures is None:  # in no week was there enough to draw
        return table
    shown = f'<div class="wide">{pictures["wide"]}</div><div class="narrow">{pictures["narrow"]}</div>'
    below = f"<p class=note>{note}</p>" if note else ""
    name = f' data-figure="{pictures["name"]}"' if "name" in pictures else ""
    return f"<figure{name}>{shown}<figcaption>{caption}</figcaption>{pictures.get('made', '')}{below}{table}</figure>"


def table(caption: str, head: Sequence[str], rows: Iterable[Sequence[str]], fold: str = "", text_columns: int = 1) -> str:
    """The first columns are words; the rest are numbers, aligned to the right."""
    top = "".join(f'<th scope="col"{"" if place < text_columns else " class=n"}>{escape(cell)}</th>' for place, cell in enumerate(head))
    body = []
    for row in rows:
        cells = [f'<th scope="row">{escape(row[0])}</th>']
        cells += [f"<td{'' if place < text_columns else ' class=n'}>{escape(cell)}</td>" for place, cell in enumerate(row[1:], 1)]
        body.append(f"<tr>{''.join(cells)}</tr>")
    made = f'<div class="scroll" role="region" aria-label="{escape(caption)}" tabindex="0"><table><caption>{escape(caption)}</caption><thead><tr>{top}</tr></thead><tbody>{"".join(body)}</tbody></table></div>'
    return f"<details><summary>{escape(fold)}</summary>{made}</details>" if fold else made


def shares(one: OutcomeFound, t: int, w: Words) -> list[str]:
    """Each arm's share and the persons behind it, where the gate has let the week through."""
    told = ((one.control[t], one.yes_control[t], one.n_control[t]), (one.treated[t], one.yes_treated[t], one.n_treated[t]))
    return [f"{w.percent(share)} ({int(yes)}/{int(of)})" if math.isfinite(yes) else HELD for share, yes, of in told]


def held(shown: Iterable[float], w: Words) -> str:
    """Said once below a table, when something in it is held back."""
    if all(math.isfinite(one) for one in shown):
        return ""
    told = w(f"{HELD} er et antal under {LIMIT}, eller et, der ville røbe et sådant.", f"{HELD} is a count under {LIMIT}, or one that would give such a count away.")
    return f'<p class="note">{told}</p>'

"""Two pieces every section is made of: a figure with its words, and a table that can be folded."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

import numpy as np

from snerydder.effects.disclosure import Published, publish
from snerydder.effects.subgroups import Split
from snerydder.study.words import Words


def figure(pictures: dict[str, str], caption: str, table: str = "", note: str = "") -> str:
    """Drawn twice, for a wide and a narrow page; the style sheet shows the one that fits."""
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


def shares(counts: Published, exact: tuple[float, float], w: Words) -> list[str]:
    """Each arm's share and the persons behind it; both arms are held back when one is, for the difference would tell."""
    if counts.held_back:
        return ["·", "·"]
    cells = []
    for share, (yes, no) in zip(exact, counts.cells, strict=True):
        assert yes is not None and no is not None
        cells.append(f"{w.percent(share)} ({yes}/{yes + no})")
    return cells


def held(published: Published, w: Words) -> str:
    """Said once below a table, when something is held back."""
    if not published.held_back:
        return ""
    told = w(f"· er et antal under {published.limit}, eller et, der ville røbe et sådant.", f"· is a count under {published.limit}, or one that would give such a count away.")
    return f'<p class="note">{told}</p>'


def persons_of(split: Split) -> Published:
    """How many persons each part of a split has."""
    return publish(tuple(part.name for part in split.parts), ("persons",), np.array([[part.persons] for part in split.parts]))

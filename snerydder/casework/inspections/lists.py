"""The frozen list, the draw, and the file that is published: no names, no numbers of persons or cases.

The list is text. Its first line says what is drawn from; each of the others is one ticket; all are JSON with sorted keys and no spaces,
ended by a line feed. SHA-256 of the whole is the list's mark. In each group the tickets are ordered by SHA-256 of

    seed + line feed + the list's mark + line feed + ticket number

and the first so many of them are drawn (`snerydder.lottery.sample`).
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from typing import Any

from snerydder.casework.inspections.models import Sample
from snerydder.lottery.sample import sample as first_of

FORMAT = "snerydder-stikproeve-1"
HOW = (
    "listens SHA-256 = SHA-256 af alle linjer i list, hver efterfulgt af et linjeskift. "  # da: the published file is Danish
    "I hver gruppe ordnes lodderne efter SHA-256 af frø + linjeskift + listens SHA-256 + linjeskift + lodnummer; de første size er udtrukket."
)


def line(values: dict[str, Any]) -> str:
    return json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def text_of(head: dict[str, Any], tickets: Iterable[Any]) -> str:
    rows = [head, *({"ticket": each.number, "case": each.mark, "stratum": each.stratum} for each in tickets)]
    return "".join(f"{line(row)}\n" for row in rows)


def mark_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def draw(strata: Sequence[dict[str, Any]], tickets: Sequence[Any], seed: str, list_hash: str) -> list[tuple[Any, int]]:
    """Each ticket the draw falls on, with its place in its group."""
    found = []
    for stratum in strata:
        mine = {str(each.number): each for each in tickets if each.stratum == stratum["key"]}
        found += [(mine[name], rank) for rank, name in enumerate(first_of(f"{seed}\n{list_hash}", mine, stratum["size"]), start=1)]
    return found


def said_by(rows: Sequence[str]) -> dict[str, Any]:
    """What the frozen list says of itself, repeated where a reader looks first: as it was then, whatever the municipality is called now."""
    head = json.loads(rows[0])
    return {name: head[name] for name in ("format", "municipality", "sample", "seed_source")}


def published(sample: Sample, drawn: Iterable[Any]) -> dict[str, Any]:
    """The file a stranger needs, before the draw (without `seed` and `drawn`) and after."""
    rows = sample.list_text.splitlines()
    return {
        **said_by(rows), "how": HOW, "list": rows, "list_sha256": sample.list_hash, "seed": sample.seed,
        "drawn": [{"stratum": each.stratum, "rank": each.rank, "ticket": each.ticket.number} for each in drawn],
    }  # fmt: skip

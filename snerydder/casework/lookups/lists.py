"""The month's frozen list: one line for each look-up, with a mark made of the look-up itself. No names, no numbers of persons.

The mark is the beginning of SHA-256 of the ticket number and everything the log says of the look-up. The persons in it are named by random keys only we have,
so nobody can guess their way back, and nobody can change the log afterwards without the list giving it away. The draw and the file are
those of the inspections' samples, so the same two small programs check both.
"""

import hashlib
from collections.abc import Iterable
from typing import Any

from snerydder.audit.models import Lookup
from snerydder.casework.inspections import lists
from snerydder.casework.lookups.models import LookupSample
from snerydder.lottery.sample import sample as first_of

GROUP = "opslag"


def mark(number: int, look: Lookup) -> str:
    parts = [number, f"{look.at.timestamp():.6f}", look.staff_id, look.behalf_of_id, look.purpose, look.kind, look.page, *look.citizen_ids]
    return hashlib.sha256("\n".join(str(part) for part in parts).encode()).hexdigest()[:16]


def strata(population: int, size: int) -> list[dict[str, Any]]:
    return [{"key": GROUP, "text": "Alle opslag", "population": population, "size": size}]  # da: the published file is Danish


def text_of(head: dict[str, Any], looks: Iterable[Lookup]) -> str:
    rows = ({"ticket": number, "case": mark(number, look), "stratum": GROUP} for number, look in enumerate(looks, start=1))
    return "".join(f"{lists.line(row)}\n" for row in (head, *rows))


def head_of(sample: LookupSample, town: str) -> dict[str, Any]:
    return {
        "format": lists.FORMAT, "municipality": town, "sample": f"{sample.month:%Y-%m}", "frozen_on": str(sample.frozen_on), "drawn_from": ["Opslag i loggen"],  # da
        "strata": strata(sample.population, sample.size), "seed_source": sample.seed_source, "seed_day": str(sample.seed_day),
    }  # fmt: skip


def draw(sample: LookupSample) -> list[int]:
    """The tickets the draw falls on, in its order."""
    tickets = (str(number) for number in range(1, sample.population + 1))
    return [int(name) for name in first_of(f"{sample.seed}\n{sample.list_hash}", tickets, sample.size)]


def published(sample: LookupSample) -> dict[str, Any]:
    drawn = [{"stratum": GROUP, "rank": rank, "ticket": ticket} for rank, ticket in enumerate(draw(sample), start=1)] if sample.is_drawn else []
    rows = sample.list_text.splitlines()
    return {**lists.said_by(rows), "how": lists.HOW, "list": rows, "list_sha256": sample.list_hash, "seed": sample.seed, "drawn": drawn}

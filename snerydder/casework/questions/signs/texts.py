"""Which notes say nearly the same. Figures, names of days and months are left out, so that a copy with another date is still a copy."""

import re
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

LEAST_WORDS = 15  # a short note is often the same because the same was done
ALIKE = 0.6  # share of the words of both that they have in common: two copies of one text with a word in ten changed in each have two thirds
WORD = re.compile(r"[^\W\d_]+")
DAYS = frozenset("mandag tirsdag onsdag torsdag fredag lørdag søndag januar februar marts april maj juni juli august september oktober november december".split())  # noqa: SIM905  # da: as they stand in a note

Words = frozenset[tuple[str, int]]


def words(note: str) -> list[str]:
    return [word.lower() for word in WORD.findall(note) if word.lower() not in DAYS]


@lru_cache(maxsize=10_000)
def said(note: str) -> Words:
    """Its words, whatever their order: each with which time it comes, so that a word used twice counts twice. Empty: too short to compare."""
    times: Counter[str] = Counter()
    found = words(note)
    if len(found) < LEAST_WORDS:
        return frozenset()
    numbered = []
    for word in found:
        times[word] += 1
        numbered.append((word, times[word]))
    return frozenset(numbered)


def likeness(one: Words, other: Words) -> float:
    """The share of the words of both that they have in common."""
    if min(len(one), len(other)) < ALIKE * max(len(one), len(other)):
        return 0.0  # cannot reach it
    common = len(one & other)
    return common / (len(one) + len(other) - common)


def alike(notes: Iterable[tuple[int, str]]) -> list[list[int]]:
    """Groups of two or more notes, each by its number, that are nearly the same as the group's first."""
    groups: list[tuple[Words, list[int]]] = []
    same: dict[str, int] = {}
    for number, note in notes:
        if (place := same.get(note)) is None:
            if not (own := said(note)):
                continue
            nearest, place = max(((likeness(own, first), -at) for at, (first, _members) in enumerate(groups)), default=(0.0, 0))
            if nearest >= ALIKE:
                place = -place
            else:
                place = len(groups)
                groups.append((own, []))
            same[note] = place
        groups[place][1].append(number)
    return [members for _first, members in groups if len(members) > 1]

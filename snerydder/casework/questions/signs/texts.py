"""Which notes say nearly the same. Figures, names and days are left out, so that a copy with another date is still a copy."""

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise

LEAST_WORDS = 15  # a short note is often the same because the same was done
ALIKE = 0.45  # share of pairs of neighbouring words in common: a copy with a word in ten changed has half
WORD = re.compile(r"[^\W\d_]+")
DAYS = frozenset("mandag tirsdag onsdag torsdag fredag lørdag søndag januar februar marts april maj juni juli august september oktober november december".split())  # noqa: SIM905  # da: as they stand in a note


def words(note: str) -> list[str]:
    return [word.lower() for word in WORD.findall(note) if word.lower() not in DAYS]


@lru_cache(maxsize=10_000)
def pairs(note: str) -> frozenset[tuple[str, str]]:
    said = words(note)
    return frozenset(pairwise(said)) if len(said) >= LEAST_WORDS else frozenset()


def alike(notes: Iterable[tuple[int, str]]) -> list[list[int]]:
    """Groups of two or more notes, each by its number, that are nearly the same as the group's first."""
    groups: list[tuple[frozenset[tuple[str, str]], list[int]]] = []
    by_pair: dict[tuple[str, str], list[int]] = defaultdict(list)  # the groups whose first note has it
    same: dict[str, int] = {}
    for number, note in notes:
        if (place := same.get(note)) is not None:
            groups[place][1].append(number)
            continue
        own = pairs(note)
        if not own:
            continue
        common: dict[int, int] = defaultdict(int)
        for pair in own:
            for group in by_pair.get(pair, ()):
                common[group] += 1
        nearest = max(common, key=lambda group: (common[group], -group), default=None)
        if nearest is not None and common[nearest] >= ALIKE * (len(own) + len(groups[nearest][0]) - common[nearest]):
            place = nearest
            groups[place][1].append(number)
        else:
            place = len(groups)
            groups.append((own, [number]))
            for pair in own:
                by_pair[pair].append(place)
        same[note] = place
    return [members for _first, members in groups if len(members) > 1]

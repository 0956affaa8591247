"""Which cases an audit looks at: drawn so that anyone can draw them again, without any program of ours.

Each name is written after the seed and a line feed, and hashed with SHA-256; the smallest hashes are the sample. The order the names are
given in does not matter, a longer sample holds the shorter one, and nobody can prefer a case without changing the seed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping


def sample(seed: str, names: Iterable[str], count: int) -> list[str]:
    """`count` names, all equally likely; every name where there are fewer."""
    return sorted(set(names), key=lambda name: hashlib.sha256(f"{seed}\n{name}".encode()).digest())[:count]


def two_stage(seed: str, cases: Mapping[str, Iterable[str]], municipalities: int, each: int) -> dict[str, list[str]]:
    """First municipalities, then cases in each, by a seed of its own."""
    return {name: sample(f"{seed}\n{name}", cases[name], each) for name in sample(seed, cases, municipalities)}

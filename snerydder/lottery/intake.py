"""A list of arms for people who come one by one: permuted blocks of hidden size within each stratum, ordered by HMAC-SHA256 alone.

In stratum s, block b (from 1) has the size sizes[HMAC(seed, "size", s, b) mod how many sizes there are]. Its arms, each as often as the
ratio says, lie in the order of HMAC(seed, "order", s, b, i), where i (from 1) runs over the arms as the ratio lists them. The last block is
cut where the places end. The parts of a message stand with a line feed between them; no library's generator is used, so the list is the
same for ever and in any language (numpy promises its streams only within a version).
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass

from snerydder.lottery.seal import mark

ARMS = ("offered", "control")


@dataclass(frozen=True)
class Stratum:
    key: str
    places: int


@dataclass(frozen=True)
class Lot:
    """One place on the list. `promise` is published before anybody stands on the place; arm and nonce open it."""

    stratum: str
    place: int
    arm: str
    nonce: str

    @property
    def promise(self) -> str:
        return mark("\n".join((self.stratum, str(self.place), self.arm, self.nonce)))


def places_text(strata: Sequence[Stratum], ratio: Sequence[int], blocks: Sequence[int]) -> str:
    """What is drawn: one line of JSON, sorted, without spaces. It covers places and not persons, who are not known yet."""
    told = {"arms": list(ARMS), "blocks": list(blocks), "ratio": list(ratio), "strata": [[each.key, each.places] for each in strata]}
    return json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n"


def lots(seed: str, strata: Sequence[Stratum], ratio: Sequence[int], blocks: Sequence[int]) -> list[Lot]:
    """The whole list. Whoever holds it knows every arm to come: it is sealed place by place at once, and the seed is forgotten."""
    if len(ratio) != len(ARMS) or min(ratio) < 1 or not blocks or any(size < 2 or size % sum(ratio) for size in blocks):
        raise ValueError("a block holds the ratio a whole number of times")
    if len({each.key for each in strata}) != len(strata) or any(each.places < 1 or "\n" in each.key for each in strata):
        raise ValueError("each stratum is named once, and has places")
    found = []
    for stratum in strata:
        for place, arm in enumerate(_arms(seed, stratum, ratio, blocks), 1):
            found.append(Lot(stratum.key, place, arm, _hmac(seed, "nonce", stratum.key, place)))
    return found


def _arms(seed: str, stratum: Stratum, ratio: Sequence[int], blocks: Sequence[int]) -> list[str]:
    found: list[str] = []
    block = 0
    while len(found) < stratum.places:
        block += 1
        size = blocks[int(_hmac(seed, "size", stratum.key, block), 16) % len(blocks)]
        arms = [arm for arm, share in zip(ARMS, ratio, strict=True) for _ in range(share * size // sum(ratio))]
        order = sorted(range(1, size + 1), key=lambda at, block=block: _hmac(seed, "order", stratum.key, block, at))  # type: ignore[misc]
        found += [arms[at - 1] for at in order]
    return found[: stratum.places]


def list_text(found: Sequence[Lot]) -> str:
    """The promises, one line each: stratum, place and promise with tabulators between. Published as soon as the list is made."""
    return "".join(f"{lot.stratum}\t{lot.place}\t{lot.promise}\n" for lot in found)


def _hmac(seed: str, *parts: object) -> str:
    return hmac.new(bytes.fromhex(seed), "\n".join(map(str, parts)).encode(), hashlib.sha256).hexdigest()

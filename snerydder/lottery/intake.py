"""A list of arms for people who come one by one: permuted blocks of hidden size within each stratum, ordered by HMAC-SHA256 alone.

In stratum s, block b (from 1) has the size sizes[HMAC(seed, "size", s, b) mod how many sizes there are]. Its arms, each as often as the
ratio says, lie in the order of HMAC(seed, "order", s, b, i), where i (from 1) runs over the arms as the ratio lists them. The last block is
cut where the places end. Where whole strata are drawn (`clusters`: teams, say) the strata themselves are the places of one block, in the stratum
named "", and every place of a stratum has its arm. The parts of a message stand with a line feed between them; no library's generator is used, so the list is the
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
THREE = ("offered", "more", "control")  # two offers against the same control


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


@dataclass(frozen=True)
class Scheme:
    """How lots are drawn: the arms, how often each falls, the sizes a block may have, and whether whole strata are drawn."""

    ratio: Sequence[int]
    blocks: Sequence[int]
    arms: Sequence[str] = ARMS
    clusters: bool = False


def places_text(strata: Sequence[Stratum], scheme: Scheme) -> str:
    """What is drawn: one line of JSON, sorted, without spaces. It covers places and not persons, who are not known yet."""
    told = {"arms": list(scheme.arms), "blocks": list(scheme.blocks), "ratio": list(scheme.ratio), "strata": [[each.key, each.places] for each in strata]}
    told |= {"drawn": "strata"} if scheme.clusters else {}
    return json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n"


def lots(seed: str, strata: Sequence[Stratum], scheme: Scheme) -> list[Lot]:
    """The whole list. Whoever holds it knows every arm to come: it is sealed place by place at once, and the seed is forgotten."""
    whole = sum(scheme.ratio)
    if len(scheme.ratio) != len(scheme.arms) or min(scheme.ratio) < 1 or not scheme.blocks or any(size < 2 or size % whole for size in scheme.blocks):
        raise ValueError("a block holds the ratio a whole number of times")
    if len({each.key for each in strata}) != len(strata) or any(each.places < 1 or not each.key or "\n" in each.key for each in strata):
        raise ValueError("each stratum is named once, and has places")
    if scheme.clusters and len(strata) < whole:
        raise ValueError("there are fewer clusters than the ratio asks for")
    found = []
    for stratum, arms in zip(strata, _drawn(seed, strata, scheme), strict=True):
        for place, arm in enumerate(arms, 1):
            found.append(Lot(stratum.key, place, arm, _hmac(seed, "nonce", stratum.key, place)))
    return found


def _drawn(seed: str, strata: Sequence[Stratum], scheme: Scheme) -> list[list[str]]:
    if not scheme.clusters:
        return [_arms(seed, stratum, scheme, scheme.blocks) for stratum in strata]
    whole = sum(scheme.ratio)
    one_block = -(-len(strata) // whole) * whole
    return [[arm] * stratum.places for stratum, arm in zip(strata, _arms(seed, Stratum("", len(strata)), scheme, [one_block]), strict=True)]


def _arms(seed: str, stratum: Stratum, scheme: Scheme, blocks: Sequence[int]) -> list[str]:
    found: list[str] = []
    block = 0
    while len(found) < stratum.places:
        block += 1
        size = blocks[int(_hmac(seed, "size", stratum.key, block), 16) % len(blocks)]
        arms = [arm for arm, share in zip(scheme.arms, scheme.ratio, strict=True) for _ in range(share * size // sum(scheme.ratio))]
        order = sorted(range(1, size + 1), key=lambda at, block=block: _hmac(seed, "order", stratum.key, block, at))  # type: ignore[misc]
        found += [arms[at - 1] for at in order]
    return found[: stratum.places]


def list_text(found: Sequence[Lot]) -> str:
    """The promises, one line each: stratum, place and promise with tabulators between. Published as soon as the list is made."""
    return "".join(f"{lot.stratum}\t{lot.place}\t{lot.promise}\n" for lot in found)


def _hmac(seed: str, *parts: object) -> str:
    return hmac.new(bytes.fromhex(seed), "\n".join(map(str, parts)).encode(), hashlib.sha256).hexdigest()

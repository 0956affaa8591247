"""CPR numbers at rest: encrypted, found by a keyed blind index, shown masked.

AES-256-GCM with the row and the municipality as associated data, so that a ciphertext moved to another row does not
open. The blind index is HMAC-SHA256 under another key: a plain hash of every CPR number is made in minutes (safety M16).
Both keys are derived per municipality from a key outside the database (settings.CPR_KEYS, {key id: 32 bytes}).
"""

import hashlib
import hmac
import os
import re
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

# The state's own pattern (facts C32). No modulus 11: numbers given out since 2007 may fail it.
_PATTERN = re.compile(
    r"(((0[1-9]|1[0-9]|2[0-9]|3[0-1])(01|03|05|07|08|10|12))|((0[1-9]|1[0-9]|2[0-9]|30)(04|06|09|11))|((0[1-9]|1[0-9]|2[0-9])(02)))[0-9]{6}"
)


class NotACpr(ValueError):
    """The text is not a CPR number by the state's pattern."""


class Unopenable(ValueError):
    """The ciphertext does not belong to this row, or the key is not here."""


def normal(text: str) -> str:
    """Ten digits, from a text with or without hyphen and spaces. Raises `NotACpr`."""
    digits = re.sub(r"[\s\-\u2010-\u2015]", "", text or "")
    if not _PATTERN.fullmatch(digits):
        raise NotACpr(text)
    return digits


def birth_year(cpr: str) -> int | None:
    """The year of birth: two digits, and a seventh that says which century. None before 1900: nobody living has such a number."""
    digits = normal(cpr)
    year, seventh = int(digits[4:6]), int(digits[6])
    if seventh <= 3:
        return 1900 + year
    if seventh in (4, 9):
        return (2000 if year <= 36 else 1900) + year
    return 2000 + year if year <= 57 else None


@lru_cache(maxsize=512)
def _key(key_id: str, use: str, municipality_id: int) -> bytes:
    return hmac.new(settings.CPR_KEYS[key_id], f"snerydder|{use}|{municipality_id}".encode(), hashlib.sha256).digest()


def _bound(row_id: Any, municipality_id: int) -> bytes:
    return f"people_citizen|cpr|{row_id}|{municipality_id}".encode()


def key_of(use: str, municipality_id: int) -> bytes:
    """The municipality's own key for a use that must give the same answer for ever: from the oldest key, as the index."""
    return _key(next(reversed(settings.CPR_KEYS)), use, municipality_id)


def seal(cpr: str, *, row_id: Any, municipality_id: int) -> str:
    key_id = next(iter(settings.CPR_KEYS))
    nonce = os.urandom(12)
    box = AESGCM(_key(key_id, "seal", municipality_id)).encrypt(nonce, normal(cpr).encode(), _bound(row_id, municipality_id))
    return f"v{key_id}:{nonce.hex()}:{box.hex()}"


def unseal(sealed: str, *, row_id: Any, municipality_id: int) -> str:
    key_id, nonce, box = sealed[1:].split(":")
    try:
        key = _key(key_id, "seal", municipality_id)
        return AESGCM(key).decrypt(bytes.fromhex(nonce), bytes.fromhex(box), _bound(row_id, municipality_id)).decode()
    except (InvalidTag, KeyError) as fault:
        raise Unopenable(str(row_id)) from fault


def blind_index(cpr: str, *, municipality_id: int) -> bytes:
    key_id = next(reversed(settings.CPR_KEYS))  # the index keeps the oldest key: it must find rows sealed before a rotation
    return hmac.new(_key(key_id, "index", municipality_id), normal(cpr).encode(), hashlib.sha256).digest()


def masked(cpr: str) -> str:
    return f"{cpr[:6]}-••••"


def seal_text(text: str, *, use: str, row_id: Any, municipality_id: int) -> str:
    """Any text that holds CPR numbers, bound to its own row. `use` is the table's name."""
    key_id = next(iter(settings.CPR_KEYS))
    nonce = os.urandom(12)
    box = AESGCM(_key(key_id, "seal", municipality_id)).encrypt(nonce, text.encode(), f"{use}|{row_id}|{municipality_id}".encode())
    return f"v{key_id}:{nonce.hex()}:{box.hex()}"


def unseal_text(sealed: str, *, use: str, row_id: Any, municipality_id: int) -> str:
    key_id, nonce, box = sealed[1:].split(":")
    bound = f"{use}|{row_id}|{municipality_id}".encode()
    try:
        return AESGCM(_key(key_id, "seal", municipality_id)).decrypt(bytes.fromhex(nonce), bytes.fromhex(box), bound).decode()
    except (InvalidTag, KeyError) as fault:
        raise Unopenable(str(row_id)) from fault

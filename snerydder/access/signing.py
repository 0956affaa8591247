"""A municipality's own key: whoever receives its files can see that they are the municipality's, and that nobody has changed them.

The key is made from the installation's secret and the municipality's number, so there is nothing to keep. The receiver keeps the public
half with the first file and reads its short form aloud on the phone; a file signed by another key is refused.
"""

import hashlib
import json
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.utils.crypto import salted_hmac


def _own(municipality_id: int) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(salted_hmac("snerydder.inspections.across", str(municipality_id), algorithm="sha256").digest())


def key_of(municipality_id: int) -> str:
    return _own(municipality_id).public_key().public_bytes_raw().hex()


def short(key: str) -> str:
    """What is read aloud: 4f1c 09aa 7be2 d310"""
    mark = hashlib.sha256(bytes.fromhex(key)).hexdigest()[:16]
    return " ".join(mark[at : at + 4] for at in range(0, 16, 4))


def _bytes(told: dict[str, Any]) -> bytes:
    return json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def signed(told: dict[str, Any], municipality_id: int) -> dict[str, Any]:
    whole = told | {"key": key_of(municipality_id)}
    return whole | {"signature": _own(municipality_id).sign(_bytes(whole)).hex()}


def is_signed(told: dict[str, Any]) -> bool:
    """By the key that stands in it, written in the one way a key is written: it is compared as text afterwards."""
    whole = {name: value for name, value in told.items() if name != "signature"}
    try:
        key = bytes.fromhex(told["key"])
        Ed25519PublicKey.from_public_bytes(key).verify(bytes.fromhex(told["signature"]), _bytes(whole))
    except (InvalidSignature, KeyError, TypeError, ValueError):
        return False
    return bool(key.hex() == told["key"])

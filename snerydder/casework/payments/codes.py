"""The code in a citizen's text message: made from the row with the program's own key, kept only as a hash."""

import hashlib
from typing import Any

from django.utils.crypto import salted_hmac

SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none that look alike
LENGTH = 12


def code_of(request: Any) -> str:
    """901-K7PM-2QXD-9TRA: the municipality, and twelve signs nobody else can make."""
    number = int.from_bytes(salted_hmac("snerydder.confirmation", str(request.pk), algorithm="sha256").digest(), "big")
    signs = []
    for _place in range(LENGTH):
        number, place = divmod(number, len(SIGNS))
        signs.append(SIGNS[place])
    word = "".join(signs)
    return f"{request.municipality_id:03d}-{word[:4]}-{word[4:8]}-{word[8:]}"


def hash_of(code: str) -> str:
    return hashlib.sha256("".join(sign for sign in code.upper() if sign.isalnum()).encode()).hexdigest()

"""What is promised before a draw and shown after it: hashes of texts, and the seed that several parties make together.

Nothing here but SHA-256 over text with line feeds between the parts, so that a stranger can do it with any tool.
"""

from __future__ import annotations

import hashlib

FORMAT = "snerydder-lodtraekning-1"


def mark(text: str) -> str:
    """SHA-256 of a text, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def seed(protocol: str, places: str, secrets: tuple[str, str], number: str) -> str:
    """From the marks of the protocol and of the places, each party's secret, and a public number nobody knew when the rest was promised.

    No party can steer it: each has promised its secret by hash before the number exists, and none knows the other's.
    """
    return mark("\n".join((FORMAT, protocol, places, *secrets, number)))

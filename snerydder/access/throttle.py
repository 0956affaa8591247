"""Wrong passwords cost time. Counted in the process's own cache: with several processes one may try so many times more.

By name and address together, so that a stranger cannot shut a person out; by name alone only at a much higher count.
"""

import hashlib

from django.core.cache import cache

WINDOW = 5 * 60
BY_NAME_AND_ADDRESS, BY_NAME = 5, 100


def _keys(username: str, address: str) -> list[tuple[str, int]]:
    both = hashlib.sha256(f"{username}\0{address}".encode()).hexdigest()
    name = hashlib.sha256(username.encode()).hexdigest()
    return [(f"sign-in:{both}", BY_NAME_AND_ADDRESS), (f"sign-in:{name}", BY_NAME)]


def too_many(username: str, address: str) -> bool:
    return any(cache.get(key, 0) >= limit for key, limit in _keys(username, address))


def failed(username: str, address: str) -> None:
    for key, _limit in _keys(username, address):
        cache.add(key, 0, WINDOW)
        cache.incr(key)


def succeeded(username: str, address: str) -> None:
    cache.delete(_keys(username, address)[0][0])

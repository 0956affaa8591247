"""The two secrets of an installation: the signing key, and the keys under which CPR numbers are sealed.

From the environment, or from files of mode 0600 in the state folder. Demo and tests make their own; anywhere
else a missing key stops the start, because a key made in passing is a key nobody has a copy of.
"""

from __future__ import annotations

import base64
import os
import secrets

from django.core.exceptions import ImproperlyConfigured

from snerydder.project import state

SIGNING = "signing.key"
CPR = "cpr.keys"
SHORTEST = 50
# What examples and Django's own project template carry. Longer than the limit, and known to everybody.
WELL_KNOWN = ("django-insecure", "changeme", "change-me", "secret", "hemmelig", "example", "eksempel")


def signing_key(*, may_make: bool) -> str:
    found = os.environ.get("SNERYDDER_SECRET_KEY") or state.read_secret(SIGNING)
    if not found and may_make:
        found = state.secret(SIGNING)
    if not found:
        raise ImproperlyConfigured("SNERYDDER_SECRET_KEY mangler. Lav nøglerne med `snerydder keys`, eller sæt den i miljøet.")
    if len(found) < SHORTEST or len(set(found)) < 10 or found.lower().startswith(WELL_KNOWN):
        raise ImproperlyConfigured(f"SNERYDDER_SECRET_KEY er for svag: mindst {SHORTEST} tilfældige tegn. Lav en med `snerydder keys`.")
    return found


def cpr_keys(*, may_make: bool) -> dict[str, bytes]:
    """Key id to 32 bytes, newest first: the first seals, all open, the last indexes."""
    found = os.environ.get("SNERYDDER_CPR_KEYS") or state.read_secret(CPR)
    if not found and may_make:
        write_new(CPR)
        found = state.read_secret(CPR)
    if not found:
        raise ImproperlyConfigured(
            "SNERYDDER_CPR_KEYS mangler. Lav nøglerne med `snerydder keys`, og gem en kopi uden for maskinen: "
            "uden dem kan ingen læse CPR-numrene igen."
        )
    keys: dict[str, bytes] = {}
    for item in found.replace("\n", ",").split(","):
        name, _, text = item.strip().partition(":")
        try:
            key = base64.urlsafe_b64decode(text)
        except ValueError:
            key = b""
        if not name.isalnum() or len(key) != 32 or len(set(key)) < 10:
            raise ImproperlyConfigured(
                "SNERYDDER_CPR_KEYS skal være `navn:nøgle` med komma imellem, nyeste først, og hver nøgle 32 "
                "tilfældige byte som base64. Lav en med `snerydder keys`."
            )
        keys[name] = key
    return keys


def write_new(name: str) -> bool:
    """Write a fresh secret file unless there is one: overwriting a key is losing what it sealed."""
    if state.read_secret(name):
        return False
    if name == CPR:
        state.keep_secret(name, "1:" + base64.urlsafe_b64encode(secrets.token_bytes(32)).decode())
    else:
        state.secret(name)
    return True

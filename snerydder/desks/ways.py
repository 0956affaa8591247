"""TEMPORARY while the nouns' pages are being written: an address that is not there yet leads home."""

from typing import Any

from django import urls


def reverse(name: str, *, args: Any = None, kwargs: Any = None) -> str:
    try:
        return urls.reverse(name, args=args, kwargs=kwargs)
    except urls.NoReverseMatch:
        return "/#" + name.replace(":", "-")

"""Snerydder: mentor support in Danish municipalities, from referral to closing."""

__version__ = "0.1.0"

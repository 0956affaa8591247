"""A person's name in the package: the same in each package of a trial, another in each trial, and nobody can go back without the municipality's key."""

import hashlib
import hmac
from typing import Any

from snerydder.casework.people import vault
from snerydder.casework.trials.models import Trial

LENGTH = 16


def pseudonym(trial: Trial, kind: str, row: Any) -> str:
    """`kind` is P for a citizen and M for a mentor."""
    key = vault.key_of(f"research|{trial.pk}", trial.municipality_id)
    return kind + hmac.new(key, f"{kind}|{row}".encode(), hashlib.sha256).hexdigest()[:LENGTH].upper()

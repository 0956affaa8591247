"""In job by the municipality's own outcome file."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from snerydder.registers.outcomes import Seen

LABEL = "I ordinært job (kommunens egne oplysninger)"
LABEL_EN = "In an ordinary job (the municipality's own records)"
SHORT = "Job, eget"
SHORT_EN = "Job, own"
NEEDS = ("egen",)
COUNTS = "Uger, hvor kommunen har skrevet, at personen er i ordinært job (kode 102)."
COUNTS_EN = "Weeks the municipality has recorded as in an ordinary job (code 102)."
DOES_NOT_COUNT = "Det, kommunen ikke ved. Kender den mere til dem, der har en mentor, ser de bedre ud, end de er. Fraflyttede følges ikke."
DOES_NOT_COUNT_EN = "What the municipality does not know. If it knows more about those with a mentor they look better than they are. Those who move away are not followed."


def weekly(seen: Seen) -> NDArray[np.bool_]:
    return seen.marked("employed")

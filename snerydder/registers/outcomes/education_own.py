"""In education by the municipality's own outcome file."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from snerydder.registers.outcomes import Seen

LABEL = "I ordinær uddannelse (kommunens egne oplysninger)"
LABEL_EN = "In ordinary education (the municipality's own records)"
SHORT = "Uddannelse, eget"
SHORT_EN = "Education, own"
NEEDS = ("egen",)
COUNTS = "Uger, hvor kommunen har skrevet, at personen er i ordinær uddannelse (kode 101)."
COUNTS_EN = "Weeks the municipality has recorded as in ordinary education (code 101)."
DOES_NOT_COUNT = "Det, kommunen ikke ved. Kender den mere til dem, der har en mentor, ser de bedre ud, end de er. Fraflyttede følges ikke."
DOES_NOT_COUNT_EN = "What the municipality does not know. If it knows more about those with a mentor they look better than they are. Those who move away are not followed."


def weekly(seen: Seen) -> NDArray[np.bool_]:
    return seen.marked("education")

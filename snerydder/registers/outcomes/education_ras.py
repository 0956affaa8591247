"""In education by the code of the labour market attachment (RAS 511, 516, 517)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from snerydder.registers.outcomes import Seen

LABEL = "I ordinær uddannelse (RAS)"
LABEL_EN = "In ordinary education (RAS)"
SHORT = "Uddannelse, RAS"
SHORT_EN = "Education, RAS"
NEEDS = ("ras",)
COUNTS = "Uger med en kode, som kodelisten mærker education = 1: under uddannelse (511), udenlandske studerende (516) og SU (517)."
COUNTS_EN = "Weeks with a code the code list marks education = 1: in education (511), foreign students (516) and state grant (517)."
DOES_NOT_COUNT = "Kursister og elever på produktionsskole, og studerende, der har et job ved siden af og derfor står som lønmodtagere."
DOES_NOT_COUNT_EN = "Course students and pupils at production schools, and students counted as employees for a job beside their studies."


def weekly(seen: Seen) -> NDArray[np.bool_]:
    return seen.marked("education")

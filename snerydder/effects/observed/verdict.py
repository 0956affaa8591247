"""How far to trust it, in words. A lottery beats a roll-out, a roll-out beats weighting; a failed check takes the number away.

The ranking is by what must be believed: for a lottery nothing beyond the draw itself, for a roll-out that the municipalities would have gone
together, for weighting that everything which decided the start and the outcome is in the register. In the best known trial where the answer was
known (LaLonde 1986) the plain difference said -8,498 dollars and the lottery +1,794.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from snerydder.effects.observed.checks import Check

Design = Literal["lottery", "roll-out", "weighting"]
RANKING: tuple[Design, ...] = ("lottery", "roll-out", "weighting")
WORDS: dict[Design, tuple[str, str]] = {
    "lottery": (
        "Lodtrækning: grupperne er ens på nær tilfældet, og tilfældet er regnet med i båndet. Det er den stærkeste form for sammenligning.",
        "A lottery: the groups differ by chance alone, and chance is in the band. This is the strongest kind of comparison.",
    ),
    "roll-out": (
        "Trinvis indførelse: svagere end en lodtrækning, stærkere end vægtning. Tallet holder, hvis kommunerne var fulgtes ad uden tilbuddet. "
        "Det kan ikke bevises; årene før kan kun tale imod det.",
        "A roll-out: weaker than a lottery, stronger than weighting. The number holds if the municipalities would have gone together without the offer. "
        "That cannot be proved; the time before can only speak against it.",
    ),
    "weighting": (
        "Ingen lodtrækning: den svageste form for sammenligning. De andre er vægtet, så de ligner dem, der begyndte, på det, registret kender. "
        "Var de forskellige på andet, for eksempel lyst eller helbred, er tallet skævt, og båndet viser det ikke.",
        "No lottery: the weakest kind of comparison. The others are weighted to look like the starters in what the register knows. "
        "If they differed in anything else, such as motivation or health, the number is off and the band does not show it.",
    ),
}


@dataclass(frozen=True)
class Trust:
    design: Design
    rank: int  # 1 is strongest
    shown: bool  # may the number be shown at all
    da: str
    en: str


def trust(design: Design, checks: Sequence[Check]) -> Trust:
    failed = [check for check in checks if not check.passed]
    rank = RANKING.index(design) + 1
    da, en = WORDS[design]
    if not failed:
        return Trust(design, rank, True, da, en)
    return Trust(
        design, rank, False,
        "Forskellen vises ikke, fordi sammenligningen ikke holder: " + " ".join(check.da for check in failed),
        "The difference is not shown, because the comparison does not hold: " + " ".join(check.en for check in failed),
    )  # fmt: skip

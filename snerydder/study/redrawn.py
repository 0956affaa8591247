"""What only the lottery drawn again can tell: the scheme it was drawn by, how alike it makes two groups, and which effects it does not reject."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from snerydder.effects import balance, permutation
from snerydder.effects.permutation import Shift
from snerydder.effects.results import Floats, Refused
from snerydder.lottery import draw
from snerydder.study.data import Data
from snerydder.study.estimating import OWN_CHANCES

REDRAWS = 2_000  # a p-value to the second decimal, and the ends of an interval
ONE_BY_ONE = Refused(
    "Testen går ud fra, at personerne er uafhængige af hinanden, og det er de ikke, når hele klynger trækkes; lodtrækningen gjort om ved siden af gør det ikke.",
    "not-this-lottery", "The test takes persons to be independent, which they are not when whole clusters are drawn; the lottery drawn again beside it does not.",
)  # fmt: skip
NO_BACKGROUND = Refused("Der er ingen baggrund i protokollen.", "no-background", "No background in the protocol.")


@dataclass(frozen=True)
class Alike:
    """All characteristics at once, in three ways that rest on less and less."""

    f: balance.Joint | Refused
    wald: balance.Wald | Refused
    redrawn: balance.Permuted | Refused

    @property
    def p(self) -> float | None:
        """The one that rests on the lottery alone, where it can be had."""
        return next((one.p for one in (self.redrawn, self.f) if not isinstance(one, Refused)), None)


def scheme(data: Data) -> draw.Scheme:
    """As the lots were drawn: by each one's own chance, or so many in each block, or in each stratum."""
    if data.probability is not None:
        return draw.Scheme.personal(data.probability)
    return draw.Scheme.fixed(data.treated, data.stratum if data.block is None else data.block, data.cluster)


def alike(data: Data, covariates: Floats) -> Alike:
    if not covariates.size:
        return Alike(NO_BACKGROUND, NO_BACKGROUND, NO_BACKGROUND)
    lots = scheme(data)
    exact = lots.possible() <= REDRAWS
    drawn = lots.every() if exact else lots.redraws(REDRAWS, draw.generator(data.protocol.seed, "balance"))
    weigh = lots.likelihood if exact and data.probability is not None else None
    redrawn = balance.permuted(covariates, data.treated, data.stratum, drawn, exact, weigh)
    if data.cluster is not None or data.probability is not None:
        other = ONE_BY_ONE if data.cluster is not None else OWN_CHANCES
        return Alike(other, other, redrawn)
    return Alike(balance.joint(covariates, data.treated, data.stratum), balance.joint_wald(covariates, data.treated, data.stratum), redrawn)


def sooner(data: Data, score: Floats) -> float | None:
    """Log-rank: p of the scores, the lottery drawn again. None where nobody ended."""
    lots = scheme(data)
    exact = lots.possible() <= REDRAWS
    drawn = lots.every() if exact else lots.redraws(REDRAWS, draw.generator(data.protocol.seed, "sooner"))
    weigh = lots.likelihood if exact and data.probability is not None else None
    found = permutation.permutation(score[:, None], data.treated, data.stratum, drawn, exact, data.cluster, data.probability, weigh)
    return None if isinstance(found, Refused) else float(found.p[0])


def shift(data: Data, total: Floats) -> Shift | Refused:
    """Every constant effect on a person's sum over the weeks that the lottery does not reject."""
    if not data.observed.all():
        return Refused("Nogle uger er ikke set for alle, så der er ingen sum for hver person.", "not-covered", "Some weeks were not seen for everybody, so there is no sum for each person.")
    lots = scheme(data)
    exact = lots.possible() <= REDRAWS
    drawn = lots.every() if exact else lots.redraws(REDRAWS, draw.generator(data.protocol.seed, "shift"))
    weigh = lots.likelihood if exact and data.probability is not None else None
    return permutation.constant_effect(np.asarray(total), data.treated, data.stratum, drawn, data.protocol.alpha, exact, data.cluster, data.probability, weigh)

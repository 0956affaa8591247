"""LAB § 167, stk. 2: the right of a person discharged from a psychiatric ward.

Up to three months before the discharge and at least six months in all: "at least" replaces the
"at most" of stk. 1.
"""

from datetime import date

from ..facts import GrantFacts
from ..hjemmel import Basis
from ..months import add_months, last_day
from ..rulebook import Law
from ..text import N_


def earliest_start(grant: GrantFacts, law: Law) -> date | None:
    return add_months(grant.discharge_on, -law.value("discharge.longest_before")) if grant.discharge_on else None


def earliest_end(grant: GrantFacts, law: Law) -> date | None:
    return last_day(grant.start, law.value("discharge.shortest_total")) if grant.start else None


BASIS = Basis(
    key="lab-167-2",
    order=3,
    name=N_("Ret til mentor ved udskrivning fra psykiatrien"),
    rule=N_(
        "Borgere i § 6, der udskrives fra psykiatrisk indlæggelse, har ret til en mentor i op til {before} "
        "måneder før udskrivningen og i mindst {total} måneder i alt."
    ),
    letter=N_(
        "Du får en mentor efter § 167, stk. 2, i lov om en aktiv beskæftigelsesindsats. Når du bliver "
        "udskrevet fra psykiatrisk indlæggelse, har du ret til en mentor i op til {before} måneder før "
        "udskrivningen og i mindst {total} måneder i alt."
    ),
    is_right=True,
    values=(("before", "discharge.longest_before"), ("total", "discharge.shortest_total")),
    replaces=("CHK-05",),
    asks=("discharge_on",),
    earliest_start=earliest_start,
    earliest_end=earliest_end,
)

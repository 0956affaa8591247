"""LAB § 167, stk. 1, 1. pkt.: the common rule, at most six months."""

from datetime import date

from ..facts import GrantFacts
from ..hjemmel import Basis
from ..months import last_day
from ..rulebook import Law
from ..text import N_


def latest_end(grant: GrantFacts, law: Law) -> date | None:
    return last_day(grant.start, law.value("grant.longest_period")) if grant.start else None


BASIS = Basis(
    key="lab-167-1",
    order=1,
    name=N_("Mentorstøtte, første periode"),
    rule=N_(
        "Du kan bevilge en mentor i højst {months} måneder, når det hjælper borgeren med at opnå eller "
        "fastholde aktiviteter, tilbud, ordinær uddannelse, fleksjob eller ordinær ansættelse."
    ),
    letter=N_(
        "Du får en mentor efter § 167, stk. 1, 1. pkt., i lov om en aktiv beskæftigelsesindsats. Efter den "
        "regel kan du få en mentor i højst {months} måneder, når det kan hjælpe dig med at opnå eller "
        "fastholde aktiviteter, tilbud, ordinær uddannelse, fleksjob eller ordinær ansættelse."
    ),
    values=(("months", "grant.longest_period"),),
    within_section_6=False,
    latest_end=latest_end,
)

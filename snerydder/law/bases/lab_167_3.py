"""LAB § 167, stk. 3: the right of a young person admitted to an education.

To be taken up within six months of the admission; runs up to six months from then; a new period as in stk. 1.
"""

from datetime import date, timedelta

from ..facts import GrantFacts
from ..hjemmel import Basis
from ..months import last_day
from ..rulebook import Law
from ..text import N_


def latest_end(grant: GrantFacts, law: Law) -> date | None:
    return last_day(grant.start, law.value("admission.longest_period")) if grant.start else None


def earliest_start(grant: GrantFacts, law: Law) -> date | None:
    if grant.is_new_period:
        return grant.previous_end + timedelta(days=1) if grant.previous_end else None
    return grant.admission_on


def latest_start(grant: GrantFacts, law: Law) -> date | None:
    if grant.is_new_period or not grant.admission_on:
        return None
    return last_day(grant.admission_on, law.value("admission.use_within"))


BASIS = Basis(
    key="lab-167-3",
    order=4,
    name=N_("Ret til mentor ved optagelse på en uddannelse"),
    rule=N_(
        "Uddannelsesparate og aktivitetsparate under 30 år uden uddannelse har ret til en mentor, når de "
        "optages på en studie- eller erhvervskompetencegivende uddannelse. Retten skal bruges inden "
        "{within} måneder og gælder i op til {months} måneder."
    ),
    letter=N_(
        "Du får en mentor efter § 167, stk. 3, i lov om en aktiv beskæftigelsesindsats. Du har ret til en "
        "mentor, fordi du er optaget på en studie- eller erhvervskompetencegivende uddannelse. Du skal "
        "bruge retten inden {within} måneder fra optagelsen, og du kan have mentoren i op til {months} "
        "måneder."
    ),
    is_right=True,
    values=(("within", "admission.use_within"), ("months", "admission.longest_period")),
    replaces=("CHK-05",),
    asks=("admission_on",),
    latest_end=latest_end,
    earliest_start=earliest_start,
    latest_start=latest_start,
)

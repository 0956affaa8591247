"""LAB § 167, stk. 1, 2. pkt.: a new period after a fresh assessment, when the one before runs out."""

from datetime import date, timedelta

from ..facts import GrantFacts
from ..hjemmel import Basis
from ..months import last_day
from ..rulebook import Law
from ..text import N_


def latest_end(grant: GrantFacts, law: Law) -> date | None:
    return last_day(grant.start, law.value("grant.longest_new_period")) if grant.start else None


def earliest_start(grant: GrantFacts, law: Law) -> date | None:
    return grant.previous_end + timedelta(days=1) if grant.previous_end else None


BASIS = Basis(
    key="lab-167-1-new",
    order=2,
    name=N_("Mentorstøtte, ny periode"),
    rule=N_("Når en periode udløber, kan du efter en ny konkret vurdering bevilge en ny periode på op til {months} måneder."),
    letter=N_(
        "Du får en mentor i en ny periode efter § 167, stk. 1, 2. pkt., i lov om en aktiv "
        "beskæftigelsesindsats. Efter den regel kan du efter en ny konkret vurdering få en ny periode på op "
        "til {months} måneder, når en periode udløber."
    ),
    is_new_period=True,
    values=(("months", "grant.longest_new_period"),),
    asks=("previous_start", "previous_end"),
    within_section_6=False,
    latest_end=latest_end,
    earliest_start=earliest_start,
)

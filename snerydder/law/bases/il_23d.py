"""Integrationsloven § 23 d: support for foreigners in a programme. The paragraph sets no limit in months."""

from ..hjemmel import Basis
from ..text import N_

BASIS = Basis(
    key="il-23d",
    order=5,
    name=N_("Mentorstøtte efter integrationsloven"),
    rule=N_(
        "Du kan bevilge en mentor til en udlænding, når det hjælper med at opnå eller fastholde "
        "beskæftigelsesrettede aktiviteter, tilbud eller ansættelse uden løntilskud, eller til en udlænding "
        "under 30 år i program, der begynder en ordinær uddannelse. Paragraffen nævner ingen længste "
        "periode."
    ),
    letter=N_(
        "Du får en mentor efter § 23 d i integrationsloven. Efter den regel kan du få en mentor, når det "
        "kan hjælpe dig med at opnå eller fastholde beskæftigelsesrettede aktiviteter, tilbud, ordinær "
        "uddannelse eller ansættelse uden løntilskud."
    ),
    replaces=("CHK-05",),
    within_section_6=False,
)

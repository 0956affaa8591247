"""What must be said before a case is closed."""

from ..engine import Found, Problem, check
from ..facts import Facts
from ..rulebook import Law
from ..text import N_, Text
from ..verdict import Level


@check(
    "CHK-29",
    promise=N_("Det står, hvad støtten førte til, og hvad der sker nu."),
    why=N_("Uden en vurdering til sidst ved ingen, om mentor hjalp, og borgeren ved ikke, hvad der kommer bagefter."),
    steps={"closing": Level.STOP},
    cites=("star-revision-2019",),
    field="closing.goal_result",
)
def effect_is_assessed(facts: Facts, law: Law) -> Found:
    closing = facts.closing
    problems = []
    if not closing.goal_result:
        what = Text(N_("Der står ikke, om målet er nået."))
        problems.append(Problem(what, Text(N_("Vælg, om målet er nået, delvist nået eller ikke nået."))))
    if not closing.assessment_text.strip():
        what = Text(N_("Der står ikke, hvad støtten førte til."))
        problems.append(
            Problem(
                what,
                Text(N_("Skriv kort, hvad der blev anderledes for borgeren.")),
                "closing.assessment_text",
            )
        )
    if not closing.what_follows.strip():
        what = Text(N_("Der står ikke, hvad der sker nu."))
        problems.append(
            Problem(
                what,
                Text(N_("Skriv, hvem der hjælper borgeren videre, og med hvad.")),
                "closing.what_follows",
            )
        )
    return problems

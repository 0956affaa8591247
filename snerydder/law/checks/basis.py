"""On what the support stands: target group, hjemmel, purpose, assessment, and that a right is a right."""

from ..engine import NOT_RELEVANT, Found, Problem, check
from ..facts import Facts
from ..hjemmel import bases
from ..rulebook import Law
from ..text import N_, Text
from ..verdict import Level

INTEGRATION = "il-23d"
NEVER_A_GROUND = ("budget", "draw")


@check(
    "CHK-01",
    promise=N_("Målgruppen er skrevet på."),
    why=N_("Mentor gives til borgere i LAB § 6, til ansatte uden for § 6, der har brug for det, og efter integrationsloven."),
    steps={"grant": Level.STOP, "start": Level.STOP},
    cites=("lab-6", "star-maalgruppe"),
    uses=("group.*",),
    field="case.target_group",
)
def target_group_is_recorded(facts: Facts, law: Law) -> Found:
    basis = bases().get(facts.grant.hjemmel)
    if basis and basis.key == INTEGRATION:
        return ()
    group = facts.case.target_group
    if facts.case.outside_section_6:
        return (_not_outside(basis.key),) if basis and basis.within_section_6 else ()
    if not group:
        what, mend = (
            N_("Målgruppen mangler."),
            N_("Vælg borgerens målgruppe i § 6, eller at borgeren er ansat uden for § 6."),
        )
        return (Problem(Text(what), Text(mend)),)
    if not law.knows(f"group.{group}"):
        law.family("group.")  # that a group does not exist rests on the whole list being known that day
        what = Text(N_("Målgruppe {group} findes ikke i § 6."), group=group)
        return (Problem(what, Text(N_("Vælg en målgruppe fra listen."))),)
    return ()


def _not_outside(hjemmel: str) -> Problem:
    return Problem(
        what=Text(N_("Hjemlen gælder kun for borgere i § 6.")),
        mend=Text(N_("Vælg borgerens målgruppe, eller bevil efter § 167, stk. 1.")),
        cites=(hjemmel,),
    )


@check(
    "CHK-02",
    promise=N_("Hjemlen er valgt og gælder."),
    why=N_("Hver bevilling står på én bestemmelse. Den afgør formål, periode og om borgeren har ret til mentor."),
    steps={"grant": Level.STOP, "start": Level.STOP, "refusal": Level.STOP},
    cites=("lab-167-1",),
    uses=("hjemmel.*",),
    field="grant.hjemmel",
)
def hjemmel_is_recorded(facts: Facts, law: Law) -> Found:
    basis = bases().get(facts.grant.hjemmel)
    if basis is None:
        return (Problem(Text(N_("Hjemlen mangler.")), Text(N_("Vælg den bestemmelse, du bevilger efter."))),)
    if not law.value(f"hjemmel.{basis.key}.in_force"):
        what = Text(N_("Hjemlen gælder ikke for en afgørelse den {day}."), day=law.day)
        return (Problem(what, Text(N_("Vælg en hjemmel, der gælder den dag.")), cites=(basis.key,)),)
    if facts.grant.is_new_period and basis.key == "lab-167-1":
        what = Text(N_("Det er en ny periode, men hjemlen er den for en første periode."))
        return (Problem(what, Text(N_("Vælg § 167, stk. 1, 2. pkt. om en ny periode.")), cites=("lab-167-1-new",)),)
    return ()


@check(
    "CHK-03",
    promise=N_("Formålet er skrevet og hører under hjemlen."),
    why=N_("Mentor skal hjælpe borgeren med at opnå eller fastholde noget bestemt. Det skal stå i sagen."),
    steps={"grant": Level.STOP, "start": Level.STOP},
    cites=("lab-167-1", "star-revision-2019"),
    uses=("hjemmel.*",),
    field="grant.purpose",
)
def purpose_is_written(facts: Facts, law: Law) -> Found:
    grant = facts.grant
    problems = []
    if not grant.purpose.strip():
        mend = Text(N_("Skriv med egne ord, hvad mentor skal hjælpe borgeren med at opnå eller fastholde."))
        problems.append(Problem(Text(N_("Formålet er ikke beskrevet.")), mend))
    basis = bases().get(grant.hjemmel)
    allowed = law.value(f"hjemmel.{basis.key}.purposes") if basis else None
    if basis is None or allowed is None:
        return problems
    if not grant.purpose_kind:
        mend = Text(N_("Vælg, om det er en aktivitet, et tilbud, en uddannelse eller et job."))
        problems.append(Problem(Text(N_("Formålet er ikke valgt.")), mend, "grant.purpose_kind", cites=(basis.key,)))
    elif grant.purpose_kind not in allowed:
        mend = Text(N_("Vælg et formål, hjemlen nævner, eller en anden hjemmel."))
        what = Text(N_("Hjemlen dækker ikke det valgte formål."))
        problems.append(Problem(what, mend, "grant.purpose_kind", cites=(basis.key,)))
    return problems


@check(
    "CHK-04",
    promise=N_("Behovet er vurderet konkret af en navngiven sagsbehandler."),
    why=N_("{authority_first} vurderer, om borgeren har et afgørende behov for en mentor, og hvor mange timer det kræver."),
    steps={"grant": Level.STOP, "start": Level.STOP},
    cites=("star-maalgruppe",),
    uses=("word.authority_first",),
    field="assessment.assessment_text",
)
def need_is_assessed(facts: Facts, law: Law) -> Found:
    seen, grant = facts.assessment, facts.grant
    problems = []

    def missing(what: str, mend: str, field: str, cites: tuple[str, ...] = ()) -> None:
        problems.append(Problem(Text(what), Text(mend), field, cites=cites))

    if not seen.assessment_text.strip():
        missing(
            N_("Den konkrete vurdering mangler."),
            N_("Skriv, hvorfor borgeren har brug for en mentor."),
            "assessment.assessment_text",
        )
    if not seen.assessment_by.strip():
        missing(
            N_("Der står ikke, hvem der har vurderet behovet."),
            N_("Skriv sagsbehandlerens navn."),
            "assessment.assessment_by",
        )
    elif not seen.by_authority:
        missing(
            N_("Vurderingen er ikke skrevet af en sagsbehandler med myndighed."),
            N_("Få en sagsbehandler til at vurdere behovet."),
            "assessment.assessment_by",
        )
    if seen.assessment_on is None:
        missing(
            N_("Vurderingen har ingen dato."),
            N_("Skriv, hvornår behovet blev vurderet."),
            "assessment.assessment_on",
        )
    elif grant.decided_on and seen.assessment_on > grant.decided_on:
        missing(
            N_("Vurderingen er dateret efter afgørelsen."),
            N_("Vurdér behovet først, og afgør bagefter."),
            "assessment.assessment_on",
        )
    basis = bases().get(grant.hjemmel)
    if not (basis and basis.is_right) and not (seen.decisive and seen.decisive_text.strip()):
        missing(
            N_("Der står ikke, hvorfor en mentor er afgørende."),
            N_("Skriv, hvad der ikke kan lykkes uden en mentor."),
            "assessment.decisive_text",
        )
    if not grant.hours_reason.strip():
        missing(
            N_("Timetallet er ikke begrundet."),
            N_("Skriv, hvorfor borgeren har brug for netop de timer."),
            "grant.hours_reason",
            ("lab-170",),
        )
    return problems


@check(
    "CHK-09",
    promise=N_("Afslaget rører ikke ved en ret."),
    why=N_("Har borgeren ret til en mentor, kan hverken budgettet eller en lodtrækning tage den."),
    steps={"refusal": Level.STOP, "follow_up": Level.STOP},
    cites=("lab-167-2", "lab-167-3"),
    uses=("budget.limit_per_person",),
    field="case.refusal_ground",
)
def right_is_not_refused(facts: Facts, law: Law) -> Found:
    basis, ground = bases().get(facts.grant.hjemmel), facts.case.refusal_ground
    if not basis or not ground:
        return NOT_RELEVANT
    if not basis.is_right:
        return _limit_binds_all(law) if ground == "budget" else NOT_RELEVANT
    if ground not in NEVER_A_GROUND:
        return ()
    what = Text(N_("Borgeren har ret til en mentor. Budget og lodtrækning er ikke en gyldig grund."))
    return (Problem(what, Text(N_("Bevil mentor, eller begrund afslaget i lovens betingelser.")), cites=(basis.key,)),)


def _limit_binds_all(law: Law) -> Found:
    """§ 203 a limits what all municipalities spend together; it says nothing of one citizen."""
    if not law.value("budget.limit_per_person"):
        return NOT_RELEVANT
    what = Text(N_("Grænsen for udgifter gælder kommunerne samlet. Den er ikke i sig selv en grund i en enkelt sag."))
    return (Problem(what, Text(N_("Begrund afslaget i den konkrete vurdering af borgerens behov.")), cites=("l77-2025",), level=Level.WARN),)

"""How long, from when, and on what assessment a new period stands."""

from datetime import date

from ..engine import NOT_RELEVANT, Found, Problem, check
from ..facts import Facts
from ..hjemmel import bases
from ..rulebook import Law
from ..text import N_, Text
from ..verdict import Level
from .basis import NEVER_A_GROUND

DISCHARGE = "lab-167-2"
ADMISSION = "lab-167-3"
ENDS_A_RIGHT = ("citizen_declined", "not_target_group")  # what the citizen wants, and what the right itself rests on
GATES = {"grant": Level.STOP, "start": Level.STOP}


@check(
    "CHK-05",
    promise=N_("Perioden er ikke længere, end loven tillader."),
    why=N_("Efter § 167, stk. 1, gives mentor i en begrænset periode ad gangen."),
    steps=GATES,
    cites=("lab-167-1",),
    uses=("grant.longest_period", "grant.longest_new_period"),
    field="grant.end",
)
def period_is_not_too_long(facts: Facts, law: Law) -> Found:
    basis = bases().get(facts.grant.hjemmel)
    latest = basis.latest_end(facts.grant, law) if basis else None
    if not basis or not latest or not facts.grant.end:
        return NOT_RELEVANT
    if facts.grant.end <= latest:
        return ()
    months = law.value("grant.longest_new_period" if basis.is_new_period else "grant.longest_period")
    what = Text(N_("Perioden er længere end {months} måneder."), months=months)
    mend = Text(N_("Sæt sidste dag til senest {latest}. Der kan gives en ny periode bagefter."), latest=latest)
    return (Problem(what, mend, cites=(basis.key,)),)


@check(
    "CHK-06",
    promise=N_("Den nye periode står på sin egen vurdering."),
    why=N_("En ny periode kræver en ny konkret vurdering. Den gamle kan ikke genbruges."),
    steps=GATES,
    cites=("lab-167-1-new",),
    field="assessment.assessment_on",
)
def new_period_has_its_own_assessment(facts: Facts, law: Law) -> Found:
    grant, assessed = facts.grant, facts.assessment.assessment_on
    basis = bases().get(grant.hjemmel)
    if not grant.is_new_period and not (basis and basis.is_new_period):
        return NOT_RELEVANT
    problems = []
    if assessed is None:
        what = Text(N_("Den nye periode har ingen vurdering."))
        problems.append(Problem(what, Text(N_("Lav en ny konkret vurdering af borgerens behov."))))
    elif grant.start and assessed > grant.start:
        what = Text(N_("Vurderingen er lavet, efter at den nye periode begyndte."))
        problems.append(Problem(what, Text(N_("Lad perioden begynde tidligst den dag, du vurderer behovet.")), "grant.start"))
    elif grant.previous_start and assessed <= grant.previous_start:
        what = Text(N_("Vurderingen er fra før den forrige periode."))
        problems.append(Problem(what, Text(N_("Lav en ny konkret vurdering af borgerens behov."))))
    if grant.previous_end is None:
        what = Text(N_("Der er ingen tidligere periode at forlænge."))
        problems.append(Problem(what, Text(N_("Vælg hjemlen for en første periode.")), "grant.hjemmel"))
    elif grant.start and grant.start <= grant.previous_end:
        what = Text(N_("Den nye periode begynder, før den forrige slutter {end}."), end=grant.previous_end)
        problems.append(Problem(what, Text(N_("Lad den nye periode begynde dagen efter.")), "grant.start"))
    return problems


@check(
    "CHK-07",
    promise=N_("Perioden omkring udskrivningen er lang nok og begynder ikke for tidligt."),
    why=N_("Ved udskrivning fra psykiatrien har borgeren ret til mentor i en tid før udskrivningen og i en mindste tid i alt."),
    steps=GATES,
    cites=("lab-167-2",),
    uses=("discharge.longest_before", "discharge.shortest_total"),
    field="grant.discharge_on",
)
def discharge_period_is_kept(facts: Facts, law: Law) -> Found:
    grant, basis = facts.grant, bases()[DISCHARGE]
    if grant.hjemmel != DISCHARGE:
        return NOT_RELEVANT
    problems = []
    before, total = law.value("discharge.longest_before"), law.value("discharge.shortest_total")
    if grant.discharge_on is None:
        what = Text(N_("Datoen for udskrivningen mangler."))
        problems.append(Problem(what, Text(N_("Skriv den dag, borgeren ventes udskrevet."))))
    earliest, end_from = basis.earliest_start(grant, law), basis.earliest_end(grant, law)
    if grant.start and earliest and grant.start < earliest:
        what = Text(N_("Støtten begynder mere end {months} måneder før udskrivningen."), months=before)
        mend = Text(N_("Lad den begynde tidligst {earliest}."), earliest=earliest)
        problems.append(Problem(what, mend, "grant.start"))
    if grant.end and end_from and grant.end < end_from:
        what = Text(N_("Perioden er kortere end de {months} måneder, borgeren har ret til."), months=total)
        mend = Text(N_("Sæt sidste dag til {end} eller senere."), end=end_from)
        problems.append(Problem(what, mend, "grant.end"))
    return problems


@check(
    "CHK-07",
    promise=N_("Støtten omkring udskrivningen bliver ikke stoppet, før borgeren har fået det, loven giver ret til."),
    why=N_("Ved udskrivning fra psykiatrien har borgeren ret til mentor i en mindste tid i alt. Kommunens skøn kan ikke gøre den kortere."),
    steps={"follow_up": Level.STOP},
    cites=("lab-167-2",),
    uses=("discharge.shortest_total",),
    field="case.refusal_ground",
)
def discharge_right_is_not_cut_short(facts: Facts, law: Law) -> Found:
    """A stop has a ground, and the last day the period then gets."""
    grant, ground = facts.grant, facts.case.refusal_ground
    if grant.hjemmel != DISCHARGE or not ground or ground in NEVER_A_GROUND:
        return NOT_RELEVANT  # CHK-09 has the last word on budget and draw
    end_from = bases()[DISCHARGE].earliest_end(grant, law)
    if ground in ENDS_A_RIGHT or grant.end is None or end_from is None or grant.end >= end_from:
        return ()
    what = Text(N_("Borgeren har ret til mindst {months} måneder i alt, og stoppet kommer før."), months=law.value("discharge.shortest_total"))
    mend = Text(N_("Lad støtten løbe til {end} eller senere, medmindre borgeren selv vil stoppe eller ikke længere er i målgruppen."), end=end_from)
    return (Problem(what, mend),)


@check(
    "CHK-08",
    promise=N_("Retten ved optagelse på en uddannelse er brugt til tiden."),
    why=N_("Unge uden uddannelse har ret til mentor, når de optages på en uddannelse. Retten har en frist og en længde."),
    steps=GATES,
    cites=("lab-167-3",),
    uses=("hjemmel.lab-167-3.*", "admission.use_within", "admission.longest_period"),
    field="grant.admission_on",
)
def admission_right_is_kept(facts: Facts, law: Law) -> Found:
    grant = facts.grant
    if grant.hjemmel != ADMISSION:
        return NOT_RELEVANT
    if not law.value("hjemmel.lab-167-3.in_force"):
        what = Text(N_("Retten til mentor ved optagelse på en uddannelse gælder ikke den {day}."), day=law.day)
        return (
            Problem(
                what,
                Text(N_("Undersøg, om retten stadig gælder, eller bevil efter § 167, stk. 1.")),
                "grant.hjemmel",
            ),
        )
    problems = []
    if facts.case.target_group not in law.value("hjemmel.lab-167-3.groups"):
        what = Text(N_("Retten gælder kun for uddannelsesparate og aktivitetsparate under 30 år uden uddannelse."))
        problems.append(Problem(what, Text(N_("Ret målgruppen, eller vælg en anden hjemmel.")), "case.target_group"))
    if grant.admission_on is None and not grant.is_new_period:
        what = Text(N_("Datoen for optagelsen mangler."))
        problems.append(Problem(what, Text(N_("Skriv den dag, borgeren blev optaget på uddannelsen."))))
    return [*problems, *_admission_dates(facts, law)]


def _admission_dates(facts: Facts, law: Law) -> list[Problem]:
    grant, basis = facts.grant, bases()[ADMISSION]
    within, longest = law.value("admission.use_within"), law.value("admission.longest_period")
    problems = []
    earliest, latest_start = basis.earliest_start(grant, law), basis.latest_start(grant, law)
    if grant.start and earliest and grant.start < earliest and not grant.is_new_period:
        what = Text(N_("Støtten begynder før optagelsen."))
        mend = Text(N_("Lad den begynde tidligst {earliest}."), earliest=earliest)
        problems.append(Problem(what, mend, "grant.start"))
    if grant.start and latest_start and grant.start > latest_start:
        what = Text(N_("Retten skulle være brugt inden {months} måneder fra optagelsen."), months=within)
        mend = Text(N_("Bevil efter § 167, stk. 1, i stedet. Fristen var {latest}."), latest=latest_start)
        problems.append(Problem(what, mend, "grant.hjemmel"))
    latest_end = basis.latest_end(grant, law)
    if grant.end and latest_end and grant.end > latest_end:
        what = Text(N_("Perioden er længere end {months} måneder."), months=longest)
        mend = Text(N_("Sæt sidste dag til senest {latest}. Der kan gives en ny periode bagefter."), latest=latest_end)
        problems.append(Problem(what, mend, "grant.end"))
    return problems


def dates_missing(part: str, start: date | None, end: date | None) -> list[Problem]:
    """Used for the grant and for the agreement alike."""
    if start is None:
        return [Problem(Text(N_("Første dag mangler.")), Text(N_("Skriv, hvornår støtten begynder.")), f"{part}.start")]
    if end is None:
        return [Problem(Text(N_("Sidste dag mangler.")), Text(N_("Skriv, hvornår støtten slutter.")), f"{part}.end")]
    if end < start:
        what = Text(N_("Sidste dag ligger før første dag."))
        return [Problem(what, Text(N_("Byt om på datoerne, eller ret den forkerte.")), f"{part}.end")]
    return []


@check(
    "CHK-30",
    promise=N_("Der er tid nok til at beslutte, hvad der skal ske bagefter."),
    why=N_("Når en periode udløber, skal du have besluttet, om støtten stopper eller fortsætter på en ny vurdering."),
    steps={"follow_up": Level.WARN},
    cites=("lab-167-1-new",),
    uses=("norm.expiry_warning_weeks",),
    field="grant.end",
)
def expiry_is_not_near(facts: Facts, law: Law) -> Found:
    end = facts.grant.end
    if end is None or facts.follow_up.next_decided:
        return NOT_RELEVANT
    weeks = law.value("norm.expiry_warning_weeks")
    mend = Text(N_("Beslut, om støtten skal stoppe eller fortsætte."))
    if end < law.day:
        return (Problem(Text(N_("Bevillingen udløb {end}."), end=end), mend),)
    if (end - law.day).days <= weeks * 7:
        return (Problem(Text(N_("Bevillingen udløber {end}, om højst {weeks} uger."), end=end, weeks=weeks), mend),)
    return ()

"""What the three-party agreement must hold, and what must be known about the mentor."""

from ..engine import NOT_RELEVANT, Found, Problem, check
from ..facts import Facts
from ..rulebook import Law
from ..text import N_, Text
from ..verdict import Level
from .period import dates_missing

AUDIT = ("star-revision-2019",)
GATES = {"agreement": Level.STOP, "start": Level.STOP}
PARTIES = (
    ("citizen", N_("Borgeren har ikke sagt ja til aftalen.")),
    ("mentor", N_("Mentor har ikke sagt ja til aftalen.")),
    ("municipality", N_("Sagsbehandleren har ikke sagt ja til aftalen på kommunens vegne.")),
)


@check(
    "CHK-10",
    promise=N_("Aftalen har et mål."),
    why=N_("Aftalen skal sige, hvad målet med mentorstøtten er."),
    steps=GATES,
    cites=AUDIT,
    field="agreement.goal",
)
def agreement_has_a_goal(facts: Facts, law: Law) -> Found:
    if facts.agreement.goal.strip():
        return ()
    return (Problem(Text(N_("Målet mangler i aftalen.")), Text(N_("Skriv målet, gerne med borgerens egne ord."))),)


@check(
    "CHK-11",
    promise=N_("Aftalen har mentors navn og kontaktoplysninger."),
    why=N_("Borgeren skal vide, hvem mentor er, og hvordan man får fat i mentor."),
    steps=GATES,
    cites=AUDIT,
    field="agreement.mentor_name",
)
def agreement_names_the_mentor(facts: Facts, law: Law) -> Found:
    problems = []
    if not facts.agreement.mentor_name.strip():
        problems.append(Problem(Text(N_("Mentors navn mangler i aftalen.")), Text(N_("Vælg en mentor."))))
    if not facts.agreement.mentor_contact.strip():
        what, mend = (
            Text(N_("Mentors kontaktoplysninger mangler.")),
            Text(N_("Skriv telefonnummer eller mail.")),
        )
        problems.append(Problem(what, mend, "agreement.mentor_contact"))
    return problems


@check(
    "CHK-12",
    promise=N_("Aftalen siger, hvad mentor skal hjælpe med."),
    why=N_("Aftalen skal sige, hvad mentor skal bistå borgeren med."),
    steps=GATES,
    cites=AUDIT,
    field="agreement.tasks",
)
def agreement_lists_tasks(facts: Facts, law: Law) -> Found:
    if facts.agreement.tasks:
        return ()
    return (Problem(Text(N_("Mentors opgaver mangler i aftalen.")), Text(N_("Vælg, hvad mentor skal hjælpe med."))),)


@check(
    "CHK-13",
    promise=N_("Bevillingen har en første og en sidste dag."),
    why=N_("Borgeren skal vide, hvor længe støtten varer."),
    steps={"grant": Level.STOP},
    cites=AUDIT,
    field="grant.start",
)
def grant_states_its_dates(facts: Facts, law: Law) -> Found:
    return dates_missing("grant", facts.grant.start, facts.grant.end)


@check(
    "CHK-13",
    promise=N_("Aftalen har en første og en sidste dag inden for bevillingen."),
    why=N_("Aftalen skal sige, hvor længe støtten varer, og kan ikke række ud over bevillingen."),
    steps=GATES,
    cites=AUDIT,
    field="agreement.start",
)
def agreement_states_its_dates(facts: Facts, law: Law) -> Found:
    agreement, grant = facts.agreement, facts.grant
    if problems := dates_missing("agreement", agreement.start, agreement.end):
        return problems
    if agreement.start and grant.start and agreement.start < grant.start:
        what = Text(N_("Aftalen begynder før bevillingen."))
        mend = Text(N_("Lad aftalen begynde tidligst {day}."), day=grant.start)
        return (Problem(what, mend, "agreement.start"),)
    if agreement.end and grant.end and agreement.end > grant.end:
        what = Text(N_("Aftalen slutter efter bevillingen."))
        return (Problem(what, Text(N_("Lad aftalen slutte senest {day}."), day=grant.end), "agreement.end"),)
    return ()


def hours_missing(part: str, minutes: int, minutes_per: str, counted_per: str) -> list[Problem]:
    problems = []
    if minutes <= 0:
        problems.append(Problem(Text(N_("Timetallet mangler.")), Text(N_("Skriv timer og minutter.")), f"{part}.minutes"))
    if not minutes_per:
        what, mend = (
            Text(N_("Der står ikke, om timerne er om ugen eller i alt.")),
            Text(N_("Vælg om ugen eller i alt.")),
        )
        problems.append(Problem(what, mend, f"{part}.minutes_per"))
    if not counted_per:
        what, mend = (
            Text(N_("Der står ikke, om timerne er pr. borger eller pr. plads.")),
            Text(N_("Vælg pr. borger eller pr. plads.")),
        )
        problems.append(Problem(what, mend, f"{part}.counted_per"))
    return problems


@check(
    "CHK-14",
    promise=N_("Bevillingen siger, hvor mange timer."),
    why=N_("Borgeren skal vide, hvor meget hjælp der er bevilget. Loven sætter intet fast timetal."),
    steps={"grant": Level.STOP},
    cites=AUDIT,
    field="grant.minutes",
)
def grant_states_its_hours(facts: Facts, law: Law) -> Found:
    return hours_missing("grant", facts.grant.minutes, facts.grant.minutes_per, facts.grant.counted_per)


@check(
    "CHK-14",
    promise=N_("Aftalen siger, hvor mange timer."),
    why=N_("Aftalen skal sige, hvor mange timer mentor er der, og kan ikke love mere end bevillingen."),
    steps=GATES,
    cites=AUDIT,
    field="agreement.minutes",
)
def agreement_states_its_hours(facts: Facts, law: Law) -> Found:
    agreed, grant = facts.agreement, facts.grant
    problems = hours_missing("agreement", agreed.minutes, agreed.minutes_per, agreed.counted_per)
    if grant.minutes and agreed.minutes_per == grant.minutes_per and agreed.minutes > grant.minutes:
        what = Text(N_("Aftalen lover flere timer, end der er bevilget."))
        problems.append(Problem(what, Text(N_("Sæt timerne ned, eller bevil flere.")), "agreement.minutes", level=Level.WARN))
    return problems


@check(
    "CHK-15",
    promise=N_("Borgeren har fået klagevejledning."),
    why=N_("Borgeren skal vide, hvordan man klager til {authority}."),
    steps=GATES,
    cites=AUDIT,
    uses=("word.authority",),
    field="agreement.complaint_guidance",
)
def complaint_guidance_is_given(facts: Facts, law: Law) -> Found:
    if facts.agreement.complaint_guidance:
        return ()
    mend = Text(N_("Sæt klagevejledningen ind i aftalen, eller send afgørelsesbrevet med."))
    return (Problem(Text(N_("Klagevejledningen mangler.")), mend),)


@check(
    "CHK-16",
    promise=N_("Mentors kvalifikationer er dokumenteret og passer til opgaverne."),
    why=N_("Sagen skal vise, hvorfor netop denne mentor kan løse opgaverne."),
    steps=GATES,
    cites=AUDIT,
    field="mentor.qualifications",
)
def qualifications_fit_the_tasks(facts: Facts, law: Law) -> Found:
    if not facts.mentor.qualifications:
        what, mend = (
            Text(N_("Mentors kvalifikationer er ikke dokumenteret.")),
            Text(N_("Skriv uddannelse, kurser eller erfaring på mentor.")),
        )
        return (Problem(what, mend),)
    if facts.mentor.tasks_without_qualification:
        what = Text(
            N_("{count} af opgaverne er ikke dækket af mentors kvalifikationer."),
            count=len(facts.mentor.tasks_without_qualification),
        )
        mend = Text(N_("Skriv den kvalifikation, der mangler, eller vælg en anden mentor til opgaven."))
        return (Problem(what, mend, "mentor.tasks_without_qualification", level=Level.WARN),)
    return ()


@check(
    "CHK-17",
    promise=N_("Det står, hvor mentor er ansat, og at indsatsen ligger ud over det sædvanlige."),
    why=N_("En virksomhed eller skole får kun støtte til det, der ligger ud over, hvad den sædvanligvis gør."),
    steps=GATES,
    cites=("lab-168", "lab-169"),
    field="mentor.mentor_kind",
)
def effort_goes_beyond_the_usual(facts: Facts, law: Law) -> Found:
    mentor = facts.mentor
    if not mentor.mentor_kind:
        return (
            Problem(
                Text(N_("Der står ikke, hvor mentor er ansat.")),
                Text(N_("Vælg, hvilken slags mentor det er.")),
            ),
        )
    if mentor.mentor_kind in ("company", "institution") and not mentor.beyond_usual:
        what = Text(N_("Erklæringen om, at indsatsen ligger ud over det sædvanlige, mangler."))
        mend = Text(N_("Få virksomheden eller skolen til at bekræfte det, og sæt kryds."))
        return (Problem(what, mend, "mentor.beyond_usual", cites=("lab-169",)),)
    return ()


@check(
    "CHK-18",
    promise=N_("Konsulenten passer ikke sit sædvanlige arbejde i mentortimerne."),
    why=N_("Honoraret til en ekstern konsulent dækker kun timer, hvor konsulenten er mentor."),
    steps=GATES,
    cites=("bek-122-1",),
    uses=("external.no_usual_work",),
    field="mentor.no_usual_work",
)
def consultant_does_no_usual_work(facts: Facts, law: Law) -> Found:
    if facts.mentor.mentor_kind != "external" or not law.value("external.no_usual_work"):
        return NOT_RELEVANT
    if facts.mentor.no_usual_work:
        return ()
    what = Text(N_("Erklæringen fra den eksterne konsulent mangler."))
    return (
        Problem(
            what,
            Text(N_("Få konsulenten til at bekræfte, at mentortimerne kun bruges som mentor, og sæt kryds.")),
        ),
    )


@check(
    "CHK-19",
    promise=N_("Borgeren har sagt ja og har sat ord på målet."),
    why=N_("En mentor er et tilbud. Det virker bedst, når borgeren selv er med til at sætte målet."),
    steps={"grant": Level.WARN, "agreement": Level.WARN, "start": Level.WARN},
    cites=("vej-9204",),
    field="case.citizen_agrees",
)
def citizen_takes_part(facts: Facts, law: Law) -> Found:
    case = facts.case
    problems = []
    if case.citizen_agrees is None:
        what, mend = (
            Text(N_("Det står ikke, om borgeren gerne vil have en mentor.")),
            Text(N_("Spørg borgeren, og skriv svaret.")),
        )
        problems.append(Problem(what, mend))
    elif not case.citizen_agrees:
        what = Text(N_("Borgeren har sagt nej. Et nej er ikke et brud på reglerne."))
        problems.append(Problem(what, Text(N_("Tal med borgeren om et andet tilbud, eller luk sagen."))))
    if not case.citizen_words.strip():
        what, mend = (
            Text(N_("Borgerens egne ord mangler.")),
            Text(N_("Skriv, hvad borgeren selv gerne vil nå.")),
        )
        problems.append(Problem(what, mend, "case.citizen_words"))
    return problems


@check(
    "CHK-31",
    promise=N_("Mentor har ikke selv vurderet eller afgjort sagen."),
    why=N_("Mentor er ikke myndighedsperson i borgerens sag. Borgeren skal kunne tale frit med sin mentor."),
    steps={"grant": Level.STOP} | GATES,
    cites=("mentorforsoeget",),
    field="agreement.mentor_name",
)
def mentor_does_not_decide(facts: Facts, law: Law) -> Found:
    if not facts.mentor.mentor_is_decider:
        return ()
    what = Text(N_("Mentor har selv vurderet eller afgjort denne sag."))
    return (Problem(what, Text(N_("Vælg en anden mentor, eller lad en anden sagsbehandler tage sagen."))),)


@check(
    "CHK-33",
    promise=N_("Borger, mentor og kommune har sagt ja til aftalen."),
    why=N_("En aftale er først en aftale, når alle tre har sagt ja."),
    steps={"agreement": Level.WARN, "start": Level.WARN},
    cites=("vej-9204",),
    field="agreement.accepted_by",
)
def agreement_is_accepted(facts: Facts, law: Law) -> Found:
    mend = Text(N_("Send aftalen til accept, eller skriv, hvornår de sagde ja."))
    return [Problem(Text(what), mend) for party, what in PARTIES if party not in facts.agreement.accepted_by]

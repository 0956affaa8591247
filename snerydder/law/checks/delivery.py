"""Is the support there: first contact, rhythm, hours, and the caseworker's follow-up."""

from datetime import timedelta

from ..engine import NOT_RELEVANT, Found, Problem, check
from ..facts import Facts
from ..months import add_months
from ..rulebook import Law
from ..text import N_, Text
from ..verdict import Level

WARNS = {"follow_up": Level.WARN}
AUDIT = ("star-revision-2019",)


@check(
    "CHK-22",
    promise=N_("Den første kontakt kom til tiden."),
    why=N_("I Mentorforsøget skulle den første kontakt komme inden en måned. Jo før, jo bedre."),
    steps=WARNS,
    cites=("mentorforsoeget",),
    uses=("norm.first_contact_months",),
    field="delivery.first_contact_on",
)
def first_contact_is_in_time(facts: Facts, law: Law) -> Found:
    if facts.grant.start is None:
        return NOT_RELEVANT
    latest = add_months(facts.grant.start, law.value("norm.first_contact_months"))
    first = facts.delivery.first_contact_on
    if first is None and law.day > latest:
        what = Text(
            N_("Mentor og borger har ikke haft kontakt endnu. Det skulle være sket senest {latest}."),
            latest=latest,
        )
        return (Problem(what, Text(N_("Ring til mentor, og find ud af, hvad der står i vejen."))),)
    if first and first > latest:
        what = Text(N_("Den første kontakt kom {first}, senere end {latest}."), first=first, latest=latest)
        return (Problem(what, Text(N_("Skriv i opfølgningen, hvorfor det tog tid."))),)
    return ()


@check(
    "CHK-23",
    promise=N_("Mentor og borger har kontakt så tit, som det er aftalt."),
    why=N_("Mentor virker, når kontakten er jævnlig. Huller skal ses, mens man kan nå at gøre noget."),
    steps=WARNS,
    cites=("mentorforsoeget",),
    uses=("norm.silent_days", "contact.duty_days", "contact.duty_groups"),
    field="delivery.longest_gap_days",
)
def contact_keeps_its_rhythm(facts: Facts, law: Law) -> Found:
    seen = facts.delivery
    if seen.first_contact_on is None:
        return NOT_RELEVANT
    silent = law.value("norm.silent_days")
    allowed, why = facts.agreement.rhythm_days or silent, None
    duty = law.value("contact.duty_days")
    if duty and facts.case.target_group in (law.value("contact.duty_groups") or ()) and duty <= allowed:
        allowed, why = duty, Text(N_("Loven krævede dengang kontakt mindst hver {days}. dag."), days=duty)
    problems = []
    if seen.longest_gap_days > allowed:
        what = Text(
            N_("Der gik {gap} dage mellem to kontakter. Der må højst gå {allowed}."),
            gap=seen.longest_gap_days,
            allowed=allowed,
        )
        mend = Text(N_("Tal med mentor om, hvad der skete, og skriv det i opfølgningen."))
        problems.append(Problem(what, mend, why=why, cites=("l66-2015",) if why else ()))
    if seen.last_contact_on and law.day - seen.last_contact_on > timedelta(days=silent):
        days = (law.day - seen.last_contact_on).days
        what = Text(N_("Der har ikke været kontakt i {days} dage."), days=days)
        problems.append(Problem(what, Text(N_("Ring til mentor, og spørg, hvordan det går.")), "delivery.last_contact_on"))
    return problems


@check(
    "CHK-24",
    promise=N_("De leverede timer passer med de bevilgede."),
    why=N_("STAR fandt i 2019, at ingen havde set efter, om timerne blev leveret, i omkring hver tredje sag."),
    steps=WARNS,
    cites=AUDIT,
    uses=("norm.hours_deviation_percent",),
    field="delivery.minutes_registered",
)
def hours_match_the_grant(facts: Facts, law: Law) -> Found:
    granted, registered = facts.delivery.minutes_granted, facts.delivery.minutes_registered
    if granted <= 0:
        return NOT_RELEVANT
    margin = granted * law.value("norm.hours_deviation_percent") / 100
    hours = {"registered": _hours(registered), "granted": _hours(granted)}
    if registered < granted - margin:
        what = Text(N_("{registered} af {granted} timer er leveret indtil nu."), **hours)
        return (Problem(what, Text(N_("Tal med mentor og borger om, hvad der skal til."))),)
    if registered > granted + margin:
        what = Text(N_("Der er leveret {registered} timer. {granted} var bevilget indtil nu."), **hours)
        return (Problem(what, Text(N_("Vurdér, om borgeren har brug for flere timer."))),)
    return ()


def _hours(minutes: int) -> str:
    """Danish: whole hours plain, else one decimal with a comma."""
    return f"{minutes / 60:.1f}".removesuffix(".0").replace(".", ",")


@check(
    "CHK-28",
    promise=N_("Sagsbehandleren har fulgt op på målet."),
    why=N_("Opfølgningen er myndighedens, ikke kun mentors. STAR fandt i 2019, at kommunerne ikke fulgte deres egne retningslinjer systematisk."),
    steps=WARNS,
    cites=AUDIT,
    uses=("norm.follow_up_months",),
    field="follow_up.held_on",
)
def follow_up_is_held(facts: Facts, law: Law) -> Found:
    seen, grant = facts.follow_up, facts.grant
    months = law.value("norm.follow_up_months")
    since = seen.held_on or grant.start
    problems = []
    if since and law.day > add_months(since, months):
        what = Text(N_("Der er ikke fulgt op siden {since}."), since=since)
        problems.append(Problem(what, Text(N_("Hold en opfølgning med borgeren."))))
    if seen.held_on is None:
        return problems
    if not seen.held_by_authority:
        what = Text(N_("Opfølgningen er ikke holdt af en sagsbehandler."))
        problems.append(Problem(what, Text(N_("Få sagsbehandleren til at følge op.")), "follow_up.held_by_authority"))
    if not seen.goal_status.strip():
        what = Text(N_("Opfølgningen siger ikke, hvordan det går med målet."))
        problems.append(Problem(what, Text(N_("Skriv, hvor langt borgeren er.")), "follow_up.goal_status"))
    if not seen.decision:
        what = Text(N_("Opfølgningen ender ikke i en beslutning."))
        problems.append(Problem(what, Text(N_("Vælg fortsæt, lav om eller stop.")), "follow_up.decision"))
    return problems


@check(
    "CHK-28",
    promise=N_("Sagsbehandleren har fulgt op, før støtten fortsætter."),
    why=N_("Før en ny periode skal myndigheden have set, om den gamle hjalp."),
    steps={"grant": Level.STOP},
    cites=AUDIT,
    field="follow_up.held_on",
)
def follow_up_comes_before_a_new_period(facts: Facts, law: Law) -> Found:
    grant, seen = facts.grant, facts.follow_up
    if not grant.is_new_period:
        return NOT_RELEVANT
    is_in_period = seen.held_on and (grant.previous_start is None or seen.held_on >= grant.previous_start)
    if is_in_period and seen.held_by_authority:
        return ()
    what = Text(N_("Der er ikke fulgt op i den periode, der udløber."))
    return (Problem(what, Text(N_("Hold en opfølgning med borgeren, før du bevilger en ny periode."))),)

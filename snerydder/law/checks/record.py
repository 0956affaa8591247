"""What must be on record while the case is open: the letter that came, the plan that shows it, contacts somebody else confirms."""

from ..engine import NOT_RELEVANT, Found, Problem, check
from ..facts import Facts
from ..rulebook import Law
from ..text import N_, Text
from ..verdict import Level


@check(
    "CHK-20",
    promise=N_("Mentor og mål står i Min Plan."),
    why=N_("Borgeren skal kunne se sin mentor, målet og perioden i Min Plan."),
    steps={"nightly": Level.WARN},
    cites=("vej-9204",),
    field="agreement.min_plan_on",
)
def plan_shows_the_mentor(facts: Facts, law: Law) -> Found:
    agreement = facts.agreement
    if agreement.start is None or law.day < agreement.start:
        return NOT_RELEVANT
    if agreement.min_plan_on:
        return ()
    return (Problem(Text(N_("Mentor og mål står ikke i Min Plan.")), Text(N_("Skriv forløbet i Min Plan, og skriv her, hvornår det skete."))),)


@check(
    "CHK-21",
    promise=N_("Afgørelsen er kommet frem til borgeren, og beviset er gemt."),
    why=N_("Kommunen skal kunne vise, at brevet kom frem, ikke kun at det blev sendt. Klagefristen løber fra den dag."),
    steps={"nightly": Level.STOP},
    cites=("digital-post",),
    field="letter.delivered_on",
)
def decision_came_through(facts: Facts, law: Law) -> Found:
    letter = facts.letter
    if letter.dated is None or law.day <= letter.dated:
        return NOT_RELEVANT
    if letter.delivered_on is None:
        what = Text(N_("Der er intet bevis for, at afgørelsen af {dated} er kommet frem."), dated=letter.dated)
        return (Problem(what, Text(N_("Send brevet, og skriv, hvornår og hvordan det kom frem."))),)
    if letter.delivered_on < letter.dated:
        what = Text(N_("Brevet er kommet frem, før det blev skrevet."))
        return (Problem(what, Text(N_("Ret den dag, brevet kom frem."))),)
    if not letter.delivery_proof.strip():
        what = Text(N_("Det står ikke, hvordan vi ved, at brevet kom frem."))
        return (Problem(what, Text(N_("Skriv kvitteringen fra Digital Post, eller hvem der afleverede brevet.")), "letter.delivery_proof"),)
    return ()


@check(
    "CHK-27",
    promise=N_("En del af kontakterne er bekræftet af borgeren eller en anden uafhængig kilde."),
    why=N_("Mentors egen log er ikke nok alene. STAR efterlyste i 2019 kontrol med, at støtten blev leveret."),
    steps={"nightly": Level.WARN},
    cites=("star-revision-2019",),
    uses=("norm.confirmed_percent",),
    field="delivery.contacts_confirmed",
)
def contacts_are_confirmed(facts: Facts, law: Law) -> Found:
    seen = facts.delivery
    if not seen.contacts:
        return NOT_RELEVANT
    problems = []
    if seen.contacts_denied:
        what = Text(N_("Borgeren kender ikke {count} af kontakterne."), count=seen.contacts_denied)
        problems.append(Problem(what, Text(N_("Spørg både borger og mentor, før timerne betales.")), "delivery.contacts_denied"))
    percent = law.value("norm.confirmed_percent")
    if seen.contacts_confirmed * 100 < seen.contacts * percent:
        what = Text(
            N_("{confirmed} af {contacts} kontakter er bekræftet. Det skal være mindst {percent} ud af 100."),
            confirmed=seen.contacts_confirmed, contacts=seen.contacts, percent=percent,
        )  # fmt: skip
        problems.append(Problem(what, Text(N_("Bed borgeren bekræfte nogle af kontakterne."))))
    return problems

"""What may be paid: hours that happened, costs that count, and where they are booked."""

from ..engine import NOT_RELEVANT, Found, Problem, check
from ..facts import Facts
from ..rulebook import Law, choices
from ..text import N_, Text
from ..verdict import Level

BEFORE_PAYING = {"payment": Level.STOP, "nightly": Level.STOP}
AUDIT = ("star-revision-2019",)


@check(
    "CHK-25",
    promise=N_("Hver faktureret time svarer til en kontakt med borgeren."),
    why=N_("STAR fandt i 2019, at ingen havde set efter, om timerne blev leveret, i omkring hver tredje sag."),
    steps=BEFORE_PAYING,
    cites=AUDIT,
    field="payment.invoiced_minutes",
)
def hours_were_delivered(facts: Facts, law: Law) -> Found:
    seen = facts.payment
    if not seen.invoiced_minutes and not seen.untraced_minutes:
        return NOT_RELEVANT
    problems = []
    if seen.untraced_minutes:
        what = Text(N_("{minutes} fakturerede minutter har ingen kontakt bag sig."), minutes=seen.untraced_minutes)
        mend = Text(N_("Afvis minutterne, eller find den kontakt i loggen, de hører til."))
        problems.append(Problem(what, mend, "payment.untraced_minutes"))
    pairs = zip(seen.invoiced_minutes, seen.registered_minutes, strict=True)
    over = [asked - registered for asked, registered in pairs if asked > registered]
    if over:
        what = Text(N_("Der er faktureret {minutes} minutter mere end registreret på {count} kontakter."), minutes=sum(over), count=len(over))
        problems.append(Problem(what, Text(N_("Sæt minutterne ned til det registrerede."))))
    return problems


@check(
    "CHK-26",
    promise=N_("Fakturaen dækker kun løn eller honorar for mentortimer."),
    why=N_("Transport, kørsel, mentors sygdom og administration kan ikke regnes med i udgiften til mentor."),
    steps=BEFORE_PAYING,
    cites=("bek-122-2",),
    uses=("cost.forbidden", "cost.allowed"),
    field="payment.cost_kinds",
)
def costs_may_be_counted(facts: Facts, law: Law) -> Found:
    kinds = facts.payment.cost_kinds
    forbidden, allowed = law.value("cost.forbidden"), law.value("cost.allowed")
    if not kinds or (forbidden is None and allowed is None):
        return NOT_RELEVANT
    names = {choice.key: Text(choice.name) for choice in choices("cost_kind")}
    problems = []
    for kind in kinds:
        if kind in (forbidden or ()):
            what = Text(N_("{cost} kan ikke betales som mentorstøtte."), cost=names.get(kind, kind))
            problems.append(Problem(what, Text(N_("Afvis linjen, og henvis til § 122, stk. 2."))))
        elif kind not in (allowed or ()):
            what = Text(N_("Bekendtgørelsen nævner ikke {cost}."), cost=names.get(kind, kind))
            problems.append(Problem(what, Text(N_("Undersøg, om udgiften kan betales, før du godkender den.")), level=Level.WARN))
    return problems


@check(
    "CHK-32",
    promise=N_("Konto og refusion passer til målgruppen."),
    why=N_("Udgiften til mentor bogføres på sin egen konto, og staten refunderer den ikke for alle målgrupper."),
    steps={"payment": Level.WARN, "nightly": Level.WARN},
    cites=("star-kontering", "vej-9260"),
    uses=("account.*", "refusion.none_groups"),
    field="payment.account",
)
def account_fits_the_group(facts: Facts, law: Law) -> Found:
    seen, case = facts.payment, facts.case
    if not seen.account:
        return NOT_RELEVANT
    problems = []
    main = law.value("account.main")
    group = f"account.group.{case.target_group}"
    if seen.account.partition(".")[0] != main:
        what = Text(N_("Kontoen {account} ligger ikke på hovedkonto {main}."), account=seen.account, main=main)
        problems.append(Problem(what, Text(N_("Vælg en konto for mentorstøtte. Hovedkonto 6 er administration.")), cites=("vej-9260",)))
    elif law.knows(group) and seen.account != law.value(group):
        what = Text(N_("Mentor til målgruppen bogføres på {right}, ikke på {account}."), right=law.value(group), account=seen.account)
        problems.append(Problem(what, Text(N_("Ret kontoen.")), cites=("star-kontering",)))
    without = case.outside_section_6 or case.target_group in law.value("refusion.none_groups")
    if without and seen.refusion == "state":
        what = Text(N_("Staten refunderer ikke mentor til denne målgruppe."))
        problems.append(Problem(what, Text(N_("Vælg uden statsrefusion.")), "payment.refusion", cites=("star-kontering",)))
    return problems

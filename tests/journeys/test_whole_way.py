"""One citizen's mentor support from referral to closing, as five people see it on their screens."""

import re

import pytest
from django.utils import timezone

from snerydder.law.months import last_day
from tests.journeys import steps
from tests.journeys.conftest import Arrive
from tests.journeys.steps import Person
from tests.journeys.walking import Visitor

UNDO = re.compile(r"^Fortryd( \(\d+\))?$")  # it counts down
pytestmark = pytest.mark.browser
EA = Person("110372-6018", "Ea-Marie", "Ørbækvang")


def test_from_referral_to_closing(arrive: Arrive) -> None:
    bente = arrive("Bente Bak")
    steps.register(bente, EA)
    case = f"/sager/{steps.refer(bente)}/"
    bente.sees("Bente Bak (sagsbehandler)", "#nu")
    steps.assess(bente)
    a_grant_too_long_is_stopped(bente)
    the_letter_is_a_pdf(bente)

    dorthe = arrive("Dorthe Dam")
    a_person_chooses_among_reasons(dorthe)
    steps.write_agreement(dorthe)
    steps.note_yes(dorthe, "Borgeren")
    bente.open(f"{case}aftale/").press("Kommunen siger ja til aftalen").told("Ja fra kommunen")

    carl = arrive("Carl Clausen", phone=True)
    carl.sees(f"Aftalen med {EA.alias}")
    carl.follow("Se aftalen", carl.page.locator(".dk-person", has_text=f"Aftalen med {EA.alias}"))
    carl.shot("aftale").press("Jeg siger ja til aftalen").told("Ja fra mentor")

    dorthe.open(f"{case}aftale/").shot("aftale", tall=1150).press("Sæt i gang").told("Støtten er i gang")
    the_mentor_writes_undoes_and_corrects(carl)
    the_caseworker_follows_up(bente, case)
    kept = carl.open("/kontakter/").page.locator("main li", has_text=f"Mødtes med {EA.alias}")
    carl.sees("Gennemgået", kept)
    assert not kept.get_by_role("link").count(), "a contact that is gone through stays as it is"
    somebody_else_takes_over(dorthe, arrive("Ane Kragh Ibsen"), bente, case)
    the_goal_is_reached(bente, case)
    the_leader_follows_a_number_to_its_rows(arrive("Henrik Holm"))
    the_auditor_reads_everything_and_changes_nothing(arrive("Erik Eng"), case)


def a_grant_too_long_is_stopped(bente: Visitor) -> None:
    """Seven months: what, why, where the law says so, and a link to the box that mends it."""
    today = timezone.localdate()
    bente.next_step()
    steps.fill_grant(bente, today, last_day(today, 7))
    bente.press("Bevil mentor")
    stop = bente.page.locator(".alert-error")
    bente.sees("Perioden er længere end 6 måneder", stop).sees("LAB § 167, stk. 1", stop).shot("bevilling-stoppet")
    stop.get_by_role("link").click()
    assert bente.page.evaluate("document.activeElement.name") == "end_day", "the link leads to the last day"
    bente.press("6 måneder").sees("Intet står i vejen for at bevilge", "#kontrol").shot("bevilling", tall=1500)
    bente.press("Bevil mentor").told("Mentorstøtten er bevilget")


def the_letter_is_a_pdf(bente: Visitor) -> None:
    answer = bente.page.request.get(bente.link_to(re.compile("^Bevilling"), "#breve"))
    assert answer.headers["content-type"] == "application/pdf" and answer.body().startswith(b"%PDF")
    assert EA.last not in answer.headers["content-disposition"], "a file's name says nobody's name"


def a_person_chooses_among_reasons(dorthe: Visitor) -> None:
    dorthe.open("/overblik/").follow(EA.name)
    carl = dorthe.page.locator(".sn-panel", has=dorthe.page.get_by_role("heading", name="Carl Clausen"))
    dorthe.sees(re.compile("[Tt]aler arabisk"), carl).sees("på 37 timer om ugen", carl).shot("match", tall=1150)
    steps.choose_mentor(dorthe, "Carl Clausen", "Taler arabisk og kender Havnen.")


def the_mentor_writes_undoes_and_corrects(carl: Visitor) -> None:
    carl.open("/i-dag/").follow(f"Skriv kontakt med {EA.alias}")
    carl.tap("Mødtes").tap("30 min").tap("Samtale").shot("kontakt", tall=1250)
    carl.press("Gem kontakt")
    carl.page.get_by_role("button", name=UNDO).focus()  # whoever is using it is given the time they need
    carl.told(f"Gemt: Mødtes med {EA.alias}, 30 min").shot("kontakt-gemt").press(UNDO).told("Kontakten er slettet")
    carl.open("/i-dag/").follow(f"Skriv kontakt med {EA.alias}").tap("Mødtes").tap("60 min").tap("Vække om morgenen").press("Gem kontakt")
    carl.follow(re.compile(f"^Ret Mødtes med {EA.alias}"))
    carl.tap("45 min").write("Hvorfor retter du?", "Vi gik et kvarter før.").press("Gem rettelsen").told("Kontakten er rettet")
    carl.sees("45 min").sees("Rettet 1 gang")


def the_caseworker_follows_up(bente: Visitor, case: str) -> None:
    bente.open(case).follow("Hold opfølgning", "#handlinger")
    bente.sees("45 min").write("Hvor langt er borgeren med målet?", "Hun er kommet op begge morgener. Hun vil gerne fortsætte.")
    bente.tap("fortsæt", "Hvad beslutter du?").tap("Jeg har gennemgået kontakterne").shot("opfoelgning", tall=1100)
    bente.press("Gem opfølgningen").told("Opfølgningen er gemt")


def somebody_else_takes_over(dorthe: Visitor, ane: Visitor, bente: Visitor, case: str) -> None:
    dorthe.open(case).press("Overdrag til en anden sagsbehandler", "#handlinger")
    dorthe.pick("Ny sagsbehandler", "Ane Kragh Ibsen").write("Hvorfor?", "Bente har for mange.").press("Overdrag").told(
        "overdraget til Ane Kragh Ibsen"
    )
    ane.open("/sager/?hvem=mig").sees(EA.name)
    assert EA.name not in bente.open("/sager/?hvem=mig").words()
    today = timezone.localdate()
    dorthe.open("/stedfortraeder/ny/").pick("Hvem er væk?", "Ane Kragh Ibsen").pick("Hvem træder til?", "Bente Bak")
    dorthe.date("Første dag", today).date("Sidste dag", steps.tomorrow(today)).press("Indsæt stedfortræder")
    bente.open("/sager/?hvem=mig").sees(EA.name).sees("Ane Kragh Ibsen", "section")


def the_goal_is_reached(bente: Visitor, case: str) -> None:
    bente.open(case).follow("Afslut sagen", "#handlinger")
    bente.tap("nået", "Er målet nået?").write("Hvad førte støtten til?", "Hun er begyndt på hf og kommer selv op.")
    bente.tap("Uddannelse", "Hvad sker der nu?").shot("afslut", tall=1150).press("Afslut sagen").told("Sagen er afsluttet").sees(
        re.compile("nået", re.I), "#afslutning"
    )


def the_leader_follows_a_number_to_its_rows(henrik: Visitor) -> None:
    number = henrik.page.get_by_role("link", name=re.compile("sager? afsluttet i år"))
    said = int(henrik.words(number))
    henrik.follow(re.compile("sager? afsluttet i år")).sees(EA.name)
    assert henrik.page.locator("main table tbody tr").count() == said


def the_auditor_reads_everything_and_changes_nothing(erik: Visitor, case: str) -> None:
    erik.open(case).sees("Kontroller ved afgørelserne").shot("sagen-revisor", tall=1080)
    erik.sees("Bente Bak har afsluttet sagen", "#historik")
    assert not erik.page.locator("main form, #handlinger").count(), "nothing to press"
    erik.follow("Næste", "#historik").sees("Bente Bak har henvist borgeren", "#historik")
    for verb in ("vurdering/", "bevilling/", "match/", "opfoelgning/", "afslut/", "genaabn/", "annuller/", "maal/"):
        assert erik.page.request.get(case + verb).status == 403, verb


def test_a_new_period_needs_a_new_assessment_and_a_new_grant(arrive: Arrive) -> None:
    """A period that runs out: the old assessment carries nothing more. The new period begins the day after, as long as the rule gives."""
    dorthe = arrive("Dorthe Dam").open("/overblik/").follow(re.compile("Udløber inden 6 uger"))
    found = [link.get_attribute("href") or "" for link in dorthe.page.locator("main table tbody a[href^='/sager/']").all()]
    case = next(each for each in found if "udkast til bevilling" not in dorthe.open(each).words())
    who = re.search(r"sagsbehandler ([^·]+?) ·", dorthe.words(".sn-heading"))
    assert who
    her = arrive(who[1]).open(f"{case}bevilling/").sees("En ny periode kræver en ny konkret vurdering").open(case)
    steps.assess(her, again=True)
    her.next_step().tap("Mentorstøtte, ny periode (LAB § 167, stk. 1, 2. pkt.)")
    steps.fill_rest_of_grant(her)
    her.press("Så længe reglen tillader").sees("Intet står i vejen for at bevilge", "#kontrol")
    her.press("Bevil mentor").told("Mentorstøtten er bevilget").sees("Kommer", "#bevillinger")

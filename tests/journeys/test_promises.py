"""The commonest tasks, with every press counted; and the page that says so."""

import re

import pytest
from django.utils import timezone

from tests.journeys import promises, steps
from tests.journeys.conftest import Arrive
from tests.journeys.promises import PROMISES, TASKS
from tests.journeys.walking import MANUAL, Effort

SECONDS: dict[str, str] = {}
KNOWN = "section[aria-labelledby='borgere']"  # those the mentor was in contact with lately


def kept(key: str, effort: Effort) -> None:
    SECONDS[key] = promises.in_words(effort.seconds)
    assert (effort.taps, effort.written) == (TASKS[key].taps, TASKS[key].written), TASKS[key].text


@pytest.mark.browser
def test_a_usual_contact(arrive: Arrive) -> None:
    """From the mentor's own list, nothing typed, the last time's form, minutes and help."""
    carl = arrive("Carl Clausen", phone=True).open("/i-dag/")
    with carl.counting() as effort:
        carl.follow(re.compile("^Skriv kontakt med"), KNOWN)
        carl.page.get_by_role("button", name=re.compile("^Som sidst: ")).click()
        effort.taps += 1
        carl.shot("kontakt-som-sidst").press("Gem kontakt")
    carl.told("Gemt: ")
    kept("usual", effort)


@pytest.mark.browser
def test_another_contact(arrive: Arrive) -> None:
    carl = arrive("Carl Clausen", phone=True).open("/i-dag/")
    with carl.counting() as effort:
        carl.follow(re.compile("^Skriv kontakt med"), KNOWN).tap("Ringede").tap("15 min").press("Gem kontakt")
    carl.told(re.compile("Gemt: Ringede med .*, 15 min"))
    kept("contact", effort)


@pytest.mark.browser
def test_the_silent_cases(arrive: Arrive) -> None:
    dorthe = arrive("Dorthe Dam").open("/overblik/")
    with dorthe.counting() as effort:
        dorthe.follow(re.compile("Uden kontakt i 2 uger"))
    assert dorthe.page.locator("main table tbody tr").count() == int(re.findall(r"(\d+) sag", dorthe.words(".sn-heading"))[0])

    kept("silent", effort)


@pytest.mark.browser
def test_a_grant_and_a_match(arrive: Arrive) -> None:
    """Of somebody assessed: nothing is filled in beforehand."""
    who, bente, dorthe = steps.Person("150676-6041", "Mikkel", "Østerled"), arrive("Bente Bak"), arrive("Dorthe Dam")
    steps.register(bente, who)
    steps.refer(bente)
    steps.assess(bente)
    bente.open("/venter/")
    with bente.counting() as effort:
        bente.follow("Træf afgørelse", bente.page.locator("li", has_text=who.name))
        bente.tap("Mentorstøtte, første periode (LAB § 167, stk. 1, 1. pkt.)")
        steps.fill_rest_of_grant(bente)
        bente.date("Første dag", timezone.localdate()).press("6 måneder").press("Bevil mentor")
    bente.told("Mentorstøtten er bevilget")
    kept("grant", effort)
    dorthe.open("/overblik/")
    with dorthe.counting() as effort:
        dorthe.follow(who.name)
        steps.choose_mentor(dorthe, "Maja Mørkeberg", "Har papirer på opgaverne.")
    kept("match", effort)


@pytest.mark.browser
def test_a_month(arrive: Arrive) -> None:
    """From the mentor's own list; the sheet is made from the log, and nothing is typed."""
    carl = arrive("Carl Clausen", phone=True).open("/i-dag/")
    with carl.counting() as effort:
        carl.page.locator("a[href^='/timesedler/']").first.scroll_into_view_if_needed()
        carl.follow(re.compile(r"^(Se timesedlen|\w+ \d{4})$"), carl.page.locator("li", has=carl.page.locator("a[href^='/timesedler/']")).first)
        carl.shot("timeseddel").page.get_by_role("button", name=re.compile("^Godkend ")).click()
        effort.taps += 1
    carl.told("Timerne er godkendt.")
    kept("month", effort)


@pytest.mark.browser
def test_the_text_message(arrive: Arrive) -> None:
    """What the citizen does with the link in it: one question, one answer, and thanks."""
    dorthe, somebody = arrive("Dorthe Dam").open("/oekonomi/"), arrive(phone=True)
    dorthe.open(dorthe.page.locator("main a[href*='kolonne=leveret']").first.get_attribute("href") or "")
    dorthe.follow(re.compile("^Få den bekræftet")).press("Spørg borgeren")
    code = re.search(r"9\d\d-\w{4}-\w{4}-\w{4}", dorthe.words())
    assert code
    somebody.open(f"/svar/{code[0]}/").shot("svar")
    with somebody.counting() as effort:
        somebody.tap("Ja").press("Send svaret")
    somebody.sees("Tak")
    kept("sms", effort)


@pytest.mark.browser
def test_a_follow_up(arrive: Arrive) -> None:
    """Of the case that waits, by the caseworker whose it is."""
    dorthe = arrive("Dorthe Dam").open("/sager/?vis=opfoelgning")
    name = dorthe.words(dorthe.page.locator("main table tbody tr").first.locator("a[href^='/sager/']").first)
    dorthe.open(dorthe.page.locator("main table tbody a[href^='/sager/']").first.get_attribute("href") or "")
    who = re.search(r"sagsbehandler ([^·]+?) ·", dorthe.words(".sn-heading"))
    assert who
    her = arrive(who[1]).open("/venter/")
    with her.counting() as effort:
        her.follow("Hold opfølgning", her.page.locator("li", has_text=name.split(" 20")[0]))
        her.write("Hvor langt er borgeren med målet?", "Det går fremad, og timerne passer.")
        her.tap("fortsæt", "Hvad beslutter du?").tap("Jeg har gennemgået kontakterne").press("Gem opfølgningen")
    her.told("Opfølgningen er gemt")
    kept("follow_up", effort)


@pytest.mark.parametrize(("text", "test"), PROMISES, ids=[text for text, _test in PROMISES])
def test_each_promise_has_its_test(text: str, test: str) -> None:
    assert promises.exists(test), f"{text}: {test} er der ikke mere"


def test_the_page_says_what_is_held() -> None:
    if MANUAL and SECONDS.keys() == TASKS.keys():
        promises.PAGE.write_text(promises.page(SECONDS), "utf-8")
    held = promises.page(dict.fromkeys(TASKS, "under 1 s"))
    assert promises.without_seconds(promises.PAGE.read_text("utf-8")) == promises.without_seconds(held), "Lav siden på ny, se dens første linjer"

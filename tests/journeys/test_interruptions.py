"""What goes wrong on an ordinary day: the session ends, two decide at once, a number is wrong, the mouse is dead, Danish is foreign."""

import re

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import expect

from tests.journeys import steps
from tests.journeys.conftest import Arrive
from tests.journeys.steps import Person
from tests.journeys.walking import Visitor

pytestmark = pytest.mark.browser
NEED = "Han åbner ikke sin post. 🙂 Ær' og O'Neill & <script>."


def test_a_session_lost_in_the_middle_of_a_form_keeps_the_text(arrive: Arrive) -> None:
    who = Person("120474-6021", "Jens-Åge", "O'Hara")
    bente = arrive("Bente Bak")
    steps.register(bente, who)
    bente.follow("Henvis til mentor").write("Hvorfor kan borgeren have brug for en mentor?", NEED)
    bente.page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    bente.press("Send til vurdering").sees("det, du skrev, er ikke tabt")
    bente.page.locator("form[action='/persona/bente/'] button").click()
    bente.sees("Du var væk så længe").press("Send det, jeg skrev")
    bente.told("Borgeren er henvist").sees(NEED, "#borger").sees(who.name, "h1")


def test_the_second_of_two_who_decide_at_once_is_told_what_the_first_did(arrive: Arrive) -> None:
    bente, ane, today = arrive("Bente Bak"), arrive("Ane Kragh Ibsen"), timezone.localdate()
    steps.register(bente, Person("230575-6031", "Ida", "Åløkke"))
    case = f"/sager/{steps.refer(bente)}/"
    steps.assess(bente)
    for each in (bente, ane):
        each.open(f"{case}bevilling/")
        steps.fill_grant(each, today, steps.last_day(today, 6))
    bente.press("Bevil mentor").told("Mentorstøtten er bevilget")
    ane.write("Formålet med egne ord", "At komme i praktik hos bageren.").press("Bevil mentor")
    ane.sees("Bente Bak", ".alert-error").sees("bevilget", ".alert-error")
    expect(ane.box("Formålet med egne ord")).to_have_value("At komme i praktik hos bageren.")


@pytest.mark.parametrize("number", ["310272-5018", "123", "11037x-6018"])
def test_a_wrong_cpr_is_told_in_a_sentence_and_nothing_is_lost(arrive: Arrive, number: str) -> None:
    bente = arrive("Bente Bak").open("/borgere/ny/")
    bente.write("CPR-nummer", number).write("Fornavn", "Søren").write("Efternavn", "Ærø").press("Opret borger", "main")
    bente.sees("CPR-nummeret kan ikke passe", ".alert-error")
    expect(bente.box("Fornavn")).to_have_value("Søren")
    expect(bente.box("CPR-nummer")).to_have_value(number)
    bente.page.locator(".alert-error").get_by_role("link").first.click()
    expect(bente.box("CPR-nummer")).to_be_focused()


def test_a_draft_outlives_a_log_out(arrive: Arrive) -> None:
    """Also when the person logs out at once, before the draft would have saved itself."""
    carl = arrive("Carl Clausen", phone=True).open("/i-dag/")
    carl.follow(re.compile("^Skriv kontakt med ")).tap("Ringede").tap("15 min").unfold("Note, mål")
    carl.write("Note", "Vi taler om brevet i morgen. Æøå 🙂")
    carl.leave().sees("Hvem vil du være?")
    carl.enter("Carl Clausen", "carl").sees("En kontakt, du ikke er færdig med").follow("Skriv videre")
    expect(carl.box("Note")).to_have_value("Vi taler om brevet i morgen. Æøå 🙂")
    carl.press("Gem kontakt").told(re.compile("Gemt: Ringede med .*, 15 min"))


def test_the_keyboard_is_enough_to_log_in_and_write_a_contact(arrive: Arrive) -> None:
    carl = arrive().open("/log-ind/")
    until(carl, "Brugernavn").insert_text("carl")
    until(carl, "Adgangskode").insert_text(steps.PASSWORD)
    enter(carl)
    until(carl, re.compile("^Skriv kontakt med"))
    enter(carl)
    for name in ("Mødtes", "30 min"):
        reach(carl, name)
    until(carl, "Gem kontakt")
    enter(carl)
    carl.told(re.compile("Gemt: Mødtes med .*, 30 min"))


def until(visitor: Visitor, name: str | re.Pattern[str], most: int = 60):  # noqa: ANN201
    """Tab until there. Where one is must be seen at every stop."""
    wanted = re.compile(rf"^{re.escape(name)}") if isinstance(name, str) else name
    for _step in range(most):
        visitor.page.keyboard.press("Tab")
        said, seen = visitor.page.evaluate(FOCUSED)
        assert seen, f"no mark at {said!r}"
        if wanted.search(said):
            return visitor.page.keyboard
    raise AssertionError(f"{name} was not reached with {most} presses of Tab")


def reach(visitor: Visitor, name: str) -> None:
    """A choice in the next group: Tab to the group, the space bar or the arrows within it."""
    visitor.page.keyboard.press("Tab")
    while visitor.page.evaluate("document.activeElement.type") != "radio":
        visitor.page.keyboard.press("Tab")
    visitor.page.keyboard.press("Space")
    for _step in range(10):
        if visitor.page.evaluate(FOCUSED)[0].strip() == name:
            assert visitor.page.evaluate("document.activeElement.checked")
            return
        visitor.page.keyboard.press("ArrowDown")
    raise AssertionError(f"{name} was not reached with the arrows")


def enter(visitor: Visitor) -> None:
    with visitor.page.expect_navigation():
        visitor.page.keyboard.press("Enter")


FOCUSED = """() => {
  const at = document.activeElement;
  const label = at.labels && at.labels.length ? at.labels[0] : null;
  const marks = [at, label].filter(Boolean).map((each) => getComputedStyle(each));
  const seen = marks.some((mark) => (mark.outlineStyle !== "none" && parseFloat(mark.outlineWidth) > 0) || mark.boxShadow !== "none");
  return [((label || at).textContent || at.value || "").replace(/\\s+/g, " ").trim(), seen];
}"""


def test_english_is_one_click_away_and_so_is_danish_again(arrive: Arrive) -> None:
    bente = arrive("Bente Bak").open("/sager/?vis=alle")
    bente.press("English")
    assert bente.here == "/sager/?vis=alle" and bente.page.locator("html").get_attribute("lang") == "en"
    bente.sees("All cases", "h1").sees("Sign out", "header")
    bente.press("Dansk").sees("Alle sager", "h1")
    assert bente.page.locator("html").get_attribute("lang") == "da"

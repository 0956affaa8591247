"""The import in a real browser, on a phone and on a screen: nothing stands in the way of anybody."""

import pytest
from playwright.sync_api import expect

from tests.exchange.paper import CITIZENS, text

pytestmark = pytest.mark.browser
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}


def faults(page, axe):
    page.evaluate(axe)
    found = page.evaluate("rules => axe.run(document, rules)", RULES)["violations"]
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [each["id"] for each in found] + (["wider than the screen"] if wide > 0 else [])


@pytest.mark.parametrize("width", [390, 1280])
def test_a_file_is_chosen_seen_and_thrown_away(page, axe, width):
    page.set_viewport_size({"width": width, "height": 900})
    page.goto("/log-ind/")
    page.locator('form[action="/persona/dorthe/"] button').first.dispatch_event("click")
    expect(page.get_by_role("heading", name="Overblik")).to_be_visible()
    page.goto("/import/")
    assert not faults(page, axe)
    page.get_by_label("Borgere").check(force=True)
    rows = [*CITIZENS, ["1", "Bo", "Ane", "", "Flyveholdet", "6.99", "", "måske", ""]]
    page.set_input_files("input[name=file]", {"name": "borgere.csv", "mimeType": "text/csv", "buffer": text(rows).encode("cp1252")})
    page.get_by_role("button", name="Læs filen").click()
    expect(page.get_by_role("heading", name="1 række er afvist")).to_be_visible()
    expect(page.get_by_text("Enheden ”Flyveholdet” findes ikke")).to_be_visible()
    assert not faults(page, axe)
    page.get_by_role("button", name="Importér intet, og fjern filen").click()
    expect(page.get_by_text("Filen er fjernet.")).to_be_visible()

"""In a real browser: the session is gone in the middle of a form, and no word is lost."""

import pytest

pytestmark = pytest.mark.browser


def test_what_was_written_survives_a_lost_session(page, served):
    from playwright.sync_api import expect

    page.goto("/log-ind/")
    page.locator("form[action='/persona/henrik/'] button").click()
    page.goto("/medarbejdere/ny/")
    page.get_by_label("Navn", exact=True).fill("Åse O'Neill <b>fed</b> 😀")
    page.get_by_label("Mentor", exact=True).check(force=True)
    page.context.clear_cookies(name="snerydder")
    page.get_by_role("button", name="Opret medarbejder").click()
    expect(page.get_by_text("det, du skrev, er ikke tabt")).to_be_visible()
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    page.locator("form[action='/persona/henrik/'] button").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Det du skrev, er her endnu")
    page.get_by_role("button", name="Send det, jeg skrev").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Login til Åse O'Neill <b>fed</b> 😀")

"""The grant page in a real browser: dates that only one rule asks for, the end counted out, and no fault for a screen reader."""

from typing import Any

import psycopg
import pytest

from tests.browsing import Served

pytestmark = pytest.mark.browser
SIGN_IN = """async who => {
  const token = document.querySelector("input[name=csrfmiddlewaretoken]").value;
  await fetch(`/persona/${who}/`, { method: "POST", body: new URLSearchParams({ csrfmiddlewaretoken: token }) });
}"""


@pytest.fixture
def grant_page(page: Any, served: Served) -> Any:
    """The page of a case that is assessed, opened by its own caseworker."""
    words = (
        "SELECT c.id, a.username FROM cases_case c JOIN access_staff s ON s.id = c.caseworker_id JOIN access_account a ON a.id = s.account_id"
        " WHERE c.stage = 'assessed' ORDER BY c.number LIMIT 1"
    )
    with psycopg.connect(served.owner_url) as database:
        case, username = database.execute(words).fetchone()
    page.goto("/log-ind/")
    page.evaluate(SIGN_IN, username)
    page.goto(f"/sager/{case}/bevilling/")
    page.username = username
    return page


def test_a_date_is_asked_for_only_where_the_rule_asks(grant_page):
    page, discharge, admission = grant_page, grant_page.locator("#id_discharge_on-day"), grant_page.locator("#id_admission_on-day")
    page.locator("input[name=hjemmel][value=lab-167-1]").check(force=True)
    assert not discharge.is_visible() and not admission.is_visible()
    page.locator("input[name=hjemmel][value=lab-167-2]").check(force=True)
    assert discharge.is_visible() and not admission.is_visible()
    page.locator("input[name=hjemmel][value=lab-167-3]").check(force=True)
    assert admission.is_visible() and not discharge.is_visible()


@pytest.mark.parametrize("width", [390, 1280])
def test_counting_and_what_stops_have_no_fault_for_a_screen_reader(grant_page, axe, width):
    page = grant_page
    page.set_viewport_size({"width": width, "height": 900})
    page.locator("input[name=hjemmel][value=lab-167-1]").check(force=True)
    page.locator("#id_minutes-hours").fill("2")
    for part, value in (("day", "1"), ("month", "12"), ("year", "2026")):
        page.locator(f"#id_start-{part}").fill(value)
    page.get_by_role("button", name="Så længe reglen tillader").click()
    page.wait_for_load_state()
    assert [page.locator(f"#id_end-{part}").input_value() for part in ("day", "month", "year")] == ["31", "5", "2027"]
    assert page.locator("#id_end-day").is_visible() and "#periode" in page.url
    page.locator("#id_end-year").fill("2029")
    page.locator("#id_end-year").press("Enter")  # Enter counts; it never decides
    page.get_by_text("i vejen for at bevilge").first.wait_for()
    assert page.get_by_role("button", name="Bevil mentor").get_attribute("aria-disabled") == "true"
    page.evaluate(axe)
    assert page.evaluate("axe.run().then(found => found.violations.map(each => each.id + ': ' + each.nodes[0].html))") == []
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_what_is_typed_is_kept_by_itself_and_there_again_after_a_log_out(grant_page):
    page, address = grant_page, grant_page.url
    before = page.locator("textarea[name=hours_reason]").input_value()
    page.locator("textarea[name=hours_reason]").fill("To morgener om ugen, indtil han selv kan.")
    with page.expect_response(lambda answer: "/kladde/bevilling/" in answer.url) as kept:
        page.locator("textarea[name=purpose]").fill("At blive i skolen.")
    assert kept.value.status == 204
    page.get_by_text("Kladden er gemt kl. ").wait_for()
    page.context.clear_cookies()
    page.goto("/log-ind/")
    page.evaluate(SIGN_IN, page.username)
    page.goto(address)
    assert page.locator("textarea[name=hours_reason]").input_value() == "To morgener om ugen, indtil han selv kan."
    page.get_by_text("og ikke gemte.").wait_for()
    page.get_by_role("button", name="Kassér det, og begynd forfra").click()
    page.get_by_text("Kladden er kasseret.").wait_for()
    assert page.locator("textarea[name=hours_reason]").input_value() == before

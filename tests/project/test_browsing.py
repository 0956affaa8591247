from typing import Any

import pytest

pytestmark = pytest.mark.browser


def test_a_real_browser_reaches_the_served_town(page: Any) -> None:
    page.goto("/healthz")
    assert page.inner_text("body").strip() == "ok"


def test_the_policy_stops_inline_script(page: Any, browser: Any, served: Any) -> None:
    """Shown from the browser's side: an element with a handler of its own does nothing."""
    context = browser.new_context(base_url=served.url)
    opened = context.new_page()
    refused: list[str] = []
    opened.on("console", lambda said: refused.append(said.text))
    opened.goto("/healthz")
    opened.evaluate("document.body.innerHTML = '<button onclick=\"document.title=1\">x</button>'")
    opened.click("button")
    assert opened.title() != "1"
    assert any("Content Security Policy" in line for line in refused)
    context.close()

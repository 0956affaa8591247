"""The evaluator takes a study from protocol to report, and the leader lets it out; on the screen they read it on."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.journeys import steps
from tests.journeys.conftest import Arrive

pytestmark = pytest.mark.browser


def test_from_protocol_to_a_report_two_have_let_out(arrive: Arrive, tmp_path: Path) -> None:
    freja = arrive("Freja Friis")
    report = steps.study(freja, tmp_path)
    freja.sees("har bedt om at frigive rapporten til Udvalget").sees("40,0").sees("Det kan man ikke slutte")
    figure = freja.page.locator("figure").first
    freja.sees("Regnet som", figure).sees("Neyman", figure).sees("register", figure)
    with freja.page.expect_download() as taken:
        figure.get_by_role("link", name="PDF").click()
    assert taken.value.path().read_bytes().startswith(b"%PDF")
    for name, begins in (("PDF", b"%PDF"), ("Word", b"PK")):
        with freja.page.expect_download() as taken:
            freja.page.locator(".sn-take").get_by_role("link", name=name).click()
        assert taken.value.path().read_bytes().startswith(begins)
    henrik = arrive("Henrik Holm", phone=True).open(report)
    assert henrik.page.evaluate("document.documentElement.scrollWidth") <= 390
    expect(henrik.page.locator("figure .narrow svg").first).to_be_visible()
    henrik.press("Frigiv rapporten").told("Rapporten er frigivet").sees("Frigivet til Udvalget")
    henrik.follow("Rapporten som én fil")
    expect(henrik.page.locator("h1")).to_have_text("En lille undersøgelse")

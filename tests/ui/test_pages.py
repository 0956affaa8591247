"""The gallery and the frame's own pages in a real browser: no axe violations, nothing stopped by the policy."""

import pytest
from playwright.sync_api import expect

from snerydder.ui import forms, kept
from snerydder.ui.errors import STATEMENT_REVIEWED
from tests.ui import gallery
from tests.ui.site import render
from tests.waiting import until

pytestmark = pytest.mark.browser
AXE = "axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']})"
ROLE = type("Role", (), {"name": "koordinator", "sentence": "Fordeler sager."})


class SignIn(forms.Form):
    pass


def pages():
    facts = gallery.facts()
    frame = {"frame": facts["frame"]}
    again = kept.Kept("/x/", (("note", "Vi var hos <b>lægen</b>"), ("kind", "a")))
    return {
        "/galleri/": ("ui/gallery.html", facts),
        "/fejl/": ("ui/gallery.html", gallery.facts(gallery.ContactForm(gallery.BAD))),
        "/403/": ("ui/error.html", frame | {"code": 403, "roles": [ROLE]}),
        "/404/": ("ui/error.html", frame | {"code": 404, "roles": []}),
        "/500/": ("ui/error.html", {"code": 500, "roles": [], "when": "2026-03-03 10:00:00 UTC"}),
        "/igen/": ("ui/repost.html", frame | {"kept": again, "why": "Du var væk."}),
        "/was/": ("ui/was.html", frame | {"reviewed": STATEMENT_REVIEWED}),
    }


@pytest.mark.parametrize("path", pages())
def test_a_page_has_no_axe_violation(visitor, site, axe, path, repository):
    site.pages[path] = render(*pages()[path])
    visitor.goto(path)
    visitor.evaluate(axe)
    result = visitor.evaluate(AXE)
    assert [(fault["id"], [node["html"] for node in fault["nodes"]]) for fault in result["violations"]] == []
    assert len(result["passes"]) > 15
    assert visitor.evaluate("document.documentElement.scrollWidth") <= visitor.viewport_size["width"]


def test_a_thumb_hits_every_button_and_tile(visitor, site):
    site.pages["/galleri/"] = render("ui/gallery.html", gallery.facts())
    visitor.goto("/galleri/")
    small = visitor.evaluate(
        """() => [...document.querySelectorAll('button, a.button, .sn-places a, .sn-count-card, .sn-tiles label, .form-input, .form-select')]
        .map((e) => [e.outerHTML.slice(0, 90), e.getBoundingClientRect().height]).filter(([, height]) => height > 0 && height < 44)"""
    )
    assert small == []


def test_the_summary_has_the_focus_and_leads_to_the_field(visitor, site):
    site.pages["/fejl/"] = render("ui/gallery.html", gallery.facts(gallery.ContactForm(gallery.BAD)))
    visitor.goto("/fejl/")
    expect(visitor.locator("[data-module=error-summary]")).to_be_focused()
    visitor.get_by_role("link", name="Den 31. februar 2026 findes ikke").click()
    expect(visitor.locator("#id_day-day")).to_be_focused()


def test_a_draft_is_saved_on_the_server(visitor, site):
    site.pages["/galleri/"] = render("ui/gallery.html", gallery.facts())
    visitor.goto("/galleri/")
    visitor.locator("#id_note").fill("Vi gik en tur")
    expect(visitor.locator("[data-autosave-status]")).to_contain_text("Kladden er gemt kl.")
    (path, body), *rest = site.posted
    assert path == "/kladde/"
    assert "note=Vi+gik+en+tur" in body
    assert not rest
    assert visitor.evaluate("localStorage.length + sessionStorage.length") == 0


def test_a_draft_is_saved_when_the_page_is_left(visitor, site):
    site.pages["/galleri/"] = render("ui/gallery.html", gallery.facts())
    visitor.goto("/galleri/")
    visitor.locator("#id_note").fill("Afbrudt")
    visitor.goto("/galleri/")
    assert until(lambda: any("note=Afbrudt" in body for _path, body in site.posted))


def test_two_taps_are_one_contact(visitor, site):
    site.pages["/galleri/"] = render("ui/gallery.html", gallery.facts())
    visitor.goto("/galleri/")
    visitor.get_by_role("button", name="Gem kontakt").dblclick()
    assert until(lambda: site.posted)
    visitor.wait_for_timeout(500)  # for a second that should not come
    assert len(site.posted) == 1


def test_all_rows_are_ticked_at_once(visitor, site):
    site.pages["/galleri/"] = render("ui/gallery.html", gallery.facts())
    visitor.goto("/galleri/")
    if visitor.size == "desk":  # a phone shows cards without the row of headings
        visitor.locator("label[for=valgt-all]").click()
        expect(visitor.locator("[data-selected-count]")).to_have_text("3")
        visitor.locator("label[for=valgt-1]").click()
        assert visitor.locator("#valgt-all").evaluate("e => e.indeterminate")
    else:
        visitor.locator("label[for=valgt-1]").click()
        visitor.locator("label[for=valgt-3]").click()
    expect(visitor.locator("[data-selected-count]")).to_have_text("2")


def test_undo_is_offered_for_a_while_and_waits_for_a_hand(visitor, site):
    from django.template import engines

    button = engines["jinja2"].from_string('{{ ui.undo("/fortryd/", seconds=1) }}').render({})
    site.pages["/fortrudt/"] = render("ui/frame.html", {}).replace("</main>", f"{button}</main>")
    visitor.clock.install(time=0)
    visitor.clock.pause_at(1000)  # the page's time goes when it is told to
    visitor.goto("/fortrudt/")
    visitor.get_by_role("button", name="Fortryd").focus()
    visitor.clock.run_for(3000)
    expect(visitor.get_by_role("button", name="Fortryd")).to_be_visible()
    visitor.get_by_role("button", name="Fortryd").blur()
    visitor.clock.run_for(3000)
    expect(visitor.get_by_role("button", name="Fortryd")).to_have_count(0)


def test_the_keyboard_goes_past_the_frame(visitor, site):
    site.pages["/galleri/"] = render("ui/gallery.html", gallery.facts())
    visitor.goto("/galleri/")
    visitor.keyboard.press("Tab")
    expect(visitor.locator(".skipnav")).to_be_focused()
    visitor.keyboard.press("Enter")
    expect(visitor.locator("#main-content")).to_be_focused()


def test_the_counter_speaks_the_pages_language(visitor, site):
    page = render("ui/gallery.html", gallery.facts()).replace("Du har {value} tegn tilbage", "{value} characters left")
    site.pages["/taeller/"] = page
    visitor.goto("/taeller/")
    visitor.locator("#id_note").press_sequentially("abc")
    expect(visitor.locator(".character-limit").first).to_have_text("3997 characters left")

"""What stands around every page, for whom."""

import pytest
from django.contrib.messages.storage.fallback import FallbackStorage
from django.http import HttpResponse
from django.template import engines
from django.test import RequestFactory
from django.utils import translation
from jinja2 import UndefinedError

from snerydder.ui import flash, frame
from tests.ui.site import render

FULL = frame.Frame(
    municipality="Fjordby Kommune",
    person="Carl Holm",
    role="mentor",
    may_search=True,
    places=tuple(frame.Place(f"Sted {n}", f"/{n}/") for n in range(7)),
    notices=(frame.Notice("Demo"), frame.Notice("Stedfortræder", "warning", "/stop/", "Stop", post=True)),
)


def page(around=None):
    return render("ui/frame.html", {"frame": around} if around else {})


def test_it_says_who_you_are_and_as_what():
    html = page(FULL)
    assert "Carl Holm" in html
    assert "Du er mentor" in html
    assert ">FK<" in html


def test_there_are_at_most_five_places():
    html = page(FULL)
    assert "Sted 4" in html
    assert "Sted 5" not in html


def test_search_and_sign_out_are_posts_with_a_token():
    html = page(FULL)
    for address in ("/soeg/", "/log-ud/", "/sprog/", "/stop/"):
        form = html.split(f'action="{address}"')[1].split("</form>")[0]
        assert "csrfmiddlewaretoken" in form
    assert html.count('method="get"') == 0


def test_a_stranger_sees_no_search_and_no_sign_out():
    html = page(frame.Frame(municipality="Fjordby Kommune"))
    assert "/soeg/" not in html
    assert "/log-ud/" not in html
    assert "/was/" in html


def test_a_page_without_a_frame_still_stands():
    assert "Snerydder" in page()


def test_the_language_is_one_button_away():
    assert 'value="en"' in page(FULL)
    assert '<html lang="da">' in page(FULL)
    with translation.override("en"):
        assert 'value="da"' in page(FULL)
        assert '<html lang="en">' in page(FULL)


def test_nothing_is_inline():
    html = page(FULL)
    assert "style=" not in html
    assert "<style" not in html
    assert "onclick" not in html
    assert html.count("<script") == html.count("<script src=")


def test_a_frame_with_a_misspelt_part_is_a_mistake():
    with pytest.raises(TypeError, match="muncipality"):
        frame.as_frame({"muncipality": "x"})
    assert frame.as_frame({"person": "Carl"}).person == "Carl"
    assert len(frame.with_notice(FULL, frame.Notice("x")).notices) == 3


def test_a_misspelt_name_in_a_template_is_a_mistake():
    with pytest.raises(UndefinedError):
        engines["jinja2"].from_string("{{ sagn.navn }}").render({})
    with pytest.raises(UndefinedError, match="tabel"):
        engines["jinja2"].from_string("{{ ui.tabel() }}").render({})


def test_what_was_done_is_said_once_and_can_be_undone():
    request = RequestFactory().get("/")
    request.session = {}
    request._messages = FallbackStorage(request)
    flash.done(request, "Kontakten er gemt & talt med.", undo="/kontakt/1/fortryd/")
    flash.done(request, "Gemt.")
    html = engines["jinja2"].get_template("ui/frame.html").render({}, request)
    assert "Kontakten er gemt &amp; talt med." in html
    assert html.count('action="/kontakt/1/fortryd/"') == 1
    request._messages.update(HttpResponse())
    request._messages = FallbackStorage(request)
    again = engines["jinja2"].get_template("ui/frame.html").render({}, request)
    assert "Kontakten er gemt" not in again

"""What somebody wrote survives a lost session, and nobody else's words do."""

import pytest
from django.core.exceptions import PermissionDenied
from django.test import RequestFactory

from snerydder.ui import errors, kept

OWN = {"HTTP_ORIGIN": "http://testserver"}
POSTED = {"note": "Vi var hos lægen sammen\nog så gik vi en tur", "kinds": ["a", "b"], "csrfmiddlewaretoken": "t", "new_password": "hemmelig"}


def post(path="/sager/1/kontakt/?uge=3", data=POSTED, **headers):
    return RequestFactory().post(path, data, **(headers or OWN))


def test_it_goes_round():
    request = post()
    found = kept.unseal(kept.seal(request), request)
    assert found.path == "/sager/1/kontakt/?uge=3"
    assert dict(found.fields)["note"] == POSTED["note"]
    assert [value for name, value in found.fields if name == "kinds"] == ["a", "b"]
    assert found.texts == [POSTED["note"]]


def test_secrets_are_not_carried_on():
    request = post()
    names = {name for name, _value in kept.unseal(kept.seal(request), request).fields}
    assert names == {"note", "kinds"}


@pytest.mark.parametrize("headers", [
    {"HTTP_ORIGIN": "https://ond.example"}, {"HTTP_ORIGIN": "null"}, {"HTTP_REFERER": "https://ond.example/testserver"},
    {"HTTP_ORIGIN": "http://testserver.ond.example"}, {"HTTP_X_A": "no origin"},
])  # fmt: skip
def test_a_foreign_page_can_leave_nothing(headers):
    assert kept.seal(post(**headers)) == ""


def test_a_reading_request_leaves_nothing():
    assert kept.seal(RequestFactory().get("/x/", **OWN)) == ""


@pytest.mark.parametrize("sealed", ["", None, "abc", "eyJwYXRoIjoiLyJ9:1:forged"])
def test_a_forged_seal_opens_nothing(sealed):
    assert kept.unseal(sealed, post()) is None


def test_an_old_seal_opens_nothing(monkeypatch):
    sealed = kept.seal(post())
    monkeypatch.setattr(kept, "LONGEST_WAIT", -1)
    assert kept.unseal(sealed, post()) is None


def test_it_does_not_send_anybody_to_another_site():
    from django.core import signing

    sealed = signing.dumps({"path": "https://ond.example/", "fields": []}, salt=kept.SALT)
    assert kept.unseal(sealed, post()) is None


def test_too_much_is_not_carried():
    assert kept.fields_of(post(data={"note": "x" * (kept.MOST + 1)}).POST) == []


def test_an_old_page_gives_the_text_back():
    html = errors.csrf_failure(post()).content.decode()
    assert 'action="/sager/1/kontakt/?uge=3"' in html
    assert "Vi var hos lægen sammen\nog så gik vi en tur</textarea>" in html
    assert "hemmelig" not in html


def test_an_old_page_of_a_stranger_gives_no_button():
    answer = errors.csrf_failure(post(HTTP_ORIGIN="https://ond.example"))
    assert answer.status_code == 403
    assert "lægen" not in answer.content.decode()


class Refused(PermissionDenied):
    def __init__(self):
        self.roles = [type("Role", (), {"name": "koordinator", "sentence": "Fordeler sager."})]


def test_each_error_says_what_to_do():
    request = RequestFactory().get("/")
    assert "koordinator" in errors.forbidden(request, Refused()).content.decode()
    assert errors.forbidden(request).status_code == 403
    assert errors.not_found(request).status_code == 404
    broken = errors.server_error(request)
    assert broken.status_code == 500
    assert "UTC" in broken.content.decode()
    assert "Digitaliseringsstyrelsen" in errors.statement(request).content.decode()

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def test_every_answer_carries_the_policy_and_is_not_stored(client: Client) -> None:
    answer = client.get("/healthz")
    assert answer["Content-Security-Policy"] == (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; "
        "form-action 'self'; frame-ancestors 'none'; base-uri 'none'; manifest-src 'self'"
    )
    assert answer["Cache-Control"] == "no-store"
    assert answer["Cross-Origin-Opener-Policy"] == answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "camera=()" in answer["Permissions-Policy"]


def test_an_english_browser_gets_danish_until_it_asks(client: Client) -> None:
    assert client.get("/healthz", headers={"accept-language": "en-US,en"})["Content-Language"] == "da"
    client.post("/sprog/", {"language": "en", "next": "/healthz"})
    assert client.get("/healthz")["Content-Language"] == "en"


def test_a_language_that_does_not_exist_is_danish(client: Client) -> None:
    client.cookies["snerydder_sprog"] = "../../etc"
    assert client.get("/healthz")["Content-Language"] == "da"

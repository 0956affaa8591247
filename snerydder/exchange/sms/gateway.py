"""The ways a text message leaves: to an address on the net, to a program on the server, or, in the demo, into a file."""

import json
import os
import subprocess
from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext as _

PATIENCE = 10.0  # seconds
PASSING = {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.CONFLICT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS}
HERE = ("localhost", "127.0.0.1", "::1")

Send = Callable[[str, str, str], None]  # id, number, text


class NotSent(Exception):
    """It did not leave. `final`: trying again will not help."""

    def __init__(self, why: str, *, final: bool = False) -> None:
        super().__init__(why)
        self.final = final


def gateway() -> Send | None:
    """The way set in SNERYDDER_SMS; None when there is none."""
    where = settings.SMS_GATEWAY
    kind, _colon, rest = where.partition(":")
    if kind in ("http", "https"):
        if kind == "http" and urlsplit(where).hostname not in HERE:
            raise ImproperlyConfigured("SNERYDDER_SMS skal være en https-adresse: nummer og kode må ikke sendes åbent.")  # da: for whoever sets the server up
        return partial(by_net, where)
    if kind == "program":
        return partial(by_program, rest)
    if kind == "file":
        return partial(to_file, rest)
    if where:
        raise ImproperlyConfigured("SNERYDDER_SMS skal begynde med https:, program: eller file:.")  # da: for whoever sets the server up
    return None


class _Stay(HTTPRedirectHandler):
    """A redirected POST would become a GET that sends nothing and answers 200."""

    def redirect_request(self, *args: object, **kwargs: object) -> None:
        return None


def by_net(address: str, key: str, number: str, text: str) -> None:
    headers = {"Content-Type": "application/json; charset=utf-8", "Idempotency-Key": key}
    if settings.SMS_TOKEN:
        headers["Authorization"] = f"Bearer {settings.SMS_TOKEN}"
    body = json.dumps({"id": key, "to": number, "text": text}, ensure_ascii=False).encode()
    try:
        build_opener(_Stay).open(Request(address, body, headers, method="POST"), timeout=PATIENCE).close()  # noqa: S310  # `gateway` has looked at the scheme
    except HTTPError as fault:
        fault.close()
        passing = fault.code >= HTTPStatus.INTERNAL_SERVER_ERROR or fault.code in PASSING
        raise NotSent(_("Sms-tjenesten svarede %(code)s.") % {"code": fault.code}, final=not passing) from None
    except (URLError, OSError) as fault:
        raise NotSent(_("Der kom ingen forbindelse til sms-tjenesten.")) from fault


def by_program(program: str, key: str, number: str, text: str) -> None:
    try:
        done = subprocess.run([program, number, key], input=text.encode(), capture_output=True, timeout=3 * PATIENCE, check=False)
    except (OSError, subprocess.TimeoutExpired) as fault:
        raise NotSent(_("Programmet, der sender sms, kunne ikke køre.")) from fault
    if done.returncode:
        raise NotSent(_("Programmet, der sender sms, gav fejl %(code)s.") % {"code": done.returncode})


def to_file(path: str, key: str, number: str, text: str) -> None:
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a", encoding="utf-8") as kept:
        kept.write(f"{number}\t{key}\t{text}\n")

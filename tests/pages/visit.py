"""A visitor in a browserless browser: Django's client signed in as somebody, and small readers of what came back.

The client's requests end inside the test's own transaction, so what a page did can be asked for afterwards; the
municipality's context is then that of the last visitor.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from typing import Any

from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from snerydder.access import sessions
from snerydder.access.door import SESSION_KEY
from snerydder.access.models import Staff


def visitor(client: Client, staff: Staff) -> Client:
    """Sign `client` in as `staff`, at that person's place in that municipality."""
    client.force_login(staff.account)
    session = client.session
    session[SESSION_KEY] = str(staff.pk)
    sessions.begin(session)
    session.save()
    return client


class Counted(CaptureQueriesContext):
    """All that was asked of the database, sign-in and door included; not the savepoint a test puts around each request."""

    @property
    def captured_queries(self) -> list[dict[str, str]]:
        return [query for query in super().captured_queries if "SAVEPOINT" not in query["sql"][:20]]


@contextmanager
def counted() -> Iterator[Counted]:
    """with counted() as queries: ...; then len(queries)."""
    with Counted(connection) as queries:
        yield queries


class Page(HTMLParser):
    """The page as a reader meets it: its words, headings, links and forms."""

    def __init__(self, response: HttpResponse) -> None:
        super().__init__()
        self.words, self.title = "", ""
        self.headings: list[str] = []
        self.links: list[tuple[str, str]] = []  # (words, address)
        self.forms: list[tuple[str, str]] = []  # (method, address)
        self._open: list[dict[str, Any]] = []
        self.feed(response.content.decode())
        self.words = re.sub(r"\s+", " ", self.words).strip()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in ("a", "h1", "h2", "h3", "h4", "title", "script", "style"):
            self._open.append({"tag": tag, "text": "", "href": given.get("href") or ""})
        if tag == "form":
            self.forms.append((given.get("method") or "get", given.get("action") or ""))
        if tag in ("p", "li", "td", "th", "div", "dt", "dd", "br", "h1", "h2", "h3", "h4", "tr", "span", "label", "option"):
            self.handle_data(" ")

    def handle_data(self, data: str) -> None:
        if any(each["tag"] in ("script", "style", "title") for each in self._open):
            if self._open[-1]["tag"] == "title":
                self.title += data
            return
        self.words += data
        for each in self._open:
            each["text"] += data

    def handle_endtag(self, tag: str) -> None:
        if self._open and self._open[-1]["tag"] == tag:
            done = self._open.pop()
            text = re.sub(r"\s+", " ", done["text"]).strip()
            if tag == "a":
                self.links.append((text, done["href"]))
            elif tag.startswith("h"):
                self.headings.append(text)

    def addresses(self) -> list[str]:
        return [href for _text, href in self.links]

    def to(self, words: str) -> str:
        """The address of the first link whose words hold these."""
        return next(href for text, href in self.links if words in text)

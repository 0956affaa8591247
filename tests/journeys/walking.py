"""People at their screens: they read labels, press what a button says, and their taps are counted."""

import os
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from playwright.sync_api import Locator, Page, Request, expect

from snerydder.project.demo.cast import PASSWORD
from tests.journeys.pictures import Album

PHONE, LAPTOP = {"width": 390, "height": 844}, {"width": 1280, "height": 900}


@dataclass
class Effort:
    """What a task took: presses, boxes written in, and the seconds the machine took for it."""

    taps: int = 0
    written: int = 0
    seconds: float = 0


@dataclass
class Visitor:
    """One person in a browser of their own. Every press and every box written in is counted."""

    page: Page
    album: Album
    faults: list[str] = field(default_factory=list)
    effort: Effort = field(default_factory=Effort)

    # --- coming and going ---
    def enter(self, name: str, username: str) -> "Visitor":
        """The demo's one click. Who has no button on the page has the address behind one all the same."""
        self.page.goto("/log-ind/")
        form = self.page.locator(f"form[action='/persona/{username}/']")
        if not form.is_visible():
            form = self.page.locator("form[action^='/persona/']").first
            form.evaluate("(form, address) => form.setAttribute('action', address)", f"/persona/{username}/")
        self._go(form.get_by_role("button"))
        return self.sees(name, ".sn-person")

    def sign_in(self, username: str) -> None:
        self.write("Brugernavn", username)
        self.write("Adgangskode", PASSWORD)
        self.press("Log ind")

    def leave(self) -> "Visitor":
        return self.press("Log ud")

    def open(self, path: str) -> "Visitor":
        self.page.goto(path)
        return self

    # --- what hands do ---
    def press(self, name: str | re.Pattern[str], within: str | Locator = "body") -> "Visitor":
        """A button, by what it says."""
        return self._go(self.at(within).get_by_role("button", name=name, exact=isinstance(name, str)))

    def follow(self, name: str | re.Pattern[str], within: str | Locator = "body") -> "Visitor":
        """A link, by what it says."""
        return self._go(self.at(within).get_by_role("link", name=name, exact=isinstance(name, str)).first)

    def next_step(self) -> "Visitor":
        """The one button of the box Nu."""
        return self._go(self.page.locator("#nu .sn-buttons a"))

    def _go(self, what: Locator) -> "Visitor":
        began = time.perf_counter()
        self.effort.taps += 1
        if (what.get_attribute("href") or "").startswith("#"):  # to a box on the same page
            what.click()
            return self
        with self.page.expect_navigation(wait_until="load"):
            what.click()
        self.effort.seconds += time.perf_counter() - began
        return self

    def tap(self, name: str, group: str = "") -> "Visitor":
        """A tile, a radio button or a box to tick, by what it says; a choice of a group by the group's question too."""
        held = self.group(group) if group else self.page.locator("main")
        box = held.get_by_label(re.compile(rf"^\s*{re.escape(name)}\s*$", re.IGNORECASE)).first
        on_top = box.evaluate("""box => {
          box.scrollIntoView({ block: "center" });
          const seen = box.getBoundingClientRect();
          return document.elementFromPoint(seen.x + seen.width / 2, seen.y + seen.height / 2) === box;
        }""")
        (box if on_top else self.page.locator(f"label[for='{box.get_attribute('id')}']")).click()
        self.effort.taps += 1
        return self

    def write(self, label: str, text: str) -> "Visitor":
        self.box(label).fill(text)
        self.effort.written += 1
        return self

    def pick(self, label: str, choice: str | re.Pattern[str]) -> "Visitor":
        """One of a list that folds out."""
        self.box(label).select_option(label=choice if isinstance(choice, str) else self._option(label, choice))
        self.effort.taps += 2
        return self

    def _option(self, label: str, wanted: re.Pattern[str]) -> str:
        return next(text for text in self.box(label).locator("option").all_text_contents() if wanted.search(text)).strip()

    def date(self, question: str, day: date) -> "Visitor":
        group = self.group(question)
        for part, value in (("Dag", day.day), ("Måned", day.month), ("År", day.year)):
            group.get_by_label(part, exact=True).fill(str(value))
        self.effort.written += 1
        return self

    def unfold(self, text: str) -> "Visitor":
        self.page.locator("summary", has_text=text).first.click()
        self.effort.taps += 1
        return self

    # --- what eyes see ---
    def at(self, within: str | Locator) -> Locator:
        return self.page.locator(within) if isinstance(within, str) else within

    def group(self, question: str) -> Locator:
        return self.page.get_by_role("group", name=question)

    def box(self, label: str) -> Locator:
        return self.page.locator("main").get_by_label(re.compile(rf"^{re.escape(label)}( \(frivilligt\))?$"))

    def sees(self, text: str | re.Pattern[str], within: str | Locator = "main") -> "Visitor":
        expect(self.at(within)).to_contain_text(text)
        return self

    def told(self, text: str | re.Pattern[str]) -> "Visitor":
        """The line after a verb."""
        expect(self.page.locator(".sn-flash").first).to_contain_text(text)
        return self

    def words(self, within: str | Locator = "main") -> str:
        return re.sub(r"\s+", " ", self.at(within).inner_text())

    def link_to(self, name: str | re.Pattern[str], within: str | Locator = "main") -> str:
        found = self.at(within).get_by_role("link", name=name, exact=isinstance(name, str)).first
        return found.get_attribute("href") or ""

    @property
    def here(self) -> str:
        return re.sub(r"^https?://[^/]+", "", self.page.url)

    # --- the manual ---
    def shot(self, name: str, part: str = "", *, tall: int = 0) -> "Visitor":
        """A picture for the manual; taken only when the manual is being made."""
        self.album.take(self.page, name, part, tall=tall)
        return self

    @contextmanager
    def counting(self) -> Iterator[Effort]:
        self.effort = Effort()
        yield self.effort


def newcomer(browser: Any, url: str, album: Album, *, phone: bool = False) -> Visitor:
    """A browser of one's own, whose faults are kept: the page's script, the policy, and anything the server could not do."""
    context = browser.new_context(
        base_url=url, locale="da-DK", timezone_id="Europe/Copenhagen", viewport=PHONE if phone else LAPTOP, has_touch=phone, is_mobile=phone
    )
    context.set_default_timeout(30_000)  # a slow machine costs time, not the test
    visitor = Visitor(context.new_page(), album)
    visitor.page.on("pageerror", lambda error: visitor.faults.append(str(error)))
    visitor.page.on("console", lambda said: visitor.faults.append(f"{said.text} ({visitor.page.url})") if worrying(said) else None)
    visitor.page.on("response", lambda answer: visitor.faults.append(f"{answer.status} {answer.url}") if answer.status >= 500 else None)
    return visitor


def worrying(said: Any) -> bool:
    """An error in the console, but for the browser's own remark that an answer was 403, 404 or 422: that is an answer."""
    return said.type == "error" and "Failed to load resource" not in said.text


def sent(page: Page, path: str) -> Callable[[], list[Request]]:
    """The requests to an address from now on."""
    found: list[Request] = []
    page.on("request", lambda request: found.append(request) if path in request.url else None)
    return lambda: found


MANUAL = bool(os.environ.get("SNERYDDER_MANUAL"))

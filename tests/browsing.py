"""A served demo town and a Chromium to look at it with: fixtures for tests marked `browser`.

Never `page.wait_for_function("...")`: the policy forbids eval. Use `expect(locator)`.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from snerydder.project import assets, databases, schema, serving, town
from tests import chromium, ground

# Without the flags on background work, Chromium calls home at every start.
FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@dataclass(frozen=True)
class Served:
    url: str
    owner_url: str  # the owner's address of the town's own database
    town: dict[str, Any]


@pytest.fixture(scope="session")
def served(server_url: str, template: str) -> Iterator[Served]:
    """The tiny town behind a real web server, as in production but for TLS. One for the whole session.

    The manual's pictures (SNERYDDER_MANUAL) are taken in the town that a demo shows.
    """
    with serve(server_url, template, "town" if os.environ.get("SNERYDDER_MANUAL") else "tiny") as opened:
        yield opened


@contextmanager
def serve(server_url: str, template: str, size: str) -> Iterator[Served]:
    name = ground.name("served")
    ground.copy(server_url, template, name)
    owner_url = databases.with_database(server_url, name)
    before = os.environ.pop("SNERYDDER_TEST", None)  # hashed static files, real password hashes
    try:
        built = town.build(owner_url, size, "1")
        assets.compile_catalogues()
        assets.collect()
        here = Path(__file__).resolve().parent
        environment = schema.web_environment(owner_url, SNERYDDER_DEMO="1", PYTHONPATH=os.pathsep.join((str(here / "served"), str(here.parent))))
    finally:
        if before is not None:
            os.environ["SNERYDDER_TEST"] = before
    port = ground.port()
    with serving.serving("127.0.0.1", port, environment):
        yield Served(f"http://localhost:{port}", owner_url, built)
    databases.drop(server_url, name)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=30_000)  # a slow machine costs time, not the test
    found = chromium.find()
    assert found, chromium.REMEDY
    flags = [*FLAGS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=found, args=flags)
        yield opened
        opened.close()


@pytest.fixture
def page(browser: Any, served: Served) -> Iterator[Any]:
    """A fresh visitor. The test fails if the page's own script fails or the policy had to stop something."""
    context = browser.new_context(base_url=served.url, locale="da-DK", viewport={"width": 1280, "height": 900})
    opened = context.new_page()
    faults: list[str] = []
    opened.on("pageerror", lambda error: faults.append(str(error)))
    opened.on("console", lambda said: faults.append(said.text) if "Content Security Policy" in said.text else None)
    yield opened
    context.close()
    assert not faults, faults


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe-core, for `page.evaluate`: a script tag would be refused by the policy."""
    return (Path(__file__).resolve().parents[1] / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8")

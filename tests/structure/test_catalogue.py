"""Danish is the source, English is complete, and no text that a person reads stands outside the catalogue."""

import re
from pathlib import Path

import pytest
from babel.messages import pofile

from snerydder.ui import catalogue

PACKAGE = Path(__file__).parents[2] / "snerydder"
# What people read on pages. A study's report has its own two languages; the rest talks to whoever runs the program.
PAGES = ("access", "audit", "ui", "casework", "desks", "exchange", "law")
SPOKEN_TO_THE_ONE_WHO_RUNS_IT = ("management", "law/pages.py", "law/saying.py", "law/__main__.py", "law/packs.py", "ui/catalogue.py")
HOLE = re.compile(r"%\(\w+\)[sd]|\{\w+\}")


@pytest.fixture(scope="module")
def english():
    with (catalogue.LOCALE / "en/LC_MESSAGES/django.po").open("rb") as file:
        return pofile.read_po(file)


def test_every_text_has_its_english(english):
    lacking = [message.id for message in catalogue.extracted() if message.id and not (english.get(message.id, message.context) or message).string]
    assert not lacking, f"{len(lacking)} texts lack English: {lacking[:10]}"


def test_a_translation_fills_the_same_holes(english):
    for message in english:
        if message.id:
            danish = message.id if isinstance(message.id, str) else message.id[1]
            words = message.string if isinstance(message.string, str) else message.string[1]
            assert sorted(HOLE.findall(danish)) == sorted(HOLE.findall(words)), danish


def pages():
    for folder in PAGES:
        for path in sorted((PACKAGE / folder).rglob("*")):
            place = str(path.relative_to(PACKAGE))
            if path.suffix in (".py", ".html") and "migrations" not in place and not any(part in place for part in SPOKEN_TO_THE_ONE_WHO_RUNS_IT):
                yield path


def test_no_text_stands_outside_the_catalogue():
    found = [f"{path.relative_to(PACKAGE)}: {text}" for path in pages() for text in catalogue.untranslated(path)]
    assert not found, "\n".join(found[:30])

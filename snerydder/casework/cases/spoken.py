"""Sentences of the law: said in the language of the page, and kept in the words of their day so that each language can say them later."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext

from snerydder.law import Text
from snerydder.ui.formats import dato


def say(text: str) -> str:
    """A sentence of the law in the language of the page."""
    return text.translated(gettext, lambda day: dato(day, "lang")) if isinstance(text, Text) else gettext(text) if text else ""


def kept(sentences: Iterable[str]) -> list[Any]:
    """Each sentence once, with what was put into it. Its words are those of the rules that judged, whatever the rules say later."""
    return [text.kept() if isinstance(text, Text) else str(text) for text in dict.fromkeys(sentences) if text]


def told(sentences: Iterable[Any]) -> str:
    """What was kept, in the language of the page."""
    return " ".join(say(Text.of(each)) for each in sentences)

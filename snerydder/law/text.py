"""Danish sentences that remember how they were made, so that another language can be made the same way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

MONTHS = (
    "januar", "februar", "marts", "april", "maj", "juni",
    "juli", "august", "september", "oktober", "november", "december",
)  # fmt: skip


def N_(message: str) -> str:
    """Mark a Danish sentence for the translation catalogue without translating it here."""
    return message


def danish_date(day: date) -> str:
    return f"{day.day}. {MONTHS[day.month - 1]} {day.year}"


def _shown(value: object, write_date: Callable[[date], str]) -> object:
    return write_date(value) if isinstance(value, date) else value


def _kept(value: object) -> object:
    if isinstance(value, date):
        return {"day": value.isoformat()}
    return [value.template, {name: _kept(each) for name, each in value.values.items()}] if isinstance(value, Text) else value


def _of(value: Any) -> object:
    return date.fromisoformat(value["day"]) if isinstance(value, dict) else Text.of(value) if isinstance(value, list) else value


class Text(str):
    """A finished Danish sentence; `template` and `values` let the page write it in another language."""

    template: str
    values: dict[str, object]

    def __new__(cls, template: str, /, **values: object) -> Text:
        shown = {name: _shown(value, danish_date) for name, value in values.items()}
        text = super().__new__(cls, template.format(**shown) if shown else template)
        text.template = template
        text.values = values
        return text

    def kept(self) -> Any:
        """As a database keeps it: the sentence, or the sentence and what was put into it."""
        return [self.template, {name: _kept(value) for name, value in self.values.items()}] if self.values else self.template

    @classmethod
    def of(cls, kept: Any) -> Text:
        template, values = (kept, {}) if isinstance(kept, str) else kept
        return cls(template, **{name: _of(value) for name, value in values.items()})

    def translated(
        self,
        translate: Callable[[str], str],
        write_date: Callable[[date], str] = danish_date,
    ) -> str:
        """`translate` is gettext; words put into the sentence (kommunen, jobcenteret) are translated too."""
        if not self.values:
            return translate(self.template) if self.template else ""
        shown = {
            name: value.translated(translate, write_date) if isinstance(value, Text) else _shown(value, write_date)
            for name, value in self.values.items()
        }
        return translate(self.template).format(**shown)

"""The decorator every verb wears: one transaction, a named person, an event in the same transaction."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.db import transaction

from snerydder.audit.events import _pending
from snerydder.audit.models import Event

Verb = TypeVar("Verb", bound=Callable[..., Any])


class Refusal(Exception):
    """The verb cannot be done. Says what, why and what to do now (screens: voice).

    `field` names the form field that mends it; `link` is an address to go to instead.
    Several problems at once: `Refusal.several([...])`; each is found in `.problems`.
    """

    def __init__(self, what: str, why: str = "", mend: str = "", *, field: str = "", link: str = "") -> None:
        super().__init__(" ".join(str(part) for part in (what, why, mend) if part))
        self.what, self.why, self.mend, self.field, self.link = what, why, mend, field, link
        self.problems: list[Refusal] = [self]

    @classmethod
    def several(cls, problems: list["Refusal"]) -> "Refusal":
        first = cls(problems[0].what, problems[0].why, problems[0].mend, field=problems[0].field, link=problems[0].link)
        first.problems = problems
        return first


class Conflict(Refusal):
    """Somebody else was first. Tells the second what the first did."""


def action(verb: Verb) -> Verb:
    """Make a function a verb: `by=` is required, and a verb that leaves no event is a fault in the program."""

    @wraps(verb)
    def done(*args: Any, by: Any, **kwargs: Any) -> Any:
        if getattr(by, "municipality_id", None) is None:
            raise TypeError(f"{verb.__name__}: by= must be a member of staff")
        with transaction.atomic():
            token = _pending.set([])
            try:
                result = verb(*args, by=by, **kwargs)
                events = _pending.get()
            finally:
                _pending.reset(token)
            if not events:
                raise RuntimeError(f"{verb.__module__}.{verb.__name__} left no event")
            Event.objects.bulk_create(events)
        return result

    done.is_action = True  # type: ignore[attr-defined]
    return done  # type: ignore[return-value]

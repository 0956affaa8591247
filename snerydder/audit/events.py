"""Writing events. Pending events are gathered per verb and written in one statement by `action`."""

from contextvars import ContextVar
from typing import Any

from django.utils import timezone

from snerydder.audit.models import Event

_pending: ContextVar[list[Event] | None] = ContextVar("pending_events", default=None)


def plain(value: Any) -> Any:
    """A value as JSON can hold it, so that before and after can be read years later."""
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set)):
        return [plain(item) for item in value]
    return str(value)


def record(verb: str, thing: Any, *, by: Any, case: Any = None, citizen: Any = None, on: Any = None, **data: Any) -> None:
    """Say that `by` did `verb` to `thing`. Only possible inside an `@action`."""
    pending = _pending.get()
    if pending is None:
        raise RuntimeError(f"{verb}: an event can only be recorded inside an @action")
    citizen_id = getattr(citizen, "pk", None) or getattr(case, "citizen_id", None)
    pending.append(
        Event(
            municipality_id=by.municipality_id,
            on=on or timezone.localdate(),
            verb=verb,
            staff_id=by.pk,
            staff_name=by.name,
            behalf_of_id=getattr(by, "behalf_of_id", None),
            object_type=thing._meta.label_lower,
            object_id=thing.pk,
            case_id=getattr(case, "pk", None),
            citizen_id=citizen_id,
            data=plain(data),
        )
    )

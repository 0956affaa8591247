"""Of files that come again one is in use at a time; the caller holds the lock on what they belong to."""

from typing import Any

from django.db.models import Manager
from django.utils import timezone


def take(row: Any, siblings: "Manager[Any]") -> None:
    """This one from now on. Those before are kept."""
    state = type(row).State
    siblings.filter(state=state.USED).update(state=state.READ)
    row.state, row.used_at = state.USED, timezone.now()
    row.save(update_fields=["state", "used_at"])


def undo(row: Any, siblings: "Manager[Any]") -> Any:
    """Withdrawn whole. The one used before it takes its place again, and is returned; None when there is none, or this one was not in use."""
    state = type(row).State
    was_used, row.state = row.state == state.USED, state.WITHDRAWN
    row.save(update_fields=["state"])
    earlier = siblings.filter(state=state.READ, used_at__isnull=False).order_by("-used_at").first() if was_used else None
    if earlier is not None:
        earlier.state = state.USED
        earlier.save(update_fields=["state"])
    return earlier

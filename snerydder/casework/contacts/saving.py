"""From what a phone sent to the rows of an entry, and back to what the phone is told."""

import hashlib
import json
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from snerydder.access.models import Staff
from snerydder.audit.action import Refusal
from snerydder.casework.contacts import actions, queries
from snerydder.casework.contacts.forms import ContactForm, usual
from snerydder.casework.contacts.models import Contact
from snerydder.ui import forms

DRAFT_FIELDS = (
    "cases", "form", "minutes", "other_minutes", "help", "goal", "note", "day_day", "day_month", "day_year", "time",
)  # fmt: skip
USUAL = ("form", "minutes", "help", "note")
MOST = 40_000  # characters of a draft: four full notes


def save(staff: Staff, entry: UUID, case_ids: list[UUID], **facts: Any) -> actions.Logged:
    """Two statements in the usual case, sign-in apart: who the person is, and the contact."""
    plain = len(case_ids) == 1 and facts["at"] is None and facts["goal_id"] is None
    if plain and (pk := actions.log_own(entry, case_ids[0], by=staff, **{name: facts[name] for name in USUAL})):
        return actions.Logged([Contact.from_db(None, ["id", "entry"], [pk, entry])], "new")  # its keys; the rest is read when asked for
    cases, known = queries.chosen(staff, case_ids, entry)
    if len(cases) < len(set(case_ids)):
        raise Refusal(_("Du kan ikke skrive kontakt på en af de valgte sager."), mend=_("Vælg blandt dine egne borgere."), field="cases")
    if facts["goal_id"] and (len(cases) > 1 or not queries.is_goal_of(facts["goal_id"], cases[0])):
        facts["goal_id"] = None  # a goal belongs to one citizen
    return actions.log_entry(entry, cases, by=staff, known=known, **facts)


def send(staff: Staff, posted: Any) -> tuple[actions.Logged | None, ContactForm | None]:
    """What was posted becomes an entry, or a form that says what is wrong. The usual contact needs no form at all."""
    facts = usual(posted)
    if facts is not None:
        with suppress(Refusal):  # the form says it
            return save(staff, **facts), None
    form = ContactForm(posted)
    done = forms.run(form, lambda facts: save(staff, **facts))
    return (form.outcome if done else None), form


def answer(logged: actions.Logged) -> dict[str, Any]:
    """What a program on the phone is told. The receipt is of what stands in the database, so that both can compare."""
    rows = queries.stored([row.pk for row in logged.rows])
    return {"ids": [str(row.pk) for row in rows], "receipt": receipt(rows), "how": logged.how}


def receipt(rows: Iterable[Contact]) -> str:
    """SHA-256 of the rows as stored: JSON with sorted keys and no spaces, rows in the order of their ids."""
    said = [
        {
            "id": str(row.pk), "case": str(row.case_id), "at": row.at.astimezone(UTC).isoformat(timespec="seconds"), "form": row.form,
            "minutes": row.minutes, "counted": row.counted_minutes, "help": row.help, "goal": str(row.goal_id or ""), "note": row.note,
            "withdrawn": row.withdrawn,
        }
        for row in sorted(rows, key=lambda row: str(row.pk))
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()).hexdigest()


def draft_content(posted: Any) -> dict[str, list[str]] | None:
    """What is kept of a half-written form, or None when it is more than a draft may hold."""
    found = {name: posted.getlist(name) for name in DRAFT_FIELDS if any(posted.getlist(name))}
    return found if sum(len(value) for values in found.values() for value in values) <= MOST else None


def initial_of(content: dict[str, list[str]]) -> dict[str, Any]:
    """A draft as the form shows it again."""
    many = {name: content[name] for name in ("cases", "help") if name in content}
    one = {name: values[0] for name, values in content.items() if name not in many and not name.startswith("day_")}
    parts = {part: (content.get(f"day_{part}") or [""])[0] for part in ("day", "month", "year")}
    return many | one | ({"day": parts} if any(parts.values()) else {})

"""Asking, answering, taking it further, closing. The night asks; people do the rest, each in their own name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from snerydder.access.models import Staff
from snerydder.access.permissions import Permission
from snerydder.audit.action import Conflict, Refusal, action
from snerydder.audit.events import record
from snerydder.casework.contacts.models import Contact
from snerydder.casework.questions.models import AskedContact, Question
from snerydder.casework.questions.signs import ALL

Outcome = Question.Outcome
NOBODY = UUID(int=0)


@dataclass(frozen=True)
class TheNight:
    """Who asks: the nightly run, and nobody in particular."""

    municipality_id: int
    pk: UUID = NOBODY
    name: str = "Den natlige gennemgang"  # da: as it stands in the trail


@action
def ask(sign: str, about: Staff, contacts: Sequence[Contact], facts: dict[str, Any], *, named: Staff, by: Any, shown: Sequence[Contact] = (), on: date | None = None) -> Question:
    """Put a question about these contacts to the one whose they are, with somebody named to see to it."""
    day = on or timezone.localdate()
    question = Question.objects.create(municipality_id=about.municipality_id, sign=sign, about=about, named=named, facts=facts, asked_on=day, holds=ALL[sign].HOLDS)
    AskedContact.objects.bulk_create([
        AskedContact(municipality_id=about.municipality_id, question=question, contact=contact, sign=sign, corrections=contact.corrections, only_shown=only_shown)
        for rows, only_shown in ((contacts, False), (shown, True)) for contact in rows
    ])  # fmt: skip
    record("questions.ask", question, by=by, on=day, sign=sign, about=about.name, named=named.name, contacts=[contact.pk for contact in contacts], facts=facts)
    return question


def _locked(question: Question, *, is_open: bool = True) -> Question:
    found = Question.objects.select_for_update(of=("self",)).select_related("about", "named").get(pk=question.pk)
    if found.is_open is not is_open:
        raise Conflict(_("Spørgsmålet er afsluttet.") if is_open else _("Spørgsmålet er åbent."), mend=_("Se det igennem igen."))
    return found


def _said(text: str, field: str) -> str:
    if not text.strip():
        raise Refusal(_("Der er ikke skrevet noget."), mend=_("Skriv en sætning."), field=field)
    return text.strip()[:4000]


@action
def answer(question: Question, *, by: Staff, answer: str, on: date | None = None) -> Question:
    """The mentor's own words. They may be changed until the question is closed; what stood before is in the history."""
    row, day = _locked(question), on or timezone.localdate()
    if row.about_id != by.pk:
        raise Refusal(_("Spørgsmålet er til %(name)s.") % {"name": row.about.name})
    before, row.answer, row.answered_on = row.answer, _said(answer, "answer"), day
    row.save(update_fields=["answer", "answered_on"])
    record("questions.answer", row, by=by, on=day, before=before, after=row.answer)
    return row


def _may_see_to(question: Question, by: Staff) -> None:
    if question.about_id == by.pk:
        raise Refusal(_("Spørgsmålet handler om dine egne kontakter."), mend=_("Svar på det, og lad en anden afslutte det."))
    if not by.may(Permission.CLOSE_QUESTION):
        raise Refusal(_("Det er %(name)s, der tager sig af spørgsmålet.") % {"name": question.named.name})


@action
def pass_on(question: Question, *, by: Staff, leader: Staff, reason: str, on: date | None = None) -> Question:
    """Take it to a leader. It stays open, and payment that waits goes on waiting."""
    row, day = _locked(question), on or timezone.localdate()
    _may_see_to(row, by)
    if "leader" not in leader.roles or not leader.active or leader.pk == row.about_id:
        raise Refusal(_("Vælg en leder, som spørgsmålet ikke handler om."), field="leader")
    before, row.named, row.with_leader = row.named.name, leader, True
    row.save(update_fields=["named", "with_leader"])
    record("questions.pass_on", row, by=by, on=day, before=before, after=leader.name, reason=_said(reason, "reason"))
    return row


@action
def close(question: Question, *, by: Staff, outcome: str, reason: str, on: date | None = None) -> Question:
    """End it, with one of the outcomes and some words. Only a leader can send it on to the procedure for suspected fraud."""
    row, day = _locked(question), on or timezone.localdate()
    _may_see_to(row, by)
    if outcome not in Outcome.values:
        raise Refusal(_("Vælg hvad det endte med."), field="outcome")
    if outcome == Outcome.PROCEDURE and "leader" not in by.roles:
        raise Refusal(_("Det er lederen, der afgør det."), mend=_("Tag spørgsmålet op med lederen."), field="outcome")
    if row.with_leader and "leader" not in by.roles:
        raise Refusal(_("Spørgsmålet er taget op med %(name)s.") % {"name": row.named.name}, mend=_("Det er lederen, der afslutter det."))
    if outcome == Outcome.CORRECTED and not is_changed(row):
        raise Refusal(_("Ingen af kontakterne er rettet eller slettet."), mend=_("Bed mentoren om at rette den først, eller vælg et andet udfald."), field="outcome")
    row.outcome, row.reason, row.closed_by, row.closed_on = outcome, _said(reason, "reason"), by, day
    row.save(update_fields=["outcome", "reason", "closed_by", "closed_on"])
    record("questions.close", row, by=by, on=day, outcome=outcome, reason=row.reason)
    return row


def is_changed(question: Question) -> bool:
    """Some contact is no longer as it was when it was asked about."""
    asked = AskedContact.objects.filter(question=question).select_related("contact")
    return any(each.contact.withdrawn or each.contact.corrections != each.corrections for each in asked)


@action
def reopen(question: Question, *, by: Staff, reason: str, on: date | None = None) -> Question:
    """Something new has come up, or it was closed by mistake. What was said stands in the history."""
    row, day = _locked(question, is_open=False), on or timezone.localdate()
    _may_see_to(row, by)
    before = {"outcome": row.outcome, "reason": row.reason}
    row.outcome, row.reason, row.closed_by, row.closed_on = "", "", None, None
    row.save(update_fields=["outcome", "reason", "closed_by", "closed_on"])
    record("questions.reopen", row, by=by, on=day, before=before, reason=_said(reason, "reason"))
    return row

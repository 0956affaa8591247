"""To answer, in one's own voice and only while the round is open; and to ask the citizens by text message."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from snerydder.access.models import Municipality, Staff
from snerydder.access.tenancy import within
from snerydder.audit.action import Conflict, Refusal, action
from snerydder.audit.events import record
from snerydder.audit.models import Outbox
from snerydder.casework.cases.models import Case
from snerydder.casework.payments.codes import code_of, hash_of
from snerydder.casework.surveys import queries
from snerydder.casework.surveys.instrument import Instrument, newest
from snerydder.casework.surveys.models import SurveyAnswer, SurveyRequest
from snerydder.casework.surveys.rhythm import Wave, wave_on

KIND = "sms.survey"
Voice = SurveyAnswer.Voice


@dataclass(frozen=True)
class Nobody:
    """The citizen by the code, or the nightly run: no member of staff."""

    municipality_id: int
    name: str
    pk: UUID = UUID(int=0)


def _open(instrument: Instrument, case: Case, day: date) -> Wave:
    wave = wave_on(instrument, case.started_on, day) if case.closed_on is None else None
    if wave is None:
        raise Refusal(_("Spørgeskemaet er ikke åbent nu."), _("Det åbner på faste tidspunkter, så svarene kan sammenlignes."), _("Svar, når det står på din liste igen."))
    return wave


def _alone(case: Case) -> None:
    """One at a time for each case: two who answer or ask at once are told so, and not by a fault of the database."""
    Case.objects.select_for_update(of=("self",)).get(pk=case.pk)


def _keep(case: Case, voice: str, wave: Wave, answers: Mapping[str, int], by: Staff | None, day: date) -> SurveyAnswer:
    instrument = newest(voice)
    if not instrument.fits(answers):
        raise Refusal(_("Svar på mindst ét af spørgsmålene."))
    _alone(case)
    if SurveyAnswer.objects.filter(case=case, voice=voice, wave=wave.number).exists():
        raise Conflict(_("Der er allerede svaret i denne runde."))
    told = {"instrument": instrument.key, "version": instrument.version, "wave": wave.number, "due_on": wave.due, "answered_on": day, "answered_by": by, "answers": dict(answers)}
    return SurveyAnswer.objects.create(municipality_id=case.municipality_id, case=case, voice=voice, **told)


@action
def answer(case: Case, *, by: Staff, voice: str, answers: Mapping[str, int], on: date | None = None) -> SurveyAnswer:
    """The mentor's or the caseworker's own answer. The trail says that there was one, not what it was."""
    day = on or timezone.localdate()
    if voice != queries.voice_of(case, by):
        raise Refusal(_("Spørgeskemaet er til den, der har sagen."))
    row = _keep(case, voice, _open(newest(voice), case, day), answers, by, day)
    record("surveys.answer", row, by=by, case=case, on=day, wave=row.wave)
    return row


@action
def ask(case: Case, *, by: Staff | Nobody, on: date | None = None) -> SurveyRequest:
    """A text message waits in the outbox; the code can be read aloud as well."""
    day = on or timezone.localdate()
    wave = _open(newest(Voice.CITIZEN), case, day)
    _alone(case)
    if SurveyRequest.objects.filter(case=case, wave=wave.number).exists():
        raise Conflict(_("Borgeren er allerede spurgt i denne runde."))
    row = SurveyRequest(municipality_id=case.municipality_id, case=case, wave=wave.number, due_on=wave.due, asked_on=day, expires_on=wave.closes)
    row.code_hash = hash_of(code_of(row))
    row.save(force_insert=True)
    Outbox.objects.create(municipality_id=case.municipality_id, kind=KIND, object_id=row.pk, case_id=case.pk)
    record("surveys.ask", row, by=by, case=case, on=day, wave=row.wave)
    return row


def answer_by_code(request: SurveyRequest, answers: Mapping[str, int], on: date | None = None) -> SurveyAnswer:
    return _answer_by_code(request, answers, on, by=Nobody(request.municipality_id, _("Borgeren"), request.pk))


@action
def _answer_by_code(request: SurveyRequest, answers: Mapping[str, int], on: date | None, *, by: Nobody) -> SurveyAnswer:
    day = on or timezone.localdate()
    found = SurveyRequest.objects.select_for_update(of=("self",)).select_related("case").get(pk=request.pk)
    if found.answered_at is not None or found.expires_on < day:
        raise Refusal(_("Spørgsmålet er besvaret, eller koden er for gammel."))
    wave = Wave(found.wave, found.due_on, found.asked_on, found.expires_on)
    row = _keep(found.case, Voice.CITIZEN, wave, answers, None, day)
    found.answered_at = timezone.now()
    found.save(update_fields=["answered_at"])
    record("surveys.answer", row, by=by, case=found.case, on=day, wave=row.wave)
    return row


def ask_all(municipality: int, day: date, *, by: Staff | Nobody) -> int:
    """The citizens whose round is open and who have not been asked. One whom somebody else asks meanwhile is passed over."""
    asked = 0
    for case in queries.to_ask(municipality, day):
        with suppress(Refusal):
            ask(case, by=by, on=day)
            asked += 1
    return asked


def run(day: date | None = None) -> int:
    """Every night, in every municipality."""
    today, asked = day or timezone.localdate(), 0
    for municipality in Municipality.objects.order_by("pk").values_list("pk", flat=True):
        with within(municipality):
            asked += ask_all(municipality, today, by=Nobody(municipality, "Den natlige gennemgang"))  # da: as it stands in the trail
    return asked

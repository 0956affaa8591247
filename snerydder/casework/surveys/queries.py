"""Who is to answer now, and what was answered, counted. Nobody sees another's answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from snerydder.access import scope
from snerydder.access.models import Staff
from snerydder.access.tenancy import set_context
from snerydder.casework.cases.models import OPEN, Case
from snerydder.casework.payments.codes import hash_of
from snerydder.casework.surveys.instrument import VOICES, by_name, newest
from snerydder.casework.surveys.models import SurveyAnswer, SurveyRequest
from snerydder.casework.surveys.rhythm import Wave, wave_on

LEAST = 5  # answers about fewer citizens are not shown
COUNTED = timedelta(weeks=26)  # the answers of the last two rounds


@dataclass(frozen=True)
class Due:
    case: Case
    voice: str
    wave: Wave


def voice_of(case: Case, staff: Staff) -> str:
    """Whose answer this person can give: the mentor's before the caseworker's, and nobody else's."""
    mine = set(scope.actors(staff))
    if case.mentor_id and case.mentor and case.mentor.staff_id in mine:
        return SurveyAnswer.Voice.MENTOR
    return SurveyAnswer.Voice.CASEWORKER if case.caseworker_id in mine else ""


def due(staff: Staff, day: date) -> list[Due]:
    """The person's own cases whose round is open and unanswered, the one that closes first on top. Two questions."""
    mine = Q(mentor__staff__in=scope.actors(staff)) | Q(caseworker__in=scope.actors(staff))
    cases = list(scope.rows(Case, staff).filter(OPEN, mine, started_on__isnull=False).select_related("citizen", "mentor__staff"))
    found = []
    for case in cases:
        voice = voice_of(case, staff)
        if voice and (wave := wave_on(newest(voice), case.started_on, day)):
            found.append(Due(case, voice, wave))
    said = set(SurveyAnswer.objects.filter(case__in=[each.case for each in found]).values_list("case", "voice", "wave"))
    return sorted((each for each in found if (each.case.pk, each.voice, each.wave.number) not in said), key=lambda each: (each.wave.closes, each.case.number))


def waits_for(case: Case, voice: str, day: date) -> Wave | None:
    """The round this voice can answer now about the case."""
    wave = wave_on(newest(voice), case.started_on, day) if voice and case.closed_on is None else None
    return None if wave is None or SurveyAnswer.objects.filter(case=case, voice=voice, wave=wave.number).exists() else wave


def to_ask(municipality: int, day: date) -> list[Case]:
    """Citizens whose round is open, who have not been asked in it."""
    rows = Case.objects.filter(OPEN, municipality=municipality, started_on__isnull=False).select_related("citizen").order_by("number")
    asked = set(SurveyRequest.objects.filter(municipality=municipality, expires_on__gte=day).values_list("case", "wave"))
    instrument = newest(SurveyAnswer.Voice.CITIZEN)
    return [case for case in rows if (wave := wave_on(instrument, case.started_on, day)) and (case.pk, wave.number) not in asked]


def request_behind(code: str) -> SurveyRequest | None:
    """The round a code opens, and the context set to its municipality."""
    number = code.partition("-")[0]
    if not (number.isascii() and number.isdigit() and len(number) == 3):
        return None
    set_context(int(number))
    open_ones = SurveyRequest.objects.filter(code_hash=hash_of(code), answered_at__isnull=True, expires_on__gte=timezone.localdate())
    found = open_ones.select_related("case__mentor__staff", "municipality").first()
    if found is None:
        set_context(None)
    return found


@dataclass(frozen=True)
class Said:
    """What one voice says of one factor: so many yeses of so many answers, about so many citizens."""

    voice: str
    yes: int
    of: int
    citizens: int

    @property
    def shown(self) -> bool:
        return self.citizens >= LEAST


def said(staff: Staff, unit: UUID | None, day: date) -> dict[int, list[Said]]:
    """{factor: each voice}, of the last two rounds. A unit is held back when it or all the others have answers about fewer than five citizens. One question."""
    rows = SurveyAnswer.objects.filter(municipality=staff.municipality_id, answered_on__gt=day - COUNTED, answered_on__lte=day)
    found = {(factor, voice): _Heard() for factor in (1, 2, 3, 4) for voice in VOICES}
    for voice, key, version, answers, case, of in rows.values_list("voice", "instrument", "version", "answers", "case", "case__unit"):
        for factor, (yes, whole) in by_name(key, version).score([answers]).items():
            heard = found[factor, voice]
            if unit is None or of == unit:
                heard.yes, heard.of = heard.yes + yes, heard.of + whole
                heard.here.add(case)
            else:
                heard.rest.add(case)
    return {factor: [found[factor, voice].said(voice) for voice in VOICES] for factor in (1, 2, 3, 4)}


@dataclass
class _Heard:
    """A citizen answers in both rounds, so the answers are not the citizens."""

    yes: int = 0
    of: int = 0
    here: set[UUID] = field(default_factory=set)
    rest: set[UUID] = field(default_factory=set)

    def said(self, voice: str) -> Said:
        few = len(self.here) < LEAST or 0 < len(self.rest) < LEAST
        return Said(voice, 0, 0, 0) if few else Said(voice, self.yes, self.of, len(self.here))


def counts(staff: Staff, day: date) -> dict[str, Any]:
    """How many are to be asked, and how many have answered in the last two rounds, voice by voice."""
    rows = SurveyAnswer.objects.filter(municipality=staff.municipality_id, answered_on__gt=day - COUNTED)
    found = list(rows.values_list("voice", flat=True))
    asked = SurveyRequest.objects.filter(municipality=staff.municipality_id, asked_on__gt=day - COUNTED)
    waits = asked.filter(~Exists(SurveyAnswer.objects.filter(case=OuterRef("case"), voice="citizen", wave=OuterRef("wave"))), expires_on__gte=day).count()
    return {"answers": {voice: found.count(voice) for voice in VOICES}, "waits": waits, "to_ask": len(to_ask(staff.municipality_id, day))}

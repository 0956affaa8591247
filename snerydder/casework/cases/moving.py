"""What every verb on a case begins and ends with: lock the row, tell who was first, move it, keep what the law said."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from snerydder.audit.action import Conflict, Refusal
from snerydder.audit.models import Event
from snerydder.casework.cases.history import WORDS
from snerydder.casework.cases.models import Case, StoredVerdict
from snerydder.casework.cases.spoken import kept
from snerydder.casework.cases.states import TRANSITIONS, Stage
from snerydder.law import Verdict
from snerydder.ui.formats import klokken

LONGEST = 10_000
# Events that leave the version of the case as it was: nobody is told about them as "the first".
QUIET = ("contacts.log", "contacts.correct", "contacts.withdraw", "contacts.restore", "agreements.veto", "agreements.lift_veto")


def guard(case: Case, version: int | None) -> Case:
    """Lock the case row. When `version` is not the one the person saw, tell what somebody else did first."""
    fresh = Case.objects.select_for_update(of=("self",)).select_related("citizen", "mentor", "caseworker", "unit").get(pk=case.pk)
    if version is not None and version != fresh.version:
        last = Event.objects.filter(municipality_id=case.municipality_id, case_id=case.pk).exclude(verb__in=QUIET).order_by("-id").first()
        told = {"who": last.staff_name, "what": describe(last.verb), "when": klokken(last.at)} if last else {}
        raise Conflict(
            _("%(who)s har netop %(what)s (%(when)s).") % told if told else _("En anden har netop ændret sagen."),
            _("Sagen er derfor ikke, som da du åbnede siden."),
            _("Det, du har skrevet, er ikke gemt i sagen, men står stadig her. Se sagen igennem, og send igen, hvis det stadig er rigtigt."),
        )
    return fresh


def describe(verb: str) -> str:
    """What an event says in the history, after the person's name: "Bente har ..." """
    return str(WORDS.get(verb, _("ændret sagen")))


def enter(case: Case, stage: str, **fields: Any) -> Case:
    """Move the locked case to a stage, if that may follow. Every change of the case raises its version."""
    if stage != case.stage and stage not in TRANSITIONS[case.stage]:
        raise Refusal(
            _("Det kan ikke gøres nu, for sagen er %(now)s.") % {"now": Stage(case.stage).label},
            mend=_("Se på sagen, hvad der er næste trin."),
        )
    case.stage = stage
    for field, value in fields.items():
        setattr(case, field, value)
    case.version += 1
    case.save(update_fields=["stage", "version", *fields])
    return case


def touch(case: Case, **fields: Any) -> Case:
    """Change fields of the case without moving it."""
    return enter(case, case.stage, **fields)


def must_be_open(case: Case) -> None:
    if case.closed_on is not None:
        raise Refusal(_("Sagen er %(now)s.") % {"now": Stage(case.stage).label}, mend=_("Genåbn den først."))


def earliest(*days: date | None) -> date | None:
    return min((day for day in days if day), default=None)


def words(text: str, field: str, missing: str, least: int = 1) -> str:
    """What a person wrote, trimmed. `missing` is said when it is empty or shorter than `least` letters."""
    kept = text.replace("\0", "").replace("\r\n", "\n").strip()
    if len(kept) < least:
        raise Refusal(missing, field=field)
    if len(kept) > LONGEST:
        raise Refusal(
            _("Teksten er for lang: %(length)s tegn.") % {"length": len(kept)}, mend=_("Skriv højst %(most)s tegn.") % {"most": LONGEST}, field=field
        )
    return kept


def keep_verdicts(case: Case, step: str, object_id: Any, verdicts: Iterable[Verdict], on: date) -> None:
    StoredVerdict.objects.bulk_create(
        StoredVerdict(
            municipality_id=case.municipality_id, case=case, step=step, object_id=object_id, check_id=verdict.check, level=str(verdict.level),
            what=kept([verdict.what]), mend=kept([verdict.mend]), citation=verdict.citation_text[:200], judged_on=on, law_version=verdict.law_version,
        )
        for verdict in verdicts
    )

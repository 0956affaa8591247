"""A municipality's file comes in: held against the round, the key, the draw and itself, and then kept whole or refused whole."""

import json
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from snerydder.access.models import Staff
from snerydder.access.signing import is_signed, short
from snerydder.audit.action import Conflict, Refusal, action
from snerydder.audit.events import record
from snerydder.casework.inspections import guide
from snerydder.casework.inspections.across.sending import ANY, FORMAT, tally
from snerydder.casework.inspections.actions import locked
from snerydder.casework.inspections.models import Answer, Member, Sample
from snerydder.casework.inspections.published.verify_draw import faults
from snerydder.casework.inspections.states import SampleState

LARGEST = 20 * 1024 * 1024
TAKING = (SampleState.FROZEN, SampleState.DRAWN)


@action
def receive(sample: Sample, content: bytes, *, by: Staff, on: date | None = None) -> Member:
    day, sample = on or timezone.localdate(), locked(sample)
    if sample.state not in TAKING:
        raise Refusal(_("Runden er %(state)s.") % {"state": SampleState(sample.state).label}, mend=_("Den tager ikke mod flere svar."))
    told = _read(content)
    member = _sender(sample, told)
    _same_as_before(member, told)
    try:
        problem = _list(sample, member, told) or _procedures(sample, told) or _cases(sample, member, told)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError):
        problem = _("Noget i filen mangler eller kan ikke læses.")
    if problem:
        raise Refusal(problem, mend=_("Bed %(town)s hente en ny svarfil.") % {"town": member.name})
    if (member.procedures, member.cases) == (told["procedures"], told["cases"]):
        raise Conflict(_("Filen fra %(town)s er modtaget før.") % {"town": member.name})
    member.key, member.list_hash, member.listed_on = told["key"], told["sample"]["list_sha256"], member.listed_on or day
    member.cases_there = len(told["sample"]["list"]) - 1
    member.procedures, member.cases, member.received_on, member.received_by = told["procedures"], told["cases"], day, by
    member.save(update_fields=["key", "list_hash", "listed_on", "cases_there", "procedures", "cases", "received_on", "received_by"])
    record("inspections.receive", sample, by=by, on=day, town=member.name, key=short(member.key), cases=member.cases is not None)
    return member


def _read(content: bytes) -> dict[str, Any]:
    try:
        told = json.loads(content) if len(content) <= LARGEST else None
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict) or told.get("format") != FORMAT:
        raise Refusal(_("Det er ikke en svarfil."), mend=_("Kommunen henter den på sin stikprøve: Hent svarfilen."))
    if not is_signed(told):
        raise Refusal(_("Underskriften passer ikke."), _("Filen er ændret, efter at kommunen hentede den."), _("Bed kommunen hente en ny."))
    return told


def _sender(sample: Sample, told: dict[str, Any]) -> Member:
    if told.get("round") != sample.list_hash:
        raise Refusal(_("Filen svarer på en anden runde."), mend=_("Se efter, om det er den rigtige fil."))
    where = told.get("municipality")
    number = where.get("number") if isinstance(where, dict) else None
    member = Member.objects.filter(sample=sample, code=number).first() if isinstance(number, int) else None
    if member is None:
        raise Refusal(_("Kommunen er ikke med i runden."))
    return member


def _same_as_before(member: Member, told: dict[str, Any]) -> None:
    if member.key and member.key != told["key"]:
        raise Refusal(
            _("Filen er skrevet under med en anden nøgle end %(town)s brugte før.") % {"town": member.name},
            mend=_("Ring til kommunen, og hør, hvilken nøgle den har."),
        )  # fmt: skip
    mark = told["sample"].get("list_sha256") if isinstance(told.get("sample"), dict) else None
    if member.list_hash and member.list_hash != mark:
        raise Refusal(
            _("%(town)s har sendt en anden liste over sager end første gang.") % {"town": member.name}, _("Listen blev frosset, før tallet var kendt."),
            _("Bed om filen fra den rigtige stikprøve."),
        )  # fmt: skip


def _list(sample: Sample, member: Member, told: dict[str, Any]) -> str:
    given = told["sample"]
    head = json.loads(given["list"][0])
    asks = json.loads(sample.list_text.partition("\n")[0])["round_asks"]
    if found := faults(given):
        return str(found[0])
    if head["round"] != sample.list_hash or told["guide"] != sample.guide:
        return _("Listen over sager er ikke lavet til runden.")
    if any(group["size"] != min(asks["cases_each"], group["population"]) for group in head["strata"]) or len(head["strata"]) > 1:
        return _("Der er ikke trukket det antal sager, runden beder om.")
    if given["seed"] and given["seed"] != sample.seed:
        return _("Kommunen har trukket lod med et andet tal.")
    return ""


def _procedures(sample: Sample, told: dict[str, Any]) -> str:
    lines = set(guide.lines_of(sample.guide, part=1))
    right = set(told["procedures"]) == lines and all(
        verdict in Answer.Verdict.values and 0 <= followed <= judged for verdict, followed, judged in told["procedures"].values()
    )
    return "" if right else _("Svarene om forretningsgange passer ikke til spørgeguiden.")


def _cases(sample: Sample, member: Member, told: dict[str, Any]) -> str:
    figures, drawn = told["cases"], len(told["sample"]["drawn"])
    if figures is None:
        return ""
    if member.rank is None:
        return _("%(town)s er ikke udtrukket, så der skal ikke tal med om sagerne.") % {"town": member.name}
    lines = {*guide.lines_of(sample.guide, part=2), ANY}
    if set(figures) != lines or any(len(counts) != 3 or any(not isinstance(each, int) or each < 0 for each in counts) for counts in figures.values()):
        return _("Tallene om sagerne passer ikke til spørgeguiden.")
    if set(tally(figures)) != {drawn}:
        return _("Tallene om sagerne giver ikke det antal, der er udtrukket.")
    if figures[ANY][1] < max(counts[1] for key, counts in figures.items() if key != ANY):
        return _("Færre sager har mindst én mangel, end der mangler i en enkelt linje.")
    return ""

"""A municipality in a round: it freezes its own cases for it, before anybody knows the number."""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from snerydder.access.models import Staff
from snerydder.audit.action import Refusal
from snerydder.casework.inspections import actions, guide, lists
from snerydder.casework.inspections.models import Member, Sample
from snerydder.casework.inspections.population import Wanted
from snerydder.casework.inspections.published.verify_draw import faults


@dataclass(frozen=True)
class Call:
    """What the file of a round says."""

    mark: str
    issuer: str
    title: str
    first: date
    last: date
    each: int
    guide: str
    seed_source: str
    seed_day: date
    answer_by: date
    codes: frozenset[int]


def read(content: bytes) -> Call:
    """The published list of a round. Refused whole when anything in it does not agree."""
    try:
        told = json.loads(content)
        head, *tickets = [json.loads(line) for line in told["list"]]
        asks = head["round_asks"]
        if told["format"] != lists.FORMAT or [each["key"] for each in head["strata"]] != [Member.STRATUM] or faults(told):
            raise ValueError
        days = {name: date.fromisoformat(asks[name]) for name in ("first", "last", "answer_by")}
        return Call(
            told["list_sha256"], str(head["municipality"]), str(asks["title"]), days["first"], days["last"], int(asks["cases_each"]), str(asks["guide"]),
            str(head["seed_source"]), date.fromisoformat(head["seed_day"]), days["answer_by"], frozenset(int(each["case"][:3]) for each in tickets),
        )
    except (KeyError, TypeError, ValueError, AttributeError, IndexError):
        what, mend = _("Filen er ikke listen til en runde, eller den er ændret."), _("Hent den igen hos den, der holder runden.")
        raise Refusal(what, mend=mend, field="file") from None


def join(call: Call, *, by: Staff, on: date | None = None) -> Sample:
    """The municipality's own sample, by the ordinary verb, with the mark of the round in its list."""
    day = on or timezone.localdate()
    if by.municipality_id not in call.codes:
        raise Refusal(_("%(town)s er ikke med i runden.") % {"town": by.municipality.name}, mend=_("Spørg den, der holder runden."), field="file")
    try:
        guide.of(call.guide)
    except guide.UnknownGuide:
        raise Refusal(_("Runden bruger spørgeguide %(guide)s, som ikke er her.") % {"guide": call.guide}, mend=_("Snerydder skal opdateres."), field="file") from None
    if call.seed_day < day:
        why = _("Listen over sager skal fryses, før tallet er kendt.")
        raise Refusal(_("Det er for sent at deltage: tallet er kendt."), why, _("Aftal det med den, der holder runden."), field="file")
    wanted = Wanted(first=call.first, last=call.last, size=call.each)
    told: dict[str, Any] = {"seed_source": call.seed_source, "seed_day": call.seed_day, "answer_by": call.answer_by}
    return actions.freeze(by=by, title=f"{call.title} ({call.issuer})"[:120], wanted=wanted, round_hash=call.mark, on=day, **told)

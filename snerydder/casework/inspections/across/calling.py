"""Whoever inspects: the list of municipalities is frozen, and with it what every one of them is asked."""

from collections.abc import Sequence
from datetime import date
from functools import cache
from pathlib import Path

from django.utils import timezone
from django.utils.translation import gettext as _

from snerydder.access.models import Staff
from snerydder.audit.action import Refusal, action
from snerydder.casework.inspections import actions, guide
from snerydder.casework.inspections.models import Member, Sample

Town = tuple[int, str]


@cache
def all_towns() -> str:
    """The 98 municipalities, one a line: number and name."""
    return (Path(__file__).parent / "municipalities.txt").read_text("utf-8")


def towns_of(text: str) -> list[Town]:
    """As typed: number and name, one a line."""
    found: list[Town] = []
    for place, line in enumerate(text.splitlines(), start=1):
        number, _space, name = line.strip().partition(" ")
        if not line.strip():
            continue
        if not (number.isascii() and number.isdigit() and len(number) == 3 and name.strip()):
            raise Refusal(_("Linje %(place)s kan ikke læses.") % {"place": place}, mend=_("Skriv kommunens tre cifre, et mellemrum og navnet."), field="towns")
        found.append((int(number), name.strip()))
    if twice := {number for number, _name in found if [each for each, _ in found].count(number) > 1}:
        raise Refusal(_("Kommune %(number)s står der to gange.") % {"number": f"{min(twice):03d}"}, mend=_("Slet den ene linje."), field="towns")
    return found


@action
def call(
    *, by: Staff, title: str, towns: Sequence[Town], first: date, last: date, size: int, each: int, seed_source: str, seed_day: date, answer_by: date,
    on: date | None = None,
) -> Sample:  # fmt: skip
    """`size` municipalities are drawn, and in each of them `each` cases. All of them answer about their procedures."""
    day = on or timezone.localdate()
    actions.dates_hold(day, seed_day, answer_by)
    if len(towns) < 2:
        raise Refusal(_("En runde har mindst to kommuner."), mend=_("Skriv flere kommuner."), field="towns")
    stratum = {"key": Member.STRATUM, "text": "Alle kommuner i runden", "population": len(towns), "size": min(size, len(towns))}  # da: the list is Danish
    sample = Sample(
        municipality_id=by.municipality_id, number=actions.next_number(by), kind=Sample.Kind.MUNICIPALITIES, title=title.strip(),
        guide=guide.current().version, population=len(towns), strata=[stratum], seed_source=seed_source.strip(), seed_day=seed_day, frozen_on=day,
        frozen_by=by, answer_by=answer_by,
    )  # fmt: skip
    members = [
        Member(municipality_id=by.municipality_id, sample=sample, number=number, code=code, name=name)
        for number, (code, name) in enumerate(sorted(towns), start=1)
    ]
    asked = {"title": sample.title, "first": str(first), "last": str(last), "cases_each": each, "guide": sample.guide, "answer_by": str(answer_by)}
    actions.save_frozen(sample, {"round_asks": asked}, members, by)
    Member.objects.bulk_create(members)
    return sample

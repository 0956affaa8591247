"""What leaves a municipality: its list without names, its procedures, and how many of the drawn cases lack what. Figures, no case."""

from collections import Counter
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from snerydder.access.models import Staff
from snerydder.access.signing import signed
from snerydder.audit.action import Refusal, action
from snerydder.audit.events import record
from snerydder.casework.inspections import guide, lists, procedures, queries
from snerydder.casework.inspections.models import Answer, Sample

FORMAT = "snerydder-svar-1"
ANY = "any"  # cases that lack at least one thing


@action
def send(sample: Sample, *, by: Staff, on: date | None = None) -> dict[str, Any]:
    """The signed file: procedures as soon as they are answered, the cases when every one of them is."""
    day = on or timezone.localdate()
    if not sample.round_hash:
        raise Refusal(_("Stikprøven hører ikke til en runde."))
    lines = guide.lines_of(sample.guide, part=1)
    answers = dict(Answer.objects.filter(sample=sample, drawn_case=None).values_list("line", "verdict"))
    if set(answers) != set(lines):
        raise Refusal(_("Der mangler svar om forretningsgangene."), mend=_("Svar på dem, og hent så filen."))
    kept = {each.line.key: each for each in procedures.register(by, day)}
    told = {
        "format": FORMAT, "round": sample.round_hash, "guide": sample.guide, "sent_on": str(day),
        "municipality": {"number": sample.municipality_id, "name": sample.municipality.name},
        "procedures": {key: [answers[key], kept[key].followed, kept[key].judged] for key in lines},
        "cases": _figures(sample), "sample": lists.published(sample, queries.drawn_of(sample)),
    }  # fmt: skip
    record("inspections.send", sample, by=by, on=day, round=sample.round_hash, cases=told["cases"] is not None)
    return signed(told, sample.municipality_id)


def _figures(sample: Sample) -> dict[str, list[int]] | None:
    """{line: in order, lacking, cannot be judged} over the drawn cases. None until every line of every case is answered."""
    if not sample.is_drawn:
        return None
    found = queries.results(sample)
    if found.missing:
        return None
    return {rate.key or ANY: [rate.ok, rate.lacking, rate.unclear] for rate in (*found.lines, found.any_line)}


def tally(figures: dict[str, list[int]]) -> Counter[int]:
    """How many cases each line was answered for; they must all be the same."""
    return Counter(sum(counts) for counts in figures.values())

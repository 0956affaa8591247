"""A sample, step by step: the list is frozen, two persons type the number, the cases are drawn and answered, the report closes it."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from snerydder.access import public_number
from snerydder.access.models import Staff
from snerydder.audit.action import Conflict, Refusal, action
from snerydder.audit.events import record
from snerydder.casework.inspections import guide, lists
from snerydder.casework.inspections.models import Answer, DrawnCase, Member, Sample, Ticket
from snerydder.casework.inspections.population import Stratum, Wanted, strata
from snerydder.casework.inspections.states import TRANSITIONS, SampleState


@action
def freeze(
    *, by: Staff, title: str, wanted: Wanted, seed_source: str, seed_day: date, answer_by: date, on: date | None = None, round_hash: str = ""
) -> Sample:
    """Write the list down and hash it. From now on nobody can change it, and nobody knows yet what it will give.

    For a round across municipalities a list may also be empty: who granted nothing still answers about procedures.
    """
    day = on or timezone.localdate()
    dates_hold(day, seed_day, answer_by)
    with translation.override("da"):  # the list is published in Danish
        groups, drawn_from = strata(by, wanted), wanted.words()
    if not groups and not round_hash:
        raise Refusal(_("Ingen sager passer."), mend=_("Vælg en længere periode eller færre krav."), field="first")
    sample = Sample(
        municipality_id=by.municipality_id, number=next_number(by), round_hash=round_hash, title=title.strip(), guide=guide.current().version, population=sum(len(g.cases) for g in groups),
        strata=[group.told() for group in groups], seed_source=seed_source.strip(), seed_day=seed_day, frozen_on=day, frozen_by=by, answer_by=answer_by,
    )  # fmt: skip
    tickets = _tickets(sample, groups)
    save_frozen(sample, {"drawn_from": drawn_from} | ({"round": round_hash} if round_hash else {}), tickets, by)
    Ticket.objects.bulk_create(tickets, batch_size=2000)
    return sample


def next_number(by: Staff) -> int:
    return (Sample.objects.filter(municipality=by.municipality_id).aggregate(last=Max("number"))["last"] or 0) + 1


def save_frozen(sample: Sample, more: dict[str, Any], tickets: Sequence[Any], by: Staff) -> None:
    """With its list as text and the list's mark."""
    head = {
        "format": lists.FORMAT, "municipality": by.municipality.name, "sample": sample.number, "frozen_on": str(sample.frozen_on),
        "strata": sample.strata, "seed_source": sample.seed_source, "seed_day": str(sample.seed_day),
    }  # fmt: skip
    sample.list_text = lists.text_of(head | more, tickets)
    sample.list_hash = lists.mark_of(sample.list_text)
    _save_new(sample)
    record("inspections.freeze", sample, by=by, on=sample.frozen_on, number=sample.number, population=sample.population, list_sha256=sample.list_hash)


def dates_hold(day: date, seed_day: date, answer_by: date) -> None:
    if seed_day < day:
        raise Refusal(
            _("Tallet er allerede offentligt."), _("Den, der kender tallet, kan vælge, hvem der udtrækkes."),
            _("Vælg et tal, der først bliver kendt senere."), field="seed_day",
        )  # fmt: skip
    if answer_by <= seed_day:
        raise Refusal(_("Svarfristen ligger før lodtrækningen."), mend=_("Vælg en senere dag."), field="answer_by")


def _save_new(sample: Sample) -> None:
    try:
        with transaction.atomic():
            sample.save(force_insert=True)
    except IntegrityError as fault:
        if "sample_round_once" in str(fault):
            raise Refusal(_("Kommunen er allerede med i runden."), mend=_("Se listen over stikprøver.")) from fault
        if "sample_number" not in str(fault):
            raise
        raise Conflict(_("En anden har lige lavet en stikprøve."), mend=_("Prøv igen.")) from fault


def _tickets(sample: Sample, groups: list[Stratum]) -> list[Ticket]:
    """In the order of their marks, which are drawn at random: a number says nothing of the case."""
    made = [
        Ticket(municipality_id=sample.municipality_id, sample=sample, case_id=case, stratum=group.key)
        for group in groups for case in group.cases
    ]  # fmt: skip
    made.sort(key=lambda ticket: ticket.pk)
    for number, ticket in enumerate(made, start=1):
        ticket.number = number
    return made


def locked(sample: Sample) -> Sample:
    return Sample.objects.select_for_update(of=("self",)).select_related("municipality", "typed_by", "confirmed_by").get(pk=sample.pk)


def _enter(sample: Sample, state: SampleState) -> None:
    if state not in TRANSITIONS[sample.state]:
        raise Refusal(_("Stikprøven er %(state)s.") % {"state": SampleState(sample.state).label}, mend=_("Se på stikprøven, hvad der er sket."))
    sample.state = state


@action
def type_number(sample: Sample, *, by: Staff, number: str, on: date | None = None) -> Sample:
    """The first person's number is kept; when a second person types the same, the cases are drawn there and then."""
    day, sample = on or timezone.localdate(), locked(sample)
    if sample.is_drawn:
        raise Conflict(
            _("Stikprøven er allerede udtrukket."), _("En stikprøve udtrækkes kun én gang."), _("Lav en ny stikprøve, hvis der skal ses på flere sager."),
        )  # fmt: skip
    if sample.state != SampleState.FROZEN:
        raise Refusal(_("Stikprøven er %(state)s.") % {"state": SampleState(sample.state).label})
    others = Sample.objects.filter(municipality=sample.municipality_id, kind=sample.kind)
    seed = public_number.number_of(number, day=day, known_on=sample.seed_day, among=others, field="seed")
    if public_number.typed_by_two(sample, seed, by, field="seed"):
        return _draw(sample, by, seed, day)
    sample.typed_on = day
    sample.save(update_fields=["typed", "typed_by", "typed_on"])
    record("inspections.type_number", sample, by=by, on=day, seed=seed)
    return sample


def _draw(sample: Sample, by: Staff, seed: str, day: date) -> Sample:
    _enter(sample, SampleState.DRAWN)
    sample.drawn_on = day
    sample.save(update_fields=["state", "seed", "confirmed_by", "drawn_on"])
    tickets: list[Any] = list(sample.members.all()) if sample.is_round else list(sample.tickets.all())
    found = lists.draw(sample.strata, tickets, seed, sample.list_hash)
    _keep_drawn(sample, found)
    numbers = sorted(ticket.number for ticket, _rank in found)
    record("inspections.draw", sample, by=by, on=day, seed=seed, first=sample.typed_by.name if sample.typed_by else "", tickets=numbers)
    return sample


def _keep_drawn(sample: Sample, found: list[tuple[Any, int]]) -> None:
    if sample.is_round:
        for member, rank in found:
            member.rank = rank
        Member.objects.bulk_update([member for member, _rank in found], ["rank"])
        return
    DrawnCase.objects.bulk_create(
        [
            DrawnCase(municipality_id=sample.municipality_id, sample=sample, ticket=ticket, case_id=ticket.case_id, stratum=ticket.stratum, rank=rank)
            for ticket, rank in found
        ]
    )


@action
def wipe_number(sample: Sample, *, by: Staff) -> Sample:
    """The first number was wrong: both begin again. The history keeps it."""
    sample = locked(sample)
    was = public_number.wiped(sample, "typed_on")
    record("inspections.wipe_number", sample, by=by, was=was)
    return sample


@action
def give_up(sample: Sample, *, by: Staff, reason: str, on: date | None = None) -> Sample:
    """Only before anybody can know the number; the sample keeps its own number and its list, so that a series without holes can be shown."""
    day, sample = on or timezone.localdate(), locked(sample)
    _enter(sample, SampleState.GIVEN_UP)
    if day >= sample.seed_day or sample.typed_by_id is not None:
        raise Refusal(_("Det offentlige tal er kendt."), _("Nu kan man regne ud, hvem der udtrækkes."), _("Gør lodtrækningen færdig."))
    return _end(sample, by, reason, day, "inspections.give_up")


def _end(sample: Sample, by: Staff, why: str, on: date | None, verb: str) -> Sample:
    sample.ended_on, sample.ended_by, sample.conclusion = on or timezone.localdate(), by, why.strip()
    sample.save(update_fields=["state", "ended_on", "ended_by", "conclusion"])
    record(verb, sample, by=by, on=sample.ended_on, conclusion=sample.conclusion)
    return sample


# --- Answers -----------------------------------------------------------------------------------
@action
def answer(
    sample: Sample, drawn: DrawnCase | None, *, by: Staff, answers: Mapping[str, tuple[str, str]], on: date | None = None
) -> Sample:
    """{line: (verdict, note)} of one case, or of part 1. What is not ok says why."""
    day, sample = on or timezone.localdate(), locked(sample)
    before_the_draw = drawn is None and sample.round_hash and sample.state == SampleState.FROZEN  # a round asks about procedures first
    if sample.state != SampleState.DRAWN and not before_the_draw:
        raise Refusal(_("Stikprøven er %(state)s.") % {"state": SampleState(sample.state).label}, mend=_("Svarene kan ikke ændres."))
    lines = guide.lines_of(sample.guide, part=2 if drawn else 1)
    _judged(answers, lines)
    kept = {row.line: row for row in Answer.objects.filter(sample=sample, drawn_case=drawn)}
    changed = []
    for key, (verdict, note) in answers.items():
        row = kept.get(key) or Answer(municipality_id=sample.municipality_id, sample=sample, drawn_case=drawn, line=key)
        if (row.verdict, row.note) == (verdict, note.strip()):
            continue
        before = f"{Answer.Verdict(row.verdict).label} → " if row.verdict else ""
        changed.append(f"{lines[key].short}: {before}{Answer.Verdict(verdict).label}")
        row.verdict, row.note, row.answered_on, row.answered_by = verdict, note.strip(), day, by
        row.save()
    record("inspections.answer", drawn or sample, by=by, case=drawn.case if drawn else None, on=day, lines=changed)
    return sample


def _judged(answers: Mapping[str, tuple[str, str]], lines: Mapping[str, Any]) -> None:
    problems = [
        Refusal(_("Skriv, hvad der mangler: %(line)s") % {"line": lines[key].short}, field=f"{key}_note")
        for key, (verdict, note) in answers.items() if verdict != Answer.Verdict.OK and not note.strip()
    ]  # fmt: skip
    if problems:
        raise Refusal.several(problems)


@action
def report(sample: Sample, *, by: Staff, conclusion: str, on: date | None = None) -> Sample:
    """Close it: every line of every case has an answer, and every municipality drawn has sent its figures, or it is not closed."""
    sample = locked(sample)
    _enter(sample, SampleState.REPORTED)
    if sample.is_round:
        waiting = sample.members.filter(rank__isnull=False, cases__isnull=True).order_by("rank").values_list("name", flat=True)
        if waiting:
            raise Refusal(_("Der mangler tal fra %(names)s.") % {"names": ", ".join(waiting)}, mend=_("Bed dem sende deres svarfil."))
        return _end(sample, by, conclusion, on, "inspections.report")
    asked = sample.drawn_cases.count() * len(guide.lines_of(sample.guide, part=2)) + len(guide.lines_of(sample.guide, part=1))
    missing = asked - sample.answers.count()
    if missing:
        raise Refusal(_("Der mangler %(missing)s svar.") % {"missing": missing}, mend=_("Svar på alle linjer. »Kan ikke afgøres« er også et svar."))
    return _end(sample, by, conclusion, on, "inspections.report")


__all__ = ["Wanted", "answer", "freeze", "give_up", "report", "type_number", "wipe_number"]

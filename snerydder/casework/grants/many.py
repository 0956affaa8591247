"""The bulk forms of proposing and deciding: what one call each would have written, judged by the same law (see cases.many)."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from snerydder.access.models import Staff
from snerydder.audit.action import action
from snerydder.audit.events import record
from snerydder.audit.models import Outbox
from snerydder.casework.cases.facts import assessment_facts, one_follow_up
from snerydder.casework.cases.many import BATCH, Told, keep, keep_judged, latest_follow_ups, move, refresh, said_of
from snerydder.casework.cases.models import Assessment, Case
from snerydder.casework.cases.moving import earliest, must_be_open
from snerydder.casework.cases.states import Stage
from snerydder.casework.cases.verdicts import stop_if
from snerydder.casework.grants.actions import PAGE
from snerydder.casework.grants.letters import grant_letter
from snerydder.casework.grants.models import Grant, Letter, Price
from snerydder.casework.grants.states import GrantState
from snerydder.law import Facts, facts, judge


@action
def propose(items: Sequence[tuple[Assessment, Told]], *, by: Staff) -> list[Grant]:
    """`told` as for the single verb; the assessment brings its case."""
    prices, rows = _prices(by.municipality_id), []
    for assessment, told in items:
        case, day, who = assessment.case, told["on"], told.get("by", by)
        must_be_open(case)
        kind = told.get("mentor_kind", "municipal")
        row = Grant(
            municipality_id=by.municipality_id, case=case, assessment=assessment, mentor_kind=kind, hourly_price=prices(kind, day),
            **{field: told[field] for field in _FIELDS if field in told},
        )
        move(case, case.stage, {})
        said = {field: getattr(row, field) for field in ("hjemmel", "minutes", "minutes_per", "start", "end")}
        record("grants.propose", row, by=who, case=case, on=day, **said)
        rows.append(row)
    Grant.objects.bulk_create(rows, BATCH)
    keep(row.case for row in rows)
    return rows


def _prices(municipality_id: int) -> Callable[[str, date], Decimal]:
    """As `price_on`, with the price list read once."""
    known = list(Price.objects.filter(municipality_id=municipality_id).order_by("-valid_from").values_list("mentor_kind", "valid_from", "per_hour"))
    return lambda kind, day: next((price for of, since, price in known if of == kind and since <= day), Decimal(0))


_FIELDS = (
    "hjemmel", "purpose_kind", "purpose", "minutes", "minutes_per", "hours_reason", "start", "end", "counted_per", "discharge_on", "admission_on",
)  # fmt: skip


@action
def decide(items: Sequence[tuple[Grant, Told]], *, by: Staff) -> list[Grant]:
    rows = [row for row, _told in items]
    cases = [row.case for row in rows]
    before, held, said = _earlier(cases), latest_follow_ups(cases), said_of(cases)
    judged, letters = [], []
    for row, told in items:
        case, day, who = row.case, told["on"], told.get("by", by)
        verdicts = judge("grant", _facts(row, day, before.get(case.pk), held.get(case.pk), said[case.pk]), day)
        stop_if(verdicts, case, PAGE)
        if row.state != GrantState.DRAFT or row.assessment.conclusion != Assessment.Conclusion.GRANT:
            raise ValueError(f"{case.number} cannot be decided: {row.state}, {row.assessment.conclusion}")
        row.state, row.decided_on, row.decided_by = GrantState.DECIDED, day, who
        row.law_version = verdicts[0].law_version if verdicts else ""
        judged.append((case, "grant", row.pk, verdicts, day))
        letters.append(
            Letter(municipality_id=case.municipality_id, case=case, grant=row, kind=Letter.Kind.GRANT, dated=day, content=grant_letter(row, who))
        )
        move(case, Stage.GRANTED if case.stage == Stage.ASSESSED else case.stage, {"caseworker": case.caseworker or who})
        record(
            "grants.decide", row, by=who, case=case, on=day, hjemmel=row.hjemmel, minutes=row.minutes, minutes_per=row.minutes_per,
            start=row.start, end=row.end, law_version=row.law_version,
        )
    decided = ["state", "decided_on", "decided_by", "law_version"]
    Grant.objects.bulk_create(rows, BATCH, update_conflicts=True, unique_fields=["id"], update_fields=decided)
    keep_judged(judged)
    Letter.objects.bulk_create(letters, BATCH)
    waiting = (Outbox(municipality_id=row.municipality_id, kind="letter", object_id=row.pk, case_id=row.case_id) for row in letters)
    Outbox.objects.bulk_create(list(waiting), BATCH)
    settle([(row.case, told["on"]) for row, told in items])
    return rows


@action
def deliver(items: Sequence[tuple[Grant, Told]], *, by: Staff) -> list[Letter]:
    """The letters of these grants came: `on` which day, and by which `proof`."""
    found = Letter.objects.filter(grant__in=[row for row, _told in items], kind=Letter.Kind.GRANT, withdrawn=False).defer("content")
    letters = {letter.grant_id: letter for letter in found}
    for row, told in items:
        letter, day = letters[row.pk], told["on"]
        letter.delivered_on, letter.delivery_proof = day, told["proof"].strip()
        if day < letter.dated or not letter.delivery_proof:
            raise ValueError(f"{row.case.number}: a letter comes after it is written, and somebody knows how")
        move(row.case, row.case.stage, {})
        record("grants.deliver", letter, by=told.get("by", by), case=row.case, on=day, proof=letter.delivery_proof, was=None)
    Letter.objects.bulk_update(letters.values(), ["delivered_on", "delivery_proof"], BATCH)
    Outbox.objects.filter(object_id__in=[letter.pk for letter in letters.values()], state=Outbox.State.WAITING).update(state=Outbox.State.SENT)
    keep(row.case for row, _told in items)
    return [letters[row.pk] for row, _told in items]


def settle(pairs: Sequence[tuple[Case, date]]) -> None:
    """As `refresh_case`, for many."""
    refresh(pairs)
    for case, day in pairs:
        waiting = day + timedelta(days=14) if case.started_on is None else None
        move(case, case.stage, {"next_deadline": earliest(case.follow_up_due, case.grant_end, waiting) if case.closed_on is None else None})
    keep((case for case, _day in pairs), "caseworker", "next_deadline")


def _earlier(cases: Sequence[Case]) -> dict[Any, Grant]:
    """The period before, of those that have one."""
    rows = Grant.objects.filter(case__in=cases, state__in=[GrantState.DECIDED, GrantState.STOPPED]).order_by("start")
    return {row.case_id: row for row in rows}


def grant_facts(row: Grant, day: date, before: Grant | None) -> facts.GrantFacts:
    return facts.GrantFacts(
        hjemmel=row.hjemmel, purpose_kind=row.purpose_kind, purpose=row.purpose, start=row.start, end=row.end, minutes=row.minutes,
        minutes_per=row.minutes_per, counted_per=row.counted_per, hours_reason=row.hours_reason, discharge_on=row.discharge_on,
        admission_on=row.admission_on, is_new_period=before is not None, previous_start=before.start if before else None,
        previous_end=before.end if before else None, decided_on=row.decided_on or day,
    )


def case_facts(row: Assessment, said: str) -> facts.CaseFacts:
    return facts.CaseFacts(
        target_group=row.target_group, outside_section_6=row.outside_section_6, citizen_agrees=row.citizen_agrees, citizen_words=said
    )


def _facts(row: Grant, day: date, before: Grant | None, held: Any, said: str) -> Facts:
    return Facts(
        case=case_facts(row.assessment, said), assessment=assessment_facts(row.assessment), grant=grant_facts(row, day, before),
        follow_up=one_follow_up(held, row.case),
    )

"""The bulk forms of the verbs of a case: the same rows and events as one call each, many rows a statement (tests/demo holds them equal).

Each takes pairs of what the verb acts on and what it is told, as the single verb is; `by` may stand among what it is told.
They are for towns and takeovers, where one person at one moment is not in somebody else's way: nothing is locked, and the
case rows given are the ones that are written. What the law stops is stopped all the same.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import pairwise
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from snerydder.access.models import Staff
from snerydder.audit.action import Refusal, action
from snerydder.audit.events import record
from snerydder.casework.cases.actions import _barriers, _next_number
from snerydder.casework.cases.facts import closing_facts, granted_by, one_follow_up
from snerydder.casework.cases.models import Assessment, Case, Closing, FollowUp, Goal, Referral, StoredVerdict
from snerydder.casework.cases.moving import earliest, must_be_open, words
from snerydder.casework.cases.spoken import kept
from snerydder.casework.cases.states import DECIDE_WITHIN, TRANSITIONS, Stage
from snerydder.casework.cases.verdicts import stop_if
from snerydder.casework.people.models import Citizen
from snerydder.law import Facts, Verdict, facts, judge

BATCH = 1_000
Told = dict[str, Any]
Judged = tuple[Case, str, Any, Iterable[Verdict], date]


def move(case: Case, stage: str, fields: Told) -> None:
    """As `moving.enter`, on the row in hand."""
    if stage != case.stage and stage not in TRANSITIONS[case.stage]:
        raise Refusal(_("Det kan ikke gøres nu, for sagen er %(now)s.") % {"now": Stage(case.stage).label})
    case.stage = stage
    case.version += 1
    for field, value in fields.items():
        setattr(case, field, value)


def keep(cases: Iterable[Case], *fields: str) -> None:
    """Write these fields of the cases. What the trigger on contacts keeps is not among them."""
    rows = list({case.pk: case for case in cases}.values())
    Case.objects.bulk_create(rows, BATCH, update_conflicts=True, unique_fields=["id"], update_fields=["stage", "version", *fields])


def keep_judged(judged: Iterable[Judged]) -> None:
    StoredVerdict.objects.bulk_create(
        [
            StoredVerdict(
                municipality_id=case.municipality_id, case=case, step=step, object_id=object_id, check_id=verdict.check, level=str(verdict.level),
                what=kept([verdict.what]), mend=kept([verdict.mend]), citation=verdict.citation_text[:200], judged_on=on, law_version=verdict.law_version,
            )
            for case, step, object_id, verdicts, on in judged
            for verdict in verdicts
        ],
        BATCH,
    )


def refresh(pairs: Sequence[tuple[Case, date]]) -> None:
    """As `grants.actions.refresh_case`, for many: the period that counts on each case's day, and its minutes.

    Minutes used are counted anew only where the period became another and somebody has met.
    """
    cases = [case for case, _day in pairs]
    before = {case.pk: (case.grant_start, case.period_end) for case in cases}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT snerydder_period(ARRAY[c], d) FROM unnest(%s::uuid[], %s::date[]) AS t(c, d)",
            [[case.pk for case in cases], [day for _case, day in pairs]],
        )
        read_summaries(cases)
        moved = [case for case in cases if before[case.pk] != (case.grant_start, case.period_end) and case.last_contact_on]
        if moved:
            cursor.execute("SELECT snerydder_recount(%s::uuid[])", [[case.pk for case in moved]])
            read_summaries(moved)


def read_summaries(cases: Sequence[Case]) -> None:
    """What the database keeps on the case rows, read back onto those in hand."""
    fields = (
        "grant_start", "period_end", "grant_end", "minutes_granted", "minutes_used", "first_contact_on", "last_contact_on", "last_week",
        "weeks_with_contact",
    )  # fmt: skip
    known = {row["pk"]: row for row in Case.objects.filter(pk__in=[case.pk for case in cases]).values("pk", *fields)}
    for case in cases:
        for field in fields:
            setattr(case, field, known[case.pk][field])


@action
def refer(items: Sequence[tuple[Citizen, Told]], *, by: Staff) -> list[Case]:
    """In the order of the days, so that the numbers run as they would have."""
    numbers: dict[int, int] = {}
    made, referrals = [], []
    for citizen, told in sorted(items, key=lambda item: item[1]["on"]):
        day, who = told["on"], told.get("by", by)
        if day.year not in numbers:
            numbers[day.year] = int(_next_number(who, day).split("-")[1])
        number = f"{day.year}-{numbers[day.year]:05d}"
        numbers[day.year] += 1
        case = Case(
            municipality_id=by.municipality_id, citizen=citizen, unit=told.get("unit") or citizen.unit or who.unit, opened_on=day, number=number,
            caseworker=told.get("caseworker") or (who if "caseworker" in who.roles else None), next_deadline=day + DECIDE_WITHIN,
        )
        referral = Referral(
            municipality_id=by.municipality_id, case=case, made_on=day, made_by=who, need=words(told["need"], "need", ""),
            barriers=_barriers(told.get("barriers", ())), wished_start=told.get("wished_start"), citizen_says=told.get("citizen_says", "").strip(),
        )
        record("cases.refer", referral, by=who, case=case, on=day, need=referral.need, barriers=referral.barriers)
        made.append(case)
        referrals.append(referral)
    Case.objects.bulk_create(made, BATCH)
    Referral.objects.bulk_create(referrals, BATCH)
    return made


@action
def assess(items: Sequence[tuple[Case, Told]], *, by: Staff) -> list[Assessment]:
    rows = []
    for case, told in items:
        day, who = told["on"], told.get("by", by)
        must_be_open(case)
        row = Assessment(
            municipality_id=by.municipality_id, case=case, made_on=day, made_by=who, need=words(told["need"], "need", ""), decisive=told["decisive"],
            decisive_reason=told["decisive_reason"].strip(), conclusion=told["conclusion"], target_group=told.get("target_group", ""),
            outside_section_6=told.get("outside_section_6", False), citizen_agrees=told.get("citizen_agrees"),
        )
        if case.stage == Stage.REFERRED:
            move(case, Stage.ASSESSED, {"caseworker": case.caseworker or who, "next_deadline": day + DECIDE_WITHIN})
        else:
            move(case, case.stage, {})
        record("cases.assess", row, by=who, case=case, on=day, conclusion=row.conclusion, need=row.need)
        rows.append(row)
    Assessment.objects.bulk_create(rows, BATCH)
    keep((case for case, _told in items), "caseworker", "next_deadline")
    return rows


@action
def set_goal(items: Sequence[tuple[Case, Told]], *, by: Staff) -> list[Goal]:
    rows = []
    for case, told in items:
        must_be_open(case)
        who = told.get("by", by)
        row = Goal(
            municipality_id=by.municipality_id, case=case, text=words(told["text"], "text", ""), own_words=told.get("own_words", "").strip(),
            set_on=told["on"],
        )
        move(case, case.stage, {})
        record("cases.set_goal", row, by=who, case=case, on=told["on"], text=row.text)
        rows.append(row)
    Goal.objects.bulk_create(rows, BATCH)
    keep(case for case, _told in items)
    return rows


def said_of(cases: Sequence[Case]) -> dict[Any, str]:
    """The citizen's own words of each case, as `facts.case_facts` finds them."""
    found = dict(Referral.objects.filter(case__in=cases).values_list("case_id", "citizen_says"))
    for case_id, own in Goal.objects.filter(case__in=cases).exclude(own_words="").order_by("-id").values_list("case_id", "own_words"):
        found[case_id] = own
    return found


def contact_days(cases: Sequence[Case]) -> dict[Any, list[date]]:
    """The days of contact of each case in the period that counts, in order."""
    periods = {case.pk: (case.grant_start, case.period_end) for case in cases}
    found: dict[Any, list[date]] = {case.pk: [] for case in cases}
    met = Case.objects.filter(pk__in=[case.pk for case in cases], contacts__withdrawn=False, contacts__form__in=("met", "phone", "sms"))
    for case_id, day in met.order_by("contacts__day").values_list("pk", "contacts__day").distinct():
        first, last = periods[case_id]
        if first and last and first <= day <= last:
            found[case_id].append(day)
    return found


@action
def follow_up(items: Sequence[tuple[Case, Told]], *, by: Staff) -> list[FollowUp]:
    cases = [case for case, _told in items]
    read_summaries(cases)
    said, days = said_of(cases), contact_days(cases)
    rows, judged = [], []
    for case, told in items:
        day, who = told["on"], told.get("by", by)
        if case.stage != Stage.ACTIVE:
            raise Refusal(_("Der kan først følges op, når støtten er i gang."))
        row = FollowUp(
            municipality_id=by.municipality_id, case=case, held_on=day, held_by=who, text=words(told["text"], "text", ""), decision=told["decision"],
            change=told.get("change", "").strip(), citizen_took_part=told.get("citizen_took_part", True), next_on=told.get("next_on"),
            contacts_approved=told.get("contacts_approved", False),
        )
        verdicts = judge("follow_up", _follow_up_facts(case, row, day, said[case.pk], days[case.pk]), day)
        stop_if(verdicts, case)
        judged.append((case, "follow_up", row.pk, verdicts, day))
        locked = max(filter(None, (case.locked_until, day if row.contacts_approved else None)), default=None)
        due = earliest(row.next_on, case.grant_end)
        move(case, case.stage, {"follow_up_due": row.next_on, "locked_until": locked, "next_deadline": due})
        told_of = {"decision": row.decision, "text": row.text, "contacts_approved": row.contacts_approved}
        record("cases.follow_up", row, by=who, case=case, on=day, **told_of)
        rows.append(row)
    FollowUp.objects.bulk_create(rows, BATCH)
    keep_judged(judged)
    keep(cases, "follow_up_due", "locked_until", "next_deadline")
    return rows


def _follow_up_facts(case: Case, row: FollowUp, day: date, said: str, days: Sequence[date]) -> Facts:
    delivery = facts.DeliveryFacts()
    if case.grant_start and case.period_end:
        delivery = facts.DeliveryFacts(
            first_contact_on=case.first_contact_on, last_contact_on=case.last_contact_on,
            longest_gap_days=max(((later - sooner).days for sooner, later in pairwise(days)), default=0),
            minutes_granted=granted_by(case, day), minutes_registered=case.minutes_used,
        )  # fmt: skip
    return Facts(
        case=facts.CaseFacts(target_group=case.citizen.target_group, citizen_words=said),
        grant=facts.GrantFacts(start=case.grant_start, end=case.period_end), delivery=delivery, follow_up=one_follow_up(row, case),
    )


@action
def close(items: Sequence[tuple[Case, Told]], *, by: Staff) -> list[Closing]:
    cases = [case for case, _told in items]
    held = latest_follow_ups(cases)
    goals: dict[Any, list[Any]] = {}
    for case_id, goal_id in Goal.objects.filter(case__in=cases, result=Goal.Result.OPEN).values_list("case_id", "pk"):
        goals.setdefault(case_id, []).append(goal_id)
    rows, judged = [], []
    results: dict[str, list[Any]] = {}
    for case, told in items:
        day, who = told["on"], told.get("by", by)
        must_be_open(case)
        row = Closing(
            municipality_id=by.municipality_id, case=case, closed_on=day, closed_by=who, goal_result=told["goal_result"], follows=told["follows"],
            result_text=words(told["result_text"], "result_text", "", least=0), after_care=told.get("after_care", "").strip(),
            after_care_until=told.get("after_care_until"),
        )
        verdicts = judge("closing", Facts(follow_up=one_follow_up(held.get(case.pk), case), closing=closing_facts(row)), day)
        stop_if(verdicts, case, "cases:close")
        judged.append((case, "closing", row.pk, verdicts, day))
        settled = goals.get(case.pk, [])
        results.setdefault(row.goal_result, []).extend(settled)
        move(case, Stage.CLOSED, {"closed_on": day, "next_deadline": None, "follow_up_due": None})
        record("cases.close", row, by=who, case=case, on=day, goal_result=row.goal_result, follows=row.follows, goals=[str(pk) for pk in settled])
        rows.append(row)
    Closing.objects.bulk_create(rows, BATCH)
    keep_judged(judged)
    for result, ids in results.items():
        Goal.objects.filter(pk__in=ids).update(result=result)
    keep(cases, "closed_on", "next_deadline", "follow_up_due")
    return rows


def latest_follow_ups(cases: Sequence[Case]) -> dict[Any, FollowUp]:
    rows = FollowUp.objects.filter(case__in=cases, withdrawn=False).select_related("held_by").order_by("held_on")
    return {row.case_id: row for row in rows}

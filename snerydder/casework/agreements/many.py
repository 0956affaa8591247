"""The bulk forms of match, agreement and start: what one call each would have written (see cases.many)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone, translation

from snerydder.access.models import Staff
from snerydder.audit.action import action
from snerydder.audit.events import record
from snerydder.casework.agreements.actions import _may_say_yes
from snerydder.casework.agreements.facts import agreement_facts, mentor_facts
from snerydder.casework.agreements.models import Acceptance, Agreement, Match, Task
from snerydder.casework.agreements.states import AgreementState, Party
from snerydder.casework.cases.facts import assessment_facts
from snerydder.casework.cases.many import BATCH, Told, keep, keep_judged, move, said_of
from snerydder.casework.cases.models import Case
from snerydder.casework.cases.states import Stage
from snerydder.casework.cases.verdicts import stop_if
from snerydder.casework.grants.many import case_facts, grant_facts, settle
from snerydder.casework.grants.models import Grant
from snerydder.casework.people.models import Mentor
from snerydder.law import Verdict, facts, judge, letter_text


@action
def choose(items: Sequence[tuple[Case, Told]], *, by: Staff) -> list[Match]:
    rows = []
    for case, told in items:
        day, who, mentor = told["on"], told.get("by", by), told["mentor"]
        if case.stage != Stage.GRANTED or mentor.staff_id == case.caseworker_id or not (mentor.active and mentor.staff.active):
            raise ValueError(f"{case.number} cannot have {mentor.pk} as mentor")
        row = Match(
            municipality_id=case.municipality_id, case=case, mentor=mentor, chosen_by=who, chosen_on=day, reason=told["reason"].strip(),
            citizen_wish=told.get("citizen_wish", "").strip(), suggestions=list(told.get("suggestions", ())),
        )
        move(case, Stage.MATCHED, {"mentor": mentor, "agreement_complete": False, "next_deadline": day + timedelta(days=14)})
        record("agreements.choose", row, by=who, case=case, on=day, mentor=mentor.name, reason=row.reason)
        rows.append(row)
    Match.objects.bulk_create(rows, BATCH)
    keep((case for case, _told in items), "mentor", "agreement_complete", "next_deadline")
    return rows


@action
def write(items: Sequence[tuple[Grant, Told]], *, by: Staff) -> list[Agreement]:
    """The grant brings its case. For the first period, or for the next while the one before runs."""
    rows, tasks = [], []
    guidance = _guidance()
    for grant, told in items:
        case, day, who, mentor = grant.case, told["on"], told.get("by", by), grant.case.mentor
        assert mentor is not None and grant.start is not None and grant.end is not None
        kinds = {kind: text.strip() for kind, text in told["tasks"]}
        row = Agreement(
            municipality_id=case.municipality_id, case=case, grant=grant, mentor=mentor, goal=told["goal"].strip(), edition=1,
            start=told.get("start") or max(grant.start, day), end=told.get("end") or grant.end, own_car=told.get("own_car", False),
            tries=told.get("tries", 3), mentor_contact=told.get("mentor_contact", "").strip() or mentor.contact, minutes=told.get("minutes") or grant.minutes,
            minutes_per=told.get("minutes_per") or grant.minutes_per, who_does_what=told.get("who_does_what", "").strip(),
            beyond_usual=told.get("beyond_usual", "").strip(), no_usual_work=told.get("no_usual_work", False),
            complaint_guidance=guidance(grant, day),
        )  # fmt: skip
        tasks += [Task(municipality_id=case.municipality_id, agreement=row, kind=kind, text=text) for kind, text in kinds.items()]
        move(case, case.stage, {})
        said = {"goal": row.goal, "tasks": list(kinds), "minutes": row.minutes, "edition": row.edition}
        record("agreements.write", row, by=who, case=case, on=day, **said)
        rows.append(row)
    Agreement.objects.bulk_create(rows, BATCH)
    Task.objects.bulk_create(tasks, BATCH)
    keep(row.case for row in rows)
    return rows


def _guidance() -> Any:
    """How to complain, once for each hjemmel and day."""
    known: dict[tuple[str, date], str] = {}

    def words(grant: Grant, day: date) -> str:
        on = grant.decided_on or day
        if (grant.hjemmel, on) not in known:
            with translation.override("da"):
                parts = letter_text(facts.GrantFacts(hjemmel=grant.hjemmel), on).complaint_guidance
                known[grant.hjemmel, on] = "\n".join(str(part) for part in parts)
        return known[grant.hjemmel, on]

    return words


@action
def accept(items: Sequence[tuple[Agreement, Told]], *, by: Staff) -> list[Acceptance]:
    """`told`: by, party, how, at. When all three parties of an agreement are among the items, it is in place."""
    rows = []
    given: dict[Any, set[str]] = {}
    for agreement, told in items:
        case, who, how = agreement.case, told.get("by", by), told.get("how", "on_screen")
        at: datetime = told.get("at") or timezone.now()
        _may_say_yes(agreement, who, told["party"], how)
        row = Acceptance(municipality_id=case.municipality_id, agreement=agreement, party=told["party"], how=how, at=at, noted_by=who)
        parties = given.setdefault(agreement.pk, set())
        parties.add(row.party)
        if parties >= set(Party.values):
            agreement.state = AgreementState.AGREED
            move(case, case.stage if case.stage == Stage.ACTIVE else Stage.AGREED, {"agreement_complete": True})
        else:
            move(case, case.stage, {})
        record("agreements.accept", row, by=who, case=case, on=timezone.localtime(at).date(), party=row.party, how=how, again=False)
        rows.append(row)
    Acceptance.objects.bulk_create(rows, BATCH)
    agreed = list({agreement.pk: agreement for agreement, _told in items}.values())
    Agreement.objects.bulk_create(agreed, BATCH, update_conflicts=True, unique_fields=["id"], update_fields=["state"])
    keep((agreement.case for agreement in agreed), "agreement_complete")
    return rows


@action
def start(items: Sequence[tuple[Agreement, Told]], *, by: Staff) -> list[Agreement]:
    rows = [row for row, _told in items]
    cases = [row.case for row in rows]
    running = {row.case_id: row for row in Agreement.objects.filter(case__in=cases, state=AgreementState.ACTIVE)}
    tasks: dict[Any, list[str]] = {row.pk: [] for row in rows}
    for agreement_id, kind in Task.objects.filter(agreement__in=rows).values_list("agreement_id", "kind"):
        tasks[agreement_id].append(kind)
    said, before = said_of(cases), _earlier_than(rows)
    mentors = Mentor.objects.filter(pk__in={row.mentor_id for row in rows}).select_related("staff").prefetch_related("qualifications")
    known = {mentor.pk: mentor for mentor in mentors}
    judged, over = [], []
    for row, told in items:
        case, day, who = row.case, told["on"], told.get("by", by)
        row.mentor = known[row.mentor_id]
        verdicts = _verdicts(row, tasks[row.pk], day, said[case.pk], before.get(row.pk))
        stop_if(verdicts)
        if row.state != AgreementState.AGREED or not row.start <= day <= row.end:
            raise ValueError(f"{case.number} cannot start on {day}: {row.state}")
        judged.append((case, "start", row.pk, verdicts, day))
        earlier = running.get(case.pk)
        if earlier is not None:
            earlier.state, earlier.ended_on = AgreementState.ENDED, day
            over.append(earlier)
        row.state, row.started_on, row.follows = AgreementState.ACTIVE, day, earlier
        assert row.grant.end is not None
        due = told.get("follow_up_on") or min(day + timedelta(days=56), row.grant.end)
        deadlines = {"follow_up_due": due, "next_deadline": min(due, row.grant.end)}
        move(case, Stage.ACTIVE, {"started_on": case.started_on or day, "agreement_end": row.end} | deadlines)
        record("agreements.start", row, by=who, case=case, on=day, mentor=row.mentor.name)
    for changed, fields in ((over, ["state", "ended_on"]), (rows, ["state", "started_on", "follows"])):
        Agreement.objects.bulk_create(changed, BATCH, update_conflicts=True, unique_fields=["id"], update_fields=fields)
    keep_judged(judged)
    keep(cases, "started_on", "agreement_end", "follow_up_due", "next_deadline")
    settle([(row.case, told["on"]) for row, told in items])
    return rows


def _earlier_than(rows: Sequence[Agreement]) -> dict[Any, Grant]:
    """For each agreement the grant before its own."""
    grants = Grant.objects.filter(case__in=[row.case for row in rows], state__in=["decided", "stopped"]).order_by("start")
    found: dict[Any, Grant] = {}
    by_case: dict[Any, list[Grant]] = {}
    for grant in grants:
        by_case.setdefault(grant.case_id, []).append(grant)
    for row in rows:
        order = [grant.pk for grant in by_case.get(row.case_id, [])]
        if row.grant_id in order[1:]:
            found[row.pk] = by_case[row.case_id][order.index(row.grant_id) - 1]
    return found


def _verdicts(row: Agreement, tasks: Sequence[str], day: date, said: str, before: Grant | None) -> list[Verdict]:
    parties = tuple(Party.values)
    known = facts.Facts(
        case=replace(case_facts(row.grant.assessment, said), citizen_agrees=True), assessment=assessment_facts(row.grant.assessment),
        grant=grant_facts(row.grant, day, before), agreement=agreement_facts(row, tasks, parties), mentor=mentor_facts(row, tasks, day),
    )
    found: dict[tuple[str, str, str], Verdict] = {}
    for verdict in judge("agreement", known, day) + judge("start", known, day):
        found.setdefault((verdict.check, verdict.field, str(verdict.what)), verdict)
    return list(found.values())

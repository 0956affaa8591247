"""The verbs of a case from referral to closing. Grants, agreements and contacts stand above and move the case through `enter`."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import F, Max
from django.utils import timezone
from django.utils.translation import gettext as _

from snerydder.access.models import Staff, Unit
from snerydder.access.separation import refuse_own_case
from snerydder.audit.action import Conflict, Refusal, action
from snerydder.audit.events import record
from snerydder.audit.models import Event
from snerydder.casework.cases.facts import closing_facts, follow_up_facts
from snerydder.casework.cases.history import WORDS
from snerydder.casework.cases.models import Assessment, Case, Closing, FollowUp, Goal, Referral, StoredVerdict
from snerydder.casework.cases.states import ENDED, TRANSITIONS, Stage
from snerydder.casework.people.models import Citizen
from snerydder.law import Facts, Verdict, judge, stops


def guard(case: Case, version: int | None) -> Case:
    """Lock the case row. When `version` is not the one the person saw, tell what somebody else did first."""
    fresh = Case.objects.select_for_update().get(pk=case.pk)
    if version is not None and version != fresh.version:
        last = Event.objects.filter(municipality_id=case.municipality_id, case_id=case.pk).order_by("-id").first()
        what = describe(last.verb) if last else _("ændret sagen")
        who = last.staff_name if last else _("En anden")
        raise Conflict(
            _("%(who)s har netop %(what)s.") % {"who": who, "what": what},
            _("Sagen er derfor ikke, som da du åbnede siden."),
            _("Dit svar er ikke gemt i sagen, men står stadig her. Se sagen igennem, og send igen, hvis det stadig er rigtigt."),
        )
    return fresh


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
    case.save()
    return case


def touch(case: Case, **fields: Any) -> Case:
    """Change fields of the case without moving it."""
    return enter(case, case.stage, **fields)


def keep_verdicts(case: Case, step: str, object_id: Any, verdicts: Sequence[Verdict], on: date) -> None:
    StoredVerdict.objects.bulk_create(
        StoredVerdict(
            municipality_id=case.municipality_id, case=case, step=step, object_id=object_id, check_id=verdict.check, level=str(verdict.level),
            what=verdict.what[:400], judged_on=on, law_version=verdict.law_version,
        )
        for verdict in verdicts
    )


def stop_if(verdicts: Sequence[Verdict]) -> None:
    """Raise what the law stops: what is missing, where the law says so, and the field that mends it."""
    stopped = stops(verdicts)
    if stopped:
        raise Refusal.several(
            [Refusal(v.what, f"{v.why} ({v.citation_text}, {v.check})", v.mend, field=v.field.rpartition(".")[2]) for v in stopped]
        )


@action
def refer(
    citizen: Citizen, *, by: Staff, need: str, barriers: Sequence[str] = (), wished_start: date | None = None, citizen_says: str = "",
    caseworker: Staff | None = None, unit: Unit | None = None, on: date | None = None,
) -> Case:
    """Open a case: why a mentor may be needed. The caseworker assesses it."""
    day = on or timezone.localdate()
    running = Case.objects.filter(citizen=citizen, closed_on__isnull=True).first()
    if running:
        raise Refusal(
            _("Borgeren har allerede sag %(number)s.") % {"number": running.number}, mend=_("Åbn den i stedet."), link=f"/sager/{running.pk}/", field="need"
        )
    home = unit or citizen.unit or by.unit
    if home is None:
        raise Refusal(_("Sagen mangler en enhed."), mend=_("Vælg den enhed, der skal have sagen."), field="unit")
    if caseworker is None and "caseworker" in by.roles:
        caseworker = by
    case = Case.objects.create(
        municipality_id=by.municipality_id, citizen=citizen, unit=home, caseworker=caseworker, opened_on=day, number=_next_number(by, day),
        next_deadline=day + timedelta(days=14),
    )
    referral = Referral.objects.create(
        municipality_id=by.municipality_id, case=case, made_on=day, made_by=by, need=need.strip(), barriers=list(barriers), wished_start=wished_start,
        citizen_says=citizen_says.strip(),
    )
    record("cases.refer", referral, by=by, case=case, on=day, need=referral.need, barriers=referral.barriers)
    return case


def _next_number(by: Staff, day: date) -> str:
    """Running number of the year; the unique constraint decides if two come at once."""
    last = Case.objects.filter(municipality_id=by.municipality_id, number__startswith=f"{day.year}-").aggregate(last=Max("number"))["last"]
    return f"{day.year}-{int(last.split('-')[1]) + 1 if last else 1:05d}"


@action
def change_referral(referral: Referral, *, by: Staff, reason: str, version: int | None = None, **changes: Any) -> Referral:
    """Correct a referral with its history kept in the event."""
    case = guard(referral.case, version)
    before = {field: getattr(referral, field) for field in changes}
    for field, value in changes.items():
        setattr(referral, field, value)
    referral.save()
    touch(case)
    record("cases.change_referral", referral, by=by, case=case, reason=reason, before=before, after=changes)
    return referral


@action
def assess(
    case: Case, *, by: Staff, need: str, decisive: bool, decisive_reason: str, conclusion: str, target_group: str = "", outside_section_6: bool = False,
    on: date | None = None, version: int | None = None,
) -> Assessment:
    """Konkret vurdering. In a running case it is the assessment for a new period, and the case stays where it is."""
    day = on or timezone.localdate()
    case = guard(case, version)
    refuse_own_case(case, by)
    row = Assessment.objects.create(
        municipality_id=by.municipality_id, case=case, made_on=day, made_by=by, need=need.strip(), decisive=decisive,
        decisive_reason=decisive_reason.strip(), conclusion=conclusion, target_group=target_group, outside_section_6=outside_section_6,
    )
    if case.stage == Stage.REFERRED:
        enter(case, Stage.ASSESSED, caseworker=case.caseworker or by, next_deadline=day + timedelta(days=14))
    else:
        touch(case)
    record("cases.assess", row, by=by, case=case, on=day, conclusion=conclusion, need=row.need)
    return row


@action
def set_goal(case: Case, *, by: Staff, text: str, own_words: str = "", on: date | None = None) -> Goal:
    day = on or timezone.localdate()
    goal = Goal.objects.create(municipality_id=by.municipality_id, case=case, text=text.strip(), own_words=own_words.strip(), set_on=day)
    record("cases.set_goal", goal, by=by, case=case, on=day, text=goal.text)
    return goal


@action
def change_goal(goal: Goal, *, by: Staff, **changes: Any) -> Goal:
    before = {field: getattr(goal, field) for field in changes}
    for field, value in changes.items():
        setattr(goal, field, value)
    goal.save()
    record("cases.change_goal", goal, by=by, case=goal.case, before=before, after=changes)
    return goal


@action
def follow_up(
    case: Case, *, by: Staff, text: str, decision: str, citizen_took_part: bool = True, change: str = "", next_on: date | None = None,
    contacts_approved: bool = False, on: date | None = None, version: int | None = None,
) -> FollowUp:
    """The authority's follow-up on goal and delivered hours. Approving the contacts locks them up to that day."""
    day = on or timezone.localdate()
    case = guard(case, version)
    refuse_own_case(case, by)
    if case.stage != Stage.ACTIVE:
        raise Refusal(_("Der kan først følges op, når støtten er i gang."), mend=_("Se på sagen, hvad der mangler."))
    if next_on and next_on <= day:
        raise Refusal(_("Næste opfølgning skal ligge efter denne."), mend=_("Vælg en senere dato."), field="next_on")
    row = FollowUp.objects.create(
        municipality_id=by.municipality_id, case=case, held_on=day, held_by=by, text=text.strip(), decision=decision, change=change.strip(),
        citizen_took_part=citizen_took_part, next_on=next_on, contacts_approved=contacts_approved,
    )
    locked = max(filter(None, (case.locked_until, day if contacts_approved else None)), default=None)
    touch(case, follow_up_due=next_on, locked_until=locked, next_deadline=_earliest(next_on, case.grant_end))
    record("cases.follow_up", row, by=by, case=case, on=day, decision=decision, text=row.text, contacts_approved=contacts_approved)
    return row


@action
def withdraw_follow_up(row: FollowUp, *, by: Staff, reason: str) -> FollowUp:
    """Undo a follow-up. Contacts it locked are open again, unless an earlier one locked them too."""
    case = guard(row.case, None)
    row.withdrawn = True
    row.save(update_fields=["withdrawn"])
    rest = FollowUp.objects.filter(case=case, withdrawn=False).aggregate(due=Max("next_on"), held=Max("held_on"))
    locked = FollowUp.objects.filter(case=case, withdrawn=False, contacts_approved=True).aggregate(held=Max("held_on"))["held"]
    touch(case, locked_until=locked, follow_up_due=rest["due"], next_deadline=_earliest(rest["due"], case.grant_end))
    record("cases.withdraw_follow_up", row, by=by, case=case, reason=reason)
    return row


def _earliest(*days: date | None) -> date | None:
    return min((day for day in days if day), default=None)


@action
def close(
    case: Case, *, by: Staff, goal_result: str, result_text: str, follows: str, after_care: str = "", after_care_until: date | None = None,
    on: date | None = None, version: int | None = None,
) -> Closing:
    """Close with an assessment of the effect and what follows."""
    day = on or timezone.localdate()
    case = guard(case, version)
    row = Closing(
        municipality_id=by.municipality_id, case=case, closed_on=day, closed_by=by, goal_result=goal_result, result_text=result_text.strip(),
        follows=follows, after_care=after_care.strip(), after_care_until=after_care_until,
    )
    verdicts = judge("closing", Facts(follow_up=follow_up_facts(case), closing=closing_facts(row)), day)
    stop_if(verdicts)
    row.save(force_insert=True)
    keep_verdicts(case, "closing", row.pk, verdicts, day)
    Goal.objects.filter(case=case, result=Goal.Result.OPEN).update(result=goal_result)
    enter(case, Stage.CLOSED, closed_on=day, next_deadline=None, follow_up_due=None)
    record("cases.close", row, by=by, case=case, on=day, goal_result=goal_result, follows=follows)
    return row


@action
def reopen(case: Case, *, by: Staff, reason: str, on: date | None = None) -> Case:
    """Take up an ended case where it was. Impossible while the citizen has another open case."""
    day = on or timezone.localdate()
    case = guard(case, None)
    if case.stage not in ENDED:
        raise Refusal(_("Sagen er ikke afsluttet."))
    if Case.objects.filter(citizen_id=case.citizen_id, closed_on__isnull=True).exists():
        raise Refusal(_("Borgeren har en anden åben sag."), mend=_("Arbejd videre i den."))
    Closing.objects.filter(case=case).update(reopened=True)
    enter(case, _stage_before_the_end(case), closed_on=None, next_deadline=day + timedelta(days=7))
    record("cases.reopen", case, by=by, case=case, on=day, reason=reason)
    return case


def _stage_before_the_end(case: Case) -> str:
    if case.stage == Stage.REFUSED:
        return Stage.ASSESSED
    if case.stage == Stage.CLOSED:
        return Stage.ACTIVE if case.started_on else Stage.AGREED if case.agreement_complete else Stage.MATCHED if case.mentor_id else Stage.GRANTED
    assessed = Assessment.objects.filter(case=case, withdrawn=False).exists()
    if case.grant_end is None:
        return Stage.ASSESSED if assessed else Stage.REFERRED
    return Stage.AGREED if case.agreement_complete else Stage.MATCHED if case.mentor_id else Stage.GRANTED


@action
def cancel(case: Case, *, by: Staff, reason: str, on: date | None = None, version: int | None = None) -> Case:
    """Drop a case before it starts: a mistake, or the citizen does not want it."""
    day = on or timezone.localdate()
    case = guard(case, version)
    if len(reason.strip()) < 3:
        raise Refusal(_("Skriv hvorfor sagen annulleres."), field="reason")
    enter(case, Stage.CANCELLED, closed_on=max(day, case.opened_on), next_deadline=None)
    record("cases.cancel", case, by=by, case=case, on=day, reason=reason.strip())
    return case


@action
def hand_over(cases: Sequence[Case], *, by: Staff, caseworker: Staff, reason: str) -> int:
    """Give one or many cases to another caseworker. All or none."""
    if "caseworker" not in caseworker.roles:
        raise Refusal(_("%(name)s er ikke sagsbehandler.") % {"name": caseworker.name}, mend=_("Vælg en sagsbehandler."), field="caseworker")
    locked = Case.objects.select_for_update().select_related("caseworker").filter(pk__in=[case.pk for case in cases])
    for case in sorted(locked, key=lambda case: case.number):
        before = case.caseworker
        record(
            "cases.hand_over", case, by=by, case=case, reason=reason, before=before.name if before else "", after=caseworker.name
        )
    Case.objects.filter(pk__in=[case.pk for case in cases]).update(caseworker=caseworker, unit=caseworker.unit_id or F("unit"), version=F("version") + 1)
    return len(cases)


@action
def undo_assessment(row: Assessment, *, by: Staff, reason: str = "") -> Assessment:
    """Take back an assessment that no decision stands on."""
    case = guard(row.case, None)
    if row.grants.exclude(state="annulled").exclude(state="draft").exists():
        raise Refusal(_("Vurderingen kan ikke fortrydes, for der er truffet afgørelse på den."), mend=_("Annullér bevillingen først."))
    row.grants.filter(state="draft").delete()
    row.withdrawn = True
    row.save(update_fields=["withdrawn"])
    if case.stage == Stage.ASSESSED and not Assessment.objects.filter(case=case, withdrawn=False).exists():
        enter(case, Stage.REFERRED)
    else:
        touch(case)
    record("cases.undo_assessment", row, by=by, case=case, reason=reason)
    return row


def describe(verb: str) -> str:
    """What an event says in the history, after the person's name: "Bente har ..." """
    return str(WORDS.get(verb, _("ændret sagen")))

"""The verbs of a case from referral to closing. Grants, agreements and contacts stand above and move the case through `enter`."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from snerydder.access.models import Staff, Unit
from snerydder.access.separation import refuse_own_case
from snerydder.access.tenancy import take_turns
from snerydder.audit.action import Refusal, action
from snerydder.audit.events import record
from snerydder.audit.models import Event
from snerydder.casework.cases.facts import closing_bundle, follow_up_bundle
from snerydder.casework.cases.models import Assessment, Case, Closing, FollowUp, Goal, Referral
from snerydder.casework.cases.moving import describe, earliest, enter, guard, keep_verdicts, must_be_open, touch, words
from snerydder.casework.cases.states import DECIDE_WITHIN, ENDED, FIRST_FOLLOW_UP, PICK_UP_WITHIN, Barrier, Stage
from snerydder.casework.cases.verdicts import stop_if
from snerydder.casework.people.models import Citizen
from snerydder.law import judge

__all__ = [
    "assess", "cancel", "change_assessment", "change_goal", "change_referral", "close", "describe", "enter", "follow_up", "guard", "hand_over",
    "keep_verdicts", "refer", "reopen", "set_goal", "stop_if", "touch", "undo_assessment", "withdraw_follow_up",
]  # fmt: skip


@action
def refer(
    citizen: Citizen, *, by: Staff, need: str, barriers: Sequence[str] = (), wished_start: date | None = None, citizen_says: str = "",
    caseworker: Staff | None = None, unit: Unit | None = None, on: date | None = None,
) -> Case:
    """Open a case: why a mentor may be needed. The caseworker assesses it."""
    day = on or timezone.localdate()
    need = words(need, "need", _("Skriv hvorfor borgeren kan have brug for en mentor."))
    said = words(citizen_says, "citizen_says", "", least=0)
    home = unit or citizen.unit or by.unit
    if home is None:
        raise Refusal(_("Sagen mangler en enhed."), mend=_("Vælg den enhed, der skal have sagen."), field="unit")
    if caseworker is None and "caseworker" in by.roles:
        caseworker = by
    if caseworker is not None:
        _is_caseworker(caseworker)
    case = new_case(citizen, by=by, unit=home, caseworker=caseworker, day=day, next_deadline=day + DECIDE_WITHIN)
    referral = Referral.objects.create(
        municipality_id=by.municipality_id, case=case, made_on=day, made_by=by, need=need, barriers=_barriers(barriers), wished_start=wished_start,
        citizen_says=said,
    )
    record("cases.refer", referral, by=by, case=case, on=day, need=need, barriers=referral.barriers)
    return case


def new_case(citizen: Citizen, *, by: Staff, unit: Unit, caseworker: Staff | None, day: date, **fields: Any) -> Case:
    """A case with the next number of its year; a citizen has one open case at a time."""
    _no_open_case(citizen)
    try:
        with transaction.atomic():
            return Case.objects.create(
                municipality_id=by.municipality_id, citizen=citizen, unit=unit, caseworker=caseworker, opened_on=day, number=_next_number(by, day),
                **fields,
            )
    except IntegrityError as fault:
        if "case_one_open" not in str(fault):
            raise
        _no_open_case(citizen)  # another opened it a moment ago: the same answer
        raise


def _no_open_case(citizen: Citizen) -> None:
    running = Case.objects.filter(citizen=citizen, closed_on__isnull=True).first()
    if running:
        raise Refusal(
            _("Borgeren har allerede sag %(number)s.") % {"number": running.number}, mend=_("Åbn den i stedet."),
            field="need", link=f"/sager/{running.pk}/",
        )


def _barriers(chosen: Sequence[str]) -> list[str]:
    return [key for key in Barrier.values if key in chosen]


def _next_number(by: Staff, day: date) -> str:
    """Running number of the year. Those who refer at the same moment in one municipality take turns."""
    take_turns("case number", by.municipality_id)
    of_year = Case.objects.filter(municipality_id=by.municipality_id, number__gte=f"{day.year}-00000", number__lte=f"{day.year}-99999")
    last = of_year.order_by("-number").values_list("number", flat=True).first()
    return f"{day.year}-{int(last.split('-')[1]) + 1 if last else 1:05d}"


@action
def change_referral(referral: Referral, *, by: Staff, reason: str, version: int | None = None, **changes: Any) -> Referral:
    """Correct a referral with its history kept in the event. `changes`: need, barriers, wished_start, citizen_says."""
    case = guard(referral.case, version)
    reason = words(reason, "reason", _("Skriv hvorfor henvisningen rettes."))
    if "need" in changes:
        changes["need"] = words(changes["need"], "need", _("Skriv hvorfor borgeren kan have brug for en mentor."))
    if "barriers" in changes:
        changes["barriers"] = _barriers(changes["barriers"])
    before, after = _differences(referral, changes)
    referral.save()
    touch(case)
    record("cases.change_referral", referral, by=by, case=case, reason=reason, before=before, after=after)
    return referral


def _differences(row: Any, changes: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Set the changes on the row; what was and what is, of the fields that became another."""
    changed = {field: value for field, value in changes.items() if getattr(row, field) != value}
    before = {field: getattr(row, field) for field in changed}
    for field, value in changed.items():
        setattr(row, field, value)
    return before, changed


@action
def assess(
    case: Case, *, by: Staff, need: str, decisive: bool, decisive_reason: str, conclusion: str, target_group: str = "",
    outside_section_6: bool = False, citizen_agrees: bool | None = None, on: date | None = None, version: int | None = None,
) -> Assessment:
    """Konkret vurdering. In a running case it is the assessment for a new period, and the case stays where it is."""
    day = on or timezone.localdate()
    case = guard(case, version)
    refuse_own_case(case, by)
    must_be_open(case)
    if day < case.opened_on:
        raise Refusal(_("Vurderingen kan ikke ligge før henvisningen."), mend=_("Ret datoen."), field="on")
    row = Assessment.objects.create(
        municipality_id=by.municipality_id, case=case, made_on=day, made_by=by, need=words(need, "need", _("Skriv din vurdering af behovet.")),
        decisive=decisive, decisive_reason=words(decisive_reason, "decisive_reason", "", least=0), conclusion=conclusion, target_group=target_group,
        outside_section_6=outside_section_6, citizen_agrees=citizen_agrees,
    )
    if case.stage == Stage.REFERRED:
        enter(case, Stage.ASSESSED, caseworker=case.caseworker or by, next_deadline=day + DECIDE_WITHIN)
    else:
        touch(case)
    record("cases.assess", row, by=by, case=case, on=day, conclusion=conclusion, need=row.need)
    return row


@action
def change_assessment(row: Assessment, *, by: Staff, reason: str, version: int | None = None, **changes: Any) -> Assessment:
    """Correct an assessment before a decision stands on it. What it said before stays in the history."""
    case = guard(row.case, version)
    refuse_own_case(case, by)
    must_be_open(case)
    _undecided(row)
    reason = words(reason, "reason", _("Skriv hvorfor vurderingen rettes."))
    if "need" in changes:
        changes["need"] = words(changes["need"], "need", _("Skriv din vurdering af behovet."))
    before, after = _differences(row, changes)
    row.save()
    touch(case)
    record("cases.change_assessment", row, by=by, case=case, reason=reason, before=before, after=after)
    return row


@action
def undo_assessment(row: Assessment, *, by: Staff, reason: str = "") -> Assessment:
    """Take back an assessment that no decision stands on."""
    case = guard(row.case, None)
    refuse_own_case(case, by)
    must_be_open(case)
    _undecided(row)
    row.grants.filter(state="draft").delete()
    row.withdrawn = True
    row.save(update_fields=["withdrawn"])
    if case.stage == Stage.ASSESSED and not Assessment.objects.filter(case=case, withdrawn=False).exists():
        enter(case, Stage.REFERRED)
    else:
        touch(case)
    record("cases.undo_assessment", row, by=by, case=case, reason=reason)
    return row


def _undecided(row: Assessment) -> None:
    if row.withdrawn:
        raise Refusal(_("Vurderingen er fortrudt."), mend=_("Lav en ny."))
    if row.grants.exclude(state="annulled").exclude(state="draft").exists():
        raise Refusal(_("Vurderingen kan ikke ændres, for der er truffet afgørelse på den."), mend=_("Annullér bevillingen først."))


@action
def set_goal(case: Case, *, by: Staff, text: str, own_words: str = "", on: date | None = None) -> Goal:
    day = on or timezone.localdate()
    case = guard(case, None)
    must_be_open(case)
    text = words(text, "text", _("Skriv målet."))
    goal = Goal.objects.create(municipality_id=by.municipality_id, case=case, text=text, own_words=own_words.strip(), set_on=day)
    touch(case)
    record("cases.set_goal", goal, by=by, case=case, on=day, text=goal.text)
    return goal


@action
def change_goal(goal: Goal, *, by: Staff, **changes: Any) -> Goal:
    """`changes`: text, own_words, result."""
    case = guard(goal.case, None)
    if "text" in changes:
        changes["text"] = words(changes["text"], "text", _("Skriv målet."))
    before, after = _differences(goal, changes)
    goal.save()
    touch(case)
    record("cases.change_goal", goal, by=by, case=case, before=before, after=after)
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
    if case.started_on and day < case.started_on:
        raise Refusal(_("Opfølgningen kan ikke ligge før starten."), mend=_("Ret datoen."), field="on")
    if next_on and next_on <= day:
        raise Refusal(_("Næste opfølgning skal ligge efter denne."), mend=_("Vælg en senere dato."), field="next_on")
    change = words(change, "change", _("Skriv hvad der skal ændres."), least=1 if decision == FollowUp.Decision.CHANGE else 0)
    text = words(text, "text", _("Skriv hvor langt borgeren er med målet."))
    row = FollowUp(
        municipality_id=by.municipality_id, case=case, held_on=day, held_by=by, text=text, decision=decision, change=change,
        citizen_took_part=citizen_took_part, next_on=next_on, contacts_approved=contacts_approved,
    )
    verdicts = judge("follow_up", follow_up_bundle(case, None, row, day), day)
    stop_if(verdicts, case)
    row.save(force_insert=True)
    keep_verdicts(case, "follow_up", row.pk, verdicts, day)
    locked = max(filter(None, (case.locked_until, day if contacts_approved else None)), default=None)
    touch(case, follow_up_due=next_on, locked_until=locked, next_deadline=earliest(next_on, case.grant_end))
    record("cases.follow_up", row, by=by, case=case, on=day, decision=decision, text=row.text, contacts_approved=contacts_approved)
    return row


@action
def withdraw_follow_up(row: FollowUp, *, by: Staff, reason: str) -> FollowUp:
    """Undo a follow-up. Contacts it locked are open again, unless an earlier one locked them too."""
    case = guard(row.case, None)
    refuse_own_case(case, by)
    if row.withdrawn:
        raise Refusal(_("Opfølgningen er allerede fortrudt."))
    row.withdrawn = True
    row.save(update_fields=["withdrawn"])
    left = FollowUp.objects.filter(case=case, withdrawn=False).order_by("-held_on")
    last, approved = left.first(), left.filter(contacts_approved=True).first()
    due = last.next_on if last else earliest(case.started_on and case.started_on + FIRST_FOLLOW_UP, case.grant_end)
    if case.closed_on is not None:
        due = None
    touch(case, locked_until=approved.held_on if approved else None, follow_up_due=due, next_deadline=due and earliest(due, case.grant_end))
    record("cases.withdraw_follow_up", row, by=by, case=case, reason=reason)
    return row


@action
def close(
    case: Case, *, by: Staff, goal_result: str, result_text: str, follows: str, after_care: str = "", after_care_until: date | None = None,
    on: date | None = None, version: int | None = None,
) -> Closing:
    """Close with an assessment of the effect and what follows."""
    day = on or timezone.localdate()
    case = guard(case, version)
    refuse_own_case(case, by)
    must_be_open(case)
    if day < max(case.opened_on, case.started_on or case.opened_on):
        raise Refusal(_("Sagen kan ikke afsluttes, før den er begyndt."), mend=_("Ret datoen."), field="on")
    if after_care_until and after_care_until < day:
        raise Refusal(_("Efterværnet slutter, før sagen afsluttes."), mend=_("Ret datoen."), field="after_care_until")
    row = Closing(
        municipality_id=by.municipality_id, case=case, closed_on=day, closed_by=by, goal_result=goal_result, follows=follows,
        result_text=words(result_text, "result_text", "", least=0), after_care=words(after_care, "after_care", "", least=0),
        after_care_until=after_care_until,
    )
    verdicts = judge("closing", closing_bundle(case, row), day)
    stop_if(verdicts, case, "cases:close")
    row.save(force_insert=True)
    keep_verdicts(case, "closing", row.pk, verdicts, day)
    goals = Goal.objects.filter(case=case, result=Goal.Result.OPEN)
    settled = [str(pk) for pk in goals.order_by("pk").values_list("pk", flat=True)]
    goals.update(result=goal_result)
    enter(case, Stage.CLOSED, closed_on=day, next_deadline=None, follow_up_due=None)
    record("cases.close", row, by=by, case=case, on=day, goal_result=goal_result, follows=follows, goals=settled)
    return row


@action
def reopen(case: Case, *, by: Staff, reason: str, on: date | None = None) -> Case:
    """Take up an ended case where it was. Impossible while the citizen has another open case."""
    day = on or timezone.localdate()
    case = guard(case, None)
    if case.stage not in ENDED:
        raise Refusal(_("Sagen er ikke afsluttet."))
    no_other_open_case(case)
    if case.stage == Stage.CLOSED:
        closed = Event.objects.filter(municipality_id=case.municipality_id, case_id=case.pk, verb="cases.close").order_by("-id").first()
        Goal.objects.filter(case=case, pk__in=closed.data.get("goals", []) if closed else []).update(result=Goal.Result.OPEN)
    Closing.objects.filter(case=case).update(reopened=True)
    stage, due = _stage_before_the_end(case), day + PICK_UP_WITHIN
    enter(case, stage, closed_on=None, next_deadline=due, follow_up_due=due if stage == Stage.ACTIVE else None)
    record("cases.reopen", case, by=by, case=case, on=day, reason=reason.strip())
    return case


def no_other_open_case(case: Case) -> None:
    other = Case.objects.filter(citizen_id=case.citizen_id, closed_on__isnull=True).first()
    if other:
        told = _("Borgeren har en anden åben sag: %(number)s.") % {"number": other.number}
        raise Refusal(told, mend=_("Arbejd videre i den."), link=f"/sager/{other.pk}/")


def _stage_before_the_end(case: Case) -> str:
    if case.stage == Stage.REFUSED:
        return Stage.ASSESSED
    if case.stage == Stage.CLOSED:
        return Stage.ACTIVE if case.started_on else _stage_before_start(case)
    if case.grant_end is None:
        return Stage.ASSESSED if Assessment.objects.filter(case=case, withdrawn=False).exists() else Stage.REFERRED
    return _stage_before_start(case)


def _stage_before_start(case: Case) -> str:
    return Stage.AGREED if case.agreement_complete else Stage.MATCHED if case.mentor_id else Stage.GRANTED


@action
def cancel(case: Case, *, by: Staff, reason: str, on: date | None = None, version: int | None = None) -> Case:
    """Drop a case before it starts: a mistake, or the citizen does not want it."""
    day = on or timezone.localdate()
    case = guard(case, version)
    must_be_open(case)
    reason = words(reason, "reason", _("Skriv hvorfor sagen annulleres."), least=3)
    enter(case, Stage.CANCELLED, closed_on=max(day, case.opened_on), next_deadline=None)
    record("cases.cancel", case, by=by, case=case, on=day, reason=reason)
    return case


@action
def hand_over(cases: Sequence[Case], *, by: Staff, caseworker: Staff, reason: str) -> int:
    """Give one or many cases to another caseworker. All or none."""
    _is_caseworker(caseworker)
    reason = words(reason, "reason", _("Skriv hvorfor sagerne skifter sagsbehandler."))
    wanted = {case.pk for case in cases}
    rows = Case.objects.filter(pk__in=wanted).select_for_update(of=("self",)).select_related("caseworker", "mentor").order_by("pk")
    locked = sorted(rows, key=lambda case: case.number)
    if not locked:
        raise Refusal(_("Der er ikke valgt nogen sager."), mend=_("Sæt hak ved dem i listen."))
    for case in locked:
        must_be_open(case)
        if case.mentor and case.mentor.staff_id == caseworker.pk:
            raise Refusal(
                _("%(name)s er mentor i sag %(number)s.") % {"name": caseworker.name, "number": case.number},
                _("Mentor og myndighed skal være to forskellige personer."), _("Tag sagen ud, eller vælg en anden."), field="caseworker",
            )
        before = case.caseworker
        case.caseworker = caseworker
        fields = {"caseworker": caseworker} | ({"unit": caseworker.unit} if caseworker.unit_id else {})
        touch(case, **fields)
        record(
            "cases.hand_over", case, by=by, case=case, reason=reason,
            before={"caseworker": before.name if before else ""}, after={"caseworker": caseworker.name},
        )
    return len(locked)


def _is_caseworker(person: Staff) -> None:
    if "caseworker" not in person.roles or not person.active:
        raise Refusal(_("%(name)s er ikke sagsbehandler.") % {"name": person.name}, mend=_("Vælg en sagsbehandler."), field="caseworker")

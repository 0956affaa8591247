"""Choosing a mentor, agreeing between three parties, starting."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from snerydder.access.models import Staff
from snerydder.audit.action import Conflict, Refusal, action
from snerydder.audit.events import record
from snerydder.casework.agreements.facts import verdicts
from snerydder.casework.agreements.matching import deciders
from snerydder.casework.agreements.models import Acceptance, Agreement, Match, Task, Veto
from snerydder.casework.agreements.paper import guidance
from snerydder.casework.agreements.queries import COMING, grant_for, whole
from snerydder.casework.agreements.states import AgreementState, Party
from snerydder.casework.cases.actions import enter, guard, keep_verdicts, stop_if, touch
from snerydder.casework.cases.models import Case
from snerydder.casework.cases.states import ENDED, Stage
from snerydder.casework.grants.actions import refresh_case
from snerydder.casework.grants.models import Grant
from snerydder.casework.people.models import Mentor
from snerydder.law import help_kinds
from snerydder.ui.formats import dato


@action
def veto(case: Case, mentor: Mentor, *, by: Staff, reason: str = "", on: date | None = None) -> Veto:
    """The citizen does not want this mentor."""
    day = on or timezone.localdate()
    row, _made = Veto.objects.update_or_create(
        municipality_id=case.municipality_id, case=case, mentor=mentor, defaults={"said_on": day, "reason": reason.strip()}
    )
    record("agreements.veto", row, by=by, case=case, on=day, mentor=mentor.name, reason=reason)
    return row


@action
def lift_veto(row: Veto, *, by: Staff) -> None:
    record("agreements.lift_veto", row, by=by, case=row.case, mentor=row.mentor.name)
    row.delete()


@action
def choose(
    case: Case, *, by: Staff, mentor: Mentor, reason: str, citizen_wish: str = "", suggestions: Sequence[dict[str, Any]] = (),
    on: date | None = None, version: int | None = None,
) -> Match:
    """A person chooses the mentor and says why. The suggestions shown are kept beside the choice."""
    day = on or timezone.localdate()
    case = guard(case, version)
    if case.stage not in (Stage.GRANTED, Stage.MATCHED):
        raise Refusal(_("Der kan først vælges mentor, når støtten er bevilget."), mend=_("Se på sagen, hvad der mangler."))
    _fits(case, mentor)
    if not reason.strip():
        raise Refusal(_("Skriv med én linje, hvorfor det blev denne mentor."), field="reason")
    _end(Agreement.objects.filter(case=case, state__in=COMING), day)
    row = new_match(case, mentor, by, day, reason, citizen_wish=citizen_wish.strip(), suggestions=list(suggestions))
    enter(case, Stage.MATCHED, mentor=mentor, agreement_complete=False, next_deadline=day + timedelta(days=14))
    record("agreements.choose", row, by=by, case=case, on=day, mentor=mentor.name, reason=row.reason)
    return row


def new_match(case: Case, mentor: Mentor, by: Staff, day: date, reason: str, **more: Any) -> Match:
    Match.objects.filter(case=case, withdrawn=False).update(withdrawn=True)
    return Match.objects.create(
        municipality_id=case.municipality_id, case=case, mentor=mentor, chosen_by=by, chosen_on=day, reason=reason.strip() or _("Overdraget"), **more
    )


def _end(agreements: Any, day: date) -> None:
    agreements.update(state=AgreementState.ENDED, ended_on=day)


def _fits(case: Case, mentor: Mentor) -> None:
    if not mentor.active or not mentor.staff.active:
        raise Refusal(_("%(name)s tager ikke imod sager lige nu.") % {"name": mentor.name}, mend=_("Vælg en anden."), field="mentor")
    if Veto.objects.filter(case=case, mentor=mentor).exists():
        raise Refusal(_("Borgeren har sagt nej til %(name)s.") % {"name": mentor.name}, mend=_("Vælg en anden."), field="mentor")
    if mentor.staff_id in deciders(case):
        raise Refusal(
            _("%(name)s er sagsbehandler eller har truffet afgørelse i sagen og kan ikke være mentor i den.") % {"name": mentor.name},
            _("Mentor og myndighed skal være to forskellige personer (CHK-31)."), _("Vælg en anden."), field="mentor",
        )


@action
def undo_choice(case: Case, *, by: Staff, reason: str = "", version: int | None = None) -> Case:
    """Take back the choice of mentor before the agreement is in place."""
    case = guard(case, version)
    row = Match.objects.filter(case=case, withdrawn=False).first()
    if case.stage != Stage.MATCHED or row is None:
        raise Refusal(_("Der er intet valg at fortryde."))
    if case.started_on is not None:
        raise Refusal(_("Valget kan ikke fortrydes, for støtten har været i gang."), mend=_("Vælg en anden mentor i stedet."))
    _end(Agreement.objects.filter(case=case, state__in=COMING), timezone.localdate())
    row.withdrawn = True
    row.save(update_fields=["withdrawn"])
    enter(case, Stage.GRANTED, mentor=None)
    record("agreements.undo_choice", row, by=by, case=case, mentor=row.mentor.name, reason=reason)
    return case


@action
def write(
    case: Case, *, by: Staff, goal: str, tasks: Iterable[tuple[str, str]], start: date | None = None, end: date | None = None,
    mentor_contact: str = "", minutes: int | None = None, minutes_per: str = "", own_car: bool = False, tries: int = 3, who_does_what: str = "",
    beyond_usual: str = "", no_usual_work: bool = False, on: date | None = None, version: int | None = None,
) -> Agreement:
    """Write or rewrite the agreement. A changed agreement must be accepted anew by all three; an unchanged one keeps its yeses.

    While the support runs this is the agreement for the next period: the running one goes on until the new one starts.
    """
    day = on or timezone.localdate()
    case = guard(case, version)
    grant = _grant_to_stand_on(case, day, start)
    wanted = {kind: text.strip() for kind, text in tasks}
    if unknown := wanted.keys() - {kind.key for kind in help_kinds()}:
        raise Refusal(_("Der er en opgave, vi ikke kender: %(task)s.") % {"task": ", ".join(sorted(unknown))}, field="tasks")
    first, last = _dates_within(grant, start or max(grant.start or day, day), end or grant.end or day)
    assert case.mentor is not None
    values = {
        "grant": grant, "mentor": case.mentor, "goal": goal.strip(), "start": first, "end": last, "own_car": own_car, "tries": tries,
        "mentor_contact": mentor_contact.strip() or case.mentor.contact, "minutes": minutes or grant.minutes,
        "minutes_per": minutes_per or grant.minutes_per, "who_does_what": who_does_what.strip(), "beyond_usual": beyond_usual.strip(),
        "no_usual_work": no_usual_work, "complaint_guidance": guidance(grant, day),
    }  # fmt: skip
    agreement = Agreement.objects.filter(case=case, state__in=COMING).first() or Agreement(municipality_id=case.municipality_id, case=case, edition=0)
    if _put(agreement, values, wanted):
        if case.stage == Stage.AGREED:
            enter(case, Stage.MATCHED, agreement_complete=False)
        else:
            touch(case)
    said = {"goal": agreement.goal, "tasks": list(wanted), "minutes": agreement.minutes, "edition": agreement.edition}
    record("agreements.write", agreement, by=by, case=case, on=day, **said)
    return agreement


def _grant_to_stand_on(case: Case, day: date, start: date | None) -> Grant:
    if case.stage not in (Stage.MATCHED, Stage.AGREED, Stage.ACTIVE) or case.mentor is None:
        raise Refusal(_("Aftalen kan skrives, når der er valgt en mentor."), mend=_("Vælg mentor først."), link=f"/sager/{case.pk}/match/")
    grant = grant_for(case, day, start)
    if grant is None:
        raise Refusal(_("Der er ingen bevilling i kraft."), mend=_("Bevil mentorstøtte først."), link=f"/sager/{case.pk}/bevilling/")
    return grant


def _dates_within(grant: Grant, first: date, last: date) -> tuple[date, date]:
    if last < first:
        raise Refusal(_("Aftalen slutter, før den begynder."), mend=_("Ret datoerne."), field="end")
    if grant.start and first < grant.start:
        raise Refusal(_("Aftalen begynder, før der er bevilget støtte."), mend=_("Lad den begynde i bevillingens periode."), field="start")
    if grant.end and last > grant.end:
        raise Refusal(_("Aftalen går ud over bevillingen."), mend=_("Hold datoerne inden for bevillingen."), field="end")
    return first, last


def _put(agreement: Agreement, values: dict[str, Any], tasks: dict[str, str]) -> bool:
    """Store what was written. False when it says what it said before: then the yeses stand."""
    same_tasks = agreement.edition > 0 and {row.kind: row.text for row in agreement.tasks.all()} == tasks
    if same_tasks and all(getattr(agreement, field) == value for field, value in values.items()):
        return False
    for field, value in values.items():
        setattr(agreement, field, value)
    agreement.state, agreement.edition = AgreementState.DRAFT, agreement.edition + 1
    agreement.save()
    agreement.acceptances.all().delete()
    agreement.tasks.all().delete()
    Task.objects.bulk_create(
        Task(municipality_id=agreement.municipality_id, agreement=agreement, kind=kind, text=text) for kind, text in tasks.items()
    )
    return True


@action
def accept(
    agreement: Agreement, *, by: Staff, party: str, how: str = "on_screen", at: datetime | None = None, edition: int | None = None
) -> Acceptance:
    """One party says yes. When all three have, the agreement is in place. `edition` is the one the person has read."""
    case = guard(agreement.case, None)
    agreement.refresh_from_db()
    if agreement.state not in COMING:
        raise Refusal(_("Der er ikke noget at sige ja til."), mend=_("Se den aftale, der gælder nu."))
    if edition is not None and edition != agreement.edition:
        raise Conflict(_("Aftalen er ændret, siden du læste den."), _("Man skal vide, hvad man siger ja til."), _("Læs den igen, og sig så ja."))
    _may_say_yes(agreement, by, party, how)
    row, made = Acceptance.objects.get_or_create(
        municipality_id=case.municipality_id, agreement=agreement, party=party, defaults={"how": how, "at": at or timezone.now(), "noted_by": by}
    )
    if made:
        _all_agreed(agreement, case)
    record("agreements.accept", row, by=by, case=case, on=timezone.localtime(row.at).date(), party=party, how=row.how, again=not made)
    return row


def _may_say_yes(agreement: Agreement, by: Staff, party: str, how: str) -> None:
    on_screen, is_mentor = how == Acceptance.How.ON_SCREEN, agreement.mentor.staff_id == by.pk
    if party == Party.MENTOR and on_screen and not is_mentor:
        raise Refusal(_("Kun mentoren kan sige ja på skærmen."), mend=_("Notér i stedet, hvordan mentoren har sagt ja."), field="how")
    if party == Party.CITIZEN and on_screen:
        raise Refusal(_("Borgeren logger ikke ind her."), mend=_("Notér, hvordan borgeren har sagt ja."), field="how")
    if party == Party.MUNICIPALITY and (is_mentor or by.roles == ["mentor"]):
        raise Refusal(
            _("Mentoren kan ikke sige ja på kommunens vegne."), _("Mentor og myndighed skal være to forskellige personer (CHK-31)."),
            _("Bed sagsbehandleren eller koordinatoren om det."), field="how",
        )


def _all_agreed(agreement: Agreement, case: Case) -> None:
    if set(agreement.acceptances.values_list("party", flat=True)) < set(Party.values):
        touch(case)
        return
    agreement.state = AgreementState.AGREED
    agreement.save(update_fields=["state"])
    enter(case, case.stage if case.stage == Stage.ACTIVE else Stage.AGREED, agreement_complete=True)


@action
def withdraw_acceptance(row: Acceptance, *, by: Staff, reason: str = "") -> None:
    agreement = row.agreement
    case = guard(agreement.case, None)
    agreement.refresh_from_db(fields=["state"])
    if agreement.state not in COMING:
        raise Refusal(_("Støtten er i gang."), mend=_("Skift mentor, eller afslut sagen."))
    record("agreements.withdraw_acceptance", row, by=by, case=case, party=row.party, reason=reason)
    row.delete()
    was_agreed = agreement.state == AgreementState.AGREED
    Agreement.objects.filter(pk=agreement.pk).update(state=AgreementState.DRAFT)
    if was_agreed and case.stage == Stage.AGREED:
        enter(case, Stage.MATCHED, agreement_complete=False)
    else:
        touch(case)


@action
def start(agreement: Agreement, *, by: Staff, on: date | None = None, follow_up_on: date | None = None, version: int | None = None) -> Agreement:
    """Begin the support. Nothing starts before what the law demands of the agreement is there."""
    day = on or timezone.localdate()
    case = guard(agreement.case, version)
    agreement = whole(Agreement.objects.filter(pk=agreement.pk)).get()
    if agreement.state == AgreementState.ACTIVE:
        raise Refusal(_("Støtten er allerede i gang."))
    judged = verdicts(agreement, day)
    stop_if(judged)
    if agreement.state != AgreementState.AGREED:
        raise Refusal(_("Alle tre parter har ikke sagt ja endnu."), mend=_("Notér de sidste ja."), field="acceptances")
    _within_the_agreement(agreement, day)
    if follow_up_on and follow_up_on <= day:
        raise Refusal(_("Første opfølgning skal ligge efter starten."), mend=_("Vælg en senere dag."), field="follow_up_on")
    keep_verdicts(case, "start", agreement.pk, judged, day)
    before = Agreement.objects.filter(case=case, state=AgreementState.ACTIVE).first()
    _end(Agreement.objects.filter(case=case, state=AgreementState.ACTIVE), day)
    agreement.state, agreement.started_on, agreement.follows = AgreementState.ACTIVE, day, before
    agreement.save(update_fields=["state", "started_on", "follows"])
    assert agreement.grant.end is not None
    due = follow_up_on or min(day + timedelta(days=56), agreement.grant.end)
    deadlines = {"follow_up_due": due, "next_deadline": min(due, agreement.grant.end)}
    enter(case, Stage.ACTIVE, started_on=case.started_on or day, agreement_end=agreement.end, **deadlines)
    refresh_case(case, day)
    record("agreements.start", agreement, by=by, case=case, on=day, mentor=agreement.mentor.name)
    return agreement


def _within_the_agreement(agreement: Agreement, day: date) -> None:
    grant = agreement.grant
    if not (grant.start and grant.end and grant.start <= day <= grant.end):
        raise Refusal(
            _("Støtten kan ikke begynde den dag."), _("Bevillingen gælder fra %(start)s til %(end)s.") % {"start": dato(grant.start, "lang"), "end": dato(grant.end, "lang")},
            _("Vælg en dag i perioden."), field="on",
        )
    if not agreement.start <= day <= agreement.end:
        raise Refusal(
            _("Støtten kan ikke begynde den dag."), _("Aftalen gælder fra %(start)s til %(end)s.") % {"start": dato(agreement.start, "lang"), "end": dato(agreement.end, "lang")},
            _("Vælg en dag i perioden, eller ret aftalen."), field="on",
        )


@action
def undo_start(agreement: Agreement, *, by: Staff, reason: str = "", version: int | None = None) -> Agreement:
    """Take back a start before there has been any contact on it. An agreement it took over from runs again."""
    case = guard(agreement.case, version)
    agreement.refresh_from_db()
    if agreement.state != AgreementState.ACTIVE or agreement.started_on is None:
        raise Refusal(_("Aftalen er ikke i gang."))
    if case.last_contact_on and case.last_contact_on >= agreement.started_on:
        raise Refusal(_("Starten kan ikke fortrydes, for der har været kontakt."), mend=_("Afslut sagen i stedet."))
    before = agreement.follows
    agreement.state, agreement.started_on, agreement.follows = AgreementState.AGREED, None, None
    agreement.save(update_fields=["state", "started_on", "follows"])
    if before is not None:
        before.state, before.ended_on = AgreementState.ACTIVE, None
        before.save(update_fields=["state", "ended_on"])
        touch(case, agreement_end=before.end)
    else:
        ran = Agreement.objects.filter(case=case, started_on__isnull=False).exists()
        enter(case, Stage.AGREED, started_on=case.started_on if ran else None, agreement_end=None, follow_up_due=None)
    record("agreements.undo_start", agreement, by=by, case=case, reason=reason)
    return agreement


@action
def replace_mentor(cases: Sequence[Case], *, by: Staff, mentor: Mentor, reason: str, on: date | None = None) -> int:
    """Hand one or many cases over to another mentor. All or none. Each needs a new agreement with the new mentor."""
    day = on or timezone.localdate()
    locked = [guard(case, None) for case in sorted(cases, key=lambda case: str(case.pk))]
    problems = [problem for case in sorted(locked, key=lambda case: case.number) if (problem := _hindrance(case, mentor))]
    if not locked:
        raise Refusal(_("Der er ikke valgt nogen sager."), mend=_("Sæt kryds ved dem, der skal have en ny mentor."))
    if len(reason.strip()) < 3:
        problems.append(Refusal(_("Skriv hvorfor der skiftes mentor."), field="reason"))
    if problems:
        raise Refusal.several(problems)
    for case in locked:
        before = case.mentor
        assert before is not None
        _end(Agreement.objects.filter(case=case, state__in=[*COMING, AgreementState.ACTIVE]), day)
        row = new_match(case, mentor, by, day, reason)
        enter(case, Stage.MATCHED, mentor=mentor, agreement_complete=False, agreement_end=None, next_deadline=day + timedelta(days=14))
        record("agreements.replace_mentor", row, by=by, case=case, on=day, before=before.name, after=mentor.name, reason=reason)
    return len(locked)


def _hindrance(case: Case, mentor: Mentor) -> Refusal | None:
    """Why this case cannot change to this mentor, with its number, so that it can be taken out of the selection."""
    why = ""
    if case.stage in ENDED:
        why = _("Sagen er afsluttet.")
    elif case.mentor_id is None:
        why = _("Sagen har ingen mentor endnu.")
    elif case.mentor_id == mentor.pk:
        why = _("%(name)s er allerede mentor.") % {"name": mentor.name}
    else:
        try:
            _fits(case, mentor)
        except Refusal as refusal:
            why = str(refusal.what)
    if not why:
        return None
    what = _("Sag %(number)s kan ikke skifte.") % {"number": case.number}
    return Refusal(what, why, _("Tag den ud af udvalget, eller vælg en anden."), field="mentor")

"""Choosing a mentor, agreeing between three parties, starting."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from snerydder.access.models import Staff
from snerydder.audit.action import Refusal, action
from snerydder.audit.events import record
from snerydder.casework.agreements.facts import bundle
from snerydder.casework.agreements.models import Acceptance, Agreement, Match, Task, Veto
from snerydder.casework.agreements.states import AgreementState, Party
from snerydder.casework.cases.actions import enter, guard, keep_verdicts, stop_if, touch
from snerydder.casework.cases.models import Case
from snerydder.casework.cases.states import Stage
from snerydder.casework.grants.letters import guidance
from snerydder.casework.grants.models import Grant
from snerydder.casework.grants.states import GrantState
from snerydder.casework.people.models import Mentor
from snerydder.law import judge


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
    Match.objects.filter(case=case, withdrawn=False).update(withdrawn=True)
    Agreement.objects.filter(case=case, state=AgreementState.DRAFT).update(state=AgreementState.ENDED)
    row = Match.objects.create(
        municipality_id=case.municipality_id, case=case, mentor=mentor, chosen_by=by, chosen_on=day, reason=reason.strip(),
        citizen_wish=citizen_wish.strip(), suggestions=list(suggestions),
    )
    enter(case, Stage.MATCHED, mentor=mentor, agreement_complete=False, next_deadline=day + timedelta(days=14))
    record("agreements.choose", row, by=by, case=case, on=day, mentor=mentor.name, reason=row.reason)
    return row


def _fits(case: Case, mentor: Mentor) -> None:
    if not mentor.active or not mentor.staff.active:
        raise Refusal(_("%(name)s tager ikke imod sager lige nu.") % {"name": mentor.name}, mend=_("Vælg en anden."), field="mentor")
    if Veto.objects.filter(case=case, mentor=mentor).exists():
        raise Refusal(_("Borgeren har sagt nej til %(name)s.") % {"name": mentor.name}, mend=_("Vælg en anden."), field="mentor")
    grants = Grant.objects.filter(case=case, state=GrantState.DECIDED)
    if grants.filter(decided_by=mentor.staff_id).exists() or grants.filter(assessment__made_by=mentor.staff_id).exists() or case.caseworker_id == mentor.staff_id:
        raise Refusal(
            _("%(name)s har truffet afgørelse i sagen og kan ikke være mentor i den.") % {"name": mentor.name},
            _("Mentor og myndighed skal være to forskellige personer (CHK-31)."), _("Vælg en anden."), field="mentor",
        )


@action
def undo_choice(case: Case, *, by: Staff, reason: str = "") -> Case:
    """Take back the choice of mentor before the agreement is in place."""
    case = guard(case, None)
    row = Match.objects.filter(case=case, withdrawn=False).first()
    if case.stage != Stage.MATCHED or row is None:
        raise Refusal(_("Der er intet valg at fortryde."))
    Agreement.objects.filter(case=case, state=AgreementState.DRAFT).update(state=AgreementState.ENDED)
    row.withdrawn = True
    row.save(update_fields=["withdrawn"])
    enter(case, Stage.GRANTED, mentor=None)
    record("agreements.undo_choice", row, by=by, case=case, mentor=row.mentor.name, reason=reason)
    return case


@action
def write(
    case: Case, *, by: Staff, goal: str, tasks: Sequence[tuple[str, str]], start: date | None = None, end: date | None = None,
    mentor_contact: str = "", minutes: int | None = None, minutes_per: str = "", own_car: bool = False, tries: int = 3, who_does_what: str = "",
    beyond_usual: str = "", no_usual_work: bool = False, on: date | None = None,
) -> Agreement:
    """Write or rewrite the agreement. A changed agreement must be accepted anew by all three.

    While the support runs this is the agreement for the next period: the running one goes on until the new one starts.
    """
    day = on or timezone.localdate()
    case = guard(case, None)
    if case.stage not in (Stage.MATCHED, Stage.AGREED, Stage.ACTIVE) or case.mentor is None:
        raise Refusal(_("Aftalen kan skrives, når der er valgt en mentor."), mend=_("Vælg mentor først."))
    grant = Grant.objects.filter(case=case, state=GrantState.DECIDED).order_by("-end").first()
    if grant is None:
        raise Refusal(_("Der er ingen bevilling i kraft."), mend=_("Bevil mentorstøtte først."))
    first, last = start or max(grant.start, day), end or grant.end
    if last < first:
        raise Refusal(_("Aftalen slutter, før den begynder."), mend=_("Ret datoerne."), field="end")
    if first < grant.start or last > grant.end:
        raise Refusal(_("Aftalen går ud over bevillingen."), mend=_("Hold datoerne inden for bevillingen."), field="end")
    agreement = Agreement.objects.filter(case=case, state__in=[AgreementState.DRAFT, AgreementState.AGREED]).first() or Agreement(
        municipality_id=case.municipality_id, case=case
    )
    values = dict(
        grant=grant, mentor=case.mentor, state=AgreementState.DRAFT, goal=goal.strip(), start=first, end=last,
        mentor_contact=mentor_contact.strip() or case.mentor.contact, minutes=minutes or grant.minutes, minutes_per=minutes_per or grant.minutes_per,
        own_car=own_car, tries=tries, who_does_what=who_does_what.strip(), beyond_usual=beyond_usual.strip(), no_usual_work=no_usual_work,
        complaint_guidance="\n".join(guidance(day)),
    )
    for field, value in values.items():
        setattr(agreement, field, value)
    agreement.save()
    agreement.acceptances.all().delete()
    agreement.tasks.all().delete()
    Task.objects.bulk_create(
        Task(municipality_id=case.municipality_id, agreement=agreement, kind=kind, text=text.strip()) for kind, text in dict(tasks).items()
    )
    if case.stage == Stage.AGREED:
        enter(case, Stage.MATCHED, agreement_complete=False)
    record("agreements.write", agreement, by=by, case=case, on=day, goal=agreement.goal, tasks=[kind for kind, _text in tasks], minutes=agreement.minutes)
    return agreement


@action
def accept(agreement: Agreement, *, by: Staff, party: str, how: str = "on_screen", at: datetime | None = None) -> Acceptance:
    """One party says yes. When all three have, the agreement is in place."""
    case = guard(agreement.case, None)
    if agreement.state != AgreementState.DRAFT:
        raise Refusal(_("Aftalen er allerede på plads."))
    if party == Party.MENTOR and agreement.mentor.staff_id != by.pk and how == Acceptance.How.ON_SCREEN:
        raise Refusal(_("Kun mentoren kan sige ja på skærmen."), mend=_("Notér i stedet, hvordan mentoren har sagt ja."), field="how")
    row, made = Acceptance.objects.get_or_create(
        municipality_id=case.municipality_id, agreement=agreement, party=party, defaults={"how": how, "at": at or timezone.now(), "noted_by": by}
    )
    parties = set(agreement.acceptances.values_list("party", flat=True))
    if parties >= set(Party.values):
        agreement.state = AgreementState.AGREED
        agreement.save(update_fields=["state"])
        enter(case, case.stage if case.stage == Stage.ACTIVE else Stage.AGREED, agreement_complete=True)
    else:
        touch(case)
    record("agreements.accept", row, by=by, case=case, on=timezone.localtime(row.at).date(), party=party, how=how, again=not made)
    return row


@action
def withdraw_acceptance(row: Acceptance, *, by: Staff, reason: str = "") -> None:
    agreement = row.agreement
    case = guard(agreement.case, None)
    if agreement.state == AgreementState.ACTIVE:
        raise Refusal(_("Støtten er i gang."), mend=_("Skift mentor, eller afslut sagen."))
    record("agreements.withdraw_acceptance", row, by=by, case=case, party=row.party, reason=reason)
    row.delete()
    if agreement.state == AgreementState.AGREED:
        agreement.state = AgreementState.DRAFT
        agreement.save(update_fields=["state"])
        if case.stage == Stage.AGREED:
            enter(case, Stage.MATCHED, agreement_complete=False)


@action
def start(agreement: Agreement, *, by: Staff, on: date | None = None, follow_up_on: date | None = None, version: int | None = None) -> Agreement:
    """Begin the support. Nothing starts before what the law demands of the agreement is there."""
    day = on or timezone.localdate()
    case = guard(agreement.case, version)
    agreement = (
        Agreement.objects.select_related("case__citizen", "grant__case__citizen", "grant__assessment__made_by", "mentor__staff")
        .prefetch_related("tasks", "acceptances", "mentor__qualifications")
        .get(pk=agreement.pk)
    )
    if agreement.state == AgreementState.ACTIVE:
        raise Refusal(_("Støtten er allerede i gang."))
    verdicts = judge("agreement", bundle(agreement, day), day) + judge("start", bundle(agreement, day), day)
    verdicts = list({verdict.check: verdict for verdict in verdicts}.values())
    stop_if(verdicts)
    if agreement.state != AgreementState.AGREED:
        raise Refusal(_("Alle tre parter har ikke sagt ja endnu."), mend=_("Notér de sidste ja."), field="acceptances")
    if not agreement.grant.start <= day <= agreement.grant.end:
        raise Refusal(
            _("Støtten kan ikke begynde den dag."), _("Bevillingen gælder fra %(start)s til %(end)s.") % {"start": agreement.grant.start, "end": agreement.grant.end},
            _("Vælg en dag i perioden."), field="on",
        )
    keep_verdicts(case, "start", agreement.pk, verdicts, day)
    Agreement.objects.filter(case=case, state=AgreementState.ACTIVE).update(state=AgreementState.ENDED)
    agreement.state, agreement.started_on = AgreementState.ACTIVE, day
    agreement.save(update_fields=["state", "started_on"])
    due = follow_up_on or min(day + timedelta(days=56), agreement.grant.end)
    enter(case, Stage.ACTIVE, started_on=case.started_on or day, follow_up_due=due, next_deadline=min(due, agreement.grant.end))
    record("agreements.start", agreement, by=by, case=case, on=day, mentor=agreement.mentor.name)
    return agreement


@action
def undo_start(agreement: Agreement, *, by: Staff, reason: str = "") -> Agreement:
    """Take back a start before there has been any contact."""
    case = guard(agreement.case, None)
    if agreement.state != AgreementState.ACTIVE or case.first_contact_on is not None:
        raise Refusal(_("Starten kan ikke fortrydes, for der har været kontakt."), mend=_("Afslut sagen i stedet."))
    agreement.state, agreement.started_on = AgreementState.AGREED, None
    agreement.save(update_fields=["state", "started_on"])
    enter(case, Stage.AGREED, started_on=None, follow_up_due=None)
    record("agreements.undo_start", agreement, by=by, case=case, reason=reason)
    return agreement


@action
def replace_mentor(cases: Sequence[Case], *, by: Staff, mentor: Mentor, reason: str, on: date | None = None) -> int:
    """Hand one or many cases over to another mentor. All or none. Each needs a new agreement with the new mentor."""
    day = on or timezone.localdate()
    for case in sorted(cases, key=lambda case: case.number):
        case = guard(case, None)
        if case.mentor is None:
            raise Refusal(_("Sag %(number)s har ingen mentor.") % {"number": case.number}, mend=_("Tag den ud af udvalget."))
        _fits(case, mentor)
        before = case.mentor
        Agreement.objects.filter(case=case, state__in=[AgreementState.DRAFT, AgreementState.AGREED, AgreementState.ACTIVE]).update(
            state=AgreementState.ENDED
        )
        Match.objects.filter(case=case, withdrawn=False).update(withdrawn=True)
        row = Match.objects.create(
            municipality_id=case.municipality_id, case=case, mentor=mentor, chosen_by=by, chosen_on=day, reason=reason.strip() or _("Overdraget")
        )
        enter(case, Stage.MATCHED, mentor=mentor, agreement_complete=False, next_deadline=day + timedelta(days=14))
        record("agreements.replace_mentor", row, by=by, case=case, on=day, before=before.name, after=mentor.name, reason=reason)
    return len(cases)

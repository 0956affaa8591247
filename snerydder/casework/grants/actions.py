"""Deciding on mentor support. What a hard check stops cannot be decided, by page or by code."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from snerydder.access.models import Staff
from snerydder.access.separation import refuse_own_case
from snerydder.audit.action import Refusal, action
from snerydder.audit.events import record
from snerydder.audit.models import Outbox
from snerydder.casework.cases.actions import no_other_open_case
from snerydder.casework.cases.models import Assessment, Case
from snerydder.casework.cases.moving import earliest, enter, guard, keep_verdicts, must_be_open, touch, words
from snerydder.casework.cases.states import Stage
from snerydder.casework.cases.verdicts import stop_if
from snerydder.casework.grants import queries
from snerydder.casework.grants.cost import price_on
from snerydder.casework.grants.facts import bundle, refusal_bundle, stop_bundle
from snerydder.casework.grants.hearings import must_be_heard
from snerydder.casework.grants.letters import grant_letter, refusal_letter, stop_letter
from snerydder.casework.grants.models import Grant, Hearing, Letter, Price
from snerydder.casework.grants.post import write_letter
from snerydder.casework.grants.states import TRANSITIONS, GrantState
from snerydder.law import judge

PAGE = "grants:grant"


@action
def propose(
    case: Case, *, by: Staff, assessment: Assessment, hjemmel: str = "", purpose_kind: str = "", purpose: str = "", minutes: int = 0,
    minutes_per: str = "week", hours_reason: str = "", start: date | None = None, end: date | None = None, counted_per: str = "person",
    discharge_on: date | None = None, admission_on: date | None = None, mentor_kind: str = "municipal", on: date | None = None,
    version: int | None = None,
) -> Grant:
    """Write or rewrite the draft of a grant. It may be half filled: nothing is decided, and nothing is checked but that it can be stored."""
    day = on or timezone.localdate()
    case = guard(case, version)
    refuse_own_case(case, by)
    must_be_open(case)
    _may_carry(assessment, case)
    if start and end and end < start:
        raise Refusal(_("Perioden slutter, før den begynder."), mend=_("Ret datoerne."), field="end")
    draft = Grant.objects.filter(case=case, state=GrantState.DRAFT).first() or Grant(municipality_id=case.municipality_id, case=case)
    values = {
        "assessment": assessment, "hjemmel": hjemmel, "purpose_kind": purpose_kind, "purpose": words(purpose, "purpose", "", least=0),
        "minutes": max(minutes, 0), "minutes_per": minutes_per, "hours_reason": words(hours_reason, "hours_reason", "", least=0),
        "start": start, "end": end, "counted_per": counted_per, "discharge_on": discharge_on, "admission_on": admission_on,
        "mentor_kind": mentor_kind, "hourly_price": price_on(case.municipality_id, mentor_kind, day),
    }
    for field, value in values.items():
        setattr(draft, field, value)
    draft.save()
    touch(case)
    record("grants.propose", draft, by=by, case=case, on=day, hjemmel=hjemmel, minutes=minutes, minutes_per=minutes_per, start=start, end=end)
    return draft


def _may_carry(assessment: Assessment, case: Case) -> None:
    """One assessment carries one period (LAB § 167, stk. 1, 2. pkt.)."""
    if assessment.case_id != case.pk or assessment.withdrawn:
        raise Refusal(_("Vurderingen er fortrudt."), mend=_("Lav en ny konkret vurdering."), link=f"/sager/{case.pk}/vurdering/")
    if Grant.objects.filter(assessment=assessment, state__in=[GrantState.DECIDED, GrantState.STOPPED]).exists():
        raise Refusal(
            _("Der er allerede bevilget en periode på den vurdering."), _("En ny periode kræver en ny konkret vurdering."),
            _("Lav en ny konkret vurdering."), link=f"/sager/{case.pk}/vurdering/",
        )


@action
def discard(grant: Grant, *, by: Staff) -> None:
    case = guard(grant.case, None)
    if grant.state != GrantState.DRAFT:
        raise Refusal(_("Kun et udkast kan kasseres."))
    touch(case)
    record("grants.discard", grant, by=by, case=case)
    grant.delete()


@action
def decide(grant: Grant, *, by: Staff, on: date | None = None, version: int | None = None) -> Grant:
    """Grant the support: judged by the law of the day, letter made and put in the outbox, hours and period on the case."""
    day = on or timezone.localdate()
    case = guard(grant.case, version)
    refuse_own_case(case, by)
    found = Grant.objects.select_related("case__citizen", "case__unit", "assessment__made_by").filter(pk=grant.pk).first()
    if found is None or found.state != GrantState.DRAFT:
        told = _("Der er allerede truffet afgørelse på dette udkast.")
        raise Refusal(told, mend=_("Se på sagen, hvad der er besluttet."), link=f"/sager/{case.pk}/")
    if case.stage in (Stage.REFERRED, *_ENDED):
        raise Refusal(_("Sagen er %(now)s.") % {"now": Stage(case.stage).label}, mend=_("Lav den konkrete vurdering først."))
    grant = found
    _may_carry(grant.assessment, case)
    if grant.assessment.conclusion != Assessment.Conclusion.GRANT:
        told = _("Vurderingen siger, at der ikke er behov for mentor.")
        raise Refusal(told, mend=_("Ret vurderingen, eller giv afslag."), link=f"/sager/{case.pk}/vurdering/")
    verdicts = judge("grant", bundle(grant, day), day)
    stop_if(verdicts, case, PAGE)
    grant.state, grant.decided_on, grant.decided_by = GrantState.DECIDED, day, by
    grant.law_version = verdicts[0].law_version if verdicts else ""
    save_without_overlap(grant)
    keep_verdicts(case, "grant", grant.pk, verdicts, day)
    write_letter(case, Letter.Kind.GRANT, day, grant_letter(grant, by), grant)
    enter(case, Stage.GRANTED if case.stage == Stage.ASSESSED else case.stage, caseworker=case.caseworker or by)
    refresh_case(case, day)
    record(
        "grants.decide", grant, by=by, case=case, on=day, hjemmel=grant.hjemmel, minutes=grant.minutes, minutes_per=grant.minutes_per,
        start=grant.start, end=grant.end, law_version=grant.law_version,
    )
    return grant


_ENDED = (Stage.CLOSED, Stage.REFUSED, Stage.CANCELLED)


def save_without_overlap(grant: Grant) -> None:
    """The database refuses two grants for the same day, whoever wrote them; a person is told in words."""
    try:
        with transaction.atomic():
            grant.save()
    except IntegrityError as fault:
        if "grant_no_overlap" not in str(fault):
            raise
        raise Refusal(
            _("Perioden overlapper en bevilling, der allerede er givet."),
            _("Den samme uge kan ikke bevilges to gange."),
            _("Lad den nye periode begynde dagen efter den forrige slutter."),
            field="start",
        ) from fault


def _draw_back(letters: Any) -> None:
    """Mark letters as withdrawn, and keep those that still wait from being sent. A letter that is sent is a decision announced."""
    ids = list(letters.values_list("pk", flat=True))
    if Outbox.objects.filter(object_id__in=ids, state=Outbox.State.SENT).exists():
        raise Refusal(
            _("Brevet er sendt til borgeren."), _("En afgørelse, som borgeren har fået, kan ikke bare trækkes tilbage."),
            _("Træf en ny afgørelse i stedet."),
        )
    Outbox.objects.filter(object_id__in=ids, state=Outbox.State.WAITING).update(state=Outbox.State.CANCELLED)
    letters.update(withdrawn=True)


def _hear_again(case: Case, about: str, decided_on: date | None) -> None:
    """The decision is gone, so the citizen's answer still waits for one."""
    Hearing.objects.filter(case=case, about=about, decided_on=decided_on, decided_on__isnull=False).update(decided_on=None)


def refresh_case(case: Case, day: date) -> None:
    """Put the period that counts on `day` on the case row, with its minutes granted and used, and the next deadline."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT snerydder_period(ARRAY[%s]::uuid[], %s::date), snerydder_recount(ARRAY[%s]::uuid[])", [case.pk, day, case.pk])
    case.refresh_from_db(fields=["grant_start", "period_end", "grant_end", "minutes_granted", "minutes_used"])
    waiting = day + timedelta(days=14) if case.started_on is None else None
    touch(case, next_deadline=earliest(case.follow_up_due, case.grant_end, waiting) if case.closed_on is None else None)


@action
def refuse(
    assessment: Assessment, *, by: Staff, reason: str, hjemmel: str = "lab-167-1", right: str = "", ground: str = "", heard: str = "heard",
    on: date | None = None, version: int | None = None,
) -> Letter:
    """Refuse support, with reasons and complaint guidance. A right is never refused for budget or by a draw (CHK-09).

    `right`: the right the citizen has, whatever hjemmel was looked at. Also one a draft tells of counts: nobody gets round a right
    by refusing after another rule.

    A case that runs goes on to the end of its period: only the new one is refused.
    """
    day = on or timezone.localdate()
    case = guard(assessment.case, version)
    refuse_own_case(case, by)
    must_be_open(case)
    _may_carry(assessment, case)
    reason = _reasons(reason, _("Et afslag skal begrundes (forvaltningsloven § 22)."))
    hjemmel = right if right and right != queries.NO_RIGHT else hjemmel
    verdicts = judge("refusal", refusal_bundle(assessment, queries.right_of(case) or hjemmel, ground), day)
    stop_if(verdicts, case, "cases:assess")
    must_be_heard(case, Hearing.About.REFUSAL, heard, ground, day)
    letter = write_letter(case, Letter.Kind.REFUSAL, day, refusal_letter(case, by, reason, hjemmel, day))
    keep_verdicts(case, "refusal", letter.pk, verdicts, day)
    Grant.objects.filter(case=case, state=GrantState.DRAFT).delete()
    if case.stage == Stage.ACTIVE:
        touch(case)
    else:
        enter(case, Stage.REFUSED, closed_on=max(day, case.opened_on), next_deadline=None)
    record("grants.refuse", letter, by=by, case=case, on=day, reason=reason, hjemmel=hjemmel, right=right, ground=ground, heard=heard)
    return letter


def _reasons(reason: str, why: str) -> str:
    try:
        return words(reason, "reason", _("Begrundelsen mangler."), least=10)
    except Refusal as missing:
        raise Refusal(missing.what, "" if missing.mend else why, missing.mend or _("Skriv hvorfor."), field="reason") from None


@action
def undo_refusal(letter: Letter, *, by: Staff, reason: str = "") -> Case:
    """Take back a refusal whose letter has not been sent."""
    case = guard(letter.case, None)
    refuse_own_case(case, by)
    if letter.kind != Letter.Kind.REFUSAL or letter.withdrawn:
        raise Refusal(_("Der er intet afslag at fortryde."))
    _draw_back(Letter.objects.filter(pk=letter.pk))
    _hear_again(case, Hearing.About.REFUSAL, letter.dated)
    if case.stage == Stage.REFUSED:
        no_other_open_case(case)
        enter(case, Stage.ASSESSED, closed_on=None, next_deadline=timezone.localdate() + timedelta(days=7))
    else:
        touch(case)
    record("grants.undo_refusal", letter, by=by, case=case, reason=reason)
    return case


@action
def annul(grant: Grant, *, by: Staff, reason: str, on: date | None = None, version: int | None = None) -> Grant:
    """Undo a grant before the support has begun and before the citizen has the letter."""
    day = on or timezone.localdate()
    case = guard(grant.case, version)
    refuse_own_case(case, by)
    grant.refresh_from_db()
    reason = words(reason, "reason", _("Skriv hvorfor bevillingen annulleres."))
    if grant.agreements.exclude(state="ended").exclude(state="draft").exists():
        told = _("Bevillingen kan ikke annulleres, for der er indgået en aftale.")
        raise Refusal(told, mend=_("Stop den i stedet."), link=f"/bevillinger/{grant.pk}/stop/")
    _end(grant, GrantState.ANNULLED, day, reason)
    _draw_back(Letter.objects.filter(grant=grant))
    grant.agreements.filter(state="draft").update(state="ended")
    if not Grant.objects.filter(case=case, state__in=[GrantState.DECIDED, GrantState.STOPPED]).exists():
        _back_to_assessed(case)
    refresh_case(case, day)
    record("grants.annul", grant, by=by, case=case, on=day, reason=reason)
    return grant


def _back_to_assessed(case: Case) -> None:
    """Nothing is granted any more, so nobody is chosen as mentor either."""
    if case.stage == Stage.MATCHED:
        case.matches.filter(withdrawn=False).update(withdrawn=True)
        enter(case, Stage.GRANTED, mentor=None, agreement_complete=False)
    if case.stage == Stage.GRANTED:
        enter(case, Stage.ASSESSED)


@action
def stop(
    grant: Grant, *, by: Staff, reason: str, last_day: date, ground: str = "", heard: str = "heard", on: date | None = None, version: int | None = None
) -> Grant:
    """End a grant before time. The period is cut at `last_day`; the decision letter carries reasons and complaint guidance.

    `heard`: how the citizen was heard before a decision against them (forvaltningsloven § 19): agrees, heard, not_needed.
    """
    day = on or timezone.localdate()
    case = guard(grant.case, version)
    refuse_own_case(case, by)
    grant.refresh_from_db()
    if grant.state != GrantState.DECIDED:
        raise Refusal(_("Kun en bevilling i kraft kan stoppes."))
    assert grant.start and grant.end  # what is decided has dates
    if not grant.start <= last_day <= grant.end:
        raise Refusal(_("Den sidste dag ligger uden for bevillingen."), mend=_("Vælg en dag i perioden."), field="last_day")
    reason = _reasons(reason, _("Et stop er en afgørelse og skal begrundes."))
    verdicts = judge("follow_up", stop_bundle(grant, ground, last_day, day), day)
    stop_if(verdicts, case)
    must_be_heard(case, Hearing.About.STOP, heard, ground, day)
    grant.decided_end, grant.end = grant.end, last_day
    _end(grant, GrantState.STOPPED, day, reason)
    letter = write_letter(case, Letter.Kind.STOP, day, stop_letter(grant, by, reason, last_day, day), grant)
    keep_verdicts(case, "stop", letter.pk, [verdict for verdict in verdicts if verdict.check in ("CHK-07", "CHK-09")], day)
    refresh_case(case, day)
    record(
        "grants.stop", grant, by=by, case=case, on=day, reason=reason, ground=ground, heard=heard, last_day=last_day, was_until=grant.decided_end
    )
    return grant


@action
def undo_stop(grant: Grant, *, by: Staff, reason: str = "") -> Grant:
    """Take back a stop whose letter has not been sent: the grant runs to the day it was given to."""
    case = guard(grant.case, None)
    refuse_own_case(case, by)
    grant.refresh_from_db()
    if grant.state != GrantState.STOPPED:
        raise Refusal(_("Bevillingen er ikke stoppet."))
    letter = Letter.objects.filter(grant=grant, kind=Letter.Kind.STOP, withdrawn=False).first()
    _draw_back(Letter.objects.filter(grant=grant, kind=Letter.Kind.STOP, withdrawn=False))
    _hear_again(case, Hearing.About.STOP, letter.dated if letter else None)
    restore(grant, timezone.localdate())
    record("grants.undo_stop", grant, by=by, case=case, reason=reason, end=grant.end)
    return grant


def restore(grant: Grant, day: date) -> None:
    """A stopped grant runs again to the day it was given to."""
    grant.state, grant.end, grant.decided_end, grant.ended_on, grant.ended_reason = GrantState.DECIDED, grant.decided_end, None, None, ""
    save_without_overlap(grant)
    refresh_case(grant.case, day)


@action
def deliver(letter: Letter, *, by: Staff, on: date, proof: str, version: int | None = None) -> Letter:
    """Write down that a letter came, and how that is known (CHK-21). The time for complaint runs from that day."""
    case = guard(letter.case, version)
    if letter.withdrawn:
        raise Refusal(_("Brevet er trukket tilbage."))
    if on < letter.dated:
        raise Refusal(_("Brevet er kommet frem, før det blev skrevet."), mend=_("Ret datoen."), field="on")
    was = {"on": letter.delivered_on, "proof": letter.delivery_proof} if letter.delivered_on else None
    letter.delivered_on, letter.delivery_proof = on, words(proof, "proof", _("Skriv, hvordan I ved, at brevet kom frem."))[:300]
    letter.save(update_fields=["delivered_on", "delivery_proof"])
    Outbox.objects.filter(object_id=letter.pk, state=Outbox.State.WAITING).update(state=Outbox.State.SENT)
    touch(case)
    record("grants.deliver", letter, by=by, case=case, on=on, proof=letter.delivery_proof, was=was)
    return letter


def _end(grant: Grant, state: str, day: date, reason: str) -> None:
    if state not in TRANSITIONS[grant.state]:
        raise Refusal(_("Det kan ikke gøres nu, for bevillingen er %(now)s.") % {"now": GrantState(grant.state).label})
    grant.state, grant.ended_on, grant.ended_reason = state, day, reason
    grant.save()


@action
def set_price(mentor_kind: str, per_hour: Any, valid_from: date, *, by: Staff) -> Price:
    """What an hour costs from a day on. The same kind and day again corrects the price."""
    amount = Decimal(str(per_hour))
    if amount < 0:
        raise Refusal(_("En timepris kan ikke være under 0 kr."), field="per_hour")
    known = Price.objects.filter(municipality_id=by.municipality_id, mentor_kind=mentor_kind, valid_from=valid_from).first()
    before = str(known.per_hour) if known else None
    price, _made = Price.objects.update_or_create(
        municipality_id=by.municipality_id, mentor_kind=mentor_kind, valid_from=valid_from, defaults={"per_hour": amount}
    )
    record("grants.set_price", price, by=by, mentor_kind=mentor_kind, per_hour=str(amount), valid_from=valid_from, was=before)
    return price


def roll(day: date) -> int:
    """Move the cases of the municipality in context on to the period that counts on `day`. The calendar moves; nobody decides."""
    ids = list(Case.objects.filter(closed_on__isnull=True, period_end__lt=day, grant_end__gt=day - timedelta(days=1)).values_list("pk", flat=True))
    with connection.cursor() as cursor:
        cursor.execute("SELECT snerydder_period(%s::uuid[], %s::date), snerydder_recount(%s::uuid[])", [ids, day, ids])
    return len(ids)

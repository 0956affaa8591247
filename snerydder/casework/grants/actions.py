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
from snerydder.casework.cases.actions import enter, guard, keep_verdicts, stop_if, touch
from snerydder.casework.cases.models import Assessment, Case
from snerydder.casework.cases.states import Stage
from snerydder.casework.grants.cost import price_on
from snerydder.casework.grants.facts import bundle
from snerydder.casework.grants.letters import grant_letter, refusal_letter, stop_letter
from snerydder.casework.grants.models import Grant, Letter, Price
from snerydder.casework.grants.states import GrantState
from snerydder.law import judge


@action
def propose(
    case: Case, *, by: Staff, assessment: Assessment, hjemmel: str, purpose_kind: str, purpose: str, minutes: int, minutes_per: str, hours_reason: str,
    start: date, end: date, counted_per: str = "person", discharge_on: date | None = None, admission_on: date | None = None,
    mentor_kind: str = "municipal", on: date | None = None,
) -> Grant:
    """Write or rewrite the draft of a grant. Nothing is decided and nothing is checked but that it can be stored."""
    day = on or timezone.localdate()
    refuse_own_case(case, by)
    if end < start:
        raise Refusal(_("Perioden slutter, før den begynder."), mend=_("Ret datoerne."), field="end")
    if minutes <= 0:
        raise Refusal(_("Timetallet mangler."), mend=_("Skriv hvor mange timer borgeren har behov for."), field="minutes")
    draft = Grant.objects.filter(case=case, state=GrantState.DRAFT).first() or Grant(municipality_id=case.municipality_id, case=case)
    values = dict(
        assessment=assessment, hjemmel=hjemmel, purpose_kind=purpose_kind, purpose=purpose.strip(), minutes=minutes, minutes_per=minutes_per,
        hours_reason=hours_reason.strip(), start=start, end=end, counted_per=counted_per, discharge_on=discharge_on, admission_on=admission_on,
        mentor_kind=mentor_kind, hourly_price=price_on(case.municipality_id, mentor_kind, day),
    )
    for field, value in values.items():
        setattr(draft, field, value)
    draft.save()
    record("grants.propose", draft, by=by, case=case, on=day, hjemmel=hjemmel, minutes=minutes, minutes_per=minutes_per, start=start, end=end)
    return draft


@action
def discard(grant: Grant, *, by: Staff) -> None:
    if grant.state != GrantState.DRAFT:
        raise Refusal(_("Kun et udkast kan kasseres."))
    record("grants.discard", grant, by=by, case=grant.case)
    grant.delete()


@action
def decide(grant: Grant, *, by: Staff, on: date | None = None, version: int | None = None) -> Grant:
    """Grant the support: judged by the law of the day, letter made and put in the outbox, hours and period on the case."""
    day = on or timezone.localdate()
    case = guard(grant.case, version)
    refuse_own_case(case, by)
    grant = Grant.objects.select_related("case__citizen", "assessment__made_by").get(pk=grant.pk)
    if grant.state != GrantState.DRAFT:
        raise Refusal(_("Der er allerede truffet afgørelse på dette udkast."), mend=_("Se på sagen, hvad der er besluttet."))
    if case.stage in (Stage.REFERRED, *_ENDED):
        raise Refusal(_("Sagen er %(now)s.") % {"now": Stage(case.stage).label}, mend=_("Lav den konkrete vurdering først."))
    verdicts = judge("grant", bundle(grant, day), day)
    stop_if(verdicts)
    grant.state, grant.decided_on, grant.decided_by = GrantState.DECIDED, day, by
    grant.law_version = verdicts[0].law_version if verdicts else ""
    try:
        with transaction.atomic():
            grant.save()
    except IntegrityError as fault:
        raise _overlap(fault) from fault
    keep_verdicts(case, "grant", grant.pk, verdicts, day)
    letter = Letter.objects.create(
        municipality_id=case.municipality_id, case=case, grant=grant, kind=Letter.Kind.GRANT, dated=day, content=grant_letter(grant, by)
    )
    Outbox.objects.create(municipality_id=case.municipality_id, kind="letter", object_id=letter.pk, case_id=case.pk)
    stage = Stage.GRANTED if case.stage == Stage.ASSESSED else case.stage
    enter(case, stage, caseworker=case.caseworker or by)
    refresh_case(case, day)
    record(
        "grants.decide", grant, by=by, case=case, on=day, hjemmel=grant.hjemmel, minutes=grant.minutes, minutes_per=grant.minutes_per,
        start=grant.start, end=grant.end, law_version=grant.law_version,
    )
    return grant


_ENDED = (Stage.CLOSED, Stage.REFUSED, Stage.CANCELLED)


def _overlap(fault: IntegrityError) -> Exception:
    if "grant_no_overlap" not in str(fault):
        return fault
    return Refusal(
        _("Perioden overlapper en bevilling, der allerede er givet."),
        _("Den samme uge kan ikke bevilges to gange."),
        _("Lad den nye periode begynde dagen efter den forrige slutter."),
        field="start",
    )


def refresh_case(case: Case, day: date) -> None:
    """Put the grant that counts on the case row: the one running on `day`, else the next, else the last."""
    decided = Grant.objects.filter(case=case, state__in=[GrantState.DECIDED, GrantState.STOPPED])
    grant = (
        decided.filter(start__lte=day, end__gte=day).order_by("-start").first()
        or decided.filter(start__gt=day).order_by("start").first()
        or decided.order_by("-end").first()
    )
    last_end = decided.order_by("-end").values_list("end", flat=True).first()
    touch(
        case,
        grant_start=grant.start if grant else None,
        grant_end=last_end,
        minutes_granted=grant.total_minutes if grant else 0,
        next_deadline=min(filter(None, (case.follow_up_due, last_end, day + timedelta(days=14) if case.started_on is None else None)), default=None),
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT snerydder_recount(ARRAY[%s]::uuid[])", [case.pk])
    case.refresh_from_db()


@action
def refuse(assessment: Assessment, *, by: Staff, reason: str, on: date | None = None, version: int | None = None) -> Letter:
    """Refuse support, with reasons and complaint guidance. A right is never refused for budget or by a draw (CHK-09)."""
    day = on or timezone.localdate()
    case = guard(assessment.case, version)
    refuse_own_case(case, by)
    if len(reason.strip()) < 10:
        raise Refusal(_("Begrundelsen mangler."), _("Et afslag skal begrundes (forvaltningsloven § 22)."), _("Skriv hvorfor."), field="reason")
    letter = Letter.objects.create(
        municipality_id=case.municipality_id, case=case, kind=Letter.Kind.REFUSAL, dated=day, content=refusal_letter(case, by, reason.strip(), day)
    )
    Outbox.objects.create(municipality_id=case.municipality_id, kind="letter", object_id=letter.pk, case_id=case.pk)
    enter(case, Stage.REFUSED, closed_on=max(day, case.opened_on), next_deadline=None)
    record("grants.refuse", letter, by=by, case=case, on=day, reason=reason.strip())
    return letter


@action
def annul(grant: Grant, *, by: Staff, reason: str, on: date | None = None) -> Grant:
    """Undo a grant before the support has begun: the letter is drawn back if it has not been sent."""
    day = on or timezone.localdate()
    case = guard(grant.case, None)
    if grant.agreements.exclude(state="ended").exclude(state="draft").exists():
        raise Refusal(_("Bevillingen kan ikke annulleres, for der er indgået en aftale."), mend=_("Stop den i stedet."))
    grant.agreements.filter(state="draft").delete()
    _end(grant, GrantState.ANNULLED, day, reason)
    Letter.objects.filter(grant=grant).update(withdrawn=True)
    letters = Letter.objects.filter(grant=grant).values("pk")
    Outbox.objects.filter(object_id__in=letters, state=Outbox.State.WAITING).update(state=Outbox.State.CANCELLED)
    if case.stage == Stage.GRANTED:
        enter(case, Stage.ASSESSED)
    refresh_case(case, day)
    record("grants.annul", grant, by=by, case=case, on=day, reason=reason)
    return grant


@action
def stop(grant: Grant, *, by: Staff, reason: str, last_day: date, on: date | None = None, version: int | None = None) -> Grant:
    """End a grant before time. The period is cut at `last_day`; the decision letter carries reasons and complaint guidance."""
    day = on or timezone.localdate()
    case = guard(grant.case, version)
    refuse_own_case(case, by)
    if grant.state != GrantState.DECIDED:
        raise Refusal(_("Kun en bevilling i kraft kan stoppes."))
    if not grant.start <= last_day <= grant.end:
        raise Refusal(_("Den sidste dag ligger uden for bevillingen."), mend=_("Vælg en dag i perioden."), field="last_day")
    if len(reason.strip()) < 10:
        raise Refusal(_("Begrundelsen mangler."), _("Et stop er en afgørelse og skal begrundes."), _("Skriv hvorfor."), field="reason")
    was_until = grant.end
    granted = grant.total_minutes
    grant.end = last_day
    if grant.minutes_per == Grant.Per.TOTAL:
        grant.minutes = granted
    _end(grant, GrantState.STOPPED, day, reason)
    letter = Letter.objects.create(
        municipality_id=case.municipality_id, case=case, grant=grant, kind=Letter.Kind.STOP, dated=day,
        content=stop_letter(grant, by, reason.strip(), last_day, day),
    )
    Outbox.objects.create(municipality_id=case.municipality_id, kind="letter", object_id=letter.pk, case_id=case.pk)
    refresh_case(case, day)
    record("grants.stop", grant, by=by, case=case, on=day, reason=reason.strip(), last_day=last_day, was_until=was_until)
    return grant


def _end(grant: Grant, state: str, day: date, reason: str) -> None:
    grant.state, grant.ended_on, grant.ended_reason = state, day, reason.strip()
    grant.save()


@action
def set_price(mentor_kind: str, per_hour: Any, valid_from: date, *, by: Staff) -> Price:
    price, _made = Price.objects.update_or_create(
        municipality_id=by.municipality_id, mentor_kind=mentor_kind, valid_from=valid_from, defaults={"per_hour": Decimal(str(per_hour))}
    )
    record("grants.set_price", price, by=by, mentor_kind=mentor_kind, per_hour=str(per_hour), valid_from=valid_from)
    return price

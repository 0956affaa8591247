"""A month's look-ups, step by step: frozen, drawn by two persons' number, explained, judged by somebody else, followed up."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from snerydder.access import public_number, scope
from snerydder.access.models import Staff
from snerydder.audit.action import Conflict, Refusal, action
from snerydder.audit.events import record
from snerydder.audit.models import Outbox
from snerydder.casework.inspections.lists import mark_of
from snerydder.casework.lookups import lists, reading
from snerydder.casework.lookups.models import LookupCode, LookupSample, PickedLookup, month_of
from snerydder.casework.lookups.rules import RULES
from snerydder.casework.payments.codes import code_of, hash_of
from snerydder.casework.people.models import Citizen

LONGEST_WAIT = timedelta(days=31)
REMEMBERED = timedelta(days=365)  # so long a look-up found in order is not asked about again for the same reason
CODE_DAYS = 30


# --- What the rules point at -----------------------------------------------------------------------
@action
def look_through(month: date, *, by: Staff, on: date | None = None) -> int:
    """Hold the month's look-ups up against the rules. May be done as often as one likes; gives how many were new."""
    day = on or timezone.localdate()
    found = _reasons(month, by, day)
    new = _keep(by, month_of(month), found, day)
    record("lookups.look_through", by, by=by, on=day, month=f"{month:%Y-%m}", new=new)
    return new


@dataclass
class _Found:
    looked_by: UUID
    citizen: UUID | None
    reasons: list[dict[str, Any]]


def _reasons(month: date, by: Staff, day: date) -> dict[int, _Found]:
    read = reading.read(by.municipality_id, month)
    in_order = PickedLookup.objects.filter(municipality=by.municipality_id, verdict__in=("job", "explained"), reviewed_on__gte=day - REMEMBERED)
    known = {(row.looked_by_id, row.citizen_id, reason["rule"]) for row in in_order for reason in row.reasons if row.citizen_id and row.month < month_of(month)}
    found: dict[int, _Found] = {}
    for key, rule in RULES.items():
        for hit in rule.find(read):
            if (hit.look.staff, hit.citizen, key) not in known and hit.look.staff in read.staff:
                each = found.setdefault(hit.look.pk, _Found(hit.look.staff, hit.citizen, []))
                each.citizen = each.citizen or hit.citizen
                each.reasons.append({"rule": key, "number": hit.number})
    return found


def _keep(by: Staff, month: date, found: dict[int, _Found], day: date) -> int:
    """A look-up that is there already, and not judged, gets the reasons it has now."""
    kept = {row.lookup_id: row for row in PickedLookup.objects.select_for_update(of=("self",)).filter(lookup__in=found)}
    for pk, row in kept.items():
        if not row.verdict and row.reasons != found[pk].reasons:
            row.reasons, row.citizen_id = found[pk].reasons, found[pk].citizen
            row.save(update_fields=["reasons", "citizen"])
    new = [
        PickedLookup(
            municipality_id=by.municipality_id, lookup_id=pk, looked_by_id=each.looked_by, month=month, citizen_id=each.citizen, reasons=each.reasons,
            picked_on=day,
        )
        for pk, each in found.items() if pk not in kept
    ]  # fmt: skip
    PickedLookup.objects.bulk_create(new, ignore_conflicts=True)  # somebody else looked through the same month at the same moment
    return len(new)


# --- The draw ------------------------------------------------------------------------------------
@action
def freeze(month: date, *, by: Staff, size: int, seed_source: str, seed_day: date, on: date | None = None) -> LookupSample:
    """The month is over: its list is written down and hashed, before anybody knows the number."""
    day, first = on or timezone.localdate(), month_of(month)
    if first >= month_of(day):
        raise Refusal(_("Måneden er ikke slut."), mend=_("Vent til den første i næste måned."))
    if seed_day < day:
        raise Refusal(
            _("Tallet er allerede offentligt."), _("Den, der kender tallet, kan vælge, hvad der udtrækkes."),
            _("Vælg et tal, der først bliver kendt senere."), field="seed_day",
        )  # fmt: skip
    if seed_day > day + LONGEST_WAIT:
        raise Refusal(_("Tallet kommer for sent."), mend=_("Vælg et tal, der bliver kendt inden for en måned."), field="seed_day")
    looks = list(reading.rows(by.municipality_id, first))
    if not looks:
        raise Refusal(_("Der er ingen opslag i den måned."))
    sample = LookupSample(
        municipality_id=by.municipality_id, month=first, population=len(looks), size=min(size, len(looks)), seed_source=seed_source.strip(), seed_day=seed_day,
        frozen_on=day, frozen_by=by,
    )  # fmt: skip
    sample.list_text = lists.text_of(lists.head_of(sample, by.municipality.name), looks)
    sample.list_hash = mark_of(sample.list_text)
    try:
        with transaction.atomic():
            sample.save(force_insert=True)
    except IntegrityError as fault:
        if "lookup_sample_month" not in str(fault):
            raise
        raise Conflict(_("Månedens liste er allerede frosset."), mend=_("Se den i stedet.")) from fault
    record("lookups.freeze", sample, by=by, on=day, month=f"{first:%Y-%m}", population=sample.population, list_sha256=sample.list_hash)
    return sample


def _locked(sample: LookupSample) -> LookupSample:
    return LookupSample.objects.select_for_update(of=("self",)).select_related("municipality", "typed_by").get(pk=sample.pk)


@action
def type_number(sample: LookupSample, *, by: Staff, number: str, on: date | None = None) -> LookupSample:
    """The first person's number is kept; when a second person types the same, the look-ups are drawn there and then."""
    day, sample = on or timezone.localdate(), _locked(sample)
    if sample.is_drawn:
        raise Conflict(_("Opslagene er allerede udtrukket."), _("En måned udtrækkes kun én gang."))
    others = LookupSample.objects.filter(municipality=sample.municipality_id)
    seed = public_number.number_of(number, day=day, known_on=sample.seed_day, among=others, field="seed")
    if public_number.typed_by_two(sample, seed, by, field="seed"):
        return _draw(sample, by, seed, day)
    sample.typed_on = day
    sample.save(update_fields=["typed", "typed_by", "typed_on"])
    record("lookups.type_number", sample, by=by, on=day, seed=seed)
    return sample


def _draw(sample: LookupSample, by: Staff, seed: str, day: date) -> LookupSample:
    looks = list(reading.rows(sample.municipality_id, sample.month))
    if lists.text_of(lists.head_of(sample, sample.municipality.name), looks) != sample.list_text:
        raise Refusal(_("Loggen er ikke den, der blev frosset."), _("Nogen har rørt ved databasen uden om Snerydder."), _("Tag en kopi af listen, og kontakt driften."))
    sample.drawn_on = day
    sample.save(update_fields=["seed", "confirmed_by", "drawn_on"])
    for rank, ticket in enumerate(lists.draw(sample), start=1):
        look = looks[ticket - 1]
        PickedLookup.objects.update_or_create(
            municipality_id=sample.municipality_id, lookup=look, defaults={"sample": sample, "ticket": ticket, "rank": rank},
            create_defaults={"sample": sample, "ticket": ticket, "rank": rank, "looked_by_id": look.staff_id, "month": sample.month, "picked_on": day},
        )  # fmt: skip
    record("lookups.draw", sample, by=by, on=day, seed=seed, first=sample.typed_by.name if sample.typed_by else "")
    return sample


@action
def wipe_number(sample: LookupSample, *, by: Staff) -> LookupSample:
    """The first number was wrong: both begin again. The history keeps it."""
    sample = _locked(sample)
    was = public_number.wiped(sample, "typed_on")
    record("lookups.wipe_number", sample, by=by, was=was)
    return sample


# --- What is said of each ------------------------------------------------------------------------
def _held(picked: PickedLookup) -> PickedLookup:
    return PickedLookup.objects.select_for_update(of=("self",)).select_related("looked_by", "reviewed_by").get(pk=picked.pk)


@action
def explain(picked: PickedLookup, *, by: Staff, text: str, on: date | None = None) -> PickedLookup:
    """The one who looked says what it was for. Until somebody has judged it, it may be said in other words."""
    row, day = _held(picked), on or timezone.localdate()
    if row.looked_by_id != by.pk:
        raise Refusal(_("Det er %(name)s, der har set.") % {"name": row.looked_by.name})
    if row.verdict:
        raise Refusal(_("Opslaget er vurderet."), mend=_("Tal med %(name)s, hvis der mangler noget.") % {"name": row.reviewed_by.name if row.reviewed_by else ""})
    if not text.strip():
        raise Refusal(_("Der er ikke skrevet noget."), mend=_("Skriv en sætning."), field="text")
    row.explanation, row.explained_on = text.strip(), day
    row.save(update_fields=["explanation", "explained_on"])
    record("lookups.explain", row, by=by, on=day)
    return row


def _another(row: PickedLookup, by: Staff) -> None:
    if row.looked_by_id == by.pk:
        raise Refusal(_("Det er dit eget opslag."), _("Ingen vurderer sine egne opslag."), _("Bed en anden leder eller revisor om det."))


@action
def judge(picked: PickedLookup, *, by: Staff, verdict: str, note: str = "", on: date | None = None) -> PickedLookup:
    """What somebody else says of it. May be changed by the same person until it has been followed up."""
    row, day = _held(picked), on or timezone.localdate()
    _another(row, by)
    if row.follow_up:
        raise Refusal(_("Der er fulgt op på vurderingen."), mend=_("Den kan ikke ændres mere."))
    if row.verdict and row.reviewed_by_id != by.pk:
        name = row.reviewed_by.name if row.reviewed_by else ""
        raise Conflict(_("%(name)s har allerede vurderet opslaget: %(verdict)s.") % {"name": name, "verdict": row.get_verdict_display()})
    if verdict != PickedLookup.Verdict.PART_OF_THE_JOB and not note.strip():
        raise Refusal(_("Skriv, hvad vurderingen bygger på."), field="note")
    before, row.verdict, row.note, row.reviewed_by, row.reviewed_on = row.verdict, verdict, note.strip(), by, day
    row.save(update_fields=["verdict", "note", "reviewed_by", "reviewed_on"])
    record("lookups.judge", row, by=by, on=day, before=before, after=verdict)
    return row


@action
def follow_up(picked: PickedLookup, *, by: Staff, follow_up: str, note: str, on: date | None = None) -> PickedLookup:
    """What was done about a look-up that should not have been."""
    row, day = _held(picked), on or timezone.localdate()
    _another(row, by)
    if not row.waits_for_follow_up:
        raise Refusal(_("Der er ikke noget at følge op på."))
    if not note.strip():
        raise Refusal(_("Skriv, hvad der er gjort."), field="note")
    row.follow_up, row.follow_up_note, row.followed_by, row.followed_on = follow_up, note.strip(), by, day
    row.save(update_fields=["follow_up", "follow_up_note", "followed_by", "followed_on"])
    record("lookups.follow_up", row, by=by, on=day, what=follow_up)
    return row


# --- The citizen ---------------------------------------------------------------------------------
@action
def give_code(citizen: Citizen, *, by: Staff, on: date | None = None) -> LookupCode:
    """A code to the citizen's own list: a text message waits in the outbox, and the code is shown once to read aloud."""
    day = on or timezone.localdate()
    LookupCode.objects.filter(citizen=citizen, expires_on__gte=day, made_on__lt=day).update(expires_on=day - timedelta(days=1))
    row = LookupCode(municipality_id=by.municipality_id, citizen=citizen, made_on=day, made_by=by, expires_on=day + timedelta(days=CODE_DAYS))
    row.code_hash = hash_of(code_of(row))
    row.save(force_insert=True)
    Outbox.objects.create(municipality_id=by.municipality_id, kind="sms.lookups", object_id=row.pk)
    record("lookups.give_code", row, by=by, citizen=citizen, on=day)
    return row


def shown(picked: Iterable[PickedLookup], by: Staff, page: str) -> None:
    """To review is itself to look."""
    scope.seen(by, (row.citizen_id for row in picked), purpose=_("Kontrol af opslag"), page=page)

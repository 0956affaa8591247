"""The verbs about citizens, mentors and their qualifications."""

import hashlib
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from snerydder.access import scope
from snerydder.access.actions import appoint
from snerydder.access.danish import sort_key
from snerydder.access.models import Staff, Unit
from snerydder.audit.action import Refusal, action
from snerydder.audit.events import record
from snerydder.casework.people import vault
from snerydder.casework.people.files import check_file
from snerydder.casework.people.models import Citizen, Course, Document, Mentor, Qualification


@action
def register_citizen(
    *, by: Staff, cpr: str, first_name: str, last_name: str, unit: Unit | None = None, languages: Sequence[str] = (), on: date | None = None,
    **details: Any,
) -> Citizen:
    """`details`: birth_year, target_group, protected, phone, email, address, area, interpreter, digital_post_exempt."""
    details.setdefault("birth_year", None)
    citizen = Citizen(
        municipality_id=by.municipality_id, first_name=first_name.strip(), last_name=last_name.strip(), unit=unit or by.unit,
        languages=list(languages) or ["dansk"], **details,
    )
    citizen.sort_key = sort_key(citizen.last_name, citizen.first_name)
    _give_cpr(citizen, cpr, by)
    citizen.birth_year = citizen.birth_year or vault.birth_year(cpr)
    _save_citizen(citizen, by, is_new=True)
    record("people.register_citizen", citizen, by=by, citizen=citizen, on=on)
    return citizen


def _give_cpr(citizen: Citizen, cpr: str, by: Staff) -> None:
    try:
        citizen.cpr_index = vault.blind_index(cpr, municipality_id=by.municipality_id)
    except vault.NotACpr:
        raise Refusal(
            _("CPR-nummeret kan ikke passe."),
            _("Det skal være seks cifre for fødselsdatoen og fire cifre mere."),
            _("Se efter, om et ciffer er faldet ud eller byttet om."),
            field="cpr",
        ) from None
    known = Citizen.objects.filter(municipality_id=by.municipality_id, cpr_index=citizen.cpr_index).exclude(pk=citizen.pk).first()
    if known:
        raise _already_here(known, by)
    citizen.cpr_sealed = vault.seal(cpr, row_id=citizen.pk, municipality_id=by.municipality_id)


def _save_citizen(citizen: Citizen, by: Staff, *, is_new: bool = False) -> None:
    try:
        with transaction.atomic():
            citizen.save(force_insert=is_new)
    except IntegrityError:  # somebody registered the same person at the same moment
        known = Citizen.objects.filter(municipality_id=by.municipality_id, cpr_index=citizen.cpr_index).exclude(pk=citizen.pk).first()
        if known is None:
            raise
        raise _already_here(known, by) from None


def _already_here(known: Citizen, by: Staff) -> Refusal:
    what = _("Borgeren er allerede oprettet.")
    if scope.rows(Citizen, by).filter(pk=known.pk).exists():
        return Refusal(what, mend=_("Åbn borgeren i stedet."), field="cpr", link=f"/borgere/{known.pk}/")
    unit = known.unit.name if known.unit else _("en anden enhed")
    return Refusal(what, _("Borgeren hører til %(unit)s.") % {"unit": unit}, _("Ring til dem, og aftal hvem der tager sagen."), field="cpr")


@action
def change_citizen(citizen: Citizen, *, by: Staff, cpr: str = "", **changes: Any) -> Citizen:
    """Correct what is known. A new `cpr` is for a number that was typed wrongly; the event does not hold it."""
    before = {field: getattr(citizen, field) for field in changes}
    for field, value in changes.items():
        setattr(citizen, field, value)
    if cpr:
        _give_cpr(citizen, cpr, by)
        changes["cpr"] = before["cpr"] = "••••••-••••"
    citizen.sort_key = sort_key(citizen.last_name, citizen.first_name)
    _save_citizen(citizen, by)
    record("people.change_citizen", citizen, by=by, citizen=citizen, before=before, after=changes)
    return citizen


@action
def show_cpr(citizen: Citizen, *, by: Staff, purpose: str) -> str:
    """The number in clear, for a purpose that is written down."""
    if len(purpose.strip()) < 3:
        raise Refusal(_("Skriv hvad du skal bruge CPR-nummeret til."), field="purpose")
    scope.seen(by, [citizen.pk], purpose=purpose.strip(), page="people.citizen", kind="cpr")
    record("people.show_cpr", citizen, by=by, citizen=citizen, purpose=purpose.strip())
    return citizen.cpr()


@action
def show_protected(citizen: Citizen, *, by: Staff, purpose: str) -> Citizen:
    """Name and address of a protected person, for a purpose that is written down."""
    if len(purpose.strip()) < 3:
        raise Refusal(_("Skriv hvad du skal bruge oplysningerne til."), field="purpose")
    scope.seen(by, [citizen.pk], purpose=purpose.strip(), page="people.citizen", kind="protected")
    record("people.show_protected", citizen, by=by, citizen=citizen, purpose=purpose.strip())
    return citizen


@action
def register_mentor(
    staff: Staff, *, by: Staff, kind: str, hours_per_week: Any, languages: Sequence[str] = (), areas: Sequence[str] = (), **details: Any
) -> Mentor:
    """Make a member of staff a mentor. `details`: employer, about, has_car, birth_year, woman, education, mentor_since, came_from."""
    known = Refusal(_("%(name)s er allerede mentor.") % {"name": staff.name}, mend=_("Find mentoren på listen."), field="staff")
    if Mentor.objects.filter(staff=staff).exists():
        raise known
    _may_work(hours_per_week)
    mentor = Mentor(
        municipality_id=by.municipality_id, staff=staff, kind=kind, hours_per_week=Decimal(str(hours_per_week)),
        languages=list(languages) or ["dansk"], areas=list(areas), **details,
    )
    try:
        with transaction.atomic():
            mentor.save(force_insert=True)
    except IntegrityError:
        raise known from None
    if "mentor" not in staff.roles:
        staff.roles = [*staff.roles, "mentor"]
        staff.save(update_fields=["roles"])
    record("people.register_mentor", mentor, by=by, name=staff.name, kind=kind, hours_per_week=hours_per_week)
    return mentor


def _may_work(hours: Any) -> None:
    if not 0 < Decimal(str(hours)) <= 48:
        raise Refusal(_("Timerne om ugen kan ikke passe."), mend=_("Skriv et tal mellem 0,5 og 48."), field="hours_per_week")


def welcome_mentor(name: str, *, by: Staff, unit: Unit | None = None, email: str = "", phone: str = "", **facts: Any) -> Mentor:
    """Somebody who is not on the staff yet: both verbs, or neither."""
    with transaction.atomic():
        staff = appoint(name, ["mentor"], by=by, unit=unit, email=email, phone=phone)
        return register_mentor(staff, by=by, **facts)


@action
def take_cases(mentor: Mentor, *, by: Staff, active: bool) -> Mentor:
    """Stop or begin again to be suggested for new cases. The cases the mentor has go on."""
    mentor.active = active
    mentor.save(update_fields=["active"])
    record("people.take_cases" if active else "people.stop_taking_cases", mentor, by=by, name=mentor.name)
    return mentor


@action
def change_mentor(mentor: Mentor, *, by: Staff, **changes: Any) -> Mentor:
    if "hours_per_week" in changes:
        _may_work(changes["hours_per_week"])
    before = {field: getattr(mentor, field) for field in changes}
    for field, value in changes.items():
        setattr(mentor, field, value)
    mentor.save()
    record("people.change_mentor", mentor, by=by, before=before, after=changes)
    return mentor


@action
def add_qualification(
    mentor: Mentor, *, by: Staff, title: str, tasks: Sequence[str], issuer: str = "", issued_on: date | None = None, valid_until: date | None = None,
    file_name: str = "", file_content: bytes = b"", verified: bool = True, on: date | None = None,
) -> Qualification:
    """A qualification counts as documented when the one who adds it says to have seen proof (`verified`)."""
    day = on or timezone.localdate()
    row = Qualification(
        municipality_id=by.municipality_id, mentor=mentor, title=title.strip(), tasks=list(tasks), issuer=issuer, issued_on=issued_on,
        valid_until=valid_until,
    )
    _prove(row, by, day, verified, file_name, file_content)
    row.save(force_insert=True)
    record("people.add_qualification", row, by=by, on=day, mentor=mentor.name, title=row.title, tasks=row.tasks)
    return row


@action
def change_qualification(
    row: Qualification, *, by: Staff, file_name: str = "", file_content: bytes = b"", verified: bool | None = None, on: date | None = None,
    **changes: Any,
) -> Qualification:
    """Correct or prolong. A new file takes the place of the old one; `verified` says whether proof has been seen today."""
    day = on or timezone.localdate()
    before = {field: getattr(row, field) for field in changes}
    for field, value in changes.items():
        setattr(row, field, value)
    still = row.verified_on is not None if verified is None else verified
    _prove(row, by, day, still, file_name, file_content)
    row.save()
    record("people.change_qualification", row, by=by, on=day, mentor=row.mentor.name, before=before, after=changes, verified=still)
    return row


def _prove(row: Qualification, by: Staff, day: date, verified: bool, file_name: str, content: bytes) -> None:
    """Check the dates, keep the file, and write who has seen the proof: never the mentor, who is the one it speaks of."""
    if row.issued_on and row.valid_until and row.valid_until < row.issued_on:
        raise Refusal(_("Kvalifikationen udløber, før den er udstedt."), mend=_("Ret datoerne."), field="valid_until")
    if verified and row.mentor.staff_id == by.pk:
        raise Refusal(_("Du kan ikke selv sige god for din egen kvalifikation."), mend=_("Bed en kollega se beviset."), field="verified")
    if content:
        row.document = Document.objects.create(
            municipality_id=by.municipality_id, name=file_name[-160:], content_type=check_file(file_name, content), size=len(content),
            sha256=hashlib.sha256(content).hexdigest(), content=content,
        )
    if not verified:
        row.verified_by = row.verified_on = None
    elif row.verified_on is None or content:
        row.verified_by, row.verified_on = by, day


@action
def remove_qualification(row: Qualification, *, by: Staff, reason: str = "") -> None:
    record("people.remove_qualification", row, by=by, mentor=row.mentor.name, title=row.title, tasks=row.tasks, reason=reason)
    row.delete()


@action
def add_course(mentor: Mentor, *, by: Staff, title: str, held_on: date, kind: str = "course", hours: Any = None, on: date | None = None) -> Course:
    """A day to come is a plan: it counts when it is written down as held (`supervision.hold`)."""
    planned = held_on > (on or timezone.localdate())
    row = Course.objects.create(municipality_id=by.municipality_id, mentor=mentor, title=title.strip(), held_on=held_on, kind=kind, hours=hours, planned=planned)
    record("people.add_course", row, by=by, on=held_on, mentor=mentor.name, title=row.title, kind=kind, planned=planned)
    return row


@action
def remove_course(row: Course, *, by: Staff) -> None:
    record("people.remove_course", row, by=by, mentor=row.mentor.name, title=row.title, held_on=row.held_on)
    row.delete()

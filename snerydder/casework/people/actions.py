"""The verbs about citizens, mentors and their qualifications."""

import hashlib
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from snerydder.access import scope
from snerydder.access.danish import sort_key
from snerydder.access.models import Staff, Unit
from snerydder.audit.action import Refusal, action
from snerydder.audit.events import record
from snerydder.casework.people import vault
from snerydder.casework.people.files import check_file
from snerydder.casework.people.models import Citizen, Course, Document, Mentor, Qualification


@action
def register_citizen(
    *, by: Staff, cpr: str, first_name: str, last_name: str, unit: Unit | None = None, languages: Sequence[str] = (), **details: Any
) -> Citizen:
    """`details`: birth_year, target_group, protected, phone, email, address, area, interpreter, digital_post_exempt."""
    try:
        index = vault.blind_index(cpr, municipality_id=by.municipality_id)
    except vault.NotACpr:
        raise Refusal(
            _("CPR-nummeret kan ikke passe."),
            _("Det skal være seks cifre for fødselsdatoen og fire cifre mere."),
            _("Se efter om et ciffer er faldet ud."),
            field="cpr",
        ) from None
    known = Citizen.objects.filter(municipality_id=by.municipality_id, cpr_index=index).first()
    if known:
        raise Refusal(_("Borgeren er allerede oprettet."), mend=_("Åbn borgeren i stedet."), field="cpr", link=f"/borgere/{known.pk}/")
    citizen = Citizen(
        municipality_id=by.municipality_id, first_name=first_name.strip(), last_name=last_name.strip(), unit=unit or by.unit,
        languages=list(languages) or ["dansk"], cpr_index=index, **details,
    )
    citizen.sort_key = sort_key(citizen.last_name, citizen.first_name)
    citizen.cpr_sealed = vault.seal(cpr, row_id=citizen.pk, municipality_id=by.municipality_id)
    citizen.save(force_insert=True)
    record("people.register_citizen", citizen, by=by, citizen=citizen)
    return citizen


@action
def change_citizen(citizen: Citizen, *, by: Staff, **changes: Any) -> Citizen:
    before = {field: getattr(citizen, field) for field in changes}
    for field, value in changes.items():
        setattr(citizen, field, value)
    citizen.sort_key = sort_key(citizen.last_name, citizen.first_name)
    citizen.save()
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
def register_mentor(staff: Staff, *, by: Staff, kind: str, hours_per_week: Any, languages: Sequence[str] = (), areas: Sequence[str] = (), **details: Any) -> Mentor:
    """Make a member of staff a mentor. `details`: employer, about, has_car, birth_year, woman, education, mentor_since, came_from."""
    if Mentor.objects.filter(staff=staff).exists():
        raise Refusal(_("%(name)s er allerede mentor.") % {"name": staff.name}, field="staff")
    mentor = Mentor.objects.create(
        municipality_id=by.municipality_id, staff=staff, kind=kind, hours_per_week=Decimal(str(hours_per_week)),
        languages=list(languages) or ["dansk"], areas=list(areas), **details,
    )
    if "mentor" not in staff.roles:
        staff.roles = [*staff.roles, "mentor"]
        staff.save(update_fields=["roles"])
    record("people.register_mentor", mentor, by=by, name=staff.name, kind=kind, hours_per_week=hours_per_week)
    return mentor


@action
def change_mentor(mentor: Mentor, *, by: Staff, **changes: Any) -> Mentor:
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
    if issued_on and valid_until and valid_until < issued_on:
        raise Refusal(_("Kvalifikationen udløber, før den er udstedt."), mend=_("Ret datoerne."), field="valid_until")
    document = None
    if file_content:
        document = Document.objects.create(
            municipality_id=by.municipality_id, name=file_name[-160:], content_type=check_file(file_name, file_content), size=len(file_content),
            sha256=hashlib.sha256(file_content).hexdigest(), content=file_content,
        )
    day = on or timezone.localdate()
    row = Qualification.objects.create(
        municipality_id=by.municipality_id, mentor=mentor, title=title.strip(), tasks=list(tasks), issuer=issuer, issued_on=issued_on,
        valid_until=valid_until, document=document, verified_by=by if verified else None, verified_on=day if verified else None,
    )
    record("people.add_qualification", row, by=by, on=day, mentor=mentor.name, title=row.title, tasks=row.tasks)
    return row


@action
def remove_qualification(row: Qualification, *, by: Staff, reason: str = "") -> None:
    record("people.remove_qualification", row, by=by, title=row.title, reason=reason)
    row.delete()


@action
def add_course(mentor: Mentor, *, by: Staff, title: str, held_on: date, kind: str = "course", hours: Any = None) -> Course:
    row = Course.objects.create(municipality_id=by.municipality_id, mentor=mentor, title=title.strip(), held_on=held_on, kind=kind, hours=hours)
    record("people.add_course", row, by=by, on=held_on, mentor=mentor.name, title=row.title, kind=kind)
    return row

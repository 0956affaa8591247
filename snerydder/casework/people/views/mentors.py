"""Mentors: who they are, what they can, and how much room they have."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from snerydder.access import scope
from snerydder.access.door import Request, needs
from snerydder.access.export import FORMATS
from snerydder.access.permissions import Permission
from snerydder.audit.action import Refusal
from snerydder.casework.people import actions, queries, sheets, supervision
from snerydder.casework.people.forms import CourseForm, MentorForm, MentorNewForm, QualificationForm, SupervisionForm
from snerydder.casework.people.models import Course, Document, Mentor, Qualification
from snerydder.law import help_kinds
from snerydder.ui import flash, forms

PURPOSE = "mentorer"


def _mentor(request: Request, pk: Any) -> Mentor:
    return scope.get(Mentor, pk, request.staff, purpose=PURPOSE, related=("staff", "staff__unit"))


@needs(Permission.SEE_MENTORS)
def mentors(request: Request) -> HttpResponse:
    rows = [(mentor, queries.free_capacity(mentor)) for mentor in queries.mentors(request.staff)]
    if request.GET.get("format") in FORMATS:
        return sheets.mentors(request.staff, rows, request.GET["format"])
    rights = {"may_manage": request.staff.may(Permission.MANAGE_MENTORS), "may_export": request.staff.may(Permission.EXPORT)}
    values = {"rows": rows, "runs_out": queries.mentors_running_out(request.staff), **rights}
    return render(request, "people/mentors.html", values)


@needs(Permission.MANAGE_MENTORS)
def mentor_new(request: Request) -> HttpResponse:
    form = MentorNewForm(request.staff, request.POST or None)
    if request.method == "POST" and forms.run(form, lambda facts: _register(request, facts)):
        flash.done(request, _("%(name)s er oprettet som mentor. Tilføj nu kvalifikationer.") % {"name": form.outcome.name})
        return redirect("people:mentor", form.outcome.pk)
    return render(request, "people/mentor_form.html", {"form": form, "mentor": None})


def _register(request: Request, facts: dict[str, Any]) -> Mentor:
    new = {name: facts.pop(name) for name in ("name", "email", "phone")}
    staff = facts.pop("staff")
    if staff:
        return actions.register_mentor(staff, by=request.staff, **facts)
    return actions.welcome_mentor(new.pop("name"), by=request.staff, unit=request.staff.unit, **new, **facts)


@needs(Permission.SEE_MENTORS)
def mentor(request: Request, pk: Any) -> HttpResponse:
    row = _mentor(request, pk)
    rows = queries.qualifications(row)
    values = {
        "mentor": row, "capacity": queries.free_capacity(row), "qualifications": rows, "running_out": queries.running_out(rows),
        "courses": row.courses.order_by("-held_on"), "tasks": {kind.key: kind.name for kind in help_kinds()},
        "may_manage": request.staff.may(Permission.MANAGE_MENTORS), "may_read": _may_read(request),
    }
    return render(request, "people/mentor.html", values)


def _may_read(request: Request) -> bool:
    return request.staff.may(Permission.MANAGE_MENTORS) or request.staff.may(Permission.AUDITOR_DESK)


@needs(Permission.MANAGE_MENTORS)
def mentor_edit(request: Request, pk: Any) -> HttpResponse:
    row = _mentor(request, pk)
    form = MentorForm(request.POST or None, initial={name: getattr(row, name) for name in MentorForm.base_fields})
    if request.method == "POST" and forms.run(form, lambda facts: actions.change_mentor(row, by=request.staff, **facts)):
        flash.done(request, _("Oplysningerne er rettet."))
        return redirect("people:mentor", pk)
    return render(request, "people/mentor_form.html", {"form": form, "mentor": row})


@needs(Permission.MANAGE_MENTORS)
@require_POST
def mentor_pause(request: Request, pk: Any) -> HttpResponse:
    row = actions.take_cases(_mentor(request, pk), by=request.staff, active=False)
    text = _("%(name)s får ikke nye sager. De sager, der er i gang, fortsætter.") % {"name": row.name}
    flash.done(request, text, undo=reverse("people:mentor_resume", args=[pk]))
    return redirect("people:mentor", pk)


@needs(Permission.MANAGE_MENTORS)
@require_POST
def mentor_resume(request: Request, pk: Any) -> HttpResponse:
    row = actions.take_cases(_mentor(request, pk), by=request.staff, active=True)
    flash.done(request, _("%(name)s kan få nye sager igen.") % {"name": row.name})
    return redirect("people:mentor", pk)


@needs(Permission.MANAGE_MENTORS)
def qualification_new(request: Request, pk: Any) -> HttpResponse:
    row = _mentor(request, pk)
    form = QualificationForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and forms.run(form, lambda _facts: actions.add_qualification(row, by=request.staff, **form.facts)):
        flash.done(request, _("%(title)s er tilføjet.") % {"title": form.outcome.title})
        return redirect("people:mentor", pk)
    return render(request, "people/qualification_form.html", {"form": form, "mentor": row, "qualification": None})


@needs(Permission.MANAGE_MENTORS)
def qualification_edit(request: Request, pk: Any) -> HttpResponse:
    row = scope.get(Qualification, pk, request.staff, purpose=PURPOSE, related=("mentor__staff",))
    initial = {name: getattr(row, name) for name in ("title", "tasks", "issuer", "issued_on", "valid_until")}
    form = QualificationForm(request.POST or None, request.FILES or None, initial=initial | {"verified": row.verified_on is not None})
    if request.method == "POST" and forms.run(form, lambda _facts: actions.change_qualification(row, by=request.staff, **form.facts)):
        flash.done(request, _("%(title)s er rettet.") % {"title": row.title})
        return redirect("people:mentor", row.mentor_id)
    return render(request, "people/qualification_form.html", {"form": form, "mentor": row.mentor, "qualification": row})


@needs(Permission.MANAGE_MENTORS)
@require_POST
def qualification_remove(request: Request, pk: Any) -> HttpResponse:
    row = scope.get(Qualification, pk, request.staff, purpose=PURPOSE, related=("mentor__staff",))
    actions.remove_qualification(row, by=request.staff)
    flash.done(request, _("%(title)s er fjernet.") % {"title": row.title})
    return redirect("people:mentor", row.mentor_id)


@needs(Permission.MANAGE_MENTORS)
def course_new(request: Request, pk: Any) -> HttpResponse:
    row = _mentor(request, pk)
    form = CourseForm(request.POST or None)
    if request.method == "POST" and forms.run(form, lambda facts: actions.add_course(row, by=request.staff, **facts)):
        flash.done(request, _("%(title)s er tilføjet.") % {"title": form.outcome.title})
        return redirect("people:mentor", pk)
    return render(request, "people/course_form.html", {"form": form, "mentor": row})


@needs(Permission.MANAGE_MENTORS)
@require_POST
def course_remove(request: Request, pk: Any) -> HttpResponse:
    row = scope.get(Course, pk, request.staff, purpose=PURPOSE, related=("mentor__staff",))
    actions.remove_course(row, by=request.staff)
    flash.done(request, _("%(title)s er fjernet.") % {"title": row.title})
    return redirect("people:mentor", row.mentor_id)


@needs(Permission.MANAGE_MENTORS)
@require_POST
def course_held(request: Request, pk: Any) -> HttpResponse:
    return _held(request, pk, True, _("%(title)s er skrevet som holdt."), undo=reverse("people:course_not_held", args=[pk]))


@needs(Permission.MANAGE_MENTORS)
@require_POST
def course_not_held(request: Request, pk: Any) -> HttpResponse:
    return _held(request, pk, False, _("%(title)s står som aftalt igen."))


def _held(request: Request, pk: Any, held: bool, said: str, undo: str = "") -> HttpResponse:
    row = scope.get(Course, pk, request.staff, purpose=PURPOSE, related=("mentor__staff",))
    try:
        supervision.hold(row, by=request.staff, held=held)
    except Refusal as refusal:
        flash.refused(request, refusal)
    else:
        flash.done(request, said % {"title": row.title}, undo=undo)
    return redirect("people:mentor", row.mentor_id)


@needs(Permission.MANAGE_MENTORS)
def supervision_new(request: Request) -> HttpResponse:
    """One day for several mentors; those in the address are ticked already."""
    rows = {str(row.pk): row for row in queries.mentors(request.staff) if row.active}
    ticked = [pk for pk in request.GET.getlist("mentor") if pk in rows]
    form = SupervisionForm(request.POST or None, mentors=[(pk, row.name) for pk, row in rows.items()], initial={"mentors": ticked})
    told = {"by": request.staff}
    if request.method == "POST" and forms.run(form, lambda facts: supervision.plan([rows[pk] for pk in facts.pop("mentors")], **told | facts)):
        number = len(form.outcome)
        flash.done(request, ngettext("Supervision er aftalt med %(num)s mentor.", "Supervision er aftalt med %(num)s mentorer.", number) % {"num": number})
        return redirect("people:mentor", form.outcome[0].mentor_id) if number == 1 else redirect("people:mentors")
    return render(request, "people/supervision.html", {"form": form})


@needs(Permission.MANAGE_MENTORS, Permission.AUDITOR_DESK)
def document(request: Request, pk: Any) -> HttpResponse:
    """Always a download, never a page of ours: what somebody uploaded must not run here."""
    row = scope.get(Document, pk, request.staff, purpose=PURPOSE)
    answer = HttpResponse(bytes(row.content), content_type=row.content_type)
    answer["Content-Disposition"] = content_disposition_header(True, row.name)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer

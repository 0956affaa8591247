"""One front page per role, the list of cases, the case page. Nothing here changes anything."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from snerydder.access import scope
from snerydder.access.door import Request, needs
from snerydder.access.export import FORMATS
from snerydder.access.permissions import Permission
from snerydder.casework.grants import spans
from snerydder.casework.payments import whose
from snerydder.casework.people.models import Mentor
from snerydder.desks import auditor, caselist, casepage, caseworker, checks, coordinator, evaluator, export, frame, leader, payer
from snerydder.desks import mentor as own
from snerydder.desks.forms import CaseListForm
from snerydder.desks.selection import MINE, WORDS, Selection

ON_LIST = ("citizen", "stage", "caseworker", "mentor", "contact", "hours", "grant_end", "deadline")
ON_MENTORS_LIST = ("citizen", "stage", "contact", "hours", "grant_end")


@needs(Permission.SIGNED_IN)
def home(request: Request) -> HttpResponse:
    return redirect(frame.home_of(request.staff))


@needs(Permission.SEE_CASE)
def cases(request: Request) -> HttpResponse:
    staff, given = request.staff, request.GET
    selection, wish = Selection.read(given), given.get("sorter", "")
    if given.get("format") in FORMATS:
        return export.cases(staff, selection, wish, given["format"])
    keys = ON_LIST if staff.may(Permission.SEE_HISTORY) else ON_MENTORS_LIST
    values = caselist.listing(staff, selection, wish, given.get("side"), keys)
    rights = {"may_export": staff.may(Permission.EXPORT), "may_hand_over": staff.may(Permission.HAND_OVER)}
    return render(request, "desks/cases.html", values | rights | {"form": CaseListForm(staff, selection.words)})


@needs(Permission.SEE_CASE)
def case(request: Request, pk: UUID) -> HttpResponse:
    if not request.staff.may(Permission.SEE_HISTORY):
        return redirect("desks:citizen_view", pk)
    found = casepage.for_case(pk, request.staff, _("Se sagen"))
    return render(request, "desks/case.html", casepage.case_page(found, request.staff, request.GET.get("side")))


@needs(Permission.LOG_CONTACT)
def citizen_view(request: Request, pk: UUID) -> HttpResponse:
    found = casepage.for_case(pk, request.staff, _("Mentors arbejde med borgeren"))
    return render(request, "desks/citizen_view.html", own.citizen_view(found, request.staff))


@needs(Permission.MENTOR_DESK)
def mentor(request: Request) -> HttpResponse:
    return render(request, "desks/mentor.html", own.desk(request.staff))


@needs(Permission.CASEWORKER_DESK)
def caseworker_desk(request: Request) -> HttpResponse:
    return render(request, "desks/caseworker.html", caseworker.waiting(request.staff, mine=request.GET.get(WORDS["whose"], MINE) == MINE))


@needs(Permission.COORDINATOR_DESK)
def coordinator_desk(request: Request) -> HttpResponse:
    opened = Selection.read(request.GET).mentor
    return render(request, "desks/coordinator.html", coordinator.overview(request.staff, opened))


@needs(Permission.COORDINATOR_DESK)
def coordinator_mentor(request: Request, pk: UUID) -> HttpResponse:
    """Only what opens below the mentor's row, for the script that puts it there."""
    found = scope.get(Mentor, pk, request.staff, purpose=_("En mentors sager"))
    return render(request, "desks/_mentor_cases.html", coordinator.opened_mentor(request.staff, found))


@needs(Permission.LEADER_DESK)
def leader_desk(request: Request) -> HttpResponse:
    return render(request, "desks/leader.html", leader.figures(request.staff))


@needs(Permission.COORDINATOR_DESK, Permission.LEADER_DESK, Permission.AUDITOR_DESK)
def checks_desk(request: Request) -> HttpResponse:
    return render(request, "desks/checks.html", checks.page(request.staff))


@needs(Permission.PAYER_DESK, Permission.LEADER_DESK, Permission.COORDINATOR_DESK)
def payer_desk(request: Request) -> HttpResponse:
    staff, day = request.staff, timezone.localdate()
    span = spans.read(request.GET, day)
    of = whose.read(request.GET, staff)
    if request.GET.get("format") in FORMATS:
        return payer.respond(staff, span, request.GET["format"], of)
    if request.GET.get("efter") in whose.KINDS:
        return render(request, "desks/payer_by.html", payer.by(staff, span, request.GET["efter"]))
    return render(request, "desks/payer.html", payer.page(staff, span, request.GET.get("side"), day, of))


@needs(Permission.AUDITOR_DESK)
def auditor_desk(request: Request) -> HttpResponse:
    selection = Selection.read(request.GET if WORDS["show"] in request.GET else {WORDS["show"]: "alle"})
    return render(request, "desks/auditor.html", auditor.page(request.staff, selection, request.GET.get("side")))


@needs(Permission.EVALUATOR_DESK)
def evaluator_desk(request: Request) -> HttpResponse:
    return render(request, "desks/evaluator.html", evaluator.numbers(request.staff))

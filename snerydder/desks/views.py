"""One front page per role, the list of cases, the case page. Nothing here changes anything."""

from django.http import HttpResponse
from django.shortcuts import redirect, render

from snerydder.access.door import Request, needs
from snerydder.access.export import FORMATS
from snerydder.access.permissions import Permission
from snerydder.desks import caselist, export, frame
from snerydder.desks.forms import CaseListForm
from snerydder.desks.selection import Selection

ON_LIST = ("number", "citizen", "stage", "caseworker", "mentor", "contact", "hours", "grant_end", "deadline")
ON_MENTORS_LIST = ("number", "citizen", "stage", "contact", "hours", "grant_end")


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
    return render(request, "desks/cases.html", values | rights | {"form": CaseListForm(staff, vars(selection))})

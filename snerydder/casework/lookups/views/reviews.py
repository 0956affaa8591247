"""The pages of the one who checks look-ups: the months, the draw, and one look-up at a time."""

from datetime import date
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from snerydder.access import export as files
from snerydder.access import scope
from snerydder.access.door import Request, needs
from snerydder.access.permissions import Permission as P
from snerydder.access.public_number import NumberForm
from snerydder.casework.lookups import actions, lists, papers, queries
from snerydder.casework.lookups.forms import FollowUpForm, FreezeForm, VerdictForm
from snerydder.casework.lookups.models import LookupSample, PickedLookup
from snerydder.ui import flash
from snerydder.ui.forms import run

PAGE = 50


def month_of(word: str) -> date:
    try:
        return date.fromisoformat(f"{word}-01")
    except ValueError:
        raise Http404 from None


def to_month(month: date) -> HttpResponse:
    return redirect("lookups:month", f"{month:%Y-%m}")


@needs(P.REVIEW_LOOKUPS)
def overview(request: Request) -> HttpResponse:
    return render(request, "lookups/overview.html", {"months": queries.months(request.staff), "waiting": queries.waiting(request.staff), "kept": queries.kept(request.staff)})


@needs(P.REVIEW_LOOKUPS)
def month(request: Request, month: str) -> HttpResponse:
    first, show, staff = month_of(month), request.GET.get("vis", ""), request.staff
    rows = Paginator(queries.picked_in(staff, first, show), PAGE).get_page(request.GET.get("side"))
    actions.shown(rows.object_list, staff, "lookups:month")
    values: dict[str, Any] = {
        "month": first, "key": month, "show": show, "rows": [(row, queries.short_reasons(row)) for row in rows], "page": rows,
        "sample": queries.sample_of(staff, first), "number": queries.number_in(staff, first), "staff": staff,
    }  # fmt: skip
    return render(request, "lookups/month.html", values)


@needs(P.REVIEW_LOOKUPS)
@require_POST
def look_through(request: Request, month: str) -> HttpResponse:
    first = month_of(month)
    new = actions.look_through(first, by=request.staff)
    flash.done(request, _("Reglerne har set på måneden. Nye opslag at vurdere: %(new)s.") % {"new": new})
    return to_month(first)


@needs(P.REVIEW_LOOKUPS)
def freeze(request: Request, month: str) -> HttpResponse:
    first = month_of(month)
    number = queries.number_in(request.staff, first)
    form = FreezeForm(request.POST or None, population=number)
    if request.method == "POST" and run(form, lambda given: actions.freeze(first, by=request.staff, **given)):
        flash.done(request, _("Listen er frosset. Vent på tallet."))
        return to_month(first)
    return render(request, "lookups/freeze.html", {"form": form, "month": first, "key": month, "number": number})


def sample_of(request: Request, pk: UUID) -> LookupSample:
    return scope.get(LookupSample, pk, request.staff, purpose=queries.PURPOSE, related=("municipality", "typed_by"))


@needs(P.REVIEW_LOOKUPS)
def number(request: Request, pk: UUID) -> HttpResponse:
    row = sample_of(request, pk)
    form = NumberForm(request.POST or None)
    if request.method == "POST" and run(form, lambda given: actions.type_number(row, by=request.staff, **given)):
        drawn = form.outcome.is_drawn
        flash.done(request, _("Opslagene er udtrukket.") if drawn else _("Tallet er skrevet. Nu skal en anden person skrive det samme tal."))
        return to_month(row.month)
    return render(request, "lookups/number.html", {"form": form, "sample": row})


@needs(P.REVIEW_LOOKUPS)
@require_POST
def wipe(request: Request, pk: UUID) -> HttpResponse:
    row = sample_of(request, pk)
    flash.one_button(request, lambda: actions.wipe_number(row, by=request.staff), _("Tallet er slettet. Begge skal skrive det igen."))
    return to_month(row.month)


@needs(P.REVIEW_LOOKUPS)
def list_file(request: Request, pk: UUID) -> HttpResponse:
    row = sample_of(request, pk)
    answer = JsonResponse(lists.published(row), json_dumps_params={"ensure_ascii": False, "indent": 1})
    answer["Content-Disposition"] = f'attachment; filename="opslag-{row.municipality_id}-{row.month:%Y-%m}.json"'
    return answer


@needs(P.REVIEW_LOOKUPS)
def picked(request: Request, pk: UUID) -> HttpResponse:
    row, staff = queries.picked(pk, request.staff), request.staff
    about = queries.around(row)
    scope.seen(staff, (each.pk for each in about.citizens), purpose=queries.PURPOSE, page="lookups:picked", kind="page")
    form = VerdictForm(request.POST or None, initial={"verdict": row.verdict, "note": row.note})
    if request.method == "POST" and run(form, lambda given: actions.judge(row, by=staff, **given)):
        return _judged(request, form.outcome)
    values = {"row": row, "about": about, "form": form, "reasons": queries.reasons_of(row), "kinds": queries.KINDS, "own": row.looked_by_id == staff.pk}
    return render(request, "lookups/picked.html", values | {"staff": staff})


def _judged(request: Request, row: PickedLookup) -> HttpResponse:
    flash.done(request, _("Vurderingen er gemt."))
    if row.waits_for_follow_up:
        return redirect("lookups:follow_up", row.pk)
    following = queries.next_waiting(row, request.staff) if request.POST.get("do") == "next" else None
    return redirect("lookups:picked", following.pk) if following else to_month(row.month)


@needs(P.REVIEW_LOOKUPS)
def follow_up(request: Request, pk: UUID) -> HttpResponse:
    row = queries.picked(pk, request.staff)
    form = FollowUpForm(request.POST or None)
    if request.method == "POST" and run(form, lambda given: actions.follow_up(row, by=request.staff, **given)):
        flash.done(request, _("Opfølgningen er skrevet."))
        return to_month(row.month)
    return render(request, "lookups/follow_up.html", {"form": form, "row": row})


@needs(P.REVIEW_LOOKUPS)
def export(request: Request, month: str, form: str) -> HttpResponse:
    rows = list(queries.picked_in(request.staff, month_of(month)))
    return files.respond(
        request.staff, _("Opslag %(month)s") % {"month": month}, papers.columns(), rows, form, persons=lambda row: row.citizen_id, purpose=queries.PURPOSE,
        right=P.REVIEW_LOOKUPS,
    )  # fmt: skip

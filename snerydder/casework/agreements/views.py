"""Match, agreement, start, change of mentor."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from snerydder.access import scope
from snerydder.access.door import Request, needs
from snerydder.access.permissions import Permission
from snerydder.audit.action import Refusal
from snerydder.casework.agreements import actions, matching, paper, queries, sheet
from snerydder.casework.agreements.forms import AcceptForm, AgreementForm, MatchForm, MinPlanForm, ReplaceForm, StartForm, TasksForm, VetoForm, newer
from snerydder.casework.agreements.models import Acceptance, Agreement, Veto
from snerydder.casework.cases.forms import attempt
from snerydder.casework.cases.models import Case
from snerydder.casework.people.models import Mentor
from snerydder.ui import flash, forms

OF_CASE = ("citizen", "mentor__staff", "caseworker", "unit", "municipality")


def _case(request: Request, case_id: UUID, page: str) -> Case:
    return scope.get(Case, case_id, request.staff, purpose=_("Mentor og aftale"), page=page, related=OF_CASE)


def _of_case(request: Request, model: Any, pk: UUID, page: str, *related: str) -> Any:
    return scope.get(model, pk, request.staff, purpose=_("Mentor og aftale"), page=page, related=related)


@needs(Permission.MATCH)
def match(request: Request, case_id: UUID) -> HttpResponse:
    case = _case(request, case_id, "agreements.match")
    asked = TasksForm(request.GET if "opgave" in request.GET else {"opgave": matching.wanted_tasks(case)})
    tasks = asked.cleaned_data["opgave"] if asked.is_valid() else []
    page = sheet.match_page(case, tasks)
    initial = {"mentor": request.GET.get("mentor"), "citizen_wish": page.wish, "version": case.version}
    form = MatchForm(page.weighed, page.shown, request.POST or None, initial=initial)
    if request.method == "POST" and forms.run(form, lambda facts: actions.choose(case, by=request.staff, suggestions=page.as_data(), **facts)):
        undo = reverse("agreements:undo_choice", args=[case.pk])
        flash.done(request, _("%(name)s er valgt som mentor. Skriv nu aftalen.") % {"name": form.outcome.mentor.name}, undo=undo)
        return redirect("agreements:agreement", case.pk)
    return render(request, "agreements/match.html", {"case": case, "page": page, "asked": asked, "form": newer(form, case), "veto_form": VetoForm()})


@needs(Permission.MATCH)
@require_POST
def veto(request: Request, case_id: UUID) -> HttpResponse:
    case = _case(request, case_id, "agreements.veto")
    form = VetoForm(request.POST)
    if not form.is_valid():
        flash.refused(request, Refusal(_("Fravalget blev ikke noteret."), mend=_("Skriv højst 500 tegn om hvorfor.")))
        return redirect("agreements:match", case.pk)
    mentor = scope.get(Mentor, form.cleaned_data["mentor"], request.staff, purpose=_("Notere borgerens fravalg"), related=("staff",))
    row = actions.veto(case, mentor, by=request.staff, reason=form.cleaned_data["reason"])
    said = _("Det er noteret, at borgeren ikke ønsker %(name)s.") % {"name": mentor.name}
    flash.done(request, said, undo=reverse("agreements:lift_veto", args=[row.pk]))
    return redirect("agreements:match", case.pk)


@needs(Permission.MATCH)
@require_POST
def lift_veto(request: Request, pk: UUID) -> HttpResponse:
    row = _of_case(request, Veto, pk, "agreements.lift_veto", "case", "mentor__staff")
    name, case_id = row.mentor.name, row.case_id
    actions.lift_veto(row, by=request.staff)
    flash.done(request, _("Fravalget af %(name)s er slettet.") % {"name": name})
    return redirect("agreements:match", case_id)


@needs(Permission.MATCH)
@require_POST
def undo_choice(request: Request, case_id: UUID) -> HttpResponse:
    case = _case(request, case_id, "agreements.undo_choice")
    done = flash.one_button(request, lambda: actions.undo_choice(case, by=request.staff), _("Valget af mentor er fortrudt."))
    return redirect("agreements:match" if done else "agreements:agreement", case.pk)


@needs(Permission.SEE_CASE)
def agreement(request: Request, case_id: UUID) -> HttpResponse:
    case = _case(request, case_id, "agreements.agreement")
    wanted = request.GET.get("aftale", "")
    page = sheet.agreement_page(case, request.staff, queries.one_of(case, wanted))
    if page.agreement is None and page.may_write and case.mentor_id:
        return redirect("agreements:write", case.pk)
    return render(request, "agreements/agreement.html", _with_forms(case, page))


def _with_forms(case: Case, page: sheet.AgreementPage, start_form: StartForm | None = None) -> dict[str, Any]:
    shown = page.agreement
    edition = {"edition": shown.edition if shown else 0}
    accept_forms = {
        line.party: AcceptForm(initial=edition | {"party": line.party}, auto_id=f"id_{line.party}_%s", on_screen=line.may == "self")
        for line in page.parties if line.may and line.said is None
    }  # fmt: skip
    start = {"on": min(timezone.localdate(), shown.end) if shown else None, "version": case.version}
    return {"case": case, "page": page, "accept_forms": accept_forms, "start_form": start_form or StartForm(initial=start)}


@needs(Permission.WRITE_AGREEMENT)
def write(request: Request, case_id: UUID) -> HttpResponse:
    case = _case(request, case_id, "agreements.write")
    page = sheet.write_page(case, request.staff)
    if page is None or case.mentor is None:
        flash.refused(request, sheet.nothing_to_write(case))
        return redirect("agreements:agreement" if case.mentor_id is None else "desks:case", case.pk)
    form = AgreementForm(case.mentor, request.POST or None, initial=page.initial | {"version": case.version})
    if request.method == "POST" and forms.run(form, lambda facts: actions.write(case, by=request.staff, **facts)):
        flash.done(request, _("Aftalen er gemt. Nu skal alle tre sige ja."))
        return redirect("agreements:agreement", case.pk)
    return render(request, "agreements/write.html", {"case": case, "page": page, "form": newer(form, case)})


@needs(Permission.ACCEPT_AGREEMENT)
@require_POST
def accept(request: Request, pk: UUID) -> HttpResponse:
    row = _of_case(request, Agreement, pk, "agreements.accept", "case", "mentor__staff")
    form = AcceptForm(request.POST)
    if forms.run(form, lambda facts: actions.accept(row, by=request.staff, **facts)):
        undo = reverse("agreements:withdraw_acceptance", args=[form.outcome.pk])
        flash.done(request, _("Ja fra %(party)s er noteret.") % {"party": form.outcome.get_party_display()}, undo=undo)
    else:
        flash.refused(request, sheet.first_problem(form))
    return redirect("agreements:agreement", row.case_id)


@needs(Permission.ACCEPT_AGREEMENT)
@require_POST
def withdraw_acceptance(request: Request, pk: UUID) -> HttpResponse:
    row = _of_case(request, Acceptance, pk, "agreements.withdraw_acceptance", "agreement__case", "agreement__mentor__staff")
    party, case_id = row.get_party_display(), row.agreement.case_id
    said = _("Ja fra %(party)s er trukket tilbage.") % {"party": party}
    flash.one_button(request, lambda: actions.withdraw_acceptance(row, by=request.staff), said)
    return redirect("agreements:agreement", case_id)


@needs(Permission.START)
@require_POST
def start(request: Request, pk: UUID) -> HttpResponse:
    row = _of_case(request, Agreement, pk, "agreements.start", "case")
    form = StartForm(request.POST)
    if forms.run(form, lambda facts: actions.start(row, by=request.staff, **facts)):
        flash.done(request, _("Støtten er i gang."), undo=reverse("agreements:undo_start", args=[row.pk]))
        return redirect("desks:case", row.case_id)
    case = _case(request, row.case_id, "agreements.start")
    page = sheet.agreement_page(case, request.staff, queries.one_of(case, str(row.pk)))
    return render(request, "agreements/agreement.html", _with_forms(case, page, newer(form, case)))


@needs(Permission.WRITE_AGREEMENT)
def min_plan(request: Request, pk: UUID) -> HttpResponse:
    row = _of_case(request, Agreement, pk, "agreements.min_plan", "case__citizen")
    form = MinPlanForm(request.POST or None, case=row.case)
    if request.method == "POST" and attempt(form, lambda facts: actions.note_min_plan(row, by=request.staff, **facts)):
        flash.done(request, _("Det er skrevet, at forløbet står i Min Plan."))
        return redirect("agreements:agreement", row.case_id)
    return render(request, "agreements/min_plan.html", {"form": form, "case": row.case})


@needs(Permission.START)
@require_POST
def undo_start(request: Request, pk: UUID) -> HttpResponse:
    row = _of_case(request, Agreement, pk, "agreements.undo_start", "case")
    flash.one_button(request, lambda: actions.undo_start(row, by=request.staff), _("Starten er fortrudt. Aftalen står klar til en ny dag."))
    return redirect("agreements:agreement", row.case_id)


@needs(Permission.SEE_CASE)
def pdf(request: Request, pk: UUID) -> HttpResponse:
    row = _of_case(request, Agreement, pk, "agreements.pdf", *queries.WHOLE, "case__caseworker", "case__municipality")
    answer = HttpResponse(paper.pdf(row), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="mentoraftale-{row.case.number}.pdf"'
    return answer


@needs(Permission.HAND_OVER)
@require_POST
def replace_mentor(request: Request) -> HttpResponse:
    """First the cases that were ticked in a list, to look over; then, with a mentor and a reason, all or none."""
    ids = sheet.uuids(request.POST.getlist("sag"))
    cases = queries.cases_by_id(request.staff, ids)
    scope.seen(request.staff, [case.citizen_id for case in cases], purpose=_("Skifte mentor"), page="agreements.replace_mentor")
    confirmed = "mentor" in request.POST
    form = ReplaceForm(queries.mentors(request.staff), request.POST if confirmed else None)
    if confirmed and forms.run(form, lambda facts: actions.replace_mentor(cases, by=request.staff, **facts)):
        flash.done(request, sheet.replaced(form.outcome, form.cleaned_data["mentor"].name))
        return redirect("desks:case", cases[0].pk) if len(cases) == 1 else redirect("desks:cases")
    values = {"cases": cases, "rows": sheet.case_rows(cases), "form": form, "missing": len(set(ids)) - len(cases)}
    return render(request, "agreements/replace.html", values)

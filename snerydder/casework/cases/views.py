"""One page for each verb of a case. The case page itself is put together in `desks`."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from snerydder.access import scope
from snerydder.access.door import needs
from snerydder.access.permissions import Permission
from snerydder.casework.cases import actions, drafts, forms, queries
from snerydder.casework.cases.models import Case, FollowUp, Goal
from snerydder.casework.people.models import Citizen
from snerydder.ui import flash

WITH_CASE = ("citizen", "mentor__staff", "caseworker", "unit")


def case_of(request: HttpRequest, pk: UUID, purpose: str) -> Case:
    return scope.get(Case, pk, request.staff, purpose=purpose, related=WITH_CASE)


def to_case(case: Case) -> HttpResponse:
    return redirect("desks:case", case.pk)


def why(request: HttpRequest) -> str:
    """The reason given, or that it was undone at once: the button after a verb asks nothing."""
    return request.POST.get("reason", _("Fortrudt med det samme"))


def undone(request: HttpRequest, case: Case, verb: Any, text: str) -> HttpResponse:
    """An undo from the line after a verb: done and said, or said why not."""
    flash.one_button(request, verb, text)
    return to_case(case)


@needs(Permission.REFER)
def refer(request: HttpRequest, pk: UUID) -> HttpResponse:
    citizen = scope.get(Citizen, pk, request.staff, purpose=_("henvise til mentor"), related=("unit",))
    form = forms.ReferForm(request.POST or None, staff=request.staff, citizen=citizen)
    if request.method == "POST" and forms.attempt(form, lambda given: actions.refer(citizen, by=request.staff, **given)):
        flash.done(request, _("Borgeren er henvist. Nu skal behovet vurderes."))
        return to_case(form.outcome)
    return render(request, "cases/refer.html", {"form": form, "citizen": citizen})


@needs(Permission.REFER)
def change_referral(request: HttpRequest, pk: UUID) -> HttpResponse:
    case = case_of(request, pk, _("rette henvisningen"))
    referral = queries.referral_of(case)
    referral.case = case
    form = forms.ReferralForm(request.POST or None, referral=referral)
    if request.method == "POST" and forms.attempt(form, lambda given: actions.change_referral(referral, by=request.staff, **given)):
        flash.done(request, _("Henvisningen er rettet. Det, der stod før, står i historikken."))
        return to_case(case)
    return render(request, "cases/change_referral.html", {"form": form, "case": case, "referral": referral})


@needs(Permission.ASSESS)
def assess(request: HttpRequest, pk: UUID) -> HttpResponse:
    case = case_of(request, pk, _("vurdere behovet"))
    row = queries.open_assessment(case)
    form = forms.AssessForm(request.POST or None, case=case, row=row).resume(request.staff)
    if request.method == "POST" and forms.attempt(form, lambda given: _assess(request, case, row, given)):
        text = _("Vurderingen er rettet.") if row else _("Vurderingen er gemt. Nu kan du træffe afgørelsen.")
        flash.done(request, text, undo="" if row else reverse("cases:undo_assessment", args=[case.pk]))
        return to_case(case)
    page = {"form": form, "case": case, "row": row, "referral": queries.referral_of(case), "goals": queries.goals(case)}
    return render(request, "cases/assess.html", page)


def _assess(request: HttpRequest, case: Case, row: Any, given: dict[str, Any]) -> Any:
    if row is None:
        return actions.assess(case, by=request.staff, **given)
    row.case = case
    return actions.change_assessment(row, by=request.staff, **given)


@needs(Permission.ASSESS)
@require_POST
def undo_assessment(request: HttpRequest, pk: UUID) -> HttpResponse:
    case = case_of(request, pk, _("fortryde vurderingen"))
    row = queries.last_assessment(case)
    if row is None:
        raise Http404
    return undone(request, case, lambda: actions.undo_assessment(row, by=request.staff, reason=why(request)), _("Vurderingen er fortrudt."))


@needs(Permission.ASSESS, Permission.WRITE_AGREEMENT)
def goal(request: HttpRequest, pk: UUID) -> HttpResponse:
    case = case_of(request, pk, _("sætte mål"))
    form = forms.GoalForm(request.POST or None)
    if request.method == "POST" and forms.attempt(form, lambda given: actions.set_goal(case, by=request.staff, **given)):
        flash.done(request, _("Målet er sat."))
        return to_case(case)
    return render(request, "cases/goal.html", {"form": form, "case": case, "goals": queries.goals(case), "referral": queries.referral_of(case)})


@needs(Permission.ASSESS, Permission.WRITE_AGREEMENT)
def change_goal(request: HttpRequest, pk: UUID) -> HttpResponse:
    row = scope.get(Goal, pk, request.staff, purpose=_("ændre et mål"), related=tuple(f"case__{each}" for each in WITH_CASE))
    form = forms.GoalChangeForm(request.POST or None, initial={"text": row.text, "own_words": row.own_words, "result": row.result})
    if request.method == "POST" and forms.attempt(form, lambda given: actions.change_goal(row, by=request.staff, **given)):
        flash.done(request, _("Målet er ændret."))
        return to_case(row.case)
    return render(request, "cases/change_goal.html", {"form": form, "case": row.case, "goal": row})


@needs(Permission.FOLLOW_UP)
def follow_up(request: HttpRequest, pk: UUID) -> HttpResponse:
    case = case_of(request, pk, _("følge op"))
    form = forms.FollowUpForm(request.POST or None, case=case).resume(request.staff)
    if request.method == "POST" and forms.attempt(form, lambda given: actions.follow_up(case, by=request.staff, **given)):
        flash.done(request, _("Opfølgningen er gemt."), undo=reverse("cases:withdraw_follow_up", args=[form.outcome.pk]))
        return to_case(case)
    page = {"form": form, "case": case, "delivery": queries.delivery(case), "goals": queries.goals(case)}
    return render(request, "cases/follow_up.html", page | {"contacts": list(queries.contacts_to_approve(case)[:60])})


@needs(Permission.FOLLOW_UP)
def withdraw_follow_up(request: HttpRequest, pk: UUID) -> HttpResponse:
    row = scope.get(FollowUp, pk, request.staff, purpose=_("fortryde en opfølgning"), related=tuple(f"case__{each}" for each in WITH_CASE))
    if request.method == "POST":
        text = _("Opfølgningen er fortrudt. Kontakter, den låste, kan rettes igen.")
        return undone(request, row.case, lambda: actions.withdraw_follow_up(row, by=request.staff, reason=why(request)), text)
    return render(request, "cases/withdraw_follow_up.html", {"form": forms.ReasonForm(case=row.case), "case": row.case, "row": row})


@needs(Permission.CLOSE)
def close(request: HttpRequest, pk: UUID) -> HttpResponse:
    case = case_of(request, pk, _("afslutte sagen"))
    form = forms.CloseForm(request.POST or None, case=case).resume(request.staff)
    if request.method == "POST" and forms.attempt(form, lambda given: actions.close(case, by=request.staff, **given)):
        flash.done(request, _("Sagen er afsluttet."), undo=reverse("cases:reopen", args=[case.pk]))
        return to_case(case)
    today = timezone.localdate()
    return render(request, "cases/close.html", {"form": form, "case": case, "goals": queries.goals(case), "today": today})


@needs(Permission.REOPEN)
def reopen(request: HttpRequest, pk: UUID) -> HttpResponse:
    case = case_of(request, pk, _("genåbne sagen"))
    if request.method == "POST" and "reason" not in request.POST:
        return undone(request, case, lambda: actions.reopen(case, by=request.staff, reason=why(request)), _("Sagen er åben igen."))
    form = forms.ReasonForm(request.POST or None, case=case)
    if request.method == "POST" and forms.attempt(form, lambda given: actions.reopen(case, by=request.staff, reason=given["reason"])):
        flash.done(request, _("Sagen er åben igen."))
        return to_case(case)
    return render(request, "cases/reopen.html", {"form": form, "case": case, "closing": queries.last_closing(case)})


@needs(Permission.CLOSE)
def cancel(request: HttpRequest, pk: UUID) -> HttpResponse:
    case = case_of(request, pk, _("annullere sagen"))
    form = forms.ReasonForm(request.POST or None, case=case)
    if request.method == "POST" and forms.attempt(form, lambda given: actions.cancel(case, by=request.staff, **given)):
        flash.done(request, _("Sagen er annulleret."), undo=reverse("cases:reopen", args=[case.pk]))
        return to_case(case)
    return render(request, "cases/cancel.html", {"form": form, "case": case})


@needs(Permission.HAND_OVER)
def hand_over(request: HttpRequest) -> HttpResponse:
    """The cases come marked from a list (`sag`); this page asks to whom and why, and shows which."""
    data = request.POST if request.method == "POST" else request.GET
    cases = queries.chosen(request.staff, [*data.getlist("sag"), *data.getlist("case")])
    scope.seen(request.staff, [case.citizen_id for case in cases], purpose=_("overdrage sager"), page="cases.hand_over")
    form = forms.HandOverForm(request.POST if "overdrag" in data else None, staff=request.staff)
    if form.is_bound and forms.attempt(form, lambda given: actions.hand_over(cases, by=request.staff, **given)):
        flash.done(request, _("%(count)s sager er overdraget til %(name)s.") % {"count": form.outcome, "name": form.cleaned_data["caseworker"]})
        return redirect("desks:cases")
    return render(request, "cases/hand_over.html", {"form": form, "cases": cases})


WRITES = (Permission.ASSESS, Permission.DECIDE, Permission.FOLLOW_UP, Permission.CLOSE)


def _page_of(request: HttpRequest, pk: UUID, page: str) -> Case:
    """The case a draft is for. It shows nobody anything, so no look-up is logged every few seconds."""
    case = scope.rows(Case, request.staff).filter(pk=pk).first()
    if case is None or page not in drafts.PAGES:
        raise Http404
    return case


@needs(*WRITES)
@require_POST
def keep(request: HttpRequest, pk: UUID, page: str) -> HttpResponse:
    """What is typed, every few seconds. It never answers with a page: the form asks in the background."""
    content = drafts.typed_in(request.POST)
    if content is None:
        return HttpResponse(_("Kladden er for lang."), status=413, content_type="text/plain")
    drafts.keep(_page_of(request, pk, page), page, content, by=request.staff)
    return HttpResponse(status=204)


@needs(*WRITES)
@require_POST
def drop_draft(request: HttpRequest, pk: UUID, page: str) -> HttpResponse:
    drafts.drop(_page_of(request, pk, page), page, by=request.staff)
    flash.done(request, _("Kladden er kasseret."))
    return redirect(drafts.PAGES[page], pk)

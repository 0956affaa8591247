"""The pages of deciding: grant, refuse, stop, annul, the letters and the prices."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from snerydder.access import scope
from snerydder.access.door import needs
from snerydder.access.permissions import Permission
from snerydder.casework.cases.forms import ReasonForm, attempt
from snerydder.casework.cases.models import Assessment, Case
from snerydder.casework.cases.queries import last_assessment, open_assessment
from snerydder.casework.cases.views import WITH_CASE, case_of, to_case, undone, why
from snerydder.casework.grants import actions, forms, hearings, queries
from snerydder.casework.grants.letters import pdf
from snerydder.casework.grants.models import Grant, Hearing, Letter
from snerydder.casework.people import actions as people
from snerydder.ui import flash

VIA_CASE = tuple(f"case__{each}" for each in WITH_CASE)
FILE_NAMES = {Letter.Kind.GRANT: "bevilling", Letter.Kind.REFUSAL: "afslag", Letter.Kind.STOP: "stop", Letter.Kind.HEARING: "hoering", Letter.Kind.REASSESSMENT: "genvurdering"}


def grant_of(request: HttpRequest, pk: UUID, purpose: str) -> Grant:
    return scope.get(Grant, pk, request.staff, purpose=purpose, related=(*VIA_CASE, "assessment__made_by", "decided_by"))


@needs(Permission.DECIDE)
def grant(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One page, filled top to bottom. What it shows beside the boxes is worked out anew from what is typed."""
    case, today = case_of(request, pk, _("træffe afgørelse")), timezone.localdate()
    draft = queries.draft_of(case)
    assessment = draft.assessment if draft else queries.assessment_for(case)
    if assessment is None and request.method == "POST":
        assessment = last_assessment(case)  # somebody was first: the verb says so, and what is typed stays
    if assessment is None:
        return render(request, "grants/no_assessment.html", {"case": case, "last": last_assessment(case), "given": queries.last_given(case)})
    form = forms.GrantForm(request.POST or None, case=case, draft=draft, day=today).resume(request.staff)
    if request.method == "POST":
        done = _act(request, form, case, assessment, request.POST.get("do", ""))
        if done:
            return done
    page = {"form": form, "case": case, "draft": draft, "assessment": assessment, "months": forms.QUICK_MONTHS, "today": today}
    return render(request, "grants/grant.html", page | {"sheet": _sheet(request, form, case, assessment, today), "asked_by": queries.asked_by()})


def _sheet(request: HttpRequest, form: Any, case: Case, assessment: Assessment, today: Any) -> queries.Sheet:
    return queries.sheet(queries.unsaved(case, assessment, form.typed(), today), request.staff, today)


def _act(request: HttpRequest, form: Any, case: Case, assessment: Assessment, do: str) -> HttpResponse | None:
    """What the button asked for. None: the page is shown again, with what is wrong or what was counted out."""
    if do.startswith("end-"):
        form.full_clean()
        sheet = _sheet(request, form, case, assessment, timezone.localdate())
        form.end_at(forms.counted_end(form, do.removeprefix("end-"), sheet.longest_end))
        return None
    if do == "save" and attempt(form, lambda given: _propose(request, case, assessment, given)):
        flash.done(request, _("Udkastet er gemt."))
        return redirect("grants:grant", case.pk)
    if do == "decide" and attempt(form, lambda given: _decide(request, case, assessment, given)):
        text = _("Mentorstøtten er bevilget. Brevet er klar til at blive sendt.")
        flash.done(request, text, undo=reverse("grants:undo_decide", args=[form.outcome.pk]))
        return to_case(case)
    if do not in ("save", "decide"):
        form.full_clean()
    return None


def _propose(request: HttpRequest, case: Case, assessment: Assessment, given: dict[str, Any]) -> Grant:
    version = given.pop("version")
    given["minutes"] = given["minutes"] or 0
    return actions.propose(case, by=request.staff, assessment=assessment, version=version, **given)


def _decide(request: HttpRequest, case: Case, assessment: Assessment, given: dict[str, Any]) -> Grant:
    """The draft is kept also when the decision is refused: what is typed is on the server by then."""
    return actions.decide(_propose(request, case, assessment, given), by=request.staff)


@needs(Permission.DECIDE)
@require_POST
def discard(request: HttpRequest, pk: UUID) -> HttpResponse:
    row = grant_of(request, pk, _("kassere et udkast"))
    return undone(request, row.case, lambda: actions.discard(row, by=request.staff), _("Udkastet er kasseret."))


@needs(Permission.DECIDE)
@require_POST
def undo_decide(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The button just after Bevil: the grant is annulled and the letter is not sent."""
    row = grant_of(request, pk, _("fortryde bevillingen"))
    text = _("Bevillingen er annulleret, og brevet bliver ikke sendt.")
    return undone(request, row.case, lambda: actions.annul(row, by=request.staff, reason=why(request)), text)


@needs(Permission.DECIDE)
def annul(request: HttpRequest, pk: UUID) -> HttpResponse:
    row = grant_of(request, pk, _("annullere bevillingen"))
    form = ReasonForm(request.POST or None, case=row.case)
    if request.method == "POST" and attempt(form, lambda given: actions.annul(row, by=request.staff, **given)):
        flash.done(request, _("Bevillingen er annulleret, og brevet bliver ikke sendt."))
        return to_case(row.case)
    return render(request, "grants/annul.html", {"form": form, "case": row.case, "grant": row})


@needs(Permission.DECIDE)
def stop(request: HttpRequest, pk: UUID) -> HttpResponse:
    row = grant_of(request, pk, _("stoppe bevillingen"))
    form = forms.StopForm(request.POST or None, case=row.case, grant=row).resume(request.staff)
    if request.method == "POST" and attempt(form, lambda given: actions.stop(row, by=request.staff, **given)):
        flash.done(request, _("Bevillingen er stoppet. Brevet er klar til at blive sendt."), undo=reverse("grants:undo_stop", args=[row.pk]))
        return to_case(row.case)
    return render(request, "grants/stop.html", {"form": form, "case": row.case, "grant": row} | _heard(row.case, Hearing.About.STOP))


def _heard(case: Case, about: str) -> dict[str, Any]:
    return {"hearing": queries.open_hearing(case, about), "about": about, "day": timezone.localdate()}


@needs(Permission.DECIDE)
@require_POST
def undo_stop(request: HttpRequest, pk: UUID) -> HttpResponse:
    row = grant_of(request, pk, _("fortryde et stop"))
    text = _("Stoppet er trukket tilbage. Bevillingen løber som før.")
    return undone(request, row.case, lambda: actions.undo_stop(row, by=request.staff, reason=why(request)), text)


@needs(Permission.DECIDE)
def refuse(request: HttpRequest, pk: UUID) -> HttpResponse:
    case = case_of(request, pk, _("give afslag"))
    assessment = open_assessment(case) or (last_assessment(case) if request.method == "POST" else None)
    if assessment is None:
        return render(request, "grants/no_assessment.html", {"case": case, "last": last_assessment(case), "given": queries.last_given(case)})
    assessment.case = case
    form = forms.RefuseForm(request.POST or None, case=case, assessment=assessment, day=timezone.localdate()).resume(request.staff)
    if request.method == "POST" and attempt(form, lambda given: actions.refuse(assessment, by=request.staff, **given)):
        flash.done(request, _("Der er givet afslag. Brevet er klar til at blive sendt."), undo=reverse("grants:undo_refusal", args=[form.outcome.pk]))
        return to_case(case)
    return render(request, "grants/refuse.html", {"form": form, "case": case, "assessment": assessment} | _heard(case, Hearing.About.REFUSAL))


@needs(Permission.DECIDE)
@require_POST
def undo_refusal(request: HttpRequest, pk: UUID) -> HttpResponse:
    row = scope.get(Letter, pk, request.staff, purpose=_("fortryde et afslag"), related=VIA_CASE)
    text = _("Afslaget er trukket tilbage, og brevet bliver ikke sendt.")
    return undone(request, row.case, lambda: actions.undo_refusal(row, by=request.staff, reason=why(request)), text)


@needs(Permission.DECIDE, Permission.START)
def deliver(request: HttpRequest, pk: UUID) -> HttpResponse:
    row = scope.get(Letter, pk, request.staff, purpose=_("skrive, at et brev kom frem"), related=VIA_CASE)
    form = forms.DeliverForm(request.POST or None, case=row.case, letter=row)
    if request.method == "POST" and attempt(form, lambda given: actions.deliver(row, by=request.staff, **given)):
        flash.done(request, _("Det er skrevet, at brevet kom frem."))
        return to_case(row.case)
    return render(request, "grants/deliver.html", {"form": form, "case": row.case, "letter": row})


@needs(Permission.DECIDE)
def hear(request: HttpRequest, pk: UUID) -> HttpResponse:
    case = case_of(request, pk, _("høre borgeren"))
    form = forms.HearForm(request.POST or None, case=case, about=request.GET.get("om", "")).resume(request.staff)
    stopped = queries.last_given(case)
    if request.method == "POST" and attempt(form, lambda given: hearings.hear(case, by=request.staff, grant=stopped, **given)):
        flash.done(request, _("Høringen er klar til at blive sendt. Du kan træffe afgørelse, når svaret er kommet, eller fristen er gået."))
        return to_case(case)
    return render(request, "grants/hear.html", {"form": form, "case": case})


@needs(Permission.DECIDE)
def answer(request: HttpRequest, pk: UUID) -> HttpResponse:
    row = scope.get(Hearing, pk, request.staff, purpose=_("skrive borgerens svar"), related=VIA_CASE)
    form = forms.AnswerForm(request.POST or None, case=row.case)
    if request.method == "POST" and attempt(form, lambda given: hearings.answer(row, by=request.staff, **given)):
        flash.done(request, _("Svaret er skrevet på sagen. Nu kan der træffes afgørelse."))
        return to_case(row.case)
    return render(request, "grants/answer.html", {"form": form, "case": row.case, "hearing": row})


@needs(Permission.DECIDE)
@require_POST
def let_be(request: HttpRequest, pk: UUID) -> HttpResponse:
    row = scope.get(Hearing, pk, request.staff, purpose=_("lade sagen være efter høringen"), related=VIA_CASE)
    return undone(request, row.case, lambda: hearings.let_be(row, by=request.staff), _("Der bliver ikke truffet afgørelse imod borgeren."))


@needs(Permission.SEE_HISTORY)
def letter(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The letter as PDF. Its name says neither who nor what number; a protected name asks for a purpose first."""
    row = scope.get(Letter, pk, request.staff, purpose=_("læse et afgørelsesbrev"), related=VIA_CASE)
    citizen = row.case.citizen
    if citizen.protected:
        form = forms.PurposeForm(request, request.POST or None)
        may = request.staff.may(Permission.SHOW_PROTECTED)
        if not may or request.method != "POST" or not attempt(form, lambda given: people.show_protected(citizen, by=request.staff, purpose=given["purpose"])):
            return render(request, "grants/protected_letter.html", {"form": form, "case": row.case, "may": may})
    answer = HttpResponse(pdf(row.content), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{FILE_NAMES[row.kind]}-{row.case.number}.pdf"'
    return answer


@needs(Permission.LEADER_DESK)
def prices(request: HttpRequest) -> HttpResponse:
    form = forms.PriceForm(request.POST or None)
    if request.method == "POST" and attempt(form, lambda given: actions.set_price(**given, by=request.staff)):
        flash.done(request, _("Timeprisen er gemt. Den gælder bevillinger, der gives fra den dag."))
        return redirect("grants:prices")
    return render(request, "grants/prices.html", {"form": form, "kinds": queries.price_list(request.staff)})

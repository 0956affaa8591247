"""The contact log: write, see, correct, delete."""

from typing import Any
from uuid import UUID, uuid4

from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from snerydder.access import scope
from snerydder.access.door import Request, needs
from snerydder.access.permissions import Permission
from snerydder.audit.action import Refusal
from snerydder.casework.contacts import actions, queries, saving, shown
from snerydder.casework.contacts.forms import ContactForm, CorrectForm, WithdrawForm
from snerydder.casework.contacts.models import Contact
from snerydder.ui import flash, forms


@needs(Permission.LOG_CONTACT)
def new(request: Request) -> HttpResponse:
    if request.method != "POST":
        return _form_page(request, None)
    logged, form = saving.send(request.staff, request.POST)
    if _is_program(request):
        return JsonResponse(saving.answer(logged)) if logged else JsonResponse({"problems": _problems(form)}, status=422)
    if logged is None:
        return _form_page(request, form)
    if logged.how == "withdrawn":
        return _ask_again(request)
    if logged.how == "corrected":
        flash.done(request, _("Kontakten var gemt i forvejen. Den er rettet til det, du skrev nu, og det, der stod før, er i historikken."))
    return HttpResponseRedirect(f"{reverse('contacts:mine')}?gemt={logged.rows[0].entry}")  # an address: nothing to look up


def _ask_again(request: Request) -> HttpResponse:
    """Deleted since it was sent: only the person knows whether it is to be written again."""
    form = ContactForm(request.POST)
    form.add_error(None, _("Kontakten blev gemt og siden slettet. Tryk Gem for at skrive den igen."))
    return _form_page(request, form, entry=uuid4())


def _is_program(request: Request) -> bool:
    return "application/json" in request.headers.get("Accept", "")


def _problems(form: Any) -> list[dict[str, str]]:
    found = []
    for name, errors in form.errors.as_data().items():
        found += [{"field": name, "text": " ".join(str(text) for text in error.messages)} for error in errors]
    return found


def _form_page(request: Request, form: ContactForm | None, entry: UUID | None = None) -> HttpResponse:
    asked = request.GET.get("sag", "")
    page = shown.form_page(request.staff, asked, request.GET.get("kladde", ""), request.POST.getlist("cases"))
    if form is None:
        form = ContactForm(initial=page.initial)
    elif entry or "entry" in form.errors:
        form.data = form.data.copy()
        form.data["entry"] = str(entry or uuid4())
    form.offer(page.usual, page.goals)
    form.offer_cases(page.cases)
    scope.seen(request.staff, [case.citizen_id for case in page.cases], purpose=_("Skrive kontakt"), page="contacts.new")
    return render(request, "contacts/new.html", {"form": form, "page": page, "entry": form["entry"].value()})


@needs(Permission.LOG_CONTACT)
@require_POST
def draft(request: Request, entry: UUID) -> HttpResponse:
    """What is typed, every few seconds. It never answers with a page: the form asks in the background."""
    content = saving.draft_content(request.POST)
    if content is None:
        return HttpResponse(_("Kladden er for lang."), status=413, content_type="text/plain")
    if content:
        actions.save_draft(entry, content, by=request.staff)
    return HttpResponse(status=204)


@needs(Permission.LOG_CONTACT)
@require_POST
def drop_draft(request: Request, entry: UUID) -> HttpResponse:
    actions.drop_draft(entry, by=request.staff)
    flash.done(request, _("Kladden er kasseret."))
    return redirect("contacts:new")


@needs(Permission.LOG_CONTACT)
def mine(request: Request) -> HttpResponse:
    rows = list(queries.recent(request.staff)[:300])
    just = queries.entry_of(request.staff, entry) if (entry := shown.as_uuid(request.GET.get("gemt", ""))) else []
    scope.seen(request.staff, [row.case.citizen_id for row in (*rows, *just)], purpose=_("Se egne kontakter"), page="contacts.mine")
    values = {"lines": shown.lines(rows), "saved": shown.saved(request.staff, just), "week": shown.my_week(request.staff)}
    return render(request, "contacts/mine.html", values)


@needs(Permission.LOG_CONTACT)
def correct(request: Request, pk: UUID) -> HttpResponse:
    contact = scope.get(Contact, pk, request.staff, purpose=_("Rette kontakt"), page="contacts.correct", related=("case__citizen",))
    page = shown.correct_page(contact, request.staff)
    form = CorrectForm(request.POST or None, initial=page.initial)
    form.offer(page.usual, page.goals)
    if request.method == "POST" and forms.run(form, lambda facts: actions.correct(contact, by=request.staff, **_kept(facts, contact))):
        flash.done(request, _("Kontakten er rettet."))
        return redirect("desks:case", contact.case_id) if request.GET.get("fra") == "sag" else redirect("contacts:mine")
    return render(request, "contacts/correct.html", {"contact": contact, "page": page, "form": form})


def _kept(facts: dict[str, Any], contact: Contact) -> dict[str, Any]:
    """A time left empty means as it was, not now."""
    return facts | {"at": facts["at"] or contact.at}


@needs(Permission.LOG_CONTACT)
def withdraw(request: Request, pk: UUID) -> HttpResponse:
    contact = scope.get(Contact, pk, request.staff, purpose=_("Slette kontakt"), page="contacts.withdraw", related=("case__citizen",))
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and forms.run(form, lambda facts: actions.withdraw([contact], by=request.staff, **facts)):
        flash.done(request, _("Kontakten er slettet."), undo=reverse("contacts:restore", args=[contact.entry]))
        return redirect("contacts:mine")
    page = shown.correct_page(contact, request.staff)
    return render(request, "contacts/withdraw.html", {"contact": contact, "page": page, "form": form})


@needs(Permission.LOG_CONTACT)
@require_POST
def undo(request: Request, entry: UUID) -> HttpResponse:
    return _one_button(request, queries.entry_of(request.staff, entry), actions.withdraw, _("Kontakten er slettet."), "contacts:restore", entry)


@needs(Permission.LOG_CONTACT)
@require_POST
def restore(request: Request, entry: UUID) -> HttpResponse:
    rows = queries.entry_of(request.staff, entry, withdrawn=True)
    return _one_button(request, rows, actions.restore, _("Kontakten er gendannet."), "contacts:undo", entry)


def _one_button(request: Request, rows: list[Contact], verb: Any, said: str, back: str, entry: UUID) -> HttpResponse:
    if not rows:
        flash.refused(request, Refusal(_("Der er ikke noget at fortryde."), mend=_("Se listen: måske er det gjort.")))
        return redirect("contacts:mine")
    flash.one_button(request, lambda: verb(rows, by=request.staff), said, undo=reverse(back, args=[entry]))
    return redirect("contacts:mine")

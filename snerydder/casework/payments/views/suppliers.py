"""Suppliers, their mentors and prices, the postings and the budget."""

from datetime import date
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from snerydder.access.door import Request, needs
from snerydder.access.permissions import Permission
from snerydder.casework.grants import spans
from snerydder.casework.payments import budget, invoices, suppliers
from snerydder.casework.payments.forms import BudgetForm, EngageForm, PostingForm, SupplierForm
from snerydder.law import choices
from snerydder.ui import flash, forms


@needs(Permission.KEEP_SUPPLIERS)
def listed(request: Request) -> HttpResponse:
    form = SupplierForm(request.POST or None)
    if request.method == "POST" and forms.run(form, lambda given: suppliers.add_supplier(by=request.staff, **given)):
        flash.done(request, _("Leverandøren er oprettet. Skriv, hvilke mentorer de sender."))
        return redirect("payments:supplier", form.outcome.pk)
    today = timezone.localdate()
    hours = {row.supplier.pk: row for row in invoices.paid_hours(request.staff, today.replace(month=1, day=1), today)}
    values = {"form": form, "suppliers": invoices.suppliers(request.staff), "hours": hours, "year": today.year}
    return render(request, "payments/suppliers.html", values)


@needs(Permission.KEEP_SUPPLIERS)
def supplier(request: Request, pk: UUID) -> HttpResponse:
    found = invoices.supplier_of(request.staff, pk)
    form = EngageForm(request.POST or None, mentors=invoices.mentors(request.staff))
    if request.method == "POST" and forms.run(form, lambda given: suppliers.engage(found, by=request.staff, **form.facts())):
        flash.done(request, _("Tilknytningen er gemt."))
        return redirect("payments:supplier", pk)
    return render(request, "payments/supplier.html", {"supplier": found, "form": form, "engagements": invoices.engagements_of(found)})


@needs(Permission.KEEP_SUPPLIERS)
def postings(request: Request) -> HttpResponse:
    form = PostingForm(request.POST or None)
    if request.method == "POST" and forms.run(form, lambda given: suppliers.set_posting(by=request.staff, **given)):
        flash.done(request, _("Konteringen er gemt."))
        for verdict in suppliers.posting_warnings(form.outcome):
            flash.warned(request, verdict)
        return redirect("payments:postings")
    names = {each.key: each.name for each in choices("refusion")}
    return render(request, "payments/postings.html", {"form": form, "postings": invoices.postings(request.staff), "names": names})


@needs(Permission.KEEP_SUPPLIERS)
def year(request: Request) -> HttpResponse:
    today = timezone.localdate()
    span = spans.read({"aar": request.GET.get("aar", str(today.year))}, today)
    shown = budget.year(request.staff, span.first.year, today)
    known = {"amount": shown.budget.amount, "share": shown.budget.share} if shown.budget else {}
    form = BudgetForm(request.POST or None, initial=known)
    if request.method == "POST" and forms.run(form, lambda given: budget.set_budget(shown.year, by=request.staff, **given)):
        flash.done(request, _("Budgettet er gemt."))
        return redirect(f"{request.path}?aar={shown.year}")
    return render(request, "payments/budget.html", {"shown": shown, "form": form, "hours": invoices.paid_hours(request.staff, span.first, year_end(span))})


def year_end(span: spans.Span) -> date:
    return date(span.first.year, 12, 31)

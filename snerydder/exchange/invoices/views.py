"""A supplier's invoice comes in: read whole, or refused whole."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from snerydder.access.door import Request, needs
from snerydder.access.permissions import Permission
from snerydder.casework.payments import invoices, invoicing
from snerydder.exchange.invoices.forms import NewInvoiceForm
from snerydder.ui import flash, forms


@needs(Permission.REGISTER_INVOICE)
def new(request: Request) -> HttpResponse:
    suppliers = invoices.suppliers(request.staff)
    given = (request.POST, request.FILES) if request.method == "POST" else ()
    form = NewInvoiceForm(*given, suppliers=suppliers)
    if request.method == "POST" and forms.run(form, lambda _given: invoicing.register(by=request.staff, **form.facts())):
        flash.done(request, _("Fakturaen er registreret, og hver linje er holdt op mod loggen."))
        return redirect("payments:invoice", form.outcome.pk)
    may_keep = request.staff.may(Permission.KEEP_SUPPLIERS)
    return render(request, "exchange_invoices/new.html", {"form": form, "suppliers": suppliers, "may_keep": may_keep})

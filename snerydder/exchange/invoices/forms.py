"""A supplier's invoice: from a file, or typed."""

from django import forms as django_forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from snerydder.exchange.csv.reading import LARGEST
from snerydder.exchange.invoices import reading
from snerydder.ui import forms


class NewInvoiceForm(forms.Form):
    supplier = django_forms.ChoiceField(label=_("Leverandør"))
    number = django_forms.CharField(label=_("Fakturanummer"), max_length=30)
    dated = forms.DateField(label=_("Fakturadato"))
    total = forms.DecimalField(label=_("Beløb i alt"), max_digits=10, decimal_places=2, suffix=_("kr."), help_text=_("Som det står på fakturaen."))
    file = django_forms.FileField(
        label=_("Fil med linjerne"), required=False, allow_empty_file=True, widget=django_forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx"}),
        help_text=_("Excel (.xlsx) eller CSV med kolonnerne Sag, Dato, Timer og Beløb."),
    )
    typed = django_forms.CharField(
        label=_("Eller skriv linjerne"), required=False, max_length=60_000, widget=django_forms.Textarea,
        help_text=_("En linje for hver dag og borger: sag; dato; timer; beløb; tekst. For eksempel 2026-00007; 03-11-2026; 1,5; 675,00; samtale."),
    )

    def __init__(self, *args, suppliers, **given):
        super().__init__(*args, **given)
        self.suppliers = {str(each.pk): each for each in suppliers}
        self.fields["supplier"].choices = [("", _("Vælg leverandør")), *((key, each.name) for key, each in self.suppliers.items())]

    def clean_file(self):
        file = self.cleaned_data["file"]
        return (file.name, file.read(LARGEST + 1)) if file else None

    def clean(self):
        given = super().clean()
        if bool(given.get("file")) == bool(given.get("typed", "").strip()) and "file" not in self.errors:
            self.add_error("file", ValidationError(_("Vælg en fil, eller skriv linjerne. Ikke begge dele.")))
        return given

    def facts(self):
        """What is booked. A refusal names the box that mends it."""
        given = self.cleaned_data
        supplier, number = self.suppliers[given["supplier"]], given["number"]
        lines = reading.lines_of_file(*given["file"], supplier, number) if given["file"] else reading.lines_of_text(given["typed"], supplier, number)
        return {"supplier": supplier, "number": number, "dated": given["dated"], "lines": lines, "total": given["total"]}

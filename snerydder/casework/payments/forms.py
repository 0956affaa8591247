"""What somebody else says of a contact, the citizen's own answer, and what is done with an invoice."""

from django import forms as django_forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from snerydder.casework.payments.models import Confirmation, InvoiceLine
from snerydder.casework.payments.suppliers import OUTSIDE
from snerydder.law import choices, target_groups
from snerydder.ui import forms

ANSWERS = [("yes", _("Ja")), ("no", _("Nej")), ("unsure", _("Ved ikke"))]


def capital(choices):
    return [(key, str(label)[:1].upper() + str(label)[1:]) for key, label in choices]


class ConfirmForm(forms.Form):
    source = django_forms.ChoiceField(
        label=_("Hvem siger det?"), choices=capital(Confirmation.Source.choices), widget=forms.Radios(hints={"citizen": _("Når du selv har talt med borgeren.")})
    )
    source_name = django_forms.CharField(label=_("Navn på den, du har talt med"), max_length=120, help_text=_("Og hvor de er fra, hvis det ikke er borgeren."))
    answered = django_forms.ChoiceField(label=_("Fandt kontakten sted?"), choices=ANSWERS, widget=forms.Radios)


class AnswerForm(forms.Form):
    answer = django_forms.ChoiceField(label=_("Dit svar"), choices=ANSWERS, widget=forms.Radios(tiles=True))


class CodeForm(forms.Form):
    code = django_forms.CharField(label=_("Koden fra beskeden"), max_length=30, help_text=_("For eksempel 901-K7PM-2QXD-9TRA."))


class LineForm(forms.Form):
    """What is paid of a line that does not agree."""

    do = django_forms.ChoiceField(label=_("Hvad skal der ske med linjen?"), widget=forms.Radios)
    reason = django_forms.ChoiceField(label=_("Grund, hvis den afvises"), choices=[("", _("Vælg en grund")), *capital(InvoiceLine.Reason.choices)], required=False)
    note = django_forms.CharField(label=_("Bemærkning til leverandøren"), max_length=1000, widget=django_forms.Textarea, required=False)
    answer_by = forms.DateField(label=_("Leverandøren kan svare til og med"), required=False)

    def __init__(self, *args, line, payable, **given):
        super().__init__(*args, initial={"reason": line.reason, "note": line.note, "answer_by": line.answer_by, "do": "refuse" if line.handled_by_id and line.differs else "pay"}, **given)
        self.fields["do"].choices = [("pay", payable), ("refuse", _("Afvis hele linjen"))]

    def facts(self):
        given = self.cleaned_data
        return {"refuse": given["do"] == "refuse", "reason": given["reason"], "note": given["note"], "answer_by": given["answer_by"]}


class NoteForm(forms.Form):
    answer = django_forms.CharField(label=_("Hvad svarer leverandøren?"), max_length=2000, widget=django_forms.Textarea)


class ReturnForm(forms.Form):
    reason = django_forms.CharField(label=_("Hvorfor sender du fakturaen retur?"), max_length=1000, widget=django_forms.Textarea)


class CorrectionForm(forms.Form):
    way = django_forms.ChoiceField(
        label=_("Hvad skal rettes?"), choices=[("back", _("Kræv penge tilbage")), ("more", _("Betal mere til leverandøren"))], widget=forms.Radios
    )
    minutes = forms.MinutesField(label=_("Tid"))
    amount = forms.DecimalField(label=_("Beløb"), max_digits=10, decimal_places=2, min_value=0, suffix=_("kr."))
    reason = django_forms.CharField(label=_("Hvorfor?"), max_length=1000, widget=django_forms.Textarea)

    def facts(self):
        given, sign = self.cleaned_data, -1 if self.cleaned_data["way"] == "back" else 1
        return {"minutes": sign * given["minutes"], "amount": sign * given["amount"], "reason": given["reason"]}


class SupplierForm(forms.Form):
    name = django_forms.CharField(label=_("Navn"), max_length=120)
    cvr = django_forms.CharField(label=_("CVR-nummer"), max_length=12, help_text=_("Otte cifre."))
    email = django_forms.EmailField(label=_("Mail"), required=False)


class EngageForm(forms.Form):
    mentor = django_forms.ChoiceField(label=_("Mentor"))
    hourly_price = forms.DecimalField(label=_("Aftalt timepris"), max_digits=8, decimal_places=2, min_value=0, suffix=_("kr."))
    valid_from = forms.DateField(label=_("Gælder fra"), initial=timezone.localdate)

    def __init__(self, *args, mentors, **given):
        super().__init__(*args, **given)
        self.mentors = {str(mentor.pk): mentor for mentor in mentors}
        self.fields["mentor"].choices = [("", _("Vælg mentor")), *((key, mentor.name) for key, mentor in self.mentors.items())]

    def facts(self):
        return self.cleaned_data | {"mentor": self.mentors[self.cleaned_data["mentor"]]}


class PostingForm(forms.Form):
    target_group = django_forms.ChoiceField(label=_("Målgruppe"))
    account = django_forms.CharField(label=_("Konto"), max_length=20, help_text=_("Som den står i kommunens kontoplan, for eksempel 5.68.90.018."))
    reimbursement = django_forms.ChoiceField(label=_("Refusion"), widget=forms.Radios)
    valid_from = forms.DateField(label=_("Gælder fra"), initial=timezone.localdate)

    def __init__(self, *args, **given):
        super().__init__(*args, **given)
        self.fields["target_group"].choices = [("", _("Vælg målgruppe")), *((key, f"{key} {gettext(name)}") for key, name in target_groups(timezone.localdate())), (OUTSIDE, _("Uden for § 6"))]
        self.fields["reimbursement"].choices = [(each.key, gettext(each.name)) for each in choices("refusion")]


class BudgetForm(forms.Form):
    amount = forms.DecimalField(label=_("Budget for året"), max_digits=12, decimal_places=2, min_value=0, suffix=_("kr."))
    share = forms.DecimalField(
        label=_("Kommunens andel af grænsen i LAB § 203 a"), max_digits=12, decimal_places=2, min_value=0, suffix=_("kr."), required=False,
        help_text=_("Et udkast, som kommunen selv skriver. Grænsen gælder kommunerne samlet og aldrig den enkelte sag."),
    )

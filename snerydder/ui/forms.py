"""What a noun's forms.py imports: the form classes, the fields, the widgets, and `run`."""

import functools
from typing import Any

from django import forms as django_forms
from django.core.exceptions import ValidationError
from django.forms.renderers import BaseRenderer
from django.forms.renderers import Jinja2 as DjangoWidgets
from django.template.loader import get_template
from django.utils.translation import gettext_lazy as _

from snerydder.ui.fields import DateField, DecimalField, IntegerField, MinutesField, TimeField
from snerydder.ui.widgets import Checkboxes, DateParts, MinutesParts, Radios

__all__ = [
    "Checkboxes", "DateField", "DateParts", "DecimalField", "Form", "IntegerField", "MinutesField", "MinutesParts",
    "ModelForm", "Radios", "Renderer", "TimeField", "refuse", "run",
]  # fmt: skip


class Renderer(BaseRenderer):
    """Whole forms and fields through the design system; a bare {{ form.name }} as Django draws it."""

    form_template_name = "ui/forms/form.html"
    field_template_name = "ui/forms/field.html"

    def get_template(self, template_name):
        if template_name.startswith("ui/"):
            return get_template(template_name)
        return self._widgets.get_template(template_name)

    @functools.cached_property
    def _widgets(self):
        return DjangoWidgets()


MISSING = (
    ((django_forms.Select, django_forms.RadioSelect, django_forms.CheckboxSelectMultiple), _("Vælg: %(label)s")),
    (django_forms.CheckboxInput, _("Sæt kryds ved: %(label)s")),
    (django_forms.FileInput, _("Vælg en fil: %(label)s")),
)


class _Danish:
    """Names the field in the message, since the summary stands far from it; emoji and æøå are just text."""

    def __init__(self, *args, **given):
        super().__init__(*args, **given)
        for name, field in self.fields.items():
            if field.error_messages.get("required") is django_forms.Field.default_error_messages["required"]:  # not ==: that translates both
                text = next((said for kinds, said in MISSING if isinstance(field.widget, kinds)), _("Udfyld: %(label)s"))
                field.error_messages["required"] = _Named(text, field.label or name.replace("_", " "))


class _Named:
    """A lazy text with a lazy name in it."""

    def __init__(self, text, label):
        self.text, self.label = text, label

    def __str__(self):
        return str(self.text) % {"label": self.label}


class Form(_Danish, django_forms.Form):
    outcome: Any = None  # what the verb of `run` gave back
    keeps_at = ""  # the address that keeps what is typed, every few seconds
    kept_since: Any = None  # when what the boxes show was typed, if it was typed before and not saved
    drops_at = ""  # the address that throws it away


class ModelForm(_Danish, django_forms.ModelForm):
    outcome: Any = None


def run(form, verb):
    """Do the verb with the form's facts: run(form, lambda facts: actions.close(case, by=staff, **facts)).

    False when the form is wrong or the verb refused: show the form again, the reasons are in it.
    True when it is done; what the verb gave back is `form.outcome`.
    """
    from snerydder.audit.action import Refusal

    if not form.is_valid():
        return False
    try:
        form.outcome = verb(form.cleaned_data)
    except Refusal as refusal:
        refuse(form, refusal)
        return False
    return True


def refuse(form, refusal):
    """The refusal as errors in the form: beside the field that mends it when the form has it, else on top."""
    for problem in refusal.problems:
        error = ValidationError(str(problem), code="refused")
        error.problem = problem
        form.add_error(problem.field if problem.field in form.fields else None, error)

"""A bound field as the design system's control, and the summary of what is wrong on a page."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from markupsafe import Markup, escape

from snerydder.ui.dkfds import fds, icon
from snerydder.ui.widgets import Checkboxes, DateParts, MinutesParts, Radios

OPTIONAL = Markup('{label}<span class="weight-normal"> {optional}</span>')
# What goes on the input as it stands; the rest of a widget's attrs has a parameter or no meaning here.
OWN_PARAMETERS = {"class", "maxlength", "minlength", "required", "cols", "rows", "autocomplete", "id", "name", "type", "value"}


def field(bound, **given):
    """One field: label, hint, error, control. `given`: label, helptext, optional, classes, attributes, suffix, rows."""
    widget = bound.field.widget
    if widget.is_hidden:
        return hidden(bound.html_name, widget.format_value(bound.value()))
    for kinds, draw in CONTROLS:
        if isinstance(widget, kinds):
            return draw(bound, widget, given)
    raise TypeError(f"no control for {type(widget).__name__} ({bound.name})")


def hidden(name, value):
    values = value if isinstance(value, list | tuple) else [value]
    one = Markup('<input type="hidden" name="{}" value="{}">')
    return Markup("").join(one.format(name, "" if each is None else each) for each in values)


def _common(bound, given):
    return {
        "id": bound.auto_id or bound.html_name,
        "helptext": given.get("helptext", bound.help_text) or None,
        "errorMessage": _errors(bound) or None,
    }


def _labelled(bound, given):
    required = bound.field.required
    return _common(bound, given) | {
        "name": bound.html_name,
        "label": given.get("label", bound.label),
        "required": required,
        "optionalLabel": given.get("optional", not required and not bound.field.disabled),
    }


def _legend(bound, given):
    label = escape(str(given.get("label", bound.label)))
    if given.get("optional", not bound.field.required):
        return OPTIONAL.format(label=label, optional=_("(frivilligt)"))
    return label


def _errors(bound):
    return Markup(" ").join(_error_text(error) for error in bound.errors.as_data())


def _error_text(error):
    """The sentences of one error; a refusal carries an address to go to."""
    problem = getattr(error, "problem", None)
    if problem is None:
        return Markup(" ").join(escape(text) for text in error.messages)
    parts = [escape(str(part)) for part in (problem.what, problem.why) if part]
    if problem.mend and problem.link:
        parts.append(Markup('<a href="{}">{}</a>').format(problem.link, problem.mend))
    elif problem.mend:
        parts.append(escape(str(problem.mend)))
    return Markup(" ").join(parts)


def _input_attributes(bound, widget, given):
    attributes = {name: value for name, value in widget.attrs.items() if name not in OWN_PARAMETERS}
    if getattr(widget, "input_type", "") == "number":
        attributes = {"inputmode": "numeric"} | attributes
    return attributes | given.get("attributes", {})


def _classes(widget, given, name):
    return {name: " ".join(filter(None, (widget.attrs.get("class"), given.get("classes")))) or None}


def _text(bound, widget, given):
    secret = isinstance(widget, forms.PasswordInput)
    params = _labelled(bound, given) | {
        "type": widget.input_type if widget.input_type in ("email", "tel", "url", "password", "search") else "text",
        "value": None if secret else widget.format_value(bound.value()),
        "disabled": bound.field.disabled,
        "suffix": given.get("suffix") or getattr(bound.field, "suffix", None) or None,
        "prefix": given.get("prefix"),
        "autocomplete": widget.attrs.get("autocomplete"),
        "classes": _classes(widget, given, "input"),
        "attributes": {"input": _input_attributes(bound, widget, given)},
    }
    return fds("textinput", params)


def _textarea(bound, widget, given):
    value = widget.format_value(bound.value()) or ""
    params = _labelled(bound, given) | {
        "value": "\n" + value if value.startswith(("\n", "\r")) else value,  # a browser eats the first line break
        "rows": str(given.get("rows") or (rows if (rows := widget.attrs.get("rows")) and rows != "10" else 5)),  # 10 is Django's own
        "disabled": bound.field.disabled,
        "characterLimit": getattr(bound.field, "max_length", None),
        "classes": _classes(widget, given, "textarea"),
        "attributes": {"textarea": _input_attributes(bound, widget, given)},
    }
    return fds("textarea", params)


def _options(bound, widget):
    """Each choice as Django would draw it: value, label, selected. Groups are flattened."""
    chosen = widget.format_value(bound.value())
    for group, options, _index in widget.optgroups(bound.html_name, chosen or []):
        for option in options:
            label = f"{group}: {option['label']}" if group else option["label"]
            yield str(option["value"]), label, option["selected"]


def _select(bound, widget, given):
    params = _labelled(bound, given) | {
        "options": [{"value": value, "text": label, "isSelected": selected} for value, label, selected in _options(bound, widget)],
        "disabled": bound.field.disabled,
        "classes": _classes(widget, given, "select"),
        "attributes": {"select": _input_attributes(bound, widget, given)},
    }
    return fds("select", params)


def _group(bound, widget, given):
    """Radio buttons or checkboxes, which differ in the names of their parameters only."""
    one = isinstance(widget, forms.RadioSelect) and not isinstance(widget, forms.CheckboxSelectMultiple)  # which is one too
    hints, icons = getattr(widget, "hints", {}), getattr(widget, "icons", {})
    tiles = "sn-tiles" if getattr(widget, "tiles", False) else ""
    items = [
        {
            "value": value,
            "label": _with_icon(label, icons.get(value)),
            "checked": selected,
            "helptext": hints.get(value),
            "disabled": bound.field.disabled,
            "attributes": {"input": _input_attributes(bound, widget, given)},
        }
        for value, label, selected in _options(bound, widget)
        if value != ""
    ]
    params = _common(bound, given) | {
        "groupname": bound.html_name,
        "radiogroupLegend" if one else "checkboxLegend": _legend(bound, given),
        "classes": " ".join(filter(None, (tiles, given.get("classes")))) or None,
        "items": items,
    }
    return fds("radiobuttons" if one else "checkboxes", params)


def _with_icon(label, name):
    return Markup("{}<span>{}</span>").format(icon(name), label) if name else label


def _checkbox(bound, widget, given):
    common = _labelled(bound, given)
    error = common.pop("errorMessage")
    box = fds("checkbox", common | {
        "value": "on",
        "checked": bool(widget.check_test(bound.value())),
        "optionalLabel": False,
        "disabled": bound.field.disabled,
        "attributes": {"input": _input_attributes(bound, widget, given)
                       | ({"aria-invalid": "true", "aria-describedby": f"{common['id']}-error"} if error else {})},
    })  # fmt: skip
    shown = fds("errorMessage", {"text": error, "id": common["id"]}) if error else ""
    wrap = Markup('<div class="form-group{}">{}{}</div>')
    return wrap.format(" form-error" if error else "", shown, box)


def _date(bound, widget, given):
    return fds("datoinput", _common(bound, given) | {
        "legend": given.get("label", bound.label),
        "name": {part: f"{bound.html_name}_{part}" for part in widget.part_names},
        "values": widget.parts(bound.value()),
        "required": bound.field.required,
        "optionalLabel": given.get("optional", not bound.field.required),
        "disabled": bound.field.disabled,
        "classes": given.get("classes"),
    })  # fmt: skip


FIELDSET = Markup(
    '<div class="form-group{error_class}"><fieldset{described}><legend class="form-label">{legend}</legend>'
    '{hint}{error}<div class="date-group mt-3">{boxes}</div></fieldset></div>'
)


def _minutes(bound, widget, given):
    common = _common(bound, given)
    values = widget.parts(bound.value())
    names = {"hours": _("Timer"), "minutes": _("Minutter")}
    boxes = [
        fds("textinput", {
            "id": f"{common['id']}-{part}", "name": f"{bound.html_name}_{part}", "label": names[part],
            "value": values[part], "required": bound.field.required and part == "hours", "type": "number",
            "classes": {"formgroup": "form-group-year" if part == "hours" else "form-group-month"},
            "attributes": {"input": {"min": "0", "inputmode": "numeric"}},
        })
        for part in widget.part_names
    ]  # fmt: skip
    return FIELDSET.format(legend=_legend(bound, given), boxes=Markup("").join(boxes), **_said(common))


def _said(common):
    """Hint and error of a control the design system has no macro for, tied to it for a screen reader."""
    ids = [f"{common['id']}-{kind}" for kind, key in (("hint", "helptext"), ("error", "errorMessage")) if common[key]]
    return {
        "error_class": " form-error" if common["errorMessage"] else "",
        "described": Markup(' aria-describedby="{}"').format(" ".join(ids)) if ids else "",
        "hint": fds("helptext", {"text": common["helptext"], "id": common["id"]}) if common["helptext"] else "",
        "error": fds("errorMessage", {"text": common["errorMessage"], "id": common["id"]}) if common["errorMessage"] else "",
    }


FILE = Markup(
    '<div class="form-group{error_class}">{label}{hint}{error}'
    '<input type="file" class="form-input sn-file" id="{id}" name="{name}"{described}{invalid}{accept}{multiple}{required}></div>'
)


def _file(bound, widget, given):
    common = _labelled(bound, given)
    label = fds("label", {"text": common["label"], "for": common["id"], "optionalLabel": common["optionalLabel"]})
    accept = widget.attrs.get("accept")
    return FILE.format(
        label=label, id=common["id"], name=common["name"],
        accept=Markup(' accept="{}"').format(accept) if accept else "",
        multiple=Markup(" multiple") if widget.allow_multiple_selected else "",
        invalid=Markup(' aria-invalid="true"') if common["errorMessage"] else "",
        required=Markup(" required") if common["required"] else "",
        **_said(common),
    )  # fmt: skip


CONTROLS = (
    (DateParts, _date),
    (MinutesParts, _minutes),
    ((Radios, Checkboxes, forms.RadioSelect, forms.CheckboxSelectMultiple, forms.SelectMultiple), _group),
    (forms.CheckboxInput, _checkbox),
    (forms.FileInput, _file),
    (forms.Select, _select),
    (forms.Textarea, _textarea),
    (forms.widgets.Input, _text),
)


def summary(*bound_forms):
    """Everything wrong on the page in one box that gets the focus, each with a link to its field."""
    lines = [line for form in bound_forms for line in _lines(form)]
    if not lines:
        return Markup("")
    text = ngettext("Der er %(count)s ting at rette", "Der er %(count)s ting at rette", len(lines))
    items = Markup("").join(Markup("<li>{}</li>").format(line) for line in lines)
    return fds("alert", {
        "variant": "error",
        "heading": text % {"count": len(lines)},
        "headingLevel": "h2",
        "headingID": "error-summary-heading",
        "contentContainer": False,
        "content": Markup('<ul class="sn-errors">{}</ul>').format(items),
        "attributes": {"data-module": "error-summary", "tabindex": "-1", "aria-labelledby": "error-summary-heading"},
    })  # fmt: skip


def _lines(form):
    if not form.is_bound:
        return
    for name, errors in form.errors.as_data().items():
        for error in errors:
            if name == "__all__" or name not in form.fields or form.fields[name].widget.is_hidden:
                yield _error_text(error)
            else:
                yield _linked(form[name], error)


def _linked(bound, error):
    problem = getattr(error, "problem", None)
    texts = [str(part) for part in (problem.what, problem.why, problem.mend) if part] if problem else error.messages
    text = " ".join(texts)
    label = str(bound.label)
    colon = "" if label.endswith(("?", ":", ".", "!")) else ":"
    said = text if label.lower() in text.lower() else f"{label}{colon} {text}"
    return Markup('<a href="#{}">{}</a>').format(_focus_id(bound), said)


def _focus_id(bound):
    """The id of the first box of the field."""
    widget = bound.field.widget
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple | forms.SelectMultiple):
        return f"{bound.auto_id}-option1"
    return widget.id_for_label(bound.auto_id)

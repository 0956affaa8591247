"""The one template environment: every page, every form, every letter's page is rendered here."""

import jinja2
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext, npgettext, pgettext
from jinja2 import pass_context

from snerydder.ui import controls, figures, flash, formats, frame
from snerydder.ui.dkfds import fds, icon


def environment(**options):
    options["undefined"] = jinja2.StrictUndefined  # a name misspelt is an error, not a blank on the page
    env = jinja2.Environment(  # noqa: S701  # Django hands autoescape=True in the options
        extensions=["jinja2.ext.i18n", "jinja2.ext.do", "jinja2.ext.loopcontrols"],
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=formats.in_language,
        **options,
    )
    env.install_gettext_callables(gettext, ngettext, newstyle=True, pgettext=pgettext, npgettext=npgettext)  # type: ignore[attr-defined]  # the extension's
    env.filters.update(formats.FILTERS, capfirst=capfirst)  # Jinja's own capitalize makes MitID into mitid
    env.globals.update(
        fds=fds,
        icon=icon,
        url=url,
        static=static,
        now=timezone.localtime,
        today=timezone.localdate,
        language=formats.language,
        flashes=flashes,
        as_frame=frame.as_frame,
        ui=Macros(env),
    )
    return env


def url(name, *args, **kwargs):
    return reverse(name, args=args or None, kwargs=kwargs or None)


@pass_context
def flashes(context):
    """What the last verb said, once."""
    request = context.get("request")
    return list(flash.waiting(request)) if hasattr(request, "_messages") else []


class Macros:
    """`ui.table(...)`: the product's own components, in every template without an import."""

    def __init__(self, env):
        self._env = env

    def __getattr__(self, name):
        for file in ("ui/macros.html", "ui/figures.html", "ui/forms.html"):
            found = getattr(self._env.get_template(file).module, name, None)
            if found is not None and not name.startswith("_"):
                return found
        raise AttributeError(f"ui has no {name!r}: see ui/macros.html, ui/figures.html, ui/forms.html")

    field = staticmethod(controls.field)
    summary = staticmethod(controls.summary)

    def hours_bar(self, *args, **given):
        return self.hours_bar_drawn(figures.hours_bar(*args, **given))

    def week_columns(self, weeks):
        return self.week_columns_drawn(figures.week_columns(weeks))

    def caseload_bar(self, *args, **given):
        return self.caseload_bar_drawn(figures.caseload_bar(*args, **given))

    @pass_context
    def form_page(self, context, form, **given):
        """The whole form: summary, token, fields, buttons. `{% call ui.form_page(form) %}` adds to its fields."""
        return self.__getattr__("form_page_body")(form, token(context), **given)

    @pass_context
    def post_button(self, context, text, href, **given):
        """A verb without a form page: one button that posts."""
        return self.__getattr__("post_button_body")(text, href, token(context), **given)

    @pass_context
    def kept(self, context, form):
        """That what the boxes show was typed before and never saved; `form_page` says it by itself."""
        return self.__getattr__("kept_body")(form, token(context))

    @pass_context
    def undo(self, context, href, **given):
        return self.__getattr__("undo_body")(href, token(context), **given)


def token(context):
    return context.get("csrf_input", "")

"""The pages shown when something is refused, missing or broken: what, why, and what to do now. Never a traceback."""

import datetime

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from snerydder.ui import kept

STATEMENT_REVIEWED = datetime.date(2026, 11, 22)  # the day a person last read ui/was.html against the product


def forbidden(request, exception=None):
    """403, with the roles that have the right when the door knows them."""
    roles = list(getattr(exception, "roles", []))
    return render(request, "ui/error.html", {"code": 403, "roles": roles}, status=403)


def not_found(request, exception=None):
    """404: also for what is there but not yours, so that an address tells nothing."""
    return render(request, "ui/error.html", {"code": 404, "roles": []}, status=404)


def bad_request(request, exception=None):
    """400; 413 when more was sent than one page may carry."""
    too_much = isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent)
    code = 413 if too_much else 400
    return render(request, "ui/error.html", {"code": code, "roles": []}, status=code)


def server_error(request):
    """500. Rendered without the request: whatever broke may be what the frame would ask for."""
    when = datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    return HttpResponse(render_to_string("ui/error.html", {"code": 500, "roles": [], "when": when}), status=500)


def csrf_failure(request, reason=""):
    """The page was open for too long. What was written is still here, when it came from one of our own pages."""
    fields = kept.fields_of(request.POST) if kept.from_own_page(request) else []
    again = kept.Kept(request.get_full_path(), tuple(fields)) if fields else None
    return render(request, "ui/repost.html", {"kept": again, "why": _("Siden havde været åben for længe.")}, status=403)


def statement(request):
    """/was: the accessibility statement the law asks a public authority for."""
    return render(request, "ui/was.html", {"reviewed": STATEMENT_REVIEWED})

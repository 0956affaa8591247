"""Coming in and going out, also for somebody who was in the middle of writing."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import auth
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.tokens import default_token_generator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from snerydder.access import queries, sessions
from snerydder.access.door import Request, needs, open_to_all
from snerydder.access.forms import NewPassword, SignIn
from snerydder.access.models import Account
from snerydder.access.permissions import Permission
from snerydder.ui import flash, kept

BACKEND = "django.contrib.auth.backends.ModelBackend"


def safe_next(request: HttpRequest) -> str:
    """Where the person was going, if that is a page of ours."""
    wish = request.POST.get("next") or request.GET.get("next") or "/"
    return wish if url_has_allowed_host_and_scheme(wish, {request.get_host()}, require_https=request.is_secure()) else "/"


def show(request: HttpRequest, form: SignIn, sealed: str, status: int = 200) -> HttpResponse:
    with transaction.atomic():  # the middleware comes here outside the request's own transaction
        towns = queries.towns()
    return render(request, "access/login.html", {"form": form, "kept": sealed, "towns": towns, "next": safe_next(request)}, status=status)


def enter_as(request: HttpRequest, account: Account) -> HttpResponse:
    """Signed in: send again what was kept, choose a place if there are several, or go where the person was going."""
    text, going_to = kept.unseal(request.POST.get("kept"), request), safe_next(request)
    auth.login(request, account, backend=BACKEND)
    sessions.begin(request.session)
    if text is not None:
        return render(request, "ui/repost.html", {"kept": text, "why": _("Du var væk så længe, at du blev logget ud.")})
    if len(queries.places_of(account)) > 1:
        return redirect(reverse("access:change_place") + "?" + urlencode({"next": going_to}))
    return redirect(going_to)


@open_to_all
@never_cache
@sensitive_post_parameters("password")
def login(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated and request.method != "POST":
        return redirect(safe_next(request))
    form = SignIn(request, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid() and form.account:
        return enter_as(request, form.account)
    return show(request, form, request.POST.get("kept", ""))


@open_to_all
@require_POST
def persona(request: HttpRequest, username: str) -> HttpResponse:
    """One click to be somebody else, in the demo and nowhere else: the address does not exist outside it."""
    account = queries.persona(username)
    if account is None:
        raise Http404
    return enter_as(request, account)


@open_to_all
@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    auth.logout(request)
    flash.done(request, _("Du er logget ud."))
    return redirect("access:login")


class KeepTyped(LoginRequiredMiddleware):
    """Everything needs a sign-in that has not been left alone too long; a form that meets an ended session is carried through it."""

    def process_view(self, request: HttpRequest, view_func: Any, view_args: Any, view_kwargs: Any) -> Any:
        if getattr(view_func, "login_required", True) and request.user.is_authenticated:
            if sessions.is_over(request.session):
                auth.logout(request)
                flash.told(request, _("Du har været væk længe og er logget ud."))
            else:
                sessions.keep(request.session)
        return super().process_view(request, view_func, view_args, view_kwargs)  # type: ignore[no-untyped-call]

    def handle_no_permission(self, request: HttpRequest, view_func: Any) -> HttpResponse:  # type: ignore[override]
        if request.method != "POST":
            return super().handle_no_permission(request, view_func)
        return show(request, SignIn(request), kept.seal(request), status=403)  # not 200: a draft that saves itself must not believe it was saved


@needs(Permission.SIGNED_IN)
@sensitive_post_parameters("current", "password")
def password(request: Request) -> HttpResponse:
    """Change one's own."""
    account = request.user
    assert isinstance(account, Account)
    form = NewPassword(account, request.POST or None)
    if request.method == "POST" and form.is_valid():
        account.set_password(form.cleaned_data["password"])
        account.save(update_fields=["password"])
        auth.update_session_auth_hash(request, account)  # the person's other sessions end
        flash.done(request, _("Din adgangskode er ændret."))
        return redirect("/")
    return render(request, "access/password.html", {"form": form, "own": True})


@open_to_all
@never_cache
@sensitive_post_parameters("password")
def password_link(request: HttpRequest, pk: object, token: str) -> HttpResponse:
    """A link from the leader: choose the first password, or a new one. It works once and for three days."""
    account = queries.account(pk)
    if account is None or not default_token_generator.check_token(account, token):
        return render(request, "access/link_used.html", status=404)
    form = NewPassword(account, request.POST or None, ask_current=False)
    if request.method == "POST" and form.is_valid():
        account.set_password(form.cleaned_data["password"])
        account.save(update_fields=["password"])
        flash.done(request, _("Adgangskoden er gemt. Log ind med %(name)s.") % {"name": account.username})
        return redirect("access:login")
    return render(request, "access/password.html", {"form": form, "own": False, "username": account.username})

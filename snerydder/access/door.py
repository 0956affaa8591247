"""`@needs(Permission.X)`: how a view says what it requires, and the one place where a request gets its municipality."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from snerydder.access.entrance import place_of
from snerydder.access.models import Staff
from snerydder.access.permissions import Permission
from snerydder.access.roles import roles_with

SESSION_KEY = "staff"


class Request(HttpRequest):
    """What a view behind `needs` is given: the request, and the person's place."""

    staff: Staff


class MissingRight(PermissionDenied):
    """Inside reach, but the right is missing: 403 with the names of the roles that have it."""

    def __init__(self, permissions: tuple[Permission, ...]) -> None:
        self.roles = list({role.key: role for permission in permissions for role in roles_with(permission)}.values())
        super().__init__(str(permissions))


def enter(request: HttpRequest) -> Staff | None:
    """Set the context from the membership row, never from the request. None when the account has no place here."""
    chosen = request.session.get(SESSION_KEY)
    staff = place_of(request.user.pk, chosen)
    if staff is None:
        return None
    if str(staff.pk) != chosen:
        request.session[SESSION_KEY] = str(staff.pk)
    request.staff = staff  # type: ignore[attr-defined]
    return staff


def needs(*permissions: Permission) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """The view runs in the person's municipality, if one of the person's roles has one of the rights."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            staff = enter(request)
            if staff is None:
                return redirect("access:no_place")
            if not any(staff.may(permission) for permission in permissions):
                raise MissingRight(permissions)
            return view(request, *args, **kwargs)

        guarded.needs = permissions  # type: ignore[attr-defined]
        return guarded

    return decorate


def without_place(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A view for somebody signed in whose place is not known yet: choosing one, or having none."""
    view.needs = ()  # type: ignore[attr-defined]
    return view


def open_to_all(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A view that anybody may see: sign-in, accessibility statement, health."""
    view.needs = ()  # type: ignore[attr-defined]
    view.login_required = False  # type: ignore[attr-defined]
    return view

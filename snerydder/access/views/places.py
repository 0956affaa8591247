"""Which municipality one is in, and having none."""

from django.conf import settings
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from snerydder.access import actions, queries
from snerydder.access.door import SESSION_KEY, Request, enter, needs, without_place
from snerydder.access.models import Account, Staff
from snerydder.access.permissions import Permission
from snerydder.access.roles import ROLES
from snerydder.access.views.sign_in import safe_next
from snerydder.audit.action import Refusal
from snerydder.ui import flash

INVITATION = "snerydder.access.join"
_DAYS = 7


@without_place
def no_place(request: HttpRequest) -> HttpResponse:
    if enter(request) is not None:
        return redirect("/")
    return render(request, "access/no_place.html", {"demo": settings.DEMO})


@needs(Permission.SIGNED_IN)
def me(request: Request) -> HttpResponse:
    """What one may, where one may be, and one's own password."""
    staff = request.staff
    roles = [ROLES[key] for key in staff.roles if key in ROLES]
    values = {"member": staff, "roles": roles, "places": queries.places_of(request.user, here=staff), "stand_ins": queries.stand_ins_of(staff, staff)}
    return render(request, "access/me.html", values)


@without_place
def change_place(request: HttpRequest) -> HttpResponse:
    """Only among one's own places: what is posted is looked up there, never trusted."""
    here = enter(request)
    places = queries.places_of(request.user, here=here)
    if "place" in request.POST:
        chosen = next((place for place in places if str(place.pk) == request.POST.get("place")), None)
        if chosen is None:
            raise Http404
        request.session[SESSION_KEY] = str(chosen.pk)
        flash.done(request, _("Du er nu i %(municipality)s.") % {"municipality": chosen.municipality.name})
        return redirect(safe_next(request))
    return render(request, "access/change_place.html", {"places": places, "here": here, "next": safe_next(request)})


@without_place
def join(request: HttpRequest, token: str) -> HttpResponse:
    """Tie a place in another municipality to the sign-in one has. The token says which place; the sign-in says who."""
    try:
        municipality, pk = signing.loads(token, salt=INVITATION, max_age=_DAYS * 24 * 60 * 60)
    except signing.BadSignature:
        return render(request, "access/link_used.html", status=404)
    place = queries.invited(pk, municipality)
    if place is None:
        return render(request, "access/link_used.html", status=404)
    refusal = None
    if request.method == "POST":
        refusal = _join(request, place)
        if refusal is None:
            flash.done(request, _("Du har nu en plads i %(municipality)s.") % {"municipality": place.municipality.name})
            return redirect("/")
    return render(request, "access/join.html", {"place": place, "refusal": refusal, "username": request.user.get_username()})


def _join(request: HttpRequest, place: Staff) -> Refusal | None:
    account = request.user
    assert isinstance(account, Account)
    try:
        joined = actions.join(place, account, by=place)
    except Refusal as refusal:
        return refusal
    request.session[SESSION_KEY] = str(joined.pk)
    return None

"""The leader's pages: who works here, as what, and the municipality's own facts."""

from copy import copy

from django.contrib.auth.tokens import default_token_generator
from django.core import signing
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from snerydder.access import actions, export, queries, scope
from snerydder.access.door import Request, needs
from snerydder.access.forms import InviteForm, MunicipalityForm, StaffForm, UnitForm
from snerydder.access.models import Staff, Unit
from snerydder.access.permissions import Permission
from snerydder.access.roles import ROLES
from snerydder.access.views.places import INVITATION
from snerydder.ui import flash, forms

PURPOSE = "personale"
SHEET = (
    export.Column(gettext_lazy("Navn"), lambda row: row.name, 26),
    export.Column(gettext_lazy("Roller"), lambda row: ", ".join(str(name) for name in row.role_names), 30),
    export.Column(gettext_lazy("Enhed"), lambda row: row.unit.name if row.unit else "", 20),
    export.Column(gettext_lazy("Mail"), lambda row: row.email, 26),
    export.Column(gettext_lazy("Telefon"), lambda row: row.phone),
    export.Column(Staff._meta.get_field("active").verbose_name, lambda row: row.active),
    export.Column(gettext_lazy("Senest logget ind"), lambda row: row.account.last_login if row.account else None, 18),
)


@needs(Permission.MANAGE_STAFF)
def staff(request: Request) -> HttpResponse:
    members = queries.staff_list(request.staff)
    if request.GET.get("format") in export.FORMATS:
        return export.respond(request.staff, _("Medarbejdere"), SHEET, members, request.GET["format"], persons=None, purpose=PURPOSE)
    values = {"members": members, "units": queries.units(request.staff), "unit_form": UnitForm(), "roles": ROLES}
    return render(request, "access/staff.html", values)


@needs(Permission.MANAGE_STAFF)
def staff_new(request: Request) -> HttpResponse:
    form = StaffForm(request.staff, request.POST or None)
    if request.method == "POST" and forms.run(form, lambda facts: actions.appoint(**facts, by=request.staff)):
        flash.done(request, _("%(name)s er oprettet. Lav nu et login.") % {"name": form.outcome.name})
        return redirect("access:staff_sign_in", form.outcome.pk)
    return render(request, "access/staff_form.html", {"form": form, "member": None})


@needs(Permission.MANAGE_STAFF)
def staff_member(request: Request, pk: object) -> HttpResponse:
    member = scope.get(Staff, pk, request.staff, purpose=PURPOSE, related=("unit", "account"))
    roles = [ROLES[key] for key in member.roles if key in ROLES]
    values = {"member": member, "roles": roles, "stand_ins": queries.stand_ins_of(member, request.staff)}
    return render(request, "access/staff_member.html", values | queries.work_of(member))


@needs(Permission.MANAGE_STAFF)
def staff_edit(request: Request, pk: object) -> HttpResponse:
    member = scope.get(Staff, pk, request.staff, purpose=PURPOSE)
    initial = {name: getattr(member, name) for name in ("name", "roles", "unit", "email", "phone", "address")}
    form = StaffForm(request.staff, request.POST or None, initial=initial)
    if request.method == "POST" and forms.run(form, lambda facts: actions.change_staff(member, by=request.staff, **facts)):
        flash.done(request, _("%(name)s er rettet.") % {"name": member.name})
        return redirect("access:staff_member", pk)
    return render(request, "access/staff_form.html", {"form": form, "member": member})


@needs(Permission.MANAGE_STAFF)
@require_POST
def staff_close(request: Request, pk: object) -> HttpResponse:
    member = scope.get(Staff, pk, request.staff, purpose=PURPOSE)
    said = _("Adgangen for %(name)s er lukket.") % {"name": member.name}
    flash.one_button(request, lambda: actions.deactivate(member, by=request.staff), said, undo=reverse("access:staff_open", args=[pk]))
    return redirect("access:staff_member", pk)


@needs(Permission.MANAGE_STAFF)
@require_POST
def staff_open(request: Request, pk: object) -> HttpResponse:
    member = scope.get(Staff, pk, request.staff, purpose=PURPOSE)
    actions.reactivate(member, by=request.staff)
    flash.done(request, _("%(name)s har adgang igen.") % {"name": member.name})
    return redirect("access:staff_member", pk)


@needs(Permission.MANAGE_STAFF)
def staff_sign_in(request: Request, pk: object) -> HttpResponse:
    """Make a link that the leader gives the person. It is shown once, and the password is never known to the leader."""
    member = scope.get(Staff, pk, request.staff, purpose=PURPOSE, related=("account",))
    has_account = member.account is not None
    form = InviteForm({"kind": "new", "username": "-"} if has_account and request.method == "POST" else request.POST or None)
    link = ""
    if request.method == "POST" and forms.run(form, lambda facts: _invite(request, member, facts)):
        link = request.build_absolute_uri(form.outcome)
    return render(request, "access/staff_sign_in.html", {"form": form, "member": member, "link": link, "has_account": has_account})


def _invite(request: Request, member: Staff, facts: dict[str, str]) -> str:
    if facts["kind"] == "known":
        return reverse("access:join", args=[signing.dumps([member.municipality_id, str(member.pk)], salt=INVITATION)])
    account = actions.invite(member, by=request.staff, username=facts["username"])
    return reverse("access:password_link", args=[account.pk, default_token_generator.make_token(account)])


@needs(Permission.MANAGE_STAFF)
@require_POST
def unit_new(request: Request) -> HttpResponse:
    form = UnitForm(request.POST)
    if forms.run(form, lambda facts: actions.add_unit(facts["name"], by=request.staff)):
        flash.done(request, _("Enheden %(name)s er oprettet.") % {"name": form.outcome.name})
        return redirect("access:staff")
    values = {"members": queries.staff_list(request.staff), "units": queries.units(request.staff), "unit_form": form, "roles": ROLES}
    return render(request, "access/staff.html", values)


@needs(Permission.MANAGE_STAFF)
def unit_edit(request: Request, pk: object) -> HttpResponse:
    unit = scope.get(Unit, pk, request.staff, purpose=PURPOSE)
    form = UnitForm(request.POST or None, initial={"name": unit.name})
    if request.method == "POST" and forms.run(form, lambda facts: actions.rename_unit(unit, facts["name"], by=request.staff)):
        flash.done(request, _("Enheden hedder nu %(name)s.") % {"name": unit.name})
        return redirect("access:staff")
    return render(request, "access/unit_form.html", {"form": form})


@needs(Permission.MANAGE_STAFF)
def municipality(request: Request) -> HttpResponse:
    row = request.staff.municipality
    form = MunicipalityForm(request.POST or None, instance=copy(row))  # a form writes on its instance, and the verb tells what was
    if request.method == "POST" and forms.run(form, lambda facts: actions.change_municipality(row, by=request.staff, **facts)):
        flash.done(request, _("Oplysningerne er gemt."))
        return redirect("access:municipality")
    return render(request, "access/municipality.html", {"form": form})

"""The frame around every page for the person signed in: whose town, which places, what is out of the ordinary."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from snerydder.access.models import Municipality, Staff
from snerydder.access.permissions import Permission as P
from snerydder.access.roles import ROLES
from snerydder.ui.formats import dato
from snerydder.ui.frame import Frame, Notice, Place

MOST_PLACES = 5


@dataclass(frozen=True)
class Way:
    """A place in the bar: the name of an address, its words, and who may go there."""

    name: str
    text: Any
    icon: str
    needs: P


# A role's own front page. The first of a person's roles decides where they come in.
DESKS: dict[str, Way] = {
    "mentor": Way("desks:mentor", _("I dag"), "home", P.MENTOR_DESK),
    "caseworker": Way("desks:caseworker", _("Venter på dig"), "checklist", P.CASEWORKER_DESK),
    "coordinator": Way("desks:coordinator", _("Overblik"), "view-in-list", P.COORDINATOR_DESK),
    "leader": Way("desks:leader", _("Ledelse"), "analytics", P.LEADER_DESK),
    "payer": Way("desks:payer", _("Økonomi"), "payments", P.PAYER_DESK),
    "auditor": Way("desks:auditor", _("Revision"), "summary", P.AUDITOR_DESK),
    "evaluator": Way("desks:evaluator", _("Tal"), "analytics", P.EVALUATOR_DESK),
}
# Shared places, the most used first; a person with several roles has room for fewer of them.
SHARED: dict[str, tuple[Way, ...]] = {
    "mentor": (Way("contacts:new", _("Skriv kontakt"), "edit", P.LOG_CONTACT), Way("desks:cases", _("Sager"), "folder", P.SEE_CASE)),
    "caseworker": (
        Way("desks:cases", _("Sager"), "folder", P.SEE_CASE),
        Way("people:citizen_new", _("Ny borger"), "person-add", P.REGISTER_CITIZEN),
        Way("people:mentors", _("Mentorer"), "groups", P.SEE_MENTORS),
        Way("trials:overview", _("Forsøg"), "science", P.SEE_TRIALS),
    ),
    "coordinator": (
        Way("desks:cases", _("Sager"), "folder", P.SEE_CASE),
        Way("people:mentors", _("Mentorer"), "groups", P.SEE_MENTORS),
        Way("people:citizen_new", _("Ny borger"), "person-add", P.REGISTER_CITIZEN),
        Way("exchange:import", _("Import"), "upload", P.IMPORT),
    ),
    "leader": (
        Way("desks:cases", _("Sager"), "folder", P.SEE_CASE),
        Way("people:mentors", _("Mentorer"), "groups", P.SEE_MENTORS),
        Way("access:staff", _("Medarbejdere"), "persons", P.MANAGE_STAFF),
        Way("inspections:overview", _("Tilsyn"), "checklist", P.SEE_INSPECTIONS),
    ),
    "payer": (
        Way("payments:invoices", _("Fakturaer"), "summary", P.SEE_INVOICES),
        Way("payments:sheets", _("Timesedler"), "time", P.SEE_SHEETS),
        Way("payments:budget", _("Budget"), "calculator", P.KEEP_SUPPLIERS),
        Way("payments:suppliers", _("Leverandører"), "business", P.KEEP_SUPPLIERS),
    ),
    "auditor": (
        Way("inspections:overview", _("Tilsyn"), "checklist", P.SEE_INSPECTIONS),
        Way("desks:cases", _("Sager"), "folder", P.SEE_CASE),
        Way("people:mentors", _("Mentorer"), "groups", P.SEE_MENTORS),
        Way("lookups:overview", _("Opslag"), "visibility", P.REVIEW_LOOKUPS),
    ),
    "evaluator": (
        Way("trials:overview", _("Forsøg"), "science", P.SEE_TRIALS), Way("evaluation:studies", _("Undersøgelser"), "summary", P.EVALUATE),
    ),
}


def ways_of(staff: Staff) -> list[Way]:
    """The desks of every role, then what the roles share; at most five."""
    roles = [role for role in staff.roles if role in ROLES]
    found = {DESKS[role].name: DESKS[role] for role in roles}
    for role in roles:
        for way in SHARED.get(role, ()):
            found.setdefault(way.name, way)
    return list(found.values())[:MOST_PLACES]


def home_of(staff: Staff) -> str:
    """The name of the page a person comes in at."""
    return next(DESKS[role].name for role in staff.roles if role in DESKS)


def places_of(staff: Staff, path: str) -> tuple[Place, ...]:
    addresses = [(way, reverse(way.name)) for way in ways_of(staff)]
    here = max((href for _way, href in addresses if path.startswith(href)), key=len, default=None)
    return tuple(Place(way.text, href, way.icon, current=href == here) for way, href in addresses)


def notices_of(staff: Staff) -> tuple[Notice, ...]:
    found = []
    if staff.municipality.invented:
        found.append(Notice(_("Alt her er opdigtet: kommunen, personerne og sagerne. Skriv ikke om rigtige mennesker.")))
    for row in staff.stands_in_for:
        words = gettext("Du er stedfortræder for %(name)s til og med %(day)s og ser også de sager.")
        found.append(Notice(words % {"name": row.away.name, "day": dato(row.end)}, "warning", reverse("access:stand_ins"), _("Stedfortrædere")))
    return tuple(found)


def role_line(staff: Staff) -> str:
    names = [str(name) for name in staff.role_names]
    return gettext(" og ").join((", ".join(names[:-1]), names[-1])) if len(names) > 1 else "".join(names)


def _of_a_stranger(municipality: Municipality | None) -> Frame:
    """Nobody is signed in; a page that knows which municipality it is from says so, and how to reach it."""
    if municipality is None:
        return Frame()
    contact = municipality.email or municipality.phone
    return Frame(
        municipality=municipality.name, tagline=_("Mentorstøtte"), logo=municipality.logo_text if len(municipality.logo_text) <= 3 else "",
        contact=contact, contact_url=f"mailto:{municipality.email}" if municipality.email else "",
    )  # fmt: skip


def context(request: HttpRequest) -> dict[str, Any]:
    staff = getattr(request, "staff", None)
    if staff is None:
        return {"frame": _of_a_stranger(getattr(request, "speaks_for", None))}
    municipality = staff.municipality
    return {
        "frame": Frame(
            municipality=municipality.name,
            tagline=_("Mentorstøtte"),
            logo=municipality.logo_text if len(municipality.logo_text) <= 3 else "",
            home=reverse(home_of(staff)),
            person=staff.name,
            role=role_line(staff),
            places=places_of(staff, request.path),
            notices=notices_of(staff),
            may_search=staff.may(P.FIND_PEOPLE),
            search_url=reverse("people:search"),
            language_url=reverse("set_language"),
            sign_in_url=reverse("access:login"),
            sign_out_url=reverse("access:logout"),
            contact=municipality.email or municipality.phone,
            contact_url=f"mailto:{municipality.email}" if municipality.email else "",
        )
    }

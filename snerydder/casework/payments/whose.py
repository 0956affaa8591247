"""The four columns by mentor and by supplier, and whose hours a page is about: each figure leads to its cases, and they to their rows.

Delivered, confirmed and invoiced hours are the mentor's who met the citizen, and the supplier's whom the mentor worked through that day.
Granted hours are the mentor's who has the case.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q, Sum
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from snerydder.access import scope
from snerydder.access.models import Staff
from snerydder.casework.grants.spans import Span, minutes_in
from snerydder.casework.payments import hours
from snerydder.casework.payments.models import Engagement, Supplier
from snerydder.casework.people.models import Mentor

KINDS = {"mentor": _("Mentor"), "leverandoer": _("Leverandør")}  # the word in an address
Spell = tuple[UUID, date, date]  # a mentor, from a day until before another


@dataclass(frozen=True)
class Whose:
    """One mentor, or one supplier with the mentors who worked through it, and when."""

    kind: str
    pk: UUID
    name: str
    spells: tuple[Spell, ...]

    @property
    def query(self) -> str:
        return f"&{self.kind}={self.pk}"

    def contacts(self, prefix: str = "") -> Q:
        """A condition on a contact, or on what has one."""
        found = Q(pk__in=[])
        for mentor, since, until in self.spells:
            found |= Q(**{f"{prefix}mentor": mentor, f"{prefix}day__gte": since, f"{prefix}day__lt": until})
        return found

    def grants(self, span: Span) -> Q:
        return Q(case__mentor__in=[mentor for mentor, since, until in self.spells if since <= span.last < until])


@dataclass
class Engaged:
    """Whom each mentor worked through, and when."""

    spells: dict[UUID, list[Spell]] = field(default_factory=lambda: defaultdict(list))  # by supplier

    def on(self, mentor: UUID, day: date) -> UUID | None:
        return next((pk for pk, rows in self.spells.items() for who, since, until in rows if who == mentor and since <= day < until), None)


def engaged(staff: Staff) -> Engaged:
    """One question."""
    found, by_mentor = Engaged(), defaultdict(list)
    for row in scope.rows(Engagement, staff).order_by("valid_from"):
        by_mentor[row.mentor_id].append(row)
    for mentor, rows in by_mentor.items():
        ends = [*(row.valid_from for row in rows[1:]), date.max]
        for row, until in zip(rows, ends, strict=True):
            found.spells[row.supplier_id].append((mentor, row.valid_from, until))
    return found


def read(given: Mapping[str, Any], staff: Staff) -> Whose | None:
    """Whose hours an address asks for; nobody's when it does not say."""
    kind = next((word for word in KINDS if given.get(word)), None)
    if kind is None:
        return None
    try:
        pk = UUID(given[kind])
    except ValueError:
        raise Http404 from None
    if kind == "mentor":
        mentor = scope.rows(Mentor, staff).filter(pk=pk).select_related("staff").first()
        found = Whose(kind, pk, mentor.name, ((pk, date.min, date.max),)) if mentor else None
    else:
        supplier = scope.rows(Supplier, staff).filter(pk=pk).first()
        found = Whose(kind, pk, supplier.name, tuple(engaged(staff).spells[pk])) if supplier else None
    if found is None:
        raise Http404
    return found


@dataclass(frozen=True)
class Group:
    pk: UUID
    name: str
    four: hours.Four


def groups(staff: Staff, span: Span, kind: str) -> list[Group]:
    """The span's hours by mentor or by supplier, whatever the number of cases. Six questions."""
    named: Any = scope.rows(Mentor, staff).values_list("pk", "staff__name") if kind == "mentor" else scope.rows(Supplier, staff).values_list("pk", "name")
    through = engaged(staff)
    whose: Callable[[UUID, date], UUID | None] = (lambda mentor, day: mentor) if kind == "mentor" else through.on
    found: dict[UUID | None, hours.Four] = defaultdict(hours.Four)

    def add(mentor: UUID | None, day: date, **minutes: int) -> None:
        pk = whose(mentor, day) if mentor else None
        found[pk] = replace(found[pk], **{name: getattr(found[pk], name) + more for name, more in minutes.items()})

    for grant in hours.grants_in(staff, span).select_related("case").only("case__mentor_id", "minutes", "minutes_per", "start", "end", "decided_end"):
        add(grant.case.mentor_id, span.last, granted=minutes_in(grant, span))
    for mentor, day, delivered, confirmed in hours.contacts_in(staff, span).values_list("mentor", "day").annotate(**hours.sums()):
        add(mentor, day, delivered=delivered, confirmed=confirmed)
    lines = hours.lines_in(staff, span).values_list("contact__mentor", "contact__day").annotate(sum=Sum("approved_minutes"))
    fixed = hours.corrections(staff).filter(line__contact__day__range=(span.first, span.last))
    for mentor, day, minutes in [*lines, *fixed.values_list("line__contact__mentor", "line__contact__day").annotate(sum=Sum("minutes"))]:
        add(mentor, day, invoiced=minutes)
    return sorted((Group(pk, name, found[pk]) for pk, name in named if any(minutes for _key, minutes in found[pk].cells())), key=lambda each: each.name)

"""The list of cases: what a row says, how it is sorted, how it is paged. The same columns make the page and the export."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from snerydder.access import scope
from snerydder.access.models import Staff
from snerydder.casework.cases.models import Case
from snerydder.casework.cases.states import Stage
from snerydder.desks.selection import Selection, law_today
from snerydder.ui.formats import dato, timer

PER_PAGE = 50
WEEK = 7
SHOWN = (
    "number", "stage", "opened_on", "started_on", "closed_on", "grant_start", "grant_end", "minutes_granted", "minutes_used", "first_contact_on",
    "last_contact_on", "weeks_with_contact", "next_deadline", "follow_up_due", "agreement_complete", "citizen__first_name", "citizen__last_name",
    "citizen__protected", "mentor__staff__name", "caseworker__name", "unit__name",
)  # fmt: skip


def weeks_between(first: date, last: date) -> int:
    """Calendar weeks from the one of `first` to the one of `last`, both counted."""
    return (last.toordinal() - 1) // 7 - (first.toordinal() - 1) // 7 + 1


def weeks_without_contact(case: Any, day: date) -> int:
    """Weeks since the start minus the weeks that have a contact: moves with the calendar without anything being written."""
    if case.started_on is None:
        return 0
    return max(weeks_between(case.started_on, case.closed_on or day) - case.weeks_with_contact, 0)


def days_silent(case: Any, day: date) -> int | None:
    since = case.last_contact_on or case.started_on
    return (day - since).days if since and case.closed_on is None else None


def silence(case: Any, day: date) -> str:
    """Ingen kontakt i 9 dage; within a week rather that there was one: Kontakt for 3 dage siden."""
    days = days_silent(case, day)
    if days is None:
        return ""
    if case.last_contact_on is None:
        if days <= 0:
            return gettext("Begynder i dag")
        return ngettext("Ingen kontakt endnu, begyndte i går", "Ingen kontakt endnu, begyndte for %(days)s dage siden", days) % {"days": days}
    if days <= 1:
        return gettext("Kontakt i går") if days == 1 else gettext("Kontakt i dag")
    said = gettext("Kontakt for %(days)s dage siden") if days <= WEEK else gettext("Ingen kontakt i %(days)s dage")
    return said % {"days": days}


def silence_short(case: Any, day: date) -> Any:
    """The same for a narrow column: 9 dage, i går, aldrig (12 dage)."""
    days = days_silent(case, day)
    if days is None:
        return ""
    said = ngettext("%(days)s dag", "%(days)s dage", days) % {"days": days}
    if case.last_contact_on is None:
        said = gettext("aldrig (%(span)s)") % {"span": said}
    elif days <= 1:
        said = gettext("i går") if days == 1 else gettext("i dag")
    return format_html('<strong class="dk-silence">{}</strong>', said) if days > law_today().value("norm.silent_days") else said


@dataclass(frozen=True)
class Column:
    key: str
    heading: Any
    order: tuple[str, ...]
    cell: Callable[[Case, date], Any]  # on the page
    plain: Callable[[Case, date], Any]  # in a file: a number as a number, a date as a date
    align: str = "left"
    width: int = 16
    decimals: int | None = None
    before: tuple[str, ...] = ()  # what the rows are ordered by first, whichever way


def _link(case: Case, day: date) -> Any:
    href = reverse("desks:case", args=[case.pk])
    return format_html('<a href="{}">{}</a><span class="sn-hint">{}</span>', href, case.citizen.name, case.number)


def _name(row: Any) -> str:
    return row.name if row else ""


def _hours(case: Case, day: date) -> str:
    return timer(case.minutes_used, case.minutes_granted) if case.minutes_granted else ""


def _after(field: str) -> Callable[[Case, date], Any]:
    """A date that has gone by is red."""

    def cell(case: Case, day: date) -> Any:
        when = getattr(case, field)
        late = when and when < day and case.closed_on is None
        return format_html('<span class="dk-stop-text">{}</span>', dato(when, "kort")) if late else dato(when, "kort")

    return cell


def _day(field: str) -> Callable[[Case, date], Any]:
    return lambda case, day: getattr(case, field)


def _stage(case: Case, day: date) -> str:
    return str(Stage(case.stage).label).capitalize()


COLUMNS: dict[str, Column] = {
    column.key: column
    for column in (
        Column("number", _("Sag"), ("number",), lambda c, d: c.number, lambda c, d: c.number, width=13),
        Column(
            "citizen", _("Borger"), ("citizen__sort_key", "number"), _link, lambda c, d: c.citizen.name, width=26, before=("citizen__protected",),
        ),
        Column("stage", _("Trin"), ("stage", "number"), _stage, _stage),
        Column("unit", _("Enhed"), ("unit__name", "number"), lambda c, d: c.unit.name, lambda c, d: c.unit.name, width=20),
        Column(
            "caseworker", _("Sagsbehandler"), ("caseworker__sort_key", "number"), lambda c, d: _name(c.caseworker), lambda c, d: _name(c.caseworker),
            width=22,
        ),
        Column(
            "mentor", _("Mentor"), ("mentor__staff__sort_key", "number"), lambda c, d: _name(c.mentor), lambda c, d: _name(c.mentor),
            width=22,
        ),
        Column("contact", _("Seneste kontakt"), ("last_contact_on", "number"), silence_short, _day("last_contact_on"), width=14),
        Column("hours", _("Timer"), ("minutes_used", "number"), _hours, lambda c, d: c.minutes_used / 60, "right", decimals=2),
        Column("grant_end", _("Bevilget til"), ("grant_end", "number"), _after("grant_end"), _day("grant_end"), width=13),
        Column("deadline", _("Næste frist"), ("next_deadline", "number"), _after("next_deadline"), _day("next_deadline"), width=13),
    )
}  # fmt: skip

_FILE_ONLY = (
    Column("granted", _("Bevilgede timer"), (), lambda c, d: "", lambda c, d: c.minutes_granted / 60, decimals=2),
    Column("opened", _("Henvist"), (), lambda c, d: "", _day("opened_on"), width=13),
    Column("started", _("Begyndt"), (), lambda c, d: "", _day("started_on"), width=13),
    Column("closed", _("Afsluttet"), (), lambda c, d: "", _day("closed_on"), width=13),
    Column("first", _("Første kontakt"), (), lambda c, d: "", _day("first_contact_on"), width=13),
    Column("with", _("Uger med kontakt"), (), lambda c, d: "", lambda c, d: c.weeks_with_contact),
    Column("without", _("Uger uden kontakt"), (), lambda c, d: "", weeks_without_contact),
    Column("follow_up", _("Næste opfølgning"), (), lambda c, d: "", _day("follow_up_due"), width=13),
)
IN_FILE = (*COLUMNS.values(), *_FILE_ONLY)


def with_names(rows: QuerySet[Case]) -> QuerySet[Case]:
    """Only what a list shows: a page of fifty in one question."""
    return rows.select_related("citizen", "mentor__staff", "caseworker", "unit").only(*SHOWN)


def ordered(rows: QuerySet[Case], wish: str, default: Sequence[Any]) -> QuerySet[Case]:
    """`wish` is a column's key, with a minus for the other way. Empty cells come last either way, and
    protected names stand apart: their place in the alphabet would tell what they begin with."""
    column = COLUMNS.get(wish.removeprefix("-"))
    if column is None:
        return rows.order_by(*default)
    first, *rest = column.order
    back = wish.startswith("-")
    field = F(first).desc(nulls_last=True) if back else F(first).asc(nulls_last=True)
    return rows.order_by(*column.before, field, *rest)


def page_of(rows: QuerySet[Case], number: Any) -> Page:
    return Paginator(rows, PER_PAGE).get_page(number)


def table_columns(keys: Iterable[str]) -> list[dict[str, Any]]:
    shown = (COLUMNS[key] for key in keys)
    return [{"key": column.key, "text": column.heading, "align": column.align, "sort": bool(column.order)} for column in shown]


def table_rows(cases: Iterable[Case], keys: Sequence[str], day: date) -> list[dict[str, Any]]:
    """`id` and `name` are for the box that selects the row."""
    return [{"id": case.pk, "name": case.number, **{key: COLUMNS[key].cell(case, day) for key in keys}} for case in cases]


def listing(staff: Staff, selection: Selection, wish: str, number: Any, keys: Sequence[str]) -> dict[str, Any]:
    """All that the list's page shows. The look-up is written for the persons on this page, not on all the others."""
    law = law_today()
    rows = ordered(with_names(selection.rows(staff)), wish, selection.filter.order)
    page = page_of(rows, number)
    cases = list(page.object_list)
    scope.seen(staff, (case.citizen_id for case in cases), purpose=selection.text(law), page="desks:cases")
    return {
        "selection": selection, "text": selection.text(law), "hint": selection.hint(law), "page": page, "total": page.paginator.count,
        "columns": table_columns(keys), "rows": table_rows(cases, keys, law.day),
        "sort": (wish.removeprefix("-"), "down" if wish.startswith("-") else "up"),
        "sort_url": f"?{selection.query()}&sorter=", "page_url": f"?{selection.query(sorter=wish)}&side=",
        "file_url": f"?{selection.query(sorter=wish)}&format=",
    }  # fmt: skip

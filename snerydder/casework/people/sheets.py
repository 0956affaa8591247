"""The list of mentors as a file. No citizen is in it, so there is nobody to look up."""

from collections.abc import Iterable

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from snerydder.access.export import Column, respond
from snerydder.access.models import Staff
from snerydder.casework.people.models import Mentor
from snerydder.casework.people.queries import Capacity

COLUMNS = (
    Column(gettext_lazy("Navn"), lambda row: row[0].name, 26),
    Column(gettext_lazy("Type"), lambda row: row[0].get_kind_display(), 28),
    Column(gettext_lazy("Arbejdsgiver"), lambda row: row[0].employer, 22),
    Column(gettext_lazy("Enhed"), lambda row: row[0].staff.unit.name if row[0].staff.unit else "", 20),
    Column(gettext_lazy("Timer om ugen"), lambda row: row[0].hours_per_week, decimals=1),
    Column(gettext_lazy("Åbne sager"), lambda row: row[1].open_cases),
    Column(gettext_lazy("Sager på fuld tid"), lambda row: row[1].per_full_time, decimals=1),
    Column(gettext_lazy("Plads til"), lambda row: row[1].free),
    Column(gettext_lazy("Sprog"), lambda row: ", ".join(row[0].languages), 24),
    Column(gettext_lazy("Områder"), lambda row: ", ".join(row[0].areas), 24),
    Column(gettext_lazy("Telefon"), lambda row: row[0].staff.phone),
    Column(gettext_lazy("Mail"), lambda row: row[0].staff.email, 26),
    Column(Mentor._meta.get_field("active").verbose_name, lambda row: row[0].active),
)


def mentors(staff: Staff, rows: Iterable[tuple[Mentor, Capacity]], form: str) -> HttpResponse:
    return respond(staff, _("Mentorer"), COLUMNS, rows, form, persons=None, purpose=_("Mentorer"))

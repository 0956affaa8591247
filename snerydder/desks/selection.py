"""A named filter and whom it is about: what an address of the list of cases says, and what a number counts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from snerydder.access import scope
from snerydder.access.models import Staff
from snerydder.casework.cases.models import OPEN, Case
from snerydder.casework.cases.states import Stage
from snerydder.casework.checks import queries as checks
from snerydder.desks.filters import FILTERS, LEVELS, PAST, Filter
from snerydder.law import rulebook
from snerydder.law.rulebook import Law
from snerydder.ui.formats import dato

MINE = "mig"


def law_today() -> Law:
    return rulebook.on(timezone.localdate())


# The words of the address, which is Danish as all that a person can read.
WORDS = {"show": "vis", "stage": "trin", "mentor": "mentor", "caseworker": "sagsbehandler", "unit": "enhed", "whose": "hvem", "check": "kontrol", "day": "pr"}


@dataclass(frozen=True)
class Selection:
    show: str = "aabne"  # key of a filter
    mentor: UUID | None = None
    unit: UUID | None = None
    caseworker: UUID | None = None
    stage: str = ""
    whose: str = ""  # "mig": where I am the caseworker, or nobody in my unit is yet
    check: str = ""  # CHK-05: where this check says what the filter asks for
    day: date | None = None  # as it was at the end of that day, for the filters that know of it

    @classmethod
    def read(cls, given: Mapping[str, str]) -> "Selection":
        """From an address. What does not make sense there is left out, never an error page."""
        said = {name: given.get(word, "") for name, word in WORDS.items()}
        return cls(
            show=said["show"] if said["show"] in FILTERS else "aabne",
            mentor=as_uuid(said["mentor"]),
            unit=as_uuid(said["unit"]),
            caseworker=as_uuid(said["caseworker"]),
            stage=said["stage"] if said["stage"] in Stage.values else "",
            whose=MINE if said["whose"] == MINE else "",
            check=said["check"] if said["check"] in checks.ids() and said["show"] in LEVELS else "",
            day=_past(said["day"]) if said["show"] in PAST else None,
        )

    @property
    def filter(self) -> Filter:
        return FILTERS[self.show]

    def text(self, law: Law) -> Any:
        name = self.filter.text(law)
        return _("%(name)s den %(day)s") % {"name": name, "day": dato(self.day, "lang")} if self.day else name

    def hint(self, law: Law) -> Any:
        return f"{self.check}: {checks.promises()[self.check]}" if self.check else self.filter.hint(law)

    def where(self, staff: Staff, law: Law) -> Q:
        found = PAST[self.show](self.day) if self.day else self.filter.where(law)
        for path in ("mentor", "unit", "caseworker", "stage"):
            if value := getattr(self, path):
                found &= Q(**{path: value})
        if self.check:
            found &= Q(checks.says(LEVELS[self.show], self.check))
        if self.whose == MINE:
            unassigned = Q(caseworker__isnull=True, unit=staff.unit_id) if staff.unit_id else Q(pk__in=[])
            found &= Q(caseworker__in=scope.actors(staff)) | unassigned
        return found

    def rows(self, staff: Staff) -> QuerySet[Case]:
        return scope.rows(Case, staff).filter(self.where(staff, law_today()))

    @property
    def words(self) -> dict[str, Any]:
        """As the address says it."""
        return {word: value.isoformat() if isinstance(value, date) else value for word, value in ((word, getattr(self, name)) for name, word in WORDS.items())}

    def query(self, **more: Any) -> str:
        return urlencode({key: value for key, value in (self.words | more).items() if value})

    @property
    def href(self) -> str:
        return f"{_list()}?{self.query()}"


@lru_cache
def _list() -> str:
    """The address of the list: asked for hundreds of times on one page."""
    return reverse("desks:cases")


def as_uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


def _past(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day < timezone.localdate() else None


@dataclass(frozen=True)
class Number:
    """A count and the address of exactly the rows it counts."""

    count: int
    selection: Selection
    law: Law

    @property
    def href(self) -> str:
        return self.selection.href

    @property
    def text(self) -> Any:
        return self.selection.text(self.law)

    @property
    def hint(self) -> Any:
        return self.selection.hint(self.law)

    @property
    def tone(self) -> str:
        return self.selection.filter.tone


def count(staff: Staff, asked: Mapping[str, Selection]) -> dict[str, Number]:
    """All these numbers in one question, over the small index of open cases when they are all about open ones."""
    law = law_today()
    found = _ground(staff, asked.values()).aggregate(**_counts(staff, asked, law))
    return {name: Number(found[name], selection, law) for name, selection in asked.items()}


def tally(staff: Staff, by: str, asked: Mapping[str, Selection]) -> dict[Any, dict[str, int]]:
    """The same numbers for each mentor, unit or stage: {key: {name: count}}. One question."""
    law = law_today()
    found = _ground(staff, asked.values()).order_by().values(by).annotate(**_counts(staff, asked, law))
    return {row[by]: {name: row[name] for name in asked} for row in found}


def counted(staff: Staff, asked: Mapping[str, Selection]) -> dict[str, Count]:
    """The same numbers as columns of a question that is asked anyway."""
    return _counts(staff, asked, law_today())


def by_key(*keys: str, **about: Any) -> dict[str, Selection]:
    """Filters by their own keys, all about the same."""
    return {key: Selection(key, **about) for key in keys}


def _ground(staff: Staff, asked: Iterable[Selection]) -> QuerySet[Case]:
    rows = scope.rows(Case, staff)
    return rows.filter(OPEN) if all(selection.filter.open for selection in asked) else rows


def _counts(staff: Staff, asked: Mapping[str, Selection], law: Law) -> dict[str, Count]:
    return {name: Count("pk", filter=selection.where(staff, law)) for name, selection in asked.items()}

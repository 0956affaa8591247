"""The rules that point at a look-up. Each gives facts, never a score; what they mean is for a person to say.

A rule is a function from a month to hits and a sentence. Of the same person looking at the same citizen it gives one hit a month, so a
list stays as long as a reviewer can read. To add one: write the function, its sentence, and a story in tests/casework/lookups.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from snerydder.casework.lookups.reading import Look, Month

MANY = 20  # different citizens opened one by one
WITHIN = timedelta(hours=1)
NIGHT_BEGINS, NIGHT_ENDS = 22, 6
MOST_UNRELATED = 5  # of one employee in a month: the citizens looked at most often
TASK_PAGES = ("payments", "inspections", "lookups")  # what these show is the task itself: an invoice, a drawn case, a drawn look-up


@dataclass(frozen=True)
class Hit:
    look: Look
    citizen: UUID | None = None
    number: int = 0


@dataclass(frozen=True)
class Rule:
    key: str
    name: Any
    sentence: Any  # with %(number)s where the hit has one
    find: Callable[[Month], Iterator[Hit]]

    def words(self, number: int) -> str:
        return gettext(self.sentence) % {"number": number}


def _first_of_each(hits: Iterator[tuple[Look, UUID]]) -> Iterator[Hit]:
    """The first look-up of a person at a citizen; `number` says how often it happened that month."""
    times: Counter[tuple[UUID, UUID]] = Counter()
    first: dict[tuple[UUID, UUID], Look] = {}
    for look, citizen in hits:
        key = (look.staff, citizen)
        times[key] += 1
        first.setdefault(key, look)
    return (Hit(look, key[1], times[key]) for key, look in first.items())


def _same_name(month: Month) -> Iterator[Hit]:
    def alike(look: Look, citizen: UUID) -> bool:
        who, whom = month.staff.get(look.staff), month.citizens.get(citizen)
        return bool(who and whom and who.surnames & whom.surnames)

    return _first_of_each((look, citizen) for look, citizen in month.chosen if alike(look, citizen))


def _same_home(month: Month) -> Iterator[Hit]:
    def alike(look: Look, citizen: UUID) -> bool:
        who, whom = month.staff.get(look.staff), month.citizens.get(citizen)
        return bool(who and whom and who.address and who.address == whom.address)

    return _first_of_each((look, citizen) for look, citizen in month.chosen if alike(look, citizen))


def _colleague(month: Month) -> Iterator[Hit]:
    phones = Counter(person.phone for person in month.staff.values() if person.phone)
    names = {person.name for person in month.staff.values()}
    own = {phone for phone, times in phones.items() if times == 1}  # a switchboard is nobody's
    found = {pk for pk, person in month.citizens.items() if person.name in names or person.phone in own}
    return _first_of_each((look, citizen) for look, citizen in month.chosen if citizen in found)


def _is_free(month: Month, look: Look, citizen: UUID) -> bool:
    """Neither the page, a stand-in nor anything the person did explains the look-up."""
    return not (look.page.startswith(TASK_PAGES) or look.behalf_of or month.has_worked(look, citizen))


def _no_case(month: Month) -> Iterator[Hit]:
    return _first_of_each((look, citizen) for look, citizen in month.chosen if citizen not in month.with_case and _is_free(month, look, citizen))


def _no_task(month: Month) -> Iterator[Hit]:
    def unrelated(look: Look, citizen: UUID) -> bool:
        holds = look.staff in month.holders.get(citizen, ())
        inspects = citizen in month.inspected and month.roles.get(look.staff, frozenset()) & {"auditor", "leader"}
        return citizen in month.with_case and not holds and not inspects and _is_free(month, look, citizen)

    hits = sorted(_first_of_each((look, citizen) for look, citizen in month.chosen if unrelated(look, citizen)), key=lambda hit: -hit.number)
    taken: Counter[UUID] = Counter()
    for hit in hits:
        taken[hit.look.staff] += 1
        if taken[hit.look.staff] <= MOST_UNRELATED:
            yield hit


def _odd_hours(month: Month) -> Iterator[Hit]:
    """At night for everybody, in the weekend for all but mentors, who also meet people on Saturdays. One hit a person a day."""
    first: dict[tuple[UUID, Any], Look] = {}
    times: Counter[tuple[UUID, Any]] = Counter()
    for look in month.looks:
        night = look.at.hour >= NIGHT_BEGINS or look.at.hour < NIGHT_ENDS
        weekend = look.at.weekday() > 4 and "mentor" not in month.roles.get(look.staff, ())
        if night or weekend:
            key = (look.staff, look.at.date())
            first.setdefault(key, look)
            times[key] += 1
    return (Hit(look, None, times[key]) for key, look in first.items())


def _many(month: Month) -> Iterator[Hit]:
    """The first hour of a day in which somebody opened more than so many citizens one by one."""
    by_staff: dict[UUID, list[Look]] = {}
    for look in month.looks:
        if look.is_chosen:
            by_staff.setdefault(look.staff, []).append(look)
    for looks in by_staff.values():
        told, begin = None, 0
        seen: Counter[UUID] = Counter()
        for look in looks:
            seen.update(look.citizens)
            while looks[begin].at < look.at - WITHIN:
                seen.subtract(looks[begin].citizens)
                begin += 1
            if (found := sum(1 for times in seen.values() if times > 0)) > MANY and told != look.at.date():
                told = look.at.date()
                yield Hit(look, None, found)


def _protected(month: Month) -> Iterator[Hit]:
    return _first_of_each((look, citizen) for look, citizen in month.chosen if look.kind == "protected")


RULES = {
    rule.key: rule
    for rule in (
        Rule("same_name", _("Samme efternavn"), _("Borgeren har samme efternavn som medarbejderen."), _same_name),
        Rule("same_home", _("Samme adresse"), _("Borgeren bor på samme adresse som medarbejderen."), _same_home),
        Rule("colleague", _("Kollega"), _("Borgeren har samme navn eller telefonnummer som en medarbejder i kommunen."), _colleague),
        Rule("no_case", _("Ingen sag"), _("Borgeren har aldrig haft en sag om mentorstøtte, og medarbejderen har ikke skrevet noget om borgeren."), _no_case),
        Rule(
            "no_task", _("Ingen opgave i sagen"),
            _("Medarbejderen er hverken sagsbehandler, mentor eller stedfortræder i sagen og har ikke skrevet i den en måned før eller efter. Åbnet %(number)s gange."),
            _no_task,
        ),
        Rule("odd_hours", _("Nat eller weekend"), _("Om natten eller i weekenden. Opslag den dag uden for arbejdstid: %(number)s."), _odd_hours),
        Rule("many", _("Mange på kort tid"), _("%(number)s forskellige borgere er åbnet én for én på en time."), _many),
        Rule("protected", _("Navne- og adressebeskyttelse"), _("Beskyttet navn og adresse er vist. Set %(number)s gange i måneden."), _protected),
    )
}  # fmt: skip

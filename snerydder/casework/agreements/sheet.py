"""What the pages of an agreement show: its tasks with their qualifications, its three parties, what the law says of it."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from snerydder.access.models import Staff
from snerydder.access.permissions import Permission
from snerydder.audit.action import Refusal
from snerydder.casework.agreements import matching, queries
from snerydder.casework.agreements.facts import verdicts
from snerydder.casework.agreements.models import Acceptance, Agreement, Match, Veto
from snerydder.casework.agreements.paper import guidance
from snerydder.casework.agreements.states import Party
from snerydder.casework.cases.models import Case
from snerydder.casework.cases.states import Stage
from snerydder.casework.cases.verdicts import Shown, show
from snerydder.casework.grants.models import Grant
from snerydder.casework.people.models import Mentor
from snerydder.law import help_kinds
from snerydder.ui.formats import dato

SHOWN = 5  # mentors suggested; all the others can be chosen too

# Where a box has other ids than its name.
BOXES = {"start": "start-day", "end": "end-day", "minutes": "minutes-hours", "minutes_per": "minutes_per-option1", "mentor_name": "mentor_contact"}
ELSEWHERE = ("accepted_by",)  # said when the agreement has been read, not while it is written


@dataclass(frozen=True)
class TaskLine:
    key: str
    name: str
    icon: str
    how: str
    documents: tuple[str, ...]  # the qualifications that document it


def task_lines(mentor: Mentor, on: date, tasks: dict[str, str] | None = None) -> list[TaskLine]:
    """The tasks of an agreement, or every kind of help when `tasks` is not given, each with the mentor's documentation."""
    rows = [row for row in mentor.qualifications.all() if row.documented(on)]
    return [
        TaskLine(kind.key, _(kind.name), kind.icon, (tasks or {}).get(kind.key, ""), tuple(row.title for row in rows if kind.key in row.tasks))
        for kind in help_kinds()
        if tasks is None or kind.key in tasks
    ]


def tasks_of(agreement: Agreement) -> dict[str, str]:
    return {task.kind: task.text for task in agreement.tasks.all()}


@dataclass(frozen=True)
class PartyLine:
    party: str
    name: Any
    who: str
    said: Acceptance | None
    may: str  # "": nothing to do; "self": this person says yes here; "note": this person writes down how it was said


def parties(agreement: Agreement, case: Case, staff: Staff) -> list[PartyLine]:
    said = {row.party: row for row in agreement.acceptances.all()}
    who = {Party.CITIZEN: case.citizen.name, Party.MENTOR: agreement.mentor.name, Party.MUNICIPALITY: case.caseworker.name if case.caseworker else ""}
    return [PartyLine(party, Party(party).label, who[party], said.get(party), _may(party, agreement, staff)) for party in Party]


def _may(party: str, agreement: Agreement, staff: Staff) -> str:
    is_mentor = agreement.mentor.staff_id == staff.pk
    if not staff.may(Permission.ACCEPT_AGREEMENT):
        return ""
    if party == Party.MENTOR:
        return "self" if is_mentor else "note"
    if party == Party.MUNICIPALITY:
        return "" if is_mentor or staff.roles == ["mentor"] else "self" if "caseworker" in staff.roles else "note"
    return "note"


def checks(agreement: Agreement, case: Case, staff: Staff, on: date, *, editing: bool = False, **unsaved: Any) -> list[Shown]:
    """What the law says, stops first, each with a link to the box that mends it."""
    found = show(verdicts(agreement, on, **unsaved), case, "agreements:agreement")
    order = {"stop": 0, "warn": 1, "ok": 2}
    led = (_led(each, agreement, case, staff, editing) for each in found)
    return sorted((each for each in led if not (editing and each.field in ELSEWHERE)), key=lambda each: order[each.level])


def _led(shown: Shown, agreement: Agreement, case: Case, staff: Staff, editing: bool) -> Shown:
    if shown.level == "ok":
        return shown
    box = shown.field or shown.link.rpartition("id_")[2]
    if shown.check == "CHK-16":
        link = reverse("people:mentor", args=[agreement.mentor_id])
    elif shown.check == "CHK-31":
        link = reverse("agreements:match", args=[case.pk]) if staff.may(Permission.MATCH) else ""
    elif shown.check == "CHK-19":
        return shown if staff.may(Permission.ASSESS) else replace(shown, link="")
    elif box in ELSEWHERE:
        link = "#ja"
    else:
        page = "" if editing else reverse("agreements:write", args=[case.pk])
        link = f"{page}#id_{BOXES.get(box, box)}" if staff.may(Permission.WRITE_AGREEMENT) else ""
    return replace(shown, link=link, field=box)


def now_line(agreement: Agreement | None, lines: list[PartyLine]) -> str:
    """What is next, in one sentence."""
    if agreement is None:
        return _("Der er ingen aftale endnu.")
    if agreement.state == "active":
        return _("Aftalen er i gang.")
    if agreement.state == "agreed":
        if agreement.start > timezone.localdate():
            return _("Alle tre har sagt ja. Støtten kan begynde %(day)s.") % {"day": dato(agreement.start, "lang")}
        return _("Alle tre har sagt ja. Støtten kan begynde.")
    waiting = [str(line.name) for line in lines if line.said is None]
    parties = _(" og ").join([", ".join(waiting[:-1]), waiting[-1]]) if len(waiting) > 1 else "".join(waiting)
    return _("Aftalen venter på ja fra %(parties)s.") % {"parties": parties}


@dataclass(frozen=True)
class MatchPage:
    weighed: list[matching.Suggestion]
    shown: int
    tasks: list[str]
    referral: Any
    chosen: Match | None
    vetoes: list[Veto]
    may_choose: bool

    @property
    def suggestions(self) -> list[matching.Suggestion]:
        return self.weighed[: self.shown]

    @property
    def wish(self) -> str:
        return self.chosen.citizen_wish if self.chosen else ""

    def as_data(self) -> list[dict[str, Any]]:
        return [each.as_data() for each in self.suggestions]


def match_page(case: Case, tasks: list[str]) -> MatchPage:
    return MatchPage(
        matching.weigh_all(case, tasks), SHOWN, tasks, case.referrals.first(), queries.chosen(case), queries.vetoes_of(case),
        case.stage in (Stage.GRANTED, Stage.MATCHED),
    )


@dataclass(frozen=True)
class AgreementPage:
    agreement: Agreement | None
    others: list[Agreement]
    parties: list[PartyLine]
    tasks: list[TaskLine]
    checks: list[Shown]
    now: str
    may_write: bool
    may_start: bool
    may_replace: bool

    @property
    def being_made(self) -> bool:
        return self.agreement is not None and self.agreement.state in queries.COMING

    @property
    def runs(self) -> bool:
        return self.agreement is not None and self.agreement.state == "active"

    @property
    def can_start(self) -> bool:
        """The day has come, or passed: a start is noted on the day it happens."""
        shown = self.agreement
        return self.may_start and shown is not None and shown.state == "agreed" and shown.start <= timezone.localdate()

    @property
    def stops(self) -> bool:
        return any(each.stops for each in self.checks)


def agreement_page(case: Case, staff: Staff, agreement: Agreement | None) -> AgreementPage:
    day = timezone.localdate()
    lines = parties(agreement, case, staff) if agreement else []
    others = [row for row in queries.agreements_of(case) if agreement is None or row.pk != agreement.pk]
    ends = agreement is None or agreement.state == "ended"
    return AgreementPage(
        agreement, others, lines, task_lines(agreement.mentor, day, tasks_of(agreement)) if agreement else [],
        [] if agreement is None or ends else checks(agreement, case, staff, agreement.started_on or day), now_line(agreement, lines),
        staff.may(Permission.WRITE_AGREEMENT) and case.stage in (Stage.MATCHED, Stage.AGREED, Stage.ACTIVE), staff.may(Permission.START),
        staff.may(Permission.HAND_OVER) and case.mentor_id is not None and case.is_open,
    )


@dataclass(frozen=True)
class WritePage:
    agreement: Agreement  # as it stands, or as it would be if saved as proposed
    is_new: bool
    renews: Agreement | None
    initial: dict[str, Any]
    tasks: list[TaskLine]
    checks: list[Shown]

    def beside(self, box: str) -> list[Shown]:
        """What the law misses in one box. Nobody is blamed for what they have not had the chance to write."""
        return [] if self.is_new else [replace(each, link="") for each in self.checks if each.field == box and each.level != "ok"]


def write_page(case: Case, staff: Staff) -> WritePage | None:
    """The agreement to write on: the one being made, else a proposal from the grant, the mentor and the one that runs."""
    day = timezone.localdate()
    known = queries.coming(case)
    grant = known.grant if known else queries.grant_for(case, day)
    if case.mentor is None or grant is None or case.stage not in (Stage.MATCHED, Stage.AGREED, Stage.ACTIVE):
        return None
    before = queries.running(case)
    agreement = known or _proposed(case, grant, before, day)
    written = known or before
    tasks = tasks_of(written) if written else dict.fromkeys(matching.wanted_tasks(case), "")
    found = checks(agreement, case, staff, day, editing=True, **({} if known else {"tasks": list(tasks), "accepted": []}))
    boxes = ("goal", "mentor_contact", "start", "end", "minutes", "minutes_per", "own_car", "tries", "who_does_what", "beyond_usual", "no_usual_work")
    initial = {box: getattr(agreement, box) for box in boxes}
    initial |= {f"task_{kind}": True for kind in tasks} | {f"how_{kind}": how for kind, how in tasks.items()}
    return WritePage(agreement, known is None, before, initial, task_lines(agreement.mentor, day), found)


def _proposed(case: Case, grant: Grant, before: Agreement | None, day: date) -> Agreement:
    assert case.mentor is not None and grant.start and grant.end
    return Agreement(
        municipality_id=case.municipality_id, case=case, grant=grant, mentor=case.mentor, goal=before.goal if before else queries.goal_words(case),
        mentor_contact=case.mentor.contact, start=min(max(grant.start, day), grant.end), end=grant.end, minutes=grant.minutes,
        minutes_per=grant.minutes_per, complaint_guidance=guidance(grant, day), own_car=before.own_car if before else case.mentor.has_car,
        tries=before.tries if before else 3, who_does_what=before.who_does_what if before else case.municipality.rules_of_the_game,
        beyond_usual=before.beyond_usual if before else "", no_usual_work=bool(before and before.no_usual_work), edition=0,
    )


def nothing_to_write(case: Case) -> Refusal:
    if case.mentor_id is None:
        return Refusal(_("Aftalen kan skrives, når der er valgt en mentor."), mend=_("Vælg mentor først."))
    return Refusal(_("Der er ingen bevilling at skrive aftale om."), mend=_("Se på sagen, hvad der mangler."))


def first_problem(form: Any) -> Refusal:
    for errors in form.errors.as_data().values():
        for error in errors:
            problem = getattr(error, "problem", None)
            return problem if problem else Refusal(" ".join(error.messages))
    return Refusal(_("Det lykkedes ikke."))


def case_rows(cases: list[Case]) -> list[dict[str, Any]]:
    return [
        {"number": case.number, "citizen": case.citizen.name, "mentor": case.mentor.name if case.mentor else "", "stage": Stage(case.stage).label}
        for case in cases
    ]


def replaced(count: int, name: str) -> str:
    said = ngettext("%(count)d sag har fået %(name)s som mentor.", "%(count)d sager har fået %(name)s som mentor.", count)
    return said % {"count": count, "name": name} + " " + _("Skriv en ny aftale i hver.")


def uuids(texts: Iterable[str]) -> list[UUID]:
    """What is not an id is left out: a list that was tampered with never is an error page."""
    found = []
    for text in texts:
        with suppress(ValueError):
            found.append(UUID(text))
    return found

"""Sager i gang: one line, one running case, taken over as it was. The law of its own day is asked, and what it says is shown."""

from datetime import date
from functools import partial
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from snerydder.access.models import Staff
from snerydder.casework.agreements import actions as agreements
from snerydder.casework.agreements import adoption as agreements_adoption
from snerydder.casework.cases import actions as cases
from snerydder.casework.cases import adoption as cases_adoption
from snerydder.casework.cases.models import Case
from snerydder.casework.cases.verdicts import say
from snerydder.casework.grants import adoption as grants_adoption
from snerydder.casework.grants.models import Grant
from snerydder.casework.people.actions import register_citizen
from snerydder.exchange.csv import values
from snerydder.exchange.csv.columns import columns_of, words_for
from snerydder.exchange.csv.kinds import Book, Reader, Weighed, names
from snerydder.exchange.csv.kinds.citizens import group
from snerydder.law import Facts, Level, facts, judge
from snerydder.ui.formats import dato

COLUMNS = columns_of("cases")
OF_GRANT = (
    "hjemmel", "purpose_kind", "purpose", "minutes", "minutes_per", "counted_per", "hours_reason", "start", "end", "discharge_on", "admission_on",
)  # fmt: skip
SAME_GRANT = ("hjemmel", "start", "end", "minutes", "minutes_per")


def read(reader: Reader, book: Book) -> dict[str, Any]:
    found: dict[str, Any] = {"cpr": book.cpr(reader), **names(reader)}
    found |= {key: reader.get(key, partial(_word, key), "") for key in ("hjemmel", "purpose_kind", "counted_per")}
    found["counted_per"] = found["counted_per"] or "person"
    found |= {key: reader.get(key, values.written, "") for key in ("purpose", "hours_reason", "need", "decisive_reason", "goal", "citizen_says")}
    found |= {key: reader.get(key, _past) for key in ("started_on", "opened_on", "assessed_on", "decided_on", "agreed_on")}
    found |= {key: reader.get(key, values.day) for key in ("start", "end", "discharge_on", "admission_on")}
    found["target_group"] = reader.get("target_group", group, "")
    found["caseworker"] = reader.get("caseworker", lambda text: book.colleague(text, "caseworker"))
    found["mentor"] = reader.get("mentor", book.mentor)
    found["unit"] = reader.get("unit", book.unit)
    found["tasks"] = reader.get("tasks", _tasks, [])
    _hours(reader, found)
    _settle_dates(reader, found)
    return found


def _word(key: str, text: str) -> str:
    heading = next(column.heading for column in COLUMNS if column.key == key)
    return values.one_of(text, words_for(key), heading.lower())


def _past(text: str) -> date:
    found = values.day(text)
    if found > timezone.localdate():
        raise values.Unclear(_("”%(text)s” ligger i fremtiden.") % {"text": text})
    return found


def _tasks(text: str) -> list[str]:
    known = words_for("task")
    return list(dict.fromkeys(values.one_of(part, known, _("opgave")) for part in values.several(text)))


def _hours(reader: Reader, found: dict[str, Any]) -> None:
    week, total = reader.get("hours_week", values.minutes), reader.get("hours_total", values.minutes)
    found["minutes"], found["minutes_per"] = (week, "week") if week else (total or 0, "total")
    if week and total:
        reader.reasons.append(_("Der står både Timer om ugen og Timer i alt. Behold kun det ene."))
    elif not week and not total and not {"hours_week", "hours_total"} & reader.known.keys():
        reader.reasons.append(_("Timer om ugen mangler."))


def _settle_dates(reader: Reader, found: dict[str, Any]) -> None:
    """What is not told is taken to be the day of the next step, and said so; what cannot follow is refused."""
    start, end = found["start"], found["end"]
    if not (start and end):
        return
    if end < start:
        reader.reasons.append(_("Til ligger før Fra."))
    if found["decided_on"] is None:
        found["decided_on"] = min(start, timezone.localdate())
        reader.notes.append(_("Bevilget den er ikke oplyst. Vi bruger %(day)s.") % {"day": dato(found["decided_on"], "kort")})
    found["assessed_on"] = found["assessed_on"] or found["decided_on"]
    found["opened_on"] = found["opened_on"] or found["assessed_on"]
    if not found["opened_on"] <= found["assessed_on"]:
        reader.reasons.append(_("Vurderet den ligger før Henvist den."))
    if found["started_on"] and not start <= found["started_on"] <= end:
        reader.reasons.append(_("Startet den ligger uden for bevillingen."))
    if found["started_on"] and not found["mentor"] and not reader.known.get("mentor"):
        reader.reasons.append(_("Støtten er startet, men der står ingen mentor."))


def identity(found: dict[str, Any]) -> Any:
    return found["cpr"]


def compare(row: Weighed, book: Book) -> None:
    found = row.facts
    row.citizen = book.citizen(found["cpr"])
    if found["mentor"] and found["caseworker"] and found["mentor"].staff_id == found["caseworker"].pk:
        row.refuse(_("Mentor og sagsbehandler er den samme. Det skal være to forskellige personer (CHK-31)."))
    if row.citizen is None and not (found.get("first_name") and found.get("last_name")):
        row.refuse(_("Borgeren findes ikke i Snerydder. Importér borgerne først, eller tag fornavn og efternavn med."))
    if row.reasons:
        return
    running = _running(book).get(row.citizen.pk) if row.citizen else None
    if running is None:
        row.outcome = "new"
        if row.citizen is None:
            row.notes.append(_("Borgeren bliver oprettet."))
        _ask_the_law(row)
        return
    _compare_running(row, *running)


def _running(book: Book) -> dict[Any, tuple[Case, Grant | None]]:
    """Each known citizen's open case with its latest grant, asked for once."""
    if not hasattr(book, "running"):
        people = [citizen.pk for citizen in book.citizens.values()]
        open_cases = Case.objects.filter(citizen__in=people, closed_on__isnull=True).select_related("citizen", "caseworker", "mentor__staff", "unit")
        found: dict[Any, tuple[Case, Grant | None]] = {case.citizen_id: (case, None) for case in open_cases}
        for grant in Grant.objects.filter(case__in=[case for case, _none in found.values()], state="decided").select_related("case").order_by("start"):
            found[grant.case.citizen_id] = (found[grant.case.citizen_id][0], grant)
        book.running = found  # type: ignore[attr-defined]
    return book.running  # type: ignore[attr-defined,no-any-return]


def _compare_running(row: Weighed, case: Case, grant: Grant | None) -> None:
    found = row.facts
    row.known = case
    if grant is None or any(getattr(grant, key) != found[key] for key in SAME_GRANT):
        row.refuse(
            _("Borgeren har allerede sag %(number)s med en anden bevilling. En afgørelse rettes i sagen, ikke med en fil.") % {"number": case.number}
        )
        return
    if found["caseworker"].pk != case.caseworker_id:
        row.changes["caseworker"] = found["caseworker"]
        row.notes.append(_("Bliver overdraget til %(name)s.") % {"name": found["caseworker"].name})
    if found["mentor"] and found["mentor"].pk != case.mentor_id:
        if case.mentor_id is None:
            row.refuse(_("Sag %(number)s har ingen mentor endnu. Vælg mentor på sagen.") % {"number": case.number})
            return
        row.changes["mentor"] = found["mentor"]
        row.notes.append(_("Skifter mentor til %(name)s. Der skal skrives en ny aftale.") % {"name": found["mentor"].name})
    row.outcome = "changed" if row.changes else "same"


def _ask_the_law(row: Weighed) -> None:
    """Judged before anything is made, by the law of the day of the decision. It warns; it never stops what is in force."""
    found = row.facts
    known = Facts(
        case=facts.CaseFacts(target_group=found["target_group"], citizen_words=found["citizen_says"] or found["goal"]),
        assessment=facts.AssessmentFacts(
            assessment_on=found["assessed_on"], assessment_by=found["caseworker"].name, assessment_text=found["need"],
            decisive=bool(found["decisive_reason"]), decisive_text=found["decisive_reason"],
        ),
        grant=facts.GrantFacts(**{key: found[key] for key in OF_GRANT}, decided_on=found["decided_on"]),
    )
    problems = [verdict for verdict in judge("grant", known, found["decided_on"]) if verdict.level is not Level.OK]
    for verdict in problems:
        if verdict.level is Level.STOP:
            told = _("Ikke i orden efter reglerne %(day)s: %(what)s (%(source)s)")
            row.notes.append(told % {"day": dato(found["decided_on"], "kort"), "what": say(verdict.what), "source": verdict.citation_text})
        else:
            row.notes.append(_("Husk: %(what)s") % {"what": say(verdict.what)})
    if found["end"] < timezone.localdate():
        row.notes.append(_("Bevillingen er udløbet."))
    if found["started_on"] and found["agreed_on"] is None:
        row.notes.append(_("Aftalen er ikke underskrevet af alle tre."))


def take_in(row: Weighed, *, by: Staff, source: dict[str, Any]) -> tuple[Any, Any]:
    if row.known is not None:
        return _change(row, by)
    found = row.facts
    unit = found["unit"] or found["caseworker"].unit
    citizen = row.citizen or register_citizen(
        by=by, cpr=found["cpr"], first_name=found["first_name"], last_name=found["last_name"], unit=unit, target_group=found["target_group"]
    )
    assessment = cases_adoption.adopt(
        citizen, by=by, unit=unit, source=source,
        **{key: found[key] for key in ("caseworker", "opened_on", "assessed_on", "need", "decisive_reason", "target_group", "citizen_says")},
    )
    mentor = found["mentor"]
    grant = grants_adoption.adopt(
        assessment, by=by, decided_on=found["decided_on"], source=source, mentor_kind=mentor.kind if mentor else "municipal",
        **{key: found[key] for key in OF_GRANT},
    )
    if found["goal"]:
        cases.set_goal(assessment.case, by=by, text=found["goal"][:300], own_words=found["citizen_says"][:500], on=found["assessed_on"])
    if mentor:
        agreements_adoption.adopt(
            grant, by=by, mentor=mentor, source=source, **{key: found[key] for key in ("started_on", "agreed_on", "goal", "tasks")}
        )
    return assessment.case, assessment.case


def _change(row: Weighed, by: Staff) -> tuple[Any, Any]:
    reason = _("Importeret fra fil.")
    if "caseworker" in row.changes:
        cases.hand_over([row.known], by=by, caseworker=row.changes["caseworker"], reason=reason)
    if "mentor" in row.changes:
        agreements.replace_mentor([row.known], by=by, mentor=row.changes["mentor"], reason=reason)
    return row.known, row.known

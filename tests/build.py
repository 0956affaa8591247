"""Cases at each step, made by calling the verbs, never by inserting rows: no test stands on a state the product cannot reach."""

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from snerydder.casework.agreements import actions as agreements
from snerydder.casework.agreements.models import Agreement
from snerydder.casework.cases import actions as cases
from snerydder.casework.cases.models import Assessment, Case
from snerydder.casework.contacts import actions as contacts
from snerydder.casework.contacts.models import Contact
from snerydder.casework.grants import actions as grants
from snerydder.casework.grants.models import Grant
from snerydder.casework.people import actions as people
from snerydder.casework.people.models import Citizen
from tests.cast import Cast, fjordby

DAY = date(2026, 8, 3)  # a Monday


def citizen(cast: Cast, number: int, **details: Any) -> Citizen:
    """Another citizen; number 1-899."""
    values = {"first_name": "Borger", "last_name": f"Nummer{number}", "birth_year": 2000, "unit": cast.unit, "target_group": "6.5"} | details
    return people.register_citizen(by=cast.bente, cpr=f"010190-5{number:03d}", **values)


def referred(cast: Cast, person: Citizen | None = None, on: date = DAY, **details: Any) -> Case:
    values = {"need": "Kommer ikke op om morgenen og åbner ikke sin post.", "barriers": ["morning", "reading"], "citizen_says": "Jeg vil gerne i skole."}
    return cases.refer(person or cast.amina, by=cast.bente, on=on, **(values | details))


def assessed(cast: Cast, person: Citizen | None = None, on: date = DAY, **details: Any) -> tuple[Case, Assessment]:
    case = referred(cast, person, on)
    return case, assess_again(cast, case, on, **details)


def assess_again(cast: Cast, case: Case, on: date, **details: Any) -> Assessment:
    values = {
        "need": "Har brug for hjælp til at komme op og til at læse breve.", "decisive": True, "conclusion": "grant", "target_group": "6.5",
        "decisive_reason": "Uden en mentor kommer hun ikke til samtaler eller i uddannelse.",
    }
    return cases.assess(case, by=cast.bente, on=on, **(values | details))


def proposed(cast: Cast, person: Citizen | None = None, on: date = DAY, **details: Any) -> Grant:
    case, assessment = assessed(cast, person, on)
    return propose_for(cast, case, assessment, on, **details)


def propose_for(cast: Cast, case: Case, assessment: Assessment, on: date, **details: Any) -> Grant:
    values = {
        "hjemmel": "lab-167-1", "purpose_kind": "education", "purpose": "At begynde på og blive i en uddannelse.", "minutes": 120, "minutes_per": "week",
        "hours_reason": "To morgener om ugen og et ugentligt møde om breve.", "start": on + timedelta(days=7), "end": on + timedelta(days=180),
    }
    return grants.propose(case, by=cast.bente, assessment=assessment, on=on, **(values | details))


def granted(cast: Cast, person: Citizen | None = None, on: date = DAY, **details: Any) -> Grant:
    return grants.decide(proposed(cast, person, on, **details), by=cast.bente, on=on)


def matched(cast: Cast, person: Citizen | None = None, on: date = DAY) -> Case:
    return match(cast, granted(cast, person, on).case, on)


def match(cast: Cast, case: Case, on: date) -> Case:
    agreements.choose(case, by=cast.dorthe, mentor=cast.mentor, reason="Taler arabisk og kender havnen.", on=on)
    return Case.objects.select_related("citizen", "mentor__staff").get(pk=case.pk)


def written(cast: Cast, person: Citizen | None = None, on: date = DAY, **details: Any) -> Agreement:
    return write_for(cast, granted(cast, person, on).case, on, **details)


def write_for(cast: Cast, case: Case, on: date, **details: Any) -> Agreement:
    values = {"goal": "Jeg vil gerne i skole.", "tasks": [("wake", "To morgener om ugen"), ("letters", "")], "start": on + timedelta(days=7)}
    return agreements.write(match(cast, case, on), by=cast.dorthe, on=on, **(values | details))


def agreed(cast: Cast, person: Citizen | None = None, on: date = DAY, **details: Any) -> Agreement:
    return agree(cast, written(cast, person, on, **details), on)


def agree(cast: Cast, agreement: Agreement, on: date) -> Agreement:
    at = timezone.make_aware(datetime.combine(on, time(12)))
    agreements.accept(agreement, by=cast.carl, party="mentor", at=at)
    agreements.accept(agreement, by=cast.bente, party="municipality", at=at)
    agreements.accept(agreement, by=cast.dorthe, party="citizen", how="meeting", at=at)
    return Agreement.objects.select_related("case").get(pk=agreement.pk)


def active(cast: Cast, person: Citizen | None = None, on: date = DAY) -> Case:
    return fresh(start(cast, agreed(cast, person, on), on + timedelta(days=7)).case)


def start(cast: Cast, agreement: Agreement, on: date) -> Agreement:
    return agreements.start(agreement, by=cast.dorthe, on=on)


def cast_and_case() -> tuple[Cast, Case]:
    """A running case among the cast: Amina's, with Carl as her mentor."""
    cast = fjordby()
    return cast, active(cast)


def fresh(case: Case) -> Case:
    return Case.objects.select_related("citizen", "mentor__staff", "caseworker", "unit").get(pk=case.pk)


def contact(cast: Cast, case: Case, on: date, **details: Any) -> Contact:
    values = {"form": "met", "minutes": 60, "help": ["conversation"]}
    at = timezone.make_aware(datetime.combine(on, time(10)))
    return contacts.log(uuid4(), [case], by=cast.carl, at=at, **(values | details))[0]

"""A bulk verb writes what its single verb writes: two courses made one call at a time and made together, row for row."""

import json
from datetime import date, datetime, time, timedelta
from uuid import UUID, uuid4, uuid5

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from snerydder.access.models import Staff, Unit
from snerydder.access.tenancy import set_context
from snerydder.audit.models import Event, Outbox
from snerydder.casework.agreements import actions as agreements
from snerydder.casework.agreements import many as many_agreements
from snerydder.casework.agreements.models import Acceptance, Agreement, Match, Task
from snerydder.casework.cases import actions as cases
from snerydder.casework.cases import many as many_cases
from snerydder.casework.cases.models import Assessment, Case, Closing, FollowUp, Goal, Referral, StoredVerdict
from snerydder.casework.contacts import actions as contacts
from snerydder.casework.contacts.models import CaseWeek, Contact
from snerydder.casework.grants import actions as grants
from snerydder.casework.grants import many as many_grants
from snerydder.casework.grants.models import Grant, Letter
from snerydder.casework.people import actions as people
from snerydder.casework.people import many as many_people
from snerydder.casework.people.models import Citizen, Mentor
from snerydder.project.demo import names
from tests.build import fresh
from tests.cast import fjordby

pytestmark = pytest.mark.django_db
DAY = date(2025, 8, 4)
MODELS = (
    Citizen, Case, Referral, Assessment, Goal, Grant, Letter, Match, Agreement, Task, Acceptance, FollowUp, Closing, StoredVerdict, Contact, CaseWeek,
    Outbox, Event,
)  # fmt: skip
CLOCK = {"cpr_sealed", "written_at", "judged_at", "created_at", "at"}


def people_told(cast):
    return [
        {"cpr": f"0101{90 + number}-600{number}", "first_name": name, "last_name": "Prøve", "birth_year": 2004, "unit": cast.unit, "target_group": "6.5", "on": DAY,
         "languages": ["dansk"], "by": cast.bente}
        for number, name in enumerate(("Ask", "Bo"))
    ]  # fmt: skip


REFER = {"need": "Kommer ikke op.", "barriers": ["reading", "morning"], "citizen_says": "Jeg vil i skole."}
ASSESS = {"need": "Har brug for hjælp.", "decisive": True, "decisive_reason": "Ellers går det ikke.", "conclusion": "grant", "target_group": "6.5"}
GRANT = {"purpose_kind": "education", "purpose": "At begynde på hf.", "minutes": 120, "minutes_per": "week", "hours_reason": "To møder om ugen."}
WRITE = {"goal": "I skole", "tasks": [("wake", "kl. 7"), ("letters", "")]}
FOLLOW = {"text": "Det går fremad.", "decision": "go_on", "contacts_approved": True}
PROOF = "Kvittering fra Digital Post"
CLOSE = {"goal_result": "reached", "result_text": "Går i skole.", "follows": "education"}


def at(day):
    return timezone.make_aware(datetime.combine(day, time(12)))


def log(cast, case, entry, day, minutes):
    tried = contacts.rows_of(uuid5(entry, "tried"), [case], by=cast.carl, at=at(day - timedelta(days=2)), form="tried", minutes=0)
    again = contacts.rows_of(uuid5(entry, "again"), [case], by=cast.carl, at=at(day + timedelta(days=16)), form="phone", minutes=10)
    return [*tried, *contacts.rows_of(entry, [case], by=cast.carl, at=at(day), form="met", minutes=minutes, help=["wake"]), *again]


class Days:
    """When each step of course number `place` happens."""

    def __init__(self, place):
        self.refer = DAY + timedelta(days=place)
        self.assess, self.decide, self.match = self.refer + timedelta(days=5), self.refer + timedelta(days=7), self.refer + timedelta(days=9)
        self.start = self.refer + timedelta(days=14)
        self.end = self.start + timedelta(days=180)
        self.contact, self.follow = self.start + timedelta(days=3), self.start + timedelta(days=56)
        self.again = self.end - timedelta(days=10)
        self.start_again = self.end + timedelta(days=1)
        self.end_again = self.start_again + timedelta(days=170)
        self.close = self.start_again + timedelta(days=60)


ENTRIES = [uuid4() for _each in range(4)]


def one_at_a_time(cast):
    made = [people.register_citizen(**told) for told in people_told(cast)]
    days = [Days(place) for place in range(2)]
    found = [cases.refer(citizen, by=cast.bente, on=day.refer, **REFER) for citizen, day in zip(made, days, strict=True)]
    for case, day in zip(found, days, strict=True):
        assessment = cases.assess(case, by=cast.bente, on=day.assess, citizen_agrees=True, **ASSESS)
        grant = grants.propose(case, by=cast.bente, assessment=assessment, hjemmel="lab-167-1", start=day.start, end=day.end, on=day.decide, **GRANT)
        decided = grants.decide(grant, by=cast.bente, on=day.decide)
        grants.deliver(decided.letters.get(), by=cast.bente, on=day.decide, proof=PROOF)
        cases.set_goal(case, by=cast.bente, text="I skole", own_words="Jeg vil", on=day.decide)
        agreements.choose(case, by=cast.dorthe, mentor=cast.mentor, reason="God til det.", on=day.match)
        begin(cast, case, day.match, day.start)
    for place, (case, day) in enumerate(zip(found, days, strict=True)):
        contacts.log_many(log(cast, fresh(case), ENTRIES[place], day.contact, 45), by=cast.carl)
        cases.follow_up(case, by=cast.bente, on=day.follow, next_on=day.again, **FOLLOW)
        assessment = cases.assess(case, by=cast.bente, on=day.again, citizen_agrees=None, **ASSESS)
        told = {"hjemmel": "lab-167-1-new", "start": day.start_again, "end": day.end_again}
        grants.decide(grants.propose(case, by=cast.bente, assessment=assessment, on=day.again, **told, **GRANT), by=cast.bente, on=day.again)
        begin(cast, case, day.again, day.start_again)
        contacts.log_many(log(cast, fresh(case), ENTRIES[2 + place], day.start_again + timedelta(days=4), 60), by=cast.carl)
        cases.close(case, by=cast.bente, on=day.close, **CLOSE)


def begin(cast, case, written, start):
    agreement = agreements.write(fresh(case), by=cast.dorthe, start=start, on=written, **WRITE)
    for party, by, how in (("mentor", cast.carl, "on_screen"), ("municipality", cast.bente, "on_screen"), ("citizen", cast.dorthe, "meeting")):
        agreements.accept(agreement, by=by, party=party, how=how, at=at(written))
    agreement.refresh_from_db()
    agreements.start(agreement, by=cast.dorthe, on=start)


def together(cast):
    made = many_people.register_citizens(people_told(cast), by=cast.dorthe)
    days = [Days(place) for place in range(2)]
    found = many_cases.refer([(citizen, {"by": cast.bente, "on": day.refer} | REFER) for citizen, day in zip(made, days, strict=True)], by=cast.dorthe)
    pairs = list(zip(found, days, strict=True))
    assessed = many_cases.assess([(case, {"by": cast.bente, "on": day.assess, "citizen_agrees": True} | ASSESS) for case, day in pairs], by=cast.dorthe)
    told = [GRANT | {"by": cast.bente, "hjemmel": "lab-167-1", "start": day.start, "end": day.end, "on": day.decide} for day in days]
    first = many_grants.propose(list(zip(assessed, told, strict=True)), by=cast.dorthe)
    many_grants.decide([(row, {"by": cast.bente, "on": day.decide}) for row, day in zip(first, days, strict=True)], by=cast.dorthe)
    many_grants.deliver([(row, {"by": cast.bente, "on": day.decide, "proof": PROOF}) for row, day in zip(first, days, strict=True)], by=cast.dorthe)
    many_cases.set_goal([(case, {"by": cast.bente, "text": "I skole", "own_words": "Jeg vil", "on": day.decide}) for case, day in pairs], by=cast.dorthe)
    many_agreements.choose([(case, {"mentor": cast.mentor, "reason": "God til det.", "on": day.match}) for case, day in pairs], by=cast.dorthe)
    begin_together(cast, [(row, day.match, day.start) for row, day in zip(first, days, strict=True)])
    contacts.log_many([row for place, (case, day) in enumerate(pairs) for row in log(cast, case, ENTRIES[place], day.contact, 45)], by=cast.carl)
    many_cases.follow_up([(case, {"by": cast.bente, "on": day.follow, "next_on": day.again} | FOLLOW) for case, day in pairs], by=cast.dorthe)
    assessed = many_cases.assess([(case, {"by": cast.bente, "on": day.again} | ASSESS) for case, day in pairs], by=cast.dorthe)
    told = [GRANT | {"by": cast.bente, "hjemmel": "lab-167-1-new", "start": day.start_again, "end": day.end_again, "on": day.again} for day in days]
    second = many_grants.propose(list(zip(assessed, told, strict=True)), by=cast.dorthe)
    many_grants.decide([(row, {"by": cast.bente, "on": day.again}) for row, day in zip(second, days, strict=True)], by=cast.dorthe)
    begin_together(cast, [(row, day.again, day.start_again) for row, day in zip(second, days, strict=True)])
    later = [row for place, (case, day) in enumerate(pairs) for row in log(cast, case, ENTRIES[2 + place], day.start_again + timedelta(days=4), 60)]
    contacts.log_many(later, by=cast.carl)
    many_cases.close([(case, {"by": cast.bente, "on": day.close} | CLOSE) for case, day in pairs], by=cast.dorthe)


def begin_together(cast, rows):
    written = many_agreements.write([(grant, {"start": start, "on": day} | WRITE) for grant, day, start in rows], by=cast.dorthe)
    parties = (("mentor", cast.carl, "on_screen"), ("municipality", cast.bente, "on_screen"), ("citizen", cast.dorthe, "meeting"))
    many_agreements.accept(
        [(row, {"by": by, "party": party, "how": how, "at": at(day)}) for row, (_g, day, _s) in zip(written, rows, strict=True) for party, by, how in parties],
        by=cast.dorthe,
    )
    many_agreements.start([(row, {"on": start}) for row, (_g, _d, start) in zip(written, rows, strict=True)], by=cast.dorthe)


def photograph(build):
    """Every row that was made, with ids replaced by what the row is about, in an order that does not hang on when it was made."""
    with transaction.atomic():
        cast = fjordby()
        known = {str(row.pk) for model in MODELS if model is not Event for row in model.objects.all()}
        build(cast)
        set_context(cast.municipality)
        labels = {str(row.pk): f"<{row.name}>" for row in (*Staff.objects.all(), *Mentor.objects.select_related("staff"), *Unit.objects.all())}
        numbers = {row.pk: row.number for row in Case.objects.all()}
        rows = {}
        for model in MODELS:
            for row in model.objects.all().values():
                if str(row["id"]) not in known and (model is not Event or row["case_id"]):
                    rows.setdefault(model.__name__, []).append(row)
        for name, found in rows.items():
            for row in found:
                labels[str(row["id"])] = f"<{name} of {numbers.get(row.get('case_id'), row.get('number') or row.get('first_name', ''))}>"
        picture = {name: sorted(json.dumps(_plain(row, labels), sort_keys=True, default=str) for row in found) for name, found in rows.items()}
        transaction.set_rollback(True)
    return picture


def _plain(value, labels):
    if isinstance(value, dict):
        return {key: _plain(item, labels) for key, item in value.items() if key not in CLOCK and not (key == "id" and isinstance(item, int))}
    if isinstance(value, list):
        return [_plain(item, labels) for item in value]
    if isinstance(value, UUID | str) and str(value) in labels:
        return labels[str(value)]
    return value.hex() if isinstance(value, bytes | memoryview) else value


def test_made_together_is_made_the_same():
    single, bulk = photograph(one_at_a_time), photograph(together)
    assert single.keys() == bulk.keys() and len(single["Event"]) > 40 and len(single["StoredVerdict"]) > 50
    for name in single:
        assert single[name] == bulk[name], name


def test_many_ask_no_more_than_two():
    """None is asked for each: six courses cost the questions that two cost."""

    def asked(count):
        with transaction.atomic():
            cast = fjordby()
            people_many = [{"cpr": names.cpr(number), "first_name": "Ask", "last_name": "Prøve", "unit": cast.unit, "on": DAY} for number in range(count)]
            citizens = many_people.register_citizens(people_many, by=cast.bente)
            with CaptureQueriesContext(connection) as queries:
                found = many_cases.refer([(citizen, {"on": DAY} | REFER) for citizen in citizens], by=cast.bente)
                assessed = many_cases.assess([(case, {"on": DAY} | ASSESS) for case in found], by=cast.bente)
                told = GRANT | {"hjemmel": "lab-167-1", "start": DAY, "end": DAY + timedelta(days=150), "on": DAY}
                rows = many_grants.propose([(assessment, told) for assessment in assessed], by=cast.bente)
                many_grants.decide([(row, {"on": DAY}) for row in rows], by=cast.bente)
            transaction.set_rollback(True)
        return len(queries)

    assert asked(2) == asked(6)


def test_what_the_law_stops_is_stopped_for_many():
    from snerydder.audit.action import Refusal

    cast = fjordby()
    citizen = many_people.register_citizens(people_told(cast)[:1], by=cast.bente)[0]
    case = many_cases.refer([(citizen, {"on": DAY} | REFER)], by=cast.bente)[0]
    assessment = many_cases.assess([(case, {"on": DAY} | ASSESS)], by=cast.bente)[0]
    told = GRANT | {"hjemmel": "lab-167-1", "start": DAY, "end": DAY + timedelta(days=300), "on": DAY}
    grant = many_grants.propose([(assessment, told)], by=cast.bente)[0]
    with pytest.raises(Refusal, match="6 måneder"):
        many_grants.decide([(grant, {"on": DAY})], by=cast.bente)
    assert not Letter.objects.exists()

"""A municipality with something in every table, made through the verbs, and the things in it by name."""

from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

from django.test import override_settings
from django.utils import timezone

from snerydder.access import actions as access
from snerydder.access import scope
from snerydder.access.models import Staff
from snerydder.access.tenancy import set_context
from snerydder.audit.models import Lookup, Outbox
from snerydder.casework.agreements import actions as agreements
from snerydder.casework.agreements.models import Acceptance
from snerydder.casework.cases import actions as cases
from snerydder.casework.cases import drafts
from snerydder.casework.checks import nightly
from snerydder.casework.complaints import actions as complaints
from snerydder.casework.contacts import actions as contacts
from snerydder.casework.contacts.models import NightCount
from snerydder.casework.grants import hearings
from snerydder.casework.grants.models import Letter
from snerydder.casework.inspections import actions as inspections
from snerydder.casework.inspections import mending
from snerydder.casework.inspections.across import calling
from snerydder.casework.inspections.population import Wanted
from snerydder.casework.lookups import actions as lookups
from snerydder.casework.lookups.models import PickedLookup, month_of
from snerydder.casework.payments import actions as payments
from snerydder.casework.payments import budget, correcting, invoicing, suppliers
from snerydder.casework.payments.models import TimeSheet
from snerydder.casework.payments.weighing import Asked
from snerydder.casework.people import actions as people
from snerydder.casework.people.models import Citizen
from snerydder.casework.questions import actions as questions
from snerydder.casework.surveys import actions as surveys
from snerydder.casework.trials import delivery
from snerydder.casework.trials.shown import Row, beside_earlier
from snerydder.evaluation import actions as evaluation
from snerydder.evaluation import store, worker
from snerydder.evaluation.models import Part
from snerydder.exchange.csv import actions as imports
from snerydder.exchange.research import actions as research
from snerydder.exchange.research.models import AnswerFile
from tests import build, small_study
from tests.build import DAY
from tests.casework.trials import made as trials
from tests.cast import Cast, fjordby

CSV = "CPR-nummer;Fornavn;Efternavn;Enhed\r\n010190-5899;Ny;Borger;Ungeteamet\r\n".encode("cp1252")
PDF = b"%PDF-1.7\n%%EOF\n"


@dataclass
class Filled:
    cast: Cast
    things: dict[str, Any] = field(default_factory=dict)

    @property
    def staff(self) -> dict[str, Staff]:
        cast = self.cast
        return {
            "mentor": cast.carl, "caseworker": cast.bente, "coordinator": cast.dorthe, "leader": cast.henrik, "payer": cast.gitte,
            "auditor": cast.erik, "evaluator": cast.freja,
        }


def filled(number: int = 901, name: str = "Fjordby", suffix: str = "") -> Filled:
    """Runs inside a transaction; leaves the municipality's context set. The case in `things` is active, with everything a case may have."""
    cast = fjordby(number, name, suffix)
    town = Filled(cast)
    _people(town)
    _closed_case(town)
    _active_case(town)
    _surveys(town)
    _inspections(town)
    _evaluation(town)
    day = timezone.localdate()
    stand_in = access.let_stand_in(cast.henrik, cast.bente, by=cast.dorthe, start=day, end=day + timedelta(days=7))
    job = imports.read_in("borgere.csv", CSV, "citizens", by=cast.dorthe)
    entry = uuid4()
    contacts.save_draft(entry, {"note": "Under vejs"}, by=cast.carl)
    scope.seen(cast.bente, [cast.amina.pk], purpose="Test", page="test")
    _lookups(town)
    _money(town)
    _trials(town)
    town.things |= {"unit": cast.unit, "staff": cast.bente, "stand_in": stand_in, "entry": entry, "import": job, "account": cast.bente.account}
    return town


def _trials(town: Filled) -> None:
    """A draft, and a trial with a citizen on the second place: the first was opened before a copy was read in."""
    cast = town.cast
    with TemporaryDirectory() as folder, override_settings(TRIAL_WITNESS=folder):
        trial = trials.running(cast)
        (Path(folder) / f"{trial.list_hash}.log").write_text("alle\t1\tset\n")
        enrolment = trials.enrolled(cast, trial, 750)
    trials.amend(cast, trial)
    trials.joined(cast)
    beside_earlier(trial, {"lots": Row((5, 5))})
    NightCount.objects.create(municipality_id=cast.municipality, months=24, day=DAY, counted_at=timezone.now(), parts={})
    delivery.depart(enrolment, by=cast.bente, kind="right", hjemmel="lab-167-3", text="Er optaget på SOSU.", on=enrolment.enrolled_on)
    package = town.things["package"] = research.ask(trial, by=cast.freja, receiver="Evaluator", purpose="Virker det?")
    town.things["answer_file"] = AnswerFile.objects.create(municipality_id=cast.freja.municipality_id, package=package, number=1, file_name="svar.ods", columns=["glad"], persons=1, made_by=cast.freja)
    town.things |= {
        "trial": trial, "draft_trial": trials.draft(cast), "enrolment": enrolment, "screening": trials.screened(cast, trial, 751),
        "offer": delivery.offer(enrolment, by=cast.bente, on=enrolment.enrolled_on),
    }


def _money(town: Filled) -> None:
    """A month approved, an invoice paid and one that waits, a correction proposed, and a question to the citizen."""
    cast, case = town.cast, town.things["case"]
    contact = build.contact(cast, case, DAY + timedelta(days=35))
    payments.approve_sheet(cast.mentor, DAY, by=cast.carl)
    payments.approve_sheet(cast.mentor, contact.day, by=cast.carl)
    supplier = suppliers.add_supplier("Havnens Mentorer ApS", "10000009", by=cast.gitte)
    engagement = suppliers.engage(supplier, cast.mentor, Decimal(450), DAY, by=cast.gitte)
    posting = suppliers.set_posting("6.5", "5.68.90.999", "none", DAY, by=cast.gitte)
    amount = budget.set_budget(DAY.year, Decimal(100_000), by=cast.gitte)
    line = Asked(1, contact.day, 60, Decimal(450), case.number)
    paid = invoicing.register(supplier, "1", contact.day, [line], by=cast.dorthe)
    invoicing.pay(invoicing.approve(paid, by=cast.gitte), by=cast.henrik)
    correction = correcting.propose_correction(paid.lines.get(), by=cast.gitte, minutes=-30, amount=Decimal(-225), reason="Prøve")
    waiting = invoicing.register(supplier, "2", contact.day, [line], by=cast.dorthe)
    drafts.keep(case, "vurdering", {"need": ["Halvt"]}, by=cast.bente)
    asked = payments.ask(contact, by=cast.bente, on=contact.day)
    said = payments.confirm(town.things["contact"], by=cast.bente, source="school", source_name="Skolen", answered="yes")
    asked_about = questions.ask("written_late", cast.carl, [town.things["contact"]], {"written": "2026-09-01", "number": 1, "days": 21}, named=cast.dorthe, by=questions.TheNight(cast.municipality))
    town.things |= {
        "question": asked_about, "asked_contact": asked_about.contacts.get(), "budget": amount, "supplier": supplier, "sheet_mentor": cast.mentor, "engagement": engagement, "posting": posting, "invoice": waiting, "invoice_line": waiting.lines.get(), "correction": correction,
        "confirmation_request": asked, "message": Outbox.objects.get(object_id=asked.pk), "confirmation": said, "time_sheet": TimeSheet.objects.filter(mentor=cast.mentor).first(),
    }


def _people(town: Filled) -> None:
    cast = town.cast
    other = people.welcome_mentor("Mogens Moe", by=cast.henrik, unit=cast.unit, kind="municipal", hours_per_week=10)
    qualification = people.add_qualification(cast.mentor, by=cast.dorthe, title="Kursus", tasks=["walk"], file_name="bevis.pdf", file_content=PDF)
    course = people.add_course(cast.mentor, by=cast.dorthe, title="Supervision", kind="supervision", held_on=DAY)
    town.things |= {"mentor": cast.mentor, "other_mentor": other, "qualification": qualification, "course": course}
    town.things["document"] = qualification.document


def _closed_case(town: Filled) -> None:
    cast = town.cast
    case = build.active(cast, build.citizen(cast, 700, first_name="Lukket"))
    build.contact(cast, case, DAY + timedelta(days=8))
    cases.follow_up(case, by=cast.bente, text="Det går godt.", decision="stop", citizen_took_part=True, on=DAY + timedelta(days=20))
    cases.close(
        build.fresh(case), by=cast.bente, goal_result="reached", result_text="Målet er nået, og hun går i skole.", follows="Uddannelse",
        on=DAY + timedelta(days=21),
    )
    town.things["closed_case"] = build.fresh(case)


def _surveys(town: Filled) -> None:
    """The mentor has answered the first round, and the citizen is asked."""
    case = build.fresh(town.things["case"])
    assert case.started_on
    due = case.started_on + timedelta(weeks=13)
    surveys.answer(case, by=town.cast.carl, voice="mentor", answers={"goal": 4}, on=due)
    surveys.ask(case, by=town.cast.dorthe, on=due)


def _active_case(town: Filled) -> None:
    cast = town.cast
    case = build.active(cast)
    agreements.veto(case, town.things["other_mentor"], by=cast.dorthe)
    goal = cases.set_goal(case, by=cast.bente, text="Stå op til skole")
    contact = build.contact(cast, case, DAY + timedelta(days=8))
    follow_up = cases.follow_up(build.fresh(case), by=cast.bente, text="Det går fremad.", decision="go_on", on=DAY + timedelta(days=30))
    case = build.fresh(case)
    letter = Letter.objects.filter(case=case).first()
    assert letter is not None
    complaint = complaints.register(letter, by=cast.bente, text="Jeg vil have flere timer.", received_on=DAY + timedelta(days=31))
    hearing = hearings.hear(
        case, by=cast.bente, about="stop", against="Du har ikke mødt mentor i to måneder.", deadline=DAY + timedelta(days=60), on=DAY + timedelta(days=40)
    )
    nightly.of_municipality(cast.municipality, DAY + timedelta(days=45))
    set_context(cast.municipality)
    case = build.fresh(case)
    town.things |= {
        "case": case, "citizen": Citizen.objects.get(pk=case.citizen_id), "goal": goal, "contact": contact, "contact_entry": contact.entry, "follow_up": follow_up, "letter": letter,
        "assessment": case.assessments.first(), "grant": case.grants.first(), "agreement": case.agreements.first(),
        "acceptance": Acceptance.objects.filter(agreement__case=case).first(), "veto": case.vetoes.first(), "referral": case.referrals.first(),
        "complaint": complaint, "hearing": hearing,
    }


def _inspections(town: Filled) -> None:
    cast, today = town.cast, timezone.localdate()
    wanted = Wanted(first=DAY - timedelta(days=30), last=DAY + timedelta(days=60), size=1)

    def freeze(title: str) -> Any:
        later = today + timedelta(days=28)
        return inspections.freeze(by=cast.erik, title=title, wanted=wanted, seed_source="Lotto", seed_day=today, answer_by=later)

    town.things["frozen_sample"], sample = freeze("Ikke udtrukket"), freeze("Udtrukket")
    for person in (cast.erik, cast.henrik):
        sample = inspections.type_number(sample, by=person, number="3 8 12 21 27 30 34")
    drawn = sample.drawn_cases.get()
    inspections.answer(sample, drawn, by=cast.erik, answers={"purpose": ("lacking", "Det er for kort.")})
    finding = mending.find(sample, by=cast.erik, text="Formålet er for kort.", line="purpose")
    measure = mending.plan(finding, by=cast.erik, text="Ny skabelon.", owner=cast.dorthe, due_on=today + timedelta(days=30))
    mending.keep_procedure("decision", by=cast.henrik, owner=cast.dorthe, where="Intranettet", valid_from=today, review_on=today + timedelta(days=365))
    round_ = calling.call(
        by=cast.erik, title="Runde", towns=[(cast.municipality, "Fjordby"), (990, "Nabokommunen")], first=DAY, last=today, size=2, each=2, seed_source="Lotto",
        seed_day=today, answer_by=today + timedelta(days=28),
    )  # fmt: skip
    town.things |= {"round": round_, "sample": sample, "drawn_case": drawn, "finding": finding, "measure": measure}


def _lookups(town: Filled) -> None:
    """A look-up of last month, its list frozen, one picked by a rule, and a code for the citizen."""
    cast, today = town.cast, timezone.localdate()
    late = timezone.localtime().replace(hour=23) - timedelta(days=today.day)
    row = Lookup(municipality_id=cast.municipality, staff_id=cast.carl.pk, purpose="Sagen", kind="page", page="desks:case", citizen_ids=[town.things["citizen"].pk])
    row.at = late
    row.save(force_insert=True)
    month = month_of(late.date())
    lookups.look_through(month, by=cast.henrik)
    sample = lookups.freeze(month, by=cast.erik, size=1, seed_source="Lotto", seed_day=today)
    picked = PickedLookup.objects.get(lookup=row)
    town.things |= {"lookup_sample": sample, "picked_lookup": picked, "own_picked": picked, "lookup_code": lookups.give_code(town.things["citizen"], by=cast.bente)}


def _evaluation(town: Filled) -> None:
    """A study with a delivery in use and one run, whose report one has asked to let out."""
    freja = town.cast.freja
    study = evaluation.begin("En lille undersøgelse", small_study.PROTOCOL, by=freja)
    with TemporaryDirectory() as folder:
        delivery = evaluation.deliver(study, small_study.uploads(Path(folder)), by=freja)
    worker.main(["check", str(store.trial_of(delivery))])
    evaluation.use(delivery, by=freja)
    run = evaluation.run(study, by=freja)
    small_study.work(store.of_run(run))
    release = evaluation.ask_release(run, "Udvalget", by=freja)
    evaluation.amend(study, small_study.PROTOCOL.replace("week = 20", "week = 19"), "Uge 20 er efterårsferie.", by=freja)
    here = town.cast.municipality
    part = Part.objects.create(municipality_id=here, study=study, number=1, code=here, name="Fjordby", key="0" * 64, sha256="1" * 64, persons=20, manifest={}, made_by=freja)
    town.things |= {"study": study, "part": part, "delivery": delivery, "run": run, "release": release, "amendment": study.amendments.get()}

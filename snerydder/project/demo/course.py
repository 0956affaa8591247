"""One course of support, step by step through the product's own verbs, with dates counted back from today."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random
from typing import Any

from snerydder.access.models import Staff, Unit
from snerydder.casework.agreements import actions as agreements
from snerydder.casework.agreements import matching
from snerydder.casework.agreements.models import Agreement
from snerydder.casework.cases import actions as cases
from snerydder.casework.cases.models import Assessment, Case, Goal
from snerydder.casework.contacts import actions as contacts
from snerydder.casework.contacts.models import Contact
from snerydder.casework.grants import actions as grants
from snerydder.casework.grants import hearings
from snerydder.casework.grants.models import Grant
from snerydder.casework.people import actions as people
from snerydder.casework.people.models import Citizen, Mentor
from snerydder.law.months import last_day
from snerydder.project.demo import names
from snerydder.project.demo.days import moment, written
from snerydder.project.demo.ids import uuid_from
from snerydder.project.demo.place import Helper, Place, read

LENGTHS = {"met": (15, 30, 45, 60, 75, 90, 120), "phone": (10, 15, 20, 30), "sms": (5,), "tried": (0,)}


def weekday(day: date) -> date:
    """The day itself, or the Friday before."""
    return day - timedelta(days=max(0, day.weekday() - 4))


class Course:
    """What happens to one citizen. Each method is a step; the scenes put them together."""

    def __init__(self, place: Place, situation: dict[str, Any], today: date, rng: Random, citizen: Citizen | None = None, protected: bool = False):
        self.place, self.situation, self.today, self.rng = place, situation, today, rng
        low, high = situation["ages"]
        self.age: int = rng.randint(low + 1, high)
        self.hjemmel: str = situation["bases"][0]
        self.person = names.draw(rng, foreign=True if self.hjemmel == "il-23d" else None)
        self.protected = protected
        self.citizen = citizen
        self.steady = 0.85  # the share of weeks with contact
        self.in_vain = 0.12  # and of days with a try in vain beside
        self.takes_part = 0.85  # of the follow-ups
        self.exact = False  # every week exactly what is granted
        self.delivery = rng.choice((1.05, 1.0, 1.0, 0.95, 0.9, 0.6))  # of the granted hours
        self.unit = self._unit()
        self.caseworker: Staff = place.caseworker_of(self.unit, rng)
        self.group = rng.choice(situation["groups"])
        self.helper: Helper | None = None
        self.case: Case
        self.goal: Goal
        self.assessment: Assessment
        self.grant: Grant
        self.agreement: Agreement
        self.notes = rng.sample(situation["notes"], len(situation["notes"]))

    # --- words and days ---
    def words(self, text: str) -> str:
        return text.format(**self.person.pronouns)

    def told(self, key: str) -> str:
        return self.words(self.situation[key])

    def day(self, ago: int) -> date:
        return weekday(self.today - timedelta(days=ago))

    def _unit(self) -> Unit:
        units = list(self.place.units.values())
        if self.hjemmel == "il-23d":
            return units[-1]
        return units[0] if self.age < 30 or len(units) == 1 else units[1]

    def fresh(self) -> Case:
        self.case = Case.objects.select_related("citizen", "mentor__staff", "caseworker", "unit").get(pk=self.case.pk)
        return self.case

    # --- before the support ---
    def register(self, day: date) -> Citizen:
        if self.citizen is None:
            self.place.citizens += 1
            phone = f"00 {self.rng.randint(10, 99)} {self.rng.randint(10, 99)} 00"
            self.citizen = people.register_citizen(
                by=self.caseworker, cpr=names.cpr(self.place.citizens), first_name=self.person.first, last_name=self.person.last, unit=self.unit,
                birth_year=self.today.year - self.age, target_group="" if self.group == "outside" else self.group,
                languages=self.person.languages, area=self.rng.choice(self.place.areas), phone=phone,
                address=names.address(self.rng, self.place.name), protected=self.protected,
                interpreter=self.person.languages[0] != "dansk", digital_post_exempt=self.rng.random() < 0.08, on=day,
            )
        return self.citizen

    def refer(self, ago: int) -> Course:
        day = self.day(ago)
        self.case = cases.refer(
            self.register(day), by=self.caseworker, need=self.told("need"), barriers=self.situation["barriers"], unit=self.unit,
            wished_start=day + timedelta(days=28), citizen_says=self.told("says"), on=day,
        )
        return self

    def assess(self, ago: int, *, again: bool = False) -> Course:
        self.assessment = cases.assess(
            self.case, by=self.caseworker, need=self.told("renewed" if again else "assessment"), decisive=True,
            decisive_reason=self.told("decisive"), conclusion="grant", target_group="" if self.group == "outside" else self.group,
            outside_section_6=self.group == "outside", on=self.day(ago),
            citizen_agrees=None if ago % 9 == 0 else True,  # some forgot to ask, and a check says so
        )
        return self

    def draft(self, ago: int, start: date, *, months: int = 6, again: bool = False, **more: Any) -> Course:
        situation = self.situation
        hjemmel = "lab-167-1-new" if again and self.hjemmel == "lab-167-1" else self.hjemmel
        helper = self.helper or self.choose_helper()
        values = {
            "purpose_kind": situation["purpose_kind"], "purpose": self.told("purpose"), "minutes": situation["minutes"], "minutes_per": "week",
            "hours_reason": self.told("hours_reason"), "start": start, "end": last_day(start, months), "mentor_kind": helper.mentor.kind,
        } | more  # fmt: skip
        self.grant = grants.propose(self.case, by=self.caseworker, assessment=self.assessment, hjemmel=hjemmel, on=self.day(ago), **values)
        return self

    def decide(self, ago: int) -> Course:
        self.grant = grants.decide(self.grant, by=self.caseworker, on=self.day(ago))
        if ago % 17:  # now and then nobody wrote down that the letter came
            self.deliver()
        self.goal = cases.set_goal(self.case, by=self.caseworker, text=self.told("goal"), own_words=self.told("own_words"), on=self.day(ago))
        return self

    def deliver(self) -> None:
        """The latest letter came: by Digital Post the same day, on paper some days later."""
        letter = self.case.letters.order_by("-dated", "-pk").first()
        on_paper = self.case.citizen.digital_post_exempt
        proof = read("phrases.toml")["on_paper" if on_paper else "by_digital_post"]
        grants.deliver(letter, by=self.caseworker, on=min(letter.dated + timedelta(days=4 if on_paper else 0), self.today), proof=proof)

    def hear(self, ago: int, about: str, answered: int) -> None:
        """The citizen hears what speaks against them, and answers."""
        phrases = read("phrases.toml")
        day = self.day(ago)
        row = hearings.hear(
            self.case, by=self.caseworker, about=about, against=phrases[f"against_{about}"], deadline=day + timedelta(days=14), on=day,
            grant=self.grant if about == "stop" else None,
        )
        hearings.answer(row, by=self.caseworker, answer=phrases[f"answer_{about}"], on=self.day(answered))

    # --- mentor and agreement ---
    def choose_helper(self, *, other_than: Helper | None = None) -> Helper:
        """The mentor with most room among those whose kind and language fit. A person would do it better; the product only suggests."""
        at_work = self.situation["key"] in ("flexjob", "apprentice")
        fitting = [helper for helper in self.place.helpers if helper is not other_than and (helper.mentor.kind == "company") == at_work]
        fitting = fitting or [helper for helper in self.place.helpers if helper is not other_than]
        foreign = [language for language in self.person.languages if language != "dansk"]
        self.helper = min(fitting, key=lambda helper: helper.fullness - 0.3 * bool(set(foreign) & set(helper.mentor.languages)))
        return self.helper

    def match(self, ago: int, *, wish: str | None = None) -> Course:
        helper = self.helper or self.choose_helper()
        phrases = read("phrases.toml")
        shown = [suggestion.as_data() for suggestion in matching.suggest(self.fresh(), on=self.day(ago), limit=3)]
        agreements.choose(
            self.case, by=self.place.coordinates, mentor=helper.mentor, reason=self.rng.choice(phrases["match_reasons"]), suggestions=shown,
            citizen_wish=self.rng.choice(phrases["citizen_wishes"]) if wish is None else wish, on=self.day(ago),
        )
        helper.courses += 1
        self.fresh()
        return self

    @property
    def mentor(self) -> Mentor:
        assert self.helper is not None
        return self.helper.mentor

    def write(self, ago: int, start: date) -> Course:
        kind = self.mentor.kind
        self.agreement = agreements.write(
            self.case, by=self.place.coordinates, goal=self.told("own_words"), tasks=self._tasks(),
            start=start, own_car=self.mentor.has_car and self.rng.random() < 0.5, who_does_what=read("phrases.toml")["who_does_what"],
            beyond_usual=read("phrases.toml")["beyond_usual"] if kind == "company" else "", no_usual_work=kind == "consultant", on=self.day(ago),
        )
        return self

    def _tasks(self) -> list[tuple[str, str]]:
        """Mostly what the mentor has papers for: now and then a task is agreed that is not documented yet, as life is."""
        assert self.helper is not None
        wanted = [(task, self.words(text)) for task, text in self.situation["tasks"]]
        return [task for task in wanted if task[0] in self.helper.documented or self.rng.random() < 0.15] or wanted

    def accept(self, ago: int, parties: Sequence[str] = ("mentor", "municipality", "citizen")) -> Course:
        at = moment(self.day(ago), 13, 10)
        for party in parties:
            by, how = {
                "mentor": (self.mentor.staff, "on_screen"), "municipality": (self.caseworker, "on_screen"),
                "citizen": (self.place.coordinates, "meeting"),
            }[party]  # fmt: skip
            agreements.accept(self.agreement, by=by, party=party, how=how, at=at)
        self.agreement.refresh_from_db()
        return self

    def start(self, on: date) -> Course:
        agreements.start(self.agreement, by=self.place.coordinates, on=on)
        if on.day % 11:  # and now and then nobody thought of Min Plan
            agreements.note_min_plan(self.agreement, by=self.place.coordinates, on=on)
        return self

    # --- while it runs ---
    def contacts(self, first: date, last: date, *, chance: float = 0.8) -> Course:
        """Contacts in most weeks of the time, about as many minutes as were granted, never today or later."""
        last = min(last, self.today - timedelta(days=1))
        rows: list[Contact] = []
        monday = first - timedelta(days=first.weekday())
        while monday <= last:
            if self.rng.random() < chance:
                rows += self._week(monday, first, last)
            monday += timedelta(days=7)
        if rows:
            contacts.log_many(written(rows), by=self.mentor.staff)
        return self

    def _week(self, monday: date, first: date, last: date) -> list[Contact]:
        if self.exact:
            tried = (self.contact(monday + timedelta(days=day), self.situation["minutes"], "met") for day in range(5) if first <= monday and monday + timedelta(days=day) <= last)
            return next((made for made in tried if made), [])
        left = self.situation["minutes"] * self.delivery / 0.85 * self.rng.uniform(0.75, 1.25)
        times = max(self.rng.choice((1, 1, 2, 2, 3)), round(left / 80))
        rows = []
        for done, day in enumerate(sorted(self.rng.sample(range(5), min(times, 5)))):
            when = monday + timedelta(days=day)
            share = left / (min(times, 5) - done)
            if first <= when <= last:
                if self.rng.random() < self.in_vain:
                    rows += self.contact(when, form="tried")
                elif self.rng.random() < 0.15:
                    rows += self.contact(when, form="sms")
                made = self.contact(when, share)
                rows += made
                share = made[0].minutes if made else 0
            left -= share
        return rows

    def contact(self, day: date, about: float = 60, form: str = "") -> list[Contact]:
        """One contact of about so many minutes, when the mentor has room for it that day."""
        assert self.helper is not None
        form = form or ("met" if about > 35 or self.rng.random() < 0.4 else "phone")
        minutes = int(about) if self.exact else min(LENGTHS[form], key=lambda length: abs(length - about))
        if self.helper.habit == "equal" and form != "tried":
            form, minutes = "met" if form == "sms" else form, 45
        tasks = [task for task, _text in self.situation["tasks"]]
        note = ""
        if form == "met" and self.notes and self.rng.random() < 0.7:
            note = self.words(self.notes[0])
            self.notes = [*self.notes[1:], self.notes[0]]
        at = self.helper.days.take(day, moment(day, self.rng.randint(8, 15), self.rng.choice((0, 15, 30, 45))), minutes)
        if at is None:
            return []
        return contacts.rows_of(
            uuid_from(self.rng), [self.case], by=self.mentor.staff, at=at, form=form, minutes=minutes, goal_id=self.goal.pk, note=note,
            help=[] if form == "tried" else self.rng.sample(tasks, min(len(tasks), self.rng.choice((1, 1, 2)))),
        )

    def follow_up(self, ago: int, *, next_in: int = 56, number: int = 0, decision: str = "go_on", change: str = "") -> Course:
        texts = self.situation["follow_ups"]
        cases.follow_up(
            self.case, by=self.caseworker, text=self.words(texts[number % len(texts)]), decision=decision, change=change, contacts_approved=True,
            citizen_took_part=self.rng.random() < self.takes_part, next_on=self.day(ago) + timedelta(days=next_in), on=self.day(ago),
        )
        return self

    def close(self, ago: int, result: str = "reached", after_care: bool = False) -> Course:
        phrases = read("phrases.toml")
        text = {"reached": self.told("closing"), "partly": phrases["partly"], "not": phrases["not_reached"]}[result]
        until = self.day(ago) + timedelta(days=91) if after_care else None
        cases.close(
            self.case, by=self.caseworker, goal_result=result, result_text=text, on=self.day(ago), after_care_until=until,
            follows=self.situation["follows"] if result == "reached" else "course", after_care=phrases["after_care"] if after_care else "",
        )
        if self.helper:
            self.helper.courses -= 1
        return self

"""A trial that several municipalities follow, each behind its own walls; every step in a transaction that ends. Only files go between them."""

import json
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile

from snerydder.access.tenancy import within
from snerydder.casework.cases.models import Case
from snerydder.casework.grants import actions as grants
from snerydder.casework.trials import delivery, drawing, joint, opening
from snerydder.casework.trials.models import Enrolment, Trial
from snerydder.exchange.research import actions as research
from tests import build
from tests.build import DAY
from tests.casework.trials import made
from tests.cast import FJORDBY, Cast, fjordby

NAMES = ("Fjordby", "Bakkeby", "Lyngø", "Skovby", "Havneby", "Mosby", "Engby", "Dalby", "Sandby", "Holmby", "Lundby", "Kærby", "Strandby")
OPENS, FIRST = DAY + timedelta(days=5), DAY + timedelta(days=6)


def meets(cast: Cast, case: Case, first: date = FIRST) -> None:
    """From grant to contacts, in the third week and the eighth after the draw."""
    grant = grants.decide(build.propose_for(cast, case, case.assessments.get(), first), by=cast.bente, on=first)
    agreement = build.start(cast, build.agree(cast, build.write_for(cast, grant.case, first), first), first + timedelta(days=7))
    for weeks in (3, 8):
        build.contact(cast, build.fresh(agreement.case), first + timedelta(weeks=weeks))


@dataclass
class Together:
    """The lead is the first."""

    towns: dict[int, Cast] = field(default_factory=dict)
    trials: dict[int, Trial] = field(default_factory=dict)

    @property
    def codes(self) -> list[int]:
        return list(self.towns)

    def begin(self, count: int, **plan: object) -> "Together":
        """The lead alone has locked it."""
        with within(FJORDBY):
            self.towns[FJORDBY] = fjordby()
            self.trials[FJORDBY] = made.locked(self.towns[FJORDBY], **{"municipalities": count, "secondary": (), "blocks": (2, 4)} | plan)
        return self

    def others_join(self, count: int) -> "Together":
        for code in range(FJORDBY + 1, FJORDBY + count):
            with within(code):
                self.towns[code] = fjordby(code, NAMES[code - FJORDBY], f"-{code}")
            self.join(code)
        return self

    def file(self) -> bytes:
        with within(FJORDBY):
            return json.dumps(joint.told(Trial.objects.get(pk=self.trials[FJORDBY].pk)), ensure_ascii=False).encode()

    def join(self, code: int) -> None:
        content = self.file()
        with within(code):
            name = NAMES[code - FJORDBY]
            own = {"legal_basis": f"LAB § 167, stk. 1. Besluttet i {name}.", "contact": f"Bo Bak, {name}, 00 00 00 41"}
            self.trials[code] = joint.join(joint.read(content), by=self.towns[code].henrik, on=DAY, **own)

    def draw(self, code: int) -> None:
        """Each with its own two secrets."""
        cast, trial = self.towns[code], self.trials[code]
        with within(code):
            trial = drawing.promise(trial, by=cast.henrik, secret=f"{code} kommunens egen hemmelighed", number_source="Lotto", number_day=OPENS, on=DAY)
            trial = drawing.promise(trial, by=cast.freja, secret=f"{code} evaluators egen hemmelighed", on=DAY)
            for person in (cast.henrik, cast.freja):
                trial = drawing.type_number(trial, by=person, number=made.NUMBER, on=OPENS)
        with within(code):
            self.trials[code] = drawing.seal_list(trial, by=cast.freja, on=OPENS)

    def enrol(self, code: int, persons: int, on: date | None = None) -> None:
        for number in range(1, persons + 1):
            with within(code):
                made.enrolled(self.towns[code], self.trials[code], number, on=on)

    def serve(self, code: int) -> None:
        """Whoever is offered says yes and meets a mentor."""
        cast = self.towns[code]
        with within(code):
            for row in Enrolment.objects.filter(trial=self.trials[code]).select_related("trial", "case"):
                if opening.arm_of(row) != "control":
                    delivery.answer(delivery.offer(row, by=cast.bente, on=FIRST), by=cast.bente, answer="accepted", on=FIRST)
                    meets(cast, row.case)

    def package(self, code: int) -> SimpleUploadedFile:
        """Asked for by the evaluator there, let out by the leader there."""
        cast = self.towns[code]
        with within(code):
            row = research.ask(self.trials[code], by=cast.freja, receiver="Evaluator i Fjordby Kommune", purpose="Virker det?")
            row = research.let_out(row, by=cast.henrik)
            return SimpleUploadedFile(f"forsoeg-{code}.zip", research.zipped(row))

"""The life of a case, drawn at random: a verb that may not follow is refused, one that may is done, and what must always hold does."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import Sum
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from snerydder.audit.action import Refusal
from snerydder.casework.agreements import actions as agreements
from snerydder.casework.cases import actions as cases
from snerydder.casework.cases.models import Assessment, Case, FollowUp
from snerydder.casework.contacts.models import Contact
from snerydder.casework.grants import actions as grants
from snerydder.casework.grants.models import Grant, Letter
from tests import build

BEGIN = date(2024, 1, 1)
BEFORE_START = {"referred", "assessed", "granted", "matched", "agreed"}
GIVEN = ["decided", "stopped"]


def machine(cast: Any, world: dict[str, int]) -> type[RuleBasedStateMachine]:
    class Life(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.savepoint = transaction.atomic()
            self.savepoint.__enter__()
            self.day, self.stage, self.case = BEGIN, "", None
            self.before_end = ""

        def teardown(self) -> None:
            transaction.set_rollback(True)
            self.savepoint.__exit__(None, None, None)

        def attempt(self, legal: bool, verb: Any, stage: str = "") -> bool:
            """Do it; it must succeed when it may and be refused when it may not."""
            try:
                with transaction.atomic():
                    verb()
            except Refusal as refusal:
                assert not legal, f"refused, though it may: {refusal}"
                return False
            assert legal, "done, though it may not"
            world["done"] += 1
            if stage and self.stage != stage:
                self.before_end, self.stage = self.stage, stage
            return True

        # --- what the model knows ---
        @property
        def open(self) -> bool:
            return self.stage not in ("", "closed", "refused", "cancelled")

        def free(self) -> Assessment | None:
            used = Grant.objects.filter(state__in=GIVEN).values("assessment")
            found = Assessment.objects.filter(case=self.case, withdrawn=False).exclude(pk__in=used)
            return found.select_related("case", "made_by").order_by("-made_on", "-pk").first()

        def given(self) -> list[Grant]:
            return list(Grant.objects.filter(case=self.case, state__in=GIVEN).select_related("case").order_by("start"))

        # --- the verbs ---
        @initialize(steps=st.integers(0, 4))
        def some_way_on(self, steps: int) -> None:
            """Begin at any stage, so that the draw is spent on what may go wrong there."""
            for _step in range(steps):
                self.onward()

        @rule(days=st.integers(1, 40))
        def onward(self, days: int = 1) -> None:
            """What usually comes next."""
            usual = {"referred": self.assess, "assessed": self.grant, "granted": self.begin, "active": self.contact_made}
            usual.get(self.stage, self.refer if not self.open else lambda: None)()
            self.day += timedelta(days=days)

        def contact_made(self) -> None:
            self.attempt(True, lambda: build.contact(cast, build.fresh(self.case), self.day))

        @rule()
        def refer(self) -> None:
            def verb() -> None:
                self.case = cases.refer(cast.amina, by=cast.bente, need="Behov", on=self.day)

            self.attempt(not self.open, verb, "referred")

        @rule()
        def assess(self) -> None:
            if self.case:
                stage = "assessed" if self.stage == "referred" else self.stage
                self.attempt(self.open, lambda: build.assess_again(cast, self.case, self.day), stage)

        @rule()
        def undo_assessment(self) -> None:
            row = self.free() if self.case else None
            if row:
                last = Assessment.objects.filter(case=self.case, withdrawn=False).count() == 1
                stage = "referred" if self.stage == "assessed" and last else self.stage
                self.attempt(self.open, lambda: cases.undo_assessment(row, by=cast.bente), stage)

        def period(self, start: date) -> dict[str, Any]:
            hjemmel = "lab-167-1-new" if self.given() else "lab-167-1"
            return {"start": start, "end": start + timedelta(days=120), "hjemmel": hjemmel}

        @rule()
        def grant(self) -> None:
            row = self.free() if self.case else None
            if row is None:
                return
            chain = self.given()
            start = max(self.day, chain[-1].end + timedelta(days=1)) if chain else self.day
            last = FollowUp.objects.filter(case=self.case, withdrawn=False).order_by("-held_on").first()
            seen = not chain or (last is not None and last.held_on >= chain[-1].start and row.made_on > chain[-1].start)
            stage = "granted" if self.stage == "assessed" else self.stage

            def verb() -> None:
                grants.decide(build.propose_for(cast, self.case, row, self.day, **self.period(start)), by=cast.bente, on=self.day)

            self.attempt(self.open and self.stage != "referred" and seen, verb, stage)

        @rule(back=st.integers(0, 200))
        def grant_over_another(self, back: int) -> None:
            row, chain = (self.free(), self.given()) if self.case else (None, [])
            if row and chain:
                start = max(chain[-1].end - timedelta(days=back), chain[0].start)

                def verb() -> None:
                    grants.decide(build.propose_for(cast, self.case, row, self.day, **self.period(start)), by=cast.bente, on=self.day)

                self.attempt(False, verb)

        @rule()
        def annul(self) -> None:
            chain = [grant for grant in self.given() if grant.state == "decided"] if self.case else []
            if chain:
                grant = chain[-1]
                agreed = grant.agreements.exclude(state__in=["draft", "ended"]).exists()
                back = self.stage == "granted" and len(self.given()) == 1
                self.attempt(not agreed, lambda: grants.annul(grant, by=cast.bente, reason="Fejl."), "assessed" if back else self.stage)

        @rule()
        def begin(self) -> None:
            """Choose, agree and start, as one."""
            if not self.case:
                return
            running = [grant for grant in self.given() if grant.state == "decided" and grant.start <= self.day <= grant.end]

            def verb() -> None:
                agreements.choose(self.case, by=cast.dorthe, mentor=cast.mentor, reason="Passer", on=self.day)
                written = agreements.write(build.fresh(self.case), by=cast.dorthe, goal="Mål", tasks=[("wake", "")], start=self.day, on=self.day)
                for who, party in ((cast.carl, "mentor"), (cast.bente, "municipality"), (cast.dorthe, "citizen")):
                    agreements.accept(written, by=who, party=party, how="meeting" if party == "citizen" else "on_screen")
                written.refresh_from_db()
                agreements.start(written, by=cast.dorthe, on=self.day)

            if running or self.stage != "granted":
                self.attempt(self.stage == "granted", verb, "active")

        @rule(minutes=st.integers(0, 240), form=st.sampled_from(["met", "phone", "tried"]))
        def contact(self, minutes: int, form: str) -> None:
            if self.stage == "active" and self.day >= build.fresh(self.case).started_on:
                self.attempt(True, lambda: build.contact(cast, build.fresh(self.case), self.day, minutes=minutes or 5, form=form))

        @rule(approve=st.booleans(), decision=st.sampled_from(["go_on", "stop"]))
        def follow_up(self, approve: bool, decision: str) -> None:
            if self.case:
                given = {"text": "Godt.", "decision": decision, "contacts_approved": approve, "on": self.day}
                self.attempt(self.stage == "active", lambda: cases.follow_up(self.case, by=cast.bente, **given))

        @rule()
        def withdraw_follow_up(self) -> None:
            row = FollowUp.objects.filter(case=self.case).select_related("case").order_by("-held_on").first() if self.case else None
            if row:
                self.attempt(not row.withdrawn, lambda: cases.withdraw_follow_up(row, by=cast.bente, reason="Fejl"))

        @rule(days=st.integers(0, 150))
        def stop(self, days: int) -> None:
            chain = self.given() if self.case else []
            if chain:
                grant, last = chain[-1], chain[-1].start + timedelta(days=days)
                legal = grant.state == "decided" and last <= grant.end
                self.attempt(legal, lambda: grants.stop(grant, by=cast.bente, reason="Borgeren flytter nu.", last_day=last, heard="agrees", on=self.day))

        @rule()
        def refuse(self) -> None:
            row = self.free() if self.case else None
            if row:
                legal = self.stage in ("assessed", "active")
                stage = "refused" if self.stage == "assessed" else self.stage
                self.attempt(legal, lambda: grants.refuse(row, by=cast.bente, reason="Der er hjælp nok i forvejen.", heard="agrees", on=self.day), stage)

        @rule()
        def close(self) -> None:
            if self.case:
                given = {"goal_result": "partly", "result_text": "Noget.", "follows": "other", "on": self.day}
                self.attempt(self.stage in ("granted", "matched", "agreed", "active"), lambda: cases.close(self.case, by=cast.bente, **given), "closed")

        @rule()
        def cancel(self) -> None:
            if self.case:
                self.attempt(self.stage in BEFORE_START, lambda: cases.cancel(self.case, by=cast.bente, reason="Flyttet.", on=self.day), "cancelled")

        @rule()
        def reopen(self) -> None:
            if self.case:
                stage = {"refused": "assessed", "cancelled": self.before_end, "closed": self.before_end}.get(self.stage, "")
                self.attempt(not self.open, lambda: cases.reopen(self.case, by=cast.bente, reason="Nyt.", on=self.day), stage)

        # --- what always holds ---
        @invariant()
        def the_row_says_what_the_rows_say(self) -> None:
            if self.case is None:
                return
            case = build.fresh(self.case)
            assert case.stage == self.stage and (case.closed_on is None) == self.open
            counted = Contact.objects.filter(case=case, withdrawn=False)
            everything = counted.aggregate(sum=Sum("minutes"))["sum"] or 0
            within = counted.filter(day__gte=case.grant_start, day__lte=case.period_end) if case.grant_start else Contact.objects.none()
            assert case.minutes_used == (within.aggregate(sum=Sum("counted_minutes"))["sum"] or 0) <= everything
            met = counted.exclude(form="tried")
            assert case.weeks_with_contact == met.values("week").distinct().count()
            chain = self.given()
            assert case.grant_end == (max(grant.end for grant in chain) if chain else None)
            assert case.minutes_granted in ({grant.total_minutes for grant in chain} or {0})
            assert case.closed_on is None or case.next_deadline is None, "an ended case waits for nobody"

        @invariant()
        def one_open_case_and_no_day_granted_twice(self) -> None:
            assert Case.objects.filter(citizen=cast.amina, closed_on__isnull=True).count() <= 1
            with connection.cursor() as cursor:
                cursor.execute(
                    'SELECT count(*) FROM grants_grant a JOIN grants_grant b ON a.case_id = b.case_id AND a.id < b.id AND a.start <= b."end"'
                    " AND b.start <= a.\"end\" WHERE a.state IN ('decided', 'stopped') AND b.state IN ('decided', 'stopped')"
                )
                assert cursor.fetchone() == (0,)

        @invariant()
        def every_decision_has_its_letter(self) -> None:
            kinds = list(Letter.objects.filter(withdrawn=False).values_list("kind", flat=True))
            decided, stopped = (Grant.objects.filter(state__in=states).count() for states in (GIVEN, ["stopped"]))
            assert (kinds.count("grant"), kinds.count("stop")) == (decided, stopped)

    return Life


@pytest.mark.django_db
def test_whatever_order_the_verbs_come_in(cast):
    world = {"done": 0}
    run_state_machine_as_test(
        machine(cast, world),
        settings=settings(
            max_examples=20, stateful_step_count=14, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None
        ),
    )
    assert world["done"] > 60, f"only {world['done']} verbs were done: the draw has gone lame"
    assert timezone.localdate().year == 2026

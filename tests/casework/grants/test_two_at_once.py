"""Two people at the same moment, each with their own connection: one does it, the other is told, and nothing is done twice."""

from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connections

from snerydder.access.models import Staff
from snerydder.access.tenancy import within
from snerydder.audit.action import Conflict, Refusal
from snerydder.casework.cases import actions as cases
from snerydder.casework.cases.models import Case
from snerydder.casework.grants import actions
from snerydder.casework.grants.models import Grant, Letter
from snerydder.casework.people import actions as people
from snerydder.casework.people.models import Citizen
from tests import build
from tests.build import DAY
from tests.cast import FJORDBY, fjordby


@pytest.fixture
def town(own_database: str) -> dict[str, Any]:
    """Committed, so that others see it: Amina assessed with a draft; the ids of what is in it."""
    with within(FJORDBY):
        cast = fjordby()
        draft = build.proposed(cast)
        return {
            "bente": cast.bente.pk, "dorthe": cast.dorthe.pk, "draft": draft.pk, "case": draft.case_id,
            "version": Case.objects.get().version, "other": build.citizen(cast, 1).pk,
        }  # fmt: skip


def at_once(*verbs: Callable[[], Any]) -> list[Any]:
    """What each came to, in the order given: what it returned, or how it was refused."""
    ready, results = Barrier(len(verbs)), [None] * len(verbs)

    def run(place: int, verb: Callable[[], Any]) -> None:
        try:
            with within(FJORDBY):
                ready.wait(timeout=120)
                results[place] = verb()
        except Refusal as refusal:
            results[place] = refusal
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=each) for each in enumerate(verbs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    assert not any(thread.is_alive() for thread in threads), "they wait for each other"
    return results


def decide(town: dict[str, Any], who: str) -> Callable[[], Any]:
    return lambda: actions.decide(
        Grant.objects.get(pk=town["draft"]), by=Staff.objects.get(pk=town[who]), on=DAY, version=town["version"]
    )  # fmt: skip


def test_of_two_deciders_one_decides_and_the_other_is_told_by_whom(town):
    results = at_once(decide(town, "bente"), decide(town, "dorthe"))
    refused = [each for each in results if isinstance(each, Refusal)]
    assert len(refused) == 1 and isinstance(refused[0], Conflict)
    winner = "Dorthe Dam" if results[0] is refused[0] else "Bente Bak"
    assert refused[0].what.startswith(f"{winner} har netop bevilget mentorstøtte (kl. ")
    with within(FJORDBY):
        assert Letter.objects.count() == 1 and Grant.objects.get().decided_by.name == winner


def test_deciding_while_the_assessment_is_undone_leaves_no_half_state(town):
    def undo() -> Any:
        grant = Grant.objects.select_related("assessment__case").get(pk=town["draft"])
        return cases.undo_assessment(grant.assessment, by=Staff.objects.get(pk=town["dorthe"]))

    results = at_once(decide(town, "bente"), undo)
    assert len([each for each in results if isinstance(each, Refusal)]) == 1, results
    with within(FJORDBY):
        case, grants = Case.objects.get(), list(Grant.objects.values_list("state", flat=True))
        assert (case.stage, grants) in (("granted", ["decided"]), ("referred", []))


def test_two_who_refer_the_same_citizen_open_one_case(town):
    def refer(who: str) -> Callable[[], Any]:
        return lambda: cases.refer(Citizen.objects.get(pk=town["other"]), by=Staff.objects.get(pk=town[who]), need="Har brug for hjælp.")

    results = at_once(refer("bente"), refer("dorthe"))
    refused = [each for each in results if isinstance(each, Refusal)]
    assert len(refused) == 1 and "allerede sag" in refused[0].what


def test_two_who_refer_different_citizens_get_two_numbers(town):
    with within(FJORDBY):
        cast_unit = Case.objects.get().unit
        bente = Staff.objects.get(pk=town["bente"])
        third = people.register_citizen(by=bente, cpr="010190-5777", first_name="Tredje", last_name="Borger", unit=cast_unit).pk

    def refer(citizen: Any) -> Callable[[], Any]:
        return lambda: cases.refer(Citizen.objects.get(pk=citizen), by=Staff.objects.get(pk=town["bente"]), need="Har brug for hjælp.", on=DAY)

    results = at_once(refer(town["other"]), refer(third))
    assert sorted(case.number for case in results) == ["2026-00002", "2026-00003"]

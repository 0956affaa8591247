"""Who can be drawn about: assessed, without a right, told, and once. The database says so, whoever asks."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from snerydder.access.tenancy import within
from snerydder.audit.action import Refusal
from snerydder.audit.models import Event
from snerydder.casework.cases import actions as cases
from snerydder.casework.grants.models import Grant
from snerydder.casework.trials import actions, delivery, drawing, intake, queries
from snerydder.casework.trials.models import RIGHTS, Enrolment, Offer, Screening, Trial
from snerydder.law import hjemler
from snerydder.law.bases import lab_167_2, lab_167_3
from tests import build
from tests.build import DAY
from tests.casework.trials import made
from tests.cast import FJORDBY, Cast

FIRST = DAY + timedelta(days=6)


def forced(screening: Screening, cast: Cast) -> str:
    """Past every verb, straight into the table: what the database says."""
    with pytest.raises(IntegrityError) as fault, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO trials_enrolment (id, municipality_id, trial_id, number, screening_id, case_id, citizen_id, stratum, place, enrolled_on, enrolled_by_id, step, mark)"
            " SELECT gen_random_uuid(), 901, trial_id, 1, id, case_id, citizen_id, 'alle', 1, %s, %s, 0, '' FROM trials_screening WHERE id = %s",
            [FIRST, cast.bente.pk, screening.pk],
        )
    return str(fault.value)


def test_the_words_for_a_right_are_the_law_s() -> None:
    assert {lab_167_2.BASIS.key, lab_167_3.BASIS.key} == set(RIGHTS)
    assert {each.key for each in hjemler(DAY) if each.is_right} == set(RIGHTS)


@pytest.mark.parametrize("right", RIGHTS)
def test_a_person_with_a_right_is_never_drawn_about(cast: Cast, right: str) -> None:
    trial = made.running(cast)
    cleared = made.screened(cast, trial, 1, right=right)
    with pytest.raises(Refusal, match="kan ikke trækkes lod"):
        intake.enrol(cleared, by=cast.bente, on=FIRST)
    assert "a right is not drawn about" in forced(cleared, cast)


@pytest.mark.parametrize("right", RIGHTS)
def test_nor_is_one_whose_right_stands_in_another_case(cast: Cast, right: str) -> None:
    """The caseworker says no right, but an older case says the opposite."""
    trial = made.running(cast)
    dates = {"admission_on": DAY} if right == "lab-167-3" else {"discharge_on": DAY + timedelta(days=30)}
    old = build.proposed(cast, build.citizen(cast, 1, birth_year=2003), hjemmel=right, **dates)
    with pytest.raises(Refusal, match="har eller har haft ret"):
        made.screen(cast, trial, old.case)
    cleared = made.screened(cast, trial, 2)
    Grant.objects.filter(pk=old.pk).update(case=cleared.case, assessment=cleared.assessment)
    assert "a right is not drawn about" in forced(cleared, cast)


def test_the_assessment_comes_before_the_draw(cast: Cast) -> None:
    trial = made.running(cast)
    with pytest.raises(Refusal, match="ikke vurderet"):
        made.screen(cast, trial, build.referred(cast, build.citizen(cast, 1)))
    refused = build.assessed(cast, build.citizen(cast, 2), conclusion="refuse")[0]
    with pytest.raises(Refusal, match="ikke har behov"):
        made.screen(cast, trial, refused)
    cleared = made.screened(cast, trial, 3)
    cases.undo_assessment(cleared.assessment, by=cast.bente)
    assert "assessed before the draw" in forced(cleared, cast)


@pytest.mark.parametrize(("answers", "says"), [({"informed_on": None}, "told before the draw"), ({"excluded": "Venter på pension."}, "told before the draw")])
def test_the_citizen_is_told_and_not_excluded(cast: Cast, answers: dict[str, Any], says: str) -> None:
    cleared = made.screened(cast, made.running(cast), 1, **answers)
    with pytest.raises(Refusal, match="kan ikke trækkes lod"):
        intake.enrol(cleared, by=cast.bente, on=FIRST)
    assert says in forced(cleared, cast)


def test_one_who_already_has_a_mentor_is_not_drawn_about(cast: Cast) -> None:
    trial = made.running(cast)
    cleared = made.screen(cast, trial, build.granted(cast, build.citizen(cast, 1)).case)
    with pytest.raises(Refusal, match="allerede en bevilling"):
        intake.enrol(cleared, by=cast.bente, on=FIRST)


@pytest.mark.parametrize("text", ["legal_basis", "eligibility", "information"])
def test_nothing_is_drawn_before_the_texts_are_there(cast: Cast, text: str) -> None:
    """Not locked by the verb, and not by any words to the database: and what is not locked can promise nothing."""
    trial = actions.write(by=cast.henrik, plan=made.Plan(), **made.TEXTS | {text: " "})
    with pytest.raises(Refusal) as refused:
        actions.lock(trial, by=cast.henrik, on=DAY)
    assert [problem.field for problem in refused.value.problems] == [text]
    with pytest.raises(IntegrityError, match="trial_says_why_it_may"), transaction.atomic():
        Trial.objects.filter(pk=trial.pk).update(state="locked", protocol_text="x", protocol_hash="2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881", locked_on=DAY)
    with pytest.raises(Refusal):
        drawing.promise(trial, by=cast.henrik, secret=made.A, number_source="Lotto", number_day=DAY + timedelta(days=5), on=DAY)


def test_a_draw_leaves_its_trace_and_no_arm(cast: Cast) -> None:
    row = made.enrolled(cast, made.running(cast), 1)
    event = Event.objects.get(verb="trials.enrol")
    assert event.data == {"trial": 1, "number": 1, "stratum": "alle", "place": 1} and event.case_id == row.case_id
    assert not Event.objects.filter(data__icontains="offered").exists()


# --- After the lot: in a database where transactions end -----------------------------------------
def test_an_offer_follows_the_lot(town: Cast, drawn: dict[str, Enrolment]) -> None:
    with within(FJORDBY):
        offer = delivery.offer(drawn["offered"], by=town.bente, on=FIRST)
        assert delivery.answer(offer, by=town.bente, answer="accepted", on=FIRST).answer == Offer.Answer.ACCEPTED
        with pytest.raises(Refusal, match="gav ikke et tilbud"):
            delivery.offer(drawn["control"], by=town.bente, on=FIRST)


def test_a_right_found_later_gives_the_mentor_and_moves_nobody(town: Cast, drawn: dict[str, Enrolment]) -> None:
    row = drawn["control"]
    with within(FJORDBY):
        delivery.depart(row, by=town.bente, kind="right", hjemmel="lab-167-3", text="Er optaget på SOSU.", on=FIRST)
        delivery.offer(row, by=town.bente, on=FIRST)
        inside = queries.participant(row)
    assert (inside.serve, inside.arm, inside.crossed) == ("right", "control", False)


def test_a_right_has_its_provision(town: Cast, drawn: dict[str, Enrolment]) -> None:
    for kind, hjemmel in (("right", ""), ("right", "lab-167-1"), ("crossed", "lab-167-2")):
        with within(FJORDBY), pytest.raises(Refusal, match="hvilken ret"):
            delivery.depart(drawn["control"], by=town.bente, kind=kind, hjemmel=hjemmel, text="Noget.", on=FIRST)


def test_a_control_that_met_a_mentor_is_seen(town: Cast, drawn: dict[str, Enrolment]) -> None:
    """From the contact log alone, whoever forgets to say so; in both arms the dose is what the log says."""
    for arm, row in drawn.items():
        with within(FJORDBY):
            grant = build.propose_for(town, row.case, row.screening.assessment, FIRST)
            _support(town, grant)
            build.contact(town, build.fresh(row.case), FIRST + timedelta(days=8))
            inside = queries.participant(Enrolment.objects.select_related("trial", "case").get(pk=row.pk))
            assert inside.crossed is (arm == "control")
            assert inside.first_contact == FIRST + timedelta(days=8) and inside.enrolment.case.minutes_used == 60


def _support(town: Cast, grant: Grant) -> None:
    from snerydder.casework.agreements import actions as agreements
    from snerydder.casework.grants import actions as grants

    case = grants.decide(grant, by=town.bente, on=FIRST).case
    agreements.choose(case, by=town.dorthe, mentor=town.mentor, reason="Kender havnen og taler arabisk.", on=FIRST)
    agreement = agreements.write(build.fresh(case), by=town.dorthe, goal="I skole.", tasks=[("wake", "")], start=FIRST + timedelta(days=7), on=FIRST)
    from datetime import datetime, time

    from django.utils import timezone

    at = timezone.make_aware(datetime.combine(FIRST, time(12)))
    for party, by, how in (("mentor", town.carl, "on_screen"), ("municipality", town.bente, "on_screen"), ("citizen", town.dorthe, "meeting")):
        agreements.accept(agreement, by=by, party=party, how=how, at=at)
    agreement.refresh_from_db()
    agreements.start(agreement, by=town.dorthe, on=FIRST + timedelta(days=7))


def test_numbers_under_five_are_not_told(town: Cast, drawn: dict[str, Enrolment]) -> None:
    with within(FJORDBY):
        told = queries.flow(drawn["control"].trial)
    assert told["cleared"] in ("under 5", "5", "6", "7", "8") and told["right"] == "0"
    assert {arm.drawn for arm in told["arms"]} == {"–"}, "one arm is small, and the other would be all but that"


def test_a_small_arm_is_not_told_by_the_other(monkeypatch: pytest.MonkeyPatch, town: Cast, drawn: dict[str, Enrolment]) -> None:
    """Seven in all: of five offered and two controls neither is said. Of six and five both are."""
    trial = drawn["control"].trial
    with within(FJORDBY):
        one = queries.participant(drawn["control"])
    for offered, control, said in ((5, 2, {"–"}), (6, 5, {"5", "6"}), (6, 0, {"6", "0"})):
        rows = [replace(one, arm="offered")] * offered + [replace(one, arm="control")] * control
        monkeypatch.setattr(queries, "_participants", lambda *given, rows=rows: rows)
        with within(FJORDBY):
            arms = queries.flow(trial)["arms"]
        assert {arm.drawn for arm in arms} == said
        assert ({arm.offered for arm in arms} == {"–"}) is (said == {"–"})

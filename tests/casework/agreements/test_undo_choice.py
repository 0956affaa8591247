import pytest

from snerydder.audit.action import Refusal
from snerydder.casework.agreements import actions
from snerydder.casework.agreements.models import Agreement, Match
from tests import build
from tests.build import DAY

pytestmark = pytest.mark.django_db


def test_it_takes_the_choice_and_its_draft_back(cast):
    agreement = build.written(cast)
    actions.undo_choice(agreement.case, by=cast.dorthe, reason="Forkert Carl")
    case = build.fresh(agreement.case)
    assert (case.stage, case.mentor) == ("granted", None)
    assert not Match.objects.filter(withdrawn=False).exists() and Agreement.objects.get().state == "ended"


def test_an_agreement_in_place_stands(cast):
    with pytest.raises(Refusal, match="intet valg"):
        actions.undo_choice(build.agreed(cast).case, by=cast.dorthe)


def test_after_a_change_of_mentor_there_is_no_way_back_to_none(cast, ulla):
    case = build.active(cast)
    actions.replace_mentor([case], by=cast.dorthe, mentor=ulla, reason="Barsel", on=DAY)
    with pytest.raises(Refusal, match="har været i gang"):
        actions.undo_choice(case, by=cast.dorthe)

import pytest

from snerydder.audit.action import Refusal
from snerydder.casework.agreements import actions
from tests import build

pytestmark = pytest.mark.django_db


def test_without_one_yes_the_agreement_is_a_draft_again(cast):
    agreement = build.agreed(cast)
    actions.withdraw_acceptance(agreement.acceptances.get(party="citizen"), by=cast.dorthe, reason="Hun er i tvivl")
    agreement.refresh_from_db()
    case = build.fresh(agreement.case)
    assert (agreement.state, case.stage, case.agreement_complete, agreement.acceptances.count()) == ("draft", "matched", False, 2)


def test_while_the_support_runs_it_is_too_late(cast):
    agreement = build.agreed(cast)
    actions.start(agreement, by=cast.dorthe, on=agreement.start)
    with pytest.raises(Refusal, match="i gang"):
        actions.withdraw_acceptance(agreement.acceptances.get(party="citizen"), by=cast.dorthe)

"""Each party's yes: by whom, how, to which edition."""

import pytest

from snerydder.audit.action import Conflict, Refusal
from snerydder.audit.models import Event
from snerydder.casework.agreements import actions
from tests import build

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(cast):
    return build.written(cast)


def test_with_the_third_yes_the_agreement_is_in_place(cast, draft):
    actions.accept(draft, by=cast.carl, party="mentor")
    actions.accept(draft, by=cast.dorthe, party="municipality", how="phone")
    assert build.fresh(draft.case).stage == "matched"
    row = actions.accept(draft, by=cast.carl, party="citizen", how="meeting")
    case = build.fresh(draft.case)
    assert (case.stage, case.agreement_complete) == ("agreed", True) and (row.noted_by, row.how) == (cast.carl, "meeting")


def test_said_twice_the_first_stands(cast, draft):
    first = actions.accept(draft, by=cast.dorthe, party="citizen", how="meeting")
    again = actions.accept(draft, by=cast.bente, party="citizen", how="phone")
    assert (again.pk, again.how, again.noted_by) == (first.pk, "meeting", cast.dorthe)
    assert Event.objects.filter(verb="agreements.accept").order_by("-id").first().data["again"]


def test_a_yes_is_to_what_was_read(cast, draft):
    actions.write(build.fresh(draft.case), by=cast.dorthe, goal="Noget andet", tasks=[("court", "")])
    with pytest.raises(Conflict, match="ændret, siden du læste"):
        actions.accept(draft, by=cast.carl, party="mentor", edition=1)
    assert actions.accept(draft, by=cast.carl, party="mentor", edition=2)


@pytest.mark.parametrize(
    ("who", "party", "how", "words"),
    [
        ("dorthe", "mentor", "on_screen", "Kun mentoren"),
        ("dorthe", "citizen", "on_screen", "logger ikke ind"),
        ("carl", "municipality", "meeting", "på kommunens vegne"),
    ],
)
def test_nobody_says_yes_for_another_as_if_they_were(cast, draft, who, party, how, words):
    with pytest.raises(Refusal, match=words):
        actions.accept(draft, by=getattr(cast, who), party=party, how=how)
    assert not draft.acceptances.exists()


def test_an_agreement_that_runs_needs_no_more_yes(cast):
    running = build.Agreement.objects.get(case=build.active(cast))
    with pytest.raises(Refusal, match="ikke noget at sige ja til"):
        actions.accept(running, by=cast.carl, party="mentor")

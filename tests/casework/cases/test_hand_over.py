"""Handing over one or many cases: all or none."""

import pytest

from snerydder.access import actions as access
from snerydder.audit.action import Refusal
from snerydder.audit.models import Event
from snerydder.casework.cases import actions
from tests import build


@pytest.fixture
def ida(cast):
    other = access.add_unit("Voksenteamet", by=cast.henrik)
    return access.appoint("Ida Iversen", ["caseworker"], by=cast.henrik, unit=other)


def test_it_moves_caseworker_and_unit_and_tells_each_case(cast, ida):
    cases = [build.referred(cast, build.citizen(cast, n)) for n in (1, 2, 3)]
    assert actions.hand_over(cases[:2], by=cast.dorthe, caseworker=ida, reason="Bente er på barsel.") == 2
    assert [build.fresh(case).caseworker for case in cases] == [ida, ida, cast.bente]
    assert build.fresh(cases[0]).unit == ida.unit
    event = Event.objects.filter(verb="cases.hand_over").first()
    assert event.data["before"] == {"caseworker": "Bente Bak"} and event.data["after"] == {"caseworker": "Ida Iversen"}


def test_one_that_cannot_be_handed_over_stops_all(cast, ida):
    open_case, ended = build.referred(cast), build.referred(cast, build.citizen(cast, 1))
    actions.cancel(ended, by=cast.bente, reason="Fejl i CPR.")
    with pytest.raises(Refusal, match="annulleret"):
        actions.hand_over([open_case, ended], by=cast.dorthe, caseworker=ida, reason="Barsel")
    assert build.fresh(open_case).caseworker == cast.bente
    assert not Event.objects.filter(verb="cases.hand_over").exists()


def test_the_mentor_does_not_become_the_authority(cast):
    case = build.active(cast)
    cast.carl.roles = ["mentor", "caseworker"]
    cast.carl.save()
    with pytest.raises(Refusal, match="Carl Clausen er mentor i sag"):
        actions.hand_over([case], by=cast.dorthe, caseworker=cast.carl, reason="Barsel")


@pytest.mark.parametrize("who", ["dorthe", "carl"])
def test_only_to_a_caseworker(cast, who):
    with pytest.raises(Refusal, match="ikke sagsbehandler"):
        actions.hand_over([build.referred(cast)], by=cast.dorthe, caseworker=getattr(cast, who), reason="Barsel")


def test_nothing_chosen_is_said(cast, ida):
    with pytest.raises(Refusal, match="ikke valgt nogen sager"):
        actions.hand_over([], by=cast.dorthe, caseworker=ida, reason="Barsel")

import pytest

from snerydder.audit.models import Event
from snerydder.casework.agreements import actions, matching
from snerydder.casework.agreements.models import Veto
from tests import build
from tests.build import DAY
from tests.cast import fjordby

pytestmark = pytest.mark.django_db


def test_it_takes_the_mentor_out_of_the_suggestions_and_can_be_undone(cast, ulla):
    case = build.fresh(build.granted(cast).case)
    assert {each.mentor for each in matching.suggest(case)} == {cast.mentor, ulla}
    row = actions.veto(case, ulla, by=cast.dorthe, reason=" Kender hende ", on=DAY)
    assert (row.reason, row.said_on) == ("Kender hende", DAY)
    assert [each.mentor for each in matching.suggest(case)] == [cast.mentor]
    actions.lift_veto(row, by=cast.dorthe)
    assert {each.mentor for each in matching.suggest(case)} == {cast.mentor, ulla}
    assert list(Event.objects.filter(verb__contains="veto").order_by("id").values_list("verb", flat=True)) == ["agreements.veto", "agreements.lift_veto"]


def test_said_twice_is_one_with_the_last_words(cast, ulla):
    case = build.fresh(build.granted(cast).case)
    for reason in ("Nej", "Nej tak"):
        actions.veto(case, ulla, by=cast.dorthe, reason=reason)
    assert Veto.objects.get().reason == "Nej tak"


def test_another_municipality_sees_none(cast, ulla):
    actions.veto(build.granted(cast).case, ulla, by=cast.dorthe)
    fjordby(902, "Bakkeby", "2")
    assert not Veto.objects.exists()

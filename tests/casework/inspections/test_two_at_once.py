"""Two who type the second number in the same moment: one draws, the other is told, and the cases are drawn once."""

from typing import Any

import pytest

from snerydder.access import actions as access
from snerydder.access.models import Staff
from snerydder.access.tenancy import within
from snerydder.audit.action import Conflict
from snerydder.audit.models import Event
from snerydder.casework.inspections import actions
from snerydder.casework.inspections.models import DrawnCase, Sample
from tests import build
from tests.casework.grants.test_two_at_once import at_once
from tests.casework.inspections import made
from tests.cast import FJORDBY, fjordby


@pytest.fixture
def town(own_database: str) -> dict[str, Any]:
    with within(FJORDBY):
        cast = fjordby()
        for number in range(1, 7):
            build.granted(cast, build.citizen(cast, number))
        other = access.appoint("Ellen Ege", ["auditor"], by=cast.henrik, unit=cast.unit)
        sample = actions.type_number(made.frozen(cast), by=cast.erik, number=made.NUMBER)
        return {"sample": sample.pk, "henrik": cast.henrik.pk, "ellen": other.pk}


def test_the_cases_are_drawn_once(town):
    def type_as(who):
        by = Staff.objects.get
        return lambda: actions.type_number(Sample.objects.get(pk=town["sample"]), by=by(pk=town[who]), number=made.NUMBER)

    results = at_once(type_as("henrik"), type_as("ellen"))
    assert {type(each) for each in results} == {Sample, Conflict}
    with within(FJORDBY):
        assert DrawnCase.objects.count() == 5
        assert Event.objects.filter(verb="inspections.draw").count() == 1

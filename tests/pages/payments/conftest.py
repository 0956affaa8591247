"""A day in September: Carl has been Amina's mentor since August, his hours are approved, and a supplier sends him."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client

from snerydder.casework.cases.models import Case
from snerydder.casework.contacts.models import Contact
from snerydder.casework.payments import actions, suppliers
from snerydder.casework.payments.models import Supplier
from tests import build
from tests.cast import Cast
from tests.pages.visit import visitor

NOW = datetime(2026, 9, 7, 10, 12, tzinfo=ZoneInfo("Europe/Copenhagen"))
FIRST = date(2026, 8, 11)


@dataclass
class Month:
    case: Case
    contacts: list[Contact]
    supplier: Supplier


def august() -> tuple[Cast, Month]:
    cast, case = build.cast_and_case()
    rows = [build.contact(cast, case, FIRST + timedelta(days=7 * place)) for place in range(3)]
    rows.append(build.contact(cast, case, FIRST + timedelta(days=1), minutes=90))
    actions.approve_sheet(cast.mentor, FIRST, by=cast.carl)
    supplier = suppliers.add_supplier("Havnens Mentorer ApS", "10000009", by=cast.gitte)
    suppliers.engage(supplier, cast.mentor, Decimal(450), date(2026, 1, 1), by=cast.gitte)
    return cast, Month(case, rows, supplier)


@pytest.fixture(scope="module")
def built(standing: Callable[..., Any]) -> tuple[Cast, Month]:
    return standing(august, NOW)


@pytest.fixture
def cast(own: tuple[Cast, Month]) -> Iterator[Cast]:
    with time_machine.travel(NOW, tick=False):
        yield own[0]


@pytest.fixture
def month(cast: Cast, own: tuple[Cast, Month]) -> Month:
    return own[1]


@pytest.fixture
def as_staff(cast: Cast):
    return lambda who: visitor(Client(), getattr(cast, who))

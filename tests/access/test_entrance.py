"""One question tells who it is, where, and for whom one stands in; the context is set by the database, not by the request."""

from datetime import date, timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from snerydder.access import actions
from snerydder.access.entrance import place_of
from snerydder.access.models import Staff
from snerydder.access.tenancy import set_context
from tests.cast import fjordby
from tests.pages.visit import counted


def context() -> tuple[str, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('app.mun', true), current_setting('app.user', true)")
        return cursor.fetchone()


def test_it_is_one_question_and_all_is_there(cast):
    with counted() as asked:
        found = place_of(cast.carl.account_id, None)
        assert (found, found.name, found.roles, found.municipality.name, found.stands_in_for) == (cast.carl, "Carl Clausen", ["mentor"], "Fjordby Kommune", [])
    assert len(asked) == 1 and context() == ("901", str(cast.carl.account_id))
    assert all(getattr(found, field.attname) == getattr(cast.carl, field.attname) for field in Staff._meta.concrete_fields)
    assert found.unit == cast.unit


def test_whoever_stands_in_is_told_for_whom(cast):
    today = timezone.localdate()
    actions.let_stand_in(cast.carl, cast.dorthe, by=cast.henrik, start=today, end=today)
    assert [row.away for row in place_of(cast.dorthe.account_id, None).stands_in_for] == [cast.carl]
    actions.let_stand_in(cast.carl, cast.erik, by=cast.henrik, start=today + timedelta(days=1), end=date(2100, 1, 1))
    assert place_of(cast.erik.account_id, None).stands_in_for == []


def test_the_wanted_place_is_taken_when_it_is_one_of_theirs_and_no_other(cast):
    other = fjordby(902, "Bakkeby", "2")
    second = actions.appoint("Carl Clausen", ["mentor"], by=other.henrik)
    actions.join(second, cast.carl.account, by=other.henrik)
    assert place_of(cast.carl.account_id, str(second.pk)).municipality_id == 902 == int(context()[0])
    for wanted in (None, str(cast.carl.pk), str(other.bente.pk)):
        assert place_of(cast.carl.account_id, wanted).pk == cast.carl.pk


def test_without_a_place_no_municipality_is_seen(cast):
    cast.carl.active = False
    cast.carl.save()
    assert place_of(cast.carl.account_id, str(cast.carl.pk)) is None
    assert context()[0] == "" and not Staff.objects.filter(active=True).exists()


def test_the_context_before_does_not_leak_into_the_next(cast):
    far = fjordby(902, "Bakkeby", "2")
    set_context(902)
    assert place_of(cast.carl.account_id, str(far.carl.pk)).pk == cast.carl.pk


def test_outside_a_transaction_it_is_refused(own_database):
    from snerydder.access.tenancy import SetContextError

    with pytest.raises(SetContextError):
        place_of("00000000-0000-0000-0000-000000000000", None)
    with transaction.atomic():
        assert place_of("00000000-0000-0000-0000-000000000000", None) is None

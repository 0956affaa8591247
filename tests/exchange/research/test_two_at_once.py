"""Two who ask for a package at the same moment, each with their own connection, get each their own number."""

import threading
import time

from django.db import connections

from snerydder.access.models import Staff
from snerydder.access.tenancy import within
from snerydder.casework.trials.models import Trial
from snerydder.exchange.research import actions
from snerydder.exchange.research.models import Package
from tests.casework.trials import made
from tests.cast import FJORDBY, fjordby


def asked(freja, receiver):
    return actions.ask(Trial.objects.get(), by=Staff.objects.get(pk=freja), receiver=receiver, purpose="Virker det?")


def test_the_second_waits_for_the_first_and_takes_the_next_number(own_database):
    with within(FJORDBY):
        cast = fjordby()
        made.running(cast)
        freja = cast.freja.pk
    numbers = {}

    def second():
        with within(FJORDBY):
            numbers["second"] = asked(freja, "Den anden").number
        connections.close_all()

    with within(FJORDBY):
        numbers["first"] = asked(freja, "Den første").number
        other = threading.Thread(target=second)
        other.start()
        time.sleep(0.3)
        assert other.is_alive() and "second" not in numbers, "the second number depends on whether the first is kept"
    other.join(timeout=10)
    assert numbers == {"first": 1, "second": 2}
    with within(FJORDBY):
        assert sorted(Package.objects.values_list("number", flat=True)) == [1, 2]


def test_a_number_is_never_used_again(own_database):
    with within(FJORDBY):
        cast = fjordby()
        made.running(cast)
        first, second = asked(cast.freja.pk, "Den første"), asked(cast.freja.pk, "Den anden")
        first.delete()
        assert asked(cast.freja.pk, "Den tredje").number == second.number + 1

"""A long file is imported beside the request; if that dies, nothing is half-imported."""

import threading

import pytest
from django.utils import timezone

from snerydder.access.tenancy import within
from snerydder.casework.people.models import Citizen
from snerydder.exchange.csv import actions, queries, work
from snerydder.exchange.csv.models import Import
from snerydder.project.demo import names
from tests.cast import fjordby
from tests.exchange.paper import text
from tests.waiting import until

ROWS = 260


def long_file():
    return [["CPR", "Fornavn", "Efternavn"], *([names.cpr(number), "Borger", f"Nummer{number}"] for number in range(ROWS))]


def begun():
    """A file of some hundred lines, read in and begun, all committed."""
    with within(901):
        cast = fjordby()
    with within(901):
        job = actions.begin(actions.read_in("lang.csv", text(long_file()).encode(), "citizens", by=cast.dorthe), by=cast.dorthe)
    return cast, job


def wait_for(thread):
    thread.join(120)
    assert not thread.is_alive()


def test_a_long_file_is_imported_beside_the_request(own_database, monkeypatch):
    started = []
    real = threading.Thread.start
    monkeypatch.setattr(threading.Thread, "start", lambda thread: (started.append(thread), real(thread))[1])
    cast, job = begun()
    with within(901):
        work.start(job, cast.dorthe)
        assert not started, "not before the request is kept"
    wait_for(started[0])
    with within(901):
        job.refresh_from_db()
        assert job.state == "done" and Citizen.objects.count() == ROWS + 1


def test_work_that_is_cut_off_leaves_nothing_and_can_be_done_again(own_database, monkeypatch):
    cast, job = begun()

    def dies(done):
        if done == 200:
            raise SystemExit  # as when the process is stopped in the middle

    with pytest.raises(SystemExit), within(901):
        actions.carry_out(job, by=cast.dorthe, progress=dies)
    with within(901):
        assert Citizen.objects.count() == 1, "only Amina"
        job.refresh_from_db()
        assert job.state == "running"
        Import.objects.filter(pk=job.pk).update(beat_at=timezone.now() - actions.ALIVE * 2)
        job.refresh_from_db()
        assert queries.was_cut_off(job)
        again = actions.begin(job, by=cast.dorthe)
        assert actions.carry_out(again, by=cast.dorthe) and Citizen.objects.count() == ROWS + 1


def test_a_fault_in_the_thread_is_told_and_leaves_nothing(own_database, monkeypatch):
    cast, job = begun()
    monkeypatch.setattr(actions, "carry_out", lambda *args, **given: 1 / 0)
    wait_for(_thread(job, cast))
    with within(901):
        job.refresh_from_db()
        assert job.state == "ready" and "intet er importeret" in job.trouble


def test_it_tells_how_far_it_is_while_it_works(own_database, monkeypatch):
    cast, job = begun()
    real, seen = actions.carry_out, threading.Event()

    def waits(*args, progress, **given):
        progress(57)
        assert seen.wait(120)
        return real(*args, progress=progress, **given)

    monkeypatch.setattr(actions, "carry_out", waits)
    thread = _thread(job, cast)

    def told():
        with within(901):
            return queries.progress(Import.objects.get(pk=job.pk))

    so_far = until(lambda: told() == {"running": True, "done": 57, "total": ROWS}, 60)
    seen.set()
    wait_for(thread)
    assert so_far


def _thread(job, cast):
    thread = threading.Thread(target=work.Errand(job.pk, cast.dorthe.pk, 901, "da").run)
    thread.start()
    return thread

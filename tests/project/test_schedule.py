"""What happens by itself does: the server's parent runs the day's jobs, once a day, and one server at a time."""

import threading
from datetime import date, timedelta
from pathlib import Path

import psycopg
import pytest
from django.core.management import CommandError, call_command, get_commands
from django.db import connections

from snerydder.project import schedule, schema
from tests.waiting import until

OLD = "INSERT INTO access_wrong_sign_in VALUES ('gammel', 3, now() - interval '1 hour'), ('ny', 3, now() + interval '1 hour')"


def keys(owner_url: str) -> list[str]:
    with psycopg.connect(owner_url) as owner:
        return [key for (key,) in owner.execute("SELECT key FROM access_wrong_sign_in ORDER BY key")]


def test_each_job_is_a_command_of_the_product():
    assert set(schedule.JOBS) <= set(get_commands())


def test_the_real_thread_runs_the_real_commands_as_the_web_s_role(own_database: str):
    with psycopg.connect(own_database, autocommit=True) as owner:
        owner.execute(OLD)
    with schedule.daily(schema.web_environment(own_database, SNERYDDER_TEST="1")):
        assert until(lambda: keys(own_database) == ["ny"])


def test_once_a_day_and_again_when_it_failed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    day, ran, looks, answers = [date(2026, 12, 31)], [], [], [False, True, True]

    def today() -> date:
        looks.append(day[0])
        return day[0]

    def run(environment: dict[str, str]) -> bool:
        ran.append(day[0])
        return answers[len(ran) - 1]

    monkeypatch.setattr(schedule, "_run", run)
    with schedule.daily({}, look=0.001, day=today):
        assert until(lambda: len(looks) > 20)
        assert len(ran) == 2
        day[0] += timedelta(days=1)
        assert until(lambda: len(ran) == 3)
    assert ran == [date(2026, 12, 31), date(2026, 12, 31), date(2027, 1, 1)]


def test_one_server_at_a_time(own_database: str):
    with psycopg.connect(own_database, autocommit=True) as other:
        other.execute(OLD)
        other.execute("SELECT pg_advisory_lock(hashtext(%s))", [schedule.LOCK])

        def work() -> None:
            call_command("jobs", verbosity=0)
            connections.close_all()

        second = threading.Thread(target=work)
        second.start()
        waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        assert until(lambda: other.execute(waiting).fetchone() == (1,))
        assert keys(own_database) == ["gammel", "ny"]
        other.execute("SELECT pg_advisory_unlock(hashtext(%s))", [schedule.LOCK])
        second.join(timeout=120)
        assert keys(own_database) == ["ny"]


@pytest.mark.django_db
def test_one_job_that_fails_is_named_and_does_not_stop_the_next(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    monkeypatch.setattr("snerydder.project.management.commands.jobs.JOBS", {"findes_ikke": "ingenting", "clearsessions": "sessioner"})
    with pytest.raises(CommandError, match="Ikke udført: findes_ikke"):
        call_command("jobs")
    assert "clearsessions: sessioner" in capsys.readouterr().out


def test_messages_are_sent_at_every_look_once_it_is_said_how(monkeypatch: pytest.MonkeyPatch):
    ran: list[str] = []
    looks: list[date] = []

    def run(environment: dict[str, str], name: str = "jobs") -> bool:
        ran.append(name)
        return True

    def today() -> date:
        looks.append(date(2026, 12, 31))
        return looks[-1]

    monkeypatch.setattr(schedule, "_run", run)
    with schedule.daily({}, look=0.001, day=today):
        assert until(lambda: len(looks) > 20)
    assert ran == ["jobs"]
    with schedule.daily({"SNERYDDER_SMS": "https://sms.example/"}, look=0.001, day=today):
        assert until(lambda: ran.count("send") >= 3)
    assert ran.count("jobs") == 2 and schedule.EVERY_MINUTE in get_commands()

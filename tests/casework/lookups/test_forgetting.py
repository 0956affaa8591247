"""Look-ups older than they are kept for are gone, with what was said of them; the rest stand as they did, and the walls too."""

import subprocess
import sys
from datetime import date

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from snerydder.access import actions as access
from snerydder.access.tenancy import within
from snerydder.audit.models import Event, Lookup
from snerydder.casework.lookups import actions, forgetting, queries
from snerydder.casework.lookups.models import LookupSample, PickedLookup
from snerydder.project import schedule, schema
from tests.access.test_isolation import faults
from tests.casework.lookups.made import look
from tests.cast import FJORDBY, fjordby
from tests.waiting import until

PLAIN = """
CREATE ROLE plain_owner NOSUPERUSER NOBYPASSRLS; GRANT USAGE, CREATE ON SCHEMA public TO plain_owner;
DO $$ DECLARE t record; BEGIN
  FOR t IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP EXECUTE format('ALTER TABLE %I OWNER TO plain_owner', t.tablename); END LOOP;
END $$;
"""


@pytest.fixture(autouse=True)
def december():
    """Not here: the command has the machine's own clock."""


@pytest.fixture(autouse=True)
def late_in_2026():
    """Nor here."""


def test_the_first_day_kept_is_the_first_of_a_month():
    assert forgetting.first_kept(date(2026, 11, 22)) == date(2021, 11, 1)
    assert forgetting.first_kept(date(2028, 2, 29)) == date(2023, 2, 1)


@pytest.fixture
def years(own_database):
    """Two look-ups of long ago, one of them judged and drawn, and one of a month that is kept."""
    first = forgetting.first_kept(date.today())  # noqa: DTZ011 the command's own clock
    last = date.fromordinal(first.toordinal() - 1)
    with within(FJORDBY):
        cast = fjordby()
        nora = access.appoint("Nora Nord", ["caseworker"], by=cast.henrik, unit=cast.unit)
        rows = [look(nora, [cast.amina], f"{day}T{hour}") for day, hour in ((last, "10:00"), (last, "23:50"), (first, "00:10"))]
        month = last.replace(day=1)
        actions.freeze(month, by=cast.erik, size=1, seed_source="Lotto", seed_day=date.today())  # noqa: DTZ011
        actions.look_through(month, by=cast.henrik)
        actions.look_through(first, by=cast.henrik)
        picked = {row.lookup_id for row in PickedLookup.objects.all()}
        assert rows[2].pk in picked and len(picked) > 1, "of both; which of the day's two depends on the day of the week"
    return own_database, cast, rows


def run(owner_url, **more):
    command = [sys.executable, "-m", "django", "forget_lookups"]
    return subprocess.run(command, env={**schema.owner_environment(owner_url), "SNERYDDER_TEST": "1", **more}, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("mighty", [True, False])
def test_the_owner_deletes_what_is_old_and_nothing_else(years, mighty):
    owner_url, cast, rows = years
    if not mighty:
        with psycopg.connect(owner_url, autocommit=True) as owner:
            owner.execute(PLAIN)
    try:
        done = run(owner_url, **({} if mighty else {"PGOPTIONS": "-c role=plain_owner"}))
        assert "slettet 2 opslag" in done.stdout and "i 1 kommuner" in done.stdout, done.stderr
        with within(FJORDBY):
            assert list(Lookup.objects.filter(purpose="Se sagen").values_list("pk", flat=True)) == [rows[2].pk]
            assert list(PickedLookup.objects.values_list("lookup", flat=True)) == [rows[2].pk] and not LookupSample.objects.exists()
            event = Event.objects.get(verb="lookups.forget")
            assert (event.data["number"], event.staff_name) == (2, "Sletning efter fristen")
            kept = queries.kept(cast.henrik)
            assert (kept.years, kept.number, kept.last) == (5, 2, event.on)
        assert "slettet 0 opslag" in run(owner_url).stdout
        with connection.cursor() as cursor:
            assert [fault for fault in faults(cursor) if "lookup" in fault or "audit" in fault] == []
        with psycopg.connect(owner_url) as owner, pytest.raises(psycopg.errors.RaiseException, match="append-only"):
            owner.execute("DELETE FROM audit_lookup")
    finally:
        if not mighty:
            with psycopg.connect(owner_url, autocommit=True) as owner:
                owner.execute("REASSIGN OWNED BY plain_owner TO CURRENT_USER; DROP OWNED BY plain_owner; DROP ROLE plain_owner")


def test_the_web_s_role_cannot(years):
    with pytest.raises(CommandError, match="ejer"), transaction.atomic():
        call_command("forget_lookups")
    with within(FJORDBY):
        assert Lookup.objects.filter(purpose="Se sagen").count() == 3


def test_the_server_runs_it_every_night_as_the_owner(monkeypatch):
    ran = []
    monkeypatch.setattr(schedule, "_run", lambda environment, name="jobs": ran.append((environment["who"], name)) or True)
    with schedule.daily({"who": "web"}, {"who": "owner"}, look=60, day=lambda: date(2026, 12, 31)):
        assert until(lambda: len(ran) >= 2)
    assert ran == [("web", "jobs"), ("owner", "forget_lookups")]

"""`jobs`: what happens once a day. The server runs it by itself (`project.schedule`)."""

from typing import Any

from django.core.management import CommandError, call_command
from django.core.management.base import BaseCommand
from django.db import connection

from snerydder.project.schedule import JOBS, LOCK


class Command(BaseCommand):
    help = "Kør dagens faste opgaver: " + "; ".join(JOBS.values()) + "."

    def handle(self, *args: Any, **options: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(hashtext(%s))", [LOCK])
        try:
            failed = [name for name in JOBS if not self._done(name, options["verbosity"])]
        finally:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtext(%s))", [LOCK])
        if failed:
            raise CommandError(f"Ikke udført: {', '.join(failed)}")

    def _done(self, name: str, verbosity: int) -> bool:
        """One job that fails does not keep the next from running."""
        try:
            call_command(name, verbosity=verbosity)
        except Exception as fault:  # noqa: BLE001  # whatever it was: say it, and go on
            self.stderr.write(f"{name}: {fault}")
            return False
        if verbosity:
            self.stdout.write(f"{name}: {JOBS[name]}")
        return True

"""`forget_lookups`, every night and as the owner of the database: look-ups that are older than they are kept for."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import ProgrammingError
from django.utils import timezone

from snerydder.casework.lookups import forgetting
from snerydder.ui.formats import dato


class Command(BaseCommand):
    help = "Slet de opslag, der er ældre, end de skal gemmes, og det, der er sagt om dem. Køres én gang i døgnet."

    def handle(self, *args: Any, **options: Any) -> None:
        today = timezone.localdate()
        try:
            deleted = forgetting.forget(today)
        except ProgrammingError as fault:
            raise CommandError("Kun databasens ejer kan slette opslag. Kør den som: snerydder forget_lookups") from fault
        number, first = sum(deleted.values()), dato(forgetting.first_kept(today), "lang")
        self.stdout.write(f"Der er slettet {number} opslag fra før {first} i {len(deleted)} kommuner.")

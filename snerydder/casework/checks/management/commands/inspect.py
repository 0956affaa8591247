"""`inspect`, every night: each open case is held against every rule that concerns it, by the law of its day."""

from typing import Any

from django.core.management.base import BaseCommand

from snerydder.casework.checks import nightly


class Command(BaseCommand):
    help = "Hold alle åbne sager op mod reglerne, og skriv det, der er anderledes end i går. Køres én gang i døgnet."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{nightly.run()} åbne sager er holdt op mod reglerne.")

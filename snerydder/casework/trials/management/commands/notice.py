"""`notice`, every night: controls of a trial who got a mentor are written down."""

from typing import Any

from django.core.management.base import BaseCommand

from snerydder.casework.trials import noticing


class Command(BaseCommand):
    help = "Find kontrolpersoner i forsøg, som har fået en mentor, og skriv det ned. Køres én gang i døgnet."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{noticing.run()} afvigelser er skrevet.")

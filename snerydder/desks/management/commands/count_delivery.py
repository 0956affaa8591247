"""`count_delivery`, every night: where there are many courses, the support as agreed is counted before anybody asks."""

from typing import Any

from django.core.management.base import BaseCommand

from snerydder.desks.delivery import night


class Command(BaseCommand):
    help = "Tæl støtten som aftalt op i kommuner med mange forløb. Køres én gang i døgnet."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{night.run()} optællinger er gemt.")

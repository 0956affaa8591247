"""`frauds`: what the signs find of twelve frauds hidden among twenty thousand honest contacts, and whom they trouble for nothing."""

from typing import Any

from django.core.management.base import BaseCommand

from snerydder.casework.questions.proof import report

HELD_OUT = range(301, 311)


class Command(BaseCommand):
    help = "Gem tolv slags snyd blandt 20.000 ærlige kontakter, og vis, hvad spørgsmålene finder. Ingen database, ingen rigtige data."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--seeds", default=f"{HELD_OUT.start}-{HELD_OUT.stop - 1}", help="fra-til, begge med; 1-50 er dem, tegnene er stillet efter")
        parser.add_argument("--write", help="skriv tabellen som Markdown i denne fil")

    def handle(self, *args: Any, **options: Any) -> None:
        first, _dash, last = options["seeds"].partition("-")
        page = report.page(range(int(first), int(last or first) + 1), told=self.stderr.write)
        if options["write"]:
            report.write(options["write"], page)
        self.stdout.write(page)

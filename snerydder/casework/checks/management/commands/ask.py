"""`ask`, every night: what in the contact logs gives reason to ask becomes a question to somebody named."""

from typing import Any

from django.core.management.base import BaseCommand

from snerydder.casework.checks import asking


class Command(BaseCommand):
    help = "Se kontaktloggene igennem, og stil spørgsmål til det, der ikke hænger sammen. Køres én gang i døgnet."

    def handle(self, *args: Any, **options: Any) -> None:
        asked, left = asking.run()
        self.stdout.write(f"Der er stillet {asked} spørgsmål.")
        if left:
            self.stdout.write(f"{left} kunne ikke stilles: kommunen har ingen koordinator eller leder, som det ikke handler om.")

"""`survey`, every night: citizens whose questionnaire is open are asked by text message."""

from typing import Any

from django.core.management.base import BaseCommand

from snerydder.casework.surveys import actions


class Command(BaseCommand):
    help = "Spørg de borgere, hvis spørgeskema er åbent. Køres én gang i døgnet."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{actions.run()} borgere er spurgt.")

"""`send`: the messages that wait. The server runs it every minute by itself (`project.schedule`)."""

from typing import Any

from django.core.management.base import BaseCommand

from snerydder.exchange.sms import sending


class Command(BaseCommand):
    help = "Send de beskeder til borgere, der venter. Serveren gør det selv hvert minut, når SNERYDDER_SMS er sat."

    def handle(self, *args: Any, **options: Any) -> None:
        went, stayed = sending.run()
        if options["verbosity"]:
            self.stdout.write(f"Sendt: {went}. Ikke sendt: {stayed}.")

from typing import Any

from django.core.management.base import BaseCommand

from snerydder.access import throttle


class Command(BaseCommand):
    help = "Slet de forkerte adgangskoder, der ikke tæller mere. Køres én gang i døgnet."

    def handle(self, *args: Any, **options: Any) -> None:
        throttle.forget()

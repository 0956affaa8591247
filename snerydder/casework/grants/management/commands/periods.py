"""`periods`, once a day after midnight: a period ends without anybody writing anything, so the case rows are moved on to the next."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from snerydder.access.models import Municipality
from snerydder.access.tenancy import within
from snerydder.casework.grants.actions import roll


class Command(BaseCommand):
    help = "Flyt sagerne videre til den periode, der gælder i dag. Køres én gang i døgnet."

    def handle(self, *args: Any, **options: Any) -> None:
        moved = 0
        for municipality in Municipality.objects.order_by("pk"):
            with within(municipality.pk):
                moved += roll(timezone.localdate())
        self.stdout.write(f"{moved} sager er flyttet videre til deres næste periode.")

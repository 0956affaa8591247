"""A mentor's days in the demo. An honest person is in one place at a time, has a working day, and writes it down when it is over."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from snerydder.casework.contacts.models import Contact

FIRST, LAST, STEP = 7 * 60, 21 * 60, 15
MOST = 9 * 60  # minutes with citizens in a day
LATE = 30  # one contact in so many is written some days late, as it goes


def moment(day: date, hour: int, minute: int = 0) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour, minute)))


class Days:
    def __init__(self) -> None:
        self.taken: dict[date, list[tuple[int, int]]] = defaultdict(list)
        self.away: tuple[date, date] | None = None

    def take(self, day: date, wanted: datetime, minutes: int, most: int = MOST) -> datetime | None:
        """The free time nearest to the one wanted, which is free no more; None when there is no room, or nobody is at work."""
        if self.away and self.away[0] <= day <= self.away[1]:
            return None
        taken, at = self.taken[day], timezone.localtime(wanted)
        if sum(end - start for start, end in taken) + minutes > most:
            return None
        free = [start for start in range(FIRST, LAST - minutes, STEP) if all(start >= until or start + minutes <= since for since, until in taken)]
        if not free:
            return None
        start = min(free, key=lambda each: abs(each - at.hour * 60 - at.minute))
        taken.append((start, start + minutes))
        return moment(day, start // 60, start % 60)

    def longer(self, start: datetime, minutes: int, more: int) -> bool:
        """Whether what is there can last longer, and then it does."""
        at = timezone.localtime(start)
        begins = at.hour * 60 + at.minute
        taken = self.taken[at.date()]
        others = [span for span in taken if span != (begins, begins + minutes)]
        if len(others) == len(taken) or any(since < begins + minutes + more and begins < until for since, until in others):
            return False
        self.taken[at.date()] = [*others, (begins, begins + minutes + more)]
        return True


def written(rows: Iterable[Contact]) -> list[Contact]:
    """The same rows, written down when they were over."""
    found, now = list(rows), timezone.now()
    for row in found:
        late = timedelta(days=6) if row.pk.bytes[0] % LATE == 0 else timedelta(minutes=row.minutes + 15)
        row.written_at = min(row.at + late, now)
    return found

"""Long files are imported by a thread beside the request, in one transaction; another tells how far it is.

If the process dies, the database rolls everything back by itself: nothing is half-imported, and the file is still there
to be tried again. So there is no queue to run and no worker to watch (safety R9 is about sending, not about this).
"""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass
from uuid import UUID

from django.db import connection, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from snerydder.access.models import Staff
from snerydder.access.tenancy import within
from snerydder.exchange.csv import actions
from snerydder.exchange.csv.models import Import

AT_ONCE = 200  # so few rows are done while the person waits
logger = logging.getLogger(__name__)


@dataclass
class Errand:
    """What a thread needs to know of a request that is over."""

    job: UUID
    staff: UUID
    municipality: int
    language: str

    def run(self) -> None:
        done = [0]
        finished = threading.Event()
        teller = threading.Thread(target=self._tell, args=(done, finished), daemon=True)
        teller.start()
        try:
            with translation.override(self.language):
                self._work(done)
        finally:
            finished.set()
            teller.join()
            connection.close()

    def _work(self, done: list[int]) -> None:
        try:
            with within(self.municipality):
                job, staff = Import.objects.get(pk=self.job), Staff.objects.get(pk=self.staff)
                actions.carry_out(job, by=staff, progress=lambda count: done.__setitem__(0, count))
        except Exception:  # noqa: BLE001  whatever it was, the person must not wait for ever
            logger.exception("import %s", self.job)
            with within(self.municipality):
                Import.objects.filter(pk=self.job).update(
                    state=Import.State.READY, trouble=_("Noget gik galt, og intet er importeret. Prøv igen, eller kontakt support.")
                )

    def _tell(self, done: list[int], finished: threading.Event) -> None:
        try:
            while not finished.wait(1):
                with within(self.municipality):
                    actions.keep_alive(self.job, done[0])
        finally:
            connection.close()


def start(job: Import, staff: Staff) -> None:
    """Do a short file now and a long one beside the request, once the request has been kept."""
    if job.total_rows <= AT_ONCE:
        actions.carry_out(job, by=staff)
        return
    errand = Errand(job.pk, staff.pk, staff.municipality_id, translation.get_language() or "da")
    transaction.on_commit(lambda: threading.Thread(target=errand.run, daemon=True).start())


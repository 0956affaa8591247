"""Start the engine beside the web, with nothing but a folder: no address of a database, no key, no password."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from django.conf import settings
from django.db import transaction

KNOWN = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "NUMBA_CACHE_DIR", "VIRTUAL_ENV")


def start(what: str, folder: Path) -> None:
    """Once the request has been kept. The process goes on when the web is restarted."""
    transaction.on_commit(lambda: _start(what, folder))


def _start(what: str, folder: Path) -> None:
    environment = {name: os.environ[name] for name in KNOWN if name in os.environ} | {"PYTHONPATH": str(settings.BASE_DIR)}
    command = [sys.executable, "-m", "snerydder.evaluation.worker", what, str(folder)]
    with (folder / "log").open("wb") as log:
        subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)

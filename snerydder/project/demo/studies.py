"""The evaluator's study: the invented trial in thirteen municipalities, delivered with its manifest and counted through."""

from __future__ import annotations

import time
from pathlib import Path
from tempfile import TemporaryDirectory

from django.core.files.uploadedfile import SimpleUploadedFile

from snerydder.access.models import Staff
from snerydder.access.tenancy import within
from snerydder.evaluation import actions, store
from snerydder.evaluation.models import Delivery
from snerydder.project.demo.ids import same_ids
from snerydder.study import demo, manifest

WAIT = 60.0  # seconds for the engine to read the files; the town opens while it counts


def play(municipality: int, seed: str) -> None:
    with same_ids(f"{seed}-{municipality}-undersoegelse"):
        delivery = _deliver(municipality)
        if delivery is None or not _read(delivery):
            return
        with within(municipality):
            actions.use(delivery, by=delivery.made_by)
            actions.run(delivery.study, by=delivery.made_by)


def _deliver(municipality: int) -> Delivery | None:
    with within(municipality), TemporaryDirectory() as folder:
        evaluator = Staff.objects.filter(municipality=municipality, roles__contains=["evaluator"]).order_by("sort_key").first()
        if evaluator is None:
            return None
        protocol = demo.write(Path(folder)).read_text(encoding="utf-8")
        data = sorted((Path(folder) / "data").iterdir())
        data.append(manifest.write(data, Path(folder) / manifest.NAME))
        study = actions.begin("Mentor til udsatte unge: det opdigtede forsøg", protocol, by=evaluator)
        return actions.deliver(study, [SimpleUploadedFile(file.name, file.read_bytes()) for file in data], by=evaluator)


def _read(delivery: Delivery) -> bool:
    end = time.monotonic() + WAIT
    while time.monotonic() < end:
        if (found := store.outcome(store.trial_of(delivery))) is not None:
            return bool(found["done"])
        time.sleep(0.2)
    return False

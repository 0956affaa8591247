"""What the pages of an evaluation ask."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from typing import Any

from snerydder.access import scope
from snerydder.access.models import Staff
from snerydder.evaluation import store
from snerydder.evaluation.models import Amendment, Delivery, Part, Release, Run, Study

MOVED = 0.05  # of the cells: a column that is filled so much more or less than last time is told


@dataclass(frozen=True)
class Told:
    """A run as a list shows it."""

    run: Run
    state: str  # running | done | failed | stopped
    found: dict[str, Any]
    release: Release | None

    @property
    def is_valid(self) -> bool:
        return self.run.delivery.state != Delivery.State.WITHDRAWN


def studies(staff: Staff) -> list[Study]:
    return list(scope.rows(Study, staff).select_related("made_by").prefetch_related("runs__delivery", "deliveries").order_by("-made_at"))


def deliveries(study: Study) -> list[Delivery]:
    return list(study.deliveries.select_related("made_by"))


def amendments(study: Study) -> list[Amendment]:
    return list(study.amendments.select_related("made_by"))


def municipalities(study: Study) -> int:
    """How many follow the protocol together; 1 where it says nothing of it."""
    return int(tomllib.loads(study.protocol).get("trial", {}).get("municipalities", 1))


def parts(study: Study) -> list[Part]:
    """The packages that are in the next delivery, one for each municipality."""
    return list(study.parts.filter(state=Part.State.USED).select_related("made_by", "study").order_by("name", "code"))


def runs(study: Study) -> list[Told]:
    return [told(run) for run in study.runs.select_related("made_by", "delivery", "study").prefetch_related("releases__asked_by", "releases__approved_by")]


def told(run: Run) -> Told:
    folder = store.of_run(run)
    found = store.outcome(folder)
    state = ("done" if found["done"] else "failed") if found else "running" if store.progress(folder)["running"] else "stopped"
    return Told(run, state, found or {}, next(iter(run.releases.all()), None))


def released(staff: Staff) -> list[Release]:
    """Reports others may see, and those that wait for a second person."""
    return list(scope.rows(Release, staff).select_related("run__study", "run__delivery", "asked_by", "approved_by").order_by("-asked_at"))


def may_read(run: Run, staff: Staff) -> bool:
    """The evaluator reads every report; others those asked or approved to be let out."""
    return "evaluator" in staff.roles or run.releases.exists()


def watched(study: Study) -> Delivery | None:
    """The delivery somebody who watches sees: the one in use."""
    return study.deliveries.filter(state=Delivery.State.USED).select_related("study", "made_by").first()


def late_amendments(run: Run) -> list[Amendment]:
    """Changes of the protocol after data had come, made before this run."""
    return list(run.study.amendments.filter(after_data=True, made_at__lte=run.made_at).select_related("made_by"))


def late(study: Study) -> list[Amendment]:
    """Changes of the protocol after data had come: every page of the study says so."""
    return list(study.amendments.filter(after_data=True).select_related("made_by"))


def before(delivery: Delivery) -> Delivery | None:
    """The delivery this one is held against: the last one used before it."""
    return delivery.study.deliveries.filter(number__lt=delivery.number, used_at__isnull=False).order_by("-used_at").first()


@dataclass(frozen=True)
class Change:
    """How a file differs from the one of the same name last time."""

    name: str
    rows: int
    rows_before: int | None
    new: list[str]
    gone: list[str]
    moved: list[tuple[str, float, float]]  # column, share of cells filled then and now
    same: bool


def changes(delivery: Delivery, earlier: Delivery | None) -> list[Change]:
    old = {one["name"]: one for one in earlier.files} if earlier else {}
    return [_change(one, old.get(one["name"])) for one in delivery.files]


def missing(delivery: Delivery, earlier: Delivery | None) -> list[str]:
    """Files that were there last time."""
    return sorted({one["name"] for one in earlier.files} - {one["name"] for one in delivery.files}) if earlier else []


def _change(now: dict[str, Any], then: dict[str, Any] | None) -> Change:
    if then is None:
        return Change(now["name"], now["rows"], None, [], [], [], same=False)
    filled, was = ({one["name"]: one["filled"] / max(1, file["rows"]) for one in file["columns"]} for file in (now, then))
    moved = [(name, was[name], share) for name, share in filled.items() if name in was and abs(share - was[name]) >= MOVED]
    moved.sort(key=lambda each: -abs(each[2] - each[1]))
    gone = [name for name in was if name not in filled]
    return Change(now["name"], now["rows"], then["rows"], [name for name in filled if name not in was], gone, moved, same=now["sha256"] == then["sha256"])

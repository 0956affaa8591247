"""What a stranger is given: the file of a trial, and a short program that draws every lot again. Neither needs anything of ours."""
# da-file: the page is taken home by whoever checks a Danish municipality

from functools import cache
from pathlib import Path
from typing import Any

from snerydder.casework.trials.joint import chain_of
from snerydder.casework.trials.models import Enrolment, Trial
from snerydder.casework.trials.opening import opened, secrets_of
from snerydder.casework.trials.states import TrialState
from snerydder.ui.verifiers import page_of

SCRIPT = Path(__file__).parent.parent / "static" / "trials" / "verify_lottery.js"


def told(trial: Trial, receipt: Enrolment | None = None) -> dict[str, Any]:
    """No names and no days of a person. While people are taken in, the arms stay out of it, but for the one lot of a receipt."""
    closed = trial.state == TrialState.CLOSED
    rows = list(trial.enrolments.order_by("number"))
    lots = opened(trial, rows if closed else [receipt] if receipt else [])
    return {
        "format": "snerydder-lodtraekning-1", "municipality": trial.municipality.name, "trial": trial.number, "title": trial.title,
        "protocol": trial.protocol_text, "protocol_sha256": trial.protocol_hash, "locked_on": str(trial.locked_on),
        "amendments": chain_of(trial),
        "places": trial.places_text, "places_sha256": trial.places_hash, "promises": [trial.town_promise, trial.evaluator_promise],
        "promised_on": str(trial.promised_on or ""), "number_source": trial.number_source, "number_day": str(trial.number_day or ""), "number": trial.public_number,
        "list": trial.list_text, "list_sha256": trial.list_hash,
        "log": [{"number": row.number, "stratum": row.stratum, "place": row.place, "row": str(row.pk), "mark": row.mark} for row in rows],
        "lost": [[row.stratum, row.place] for row in trial.lost_places.order_by("stratum", "place")],
        "lots": [{"stratum": lot.stratum, "place": lot.place, "arm": lot.arm, "nonce": lot.nonce} for lot in lots.values()],
        "secrets": list(secrets_of(trial)) if closed else None,
    }  # fmt: skip


def file_name(trial: Trial) -> str:
    return f"forsoeg-{trial.municipality_id}-{trial.number}.json"


@cache
def script() -> str:
    return SCRIPT.read_text("utf-8")


def page() -> str:
    return page_of(SCRIPT)


FILES = {"js": (script, "text/javascript; charset=utf-8"), "html": (page, "text/html; charset=utf-8")}

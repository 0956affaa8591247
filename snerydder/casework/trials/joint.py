"""A trial of several municipalities: the lead's protocol goes out as a signed file, and the others take it in as it is (decision 10).

Neither a name nor a list is in the file. Amendments come in the same file: it always holds the whole chain.
"""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from snerydder.access.models import Staff
from snerydder.access.signing import is_signed, short, signed
from snerydder.audit.action import Conflict, Refusal, action
from snerydder.audit.events import record
from snerydder.casework.trials import actions, protocol
from snerydder.casework.trials.models import TEXTS, Joining, ProtocolChange, Trial
from snerydder.casework.trials.plan import Plan
from snerydder.casework.trials.states import TrialState
from snerydder.lottery.seal import mark

FORMAT, LARGEST, LAST_CODE = "snerydder-faelles-protokol-1", 1_000_000, 9999  # municipalities have three figures
TOLD = ("number", "field", "before", "after", "reason", "made_on", "mark")


def chain_of(trial: Trial) -> list[dict[str, Any]]:
    """Every amendment, as it stands in a file."""
    return [{name: getattr(row, name) for name in TOLD} | {"made_on": str(row.made_on)} for row in trial.amendments.order_by("number")]


def in_force(trial: Trial) -> str:
    """The locked protocol with every amendment: what the evaluation counts by."""
    changes = {row.field: row.after for row in trial.amendments.order_by("number")}
    return protocol.amended(trial.protocol_text, changes) if changes else trial.protocol_text


def told(trial: Trial) -> dict[str, Any]:
    """The lead's file."""
    if not trial.protocol_hash or not Plan.of(trial.plan).is_joint or trial.joinings.exists():
        raise Refusal(_("Der er ingen fælles protokol at give videre."), _("Kun den kommune, der leder et forsøg for flere, giver filen ud, og først når protokollen er låst."))
    here = trial.municipality
    return signed(
        {
            "format": FORMAT, "municipality": {"number": here.pk, "name": here.name}, "trial": trial.number, "locked_on": str(trial.locked_on),
            "protocol": trial.protocol_text, "protocol_sha256": trial.protocol_hash, "amendments": chain_of(trial),
        }, here.pk,
    )  # fmt: skip


@dataclass(frozen=True)
class Invitation:
    """What the file of a lead says, when all of it agrees."""

    lead: int
    name: str
    trial: int
    key: str
    locked_on: date
    text: str
    hash: str
    amendments: tuple[dict[str, Any], ...]
    texts: dict[str, str]
    plan: Plan

    @property
    def spoken(self) -> str:
        return short(self.key)


def read(content: bytes) -> Invitation:
    """Refused whole when anything in it does not agree, or when the page could not show all of it."""
    try:
        found = json.loads(content) if len(content) <= LARGEST else None
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise Refusal(_("Det er ikke en fælles protokol."), mend=_("Hent filen hos den kommune, der leder forsøget."), field="file")
    if not is_signed(found):
        raise Refusal(_("Underskriften passer ikke."), _("Filen er ændret, efter at den blev givet ud."), _("Bed om en ny."), field="file")
    try:
        return _agreed(found)
    except (KeyError, TypeError, ValueError, AttributeError) as fault:
        raise Refusal(_("Noget i filen passer ikke sammen."), mend=_("Bed om en ny."), field="file") from fault


def _agreed(found: dict[str, Any]) -> Invitation:
    text, before = str(found["protocol"]), found["protocol_sha256"]
    if mark(text) != before or not protocol.is_whole(text):
        raise ValueError("the protocol is not the one that was locked")
    for number, each in enumerate(found["amendments"], 1):
        if "\0" in "".join(map(str, each.values())):
            raise ValueError("a text no table can hold")
        if each["number"] != number or each["field"] not in actions.AMENDABLE or date.fromisoformat(each["made_on"]) < date.fromisoformat(found["locked_on"]):
            raise ValueError("an amendment that is none")
        row = ProtocolChange(**{name: each[name] for name in TOLD})
        if actions.chained(before, row) != each["mark"]:
            raise ValueError("the chain is broken")
        before = each["mark"]
    boxes, where = protocol.read(text), found["municipality"]
    plan = Plan.of(boxes)
    now = protocol.plan_of(text, {each["field"]: each["after"] for each in found["amendments"]})
    if not plan.is_joint or plan.faults() or now.faults():
        raise ValueError("a protocol for one municipality")
    lead, number, name = int(where["number"]), int(found["trial"]), str(where["name"])[:80]
    if not (0 < lead <= LAST_CODE and 0 < number <= LAST_CODE) or "\0" in name:
        raise ValueError("nobody's number")
    return Invitation(
        lead, name, number, found["key"], date.fromisoformat(found["locked_on"]), text, found["protocol_sha256"],
        tuple(found["amendments"]), {name: boxes[name] for name in TEXTS}, plan,
    )  # fmt: skip


def followed(asked: Invitation, staff: Staff) -> Trial | None:
    """The municipality's own trial of the same protocol."""
    rows = Trial.objects.filter(municipality=staff.municipality_id, protocol_hash=asked.hash).exclude(state=TrialState.GIVEN_UP)
    return rows.select_related("municipality").order_by("-number").first()


@action
def join(asked: Invitation, *, by: Staff, legal_basis: str, contact: str, on: date | None = None) -> Trial:
    """A trial of the municipality's own, locked at once with the same text and the same SHA-256."""
    day = on or timezone.localdate()
    if asked.lead == by.municipality_id:
        raise Refusal(_("Protokollen er kommunens egen."), _("De andre kommuner skal tage filen ind."))
    if followed(asked, by) is not None:
        raise Conflict(_("Kommunen er allerede med i forsøget."))
    trial = actions.write(by=by, plan=asked.plan, **asked.texts)
    trial = actions.lock_as(trial, asked.text, by=by, day=day)
    Joining.objects.create(
        municipality_id=by.municipality_id, trial=trial, lead=asked.lead, lead_name=asked.name, lead_trial=asked.trial, key=asked.key,
        legal_basis=legal_basis.strip(), contact=contact.strip(), joined_on=day, joined_by=by,
    )  # fmt: skip
    record("trials.join", trial, by=by, on=day, lead=asked.name, key=asked.spoken, protocol_sha256=trial.protocol_hash)
    _take(trial, asked, by, day)
    return trial


@action
def take_changes(trial: Trial, asked: Invitation, *, by: Staff, on: date | None = None) -> Trial:
    """What the lead has changed since: with its own day and reason, and with the day it was taken in here."""
    day, trial = on or timezone.localdate(), actions.locked_row(trial)
    joining = trial.joinings.first()
    if joining is None or asked.hash != trial.protocol_hash:
        raise Refusal(_("Filen hører ikke til forsøget."))
    if asked.key != joining.key:
        raise Refusal(_("Filen er skrevet under med en anden nøgle end den første."), mend=_("Ring til %(town)s, og hør, hvilken nøgle den har.") % {"town": joining.lead_name})
    if [row["mark"] for row in chain_of(trial)] != [each["mark"] for each in asked.amendments[: trial.amendments.count()]]:
        raise Refusal(_("Filen har andre ændringer end dem, der er taget ind før."), mend=_("Ring til %(town)s.") % {"town": joining.lead_name})
    if not _take(trial, asked, by, day):
        raise Conflict(_("Der er ingen nye ændringer i filen."))
    return trial


def _take(trial: Trial, asked: Invitation, by: Staff, day: date) -> int:
    known, enrolled = trial.amendments.count(), trial.enrolments.count()
    new = asked.amendments[known:]
    for each in new:
        row = ProtocolChange(municipality_id=trial.municipality_id, trial=trial, made_by=by, enrolled=enrolled, taken_on=day, **{name: each[name] for name in TOLD})
        row.save(force_insert=True)
        record("trials.take_change", row, by=by, on=day, field=row.field, before=row.before, after=row.after, reason=row.reason, enrolled=str(enrolled))
    return len(new)

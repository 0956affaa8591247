"""Controls who got a mentor, found in the grants, the matches and the log: written down every night, and by the coordinator when one looks.

The page of a trial counts them, the coordinator sees whom it concerns. Nobody is moved to another arm by it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import IntegrityError
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from snerydder.access.models import Municipality, Staff
from snerydder.access.tenancy import within
from snerydder.audit.action import action
from snerydder.audit.events import record
from snerydder.casework.agreements.models import Match
from snerydder.casework.contacts.models import Contact
from snerydder.casework.grants.models import Grant
from snerydder.casework.trials import opening
from snerydder.casework.trials.models import Departure, Enrolment, Trial
from snerydder.casework.trials.states import TrialState
from snerydder.ui.formats import dato

NOBODY = UUID(int=0)
Kind = Departure.Kind


@dataclass(frozen=True)
class TheNight:
    """Who notices when nobody looks."""

    municipality_id: int
    pk: UUID = NOBODY
    name: str = "Den natlige gennemgang"  # da: as it stands in the trail


def run(day: date | None = None) -> int:
    """Every trial that has taken somebody in, in every municipality; the number of departures written."""
    today, found = day or timezone.localdate(), 0
    for municipality in Municipality.objects.order_by("pk").values_list("pk", flat=True):
        with within(municipality):
            for trial in Trial.objects.filter(municipality=municipality, state__in=[TrialState.OPEN, TrialState.CLOSED]):
                found += len(notice(trial, by=TheNight(municipality), on=today))
    return found


def notice(trial: Trial, *, by: Staff | TheNight, on: date | None = None) -> list[Departure]:
    """What has not been written down before. Nothing found is nothing done."""
    day = on or timezone.localdate()
    rows = list(_suspects(trial))
    lots = opening.opened(trial, rows) if rows else {}
    controls = [row for row in rows if row.pk in lots and lots[row.pk].arm == "control"]
    wanted = [(row, kind, text) for row in controls for kind, text in _signs(row)]
    return [made for row, kind, text in wanted if (made := _once(row, by=by, kind=kind, text=text, on=day))]


def _once(row: Enrolment, **told: Any) -> Departure | None:
    """None when the night or a colleague has written it since one began to look."""
    try:
        return _write(row, **told)
    except IntegrityError as fault:
        if "departure_noticed_once" not in str(fault):
            raise
        return None


def _suspects(trial: Trial) -> Iterable[Enrolment]:
    """Those in the trial without a right who have a grant, a mentor or a contact that is not written down yet. Their arm is asked for after."""
    known = Departure.objects.filter(enrolment=OuterRef("pk"))
    rows = Enrolment.objects.filter(trial=trial).exclude(Exists(known.filter(kind=Kind.RIGHT))).annotate(
        granted=Exists(_granted(OuterRef("case"))), matched=Exists(_matched(OuterRef("case"))), met=Exists(_met(OuterRef("case"))),
        said_crossed=Exists(known.filter(kind=Kind.CROSSED)), said_reached=Exists(known.filter(kind=Kind.REACHED)),
    )  # fmt: skip
    crossed, reached = Q(said_crossed=False) & (Q(granted=True) | Q(matched=True)), Q(said_reached=False, met=True)
    return rows.filter(crossed | reached).select_related("trial", "case").order_by("number")


def _granted(case: Any) -> Any:
    return Grant.objects.filter(case=case, state__in=["decided", "stopped"])


def _matched(case: Any) -> Any:
    return Match.objects.filter(case=case, withdrawn=False)


def _met(case: Any) -> Any:
    return Contact.objects.filter(case=case, withdrawn=False).exclude(form=Contact.Form.TRIED)


def _signs(row: Any) -> list[tuple[str, str]]:
    """What it was, in words, with the day it happened."""
    found: list[tuple[str, str]] = []
    with override("da"):
        if not row.said_crossed and (row.granted or row.matched):
            grant, match = _granted(row.case).order_by("start").first(), _matched(row.case).select_related("mentor__staff").first()
            parts = [_("Mentor er bevilget fra %(day)s.") % {"day": dato(grant.start, "lang")} if grant else "", _("%(name)s er valgt som mentor.") % {"name": match.mentor.name} if match else ""]
            found.append((Kind.CROSSED, " ".join(filter(None, parts))))
        if not row.said_reached and row.met:
            contact = _met(row.case).order_by("at").first()
            found.append((Kind.REACHED, _("Kontaktloggen har en kontakt den %(day)s.") % {"day": dato(contact.day, "lang")}))
    return found


@action
def _write(enrolment: Enrolment, *, by: Staff | TheNight, kind: str, text: str, on: date) -> Departure:
    person = by if isinstance(by, Staff) else None
    told = {"kind": kind, "text": text, "noticed_on": on, "noticed_by": person, "automatic": True}
    row = Departure.objects.create(municipality_id=enrolment.municipality_id, enrolment=enrolment, case=enrolment.case, **told)
    record("trials.notice", row, by=by, case=enrolment.case, on=on)  # the kind stands in the row, which fewer may see
    return row

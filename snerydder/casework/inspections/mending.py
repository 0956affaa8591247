"""From a finding to something better: a measure with an owner and a deadline, done, and looked after by somebody else. And the procedures."""

from datetime import date

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from snerydder.access.models import Staff
from snerydder.audit.action import Refusal, action
from snerydder.audit.events import record
from snerydder.casework.inspections import guide
from snerydder.casework.inspections.models import Finding, Measure, Procedure, Sample
from snerydder.casework.inspections.states import SampleState


def _said(text: str, field: str = "text") -> str:
    if not text.strip():
        raise Refusal(_("Der er ikke skrevet noget."), mend=_("Skriv en sætning."), field=field)
    return text.strip()


@action
def find(sample: Sample, *, by: Staff, text: str, line: str = "", on: date | None = None) -> Finding:
    day = on or timezone.localdate()
    if sample.state not in (SampleState.DRAWN, SampleState.REPORTED):
        raise Refusal(_("Stikprøven er %(state)s.") % {"state": SampleState(sample.state).label})
    row = Finding.objects.create(municipality_id=sample.municipality_id, sample=sample, line=line, text=_said(text), made_on=day, made_by=by)
    record("inspections.find", row, by=by, on=day, line=line, sample=sample.number)
    return row


@action
def plan(finding: Finding, *, by: Staff, text: str, owner: Staff, due_on: date, on: date | None = None) -> Measure:
    day = on or timezone.localdate()
    if due_on < day:
        raise Refusal(_("Fristen er overskredet."), mend=_("Vælg en senere dag."), field="due_on")
    row = Measure.objects.create(municipality_id=finding.municipality_id, finding=finding, text=_said(text), owner=owner, due_on=due_on, made_on=day)
    record("inspections.plan", row, by=by, on=day, owner=owner.name, due_on=due_on)
    return row


def _locked(measure: Measure) -> Measure:
    return Measure.objects.select_for_update(of=("self",)).select_related("owner").get(pk=measure.pk)


@action
def done(measure: Measure, *, by: Staff, text: str, on: date | None = None) -> Measure:
    """The owner says so, or a leader on the owner's behalf."""
    row, day = _locked(measure), on or timezone.localdate()
    if row.done_on:
        raise Refusal(_("Det er allerede gjort."))
    if row.owner_id != by.pk and "leader" not in by.roles:
        raise Refusal(_("Det er %(name)s, der har ansvaret.") % {"name": row.owner.name})
    row.done_on, row.done_text = day, _said(text)
    row.save(update_fields=["done_on", "done_text"])
    record("inspections.done", row, by=by, on=day)
    return row


@action
def check(measure: Measure, *, by: Staff, helped: bool, text: str, on: date | None = None) -> Measure:
    """Somebody other than the owner looks whether it helped."""
    row, day = _locked(measure), on or timezone.localdate()
    if row.done_on is None or row.checked_on:
        raise Refusal(_("Der er ikke noget at se efter."), mend=_("Vent, til det er gjort."))
    if row.owner_id == by.pk:
        raise Refusal(_("Du har selv gjort det."), mend=_("Bed en anden om at se efter."))
    row.checked_on, row.checked_by, row.helped, row.checked_text = day, by, helped, _said(text)
    row.save(update_fields=["checked_on", "checked_by", "helped", "checked_text"])
    record("inspections.check", row, by=by, on=day, helped=helped)
    return row


@action
def keep_procedure(key: str, *, by: Staff, owner: Staff, where: str, valid_from: date, review_on: date, on: date | None = None) -> Procedure:
    """A new version; the ones before stay as they were."""
    if key not in {line.key for line in guide.current().part(1)}:
        raise Refusal(_("Den forretningsgang kender vi ikke."))
    if review_on <= valid_from:
        raise Refusal(_("Den skal gennemgås, efter at den er begyndt at gælde."), mend=_("Vælg en senere dag."), field="review_on")
    last = Procedure.objects.filter(municipality=by.municipality_id, key=key).aggregate(last=Max("version"))["last"] or 0
    row = Procedure.objects.create(
        municipality_id=by.municipality_id, key=key, version=last + 1, owner=owner, where=_said(where, "where"), valid_from=valid_from, review_on=review_on,
    )  # fmt: skip
    record("inspections.keep_procedure", row, by=by, on=on, key=key, version=row.version)
    return row

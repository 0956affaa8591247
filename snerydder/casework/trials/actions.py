"""The protocol: written, locked with its mark, and changed only openly after that. The lottery's own steps are in `drawing`."""

import hashlib
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from snerydder.access.models import Staff
from snerydder.audit.action import Conflict, Refusal, action
from snerydder.audit.events import record
from snerydder.casework.trials import protocol
from snerydder.casework.trials.models import TEXTS, ProtocolChange, Trial
from snerydder.casework.trials.plan import Plan, in_file
from snerydder.casework.trials.states import TRANSITIONS, TrialState
from snerydder.ui.formats import antal

# What may be changed after the lock, openly. How lots are drawn may not: it was promised before the number was known.
AMENDABLE = ("week", "last", "secondary", "subgroups", "estimator", "correction", "dead", "abroad", "missing", "usual_effort", "information", "stopping", "exclusions")


def locked_row(trial: Trial) -> Trial:
    return Trial.objects.select_for_update(of=("self",)).select_related("municipality", "town_by", "evaluator_by", "typed_by").get(pk=trial.pk)


def enter(trial: Trial, state: TrialState) -> None:
    if state not in TRANSITIONS[trial.state]:
        raise Refusal(_("Forsøget er et andet sted: %(state)s.") % {"state": TrialState(trial.state).label}, mend=_("Se på forsøget, hvad der er sket."))
    trial.state = state


@action
def write(*, by: Staff, plan: Plan, **texts: str) -> Trial:
    """A draft. Nothing in it binds anybody."""
    _sensible(plan, texts, whole=False)
    number = (Trial.objects.filter(municipality=by.municipality_id).aggregate(last=Max("number"))["last"] or 0) + 1
    trial = Trial(municipality_id=by.municipality_id, number=number, plan=plan.kept(), written_by=by, **_stripped(texts))
    try:
        with transaction.atomic():
            trial.save(force_insert=True)
    except IntegrityError as fault:
        if "trial_number" not in str(fault):
            raise
        raise Conflict(_("En anden har lige lavet et forsøg."), mend=_("Prøv igen.")) from fault
    record("trials.write", trial, by=by, title=trial.title)
    return trial


@action
def rewrite(trial: Trial, *, by: Staff, plan: Plan, **texts: str) -> Trial:
    """Only a draft. After the lock there is `amend`."""
    trial = locked_row(trial)
    if trial.state != TrialState.DRAFT:
        raise Refusal(_("Protokollen er låst."), mend=_("Skriv en ændring med dato og begrundelse i stedet."))
    _sensible(plan, texts, whole=False)
    trial.plan = plan.kept()
    for name, value in _stripped(texts).items():
        setattr(trial, name, value)
    trial.save(update_fields=["plan", *texts])
    record("trials.rewrite", trial, by=by, title=trial.title)
    return trial


def _stripped(texts: dict[str, str]) -> dict[str, str]:
    if strangers := set(texts) - set(TEXTS):
        raise TypeError(f"no such text: {strangers}")
    return {name: value.strip() for name, value in texts.items()}


def _sensible(plan: Plan, texts: dict[str, str], *, whole: bool) -> None:
    problems = plan.faults()
    if whole:
        labels = {field.name: field.verbose_name for field in Trial._meta.local_fields}
        problems += [Refusal(_("Skriv %(what)s.") % {"what": labels[name]}, field=name) for name in TEXTS if not texts[name].strip()]
    if problems:
        raise Refusal.several(problems)


@action
def lock(trial: Trial, *, by: Staff, on: date | None = None) -> Trial:
    """From now on the words and numbers stand, and their SHA-256 says which they were."""
    day, trial = on or timezone.localdate(), locked_row(trial)
    with translation.override("da"):
        text = protocol.text_of(trial, Plan.of(trial.plan).strata(trial.municipality_id))
    return lock_as(trial, text, by=by, day=day)


def lock_as(trial: Trial, text: str, *, by: Staff, day: date) -> Trial:
    """The text is one's own, or that of the municipality that leads."""
    plan = Plan.of(trial.plan)
    _sensible(plan, {name: getattr(trial, name) for name in TEXTS}, whole=True)
    enter(trial, TrialState.LOCKED)
    with translation.override("da"):
        strata = plan.strata(trial.municipality_id)
    if fault := plan.fewest(len(strata)):
        raise fault
    trial.protocol_text = text
    trial.strata = [[each.key, each.places] for each in strata]
    trial.protocol_hash = hashlib.sha256(trial.protocol_text.encode()).hexdigest()
    trial.locked_on, trial.locked_by = day, by
    trial.save(update_fields=["state", "protocol_text", "protocol_hash", "strata", "locked_on", "locked_by"])
    record("trials.lock", trial, by=by, on=day, protocol_sha256=trial.protocol_hash)
    return trial


@action
def amend(trial: Trial, *, by: Staff, field: str, after: Any, reason: str, on: date | None = None) -> ProtocolChange:
    """What stood, what stands now, why, and how many were already in the trial. The locked text itself is not touched."""
    day, trial = on or timezone.localdate(), locked_row(trial)
    if trial.state in (TrialState.DRAFT, TrialState.GIVEN_UP):
        raise Refusal(_("Protokollen er ikke låst, så den kan rettes direkte."))
    if field not in AMENDABLE:
        raise Refusal(_("Det kan ikke ændres efter låsen."), _("Lodtrækningen hviler på det."), _("Lav et nyt forsøg, hvis der skal trækkes lod på en anden måde."), field="field")
    if not str(after).strip() or not reason.strip():
        raise Refusal(_("Skriv både, hvad der gælder nu, og hvorfor."), field="reason" if str(after).strip() else "after")
    if lead := trial.joinings.first():
        raise Refusal(
            _("Protokollen kommer fra %(town)s.") % {"town": lead.lead_name}, _("Alle kommuner i et fælles forsøg følger den samme."),
            _("Bed %(town)s om at skrive ændringen, og tag filen ind.") % {"town": lead.lead_name},
        )  # fmt: skip
    holds, after = current(trial), in_file(field, str(after))
    before, holds[field] = holds[field], after
    if problems := protocol.plan_of(trial.protocol_text, holds).faults():
        raise Refusal.several([Refusal(str(each), field="after") for each in problems])
    last = trial.amendments.order_by("-number").first()
    number, enrolled = (last.number if last else 0) + 1, trial.enrolments.count()
    row = ProtocolChange(
        municipality_id=trial.municipality_id, trial=trial, number=number, field=field, before=before, after=after, reason=reason.strip(),
        enrolled=enrolled, made_on=day, made_by=by,
    )  # fmt: skip
    row.mark = chained(last.mark if last else trial.protocol_hash, row)
    row.save(force_insert=True)
    record("trials.amend", row, by=by, on=day, field=field, before=before, after=row.after, reason=row.reason, enrolled=antal(enrolled))
    return row


def current(trial: Trial) -> dict[str, str]:
    """What holds now, as text: the lock with the amendments upon it."""
    found = {name: _said(trial.plan[name]) if name in trial.plan else getattr(trial, name) for name in AMENDABLE}
    return found | {row.field: row.after for row in trial.amendments.order_by("number")}


def _said(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def chained(before: str, row: ProtocolChange) -> str:
    """Each amendment's mark covers the one before it, and the first the lock's."""
    told = "\n".join((before, str(row.number), row.field, row.before, row.after, row.reason, str(row.made_on)))
    return hashlib.sha256(told.encode()).hexdigest()


@action
def give_up(trial: Trial, *, by: Staff, reason: str, on: date | None = None) -> Trial:
    """Only before the promises. The trial keeps its number and its text."""
    trial = locked_row(trial)
    enter(trial, TrialState.GIVEN_UP)
    trial.ended_on, trial.ended_by, trial.ended_reason = on or timezone.localdate(), by, reason.strip()
    trial.save(update_fields=["state", "ended_on", "ended_by", "ended_reason"])
    record("trials.give_up", trial, by=by, on=trial.ended_on, reason=trial.ended_reason)
    return trial

"""The verbs of an evaluation. What the engine refuses is told as it says it: file, place, what was expected, what to do."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db.models import Max
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from snerydder.access.models import Staff
from snerydder.audit.action import Conflict, Refusal, action
from snerydder.audit.events import record
from snerydder.evaluation import engine, in_use, reading, store
from snerydder.evaluation.models import Amendment, Delivery, Release, Run, Study
from snerydder.registers.faults import BadInput
from snerydder.ui.formats import dato


def told(fault: BadInput, field: str = "") -> Refusal:
    """The engine's words as a refusal."""
    place = f"{Path(fault.file).name}{', ' + fault.where if fault.where else ''}: "
    expected = _("Forventet: %(what)s.") % {"what": fault.expected.rstrip(".")} if fault.expected else ""
    return Refusal(place + fault.what, expected, fault.mend, field=field)


def digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


@action
def begin(title: str, protocol: str, *, by: Staff) -> Study:
    """A study with its protocol. It must be one the engine can read."""
    protocol = protocol.replace("\r\n", "\n")
    try:
        reading.protocol(protocol)
    except BadInput as fault:
        raise told(fault, "protocol") from None
    study = Study.objects.create(municipality_id=by.municipality_id, title=title, protocol=protocol, protocol_hash=digest(protocol), made_by=by)
    record("evaluation.begin", study, by=by, title=title, protocol=study.protocol_hash)
    return study


@action
def amend(study: Study, protocol: str, reason: str, *, by: Staff, seen: str = "", after_data: bool = False) -> Study:
    """Change the protocol. What it was, when and why stays, and whether data had come by then."""
    study = Study.objects.select_for_update().get(pk=study.pk)
    if seen and seen != study.protocol_hash:
        raise Conflict(_("En anden har ændret protokollen, mens du skrev."), mend=_("Åbn den igen, og skriv din ændring ind."))
    protocol = protocol.replace("\r\n", "\n")
    try:
        reading.protocol(protocol)
    except BadInput as fault:
        raise told(fault, "protocol") from None
    if digest(protocol) == study.protocol_hash:
        raise Refusal(_("Protokollen er den samme som før."), field="protocol")
    after_data = after_data or study.deliveries.exists()
    made = Amendment.objects.create(
        municipality_id=by.municipality_id, study=study, made_by=by, reason=reason, before=study.protocol, before_hash=study.protocol_hash,
        after_hash=digest(protocol), after_data=after_data,
    )  # fmt: skip
    study.protocol, study.protocol_hash = protocol, made.after_hash
    study.save(update_fields=["protocol", "protocol_hash"])
    record("evaluation.amend", study, by=by, before=made.before_hash, after=made.after_hash, after_data=after_data)
    return study


@action
def deliver(study: Study, files: Sequence[UploadedFile], *, by: Staff, parts: Sequence[dict[str, Any]] = ()) -> Delivery:
    """Take files in, hold them against the sender's count, and begin to read them. Nothing uses them yet.

    `parts`: the municipalities' packages that some of the files were joined of.
    """
    study = Study.objects.select_for_update().get(pk=study.pk)
    number = 1 + (study.deliveries.aggregate(last=Max("number"))["last"] or 0)
    delivery = Delivery(municipality_id=by.municipality_id, study=study, number=number, made_by=by)
    store.forget(store.of_delivery(delivery))  # what an earlier try that failed may have left
    try:
        store.keep(store.of_delivery(delivery), files)
        delivery.manifest = reading.weigh(store.of_delivery(delivery)) | ({"parts": list(parts)} if parts else {})
        _lay_out_trial(delivery)
    except BadInput as fault:
        store.forget(store.of_delivery(delivery))
        raise told(fault, "files") from None
    except BaseException:
        store.forget(store.of_delivery(delivery))
        raise
    delivery.save(force_insert=True)
    engine.start("check", store.trial_of(delivery))
    record("evaluation.deliver", delivery, by=by, study=str(study.pk), number=number, files={one["name"]: one["sha256"] for one in delivery.files})
    return delivery


def _lay_out_trial(delivery: Delivery) -> None:
    study = delivery.study
    store.lay_out(store.trial_of(delivery), study.protocol, reading.protocol(study.protocol).files, store.of_delivery(delivery))


@action
def check_again(delivery: Delivery, *, by: Staff) -> Delivery:
    """Read the delivery once more, as after a change of the protocol or when the reading was cut off."""
    try:
        _lay_out_trial(delivery)
    except BadInput as fault:
        raise told(fault) from None
    engine.start("check", store.trial_of(delivery))
    record("evaluation.check_again", delivery, by=by, number=delivery.number)
    return delivery


@action
def use(delivery: Delivery, *, by: Staff) -> Delivery:
    """From now on the runs stand on this delivery. The one before is kept."""
    delivery = _locked(delivery)
    found = store.outcome(store.trial_of(delivery))
    if found is None or not found["done"]:
        raise Refusal(_("Leverancen kan ikke læses efter protokollen."), mend=_("Ret filerne eller protokollen først."))
    if delivery.state == Delivery.State.USED:
        raise Conflict(_("Leverancen er allerede i brug."))
    in_use.take(delivery, delivery.study.deliveries)
    _watch(delivery)
    record("evaluation.use", delivery, by=by, number=delivery.number)
    return delivery


@action
def watch(delivery: Delivery, *, by: Staff) -> Delivery:
    """Count once more what is known so far, as after a change of the protocol or when the counting was cut off."""
    delivery = _locked(delivery)
    if delivery.state != Delivery.State.USED:
        raise Refusal(_("Leverancen er ikke i brug."), mend=_("Tag den i brug først."))
    _watch(delivery)
    record("evaluation.watch", delivery, by=by, number=delivery.number)
    return delivery


def _watch(delivery: Delivery) -> None:
    """Whoever watches the trial sees it as the data come, without asking. What was shown before is kept in mind over the new folder."""
    folder, study = store.watch_of(delivery), delivery.study
    seen = store.seen(study)
    try:
        store.lay_out(folder, study.protocol, reading.protocol(study.protocol).files, store.of_delivery(delivery))
    except BadInput as fault:
        raise told(fault) from None
    store.bear_in_mind(folder, seen)
    engine.start("watch", folder)


@action
def withdraw(delivery: Delivery, *, by: Staff) -> Delivery:
    """Undo a whole delivery: it is not used any more, and what was counted on it is marked. The one used before it takes its place again."""
    delivery = _locked(delivery)
    if delivery.state == Delivery.State.WITHDRAWN:
        raise Conflict(_("Leverancen er allerede trukket tilbage."))
    earlier = in_use.undo(delivery, delivery.study.deliveries)
    record("evaluation.withdraw", delivery, by=by, number=delivery.number, back_to=earlier.number if earlier else None)
    return delivery


def _locked(delivery: Delivery) -> Delivery:
    Study.objects.select_for_update().get(pk=delivery.study_id)
    return Delivery.objects.select_related("study").get(pk=delivery.pk)


@action
def run(study: Study, *, by: Staff) -> Run:
    """Count it through, beside the web. The same protocol and files give the same bytes."""
    study = Study.objects.select_for_update().get(pk=study.pk)
    delivery = study.deliveries.filter(state=Delivery.State.USED).first()
    if delivery is None:
        raise Refusal(_("Der er ingen data i brug."), mend=_("Hent en leverance, og tag den i brug."))
    last = study.runs.order_by("-number").first()
    if last is not None and store.progress(store.of_run(last))["running"]:
        raise Conflict(_("Kørsel %(number)s er i gang.") % {"number": last.number}, mend=_("Vent, til den er færdig."))
    made = Run(municipality_id=by.municipality_id, study=study, delivery=delivery, number=1 + (last.number if last else 0), protocol_hash=study.protocol_hash, made_by=by)
    try:
        store.lay_out(store.of_run(made), study.protocol, reading.protocol(study.protocol).files, store.of_delivery(delivery))
    except BadInput as fault:
        raise told(fault) from None
    store.know_earlier(made)
    if late := list(study.amendments.filter(after_data=True)):
        store.remark(store.of_run(made), {language: [_remark(each, language) for each in late] for language in ("da", "en")})
    made.save(force_insert=True)
    engine.start("run", store.of_run(made))
    record("evaluation.run", made, by=by, study=str(study.pk), number=made.number, protocol=made.protocol_hash, delivery=delivery.number)
    return made


def _remark(amendment: Amendment, language: str) -> str:
    """That the protocol was changed after data had come, in the report's own language."""
    with translation.override(language):
        values = {"when": dato(timezone.localtime(amendment.made_at), "lang"), "reason": " ".join(amendment.reason.split())}
        return _("Protokollen er ændret %(when)s, efter at data var kommet. Grunden: %(reason)s") % values


@action
def ask_release(run: Run, audience: str, *, by: Staff) -> Release:
    """Ask that others may see the report. Its bytes are fixed from here."""
    run = Run.objects.select_related("study", "delivery").get(pk=run.pk)
    found = store.outcome(store.of_run(run))
    if found is None or not found["done"]:
        raise Refusal(_("Kørslen er ikke færdig."), mend=_("Vent, til der er en rapport."))
    if run.delivery.state == Delivery.State.WITHDRAWN:
        raise Refusal(_("De data, kørslen hviler på, er trukket tilbage."), mend=_("Kør igen på gyldige data."))
    if run.releases.exists():
        raise Conflict(_("Der er allerede bedt om at frigive rapporten."))
    Study.objects.select_for_update().get(pk=run.study_id)  # two runs of one study are asked for one at a time
    _held_against_all(run)
    made = Release.objects.create(municipality_id=by.municipality_id, run=run, report_hash=report_hash(run), audience=audience, asked_by=by)
    record("evaluation.ask_release", made, by=by, run=str(run.pk), audience=audience, report=made.report_hash)
    return made


@action
def approve_release(release: Release, *, by: Staff) -> Release:
    """The second person says yes, to the very report the first one saw."""
    release = Release.objects.select_for_update(of=("self",)).select_related("run__study", "run__delivery").get(pk=release.pk)
    if release.asked_by_id == by.pk:
        raise Refusal(_("Du har selv bedt om frigivelsen."), mend=_("En anden skal godkende den."))
    if release.approved_by_id is not None:
        raise Conflict(_("Rapporten er allerede frigivet."))
    if release.run.delivery.state == Delivery.State.WITHDRAWN:
        raise Refusal(_("De data, kørslen hviler på, er trukket tilbage."), mend=_("Kør igen på gyldige data."))
    if report_hash(release.run) != release.report_hash:
        raise Refusal(_("Rapporten er ikke den, der blev bedt om at frigive."), mend=_("Bed evaluator om en ny kørsel."))
    _held_against_all(release.run)
    store.remember(release.run, _("%(title)s, kørsel %(number)s") % {"title": release.run.study.title, "number": release.run.number})
    release.approved_by, release.approved_at = by, timezone.now()
    release.save(update_fields=["approved_by", "approved_at"])
    record("evaluation.approve_release", release, by=by, run=str(release.run_id), report=release.report_hash)
    return release


def _held_against_all(run: Run) -> None:
    """Small counts can be worked out from two reports that each are safe, so each is counted with all the earlier ones in hand."""
    unknown = [one["name"] for one in store.earlier(run.municipality_id, run) if one["run"] not in store.knew(run)]
    if unknown:
        raise Refusal(
            _("En anden rapport er frigivet, siden kørslen blev regnet: %(names)s. Sammen kunne de røbe få personer.") % {"names": ", ".join(unknown)},
            mend=_("Kør igen. Så holdes de antal tilbage, der ville røbe nogen."),
        )


def report_hash(run: Run) -> str:
    return hashlib.sha256((store.results(run, "da") / "report.html").read_bytes()).hexdigest()


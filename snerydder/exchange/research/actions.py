"""The verbs of the door. It opens one way: casework → files. Nothing here can write in a case."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import shutil
import zipfile
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from snerydder.access import scope
from snerydder.access.models import Staff
from snerydder.access.signing import signed
from snerydder.access.tenancy import take_turns
from snerydder.audit.action import Conflict, Refusal, action
from snerydder.audit.events import record
from snerydder.casework.people.models import Citizen
from snerydder.casework.trials import protocol
from snerydder.casework.trials.joint import chain_of
from snerydder.casework.trials.models import Enrolment, Trial
from snerydder.casework.trials.plan import Plan
from snerydder.casework.trials.states import TrialState
from snerydder.evaluation import actions as evaluation
from snerydder.evaluation import in_use, parts
from snerydder.evaluation.models import Delivery, Study
from snerydder.exchange.research import answers, package, sheets
from snerydder.exchange.research.models import AnswerFile, Package
from snerydder.exchange.research.pseudonyms import pseudonym
from snerydder.law import rulebook
from snerydder.ui.formats import dato

OWN_NOTE = "manifest-forsoeg.json"
ANSWERS, ANSWERS_NOTE = "svar.csv", "manifest-svar.json"


def folder_of(row: Package) -> Path:
    return Path(settings.RESEARCH_STORE) / str(row.municipality_id) / "pakker" / str(row.pk)


@action
def ask(trial: Trial, *, by: Staff, receiver: str, purpose: str) -> Package:
    """Ask that the trial's data are let out. Nothing is made yet."""
    if trial.state not in (TrialState.OPEN, TrialState.CLOSED):
        raise Refusal(_("Der er ikke trukket lod i forsøget."), mend=_("Vent, til der er borgere med."), field="trial")
    take_turns("research package", by.municipality_id)
    number = 1 + (Package.objects.filter(municipality=by.municipality_id).aggregate(last=Max("number"))["last"] or 0)
    row = Package.objects.create(municipality_id=by.municipality_id, trial=trial, number=number, receiver=receiver, purpose=purpose, asked_by=by)
    record("research.ask", row, by=by, trial=trial.number, receiver=receiver)
    return row


@action
def let_out(row: Package, *, by: Staff) -> Package:
    """The second yes: the files are made, counted, and kept as they are."""
    from snerydder.study import manifest

    row = Package.objects.select_for_update(of=("self",)).select_related("trial__municipality").get(pk=row.pk)
    if row.asked_by_id == by.pk:
        raise Refusal(_("Du har selv bedt om pakken."), mend=_("En anden skal udlevere den."))
    if row.approved_by_id is not None:
        raise Conflict(_("Pakken er allerede udleveret."))
    folder = folder_of(row)
    shutil.rmtree(folder, ignore_errors=True)  # what an earlier try that failed may have left
    row.persons = package.write(row.trial, folder)
    if not row.persons:
        shutil.rmtree(folder, ignore_errors=True)
        raise Refusal(_("Der er ingen med i forsøget endnu."), mend=_("Vent, til der er trukket lod om nogen."))
    told = manifest.write(sorted(folder.glob("*.csv")), folder / OWN_NOTE, {package.CONTACTS})
    row.manifest, row.law_version = manifest.read(told), rulebook.version
    row.approved_by, row.approved_at = by, timezone.now()
    _sign(row, folder)
    row.save()
    scope.seen(by, Enrolment.objects.filter(trial=row.trial).values_list("citizen_id", flat=True), purpose=row.purpose, page="research.let_out", kind="export")
    hashes = {one["name"]: one["sha256"] for one in row.manifest["files"]}
    record("research.let_out", row, by=by, trial=row.trial.number, receiver=row.receiver, persons=row.persons, files=hashes)
    return row


def _sign(row: Package, folder: Path) -> None:
    """Whose package it is, which protocol it follows, and every file in it: what the receiver of several packages holds them to."""
    here, trial = row.trial.municipality, row.trial
    plan, locked = Plan.of(trial.plan), [protocol.of_offer(trial.protocol_text, arm) for arm in ("offered", "more")]
    told = {
        "format": parts.FORMAT, "municipality": {"number": here.pk, "name": here.name}, "trial": trial.number, "package": row.number, "persons": row.persons,
        **{key: evaluation.digest(text) for key, text in zip(parts.PROTOCOLS, locked[: plan.offers], strict=False)}, "amendments": [each["mark"] for each in chain_of(trial)],
        "files": {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in sorted(folder.iterdir())},
    }  # fmt: skip
    (folder / parts.SIGNED).write_text(json.dumps(signed(told, here.pk), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def zipped(row: Package) -> bytes:
    """The same bytes each time: no clock in it."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder_of(row).iterdir()):
            archive.writestr(zipfile.ZipInfo(file.name), file.read_bytes(), zipfile.ZIP_DEFLATED)
    return held.getvalue()


@action
def keys(row: Package, *, by: Staff) -> list[tuple[str, str]]:
    """(CPR number, pseudonym) of each person, for the register alone: it exchanges the numbers and gives them to nobody else."""
    if row.approved_by_id is None:
        raise Refusal(_("Pakken er ikke udleveret endnu."))
    citizens = list(Citizen.objects.filter(pk__in=Enrolment.objects.filter(trial=row.trial).values("citizen")))
    scope.seen(by, [citizen.pk for citizen in citizens], purpose=row.purpose, page="research.keys", kind="export")
    record("research.keys", row, by=by, persons=len(citizens))
    return sorted((citizen.cpr(), pseudonym(row.trial, "P", citizen.pk)) for citizen in citizens)


@action
def study(row: Package, files: Sequence[UploadedFile], *, by: Staff, offer: str = "offered") -> Delivery:
    """The package and the register's file as a delivery in a study whose protocol is the trial's own, of one of its offers."""
    if row.approved_by_id is None:
        raise Refusal(_("Pakken er ikke udleveret endnu."))
    made = open_study(row.trial, by=by, offer=offer)
    own = [SimpleUploadedFile(file.name, file.read_bytes()) for file in sorted(folder_of(row).iterdir()) if file.suffix == ".csv" or file.name == OWN_NOTE]
    if used := row.answers.filter(state=AnswerFile.State.USED).first():
        own += [SimpleUploadedFile(file.name, file.read_bytes()) for file in sorted(answers_of(used).iterdir())]
    delivery = evaluation.deliver(made, [*own, *files], by=by)
    record("research.study", row, by=by, study=str(made.pk), delivery=delivery.number)
    return delivery


@action
def open_study(trial: Trial, *, by: Staff, offer: str = "offered") -> Study:
    """The study of one offer of the trial, begun with the protocol that was locked. Each amendment since is written in it with its own day and reason."""
    if offer not in Plan.of(trial.plan).arms[:-1]:
        raise Refusal(_("Forsøget har ikke det tilbud."))
    held, locked = Study.objects.filter(municipality=by.municipality_id), protocol.of_offer(trial.protocol_text, offer)
    mark, title = evaluation.digest(locked), trial.title if offer == "offered" else _("%(title)s: det andet tilbud") % {"title": trial.title}
    made = held.filter(Q(protocol_hash=mark) | Q(amendments__before_hash=mark)).order_by("made_at").first()
    made = made or evaluation.begin(title, locked, by=by)
    holds: dict[str, str] = {}
    changes, texts = list(trial.amendments.order_by("number")), [locked]
    for change in changes:
        holds[change.field] = change.after
        texts.append(protocol.of_offer(protocol.amended(trial.protocol_text, holds), offer))
    at = max((place for place, text in enumerate(texts) if evaluation.digest(text) == made.protocol_hash), default=None)
    if at is None:
        raise Refusal(_("Undersøgelsens protokol er rettet i undersøgelsen selv."), _("Den svarer ikke længere til forsøgets."), _("Ret den tilbage, eller lav en ny undersøgelse."))
    for change, text in zip(changes[at:], texts[at + 1 :], strict=True):
        reason = _("Ændring %(number)s af forsøgets protokol, %(day)s: %(reason)s") % {"number": change.number, "day": dato(change.made_on, "lang"), "reason": change.reason}
        if evaluation.digest(text) != made.protocol_hash:
            made = evaluation.amend(made, text, reason, by=by, after_data=change.enrolled > 0)
    record("research.open_study", made, by=by, trial=trial.number, protocol=made.protocol_hash)
    return made


# --- Survey tools -------------------------------------------------------------------------------------------
def answers_of(row: AnswerFile) -> Path:
    return folder_of(row.package).with_name(f"{row.package_id}-svar-{row.number}")


def known(row: Package) -> list[str]:
    """The trial's pseudonyms, in the order that tells nothing. No name, no number and no arm: the survey must not know it."""
    return sorted(pseudonym(row.trial, "P", citizen) for citizen in Enrolment.objects.filter(trial=row.trial).values_list("citizen_id", flat=True))


@action
def survey_list(row: Package, kind: str, link: str, *, by: Staff) -> bytes:
    """A sheet for a survey tool: one line for each pseudonym, with the address of its own questionnaire when the tool wants one."""
    if row.approved_by_id is None:
        raise Refusal(_("Pakken er ikke udleveret endnu."))
    if link and "{noegle}" not in link:
        raise Refusal(_("Adressen har ikke {noegle} i sig."), mend=_("Skriv {noegle}, hvor nøglen skal stå, fx https://svar.eksempel.dk/?id={noegle}."), field="link")
    keys = known(row)
    head = ["noegle", *(["link"] if link else [])]
    rows = [[key, *([link.replace("{noegle}", key)] if link else [])] for key in keys]
    record("research.survey_list", row, by=by, persons=len(keys), kind=kind)
    return sheets.written(kind, "spoergeskema", head, rows)


@action
def fetch_answers(row: Package, file: UploadedFile, *, by: Staff) -> AnswerFile:
    """Read the file and say what would come in. Nothing uses it yet."""
    from snerydder.study import manifest

    row = Package.objects.select_for_update(of=("self",)).get(pk=row.pk)
    if row.approved_by_id is None:
        raise Refusal(_("Pakken er ikke udleveret endnu."))
    name = Path(str(file.name).replace("\\", "/")).name[:200]
    found = answers.check(sheets.read(name, file.read()), set(known(row)))
    if not found.rows:
        raise Refusal(_("Ingen af nøglerne er med i forsøget."), mend=_("Se efter, om det er svarene til netop dette forsøg."), field="file")
    number = 1 + (row.answers.aggregate(last=Max("number"))["last"] or 0)
    made = AnswerFile(municipality_id=by.municipality_id, package=row, number=number, file_name=name, columns=list(found.columns), persons=len(found.rows), aside=found.told, made_by=by)
    folder = answers_of(made)
    shutil.rmtree(folder, ignore_errors=True)  # what an earlier try that failed may have left
    folder.mkdir(parents=True, mode=0o700)
    with (folder / ANSWERS).open("w", encoding="utf-8", newline="") as opened:
        writer = csv.writer(opened, lineterminator="\n")
        writer.writerow([answers.KEY, *found.columns])
        writer.writerows([key, *cells] for key, cells in sorted(found.rows.items()))
    manifest.write([folder / ANSWERS], folder / ANSWERS_NOTE)
    made.save(force_insert=True)
    record("research.fetch_answers", made, by=by, package=row.number, number=number, persons=made.persons, aside=len(made.aside))
    return made


@action
def use_answers(row: AnswerFile, *, by: Staff) -> AnswerFile:
    """From now on a study of the package has these answers. Those before are kept."""
    row = _locked(row)
    if row.state == AnswerFile.State.USED:
        raise Conflict(_("Svarene er allerede i brug."))
    in_use.take(row, row.package.answers)
    record("research.use_answers", row, by=by, number=row.number)
    return row


@action
def withdraw_answers(row: AnswerFile, *, by: Staff) -> AnswerFile:
    """Undo the whole file. The one used before it takes its place again."""
    row = _locked(row)
    if row.state == AnswerFile.State.WITHDRAWN:
        raise Conflict(_("Svarene er allerede trukket tilbage."))
    earlier = in_use.undo(row, row.package.answers)
    record("research.withdraw_answers", row, by=by, number=row.number, back_to=earlier.number if earlier else None)
    return row


def _locked(row: AnswerFile) -> AnswerFile:
    Package.objects.select_for_update(of=("self",)).get(pk=row.package_id)
    return AnswerFile.objects.select_related("package").get(pk=row.pk)

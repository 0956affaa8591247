"""One study of several municipalities: each one's signed package is taken in by itself, and one delivery is laid of them all (decision 10).

A package is refused whole when anything in it does not agree: the signature, a file, the protocol, its amendments, a person who is in
another package already.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from snerydder.access.models import Staff
from snerydder.access.signing import is_signed
from snerydder.audit.action import Conflict, Refusal, action
from snerydder.audit.events import record
from snerydder.evaluation import actions, queries, store
from snerydder.evaluation.models import Delivery, Part, Study
from snerydder.evaluation.worker import PROTOCOL

FORMAT, SIGNED = "snerydder-pakke-1", "underskrift.json"
LOTTERY, KEY, TOWN = "lodtraekning.csv", "noegle", "kommune"
LARGEST, MOST_FILES = 200_000_000, 40  # bytes unpacked, and files: a package is small, and a zip may lie
NOT_JOINED = {"kodebog.csv"}
# the package's protocol of each offer, and where its signature says which protocol that was when it was locked
PROTOCOLS = {"protocol_sha256": PROTOCOL, "other_sha256": "study-andet-tilbud.toml"}


@action
def take(study: Study, file: UploadedFile, *, by: Staff) -> Part:
    """A municipality's package. A newer one from the same municipality takes the place of the older."""
    study = Study.objects.select_for_update().get(pk=study.pk)
    if queries.municipalities(study) < 2:
        raise Refusal(_("Undersøgelsen er for én kommune."), mend=_("Hent dataene som en leverance i stedet."), field="files")
    content = file.read()
    told, files = _opened(content)
    code, name = told["municipality"]["number"], told["municipality"]["name"][:80]
    _same_protocol(study, told, files, name)
    there = list(study.parts.exclude(state=Part.State.WITHDRAWN))
    _same_sender(there, code, name, told["key"])
    mark = hashlib.sha256(content).hexdigest()
    if any(each.sha256 == mark and each.state == Part.State.USED for each in there):
        raise Conflict(_("Pakken fra %(town)s er taget ind før.") % {"town": name})
    _own_persons(study, code, name, _persons(files, name, told["persons"]))
    number = 1 + (study.parts.aggregate(last=Max("number"))["last"] or 0)
    part = Part(
        municipality_id=by.municipality_id, study=study, number=number, code=code, name=name, key=told["key"], sha256=mark, persons=told["persons"],
        manifest=told, made_by=by,
    )  # fmt: skip
    store.forget(store.of_part(part))  # what an earlier try that failed may have left
    store.keep(store.of_part(part), [SimpleUploadedFile(each, held) for each, held in files.items()])
    study.parts.filter(code=code, state=Part.State.USED).update(state=Part.State.REPLACED)
    part.save(force_insert=True)
    record("evaluation.take_part", part, by=by, study=str(study.pk), town=name, persons=part.persons, sha256=mark)
    return part


@action
def withdraw(part: Part, *, by: Staff) -> Part:
    """The municipality is not in the next delivery. What was counted on it stands in its own delivery, which can be withdrawn too."""
    Study.objects.select_for_update().get(pk=part.study_id)
    part.refresh_from_db()
    if part.state != Part.State.USED:
        raise Conflict(_("Pakken er ikke med længere."))
    part.state = Part.State.WITHDRAWN
    part.save(update_fields=["state"])
    record("evaluation.withdraw_part", part, by=by, town=part.name)
    return part


def join(study: Study, files: Sequence[UploadedFile], *, by: Staff) -> Delivery:
    """All the packages and the register's files as one delivery, by the ordinary verb."""
    held = queries.parts(study)
    if len(held) < 2:
        raise Refusal(_("Der skal pakker fra mindst to kommuner til."), mend=_("Tag pakkerne fra kommunerne ind først."), field="files")
    from snerydder.study import manifest

    with tempfile.TemporaryDirectory() as folder:
        for name, rows in _tables(held).items():
            with (Path(folder) / name).open("w", encoding="utf-8", newline="") as opened:
                csv.writer(opened, lineterminator="\n").writerows(rows)
        manifest.write(sorted(Path(folder).glob("*.csv")), Path(folder) / "manifest-kommuner.json", {"kontakter.csv"})  # nobody may have met anybody
        own = [SimpleUploadedFile(file.name, file.read_bytes()) for file in sorted(Path(folder).iterdir())]
    told = [{"code": each.code, "name": each.name, "persons": each.persons, "sha256": each.sha256} for each in held]
    return actions.deliver(study, [*own, *files], by=by, parts=told)


def _opened(content: bytes) -> tuple[dict[str, Any], dict[str, bytes]]:
    """What the signature says, and the files it says it of: every one, and no other."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            held = archive.infolist()
            if len(held) > MOST_FILES or sum(each.file_size for each in held) > LARGEST or any("/" in each.filename or "\\" in each.filename for each in held):
                raise ValueError("not a package")
            files = {each.filename: archive.read(each) for each in held}
        told = json.loads(files.pop(SIGNED))
        is_one = told["format"] == FORMAT and PROTOCOL in files and _has_all(told)
    except Exception:  # noqa: BLE001  whatever the reader stumbles over, the person did not write it
        is_one = False
    if not is_one:
        raise Refusal(_("Det er ikke en pakke fra et forsøg."), mend=_("Kommunen henter den på pakkens side: Hent pakken."), field="files")
    if not is_signed(told) or {name: hashlib.sha256(held).hexdigest() for name, held in files.items()} != told["files"]:
        raise Refusal(_("Underskriften passer ikke."), _("Pakken er ændret, efter at kommunen udleverede den."), _("Bed kommunen om pakken igen."), field="files")
    return told, files


def _has_all(told: dict[str, Any]) -> bool:
    """Each value is of its kind, so that nothing after this asks again."""
    code, name = told["municipality"]["number"], told["municipality"]["name"]
    numbers = all(type(each) is int and 0 < each < 10**6 for each in (code, told["persons"]))
    texts = isinstance(name, str) and isinstance(told["protocol_sha256"], str) and "\\u0000" not in json.dumps(told)  # which no table can hold
    return numbers and texts and isinstance(told["amendments"], list) and isinstance(told["files"], dict)


def _same_protocol(study: Study, told: dict[str, Any], files: dict[str, bytes], town: str) -> None:
    first = study.amendments.order_by("made_at").first()
    locked = first.before_hash if first else study.protocol_hash
    file = next((file for key, file in PROTOCOLS.items() if told.get(key) == locked), None)
    if file is None:
        raise Refusal(
            _("%(town)s har fulgt en anden protokol.") % {"town": town}, _("Kun kommuner, der har låst den samme protokol, kan regnes sammen."),
            _("Se efter, om pakken hører til et andet forsøg."), field="files",
        )  # fmt: skip
    if hashlib.sha256(files.get(file, b"")).hexdigest() != study.protocol_hash:
        here, there = study.amendments.count(), len(told["amendments"])
        raise Refusal(
            ngettext(
                "%(town)s har %(there)s ændring af protokollen, og undersøgelsen har %(here)s.", "%(town)s har %(there)s ændringer af protokollen, og undersøgelsen har %(here)s.", there,
            ) % {"town": town, "there": there, "here": here},
            _("Alle skal følge den samme udgave."),
            _("Åbn undersøgelsen igen fra forsøget, så den får ændringerne med.") if there > here else _("Bed kommunen tage ændringerne ind og udlevere en ny pakke."), field="files",
        )  # fmt: skip


def _same_sender(there: Sequence[Part], code: int, town: str, key: str) -> None:
    """The first package shows the municipality's key; after that it is known by it. Its name is the group lots were drawn in."""
    if any(each.code != code and each.name == town for each in there):
        raise Refusal(_("Der er allerede en anden kommune, der hedder %(town)s, i undersøgelsen.") % {"town": town}, mend=_("Ring til kommunen, og hør, om pakken er dens."), field="files")
    if any((each.code == code) != (each.key == key) for each in there):
        raise Refusal(
            _("Pakken fra %(town)s er skrevet under med en nøgle, der ikke er kommunens.") % {"town": town}, mend=_("Ring til kommunen, og hør, hvilken nøgle den har."), field="files"
        )  # fmt: skip


def _persons(files: dict[str, bytes], town: str, said: int) -> set[str]:
    rows = list(csv.DictReader(io.StringIO(files.get(LOTTERY, b"").decode("utf-8", "replace"))))
    keys = [row.get(KEY) or "" for row in rows]
    if len(keys) != said or len(set(keys)) != len(keys) or "" in keys or {row.get(TOWN) for row in rows} != {town}:
        raise Refusal(_("Lodtrækningens fil fra %(town)s passer ikke til det, kommunen har skrevet under på.") % {"town": town}, mend=_("Bed kommunen om en ny pakke."), field="files")
    return set(keys)


def _own_persons(study: Study, code: int, town: str, persons: set[str]) -> None:
    for part in queries.parts(study):
        if part.code == code:
            continue
        with (store.of_part(part) / LOTTERY).open(encoding="utf-8", newline="") as opened:
            if twice := persons & {row[KEY] for row in csv.DictReader(opened)}:
                raise Refusal(
                    _("%(number)s af personerne fra %(town)s er også i pakken fra %(other)s.") % {"number": len(twice), "town": town, "other": part.name},
                    _("Der trækkes lod én gang om hver person."), field="files",
                )  # fmt: skip


def _tables(held: Sequence[Part]) -> dict[str, list[list[str]]]:
    """Each file over all municipalities, its rows sorted: their order tells nothing."""
    found: dict[str, list[list[str]]] = {}
    for part in held:
        for file in sorted(store.of_part(part).glob("*.csv")):
            if file.name in NOT_JOINED:
                continue
            with file.open(encoding="utf-8", newline="") as opened:
                head, *rows = csv.reader(opened)
            kept = found.setdefault(file.name, [head])
            if kept[0] != head:
                raise Refusal(_("%(file)s har andre kolonner i pakken fra %(town)s.") % {"file": file.name, "town": part.name}, mend=_("Kommunerne skal bruge samme udgave af Snerydder."), field="files")
            kept += rows
    return {name: [head, *sorted(rows)] for name, (head, *rows) in found.items()}

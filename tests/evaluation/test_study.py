"""From protocol to report through the pages, with the engine really started; and every way it can be refused."""

import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from snerydder.audit.action import Conflict, Refusal
from snerydder.audit.models import Event
from snerydder.evaluation import actions, engine, queries, store, worker
from snerydder.evaluation.models import Amendment, Delivery, Release, Run, Study
from tests import small_study
from tests.cast import Cast
from tests.pages.visit import visitor

WAIT = 240.0


def until(folder: Path) -> dict[str, Any]:
    """What the engine left. It works in a process of its own."""
    end = time.monotonic() + WAIT
    while time.monotonic() < end:
        if (found := store.outcome(folder)) is not None:
            return found
        time.sleep(0.1)
    raise AssertionError((folder / "log").read_text(encoding="utf-8"))


def test_from_protocol_to_report(client: Client, cast: Cast, tmp_path: Path, django_capture_on_commit_callbacks: Any) -> None:
    freja = visitor(client, cast.freja)
    protocol = SimpleUploadedFile("study.toml", small_study.PROTOCOL.encode())
    said = freja.post(reverse("evaluation:new"), {"title": "Virker det?", "file": protocol, "protocol": ""}, follow=True).content.decode()
    study = Study.objects.get()
    assert "Undersøgelsen er oprettet" in said and study.protocol_hash[:12] in said
    with django_capture_on_commit_callbacks(execute=True):
        freja.post(reverse("evaluation:deliver", args=[study.pk]), {"files": small_study.uploads(tmp_path)})
    delivery = Delivery.objects.get()
    assert until(store.trial_of(delivery))["persons"] == small_study.PERSONS
    said = freja.get(reverse("evaluation:delivery", args=[delivery.pk])).content.decode()
    assert "trukket til kontrol" in said and "Brug leverancen" in said
    freja.post(reverse("evaluation:use", args=[delivery.pk]))
    with django_capture_on_commit_callbacks(execute=True):
        answer = freja.post(reverse("evaluation:run_study", args=[study.pk]))
    run = Run.objects.get()
    assert answer["Location"] == reverse("evaluation:run", args=[run.pk])
    assert until(store.of_run(run))["done"]
    said = freja.get(reverse("evaluation:run", args=[run.pk])).content.decode()
    assert "40,0" in said and "Det kan man ikke slutte" in said and run.protocol_hash[:12] in said
    assert [event.verb for event in Event.objects.filter(verb__startswith="evaluation.").order_by("id")] == [
        "evaluation.begin", "evaluation.deliver", "evaluation.use", "evaluation.run",
    ]  # fmt: skip


def test_the_engine_is_given_no_way_to_the_case_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given: dict[str, Any] = {}
    monkeypatch.setenv("APP_DATABASE_URL", "postgresql://secret")
    monkeypatch.setattr(subprocess, "Popen", lambda command, **rest: given.update(rest, command=command))
    engine._start("check", tmp_path)
    assert given["command"][-2:] == ["check", str(tmp_path)]
    assert set(given["env"]) <= {*engine.KNOWN, "PYTHONPATH"} and "postgres" not in json.dumps(given["env"])


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda files: files[:-1], "manifest.json: Følgesedlen mangler"),
        (lambda files: files[1:], "dream.csv: Filen står på følgesedlen, men er ikke med"),
        (lambda files: [*files, SimpleUploadedFile("mere.csv", b"a\n1\n")], "mere.csv: Filen er med, men står ikke på følgesedlen"),
        (lambda files: [SimpleUploadedFile("dream.csv", files[0].read().replace(b"731", b"651", 1)), *files[1:]], "Tallene er andre i kolonne y_1201"),
        (lambda files: [SimpleUploadedFile("dream.csv", files[0].read().replace(b"y_1201,", b"", 1)), *files[1:]], "dream.csv"),
        (lambda files: [*files, SimpleUploadedFile("../dream.csv", b"a\n1\n")], "To filer hedder det samme"),
        (lambda files: [*files[:-1], SimpleUploadedFile("manifest.json", b"{}")], "Filen er ikke en følgeseddel"),
        (lambda files: [*files[:-1], SimpleUploadedFile("manifest.json", b"\xff")], "Følgesedlen kan ikke læses"),
    ],
)
def test_a_delivery_that_is_not_as_it_was_counted_is_refused(change: Any, told: str, cast: Cast, study: Study, tmp_path: Path) -> None:
    with pytest.raises(Refusal) as refused:
        actions.deliver(study, change(small_study.uploads(tmp_path)), by=cast.freja)
    assert told in str(refused.value) and refused.value.field == "files"
    assert not Delivery.objects.exists() and not list(store.of_study(study).glob("leverance-*/*")), "nothing is left of it"


def test_a_file_the_protocol_needs_and_nobody_sent(cast: Cast, study: Study, tmp_path: Path) -> None:
    actions.amend(study, small_study.PROTOCOL.replace("data/kontakter.csv", "data/moeder.csv"), "Filen hedder noget andet.", by=cast.freja)
    with pytest.raises(Refusal, match=r"moeder\.csv: Filen står i protokollen, men er ikke i leverancen"):
        actions.deliver(study, small_study.uploads(tmp_path), by=cast.freja)


@pytest.mark.parametrize(
    ("protocol", "told"),
    [
        ("titel = 1", "study.toml"), (small_study.PROTOCOL.replace("week = 20", "week = 99"), "99"), ("[", "Protokollen kan ikke læses"),
        (small_study.PROTOCOL.replace('seed = "lille"', 'seed = "UDFYLD"'), "1 linjer er ikke udfyldt"),
    ],
)  # fmt: skip
def test_a_protocol_the_engine_cannot_read_is_refused(protocol: str, told: str, client: Client, cast: Cast) -> None:
    said = visitor(client, cast.freja).post(reverse("evaluation:new"), {"title": "Virker det?", "protocol": protocol}).content.decode()
    assert told in said and not Study.objects.exists()


def test_what_the_engine_cannot_read_is_told_where(client: Client, cast: Cast, study: Study, tmp_path: Path) -> None:
    sent = small_study.files(tmp_path)
    (tmp_path / "lodtraekning.csv").write_text((tmp_path / "lodtraekning.csv").read_text().replace("kontrol", "hjemme", 1))
    sent = [*sent[:-1], small_study.manifest.write(sent[:-1], tmp_path / "manifest.json")]
    delivery = actions.deliver(study, [SimpleUploadedFile(file.name, file.read_bytes()) for file in sent], by=cast.freja)
    worker.main(["check", str(store.trial_of(delivery))])
    said = visitor(client, cast.freja).get(reverse("evaluation:delivery", args=[delivery.pk])).content.decode()
    assert "lodtraekning.csv, række 3" in said and "hjemme" in said and "Brug leverancen" not in said
    with pytest.raises(Refusal, match="kan ikke læses"):
        actions.use(delivery, by=cast.freja)


def test_a_reading_that_was_cut_off_can_be_tried_again(client: Client, cast: Cast, delivery: Delivery) -> None:
    for name in (worker.OUTCOME, worker.HELD):
        (store.trial_of(delivery) / name).unlink()
    (store.trial_of(delivery) / worker.PROTOCOL).touch()  # as if it had just been started
    page = reverse("evaluation:delivery", args=[delivery.pk])
    freja = visitor(client, cast.freja)
    assert freja.get(reverse("evaluation:delivery_progress", args=[delivery.pk])).json()["running"]
    store.forget(store.trial_of(delivery))
    assert "Læsningen blev afbrudt" in freja.get(page).content.decode()
    freja.post(reverse("evaluation:check_again", args=[delivery.pk]))
    assert worker.main(["check", str(store.trial_of(delivery))]) == 0
    assert "trukket til indsatsen" in freja.get(page).content.decode()


def test_the_second_delivery_is_held_against_the_first_and_can_be_undone(client: Client, cast: Cast, study: Study, run: Run, tmp_path: Path) -> None:
    second = actions.deliver(study, small_study.uploads(tmp_path / "second", persons=76), by=cast.freja)
    worker.main(["check", str(store.trial_of(second))])
    said = visitor(client, cast.freja).get(reverse("evaluation:delivery", args=[second.pk])).content.decode()
    assert "Filerne mod leverance 1" in said and "før 80 rækker" in said and "personer, før 80" in said
    actions.use(second, by=cast.freja)
    newest = actions.run(study, by=cast.freja)
    small_study.work(store.of_run(newest))
    client.post(reverse("evaluation:withdraw", args=[second.pk]))
    assert {each.number: each.state for each in study.deliveries.all()} == {1: "used", 2: "withdrawn"}
    assert [told.is_valid for told in queries.runs(study)] == [False, True]
    assert "Den må ikke bruges" in client.get(reverse("evaluation:run", args=[newest.pk])).content.decode()
    with pytest.raises(Refusal, match="trukket tilbage"):
        actions.ask_release(newest, "Udvalget", by=cast.freja)


def test_a_protocol_changed_after_data_is_told_on_the_report(client: Client, cast: Cast, study: Study, run: Run) -> None:
    page = reverse("evaluation:protocol", args=[study.pk])
    changed = small_study.PROTOCOL.replace("week = 20", "week = 19")
    freja = visitor(client, cast.freja)
    assert "på hver side af rapporten" in freja.get(page).content.decode()
    freja.post(page, {"protocol": changed, "reason": "Uge 20 er efterårsferie.", "seen": study.protocol_hash})
    made = Amendment.objects.get()
    assert made.after_data and made.before == small_study.PROTOCOL
    newest = actions.run(study, by=cast.freja)
    small_study.work(store.of_run(newest))
    assert "Uge 20 er efterårsferie." in freja.get(reverse("evaluation:run", args=[newest.pk])).content.decode()
    assert "efterårsferie" not in freja.get(reverse("evaluation:run", args=[run.pk])).content.decode(), "the run before it stands as it was"
    with pytest.raises(Conflict, match="En anden har ændret protokollen"):
        actions.amend(study, small_study.PROTOCOL, "Tilbage igen.", by=cast.freja, seen=study.protocol_hash)


def test_an_engine_that_was_killed_is_known_at_once_and_one_that_is_silent_is_not_taken_for_dead(client: Client, cast: Cast, study: Study, delivery: Delivery) -> None:
    made = actions.run(study, by=cast.freja)
    folder = store.of_run(made)
    holds = "import fcntl, sys, time; held = open(sys.argv[1], 'w'); fcntl.flock(held, fcntl.LOCK_EX); print('has it', flush=True); time.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", holds, str(folder / worker.HELD)], stdout=subprocess.PIPE) as engine:
        assert engine.stdout is not None and engine.stdout.readline() == b"has it\n"
        os.utime(folder / worker.PROTOCOL, (1, 1))  # nothing heard of it for years
        assert store.progress(folder)["running"]
        engine.kill()
    assert not store.progress(folder)["running"]
    assert "Kørslen blev afbrudt" in visitor(client, cast.freja).get(reverse("evaluation:run", args=[made.pk])).content.decode()
    assert actions.run(study, by=cast.freja).number == made.number + 1


def test_two_runs_are_not_started_at_once(cast: Cast, study: Study, delivery: Delivery) -> None:
    actions.run(study, by=cast.freja)
    with pytest.raises(Conflict, match="Kørsel 1 er i gang"):
        actions.run(study, by=cast.freja)


# --- The report ------------------------------------------------------------------------------------
def test_every_figure_has_its_formula_its_hashes_and_its_files(client: Client, cast: Cast, run: Run) -> None:
    freja = visitor(client, cast.freja)
    said = freja.get(reverse("evaluation:run", args=[run.pk])).content.decode()
    figures = re.findall(r"<figure .*?</figure>", said, re.DOTALL)
    assert len(figures) >= 5
    for figure in figures:
        assert "Regnet som" in figure and run.protocol_hash[:12] in figure and run.delivery.files[0]["sha256"][:12] in figure
        under = re.search(r'<p class="sn-under">(.*?)</p>', figure)
        assert under
        for form in ("SVG", "PNG", "PDF", "CSV"):
            link = re.search(rf'href="([^"]+)" download>{form}<', under[1])
            assert link and freja.get(link[1]).status_code == 200, form
    kinds = {"effect-su_education.svg": b"<svg", "effect-su_education.png": b"\x89PNG", "effect-su_education.pdf": b"%PDF", "weekly.csv": b"outcome,week", "study.toml": b"title"}
    for name, begins in kinds.items():
        answer = freja.get(reverse("evaluation:file", args=[run.pk, name]))
        assert answer.content.startswith(begins), name
        assert f'filename="{name}"' in answer["Content-Disposition"]


@pytest.mark.parametrize("name", ["outcome.json", "log", "dream.csv", "..%2F..%2Fstudy.toml", "x.svg", "report.html", "effect-su_education.exe"])
def test_no_other_file_is_to_be_had(name: str, client: Client, cast: Cast, run: Run) -> None:
    address = reverse("evaluation:file", args=[run.pk, "x"])[:-1] + name
    assert visitor(client, cast.freja).get(address).status_code == 404


def test_the_report_as_one_file_runs_nothing_and_fetches_nothing(client: Client, cast: Cast, run: Run) -> None:
    answer = visitor(client, cast.freja).get(reverse("evaluation:report", args=[run.pk]))
    assert "script-src" not in answer["Content-Security-Policy"] and "sandbox" in answer["Content-Security-Policy"]
    assert answer.content.startswith(b"<!DOCTYPE html>") and b"<script" not in answer.content


def test_the_style_of_the_report_stays_in_the_report(client: Client, cast: Cast) -> None:
    said = visitor(client, cast.freja).get(reverse("evaluation:style")).content.decode()
    assert said.startswith("@scope (.sn-report) {") and "body {" not in said and ":root" not in said and "@page" not in said


# --- Letting it out --------------------------------------------------------------------------------
def test_it_takes_two_to_let_a_report_out(client: Client, cast: Cast, run: Run) -> None:
    page = reverse("evaluation:run", args=[run.pk])
    assert visitor(client, cast.henrik).get(page).status_code == 404, "nobody has asked yet"
    freja = visitor(Client(), cast.freja)
    freja.post(reverse("evaluation:ask_release", args=[run.pk]), {"audience": "Beskæftigelsesudvalget"})
    release = Release.objects.get()
    assert release.approved_by is None and "Frigiv rapporten" in client.get(page).content.decode()
    client.post(reverse("evaluation:approve_release", args=[release.pk]))
    release.refresh_from_db()
    assert release.approved_by == cast.henrik and "Frigivet til Beskæftigelsesudvalget" in client.get(page).content.decode()
    assert "frigivet" in client.get(reverse("evaluation:studies")).content.decode()
    with pytest.raises(Conflict, match="allerede frigivet"):
        actions.approve_release(release, by=cast.henrik)


def test_nobody_says_yes_to_his_own(cast: Cast, run: Run) -> None:
    release = actions.ask_release(run, "Udvalget", by=cast.henrik)
    with pytest.raises(Refusal, match="Du har selv bedt om"):
        actions.approve_release(release, by=cast.henrik)
    with pytest.raises(IntegrityError, match="release_two_persons"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE evaluation_release SET approved_by_id = asked_by_id, approved_at = now()")


def test_another_report_than_the_one_asked_for_is_not_let_out(cast: Cast, run: Run) -> None:
    release = actions.ask_release(run, "Udvalget", by=cast.freja)
    report = store.results(run, "da") / "report.html"
    report.write_text(report.read_text(encoding="utf-8").replace("40,0", "14,0"), encoding="utf-8")
    with pytest.raises(Refusal, match="ikke den, der blev bedt om"):
        actions.approve_release(release, by=cast.henrik)


def test_a_list_with_nothing_in_it_says_what_to_do(client: Client, cast: Cast) -> None:
    said = visitor(client, cast.freja).get(reverse("evaluation:studies")).content.decode()
    assert "Begynd med protokollen" in said and "Det kræver to" in said

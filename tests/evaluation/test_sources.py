"""Every figure of the two source documents that a program can produce comes out of the invented trial; and a wrong one is seen."""

import csv
import io
import json
import re
import shutil
from collections import Counter
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from snerydder.evaluation import shown, store
from snerydder.evaluation.models import Run
from snerydder.evaluation.papers import som
from snerydder.evaluation.sources import claims
from snerydder.study import analysis, data, demo, gate, protocol, provenance, writing
from snerydder.study.progress import Silent
from tests.cast import Cast
from tests.pages.visit import visitor


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The invented trial from its files to its report, once."""
    folder = tmp_path_factory.mktemp("forsoeget")
    read = protocol.read(demo.write(folder))
    loaded = data.load(read)
    writing.write(folder / "ud", read, gate.apply(analysis.run(loaded, Silent()), loaded), provenance.trace(read, loaded.reading))
    return folder / "ud"


def test_every_figure_agrees(results: Path) -> None:
    rows = claims.compare(results)
    assert [f"{row.claim.what}: {row.claim.theirs} / {row.ours}" for row in rows if not row.agrees] == []
    assert Counter(row.claim.document for row in rows) == {claims.TALK: 64, claims.LIST: 15}, "a figure taken off the list is missed"
    assert len([row for row in rows if row.claim.theirs == row.ours]) >= 40, "most are the same to the last printed digit"


def test_every_row_leads_to_its_section_of_the_report(results: Path) -> None:
    there = set(re.findall(r'<section id="([^"]+)"', (results / "report.html").read_text(encoding="utf-8")))
    assert {claim.anchor for claim in claims.CLAIMS} <= there


def test_the_workbook_for_som_holds_the_run_s_own_numbers(results: Path) -> None:
    made = som.render(results, "Mentor til udsatte unge", [("Protokol", "4402")])
    assert made
    book = load_workbook(io.BytesIO(made))
    assert book.sheetnames == ["Læs først", "Indsatsen", "Konsekvenser", "Kasserne", "Pris for én mere"]
    told = json.loads((results / "results.json").read_text(encoding="utf-8"))
    effort = {row[0]: row[1] for row in book["Indsatsen"].iter_rows(min_row=2, values_only=True)}
    assert (effort["Trukket til indsatsen"], effort["Pris for en mentortime"]) == (1299, 400)
    weeks = list(book["Konsekvenser"].iter_rows(min_row=2, values_only=True))
    education = [row for row in weeks if "uddannelse" in row[0]]
    assert [row[1:4] for row in education] == [(1, 0, 51), (2, 52, 75)]
    whole = next(row for row in csv.DictReader((results / "summaries.csv").open(encoding="utf-8")) if row["outcome"] == "su_education" and row["what"] == "weeks in state, 0-75")
    assert sum(row[4] for row in education) == pytest.approx(float(whole["effect"])), "the years are the whole"
    purses = {(row[0], row[1]): row[2] for row in book["Kasserne"].iter_rows(min_row=2, values_only=True)}
    assert purses["Kommunen", "I alt"] == pytest.approx(told["money"]["views"]["municipality"]["effect"])
    assert purses["Regionen", "I alt"] == 0
    total = [purses[purse, "I alt"] for purse in ("Kommunen", "Staten", "Regionen")]
    assert sum(total) == pytest.approx(purses["Det offentlige i alt", "I alt"])
    extra = {row[0]: row[1:] for row in book["Pris for én mere"].iter_rows(min_row=2, values_only=True)}
    low, value, high = (told["money"]["per_extra"]["su_education"][name] for name in ("lower", "value", "upper"))
    assert extra["Kroner til mentor for én mere: uddannelse"] == pytest.approx((value, low, high))


def changed(results: Path, folder: Path, file: str, change: object) -> set[str]:
    """What no longer agrees when a number of the run is another."""
    shutil.copytree(results, folder / "andet")
    path = folder / "andet" / file
    if file.endswith(".csv"):
        with path.open(encoding="utf-8", newline="") as opened:
            rows = list(csv.DictReader(opened))
        for row in rows:
            change(row)  # type: ignore[operator]
        with path.open("w", encoding="utf-8", newline="") as opened:
            writer = csv.DictWriter(opened, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
    else:
        told = json.loads(path.read_text(encoding="utf-8"))
        change(told)  # type: ignore[operator]
        path.write_text(json.dumps(told), encoding="utf-8")
    return {row.claim.what for row in claims.compare(folder / "andet") if not row.agrees}


def scaled(name: str, factor: float) -> object:
    return lambda row: row.update({name: str(float(row[name]) * factor)}) if row.get(name) else None


@pytest.mark.parametrize(
    ("file", "change", "seen"),
    [
        ("balance.csv", scaled("control", 1.01), {"Alder, kontrolgruppe", "Gennemsnitskarakter i dansk og matematik, 9. klasse, kontrolgruppe"}),
        ("weekly.csv", scaled("share_treated", 1.05), {"I uddannelse efter et år, med mentor"}),
        ("weekly.csv", scaled("effect", 1.3), {"Uddannelse: forskel", "Uddannelse: stigning", "Job: forskel", "Job: stigning"}),
        ("delivery.csv", scaled("share_with_contact", 1.1), {"Andel med mentor, uge 5 til ca. 40"}),
        ("delivery.csv", lambda row: row.update(minutes="75"), {"Tid med mentor omkring uge 52-53"}),
        ("places.csv", scaled("per_full_time", 1.3), {"10-14 deltagere pr. fuldtidsmentor", "20+ deltagere pr. fuldtidsmentor", "Unge pr. mentor"}),
        ("places.csv", lambda row: row.update(part_time="1") if row["name"] == "Aalborg" else None, {"Udelukkende fuldtidsmentorer", "Flest fuldtidsmentorer"}),
        ("subgroups.csv", lambda row: row.update(lower="-0.001") if row["part"] == "kvinder" else None, {"Uddannelse: signifikant for"}),
        ("results.json", lambda told: told["mentor_answers"].update(kvinde=0.64), {"Mentorerne: Kvinder"}),
        ("results.json", lambda told: told["mapped"]["inspected"].update(not_followed=0.2), {"Ikke fulgt op på, om ydelsen er leveret"}),
        ("results.json", lambda told: told["mapped"]["courses"].update(over_half_year=0.4), {"Mentor som eneste indsats varer typisk"}),
        ("results.json", lambda told: [one.update(from_week_pointwise=70) for one in told["outcomes"]], {"Uddannelse: signifikant med 90 %", "Job: signifikant med 90 %"}),
    ],
)  # fmt: skip
def test_a_number_that_is_another_is_seen(results: Path, tmp_path: Path, file: str, change: object, seen: set[str]) -> None:
    assert seen <= changed(results, tmp_path, file, change)


def test_the_page_shows_theirs_and_ours(client: Client, cast: Cast, run: Run, results: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shown, "is_invented_trial", lambda run: True)
    monkeypatch.setattr(store, "results", lambda run, language: results)
    freja = visitor(client, cast.freja)
    said = freja.get(reverse("evaluation:sources", args=[run.pk])).content.decode()
    assert "79 af 79" in said and "Det er ikke et nyt bevis" in said and "stemmer ikke" not in said
    assert "efter ca. 52 uger" in said and "fra uge 50; for hele kurven fra uge 52" in said and f'{reverse("evaluation:run", args=[run.pk])}#su_education' in said
    assert "Kilderne genskabt" in freja.get(reverse("evaluation:run", args=[run.pk])).content.decode()


def test_another_study_is_not_held_against_the_sources(client: Client, cast: Cast, run: Run) -> None:
    freja = visitor(client, cast.freja)
    assert "Jeres egne data skal ikke ligne dem" in freja.get(reverse("evaluation:sources", args=[run.pk])).content.decode()
    assert "Kilderne genskabt" not in freja.get(reverse("evaluation:run", args=[run.pk])).content.decode()


def test_the_invented_trial_is_known_by_its_protocol(run: Run) -> None:
    assert not shown.is_invented_trial(run)
    run.protocol_hash = provenance.fingerprint(shown.INVENTED)
    assert shown.is_invented_trial(run)

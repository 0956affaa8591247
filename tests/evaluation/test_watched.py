"""A trial that runs is watched week by week, and what one saw last week does not tell a few persons this week."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from snerydder.evaluation import actions, store, worker
from snerydder.evaluation.models import Delivery, Study
from tests import small_study
from tests.cast import Cast
from tests.pages.visit import visitor

PROTOCOL = small_study.PROTOCOL + "\n[looks]\nsharpest = 200\n\n[policy]\nempty_end = \"keep\"\nnot_covered = \"leave_out\"\n"
STOPPING = '\n[trial]\nstopping = "Når 2.000 er trukket, og ikke før."\n'


def sent(folder: Path, persons: int, waves: int, moved: int = 0) -> list[SimpleUploadedFile]:
    """Two hundred persons drawn in waves four weeks apart; those of the first `waves` are known so far. `moved` have been put right since."""
    folder.mkdir(parents=True, exist_ok=True)
    days = ["2012-01-30", "2012-02-27", "2012-03-26", "2012-04-23", "2012-05-21"]
    rows, drawn, contacts = [], [], []
    for place in range(persons):
        wave = place * 5 // persons
        if wave >= waves:
            continue
        name, treated = f"P{place:03d}", place % 2 == 0
        begins = 5 + 4 * wave + place % 13 if (treated and place % 7) or place % 4 == 1 else 99
        begins = 99 if place < 2 * moved and treated else begins
        rows.append(",".join([name, *("651" if week >= begins else "731" for week in range(len(small_study.WEEKS)))]))
        drawn.append(f"{name},{'deltager' if treated else 'kontrol'},{days[wave]},{'Fjordby' if place % 4 < 2 else 'Bakkeby'}")
        contacts += [f"{name},{week},45" for week in range(2, 18, 2)] if treated else []
    written = {"dream.csv": [",".join(["pnr", *small_study.WEEKS]), *rows], "lodtraekning.csv": ["pnr,gruppe,dato,kommune", *drawn], "kontakter.csv": ["pnr,uge,minutter", *contacts]}
    for name, lines in written.items():
        (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    files = [folder / name for name in written]
    return [SimpleUploadedFile(file.name, file.read_bytes()) for file in [*files, small_study.manifest.write(files, folder / small_study.manifest.NAME)]]


def comes(study: Study, cast: Cast, folder: Path, waves: int, **options: Any) -> Delivery:
    """A delivery is taken into use, and the engine counts what is known."""
    made = actions.deliver(study, sent(folder, 200, waves, **options), by=cast.freja)
    assert worker.main(["check", str(store.trial_of(made))]) == 0, store.outcome(store.trial_of(made))
    made = actions.use(made, by=cast.freja)
    assert worker.main(["watch", str(store.watch_of(made))]) == 0, store.outcome(store.watch_of(made))
    return made


@pytest.fixture
def study(cast: Cast) -> Study:
    return actions.begin("Følges", PROTOCOL, by=cast.freja)


def rows(delivery: Delivery) -> list[list[int]]:
    found: list[list[int]] = json.loads((store.watch_of(delivery) / worker.MEMORY).read_text(encoding="utf-8")).get("su_education", [])
    return found


def test_a_coordinator_watches_as_data_come(client: Client, cast: Cast, study: Study, tmp_path: Path) -> None:
    dorthe = visitor(client, cast.dorthe)
    assert "Der er ingen data i brug endnu" in dorthe.get(reverse("evaluation:watched", args=[study.pk])).content.decode()
    comes(study, cast, tmp_path / "a", 3)
    here = reverse("evaluation:watched", args=[study.pk])
    assert here in dorthe.get(reverse("evaluation:studies")).content.decode()
    said = dorthe.get(here).content.decode()
    assert "uanset hvor tit I kigger" in said and "<svg" in said and "Kalenderuge" in said and "leverance 1" in said
    assert "protokollen har ingen regel om at stoppe" in said and "kan stoppe" not in said and "bør stoppe" not in said
    assert dorthe.get(reverse("evaluation:study", args=[study.pk])).status_code == 403


def test_each_week_shown_has_nobody_or_five_more_than_every_other_shown_before(cast: Cast, study: Study, tmp_path: Path) -> None:
    first = rows(comes(study, cast, tmp_path / "a", 3))
    later = rows(comes(study, cast, tmp_path / "b", 5))
    assert first and [row for row in later if row in first] == first and len(later) > len(first), "what was seen last week still stands"
    assert not few_apart([[0] * 4, *later], later)


def few_apart(some: list[list[int]], others: list[list[int]]) -> bool:
    return any(0 < abs(a - b) < 5 for one in some for other in others for a, b in zip(one, other, strict=True))


def test_where_three_have_been_put_right_since_no_week_tells_it(cast: Cast, study: Study, tmp_path: Path) -> None:
    first = rows(comes(study, cast, tmp_path / "a", 3))
    later = rows(comes(study, cast, tmp_path / "b", 5, moved=3))
    forgetful = rows(comes(actions.begin("Husker intet", PROTOCOL, by=cast.freja), cast, tmp_path / "d", 5, moved=3))
    assert later and few_apart(first, forgetful) and not few_apart(first, later)
    assert rows(comes(study, cast, tmp_path / "c", 5, moved=3)) == later, "and the page is the same when nothing has happened"


def test_the_protocols_own_rule_is_the_only_word_on_stopping(client: Client, cast: Cast, tmp_path: Path) -> None:
    study = actions.begin("Med regel", PROTOCOL + STOPPING, by=cast.freja)
    comes(study, cast, tmp_path / "a", 4)
    said = visitor(client, cast.freja).get(reverse("evaluation:watched", args=[study.pk])).content.decode()
    assert "»Når 2.000 er trukket, og ikke før.«" in said and "ingen regel om at stoppe" not in said


def test_counting_that_was_cut_off_can_be_begun_again(client: Client, cast: Cast, study: Study, tmp_path: Path) -> None:
    made = comes(study, cast, tmp_path / "a", 3)
    before = rows(made)
    (store.watch_of(made) / worker.OUTCOME).unlink()
    (store.watch_of(made) / worker.PROTOCOL).unlink()
    (store.watch_of(made) / worker.PROGRESS).unlink(missing_ok=True)
    freja = visitor(client, cast.freja)
    assert "ikke regnet færdig" in freja.get(reverse("evaluation:watched", args=[study.pk])).content.decode()
    freja.post(reverse("evaluation:watch", args=[study.pk]))
    assert worker.main(["watch", str(store.watch_of(made))]) == 0
    assert rows(made) == before


def test_so_few_that_nothing_can_be_shown_are_told_as_such(client: Client, cast: Cast, study: Study, delivery_of_nobody: Delivery) -> None:
    said = visitor(client, cast.freja).get(reverse("evaluation:watched", args=[study.pk])).content.decode()
    assert "Der skal være flere end 50 personer" in said and "<svg viewBox" not in said and "Kalenderuge" not in said


@pytest.fixture
def delivery_of_nobody(cast: Cast, study: Study, tmp_path: Path) -> Delivery:
    return comes(study, cast, tmp_path / "nobody", 1)

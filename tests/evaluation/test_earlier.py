"""What one report showed is remembered when the next is counted and let out."""

import json
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from snerydder.audit.action import Refusal
from snerydder.evaluation import actions, store, worker
from snerydder.evaluation.models import Run, Study
from tests import small_study
from tests.cast import Cast
from tests.pages.visit import visitor


def let_out(run: Run, cast: Cast) -> None:
    actions.approve_release(actions.ask_release(run, "direktionen", by=cast.freja), by=cast.henrik)


def another(cast: Cast, folder: Path, persons: int) -> Run:
    """A second study, of the first so many persons, counted for real."""
    study = actions.begin("Den anden", small_study.PROTOCOL, by=cast.freja)
    made = actions.deliver(study, small_study.uploads(folder, persons), by=cast.freja)
    worker.main(["check", str(store.trial_of(made))])
    actions.use(made, by=cast.freja)
    return actions.run(study, by=cast.freja)


def test_a_report_let_out_is_remembered_with_what_it_showed_and_no_pseudonym(cast: Cast, run: Run) -> None:
    let_out(run, cast)
    [memory] = store.earlier(run.municipality_id)
    assert memory["name"] == "En lille undersøgelse, kørsel 1" and memory["counts"]["su_education|control|20|yes"] == 16
    assert "P001" not in json.dumps(memory) and len(memory["who"]["treated"]) == 40
    assert store.earlier(run.municipality_id, run) == [], "it does not stand in its own way"


def test_a_study_of_two_persons_fewer_is_told_why_and_what_to_do(client: Client, cast: Cast, run: Run, tmp_path: Path) -> None:
    let_out(run, cast)
    later = another(cast, tmp_path / "fewer", small_study.PERSONS - 2)
    assert worker.main(["run", str(store.of_run(later))]) == 2
    said = visitor(client, cast.freja).get(reverse("evaluation:run", args=[later.pk])).content.decode()
    assert "En lille undersøgelse, kørsel 1" in said and "forskellige med under 5 personer" in said and "Vent, til mindst 5 flere" in said
    assert not (store.of_run(later) / worker.RESULTS).exists()


def test_a_run_that_did_not_know_of_a_report_let_out_since_is_counted_again_first(cast: Cast, run: Run, study: Study) -> None:
    second = actions.run(study, by=cast.freja)
    small_study.work(store.of_run(second))
    asked = actions.ask_release(second, "udvalget", by=cast.freja)
    let_out(run, cast)
    with pytest.raises(Refusal, match="En anden rapport er frigivet, siden kørslen blev regnet: En lille undersøgelse, kørsel 1"):
        actions.approve_release(asked, by=cast.henrik)
    third = actions.run(study, by=cast.freja)
    assert worker.main(["run", str(store.of_run(third))]) == 0
    let_out(third, cast)
    assert len(store.earlier(run.municipality_id)) == 2

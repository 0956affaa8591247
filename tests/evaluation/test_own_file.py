"""A municipality without a register: its own outcome file, from the template on the page to a report that says how far it reaches."""

import html
import re
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from snerydder.evaluation import actions, reading, store, worker
from snerydder.evaluation.models import Study
from snerydder.registers import weeks
from tests import small_study
from tests.cast import Cast
from tests.pages.visit import visitor

FILLED = {
    'title = "UDFYLD: forsøgets navn"': 'title = "Vores eget forsøg"', 'seed = "UDFYLD: en tekst, I selv vælger"': 'seed = "egen"', "redraws = 10000": "redraws = 199",
    'file = "UDFYLD.csv"\nkey = "UDFYLD"       # kolonnen med personens nøgle (pseudonym)\nscheme': 'file = "data/udfald.csv"\nkey = "pnr"\nscheme',
    'first_week = "UDFYLD: 2025-W01"': 'first_week = "2012-W01"', 'last_week = "UDFYLD: 2026-W52"': 'last_week = "2013-W08"',
    'file = "UDFYLD.csv"\nkey = "UDFYLD"\narm = "UDFYLD" ': 'file = "data/lodtraekning.csv"\nkey = "pnr"\narm = "gruppe" ', 'treated = "UDFYLD" ': 'treated = "deltager" ', 'control = "UDFYLD" ': 'control = "kontrol" ',
    'date = "UDFYLD" ': 'date = "dato" ', "strata = [] ": 'strata = ["kommune"] ', "last = 75": "last = 20", "summary_from = 52": "summary_from = 10", "summary_to = 75": "summary_to = 20",
    "week = 52 ": "week = 20 ", "week = 75": "week = 20",
}  # fmt: skip


def filled(text: str) -> str:
    for old, new in FILLED.items():
        assert old in text, old
        text = text.replace(old, new)
    return text


def own_files(folder: Path) -> list[SimpleUploadedFile]:
    """Three in five of those drawn and one in five of the others begin in education; every tenth has a job; some have no row at all."""
    _dream, lottery, *_rest = small_study.files(folder)
    first = weeks.from_iso(2012, 1)
    rows = ["pnr,uge,kode"]
    for place in range(small_study.PERSONS):
        if place % 10 == 3:
            rows += [f"P{place:03d},{weeks.name(first + week)},102" for week in range(35, 60)]
        elif place % 5 < (1 if place % 2 else 3):
            rows += [f"P{place:03d},{weeks.name(first + week)},101" for week in range(30, 60)]
    own = folder / "udfald.csv"
    own.write_text("\n".join(rows) + "\n", encoding="utf-8")
    note = small_study.manifest.write([own, lottery], folder / "manifest.json")
    return [SimpleUploadedFile(file.name, file.read_bytes()) for file in (own, lottery, note)]


def test_from_the_template_on_the_page_to_a_report_that_says_how_far_it_reaches(client: Client, cast: Cast, tmp_path: Path) -> None:
    freja = visitor(client, cast.freja)
    page = freja.get(reverse("evaluation:new") + "?udfald=eget").content.decode()
    assert "ser de bedre ud, end de er" in page
    shown = re.search(r"<textarea[^>]*>\n?(.*?)</textarea>", page, re.DOTALL)
    assert shown
    freja.post(reverse("evaluation:new"), {"title": "Vores eget", "protocol": filled(html.unescape(shown[1]))})
    study = Study.objects.get()
    delivery = actions.deliver(study, own_files(tmp_path), by=cast.freja)
    assert worker.main(["check", str(store.trial_of(delivery))]) == 0, store.outcome(store.trial_of(delivery))
    actions.use(delivery, by=cast.freja)
    run = actions.run(study, by=cast.freja)
    small_study.work_again(store.of_run(run))
    said = freja.get(reverse("evaluation:run", args=[run.pk])).content.decode().replace("\xa0", " ")
    assert "kommunens egne oplysninger" in said and "ser de bedre ud, end de er" in said and "<strong>60,0 %</strong>" in said


def test_both_templates_can_be_read_once_they_are_filled() -> None:
    """A template with a hole nobody was told of could never be used."""
    assert "{job}" not in reading.template() and "{job}" not in reading.template(own=True)
    assert [one.name for one in reading.protocol(filled(reading.template(own=True))).outcomes] == ["education_own", "job_own"]
    register = reading.template()
    for old, new in FILLED.items():
        register = register.replace(old, new)
    register = register.replace('file = "UDFYLD.csv"\nkey = "UDFYLD" ', 'file = "dream.csv"\nkey = "pnr" ')
    assert [one.name for one in reading.protocol(register).outcomes] == ["su_education"]


def test_a_file_of_dream_s_codes_is_not_taken_for_one_s_own(client: Client, cast: Cast, tmp_path: Path) -> None:
    study = actions.begin("Forkert kilde", filled(reading.template(own=True)), by=cast.freja)
    files = own_files(tmp_path)
    own = tmp_path / "udfald.csv"
    own.write_text(own.read_text().replace(",101", ",651"), encoding="utf-8")
    note = small_study.manifest.write([own, tmp_path / "lodtraekning.csv"], tmp_path / "manifest.json")
    delivery = actions.deliver(study, [SimpleUploadedFile(own.name, own.read_bytes()), files[1], SimpleUploadedFile(note.name, note.read_bytes())], by=cast.freja)
    worker.main(["check", str(store.trial_of(delivery))])
    found = store.outcome(store.trial_of(delivery))
    assert found is not None and not found["done"] and "651" in found["what"] and "DREAM" in found["what"]

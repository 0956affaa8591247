"""Deliveries that are wrong although the sender counted them: each is told by file and place, with what to do, and none can be used."""

import html
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from snerydder.audit.action import Refusal
from snerydder.evaluation import actions, store, worker
from snerydder.evaluation.models import Delivery, Study
from snerydder.registers.faults import BadInput
from tests import small_study
from tests.cast import Cast
from tests.pages.visit import visitor

Lines = list[str]
Change = Callable[[Lines], Lines]


def sent(study: Study, cast: Cast, folder: Path, file: str, change: Change) -> Delivery:
    """A delivery whose note fits its files: the fault was there before the sender counted."""
    files = small_study.files(folder)[:-1]
    (folder / file).write_text("\n".join(change((folder / file).read_text(encoding="utf-8").splitlines())) + "\n", encoding="utf-8")
    note = small_study.manifest.write(files, folder / "manifest.json")
    made = actions.deliver(study, [SimpleUploadedFile(one.name, one.read_bytes()) for one in [*files, note]], by=cast.freja)
    worker.main(["check", str(store.trial_of(made))])
    return made


def shifted(lines: Lines) -> Lines:
    """Every value one column to the left, as when a column is lost on the way."""
    return [lines[0], *(",".join([*line.split(",")[1:], ""]) for line in lines[1:])]


def other_keys(lines: Lines) -> Lines:
    return [lines[0], *("Q" + line[1:] for line in lines[1:])]


def cut(lines: Lines) -> Lines:
    return [*lines[:-1], lines[-1][: len(lines[-1]) // 2].rstrip(",")]


def twice(lines: Lines) -> Lines:
    return [*lines, lines[5]]


def header_shifted(lines: Lines) -> Lines:
    return [lines[0].replace("y_1201,", "", 1), *lines[1:]]


REFUSED = [
    ("dream.csv", other_keys, "dream.csv", "samme pseudonym"),
    ("lodtraekning.csv", other_keys, "dream.csv", "Q000"),
    ("kontakter.csv", other_keys, "kontakter.csv", "Ingen af kontakterne"),
    ("dream.csv", shifted, "dream.csv", ""),
    ("lodtraekning.csv", shifted, "lodtraekning.csv", ""),
    ("dream.csv", twice, "dream.csv", "P004"),
    ("lodtraekning.csv", twice, "lodtraekning.csv", "P004"),
    ("kontakter.csv", lambda lines: [lines[0], lines[1].replace(",45", ",fyrre"), *lines[2:]], "kontakter.csv", "fyrre"),
    ("kontakter.csv", lambda lines: [lines[0], lines[1].replace(",45", ",-45"), *lines[2:]], "kontakter.csv", "-45"),
    ("lodtraekning.csv", lambda lines: [line.replace("2012-06-04", "04/06-12") for line in lines], "lodtraekning.csv", "04/06-12"),
    ("lodtraekning.csv", lambda lines: [line.replace("2012-06-04", "2031-06-04") for line in lines], "", "uge"),
    ("lodtraekning.csv", lambda lines: [line.replace("gruppe", "arm") for line in lines], "lodtraekning.csv", "gruppe"),
]


@pytest.mark.parametrize(("file", "change", "told_of", "word"), REFUSED)
def test_a_fault_from_before_the_count_is_told_and_the_delivery_cannot_be_used(file: str, change: Change, told_of: str, word: str, client: Client, cast: Cast, study: Study, tmp_path: Path) -> None:
    delivery = sent(study, cast, tmp_path, file, change)
    found = store.outcome(store.trial_of(delivery))
    assert found is not None and not found["done"] and "trouble" not in found, found
    assert told_of in found["file"] and found["what"] and (found["mend"] or found["expected"]), found
    assert word in " ".join(map(str, found.values())), found
    said = html.unescape(visitor(client, cast.freja).get(reverse("evaluation:delivery", args=[delivery.pk])).content.decode())
    assert found["what"] in said and "Brug leverancen" not in said and "Hent andre filer" in said
    with pytest.raises(Refusal, match="kan ikke læses"):
        actions.use(delivery, by=cast.freja)


UNCOUNTED = [
    ("dream.csv", header_shifted, "Så er kolonnerne forskudt"), ("dream.csv", cut, "afbrudt undervejs"), ("lodtraekning.csv", cut, "afbrudt undervejs"), ("lodtraekning.csv", lambda lines: lines[:1], "Filen er tom"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "change", "told"), UNCOUNTED)
def test_a_file_that_does_not_hang_together_cannot_even_be_counted(file: str, change: Change, told: str, cast: Cast, study: Study, tmp_path: Path) -> None:
    """The sender is told when counting. A note made of another file, and the same file sent, is refused here."""
    with pytest.raises(BadInput) as fault:
        sent(study, cast, tmp_path / "afsender", file, change)
    assert told in str(fault.value) and file in str(fault.value)
    files = small_study.uploads(tmp_path / "her")
    broken = SimpleUploadedFile(file, (tmp_path / "afsender" / file).read_bytes())
    with pytest.raises(Refusal, match=file.replace(".", r"\.")) as refused:
        actions.deliver(study, [broken if one.name == file else one for one in files], by=cast.freja)
    assert refused.value.field == "files" and not Delivery.objects.exists()


def unknown(lines: Lines) -> Lines:
    return [lines[0], *(line.replace("731", "499") if place < 3 else line for place, line in enumerate(lines[1:]))]


def test_an_unknown_code_is_told_and_stops_a_final_run(client: Client, cast: Cast, study: Study, tmp_path: Path) -> None:
    draft = sent(study, cast, tmp_path / "udkast", "dream.csv", unknown)
    said = re.sub(r"\s+", " ", visitor(client, cast.freja).get(reverse("evaluation:delivery", args=[draft.pk])).content.decode())
    assert "Ubekræftede koder" in said and "499" in said
    final = actions.begin("Endelig", small_study.PROTOCOL.replace('status = "draft"', 'status = "final"'), by=cast.freja)
    stopped = sent(final, cast, tmp_path / "endelig", "dream.csv", unknown)
    found = store.outcome(store.trial_of(stopped))
    assert found is not None and not found["done"] and "499" in " ".join(map(str, found.values())), found


def test_a_file_cut_off_on_the_way_is_seen_by_the_count(cast: Cast, study: Study, tmp_path: Path) -> None:
    files = small_study.uploads(tmp_path)
    whole = files[0].read()
    with pytest.raises(Refusal, match=r"dream\.csv"):
        actions.deliver(study, [SimpleUploadedFile("dream.csv", whole[: len(whole) * 2 // 3]), *files[1:]], by=cast.freja)
    assert not Delivery.objects.exists()


def test_two_columns_that_changed_places_are_seen_by_their_sums(cast: Cast, study: Study, tmp_path: Path) -> None:
    """The same bytes in another order: only the sum of each column tells."""
    files = small_study.uploads(tmp_path)
    lines = files[0].read().decode().splitlines()
    names = lines[0].split(",")
    early, late = names.index("y_1201"), names.index("y_1308")
    names[early], names[late] = names[late], names[early]
    with pytest.raises(Refusal, match=r"dream\.csv"):
        actions.deliver(study, [SimpleUploadedFile("dream.csv", "\n".join([",".join(names), *lines[1:], ""]).encode()), *files[1:]], by=cast.freja)


def test_an_undone_delivery_leaves_the_one_before_in_use_in_one_press(client: Client, cast: Cast, study: Study, delivery: Delivery, tmp_path: Path) -> None:
    second = actions.deliver(study, small_study.uploads(tmp_path / "to", persons=76), by=cast.freja)
    worker.main(["check", str(store.trial_of(second))])
    actions.use(second, by=cast.freja)
    visitor(client, cast.freja).post(reverse("evaluation:withdraw", args=[second.pk]))
    delivery.refresh_from_db()
    assert delivery.state == Delivery.State.USED

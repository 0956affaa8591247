"""Every list can be taken out as a file by those who may, and by nobody else."""

import csv
import io

import openpyxl
import pytest

from snerydder.audit.models import Lookup
from tests.pages.visit import Page, visitor

LISTS = [
    ("dorthe", "/sager/?vis=alle"), ("dorthe", "/sager/?vis=uden-kontakt"), ("dorthe", "/mentorer/?"), ("henrik", "/medarbejdere/?"),
    ("henrik", "/oekonomi/?aar=2026"), ("gitte", "/oekonomi/?"),
]  # fmt: skip


@pytest.mark.parametrize(("who", "path"), LISTS)
def test_a_list_is_a_file_too(client, town, who, path):
    user = visitor(client, getattr(town.cast, who))
    joint = "" if path.endswith("?") else "&"
    page = Page(user.get(path))
    assert any(words == "Hent som Excel" for words, _href in page.links), path
    book = openpyxl.load_workbook(io.BytesIO(user.get(f"{path}{joint}format=xlsx").content))
    sheet = [list(row) for row in book.active.iter_rows(values_only=True)]
    text = user.get(f"{path}{joint}format=csv").content
    assert text.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(text.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert rows[0] == sheet[0] and len(rows) == len(sheet) > 1


@pytest.mark.parametrize("path", ["/sager/?format=xlsx", "/mentorer/?format=csv"])
@pytest.mark.parametrize("who", ["carl", "erik"])
def test_a_mentor_and_an_auditor_take_nothing_out(client, town, who, path):
    user = visitor(client, getattr(town.cast, who))
    assert user.get(path).status_code == 403
    assert "Hent som" not in Page(user.get(path.partition("?")[0])).words


def test_a_list_of_no_citizens_leaves_no_look_up(client, town):
    before = Lookup.objects.count()
    assert visitor(client, town.cast.dorthe).get("/mentorer/?format=csv").status_code == 200
    assert Lookup.objects.count() == before


def test_the_mentors_file(client, town):
    text = visitor(client, town.cast.dorthe).get("/mentorer/?format=csv").content.decode("utf-8-sig")
    row = dict(zip(*csv.reader(io.StringIO(text, newline=""), delimiter=";"), strict=True))
    assert (row["Navn"], row["Åbne sager"], row["Sager på fuld tid"], row["Tager imod sager"]) == ("Carl Clausen", "8", "8,0", "ja")

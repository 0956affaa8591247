"""`snerydder import`: the same as the page, for those who bring in whole files."""

import io

import pytest
from django.core.management import CommandError, call_command
from openpyxl import load_workbook

from snerydder.access.tenancy import within
from snerydder.casework.people.models import Citizen
from snerydder.exchange.csv.models import Import
from tests.exchange.paper import CITIZENS, text


def run(tmp_path, rows, *more, name="borgere.csv", by="dorthe"):
    path = tmp_path / name
    path.write_bytes(text(rows).encode("cp1252"))
    said = io.StringIO()
    call_command("import", str(path), "--kind", "citizens", "--by", by, *more, stdout=said)
    return said.getvalue()


def test_it_shows_and_does_nothing_until_told_to(cast, tmp_path):
    said = run(tmp_path, CITIZENS)
    assert "2 nye" in said and "Ydelse" in said and "--yes" in said
    with within(901):
        assert Citizen.objects.count() == 1 and not Import.objects.exists(), "a file that was not wanted is not kept"


def test_it_imports_and_writes_what_was_refused(cast, tmp_path):
    where = tmp_path / "afviste.xlsx"
    said = run(tmp_path, [*CITIZENS, ["1", "Bo", "Ane", "", "", "", "", "", ""]], "--yes", "--refused", str(where))
    assert "2 nye" in said and "1 afviste" in said and "Linje 4" in said and "Filen er importeret" in said
    with within(901):
        assert Citizen.objects.count() == 3
    rows = list(load_workbook(where).active.values)
    assert rows[0] == (*CITIZENS[0], "Årsag") and rows[1][:3] == ("1", "Bo", "Ane") and "CPR" in rows[1][-1]


def test_it_asks_who_imports(cast, tmp_path):
    with pytest.raises(CommandError, match="ingen bruger"):
        run(tmp_path, CITIZENS, by="nobody")
    with pytest.raises(CommandError, match="må ikke importere"):
        run(tmp_path, CITIZENS, by="carl")


def test_a_file_that_cannot_be_read_is_one_sentence(cast, tmp_path):
    with pytest.raises(CommandError, match="Filtypen"):
        run(tmp_path, CITIZENS, name="borgere.pdf")

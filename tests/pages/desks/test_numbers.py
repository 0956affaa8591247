"""Every number on every desk leads to exactly the rows it counts: followed here as a reader would, link by link."""

import re

import pytest

from snerydder.access import actions as access
from snerydder.casework.cases import actions as cases
from snerydder.desks.filters import FILTERS
from snerydder.desks.selection import Selection, by_key, count, tally
from tests import build
from tests.pages.desks.conftest import TODAY
from tests.pages.visit import visitor

DESKS = [
    ("bente", "/venter/"), ("bente", "/venter/?hvem=enhed"), ("dorthe", "/overblik/"), ("henrik", "/ledelse/"), ("erik", "/revision/"),
    ("erik", "/revision/?vis=med-paamindelser"),
]  # fmt: skip
CARD = re.compile(r'<a class="sn-count-card[^"]*" href="([^"]+)">\s*<span class="sn-number">([\d.]+)</span>')
LINK = re.compile(r'<a class="dk-number[^"]*" href="([^"]+)"[^>]*>(\d+)</a>')
TOTAL = re.compile(r'data-total="(\d+)"')


def numbers_on(text: str) -> list[tuple[str, int]]:
    return [(href.replace("&amp;", "&"), int(number.replace(".", ""))) for pattern in (CARD, LINK) for href, number in pattern.findall(text)]


def rows_behind(client, path: str, href: str) -> int:
    """What the list says it holds, and what its pages hold when leafed through."""
    address = path.partition("?")[0] + href if href.startswith("?") else href
    first = client.get(address).content.decode()
    total = int(TOTAL.search(first)[1])
    pages = range(1, -(-total // 50) + 1)
    held = sum(len(re.findall(r'<td[^>]*>\s*<a href="/sager/[0-9a-f-]{36}/">', client.get(f"{address}&side={page}").content.decode())) for page in pages)
    assert held == total, (address, held, total)
    return total


@pytest.mark.parametrize(("who", "path"), DESKS)
def test_every_number_leads_to_its_rows(client, town, who, path):
    cases.close(
        town.fresh("running"), by=town.cast.bente, on=TODAY, goal_result="reached", result_text="Hun er begyndt på HF.", follows="education",
    )  # fmt: skip
    user = visitor(client, getattr(town.cast, who))
    found = numbers_on(user.get(path).content.decode())
    assert len(found) >= 4
    assert any(number for _href, number in found)
    for href, number in found:
        assert rows_behind(user, path, href) == number, (path, href)


def test_a_list_that_loses_a_row_would_be_found(client, town, monkeypatch):
    """The test above can fail: here the list leaves one case out, and the number does not."""
    whole = Selection.rows
    monkeypatch.setattr(Selection, "rows", lambda self, staff: whole(self, staff).exclude(number="2026-00008"))
    user = visitor(client, town.cast.henrik)
    found = [(href, number) for href, number in numbers_on(user.get("/ledelse/").content.decode()) if "uden-kontakt" in href]
    assert found and all(rows_behind(user, "/ledelse/", href) == number - 1 for href, number in found)


@pytest.mark.parametrize("key", FILTERS)
def test_one_filter_counts_and_lists(town, key):
    staff = town.cast.henrik
    assert count(staff, {"one": Selection(key)})["one"].count == Selection(key).rows(staff).count()


@pytest.mark.parametrize("key", [key for key, each in FILTERS.items() if each.open])
def test_a_filter_of_open_cases_holds_no_closed_one(town, key):
    cases.close(town.fresh("silent"), by=town.cast.bente, on=TODAY, goal_result="not", result_text="Det lykkedes ikke.", follows="other")
    assert not Selection(key).rows(town.cast.henrik).filter(closed_on__isnull=False).exists()


def test_groups_add_up_to_the_whole(town):
    staff = town.cast.henrik
    elsewhere = access.add_unit("Jobteamet", by=staff)
    build.referred(town.cast, build.citizen(town.cast, 60), unit=elsewhere)
    for by in ("unit", "stage", "mentor"):
        groups = tally(staff, by, by_key("aabne", "uden-kontakt"))
        whole = count(staff, by_key("aabne", "uden-kontakt"))
        assert sum(group["aabne"] for group in groups.values()) == whole["aabne"].count
        assert sum(group["uden-kontakt"] for group in groups.values()) == whole["uden-kontakt"].count


def test_the_list_understands_nonsense(client, town):
    dorthe = visitor(client, town.cast.dorthe)
    for query in ("vis=findes-ikke", "mentor=ikke-en-uuid", "trin=%00", "side=99999", "side=-1", "sorter=kodeord", "hvem=%F0%9F%90%9F", "enhed="):
        assert dorthe.get(f"/sager/?{query}").status_code == 200, query

"""The manual: every link and picture in it is there. With SNERYDDER_MANUAL its pictures are taken anew, in the town of the demo."""

import re
import struct
from pathlib import Path
from urllib.parse import unquote

import pytest

from snerydder.project.demo.cast import AMINA_CPR
from tests.journeys import steps
from tests.journeys.conftest import Arrive
from tests.journeys.pictures import FOLDER, LARGEST
from tests.journeys.walking import MANUAL, Visitor

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)(?: [^)]*)?\)")


def links(page: Path) -> list[str]:
    text = re.sub(r"```.*?```|`[^`\n]*`", "", page.read_text("utf-8"), flags=re.DOTALL)
    return [link for link in LINK.findall(text) if not re.match(r"[a-z]+:", link)]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_each_link_and_picture_is_there(page: Path) -> None:
    for link in links(page):
        path, _hash, part = unquote(link).partition("#")
        found = (page.parent / path).resolve() if path else page
        assert found.exists(), f"{link} er der ikke"
        if part and found.suffix == ".md":
            assert part in anchors(found), f"{link}: ingen overskrift hedder det"


def anchors(page: Path) -> set[str]:
    text = page.read_text("utf-8")
    headings = re.findall(r"^#+ (.+)$", text, flags=re.MULTILINE)
    return set(re.findall(r'id="([^"]+)"', text)) | {re.sub(r"[^\wæøå -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_each_picture_is_used_and_small() -> None:
    used = {Path(link).name for page in PAGES for link in links(page)}
    for picture in FOLDER.glob("*"):
        assert picture.name in used, f"{picture.name} vises ingen steder"
        assert picture.stat().st_size < LARGEST, picture.name
        width = struct.unpack(">I", picture.read_bytes()[16:20])[0]
        assert picture.stem.endswith(f"-{width}"), f"{picture.name} er {width} bred"


@pytest.mark.browser
@pytest.mark.skipif(not MANUAL, reason="billederne tages kun, når manualen laves")
def test_pictures_of_an_ordinary_day(arrive: Arrive) -> None:
    carl = arrive("Carl Clausen", phone=True).open("/i-dag/").shot("mentor-i-dag")
    carl.follow("Amina Y.").shot("borgeren", tall=1000)
    bente = arrive("Bente Bak").open("/venter/").shot("venter")
    the_case(bente).shot("sagen", tall=1080)
    dorthe = arrive("Dorthe Dam").open("/overblik/").shot("overblik")
    steps.read_a_file(dorthe)
    dorthe.shot("import", tall=1080)
    arrive("Henrik Holm").open("/ledelse/").shot("ledelse", tall=1700)
    arrive("Gitte Gram").open("/oekonomi/").shot("oekonomi")
    arrive("Erik Eng").open("/revision/").shot("revision")
    freja = arrive("Freja Friis").open("/undersoegelser/").follow(re.compile("opdigtede forsøg"))
    report = freja.link_to("Rapport")
    freja.follow("Leverance 1").shot("leverance", tall=1080)
    freja.open(report).shot("rapport", tall=1250)


@pytest.mark.browser
@pytest.mark.skipif(not MANUAL, reason="billederne tages kun, når manualen laves")
def test_pictures_of_the_questions(arrive: Arrive) -> None:
    carl = arrive("Carl Clausen", phone=True).open("/i-dag/")
    carl.follow(re.compile("Se og svar")).shot("spoergsmaal", tall=1250)
    dorthe = arrive("Dorthe Dam").open("/spoergsmaal/")
    dorthe.follow("Mere end en arbejdsdag").shot("spoergsmaal", tall=1080)


@pytest.mark.browser
@pytest.mark.skipif(not MANUAL, reason="billederne tages kun, når manualen laves")
def test_pictures_of_the_support_as_agreed(arrive: Arrive) -> None:
    dorthe = arrive("Dorthe Dam").open("/som-aftalt/").shot("som-aftalt", tall=1700)
    dorthe.follow("Hjælpen og virkningsfaktorerne").shot("som-aftalt-hjaelp", tall=1900)
    dorthe.follow("Vejen til støtte").shot("som-aftalt-vejen", tall=1100)
    carl = arrive("Carl Clausen", phone=True).open("/spoergeskemaer/")
    carl.page.locator("#mine-tabel a").first.click()
    carl.shot("spoergeskema", tall=1300)


@pytest.mark.browser
@pytest.mark.skipif(not MANUAL, reason="billederne tages kun, når manualen laves")
def test_pictures_of_money_and_look_ups(arrive: Arrive) -> None:
    gitte, erik = arrive("Gitte Gram"), arrive("Erik Eng")
    gitte.open("/budget/").shot("budget", tall=1450)
    gitte.open("/timesedler/").shot("timesedler")
    erik.open("/opslag/").follow("Oktober 2026" if erik.page.get_by_role("link", name="Oktober 2026").count() else re.compile("20"), "main table")
    erik.page.locator("main a[href^='/opslag/udtaget/']").first.click()
    erik.sees("Derfor er det udtaget").shot("opslag", tall=1080)


def the_case(bente: Visitor) -> Visitor:
    bente.page.get_by_role("searchbox").fill(AMINA_CPR)
    bente.press("Søg", "header")
    return bente.follow(re.compile(r"^\d{4}-\d{5}$"))

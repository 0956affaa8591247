"""The steps of a case as people take them on the pages. Each begins where its person would stand and ends where the product leaves them."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

from playwright.sync_api import expect

from snerydder.law.months import last_day
from snerydder.project.demo.cast import PASSWORD
from tests import small_study
from tests.journeys.walking import Visitor

__all__ = ["PASSWORD", "last_day"]
UUID_IN = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True)
class Person:
    """Somebody invented, born in the 1800s."""

    cpr: str
    first: str
    last: str

    @property
    def name(self) -> str:
        return f"{self.first} {self.last}"

    @property
    def alias(self) -> str:
        return f"{self.first} {self.last[0]}."


def id_in(address: str) -> UUID:
    found = UUID_IN.search(address)
    assert found, address
    return UUID(found[0])


def register(bente: Visitor, who: Person) -> None:
    """Searched for first, not found, and registered from there: the number is written once."""
    bente.page.get_by_role("searchbox").fill(who.cpr)
    bente.press("Søg", "header").sees("Ingen borger har det CPR-nummer")
    bente.press("Opret borgeren")
    bente.write("Fornavn", who.first).write("Efternavn", who.last).write("Telefon", "00 00 00 21").write("Område", "Havnen")
    bente.write("Sprog", "dansk, arabisk").pick("Målgruppe (LAB § 6)", re.compile("^6.5 "))
    bente.press("Opret borger", "main").told(f"{who.name} er oprettet")


def refer(bente: Visitor) -> UUID:
    bente.follow("Henvis til mentor")
    bente.write("Hvorfor kan borgeren have brug for en mentor?", "Hun kommer ikke op om morgenen og åbner ikke sin post.")
    bente.tap("At komme op og af sted").tap("Læse, skrive, digital post")
    bente.write("Hvad siger borgeren selv?", "Jeg vil gerne i skole. Jeg sover for længe.")
    bente.shot("henvis", tall=1200)
    bente.press("Send til vurdering").told("Borgeren er henvist")
    return id_in(bente.here)


def assess(bente: Visitor, *, again: bool = False) -> None:
    if again:
        bente.follow("Lav en ny vurdering", "#handlinger")
    else:
        bente.next_step()
    bente.pick("Målgruppe efter § 6", re.compile("^6.5 "))
    bente.write("Din vurdering af behovet", "Du har brug for hjælp til at komme op to morgener om ugen og til at læse breve.")
    bente.tap("En mentor er af afgørende betydning")
    bente.write("Hvorfor er en mentor afgørende?", "Uden en mentor kommer du ikke til samtaler og kan ikke begynde på hf.")
    bente.tap("Ja", "Vil borgeren gerne have en mentor?").tap("Der er behov for en mentor", "Konklusion")
    bente.shot("vurdering", tall=1300)
    bente.press("Gem vurderingen").told("Vurderingen er gemt")


def fill_grant(bente: Visitor, first: date, last: date) -> None:
    """The page of the decision, top to bottom."""
    bente.tap("Mentorstøtte, første periode (LAB § 167, stk. 1, 1. pkt.)")
    fill_rest_of_grant(bente)
    bente.date("Første dag", first).date("Sidste dag", last)


def fill_rest_of_grant(bente: Visitor) -> None:
    bente.tap("Ordinær uddannelse", "Hvad skal støtten hjælpe borgeren til?")
    bente.write("Formålet med egne ord", "At begynde på hf efter nytår og blive der.")
    bente.group("Timer").first.get_by_label("Timer", exact=True).fill("2")
    bente.effort.written += 1
    bente.write("Hvorfor netop så mange timer?", "To morgener om ugen à en halv time, og et møde om breve.")


def grant(bente: Visitor, first: date) -> None:
    fill_grant(bente, first, last_day(first, 6))
    bente.press("Bevil mentor").told("Mentorstøtten er bevilget")


def choose_mentor(dorthe: Visitor, name: str, why: str) -> None:
    dorthe.follow(f"Vælg {name}")
    dorthe.write("Hvorfor netop denne mentor?", why)
    dorthe.press("Vælg mentor").told(f"{name} er valgt som mentor")


def write_agreement(dorthe: Visitor) -> None:
    dorthe.write("Mål, helst med borgerens egne ord", "Jeg vil gerne i skole.")
    dorthe.tap("MitID og digital hjælp")  # the tasks come from the need; this one nobody has papers for
    dorthe.press("Gem aftalen").told("Nu skal alle tre sige ja")


def note_yes(dorthe: Visitor, who: str) -> None:
    """Somebody said yes at a meeting."""
    part = dorthe.page.locator(".sn-party", has_text=who)
    part.locator("summary").click()
    part.get_by_text("på et møde").click()
    dorthe.press("Notér ja", part).told("Ja fra")


def tomorrow(day: date) -> date:
    return day + timedelta(days=1)


def read_a_file(dorthe: Visitor, name: str = "borgere.csv") -> None:
    """As it comes out of a case system: semicolons, Windows letters, and one line that cannot be right."""
    rows = (
        "CPR-nummer;Fornavn;Efternavn;Enhed;Telefon;Sprog", "160677-6051;Åse;Sørensen-Høj;Ungeteamet;00 00 00 31;dansk",
        "1706786061;Sami;Zeitoun;Ungeteamet;00 00 00 32;dansk, arabisk", "310299-1234;Bo;Bak;Ungeteamet;;dansk", "",
    )  # fmt: skip
    dorthe.open("/import/").tap("Borgere", "Hvad er der i filen?")
    dorthe.box("Fil").set_input_files({"name": name, "mimeType": "text/csv", "buffer": "\r\n".join(rows).encode("cp1252")})
    dorthe.press("Læs filen").sees("2 bliver oprettet").sees("1 række er afvist")


def study(freja: Visitor, folder: Path) -> str:
    """A small study from protocol to report, which she asks to have let out. The report's address."""
    sent = small_study.files(folder / "data")
    (folder / "study.toml").write_text(small_study.PROTOCOL, encoding="utf-8")
    freja.open("/undersoegelser/").follow("Ny undersøgelse").write("Hvad skal undersøges?", "En lille undersøgelse")
    freja.box("Protokol som fil").set_input_files(folder / "study.toml")
    freja.press("Opret undersøgelsen").follow("Hent data", "main")
    freja.box("Datafiler og følgeseddel").set_input_files(sent)
    freja.press("Hent og prøv efter")
    expect(freja.page.get_by_role("button", name="Brug leverancen")).to_be_visible(timeout=300_000)
    freja.press("Brug leverancen").press("Kør undersøgelsen")
    expect(freja.page.get_by_role("link", name="Rapporten som én fil")).to_be_visible(timeout=300_000)
    report = freja.page.url
    freja.follow("Bed om at frigive den").write("Hvem skal se rapporten?", "Udvalget").press("Bed om frigivelse")
    return report

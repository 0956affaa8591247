"""Files as municipalities send them, made on the spot."""

import io

from openpyxl import Workbook

CITIZENS = [
    ["CPR-nr.", "Efternavn", "Fornavne", "Tlf.", "Team", "Målgruppe", "Sprog", "Tolkebehov", "Ydelse"],
    ["050390-6011", "Ågård-O'Neill", "Søren Æbelø", "00 11 22 33", "Ungeteamet", "6.5", "dansk, polsk", "nej", "kontanthjælp"],
    ["010290-6012", "Ørsted", "Åse", "00 11 22 34", "ungeteamet", "5", "dansk", "", "kontanthjælp"],
]
MENTORS = [
    ["Navn", "E-mail", "Telefon", "Type", "Timer", "Sprog", "Ansat fra", "Bil"],
    ["Øjvind Ærøskov", "oejvind@example.org", "00 22 33 44", "Kommunal", "37", "dansk;norsk", "1.3.2019", "ja"],
    ["Nanna O'Hara", "nanna@example.org", "00 22 33 45", "frivillig", "3,5", "dansk", "2024-08-01", "nej"],
]
CASES = [
    ["CPR-nummer", "Fornavn", "Efternavn", "Sagsbehandler", "Mentor", "Hjemmel", "Formål", "Indsats", "Bevilget fra", "Bevilget til", "Timer pr. uge",
     "Begrundelse for timer", "Startet", "Bevillingsdato", "Målgruppe", "Vurdering", "Hvorfor afgørende", "Mål", "Opgaver", "Aftale underskrevet"],
]  # fmt: skip


def case_line(cpr="050390-6011", **changed):
    values = {
        "CPR-nummer": cpr, "Fornavn": "Søren", "Efternavn": "Ågård", "Sagsbehandler": "Bente Bak", "Mentor": "carl@example.org",
        "Hjemmel": "LAB § 167, stk. 1", "Formål": "At begynde på hf.", "Indsats": "uddannelse", "Bevilget fra": "03-08-2026", "Bevilget til": "02-02-2027",
        "Timer pr. uge": "2,5", "Begrundelse for timer": "To møder om ugen.", "Startet": "10-08-2026", "Bevillingsdato": "27-07-2026", "Målgruppe": "6.5",
        "Vurdering": "Har brug for hjælp om morgenen.", "Hvorfor afgørende": "Uden mentor falder pladsen.", "Mål": "Blive i skolen",
        "Opgaver": "vækning, samtaler", "Aftale underskrevet": "07-08-2026",
    } | changed  # fmt: skip
    return [values[heading] for heading in CASES[0]]


def text(rows, separator=";", ending="\r\n"):
    return ending.join(separator.join(_quoted(cell, separator) for cell in row) for row in rows) + ending


def _quoted(cell, separator):
    return '"' + cell.replace('"', '""') + '"' if any(sign in cell for sign in (separator, '"', "\n")) else cell


def sheet(rows, change=None):
    book = Workbook()
    page = book.active
    for row in rows:
        page.append(row)
    if change:
        change(page)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()

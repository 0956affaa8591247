"""The agreement on paper: plain data that `ui.letters` makes an accessible PDF of. In Danish whatever the screen's language."""
# da-file: the paper three parties sign is written in Danish

from datetime import date
from typing import Any

from babel.dates import format_date
from django.utils import timezone, translation

from snerydder.casework.agreements.models import Agreement
from snerydder.casework.agreements.states import Party
from snerydder.casework.grants.facts import grant_facts
from snerydder.casework.grants.letters import hours_text
from snerydder.casework.grants.models import Grant
from snerydder.law import help_kinds, letter_text
from snerydder.ui.letters import box, facts, heading, render_letter, table


def guidance(grant: Grant, day: date) -> str:
    """How to complain of the decision the agreement stands on, in the words of the day it was made."""
    on = grant.decided_on or day
    with translation.override("da"):
        return "\n".join(str(part) for part in letter_text(grant_facts(grant, on), on).complaint_guidance)


def pdf(agreement: Agreement) -> bytes:
    with translation.override("da"):
        return render_letter(content(agreement))


def content(agreement: Agreement) -> dict[str, Any]:
    case, mentor, sender = agreement.case, agreement.mentor, agreement.case.municipality
    return {
        "lang": "da",
        "title": "Mentoraftale",
        "date": _day(timezone.localdate()),
        "reference": f"Sag {case.number}",
        "sender": {"name": sender.name, "lines": [line for line in (sender.address, sender.phone, sender.email) if line]},
        "recipient": {"name": case.citizen.name, "lines": []},
        "draft": "" if agreement.state in ("agreed", "active", "ended") else "Kladde: aftalen gælder først, når alle tre har sagt ja",
        "body": [
            heading("Mål"), agreement.goal or "Ikke skrevet endnu",
            heading("Mentor"), facts([("Navn", mentor.name), ("Kontakt", agreement.mentor_contact), ("Ansættelse", str(mentor.get_kind_display()))]),
            heading("Det hjælper mentor med"), *_tasks(agreement),
            heading("Tid"), facts(_time(agreement)),
            heading("Spilleregler"), facts(_rules(agreement)), *([agreement.who_does_what] if agreement.who_does_what else []),
            *_statements(agreement),
            box("Hvis du vil klage", agreement.complaint_guidance.split("\n")),
            heading("Vi har sagt ja"), table(["Hvem", "Hvornår", "Hvordan"], _yeses(agreement)),
        ],
    }  # fmt: skip


def _day(day: date) -> str:
    return str(format_date(day, "d. MMMM y", locale="da"))


def _tasks(agreement: Agreement) -> list[Any]:
    """Each task, how, and what documents that the mentor can."""
    rows = []
    documented = [row for row in agreement.mentor.qualifications.all() if row.documented(agreement.started_on or timezone.localdate())]
    said = {task.kind: task.text for task in agreement.tasks.all()}
    for kind in help_kinds():
        if kind.key in said:
            proof = ", ".join(row.title for row in documented if kind.key in row.tasks)
            rows.append([str(kind.name), said[kind.key], proof or "Ikke dokumenteret"])
    return [table(["Opgave", "Hvordan", "Mentors kvalifikation"], rows)] if rows else ["Ikke skrevet endnu"]


def _time(agreement: Agreement) -> list[tuple[str, str]]:
    per = "om ugen" if agreement.minutes_per == Grant.Per.WEEK else "i alt"
    return [("Fra og med", _day(agreement.start)), ("Til og med", _day(agreement.end)), ("Timer", f"{hours_text(agreement.minutes)} {per}")]


def _rules(agreement: Agreement) -> list[tuple[str, str]]:
    car = "Mentor må køre borgeren i sin egen bil" if agreement.own_car else "Mentor kører ikke borgeren i sin egen bil"
    tries = "forsøg" if agreement.tries != 1 else "forsøg, og"
    return [("Kørsel", car), ("Når borgeren ikke svarer", f"Efter {agreement.tries} {tries} forgæves giver mentor sagsbehandleren besked")]


def _statements(agreement: Agreement) -> list[Any]:
    said: list[Any] = []
    if agreement.beyond_usual:
        said += [heading("Ud over det sædvanlige"), agreement.beyond_usual]
    if agreement.no_usual_work:
        said += [heading("Konsulentens erklæring"), "Konsulenten passer ikke sit eget arbejde i de timer, hvor konsulenten er mentor."]
    return said


def _yeses(agreement: Agreement) -> list[list[str]]:
    case = agreement.case
    names = {
        Party.CITIZEN: case.citizen.name, Party.MENTOR: agreement.mentor.name,
        Party.MUNICIPALITY: f"{case.municipality.name}{', ' + case.caseworker.name if case.caseworker else ''}",
    }  # fmt: skip
    rows = []
    said = {row.party: row for row in agreement.acceptances.all()}
    for party in Party:
        row = said.get(party)
        at = timezone.localtime(row.at) if row else None
        rows.append([names[party], f"{_day(at.date())} kl. {at:%H.%M}" if at else "", str(row.get_how_display()) if row else ""])
    return rows

"""What a decision letter says. Plain data, kept with the letter; `ui.letters` makes the PDF from them, the same for ever.

A letter is in Danish whatever language the caseworker's screen is in: it is a decision to a citizen.
"""
# da-file: a decision to a citizen is written in Danish

from datetime import date
from typing import Any

from babel.dates import format_date
from django.utils import timezone, translation

from snerydder.access.models import Staff
from snerydder.casework.cases.models import Case
from snerydder.casework.grants.models import Grant, Hearing
from snerydder.law import facts, letter_text, rulebook
from snerydder.ui import letters as ui

Content = dict[str, Any]


def letter_day(day: date | None) -> str:
    return format_date(day, "d. MMMM y", locale="da")


def authority(day: date) -> str:
    """Who decides, as the law called it that day: Jobcenteret until 2026, then Kommunen."""
    return str(rulebook.on(day).word("authority_first"))


def hours_text(minutes: int) -> str:
    """1 t 30 min as a letter writes it: "1 time og 30 minutter"."""
    hours, rest = divmod(minutes, 60)
    parts = []
    if hours:
        parts.append(f"{hours} time" if hours == 1 else f"{hours} timer")
    if rest:
        parts.append(f"{rest} minutter")
    return " og ".join(parts)


def frame(case: Case, by: Staff, day: date, title: str) -> Content:
    municipality = by.municipality
    citizen = case.citizen
    return {
        "title": title,
        "date": letter_day(day),
        "case_number": case.number,
        "sender": {"name": municipality.name, "address": municipality.address, "phone": municipality.phone, "email": municipality.email},
        "recipient": {"name": citizen.full_name, "address": "" if citizen.protected else citizen.address},
        "signature": {"name": by.name, "title": "Sagsbehandler", "unit": case.unit.name, "phone": by.phone},
    }


@ui.in_danish
def grant_letter(grant: Grant, by: Staff) -> Content:
    assessment = grant.assessment
    day = grant.decided_on or timezone.localdate()
    text = letter_text(facts.GrantFacts(hjemmel=grant.hjemmel), day)
    per = "om ugen" if grant.minutes_per == Grant.Per.WEEK else "i alt"
    place = ", som du deler med andre på samme sted" if grant.counted_per == Grant.CountedPer.PLACE else ""
    why_hours = [{"heading": "Hvorfor netop så mange timer?", "paragraphs": [grant.hours_reason]}] if grant.hours_reason else []
    return frame(grant.case, by, day, "Du får en mentor") | {
        "intro": f"{authority(day)} har besluttet, at du får en mentor fra {letter_day(grant.start)} til og med {letter_day(grant.end)}.",
        "facts": [
            ["Formål", grant.purpose],
            ["Støtten skal hjælpe dig til", str(grant.get_purpose_kind_display())],
            ["Timer", f"{hours_text(grant.minutes)} {per}{place}"],
            ["Periode", f"{letter_day(grant.start)} til og med {letter_day(grant.end)}"],
        ],
        "sections": [
            {"heading": "Hvorfor får du en mentor?", "paragraphs": [part for part in (assessment.need, assessment.decisive_reason) if part]},
            *why_hours,
            {"heading": "Hvilke regler bygger afgørelsen på?", "paragraphs": [str(text.legal_basis)]},
            {"heading": "Hvis du vil klage", "paragraphs": [str(part) for part in text.complaint_guidance]},
        ],
    }


def guidance(day: date) -> list[str]:
    """Complaint guidance in the words of the day."""
    with translation.override("da"):
        return [str(part) for part in letter_text(facts.GrantFacts(hjemmel="lab-167-1"), day).complaint_guidance]


LAWS = {"LAB": "lov om en aktiv beskæftigelsesindsats", "IL": "integrationsloven", "Integrationsloven": "integrationsloven"}


def rule_used(hjemmel: str) -> str:
    """The rule a refusal or a stop stands on, with the name of the law written out."""
    source = rulebook.sources()[hjemmel]
    law, _sep, paragraph = source.text.partition(" ")
    return f"Afgørelsen bygger på {paragraph}, i {LAWS.get(law, law)}. Reglen handler om: {source.title[:1].lower()}{source.title[1:]}."


@ui.in_danish
def refusal_letter(case: Case, by: Staff, reason: str, hjemmel: str, day: date) -> Content:
    return frame(case, by, day, "Du får ikke en mentor") | {
        "intro": f"{authority(day)} har vurderet, om du skal have en mentor. Vi har besluttet, at du ikke får mentorstøtte.",
        "facts": [],
        "sections": [
            {"heading": "Hvorfor får du ikke en mentor?", "paragraphs": [reason]},
            {"heading": "Hvilke regler bygger afgørelsen på?", "paragraphs": [rule_used(hjemmel)]},
            {"heading": "Hvis du vil klage", "paragraphs": guidance(day)},
        ],
    }


@ui.in_danish
def stop_letter(grant: Grant, by: Staff, reason: str, last_day: date, day: date) -> Content:
    return frame(grant.case, by, day, "Din mentorstøtte stopper") | {
        "intro": f"{authority(day)} har besluttet, at din mentorstøtte stopper. Sidste dag er {letter_day(last_day)}.",
        "facts": [],
        "sections": [
            {"heading": "Hvorfor stopper støtten?", "paragraphs": [reason]},
            {"heading": "Hvilke regler bygger afgørelsen på?", "paragraphs": [rule_used(grant.hjemmel)]},
            {"heading": "Hvis du vil klage", "paragraphs": guidance(day)},
        ],
    }


HEARD_ABOUT = {
    "refusal": ("Vi overvejer at give dig afslag på en mentor", "Vi overvejer ikke at give dig mentorstøtte.", "hvorfor vi overvejer at sige nej"),
    "stop": ("Vi overvejer at stoppe din mentorstøtte", "Vi overvejer at stoppe din mentorstøtte før tid.", "hvorfor vi overvejer at stoppe"),
}


@ui.in_danish
def hearing_letter(hearing: Hearing, by: Staff) -> Content:
    title, intro, why = HEARD_ABOUT[hearing.about]
    until = letter_day(hearing.deadline)
    return frame(hearing.case, by, hearing.sent_on, title) | {
        "intro": f"{intro} Du kan sige din mening, før vi beslutter noget. Svar senest {until}.",
        "facts": [],
        "sections": [
            {"heading": f"{why[:1].upper()}{why[1:]}", "paragraphs": [hearing.against]},
            {"heading": "Sådan svarer du", "paragraphs": ["Du kan skrive, ringe eller komme forbi. Du må gerne få hjælp af en anden, også din mentor."]},
            {"heading": "Hvis vi ikke hører fra dig", "paragraphs": [f"Så træffer vi afgørelse efter {until} med det, vi ved i dag. Du får afgørelsen i et brev."]},
        ],
    }


GREETING = "Venlig hilsen"


def reference(content: Content) -> str:
    return f"Sag {content['case_number']}"


@ui.in_danish
def pdf(content: Content) -> bytes:
    """The letter on paper: PDF/UA, the same bytes for the same content whatever the language of the page."""
    sender, recipient, signed = content["sender"], content["recipient"], content["signature"]
    body: list[Any] = [content["intro"]]
    if content["facts"]:
        body.append(ui.facts(content["facts"]))
    for section in content["sections"]:
        body += [ui.heading(section["heading"]), *section["paragraphs"]]
    phone = f"Telefon {signed['phone']}" if signed["phone"] else ""
    return ui.render_letter(
        {
            "lang": "da", "title": content["title"], "date": content["date"], "reference": reference(content),
            "sender": {"name": sender["name"], "lines": _lines(sender["address"], sender["phone"], sender["email"])},
            "recipient": {"name": recipient["name"], "lines": _lines(recipient["address"])},
            "body": body,
            "closing": {"greeting": GREETING, "name": signed["name"], "lines": _lines(signed["title"], signed["unit"], phone)},
        }
    )


def _lines(*lines: str) -> list[str]:
    return [line for line in lines if line]

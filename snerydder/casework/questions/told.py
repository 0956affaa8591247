"""A question in words. What is seen, and what we would like to know; nobody is accused of anything."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from snerydder.audit.models import Event
from snerydder.casework.questions.models import Question
from snerydder.ui.formats import dato, klokken, timer

Facts = dict[str, Any]


@dataclass(frozen=True)
class Words:
    name: Any  # a heading
    seen: Callable[[Facts], str]
    ask: Any


def _day(facts: Facts, key: str = "day") -> str:
    return dato(date.fromisoformat(facts[key]), "lang")


def _clock(start: str, end: str = "") -> str:
    """kl. 10.00-11.30"""
    return klokken(time.fromisoformat(start)) + (f"-{klokken(time.fromisoformat(end)).removeprefix('kl. ')}" if end else "")


def _two_places(facts: Facts) -> str:
    if facts["kind"] == "crowd":
        told = {"day": _day(facts), "time": timer(facts["minutes"]), "by": _clock(facts["by"])}
        return _("%(day)s er der skrevet %(time)s kontakt, som alt sammen var overstået %(by)s.") % told
    times = _(" og ").join(_clock(each["from"], each["to"]) for each in facts["times"])
    return _("%(day)s ligger kontakter oven i hinanden: %(times)s.") % {"day": _day(facts), "times": times}


def _same_minutes(facts: Facts) -> str:
    told = {"number": facts["number"], "of": facts["of"], "time": timer(facts["minutes"]), "since": _day(facts, "since")}
    if "to" not in facts:  # asked before the sign told how long it went on
        return _("Siden %(since)s har %(number)s af %(of)s kontakter varet præcis %(time)s.") % told
    return _("Fra %(since)s til %(to)s har %(number)s af %(of)s kontakter varet præcis %(time)s.") % {**told, "to": _day(facts, "to")}


def _exact(facts: Facts) -> str:
    told = {"number": facts["number"], "time": timer(facts["minutes"]), "from": _day(facts, "from"), "to": _day(facts, "to")}
    if facts["unit"] == "months":
        return _("I %(number)s måneder i træk er der leveret præcis de timer, der er bevilget: %(time)s fra %(from)s til %(to)s.") % told
    return _("I %(number)s uger i træk er der leveret præcis de timer, der er bevilget: %(time)s fra %(from)s til %(to)s.") % told


def _copied(facts: Facts) -> str:
    told = {"number": facts["number"], "cases": facts["cases"], "since": _day(facts, "since")}
    return ngettext(
        "Næsten den samme note står på %(number)s kontakter med én borger siden %(since)s.",
        "Næsten den samme note står på %(number)s kontakter med %(cases)s borgere siden %(since)s.", facts["cases"],
    ) % told  # fmt: skip


WORDS: dict[str, Words] = {
    "two_places": Words(gettext_lazy("To borgere på samme tid"), _two_places, gettext_lazy("Hvem var med hvornår?")),
    "two_mentors": Words(
        gettext_lazy("To mentorer hos samme borger"),
        lambda facts: _("%(day)s %(time)s er der skrevet kontakt af to mentorer med den samme borger.") % {"day": _day(facts), "time": _clock(facts["from"], facts["to"])},
        gettext_lazy("Var I der begge to, eller er et klokkeslæt forkert?"),
    ),
    "long_day": Words(
        gettext_lazy("Mere end en arbejdsdag"),
        lambda facts: _("%(day)s er der skrevet %(time)s kontakt på én dag.") % {"day": _day(facts), "time": timer(facts["minutes"])},
        gettext_lazy("Hvad var det for en dag?"),
    ),
    "same_minutes": Words(
        gettext_lazy("Lige mange minutter hver gang"),
        _same_minutes,
        gettext_lazy("Er det en fast aftale, eller er tiden rundet af?"),
    ),
    "copied_notes": Words(gettext_lazy("Den samme note flere gange"), _copied, gettext_lazy("Er det en fast aktivitet, eller mangler der noget om den enkelte gang?")),
    "month_end": Words(
        gettext_lazy("Mange timer sidst på måneden"),
        lambda facts: _("Fra %(start)s til %(end)s er der skrevet %(time)s. Tre arbejdsdage i træk er ellers omkring %(usual)s og aldrig over %(most)s.")
        % {"start": _day(facts, "from"), "end": _day(facts, "to"), "time": timer(facts["minutes"]), "usual": timer(facts["usual"]), "most": timer(facts["most"])},
        gettext_lazy("Hvad skete der de dage?"),
    ),
    "after_closing": Words(
        gettext_lazy("Kontakt efter afslutning"),
        lambda facts: ngettext("Sagen sluttede %(closed)s, og der står %(number)s kontakt efter den dag.", "Sagen sluttede %(closed)s, og der står %(number)s kontakter efter den dag.", facts["number"])
        % {"closed": _day(facts, "closed"), "number": facts["number"]},
        gettext_lazy("Er dagen forkert, eller blev borgeren hjulpet efter afslutningen?"),
    ),
    "while_away": Words(
        gettext_lazy("Kontakt under fravær"),
        lambda facts: ngettext(
            "Der var en stedfortræder fra %(start)s til %(end)s, men der står %(number)s kontakt i mentorens eget navn.",
            "Der var en stedfortræder fra %(start)s til %(end)s, men der står %(number)s kontakter i mentorens eget navn.", facts["number"],
        ) % {"start": _day(facts, "from"), "end": _day(facts, "to"), "number": facts["number"]},
        gettext_lazy("Hvem havde kontakten?"),
    ),
    "written_late": Words(
        gettext_lazy("Skrevet mere end 14 dage efter"),
        lambda facts: ngettext("%(day)s blev der skrevet %(number)s kontakt, som lå %(days)s dage tilbage.", "%(day)s blev der skrevet %(number)s kontakter, som lå op til %(days)s dage tilbage.", facts["number"])
        % {**facts, "day": _day(facts, "written")},
        gettext_lazy("Hvorfor blev de skrevet så sent, og hvad bygger tiderne på?"),
    ),
    "exact_hours": Words(gettext_lazy("Præcis de bevilgede timer"), _exact, gettext_lazy("Er det en fast aftale, eller er tiderne rundet af, så de passer med bevillingen?")),
    "raised": Words(
        gettext_lazy("Længere efter godkendelsen"),
        lambda facts: _("Timesedlen for måneden var godkendt, da kontakten blev rettet fra %(before)s til %(after)s.") % {"before": timer(facts["before"]), "after": timer(facts["after"])},
        gettext_lazy("Hvad var der glemt?"),
    ),
    "billed_twice": Words(
        gettext_lazy("Samme kontakt på to fakturalinjer"),
        lambda facts: ngettext("%(number)s kontakt står på mere end én linje: faktura %(invoices)s.", "%(number)s kontakter står på mere end én linje: faktura %(invoices)s.", facts["number"])
        % {"number": facts["number"], "invoices": ", ".join(facts["invoices"])},
        gettext_lazy("Er linjen sendt to gange, eller var der to kontakter?"),
    ),
    "never_heard": Words(
        gettext_lazy("Ingen andre har hørt fra borgeren"),
        lambda facts: _("Siden %(since)s står der %(number)s kontakter. Borgeren er spurgt %(asked)s gange uden at sige ja, og ingen andre har bekræftet dem.") % {**facts, "since": _day(facts, "since")},
        gettext_lazy("Hvordan får vi fat i borgeren, og hvem andre kender til møderne?"),
    ),
    "weekends": Words(
        gettext_lazy("Mange kontakter i weekenden"),
        lambda facts: _("Siden %(since)s er %(number)s af %(of)s møder holdt en lørdag eller søndag.") % {**facts, "since": _day(facts, "since")},
        gettext_lazy("Er det aftalt med borgeren og koordinatoren?"),
    ),
}


def name(question: Question) -> Any:
    return WORDS[question.sign].name


def seen(question: Question) -> str:
    said = WORDS[question.sign].seen(question.facts)
    return said[:1].upper() + said[1:]


def ask(question: Question) -> Any:
    return WORDS[question.sign].ask


# --- What has been done ------------------------------------------------------------------------------------------
DID = {
    "questions.ask": gettext_lazy("Spurgt"), "questions.answer": gettext_lazy("Besvaret"), "questions.pass_on": gettext_lazy("Taget op med lederen"),
    "questions.close": gettext_lazy("Afsluttet"), "questions.reopen": gettext_lazy("Åbnet igen"),
}  # fmt: skip


def history(events: Iterable[Event]) -> list[dict[str, Any]]:
    """For `ui.timeline`."""
    return [{"when": event.on, "who": event.staff_name, "text": DID[event.verb], "detail": _detail(event)} for event in events]


def _detail(event: Event) -> str:
    data = event.data
    if event.verb == "questions.ask":
        return _("Til %(about)s. %(named)s tager sig af det.") % {"about": data["about"], "named": data["named"]}
    if event.verb == "questions.answer":
        return data["after"]
    outcome = f"{capfirst(Question.Outcome(data['outcome']).label)}. " if "outcome" in data else ""
    return f"{data['after']}: {data['reason']}" if event.verb == "questions.pass_on" else outcome + data["reason"]

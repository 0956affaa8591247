"""The lists behind the pages of the help and of the way: one page of cases for one number, found by the question that counted it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.paginator import Paginator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from snerydder.access import scope
from snerydder.access.models import Staff
from snerydder.casework.cases.models import Case
from snerydder.desks.delivery import factors, flow, helped
from snerydder.desks.delivery.asked import Asked
from snerydder.desks.delivery.lists import ROWS
from snerydder.desks.selection import law_today
from snerydder.law import help_kinds

ANSWERS = {"nej": gettext_lazy("Ikke set"), "ja": gettext_lazy("Set")}


def behind_help(staff: Staff, given: Mapping[str, str]) -> dict[str, Any]:
    """Those who got a kind of help, or the rows of a sign; the first sign when the address names nothing there is."""
    law, asked, page = law_today(), Asked.read(given, staff), page_of(given.get("side"))
    names = {kind.key: str(kind.name) for kind in help_kinds()}
    values = {"asked": asked, "day": law.day, "from_day": law.day - helped.BACK, "back": "desks:delivery_help"}
    if (kind := given.get("slags", "")) in names:
        found, page = _page(lambda rows, past: helped.listed(staff, asked.unit, law.day, kind, rows=rows, past=past), page)
        told: dict[str, Any] = {"title": names[kind], "kind": kind, "answers": {}, "answer": "", "query": {"slags": kind}, "anchor": "#hjaelp", "extra": "help"}
    else:
        sign = given.get("tegn", "") if given.get("tegn", "") in factors.SIGNS else next(iter(factors.SIGNS))
        answer = given.get("svar", "") if given.get("svar", "") in ANSWERS else ""
        found, page = _page(lambda rows, past: factors.listed(staff, asked.unit, law, sign, answer, rows=rows, past=past), page)
        title = next(each.text for factor in factors.factors(staff, asked.unit, law) for each in factor.signs if each.key == sign)
        told = {"title": title, "answers": ANSWERS, "answer": answer, "query": {"tegn": sign}, "anchor": "#faktorer", "extra": "weeks" if sign == "igen" else "sign"}
    return values | told | _chosen(asked, told, "svar") | _shown(staff, found, page, told["title"], "desks:delivery_help_list")


def behind_way(staff: Staff, given: Mapping[str, str]) -> dict[str, Any]:
    """The cases of one number of the way: all who came to the step, those who left there, or those who wait there."""
    law, asked, page = law_today(), Asked.read(given, staff), page_of(given.get("side"))
    place = int(given["trin"]) if given.get("trin") in [str(each) for each in range(len(flow.TEXTS))] else 0
    where = given.get("hvor", "") if given.get("hvor", "") in (*flow.LEFT, flow.WAITING) else ""
    since = asked.since(law.day)
    found, page = _page(lambda rows, past: flow.listed(staff, since, law.day, asked.unit, place, where, rows=rows, past=past), page)
    answers = {key: word for key, (_stage, word) in flow.LEFT.items()} | {flow.WAITING: _("er her endnu")}
    title = str(flow.TEXTS[place]) + (f": {answers[where]}" if where else "")
    told = {"title": title, "answers": answers, "answer": where, "query": {"trin": place}, "anchor": "#vejen", "extra": "way"}
    return {"asked": asked, "day": law.day, "from_day": since, "back": "desks:delivery_way"} | told | _chosen(asked, told, "hvor") | _shown(staff, found, page, title, "desks:delivery_way_list")


def page_of(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and 0 < int(text) < 100_000 else 1


def _page(ask: Any, page: int) -> tuple[list[Any], int]:
    """A page that is not there is the first."""
    found = ask(ROWS, ROWS * (page - 1))
    return (ask(ROWS, 0), 1) if page > 1 and not found else (found, page)


def _chosen(asked: Asked, told: dict[str, Any], word: str) -> dict[str, Any]:
    """The choices above the list, and the address the pages of it begin with."""
    query, answer = told["query"], told["answer"]
    choices = [("", _("Alle")), *told["answers"].items()] if told["answers"] else []
    links = [("?" + asked.query(**query, **{word: key}), text, key == answer) for key, text in choices]
    return {"choices": links, "paged": "?" + asked.query(**query, **{word: answer}) + "&side="}


def _shown(staff: Staff, found: list[Any], page: int, title: str, name: str) -> dict[str, Any]:
    cases = {case.pk: case for case in scope.rows(Case, staff).filter(pk__in=[row[0] for row in found]).select_related("citizen", "mentor__staff", "unit")}
    scope.seen(staff, [case.citizen_id for case in cases.values()], purpose=title, page=name)
    total = found[0][-1] if found else 0
    rows = [(cases[row[0]], *row[1:-1]) for row in found if row[0] in cases]
    return {"rows": rows, "total": total, "page": Paginator(range(total), ROWS).get_page(page)}

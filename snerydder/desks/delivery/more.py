"""The pages beside the seven points: what the help is, the way from referral to contact, and a trial's arms held apart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse

from snerydder.access.models import Staff
from snerydder.access.permissions import Permission as P
from snerydder.casework.surveys import queries as surveys
from snerydder.casework.surveys.models import SurveyAnswer
from snerydder.casework.trials import queries as trials
from snerydder.casework.trials.models import Trial
from snerydder.casework.trials.shown import LIMIT, Row, beside_earlier
from snerydder.desks.delivery import factors, flow, helped, weeks
from snerydder.desks.delivery.asked import Asked, AskedForm
from snerydder.desks.delivery.courses import Part, drawn, parts
from snerydder.desks.delivery.page import as_markup
from snerydder.desks.selection import law_today


def _frame(staff: Staff, given: Mapping[str, str], name: str) -> dict[str, Any]:
    law, asked = law_today(), Asked.read(given, staff)
    return {"day": law.day, "asked": asked, "form": AskedForm(asked), "here": asked.unit_name, "since": asked.since(law.day), "least": weeks.LEAST, "action": reverse(name)}


def help_page(staff: Staff, given: Mapping[str, str]) -> dict[str, Any]:
    values = _frame(staff, given, "desks:delivery_help")
    unit = values["asked"].unit
    return values | {
        "kinds": helped.given(staff, unit, values["day"]), "factors": factors.factors(staff, unit, law_today()), "from_day": values["day"] - helped.BACK,
        "percent": weeks.percent, "said": surveys.said(staff, unit, values["day"]), "voices": SurveyAnswer.Voice,
        "may_answer": staff.may(P.ASK_SURVEY),
    }  # fmt: skip


def way_page(staff: Staff, given: Mapping[str, str]) -> dict[str, Any]:
    values = _frame(staff, given, "desks:delivery_way")
    return values | {"steps": flow.way(staff, values["since"], values["day"], values["asked"].unit)}


def trial_page(trial: Trial, staff: Staff) -> dict[str, Any]:
    """Leader and evaluator see numbers by arm and no person. A week is held back when it rests on one to four, on either side, and stands as it
    was last shown until no single person can be told from the difference."""
    law = law_today()
    curves = shown_weeks(trial, by_arm(trial, law))
    lines = {str(trials.ARMS[arm]): curves[arm] for arm in trials.ARMS if curves.get(arm)}
    return {
        "trial": trial, "flow": trials.flow(trial), "curves": lines, "least": LIMIT, "day": law.day, "percent": weeks.percent,
        "shares": as_markup(weeks.arms(lines)) if lines else None, "minutes": as_markup(weeks.arms_minutes(lines)) if lines else None,
        "may_follow": staff.may(P.FOLLOW_TRIAL),
    }  # fmt: skip


def shown_weeks(trial: Trial, found: Mapping[str, Part]) -> dict[str, list[weeks.Week]]:
    """Each arm's weeks as they may be shown beside what was shown before, up to the last that was."""
    wanted = {
        f"{arm} {week}": Row((part.contact[week], persons - part.contact[week]), part.minutes[week] / persons)
        for arm, part in found.items() for week, persons in enumerate(part.seen) if persons >= LIMIT
    }  # fmt: skip
    seen = beside_earlier(trial, wanted)
    return {arm: [_week(week, seen[f"{arm} {week}"]) for week, persons in enumerate(part.seen) if persons >= LIMIT] for arm, part in found.items()}


def _week(number: int, row: Row | None) -> weeks.Week:
    if row is None or not sum(row.counts):
        return weeks.Week(number, 0, 0.0, 0.0, 0.0, shown=False)
    persons = sum(row.counts)
    return weeks.Week(number, persons, 0.0, row.counts[0] / persons, row.beside)


def by_arm(trial: Trial, law: Any) -> dict[str, Part]:
    """Each arm's numbers from the day of the draw. Who is in which arm never leaves this module."""
    rows = trials.drawn(trial)
    if not rows:
        return {}
    cases, begins, arms = zip(*rows, strict=True)
    return parts(drawn(cases, begins, arms, law.day, first=law.value("norm.first_contact_months"), longest=law.value("norm.longest_support_months")))

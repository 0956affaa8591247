"""The few fixed drawings: worked out here, drawn in templates/ui/figures.html, each with its words beside it."""

from itertools import groupby

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from snerydder.ui.formats import antal, dato, timer

CASELOAD_TOP = 25  # full-time equivalents' cases at the right edge of the bar
CASELOAD_BANDS = (10, 15, 20)  # 10-14, 15-19, 20 and more: the talk's bands


def hours_bar(granted, delivered, confirmed=None, invoiced=None, weeks_left=None, expected=None):
    """Minutes in, shares of the longest out. `expected`: what would have been used by today at an even pace."""
    top = max(granted or 0, delivered or 0, confirmed or 0, invoiced or 0, expected or 0) or 1
    marks = [
        ("granted", _("Bevilget"), granted),
        ("delivered", _("Leveret"), delivered),
        ("confirmed", _("Bekræftet"), confirmed),
        ("invoiced", _("Faktureret"), invoiced),
    ]
    return {
        "sentence": hours_sentence(granted, delivered, weeks_left),
        "marks": [(key, label, timer(minutes)) for key, label, minutes in marks if minutes is not None],
        "over": percent(delivered - granted, top) if delivered > granted else None,
        "expected": percent(expected, top) if expected is not None else None,
        **{key: None if minutes is None else percent(minutes, top) for key, _label, minutes in marks},
    }


def hours_sentence(granted, delivered, weeks_left=None):
    """14 af 20 timer brugt, 3 uger tilbage"""
    used = _("%(hours)s brugt") % {"hours": timer(delivered, granted)}
    if weeks_left is None:
        return used
    left = ngettext("%(weeks)s uge tilbage", "%(weeks)s uger tilbage", weeks_left) % {"weeks": weeks_left}
    return f"{used}, {left}"


def week_columns(weeks, width=14, height=64):
    """weeks: [{start: date, contacts: int, attempts: int}], oldest first. A gap of two weeks or more is marked."""
    weeks = [{"attempts": 0, **week} for week in weeks]
    top = max([week["contacts"] + week["attempts"] for week in weeks], default=0) or 1
    unit = (height - 8) / max(top, 3)
    columns = []
    for index, week in enumerate(weeks):
        contacts, attempts = week["contacts"] * unit, week["attempts"] * unit
        columns.append(week | {
            "x": index * width + 2, "wide": width - 4,
            "y": number(height - contacts), "tall": number(contacts),
            "attempt_y": number(height - contacts - attempts), "attempt_tall": number(max(attempts - 1, 0)),
            "number": week["start"].isocalendar().week,
        })  # fmt: skip
    gaps, at = [], 0
    for silent, run in groupby(weeks, key=lambda week: week["contacts"] == 0):
        length = len(list(run))
        if silent and length >= 2:
            gaps.append({"x": at * width, "wide": length * width})
        at += length
    return {
        "columns": columns, "gaps": gaps, "wide": len(weeks) * width, "height": height, "step": width,
        "sentence": weeks_sentence(weeks),
    }  # fmt: skip


def weeks_sentence(weeks):
    if not weeks:
        return _("Ingen uger endnu.")
    met = sum(1 for week in weeks if week["contacts"])
    longest = max((len(list(run)) for silent, run in groupby(weeks, key=lambda w: not w["contacts"]) if silent), default=0)
    text = _("Kontakt i %(met)s af %(all)s uger siden %(since)s.") % {
        "met": met, "all": len(weeks), "since": dato(weeks[0]["start"]),
    }  # fmt: skip
    if longest >= 2:
        text += " " + _("Længste tid uden kontakt: %(weeks)s uger.") % {"weeks": longest}
    return text


def caseload_bar(cases, full_time=1.0, bands=CASELOAD_BANDS):
    """Cases per full-time equivalent, in bands that begin at these numbers: 10-14, 15-19, 20 and more."""
    load = cases / full_time if full_time else 0
    low, middle, high = bands
    band = 0 if load < low else 1 if load < middle else 2 if load < high else 3
    text = ngettext("%(cases)s sag på fuld tid", "%(cases)s sager på fuld tid", 1 if load == 1 else 2)
    return {
        "load": percent(min(load, CASELOAD_TOP), CASELOAD_TOP),
        "bands": [percent(edge, CASELOAD_TOP) for edge in bands],
        "band": band,
        "number": antal(load, None if load == int(load) else 1),
        "sentence": text % {"cases": antal(load, None if load == int(load) else 1)},
    }


def percent(part, whole):
    return number(100 * part / whole) + "%"


def number(value):
    """As SVG writes it, whatever the language."""
    return f"{value:.2f}".rstrip("0").rstrip(".")

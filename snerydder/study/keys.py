"""Every key of a protocol: what kind of value it takes, whether it must be there, and which values are allowed."""

from __future__ import annotations

from typing import Any

from snerydder.registers import codes
from snerydder.registers.source import ENDS, FORMS

DESIGNS = ("lottery", "no-lottery", "starts", "roll-out")
IN_TIME = ("starts", "roll-out")  # no lots, and each (or each municipality) began on a day of its own
ESTIMATORS = ("difference", "lpm_strata", "lpm_covariates", "lin")
ERRORS = ("HC0", "HC1", "HC2", "HC3")
CORRECTIONS = ("holm", "hochberg", "hommel", "bh", "by", "romano_wolf", "none")
FIDELITY = ("central_course", "local_course", "paid", "authority", "supervision")  # columns of the mentors' file
OF_NUMBERS = ("expected", "ratio", "blocks")  # the lists that are not of text
# key: (kind, required, default, allowed)
Rule = tuple[type | tuple[type, ...], bool, Any, tuple[Any, ...]]
NUMBER = (int, float)
TOP: dict[str, Rule] = {
    "title": (str, True, "", ()), "status": (str, False, "draft", ("draft", "final")), "invented": (bool, False, False, ()),
    "note": (str, False, "", ()), "note_en": (str, False, "", ()),
    "design": (str, False, "lottery", DESIGNS), "alpha": (float, False, 0.10, ()), "seed": (str, True, "", ()), "redraws": (int, False, 10_000, ()),
}  # fmt: skip
SECTIONS: dict[str, dict[str, Rule]] = {
    "register": {
        "file": (str, True, "", ()), "key": (str, True, "", ()), "scheme": (str, True, "", codes.SCHEMES), "codes": (str, False, "", ()), "form": (str, False, "wide", FORMS),
        "week": (str, False, "", ()), "year": (str, False, "", ()), "from": (str, False, "", ()), "to": (str, False, "", ()), "to_is": (str, False, "", ("", *ENDS)), "code": (str, False, "", ()),
        "first_week": (str, False, "", ()), "last_week": (str, False, "", ()), "priority": (list, False, [], ()), "months": (str, False, "", ()),
    },
    "lottery": {
        "file": (str, True, "", ()), "key": (str, True, "", ()), "arm": (str, False, "", ()), "treated": (str, False, "", ()), "control": (str, False, "", ()),
        "date": (str, True, "", ()), "strata": (list, False, [], ()), "others": (list, False, [], ()), "share": (str, False, "", ()), "cluster": (str, False, "", ()), "start": (str, False, "", ()), "block": (str, False, "", ()), "chances": (str, False, "stratum", ("stratum", "personal")),
    },
    "trial": {  # what only the service that draws and delivers acts on; kept here so that one file says it all
        **dict.fromkeys(
            ("question", "population", "exclusions", "eligibility", "usual_effort", "information", "legal_basis", "stopping", "municipality", "number_fails", "stratify"),
            (str, False, "", ()),
        ),
        **dict.fromkeys(("number", "municipalities", "age_cut", "places"), (int, False, 0, ())),
        **dict.fromkeys(("arms", "ratio", "blocks", "strata"), (list, False, [], ())),
    },
    "persons": {"file": (str, True, "", ()), "key": (str, True, "", ())},
    "contacts": {"file": (str, True, "", ()), "key": (str, True, "", ()), "week": (str, True, "", ()), "minutes": (str, True, "", ())},
    "mentors": {"file": (str, True, "", ()), "municipality": (str, True, "", ()), "hours": (str, True, "", ()), **dict.fromkeys(FIDELITY, (str, False, "", ()))},
    "caseworkers": {"file": (str, True, "", ()), "course": (str, True, "", ())},
    "window": {"first": (int, False, 0, (0,)), "last": (int, True, 75, ()), "summary_from": (int, False, -1, ()), "summary_to": (int, False, -1, ())},
    "comparison": {"before": (int, False, 52, ()), "waiting": (int, False, 52, ()), "period": (int, False, 4, ())},
    "estimators": {"use": (list, False, ["difference"], ()), "errors": (list, False, ["HC1", "HC2"], ())},
    "multiplicity": {"method": (str, False, "holm", CORRECTIONS)},
    "policy": {
        "drawn_twice": (str, False, "stop", ("stop", "first")), "not_in_register": (str, False, "stop", ("stop", "zero", "drop")),
        "dead": (str, False, "keep", ("keep", "drop")), "abroad": (str, False, "keep", ("keep", "drop")), "not_covered": (str, False, "leave_out", ("leave_out", "stop")),
        "empty_end": (str, False, "stop", ("stop", "leave_out", "keep")),
        "same_person_twice": (str, False, "stop", ("stop", "merge")), "paid_after_death": (str, False, "stop", ("stop", "dead", "keep")),
    },
    "power": {
        "wanted": (NUMBER, False, 0.90, ()), "take_up": (NUMBER, False, 1.0, ()), "r_squared": (NUMBER, False, 0.0, ()), "icc": (NUMBER, False, 0.05, ()), "subgroup": (NUMBER, False, 1.0, ()),
    },
    "courses": {
        "file": (str, True, "", ()), "key": (str, True, "", ()), "state": (str, True, "", ()), "begin": (str, True, "", ()), "end": (str, True, "", ()),
        "spell": (str, True, "", ()), "company": (list, False, [], ()), "active": (list, True, [], ()), "other": (list, False, [], ()),
        "first": (str, True, "", ()), "last": (str, True, "", ()), "group": (str, False, "", ()), "minutes": (str, False, "", ()), "gap": (int, False, 4, ()), "horizon": (int, False, 26, ()),
    },
    "answers": {"file": (str, True, "", ()), "key": (str, True, "", ())},
    "looks": {"sharpest": (int, False, 0, ())},
    "survey": {"file": (str, True, "", ()), "title": (str, True, "", ())},
    "inspection": {
        "file": (str, True, "", ()), "municipality": (str, True, "", ()), "size": (str, True, "", ()), "followed": (str, True, "", ()), "population": (int, False, 98, ()),
    },
    "prices": {
        "mentor_hour": (NUMBER, True, 0, ()), "transfer_week": (NUMBER, True, 0, ()), "transfer_municipality": (NUMBER, False, 0.7, ()), "su_week": (NUMBER, False, 0, ()),
        "wage_week": (NUMBER, False, 0, ()), "tax": (NUMBER, False, 0.35, ()), "net_tax": (NUMBER, False, 1.0, ()), "discount": (NUMBER, True, 0, ()),
        "low": (NUMBER, False, 0.75, ()), "high": (NUMBER, False, 1.25, ()), "source": (str, True, "", ()), "source_en": (str, False, "", ()),
    },
}  # fmt: skip
LISTS: dict[str, dict[str, Rule]] = {
    "outcome": {"name": (str, True, "", ()), "week": (int, True, 0, ()), "also": (list, False, [], ()), "expected": (list, False, [], ())},
    "background": {
        "name": (str, True, "", ()), "column": (str, False, "", ()), "missing_of": (str, False, "", ()), "history": (str, False, "", ("", "transfer", "education")),
        "year": (int, False, 1, ()), "years": (int, False, 1, ()), "only_subgroups": (bool, False, False, ()),
    },
    "interaction": {"name": (str, True, "", ()), "background": (str, True, "", ()), "per": (NUMBER, False, 1, ())},
    "price": {
        "price": (str, True, "", ("mentor_hour", "transfer_week", "su_week", "wage_week")), "from": (str, True, "", ()), "to": (str, False, "", ()), "kroner": (NUMBER, True, 0, ()),
    },
    "answer": {"name": (str, True, "", ()), "column": (str, True, "", ()), "least": (NUMBER, True, 0, ()), "most": (NUMBER, True, 1, ())},
    "question": {"name": (str, True, "", ()), "column": (str, True, "", ())},
    "subgroup": {
        "name": (str, True, "", ()), "background": (str, True, "", ()), "cut": (NUMBER, False, None, ()), "median": (bool, False, False, ()),
        "above_zero": (bool, False, False, ()), "labels": (list, False, [], ()),
    },
}  # fmt: skip

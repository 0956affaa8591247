"""Where a thing the law asks for is written: the page and the box on it."""

from typing import Any

from django.urls import reverse

# The law's parts (law.facts.Facts) and the page where each is filled in, all addressed by the case.
PAGES = {
    "case": "cases:assess",
    "assessment": "cases:assess",
    "grant": "grants:grant",
    "agreement": "agreements:agreement",
    "mentor": "agreements:match",
    "delivery": "desks:case",
    "follow_up": "cases:follow_up",
    "closing": "cases:close",
    "letter": "desks:case",
}
# Where the box has another name than the law's field.
BOXES = {
    "assessment.assessment_text": "need",
    "assessment.assessment_by": "need",
    "assessment.assessment_on": "on",
    "assessment.decisive_text": "decisive_reason",
    "follow_up.held_on": "on",
    "follow_up.goal_status": "text",
    "closing.assessment_text": "result_text",
    "closing.what_follows": "follows",
    "case.refusal_ground": "ground",
}


def part_of(field: str) -> str:
    return field.partition(".")[0]


def box_of(field: str) -> str:
    """The name of the form field that mends it."""
    return BOXES.get(field, field.rpartition(".")[2])


def page_of(field: str, case: Any, here: str = "") -> str:
    """The address of the page that mends it; "" when it is the page one stands on (`here`), or there is none."""
    part = part_of(field)
    if part not in PAGES or PAGES[part] == here or case is None:
        return ""
    return reverse(PAGES[part], args=[case.pk])

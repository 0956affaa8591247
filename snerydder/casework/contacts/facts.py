"""What was delivered, as the law sees it."""

from datetime import date
from itertools import pairwise

from snerydder.casework.cases.models import Case
from snerydder.casework.contacts.models import Contact
from snerydder.casework.grants.models import Grant
from snerydder.casework.grants.states import GrantState
from snerydder.law import facts


def running_grant(case: Case, day: date) -> Grant | None:
    """The grant running on the day, else the last that has run."""
    begun = Grant.objects.filter(case=case, state__in=[GrantState.DECIDED, GrantState.STOPPED], start__lte=day)
    return begun.filter(end__gte=day).order_by("-start").first() or begun.order_by("-end").first()


def minutes_by(grant: Grant, day: date) -> int:
    """What the grant gives for the days gone by, at an even pace, both ends counted."""
    if not (grant.start and grant.end) or day < grant.start:
        return 0
    gone = (min(day, grant.end) - grant.start).days + 1
    return round(grant.total_minutes * gone / grant.days)


def delivery_facts(case: Case, day: date) -> facts.DeliveryFacts:
    """The contacts of the running period up to and including the day. Two or three queries."""
    grant = running_grant(case, day)
    if grant is None or grant.start is None or grant.end is None:
        return facts.DeliveryFacts()
    rows = Contact.objects.filter(case=case, withdrawn=False, day__range=(grant.start, min(day, grant.end)))
    listed = list(rows.values_list("day", "form", "counted_minutes"))
    days = sorted({on for on, form, _minutes in listed if form != Contact.Form.TRIED})
    return facts.DeliveryFacts(
        first_contact_on=days[0] if days else None,
        last_contact_on=days[-1] if days else None,
        longest_gap_days=max(((later - earlier).days for earlier, later in pairwise(days)), default=0),
        minutes_granted=minutes_by(grant, day),
        minutes_registered=sum(minutes for _on, _form, minutes in listed),
    )

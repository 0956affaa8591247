"""After the lot: the offer and its answer, and everything that went another way. The analysis keeps the arm whatever happens here."""

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from snerydder.access.models import Staff
from snerydder.audit.action import Refusal, action
from snerydder.audit.events import record
from snerydder.casework.cases.models import Case
from snerydder.casework.trials.models import RIGHTS, Departure, Enrolment, Offer
from snerydder.casework.trials.opening import arm_of

OFFERS = ("offered", "more")


@action
def offer(enrolment: Enrolment, *, by: Staff, on: date | None = None) -> Offer:
    """Only where the lot says so, or a right that was found later. A button pressed twice writes it once."""
    day = on or timezone.localdate()
    Case.objects.select_for_update(of=("self",)).get(pk=enrolment.case_id)  # a place in a trial is for good, so it is the case that is held
    right = enrolment.departures.filter(kind=Departure.Kind.RIGHT).exists()
    if arm_of(enrolment) not in OFFERS and not right:
        raise Refusal(_("Loddet gav ikke et tilbud om mentor."), _("Borgeren får den sædvanlige indsats."), _("Har borgeren fået en ret, så skriv det først som en afvigelse."))
    if Offer.objects.filter(enrolment=enrolment).exists():
        raise Refusal(_("Mentor er allerede tilbudt."))
    row = Offer.objects.create(municipality_id=enrolment.municipality_id, enrolment=enrolment, case=enrolment.case, offered_on=day, offered_by=by)
    record("trials.offer", row, by=by, case=enrolment.case, on=day)
    return row


@action
def answer(row: Offer, *, by: Staff, answer: str, on: date | None = None) -> Offer:
    """Yes or no. A no can become a yes later, and the history keeps both."""
    row.answer, row.answered_on = Offer.Answer(answer), on or timezone.localdate()
    if row.answered_on < row.offered_on:
        raise Refusal(_("Svaret ligger før tilbuddet."), field="answered_on")
    row.save(update_fields=["answer", "answered_on"])
    record("trials.answer", row, by=by, case=row.case, on=row.answered_on, answer=row.answer)
    return row


@action
def depart(enrolment: Enrolment, *, by: Staff, kind: str, text: str, hjemmel: str = "", on: date | None = None) -> Departure:
    """What went another way than the lot. A right found later gives the mentor; it moves nobody to another arm."""
    day = on or timezone.localdate()
    if not text.strip():
        raise Refusal(_("Skriv, hvordan det gik til."), field="text")
    if (kind == Departure.Kind.RIGHT) != (hjemmel in RIGHTS):
        raise Refusal(_("Vælg, hvilken ret det er."), field="hjemmel")
    row = Departure.objects.create(
        municipality_id=enrolment.municipality_id, enrolment=enrolment, case=enrolment.case, kind=kind, hjemmel=hjemmel, text=text.strip(), noticed_on=day, noticed_by=by
    )
    record("trials.depart", row, by=by, case=enrolment.case, on=day, hjemmel=hjemmel)  # the kind tells the arm: it stands in the row, which fewer may see
    return row

"""A complaint: taken in with its clock, looked at again within the time, changed or sent on. The weeks are the rulebook's."""

from datetime import date, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from snerydder.access.models import Staff
from snerydder.access.separation import refuse_own_case
from snerydder.audit.action import Refusal, action
from snerydder.audit.events import record
from snerydder.casework.cases.actions import reopen
from snerydder.casework.cases.models import Case
from snerydder.casework.cases.moving import guard, touch, words
from snerydder.casework.cases.states import ENDED, Stage
from snerydder.casework.complaints.letters import reassessment_letter
from snerydder.casework.complaints.models import Complaint
from snerydder.casework.grants.actions import restore
from snerydder.casework.grants.models import Letter
from snerydder.casework.grants.post import write_letter
from snerydder.law import rulebook
from snerydder.law.workdays import next_workday

DECISIONS = (Letter.Kind.GRANT, Letter.Kind.REFUSAL, Letter.Kind.STOP)


def last_day_to_complain(letter: Letter) -> date:
    """The time runs from the day the letter came, and to the next workday when it ends on a day off; without proof that it came,
    from the day it is dated, and nobody is held to it."""
    law = rulebook.on(letter.dated)
    last = (letter.delivered_on or letter.dated) + timedelta(weeks=law.value("complaint.weeks"))
    return next_workday(last) if law.value("complaint.to_next_workday") else last


@action
def register(letter: Letter, *, by: Staff, text: str, received_on: date, version: int | None = None) -> Complaint:
    """Take in a complaint over a decision. A late one is taken in too: only Ankestyrelsen can turn it away."""
    case = guard(letter.case, version)
    if letter.kind not in DECISIONS or letter.withdrawn:
        raise Refusal(_("Der kan kun klages over en afgørelse, der står ved magt."))
    if Complaint.objects.filter(letter=letter).exists():
        raise Refusal(_("Der er allerede klaget over den afgørelse."), mend=_("Skriv det nye til i klagen."))
    if received_on < letter.dated:
        raise Refusal(_("Klagen er modtaget, før afgørelsen blev truffet."), mend=_("Ret datoen."), field="received_on")
    weeks = rulebook.on(received_on).value("complaint.reassessment_weeks")
    row = Complaint.objects.create(
        municipality_id=case.municipality_id, case=case, letter=letter, received_on=received_on, registered_by=by,
        text=words(text, "text", _("Skriv, hvad borgeren klager over.")), reassess_by=received_on + timedelta(weeks=weeks),
        in_time=letter.delivered_on is None or received_on <= last_day_to_complain(letter),
    )  # fmt: skip
    touch(case)
    record("complaints.register", row, by=by, case=case, on=received_on, text=row.text, reassess_by=row.reassess_by)
    return row


@action
def reassess(complaint: Complaint, *, by: Staff, outcome: str, reason: str, on: date | None = None, version: int | None = None) -> Complaint:
    """Look at the decision again. Changed in full: the decision gives way. Else the complaint is sent on, the same day."""
    day = on or timezone.localdate()
    case = guard(complaint.case, version)
    refuse_own_case(case, by)
    complaint.refresh_from_db()
    if complaint.outcome:
        raise Refusal(_("Klagen er allerede genvurderet."))
    if day < complaint.received_on:
        raise Refusal(_("Genvurderingen ligger før klagen."), mend=_("Ret datoen."), field="on")
    complaint.outcome, complaint.reassessed_on, complaint.reassessed_by = outcome, day, by
    complaint.reason = words(reason, "reason", _("Skriv begrundelsen til borgeren."), least=10)
    complaint.sent_on = None if outcome == Complaint.Outcome.CHANGED else day
    complaint.save()
    if outcome == Complaint.Outcome.CHANGED:
        _give_way(complaint, case, by, day)
    write_letter(case, Letter.Kind.REASSESSMENT, day, reassessment_letter(complaint, case, by, day), complaint.letter.grant)
    record("complaints.reassess", complaint, by=by, case=case, on=day, outcome=outcome, reason=complaint.reason, sent_on=complaint.sent_on)
    return complaint


def _give_way(complaint: Complaint, case: Case, by: Staff, day: date) -> None:
    """What the decision took away is given back: a refused case is to be decided anew, a stopped grant runs on."""
    letter = complaint.letter
    if letter.kind == Letter.Kind.REFUSAL and case.stage == Stage.REFUSED:
        reopen(case, by=by, reason=_("Klagen har ført til, at afslaget er ændret."), on=day)
    elif letter.kind == Letter.Kind.STOP and letter.grant:
        if case.stage in ENDED:
            reopen(case, by=by, reason=_("Klagen har ført til, at stoppet er ændret."), on=day)
        letter.grant.case = guard(case, None)
        restore(letter.grant, day)
    else:
        touch(case)


@action
def note_appeal(complaint: Complaint, *, by: Staff, appeal: str, on: date, version: int | None = None) -> Complaint:
    """What Ankestyrelsen decided. What then is to be done is a decision of its own."""
    case = guard(complaint.case, version)
    complaint.refresh_from_db()
    if complaint.sent_on is None or complaint.appeal:
        raise Refusal(_("Klagen ligger ikke hos Ankestyrelsen."))
    if on < complaint.sent_on:
        raise Refusal(_("Ankestyrelsen kan ikke have afgjort klagen, før den blev sendt."), mend=_("Ret datoen."), field="on")
    complaint.appeal, complaint.appeal_on = appeal, on
    complaint.save()
    touch(case)
    record("complaints.note_appeal", complaint, by=by, case=case, on=on, appeal=appeal)
    return complaint

"""Partshøring: the citizen hears what speaks against them, and may answer, before a decision against them (forvaltningsloven § 19)."""

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from snerydder.access.models import Staff
from snerydder.access.separation import refuse_own_case
from snerydder.audit.action import Refusal, action
from snerydder.audit.events import record
from snerydder.casework.cases.models import Case
from snerydder.casework.cases.moving import guard, must_be_open, touch, words
from snerydder.casework.grants.letters import hearing_letter
from snerydder.casework.grants.models import Grant, Hearing, Letter
from snerydder.casework.grants.post import write_letter
from snerydder.casework.grants.queries import open_hearing
from snerydder.ui.formats import dato

OWN_WISH = "citizen_declined"  # what the citizen asks for is fully in their favour: nothing to be heard about


@action
def hear(
    case: Case, *, by: Staff, about: str, against: str, deadline: date, grant: Grant | None = None, on: date | None = None, version: int | None = None
) -> Hearing:
    """Send the citizen what speaks for a refusal or a stop, with a day to answer by."""
    day = on or timezone.localdate()
    case = guard(case, version)
    refuse_own_case(case, by)
    must_be_open(case)
    if deadline <= day:
        raise Refusal(_("Borgeren skal have tid til at svare."), mend=_("Vælg en senere dag."), field="deadline")
    if Hearing.objects.filter(case=case, about=about, decided_on__isnull=True).exists():
        raise Refusal(_("Borgeren er allerede ved at blive hørt."), mend=_("Skriv svaret, eller vent til fristen er gået."))
    against = words(against, "against", _("Skriv, hvad der taler imod borgeren."), least=10)
    row = Hearing(municipality_id=case.municipality_id, case=case, grant=grant, about=about, against=against, sent_on=day, deadline=deadline)
    row.letter = write_letter(case, Letter.Kind.HEARING, day, hearing_letter(row, by), grant)
    row.save()
    touch(case)
    record("grants.hear", row, by=by, case=case, on=day, about=about, against=against, deadline=deadline)
    return row


@action
def answer(hearing: Hearing, *, by: Staff, answer: str, on: date | None = None, version: int | None = None) -> Hearing:
    """Write down what the citizen answered, in letter or by word of mouth."""
    day = on or timezone.localdate()
    case = guard(hearing.case, version)
    hearing.refresh_from_db()
    if hearing.decided_on:
        raise Refusal(_("Afgørelsen er truffet."), mend=_("Er svaret nyt, så tag det op som en klage."))
    if day < hearing.sent_on:
        raise Refusal(_("Svaret ligger før høringen."), mend=_("Ret datoen."), field="on")
    hearing.answered_on, hearing.answer = day, words(answer, "answer", _("Skriv, hvad borgeren svarede."))
    hearing.save()
    touch(case)
    record("grants.answer", hearing, by=by, case=case, on=day, answer=hearing.answer)
    return hearing


@action
def let_be(hearing: Hearing, *, by: Staff, on: date | None = None) -> Hearing:
    """The answer changed the matter: nothing is decided against the citizen."""
    case = guard(hearing.case, None)
    hearing.refresh_from_db()
    if hearing.decided_on:
        raise Refusal(_("Afgørelsen er truffet."))
    hearing.decided_on = on or timezone.localdate()
    hearing.save()
    touch(case)
    record("grants.let_be", hearing, by=by, case=case, on=hearing.decided_on)
    return hearing


def must_be_heard(case: Case, about: str, heard: str, ground: str, day: date) -> None:
    """No refusal and no stop before the citizen's answer is in or the time for it has passed, unless it is what the citizen wants."""
    if heard == "agrees" or (heard == "not_needed" and ground == OWN_WISH):
        return
    if heard == "not_needed":
        raise Refusal(
            _("Borgeren skal høres først."), _("Kun det, borgeren selv ønsker, kan afgøres uden høring (forvaltningsloven § 19)."),
            _("Send en høring, eller vælg den grund, der svarer til borgerens ønske."), field="heard",
        )  # fmt: skip
    row = open_hearing(case, about)
    if row is None:
        raise Refusal(
            _("Borgeren er ikke hørt."), _("Før en afgørelse imod borgeren skal borgeren kunne sige sin mening (forvaltningsloven § 19)."),
            _("Send en høring, og vent på svaret eller fristen."), field="heard", link=f"/sager/{case.pk}/hoering/?om={about}",
        )  # fmt: skip
    if row.answered_on is None and day <= row.deadline:
        raise Refusal(
            _("Borgeren kan svare til og med %(day)s.") % {"day": dato(row.deadline, "lang")}, _("Fristen er ikke gået, og svaret er ikke kommet."),
            _("Skriv svaret, når det kommer, eller vent."), field="heard",
        )  # fmt: skip
    row.decided_on = day
    row.save()

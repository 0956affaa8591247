"""The lottery's steps: two parties promise a secret, a public number comes, the list is made and sealed, and at the end everything is shown."""

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from snerydder.access import public_number
from snerydder.access.models import Staff
from snerydder.audit.action import Refusal, action
from snerydder.audit.events import record
from snerydder.casework.trials.actions import enter, locked_row
from snerydder.casework.trials.models import SealedPlace, SealedSecret, Trial
from snerydder.casework.trials.opening import EVALUATOR, TOWN, boxed, secrets_of
from snerydder.casework.trials.plan import Plan
from snerydder.casework.trials.states import TrialState
from snerydder.lottery import intake, seal

SHORTEST_SECRET = 20


def strata_of(trial: Trial) -> list[intake.Stratum]:
    return [intake.Stratum(key, places) for key, places in trial.strata]


@action
def promise(trial: Trial, *, by: Staff, secret: str, number_source: str = "", number_day: date | None = None, on: date | None = None) -> Trial:
    """A party seals its secret and publishes the hash. The first names the public number; with the second the places are frozen."""
    day, trial, secret = on or timezone.localdate(), locked_row(trial), secret.strip()
    if trial.state != TrialState.LOCKED:
        raise Refusal(_("Forsøget er et andet sted: %(state)s.") % {"state": TrialState(trial.state).label})
    party = EVALUATOR if "evaluator" in by.roles else TOWN
    name = "evaluator" if party == EVALUATOR else "town"
    if getattr(trial, f"{name}_promise"):
        raise Refusal(_("Der er allerede givet et løfte for %(party)s.") % {"party": party}, _("Et løfte kan ikke laves om."))
    if len(secret) < SHORTEST_SECRET:
        raise Refusal(_("Hemmeligheden er for kort."), mend=_("Skriv mindst %(least)s tegn.") % {"least": SHORTEST_SECRET}, field="secret")
    _number_to_come(trial, number_source.strip(), number_day, day)
    SealedSecret.objects.create(municipality_id=trial.municipality_id, trial=trial, party=party, box=boxed(trial, party, secret))
    setattr(trial, f"{name}_promise", seal.mark(secret))
    setattr(trial, f"{name}_by", by)
    trial.promised_on = day
    if trial.town_promise and trial.evaluator_promise:
        enter(trial, TrialState.PROMISED)
        plan = Plan.of(trial.plan)
        trial.places_text = intake.places_text(strata_of(trial), plan.scheme)
        trial.places_hash = seal.mark(trial.places_text)
    trial.save(update_fields=["state", "places_text", "places_hash", "number_source", "number_day", "promised_on", f"{name}_promise", f"{name}_by"])
    record("trials.promise", trial, by=by, on=day, party=party, promise=seal.mark(secret), number=f"{trial.number_source}, {trial.number_day}")
    return trial


def _number_to_come(trial: Trial, source: str, number_day: date | None, day: date) -> None:
    """Named once, by the first; and still to come when either promises."""
    if not trial.number_source:
        if not source or number_day is None:
            raise Refusal(_("Skriv, hvilket offentligt tal der trækkes lod med, og hvornår det bliver kendt."), field="number_source")
        trial.number_source, trial.number_day = source, number_day
    if trial.number_day is None or trial.number_day <= day:
        raise Refusal(
            _("Tallet er måske allerede kendt."), _("Den, der kender tallet, kan vælge sin hemmelighed efter det."),
            _("Vælg et tal, der først bliver kendt senere end i dag.") if not trial.town_promise and not trial.evaluator_promise else _("Opgiv forsøget, og lav det igen."),
            field="number_day",
        )  # fmt: skip


@action
def type_number(trial: Trial, *, by: Staff, number: str, on: date | None = None) -> Trial:
    """The first person's number is kept; when a second types the same, it is the number, for good."""
    day, trial = on or timezone.localdate(), locked_row(trial)
    if trial.state != TrialState.PROMISED or trial.number_day is None:
        raise Refusal(_("Forsøget er et andet sted: %(state)s.") % {"state": TrialState(trial.state).label})
    others = Trial.objects.filter(municipality=trial.municipality_id)
    typed = public_number.number_of(number, day=day, known_on=trial.number_day, among=others, field="public_number")
    if public_number.typed_by_two(trial, typed, by, field="public_number"):
        enter(trial, TrialState.DRAWN)
        trial.drawn_on = day
        trial.save(update_fields=["state", "public_number", "confirmed_by", "drawn_on"])
    else:
        trial.save(update_fields=["typed", "typed_by"])
    record("trials.type_number", trial, by=by, on=day, number=typed)
    return trial


@action
def wipe_number(trial: Trial, *, by: Staff) -> Trial:
    """The first number was wrong: both begin again. The history keeps it."""
    trial = locked_row(trial)
    was = public_number.wiped(trial)
    record("trials.wipe_number", trial, by=by, was=was)
    return trial


@action
def seal_list(trial: Trial, *, by: Staff, secrets: tuple[str, str] | None = None, on: date | None = None) -> Trial:
    """Make the list from the five parts, seal it place by place, publish the promises, and forget the seed.

    The secrets come from under their own seals, which open once the number stands for good; or from the parties' paper, when the key is lost.
    """
    day, trial = on or timezone.localdate(), locked_row(trial)
    if trial.state != TrialState.DRAWN:
        raise Refusal(_("Forsøget er et andet sted: %(state)s.") % {"state": TrialState(trial.state).label})
    pair = secrets or secrets_of(trial)
    if (seal.mark(pair[0]), seal.mark(pair[1])) != (trial.town_promise, trial.evaluator_promise):
        raise Refusal(_("En hemmelighed svarer ikke til sit løfte."), _("Så ville enhver kunne se, at der var byttet om."))
    plan = Plan.of(trial.plan)
    seed = seal.seed(trial.protocol_hash, trial.places_hash, pair, trial.public_number)
    found = intake.lots(seed, strata_of(trial), plan.scheme)
    SealedPlace.objects.bulk_create(
        [
            SealedPlace(
                municipality_id=trial.municipality_id, trial=trial, stratum=lot.stratum, place=lot.place,
                box=boxed(trial, f"{lot.stratum}|{lot.place}", f"{lot.arm}\n{lot.nonce}"),
            )
            for lot in found
        ],
        batch_size=1000,
    )  # fmt: skip
    enter(trial, TrialState.OPEN)
    trial.list_text, trial.opened_on = intake.list_text(found), day
    trial.list_hash = seal.mark(trial.list_text)
    trial.save(update_fields=["state", "list_text", "list_hash", "opened_on"])
    record("trials.seal_list", trial, by=by, on=day, list_sha256=trial.list_hash, places=len(found))
    return trial


@action
def close(trial: Trial, *, by: Staff, reason: str, on: date | None = None) -> Trial:
    """No more are taken in, for good; then the secrets are shown, and anybody can work the whole list out."""
    day, trial = on or timezone.localdate(), locked_row(trial)
    enter(trial, TrialState.CLOSED)
    trial.ended_on, trial.ended_by, trial.ended_reason = day, by, reason.strip()
    trial.save(update_fields=["state", "ended_on", "ended_by", "ended_reason"])
    record("trials.close", trial, by=by, on=day, reason=trial.ended_reason, enrolled=trial.enrolments.count())
    return trial

"""One citizen at a time: cleared after the professional assessment, put on the next place for good, and only then is the lot opened."""

from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from snerydder.access.models import Staff
from snerydder.access.separation import refuse_own_case
from snerydder.audit.action import Conflict, Refusal, action
from snerydder.audit.events import record
from snerydder.casework.cases.models import Assessment, Case
from snerydder.casework.grants.models import Grant
from snerydder.casework.trials import witness
from snerydder.casework.trials.actions import locked_row
from snerydder.casework.trials.models import NO_RIGHT, RIGHTS, Enrolment, LostPlace, Screening, Trial
from snerydder.casework.trials.plan import Plan
from snerydder.casework.trials.states import TrialState


@action
def screen(trial: Trial, case: Case, *, by: Staff, right: str, excluded: str = "", informed_on: date | None = None, on: date | None = None) -> Screening:
    """May lots be drawn about this citizen? Can be corrected until the citizen is in the trial."""
    day = on or timezone.localdate()
    refuse_own_case(case, by)
    assessment = _assessed(case)
    if right == NO_RIGHT and Grant.objects.filter(case__citizen=case.citizen_id, hjemmel__in=RIGHTS, state__in=("draft", "decided", "stopped")).exists():
        raise Refusal(_("Borgeren har eller har haft ret til en mentor."), _("En ret kan ikke afgøres ved lodtrækning."), _("Vælg, hvilken ret det er."), field="right")
    if informed_on and informed_on > day:
        raise Refusal(_("Dagen ligger ude i fremtiden."), field="informed_on")
    kept = Screening.objects.filter(trial=trial, citizen=case.citizen_id).first()
    if kept and Enrolment.objects.filter(screening=kept).exists():
        raise Refusal(_("Borgeren er allerede med i forsøget."), mend=_("Er der kommet en ret til, så skriv det som en afvigelse."))
    row = kept or Screening(municipality_id=trial.municipality_id, trial=trial, citizen_id=case.citizen_id)
    row.case, row.assessment, row.right, row.excluded, row.informed_on, row.made_on, row.made_by = case, assessment, right, excluded.strip(), informed_on, day, by
    row.save()
    record("trials.screen", row, by=by, case=case, on=day, right=right, excluded=row.excluded)
    return row


def _assessed(case: Case) -> Assessment:
    found = Assessment.objects.filter(case=case, withdrawn=False).order_by("-made_on", "-pk").first()
    if found is None:
        raise Refusal(_("Sagen er ikke vurderet."), _("Den konkrete vurdering kommer før lodtrækningen."), _("Skriv vurderingen først."))
    if found.conclusion != Assessment.Conclusion.GRANT:
        raise Refusal(_("Vurderingen siger, at borgeren ikke har behov for en mentor."), _("Der trækkes kun lod om borgere, der har behovet."))
    return found


@action
def enrol(screening: Screening, *, by: Staff, on: date | None = None) -> Enrolment:
    """The next place in the citizen's group, for good. Who enrols does not know the arm, and no one can before this is done."""
    day, trial = on or timezone.localdate(), locked_row(screening.trial)
    case = Case.objects.select_related("citizen", "unit", "mentor").get(pk=screening.case_id)
    refuse_own_case(case, by)
    if trial.state != TrialState.OPEN:
        raise Refusal(_("Forsøget tager ikke borgere ind."), _("Det er %(state)s.") % {"state": TrialState(trial.state).label})
    if not screening.is_eligible:
        raise Refusal(_("Der kan ikke trækkes lod om borgeren."), mend=_("Se afklaringen: ingen ret, ingen grund til at være ude, og borgeren er orienteret."))
    stratum = Plan.of(trial.plan).stratum_of(case, day.year)
    _pass_over(trial, stratum, day)
    place = _next(trial, stratum)
    row = Enrolment(
        municipality_id=trial.municipality_id, trial=trial, number=trial.enrolments.count() + 1, screening=screening, case=case, citizen_id=case.citizen_id,
        stratum=stratum, place=place, enrolled_on=day, enrolled_by=by,
    )  # fmt: skip
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as fault:
        raise _why(fault) from fault
    record("trials.enrol", row, by=by, case=case, on=day, trial=trial.number, number=row.number, stratum=stratum, place=place)
    return Enrolment.objects.select_related("trial", "case", "citizen").get(pk=row.pk)


def _next(trial: Trial, stratum: str) -> int:
    place = 1 + sum(rows.filter(stratum=stratum).count() for rows in (trial.enrolments, trial.lost_places))
    if place > dict(trial.strata).get(stratum, 0):
        raise Refusal(
            _("Der er ingen ledig plads i gruppen %(group)s.") % {"group": stratum}, _("Protokollen gav plads til %(places)s.") % {"places": dict(trial.strata).get(stratum, 0)},
        )  # fmt: skip
    return place


def _pass_over(trial: Trial, stratum: str, day: date) -> None:
    """Places opened after the copy this database was set back to: their arms have been seen, so nobody is put on them."""
    known = set(trial.enrolments.filter(stratum=stratum).values_list("place", flat=True)) | set(trial.lost_places.filter(stratum=stratum).values_list("place", flat=True))
    gone = sorted(place for (of, place) in witness.seen(trial.list_hash) if of == stratum and place not in known)
    LostPlace.objects.bulk_create([LostPlace(municipality_id=trial.municipality_id, trial=trial, stratum=stratum, place=place, noticed_on=day) for place in gone])


def _why(fault: IntegrityError) -> Refusal:
    """The database has the last word; this only says it in Danish."""
    text = str(fault)
    if "enrolled_once" in text:
        return Conflict(_("Borgeren er allerede trukket lod om."), _("Der trækkes lod én gang om hver person."))
    if "one_on_a_place" in text or "enrolment_number" in text:
        return Conflict(_("En anden er lige kommet med."), mend=_("Prøv igen."))
    if "a right is not drawn about" in text:
        return Refusal(_("Borgeren har ret til en mentor."), _("En ret kan ikke afgøres ved lodtrækning."))
    if "already has support" in text:
        return Refusal(_("Borgeren har allerede en bevilling."), _("Lodtrækningen kommer før bevillingen."))
    if "assessed before the draw" in text:
        return Refusal(_("Vurderingen skal ligge før lodtrækningen."), mend=_("Se på vurderingen i sagen."))
    raise fault

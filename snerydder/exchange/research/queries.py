"""What the door's pages ask."""

from django.db.models import QuerySet

from snerydder.access import scope
from snerydder.access.models import Staff
from snerydder.casework.trials.models import Trial
from snerydder.casework.trials.states import TrialState
from snerydder.exchange.research.models import AnswerFile, Package

STARTED = (TrialState.LOCKED, TrialState.PROMISED, TrialState.DRAWN, TrialState.OPEN, TrialState.CLOSED)


def packages(staff: Staff) -> list[Package]:
    return list(scope.rows(Package, staff).select_related("trial", "asked_by", "approved_by"))


def drawn_trials(staff: Staff) -> QuerySet[Trial]:
    return scope.rows(Trial, staff).filter(state__in=(TrialState.OPEN, TrialState.CLOSED)).defer("list_text", "places_text").order_by("-number")


def answer_files(package: Package) -> list[AnswerFile]:
    return list(package.answers.select_related("made_by"))


def answers_before(row: AnswerFile) -> AnswerFile | None:
    """The file this one is held against: the last one used before it."""
    return row.package.answers.filter(number__lt=row.number, used_at__isnull=False).order_by("-used_at").first()


def led(staff: Staff) -> list[Trial]:
    """Trials of several municipalities that this one leads: the evaluator here joins their packages."""
    rows = scope.rows(Trial, staff).filter(state__in=STARTED, joinings__isnull=True, plan__municipalities__gt=1)
    return list(rows.defer("list_text", "places_text", "protocol_text").order_by("-number"))

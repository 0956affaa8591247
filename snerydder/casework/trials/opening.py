"""What lies under a seal: boxed under a key outside the database and bound to its place, opened only where the database shows it."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from snerydder.audit.action import Refusal
from snerydder.casework.people import vault
from snerydder.casework.trials import witness
from snerydder.casework.trials.models import Enrolment, SealedPlace, SealedSecret, Trial
from snerydder.lottery.intake import Lot

TOWN, EVALUATOR = "kommunen", "evaluator"


def boxed(trial: Trial, name: str, text: str) -> str:
    return vault.seal_text(text, use=f"trials|{name}", row_id=trial.pk, municipality_id=trial.municipality_id)


def _unboxed(trial: Trial, name: str, box: str) -> str:
    return vault.unseal_text(box, use=f"trials|{name}", row_id=trial.pk, municipality_id=trial.municipality_id)


def secrets_of(trial: Trial) -> tuple[str, str]:
    """Both parties' secrets: the database shows them only between the number and the list, and when the intake is over."""
    boxes = dict(SealedSecret.objects.filter(trial=trial).values_list("party", "box"))
    if len(boxes) != 2:
        raise Refusal(_("Hemmelighederne er stadig forseglet."), mend=_("Prøv igen om et øjeblik."))
    return _unboxed(trial, TOWN, boxes[TOWN]), _unboxed(trial, EVALUATOR, boxes[EVALUATOR])


def opened(trial: Trial, enrolments: Iterable[Enrolment]) -> dict[Any, Lot]:
    """{enrolment id: its lot}, for those that cannot be taken back. The witness writes each down before it is shown."""
    rows = list(enrolments)
    wanted = SealedPlace.objects.filter(trial=trial, place__in={row.place for row in rows})
    boxes = {(each.stratum, each.place): each.box for each in wanted}
    promised = set(trial.list_text.splitlines())
    shown = [row for row in rows if (row.stratum, row.place) in boxes]
    witness.write(trial.list_hash, ((row.stratum, row.place, row.mark) for row in shown))
    found = {}
    for row in shown:
        arm, nonce = _unboxed(trial, f"{row.stratum}|{row.place}", boxes[row.stratum, row.place]).split("\n")
        found[row.pk] = lot = Lot(row.stratum, row.place, arm, nonce)
        if f"{lot.stratum}\t{lot.place}\t{lot.promise}" not in promised:
            raise vault.Unopenable(f"{trial.pk} {row.stratum} {row.place}")
    return found


def arm_of(enrolment: Enrolment) -> str:
    """`offered`, `control`, or nothing while the enrolment can still be taken back."""
    lot = opened(enrolment.trial, [enrolment]).get(enrolment.pk)
    return lot.arm if lot else ""

"""What a trial of this size can show, told while the protocol is written. The formulas are the engine's own (`snerydder.study.power`)."""

from dataclasses import dataclass, replace

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from snerydder.casework.trials.plan import Plan

WANTED = 0.90


@dataclass(frozen=True)
class Told:
    """`level` ok, warn (too small, or nothing can be said)."""

    level: str
    sentence: str
    whole_curve: str = ""
    pool: str = ""
    alone: str = ""  # what one of several municipalities could show by itself


def told(plan: Plan, groups: int) -> Told:
    """Every municipality is a stratum of its own, and every group in it; the effect is hoped for among those who say yes."""
    try:
        from snerydder.effects.power import Design
        from snerydder.effects.results import Refused
        from snerydder.study import power as study
        from snerydder.study.words import Words
    except ImportError:  # a web server without the packages of the evaluation
        return Told("warn", _("Styrken kan ikke regnes her: statistikdelen er ikke installeret."))
    english, arms = get_language() == "en", plan.offered + plan.control
    one, zero = ([plan.places * part / arms] * (plan.municipalities * groups) for part in plan.ratio)
    design = Design(one, zero, plan.alpha / 100, compliance=plan.take_up / 100)
    asked = study.Plan(design, (study.Question("", "", plan.share / 100, plan.effect / 100),), plan.last + 1, WANTED, plan.municipalities)
    found = study.answers(asked)
    if isinstance(found, Refused):
        return Told("warn", found.reason_en if english and found.reason_en else found.reason)
    alone = found[0].alone
    sentence = alone.sentence_en if english else alone.sentence
    by_itself = told(replace(plan, municipalities=1), groups).sentence if plan.is_joint else ""
    return Told("ok" if alone.enough else "warn", sentence, study.whole_curve(asked, found[0], Words(english)), "" if alone.enough else _pool(plan), by_itself)


def _pool(plan: Plan) -> str:
    if plan.municipalities == 1:
        return _("Kommunen kan ikke få svaret alene. Gå sammen med andre kommuner om den samme protokol.")
    return _("Der skal flere kommuner med, eller flere borgere i hver.")

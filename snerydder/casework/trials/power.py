"""What a trial of this size can show, told while the protocol is written. The formulas are the engine's own (`snerydder.study.power`)."""

from dataclasses import dataclass, replace

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from snerydder.casework.trials.plan import Plan

WANTED = 0.90
ALIKE = 0.05  # between citizens of one unit: what is taken for such outcomes when nothing is known


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
    english, whole, units = get_language() == "en", sum(plan.ratio), plan.municipalities * groups
    strata = plan.municipalities if plan.drawn == "unit" else units
    one, zero = ([plan.places * units / strata * part / whole] * strata for part in (plan.offered, plan.control))
    clusters = round(units * (plan.offered + plan.control) / whole) if plan.drawn == "unit" else 0
    design = Design(one, zero, plan.alpha / 100 / plan.offers, compliance=plan.take_up / 100, clusters=clusters, icc=ALIKE if clusters else 0.0)
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

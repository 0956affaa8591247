"""Run the protocol: every estimate the report shows, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from types import ModuleType
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from snerydder.effects import balance, bands, complier, multiplicity, permutation, places, subgroups
from snerydder.effects.difference import shares
from snerydder.effects.places import Shrunk
from snerydder.effects.results import Curve, Floats, Refused
from snerydder.effects.subgroups import Split
from snerydder.lottery import draw
from snerydder.registers import outcomes, weeks
from snerydder.registers.faults import BadInput
from snerydder.study import answers, around, looks, mapping, money, power, redrawn, timing
from snerydder.study.data import Data
from snerydder.study.estimating import OWN_CHANCES, covariates, estimate, methods, number
from snerydder.study.findings import Along, Definition, Number, OutcomeFound, Panel
from snerydder.study.found import Findings
from snerydder.study.progress import Progress
from snerydder.study.protocol import Interaction, Outcome, Protocol, Subgroup
from snerydder.study.together import together

T = TypeVar("T")
REDRAW_STEPS = 20


def steps(protocol: Protocol) -> int:
    """How many times `run` moves the line."""
    return REDRAW_STEPS + 4 * len(protocol.outcomes) + 2


def run(data: Data, progress: Progress) -> Findings:
    outcome_weeks = {}
    for one in data.protocol.outcomes:
        progress.stage("finder udfaldene")
        for name in (one.name, *one.also):
            outcome_weeks[name] = _weekly(data, name)
        progress.step()
    progress.stage("trækker lod om")
    permuted = _permute(data, outcome_weeks, progress)
    found = []
    for place, one in enumerate(data.protocol.outcomes):
        progress.stage("regner effekterne")
        found.append(_outcome(data, one, outcome_weeks, permuted, place))
        progress.step(3)
    progress.stage("regner balance, indsats og økonomi")
    shown = [one.name for one in data.protocol.background if not one.only_subgroups]
    lines = tuple(balance.line(name, data.background[name], data.treated, data.cluster, data.stratum) for name in shown)
    matrix = covariates(data)
    alike = redrawn.alike(data, matrix)
    progress.step(2)
    received = None if data.minutes is None else int((data.minutes.sum(axis=1) > 0)[data.treated].sum())
    delivered, by_place = around.delivery(data), around.places(data)
    plan = power.from_protocol(data.protocol) if any(one.expected for one in data.protocol.outcomes) else None
    progress.stage("regner tider, kortlægning og styrke")
    return Findings(
        drawn=data.drawn, treated=int(data.treated.sum()), control=int((~data.treated).sum()), received=received, strata=len(data.stratum_names), balance=lines, alike=alike,
        outcomes=tuple(together(data, found)), delivery=delivered, places=by_place, mentor_answers=around.mentor_answers(data), points=around.points(data, delivered, by_place),
        money=money.money(data, tuple(found), outcome_weeks), reached=timing.reached(data, outcome_weeks), benefit=timing.benefit(data), mapped=mapping.read(data.protocol), answers=answers.read(data), looks=looks.read(data),
        power=power.answers(plan) if plan else Refused("Protokollen siger ikke, hvad der blev ventet.", "no-expected", "The protocol does not say what was expected."),
        quality=data.quality.rows, season=tuple(np.bincount([weeks.month_of(int(week)) % 12 for week in data.start], minlength=12).tolist()),
        redraws=permuted.redraws, exact=permuted.exact,
    )  # fmt: skip


def _weekly(data: Data, name: str) -> NDArray[np.bool_]:
    found: NDArray[np.bool_] = _module(name).weekly(data.seen)
    return found


def _module(name: str) -> ModuleType:
    module = outcomes.find(name)
    assert module is not None, "the protocol has been read"
    return module


def must(found: T | Refused, data: Data, what: str = "") -> T:
    """The main estimate: without it there is no report."""
    if isinstance(found, Refused):
        raise BadInput(
            data.protocol.path(data.protocol.lottery), f"{f'{what}: ' if what else ''}{found.reason}", expected="mindst to personer fra hver gruppe i samme stratum, i hver uge af vinduet",
            mend="Se efter, om filerne er hele. Er de det, så slut vinduet tidligere, læg små strata sammen, eller vent, til flere er med.",
        )  # fmt: skip
    return found


def _joint(data: Data, covariance: Floats, name: str, draws: int = bands.DRAWS, df: Floats | None = None) -> NDArray[np.float32]:
    """|Z| by draw and week; where nothing varies in any there is nothing to draw, and the band has no width to be given."""
    found = bands.absolute_draws(covariance, draw.generator(data.protocol.seed, name), draws, df)
    return np.zeros((1, len(covariance)), dtype=np.float32) if isinstance(found, Refused) else found


def _average(values: NDArray[np.bool_], observed: NDArray[np.bool_], low: int, high: int) -> Floats:
    """A person's share of the observed weeks from low to high."""
    part = slice(low, high + 1)
    seen = observed[:, part].sum(axis=1)
    return (values & observed)[:, part].sum(axis=1) / np.maximum(seen, 1)


def _permute(data: Data, weekly: dict[str, NDArray[np.bool_]], progress: Progress) -> permutation.Permutation:
    """One family: every week of every outcome, and the outcomes' averages."""
    mains = [one.name for one in data.protocol.outcomes]
    columns = [np.where(data.observed, weekly[name], False) for name in mains]
    averages = np.column_stack([_average(weekly[name], data.observed, *data.protocol.summary) for name in mains])
    scheme = redrawn.scheme(data)
    exact = scheme.possible() <= draw.LISTABLE
    drawn = scheme.every() if exact else scheme.redraws(data.protocol.redraws, draw.generator(data.protocol.seed, "permutation"))
    found = permutation.permutation(
        np.hstack([*columns, averages]), data.treated, data.stratum, _counted(drawn, data.protocol.redraws, progress), exact, data.cluster, data.probability,
        scheme.likelihood if exact and data.probability is not None else None,
    )  # fmt: skip
    if isinstance(found, Refused) and found.key == "no-statistic":  # nobody differs in any outcome: every lottery there is gives the same
        unknown = np.full(len(mains) * data.protocol.weeks + len(mains), np.nan)
        return permutation.Permutation(unknown, unknown, unknown, 0, exact)
    return must(found, data)


def _counted(blocks: Iterator[NDArray[np.bool_]], total: int, progress: Progress) -> Iterator[NDArray[np.bool_]]:
    """The longest stage: it moves the line as it goes."""
    done = 0
    for block in blocks:
        yield block
        step = min(REDRAW_STEPS, REDRAW_STEPS * (done + len(block)) // total) - min(REDRAW_STEPS, REDRAW_STEPS * done // total)
        done += len(block)
        progress.step(step)


def _outcome(data: Data, one: Outcome, weekly: dict[str, NDArray[np.bool_]], permuted: permutation.Permutation, place: int) -> OutcomeFound:
    module, values, observed = _module(one.name), weekly[one.name], data.observed
    protocol, alpha = data.protocol, data.protocol.alpha
    curve = must(estimate(data, values, observed), data, module.SHORT)
    treated, control, n_treated, n_control = shares(values, data.treated, observed)
    absolute = _joint(data, curve.covariance, f"band {one.name}", df=curve.df)
    maxima = np.sort(absolute.max(axis=1))
    band, wide = bands.band(curve, 1 - alpha, maxima), bands.band(curve, 0.95, maxima)
    weeks = np.arange(protocol.weeks)
    columns, mains = protocol.weeks, len(protocol.outcomes)
    low, high = protocol.summary
    average = _average(values, observed, low, high)
    summary = number(must(estimate(data, average), data, module.SHORT), 0, alpha)
    total = number(curve.combine(np.ones(columns)), 0, alpha)
    splits = tuple(_split(data, group, average) for group in protocol.subgroups)
    panels = tuple(_panel(data, values, group.name, label, rows) for group in protocol.subgroups for label, rows in members(data, group).items())
    by_place = tuple(_panel(data, values, "", label, data.stratum == number) for number, label in sorted(enumerate(data.stratum_names), key=lambda pair: around.danish(pair[1]))) if len(data.stratum_names) > 1 else ()
    parts, contrasts = _corrected(data, one, splits)
    late, receipt = _receipt(data, one, values)
    return OutcomeFound(
        one.name, module.LABEL, module.LABEL_EN, module.SHORT, module.SHORT_EN, module.COUNTS, module.COUNTS_EN, module.DOES_NOT_COUNT, module.DOES_NOT_COUNT_EN,
        one.week, weeks, treated, control, n_treated, n_control,
        (values & observed)[data.treated].sum(axis=0), (values & observed)[~data.treated].sum(axis=0),
        curve, band, wide, bands.adjusted(curve, absolute),
        permuted.p[place * columns : (place + 1) * columns], permuted.p_family[place * columns : (place + 1) * columns],
        bands.first_week_outside(band.lower, band.upper, weeks), bands.first_week_outside(band.simultaneous_lower, band.simultaneous_upper, weeks),
        bands.first_week_ever(band.lower, band.upper, weeks), bands.first_week_ever(band.simultaneous_lower, band.simultaneous_upper, weeks),
        summary, float(permuted.p[mains * columns + place]), total, methods(data, values, one.week), _definitions(data, one, weekly), late, receipt, splits, parts, contrasts,
        tuple(panel for panel in panels if panel), tuple(panel for panel in by_place if panel), redrawn.shift(data, values.sum(axis=1)),
        _spread(by_place, one.week), _along(data, average),
    )  # fmt: skip


def _definitions(data: Data, one: Outcome, weekly: dict[str, NDArray[np.bool_]]) -> tuple[Definition, ...]:
    found = []
    for name in (one.name, *one.also) if one.also else ():
        module = _module(name)
        curve = must(estimate(data, weekly[name], data.observed), data, module.LABEL)
        treated, control, n_treated, n_control = shares(weekly[name], data.treated, data.observed)
        yes = [(weekly[name] & data.observed)[arm].sum(axis=0) for arm in (~data.treated, data.treated)]
        panel = Panel("", "", len(data.treated), treated, control, curve.effect, curve.error, *curve.interval(data.protocol.alpha), (yes[0], yes[1]), (n_control, n_treated))
        found.append(Definition(name, module.LABEL, module.LABEL_EN, panel, curve.p))
    return tuple(found)


def _receipt(data: Data, one: Outcome, values: NDArray[np.bool_]) -> tuple[complier.Complier | Refused, bands.Band | None]:
    """The effect of receiving in every week (NaN where too few are seen to tell), and its band over the weeks it is estimated in."""
    if data.minutes is None:
        return Refused("Der er ingen kontaktfil, så det vides ikke, hvem der fik en mentor.", "no-contacts", "There is no contact file, so receipt is not known."), None
    late = complier.complier(
        values, data.minutes.sum(axis=1) > 0, data.treated, data.stratum, data.protocol.alpha, None, data.observed, data.cluster, data.probability
    )
    if isinstance(late, Refused):
        return late, None
    if one.week not in late.weeks:
        f = late.weekly_f[one.week]
        return Refused(
            f"Blandt dem, der kan følges i uge {one.week}, flytter lodtrækningen for lidt, hvem der fik mentor (F = {f:.1f}, der kræves 10).".replace(".", ",", 1), "weak-first-stage",
            f"Among those seen in week {one.week} the draw moves receipt too little (F = {f:.1f}, 10 is needed).",
        ), None  # fmt: skip
    maxima = np.sort(_joint(data, late.curve.covariance, f"receipt {one.name}", df=late.curve.df).max(axis=1)).astype(float)
    every = late.every_week()
    return every, bands.band(every.curve, 1 - data.protocol.alpha, maxima)


def _panel(data: Data, values: NDArray[np.bool_], group: str, label: str, rows: NDArray[np.bool_]) -> Panel | None:
    """The curve of one part, for a small picture; too few persons get none."""
    if subgroups.too_few(data.treated, rows, data.cluster):
        return None
    curve = estimate(data, values, data.observed, rows)
    if isinstance(curve, Refused):
        return None
    treated, control, n_treated, n_control = shares(values[rows], data.treated[rows], data.observed[rows])
    yes = [(values & data.observed)[rows & arm].sum(axis=0) for arm in (~data.treated, data.treated)]
    return Panel(group, label, int(rows.sum()), treated, control, curve.effect, curve.error, *curve.interval(data.protocol.alpha), (yes[0], yes[1]), (n_control, n_treated), curve.df)


def _spread(by_place: tuple[Panel | None, ...], week: int) -> Shrunk | Refused:
    """Only strata whose own error can be measured that week."""
    known = [panel for panel in by_place if panel and panel.error[week] > 0]
    df = [panel.df[week] for panel in known if panel.df is not None]
    return places.shrunk([panel.effect[week] for panel in known], [panel.error[week] for panel in known], df or None)


def members(data: Data, group: Subgroup) -> dict[str, NDArray[np.bool_]]:
    """The persons of each part of a split, in the order they are shown."""
    values = data.background[group.background]
    known = np.isfinite(values)
    cut = group.cut if group.cut is not None else float(np.nanmedian(values)) if group.median else 0.5
    high = (values > 0) if group.above_zero else (values >= cut)
    labels = group.labels or ("under", "over", "mangler")
    parts = {labels[0]: known & ~high, labels[1]: known & high}
    if not known.all() and len(labels) > 2:
        parts[labels[2]] = ~known
    if group.above_zero or (group.cut is None and not group.median):
        parts = dict(reversed(list(parts.items())))  # yes before no
    return parts


def _split(data: Data, group: Subgroup, average: Floats) -> Split:
    return subgroups.split(group.name, average, data.treated, data.stratum, members(data, group), None, data.cluster, data.probability)


def _along(data: Data, average: Floats) -> tuple[Along, ...]:
    """Those without a value leave this question only: it was known before the draw who they were."""
    found: list[tuple[Interaction, int, Number | Refused]] = []
    for asked in data.protocol.interactions:
        values = data.background[asked.background] / asked.per
        rows = np.flatnonzero(np.isfinite(values))
        lots = None if data.cluster is None else data.cluster[rows]
        curve = OWN_CHANCES if data.probability is not None else subgroups.interaction(average[rows], data.treated[rows], data.stratum[rows], values[rows], None, lots)
        found.append((asked, len(rows), curve if isinstance(curve, Refused) else number(curve, 0, data.protocol.alpha)))
    rule = "holm" if data.protocol.correction == "romano_wolf" else data.protocol.correction
    p = _by_rule(rule, {asked.name: change.p for asked, _, change in found if not isinstance(change, Refused)})
    return tuple(Along(asked.name, asked.per, persons, change, p.get(asked.name)) for asked, persons, change in found)


def _corrected(data: Data, one: Outcome, splits: tuple[Split, ...]) -> tuple[dict[str, float], dict[str, float]]:
    """All parts of an outcome are one family, and all its splits another."""
    method = data.protocol.correction
    curves = {f"{split.name} · {part.name}": part.curve for split in splits for part in split.parts if isinstance(part.curve, Curve)}
    contrasts = {split.name: split.homogeneity_p for split in splits if split.homogeneity_p is not None}
    if not curves:
        return {}, {}
    if method == "romano_wolf":  # the parts share persons: their joint normal is drawn; a split is one number, so Holm's rule serves there
        psi = np.column_stack([curve.psi[:, 0] for curve in curves.values()])
        df = None if data.cluster is None else np.array([curve.df[0] for curve in curves.values() if curve.df is not None])
        draws = _joint(data, psi.T @ psi, f"subgroups {one.name}", 20_000, df)
        together = must(multiplicity.romano_wolf(np.array([curve.normal[0] for curve in curves.values()]), draws), data, one.name)
        return dict(zip(curves, together.tolist(), strict=True)), _by_rule("holm", contrasts)
    return _by_rule(method, {name: float(curve.p[0]) for name, curve in curves.items()}), _by_rule(method, contrasts)


def _by_rule(method: str, p: dict[str, float]) -> dict[str, float]:
    """A question that could not be answered (NaN) counts as one of them all the same."""
    if method == "none" or not p:
        return p
    asked = np.array(list(p.values()))
    found = multiplicity.METHODS[method](np.nan_to_num(asked, nan=1.0))
    return dict(zip(p, np.where(np.isnan(asked), np.nan, found).tolist(), strict=True))


def only(data: Data, rows: NDArray[np.bool_]) -> Data:
    """The same study on some of its persons, for the tests of what must not change."""
    kept = np.flatnonzero(rows)
    seen = replace(data.seen, rows=data.seen.rows[kept], start=data.seen.start[kept])
    background = {name: values[kept] for name, values in data.background.items()}
    minutes = None if data.minutes is None else data.minutes[kept]
    return replace(
        data, persons=tuple(data.persons[row] for row in kept), treated=data.treated[kept], stratum=data.stratum[kept], start=data.start[kept],
        block=None if data.block is None else data.block[kept], seen=seen, observed=data.observed[kept], background=background, minutes=minutes, cluster=None if data.cluster is None else data.cluster[kept],
        probability=None if data.probability is None else data.probability[kept],
    )  # fmt: skip

"""What an estimator is given, looked at before anything is counted: a number that rests on the caller's slip is no number.

Arguments are known by their names, the same in every estimator. All have a row per person. Arms and flags are yes or no, also when written 0 and 1 (`~` of
an integer 1 is -2, and picks row -2). An outcome is a number wherever it is seen; a chance, a level lies between 0 and 1; nobody lacks a stratum.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from inspect import signature
from typing import Any, ParamSpec, TypeVar

import numpy as np
from numpy.typing import NDArray

from snerydder.effects.results import Refused

P = ParamSpec("P")
R = TypeVar("R")
FLAGS = ("treated", "started", "received", "seen", "observed", "ended")
LABELS = ("stratum", "cluster", "person")
TIMES = ("exit_", "entry")
NUMBERS = ("outcome", "total", "moderator", "pre_outcome", "covariates", "x", *TIMES)
ROWS = (*FLAGS, *LABELS, *NUMBERS, "probability", "values", "event", "first", "start", "fold")


def checked(estimator: Callable[P, R]) -> Callable[P, R | Refused]:
    """The estimator, refusing what it cannot read."""
    parameters = signature(estimator)

    @wraps(estimator)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R | Refused:
        held = parameters.bind(*args, **kwargs)
        refused = _refusal(held.arguments)
        return refused or estimator(*held.args, **held.kwargs)

    return guarded


def _refusal(held: dict[str, Any]) -> Refused | None:
    """Why not; and in `held` every flag becomes yes or no, every list an array."""
    rows = [name for name in ROWS if held.get(name) is not None]
    for name in rows:
        held[name] = np.asarray(held[name])
        if name in FLAGS and held[name].dtype != bool:
            flags = _flags(name, held[name])
            if isinstance(flags, Refused):
                return flags
            held[name] = flags
    if "covariates" in rows and held["covariates"].ndim == 1:
        held["covariates"] = held["covariates"][:, None]
    count = {name: len(held[name]) if held[name].ndim else 0 for name in rows}
    for name in rows:
        if count[name] != count[rows[0]]:
            told = f"{rows[0]}: {count[rows[0]]}, {name}: {count[name]}."
            return Refused(f"Der er ikke lige mange personer i alle kolonner: {told}", "length", f"Not all columns have the same persons: {told}")
        if not count[name]:
            return Refused("Der er ingen personer.", "nobody", "There are no persons.")
    for name in ("alpha", "level"):
        if name in held and not 0 < held[name] < 1:
            return Refused(f"{name} skal ligge mellem 0 og 1, fx 0,10; der står {held[name]}.", "level", f"{name} must lie between 0 and 1, not {held[name]}.")
    for check in (_numbers, _others):
        if refused := check(held, rows):
            return refused
    return None


def _flags(name: str, values: NDArray[Any]) -> NDArray[np.bool_] | Refused:
    if values.dtype.kind in "iuf" and ((values == 0) | (values == 1)).all():
        return np.asarray(values == 1)
    return Refused(f"{name} er ja eller nej (eller 1 og 0) for hver person; der står også andet.", "not-yes-no", f"{name} is yes or no (or 1 and 0) for each person; there is something else too.")


def _numbers(held: dict[str, Any], rows: list[str]) -> Refused | None:
    """Those not seen may lack an outcome; nobody else may, and there is no endless number."""
    for name in rows:
        if name not in NUMBERS or held[name].dtype.kind in "biu":
            continue
        try:
            held[name] = held[name].astype(float, copy=False)
            known = np.isfinite(held[name]) | (name == "covariates")  # the regression says what to do about a missing one
        except (TypeError, ValueError):
            return Refused(f"{name} skal være tal.", "not-numbers", f"{name} must be numbers.")
        if known.all():
            continue
        if name == "outcome":
            seen = held.get("seen") if held.get("observed") is None else held["observed"]
            if seen is not None and seen.size == known.size:
                known = known | ~seen.reshape(known.shape)
        if not known.all():
            many = int((~known.reshape(len(known), -1)).any(axis=1).sum())
            return _missing(name, many)
    return None


def _missing(name: str, many: int) -> Refused:
    if name in TIMES:
        return Refused(f"{many} forløb mangler en begyndelse eller en slutning.", "no-time", f"{many} spells lack a beginning or an end.")
    key = "missing-outcome" if name in ("outcome", "total", "pre_outcome") else "missing-covariate"
    return Refused(
        f"{name} mangler (eller er uendelig) for {many} personer, der tæller med. Sig, hvem der er set, eller tag dem ud.", key,
        f"{name} is missing (or infinite) for {many} persons who count. Say who is seen, or leave them out.",
    )  # fmt: skip


def _others(held: dict[str, Any], rows: list[str]) -> Refused | None:
    for name in rows:
        values = held[name]
        if name in LABELS and values.dtype.kind == "f" and np.isnan(values).any():
            return Refused(f"{name} mangler for nogen.", "missing-label", f"{name} is missing for some.")
        if name == "probability" and not ((values >= 0) & (values <= 1)).all():
            return Refused("En chance er et tal mellem 0 og 1, og alle skal have en.", "chance", "A chance is a number between 0 and 1, and everybody must have one.")
        if name == "event" and not (np.isin(values, np.unique(values).astype(np.int64)).all() and (values >= 0).all()):
            return Refused("Hvad et forløb endte i, er et helt tal: 0, 1, 2 …", "event", "What a spell ended in is a whole number: 0, 1, 2 …")
    return None

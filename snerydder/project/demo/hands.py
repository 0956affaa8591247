"""Municipalities have nothing to do with each other, so they are built side by side, as many at a time as the machine has hands for."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_EXCEPTION, ProcessPoolExecutor, wait
from multiprocessing import get_context
from typing import Any

from django.db import connection

from snerydder.project.demo.ready import get_ready, run

Progress = Callable[..., None]
MOST = 4


def hands() -> int:
    """One inside a transaction that somebody else began (a test): another process could not see it."""
    return 1 if connection.in_atomic_block else min(os.cpu_count() or 1, MOST)


def side_by_side(work: Callable[..., list[Any]], jobs: Sequence[tuple[Any, ...]], progress: Progress) -> list[Any]:
    """What each job gives, in the order of the jobs; `work(*job, progress)`. A job that fails stops them all."""
    context = get_context("spawn")
    told = context.SimpleQueue()
    progress("lægger planen", 0, len(jobs))
    with ProcessPoolExecutor(min(hands(), len(jobs)), mp_context=context, initializer=get_ready, initargs=(told,)) as pool:
        futures = [pool.submit(run, work, place, job) for place, job in enumerate(jobs)]
        try:
            waiting, far = set(futures), {}
            while waiting:
                done, waiting = wait(waiting, timeout=0.2, return_when=FIRST_EXCEPTION)
                _pass_on(told, far, progress)
                for ready in done:
                    ready.result()
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    return [each for future in futures for each in future.result()]


def _pass_on(told: Any, far: dict[int, tuple[int, int]], progress: Progress) -> None:
    while not told.empty():
        place, text, done, total = told.get()
        far[place] = (done, total)
        progress(text, sum(each for each, _total in far.values()), sum(each for _done, each in far.values()))


def silent(text: str = "", done: int = 0, total: int = 0) -> None:
    """Where nobody looks."""

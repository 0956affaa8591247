"""Which of the cores runs what: a file goes to one of them, and what takes longest begins first, so that none waits for the other."""

from collections.abc import Sequence

import pytest
from xdist.scheduler import LoadFileScheduling

TOGETHER = ("tests/study/", "tests/pages/desks/")  # they stand on one thing that is made once for the folder
LONGEST = (
    "tests/journeys/test_every_page.py", "tests/journeys/", "tests/access/test_matrix.py", "tests/study/", "tests/pages/desks/", "tests/project/test_demo.py",
    "tests/project/", "tests/effects/", "tests/casework/", "tests/pages/",
)  # fmt: skip


def scope(nodeid: str) -> str:
    file = nodeid.partition("::")[0]
    return next((folder for folder in TOGETHER if file.startswith(folder)), file)


def rank(nodeid: str) -> int:
    return next((place for place, start in enumerate(LONGEST) if nodeid.startswith(start)), len(LONGEST))


def in_order(items: Sequence[pytest.Item]) -> list[pytest.Item]:
    return sorted(items, key=lambda item: rank(item.nodeid))


class Sharing(LoadFileScheduling):
    """By file, or by the folders that share; in the order they were collected."""

    def _split_scope(self, nodeid: str) -> str:
        return scope(nodeid)

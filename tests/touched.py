"""How many pages of the database a piece of work touches: each question it asks is asked once more with EXPLAIN (ANALYZE, BUFFERS)."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import connection


@dataclass(frozen=True)
class Question:
    sql: str
    pages: int
    plan: dict[str, Any]

    @property
    def tables(self) -> set[str]:
        return set(_scans(self.plan))


def _scans(plan: dict[str, Any]) -> list[str]:
    own = [plan["Relation Name"]] if "Relation Name" in plan else []
    return own + [name for part in plan.get("Plans", ()) for name in _scans(part)]


def questions_of(work: Callable[[], Any]) -> list[tuple[str, Any]]:
    asked: list[tuple[str, Any]] = []

    def listen(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.lstrip().startswith("SELECT") and "set_config" not in sql:
            asked.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(listen):
        work()
    return asked


def touched(work: Callable[[], Any]) -> list[Question]:
    found = []
    for sql, params in questions_of(work):
        with connection.cursor() as cursor:
            cursor.execute("EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) " + sql, params)
            row = cursor.fetchone()[0]
        plan = (json.loads(row) if isinstance(row, str) else row)[0]["Plan"]
        found.append(Question(sql, plan["Shared Hit Blocks"] + plan["Shared Read Blocks"], plan))
    return found

"""The words that columns may hold, from ``data/schema/*.json``: the only place where they stand."""

from __future__ import annotations

import json
from functools import cache

from dashboard.paths import SCHEMA


@cache
def words(table: str, column: str) -> tuple[str, ...]:
    """Return the vocabulary of a column, in its order; :class:`KeyError` where it has none."""
    fields = json.loads((SCHEMA / f"{table}.json").read_text("utf-8"))["fields"]
    return tuple(next(f["constraints"]["enum"] for f in fields if f["name"] == column))

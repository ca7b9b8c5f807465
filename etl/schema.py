"""The tables' schema, read from ``data/schema/*.json``: columns, keys, references, vocabulary.

Beyond Frictionless, a field may have a ``kind`` (period, day, url, regex) that is checked more
closely than by its pattern, and a table a ``role``: ``generated`` (a refresh writes it), ``final`` (made
last, from all others), ``input`` (figures read by hand), ``ledger`` (about the inputs); else it is written by
hand and published. In memory a cell is text, ``""`` when absent; only ``observations.value`` is a number.
"""

import json
from dataclasses import dataclass, field, replace
from math import inf
from typing import Any

from etl.paths import SCHEMA


@dataclass(frozen=True)
class Column:
    """One column: ``kind`` is text, number, period, url, day or regex."""

    name: str
    kind: str = "text"
    required: bool = False
    choices: tuple[str, ...] = ()
    pattern: str = ""
    low: float = -inf
    high: float = inf


@dataclass(frozen=True)
class Table:
    name: str
    path: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    refers: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Column → table and column it refers to."""
    role: str = "published"
    optional: bool = False
    described: dict[str, Any] = field(default_factory=dict)
    """The schema file."""

    @property
    def names(self) -> list[str]:
        return [column.name for column in self.columns]

    @property
    def hand_written(self) -> bool:
        return self.role not in ("generated", "final")

    def choices(self, column: str) -> tuple[str, ...]:
        return next(c.choices for c in self.columns if c.name == column)


def _column(described: dict[str, Any]) -> Column:
    limits = described.get("constraints", {})
    kind = described.get("kind", "number" if described["type"] == "number" else "text")
    choices, pattern = tuple(limits.get("enum", ())), limits.get("pattern", "")
    bounds = limits.get("minimum", -inf), limits.get("maximum", inf)
    return Column(described["name"], kind, limits.get("required", False), choices, pattern, *bounds)


def _table(described: dict[str, Any]) -> Table:
    name, key = described["name"], tuple(described.get("primaryKey", ()))
    refers = {
        link["fields"][0]: (link["reference"]["resource"] or name, link["reference"]["fields"][0])
        for link in described.get("foreignKeys", ())
    }
    role, optional = described.get("role", "published"), described.get("optional", False)
    columns = tuple(map(_column, described["fields"]))
    return Table(name, described["path"], columns, key, refers, role, optional, described)


_TABLES = (_table(json.loads(path.read_text("utf-8"))) for path in sorted(SCHEMA.glob("*.json")))
ALL = {table.name: table for table in _TABLES}
CURATED = ALL["curated"]
LEDGERS = {name: table for name, table in ALL.items() if table.role == "ledger"}
TABLES = {n: t for n, t in ALL.items() if n not in ("curated", "observations") and n not in LEDGERS}
YEARBOOK = "city_yearbook"
"""The city yearbook's observations are in files of their own."""
EDITION = "ccsy_"
"""Start of the ids of its editions (China City Statistical Yearbook): short, as they are in every row."""
BOOK = f"_{YEARBOOK}"
DOMAINS = TABLES["indicators"].choices("domain")
_OBSERVATIONS = ALL["observations"]
OBSERVATIONS = {
    name: replace(_OBSERVATIONS, name=f"observations_{name}", path=_OBSERVATIONS.path.format(domain=name))
    for name in (*DOMAINS, *(f"{domain}{BOOK}" for domain in DOMAINS))
}

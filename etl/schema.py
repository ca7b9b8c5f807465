"""The tables' schema, read from ``data/schema/*.json``: columns, keys, references, vocabulary.

It is defined only in those files (Frictionless table schemas). The checks of a table (:mod:`etl.checks`), the
files' headers and ``datapackage.json`` (:mod:`etl.descriptor`) are made from them.
Beyond Frictionless, a field may have a ``kind`` (period, day, url, regex) that is checked more
closely than by its pattern, and a table a ``role``: ``generated`` (a refresh writes it), ``final`` (made
last, from all others), ``input`` (figures read by hand), ``ledger`` (about the inputs); else it is written by
hand and published. In memory a cell is text, ``""`` when absent; only ``observations.value`` is a number.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
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
    low: float | None = None
    high: float | None = None

    @classmethod
    def of(cls, described: dict[str, Any]) -> Column:
        limits = described.get("constraints", {})
        kind = described.get("kind", "number" if described["type"] == "number" else "text")
        return cls(
            described["name"],
            kind,
            limits.get("required", False),
            tuple(limits.get("enum", ())),
            limits.get("pattern", ""),
            limits.get("minimum"),
            limits.get("maximum"),
        )


@dataclass(frozen=True)
class Table:
    name: str
    path: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    refers: dict[str, tuple[str, str]] = field(default_factory=dict)
    role: str = "published"
    optional: bool = False
    described: dict[str, Any] = field(default_factory=dict)
    """The schema file."""

    @classmethod
    def of(cls, described: dict[str, Any]) -> Table:
        return cls(
            described["name"],
            described["path"],
            tuple(map(Column.of, described["fields"])),
            tuple(described.get("primaryKey", ())),
            {
                key["fields"][0]: (
                    key["reference"]["resource"] or described["name"],
                    key["reference"]["fields"][0],
                )
                for key in described.get("foreignKeys", ())
            },
            described.get("role", "published"),
            described.get("optional", False),
            described,
        )

    @property
    def names(self) -> list[str]:
        return [column.name for column in self.columns]

    @property
    def hand_written(self) -> bool:
        return self.role not in ("generated", "final")

    @property
    def final(self) -> bool:
        """Whether it is made from the other tables when these are complete, as the last step of a publish."""
        return self.role == "final"

    def choices(self, column: str) -> tuple[str, ...]:
        return next(c.choices for c in self.columns if c.name == column)


ALL = {
    table.name: table
    for path in sorted(SCHEMA.glob("*.json"))
    for table in [Table.of(json.loads(path.read_text("utf-8")))]
}
CURATED = ALL["curated"]
LEDGERS = {name: table for name, table in ALL.items() if table.role == "ledger"}
TABLES = {n: t for n, t in ALL.items() if n not in ("curated", "observations") and n not in LEDGERS}
YEARBOOK = "city_yearbook"
"""The city yearbook's observations are in files of their own."""
EDITION = "ccsy_"
"""Start of the ids of its editions (China City Statistical Yearbook): short, as they are in every row."""
BOOK = f"_{YEARBOOK}"
DOMAINS = TABLES["indicators"].choices("domain")
OBSERVATIONS = {
    name: replace(
        ALL["observations"],
        name=f"observations_{name}",
        path=ALL["observations"].path.format(domain=name),
        optional=True,
    )
    for name in (*DOMAINS, *(f"{domain}{BOOK}" for domain in DOMAINS))
}

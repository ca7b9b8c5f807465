"""The tables' schema, read from ``data/schema/*.json``: columns, keys, references, vocabulary.

It is defined only in those files (Frictionless table schemas). The pandera models that check a table
(:func:`model`), the files' headers and ``datapackage.json`` (:mod:`etl.descriptor`) are made from them.
Beyond Frictionless, a field may have a ``kind`` (period, day, url, regex) that is checked more
closely than by its pattern, and a table a ``role``: ``generated`` (a refresh writes it), ``final`` (made
last, from all others), ``input`` (figures read by hand), ``ledger`` (about the inputs); else it is written by
hand and published. In memory a cell is text, ``""`` when absent; only ``observations.value`` is a number.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import pandas as pd
import pandera.pandas as pa

from etl.paths import SCHEMA
from etl.tidy import UNSEEN, period_form

HTTP = r"https?://[^\s\"<>\\^`{|}\x00-\x1f@/]+(?:/[^\s\"<>\\^`{|}\x00-\x1f]*|\?[^\s\"<>]*)?"
NUMBER = r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]*[1-9])?"


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
        """Return the column a schema's field describes."""
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
    """One table: where it stands, its columns, its primary key, what its columns refer to."""

    name: str
    path: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    refers: dict[str, tuple[str, str]] = field(default_factory=dict)
    role: str = "published"
    optional: bool = False
    described: dict[str, Any] = field(default_factory=dict)
    """The schema file as it stands."""

    @classmethod
    def of(cls, described: dict[str, Any]) -> Table:
        """Return the table a schema file describes."""
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
        """The column names, in file order."""
        return [column.name for column in self.columns]

    @property
    def hand_written(self) -> bool:
        """Whether people write it; a generated table must match to the byte."""
        return self.role not in ("generated", "final")

    @property
    def final(self) -> bool:
        """Whether it is made from the other tables when these are complete, as the last step of a publish."""
        return self.role == "final"

    def choices(self, column: str) -> tuple[str, ...]:
        """Return the vocabulary of a column, in its order."""
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
"""The city yearbook's observations stand in files of their own."""
EDITION = "ccsy_"
"""Start of the ids of its editions (China City Statistical Yearbook): short, as they stand in every row."""
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


def _regex_compiles(text: str) -> bool:
    try:
        re.compile(text)
    except re.error:
        return False
    return True


def _matches(pattern: str) -> Callable[[str], bool]:
    compiled = re.compile(pattern)
    return lambda text: compiled.fullmatch(text) is not None


def _is_address(text: str) -> bool:
    try:
        return re.fullmatch(HTTP, text) is not None and bool(urlsplit(text).hostname)
    except ValueError:  # a lone bracket, a sign that no host has
        return False


def _check(name: str, test: Callable[[str], bool], error: str, *, empty: bool = True) -> pa.Check:
    """Return ``test`` as a check of a whole column, asked once for each distinct value that is not empty.

    ``error``: ``what|fix``. ``empty``: the verdict on an empty cell.
    """

    def column_check(series: pd.Series) -> pd.Series:
        codes, distinct = pd.factorize(series)
        verdicts = np.array([bool(test(v)) if v else empty for v in map(str, distinct)], dtype=bool)
        return pd.Series(verdicts[codes], index=series.index) if len(distinct) else series.astype(bool)

    return pa.Check(column_check, error=error, name=name)


def _within(low: float | None, high: float | None) -> Callable[[str], bool]:
    def test(text: str) -> bool:
        try:
            value = float(text)
        except ValueError:
            return True  # said already by the number's own check
        return (low is None or value >= low) and (high is None or value <= high)

    return test


_KIND_CHECKS: dict[str, tuple[Callable[[str], bool], str]] = {
    "number": (_matches(NUMBER), "not a plain number in its shortest form|write it like 12.5"),
    "period": (lambda t: bool(period_form(t)), "not a period|write YYYY, YYYY-Qn, YYYY-MM or YYYY-MM-DD"),
    "url": (_is_address, "not a plain http(s) address|give the document's public https address"),
    "regex": (_regex_compiles, "not a regular expression|fix the pattern"),
}  # fmt: skip
_PATTERN_ERRORS = {"day": "not a date|write YYYY, YYYY-MM or YYYY-MM-DD"}


def _clean(text: str) -> bool:
    return text == text.strip() and UNSEEN.search(text) is None


def _checks(column: Column) -> list[pa.Check]:
    """Return the checks of one column."""
    checks = [_check("clean", _clean, "blank at an end, or a control character inside|remove it")]
    if column.required:
        checks.append(_check("required", bool, "is empty|fill it in", empty=False))
    if column.choices:
        error = f"not one of the known words|use {', '.join(column.choices)}"
        checks.append(_check("choices", frozenset(column.choices).__contains__, error))
    if column.kind in _KIND_CHECKS:
        checks.append(_check(column.kind, *_KIND_CHECKS[column.kind]))
    elif column.pattern:
        wrong = f"not of the agreed form|it must match {column.pattern}"
        checks.append(_check("pattern", _matches(column.pattern), _PATTERN_ERRORS.get(column.kind, wrong)))
    if column.low is not None or column.high is not None:
        error = f"out of range|it must be from {column.low} to {column.high}".replace("None", "any")
        checks.append(_check("range", _within(column.low, column.high), error))
    return checks


@cache
def model(name: str) -> pa.DataFrameSchema:
    """Return the pandera model of a table (``observations`` and ``curated`` included)."""
    table = ALL[name]
    columns = {
        column.name: pa.Column(checks=_checks(column), coerce=False, nullable=False)
        for column in table.columns
        # an observation's value is a double by then; its text is checked where it is read
        if not (name == "observations" and column.name == "value")
    }
    return pa.DataFrameSchema(columns, strict=False, ordered=False)

"""What a table's schema demands of it: cells, keys, references, dates; and units that convert."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
import pandas as pd

from etl.csvfiles import read_small
from etl.errors import ValidationError
from etl.problems import Problem, capped_problems
from etl.schema import ALL, Column, Table
from etl.tidy import NUMBER, UNSEEN, decimal, number_text, period_form, unit_factor

HTTP = re.compile(r"https?://[^\s\"<>\\^`{|}\x00-\x1f@/]+(?:/[^\s\"<>\\^`{|}\x00-\x1f]*|\?[^\s\"<>]*)?")

Rule = tuple[Callable[[str], object], str, str]
"""A test of a cell that is not empty, what is wrong where it fails, and how to fix it."""


def read_table(name: str, data_dir: Path) -> pd.DataFrame:
    """Read a hand-written table and check it; raise :class:`ValidationError` with all its faults."""
    table = ALL[name]
    frame, problems = read_small(data_dir / table.path, table)
    problems += [*cell_problems(frame, table, table.path), *key_problems(frame, table)]
    if problems:
        raise ValidationError([str(problem) for problem in problems])
    return frame


def cell_problems(
    frame: pd.DataFrame, table: Table, file: str, tables: Mapping[str, pd.DataFrame] | None = None,
    today: date | None = None,
) -> Iterator[Problem]:  # fmt: skip
    """Yield the cells that break the schema.

    With ``tables`` also references that lead nowhere, with ``today`` also dates later than tomorrow (time
    zones). Dates that a refresh wrote are notes only: a clock was ahead once, which must not stop later runs.
    """
    for column in table.columns if len(frame) else ():
        name = column.name
        if frame[name].dtype == np.float64:  # an observation's value, checked where it is read
            continue
        codes, distinct = pd.factorize(frame[name])
        texts = [str(value) for value in distinct]
        if column.required:
            empty = np.array([not text for text in texts], dtype=bool)
            yield from capped_problems(frame, file, empty[codes], "is empty", "fill it in", cell=name)
        rules = [(*rule, True) for rule in _rules(column)]
        if tables is not None and name in table.refers:
            target, key = table.refers[name]
            known = frozenset(tables[target][key])
            what = f"is not in {ALL[target].path}"
            rules.append((known.__contains__, what, "add it there or correct it", True))
        if today is not None and column.kind == "day":
            limit = (today + timedelta(days=1)).isoformat()
            error = table.hand_written or name == "published"
            fix = "correct the date, or this machine's clock"
            rules.append((partial(_is_by, limit), "lies in the future", fix, error))
        for test, what, fix, error in rules:
            wrong = np.array([bool(text) and not test(text) for text in texts], dtype=bool)
            yield from capped_problems(frame, file, wrong[codes], what, fix, cell=name, error=error)


def key_problems(frame: pd.DataFrame, table: Table) -> Iterator[Problem]:
    if table.key and len(frame):
        repeated = frame.duplicated(list(table.key)).to_numpy()
        what = f"same key ({', '.join(table.key)}) as an earlier row"
        yield from capped_problems(frame, table.path, repeated, what, "remove one of them")


def canonical_values(
    frame: pd.DataFrame, units: Mapping[str, str], file: str
) -> tuple[list[str], list[Problem]]:
    """Return the values of a curated file in their indicators' ``units``, and what cannot be converted."""
    values, problems = [], []
    columns = (frame[name] for name in ("indicator_id", "value", "unit"))
    for line, indicator, value, unit in zip(frame.index, *columns, strict=True):
        fix = "correct the unit, or add it to etl/units.json"
        try:
            factor = unit_factor(unit, units[indicator]) if indicator in units else Decimal(1)
            fix = "write a plain number, such as 1234.5"
            values.append(number_text(decimal(value) * factor))
        except ValueError as error:
            values.append("0")
            problems.append(Problem(file, int(line), f"{indicator}: {error}", fix))
    return values, problems


def _rules(column: Column) -> Iterator[Rule]:
    yield _is_clean, "has a blank at an end, or a control character", "remove it"
    if column.choices:
        yield column.choices.__contains__, "is not one of the known words", f"use {', '.join(column.choices)}"
    if column.kind in _KINDS:
        yield _KINDS[column.kind]
    elif column.pattern:
        what, fix = "does not have the agreed form", f"it must match {column.pattern}"
        if column.kind == "day":
            what, fix = "is not a date", "write YYYY, YYYY-MM or YYYY-MM-DD"
        yield re.compile(column.pattern).fullmatch, what, fix
    if column.low is not None or column.high is not None:
        low, high = column.low, column.high
        fix = f"it must be from {low} to {high}".replace("None", "any")
        yield lambda text: _is_within(text, low, high), "is out of range", fix


def _is_by(limit: str, text: str) -> bool:
    return text[:10] <= limit


def _is_clean(text: str) -> bool:
    return text == text.strip() and UNSEEN.search(text) is None


def _is_within(text: str, low: float | None, high: float | None) -> bool:
    try:
        return (low is None or float(text) >= low) and (high is None or float(text) <= high)
    except ValueError:
        return True  # reported as no number


def _is_address(text: str) -> bool:
    try:
        return HTTP.fullmatch(text) is not None and bool(urlsplit(text).hostname)
    except ValueError:  # a lone bracket, a character that no host has
        return False


def _is_regex(text: str) -> bool:
    try:
        re.compile(text)
    except re.error:
        return False
    return True


_KINDS: dict[str, Rule] = {
    "number": (NUMBER.fullmatch, "is not a plain number in its shortest form", "write it like 12.5"),
    "period": (period_form, "is not a period", "write YYYY, YYYY-Qn, YYYY-MM or YYYY-MM-DD"),
    "url": (_is_address, "is not a plain http(s) address", "give the document's public https address"),
    "regex": (_is_regex, "is not a regular expression", "fix the pattern"),
}

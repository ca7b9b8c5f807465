"""What the schema demands of every table, and rules for observations, fast enough for millions of rows."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from etl.errors import MOST, Problem, ValidationError, capped_problems
from etl.schema import ALL, Column, Table
from etl.tables import KEY, keys, map_by_category, read_small
from etl.tidy import NUMBER, UNSEEN, decimal, number_text, period_form, period_start, unit_factor

HTTP = re.compile(r"https?://[\w.-]+(?::[0-9]{1,5})?(?:[/?#][^\s\"<>\\^`{|}\x00-\x1f]*)?")

Rule = tuple[Callable[[str], object], str, str]
"""A test of a cell that is not empty, what is wrong where it fails, and how to fix it."""


OUTLIER = 10.0
"""A figure so many times larger, or smaller, than both its neighbours is an outlier."""
BREAK = 100.0
"""One so many times larger, or smaller, than the one before it is a break, if it is none."""
KINDS = ("stock", "flow", "index")
MONTHS = {"annual": 12, "quarterly": 3, "monthly": 1}
LOOK = "look whether the document really says so"
"""The fix of what is a note only."""
NEVER_NEGATIVE = frozenset({"persons", "vehicles", "count", "rank", "km2", "m2", "km", "CNY/m2", "views"})
RowRule = tuple[Any, str, str, str]
"""The rows that break it, what is wrong, how to fix it, the column to quote."""


def read_table(name: str, data_dir: Path) -> pd.DataFrame:
    table = ALL[name]
    frame, problems = read_small(data_dir / table.path, table)
    problems += [*cell_problems(frame, table, table.path), *key_problems(frame, table)]
    if problems:
        raise ValidationError(problems)
    return frame


def cell_problems(
    frame: pd.DataFrame, table: Table, file: str, tables: Mapping[str, pd.DataFrame] | None = None,
    today: date | None = None,
) -> Iterator[Problem]:  # fmt: skip
    """Yield the cells that break the schema.

    With ``tables`` also references that lead nowhere, with ``today`` also dates later than tomorrow (time
    zones). Dates that a refresh wrote are notes only: a clock was ahead once, which must not stop later runs.
    """
    limit = str(today + timedelta(days=1)) if today else ""
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
            error = table.hand_written or name == "published"
            fix = "correct the date, or this machine's clock"
            rules.append((lambda text: text[:10] <= limit, "lies in the future", fix, error))
        for test, what, fix, error in rules:
            wrong = np.array([bool(text) and not test(text) for text in texts], dtype=bool)
            yield from capped_problems(frame, file, wrong[codes], what, fix, cell=name, error=error)


def key_problems(frame: pd.DataFrame, table: Table) -> Iterator[Problem]:
    if table.key and len(frame):
        repeated = frame.duplicated(list(table.key)).to_numpy()
        what, named = f"same key ({', '.join(table.key)}) as an earlier row", table.key == KEY
        yield from capped_problems(frame, table.path, repeated, what, "remove one of them", named=named)


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
    what = "has a blank at an end, or a control character"
    yield lambda text: text == text.strip() and not UNSEEN.search(text), what, "remove it"
    if column.choices:
        yield column.choices.__contains__, "is not one of the known words", f"use {', '.join(column.choices)}"
    if column.kind in _KINDS:
        yield _KINDS[column.kind]
    elif column.pattern:
        what, fix = "does not have the agreed form", f"it must match {column.pattern}"
        if column.kind == "day":
            what, fix = "is not a date", "write YYYY, YYYY-MM or YYYY-MM-DD"
        yield re.compile(column.pattern).fullmatch, what, fix
    if column.kind == "number":
        fix = f"it must be from {column.low:g} to {column.high:g}"
        low, high = column.low, column.high
        yield lambda text: not NUMBER.fullmatch(text) or low <= float(text) <= high, "is out of range", fix


def _is_regex(text: str) -> bool:
    try:
        re.compile(text)
    except re.error:
        return False
    return True


_KINDS: dict[str, Rule] = {
    "number": (NUMBER.fullmatch, "is not a plain number in its shortest form", "write it like 12.5"),
    "period": (period_form, "is not a period", "write YYYY, YYYY-Qn, YYYY-MM or YYYY-MM-DD"),
    "url": (HTTP.fullmatch, "is not a plain http(s) address", "give the document's public https address"),
    "regex": (_is_regex, "is not a regular expression", "fix the pattern"),
}


def observation_problems(
    frame: pd.DataFrame, file: str, domain: str, indicators: pd.DataFrame, today: date
) -> Iterator[Problem]:
    (key,) = keys(frame)
    if (unsorted := np.flatnonzero(np.diff(key) < 0)).size:
        first = int(frame.index[unsorted[0] + 1])
        yield Problem(file, first, "rows are not sorted by key", "let `pursuit refresh` write it")
    rules = [*_period_rules(frame, domain, indicators, today), *_value_rules(frame, indicators)]
    for wrong, what, fix, cell in rules:
        named, error = cell != "indicator_id", fix != LOOK
        yield from capped_problems(frame, file, wrong, what, fix, cell=cell, named=named, error=error)


def _of_indicator(frame: pd.DataFrame, cells: pd.Series, default: Any) -> Any:
    return map_by_category(frame, "indicator_id", cells.to_dict(), default)


def _period_rules(
    frame: pd.DataFrame, domain: str, indicators: pd.DataFrame, today: date
) -> Iterator[RowRule]:
    other = _of_indicator(frame, indicators["domain"], domain) != domain
    yield other, f"does not belong to the domain {domain}", "move it to its own file", "indicator_id"
    forms = {p: period_form(p) for p in map(str, frame["period"].array.categories)}
    form = map_by_category(frame, "period", forms, "")
    # league tables are named after the year they lead into: the edition 2027 comes out in 2026
    late, later = (
        map_by_category(frame, "period", {p: period_start(p) > day for p in forms if forms[p]}, False)
        for day in (today, date(today.year + 1, 1, 1))
    )
    edition = (_of_indicator(frame, indicators["kind"], "") == "rank") & (form == "annual") & ~later
    yield late & ~edition, "period has not begun yet", "correct the period", ""
    frequency = _of_indicator(frame, indicators["frequency"], "irregular")
    other = (frequency != "irregular") & (form != "") & (form != frequency)
    fix = "correct the period or the indicator's frequency"
    yield other, "the period is not of the indicator's frequency", fix, ""


def _value_rules(frame: pd.DataFrame, indicators: pd.DataFrame) -> Iterator[RowRule]:
    unit, value = _of_indicator(frame, indicators["unit"], ""), frame["value"].to_numpy()
    fraction = (unit == "rank") & ((value < 1) | (value != np.floor(value)))
    yield fraction, "a rank is a whole number from 1", "correct it", "value"
    percent = (unit == "%") & (frame["status"].astype(str) != "doubtful").to_numpy()
    absurd = percent & ((value < -1000) | (value > 10_000))
    yield absurd, "outside -1000 to 10000 %", "correct it, or mark it doubtful and say why", "value"
    yield percent & ~absurd & ((value < -100) | (value > 1000)), "outside -100 to 1000 %", LOOK, "value"
    far = (unit == "degrees") & (np.abs(value) > 180)
    yield far, "outside -180 to 180 degrees", "correct it", "value"
    counted = indicators["unit"].isin(NEVER_NEGATIVE) & (indicators["kind"] == "stock")
    negative = _of_indicator(frame, counted | (indicators["kind"] == "index"), False) & (value < 0)
    yield negative, "cannot be negative", "correct it", "value"


def jumps(frame: pd.DataFrame, file: str, indicators: pd.DataFrame, notes: pd.DataFrame) -> Iterator[Problem]:
    """Yield a note for each outlier, and for each break that ``notes`` do not explain.

    Counts of attention really do change by orders of magnitude and are left out, as are doubtful figures,
    days, and years that are not consecutive.
    """
    wanted = indicators[indicators["kind"].isin(KINDS) & (indicators["domain"] != "attention")]
    chosen = frame["indicator_id"].isin(wanted.index) & (frame["status"] != "doubtful") & (frame["value"] > 0)
    rows = frame[chosen.to_numpy()]
    texts = {text: period_form(text) for text in map(str, rows["period"].array.categories)}
    days = {p: period_start(p) for p, form in texts.items() if form in MONTHS}
    months = {p: day.year * 12 + day.month - 1 for p, day in days.items()}
    spans = {p: MONTHS.get(form, 0) for p, form in texts.items()}
    table = pd.DataFrame({
        "entity": rows["entity_id"].array.codes,
        "indicator": rows["indicator_id"].array.codes,
        "month": map_by_category(rows, "period", months, 0).astype(int),
        "span": map_by_category(rows, "period", spans, 0).astype(int),
        "value": np.log10(rows["value"].to_numpy()),
        "line": rows.index.to_numpy(),
    })  # fmt: skip
    series = ["entity", "indicator", "span"]
    grouped = table[table["span"] > 0].groupby([*series, "month"], sort=True, as_index=False)
    table = grouped.agg(value=("value", "median"), line=("line", "first"))
    up, down = (_step(table, series, by) for by in (1, -1))
    outlier = (np.sign(up) == np.sign(down)) & (np.minimum(np.abs(up), np.abs(down)) >= np.log10(OUTLIER))
    broken = ~outlier & (np.abs(up) >= np.log10(BREAK))
    breaks = notes[notes["kind"] == "break"]
    known = set(zip(breaks["entity_id"], breaks["indicator_id"], strict=True))
    for place in np.flatnonzero(outlier | broken)[:MOST]:
        line = int(table["line"].iloc[place])
        row = frame.loc[line]
        entity, indicator = str(row["entity_id"]), str(row["indicator_id"])
        if not outlier[place] and {(entity, indicator), ("", indicator)} & known:
            continue
        times = f"{float(f'{10 ** abs(up[place]):.2g}'):,.0f}"
        size = "as large as" if up[place] > 0 else "smaller than"
        beside = "before and after" if outlier[place] else "before"
        what = f"{indicator} of {entity} in {row['period']}: {times} times {size} in the period {beside}"
        fix = "look whether the unit is right, or explain the break in notes.csv"
        yield Problem(file, line, what, fix, error=False)


def _step(table: pd.DataFrame, series: list[str], by: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return how far each value lies above its neighbour (``by`` 1: the one before); 0 where it has none."""
    before = table.shift(by)
    same = (table[series] == before[series]).all(axis=1)
    same &= table["month"] - before["month"] == by * table["span"]
    return (table["value"] - before["value"]).where(same, 0.0).to_numpy()

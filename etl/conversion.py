"""From figures as published, in a document's own unit, to their indicators' canonical units."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import pandas as pd

from etl.problems import Problem
from etl.tidy import decimal, number_text, unit_factor


def canonical_values(
    frame: pd.DataFrame, units: Mapping[str, str], file: str
) -> tuple[list[str], list[Problem]]:
    """Return the values of a curated file in their indicators' ``units``, and what cannot be converted."""
    factors: dict[tuple[str, str], Decimal | str] = {}
    values, problems = [], []
    for line, indicator, value, unit in zip(
        frame.index, frame["indicator_id"], frame["value"], frame["unit"], strict=True
    ):
        pair = (indicator, unit)
        if pair not in factors:
            try:
                factors[pair] = unit_factor(unit, units[indicator]) if indicator in units else Decimal(1)
            except ValueError as error:
                factors[pair] = str(error)
        factor, fix = factors[pair], "write a plain number, such as 1234.5"
        try:
            if isinstance(factor, str):
                fix = "correct the unit, or add it to etl/units.json"
                raise ValueError(factor)
            values.append(number_text(decimal(value) * factor))
        except ValueError as error:
            values.append("0")
            problems.append(Problem(file, int(line), f"{indicator}: {error}", fix))
    return values, problems

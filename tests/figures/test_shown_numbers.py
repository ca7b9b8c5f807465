"""Numbers as readers meet them: years without separators, no ``nan``, and no two values that read alike."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

import pytest

from dashboard.dataset import LANGS, Dataset, Lang
from dashboard.explore.parse import parse
from dashboard.explore.record import view_chart
from dashboard.figures import build
from dashboard.figures.record import Bars, Cells, Chart, Dots, Form, Line, Text
from tests.shipped import FIGURES

YEAR = re.compile(
    r"(?<![0-9.,])(?:1,[89]|2,0)[0-9]{2}(?![0-9]|[,.][0-9])"
    r"(?! ?(?:[亿億万萬兆]|[a-z]|元|人|件|家|台|次|星|辆|輛|所|篇|平方|公里))"
)
"""A year with a separator, and not an amount that has a unit."""
NO_NUMBER = re.compile(
    r"(?<![A-Za-z])(?:nan|NaN|None|inf|Infinity|undefined)(?![A-Za-z])|\b[0-9.]+e[-+][0-9]+\b"
)


def texts(chart: Chart) -> Iterator[str]:
    """Yield every text of a chart, its table's too."""
    yield from (chart.title, chart.subtitle, chart.alt, chart.empty, *chart.notes, *chart.table.columns)
    yield from (t.label for axis in (chart.x, chart.y) for t in axis.ticks)
    yield from (cell for row in chart.table.rows for cell in row if isinstance(cell, str))
    for mark in chart.marks:
        match mark:
            case Line():
                yield mark.label
                yield from (p.text for p in mark.points)
            case Dots():
                yield from (*mark.labels, *(p.text for p in mark.points))
            case Bars() | Cells():
                for item in mark.items:
                    yield from (item.text, item.label)
            case Text():
                yield mark.text


def wrong(chart: Chart, *, counts: bool) -> list[str]:
    """Return what reads like a year with a separator (unless the figures are counts) or is no number."""
    years = [] if counts else [t for t in texts(chart) if YEAR.search(t)]
    return years + [t for t in texts(chart) if NO_NUMBER.search(t)]


def alike(chart: Chart) -> list[str]:
    """Return labels that say one number for different values."""
    said: dict[str, set[float]] = defaultdict(set)
    for mark in chart.marks:
        if isinstance(mark, Bars):
            for bar in mark.items:
                said[bar.label.rstrip("*")].add(bar.value)
        elif isinstance(mark, Line) and (
            written := re.search(r"(?:[A-Z]{3} )?[−0-9][0-9.,]*.*$", mark.label)
        ):
            said[written[0]].add(next(p.y for p in reversed(mark.points) if p.y is not None))
    return [label for label, values in said.items() if label and len(values) > 1]


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("form", ["wide", "narrow"])
def test_charts_of_the_story(dataset: Dataset, lang: Lang, form: Form) -> None:
    for figure in FIGURES:
        chart = build(figure, dataset, lang, form)
        assert not wrong(chart, counts=False), figure
        assert not alike(chart), figure


@pytest.mark.parametrize("view", ["line", "bar", "slope", "heat"])
def test_charts_of_every_indicator(dataset: Dataset, view: str) -> None:
    for indicator in dataset.indicators.values():
        state, _ = parse(f"i={indicator.indicator_id}&v={view}", dataset)
        chart = view_chart(dataset, state, "en")
        assert not wrong(chart, counts=indicator.unit == "count"), indicator.indicator_id
        assert not alike(chart), indicator.indicator_id


def test_the_scan_finds_what_it_looks_for() -> None:
    assert all(YEAR.search(t) for t in ("Huawei 1,987", "DJI, 2,006.", "2,015"))
    assert not any(
        YEAR.search(t) for t in ("1,923 亿元", "2,000 people", "12,015", "20,000", "2,015,000", "2015")
    )
    assert all(NO_NUMBER.search(t) for t in ("nan", "CNY nan", "1e-07", "3 None", "inf%"))
    assert not any(NO_NUMBER.search(t) for t in ("information", "Finance", "1,609", "3e852aab170e"))

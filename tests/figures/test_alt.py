"""The text alternative says nothing that the chart does not show: every number in it is the record's."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from dashboard import locale
from dashboard.dataset import LANGS, Dataset, Lang
from dashboard.figures import build
from dashboard.figures.chart_context import MOST
from dashboard.figures.record import Bars, Cells, Chart, Dots, Line
from dashboard.figures.source_line import NAMED
from tests.shipped import FIGURES

NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
SCALES = (1, 1e3, 1e4, 1e6, 1e8, 1e9, 1e12)
"""Words of scale in three languages: thousand, 万, million, 亿, billion, trillion and 兆."""
YEARS = range(1900, 2100)


def words(chart: Chart) -> Iterator[str]:
    """Every text of the record but its alternative."""
    yield from (chart.title, chart.subtitle, *chart.notes)
    yield from (cell for row in chart.table.rows for cell in row if isinstance(cell, str))
    yield from chart.table.columns
    for mark in chart.marks:
        if isinstance(mark, (Line, Dots)):
            yield from (p.text for p in mark.points)
        elif isinstance(mark, (Bars, Cells)):
            yield from (p.text for p in mark.items)


def values(chart: Chart) -> Iterator[float]:
    """The table's numbers, and how far two figures of one period are apart."""
    by_period: dict[str, list[float]] = {}
    for row in chart.table.rows:
        numbers = [float(c) for c in row if isinstance(c, (int, float))]
        yield from numbers
        for cell in {str(c) for c in row if isinstance(c, str) and NUMBER.search(c)} | {str(row[0])}:
            by_period.setdefault(cell, []).extend(numbers)
    for numbers in by_period.values():
        yield from (a - b for a in numbers for b in numbers if a > b)


def shown_as(token: str, value: float) -> bool:
    """Whether ``token`` is ``value``, rounded to the places the token has, under some word of scale."""
    places = len(token.partition(".")[2])
    given = float(token.replace(",", ""))
    return any(abs(abs(value) / scale - given) <= 0.5001 * 10**-places for scale in SCALES)


def left_over(chart: Chart, dataset: Dataset, lang: Lang) -> list[str]:
    """The numbers of the alternative that neither table nor points nor counts account for."""
    said = {token for text in words(chart) for token in NUMBER.findall(text)}
    numbers = list(values(chart))
    years = {int(t) for t in said if "." not in t and "," not in t and int(t) in YEARS}
    beside = {str(y + step) for y in years for step in (-1, 1)} - {str(max(years, default=0) + 1)}
    publishers = {dataset.publisher(dataset.sources[s], lang) for s in chart.sources}
    for name in publishers:
        said |= set(NUMBER.findall(name))
    counts = {str(len(publishers)), str(len(publishers) - NAMED), str(len(chart.sources))}
    text = chart.alt
    told = re.escape(locale.text("figures.alt.more", lang, count="@")).replace("@", r"(\d+)")
    more = re.search(told, text)
    if more:  # the rest of the series: their number is told, and the table is longer by at least that
        rest = int(more[1])
        assert 0 < rest <= len(chart.table.rows) - MOST, chart.id
        counts.add(str(rest))
    return [
        token
        for token in NUMBER.findall(text)
        if token not in said | beside | counts and not any(shown_as(token, v) for v in numbers)
    ]


@pytest.mark.parametrize("lang", LANGS)
def test_every_number_of_an_alternative_is_in_the_record(dataset: Dataset, lang: Lang) -> None:
    for figure_id in FIGURES:
        chart = build(figure_id, dataset, lang)
        assert chart.alt, figure_id
        assert left_over(chart, dataset, lang) == [], f"{figure_id}: {chart.alt}"


def test_an_invented_number_is_found(dataset: Dataset) -> None:
    from dataclasses import replace

    chart = build("gdp_overtaken", dataset, "en")
    assert left_over(replace(chart, alt=chart.alt + " It cost 123.456789."), dataset, "en") == ["123.456789"]


def test_a_smaller_rank_is_a_rise(dataset: Dataset) -> None:
    said = build("universities", dataset, "en").alt
    assert re.search(r"Tsinghua University rose from \d+(st|nd|rd|th)", said)


@pytest.mark.parametrize("figure_id", ["past_pursuers", "twenty_years_ago"])
def test_years_left_out_on_purpose_are_not_called_missing(dataset: Dataset, figure_id: str) -> None:
    assert "No figure for" not in build(figure_id, dataset, "en").alt

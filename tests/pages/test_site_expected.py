"""The catalogue says when the next figure is due: from the rhythm and from the day of the newest document."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from bs4 import BeautifulSoup

from dashboard.dataset import Dataset
from dashboard.pages.expected import expected


@pytest.mark.parametrize(
    ("frequency", "period", "published", "today", "due"),
    [
        ("annual", "2025", ["2026-03-10", "2026-05-02"], "2026-11-22", ("2026", "2027-03", -4)),
        ("annual", "2023", ["2024-03-10"], "2026-11-22", ("2024", "2025-03", 20)),
        ("annual", "2015", ["2016-03-10"], "2026-11-22", ("2016", "2017-03", 116)),
        ("annual", "2025", [""], "2026-11-22", ("2026", "2027-01", -2)),
        ("quarterly", "2025-Q4", ["2026-01-20"], "2026-02-01", ("2026-Q1", "2026-04", -2)),
        ("monthly", "2025-12", [], "2026-01-10", ("2026-01", "2026-02", -1)),
        ("monthly", "2025-12", ["2026-01-16"], "2026-03-01", ("2026-01", "2026-02", 1)),
        ("irregular", "2025-06-01", ["2025-06-02"], "2026-01-01", None),
        ("daily", "2025-06-01", [], "2026-01-01", None),
    ],
)
def test_the_next_figure_is_due_one_rhythm_after_the_first_document(
    shipped: Dataset, frequency: str, period: str, published: list[str], today: str, due: object
) -> None:
    indicator = replace(shipped.indicators["gdp"], frequency=frequency)
    source = next(iter(shipped.sources.values()))
    documents = [replace(source, published=day) for day in published]
    assert expected(indicator, period, documents, today) == due


def test_nothing_is_said_to_be_due_for_years(page: Callable[..., str]) -> None:
    due = [int(y) for y in re.findall(r"expected since \w+ (\d{4})", page("/data"))]
    assert due
    assert min(due) >= 2024, "a series that nobody goes on with is not waited for"
    assert "no later figure found" in page("/data/gdp_per_capita_registered")


def test_the_newest_period_and_its_documents_are_those_of_the_observations(shipped: Dataset) -> None:
    last = shipped.table.newest
    assert set(last) == {i for i in shipped.indicators if shipped.entities_with(i)}
    for indicator_id in list(last)[::20]:
        every = [o for e in shipped.entities_with(indicator_id) for o in shipped.all_of(indicator_id, e)]
        period = max(o.period for o in every)
        assert last[indicator_id][0] == period
        assert set(last[indicator_id][1]) == {o.source_id for o in every if o.period == period}


def test_the_catalogue_says_so_for_every_indicator(page: Callable[..., str]) -> None:
    soup = BeautifulSoup(page("/data"), "lxml")
    rows = soup.select("section:has(h2#economy) tbody tr")
    assert rows
    assert all(len(row.select("td")[-1].get_text(strip=True)) > 3 for row in rows)
    spans = [s.get_text() for s in soup.select("td span.small.quiet")]
    assert spans
    assert not [s for s in spans if len(set(s.split("–"))) < s.count("–") + 1], "2025–2025 is just 2025"

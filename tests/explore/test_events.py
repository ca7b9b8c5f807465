"""Events on time axes: which are drawn, where, how they are named, and that their documents are reachable."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dashboard.app import create_app
from dashboard.dataset import Dataset, Event
from dashboard.explore.answer import chart_answer
from dashboard.explore.events import events_on
from dashboard.explore.parse import parse
from dashboard.explore.record import view_chart
from dashboard.explore.select import Context
from dashboard.explore.state import to_query
from dashboard.figures.record import Rule, Text
from dashboard.pages.explore_answers import version


def event(name: str, date: str, concerns: str) -> Event:
    return Event(
        name, name, name, name, date, concerns, f"Document of {name}", "Bureau", f"https://example.org/{name}"
    )


@pytest.fixture(scope="module")
def data(dataset: Dataset) -> Dataset:
    events = (
        event("count", "2010-11-01", "gdp"),
        event("party", "2015-03-02", "hangzhou"),
        event("decade", "2005", "economy"),
        event("elsewhere", "2012-01-01", "byd revenue"),
        event("long_ago", "1912-01-01", "gdp"),
    )
    return replace(dataset, events=events)


def drawn(data: Dataset, query: str, form: str = "wide") -> list[str]:
    state, _ = parse(query, data)
    return [e.event_id for e in events_on(Context(data, state, "en", form))]  # type: ignore[arg-type]


def test_events_that_concern_what_is_drawn_within_its_time(data: Dataset) -> None:
    assert drawn(data, "i=gdp&e=shenzhen~hangzhou") == ["decade", "count", "party"]
    assert drawn(data, "i=gdp&e=shenzhen~suzhou") == ["decade", "count"]
    assert drawn(data, "i=gdp&e=shenzhen~hangzhou&t=2012..") == ["party"]
    assert drawn(data, "i=gdp&e=shenzhen~hangzhou&v=bar") == []  # no time axis


def test_too_many_leave_those_that_concern_it_least(data: Dataset) -> None:
    crowd = tuple(event(f"rule_{n}", f"{2001 + n}-06-01", "economy") for n in range(9))
    crowded = replace(data, events=(*data.events, *crowd))
    shown = drawn(crowded, "i=gdp&e=shenzhen~hangzhou", "narrow")
    assert len(shown) == 3
    assert {"count", "party"} < set(shown)


def test_an_upright_stands_at_the_figure_of_its_year(data: Dataset) -> None:
    chart = view_chart(data, parse("i=gdp&e=shenzhen~hangzhou", data)[0], "en")
    rules = {mark.x0 for mark in chart.marks if isinstance(mark, Rule) and mark.x0 == mark.x1}
    assert {2005.0, 2010.0, 2015.0} <= rules
    assert {"count", "party", "decade"} <= {mark.text for mark in chart.marks if isinstance(mark, Text)}
    assert any("party (2 Mar 2015, Bureau)" in note for note in chart.notes)


def test_they_are_hidden_by_a_parameter_that_stays_in_the_address(data: Dataset) -> None:
    state, rejected = parse("i=gdp&e=shenzhen~hangzhou&ev=0", data)
    assert not rejected
    assert to_query(state).endswith("ev=0")
    answer = chart_answer(data, state, "en", 920, "light")
    assert answer["form"]["events"]  # the control stays, so that they can come back
    assert "party" not in answer["labels"]


def test_their_documents_are_among_the_sources(data: Dataset) -> None:
    client = create_app(data).server.test_client()
    found = client.get(f"/explore/data/{version(data)}.html?i=gdp&e=shenzhen~hangzhou&lang=en")
    assert 'href="https://example.org/party"' in found.get_data(as_text=True)

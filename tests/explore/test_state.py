# ruff: noqa: E501 (embedded scripts and tables read better unbroken)
"""State ↔ URL: any state survives the way there and back; any query, however damaged, opens something."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.dataset import Dataset
from dashboard.explore import views
from dashboard.explore.parse import MAX_INDICATORS, normalise, parse
from dashboard.explore.state import DEFAULT, MEASURES, State, default, to_query
from dashboard.explore.transforms import available_transforms

QUERIES = json.loads((Path(__file__).parent / "golden" / "queries.json").read_text("utf-8"))
PERIODS = ["", "1990", "2000", "2008-Q3", "2015-07", "2024", "2025-01-29"]
_SHIPPED: list[Dataset] = []


@pytest.fixture(autouse=True)
def _shipped(dataset: Dataset) -> None:
    _SHIPPED[:] = [dataset]


@st.composite
def states(draw: st.DrawFn) -> State:
    data = _SHIPPED[0]
    start, end = sorted([draw(st.sampled_from(PERIODS)), draw(st.sampled_from(PERIODS))])
    if draw(st.booleans()):
        start, end = (start, "") if start else ("", end)
    entity = st.sampled_from(list(data.entities))
    opened = draw(st.none() | st.tuples(entity, st.sampled_from(PERIODS[1:])))
    picked = State(
        indicators=tuple(draw(st.lists(st.sampled_from(list(data.indicators)), min_size=1, max_size=MAX_INDICATORS, unique=True))),
        entities=tuple(draw(st.lists(entity, min_size=1, max_size=40, unique=True))),
        view=draw(st.sampled_from(views.names())),
        measure=draw(st.sampled_from(MEASURES)),
        base=draw(st.sampled_from(PERIODS)),
        reference=draw(entity),
        per_capita=draw(st.booleans()),
        real=draw(st.booleans()),
        currency=draw(st.sampled_from(["", "usd", "ppp", "cny"])),
        scale=draw(st.sampled_from(["", "log", "linear"])),
        start=start,
        end=end,
        trail=draw(st.booleans()),
        alternatives=draw(st.booleans()),
        selected_point=".".join(opened) if opened else "",
        version=draw(st.sampled_from(["", "0123abcd"])),
    )  # fmt: skip
    return normalise(picked, data)


@settings(max_examples=200, deadline=None)
@given(states())
def test_any_state_survives_its_address(state: State) -> None:
    query = to_query(state)
    assert parse(query, _SHIPPED[0]) == (state, [])
    assert to_query(parse(query, _SHIPPED[0])[0]) == query


def test_ten_thousand_states_survive_their_addresses(dataset: Dataset) -> None:
    dice = random.Random(2025)  # noqa: S311
    indicators, entities = list(dataset.indicators), list(dataset.entities)
    seen = set()
    for _ in range(10_000):
        start, end = sorted((dice.choice(PERIODS), dice.choice(PERIODS)))
        picked = State(
            indicators=tuple(dice.sample(indicators, dice.randint(1, MAX_INDICATORS))),
            entities=tuple(dice.sample(entities, dice.randint(1, 40))),
            view=dice.choice(views.names()), measure=dice.choice(MEASURES), base=dice.choice(PERIODS),
            reference=dice.choice(entities), per_capita=dice.random() < 0.5, real=dice.random() < 0.5,
            currency=dice.choice(["", "usd", "ppp", "cny"]), scale=dice.choice(["", "log", "linear"]),
            start=start, end=end, trail=dice.random() < 0.5, alternatives=dice.random() < 0.5,
            selected_point=dice.choice(["", "shenzhen.2020"]), version=dice.choice(["", "0123abcd"]),
        )  # fmt: skip
        state = normalise(picked, dataset)
        query = to_query(state)
        assert parse(query, dataset) == (state, [])
        seen.add(query)
    assert len(seen) > 9_990


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200))
def test_no_query_is_an_error_and_the_answer_is_stable(query: str) -> None:
    state, _ = parse(query, _SHIPPED[0])
    assert normalise(state, _SHIPPED[0]) == state
    assert parse(to_query(state), _SHIPPED[0]) == (state, [])


@pytest.mark.parametrize("query", QUERIES)
def test_golden_queries_open_something(query: str, dataset: Dataset) -> None:
    state, _ = parse(query, dataset)
    assert set(state.indicators) <= set(dataset.indicators)
    assert set(state.entities) <= set(dataset.entities)
    assert state.indicators
    assert state.entities


def test_the_empty_query_is_the_default_question(dataset: Dataset) -> None:
    assert parse("", dataset) == (default(dataset), [])
    assert default(dataset) == DEFAULT
    assert to_query(DEFAULT) == ""


def test_what_was_rejected_is_named(dataset: Dataset) -> None:
    state, dropped = parse("i=gdp~nope&e=shenzhen&v=pie&m=index&t=20xx..2020", dataset)
    assert state.indicators == ("gdp",)
    assert state.measure == "index"
    assert (state.start, state.end) == ("", "2020")
    assert {(r.name, r.value) for r in dropped} == {("i", "nope"), ("v", "pie"), ("t", "20xx")}


def test_a_group_stands_for_its_members(dataset: Dataset) -> None:
    assert parse("i=revenue&e=elephants", dataset)[0].entities == tuple(dataset.group("elephants"))


def test_a_rate_is_never_summed_nor_divided_by_people(dataset: Dataset) -> None:
    for indicator in dataset.indicators.values():
        offered = available_transforms(indicator, dataset)
        if indicator.kind != "flow":
            assert "cumulative" not in offered
        if indicator.kind in ("rate", "rank", "index"):
            assert "head" not in offered
        if indicator.unit in ("%", "rank"):
            assert not {"index", "ratio", "change", "usd", "real", "log"} & set(offered)


def test_a_word_stands_for_all_of_a_kind_that_have_figures(dataset: Dataset) -> None:
    state, dropped = parse("i=gdp&e=cities", dataset)
    have = {e for e in dataset.entities_with("gdp") if dataset.series("gdp", e)}
    assert not dropped
    assert set(state.entities) == {e for e in have if dataset.entities[e].kind == "city"}
    assert len(state.entities) > 3
    assert parse("i=gdp&e=topics~hangzhou", dataset)[0].entities == ("hangzhou",)


def test_hundreds_of_entities_fit_an_address(dataset: Dataset) -> None:
    state, dropped = parse("i=gdp&e=" + "~".join(dataset.entities), dataset)
    assert not dropped
    assert state.entities == tuple(dataset.entities)
    assert len(to_query(state)) < 8000


def test_what_stands_twice_or_is_no_piece_of_a_state_is_named(dataset: Dataset) -> None:
    state, dropped = parse("i=gdp&v=line&v=bar&year=2020&t=2000&t=2000", dataset)
    assert (state.view, state.start) == ("bar", "2000")
    assert {(d.name, d.value, d.reason) for d in dropped} == {
        ("v", "line", "repeated"),
        ("year", "2020", "unknown"),
    }


@pytest.mark.parametrize(
    "query", ["from=timeline&isappinstalled=0", "utm_source=x&gclid=y&lang=en", "d=abcd1234"]
)
def test_what_messengers_add_to_an_address_is_nobodys_choice(query: str, dataset: Dataset) -> None:
    state, dropped = parse(query, dataset)
    assert dropped == []
    assert replace(state, version="") == default(dataset)


def test_the_first_question_may_be_seen_otherwise(dataset: Dataset) -> None:
    state, dropped = parse("t=2000..2010", dataset)
    assert dropped == []
    assert state == replace(default(dataset), start="2000", end="2010")

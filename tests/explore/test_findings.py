"""A title holds for everything drawn: checked against the figures themselves, for any view."""

from __future__ import annotations

import random

import pytest

from dashboard.dataset import LANGS, Dataset
from dashboard.explore import findings, views
from dashboard.explore.findings import relation
from dashboard.explore.parse import parse
from dashboard.explore.record import view_chart
from dashboard.explore.select import Context
from dashboard.explore.state import State
from dashboard.explore.views.heat import ranks


def states(dataset: Dataset, count: int = 150) -> list[State]:
    dice = random.Random(11)  # noqa: S311  (a sample, no secret)
    indicators = [i for i in dataset.indicators if dataset.entities_with(i, doubtful=False)]
    out = []
    for indicator in dice.sample(indicators, min(count, len(indicators))):
        have = dataset.entities_with(indicator, doubtful=False)
        entities = "~".join(dice.sample(have, min(len(have), dice.choice((1, 2, 3, 5, 8)))))
        view = dice.choice(views.names())
        measure = dice.choice(("value", "index", "ratio", "change"))
        out.append(parse(f"i={indicator}&e={entities}&v={view}&m={measure}", dataset)[0])
    return out


def test_who_is_said_to_lead_leads_and_who_is_said_to_grow_most_does(dataset: Dataset) -> None:
    seen = set()
    for state in states(dataset):
        context = Context(dataset, state, "en")
        shown = context.selections[0]
        finding = views.view(state.view).finding
        if not shown.series or finding is None:
            continue
        key, values = finding(context, shown.best_period)
        seen.add(key)
        by = {s.entity: s for s in shown.series}
        if "period" not in values:
            continue
        period = str(values["period"])
        if key.startswith("grew") or key == "fell":
            until = str(values["until"])
            at, stop = shown.periods.index(period), shown.periods.index(until)
            growth = {e: s.values[until] / s.values[period] for e, s in by.items()}
            assert len(growth) == len(shown.series) > 1
            assert max(growth.values()) == pytest.approx(values["a_growth"])
            assert stop - at >= findings.MIN_COVERAGE * (len(shown.periods) - 1)
            assert (key == "grew_nominal") <= (shown.indicator.unit[:3] in ("CNY", "USD"))
        elif key in ("leads", "leads_some", "far_apart", "changed", "changed_nominal", "level"):
            here = {e: s.values[period] for e, s in by.items() if period in s.values}
            if shown.measure == "ratio":
                here.pop(state.reference, None)
            low = shown.indicator.better == "lower" and shown.unit == "rank"
            best = min(here.values()) if low else max(here.values())
            assert here[str(values["a"])] == best == values["a_value"]
            tied = [e for e, v in here.items() if v == best]
            assert (key == "level") == (len(tied) > 1)
            if key == "leads":
                assert len(here) == sum(e != state.reference or shown.measure != "ratio" for e in by)
    assert {"leads", "alone"} <= seen
    assert any(k.startswith("grew") for k in seen)


def test_a_title_is_never_under_a_chart_that_says_there_are_no_figures(dataset: Dataset) -> None:
    for state in states(dataset):
        chart = view_chart(dataset, state, "en")
        assert chart.title
        if chart.empty:
            assert "No public figure" not in chart.empty or chart.title == dataset.indicators[
                state.indicators[0]
            ].name("en")


def test_a_slope_of_one_period_says_so(dataset: Dataset) -> None:
    one = next(
        i for i in dataset.indicators
        if len({p for e in dataset.entities_with(i, doubtful=False) for p in dataset.points(i, e)}) == 1
    )  # fmt: skip
    for lang in LANGS:
        chart = view_chart(dataset, parse(f"i={one}&v=slope", dataset)[0], lang)
        assert not chart.marks
        assert "{" not in chart.empty
    assert "one period only" in view_chart(dataset, parse(f"i={one}&v=slope", dataset)[0], "en").empty


def test_nobody_ranks_among_fewer_than_three() -> None:
    assert ranks({"a": 1.0}, lower=False) == {}
    assert ranks({"a": 1.0, "b": 2.0}, lower=False) == {}
    assert ranks({"a": 1.0, "b": 3.0, "c": 3.0}, lower=False) == {"b": 1, "c": 1, "a": 3}
    assert ranks({"a": 1.0, "b": 3.0, "c": 3.0}, lower=True) == {"a": 1, "b": 2, "c": 2}


def test_different_values_read_differently(dataset: Dataset) -> None:
    """Index data of a tenth apart are not all 100."""
    from dashboard.explore import wording

    state, _ = parse("i=house_price_new_mom_index&e=shenzhen~hangzhou", dataset)
    shown = Context(dataset, state, "en").selections[0]
    assert wording.distinct_amounts([100.4, 100.3, 100.2], shown, "en") == ["100.4", "100.3", "100.2"]
    assert wording.distinct_amounts([100.0, 100.0], shown, "en") == ["100", "100"]


def test_a_relation_is_that_of_the_points() -> None:
    assert relation([1, 2, 3, 4, 5], [2, 4, 6, 8, 10]) == pytest.approx(1)
    assert relation([1, 2, 3, 4, 5], [10, 8, 6, 4, 2]) == pytest.approx(-1)
    assert relation([1, 2, 3, 4], [1, 2, 3, 4]) is None
    assert relation([1, 1, 1, 1, 1], [1, 2, 3, 4, 5]) is None

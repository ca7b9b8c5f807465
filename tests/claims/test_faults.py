"""A rule, a figure or a dataset that fails: it alone is without an answer."""

from __future__ import annotations

import logging
from dataclasses import replace

import pytest

from dashboard.claims import evaluate, verdict_sentence
from dashboard.claims.dataset_view import DatasetView
from dashboard.claims.finding import Finding
from dashboard.claims.kinds import kinds
from dashboard.claims.params import Params
from dashboard.dataset import LANGS
from dashboard.figures.types import lines
from dashboard.pages.figureview import figure_view
from tests.claims.conftest import World

GDP = [(e, "gdp", "2024", v) for e, v in (("shenzhen", 3.68e12), ("hangzhou", 2.2e12))]


def test_a_rule_that_fails_is_one_line_and_the_other_claims_are_answered(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(data: DatasetView, params: Params) -> Finding:
        raise IndexError("list index out of range")

    before = evaluate(world(GDP))
    assert before["gdp_overtaken"].outcome == "supported"
    monkeypatch.setitem(kinds(), "compare", replace(kinds()["compare"], decide=broken))
    with caplog.at_level(logging.ERROR, "pursuit"):
        dataset = world(GDP)
        after = evaluate(dataset)
    assert list(after) == list(before)
    assert after["gdp_overtaken"].outcome == "no_public_data"
    assert "the rule failed (IndexError: list index out of range)" in after["gdp_overtaken"].fault
    for lang in LANGS:
        assert verdict_sentence(after["gdp_overtaken"], dataset, lang).text
    used = {i: {p.kind for p in v.claim.parts.values()} for i, v in before.items()}
    others = {i: v.outcome for i, v in before.items() if "compare" not in used[i]}
    assert {i: after[i].outcome for i in others} == others
    assert "claim gdp_overtaken cannot be answered" in caplog.text


def test_the_newest_profit_of_one_company_alone_does_not_stop_the_choices(world: World) -> None:
    verdict = evaluate(world([("tencent", "net_profit", "2026", 2.5e11)]))["tencent_profitable"]
    assert verdict.outcome == "no_public_data"
    assert {f.outcome for f in verdict.robustness.values()} <= {"no_public_data"}


def test_the_newest_profit_of_one_company_alone_is_not_held_against_the_years_before(world: World) -> None:
    field = ("alphabet", "meta", "amazon", "netflix", "alibaba", "jd", "netease", "booking", "trip_com")
    rows = [("china", "cny_per_usd", "2025", 7.0)] + [(e, "net_profit", "2025", 1e11) for e in field]
    of_2025 = world([*rows, ("tencent", "net_profit", "2025", 2e11)])
    newer = world([*rows, ("tencent", "net_profit", "2025", 2e11), ("tencent", "net_profit", "2026", 1e9)])
    for dataset in (of_2025, newer):
        numbers = evaluate(dataset)["tencent_profitable"].finding.numbers
        assert (numbers["period"].text, numbers["place"].value, numbers["field"].value) == ("2025", 1, 10)


def test_a_figure_that_cannot_be_drawn_leaves_its_page_standing(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*of: object) -> None:
        raise StopIteration

    monkeypatch.setattr(lines, "draw", broken)
    view = figure_view("gdp_overtaken", world(GDP), "en")
    assert view.chart.title
    assert view.chart.empty
    assert "figure gdp_overtaken cannot be drawn" in caplog.text
    with pytest.raises(KeyError):
        figure_view("no_such_figure", world(GDP), "en")

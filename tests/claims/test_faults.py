"""A rule, a figure or a dataset that fails: it alone is without an answer."""

from __future__ import annotations

import logging
from dataclasses import replace

import pytest

from dashboard.claims import say
from dashboard.claims.evaluate import RULES, evaluate
from dashboard.claims.evidence import Evidence
from dashboard.claims.rule import Choice, Finding
from dashboard.dataset import LANGS
from dashboard.pages.figureview import figure_view
from tests.claims.conftest import World


def test_a_rule_that_fails_is_one_line_and_the_other_claims_are_answered(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(data: Evidence, choice: Choice) -> Finding:
        raise IndexError("list index out of range")

    rows = [(e, "gdp", "2024", v) for e, v in (("shenzhen", 3.68e12), ("hangzhou", 2.2e12))]
    before = evaluate(world(rows))
    name = "gdp_overtaken"
    monkeypatch.setitem(RULES, name, replace(RULES[name], decide=broken))
    with caplog.at_level(logging.ERROR, "pursuit"):
        dataset = world(rows)
        after = evaluate(dataset)
    assert list(after) == list(before)
    assert after[name].outcome == "no_public_data"
    for lang in LANGS:
        assert say(after[name], dataset, lang).text
    assert {i: v.outcome for i, v in after.items() if i != name} == {
        i: v.outcome for i, v in before.items() if i != name
    }
    assert "claim gdp_overtaken cannot be answered (IndexError: list index out of range)" in caplog.text


def test_a_choice_that_fails_leaves_the_claim_its_answer(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    rule = RULES["gdp_overtaken"]

    def sometimes(data: Evidence, choice: Choice) -> Finding:
        if choice != rule.default:
            raise ZeroDivisionError("division by zero")
        return rule.decide(data, choice)

    rows = [(e, "gdp", "2024", v) for e, v in (("shenzhen", 3.68e12), ("hangzhou", 2.2e12))]
    expected = evaluate(world(rows))["gdp_overtaken"].outcome
    assert expected != "no_public_data"
    monkeypatch.setitem(RULES, rule.claim_id, replace(rule, decide=sometimes))
    assert evaluate(world(rows))["gdp_overtaken"].outcome == expected


def test_the_newest_profit_of_one_company_alone_does_not_stop_the_choices(world: World) -> None:
    verdict = evaluate(world([("tencent", "net_profit", "2026", 2.5e11)]))["tencent_profitable"]
    assert verdict.outcome == "no_public_data"
    assert {a.outcome for a in verdict.robustness} == {"no_public_data"}


def test_a_figure_that_cannot_be_drawn_leaves_its_page_standing(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(scene: object) -> None:
        raise StopIteration

    monkeypatch.setattr("dashboard.figures.story.builders", lambda: {"gdp_overtaken": broken})
    view = figure_view("gdp_overtaken", world([("shenzhen", "gdp", "2024", 3.68e12)]), "en")
    assert view.chart.title
    assert view.chart.empty
    assert "figure gdp_overtaken cannot be drawn" in caplog.text
    with pytest.raises(KeyError):
        figure_view("no_such_figure", world([("shenzhen", "gdp", "2024", 3.68e12)]), "en")

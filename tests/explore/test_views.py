"""What the explorer shows, as records: numbers led back to the dataset, every view in every language."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dashboard.dataset import LANGS, Dataset
from dashboard.explore import findings, views
from dashboard.explore.parse import parse
from dashboard.explore.presets import PRESETS, presets
from dashboard.explore.record import view_chart
from dashboard.explore.select import Context, select
from dashboard.figures.record import Bars, Cells, Dots, Line, Rule, Text

CITIES = "shenzhen~hangzhou~suzhou~chongqing"


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("view", views.names())
def test_every_view_says_and_shows_something(dataset: Dataset, view: str, lang: str) -> None:
    state, dropped = parse(f"i=gdp~population_resident&e={CITIES}&v={view}", dataset)
    chart = view_chart(dataset, state, lang)  # type: ignore[arg-type]
    assert not dropped
    assert chart.marks
    assert not chart.empty
    assert chart.title
    assert chart.subtitle
    assert chart.alt
    assert chart.sources
    assert chart.table.rows


def test_every_question_is_answered_by_the_shipped_data(dataset: Dataset) -> None:
    assert [k for k, _ in presets(dataset)] == [f"explorer.preset.{k}" for k in PRESETS]


def test_the_pursuit_is_the_ratio_of_two_published_figures(dataset: Dataset) -> None:
    state, _ = parse("", dataset)
    chart = view_chart(dataset, state, "en")
    lines = [m for m in chart.marks if isinstance(m, Line) and m.name == "hangzhou"]
    points = {p.x: p for m in lines for p in m.points if p.y is not None}
    for x, point in points.items():
        year = str(int(x))
        own, closest_pursuer = dataset.value("gdp", "hangzhou", year), dataset.value("gdp", "shenzhen", year)
        assert own is not None
        assert closest_pursuer is not None
        assert point.y == pytest.approx(own.value / closest_pursuer.value * 100)
        assert point.keys == (own.key, closest_pursuer.key)


def test_real_terms_take_out_the_deflator(dataset: Dataset) -> None:
    nominal = select(dataset, parse("i=gdp&e=shenzhen", dataset)[0])
    real = select(dataset, parse("i=gdp&e=shenzhen&p=real", dataset)[0])
    growth = {o.period: o.value for o in dataset.series("gdp_deflator_growth", "china")}
    level, year = 1.0, max(growth)
    assert real.prices_of == year
    while year in growth and year in real.periods:
        a, b = nominal.series[0].values[year], real.series[0].values[year]
        assert b == pytest.approx(a / level)
        level /= 1 + growth[year] / 100
        year = str(int(year) - 1)


def test_a_ranking_is_in_order_and_marks_what_is_not_final(dataset: Dataset) -> None:
    chart = view_chart(dataset, parse(f"i=gdp&e={CITIES}&v=bar", dataset)[0], "en")
    bars = next(m for m in chart.marks if isinstance(m, Bars))
    assert [b.value for b in bars.items] == sorted((b.value for b in bars.items), reverse=True)
    for bar in bars.items:
        seen = dataset.value("gdp", bar.keys[0][0], chart.meta["at"])
        assert seen is not None
        assert seen.value == bar.value
        assert bar.provisional == (seen.status in ("preliminary", "estimate"))


def test_growth_is_measured_over_periods_that_all_have(dataset: Dataset) -> None:
    """Chongqing's series begins in 1990, Hangzhou's later: the longer one must not win by its length."""
    chart = view_chart(dataset, parse(f"i=gdp&e={CITIES}", dataset)[0], "en")
    start = dataset.common_periods("gdp", CITIES.split("~"))[0]
    assert start in chart.title


def test_nothing_to_show_says_so(dataset: Dataset) -> None:
    chart = view_chart(dataset, parse("i=revenue&e=hangzhou", dataset)[0], "en")
    assert chart.empty
    assert not chart.marks


def test_a_known_gap_says_what_was_looked_for(dataset: Dataset) -> None:
    gap = next(g for g in dataset.gaps if (g.entity_id, g.indicator_id) == ("smallrig", "revenue"))
    chart = view_chart(dataset, parse("i=revenue&e=smallrig", dataset)[0], "en")
    assert chart.empty == f"No public figure was found. We looked for: {gap.looked_for_en}"


def test_whoever_was_ahead_did_not_come_close(dataset: Dataset) -> None:
    """Shanghai at twice Shenzhen's size is ahead of it; Guangzhou was, and was overtaken."""

    def closest(query: str) -> findings.Found:
        return findings.closest_pursuer(Context(dataset, parse(query, dataset)[0], "en"), "")

    key, found = closest("i=gdp&e=shanghai~guangzhou~suzhou&v=pursuit")
    assert (key, found["a"]) == ("passed", "guangzhou")
    key, found = closest("i=gdp&e=shanghai~suzhou~hangzhou&v=pursuit")
    assert (key, found["a"], found["b"]) == ("ahead_closest", "shanghai", "suzhou")
    assert closest("i=gdp&e=shanghai&v=pursuit")[0] == "ahead"
    assert closest("")[0] == "closest"


def test_no_index_is_chained_across_a_break(dataset: Dataset) -> None:
    broken = next(n for n in dataset.notes if n.note_id == "housing_2011")
    state, _ = parse("i=house_price_new_mom_index&e=shenzhen~hangzhou&m=index", dataset)
    chosen = select(dataset, state)
    assert chosen.periods[0] == chosen.base == broken.period
    before, _ = parse("i=house_price_new_mom_index&e=shenzhen~hangzhou&m=index&t=2007..2009", dataset)
    assert select(dataset, before).periods[0] == "2007-01"


def test_breaks_are_marked_where_they_are(dataset: Dataset) -> None:
    state, _ = parse("i=population_resident&e=shenzhen~hangzhou&ev=0", dataset)
    chart = view_chart(dataset, state, "en")
    breaks = {m.x0 for m in chart.marks if isinstance(m, Rule) and m.x0 is not None}
    assert breaks == {2005.0, 2011.0, 2014.0}
    assert "break: Hangzhou" in {m.text for m in chart.marks if isinstance(m, Text)}
    without = view_chart(dataset, replace(state, entities=("shenzhen",)), "en")
    assert {m.x0 for m in without.marks if isinstance(m, Rule) and m.x0 is not None} == {2005.0, 2011.0}


@pytest.mark.parametrize("view", ["line", "slope", "bar", "scatter", "heat", "multiples", "pursuit"])
def test_every_view_shows_what_is_preliminary_and_says_how(dataset: Dataset, view: str) -> None:
    for span, provisional in (("t=2015..2025", True), ("t=2010..2019", False)):
        query = f"i=gdp~disposable_income_per_capita&e=shenzhen~hangzhou~suzhou&v={view}&{span}"
        state, _ = parse(
            query.replace("~disposable_income_per_capita", "") if view != "scatter" else query, dataset
        )
        chart = view_chart(dataset, state, "en")
        shown = any(
            (isinstance(m, Line) and m.dash == "dash" and m.name)
            or (isinstance(m, Bars) and any(b.provisional for b in m.items))
            or (isinstance(m, Dots) and m.hollow)
            or (isinstance(m, Cells) and any(c.label.endswith("*") for c in m.items))
            for m in chart.marks
        )
        assert shown == provisional, (view, span)
        assert any("preliminary or estimated" in n for n in chart.notes) == provisional


def test_a_heat_map_says_the_same_on_every_screen(dataset: Dataset) -> None:
    """A phone shows fewer columns; what the title counts is the periods, not the columns."""
    state, _ = parse("i=gdp&e=shenzhen~hangzhou~guangzhou&v=heat", dataset)
    wide, narrow = (view_chart(dataset, state, "en", form) for form in ("wide", "narrow"))
    assert wide.title == narrow.title
    years = dataset.common_periods("gdp", ["shenzhen", "guangzhou"])
    ahead = sum(
        dataset.value("gdp", "shenzhen", y).value > dataset.value("gdp", "guangzhou", y).value  # type: ignore[union-attr]
        for y in years
    )
    assert f"{ahead} of {len(years)}" in wide.title


def test_a_panel_breaks_its_line_where_figures_are_missing(dataset: Dataset) -> None:
    state, _ = parse("i=rd_intensity~gdp&e=shenzhen~hangzhou&v=multiples", dataset)
    chart = view_chart(dataset, state, "en")
    assert any(p.y is None for m in chart.marks if isinstance(m, Line) for p in m.points)


def test_the_best_rank_is_on_top_of_its_panel(dataset: Dataset) -> None:
    ranked = dataset.series("github_stars_rank_overall_deepseek_v3", "deepseek")
    best = min(range(len(ranked)), key=lambda n: ranked[n].value)
    state, _ = parse("i=github_stars_rank_overall_deepseek_v3&e=deepseek&v=multiples", dataset)
    chart = view_chart(dataset, state, "en")
    points = [p for m in chart.marks if isinstance(m, Line) for p in m.points if p.y is not None]
    top = max(points, key=lambda p: p.y or 0.0)
    assert ranked[best].period in {key[2] for key in top.keys}


def test_companies_of_one_city_have_colours_of_their_own(dataset: Dataset) -> None:
    entities = "huawei~tencent~byd~dji~alibaba~unitree"
    state, _ = parse(f"i=revenue&e={entities}&v=bar", dataset)
    chart = view_chart(dataset, state, "en")
    colours = [bar.colour for mark in chart.marks if isinstance(mark, Bars) for bar in mark.items]
    assert len(set(colours)) == len(colours) > 3
    assert "shenzhen" in colours


@pytest.mark.parametrize(
    "query", ["i=gdp&e=shenzhen~hangzhou&v=slope&t=2025..2025", "i=gdp&e=shenzhen&v=bar&t=2019"]
)
def test_what_is_not_drawn_is_not_explained(dataset: Dataset, query: str) -> None:
    state, _ = parse(query, dataset)
    chart = view_chart(dataset, state, "en")
    assert not [n for n in chart.notes if "reliminary" in n]

"""Each kind of rule: both sides of its threshold, what it says without figures, and its margin applied."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from dashboard.claims.dataset_view import DatasetView
from dashboard.claims.evaluate import margin
from dashboard.claims.find import apply, find
from dashboard.claims.kinds import kinds
from dashboard.claims.params import Condition, Field, Params
from dashboard.claims.record import Claim
from dashboard.figures.from_finding import draw
from tests.claims.conftest import Row, World

SZ, HZ = "shenzhen", "hangzhou"
TESLA: list[Row] = [("tesla", "nev_sales", "2025", 2e6)]
TITLES = "weibo_hot_search_titles_daily"


def cities(indicator: str, *of: tuple[str, str, float]) -> list[Row]:
    return [(city, indicator, period, value) for city, period, value in of]


def part(kind: str, holds: str = "", **params: Any) -> Params:
    fields = {k: Field(tuple(params.pop(k))) for k in ("of", "to") if k in params}
    return Params(kind, holds=Condition.parse(holds) if holds else None, **fields, **params)


CASES: dict[str, tuple[Params, list[Row], list[Row]]] = {
    "compare": (
        part("compare", "< 1", indicator="gdp", of=[HZ], to=[SZ]),
        cities("gdp", (HZ, "2024", 2e12), (SZ, "2024", 3e12)),
        cities("gdp", (HZ, "2024", 3e12), (SZ, "2024", 2e12)),
    ),
    "threshold": (
        part("threshold", ">= 100", indicator="stores_hong_kong", of=["nutribite"]),
        [("nutribite", "stores_hong_kong", "2025", 100)],
        [("nutribite", "stores_hong_kong", "2025", 99)],
    ),
    "group_ratio": (
        part("group_ratio", ">= 10", indicator="revenue", of=["tencent"], to=["unitree", "manycore"]),
        [("tencent", "revenue", "2025", 1e11), ("unitree", "revenue", "2025", 1e10)],
        [("tencent", "revenue", "2025", 1e11), ("unitree", "revenue", "2025", 2e10)],
    ),
    "grew": (
        part("grew", ">= 2", indicator="revenue", of=["byd"], years=3),
        [("byd", "revenue", "2022", 1e11), ("byd", "revenue", "2025", 2e11)],
        [("byd", "revenue", "2022", 1e11), ("byd", "revenue", "2025", 1.9e11)],
    ),
    "leads": (
        part("leads", "<= 1", indicator="gdp", of=[SZ], to=[HZ, "suzhou"]),
        cities("gdp", (SZ, "2024", 3e12), (HZ, "2024", 2e12), ("suzhou", "2024", 2.5e12)),
        cities("gdp", (SZ, "2024", 3e12), (HZ, "2024", 4e12), ("suzhou", "2024", 2.5e12)),
    ),
    "earlier": (
        part("earlier", indicator="gala_appearance", of=["ubtech"], to=["unitree"]),
        [("ubtech", "gala_appearance", "2016", 1), ("unitree", "gala_appearance", "2021", 1)],
        [("ubtech", "gala_appearance", "2021", 1), ("unitree", "gala_appearance", "2021", 1)],
    ),
    "scoreboard": (
        part("scoreboard", "> 0.5", indicators=("gdp", "nature_index_city_rank"), of=[SZ], to=[HZ]),
        [*cities("gdp", (SZ, "2024", 3.0), (HZ, "2024", 2.0)),
         *cities("nature_index_city_rank", (SZ, "2024", 1), (HZ, "2024", 9))],
        [*cities("gdp", (SZ, "2024", 3.0), (HZ, "2024", 2.0)),
         *cities("nature_index_city_rank", (SZ, "2024", 2), (HZ, "2024", 9))],
    ),
    "caught_up": (
        part("caught_up", ">= 0.9", indicators=("gdp",), of=["suzhou"], to=[SZ]),
        cities("gdp", (SZ, "2001", 10), (SZ, "2002", 10), ("suzhou", "2001", 8), ("suzhou", "2002", 9)),
        cities("gdp", (SZ, "2001", 10), (SZ, "2002", 10), ("suzhou", "2001", 9), ("suzhou", "2002", 8)),
    ),
    "gap_narrows": (
        part("gap_narrows", "> 0.5", indicators=("gdp",), of=[HZ], to=[SZ], years=1),
        cities("gdp", (SZ, "2023", 10), (SZ, "2024", 10), (HZ, "2023", 5), (HZ, "2024", 6)),
        cities("gdp", (SZ, "2023", 10), (SZ, "2024", 10), (HZ, "2023", 6), (HZ, "2024", 5)),
    ),
    "founded_in": (
        part("founded_in", indicator="founded_year", of=["huawei"], place=SZ),
        [("huawei", "founded_year", "1987", 1987)],
        [],
    ),
    "record_years": (
        part("record_years", indicator="nev_sales", of=["byd"], to=["tesla"], years=1),
        [("byd", "nev_sales", y, v) for y, v in (("2024", 3e6), ("2025", 4e6))] + TESLA,
        [("byd", "nev_sales", y, v) for y, v in (("2024", 5e6), ("2025", 4e6))] + TESLA,
    ),
    "mentions_overtake": (
        part("mentions_overtake", "<= 1", indicator=TITLES, of=["deepseek"], to=["huawei"]),
        [(e, TITLES, d, v) for e, d, v in (
            ("deepseek", "2025-01-25", 0), ("huawei", "2025-01-25", 1),
            ("deepseek", "2025-01-26", 4), ("huawei", "2025-01-26", 1))],
        [(e, TITLES, d, v) for e, d, v in (
            ("deepseek", "2025-01-25", 0), ("huawei", "2025-01-25", 1),
            ("deepseek", "2025-01-26", 1), ("huawei", "2025-01-26", 4))],
    ),
}  # fmt: skip


def claim(of: Params) -> Claim:
    return Claim({}, "x", {"": of})


def test_every_kind_is_tried() -> None:
    assert set(CASES) == set(kinds())


@pytest.mark.parametrize("kind", CASES)
def test_both_sides_of_the_threshold(world: World, kind: str) -> None:
    of, holds, fails = CASES[kind]
    places = {"huawei": "Shenzhen"}
    assert apply(of, world(holds, places)).outcome == "supported"
    if fails:
        assert apply(of, world(fails, places)).outcome == "contradicted"
    else:
        assert apply(of, world(holds, {"huawei": "Hangzhou"})).outcome == "contradicted"


@pytest.mark.parametrize("kind", CASES)
def test_without_figures_there_is_no_answer_and_a_card(world: World, kind: str) -> None:
    of, _, _ = CASES[kind]
    nothing = world([("china", "cny_per_usd", "2024", 7.1)])
    finding = find(claim(of), nothing, {"": of})
    assert finding.outcome == "no_public_data"
    assert draw(claim(of), finding, nothing, "en").empty


@pytest.mark.parametrize("kind", CASES)
def test_one_figure_less_gives_an_answer_still(world: World, kind: str) -> None:
    of, holds, fails = CASES[kind]
    for rows in (holds, fails):
        for n in range(len(rows)):
            finding = find(claim(of), world(rows[:n] + rows[n + 1 :], {}), {"": of})
            assert finding.outcome in ("supported", "contradicted", "mixed", "no_public_data")


@pytest.mark.parametrize("kind", CASES)
@pytest.mark.parametrize("side", [1, 2])
def test_the_margin_applied_turns_the_verdict(world: World, kind: str, side: int) -> None:
    of, rows = CASES[kind][0], CASES[kind][side]
    dataset = world(rows, {"huawei": "Shenzhen"})
    finding = find(claim(of), dataset, {"": of})
    flip = margin(claim(of), dataset, finding)
    assert (flip is not None) == bool(finding.probes and rows), kind
    if flip is not None and flip.change is not None:
        scaled = dict.fromkeys(flip.of, flip.change)
        assert apply(of, dataset, scaled=scaled).outcome == flip.flips_to != finding.outcome


def test_a_comparison_never_joins_figures_many_years_apart(world: World) -> None:
    of = part("group_ratio", ">= 10", indicator="revenue", of=["tencent"], to=["unitree", "dji"])
    rows = [("tencent", "revenue", "2025", 1e11), ("unitree", "revenue", "2025", 1e9)]
    old = apply(of, world([*rows, ("dji", "revenue", "2017", 9e10)]))
    assert old.outcome == "supported"
    assert [r.entity for r in old.rows if r.figure is None] == ["dji"]


def test_a_lone_newer_figure_waits_for_the_others(world: World) -> None:
    of = part("group_ratio", "> 1", indicator="employees", of=["byd", "huawei"], to=["unitree"])
    of = replace(of, of=replace(of.of, take="min"))
    rows = [(e, "employees", "2023", v) for e, v in (("byd", 7e5), ("huawei", 2e5), ("unitree", 5e2))]
    newer = apply(of, world([*rows, ("byd", "employees", "2026", 9e5)]))
    assert newer.outcome == "supported"
    assert newer.numbers["of_known"].value == 2


def test_a_place_is_one_among_figures_of_the_same_period(world: World) -> None:
    of = part("leads", "<= 1", indicator="gdp", of=[SZ], to=[HZ, "suzhou"])
    rows = cities("gdp", (SZ, "2024", 2e12), (HZ, "2024", 3e12), ("suzhou", "2024", 1e12))
    newer = apply(of, world([*rows, *cities("gdp", (SZ, "2025", 4e12), ("suzhou", "2025", 1e12))]))
    assert newer.outcome == "contradicted", "Hangzhou's figure of 2024 stands against Shenzhen's of 2024"
    assert {r.figure.period for r in newer.rows if r.figure} == {"2024"}
    complete = apply(of, world([*rows, *cities("gdp", (SZ, "2025", 4e12), (HZ, "2025", 3e12))]))
    assert complete.outcome == "contradicted", "two of three in 2025 are fewer than all three in 2024"


GREW = part("grew", ">= 2", indicator="revenue", of=["byd"], years=1)


@pytest.mark.parametrize(
    ("rows", "reported", "outcome", "since"),
    [
        ([("2022", 1), ("2023", 1)], [("2024", 3)], "contradicted", ["2024"]),
        ([("2022", 1), ("2023", 1)], [("2024", 1), ("2025", 3)], "contradicted", ["2024", "2025"]),
        ([("2021", 1), ("2022", 1)], [("2024", 1), ("2025", 3)], "supported", []),
        ([("2022", 1), ("2023", 1), ("2024", 3)], [("2024", 9)], "supported", []),
        ([("2022", 1), ("2024", 3)], [("2023", 1)], "supported", []),
        ([], [("2024", 1), ("2025", 3)], "supported", []),
    ],
)
def test_a_verdict_rests_on_documents_where_a_recent_one_exists(
    world: World,
    rows: list[tuple[str, float]],
    reported: list[tuple[str, float]],
    outcome: str,
    since: list[str],
) -> None:
    dataset = world(
        [("byd", "revenue", p, v) for p, v in rows], reported=[("byd", "revenue", p, v) for p, v in reported]
    )
    assert apply(GREW, dataset).outcome == outcome
    assert [o.period for o in DatasetView(dataset).reported_since("revenue", "byd")] == since

"""Every rule on both sides of its threshold, without its inputs, and with claims that support nothing."""

from __future__ import annotations

import ast
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from dashboard.claims import OUTCOMES, RULES, evaluate, say
from dashboard.claims.evaluate import verdict
from dashboard.claims.evidence import public_by
from dashboard.dataset import LANGS, Dataset

from .cases import CASES, LARGE, Case
from .conftest import SOURCE, World

RULE_FILES = [
    Path(__file__).resolve().parents[2] / "dashboard" / "claims" / f"{name}.py"
    for name in ("overture", "tree", "pursuers", "giants", "drive", "city")
]


def test_every_claim_of_the_essay_has_a_rule_and_a_case(dataset: Dataset) -> None:
    assert set(RULES) == set(dataset.claims) == set(CASES)
    assert list(evaluate(dataset)) == [q.quote_id for q in dataset.quotes]


@pytest.mark.parametrize("claim_id", CASES)
def test_the_verdict_flips_at_the_threshold(claim_id: str, world: World) -> None:
    case: Case = CASES[claim_id]
    this = verdict(RULES[claim_id], world([*case.rows, *case.this], case.places or None))
    other = verdict(RULES[claim_id], world([*case.rows, *case.other], case.other_places or None))
    assert (this.outcome, other.outcome) == (case.outcome, case.other_outcome)
    assert this.used
    assert this.numbers


@pytest.mark.parametrize("claim_id", CASES)
def test_without_its_inputs_a_claim_has_no_public_data(claim_id: str, world: World) -> None:
    case = CASES[claim_id]
    empty = verdict(RULES[claim_id], world([], {}))
    assert empty.outcome == empty.as_of_essay == "no_public_data"
    assert empty.missing
    assert not empty.numbers
    assert empty.margin is None
    small = world([*case.rows, *case.this], case.places or None)
    for dropped in {(r[0], r[1]) for r in (*case.rows, *case.this)}:
        rows = [r for r in (*case.rows, *case.this) if (r[0], r[1]) != dropped]
        partial = verdict(RULES[claim_id], world(rows, case.places or None))
        assert partial.outcome in OUTCOMES
        for lang in LANGS:
            assert say(partial, small, lang).text


def test_a_company_praising_itself_supports_nothing(world: World) -> None:
    rows = CASES["inmotion_first"].this
    own = replace(SOURCE, publisher="InMotion (press release)")
    assert verdict(RULES["inmotion_first"], world(rows, source=own)).outcome == "no_public_data"
    assert verdict(RULES["inmotion_first"], world(rows, note="company claim")).outcome == "no_public_data"
    assert verdict(RULES["inmotion_first"], world(rows)).outcome == "supported"


def test_a_doubtful_figure_never_carries_a_verdict(world: World) -> None:
    small = world([*CASES["gdp_overtaken"].rows, *CASES["gdp_overtaken"].this])
    frame = small.observations.assign(status="doubtful")
    doubted = replace(small, observations=frame)
    assert verdict(RULES["gdp_overtaken"], doubted).outcome == "no_public_data"


@pytest.mark.parametrize(
    ("published", "year"),
    [("2025-01-27", "2024"), ("2025-02", "2024"), ("2025-03-01", "2023"), ("2025", "2023"), ("", "2023")],
)
def test_the_essay_is_judged_by_what_was_public_on_its_day(world: World, published: str, year: str) -> None:
    rows = [("shenzhen", "gdp", y, 100.0) for y in ("2023", "2024", "2025")]
    rows += [("hangzhou", "gdp", "2023", 58.0), ("hangzhou", "gdp", "2024", 60.0)]
    rows += [("hangzhou", "gdp", "2025", 110.0)]
    now = verdict(RULES["gdp_overtaken"], world(rows, source=replace(SOURCE, published=published)))
    assert (now.outcome, now.as_of_essay) == ("contradicted", "supported")
    assert now.essay_numbers["year"].text == year


def test_what_comes_out_at_once_was_public_on_its_day() -> None:
    assert public_by("2025-02-28", "2025-01-29", "2026-01-01", "flow"), "a count of one day"
    assert public_by("2025-02-28", "2024", "", "rank"), "an edition of a ranking"
    assert public_by("2025-02-28", "2025-02", "", "event")
    assert public_by("2025-02-28", "2024-01", "2026", "flow"), "over for a year"
    assert not public_by("2025-02-28", "2024-03", "2026", "flow")
    assert not public_by("2025-02-28", "2025", "2025-01-01", "rank"), "the period is not over"


def test_no_outcome_is_typed_by_hand() -> None:
    for path in RULE_FILES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            assert not (isinstance(node, ast.Constant) and node.value in OUTCOMES), (
                f"{path.name}:{node.lineno}"
            )


def test_the_rule_is_shown_as_a_few_lines_of_code() -> None:
    for rule in RULES.values():
        assert rule.code.startswith(f"def {rule.claim_id}(")
        assert rule.code.count("\n") < 50
        ast.parse(rule.code)


def test_computed_once_for_a_dataset(dataset: Dataset) -> None:
    first, second = evaluate(dataset), evaluate(dataset)
    assert all(first[i] is second[i] for i in first)


def test_a_loss_that_deepens_has_not_grown(world: World) -> None:
    rows = [
        r
        for r in (*CASES["giants_failing"].rows, *CASES["giants_failing"].this)
        if r[:2] != ("byd", "net_profit")
    ]
    rows += [("byd", "net_profit", "2023", -10.0), ("byd", "net_profit", "2024", -15.0)]
    found = verdict(RULES["giants_failing"], world(rows))
    assert found.outcome == "mixed"
    assert found.numbers["worst"].text == "byd"
    assert found.numbers["worst_change"].value == pytest.approx(-50)


def test_several_lists_of_one_thing_count_once(world: World) -> None:
    lists = ("unicorns_hurun", "unicorns_zgc", "unicorns_zeping")
    rows = [(c, i, "2024", v) for i in lists for c, v in (("shenzhen", 1.0), ("hangzhou", 2.0))]
    rows += [
        (c, i, "2024", v)
        for i in ("rd_intensity", "pct_applications")
        for c, v in (("shenzhen", 2.0), ("hangzhou", 1.0))
    ]
    found = verdict(RULES["not_surpass"], world(rows))
    assert (found.numbers["ahead"].value, found.numbers["indicators"].value) == (1, 3)
    assert found.outcome == "supported"
    every = next(a for a in found.robustness if a.key.endswith("every_list"))
    assert every.outcome == "mixed"


def test_falling_back_is_not_catching_up(world: World) -> None:
    rows = [("shenzhen", "gdp", y, 100.0) for y in ("2000", "2010", "2020")]
    rows += [
        ("suzhou", "gdp", "2000", 95.0),
        ("suzhou", "gdp", "2010", 80.0),
        ("suzhou", "gdp", "2020", 70.0),
    ]
    rows += [
        ("chongqing", "gdp", "2000", 70.0),
        ("chongqing", "gdp", "2010", 80.0),
        ("chongqing", "gdp", "2020", 95.0),
    ]
    found = verdict(RULES["past_pursuers"], world(rows))
    assert found.outcome == "mixed"
    assert (found.numbers["suzhou_count"].value, found.numbers["chongqing_count"].value) == (0, 1)
    ever = next(a for a in found.robustness if a.key.endswith("any_direction"))
    assert ever.outcome == "supported"


def test_pursuit_is_weighed_measure_by_measure(world: World) -> None:
    rows = [("shenzhen", i, y, 100.0) for i in ("gdp", "population_resident") for y in ("2014", "2024")]
    rows += [("hangzhou", "gdp", "2014", 50.0), ("hangzhou", "gdp", "2024", 60.0)]
    rows += [
        ("hangzhou", "population_resident", "2014", 70.0),
        ("hangzhou", "population_resident", "2024", 60.0),
    ]
    found = verdict(RULES["hangzhou_chases"], world(rows))
    assert found.outcome == "mixed"
    by_name = {a.key.rpartition(".")[2]: a.outcome for a in found.robustness}
    assert by_name["gdp_alone"] == "supported"
    gap = [("shenzhen", "gdp", "2014", 100.0), ("shenzhen", "gdp", "2024", 200.0)]
    gap += [("hangzhou", "gdp", "2014", 50.0), ("hangzhou", "gdp", "2024", 110.0)]
    wider = verdict(RULES["hangzhou_chases"], world(gap))
    by_name = {a.key.rpartition(".")[2]: a.outcome for a in wider.robustness}
    assert (by_name["gdp_alone"], by_name["gdp_gap"]) == ("supported", "contradicted")


def test_a_figure_of_its_day_outranks_a_later_one_when_the_essay_is_judged(world: World) -> None:
    small = world([("shenzhen", "gdp", "2023", 100.0), ("hangzhou", "gdp", "2023", 60.0)])
    late = replace(SOURCE, source_id="late", published="2026-05-01")
    early = replace(SOURCE, source_id="early", tier="press", published="2024-02-01")
    frame = small.observations.astype({"source_id": str})
    both = pd.concat(
        [frame.assign(source_id="late", value=frame["value"] * 2), frame.assign(source_id="early")]
    )
    revised = Dataset.from_frames(
        entities=small.entities.values(), indicators=small.indicators.values(), sources=[late, early],
        observations=both.astype({"entity_id": str, "indicator_id": str}), quotes=small.quotes,
        claims=small.claims.values(),
    )  # fmt: skip
    found = verdict(RULES["gdp_overtaken"], revised)
    assert found.numbers["shenzhen"].value == 200
    assert found.essay_numbers["shenzhen"].value == 100


def test_every_choice_shows_what_decides(dataset: Dataset) -> None:
    without = {"born_in_shenzhen", "inmotion_first", "nutribite_stores", "bandu_display"}
    for claim_id, found in evaluate(dataset).items():
        assert bool(found.deciding) == (claim_id not in without)
        for a in found.robustness:
            if found.deciding and a.outcome != "no_public_data":
                assert found.deciding in a.numbers, (claim_id, a.key)


def test_years_published_in_dollars_count_at_their_rate(world: World) -> None:
    rows = [r for r in CASES["ants_to_elephants"].rows if r[0] != "huawei"]
    rows += [("byd", "revenue", "2024", 80.0), ("huawei", "revenue", "2024", 300.0)]
    rows += [("huawei", "revenue_usd", "2002", 4.0), ("china", "cny_per_usd", "2002", 8.0)]
    found = verdict(RULES["ants_to_elephants"], world(rows))
    assert found.outcome == "mixed"
    assert found.numbers["least"].text == "huawei"
    assert found.numbers["least_times"].value == pytest.approx(300 / 32)
    assert found.numbers["least_since"].text == "2002"
    without_rate = verdict(RULES["ants_to_elephants"], world([r for r in rows if r[0] != "china"]))
    assert without_rate.outcome == "mixed", "no rate, no early year: Huawei has one figure and has not grown"
    assert without_rate.numbers["least_times"].value == 1


def test_a_games_sales_stand_in_only_where_a_dragon_publishes_no_revenue(world: World) -> None:
    rows = [*LARGE, ("unitree", "revenue", "2024", 1.0), ("manycore", "revenue", "2024", 2.0)]
    rows += [(e, "game_sales_usd", "2024", 10.0) for e in ("game_science", "unitree")]
    found = verdict(RULES["dragons_overtake_giants"], world([*rows, ("china", "cny_per_usd", "2024", 7.0)]))
    assert found.outcome == "supported"
    assert found.numbers["published"].value == 2
    told = next(a for a in found.robustness if a.key.endswith("game_sales"))
    assert told.outcome == "contradicted"
    assert told.numbers["dragon"].text == "game_science"
    assert told.numbers["dragon_size"].value == 70
    assert told.numbers["published"].value == 3


def test_models_alone_leave_tools_out(world: World) -> None:
    rows = [("tencent", "github_stars_ncnn", "2025-01-01", 900.0)]
    rows += [("tencent", "github_stars_hunyuandit", "2025-01-01", 10.0)]
    rows += [("deepseek", "github_stars_deepseek_v3", "2025-01-01", 100.0)]
    found = verdict(RULES["deepseek_alone"], world(rows))
    assert found.outcome == "contradicted"
    models = next(a for a in found.robustness if a.key.endswith("models_only"))
    assert models.outcome == "supported"

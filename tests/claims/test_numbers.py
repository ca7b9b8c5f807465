"""Every number re-derived from the observations it cites; every observation matters; every margin holds."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import replace

import pandas as pd
import pytest

from dashboard.claims import RULES, Number, Verdict, evaluate
from dashboard.claims.evaluate import verdict
from dashboard.claims.evidence import Evidence
from dashboard.claims.rule import Finding
from dashboard.dataset import Dataset, Observation

CLAIMS = list(RULES)
Used = list[Observation]
DERIVED = {"quantity", "percent", "times", "growth", "number", "count"}


def only(dataset: Dataset, observations: Used) -> Dataset:
    """The dataset with nothing but these observations."""
    keys = {o.key for o in observations}
    frame = dataset.observations
    rows = zip(frame["entity_id"], frame["indicator_id"], frame["period"], frame["source_id"], strict=True)
    kept = frame[[row in keys for row in rows]].reset_index(drop=True)
    for column in ("indicator_id", "entity_id"):
        kept = kept.assign(**{column: kept[column].cat.remove_unused_categories()})
    return replace(dataset, observations=kept)


def of(used: Used, entity: str = "", indicator: str = "", period: str = "") -> list[float]:
    """Values of the cited observations that match."""
    return [
        o.value
        for o in used
        if (not entity or o.entity_id == entity)
        and (not indicator or o.indicator_id == indicator)
        and o.period.startswith(period)
    ]


def spherical_law_of_cosines(used: Used) -> float:
    lat1, lon1, lat2, lon2 = (
        math.radians(of(used, city, i)[0])
        for city in ("shenzhen", "hangzhou")
        for i in ("latitude", "longitude")
    )
    cosine = math.sin(lat1) * math.sin(lat2) + math.cos(lat1) * math.cos(lat2) * math.cos(lon2 - lon1)
    return 6371.0088 * math.acos(cosine)


def growth_of(prefix: str, used: Used) -> float:
    line = sorted((o.period, o.value) for o in used if o.indicator_id.startswith(prefix))
    return line[-1][1] / line[0][1]


def share_of(entity: str) -> Callable[[Used], float]:
    return lambda used: 100 * sum(of(used, entity)) / sum(of(used))


GIANTS = ("huawei", "tencent", "byd")


def over_dragons(indicator: str) -> Callable[[Used], float]:
    def ratio(used: Used) -> float:
        cited = [o for o in used if o.indicator_id == indicator]
        return sum(o.value for o in cited if o.entity_id in GIANTS) / sum(
            o.value for o in cited if o.entity_id not in GIANTS
        )

    return ratio


def narrowest(used: Used) -> float:
    return over_dragons(used[0].indicator_id)(used)


EXPLICIT: dict[tuple[str, str], Callable[[Used], float]] = {
    ("spring_festival_distance", "km"): spherical_law_of_cosines,
    ("spring_festival_distance", "ratio"): lambda used: spherical_law_of_cosines(used) / 500,
    ("deepseek_alone", "stars"): lambda used: sum(of(used, "deepseek")),
    ("deepseek_alone", "second_stars"): lambda used: sum(of(used)),
    ("deepseek_alone", "share"): share_of("deepseek"),
    ("giants_size", "dragons_size"): lambda used: sum(of(used)),
    ("giants_size", "ratio"): over_dragons("revenue"),
    ("giants_size", "least"): narrowest,
    ("not_same_magnitude", "orders"): lambda used: math.log10(
        sum(of(used, "tencent") or of(used, "byd") or of(used, "huawei"))
        / next(o.value for o in used if o.entity_id not in GIANTS)
    ),
    ("tencent_profitable", "place"): lambda used: (
        1.0 + sum(v > yuan(used)["tencent"] for v in yuan(used).values())
    ),
    ("huawei_chips", "share"): lambda used: (
        100 * of(used, indicator="rd_expense")[0] / of(used, indicator="revenue")[0]
    ),
    ("engineai_two_years", "age"): lambda used: months_to_the_essay(used[0]) / 12,
    ("ubtech_gala", "years"): lambda used: float(
        min(int(o.period[:4]) for o in used if o.entity_id == "unitree")
        - min(int(o.period[:4]) for o in used if o.entity_id == "ubtech")
    ),
    ("dividend_to_people", "lead"): lambda used: growth_of("disposable", used) / growth_of("gdp", used),
    ("all_round_champion", "share"): lambda used: first_places(used)["shenzhen"],
    ("all_round_champion", "rival_share"): lambda used: max(
        share for city, share in first_places(used).items() if city != "shenzhen"
    ),
}


OWN = {"asked", "dragons", "named"}
"""A rule's own line, and how many companies the essay names: they rest on no observation."""
FEWEST = {"fewest"}
"""The smaller of two counts that stand beside it."""


def pairs(used: Used) -> dict[str, dict[str, float]]:
    """Indicator → city → value, where one period is cited for each."""
    out: dict[str, dict[str, float]] = {}
    for o in used:
        out.setdefault(o.indicator_id, {})[o.entity_id] = o.value
    return out


def ahead(used: Used, one: str, other: str) -> float:
    """In how many of the cited indicators one city is better than the other."""
    return float(
        sum(
            (c[one] < c[other]) if i.endswith("_rank") else (c[one] > c[other])
            for i, c in pairs(used).items()
        )
    )


def moves(used: Used) -> list[tuple[float, float]]:
    """Hangzhou over Shenzhen, then and now, for each cited measure."""
    out = []
    for i in {o.indicator_id for o in used}:
        mine = [o for o in used if o.indicator_id == i]
        years = sorted({o.period for o in mine})
        then, now = (
            of(mine, "hangzhou", period=y)[0] / of(mine, "shenzhen", period=y)[0]
            for y in (years[0], years[-1])
        )
        out.append((then, now))
    return out


def behind(used: Used) -> list[int]:
    """By how many of Beijing and Shanghai Shenzhen is beaten, for each cited indicator."""
    return [
        sum((c[r] < c["shenzhen"]) if i.endswith("_rank") else (c[r] > c["shenzhen"]) for r in RIVALS)
        for i, c in pairs(used).items()
    ]


def year_on_year(used: Used) -> list[float]:
    """This year less last, for each cited company and measure."""
    out = []
    for e, i in {(o.entity_id, o.indicator_id) for o in used}:
        line = sorted((o.period, o.value) for o in used if (o.entity_id, o.indicator_id) == (e, i))
        out.append(line[-1][1] - line[0][1])
    return out


def companies(used: Used) -> float:
    return float(len({o.entity_id for o in used} - {"china"}))


def records(used: Used) -> float:
    own = {o.period: o.value for o in used if o.entity_id == "byd"}
    rest = [o for o in used if o.entity_id == "tesla"]
    years = sorted(own)
    best = {
        y: max([own[b] for b in years if b < y] + [o.value for o in rest if o.period <= y]) for y in years[1:]
    }
    return float(sum(own[y] > best[y] for y in best))


RIVALS = ("beijing", "shanghai")
COUNTED: dict[tuple[str, str], Callable[[Used], float]] = {
    ("giants_failing", "grew"): lambda used: float(sum(m >= 0 for m in year_on_year(used))),
    ("giants_failing", "checks"): lambda used: float(len(year_on_year(used))),
    ("deepseek_alone", "companies"): companies,
    ("dragons_overtake_giants", "published"): companies,
    ("giants_size", "published"): companies,
    ("not_same_magnitude", "published"): companies,
    ("byd_record", "records"): records,
    ("tencent_profitable", "companies"): companies,
    ("hangzhou_chases", "closer"): lambda used: float(sum(now > then for then, now in moves(used))),
    ("hangzhou_chases", "measures"): lambda used: float(len({o.indicator_id for o in used})),
    ("hangzhou_chases", "closer_share"): lambda used: (
        100 * sum(now > then for then, now in moves(used)) / len(moves(used))
    ),
    ("past_pursuers", "suzhou_count"): lambda used: float(len({o.indicator_id for o in used})),
    ("past_pursuers", "chongqing_count"): lambda used: float(len({o.indicator_id for o in used})),
    ("not_surpass", "ahead"): lambda used: ahead(used, "hangzhou", "shenzhen"),
    ("not_surpass", "behind"): lambda used: ahead(used, "shenzhen", "hangzhou"),
    ("not_surpass", "indicators"): lambda used: float(len(pairs(used))),
    ("not_surpass", "share"): lambda used: 100 * ahead(used, "hangzhou", "shenzhen") / len(pairs(used)),
    ("short_of_beijing_shanghai", "behind"): lambda used: float(sum(n == 2 for n in behind(used))),
    ("short_of_beijing_shanghai", "indicators"): lambda used: float(len(pairs(used))),
    ("short_of_beijing_shanghai", "behind_share"): lambda used: (
        100 * sum(n == 2 for n in behind(used)) / len(behind(used))
    ),
    ("short_of_beijing_shanghai", "lost"): lambda used: float(sum(behind(used))),
    ("short_of_beijing_shanghai", "duels"): lambda used: float(
        len([o for o in used if o.entity_id in RIVALS])
    ),
    ("all_round_champion", "firsts"): lambda used: float(
        sum(best == "shenzhen" for years in winners(used).values() for best in years)
    ),
    ("all_round_champion", "contests"): lambda used: float(sum(map(len, winners(used).values()))),
}


def yuan(used: Used) -> dict[str, float]:
    rate = of(used, "china", "cny_per_usd")
    return {
        o.entity_id: o.value * (rate[0] if o.indicator_id.endswith("_usd") else 1)
        for o in used
        if o.entity_id != "china"
    }


def months_to_the_essay(founded: Observation) -> int:
    """Whole months from the start of the founding month to the end of February 2025."""
    return (2025 - int(founded.period[:4])) * 12 + 2 - (int(founded.period[5:7]) - 1)


def subject_of(indicator: str) -> str:
    """Lists of one thing are one subject: told here by their names, not by the rules' own list."""
    return re.sub("_(hurun|zgc|zeping|monthly)$", "", indicator)


def winners(used: Used) -> dict[str, list[str]]:
    """Subject → the winner of each year, counted anew from the cited rows alone."""
    contests: dict[str, dict[str, dict[str, float]]] = {}
    for o in sorted(used, key=lambda o: o.period):
        contests.setdefault(subject_of(o.indicator_id), {}).setdefault(o.period[:4], {})[o.entity_id] = (
            o.value
        )
    return {
        subject: [first_of(field, lower=subject.endswith("_rank")) for field in years.values()]
        for subject, years in contests.items()
    }


def first_of(field: dict[str, float], *, lower: bool) -> str:
    return (min if lower else max)(field, key=lambda city: field[city])


def first_places(used: Used) -> dict[str, float]:
    """Percent of first places by city, each subject counting alike."""
    won: dict[str, float] = {"shenzhen": 0.0}
    for years in winners(used).values():
        for best in years:
            won[best] = won.get(best, 0) + 1 / len(years)
    return {city: 100 * share / len(winners(used)) for city, share in won.items()}


def elementary(values: list[float]) -> list[float]:
    """What one or two figures can give: themselves, sums, differences, ratios, shares, changes."""
    if len(values) == 1:
        return [values[0], -values[0]]
    a, b = values
    ratios = [x / y for x, y in ((a, b), (b, a)) if y]
    shares = [s for r in ratios for s in (r, 100 * r, 100 * (r - 1), 100 * (1 - r))]
    return [a - b, b - a, a + b, a * b, *shares]


@pytest.mark.parametrize("claim_id", CLAIMS)
def test_every_number_is_rederived_from_what_it_cites(claim_id: str, dataset: Dataset) -> None:
    found = evaluate(dataset)[claim_id]
    said = {n: v for n, v in found.numbers.items() if v.kind in DERIVED}
    for name, n in said.items():
        if not n.used:
            assert name in OWN | FEWEST, (claim_id, name, "a number that rests on nothing")
            continue
        rule = EXPLICIT.get((claim_id, name)) or COUNTED.get((claim_id, name))
        got = [rule(list(n.used))] if rule else elementary([o.value for o in n.used])
        assert n.kind != "count" or rule, (claim_id, name, "a count that nobody recounts")
        assert any(math.isclose(n.value, v, rel_tol=1e-9) for v in got), (claim_id, name, n)


@pytest.mark.parametrize("claim_id", CLAIMS)
def test_every_name_and_period_said_is_that_of_an_observation(claim_id: str, dataset: Dataset) -> None:
    found = evaluate(dataset)[claim_id]
    entities = {o.entity_id for o in found.used}
    indicators = {o.indicator_id for o in found.used}
    for name, n in found.numbers.items():
        if n.kind == "period":
            periods = {o.period for o in n.used}
            years = {f"{o.value:.0f}" for o in n.used if o.indicator_id == "founded_year"}
            assert n.text in periods | years, (claim_id, name)
        if n.kind in ("entity", "entities"):
            assert set(n.text.split()) <= entities, (claim_id, name)
        if n.kind in ("indicator", "indicators"):
            assert set(n.text.split()) <= indicators, (claim_id, name)


@pytest.mark.parametrize("claim_id", CLAIMS)
def test_the_cited_observations_alone_give_the_same_verdict(claim_id: str, dataset: Dataset) -> None:
    full = evaluate(dataset)[claim_id]
    if full.outcome == "no_public_data":
        assert not full.used
        assert full.missing, "it must say which figure is not public"
        return
    alone = verdict(RULES[claim_id], only(dataset, list(full.used)))
    assert alone.outcome == full.outcome
    assert values(alone) == values(full)


def values(found: Verdict | Finding) -> dict[str, tuple[float, str]]:
    return {name: (round(n.value, 9), n.text) for name, n in found.numbers.items()}


@pytest.mark.parametrize("claim_id", CLAIMS)
def test_every_observation_used_matters(claim_id: str, dataset: Dataset) -> None:
    rule, full = RULES[claim_id], evaluate(dataset)[claim_id]
    whole = Evidence(dataset, rule.default.until)
    cited = Evidence(only(dataset, list(full.used)), rule.default.until)
    for o in full.used:
        if dataset.indicators[o.indicator_id].kind == "event" and o.indicator_id != "founded_year":
            continue  # an event is its date; test_rules moves it
        # where one year of several would do (a field once reached), the cited figures stand alone
        views = [whole] if claim_id != "past_pursuers" else [whole, cited]
        seen = (
            rule.decide(data.scale({o.key: factor}), rule.default)
            for data in views
            for factor in (1e-4, 0.9, 1.1, 1e4)
        )
        assert any((f.outcome, values(f)) != (full.outcome, values(full)) for f in seen), o.key


WITHOUT_DATA = {"inmotion_first", "smallrig_billion", "nutribite_stores", "bandu_display"}
IN_WORDS = {
    "born_in_shenzhen": "a place flips it: test_rules moves one company",
    "ubtech_gala": "a year flips it: test_margins_in_words",
    "engineai_two_years": "a month flips it: test_margins_in_words",
    "not_surpass": "a count flips it: test_leading_in_as_many_more",
}


def test_every_margin_is_applied_or_named_here(dataset: Dataset) -> None:
    verdicts = evaluate(dataset)
    assert {i for i, v in verdicts.items() if v.margin is None} == WITHOUT_DATA
    assert {i for i, v in verdicts.items() if v.margin and v.margin.flips_to is None} == set(IN_WORDS)


@pytest.mark.parametrize(
    ("claim_id", "indicator", "entity", "name"),
    [
        ("ubtech_gala", "gala_appearance", "unitree", "ubtech"),
        ("engineai_two_years", "founded_year", "engineai", "month"),
    ],
)
def test_margins_in_words_hold(
    claim_id: str, indicator: str, entity: str, name: str, dataset: Dataset
) -> None:
    full = evaluate(dataset)[claim_id]
    assert full.margin is not None
    tip = full.margin.numbers[name].text
    assert verdict(RULES[claim_id], moved(dataset, indicator, entity, tip)).outcome != full.outcome
    later = f"{tip[:4]}-{int(tip[5:]) + 1:02d}" if "-" in tip else f"{int(tip) + 1}"
    assert verdict(RULES[claim_id], moved(dataset, indicator, entity, later)).outcome == full.outcome


def moved(dataset: Dataset, indicator: str, entity: str, period: str) -> Dataset:
    """The dataset in which an event of an entity took place in another period, and only then."""
    frame = dataset.observations
    mine = (frame["indicator_id"] == indicator) & (frame["entity_id"] == entity)
    row = frame[mine].iloc[:1].assign(period=period, value=float(period[:4]), status="final")
    return Dataset.from_frames(
        entities=dataset.entities.values(),
        indicators=dataset.indicators.values(),
        sources=dataset.sources.values(),
        observations=pd.concat([frame[~mine], row], ignore_index=True).astype(
            {"indicator_id": str, "entity_id": str, "period": str, "source_id": str}
        ),
        quotes=dataset.quotes,
        claims=dataset.claims.values(),
    )


@pytest.mark.parametrize("claim_id", CLAIMS)
def test_the_margin_holds_when_it_is_applied(claim_id: str, dataset: Dataset) -> None:
    rule, full = RULES[claim_id], evaluate(dataset)[claim_id]
    margin = full.margin
    if margin is None or margin.flips_to is None:
        assert margin is None or (margin.change is None and margin.threshold is None)
        return  # no size of a figure flips it; its words say what would
    if margin.threshold is not None:
        data = Evidence(dataset, rule.default.until)
        moved = rule.decide(data, replace(rule.default, threshold=margin.threshold))
        assert moved.outcome == margin.flips_to != full.outcome
        return
    assert margin.change is not None
    assert verdict(rule, scaled(dataset, set(margin.of), margin.change)).outcome == margin.flips_to
    almost = 1 + (margin.change - 1) * 0.999
    assert verdict(rule, scaled(dataset, set(margin.of), almost)).outcome == full.outcome


def scaled(dataset: Dataset, keys: set[tuple[str, str, str, str]], factor: float) -> Dataset:
    """A dataset as if the documents had said so: the observations of ``keys`` multiplied."""
    frame = dataset.observations
    rows = zip(frame["entity_id"], frame["indicator_id"], frame["period"], frame["source_id"], strict=True)
    factors = [factor if row in keys else 1.0 for row in rows]
    assert factors.count(factor) == len(keys)
    return replace(dataset, observations=frame.assign(value=frame["value"] * factors))


def test_numbers_name_only_what_exists(dataset: Dataset) -> None:
    for found in evaluate(dataset).values():
        for n in [*found.numbers.values(), *found.essay_numbers.values()]:
            assert isinstance(n, Number)
            assert math.isfinite(n.value)
            if n.kind in ("entity", "entities"):
                assert set(n.text.split()) <= set(dataset.entities)
            if n.kind in ("indicator", "indicators"):
                assert set(n.text.split()) <= set(dataset.indicators)


def test_leading_in_as_many_more_as_the_margin_says_flips(dataset: Dataset) -> None:
    rule, full = RULES["not_surpass"], evaluate(dataset)["not_surpass"]
    assert full.margin is not None
    more = int(full.margin.numbers["more"].value)
    data = Evidence(dataset)
    lower = {i for i in rule.default.indicators if data.lower_is_better(i)}
    behind = [
        o
        for o in full.numbers["indicators"].used
        if o.entity_id == "hangzhou" and o.indicator_id not in full.numbers["which"].text.split()
    ]

    def lead_in(n: int) -> str:
        factors = {o.key: 1e-6 if o.indicator_id in lower else 1e6 for o in behind[:n]}
        return rule.decide(data.scale(factors), rule.default).outcome

    assert lead_in(more - 1) == full.outcome
    assert lead_in(more) != full.outcome

"""Profiles say of each figure what can be said: the newest, what changed, when nothing compares."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from dashboard import locale
from dashboard.dataset import Dataset, Observation
from dashboard.dataset.ranking import Rank, rank_among
from dashboard.figures.series import is_gap
from dashboard.pages import cards, profile, standing

KINDS = ("city", "company")


def entities(dataset: Dataset) -> list[str]:
    return [e.entity_id for kind in KINDS for e in profile.of_kind(dataset, kind)]


def test_no_key_figure_says_twice_what_another_says(shipped: Dataset) -> None:
    family = {i: n for kind in KINDS for n, f in enumerate(cards.KEY_FIGURES[kind]) for i in f}
    for entity_id in entities(shipped):
        shown = cards.key_cards(shipped, shipped.entities[entity_id], None, "en")
        said = [family[i] for c in shown if (i := c.indicator.indicator_id) in family]
        assert len(said) == len(set(said)), entity_id
        assert not [c for c in shown if c.indicator.kind == "event"], entity_id
        rest = [c.indicator.domain for c in shown if c.indicator.indicator_id not in family]
        talk = [domain == "attention" for domain in rest]
        assert talk == sorted(talk), f"{entity_id}: what is talked about comes last"


def test_the_newest_of_several_currencies_is_shown(shipped: Dataset) -> None:
    for entity_id in entities(shipped):
        entity = shipped.entities[entity_id]
        shown = {
            c.indicator.indicator_id: c.latest.period
            for c in cards.key_cards(shipped, entity, None, "en", most=99)
        }
        for family in cards.KEY_FIGURES[entity.kind]:
            last = [s[-1].period for i in family if (s := shipped.series(i, entity_id))]
            assert max(last, default="") == max((shown[i] for i in family if i in shown), default="")


def test_every_change_is_that_of_two_periods_that_can_be_compared(shipped: Dataset) -> None:
    said = 0
    for entity_id in entities(shipped):
        for indicator_id in shipped.indicators_of(entity_id):
            series = shipped.series(indicator_id, entity_id)
            if len(series) < 2:
                continue
            before, latest = series[-2:]
            words = cards.change(shipped, before, latest, "en")
            moved = re.search(r"(up|down) ([\d.,]+)% on", words)
            if not moved:
                continue
            said += 1
            assert not is_gap(before.period, latest.period), (entity_id, indicator_id)
            assert not cards.breaks(shipped, before, latest), (entity_id, indicator_id)
            assert "incomplete" not in before.note + latest.note, (entity_id, indicator_id)
            share = 100 * (latest.value / before.value - 1)
            sign = 1 if moved[1] == "up" else -1
            assert sign * float(moved[2].replace(",", "")) == pytest.approx(share, abs=0.051)
            assert locale.period(before.period, "en") in words
    assert said > 150


def two(shipped: Dataset, **after: object) -> tuple[Observation, Observation]:
    before, latest = shipped.series("gdp", "shenzhen")[-2:]
    return replace(before, value=100.0), replace(latest, **after)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("after", "words"),
    [
        ({"value": 110.0}, "up 10.0% on 2024"),
        ({"value": 90.0}, "down 10.0% on 2024"),
        ({"value": 100.01}, "unchanged on 2024"),
        ({"value": 1270.0}, "12.7 times its 2024 level"),
        ({"value": -1.0}, ""),
        ({"value": 110.0, "note": "month incomplete"}, "period incomplete"),
        ({"value": 110.0, "period": "2027"}, ""),
    ],
)
def test_how_a_change_is_said(shipped: Dataset, after: dict[str, object], words: str) -> None:
    assert cards.change(shipped, *two(shipped, **after), "en") == words


def test_a_change_across_a_break_is_not_said(shipped: Dataset) -> None:
    before, latest = shipped.series("invention_patent_applications", "chongqing")[-2:]
    note = next(n for n in shipped.notes_for(latest.indicator_id, ["chongqing"]) if n.kind == "break")
    assert before.period < note.period <= latest.period
    assert cards.change(shipped, before, latest, "en").startswith("not comparable with")
    assert cards.change(shipped, *two(shipped, value=110.0), "zh-Hant") == "較 2024 年增長 10.0%"


def test_two_cities_are_set_beside_each_other_in_one_year(shipped: Dataset) -> None:
    one, other = shipped.entities["shenzhen"], shipped.entities["hangzhou"]
    pairs = [c for c in cards.key_cards(shipped, one, other, "en", most=99) if c.other]
    assert len(pairs) > 5
    for card in pairs:
        assert card.other is not None
        assert card.latest.period == card.other.period
        shared = shipped.common_periods(card.indicator.indicator_id, ["shenzhen", "hangzhou"])
        assert card.latest.period == shared[-1]


def test_growth_is_real_where_that_is_public_and_named_nominal_elsewhere(shipped: Dataset) -> None:
    gdp = shipped.latest("gdp", "hangzhou")
    assert gdp is not None
    rate = shipped.value("gdp_growth_real", "hangzhou", gdp.period)
    assert rate is not None
    shown = {
        c.indicator.indicator_id: c
        for c in cards.key_cards(shipped, shipped.entities["hangzhou"], None, "en")
    }
    assert shown["gdp"].change == f"real growth {rate.value:.1f}%"
    assert shown["disposable_income_per_capita"].change.endswith("(nominal)")
    assert "nominal" not in shown["population_resident"].change


def test_a_place_is_among_three_cities_or_more_of_the_same_year(shipped: Dataset) -> None:
    for city in profile.of_kind(shipped, "city"):
        for indicator_id in shipped.indicators_of(city.entity_id):
            of = shipped.latest(indicator_id, city.entity_id)
            at = rank_among(shipped, indicator_id, city.entity_id, of.period) if of else None
            if at:
                assert at.of >= 3
                assert 1 <= at.place <= at.of
    assert (rank_among(shipped, "gdp", "shanghai", "2024") or Rank("", "", 0, 0)).place == 1
    assert rank_among(shipped, "revenue", "byd", "2024") is None


def test_a_place_is_one_more_than_the_number_of_better_cities(shipped: Dataset) -> None:
    for indicator_id, better in (("gdp_first_published", max), ("pm25_annual_mean", min)):
        values = shipped.across(indicator_id, "2023")
        assert len(values) > 200
        best = better(values, key=values.__getitem__)
        rank = rank_among(shipped, indicator_id, best, "2023")
        assert rank == Rank(indicator_id, "2023", 1, len(values))
        for entity_id, value in values.items():
            ahead = sum(better(v, value) == v != value for v in values.values())
            assert getattr(rank_among(shipped, indicator_id, entity_id, "2023"), "place", 0) == ahead + 1


def test_every_city_of_the_yearbook_has_a_place_among_all(shipped: Dataset) -> None:
    for entity_id in ("chengdu", "ningbo", "lhasa"):
        (card, *_) = cards.key_cards(shipped, shipped.entities[entity_id], None, "en")
        assert card.indicator.indicator_id == "gdp_first_published"
        assert re.fullmatch(r"[0-9]+(st|nd|rd|th) of 29[0-9] cities", card.place)
        assert card.ranking.endswith("&e=cities&t=2023")


def test_a_portrait_is_one_sentence_with_a_figure(shipped: Dataset) -> None:
    for entity_id in entities(shipped):
        said = standing.portrait(shipped, shipped.entities[entity_id], "en")
        assert said == "" or (said.endswith(".") and re.search(r"\d", said)), entity_id

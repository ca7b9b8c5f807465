"""An entity among others of its kind: its rank, real growth, the newest common year, one sentence."""

from __future__ import annotations

from dashboard import locale
from dashboard.dataset import Dataset, Entity, Indicator, Lang, Observation
from dashboard.dataset.ranking import Rank, rank_among

REAL = {"gdp": "gdp_growth_real", "gdp_first_published": "gdp_growth_real_first_published"}
"""Money of a city → the indicator that says how it grew at constant prices."""
MONEY = frozenset({"CNY", "USD", "HKD", "CNY/m2"})
YARDSTICK = "shenzhen"
GIANT = frozenset({"alibaba"})
"""Hangzhou's own giant: the essay leaves it out, so it is neither one of its dragons nor a mere benchmark."""


def cast_group(entity: Entity) -> str:
    """Return the group under which readers look for an entity."""
    return "giant" if entity.entity_id in GIANT else entity.group


def place_in_words(dataset: Dataset, indicator: Indicator, of: Observation, lang: Lang) -> str:
    at = rank_among(dataset, indicator.indicator_id, of.entity_id, of.period)
    return rank_in_words(at, lang) if at else ""


def rank_in_words(rank: Rank, lang: Lang) -> str:
    """Return a place in words: "7th of 296 cities"."""
    return locale.text("profile.place", lang, place=locale.ordinal(rank.place, lang), of=rank.of)


def common(
    dataset: Dataset, indicator_id: str, one: Entity, other: Entity
) -> tuple[Observation, Observation] | None:
    """Return both figures of the newest period that two entities share."""
    shared = dataset.common_periods(indicator_id, [one.entity_id, other.entity_id])
    if not shared:
        return None
    pair = [dataset.value(indicator_id, e.entity_id, shared[-1]) for e in (one, other)]
    return (pair[0], pair[1]) if pair[0] and pair[1] else None


def growth(dataset: Dataset, of: Observation, nominal: str, lang: Lang) -> str:
    """Return how a figure grew: at constant prices where that is public, else ``nominal``, named as such."""
    real = dataset.value(REAL.get(of.indicator_id, ""), of.entity_id, of.period)
    if real is not None:
        rate = locale.percent(abs(real.value))
        return locale.text("profile.real_fell" if real.value < 0 else "profile.real", lang, rate=rate)
    indicator = dataset.indicators[of.indicator_id]
    if nominal and indicator.entity_kind == "city" and indicator.unit in MONEY:
        return locale.text("profile.nominal", lang, change=nominal)
    return nominal


def portrait(dataset: Dataset, entity: Entity, lang: Lang) -> str:
    """Return one sentence of what an entity is, from its newest figures; empty where none is public."""
    size = _size(dataset, entity)
    if size is None:
        return ""
    indicator = dataset.indicators[size.indicator_id]
    named = {
        "name": entity.name(lang),
        "indicator": indicator.name(lang),
        "value": locale.quantity(size.value, indicator.unit, lang),
        "period": locale.period(size.period, lang),
    }
    if entity.kind == "company":
        return locale.text(f"profile.portrait.{size.indicator_id.split('_')[0]}", lang, **named)
    sentence = locale.text("profile.portrait.city", lang, **named)
    against = dataset.value(size.indicator_id, YARDSTICK, size.period)
    if entity.entity_id != YARDSTICK and against is not None:
        share = locale.percent(100 * size.value / against.value)
        return locale.text("profile.portrait.share", lang, city=sentence, share=share)
    at = place_in_words(dataset, indicator, size, lang)
    return locale.text(
        "profile.portrait.placed" if at else "profile.portrait.end", lang, city=sentence, place=at
    )


def brief(dataset: Dataset, entity: Entity, lang: Lang) -> str:
    """Return one number on an entity with its name and year; says so where none is public."""
    size = _size(dataset, entity)
    if size is None:
        return locale.text("profile.brief.none", lang)
    indicator = dataset.indicators[size.indicator_id]
    return locale.text(
        f"profile.brief.{size.indicator_id.split('_')[0]}",
        lang,
        value=locale.quantity(size.value, indicator.unit, lang),
        period=locale.period(size.period, lang),
    )


def _size(dataset: Dataset, entity: Entity) -> Observation | None:
    """Return the newest figure of how large an entity is, by the first measure it has; never a forecast."""
    found = (dataset.latest(i, entity.entity_id) for i in _SIZE[entity.kind])
    flows = {
        i for i in _SIZE[entity.kind] if i in dataset.indicators and dataset.indicators[i].kind == "flow"
    }
    known = (o for o in found if o is not None)
    return next((o for o in known if o.status != "estimate" or o.indicator_id not in flows), None)


_SIZE = {
    "city": ("gdp", "gdp_hkd", "gdp_usd", "gdp_first_published"),
    "company": ("revenue", "revenue_usd", "revenue_jpy", "copies_sold", "valuation_cny", "valuation_usd"),
}

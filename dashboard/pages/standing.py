"""An entity among others of its kind: its rank, real growth, the newest common year, one sentence."""

from dashboard import locale
from dashboard.dataset import Dataset, Entity, Lang, Observation
from dashboard.dataset.ranking import Rank, rank_among

REAL = {"gdp": "gdp_growth_real", "gdp_first_published": "gdp_growth_real_first_published"}
"""Money of a city → the indicator that says how it grew at constant prices."""
MONEY = frozenset({"CNY", "USD", "HKD", "CNY/m2"})
SIZE = {
    "city": ("gdp", "gdp_hkd", "gdp_usd", "gdp_first_published"),
    "company": ("revenue", "revenue_usd", "revenue_jpy", "copies_sold", "valuation_cny", "valuation_usd"),
}
"""What says how large an entity of a kind is, the first that it has."""
YARDSTICK = "shenzhen"
GIANT = frozenset({"alibaba"})
"""Hangzhou's own giant: the essay leaves it out, so it is neither one of its dragons nor a mere benchmark."""


def cast_group(entity: Entity) -> str:
    """Return the group under which readers look for an entity."""
    return "giant" if entity.entity_id in GIANT else entity.group


def place_in_words(dataset: Dataset, of: Observation, lang: Lang) -> str:
    rank = rank_among(dataset, of.indicator_id, of.entity_id, of.period)
    return rank_in_words(rank, lang) if rank else ""


def rank_in_words(rank: Rank, lang: Lang) -> str:
    return locale.text("profile.place", lang, place=locale.ordinal(rank.place, lang), of=rank.of)


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
    words = _in_words(dataset, entity, size, lang)
    if entity.kind == "company":
        return locale.text(f"profile.portrait.{size.indicator_id.split('_')[0]}", lang, **words)
    sentence = locale.text("profile.portrait.city", lang, **words)
    against = dataset.value(size.indicator_id, YARDSTICK, size.period)
    if entity.entity_id != YARDSTICK and against is not None:
        share = locale.percent(100 * size.value / against.value)
        return locale.text("profile.portrait.share", lang, city=sentence, share=share)
    place = place_in_words(dataset, size, lang)
    key = "profile.portrait.placed" if place else "profile.portrait.end"
    return locale.text(key, lang, city=sentence, place=place)


def brief(dataset: Dataset, entity: Entity, lang: Lang) -> str:
    """Return one number on an entity with its name and year; says so where none is public."""
    size = _size(dataset, entity)
    if size is None:
        return locale.text("profile.brief.none", lang)
    words = _in_words(dataset, entity, size, lang)
    return locale.text(f"profile.brief.{size.indicator_id.split('_')[0]}", lang, **words)


def _in_words(dataset: Dataset, entity: Entity, size: Observation, lang: Lang) -> dict[str, str]:
    indicator = dataset.indicators[size.indicator_id]
    value, period = locale.quantity(size.value, indicator.unit, lang), locale.period(size.period, lang)
    return {"name": entity.name(lang), "indicator": indicator.name(lang), "value": value, "period": period}


def _size(dataset: Dataset, entity: Entity) -> Observation | None:
    """Return the newest figure of how large an entity is, by the first measure it has; never a forecast."""
    for indicator_id in SIZE[entity.kind]:
        newest = dataset.latest(indicator_id, entity.entity_id)
        if newest and (newest.status != "estimate" or dataset.indicators[indicator_id].kind != "flow"):
            return newest
    return None

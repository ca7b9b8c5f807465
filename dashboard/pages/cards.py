"""The cards of a profile: an indicator's newest figure, its change, its rank, its sparkline."""

import json
from dataclasses import dataclass, replace
from pathlib import Path

from dashboard import locale
from dashboard.dataset import Dataset, Entity, Indicator, Lang, Observation
from dashboard.dataset.ranking import latest_rank
from dashboard.figures.series import is_gap
from dashboard.pages.spark import Spark, sparkline
from dashboard.pages.standing import growth, place_in_words, rank_in_words

KEY_FIGURES: dict[str, list[list[str]]] = json.loads(
    Path(__file__).with_name("key_figures.json").read_text("utf-8")
)
"""What a card shows first; the rest follows in a table, whatever the dataset has.

Of indicators that say one thing in several ways (currencies, counts) the one with the newest figure stands
for all of them, the first where they are equally new.
"""
EVENTS = frozenset({"founded_year", "latitude", "longitude"})
"""No figures to compare: the page says or maps them elsewhere."""
FEW = 4
"""With fewer key figures than this, the indicators with most observations are shown beside them."""
NOTHING = 0.05
"""Percent below which a change, rounded to one place, would read as none."""
MANY = 900
"""Percent of growth from which on it is written as a multiple."""
OF_CHANGE = ("_mom_index", "_yoy_index")
"""Ends of the ids of indices that are changes already; a change of theirs would only confuse."""
PART = "incomplete"
"""What the note of a figure says that covers only a part of its period."""


@dataclass(frozen=True, slots=True)
class Card:
    indicator: Indicator
    latest: Observation
    change: str
    """In words, since the figure before; empty where that says nothing."""
    spark: Spark | None
    other: Observation | None
    """Of the entity beside it, in the same period; the newest that both have."""
    place: str
    """Among the others of its kind, in words."""
    ranking: str = ""
    """The explorer's address for the order of all cities, where the place is among them."""


def key_cards(
    dataset: Dataset, entity: Entity, other: Entity | None, lang: Lang, most: int = 12
) -> list[Card]:
    have = set(dataset.indicators_of(entity.entity_id))
    out: list[Card] = []
    for family in KEY_FIGURES[entity.kind]:
        series = {i: s for i in family if i in have and (s := dataset.series(i, entity.entity_id))}
        if series and len(out) < most:
            newest = max(series, key=lambda i: series[i][-1].period)
            out.append(_placed(dataset, card_of(dataset, entity, other, newest, lang), family, lang))
    few = min(FEW, most)
    if len(out) < few:
        rest = have.difference(EVENTS, *KEY_FIGURES[entity.kind])
        out += _longest(dataset, entity, other, rest, lang)[: few - len(out)]
    return out


def _placed(dataset: Dataset, card: Card, family: list[str], lang: Lang) -> Card:
    """Return a card with its city's newest place among all cities by any indicator of the family."""
    ranks = [r for i in family if (r := latest_rank(dataset, i, card.latest.entity_id))]
    rank = max(ranks, key=lambda rank: rank.period, default=None)
    if rank is None:
        return replace(card, place=place_in_words(dataset, card.latest, lang))
    text = rank_in_words(rank, lang)
    if rank.period != card.latest.period:
        text += locale.text("profile.of_period", lang, period=locale.period(rank.period, lang))
    return replace(card, place=text, ranking=f"/explore?v=bar&i={rank.indicator_id}&e=cities&t={rank.period}")


def _longest(dataset: Dataset, entity: Entity, other: Entity | None, of: set[str], lang: Lang) -> list[Card]:
    """Return cards of the longest series; what people talked about comes after what a company did."""
    lengths = {i: dataset.length(i, entity.entity_id) for i in of if dataset.indicators[i].kind != "event"}
    last = {i: dataset.indicators[i].domain == "attention" for i in lengths}
    longest = sorted((i for i in lengths if lengths[i]), key=lambda i: (last[i], -lengths[i], i))
    return [card_of(dataset, entity, other, i, lang) for i in longest[:FEW]]


def card_of(dataset: Dataset, entity: Entity, other: Entity | None, indicator_id: str, lang: Lang) -> Card:
    """Return the card of an indicator that has figures: its newest, or the newest that both entities have."""
    series = dataset.series(indicator_id, entity.entity_id)
    indicator, latest, beside = dataset.indicators[indicator_id], series[-1], None
    if other and (shared := dataset.common_periods(indicator_id, [entity.entity_id, other.entity_id])):
        latest = next(o for o in series if o.period == shared[-1])
        beside = dataset.value(indicator_id, other.entity_id, shared[-1])
    before = next((o for o in reversed(series) if o.period < latest.period), None)
    return Card(
        indicator,
        latest,
        growth(dataset, latest, change(dataset, before, latest, lang), lang),
        sparkline(dataset, indicator, [entity, other] if other else [entity], lang),
        beside,
        place_in_words(dataset, latest, lang) if entity.region_id else "",
    )


def change(dataset: Dataset, before: Observation | None, latest: Observation, lang: Lang) -> str:
    """Say how a figure changed on the year (month …) before: in percent, rates in points, ranks in places.

    Empty for events, over a sign or a zero, and where a period is missing in between. Where the series
    breaks between the two, or one of them covers only a part of its period, the text says that.
    """
    indicator = dataset.indicators[latest.indicator_id]
    if PART in latest.note:
        return locale.text("pages.profile.part", lang)
    if before is None or indicator.kind == "event" or is_gap(before.period, latest.period):
        return ""
    if PART in before.note or indicator.indicator_id.endswith(OF_CHANGE):
        return ""
    start, moved = before, latest.value - before.value

    def text(key: str, **values: str) -> str:
        return locale.text(f"pages.profile.{key}", lang, period=locale.period(start.period, lang), **values)

    if breaks(dataset, before, latest):
        return text("break")
    if indicator.unit == "%":
        points = locale.number(abs(moved), lang, digits=2 if abs(moved) < 1 else 3)
        return text(f"points_{'fewer' if moved < 0 else 'more'}", points=points) if moved else ""
    if indicator.unit == "rank":
        key = "up" if moved < 0 else "down" if moved > 0 else "same"
        return text(f"rank_{key}", places=f"{abs(moved):.0f}")
    if indicator.unit == "ratio" or before.value <= 0 or latest.value < 0:
        return ""
    share = 100 * (latest.value / before.value - 1)
    if abs(share) < NOTHING:
        return text("unchanged")
    if share >= MANY:
        return text("multiplied", times=locale.times(latest.value / before.value, lang))
    return text("grew" if share > 0 else "fell", change=locale.percent(abs(share)))


def breaks(dataset: Dataset, before: Observation, latest: Observation) -> bool:
    return any(
        note.kind == "break" and before.period < note.period <= latest.period
        for note in dataset.notes_for(latest.indicator_id, [latest.entity_id])
    )

"""``/city`` and ``/company``: an index of each, and one profile an entity that reads like an index card."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from flask import Flask, Response, request

from dashboard import locale
from dashboard.claims.record import essay
from dashboard.dataset import Dataset, Entity, Indicator, Lang, Observation
from dashboard.dataset.ranking import latest_rank
from dashboard.links import address
from dashboard.locale.pinyin import spellings
from dashboard.pages import errors
from dashboard.pages.catalogue import DOMAINS
from dashboard.pages.claimview import claim_views
from dashboard.pages.documents import documents
from dashboard.pages.spark import Spark, gap, role, sparkline
from dashboard.pages.standing import common, growth, portrait, say_place, say_rank
from dashboard.site import Site, add_page

KEY_FIGURES: dict[str, tuple[tuple[str, ...], ...]] = {
    "city": (
        ("gdp", "gdp_hkd", "gdp_usd", "gdp_first_published"),
        ("gdp_per_capita", "gdp_per_capita_hkd", "gdp_per_capita_first_published"),
        ("population_resident", "population_total"), ("disposable_income_per_capita", "wage_average"),
        ("rd_intensity",), ("rd_expenditure",), ("pct_applications",), ("invention_patents_granted",),
        ("hightech_enterprises",), ("unicorns_hurun",), ("house_price_100city",), ("exports",),
        ("fiscal_revenue_general",), ("deposits_financial",), ("retail_sales",),
    ),
    "company": (
        ("revenue", "revenue_usd", "revenue_jpy"), ("net_profit", "net_profit_usd", "net_profit_jpy"),
        ("rd_expense", "rd_expense_usd", "rd_expense_jpy"), ("employees",), ("nev_sales",),
        ("copies_sold",), ("units_sold_humanoid",), ("app_mau", "wechat_mau"),
        ("market_cap_usd", "market_cap_cny", "market_cap_hkd"), ("github_stars_total",),
        ("huggingface_likes",), ("valuation_cny", "valuation_usd"), ("wikipedia_pageviews_zh",),
    ),
}  # fmt: skip
"""What a card shows first; the rest follows in a table, whatever the dataset has.

Of indicators that say one thing in several ways (currencies, counts) the one with the newest figure stands
for all of them, the first where they are equally new.
"""
FIRST = "shenzhen"
EVENTS = frozenset({"founded_year", "latitude", "longitude"})
"""No figures to compare: the page says or maps them elsewhere."""
FEW = 4
"""With fewer key figures than this, the indicators with most observations are shown beside them."""
NOTHING = 0.05
"""Percent below which a change, rounded to one place, would read as none."""
MANY = 900
"""Percent of growth from which on it is said as a multiple."""
OF_CHANGE = ("_mom_index", "_yoy_index")
"""Ends of the ids of indices that are changes already; a change of theirs would only confuse."""
PART = "incomplete"
"""What the note of a figure says that covers only a part of its period."""
GROUPS: dict[str, tuple[str, ...]] = {
    "city": ("", "pursuers", "yardsticks"),
    "company": ("elephants", "dragons", "ants", "", "yardsticks"),
}


@dataclass(frozen=True, slots=True)
class Card:
    """One indicator of one entity: newest figure, change since the one before, its line."""

    indicator: Indicator
    latest: Observation
    change: str
    """In words, since the figure before; empty where that says nothing."""
    spark: Spark | None
    other: Observation | None
    """Of the entity beside it, in the same period; the newest that both have."""
    place: str
    """Among the others of its kind, in words."""
    explore: str
    """The explorer's address for the same series."""
    ranking: str = ""
    """The explorer's address for the order of all cities, where the place is among them."""


def register(server: Flask, site: Site) -> None:
    """Add both indexes and the profiles."""
    site.env.globals["spelt"] = spelt
    for kind in ("city", "company"):
        add_page(server, f"/{kind}", f"{kind}_index", _index_route(site, kind))
        add_page(server, f"/{kind}/<entity_id>", kind, _profile_route(site, kind))


def spelt(entity: Entity) -> str:
    """Return every way to write an entity's name, for filtering a list."""
    return " ".join(
        [entity.name_en, entity.name_zh_hans, entity.name_zh_hant, *spellings(entity.name_zh_hans)]
    )


def _index_route(site: Site, kind: str) -> Any:
    return lambda: site.page("entities.html", lambda lang: index(site.dataset, kind, lang))


def _profile_route(site: Site, kind: str) -> Any:
    def answer(entity_id: str) -> Response:
        entity = site.dataset.entities.get(entity_id)
        if entity is None or entity.kind != kind:
            lang = site.lang()
            errors.unknown(
                kind,
                entity_id,
                [
                    (e.entity_id, address(f"/{kind}/{e.entity_id}", lang), e.name(lang))
                    for e in of_kind(site.dataset, kind)
                ],
            )
        other = site.dataset.entities.get(request.args.get("with", ""))
        other = other if other and other.kind == kind and other != entity else None
        query = ("with",) if other else ()
        return site.page("entity.html", lambda lang: profile(site, entity, other, lang), query=query)

    return answer


def of_kind(dataset: Dataset, kind: str) -> list[Entity]:
    """Return the entities of a kind, those of a group together, in the order their index shows."""
    order = GROUPS[kind]
    found = [e for e in dataset.entities.values() if e.kind == kind]
    return sorted(
        found, key=lambda e: (order.index(e.group) if e.group in order else len(order), e.entity_id != FIRST)
    )


def index(dataset: Dataset, kind: str, lang: Lang) -> dict[str, Any]:
    """Return what an index page shows: every entity with its first key figure."""
    groups: dict[str, list[dict[str, Any]]] = {}
    listed, others = parted(dataset, kind, lang)
    for entity in listed:
        cards = key_cards(dataset, entity, None, lang, most=1)
        groups.setdefault(entity.group, []).append(
            {"entity": entity, "card": cards[0] if cards else None, "role": role(entity)}
        )
    return {"kind": kind, "groups": groups, "others": others}


def parted(dataset: Dataset, kind: str, lang: Lang) -> tuple[list[Entity], dict[str, list[Entity]]]:
    """Return the entities that the essay names or compares, and all other cities by their province."""
    named = {e for claim in essay(dataset).claims.values() for e in claim.entities}
    listed, others = list[Entity](), dict[str, list[Entity]]()
    for entity in sorted(of_kind(dataset, kind), key=lambda e: e.code if e.region_id else ""):
        if kind != "city" or entity.group or entity.entity_id in named or not entity.code:
            listed.append(entity)
        else:
            region = dataset.entities.get(entity.region_id)
            name = region.name(lang) if region else locale.text("profile.municipalities", lang)
            others.setdefault(name, []).append(entity)
    order = {e.entity_id: n for n, e in enumerate(of_kind(dataset, kind))}
    return sorted(listed, key=lambda e: order[e.entity_id]), others


def profile(site: Site, entity: Entity, other: Entity | None, lang: Lang) -> dict[str, Any]:
    """Return what a profile shows."""
    dataset = site.dataset
    cards = key_cards(dataset, entity, other, lang)
    shown = {c.indicator.indicator_id for c in cards}
    rest = [
        card
        for i in dataset.indicators_of(entity.entity_id)
        if i not in shown | EVENTS and (card := _card(dataset, entity, other, i, lang)) is not None
    ]
    used = [o for c in cards for o in dataset.series(c.indicator.indicator_id, entity.entity_id)]
    return {
        "entity": entity,
        "other": other,
        "role": role(entity),
        "portrait": portrait(dataset, entity, lang),
        "cards": cards,
        "rest": by_domain(rest),
        "indicators": len(cards) + len(rest),
        "views": [v for v in claim_views(dataset, lang) if entity.entity_id in v.claim.entities],
        "gaps": [g for g in dataset.gaps if g.entity_id == entity.entity_id],
        "region": dataset.entities.get(entity.region_id),
        "peers": _peers(dataset, entity, lang),
        "comparable": comparable(dataset, entity, lang),
        "listing": lambda where: listing(where, lang),
        "documents": documents(dataset, used, lang),
    }


def _peers(dataset: Dataset, entity: Entity, lang: Lang) -> list[Entity]:
    """Return the companies of the same group; of a city the essay's cities and those of its province."""
    listed, _ = parted(dataset, entity.kind, lang)
    near = dataset.group(entity.region_id) if entity.region_id else []
    same = [e for e in listed if entity.kind == "city" or e.group == entity.group]
    return [e for e in dict.fromkeys([*same, *(dataset.entities[i] for i in near)]) if e is not entity]


def key_cards(
    dataset: Dataset, entity: Entity, other: Entity | None, lang: Lang, most: int = 12
) -> list[Card]:
    """Return an entity's key figures, those the dataset has."""
    have = set(dataset.indicators_of(entity.entity_id))
    out: list[Card] = []
    for family in KEY_FIGURES[entity.kind]:
        series = {i: s for i in family if i in have and (s := dataset.series(i, entity.entity_id))}
        if series and len(out) < most:
            newest = max(series, key=lambda i: series[i][-1].period)
            card = _card(dataset, entity, other, newest, lang, key=True)
            out += [_placed(dataset, card, family, lang)] if card else []
    if len(out) < min(FEW, most):
        known = {i for family in KEY_FIGURES[entity.kind] for i in family}
        out += _longest(dataset, entity, other, have - known - EVENTS, lang)[: min(FEW, most) - len(out)]
    return out


def _placed(dataset: Dataset, card: Card, family: tuple[str, ...], lang: Lang) -> Card:
    """Return a card with its city's newest place among all cities by any indicator of the family."""
    ranks = [r for i in family if (r := latest_rank(dataset, i, card.latest.entity_id))]
    rank = max(ranks, key=lambda rank: rank.period, default=None)
    if rank is None:
        return card
    said = say_rank(rank, lang)
    if rank.period != card.latest.period:
        said += locale.text("profile.of_period", lang, period=locale.period(rank.period, lang))
    return replace(card, place=said, ranking=f"/explore?v=bar&i={rank.indicator_id}&e=cities&t={rank.period}")


def _longest(dataset: Dataset, entity: Entity, other: Entity | None, of: set[str], lang: Lang) -> list[Card]:
    """Return cards of the longest series; what people talked about comes after what a company did."""
    lengths = {i: dataset.length(i, entity.entity_id) for i in of if dataset.indicators[i].kind != "event"}
    last = {i: dataset.indicators[i].domain == "attention" for i in lengths}
    longest = sorted((i for i in lengths if lengths[i]), key=lambda i: (last[i], -lengths[i], i))
    cards = (_card(dataset, entity, other, i, lang) for i in longest[:FEW])
    return [card for card in cards if card]


def _card(
    dataset: Dataset,
    entity: Entity,
    other: Entity | None,
    indicator_id: str,
    lang: Lang,
    *,
    key: bool = False,
) -> Card | None:
    series = dataset.series(indicator_id, entity.entity_id)
    if not series:
        return None
    shared = common(dataset, indicator_id, entity, other) if other else None
    indicator, latest = dataset.indicators[indicator_id], shared[0] if shared else series[-1]
    before = [o for o in series if o.period < latest.period]
    since = change(dataset, before[-1] if before else None, latest, lang)
    shown = [entity, *([other] if other else [])]
    return Card(
        indicator,
        latest,
        growth(dataset, latest, since, lang),
        sparkline(dataset, indicator, shown, lang),
        shared[1] if shared else None,
        say_place(dataset, indicator, latest, lang) if key or entity.region_id else "",
        f"/explore?i={indicator_id}&e={'~'.join(e.entity_id for e in shown)}",
    )


def by_domain(cards: list[Card]) -> dict[str, list[Card]]:
    """Return cards by the domain of their indicator, domains in the catalogue's order."""
    found = {d: [c for c in cards if c.indicator.domain == d] for d in DOMAINS}
    return {d: members for d, members in found.items() if members}


def listing(where: str, lang: Lang) -> str:
    """Write where a company is listed; exchanges that have a message are named in the reader's language."""

    def one(place: str) -> str:
        exchange, _, code = place.partition(": ")
        key = f"pages.exchange.{exchange}"
        name = locale.text(key, lang) if locale.has(key, lang) else exchange
        return f"{name} {code}".strip()

    return locale.text("pages.semicolon", lang).join(one(p.strip()) for p in where.split(";"))


def comparable(dataset: Dataset, entity: Entity, lang: Lang) -> dict[str, list[Entity]]:
    """Return every entity of the same kind that has a figure, by group: whom a profile can stand beside."""
    listed, others = parted(dataset, entity.kind, lang)
    groups: dict[str, list[Entity]] = {}
    for one in listed:
        label = locale.text(f"pages.{entity.kind}.group.{one.group or 'none'}", lang)
        groups.setdefault(label, []).append(one)
    found = {
        label: [e for e in members if e is not entity and dataset.indicators_of(e.entity_id)]
        for label, members in (*groups.items(), *others.items())
    }
    return {label: members for label, members in found.items() if members}


def change(dataset: Dataset, before: Observation | None, latest: Observation, lang: Lang) -> str:
    """Say how a figure changed on the year (month …) before: in percent, rates in points, ranks in places.

    Empty for events, over a sign or a zero, and where a period is missing in between. Where the series
    breaks between the two, or one of them covers a part of its period only, that is said instead.
    """
    indicator = dataset.indicators[latest.indicator_id]
    if PART in latest.note:
        return locale.text("pages.profile.part", lang)
    if before is None or indicator.kind == "event" or gap(before, latest) or PART in before.note:
        return ""
    if indicator.indicator_id.endswith(OF_CHANGE):
        return ""
    since = locale.period(before.period, lang)
    if breaks(dataset, before, latest):
        return locale.text("pages.profile.break", lang, period=since)
    moved = latest.value - before.value
    if indicator.unit == "%":
        points = locale.number(abs(moved), lang, digits=2 if abs(moved) < 1 else 3)
        key = "fewer" if moved < 0 else "more"
        return locale.text(f"pages.profile.points_{key}", lang, points=points, period=since) if moved else ""
    if indicator.unit == "rank":
        key = "up" if moved < 0 else "down" if moved > 0 else "same"
        return locale.text(f"pages.profile.rank_{key}", lang, places=f"{abs(moved):.0f}", period=since)
    if indicator.unit == "ratio" or before.value <= 0 or latest.value < 0:
        return ""
    share = 100 * (latest.value / before.value - 1)
    if abs(share) < NOTHING:
        return locale.text("pages.profile.unchanged", lang, period=since)
    if share >= MANY:
        times = locale.times(latest.value / before.value, lang)
        return locale.text("pages.profile.multiplied", lang, times=times, period=since)
    key = "grew" if share > 0 else "fell"
    return locale.text(f"pages.profile.{key}", lang, change=locale.percent(abs(share), lang), period=since)


def breaks(dataset: Dataset, before: Observation, latest: Observation) -> bool:
    """Return whether a note names a break of the series after ``before`` and up to ``latest``."""
    return any(
        note.kind == "break" and before.period < note.period <= latest.period
        for note in dataset.notes_for(latest.indicator_id, [latest.entity_id])
    )

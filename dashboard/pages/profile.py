"""``/city`` and ``/company``: an index of each kind, and one profile per entity."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import Flask, Response, request

from dashboard import locale, safe_csv
from dashboard.claims.record import essay
from dashboard.dataset import Dataset, Entity, Lang
from dashboard.locale.pinyin import spellings
from dashboard.pages import errors
from dashboard.pages.cards import EVENTS, Card, card_of, key_cards
from dashboard.pages.catalogue import DOMAINS
from dashboard.pages.claimview import claim_views
from dashboard.pages.documents import documents
from dashboard.pages.spark import role
from dashboard.pages.standing import cast_group, portrait
from dashboard.site import Site, add_page

FIRST = "shenzhen"
GROUPS: dict[str, tuple[str, ...]] = {
    "city": ("", "pursuers", "yardsticks"),
    "company": ("elephants", "dragons", "ants", "giant", "", "yardsticks"),
}


def register(server: Flask, site: Site) -> None:
    site.env.globals.update(search_names=search_names, cast_group=cast_group, role_of=role)
    for kind in ("city", "company"):
        values = partial(index, site.dataset, kind)
        add_page(server, f"/{kind}", f"{kind}_index", partial(site.page, "entities.html", values))
        add_page(server, f"/{kind}/<entity_id>", kind, partial(_profile, site, kind))
        add_page(server, f"/{kind}/<entity_id>.csv", f"{kind}_csv", partial(_csv, site, kind))


def search_names(entity: Entity) -> str:
    return "|".join(
        [entity.name_en, entity.name_zh_hans, entity.name_zh_hant, *spellings(entity.name_zh_hans)]
    )


def _known(site: Site, kind: str, entity_id: str) -> Entity:
    lang = site.lang()
    names = {e.entity_id: e.name(lang) for e in of_kind(site.dataset, kind)}
    errors.require(kind, entity_id, names, f"/{kind}/{{}}", lang)
    return site.dataset.entities[entity_id]


def _csv(site: Site, kind: str, entity_id: str) -> Response:
    """Answer every figure of an entity in the reader's words: names, units, documents and their addresses."""
    _known(site, kind, entity_id)
    lang, dataset = site.lang(), site.dataset

    def make() -> bytes:
        found = dataset.tidy(dataset.indicators_of(entity_id), entity_id, lang=lang)
        return safe_csv.table(list(found.columns), found.itertuples(index=False, name=None))

    name = f"pursuit-{entity_id}.csv"
    return site.send(("profile.csv", entity_id, lang), make, "text/csv; charset=utf-8", filename=name)


def _profile(site: Site, kind: str, entity_id: str) -> Response:
    entity = _known(site, kind, entity_id)
    other = site.dataset.entities.get(request.args.get("with", ""))
    other = other if other and other.kind == kind and other != entity else None
    query = ("with",) if other else ()
    return site.page("entity.html", lambda lang: profile(site, entity, other, lang), query=query)


def of_kind(dataset: Dataset, kind: str) -> list[Entity]:
    rank = {group: n for n, group in enumerate(GROUPS[kind])}
    found = [e for e in dataset.entities.values() if e.kind == kind]
    return sorted(found, key=lambda e: (rank.get(cast_group(e), len(rank)), e.entity_id != FIRST))


def index(dataset: Dataset, kind: str, lang: Lang) -> dict[str, Any]:
    groups: dict[str, list[tuple[Entity, Card | None]]] = {}
    listed, others = partition(dataset, kind, lang)
    for entity in listed:
        card = next(iter(key_cards(dataset, entity, None, lang, most=1)), None)
        groups.setdefault(index_group(entity), []).append((entity, card))
    return {"kind": kind, "groups": groups, "others": others}


def index_group(entity: Entity) -> str:
    """Return the group that an entity is listed in: the pursued city stands with its pursuers."""
    group = cast_group(entity)
    return "pursuit" if entity.entity_id == FIRST or group == "pursuers" else group or "none"


def partition(dataset: Dataset, kind: str, lang: Lang) -> tuple[list[Entity], dict[str, list[Entity]]]:
    """Return the entities that the essay names or compares, and all other cities by their province."""
    named = {e for claim in essay(dataset).claims.values() for e in claim.entities}
    entities = of_kind(dataset, kind)
    rest = [e for e in entities if kind == "city" and e.code and not (e.group or e.entity_id in named)]
    others: dict[str, list[Entity]] = {}
    for city in sorted(rest, key=lambda e: e.code if e.region_id else ""):
        region = dataset.entities.get(city.region_id)
        name = region.name(lang) if region else locale.text("profile.municipalities", lang)
        others.setdefault(name, []).append(city)
    left_out = set(rest)
    return [e for e in entities if e not in left_out], others


def profile(site: Site, entity: Entity, other: Entity | None, lang: Lang) -> dict[str, Any]:
    dataset = site.dataset
    cards = key_cards(dataset, entity, other, lang)
    shown = {c.indicator.indicator_id for c in cards} | EVENTS
    others = (card_of(dataset, entity, other, i, lang) for i in dataset.indicators_of(entity.entity_id))
    rest = [c for c in others if c and c.indicator.indicator_id not in shown]
    used = [o for c in cards for o in dataset.series(c.indicator.indicator_id, entity.entity_id)]
    return {
        "entity": entity,
        "other": other,
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
    listed, _ = partition(dataset, entity.kind, lang)
    near = dataset.group(entity.region_id) if entity.region_id else []
    same = [e for e in listed if entity.kind == "city" or cast_group(e) == cast_group(entity)]
    return [e for e in dict.fromkeys([*same, *(dataset.entities[i] for i in near)]) if e is not entity]


def by_domain(cards: list[Card]) -> dict[str, list[Card]]:
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
    listed, others = partition(dataset, entity.kind, lang)
    groups: dict[str, list[Entity]] = {}
    for one in listed:
        label = locale.text(f"pages.{entity.kind}.group.{index_group(one)}", lang)
        groups.setdefault(label, []).append(one)
    found = {
        label: [e for e in members if e is not entity and dataset.indicators_of(e.entity_id)]
        for label, members in (*groups.items(), *others.items())
    }
    return {label: members for label, members in found.items() if members}

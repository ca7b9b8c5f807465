"""``/city`` and ``/company``: an index of each kind, and one profile per entity."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from flask import Flask, Response, request

from dashboard import locale, safe_csv
from dashboard.claims.record import essay
from dashboard.dataset import Dataset, Entity, Lang
from dashboard.dataset.records import Named
from dashboard.figures.theme import entity_role
from dashboard.locale.pinyin import spellings
from dashboard.pages import errors
from dashboard.pages.cards import EVENTS, card_of, key_cards
from dashboard.pages.catalogue import DOMAINS
from dashboard.pages.claimview import claim_views
from dashboard.pages.documents import documents
from dashboard.pages.standing import cast_group, portrait
from dashboard.pages.streams import send_csv
from dashboard.site import Site, add_page

FIRST = "shenzhen"
GROUPS = ("elephants", "dragons", "ants", "giant", "", "pursuers", "yardsticks")
"""Groups in the order listed; those without a name are the essay's other cities and companies."""
Groups = dict[str, list[Entity]]


def register(server: Flask, site: Site) -> None:
    site.env.globals["search_names"] = search_names
    site.env.globals["cast_group"] = cast_group
    site.env.globals["role_of"] = lambda entity: entity_role(entity.entity_id, entity.city_id)
    for kind in ("city", "company"):
        add_page(server, f"/{kind}", partial(site.page, "entities.html", partial(index, site.dataset, kind)))
        add_page(server, f"/{kind}/<entity_id>", partial(_profile, site, kind))
        add_page(server, f"/{kind}/<entity_id>.csv", partial(_csv, site, kind))


def search_names(named: Named) -> str:
    names = (named.name_en, named.name_zh_hans, named.name_zh_hant)
    return "|".join([*names, *spellings(named.name_zh_hans)])


def _known(site: Site, kind: str, entity_id: str) -> Entity:
    lang = site.lang()
    names = {e.entity_id: e.name(lang) for e in of_kind(site.dataset, kind)}
    errors.require(kind, entity_id, names, f"/{kind}/{{}}", lang)
    return site.dataset.entities[entity_id]


def _csv(site: Site, kind: str, entity_id: str) -> Response:
    """Answer every figure of an entity in the reader's words: names, units, documents and their addresses."""
    _known(site, kind, entity_id)
    lang, dataset = site.lang(), site.dataset

    def make() -> Iterator[bytes]:
        table = dataset.tidy(dataset.indicators_of(entity_id), entity_id, lang=lang)
        return safe_csv.pieces(list(table.columns), table.itertuples(index=False, name=None))

    return send_csv(site, make, f"pursuit-{entity_id}.csv")


def _profile(site: Site, kind: str, entity_id: str) -> Response:
    entity = _known(site, kind, entity_id)
    other = site.dataset.entities.get(request.args.get("with", ""))
    other = other if other and other.kind == kind and other != entity else None
    values = partial(profile, site.dataset, entity, other)
    return site.page("entity.html", values, query=("with",) if other else ())


def of_kind(dataset: Dataset, kind: str) -> list[Entity]:
    entities = [e for e in dataset.entities.values() if e.kind == kind]
    return sorted(entities, key=lambda e: (GROUPS.index(cast_group(e)), e.entity_id != FIRST))


def index(dataset: Dataset, kind: str, lang: Lang) -> dict[str, Any]:
    groups, others = grouped(dataset, kind, lang)
    cards = {
        e.entity_id: next(iter(key_cards(dataset, e, None, lang, most=1)), None)
        for members in groups.values()
        for e in members
    }
    return {"kind": kind, "groups": groups, "others": others, "cards": cards}


def grouped(dataset: Dataset, kind: str, lang: Lang) -> tuple[Groups, Groups]:
    """Return the entities that the essay names or compares by group, and all other cities by province.

    The pursued city stands with its pursuers.
    """
    named = {e for claim in essay(dataset).claims.values() for e in claim.entities}
    groups: Groups = {}
    rest: list[Entity] = []
    for entity in of_kind(dataset, kind):
        if kind == "city" and entity.code and not (entity.group or entity.entity_id in named):
            rest.append(entity)
            continue
        group = "pursuers" if entity.entity_id == FIRST else cast_group(entity)
        groups.setdefault({"pursuers": "pursuit", "": "none"}.get(group, group), []).append(entity)
    others: Groups = {}
    for city in sorted(rest, key=lambda e: e.code if e.region_id else ""):
        region = dataset.entities.get(city.region_id)
        name = region.name(lang) if region else locale.text("profile.municipalities", lang)
        others.setdefault(name, []).append(city)
    return groups, others


def profile(dataset: Dataset, entity: Entity, other: Entity | None, lang: Lang) -> dict[str, Any]:
    cards = key_cards(dataset, entity, other, lang)
    in_cards = {c.indicator.indicator_id for c in cards} | EVENTS
    others = [i for i in dataset.indicators_of(entity.entity_id) if i not in in_cards]
    rest = [card_of(dataset, entity, other, i, lang) for i in others if dataset.length(i, entity.entity_id)]
    used = [o for c in cards for o in dataset.series(c.indicator.indicator_id, entity.entity_id)]
    groups, provinces = grouped(dataset, entity.kind, lang)
    labelled = {locale.text(f"pages.{entity.kind}.group.{g}", lang): m for g, m in groups.items()} | provinces
    return {
        "entity": entity,
        "other": other,
        "portrait": portrait(dataset, entity, lang),
        "cards": cards,
        "rest": {d: members for d in DOMAINS if (members := [c for c in rest if c.indicator.domain == d])},
        "indicators": len(cards) + len(rest),
        "views": [v for v in claim_views(dataset, lang) if entity.entity_id in v.claim.entities],
        "gaps": [g for g in dataset.gaps if g.entity_id == entity.entity_id],
        "region": dataset.entities.get(entity.region_id),
        "peers": _peers(dataset, entity, [e for members in groups.values() for e in members]),
        "comparable": {
            label: comparable
            for label, members in labelled.items()
            if (comparable := [e for e in members if e is not entity and dataset.indicators_of(e.entity_id)])
        },
        "listing": _listing(entity.listing, lang),
        "documents": documents(dataset, used),
    }


def _peers(dataset: Dataset, entity: Entity, listed: list[Entity]) -> list[Entity]:
    """Return the companies of the same group; of a city the essay's cities and those of its province."""
    near = dataset.group(entity.region_id) if entity.region_id else []
    same = [e for e in listed if entity.kind == "city" or cast_group(e) == cast_group(entity)]
    return [e for e in dict.fromkeys([*same, *(dataset.entities[i] for i in near)]) if e is not entity]


def _listing(where: str, lang: Lang) -> str:
    """Write where a company is listed; exchanges that have a message are named in the reader's language."""
    places = []
    for place in where.split(";"):
        exchange, _, code = place.strip().partition(": ")
        key = f"pages.exchange.{exchange}"
        places.append(f"{locale.text(key, lang) if locale.has(key, lang) else exchange} {code}".strip())
    return locale.text("pages.semicolon", lang).join(places)

"""Wikidata items of entities that have none in the catalogue: found by the title of their article.

No item id is trusted: several cities share a name, and public lists of ids are often wrong. An item found by
an English title is used only if one of its labels or aliases is a name of the entity (checked here) and if it
is in China (:func:`in_china`, once its statements are there). Titles are the ``enwiki`` ones of
``external_ids.csv``; an entity whose country the catalogue does not imply is not looked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from etl.sources.base import JSON, Context, Request, Snapshot
from etl.sources.reading import field, json_of, normalise_text
from etl.sources.wikidata_item import items

API = "https://www.wikidata.org/w/api.php"
A_CALL = 50
"""Titles that one call may name."""
PREFIX = "titles/"
CHINA = "Q148"
LANGUAGES = ("en", "zh", "zh-hans", "zh-cn", "zh-hant", "zh-tw", "zh-hk")
_NAMES = ("name_en", "name_zh_hans", "name_zh_hant")


def missing(context: Context) -> dict[str, str]:
    """Return entity → title of the cities and Chinese companies without an item."""
    named = {entity: title.replace("_", " ") for title, entity in context.ids("enwiki").items()}
    return {
        row["entity_id"]: named[row["entity_id"]]
        for row in context.entities.to_dict("records")
        if (row["kind"] == "city" or (row["kind"] == "company" and row["city_id"]))
        and row["entity_id"] in named
        and not row["wikidata_id"]
    }


def title_requests(context: Context) -> Iterator[Request]:
    """Yield the requests for the items of :func:`missing`'s titles."""
    wanted = sorted(set(missing(context).values()))
    for start in range(0, len(wanted), A_CALL):
        yield Request(
            API,
            params={
                "action": "wbgetentities",
                "sites": "enwiki",
                "titles": "|".join(wanted[start : start + A_CALL]),
                "props": "labels|aliases|sitelinks",
                "languages": "|".join(LANGUAGES),
                "sitefilter": "enwiki",
                "format": "json",
            },
            accept=JSON,
            key=f"{PREFIX}{start // A_CALL + 1:02}",
            leads_to=A_CALL,
        )


def found_items(snapshots: Sequence[Snapshot], context: Context) -> tuple[dict[str, str], list[str]]:
    """Return entity → item by the answers, and a line for each item whose labels are of something else."""
    by_title: dict[str, Mapping[str, Any]] = {}
    for snapshot in snapshots:
        if snapshot.request.key.startswith(PREFIX):
            by_title |= _by_title(snapshot)
    names = {
        str(row["entity_id"]): {_plain(str(row[column])) for column in _NAMES if row[column]}
        for row in context.entities.to_dict("records")
    }
    found: dict[str, str] = {}
    notes: list[str] = []
    for entity, title in missing(context).items():
        item = by_title.get(title)
        if item is not None and names[entity] & _labels(item):
            found[entity] = str(item["id"])
        elif item is not None:
            notes.append(f"{entity}: {item['id']} ({title}) has no label that is its name, left out")
    return found, notes


def in_china(claims: Mapping[str, Any]) -> bool:
    """Tell whether an item's statements give China as its country (P17), none of them deprecated."""
    return CHINA in items({"claims": claims}, "P17")


def _by_title(snapshot: Snapshot) -> dict[str, Mapping[str, Any]]:
    found: dict[str, Mapping[str, Any]] = {}
    for item in field(json_of(snapshot), "entities", dict).values():
        if not isinstance(item, Mapping) or "missing" in item:
            continue  # {"-1": {"site": "enwiki", "title": …, "missing": ""}}
        links = item.get("sitelinks")
        link = links.get("enwiki") if isinstance(links, Mapping) else None
        field(item, "id", str)
        if isinstance(link, Mapping):
            found[field(link, "title", str)] = item
    return found


def _labels(item: Mapping[str, Any]) -> set[str]:
    found: set[str] = set()
    for kind in ("labels", "aliases"):
        by_language = item.get(kind)
        for one in by_language.values() if isinstance(by_language, Mapping) else []:
            for text in one if isinstance(one, list) else [one]:
                if isinstance(text, Mapping):
                    found.add(_plain(str(text.get("value", ""))))
    return found


def _plain(name: str) -> str:
    return normalise_text(name).casefold().removesuffix("市")

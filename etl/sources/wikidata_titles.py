"""Wikidata items of entities that have none in the catalogue: found by the title of their article.

No item id is trusted: several cities share a name, and public lists of ids are often wrong. An item found by
an English title is used only if one of its labels or aliases is a name of the entity (checked here) and if it
is in China (checked by the source, once its statements are there). Titles are the ``enwiki`` ones of
``external_ids.csv``; an entity whose country the catalogue does not imply is not looked for.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from etl.sources.base import JSON, Context, Request, Snapshot
from etl.sources.reading import field, json_of, normalise_text

API = "https://www.wikidata.org/w/api.php"
A_CALL = 50
"""Titles that one call may name."""
PREFIX = "titles/"
LANGUAGES = "en|zh|zh-hans|zh-cn|zh-hant|zh-tw|zh-hk"
_NAMES = ("name_en", "name_zh_hans", "name_zh_hant")


def title_requests(context: Context) -> Iterator[Request]:
    wanted = sorted(set(_titles(context).values()))
    for start in range(0, len(wanted), A_CALL):
        yield Request(
            API,
            params={
                "action": "wbgetentities", "sites": "enwiki", "sitefilter": "enwiki", "format": "json",
                "titles": "|".join(wanted[start : start + A_CALL]), "languages": LANGUAGES,
                "props": "labels|aliases|sitelinks",
            },
            accept=JSON,
            key=f"{PREFIX}{start // A_CALL + 1:02}",
            leads_to=A_CALL,
        )  # fmt: skip


def found_items(snapshots: Iterable[Snapshot], context: Context) -> tuple[dict[str, str], list[str]]:
    """Return entity → item by the answers, and a line for each item whose labels are of something else."""
    by_title: dict[str, Mapping[str, Any]] = {}
    for snapshot in snapshots:
        if snapshot.request.key.startswith(PREFIX):
            for item in field(json_of(snapshot), "entities", dict).values():
                if "missing" not in item:  # {"-1": {"site": "enwiki", "title": …, "missing": ""}}
                    field(item, "id", str)
                    by_title[field(field(item.get("sitelinks"), "enwiki", dict), "title", str)] = item
    rows = context.entities.set_index("entity_id")
    found: dict[str, str] = {}
    notes: list[str] = []
    for entity, title in _titles(context).items():
        item = by_title.get(title, {})
        if {_form(str(rows.at[entity, column])) for column in _NAMES} & _labels(item):
            found[entity] = item["id"]
        elif item:
            notes.append(f"{entity}: {item['id']} ({title}) has no label that is its name, left out")
    return found, notes


def _titles(context: Context) -> dict[str, str]:
    named = {entity: title.replace("_", " ") for title, entity in context.ids("enwiki").items()}
    return {
        row["entity_id"]: named[row["entity_id"]]
        for row in context.entities.to_dict("records")
        if (row["kind"] == "city" or (row["kind"] == "company" and row["city_id"]))
        and row["entity_id"] in named
        and not row["wikidata_id"]
    }


def _labels(item: Mapping[str, Any]) -> set[str]:
    """Return an item's names of any language; where it has none the service has an empty list."""
    labels, aliases = (dict(item.get(kind) or {}).values() for kind in ("labels", "aliases"))
    return {_form(one["value"]) for one in (*labels, *(one for several in aliases for one in several))} - {""}


def _form(name: str) -> str:
    return normalise_text(name).casefold().removesuffix("市")

"""``pursuit add``: a row for a new entity, made from its Wikidata item."""

import re
from collections.abc import Mapping
from typing import Any

import pandas as pd

from etl.checks import read_table
from etl.errors import DataError, ShapeError, Unreadable, UsageError
from etl.http import Fetcher
from etl.options import RunEnvironment
from etl.publish import publish, writable_dataset
from etl.schema import TABLES
from etl.sources.base import JSON, Request
from etl.sources.reading import field
from etl.sources.wikidata import RAW
from etl.sources.wikidata_item import CHINA, coordinates, founded, items, listing, read_item, values
from etl.tables import with_rows
from etl.tidy import printable_line

HUMAN, DISAMBIGUATION = "Q5", "Q4167410"
EVIDENCE = {
    "city": ({"P1082", "P625"}, "a population and coordinates"),
    "company": ({"P159", "P414", "P1128", "P2139"}, "a headquarters, employees, revenue or listing"),
}
"""Properties that show what an item is: a city has all of them, a company at least one and no population.

Classes (P31) would be the obvious test, but Wikidata has dozens of classes of city and company.
"""
IDENTIFIERS = {"P6782": "ror", "P5531": "cik", "P2037": "github"}
"""Property of a company's item → scheme of ``external_ids.csv``."""
NAMES = {
    "name_en": ["en"],
    "name_zh_hans": ["zh-hans", "zh-cn", "zh"],
    "name_zh_hant": ["zh-hant", "zh-tw", "zh-hk", "zh"],
}
"""Column → languages of the labels that may fill it."""


def add_entity(kind: str, qid: str, run: RunEnvironment) -> dict[str, str]:
    """Fetch item ``qid``, check that it is a ``kind``, add or complete its row of ``entities.csv``.

    Its names elsewhere go into ``external_ids.csv``, a city's name into ``keywords.csv``. Returns the row,
    with the added ``ids`` and ``keyword``. Raises :class:`PursuitError` where the item does not fit.
    """
    qid = qid.strip().upper()
    if not re.fullmatch(r"Q[1-9][0-9]{0,11}", qid):
        raise UsageError(f"{qid[:40]!r} is not a Wikidata id", "give one such as Q15174")
    with writable_dataset(run.env) as data_dir:
        entities, known, keywords = (
            read_table(name, data_dir) for name in ("entities", "external_ids", "keywords")
        )
        known_rows = entities[entities["wikidata_id"] == qid]
        if len(known_rows):
            raise UsageError(f"{qid} is in entities.csv already, as {known_rows.iloc[0]['entity_id']}", "")
        item = _item(qid, run)
        row = _row(kind, qid, item, entities)
        entity = {"entity_id": row["entity_id"]}
        taken = set(zip(known["scheme"], known["id"], strict=True))
        ids = [one for one in _ids(kind, item) if one not in taken]
        counted = kind != "city" or row["entity_id"] in set(keywords["entity_id"])
        keyword = "" if counted else row["name_zh_hans"]
        rows = {
            "entities": [row],
            "external_ids": [entity | {"scheme": scheme, "id": value} for scheme, value in ids],
            "keywords": [entity | {"pattern": re.escape(keyword)}] if keyword else [],
        }
        publish(data_dir, dict(with_rows(data_dir, TABLES[name], added) for name, added in rows.items()))
    return row | {"ids": ", ".join(map(" ".join, ids)), "keyword": keyword}


def _ids(kind: str, item: Mapping[str, Any]) -> list[tuple[str, str]]:
    links = item.get("sitelinks") or {}
    ids = [
        (site, str(links[site].get("title", "")).replace(" ", "_"))
        for site in ("enwiki", "zhwiki")
        if isinstance(links.get(site), dict)
    ]
    for name, scheme in IDENTIFIERS.items() if kind == "company" else ():
        ids += [(scheme, value) for value in values(item["claims"], name) if isinstance(value, str)]
    return [(scheme, value) for scheme, value in ids if value.isprintable() and value]


def _item(qid: str, run: RunEnvironment) -> Mapping[str, Any]:
    (source,) = run.find(["wikidata"])
    fetcher = Fetcher(source, run)
    with fetcher.session:
        request = Request(RAW.format(item=qid), accept=JSON, optional=True, key=f"add-{qid}")
        snapshot = fetcher.get(request)
    if snapshot is None:
        raise DataError(f"Wikidata has no item {qid}", "check the id on www.wikidata.org")
    try:
        item = read_item(snapshot)
        field(item, "labels", dict)
    except Unreadable:
        raise ShapeError("wikidata", f"the answer for {qid} is not an item", "look at the page") from None
    if item["id"] != qid:
        raise DataError(f"{qid} is merged into {item['id']}", f"add {item['id']} instead")
    return item


def _row(kind: str, qid: str, item: Mapping[str, Any], frame: pd.DataFrame) -> dict[str, str]:
    _check_kind(kind, qid, item["claims"])
    row = dict.fromkeys(TABLES["entities"].names, "") | {"kind": kind}
    labels = {name: printable_line(str(label.get("value", ""))) for name, label in item["labels"].items()}
    for column, languages in NAMES.items():
        row[column] = next(filter(None, map(labels.get, languages)), "")
        if kind == "city":  # as the catalogue has the others
            row[column] = row[column].removesuffix("市")
        if not row[column]:
            raise DataError(f"{qid} has no label for {column}", "add one on Wikidata, or add the row by hand")
    entity_id = re.sub(r"[^a-z0-9]+", "_", row["name_en"].lower()).strip("_")
    if not re.fullmatch(r"[a-z][a-z0-9_]*", entity_id):
        entity_id = f"{kind}_{qid.lower()}"
    row["entity_id"] = entity_id
    for existing in frame[frame["entity_id"] == entity_id].to_dict("records"):
        row |= {str(name): str(cell) for name, cell in existing.items()}
        if row["kind"] != kind or row["wikidata_id"]:
            fix = f"set its wikidata_id to {qid} if it is the same"
            raise UsageError(f"entities.csv has {entity_id} already", fix)
    known = dict(zip(frame["wikidata_id"], frame["entity_id"], strict=True))
    return row | {"wikidata_id": qid} | _facts(kind, row, item["claims"], known)


def _check_kind(kind: str, qid: str, claims: Mapping[str, Any]) -> None:
    properties, described = EVIDENCE[kind]
    present = {name for name in properties if values(claims, name)}
    fits = present == properties if kind == "city" else bool(present) and not values(claims, "P1082")
    if not fits or items(claims, "P31") & {HUMAN, DISAMBIGUATION}:
        what = f"{qid} is no {kind} by Wikidata (a {kind} has {described})"
        raise DataError(what, "check the id, or the kind")
    if kind == "city" and CHINA not in items(claims, "P17"):
        raise DataError(f"{qid} is not in China by Wikidata", "check the id: several cities share a name")


def _facts(
    kind: str, row: Mapping[str, str], claims: Mapping[str, Any], known: Mapping[str, str]
) -> dict[str, str]:
    if kind == "city":
        place = {} if row["latitude"] else coordinates(claims)
        codes = [v for v in values(claims, "P442") if isinstance(v, str) and re.fullmatch(r"[0-9]{6}", v)]
        return place | {"code": row["code"] or next(iter(codes), "")}
    home = [known[q] for q in sorted(items(claims, "P159")) if q in known]
    return {
        "city_id": next(iter(home), ""),
        "listing": row["listing"] or listing(claims),
        "founded": row["founded"] or founded(claims),
    }

"""``pursuit add``: a new entity's row from its Wikidata item."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

import pandas as pd

from etl import paths
from etl.errors import DataError, ShapeError, UsageError, ValidationError
from etl.http import Fetcher
from etl.publish import locked, recover
from etl.refresh import Setting
from etl.schema import TABLES
from etl.snapshots import SnapshotStore, write_atomically
from etl.sources.base import Request
from etl.sources.wikidata_item import coordinates, founded, items, listing, values
from etl.tables import read_small, small_bytes

CHINA = "Q148"
HUMAN, DISAMBIGUATION = "Q5", "Q4167410"
EVIDENCE = {
    "city": (frozenset({"P1082", "P625"}), "a population and coordinates"),
    "company": (
        frozenset({"P159", "P414", "P1128", "P2139"}),
        "a headquarters, employees, revenue or listing",
    ),
}
"""Properties that show what an item is: a city has all of them, a company at least one and no population.

Classes (P31) would be the obvious test, but Wikidata has dozens of classes of city and company.
"""


def add_entity(kind: str, qid: str, setting: Setting | None = None) -> dict[str, str]:
    """Fetch item ``qid``, check that it is a ``kind``, add its row to ``entities.csv``; return the row.

    Raises :class:`UsageError` for a malformed id or one already there, :class:`ShapeError` or
    :class:`DataError` where the item is not what was asked for.
    """
    setting = setting or Setting()
    qid = qid.strip().upper()
    if not re.fullmatch(r"Q[1-9][0-9]{0,11}", qid):
        raise UsageError(f"{qid[:40]!r} is not a Wikidata id", "give one such as Q15174")
    recover(paths.data_dir(setting.env))  # first: a killed publish may have left it under another name
    data_dir = paths.writable_data_dir(setting.env)
    with locked(data_dir):
        table = TABLES["entities"]
        frame, problems = read_small(data_dir / table.path, table)
        if problems:
            raise ValidationError([str(p) for p in problems])
        there = frame[frame["wikidata_id"] == qid]
        if len(there):
            raise UsageError(f"{qid} is in entities.csv already, as {there.iloc[0]['entity_id']}", "")
        row = _row(kind, qid, _item(qid, setting), frame)
        frame = pd.concat([frame, pd.DataFrame([row], dtype=object)], ignore_index=True)
        write_atomically(data_dir / table.path, small_bytes(frame, table))
    return row


def _item(qid: str, setting: Setting) -> Mapping[str, Any]:
    (source,) = setting.find(["wikidata"])
    store = SnapshotStore(paths.cache_dir(setting.env) / "snapshots")
    fetcher = Fetcher(source, store, setting.env, clock=setting.clock, limits=setting.limits)
    try:
        snapshot = fetcher.get(
            Request(
                f"https://www.wikidata.org/wiki/Special:EntityData/{qid}.json",
                accept=("application/json",),
                optional=True,
                key=f"add-{qid}",
            )
        )
    finally:
        fetcher.close()
    if snapshot is None:
        raise DataError(f"Wikidata has no item {qid}", "check the id on www.wikidata.org")
    try:
        entities = json.loads(snapshot.body)["entities"]
        item = entities.get(qid) or next(iter(entities.values()))
        if not isinstance(item["labels"], dict) or not isinstance(item["claims"], dict):
            raise TypeError
    except (ValueError, KeyError, TypeError, StopIteration, AttributeError):
        raise ShapeError("wikidata", f"the answer for {qid} is not an item", "look at the page") from None
    if item.get("id", qid) != qid:
        raise DataError(f"{qid} is merged into {item['id']}", f"add {item['id']} instead")
    return item if isinstance(item, dict) else {}


def _row(kind: str, qid: str, item: Mapping[str, Any], frame: pd.DataFrame) -> dict[str, str]:
    properties, told = EVIDENCE[kind]
    present = {name for name in properties if values(item, name)}
    fits = present == properties if kind == "city" else bool(present) and not values(item, "P1082")
    if not fits or items(item, "P31") & {HUMAN, DISAMBIGUATION}:
        raise DataError(f"{qid} is no {kind} by Wikidata (a {kind} has {told})", "check the id, or the kind")
    if kind == "city" and CHINA not in items(item, "P17"):
        raise DataError(f"{qid} is not in China by Wikidata", "check the id: several cities share a name")
    names = {
        "name_en": _label(item, "en"),
        "name_zh_hans": _label(item, "zh-hans", "zh-cn", "zh"),
        "name_zh_hant": _label(item, "zh-hant", "zh-tw", "zh-hk", "zh"),
    }
    for column, name in names.items():
        if not name:
            raise DataError(f"{qid} has no label for {column}", "add one on Wikidata, or add the row by hand")
    entity_id = re.sub(r"[^a-z0-9]+", "_", names["name_en"].lower()).strip("_")
    if not re.fullmatch(r"[a-z][a-z0-9_]*", entity_id):
        entity_id = f"{kind}_{qid.lower()}"
    if entity_id in set(frame["entity_id"]):
        raise UsageError(
            f"entities.csv has {entity_id} already", f"set its wikidata_id to {qid} if it is the same"
        )
    row = dict.fromkeys(TABLES["entities"].names, "")
    row |= {"entity_id": entity_id, "kind": kind, "wikidata_id": qid, **names}
    if kind == "city":
        row |= coordinates(item)
    else:
        known = dict(zip(frame["wikidata_id"], frame["entity_id"], strict=True))
        home = [known[q] for q in sorted(items(item, "P159")) if q in known]
        row["city_id"] = home[0] if home else ""
        row["listing"] = listing(item)
        row["founded"] = founded(item)
    return row


def _label(item: Mapping[str, Any], *languages: str) -> str:
    for language in languages:
        text = str(item["labels"].get(language, {}).get("value", ""))
        if clean := "".join(c for c in text if c.isprintable()).strip():
            return clean
    return ""

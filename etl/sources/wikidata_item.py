"""What a Wikidata item says of an entity beyond its figures: place, founding, listings.

These are columns of ``entities.csv``, which is written by hand: ``pursuit add`` fills them in, and a refresh
tells where Wikidata says something else (:func:`differences`).
"""

import re
from collections.abc import Mapping
from typing import Any

from etl.sources.base import Snapshot, Unreadable
from etl.sources.reading import field, json_of
from etl.tidy import number_text

CHINA = "Q148"
EXCHANGES = {"Q496672": ("HKEX", 5), "Q517750": ("SZSE", 6), "Q739514": ("SSE", 6)}
"""Exchange → name in ``entities.listing`` and digits of a code; filings are asked for at these."""
FAR = 0.5
"""Degrees from which on two places are not the same city."""


def read_item(snapshot: Snapshot) -> dict[str, Any]:
    """Return the item of an answer, with at least ``id`` and ``claims`` (statements by property)."""
    item = json_of(snapshot)
    if not isinstance(item, dict) or "claims" not in item:  # else the bare item, as some dumps keep it
        entities = field(item, "entities", dict)
        if len(entities) != 1:
            raise Unreadable(f"{len(entities)} items, one was expected")
        item = next(iter(entities.values()))
    if not isinstance(item, dict) or "missing" in item:
        raise Unreadable("there is no such item", "fix wikidata_id in entities.csv")
    field(item, "id", str)
    # an item without statements has an empty list
    return item | {"claims": field(item, "claims", (dict, list)) or {}}


def differences(row: Mapping[str, Any], claims: Mapping[str, Any]) -> list[str]:
    """Return a line for each thing in which an item differs from its row of ``entities.csv``.

    ``claims``: its statements by property. What the row leaves empty is no difference, but for a listing.
    """
    lines = []
    if row["kind"] == "city" and row["latitude"] and (place := coordinates(claims)):
        there = [
            f"{name} {place[name]}" for name in place if abs(float(place[name]) - float(row[name])) > FAR
        ]
        lines += [f"has another location on Wikidata ({', '.join(there)})"] if there else []
    if row["kind"] == "company":
        year = founded(claims)
        if row["founded"] and year and row["founded"][:4] != year:
            lines.append(f"founded in {year} on Wikidata, {row['founded']} in entities.csv")
        missing = [one for one in listing(claims).split("; ") if one and one not in row["listing"]]
        if missing:
            lines.append(f"listed as {', '.join(missing)} on Wikidata; write it into entities.csv")
    return lines


def values(claims: Mapping[str, Any], name: str) -> list[Any]:
    found = []
    for claim in claims.get(name, []):
        snak = claim.get("mainsnak", {}) if isinstance(claim, dict) else {}
        if snak.get("snaktype") == "value" and claim.get("rank") != "deprecated":
            found.append(snak.get("datavalue", {}).get("value"))
    return found


def items(claims: Mapping[str, Any], name: str) -> set[str]:
    return {str(v["id"]) for v in values(claims, name) if isinstance(v, dict) and "id" in v}


def coordinates(claims: Mapping[str, Any]) -> dict[str, str]:
    """Return latitude and longitude in degrees, to four places; ``{}`` if there are none."""
    for value in values(claims, "P625"):
        if isinstance(value, dict) and {"latitude", "longitude"} <= set(value):
            return {name: number_text(round(float(value[name]), 4)) for name in ("latitude", "longitude")}
    return {}


def listing(claims: Mapping[str, Any]) -> str:
    """Return the codes (P249) of the listings (P414) that have not ended: ``HKEX: 00700; SZSE: 002594``."""
    found = set()
    for claim in claims.get("P414", []):
        qualifiers = claim.get("qualifiers") if isinstance(claim, dict) else None
        if not isinstance(qualifiers, dict) or "P582" in qualifiers or claim.get("rank") == "deprecated":
            continue
        exchange = _snak(claim.get("mainsnak"))
        name, digits = EXCHANGES.get(str(exchange.get("id") if isinstance(exchange, dict) else ""), ("", 0))
        codes = [str(_snak(code)) for code in qualifiers.get("P249", [])]
        found |= {f"{name}: {code.zfill(digits)}" for code in codes if name and re.fullmatch(r"[0-9]+", code)}
    return "; ".join(sorted(found))


def _snak(snak: Any) -> Any:
    value = snak.get("datavalue") if isinstance(snak, dict) else None
    return value.get("value") if isinstance(value, dict) else None


def founded(claims: Mapping[str, Any]) -> str:
    years = [str(v.get("time", ""))[1:5] for v in values(claims, "P571") if isinstance(v, dict)]
    return min((y for y in years if y.isascii() and y.isdigit()), default="")

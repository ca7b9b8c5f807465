"""What a Wikidata item states; place, founding and listings are columns of ``entities.csv``."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from etl.sources.base import Snapshot, Unreadable
from etl.sources.reading import field, json_of, records
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
        (item,) = entities.values()
    if not isinstance(item, dict) or "missing" in item:
        raise Unreadable("there is no such item", "fix wikidata_id in entities.csv")
    field(item, "id", str)
    # an item without statements has an empty list
    return item | {"claims": field(item, "claims", (dict, list)) or {}}


def value_of(snak: Any) -> Any:
    """Return a snak's value, an object or a text; ``None`` where it states none, or an unknown one."""
    if field(snak, "snaktype", str) != "value":
        return None
    return field(field(snak, "datavalue", dict), "value", (dict, str))


def values(claims: Mapping[str, Any], name: str) -> list[Any]:
    claimed = [one for one in records(claims.get(name, [])) if one.get("rank") != "deprecated"]
    return [value for one in claimed if (value := value_of(field(one, "mainsnak", dict))) is not None]


def items(claims: Mapping[str, Any], name: str) -> set[str]:
    return {str(value["id"]) for value in values(claims, name) if "id" in value}


def coordinates(claims: Mapping[str, Any]) -> dict[str, str]:
    """Return latitude and longitude in degrees, to four places; ``{}`` if there are none."""
    for value in values(claims, "P625"):
        degrees = {name: field(value, name, (int, Decimal)) for name in ("latitude", "longitude")}
        return {name: number_text(round(float(one), 4)) for name, one in degrees.items()}
    return {}


def listing(claims: Mapping[str, Any]) -> str:
    """Return the codes (P249) of the listings (P414) that have not ended: ``HKEX: 00700; SZSE: 002594``."""
    found = set()
    for claim in records(claims.get("P414", [])):
        qualifiers, exchange = claim.get("qualifiers") or {}, value_of(field(claim, "mainsnak", dict)) or {}
        name, digits = EXCHANGES.get(str(exchange.get("id")), ("", 0))
        if name and "P582" not in qualifiers and claim.get("rank") != "deprecated":
            codes = (str(value_of(one)) for one in qualifiers.get("P249", []))
            found |= {f"{name}: {code.zfill(digits)}" for code in codes if re.fullmatch(r"[0-9]+", code)}
    return "; ".join(sorted(found))


def founded(claims: Mapping[str, Any]) -> str:
    years = (re.match(r"\+([0-9]{4})-", str(value.get("time"))) for value in values(claims, "P571"))
    return min((year[1] for year in years if year), default="")


def differences(row: Mapping[str, str], claims: Mapping[str, Any]) -> list[str]:
    """Return a line for each thing in which an item differs from its row of ``entities.csv``.

    What the row leaves empty is no difference, but for a listing.
    """
    lines = []
    if row["kind"] == "city" and row["latitude"]:
        place = coordinates(claims)
        far = [f"{name} {text}" for name, text in place.items() if abs(float(text) - float(row[name])) > FAR]
        lines += [f"has another location on Wikidata ({', '.join(far)})"] if far else []
    if row["kind"] == "company":
        year = founded(claims)
        if row["founded"] and year and row["founded"][:4] != year:
            lines.append(f"founded in {year} on Wikidata, {row['founded']} in entities.csv")
        missing = [one for one in listing(claims).split("; ") if one and one not in row["listing"]]
        if missing:
            lines.append(f"listed as {', '.join(missing)} on Wikidata; write it into entities.csv")
    return lines

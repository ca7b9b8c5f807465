"""Wikidata: population, area, employees, revenue and profit of the entities that have an item.

A statement has a ``mainsnak`` whose ``snaktype`` may be ``novalue`` or ``somevalue``; an amount is a signed
text (``"+7409800"``); its unit is ``"1"`` or the address of an item; a year reads ``+2017-00-00T00:00:00Z``.
Only whole, dated, not deprecated statements are taken; one about a part (P518) is another quantity. Of
several for a year the preferred rank wins; where equals disagree the year is left out, with a note. A
founding year or a place is taken from a statement that names a reference. Anybody can edit an item, so all
figures but those of Wikidata's own population indicator are doubtful: they never decide where another figure
exists, nor open a period alone.
"""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from etl.sources.base import JSON, Context, Request, Requests, Rows, Snapshot, Source, Unreadable
from etl.sources.reading import field, parse_number, records
from etl.sources.wikidata_item import CHINA, coordinates, differences, founded, items, read_item
from etl.sources.wikidata_titles import PREFIX, found_items, title_requests

RAW = "https://www.wikidata.org/wiki/Special:EntityData/{item}.json"
PAGE = "https://www.wikidata.org/wiki/{item}"
_TIME = re.compile(r"\+([0-9]{4})-([0-9][0-9])-([0-9][0-9])T")
YEAR_PRECISION = 9
Units = Mapping[str, tuple[str, Decimal]]
"""Item of a unit → indicator, factor."""
PROPERTIES: Mapping[str, Mapping[str, Units]] = {
    "city": {
        "P1082": {"1": ("population_wikidata", Decimal(1))},
        "P2046": {"Q712226": ("area", Decimal(1)), "Q35852": ("area", Decimal("0.01"))},
    },
    "company": {
        "P1128": {"1": ("employees", Decimal(1))},
        "P2139": {"Q39099": ("revenue", Decimal(1)), "Q4917": ("revenue_usd", Decimal(1))},
        "P2295": {"Q39099": ("net_profit", Decimal(1)), "Q4917": ("net_profit_usd", Decimal(1))},
    },
}
"""By kind of entity. Q712226 km², Q35852 hectare, Q39099 renminbi, Q4917 US dollar; other units are left
out."""
OWN = frozenset({"population_wikidata", "area"})
"""Indicators that no better source measures. The others are doubtful: an edit decides nothing."""
NOTE = "as stated on Wikidata, which anyone can edit"


class Wikidata(Source):
    id = "wikidata"
    title = "Wikidata"
    cadence_days = 30
    hosts = ("www.wikidata.org",)
    rate_per_second = 1.0
    publisher = "Wikidata"
    licence = "CC0-1.0"
    locator_hint = "property, point in time"

    def requests(self, context: Context) -> Requests:
        answers = []
        for request in title_requests(context):
            answers.append((yield request))
        found, _ = found_items([one for one in answers if one is not None], context)
        for item, entity in _asked(found, context).items():
            yield Request(RAW.format(item=item), accept=JSON, key=f"{entity}-{item}", optional=True)

    def read(self, snapshots: Sequence[Snapshot], context: Context, out: Rows) -> None:
        rows = {str(row["entity_id"]): row for row in context.entities.to_dict("records")}
        found_by_title, notes = found_items(snapshots, context)
        out.notes += notes
        asked = _asked(found_by_title, context)
        for snapshot in snapshots:
            if snapshot.request.key.startswith(PREFIX):
                continue
            with out.isolate(snapshot):
                asked_for = snapshot.request.key.rpartition("-")[2]
                found = read_item(snapshot)
                item, claims, modified = found["id"], found["claims"], str(found.get("modified") or "")
                if item != asked_for and asked_for in asked:  # a merged item answers under its new id
                    out.notes.append(f"{asked[asked_for]}: {asked_for} is now {item}; correct entities.csv")
                entity = asked.get(asked_for) or asked.get(item, "")
                if not entity:
                    raise Unreadable(f"{item} belongs to no entity", "correct entities.csv")
                if entity in found_by_title:
                    if CHINA not in items(claims, "P17"):
                        out.notes.append(f"{entity}: {item}, found by its title, is not in China, left out")
                        continue
                    out.notes.append(f"{entity}: found by its title as {item}; write it into entities.csv")
                row = {str(name): str(cell) for name, cell in rows[entity].items()}
                lines = differences(row, claims)
                url = PAGE.format(item=item)
                out.document(url, f"Wikidata: {item}", [snapshot], published=modified[:10])
                lines += _figures(claims, entity, row["kind"], url, out)
                _facts(claims, entity, row["kind"], url, snapshot.fetched[:4], out)
                out.notes += [f"{entity}: {line}" for line in lines]


def _asked(found: Mapping[str, str], context: Context) -> dict[str, str]:
    return context.ids("wikidata") | {item: entity for entity, item in found.items()}


def _figures(claims: Mapping[str, Any], entity: str, kind: str, url: str, out: Rows) -> list[str]:
    """Add the dated figures of an item; return a line for each thing that was left out."""
    notes: list[str] = []
    for name, units in PROPERTIES.get(kind, {}).items():
        by_year: dict[tuple[str, str], dict[str, set[Decimal]]] = defaultdict(lambda: defaultdict(set))
        undated = 0
        for statement in records(claims.get(name, [])):
            if read := _statement(statement, units):
                indicator, year, rank, value = read
                undated += not year
                if year:
                    by_year[indicator, year][rank].add(value)
        if undated:
            notes.append(f"{name}: {undated} statement{'s' * (undated > 1)} without a year, left out")
        for (indicator, year), ranks in sorted(by_year.items()):
            values = ranks.get("preferred") or ranks["normal"]
            if len(values) > 1:
                notes.append(f"{name} {year}: {len(values)} statements disagree, left out")
                continue
            out.add(
                entity, indicator, year, format(next(iter(values)), "f"), url, locator=f"{name} · {year}",
                note=NOTE, status="final" if indicator in OWN else "doubtful",
            )  # fmt: skip
    return notes


def _facts(claims: Mapping[str, Any], entity: str, kind: str, url: str, year: str, out: Rows) -> None:
    """Add founding year (of a company) and place (of a city) where a statement of it names a reference."""
    name = {"company": "P571", "city": "P625"}.get(kind, "")
    sourced = [one for one in claims.get(name, []) if isinstance(one, Mapping) and one.get("references")]
    stated = {name: sourced}
    figures = [("founded_year", founded(stated), founded(stated))] if kind == "company" else []
    figures += [
        (indicator, year, value) for indicator, value in coordinates(stated).items() if kind == "city"
    ]
    for indicator, period, value in figures:
        if value:
            out.add(entity, indicator, period, value, url, locator=name, note=NOTE, status="doubtful")


def _statement(statement: Mapping[str, Any], units: Units) -> tuple[str, str, str, Decimal] | None:
    """Return indicator, year (or ``""``), rank, value; ``None`` for one that is not to be used."""
    rank = field(statement, "rank", str)
    qualifiers = statement.get("qualifiers") or {}
    if rank not in ("preferred", "normal") or "P518" in qualifiers:
        return None
    value, year = _value(field(statement, "mainsnak", dict)), _year(qualifiers.get("P585"))
    unit = str(field(value, "unit", str)).rpartition("/")[2] if value is not None else ""
    if value is None or unit not in units:
        return None
    amount = field(value, "amount", str)
    number = parse_number(amount)
    if number is None:
        raise Unreadable(f"amount {amount!r} is no number")
    indicator, factor = units[unit]
    return indicator, year, rank, number * factor


def _value(snak: Mapping[str, Any]) -> Mapping[str, Any] | None:
    if field(snak, "snaktype", str) != "value":
        return None
    value: Mapping[str, Any] = field(field(snak, "datavalue", dict), "value", dict)
    return value


def _year(snaks: Any) -> str:
    """Return the year of the first point in time, ``""`` where there is none or only a decade."""
    for value in filter(None, map(_value, records(snaks or []))):
        match = _TIME.match(field(value, "time", str))  # none for a year before our era
        return match[1] if match and field(value, "precision", int) >= YEAR_PRECISION else ""
    return ""


SOURCE = Wikidata()

"""Wikidata: population, area, employees, revenue and profit of the entities that have an item.

Only whole, dated, not deprecated statements are taken; one about a part (P518) is another quantity. Of
several for a year the preferred rank wins; where equals disagree the year is left out, with a note. Anybody
can edit an item, so all figures but those of Wikidata's own population indicator are doubtful.

An entity in China without an item in the catalogue is looked for by the title of its article. No such item is
trusted, for several cities share a name: one of its labels must be a name of the entity, and it must be in
China.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from etl.sources.base import JSON, Context, Request, Requests, Rows, Snapshot, Source, Unreadable
from etl.sources.reading import field, json_of, normalise_text, parse_number, records
from etl.sources.wikidata_item import CHINA, coordinates, differences, founded, items, read_item, value_of

RAW = "https://www.wikidata.org/wiki/Special:EntityData/{item}.json"
PAGE = "https://www.wikidata.org/wiki/{item}"
BY_TITLE = "titles/"
TITLES_A_CALL = 50
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
TRUSTED = frozenset({"population_wikidata", "area"})
"""Indicators that no better source measures. The others are doubtful: an edit decides nothing."""
NOTE = "as stated on Wikidata, which anyone can edit"


class Wikidata(Source):
    id = "wikidata"
    title = "Wikidata"
    cadence_days = 30
    hosts = ("www.wikidata.org",)
    publisher = "Wikidata"
    licence = "CC0-1.0"

    def requests(self, context: Context) -> Requests:
        answers, titles = [], sorted(set(_titles(context).values()))
        for start in range(0, len(titles), TITLES_A_CALL):
            request = Request(
                "https://www.wikidata.org/w/api.php",
                params={
                    "action": "wbgetentities", "sites": "enwiki", "sitefilter": "enwiki", "format": "json",
                    "titles": "|".join(titles[start : start + TITLES_A_CALL]),
                    "props": "labels|aliases|sitelinks",
                    "languages": "en|zh|zh-hans|zh-cn|zh-hant|zh-tw|zh-hk",
                },
                accept=JSON, key=f"{BY_TITLE}{start // TITLES_A_CALL + 1:02}", leads_to=TITLES_A_CALL,
            )  # fmt: skip
            answers.append((yield request))
        by_title, _ = _found_by_title(filter(None, answers), context)
        for item, entity in (context.ids("wikidata") | by_title).items():
            yield Request(RAW.format(item=item), accept=JSON, key=f"{entity}-{item}", optional=True)

    def read(self, snapshots: Sequence[Snapshot], context: Context, out: Rows) -> None:
        rows = {str(row["entity_id"]): row for row in context.entities.to_dict("records")}
        by_title, notes = _found_by_title(snapshots, context)
        out.notes += notes
        entities = context.ids("wikidata") | by_title
        for snapshot in snapshots:
            if snapshot.request.key.startswith(BY_TITLE):
                continue
            with out.isolate(snapshot):
                requested, answer = snapshot.request.key.rpartition("-")[2], read_item(snapshot)
                item, claims = answer["id"], answer["claims"]
                if item != requested and requested in entities:  # a merged item answers under its new id
                    out.notes.append(
                        f"{entities[requested]}: {requested} is now {item}; correct entities.csv"
                    )
                entity = entities.get(requested) or entities.get(item, "")
                if not entity:
                    raise Unreadable(f"{item} belongs to no entity", "correct entities.csv")
                if entity in by_title.values():
                    if CHINA not in items(claims, "P17"):
                        out.notes.append(f"{entity}: {item}, found by its title, is not in China, left out")
                        continue
                    out.notes.append(f"{entity}: found by its title as {item}; write it into entities.csv")
                url, kind = PAGE.format(item=item), str(rows[entity]["kind"])
                modified = str(answer.get("modified") or "")[:10]
                out.document(url, f"Wikidata: {item}", [snapshot], published=modified)
                lines = differences({str(name): str(cell) for name, cell in rows[entity].items()}, claims)
                lines += _figures(claims, entity, kind, url, out)
                _facts(claims, entity, kind, url, snapshot.fetched[:4], out)
                out.notes += [f"{entity}: {line}" for line in lines]


def _found_by_title(snapshots: Iterable[Snapshot], context: Context) -> tuple[dict[str, str], list[str]]:
    """Return item → entity by the answers, and a line for each item whose labels are of something else."""
    by_title: dict[str, Mapping[str, Any]] = {}
    for snapshot in snapshots:
        if snapshot.request.key.startswith(BY_TITLE):
            for item in field(json_of(snapshot), "entities", dict).values():
                if "missing" not in item:  # {"-1": {"site": "enwiki", "title": …, "missing": ""}}
                    by_title[field(field(item.get("sitelinks"), "enwiki", dict), "title", str)] = item
    rows = context.entities.set_index("entity_id")
    found, notes = dict[str, str](), list[str]()
    for entity, title in _titles(context).items():
        if item := by_title.get(title):
            names = rows.loc[entity, ["name_en", "name_zh_hans", "name_zh_hant"]]
            if {_comparable(str(name)) for name in names} & _labels(item):
                found[field(item, "id", str)] = entity
            else:
                notes.append(f"{entity}: {item.get('id')} ({title}) has no label that is its name, left out")
    return found, notes


def _titles(context: Context) -> dict[str, str]:
    """Return entity → title of its English article, where it is in China and has no item."""
    titles = {entity: title.replace("_", " ") for title, entity in context.ids("enwiki").items()}
    rows = context.entities
    in_china = (rows["kind"] == "city") | (rows["kind"].eq("company") & rows["city_id"].ne(""))
    wanted = rows.loc[in_china & rows["wikidata_id"].eq(""), "entity_id"]
    return {entity: titles[entity] for entity in wanted if entity in titles}


def _labels(item: Mapping[str, Any]) -> set[str]:
    """Return an item's names of any language; where it has none the service has an empty list."""
    labels, aliases = (dict(item.get(kind) or {}).values() for kind in ("labels", "aliases"))
    return {_comparable(one["value"]) for one in (*labels, *(one for several in aliases for one in several))}


def _comparable(name: str) -> str:
    return normalise_text(name).casefold().removesuffix("市")


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
                note=NOTE, status="final" if indicator in TRUSTED else "doubtful",
            )  # fmt: skip
    return notes


def _facts(claims: Mapping[str, Any], entity: str, kind: str, url: str, year: str, out: Rows) -> None:
    """Add founding year (of a company) and place (of a city) where a statement of it names a reference."""
    name = {"company": "P571", "city": "P625"}.get(kind, "")
    referenced = {name: [one for one in records(claims.get(name, [])) if one.get("references")]}
    figures = {"founded_year": founded(referenced)} if kind == "company" else coordinates(referenced)
    for indicator, value in figures.items():
        if value:
            period = value if kind == "company" else year
            out.add(entity, indicator, period, value, url, locator=name, note=NOTE, status="doubtful")


def _statement(statement: Mapping[str, Any], units: Units) -> tuple[str, str, str, Decimal] | None:
    """Return indicator, year (or ``""``), rank, value; ``None`` for one that is not to be used."""
    rank = field(statement, "rank", str)
    qualifiers = statement.get("qualifiers") or {}
    if rank not in ("preferred", "normal") or "P518" in qualifiers:
        return None
    value, year = value_of(field(statement, "mainsnak", dict)), _year(qualifiers.get("P585"))
    unit = str(field(value, "unit", str)).rpartition("/")[2] if value is not None else ""
    if unit not in units:
        return None
    amount = field(value, "amount", str)
    number = parse_number(amount)
    if number is None:
        raise Unreadable(f"amount {amount!r} is no number")
    indicator, factor = units[unit]
    return indicator, year, rank, number * factor


def _year(snaks: Any) -> str:
    """Return the year of the first point in time, ``""`` where there is none or only a decade."""
    for value in filter(None, map(value_of, records(snaks or []))):
        match = re.match(r"\+([0-9]{4})-", field(value, "time", str))  # none for a year before our era
        return match[1] if match and field(value, "precision", int) >= YEAR_PRECISION else ""
    return ""

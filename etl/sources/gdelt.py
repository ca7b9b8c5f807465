"""GDELT DOC 2.0: an entity's share of the news coverage GDELT monitors, by day, last three months.

Off by default: the service throttles at random, answers its refusals as plain text with status 200, and
an empty answer may mean anything. Whatever is not a measured series is "not measured", never zero. The entity
whose series ends first is asked for first, and after a refusal nothing more: the next run goes on from there.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from etl.sources.base import Context, Parsed, Request, Requests, ShapeError, Snapshot, Source
from etl.sources.reading import document, field, json_of, known, published, records, where
from etl.tidy import source_id_for

ID = "gdelt"
API = "https://api.gdeltproject.org/api/v2/doc/doc"
INDICATOR = "news_volume_gdelt"
ENTITIES = ("shenzhen", "hangzhou", "deepseek", "unitree")
_STAMP = re.compile(r"(20[0-9][0-9])([0-9][0-9])([0-9][0-9])T[0-9]{6}Z\Z")


class Gdelt(Source):
    """Daily share of coverage."""

    id = ID
    title = "GDELT DOC 2.0"
    cadence_days = 30
    on_by_default = False
    hosts = ("api.gdeltproject.org",)
    rate_per_second = 0.15
    keeps_history = True

    def requests(self, context: Context) -> Requests:
        """Ask for each entity's time line by its English name, until the service has had enough."""
        names = dict(zip(context.entities["entity_id"], context.entities["name_en"], strict=True))
        newest = _newest(context)
        for entity in sorted(ENTITIES, key=lambda one: (newest.get(one, ""), ENTITIES.index(one))):
            if entity in names and context.wants(entity):
                answer = yield Request(
                    API,
                    params={
                        "query": f'"{names[entity]}"',
                        "mode": "timelinevol",
                        "format": "json",
                        "timespan": "3months",
                    },
                    accept=("application/json", "text/json"),
                    key=entity,
                    best_effort=True,
                )
                if answer is None:
                    return

    def parse(self, snapshots: Sequence[Snapshot], context: Context) -> Parsed:
        """Read the days of each time line, the running one left out."""
        observations: list[dict[str, object]] = []
        sources: list[dict[str, str]] = []
        there = {snapshot.request.key for snapshot in snapshots}
        refused = [one for one in ENTITIES if one not in there and context.wants(one)]
        notes = [f"refused or not asked, not measured: {', '.join(refused)}"] if refused else []
        failures: list[ShapeError] = []
        for snapshot in snapshots:
            entity = snapshot.request.key
            try:
                days = _days(snapshot)
            except ShapeError as error:
                failures.append(error)
                notes.append(f"{error.what}; not measured")
                continue
            if not days:
                notes.append(f"{entity}: no time line in the answer; not measured")
                continue
            url = f"{API}?query=%22{entity}%22&mode=timelinevol&format=json&timespan=3months"
            observations += [
                {
                    "entity_id": entity,
                    "indicator_id": INDICATOR,
                    "period": day,
                    "value": value,
                    "source_id": source_id_for(url),
                    "status": "final",
                    "locator": f"Volume Intensity · {day}",
                }
                for day, value in sorted(days.items())
                if day < snapshot.fetched[:10] and known(context, [INDICATOR])
            ]
            sources.append(
                document(
                    url,
                    title=f"GDELT: share of coverage, {entity}",
                    publisher="The GDELT Project",
                    tier="reference",
                    licence="facts with attribution",
                    collector=ID,
                    snapshots=[snapshot],
                )
            )
        if failures and not observations:
            raise failures[-1]
        return Parsed.of(observations, sources, notes)


def _newest(context: Context) -> dict[str, str]:
    """Return each entity's newest published day."""
    table = published(context, "attention")
    newest = table[table["indicator_id"] == INDICATOR].groupby("entity_id")["period"].max()
    return {str(entity): str(day) for entity, day in newest.items()}


def _days(snapshot: Snapshot) -> dict[str, Decimal]:
    at = where(snapshot)
    answer = json_of(snapshot, ID)
    if not isinstance(answer, dict):
        raise ShapeError(ID, f"{at}: an object was expected")
    if "articles" in answer:
        raise ShapeError(ID, f"{at}: a list of articles instead of a time line")
    days: dict[str, Decimal] = {}
    for line in records(answer.get("timeline") or [], ID, at):
        for row in records(field(line, "data", list, ID, at), ID, at):
            match = _STAMP.match(field(row, "date", str, ID, at))
            value = Decimal(field(row, "value", (int, Decimal), ID, at))
            if match is None or not 0 <= value <= 100:
                raise ShapeError(ID, f"{at}: {row['date']} = {value} is no day's share")
            day = "-".join(match.groups())
            if days.setdefault(day, value) != value:
                raise ShapeError(ID, f"{at}: {day} stands twice")
    return days


SOURCE = Gdelt()

"""GDELT DOC 2.0: an entity's share of the news coverage GDELT monitors, by day, last three months.

Off by default: the service throttles at random, refuses in plain text, and an empty answer may mean anything,
so it is never a zero. After a refusal the run asks nothing more; the next one begins with the series that
ends first.
"""

import re
from collections.abc import Sequence
from decimal import Decimal

from etl.sources.base import JSON, Context, Request, Requests, Rows, Snapshot, Source, Unreadable
from etl.sources.reading import field, json_of, load_published, records

API = "https://api.gdeltproject.org/api/v2/doc/doc"
INDICATOR = "news_volume_gdelt"
_STAMP = re.compile(r"(20[0-9][0-9])([0-9][0-9])([0-9][0-9])T[0-9]{6}Z\Z")


class Gdelt(Source):
    id = "gdelt"
    title = "GDELT DOC 2.0"
    cadence_days = 30
    on_by_default = False
    hosts = ("api.gdeltproject.org",)
    rate_per_second = 0.15
    keeps_history = True
    publisher = "The GDELT Project"

    def requests(self, context: Context) -> Requests:
        table = load_published(context, "attention")
        newest = table[table["indicator_id"] == INDICATOR].groupby("entity_id")["period"].max()
        names = {entity: name for name, entity in context.ids("gdelt").items()}
        for entity in sorted(names, key=lambda one: (newest.get(one, ""), one)):
            params = {"mode": "timelinevol", "format": "json", "timespan": "3months"}
            params["query"] = f'"{names[entity]}"'
            if (yield Request(API, params=params, accept=JSON, key=entity, best_effort=True)) is None:
                return

    def read(self, snapshots: Sequence[Snapshot], context: Context, out: Rows) -> None:
        answered = {snapshot.request.key for snapshot in snapshots}
        if refused := [one for one in context.ids("gdelt").values() if one not in answered]:
            out.notes.append(f"refused or not asked, not measured: {', '.join(refused)}")
        for snapshot in snapshots:
            with out.isolate(snapshot):
                entity, days = snapshot.request.key, _days(snapshot)
                if not days:
                    out.notes.append(f"{entity}: no time line in the answer; not measured")
                    continue
                url = f"{API}?query=%22{entity}%22&mode=timelinevol&format=json&timespan=3months"
                out.document(url, f"GDELT: share of coverage, {entity}", [snapshot])
                for day, value in sorted(days.items()):
                    if day < snapshot.day:
                        out.add(entity, INDICATOR, day, value, url, locator=f"Volume Intensity · {day}")


def _days(snapshot: Snapshot) -> dict[str, Decimal]:
    answer = json_of(snapshot)
    if not isinstance(answer, dict) or "articles" in answer:
        raise Unreadable("no time line, but a list of articles or something else")
    days: dict[str, Decimal] = {}
    for line in records(answer.get("timeline") or []):
        for row in records(field(line, "data", list)):
            match = _STAMP.match(field(row, "date", str))
            value = Decimal(field(row, "value", (int, Decimal)))
            known = days.setdefault("-".join(match.groups()), value) if match else None
            if known != value or not 0 <= value <= 100:
                raise Unreadable(f"{row['date']} = {value} is no day's share, or one of two")
    return days

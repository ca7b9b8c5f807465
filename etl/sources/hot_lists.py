"""Archives of hot lists, one JSON file a day: what they share.

A file is a list of entries; an entry's ``title`` is what stood on the list that day. Titles that match
an entity's regular expression in ``keywords.csv`` (anywhere, in upper or lower case) are counted, each
distinct title once a day; ``all_topics`` counts all of them, the denominator. A month is the sum of
its days and is published only when every day of it has a file.

Which days are asked for: from the first day of the month of the newest published day, but at most from
the first of the previous month, until yesterday. A day whose file holds an empty list (the Weibo archive
has 34 in autumn 2021) is not measured; its month has no sum. Where the archive has no file of late (it may be
behind, or have ended), its newest month is searched backwards. ``PURSUIT_ARCHIVE_FROM=2025-01-01``
starts the window there instead.
"""

from __future__ import annotations

import re
from abc import abstractmethod
from calendar import monthrange
from collections import defaultdict
from collections.abc import Generator, Mapping, Sequence
from datetime import date, timedelta
from typing import ClassVar

from etl.sources.base import Context, Parsed, Request, Requests, ShapeError, Snapshot, Source, SourceError
from etl.sources.reading import document, json_of, known, normal, published, records, where
from etl.tidy import source_id_for

__all__ = ["HotList"]

DENOMINATOR = "all_topics"
GIVE_UP_AFTER = 10
"""Days in a row without a file after which the newest month is searched backwards."""
_DAY = re.compile(r"20[0-9][0-9]-[0-9][0-9]-[0-9][0-9]\Z")


class HotList(Source):
    """One archive; a subclass names its addresses and indicators and reads one entry's weight."""

    cadence_days = 1
    hosts = ("raw.githubusercontent.com",)
    rate_per_second = 5.0
    concurrency = 2
    keeps_history = True

    raw: ClassVar[str]
    """Address of a day's file, with ``{day}``."""
    page: ClassVar[str]
    """Address of the same file as a reader sees it, with ``{day}``."""
    listing: ClassVar[str]
    """Address of the archive's folder, the document a month's sum is cited from."""
    path: ClassVar[str]
    """The file's path inside the archive, with ``{day}``."""
    daily: ClassVar[str]
    monthly: ClassVar[str]
    first_day: ClassVar[date]
    publisher: ClassVar[str]
    what: ClassVar[str]
    """How a value comes about, for the note."""

    @abstractmethod
    def weights(self, entries: Sequence[Mapping[str, object]], at: str) -> dict[str, int]:
        """Return distinct title → weight of a day's entries. Raise :class:`ShapeError`."""

    def requests(self, context: Context) -> Requests:
        """Ask for the days of the window, newest first; see the module's docstring."""
        start, end = self._window(context)
        found = yield from self._days(start, end)
        if found or self._setting(context):
            return
        month = start
        while month > self._oldest(context):
            month = (month - timedelta(days=1)).replace(day=1)
            probe = yield self._request(month)
            if probe is not None:
                last = month.replace(day=monthrange(month.year, month.month)[1])
                yield from self._days(month + timedelta(days=1), last, patient=True)
                before = (month - timedelta(days=1)).replace(day=1)
                if before >= self._oldest(context):
                    yield from self._days(before, month - timedelta(days=1), patient=True)
                return

    def _days(
        self, start: date, end: date, *, patient: bool = False
    ) -> Generator[Request, Snapshot | None, int]:
        found = absent = 0
        day = end
        while day >= start and (patient or found or absent < GIVE_UP_AFTER):
            snapshot = yield self._request(day)
            found, absent = found + (snapshot is not None), absent + (snapshot is None)
            day -= timedelta(days=1)
        return found

    def _request(self, day: date) -> Request:
        return Request(
            self.raw.format(day=day),
            accept=("text/plain", "application/json", "application/octet-stream"),
            key=f"{day}",
            optional=True,
        )

    def _setting(self, context: Context) -> str:
        return context.setting("PURSUIT_ARCHIVE_FROM")

    def _window(self, context: Context) -> tuple[date, date]:
        end = context.today - timedelta(days=1)
        if chosen := self._setting(context):
            try:
                return max(date.fromisoformat(chosen), self.first_day), end
            except ValueError as error:
                raise SourceError(
                    self.id, f"PURSUIT_ARCHIVE_FROM={chosen!r} is no date", "write it as 2025-01-31"
                ) from error
        earliest = (end.replace(day=1) - timedelta(days=1)).replace(day=1)
        newest = self._newest(context)
        return max(newest.replace(day=1), earliest) if newest else earliest, end

    def _newest(self, context: Context) -> date | None:
        table = published(context, "attention")
        days = table.loc[table["indicator_id"] == self.daily, "period"]
        return max((date.fromisoformat(day) for day in days), default=None)

    def _oldest(self, context: Context) -> date:
        """Return the first of the month before which no search goes."""
        return (self._newest(context) or self.first_day).replace(day=1)

    def parse(self, snapshots: Sequence[Snapshot], context: Context) -> Parsed:
        """Count each day's titles by entity, and sum up the months that are whole."""
        patterns = _patterns(context, self.id)
        if not known(context, [self.daily]):
            raise SourceError(self.id, f"{self.daily} is not in indicators.csv", "add its row")
        observations: list[dict[str, str]] = []
        sources: list[dict[str, str]] = []
        sums: dict[str, dict[str, dict[str, int]]] = defaultdict(lambda: defaultdict(dict))
        months: dict[str, list[Snapshot]] = defaultdict(list)
        empty: list[str] = []
        for snapshot in sorted(snapshots, key=lambda one: one.request.key):
            day = snapshot.request.key
            if not _DAY.match(day):
                raise ShapeError(self.id, f"{where(snapshot)}: not a day's file")
            weights = self.weights(records(json_of(snapshot, self.id), self.id, day), day)
            if not weights:
                empty.append(day)
                continue
            months[day[:7]].append(snapshot)
            url = self.page.format(day=day)
            for entity, pattern in patterns.items():
                matching = [title for title in weights if pattern is None or pattern.search(title)]
                value = sum(weights[title] for title in matching)
                sums[day[:7]][entity][day] = value
                observations.append(
                    {
                        "entity_id": entity,
                        "indicator_id": self.daily,
                        "period": day,
                        "value": str(value),
                        "source_id": source_id_for(url),
                        "status": "final",
                        "note": f"own count: {self.what}; {len(matching)} of {len(weights)} distinct titles",
                        "locator": self.path.format(day=day),
                    }
                )
            sources.append(self._document(url, f"{self.title}, {day}", [snapshot], day))
        if empty and not observations:
            what = f"{empty[0]}: the list is empty" + (f", as are {len(empty) - 1} more" * (len(empty) > 1))
            raise ShapeError(self.id, what, "an empty day is not a zero; try again later")
        rows, notes, cited = self._months(sums, months)
        if empty:
            shown = ", ".join(empty[:3]) + (f" and {len(empty) - 3} more" * (len(empty) > 3))
            notes.append(f"an empty list is not a zero, left out: {shown}")
        if cited:
            sources.append(self._document(self.listing, f"{self.title}, all days", cited, ""))
        if not snapshots:
            notes.append("the archive has no file for any day asked for")
        return Parsed.of(observations + rows, sources, notes)

    def _months(
        self, sums: Mapping[str, Mapping[str, Mapping[str, int]]], months: Mapping[str, list[Snapshot]]
    ) -> tuple[list[dict[str, str]], list[str], list[Snapshot]]:
        rows: list[dict[str, str]] = []
        notes: list[str] = []
        cited: list[Snapshot] = []
        for month, by_entity in sorted(sums.items()):
            days, length = len(months[month]), monthrange(int(month[:4]), int(month[5:]))[1]
            if days < length:
                notes.append(f"{month}: {days} of {length} days there, so no sum of the month")
                continue
            cited += months[month]
            rows += [
                {
                    "entity_id": entity,
                    "indicator_id": self.monthly,
                    "period": month,
                    "value": str(sum(values.values())),
                    "source_id": source_id_for(self.listing),
                    "status": "final",
                    "note": f"own count: {self.what}; summed over the {days} days of the month",
                    "locator": self.path.format(day=f"{month}-*"),
                }
                for entity, values in by_entity.items()
            ]
        return rows, notes, cited

    def _document(self, url: str, title: str, snapshots: Sequence[Snapshot], day: str) -> dict[str, str]:
        return document(
            url,
            title=title,
            publisher=self.publisher,
            tier="reference",
            licence="MIT",
            collector=self.id,
            snapshots=snapshots,
            published=day,
            locator_hint="titles of the day's list",
        )

    def title_of(self, entry: Mapping[str, object], at: str) -> str:
        """Return an entry's title without blanks around it; raise :class:`ShapeError` when it has none."""
        title = entry.get("title")
        if not isinstance(title, str) or not normal(title):
            raise ShapeError(self.id, f"{at}: an entry without a title", "look at the archive's file")
        return title.strip()


def _patterns(context: Context, source: str) -> dict[str, re.Pattern[str] | None]:
    """Return entity → pattern (``None``: everything) for the entities of the catalogue that are wanted."""
    entities = set(context.entities["entity_id"])
    patterns: dict[str, re.Pattern[str] | None] = {}
    for entity, pattern in zip(context.keywords["entity_id"], context.keywords["pattern"], strict=True):
        try:
            compiled = re.compile(str(pattern), re.IGNORECASE)
        except re.error as error:
            raise SourceError(
                source, f"keywords.csv, {entity}: {error}", "mend the regular expression"
            ) from error
        if entity in entities and context.wants(str(entity)):
            patterns[str(entity)] = compiled
    if DENOMINATOR in entities:
        patterns[DENOMINATOR] = None
    return patterns

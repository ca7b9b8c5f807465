"""Archives of hot lists, one JSON file per day: three instances of one class.

Titles that match an entity's regular expression in ``keywords.csv`` are counted, each distinct title once a
day; ``all_topics`` counts all of them, the denominator. Heat is the platform's own figure, without
advertisements. A month has a sum only when every day is there. A day with less than half the titles of its
neighbours is preliminary, for a file fills up during its day; an empty list is not a zero.

Asked for, newest first: the days that are not published, since the first one that was collected or the first
of the previous month; where the newest days are missing, every seventh day until the archive's end is found.
With ``PURSUIT_ARCHIVE_FROM`` every day since then. A day counted by other keywords is counted again from its
stored answer.
"""

import re
from calendar import monthrange
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from statistics import median
from typing import Any

from etl.sources.archive import DAY, DailyArchive
from etl.sources.base import Context, Requests, Rows, Snapshot, SourceError, Unreadable
from etl.sources.reading import abbreviate, field, json_of, load_published, normalise_text, records
from etl.tidy import source_id_for

DENOMINATOR = "all_topics"
GIVE_UP_AFTER = 10
"""Days in a row without a file after which only every seventh is asked for."""
PART = 0.5
Counts = defaultdict[str, dict[str, int]]
"""Day → entity → figure."""


class HotList(DailyArchive):
    def __init__(
        self, name: str, title: str, repository: str, path: str, indicator: str, first_day: date,
        what: str = "distinct titles of the day", heat: bool = False,
    ) -> None:  # fmt: skip
        """Take an ``indicator`` without ``_daily`` or ``_monthly``, and ``what`` is counted."""
        super().__init__(name, title, repository, path, first_day)
        self.listing = f"https://github.com/{repository}/tree/master/{path.partition('/')[0]}"
        self.daily, self.monthly = f"{indicator}_daily", f"{indicator}_monthly"
        self.what, self.heat = what, heat

    def requests(self, context: Context) -> Requests:
        counted, settled, outdated = self._published(context)
        chosen = context.chosen_start(self.id, self.first_day)
        first = min(map(date.fromisoformat, counted), default=None)
        start = chosen or first or self.first_day
        day = last = context.today - DAY
        newest, absent = None, 0
        while day >= start:
            exists = f"{day}" in settled or (yield self.day_request(day, context)) is not None
            absent = 0 if exists else absent + 1
            if exists and newest is None:
                newest = day
                for passed in (day + n * DAY for n in range(1, (last - day).days)):
                    if f"{passed}" not in settled:
                        yield self.day_request(passed, context)
                if not chosen:
                    before = (day.replace(day=1) - DAY).replace(day=1)
                    start = max(min(first or before, before), self.first_day)
            last = day
            day -= 7 * DAY if newest is None and absent >= GIVE_UP_AFTER and not chosen else DAY
        for outdated_day in sorted(outdated, reverse=True):
            yield self.day_request(date.fromisoformat(outdated_day), context, stored=True)

    def _published(self, context: Context) -> tuple[Counts, set[str], set[str]]:
        """Return the published counts, the days that are final, and those counted by other keywords."""
        table = load_published(context, "attention")
        table = table[table["indicator_id"] == self.daily]
        ids = {day: source_id_for(self.page.format(day=day)) for day in table["period"].unique()}
        table = table[table["source_id"] == table["period"].map(ids)]
        patterns, counts, current = self._patterns(context), Counts(dict), Counter[str]()
        for row in table.itertuples():
            counts[str(row.period)][str(row.entity_id)] = int(float(str(row.value)))
            if row.entity_id in patterns and _matching(patterns[str(row.entity_id)]) in str(row.note):
                current[str(row.period)] += 1
        settled = counts.keys() - set(table.loc[table["status"] == "preliminary", "period"])
        return counts, settled, {day for day in settled if current[day] < len(patterns)}

    def _patterns(self, context: Context) -> dict[str, re.Pattern[str] | None]:
        """Return entity → pattern (``None``: everything) for the entities that are wanted."""
        entities = set(context.entities["entity_id"])
        patterns: dict[str, re.Pattern[str] | None] = dict.fromkeys({DENOMINATOR} & entities)
        for entity, pattern in zip(context.keywords["entity_id"], context.keywords["pattern"], strict=True):
            try:
                compiled = re.compile(str(pattern), re.IGNORECASE)
            except re.error as error:
                what = f"keywords.csv, {entity}: {error}"
                raise SourceError(self.id, what, "correct the regular expression") from error
            if entity in entities and context.wants(str(entity)):
                patterns[str(entity)] = compiled
        return patterns

    def read(self, snapshots: Sequence[Snapshot], context: Context, out: Rows) -> None:
        counts, settled, outdated = self._published(context)
        if not snapshots and not counts:
            out.notes.append("the archive has no file for any day asked for")
        days: dict[str, dict[str, int]] = {}
        empty: list[str] = []
        for snapshot in sorted(snapshots, key=lambda one: one.request.key):
            day = snapshot.request.key
            with out.isolate(snapshot):
                if weights := self._weights(records(json_of(snapshot))):
                    days[day] = weights
                    title = f"{self.title}, {day}"
                    out.document(self.page.format(day=day), title, [snapshot], published=day)
                else:
                    empty.append(day)
        if empty and not days:
            raise Unreadable(f"{abbreviate(empty, 3)}: the list is empty", "no zero; try again later")
        if empty:
            out.notes.append(f"an empty list is not a zero, left out: {abbreviate(empty, 3)}")
        partial = (counts.keys() - settled - days.keys()) | _partial(days, counts)
        patterns = self._patterns(context)
        for day, weights in days.items():
            counts[day] = self._count(day, weights, patterns, day in partial, out)
        self._months(days, counts, partial, snapshots, out)
        if lost := outdated - days.keys():
            out.notes.append(f"{len(lost)} days keep the count of earlier keywords: no stored answer")

    def _weights(self, entries: Sequence[Mapping[str, Any]]) -> dict[str, int]:
        """Return distinct title → weight: 1, or its heat, the higher one of a title that appears twice."""
        found: dict[str, int] = {}
        for entry in entries:
            title, weight = str(entry.get("title") or "").strip(), 1
            if not normalise_text(title):
                raise Unreadable("an entry without a title", "look at the archive's file")
            if self.heat:
                if field(entry, "ads", bool):
                    continue
                weight = field(entry, "hot", int)
                if weight < 0:
                    raise Unreadable(f"the heat of {title} is {weight}")
            found[title] = max(weight, found.get(title, 0))
        return found

    def _count(
        self, day: str, weights: Mapping[str, int], patterns: Mapping[str, re.Pattern[str] | None],
        partial: bool, out: Rows,
    ) -> dict[str, int]:  # fmt: skip
        found = {}
        for entity, pattern in patterns.items():
            matching = [weight for title, weight in weights.items() if not pattern or pattern.search(title)]
            found[entity] = sum(matching)
            note = f"own count: {self.what}{_matching(pattern)}; {len(matching)} of {len(weights)} titles"
            out.add(
                entity, self.daily, day, str(found[entity]), self.page.format(day=day),
                locator=self.path.format(day=day), note=note, status="preliminary" if partial else "final",
            )  # fmt: skip
        return found

    def _months(
        self, days: Iterable[str], counts: Counts, partial: set[str], snapshots: Sequence[Snapshot], out: Rows
    ) -> None:  # fmt: skip
        for month in sorted({day[:7] for day in days}):
            length = monthrange(int(month[:4]), int(month[5:]))[1]
            counted = [f"{month}-{n:02}" for n in range(1, length + 1) if f"{month}-{n:02}" in counts]
            if len(counted) < length:
                out.notes.append(f"{month}: {len(counted)} of {length} days there, so no sum of the month")
                continue
            out.document(self.listing, f"{self.title}, all days", snapshots, of_list=True)
            for entity in set.intersection(*(set(counts[day]) for day in counted)):
                total = str(sum(counts[day][entity] for day in counted))
                out.add(
                    entity, self.monthly, month, total, self.listing,
                    locator=self.path.format(day=f"{month}-*"),
                    note=f"own count: {self.what}; summed over the {length} days of the month",
                    status="preliminary" if partial & set(counted) else "final",
                )  # fmt: skip


def _partial(days: Mapping[str, Mapping[str, int]], counts: Counts) -> set[str]:
    """Return the days with less than half the titles (or heat) of the week around them."""
    size = {day: found[DENOMINATOR] for day, found in counts.items() if DENOMINATOR in found}
    size |= {day: sum(weights.values()) for day, weights in days.items()}
    found = set()
    for day in days:
        near = (f"{date.fromisoformat(day) + n * DAY}" for n in range(-7, 8) if n)
        sizes = [size[one] for one in near if one in size]
        if len(sizes) >= 3 and size[day] < PART * median(sizes):
            found.add(day)
    return found


def _matching(pattern: re.Pattern[str] | None) -> str:
    return f" that match “{pattern.pattern}”" if pattern else ""


WEIBO_HOT = HotList(
    "weibo_hot", "Weibo hot search daily archive", "justjavac/weibo-trending-hot-search", "raw/{day}.json",
    "weibo_hot_search_titles", date(2020, 11, 24),
)  # fmt: skip
ZHIHU_HOT = HotList(
    "zhihu_hot", "Zhihu hot questions daily archive", "justjavac/zhihu-trending-hot-questions",
    "raw/{day}.json", "zhihu_hot_questions", date(2020, 11, 24), "distinct questions of the day",
)  # fmt: skip
WEIBO_HEAT = HotList(
    "weibo_heat", "Weibo hot search history", "lxw15337674/weibo-trending-hot-history",
    "api/{day}/summary.json", "weibo_hot_search_heat", date(2024, 5, 20),
    "heat summed over the distinct titles of the day, without advertisements", heat=True,
)  # fmt: skip

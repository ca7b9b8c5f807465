"""Archives of hot lists, one JSON file per day: three instances of one class.

Titles that match an entity's regular expression in ``keywords.csv`` (in upper or lower case) are counted,
each distinct title once a day; ``all_topics`` counts all of them, the denominator. Heat is the platform's own
figure, as kept by the archive; advertisements are left out there.

Asked for, newest first: the days that are not published, since the first one that was collected or the first
of the previous month; where the newest days are missing, every seventh day before them until the archive's
end is found. With ``PURSUIT_ARCHIVE_FROM`` every day since then. A day counted by other keywords is counted
again from its stored answer.

A file fills up during its day: a day with less than half the titles of its neighbours is preliminary. An
empty list (the Weibo archive has 34 in autumn 2021) is not a zero. A month has a sum only when every day is
there.
"""

import re
from calendar import monthrange
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from statistics import median
from typing import Any

from etl.sources.archive import DAY, DailyArchive
from etl.sources.base import Context, Requests, Rows, Snapshot, SourceError, Unreadable
from etl.sources.reading import abbreviate, json_of, load_published, normalise_text, records
from etl.tidy import source_id_for

DENOMINATOR = "all_topics"
GIVE_UP_AFTER = 10
"""Days in a row without a file after which only every seventh is asked for."""
PART = 0.5


class HotList(DailyArchive):
    rate_per_second = 5.0
    locator_hint = "titles of the day's list"

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
        counted = _Counted(self, context)
        chosen = context.chosen_start(self.id, self.first_day)
        start = chosen or counted.first or self.first_day
        day = last = context.today - DAY
        newest, absent = None, 0
        while day >= start:
            there = day in counted.settled or (yield self.day_request(day, context)) is not None
            absent = 0 if there else absent + 1
            if there and newest is None:
                newest = day
                for passed in (day + n * DAY for n in range(1, (last - day).days)):
                    if passed not in counted.settled:
                        yield self.day_request(passed, context)
                if not chosen:
                    before = (day.replace(day=1) - DAY).replace(day=1)
                    start = max(min(counted.first or before, before), self.first_day)
            last = day
            day -= 7 * DAY if newest is None and absent >= GIVE_UP_AFTER and not chosen else DAY
        for day in sorted(counted.outdated, reverse=True):
            yield self.day_request(day, context, stored=True)

    def read(self, snapshots: Sequence[Snapshot], context: Context, out: Rows) -> None:
        before = _Counted(self, context)
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
        if not snapshots and not before.first:
            out.notes.append("the archive has no file for any day asked for")
        values = dict(before.values)
        partial = (before.preliminary - set(days)) | _partial(days, before)
        for day, weights in days.items():
            values[day] = self._count(day, weights, before.patterns, day in partial, out)
        self._months(days, values, partial, snapshots, out)
        if kept := {f"{one}" for one in before.outdated} - set(days):
            out.notes.append(f"{len(kept)} days keep the count of earlier keywords: no stored answer")

    def _weights(self, entries: Sequence[Mapping[str, Any]]) -> dict[str, int]:
        """Return distinct title → weight: 1, or its heat, the higher one of a title that appears twice."""
        found: dict[str, int] = {}
        for entry in entries:
            title = entry.get("title")
            if not isinstance(title, str) or not normalise_text(title):
                raise Unreadable("an entry without a title", "look at the archive's file")
            weight = _heat(entry) if self.heat else 1
            if weight is not None:
                found[title.strip()] = max(weight, found.get(title.strip(), 0))
        return found

    def _count(
        self, day: str, weights: Mapping[str, int], patterns: Mapping[str, re.Pattern[str] | None],
        partial: bool, out: Rows,
    ) -> dict[str, int]:  # fmt: skip
        """Add a day's figures; return them by entity."""
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
        self, days: Mapping[str, object], values: Mapping[str, Mapping[str, int]], partial: set[str],
        snapshots: Sequence[Snapshot], out: Rows,
    ) -> None:  # fmt: skip
        for month in sorted({day[:7] for day in days}):
            length = monthrange(int(month[:4]), int(month[5:]))[1]
            there = [f"{month}-{n:02}" for n in range(1, length + 1) if f"{month}-{n:02}" in values]
            if len(there) < length:
                out.notes.append(f"{month}: {len(there)} of {length} days there, so no sum of the month")
                continue
            out.document(self.listing, f"{self.title}, all days", snapshots, of_list=True)
            for entity in set.intersection(*(set(values[day]) for day in there)):
                out.add(
                    entity, self.monthly, month, str(sum(values[day][entity] for day in there)), self.listing,
                    locator=self.path.format(day=f"{month}-*"),
                    note=f"own count: {self.what}; summed over the {length} days of the month",
                    status="preliminary" if partial & set(there) else "final",
                )  # fmt: skip


def _heat(entry: Mapping[str, Any]) -> int | None:
    """Return an entry's heat, ``None`` for an advertisement."""
    advertisement, hot = entry.get("ads"), entry.get("hot")
    if not isinstance(advertisement, bool):
        raise Unreadable("an entry without true or false in 'ads'")
    if not advertisement and (isinstance(hot, bool) or not isinstance(hot, int) or hot < 0):
        raise Unreadable(f"'hot' is {hot!r}, a whole number was expected")
    return None if advertisement else hot


def _partial(days: Mapping[str, Mapping[str, int]], before: "_Counted") -> set[str]:
    """Return the days with less than half the titles (or heat) of the week around them."""
    size = {day: found[DENOMINATOR] for day, found in before.values.items() if DENOMINATOR in found}
    size |= {day: sum(weights.values()) for day, weights in days.items()}
    found = set()
    for day in days:
        near = (f"{date.fromisoformat(day) + n * DAY}" for n in range(-7, 8) if n)
        sizes = [size[one] for one in near if one in size]
        if len(sizes) >= 3 and size[day] < PART * median(sizes):
            found.add(day)
    return found


class _Counted:
    """What this collector has counted and published already, and the keywords it counts by."""

    def __init__(self, source: HotList, context: Context) -> None:
        table = load_published(context, "attention")
        table = table[table["indicator_id"] == source.daily]
        ours = {day: source_id_for(source.page.format(day=day)) for day in table["period"].unique()}
        table = table[table["source_id"] == table["period"].map(ours)]
        self.patterns = _patterns(context, source.id)
        self.preliminary = set(table.loc[table["status"] == "preliminary", "period"])
        self.values: dict[str, dict[str, int]] = defaultdict(dict)
        """Day → entity → figure."""
        current: dict[str, set[str]] = defaultdict(set)
        columns = (table[name] for name in ("period", "entity_id", "value", "note"))
        for day, entity, value, note in zip(*columns, strict=True):
            self.values[day][entity] = int(float(value))
            if entity in self.patterns and _matching(self.patterns[entity]) in note:
                current[day].add(entity)
        self.first = min(map(date.fromisoformat, self.values), default=None)
        self.settled = {date.fromisoformat(day) for day in self.values.keys() - self.preliminary}
        """Days that need not be asked for."""
        every = self.patterns.keys()
        self.outdated = {day for day in self.settled if every - current[f"{day}"]}
        """Days on which an entity was not counted by today's keywords."""


def _matching(pattern: re.Pattern[str] | None) -> str:
    return f" that match “{pattern.pattern}”" if pattern else ""


def _patterns(context: Context, source: str) -> dict[str, re.Pattern[str] | None]:
    """Return entity → pattern (``None``: everything) for the entities of the catalogue that are wanted."""
    entities = set(context.entities["entity_id"])
    patterns: dict[str, re.Pattern[str] | None] = {}
    for entity, pattern in zip(context.keywords["entity_id"], context.keywords["pattern"], strict=True):
        try:
            compiled = re.compile(str(pattern), re.IGNORECASE)
        except re.error as error:
            what = f"keywords.csv, {entity}: {error}"
            raise SourceError(source, what, "correct the regular expression") from error
        if entity in entities and context.wants(str(entity)):
            patterns[str(entity)] = compiled
    return patterns | dict.fromkeys({DENOMINATOR} & entities)


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

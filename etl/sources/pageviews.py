"""Wikipedia page views by people, in Chinese and in English, by day.

404 means no such title, or no view at all, so it is never a zero; an absent day is not measured either.
A moved page leaves its views under the old title, and the two scripts of a Chinese title are two titles: an
entity's views are the sum over its titles in ``external_ids.csv`` (``enwiki``, ``zhwiki``, ``…_other``).

Asked for, by calendar year: the last 400 days (or since ``PURSUIT_ARCHIVE_FROM``) and the weeks around 29
January 2025, but for years whose days are published. Series that end earliest come first, so the next run
continues where a limit ended this one.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from urllib.parse import quote, unquote

import pandas as pd

from etl.sources.archive import DAY, SETTLED
from etl.sources.base import JSON, Context, Request, Requests, Rows, Snapshot, Source, Unreadable
from etl.sources.reading import abbreviate, field, json_of, load_published, records

BASE = "https://wikimedia.org/api/rest_v1/metrics/pageviews/per-article"
FIRST_DAY = date(2015, 7, 1)
LANGUAGES = {"zh": "wikipedia_pageviews_zh", "en": "wikipedia_pageviews_en"}
RECENT = timedelta(days=400)
MOMENT = (date(2025, 1, 13), date(2025, 2, 23))
"""The weeks around the essay's day: always kept, however long ago."""


def titles(context: Context) -> dict[tuple[str, str], list[str]]:
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for language in LANGUAGES:
        for scheme in (f"{language}wiki", f"{language}wiki_other"):
            for title, entity in context.ids(scheme).items():
                found[entity, language].append(title)
    return found


class Pageviews(Source):
    id = "pageviews"
    title = "Wikimedia page views"
    cadence_days = 1
    hosts = ("wikimedia.org",)
    rate_per_second = 3.0
    keeps_history = True
    publisher = "Wikimedia Foundation"
    licence = "CC0-1.0"

    def requests(self, context: Context) -> Requests:
        published, known = _published(context), titles(context)
        last_of_year = {day[:4]: day for day in self._wanted(context)}
        for entity, language in sorted(known, key=lambda one: (max(published[one], default=""), one)):
            for year, last in last_of_year.items():
                if last in published[entity, language]:
                    continue
                until = min(context.today - DAY, date(int(year), 12, 31))
                for number, name in enumerate(known[entity, language]):
                    article = f"{BASE}/{language}.wikipedia/all-access/user/{quote(name, safe='')}"
                    yield Request(
                        f"{article}/daily/{_first(year)}/{until:%Y%m%d}",
                        accept=(*JSON, "application/problem+json"),
                        key=f"{entity}/{language}/{number:02}/{year}",
                        group=f"{entity}/{language}/{year}",  # the titles of a year are summed up
                        optional=True,
                        ask="once" if context.today - until > SETTLED else "always",
                    )

    def read(self, snapshots: Sequence[Snapshot], context: Context, out: Rows) -> None:
        wanted = set(self._wanted(context))
        series: dict[tuple[str, str, str], list[Snapshot]] = defaultdict(list)
        for snapshot in sorted(snapshots, key=lambda one: one.request.key):
            entity, language, _, year = snapshot.request.key.split("/")
            series[entity, language, year].append(snapshot)
        for (entity, language, year), answers in sorted(series.items()):
            counted: dict[str, dict[str, int]] = defaultdict(dict)
            with out.isolate(answers[0]):
                for answer in answers:
                    for day, views in _days(answer).items():
                        if day in wanted:
                            counted[day][_title(answer)] = views
                article = answers[0].request.url.partition("/daily/")[0]
                url = f"{article}/daily/{_first(year)}/{year}1231"
                if counted:
                    names = ", ".join(map(_title, answers))
                    out.document(url, f"Page views of {names} ({language}.wikipedia), {year}", answers)
                for day, by_title in sorted(counted.items()):
                    note = f"sum over the titles {', '.join(by_title)}" if len(by_title) > 1 else ""
                    total = str(sum(by_title.values()))
                    out.add(entity, LANGUAGES[language], day, total, url, locator=day, note=note)
        read = {(entity, language) for entity, language, _ in series} | _published(context).keys()
        missing = [f"{entity} ({language})" for entity, language in titles(context).keys() - read]
        if missing:
            out.notes.append(f"no views under the titles known, not measured: {abbreviate(missing)}")

    def _wanted(self, context: Context) -> list[str]:
        start = context.chosen_start(self.id, FIRST_DAY) or context.today - RECENT
        days = pd.date_range(max(start, FIRST_DAY), context.today - DAY).union(pd.date_range(*MOMENT))
        return list(days.strftime("%Y-%m-%d"))


def _published(context: Context) -> defaultdict[tuple[str, str], set[str]]:
    """Return (entity, language) → the days whose views are published."""
    days: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    table = load_published(context, "attention")
    for language, indicator in LANGUAGES.items():
        for entity, periods in table[table["indicator_id"] == indicator].groupby("entity_id")["period"]:
            days[str(entity), language].update(periods)
    return days


def _title(snapshot: Snapshot) -> str:
    name = snapshot.request.url.partition("/user/")[2].partition("/")[0]
    return unquote(name).replace("_", " ")


def _first(year: str) -> str:
    return f"{max(date(int(year), 1, 1), FIRST_DAY):%Y%m%d}"


def _days(snapshot: Snapshot) -> dict[str, int]:
    days: dict[str, int] = {}
    for item in records(field(json_of(snapshot), "items", list)):
        stamp, views = field(item, "timestamp", str), field(item, "views", int)
        if field(item, "granularity", str) != "daily":
            raise Unreadable(f"{item['granularity']} views where daily ones were asked for")
        try:
            day = datetime.strptime(stamp, "%Y%m%d00").replace(tzinfo=UTC).date().isoformat()
        except ValueError as error:
            raise Unreadable(f"entry {item.position}: timestamp {stamp!r} is no day") from error
        if views < 0 or days.setdefault(day, views) != views:
            raise Unreadable(f"{stamp} appears twice or is negative")
    if not days:
        raise Unreadable("no day in the answer")
    return days

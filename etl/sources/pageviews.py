"""Wikipedia page views by people, in Chinese and in English, by day.

404 means no such title, or no view at all: the service does not distinguish the two, so it is never a zero; a
day that is absent is not measured either. Data begin in July 2015 and are about a day behind.

Redirects are not followed, a moved page leaves its views under the old title, and the two scripts of a
Chinese title are two titles. So an entity's views are the sum over its titles in ``external_ids.csv``:
``enwiki``, ``zhwiki``; former titles, other forms and the other script as ``enwiki_other``, ``zhwiki_other``.

Asked for: the last 400 days and the weeks around 29 January 2025, in resources of a calendar year; years
whose days are published are not asked for. Series that end earliest come first, so the next run continues
where a limit ended this one. ``PURSUIT_ARCHIVE_FROM=2015-07-01`` starts the window there.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple
from urllib.parse import quote, unquote

from etl.sources.base import JSON, Context, Request, Requests, Rows, Snapshot, Source, Unreadable
from etl.sources.reading import abbreviate, field, json_of, load_published, records

BASE = "https://wikimedia.org/api/rest_v1/metrics/pageviews/per-article"
FIRST_DAY = date(2015, 7, 1)
LANGUAGES = {"zh": "wikipedia_pageviews_zh", "en": "wikipedia_pageviews_en"}
RECENT = timedelta(days=400)
MOMENT = (date(2025, 1, 13), date(2025, 2, 23))
"""The weeks around the essay's day: always kept, however long ago."""


class Window(NamedTuple):
    """The days wanted: from ``start`` to ``end``, and the essay's weeks."""

    start: date
    end: date

    def wants(self, day: date) -> bool:
        return self.start <= day <= self.end or MOMENT[0] <= day <= MOMENT[1]

    def years(self) -> list[int]:
        return sorted({*range(self.start.year, self.end.year + 1), MOMENT[0].year})

    def last(self, year: int) -> date:
        last = min(self.end, date(year, 12, 31))
        return last if last >= self.start else MOMENT[1]


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
    separate = True
    publisher = "Wikimedia Foundation"
    licence = "CC0-1.0"
    locator_hint = "all access, users only, by day"

    def requests(self, context: Context) -> Requests:
        window, published = self._window(context), _published(context)
        known = titles(context)
        for entity, language in sorted(known, key=lambda one: (max(published[one], default=""), one)):
            for year in window.years():
                if window.last(year).isoformat() in published[entity, language]:
                    continue
                first, until = max(date(year, 1, 1), FIRST_DAY), min(window.end, date(year, 12, 31))
                for number, name in enumerate(known[entity, language]):
                    article = f"{BASE}/{language}.wikipedia/all-access/user/{quote(name, safe='')}"
                    yield Request(
                        f"{article}/daily/{first:%Y%m%d}/{until:%Y%m%d}",
                        accept=(*JSON, "application/problem+json"),
                        key=f"{entity}/{language}/{number:02}/{year}",
                        group=f"{entity}/{language}/{year}",  # the titles of a year are summed up
                        optional=True,
                        ask="once" if window.end - until > timedelta(days=7) else "always",
                    )

    def read(self, snapshots: Sequence[Snapshot], context: Context, out: Rows) -> None:
        window = self._window(context)
        series: dict[tuple[str, str, str], list[Snapshot]] = defaultdict(list)
        for snapshot in sorted(snapshots, key=lambda one: one.request.key):
            entity, language, _, year = snapshot.request.key.split("/")
            series[entity, language, year].append(snapshot)
        for (entity, language, year), answers in sorted(series.items()):
            counted: dict[str, dict[str, int]] = defaultdict(dict)
            with out.isolate(answers[0]):
                for answer in answers:
                    for day, views in _days(answer).items():
                        if window.wants(date.fromisoformat(day)):
                            counted[day][_title(answer)] = views
                url = _cited(answers[0], int(year))
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

    def _window(self, context: Context) -> Window:
        start = context.chosen_start(self.id, FIRST_DAY) or context.today - RECENT
        return Window(max(start, FIRST_DAY), context.today - timedelta(days=1))


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


def _cited(snapshot: Snapshot, year: int) -> str:
    article = snapshot.request.url.partition("/daily/")[0]
    return f"{article}/daily/{max(date(year, 1, 1), FIRST_DAY):%Y%m%d}/{year}1231"


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


SOURCE = Pageviews()

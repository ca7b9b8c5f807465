"""GitHub stars from an archive of rankings: one CSV a day since 2018-12, top 100 by stars and by language.

``rank,item,repo_name,stars,forks,language,repo_url,username,…``: ``item`` is the list (``top-100-stars``
is the overall one). A repository outside every list is absent, which is not zero. Asked for: the newest
day there is, and of every month since the newest published day the first one that has a file.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Sequence
from datetime import date, timedelta
from urllib.parse import urlsplit

from etl.sources.base import Context, Request, Requests, Rows, ShapeError, Snapshot, Source
from etl.sources.reading import amount, csv_of, published, some, where

ID = "github_ranking"
RAW = "https://raw.githubusercontent.com/EvanLi/Github-Ranking/master/Data/github-ranking-{day}.csv"
PAGE = "https://github.com/EvanLi/Github-Ranking/blob/master/Data/github-ranking-{day}.csv"
OVERALL = "top-100-stars"
NEEDED = ("rank", "item", "repo_name", "stars", "repo_url")
BACK = 10
"""Days looked back for the newest file; before them, every seventh."""
TRIED = 7
"""Days at the beginning of a month that are tried for its figure."""
SETTLED = timedelta(days=7)
FIRST_FILL = timedelta(days=366)
DAY = timedelta(days=1)

DOUBTED = {"deepseek-ai/deepseek-harness": "66.7k to 182k stars in eight days of August 2026: unverified"}


class GithubRanking(Source):
    """Stars, and overall rank, of the companies' repositories that the rankings list."""

    id = ID
    title = "GitHub ranking (daily archive)"
    cadence_days = 7
    hosts = ("raw.githubusercontent.com",)
    rate_per_second = 2.0
    keeps_history = True
    separate = True
    publisher = "EvanLi (GitHub)"
    licence = "MIT"
    locator_hint = "list (item), rank, repository"

    def requests(self, context: Context) -> Requests:
        """Ask for the newest day, and for a day of each month since the newest published one."""
        last = _newest(context)
        day = context.today - DAY
        while day > last and (yield _request(day, context)) is None:
            day -= DAY if (context.today - day).days < BACK else 7 * DAY
        month, oldest = day.replace(day=1), max(last, day - FIRST_FILL)
        while month > oldest:
            yield from _first(month, min(day, month + TRIED * DAY), context)
            month = (month - DAY).replace(day=1)

    def read(self, snapshots: Sequence[Snapshot], context: Context, out: Rows) -> None:
        """Read the rows of the companies' repositories."""
        unknown: set[str] = set()
        owners = context.ids("github_owner")
        for snapshot in sorted(snapshots, key=lambda one: one.request.key):
            with out.apart():
                day = snapshot.request.key
                url = PAGE.format(day=day)
                title = f"GitHub 星标榜 {day} (GitHub stars ranking)"
                out.document(url, title, [snapshot], published=day)
                unknown |= _day(snapshot, owners, url, out)
        if unknown:
            out.notes.append(f"without an indicator of their own, left out: {some(unknown)}")


def _first(day: date, before: date, context: Context) -> Generator[Request, Snapshot | None, None]:
    """Ask for the first day of a month that has a file."""
    while day < before and (yield _request(day, context)) is None:
        day += DAY


def _request(day: date, context: Context) -> Request:
    return Request(
        RAW.format(day=day),
        accept=("text/plain", "text/csv", "application/csv", "application/octet-stream"),
        key=f"{day}",
        optional=True,
        ask="once" if context.today - day > SETTLED else "always",
    )


def _newest(context: Context) -> date:
    table = published(context, "attention")
    ours = table["indicator_id"].str.startswith("github_stars_") & table["period"].str.fullmatch(
        r"[0-9]{4}-[0-9][0-9]-[0-9][0-9]"
    )
    return max((date.fromisoformat(day) for day in table.loc[ours, "period"]), default=date(2018, 12, 1))


def _day(snapshot: Snapshot, owners: dict[str, str], url: str, out: Rows) -> set[str]:
    """Add the figures of a day; return the repositories that have no indicator."""
    at = where(snapshot)
    rows = csv_of(snapshot, ID, NEEDED)
    if OVERALL not in {row["item"] for row in rows}:
        raise ShapeError(ID, f"{at}: no list {OVERALL}", "look at the archive's file")
    unknown: set[str] = set()
    done: set[str] = set()
    # The lists of a day are taken minutes apart and differ by a few stars: the overall one is read first.
    for row in sorted(rows, key=lambda one: one["item"] != OVERALL):
        owner, _, repository = urlsplit(row["repo_url"]).path.strip("/").partition("/")
        entity = owners.get(owner.lower())
        if entity is None or f"{owner}/{repository}" in done:
            continue
        done.add(f"{owner}/{repository}")
        name = re.sub(r"[^a-z0-9]+", "_", repository.lower()).strip("_")
        stars, rank = (_whole(row[column], column, at, repository) for column in ("stars", "rank"))
        doubt = DOUBTED.get(f"{owner}/{repository}".lower(), "")
        figures = {f"github_stars_{name}": stars}
        if row["item"] == OVERALL:
            figures[f"github_stars_rank_overall_{name}"] = rank
        locator = f"list {row['item']}, rank {rank}, repo {owner}/{repository}"
        status = "doubtful" if doubt else "final"
        added = [
            out.add(
                entity,
                indicator,
                snapshot.request.key,
                value,
                url,
                locator=locator,
                note=doubt,
                status=status,
            )
            for indicator, value in figures.items()
        ]
        if not added[0]:
            unknown.add(f"{owner}/{repository}")
    return unknown


def _whole(text: str, column: str, at: str, repository: str) -> str:
    value = amount(text)
    if value is None or value != int(value) or value < (1 if column == "rank" else 0):
        raise ShapeError(ID, f"{at}: {column} of {repository} is {text!r}, a whole number was expected")
    return str(int(value))


SOURCE = GithubRanking()

"""GitHub stars from an archive of rankings: one CSV a day since 2018-12, top 100 by stars and by language.

``rank,item,repo_name,stars,forks,language,repo_url,username,…``: ``item`` is the list (``top-100-stars``
is the overall one). A repository outside every list is absent, which is not zero. Asked for: the newest
day there is, and the first day of every month since the newest published one.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Generator, Sequence
from datetime import date, timedelta
from urllib.parse import urlsplit

from etl.sources.base import Context, Parsed, Request, Requests, ShapeError, Snapshot, Source
from etl.sources.reading import amount, decode, document, known, published, some, where
from etl.tidy import source_id_for

ID = "github_ranking"
RAW = "https://raw.githubusercontent.com/EvanLi/Github-Ranking/master/Data/github-ranking-{day}.csv"
PAGE = "https://github.com/EvanLi/Github-Ranking/blob/master/Data/github-ranking-{day}.csv"
OVERALL = "top-100-stars"
NEEDED = ("rank", "item", "repo_name", "stars", "repo_url")
BACK = 10
"""Days looked back for the newest file."""
MONTHS = 12
"""Months of missed first days asked for in one run."""

OWNERS = {
    "deepseek-ai": "deepseek",
    "tencent": "tencent",
    "tencent-hunyuan": "tencent",
    "tencentarc": "tencent",
    "huawei-noah": "huawei",
    "mindspore-ai": "huawei",
    "mindspore-courses": "huawei",
    "mindspore-lab": "huawei",
    "unitreerobotics": "unitree",
    "dji-sdk": "dji",
    "engineai-robotics": "engineai",
}
"""GitHub owner (lower case) → entity."""

DOUBTED = {"deepseek-ai/deepseek-harness": "66.7k to 182k stars in eight days of August 2026: unverified"}


class GithubRanking(Source):
    """Stars, and overall rank, of the companies' repositories that the rankings list."""

    id = ID
    title = "GitHub ranking (daily archive)"
    cadence_days = 7
    hosts = ("raw.githubusercontent.com",)
    rate_per_second = 2.0
    keeps_history = True

    def requests(self, context: Context) -> Requests:
        """Ask for the newest day and for the first days of months missed."""
        day = context.today
        last = _newest(context)
        months: list[date] = []
        first = day.replace(day=1)
        while first > last and len(months) < MONTHS:
            months.append(first)
            first = (first - timedelta(days=1)).replace(day=1)
        for back in range(1, BACK + 1):
            if (yield _request(day - timedelta(days=back))) is not None:
                yield from _each(m for m in months if m < day - timedelta(days=back))
                return
        while first > last:  # the archive may have ended: search its newest month
            months.append(first)
            first = (first - timedelta(days=1)).replace(day=1)
        yield from _each(months)

    def parse(self, snapshots: Sequence[Snapshot], context: Context) -> Parsed:
        """Read the rows of the companies' repositories."""
        observations: list[dict[str, str]] = []
        sources: list[dict[str, str]] = []
        unknown: set[str] = set()
        for snapshot in sorted(snapshots, key=lambda one: one.request.key):
            rows, left = _day(snapshot, context)
            observations += rows
            unknown |= left
            sources.append(
                document(
                    PAGE.format(day=snapshot.request.key),
                    title=f"GitHub 星标榜 {snapshot.request.key} (GitHub stars ranking)",
                    publisher="EvanLi (GitHub)",
                    tier="reference",
                    licence="MIT",
                    collector=ID,
                    snapshots=[snapshot],
                    published=snapshot.request.key,
                    locator_hint="list (item), rank, repository",
                )
            )
        notes = [f"without an indicator of their own, left out: {some(unknown)}"] if unknown else []
        return Parsed.of(observations, sources, notes)


def _each(days: Sequence[date] | Generator[date, None, None]) -> Generator[Request, Snapshot | None, None]:
    for day in days:
        yield _request(day)


def _request(day: date) -> Request:
    return Request(
        RAW.format(day=day),
        accept=("text/plain", "text/csv", "application/csv", "application/octet-stream"),
        key=f"{day}",
        optional=True,
    )


def _newest(context: Context) -> date:
    table = published(context, "attention")
    ours = table["indicator_id"].str.startswith("github_stars_") & table["period"].str.fullmatch(
        r"[0-9]{4}-[0-9][0-9]-[0-9][0-9]"
    )
    return max((date.fromisoformat(day) for day in table.loc[ours, "period"]), default=date(2018, 12, 1))


def _day(snapshot: Snapshot, context: Context) -> tuple[list[dict[str, str]], set[str]]:
    at = where(snapshot)
    reader = csv.DictReader(io.StringIO(decode(snapshot)))
    missing = [name for name in NEEDED if name not in (reader.fieldnames or ())]
    if missing:
        raise ShapeError(
            ID, f"{at}: no column {', '.join(missing)} (there: {', '.join((reader.fieldnames or [])[:6])})"
        )
    found: dict[str, dict[str, str]] = {}
    unknown: set[str] = set()
    lists: set[str] = set()
    for row in reader:
        lists.add(row["item"] or "")
        owner, _, repository = urlsplit(row["repo_url"] or "").path.strip("/").partition("/")
        entity = OWNERS.get(owner.lower())
        if entity is None or not context.wants(entity):
            continue
        name = re.sub(r"[^a-z0-9]+", "_", repository.lower()).strip("_")
        if not known(context, [f"github_stars_{name}"]):
            unknown.add(f"{owner}/{repository}")
            continue
        stars, rank = (
            _whole(row["stars"], "stars", at, repository),
            _whole(row["rank"], "rank", at, repository),
        )
        doubt = DOUBTED.get(f"{owner}/{repository}".lower(), "")
        made = {f"github_stars_{name}": stars}
        if row["item"] == OVERALL and known(context, [f"github_stars_rank_overall_{name}"]):
            made[f"github_stars_rank_overall_{name}"] = rank
        for indicator, value in made.items():
            # The lists of a day are taken minutes apart and differ by a few stars: the overall one is read
            # where the repository stands in it, else the first.
            if indicator in found and row["item"] != OVERALL:
                continue
            found[indicator] = {
                "entity_id": entity,
                "indicator_id": indicator,
                "period": snapshot.request.key,
                "value": value,
                "source_id": source_id_for(PAGE.format(day=snapshot.request.key)),
                "status": "doubtful" if doubt else "final",
                "note": doubt,
                "locator": f"list {row['item']}, rank {rank}, repo {owner}/{repository}",
            }
    if OVERALL not in lists:
        raise ShapeError(ID, f"{at}: no list {OVERALL}", "look at the archive's file")
    return list(found.values()), unknown


def _whole(text: str | None, column: str, at: str, repository: str) -> str:
    value = amount(text or "")
    if value is None or value != int(value) or value < (1 if column == "rank" else 0):
        raise ShapeError(ID, f"{at}: {column} of {repository} is {text!r}, a whole number was expected")
    return str(int(value))


SOURCE = GithubRanking()

"""GitHub stars from two archives of rankings: one CSV per day, the top hundred of each list (``item``).

A repository outside every list is absent, which is not zero. Of the general archive the repositories that
have an indicator are read; of the one of AI repositories each maker's sum, a repository that stands in
several lists counted once. Asked for: the newest day there is, and of every month of the last year that has
no figure yet the first one that has a file.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from urllib.parse import urlsplit

from etl.sources.archive import DAY, DailyArchive
from etl.sources.base import Context, Requests, Rows, Snapshot, Unreadable
from etl.sources.reading import abbreviate, csv_of, load_published, parse_number

OVERALL = "top-100-stars"
SUM = "github_stars_ai_list"
BACK = 10
"""Days looked back for the newest file; before them, every seventh."""
TRIED = 7
"""Days at the beginning of a month that are tried for its figure."""
FIRST_FILL = timedelta(days=366)
DOUBTED = {"deepseek-ai/deepseek-harness": "66.7k to 182k stars in eight days of August 2026: unverified"}


class GithubRanking(DailyArchive):
    cadence_days = 7

    def __init__(self, id_: str, title: str, repository: str, first_day: date, sums: bool = False) -> None:
        super().__init__(id_, title, repository, "Data/github-ranking-{day}.csv", first_day)
        self.sums = sums

    def requests(self, context: Context) -> Requests:
        published = self._published(context)
        last, day = max(published, default=self.first_day), context.today - DAY
        while day > last and (yield self.day_request(day, context)) is None:
            day -= DAY if (context.today - day).days < BACK else 7 * DAY
        months, month = {one.replace(day=1) for one in published}, day.replace(day=1)
        while month > max(self.first_day, day - FIRST_FILL):
            first, before = month, min(day, month + TRIED * DAY)
            while month not in months and first < before:
                first = before if (yield self.day_request(first, context)) is not None else first + DAY
            month = (month - DAY).replace(day=1)

    def _published(self, context: Context) -> set[date]:
        table = load_published(context, "attention")
        names, days = table["indicator_id"], table["period"].str.fullmatch(r"[0-9]{4}-[0-9][0-9]-[0-9][0-9]")
        ranked = names.eq(SUM) if self.sums else names.str.startswith("github_stars_") & names.ne(SUM)
        return set(map(date.fromisoformat, table.loc[ranked & days, "period"]))

    def read(self, snapshots: Sequence[Snapshot], context: Context, out: Rows) -> None:
        unknown: set[str] = set()
        for snapshot in sorted(snapshots, key=lambda one: one.request.key):
            with out.isolate(snapshot):
                day = snapshot.request.key
                url = self.page.format(day=day)
                out.document(url, f"{self.title} {day}", [snapshot], published=day)
                if self.sums:
                    _add_sums(snapshot, day, url, out)
                else:
                    unknown |= _add_each(snapshot, day, url, out)
        if unknown:
            out.notes.append(f"without an indicator of their own, left out: {abbreviate(unknown)}")


Repositories = dict[str, tuple[str, str, int, int]]
"""Owner and name of a repository → entity, list, rank, stars."""


def _repositories(snapshot: Snapshot, context: Context, overall: str = "") -> Repositories:
    """Return the companies' repositories, each as the overall list has it, or else with its most stars."""
    rows = csv_of(snapshot, ("rank", "item", "repo_name", "stars", "repo_url"))
    if overall and overall not in {row["item"] for row in rows}:
        raise Unreadable(f"no list {overall}", "look at the archive's file")
    owners = context.ids("github_owner")
    found: Repositories = {}
    # The lists of a day are taken minutes apart and differ by a few stars: the overall one is read first.
    for row in sorted(rows, key=lambda one: one["item"] != overall):
        name = urlsplit(row["repo_url"]).path.strip("/")
        entity = owners.get(name.partition("/")[0].lower())
        if entity is None or (overall and name in found):
            continue
        stars, rank = (_whole(row[column], column, name) for column in ("stars", "rank"))
        if name not in found or stars > found[name][3]:
            found[name] = (entity, row["item"], rank, stars)
    return found


def _add_each(snapshot: Snapshot, day: str, url: str, out: Rows) -> set[str]:
    """Add the stars of each repository that has an indicator; return the names of the others."""
    unknown: set[str] = set()
    for name, (entity, item, rank, stars) in _repositories(snapshot, out.context, OVERALL).items():
        short = re.sub(r"[^a-z0-9]+", "_", name.partition("/")[2].lower()).strip("_")
        note = DOUBTED.get(name.lower(), "")
        locator, status = f"list {item}, rank {rank}, repo {name}", "doubtful" if note else "final"
        figures = {f"github_stars_{short}": stars}
        if item == OVERALL:
            figures[f"github_stars_rank_overall_{short}"] = rank
        added = [
            out.add(entity, indicator, day, value, url, locator=locator, note=note, status=status)
            for indicator, value in figures.items()
        ]
        unknown |= set() if added[0] else {name}
    return unknown


def _add_sums(snapshot: Snapshot, day: str, url: str, out: Rows) -> None:
    makers: dict[str, dict[str, int]] = defaultdict(dict)
    for name, (entity, _, _, stars) in _repositories(snapshot, out.context).items():
        if name.lower() not in DOUBTED:
            makers[entity][name] = stars
    for entity, counted in makers.items():
        owners = ", ".join(sorted({name.partition("/")[0] for name in counted}))
        locator = f"{len(counted)} repositories of {owners}, each counted once"
        out.add(entity, SUM, day, sum(counted.values()), url, locator=locator)


def _whole(text: str, column: str, repository: str) -> int:
    value = parse_number(text)
    if value is None or value != int(value) or value < (1 if column == "rank" else 0):
        raise Unreadable(f"{column} of {repository} is {text!r}, a whole number was expected")
    return int(value)


GENERAL = GithubRanking(
    "github_ranking", "GitHub ranking (daily archive)", "EvanLi/Github-Ranking", date(2018, 12, 1)
)
AI = GithubRanking(
    "github_ranking_ai", "GitHub ranking of AI repositories (daily archive)", "yuxiaopeng/Github-Ranking-AI",
    date(2025, 1, 1), sums=True,
)  # fmt: skip

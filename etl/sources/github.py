"""GitHub: repositories and stars of the companies' organisations, a dated snapshot each run.

``GET /orgs/{org}/repos?per_page=100`` answers a list of repositories; the ``Link`` header names the next
page (as ``/organizations/<id>/repos?…``), and the last page has none. 404 means that there is no such
organisation, which is not zero. 60 calls an hour without a key; ``GITHUB_TOKEN`` raises that to 5,000.
There is no history: each run adds a day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from etl.sources.base import Context, Request, Requests, Rows, ShapeError, Snapshot, Source
from etl.sources.reading import field, json_of, next_page, records, where

ID = "github"
API = "https://api.github.com/orgs/{org}/repos"
PAGE = "https://github.com/{org}"
PER_PAGE = 100
MAX_PAGES = 30


class GitHub(Source):
    """Public repositories, forks left out, and their stars."""

    id = ID
    title = "GitHub organisations"
    cadence_days = 7
    hosts = ("api.github.com",)
    rate_per_second = 1.0
    key_setting = "GITHUB_TOKEN"
    keeps_history = True
    publisher = "GitHub"
    locator_hint = "list of repositories"

    def requests(self, context: Context) -> Requests:
        """Ask for every page of each organisation's list."""
        headers = {"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28"}
        if token := context.setting(self.key_setting):
            headers["Authorization"] = f"Bearer {token}"
        for org in context.ids("github"):
            address, asked = f"{API.format(org=org)}?per_page={PER_PAGE}&type=public", set[str]()
            while address and address not in asked:
                if len(asked) == MAX_PAGES:
                    raise ShapeError(ID, f"{org}: more than {MAX_PAGES} pages", "raise MAX_PAGES")
                asked.add(address)
                answer = yield Request(
                    address,
                    headers=headers,
                    accept=("application/json",),
                    key=f"{org}/{len(asked):02}",
                    optional=len(asked) == 1,
                    secret_params=("Authorization",),
                )
                if answer is not None:
                    _repositories(answer)  # an error in place of a list ends it here, with its own words
                address = next_page(answer) if answer is not None else ""

    def read(self, snapshots: Sequence[Snapshot], context: Context, out: Rows) -> None:
        """Sum up each organisation's repositories."""
        pages: dict[str, list[Snapshot]] = defaultdict(list)
        for snapshot in sorted(snapshots, key=lambda one: one.request.key):
            pages[snapshot.request.key.partition("/")[0]].append(snapshot)
        asked = context.ids("github")
        if missing := [org for org in asked if org not in pages]:
            out.notes.append(f"no such organisation, which is not zero: {', '.join(missing)}")
        for org, answers in pages.items():
            if org not in asked:
                raise ShapeError(ID, f"{where(answers[0])}: not an organisation that was asked for")
            own: dict[str, int] = {}
            for answer in answers:
                own |= _own(_repositories(answer), where(answer))
            day, url = max(answer.fetched[:10] for answer in answers), PAGE.format(org=org)
            out.document(url, f"GitHub: {org}", answers)
            values = {"github_repositories": len(own), "github_stars_total": sum(own.values())}
            for indicator, value in values.items():
                note = "own count over the organisation's public repositories, forks left out"
                out.add(asked[org], indicator, day, str(value), url, locator=f"orgs/{org}/repos", note=note)


def _repositories(snapshot: Snapshot) -> list[Mapping[str, Any]]:
    answer = json_of(snapshot, ID)
    if isinstance(answer, dict) and "message" in answer:
        raise ShapeError(
            ID,
            f"{where(snapshot)}: the service says: {answer['message']}",
            "wait an hour, or set GITHUB_TOKEN",
        )
    return records(answer, ID, where(snapshot))


def _own(repositories: Sequence[Mapping[str, Any]], at: str) -> dict[str, int]:
    """Return full name → stars of the repositories that are no forks."""
    own: dict[str, int] = {}
    for position, one in enumerate(repositories, start=1):
        here = f"{at}, repository {position}"
        name = field(one, "full_name", str, ID, here)
        # watchers_count has always equalled the number of stars; old answers have only that
        stars = field(
            one, "stargazers_count" if "stargazers_count" in one else "watchers_count", int, ID, here
        )
        if stars < 0:
            raise ShapeError(ID, f"{here}: {stars} stars")
        if not field(one, "fork", bool, ID, here):
            own[name] = stars
    return own


SOURCE = GitHub()

"""GitHub: repositories and stars of the companies' organisations, one dated snapshot per run.

``GET /orgs/{org}/repos?per_page=100`` answers a list of repositories; the ``Link`` header names the next
page (as ``/organizations/<id>/repos?…``), and the last page has none. 404 means that there is no such
organisation, which is not zero. 60 calls an hour without a key; ``GITHUB_TOKEN`` raises that to 5,000.
There is no history: each run adds a day.
"""

from __future__ import annotations

from collections.abc import Sequence

from etl.sources.base import JSON, Context, Requests, Rows, Snapshot, Source, Unreadable
from etl.sources.paging import by_owner, pages
from etl.sources.reading import field, json_of, records

API = "https://api.github.com/orgs/{org}/repos?per_page=100&type=public"
PAGE = "https://github.com/{org}"
NOTE = "own count over the organisation's public repositories, forks left out"


class GitHub(Source):
    id = "github"
    title = "GitHub organisations"
    cadence_days = 7
    hosts = ("api.github.com",)
    key_setting = "GITHUB_TOKEN"
    keeps_history = True
    asks_by = ("github",)
    publisher = "GitHub"
    locator_hint = "list of repositories"

    def requests(self, context: Context) -> Requests:
        headers = {"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28"}
        if token := context.setting(self.key_setting):
            headers["Authorization"] = f"Bearer {token}"
        for org in context.ids("github"):
            yield from pages(
                API.format(org=org), org, headers=headers, accept=JSON, optional=True,
                secret_params=("Authorization",),
            )  # fmt: skip

    def read(self, snapshots: Sequence[Snapshot], context: Context, out: Rows) -> None:
        asked, there = context.ids("github"), set[str]()
        for org, entity, answers in by_owner(snapshots, asked):
            there.add(org)
            with out.isolate(answers[0]):
                own: dict[str, int] = {}
                for answer in answers:
                    own |= _own(answer)
                day, url = max(answer.day for answer in answers), PAGE.format(org=org)
                out.document(url, f"GitHub: {org}", answers)
                values = {"github_repositories": len(own), "github_stars_total": sum(own.values())}
                for indicator, value in values.items():
                    out.add(entity, indicator, day, str(value), url, locator=f"orgs/{org}/repos", note=NOTE)
        if missing := [org for org in asked if org not in there]:
            out.notes.append(f"no such organisation, which is not zero: {', '.join(missing)}")


def _own(snapshot: Snapshot) -> dict[str, int]:
    """Return full name → stars of the repositories that are no forks."""
    own: dict[str, int] = {}
    for one in records(json_of(snapshot)):
        name = field(one, "full_name", str)
        # watchers_count has always equalled the number of stars; old answers have only that
        stars = field(one, "stargazers_count" if "stargazers_count" in one else "watchers_count", int)
        if stars < 0:
            raise Unreadable(f"entry {one.position}: {stars} stars")
        if not field(one, "fork", bool):
            own[name] = stars
    return own


SOURCE = GitHub()

"""GitHub: repositories and stars of the companies' organisations.

``GET /orgs/{org}/repos?per_page=100`` answers a list of repositories; the ``Link`` header names the next page
(as ``/organizations/<id>/repos?…``), and the last page has none. 404 means that there is no such
organisation, which is not zero. 60 calls an hour without a key; ``GITHUB_TOKEN`` raises that to 5,000.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from etl.sources.base import Context, Rows, Snapshot, Unreadable
from etl.sources.paging import OrganisationLists
from etl.sources.reading import field, json_of, records


class GitHub(OrganisationLists):
    id = "github"
    title = "GitHub organisations"
    hosts = ("api.github.com",)
    key_setting = "GITHUB_TOKEN"
    asks_by = ("github",)
    publisher = "GitHub"
    locator_hint = "list of repositories"
    api = "https://api.github.com/orgs/{owner}/repos?per_page=100&type=public"
    page = "https://github.com/{owner}"

    def options(self, context: Context) -> dict[str, Any]:
        headers = {"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28"}
        if token := context.setting(self.key_setting):
            headers["Authorization"] = f"Bearer {token}"
        return {"headers": headers, "optional": True, "secret_params": ("Authorization",)}

    def sums(self, owner: str, answers: Sequence[Snapshot], out: Rows) -> tuple[Mapping[str, int], str, str]:
        own: dict[str, int] = {}
        for one in (one for answer in answers for one in records(json_of(answer))):
            name = field(one, "full_name", str)
            # watchers_count has always equalled the number of stars; old answers have only that
            stars = field(one, "stargazers_count" if "stargazers_count" in one else "watchers_count", int)
            if stars < 0:
                raise Unreadable(f"entry {one.position}: {stars} stars")
            if not field(one, "fork", bool):
                own[name] = stars
        found = {"github_repositories": len(own), "github_stars_total": sum(own.values())}
        return (
            found,
            f"orgs/{owner}/repos",
            "own count over the organisation's public repositories, forks left out",
        )


SOURCE = GitHub()

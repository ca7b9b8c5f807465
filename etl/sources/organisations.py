"""GitHub and Hugging Face: what the companies' organisations have, listed page by page.

Each page names the next one in its ``Link`` header. There is no history: each run adds a day of sums.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from etl.sources.base import JSON, Context, Request, Requests, Rows, Snapshot, Source, Unreadable
from etl.sources.reading import field, json_of, next_page, records

MAX_PAGES = 30


class Organisations(Source):
    cadence_days = 7
    keeps_history = True
    api: str
    """Address of an organisation's list, with ``{owner}``."""
    page: str
    """Address of the page to cite, with ``{owner}``."""
    headers: ClassVar[Mapping[str, str]] = {}

    def sums(self, owner: str, answers: Sequence[Snapshot], out: Rows) -> tuple[Mapping[str, int], str, str]:
        """Return indicator → figure, locator and note of the pages of a list; nothing where it is none."""
        raise NotImplementedError

    def requests(self, context: Context) -> Requests:
        token = context.setting(self.key_setting)
        headers = {**self.headers, "Authorization": f"Bearer {token}"} if token else self.headers
        for owner in context.ids(self.id):
            address, addresses = self.api.format(owner=owner), set[str]()
            while address and address not in addresses:
                if len(addresses) == MAX_PAGES:
                    raise Unreadable(f"{owner}: more than {MAX_PAGES} pages", "raise MAX_PAGES")
                addresses.add(address)
                answer = yield Request(
                    address, headers=headers, accept=JSON, key=f"{owner}/{len(addresses):02}", group=owner,
                    optional=len(addresses) == 1, leads_to=MAX_PAGES - len(addresses),
                    secret_params=("Authorization",),
                )  # fmt: skip
                address = next_page(answer) if answer is not None else ""

    def read(self, snapshots: Sequence[Snapshot], context: Context, out: Rows) -> None:
        owners, lists = context.ids(self.id), defaultdict[str, list[Snapshot]](list)
        for snapshot in sorted(snapshots, key=lambda one: one.request.key):
            lists[snapshot.request.key.partition("/")[0]].append(snapshot)
        for owner, answers in lists.items():
            with out.isolate(answers[0]):
                sums, locator, note = self.sums(owner, answers, out)
                if sums:
                    url, day = self.page.format(owner=owner), max(one.day for one in answers)
                    out.document(url, f"{self.publisher}: {owner}", answers)
                    for indicator, value in sums.items():
                        out.add(owners[owner], indicator, day, str(value), url, locator=locator, note=note)
        if missing := [owner for owner in owners if owner not in lists]:
            out.notes.append(f"no such organisation, or not asked, which is not zero: {', '.join(missing)}")


class GitHub(Organisations):
    """60 calls an hour without a key; ``GITHUB_TOKEN`` raises that to 5,000."""

    id = "github"
    title = "GitHub organisations"
    hosts = ("api.github.com",)
    key_setting = "GITHUB_TOKEN"
    asks_by = ("github",)
    publisher = "GitHub"
    api = "https://api.github.com/orgs/{owner}/repos?per_page=100&type=public"
    page = "https://github.com/{owner}"
    headers: ClassVar = {"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28"}

    def sums(self, owner: str, answers: Sequence[Snapshot], out: Rows) -> tuple[Mapping[str, int], str, str]:
        stars_of: dict[str, int] = {}
        for row in (row for answer in answers for row in records(json_of(answer))):
            name = field(row, "full_name", str)
            # watchers_count has always equalled the number of stars; old answers have only that
            stars = field(row, "stargazers_count" if "stargazers_count" in row else "watchers_count", int)
            if stars < 0:
                raise Unreadable(f"entry {row.position}: {stars} stars")
            if not field(row, "fork", bool):
                stars_of[name] = stars
        sums = {"github_repositories": len(stars_of), "github_stars_total": sum(stars_of.values())}
        note = "own count over the organisation's public repositories, forks left out"
        return sums, f"orgs/{owner}/repos", note


class HuggingFace(Organisations):
    """Any key of a model but ``id`` may be missing; ``downloads`` counts 30 days, so it can fall.

    An unknown author is answered with an empty list, which is not zero.
    """

    id = "huggingface"
    title = "Hugging Face Hub"
    hosts = ("huggingface.co",)
    asks_by = ("huggingface",)
    publisher = "Hugging Face"
    api = "https://huggingface.co/api/models?author={owner}&sort=downloads&limit=1000"
    page = "https://huggingface.co/{owner}"

    def sums(self, owner: str, answers: Sequence[Snapshot], out: Rows) -> tuple[Mapping[str, int], str, str]:
        models: dict[str, Mapping[str, Any]] = {}
        for model in (model for answer in answers for model in records(json_of(answer))):
            name = field(model, "id", str)
            if name.partition("/")[0].lower() != owner.lower():
                raise Unreadable(f"{name} is not of {owner}")
            models[name] = model
        sums = {"huggingface_models": len(models)}
        for key, indicator in {
            "likes": "huggingface_likes",
            "downloads": "huggingface_downloads_30d",
        }.items():
            if all(key in model for model in models.values()):
                sums[indicator] = sum(field(model, key, int) for model in models.values())
            else:
                out.notes.append(f"{owner}: some models state no {key}; no sum")
        if not models or next_page(answers[-1]):
            why = "the list continues, incomplete" if models else "no model, not taken for zero"
            out.notes.append(f"{owner}: {why}; left out")
            sums = {}
        return sums, f"api/models?author={owner}", f"own sum over {len(models)} models"

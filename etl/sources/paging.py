"""Sources that list what an organisation has, page by page: one dated snapshot of sums per run.

Each page names the next one in its ``Link`` header. There is no history: each run adds a day.
"""

from abc import abstractmethod
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from etl.sources.base import JSON, Context, Request, Requests, Rows, Snapshot, Source, Unreadable
from etl.sources.reading import next_page

MAX_PAGES = 30


class OrganisationLists(Source):
    cadence_days = 7
    keeps_history = True
    api: str
    """Address of an organisation's list, with ``{owner}``."""
    page: str
    """Address of the page to cite, with ``{owner}``."""

    def options(self, context: Context) -> dict[str, Any]:
        """Return what each request has besides its address."""
        return {}

    @abstractmethod
    def sums(self, owner: str, answers: Sequence[Snapshot], out: Rows) -> tuple[Mapping[str, int], str, str]:
        """Return indicator → figure, locator and note of the pages of a list; nothing where it is none."""

    def requests(self, context: Context) -> Requests:
        for owner in context.ids(self.id):
            address, asked, more = self.api.format(owner=owner), set[str](), self.options(context)
            while address and address not in asked:
                if len(asked) == MAX_PAGES:
                    raise Unreadable(f"{owner}: more than {MAX_PAGES} pages", "raise MAX_PAGES")
                asked.add(address)
                key, left = f"{owner}/{len(asked):02}", MAX_PAGES - len(asked)
                answer = yield Request(address, accept=JSON, key=key, leads_to=left, **more)
                more |= {"optional": False}
                address = next_page(answer) if answer is not None else ""

    def read(self, snapshots: Sequence[Snapshot], context: Context, out: Rows) -> None:
        owners, lists = context.ids(self.id), defaultdict[str, list[Snapshot]](list)
        for snapshot in sorted(snapshots, key=lambda one: one.request.key):
            lists[snapshot.request.key.partition("/")[0]].append(snapshot)
        for owner, answers in lists.items():
            with out.isolate(answers[0]):
                found, locator, note = self.sums(owner, answers, out)
                if found:
                    url, day = self.page.format(owner=owner), max(one.day for one in answers)
                    out.document(url, f"{self.publisher}: {owner}", answers)
                    for indicator, value in found.items():
                        out.add(owners[owner], indicator, day, str(value), url, locator=locator, note=note)
        if missing := [owner for owner in owners if owner not in lists]:
            out.notes.append(f"no such organisation, which is not zero: {', '.join(missing)}")

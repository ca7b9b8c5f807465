"""Paged lists: each page names the next one in its ``Link`` header."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Generator, Iterator, Mapping, Sequence
from typing import Any

from etl.sources.base import Request, Snapshot, Unreadable
from etl.sources.reading import next_page

MAX_PAGES = 30


def pages(address: str, owner: str, **more: Any) -> Generator[Request, Snapshot | None, None]:
    """Ask for every page of an owner's list; ``more``: what each request has besides.

    Raise :class:`Unreadable` for a list without end.
    """
    asked = set[str]()
    while address and address not in asked:
        if len(asked) == MAX_PAGES:
            raise Unreadable(f"{owner}: more than {MAX_PAGES} pages", "raise MAX_PAGES")
        asked.add(address)
        key, left = f"{owner}/{len(asked):02}", MAX_PAGES - len(asked)
        answer = yield Request(address, key=key, leads_to=left, **more)
        more["optional"] = False
        address = next_page(answer) if answer is not None else ""


def by_owner(
    snapshots: Sequence[Snapshot], owners: Mapping[str, str]
) -> Iterator[tuple[str, str, list[Snapshot]]]:
    found: dict[str, list[Snapshot]] = defaultdict(list)
    for snapshot in sorted(snapshots, key=lambda one: one.request.key):
        found[snapshot.request.key.partition("/")[0]].append(snapshot)
    for owner, answers in found.items():
        if owner not in owners:
            raise Unreadable(f"{answers[0].label}: not an organisation that was asked for")
        yield owner, owners[owner], answers

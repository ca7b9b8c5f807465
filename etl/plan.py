"""What a refresh would ask for, without asking: ``pursuit refresh --plan``.

Each source is given its stored answers; where one is missing, an answer is assumed. If the next requests
depend on the content of a missing answer, the count is a minimum, marked *at least*.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from etl import paths, status
from etl.errors import SkipSource, SourceError
from etl.options import Options, RunEnvironment
from etl.refresh import make_context, published_tables
from etl.snapshots import SnapshotStore
from etl.sources.base import Context, Request, Snapshot, Source


@dataclass
class Planned:
    """What one source would ask: requests by host, minutes at its pace."""

    source: str
    hosts: dict[str, int] = field(default_factory=dict)
    minutes: float = 0.0
    at_least: bool = False
    skipped: str = ""

    @property
    def requests(self) -> int:
        """Return how many requests it would make."""
        return sum(self.hosts.values())


def plan(options: Options, setting: RunEnvironment | None = None) -> list[Planned]:
    """Return what each source of a refresh would ask for."""
    setting = setting or RunEnvironment()
    data_dir = paths.existing_data_dir(setting.env)
    tables = published_tables(data_dir)
    cache = paths.cache_dir(setting.env)
    states, store = status.States(cache, data_dir), SnapshotStore(cache / "snapshots")
    return [
        _planned(source, make_context(source, options, setting, tables, data_dir, states), store)
        for source in setting.find(options.sources)
    ]


def _planned(source: Source, context: Context, store: SnapshotStore) -> Planned:
    found = Planned(source.id)
    asked: list[Request] = []
    for presume in (True, False):
        mine: list[Request] = []
        try:
            mine.extend(_asked(source, context, store, presume=presume))
            asked = mine
            break
        except SkipSource as reason:
            found.skipped = reason.line()
            return found
        except SourceError:  # an answer it cannot do without
            found.at_least = True
        asked = max(asked, mine, key=len)
    hosts = Counter(urlsplit(request.url).hostname or "" for request in asked)
    found.hosts, found.minutes = dict(hosts), round(len(asked) / source.rate_per_second / 60, 1)
    return found


def _asked(source: Source, context: Context, store: SnapshotStore, *, presume: bool) -> Iterator[Request]:
    """Yield the requests that would go to the network."""
    requests = iter(source.requests(context))
    send: Any = getattr(requests, "send", lambda answer: next(requests))
    answer: Snapshot | None = None
    while True:
        try:
            request: Request = send(answer)
        except StopIteration:
            return
        answer, known = store.load(source.id, request), store.record(source.id, request)
        if request.ask == "never" or (request.ask == "once" and known):
            continue
        if answer is None and known is None and presume:
            answer = Snapshot(request, 200, "", b"", "", "")
        yield request


def as_lines(planned: list[Planned]) -> list[str]:
    """Return the plan line by line, and its total by host."""
    lines, hosts = [], Counter[str]()
    for one in planned:
        hosts.update(one.hosts)
        if one.skipped:
            lines.append(f"{one.source}: skipped: {one.skipped}")
        elif one.requests:
            least = "at least " * one.at_least
            where = ", ".join(sorted(one.hosts))
            lines.append(f"{one.source}: {least}{one.requests} requests, {one.minutes:g} min, {where}")
        else:
            lines.append(f"{one.source}: nothing to ask")
    lines += [f"in all {count} to {host}" for host, count in hosts.most_common() if count > 1]
    longest = max((one.minutes for one in planned), default=0)
    lines.append(f"{hosts.total()} requests, about {longest:g} minutes: sources are asked side by side")
    return lines

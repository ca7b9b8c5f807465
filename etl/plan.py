"""What a refresh would ask for, without asking: ``pursuit refresh --plan``.

Each source is given its stored answers; where one is missing, an answer is assumed. What such an answer may
lead to is counted by :attr:`~etl.sources.base.Request.leads_to` and shown as *at most*.
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
    source: str
    hosts: dict[str, int] = field(default_factory=dict)
    at_most: int = 0
    minutes: float = 0.0
    skipped: str = ""

    @property
    def requests(self) -> int:
        return sum(self.hosts.values())


def plan(options: Options, run: RunEnvironment | None = None) -> list[Planned]:
    run = run or RunEnvironment()
    data_dir, cache = paths.existing_data_dir(run.env), paths.cache_dir(run.env)
    tables = published_tables(data_dir)
    states, store = status.States(cache, data_dir), SnapshotStore(cache / "snapshots")
    return [
        _planned(source, make_context(source, options, run, tables, data_dir, states), store)
        for source in run.find(options.sources)
    ]


def _planned(source: Source, context: Context, store: SnapshotStore) -> Planned:
    asked: list[tuple[Request, bool]] = []
    for presume in (True, False):
        mine: list[tuple[Request, bool]] = []
        try:
            mine.extend(_asked(source, context, store, presume=presume))
            asked = mine
            break
        except SkipSource as reason:
            return Planned(source.id, skipped=reason.line())
        except SourceError:  # it cannot go on without the content of an answer
            asked = max(asked, mine, key=len)
    hosts = Counter(urlsplit(request.url).hostname or "" for request, _ in asked)
    at_most = len(asked) + sum(request.leads_to for request, unknown in asked if unknown)
    return Planned(source.id, dict(hosts), at_most, round(len(asked) / source.rate_per_second / 60, 1))


def _asked(
    source: Source, context: Context, store: SnapshotStore, *, presume: bool
) -> Iterator[tuple[Request, bool]]:
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
        yield request, answer is None
        if answer is None and known is None and presume:
            answer = Snapshot(request, 200, "", b"", "", "")


def as_lines(planned: list[Planned]) -> list[str]:
    lines, hosts = [], Counter[str]()
    for one in planned:
        hosts.update(one.hosts)
        if one.skipped:
            lines.append(f"{one.source}: skipped: {one.skipped}")
        elif one.requests:
            where = ", ".join(sorted(one.hosts))
            lines.append(f"{one.source}: {_count(one.requests, one.at_most)}, {one.minutes:g} min, {where}")
        else:
            lines.append(f"{one.source}: nothing to ask")
    lines += [f"in all {count} to {host}" for host, count in hosts.most_common() if count > 1]
    longest = max((one.minutes for one in planned), default=0)
    counted = _count(hosts.total(), sum(one.at_most for one in planned))
    return [*lines, f"{counted}, about {longest:g} minutes: sources are asked side by side"]


def _count(requests: int, at_most: int) -> str:
    return f"{requests} requests" + f" (with what they lead to at most {at_most})" * (at_most > requests)

"""One source of a refresh: ask for what it names, and make figures of what came."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ThreadPoolExecutor

import pandas as pd

from etl import corrections
from etl.build import SourceResult, collectors, normalised, unknown_ids
from etl.errors import FetchError, ShapeError
from etl.http import Fetcher
from etl.sources.base import Context, Request, Snapshot, Source


def fetch_all(
    source: Source, context: Context, fetcher: Fetcher, told: Callable[[str], None] = lambda line: None
) -> tuple[list[Snapshot], list[str]]:
    """Return the snapshots of all requests of a source, in their order, absent ones left out.

    The second item says what is lacking: requests that were refused, or that a limit left no room for.
    """
    asked = source.requests(context)
    found: list[Snapshot] = []
    lacking: list[str] = []
    if isinstance(asked, Generator):
        answer: Snapshot | None = None
        left = 0
        with contextlib.suppress(StopIteration):
            request: Request = next(asked)
            while True:
                try:
                    answer = None if lacking else fetcher.get(request)
                    left += bool(lacking)
                except FetchError as error:
                    if not source.separate or not found:
                        raise
                    lacking, answer = [error.line()], None
                found += [answer] if answer is not None else []
                if not lacking:
                    told(f"{source.id}: {len(found)} answers")
                request = asked.send(answer)
        if left:
            runs = -(-left // max(1, fetcher.counts["fetched"] + fetcher.counts["absent"]))
            lacking = [f"{lacking[0]}; {left} requests are left, about {runs} more runs like this one"]
    else:
        requests = list(asked)
        with ThreadPoolExecutor(max_workers=max(1, source.concurrency)) as pool:
            for number, given in enumerate(pool.map(fetcher.get, requests), start=1):
                found += [given] if given is not None else []
                told(f"{source.id}: {number} of {len(requests)} answers")
    if fetcher.refusals and not found:
        raise fetcher.refusals[-1]
    return found, lacking + [error.line() for error in fetcher.refusals]


def parse(
    source: Source, snapshots: Sequence[Snapshot], context: Context, lacking: Sequence[str] = ()
) -> SourceResult:
    """Return what a source makes of its snapshots, normalised and corrected; ``lacking``: why not of all."""
    parsed = source.parse(snapshots, context)
    observations, documents = normalised(parsed, source.id)
    as_of = max((s.fetched for s in snapshots), default=context.today.isoformat())
    errors = [*lacking, *parsed.errors]
    part = SourceResult(source, observations, documents, as_of, list(parsed.notes), errors)
    if lost := unknown_ids(part, context.entities, context.indicators):
        shown = ", ".join(lost[:5]) + (f" and {len(lost) - 5} more" if len(lost) > 5 else "")
        raise ShapeError(
            source.id, f"ids not in the catalogue: {shown}", "add them to entities.csv or indicators.csv"
        )
    ledger = corrections.read(context.data_dir)
    ids = set(collectors(documents))
    if not part.replaces or context.only_entities:  # speak only for the figures that are really there
        ids &= set(map(str, observations["source_id"].cat.remove_unused_categories().cat.categories))
        named = pd.MultiIndex.from_frame(observations[list(corrections.TABLE.key)].astype(str))
        ledger = ledger[pd.MultiIndex.from_frame(ledger[list(corrections.TABLE.key)]).isin(named)]
    part.observations = corrections.apply(ledger, observations, ids)
    return part

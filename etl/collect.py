"""Collecting: send each source's requests and turn the answers into figures.

A source is a job, run by threads of this process or by workers of a cluster (:mod:`etl.cluster`). There a
source that asks by entity is a job an entity; what the jobs fetched is read together, here.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Generator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pandas as pd

from etl import corrections
from etl.build import SourceResult, collectors, to_frames, unknown_ids
from etl.cluster import ClusterExecutor, ClusterGates
from etl.errors import FetchError, PursuitError, ShapeError, SkipSource, Unreadable, ValidationError
from etl.http import Fetcher
from etl.options import Options, RunEnvironment
from etl.pacing import Cancelled, RateLimiter
from etl.report import FAILED, FRESH, PARTIAL, SKIPPED, SourceReport, source_line
from etl.snapshots import SnapshotStore
from etl.sources.base import Context, Request, Snapshot, Source


@dataclass
class Outcome:
    report: SourceReport
    result: SourceResult | None = None


@dataclass
class Fetched:
    """What one job fetched: answers, what is missing, and why there is nothing."""

    snapshots: list[Snapshot] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    error: str = ""
    skipped: bool = False


def fetch_all(
    source: Source, context: Context, fetcher: Fetcher, progress: Callable[[str], None] = lambda line: None
) -> tuple[list[Snapshot], list[str]]:
    """Return the snapshots of a source's requests, in their order, and what is missing.

    Missing are requests that were refused, or that a limit left no room for. That a file is absent is an
    answer too: a search for the end of an archive goes on there.
    """
    requests = source.requests(context)
    asked: Any = requests if isinstance(requests, Generator) else (one for one in requests)
    found, missing, left = list[Snapshot](), list[str](), 0
    answer: Snapshot | None = None
    label = ""
    try:
        request: Request = next(asked)
        while True:
            label = request.label
            try:
                answer = None if missing else fetcher.get(request)
                left += bool(missing)
            except FetchError as error:
                found = [one for one in found if not request.group or one.request.group != request.group]
                if not source.separate or not (found or fetcher.counts["absent"]):
                    raise
                missing, answer, left = [error.line()], None, 1
            found += [answer] if answer is not None else []
            if not missing:
                progress(f"{source.id}: {len(found)} answers")
            request = asked.send(answer)
    except StopIteration:
        pass
    except Unreadable as error:
        raise error.of(source.id, label) from error
    if left > 1:
        runs = -(-left // max(1, fetcher.counts["fetched"] + fetcher.counts["absent"]))
        missing = [f"{missing[0]}; {left} requests are left, about {runs} more runs like this one"]
    if fetcher.refusals and not found:
        raise fetcher.refusals[-1]
    return found, missing + [error.line() for error in fetcher.refusals]


def parse(
    source: Source, snapshots: Sequence[Snapshot], context: Context, missing: Sequence[str] = ()
) -> SourceResult:
    """Return what a source makes of its snapshots, normalised and corrected; ``missing``: why not of all."""
    parsed = source.parse(snapshots, context)
    observations, documents = to_frames(parsed, source.id)
    as_of = max((s.fetched for s in snapshots), default=context.today.isoformat())
    errors = [*missing, *parsed.errors]
    result = SourceResult(source, observations, documents, as_of, list(parsed.notes), errors)
    if lost := unknown_ids(result, context.entities, context.indicators):
        shown = ", ".join(lost[:5]) + (f" and {len(lost) - 5} more" if len(lost) > 5 else "")
        raise ShapeError(
            source.id, f"ids not in the catalogue: {shown}", "add them to entities.csv or indicators.csv"
        )
    ledger = corrections.read(context.data_dir)
    ids = set(collectors(documents))
    if not result.replaces or context.only_entities:  # speak only for the figures that are really there
        ids &= set(map(str, observations["source_id"].cat.remove_unused_categories().cat.categories))
        named = pd.MultiIndex.from_frame(observations[list(corrections.TABLE.key)].astype(str))
        ledger = ledger[pd.MultiIndex.from_frame(ledger[list(corrections.TABLE.key)]).isin(named)]
    result.observations = corrections.apply(ledger, observations, ids)
    return result


def collect(
    options: Options, run: RunEnvironment, sources: list[Source], contexts: Mapping[str, Context],
    store: SnapshotStore,
) -> list[Outcome]:  # fmt: skip
    limiter = RateLimiter(run.clock)
    executor: ThreadPoolExecutor | ClusterExecutor = (
        ClusterExecutor(options.scheduler)
        if options.scheduler
        else ThreadPoolExecutor(max_workers=options.jobs, thread_name_prefix="source")
    )
    began = time.perf_counter()
    fetched: dict[str, list[Fetched]] = {source.id: [] for source in sources}
    found: dict[str, Outcome] = {}
    try:
        tasks: dict[Future[Fetched], Source] = {}
        for source in sources:
            for context in jobs_of(source, contexts[source.id], options):
                more = (dict(run.env), store.root) if options.scheduler else (run, store, limiter)
                call = fetch_on_worker if options.scheduler else _fetch
                tasks[executor.submit(call, source, context, options, *more)] = source
        waiting = Counter(source.id for source in tasks.values())
        for task in as_completed(tasks):
            source = tasks[task]
            fetched[source.id].append(_result(task, source))
            if len(fetched[source.id]) == waiting[source.id]:
                outcome = _outcome(source, contexts[source.id], fetched.pop(source.id))
                outcome.report.seconds = time.perf_counter() - began
                found[source.id] = outcome
                run.progress(source.id, source_line(outcome.report), True)
    except BaseException:  # somebody pressed Ctrl-C: neither pauses nor slow servers are waited for
        limiter.end()
        executor.shutdown(wait=False, cancel_futures=True)
        raise
    executor.shutdown()
    return [found[source.id] for source in sources]


def jobs_of(source: Source, context: Context, options: Options) -> list[Context]:
    """Return what each job of a source may know: on a cluster, one entity where it asks by entity."""
    entities = {entity for scheme in source.asks_by for entity in context.ids(scheme).values()}
    if not options.scheduler or len(entities) < 2:
        return [context]
    return [replace(context, only_entities=frozenset({entity})) for entity in sorted(entities)]


def _result(task: Future[Fetched], source: Source) -> Fetched:
    try:
        return task.result()
    except Exception as error:
        why = f"{source.id}: its job failed on the cluster ({' '.join(str(error).split())[:200]}); run again"
        return Fetched(error=why)


def fetch_on_worker(
    source: Source, context: Context, options: Options, env: Mapping[str, str], store: Path
) -> Fetched:
    """Fetch on a worker of a cluster; the pace of each host is the cluster's."""
    run = RunEnvironment(env=env)
    return _fetch(source, context, options, run, SnapshotStore(store), ClusterGates(run.clock))


def _fetch(
    source: Source, context: Context, options: Options, run: RunEnvironment, store: SnapshotStore,
    limiter: RateLimiter,
) -> Fetched:  # fmt: skip
    found = Fetched()
    fetcher = Fetcher(
        source, store, run.env, limiter=limiter, clock=run.clock, limits=run.limits,
        offline=options.offline,
    )  # fmt: skip
    try:
        found.snapshots, found.missing = fetch_all(
            source, context, fetcher, lambda line: run.progress(source.id, line, False)
        )
    except Exception as error:
        found.error, found.skipped = _line(source, error), isinstance(error, SkipSource)
    finally:
        fetcher.close()
        found.counts.update(fetcher.counts)
    return found


def _outcome(source: Source, context: Context, fetched: Sequence[Fetched]) -> Outcome:
    report, result = SourceReport(source.id), None
    for name in ("fetched", "unchanged", "absent", "stored"):
        setattr(report, name, sum(one.counts[name] for one in fetched))
    failed = [one for one in fetched if one.error]
    if len(failed) == len(fetched):
        report.state = SKIPPED if all(one.skipped for one in failed) else FAILED
        report.error = failed[0].error
        return Outcome(report)
    snapshots = [snapshot for one in fetched for snapshot in one.snapshots]
    missing = [line for one in fetched for line in one.missing] + [one.error for one in failed]
    try:
        result = parse(source, snapshots, context, missing)
        report.observations, report.notes = len(result.observations), result.notes
        report.state, report.error = (PARTIAL, result.errors[0]) if result.errors else (FRESH, "")
        report.problems = result.errors[1:]
    except Exception as error:
        report.error = _line(source, error)
        report.problems = error.problems if isinstance(error, ValidationError) else []
    return Outcome(report, result)


def _line(source: Source, error: Exception) -> str:
    if isinstance(error, Cancelled):
        return f"{source.id}: interrupted; run again"
    if isinstance(error, PursuitError):
        return error.line()
    # a source's own bug must not take the others down; its name says where to look
    return f"{source.id}: {type(error).__name__} in its module: {' '.join(str(error).split())[:200]}"

"""Collecting: send each source's requests and turn the answers into figures.

A source is a job, run by threads of this process or by workers of a Dask cluster (docs/refresh.md). There a
source that asks by entity is a job an entity; what the jobs fetched is read together, here.
"""

import importlib
import time
from collections import Counter
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor, as_completed
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd

from etl import paths
from etl.build import SourceResult, collectors, in_memory
from etl.errors import (
    FetchError,
    PursuitError,
    ShapeError,
    SkipSource,
    Unreadable,
    UsageError,
    ValidationError,
)
from etl.http import Fetcher
from etl.ledgers import CORRECTIONS, correct, read_corrections
from etl.network import Cancelled, Clock, RateLimiter
from etl.options import Options, RunEnvironment
from etl.report import FAILED, FRESH, PARTIAL, SKIPPED, SourceReport, source_line
from etl.sources.base import Context, Request, Snapshot, Source
from etl.sources.reading import abbreviate
from etl.tables import used_categories

RETRIES = 2
"""How often a job is tried again when its worker is lost."""
CONNECT_SECONDS = 10


class ClusterLimiter(RateLimiter):
    """Paces requests to each host over all workers of a cluster; made on the worker, inside a job."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self._distributed: Any = importlib.import_module("distributed")

    def slot(self, host: str) -> Any:
        return self._distributed.Semaphore(name=f"pursuit slot {host}")

    def wait(self, host: str, rate_per_second: float) -> None:
        now, turn = self._take_turn(host, lambda now, turn: turn + 1 / rate_per_second)
        self.sleep(turn - now)

    def back_off(self, host: str, seconds: float) -> None:
        self._take_turn(host, lambda now, turn: max(turn, now + seconds))

    def _take_turn(self, host: str, following: Callable[[float, float], float]) -> tuple[float, float]:
        """Return now and the host's next turn; note when the turn ``following`` it is, for all workers."""
        client, key = self._distributed.get_client(), ["pursuit", "next turn", host]
        with self._distributed.Lock(f"pursuit turn {host}"):
            now = time.time()  # clocks of a cluster agree to well under a second
            turn = max(now, client.get_metadata(key, default=now))
            client.set_metadata(key, following(now, turn))
        return now, turn


@contextmanager
def cluster_executor(scheduler: str) -> Iterator[Executor]:
    """Give an executor whose jobs the workers of a cluster run; jobs of a lost worker run again."""
    try:
        distributed: Any = importlib.import_module("distributed")
        client = distributed.Client(scheduler, timeout=CONNECT_SECONDS, set_as_default=False)
    except ImportError:
        fix = "pip install 'pursuit[cluster]', here and on every worker"
        raise UsageError("--scheduler needs Dask", fix) from None
    except (OSError, ValueError) as error:
        what = f"no Dask scheduler answers at {scheduler} ({str(error)[:100]})"
        raise UsageError(what, "start one with `dask scheduler`") from None
    with client:
        yield client.get_executor(pure=False, retries=RETRIES)


Outcome = tuple[SourceReport, SourceResult | None]


@dataclass
class Fetched:
    snapshots: list[Snapshot] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    error: str = ""
    skipped: bool = False


def converse(source: Source, context: Context, answer: Callable[[Request], Snapshot | None]) -> None:
    """Give each request of a source to ``answer``, and the source what that returns."""
    requests, label = source.requests(context), ""
    asked: Any = requests if isinstance(requests, Generator) else (one for one in requests)
    try:
        request: Request = next(asked)
        while True:
            label = request.label
            request = asked.send(answer(request))
    except StopIteration:
        pass
    except Unreadable as error:
        raise error.of(source.id, label) from error


def fetch_all(
    source: Source, context: Context, fetcher: Fetcher, progress: Callable[[str], None] = lambda line: None
) -> tuple[list[Snapshot], list[str]]:
    """Return the snapshots of a source's requests, in their order, and what is missing.

    Missing are requests that were refused, or that a limit left no room for. That a file is absent is an
    answer too: a search for the end of an archive goes on there.
    """
    snapshots, missing, left = list[Snapshot](), list[str](), 0

    def answer(request: Request) -> Snapshot | None:
        nonlocal left
        if missing:
            left += 1
            return None
        try:
            snapshot = fetcher.get(request)
        except FetchError as error:
            snapshots[:] = [s for s in snapshots if not request.group or s.request.group != request.group]
            if not source.keeps_history or not (snapshots or fetcher.counts["absent"]):
                raise
            missing.append(error.line())
            left = 1
            return None
        snapshots.extend([snapshot] if snapshot is not None else [])
        progress(f"{source.id}: {len(snapshots)} answers")
        return snapshot

    converse(source, context, answer)
    if left > 1:
        runs = -(-left // max(1, fetcher.counts["fetched"] + fetcher.counts["absent"]))
        missing = [f"{missing[0]}; {left} requests are left, about {runs} more runs like this one"]
    if fetcher.refusals and not snapshots:
        raise fetcher.refusals[-1]
    return snapshots, missing + [error.line() for error in fetcher.refusals]


def parse(
    source: Source, snapshots: Sequence[Snapshot], context: Context, missing: Sequence[str] = ()
) -> SourceResult:
    """Return what a source makes of its snapshots, normalised and corrected; ``missing``: why not of all."""
    parsed = in_memory(source.parse(snapshots, context), source.id)
    as_of = max((s.fetched for s in snapshots), default=context.today.isoformat())
    parsed.errors = [*missing, *parsed.errors]
    result = SourceResult(**vars(parsed), source=source, as_of=as_of)
    lost = used_categories(parsed.observations["entity_id"]) - set(context.entities["entity_id"])
    lost |= used_categories(parsed.observations["indicator_id"]) - set(context.indicators["indicator_id"])
    if lost:
        what = f"ids not in the catalogue: {abbreviate(sorted(lost))}"
        raise ShapeError(source.id, what, "add them to entities.csv or indicators.csv")
    ledger = read_corrections(context.data_dir)
    ids = set(collectors(result.sources))
    if not result.replaces or context.only_entities:  # speak only for the figures that are really there
        ids &= used_categories(result.observations["source_id"])
        named = pd.MultiIndex.from_frame(result.observations[list(CORRECTIONS.key)].astype(str))
        ledger = ledger[pd.MultiIndex.from_frame(ledger[list(CORRECTIONS.key)]).isin(named)]
    result.observations = correct(ledger, result.observations, ids)
    return result


def collect(
    options: Options, run: RunEnvironment, sources: list[Source], contexts: Mapping[str, Context]
) -> list[Outcome]:
    limiter, tasks = RateLimiter(run.clock), dict[Future[Fetched], Source]()
    pool: AbstractContextManager[Executor] = (
        cluster_executor(options.scheduler)
        if options.scheduler
        else nullcontext(ThreadPoolExecutor(max_workers=options.jobs, thread_name_prefix="source"))
    )
    # on a worker the pace of each host is the cluster's, and there is no terminal
    env = {**run.env, "PURSUIT_CACHE": str(paths.cache_dir(run.env))}
    of_job = (RunEnvironment(env=env), None) if options.scheduler else (run, limiter)
    began = time.perf_counter()
    fetched: dict[str, list[Fetched]] = {source.id: [] for source in sources}
    outcomes: dict[str, Outcome] = {}
    with pool as executor:
        try:
            for source in sources:
                for context in jobs_of(source, contexts[source.id], options):
                    tasks[executor.submit(_fetch, source, context, options, *of_job)] = source
            waiting = Counter(source.id for source in tasks.values())
            for task in as_completed(tasks):
                source = tasks[task]
                try:
                    fetched[source.id].append(task.result())
                except Exception as error:
                    why = f"{source.id}: its job failed on the cluster ({_words(error)}); run again"
                    fetched[source.id].append(Fetched(error=why))
                if len(fetched[source.id]) == waiting[source.id]:
                    report, result = _outcome(source, contexts[source.id], fetched.pop(source.id))
                    report.seconds = time.perf_counter() - began
                    outcomes[source.id] = report, result
                    run.progress(source.id, source_line(report), True)
        except BaseException:  # somebody pressed Ctrl-C: neither pauses nor slow servers are waited for
            limiter.end()
            for task in tasks:
                task.cancel()
            executor.shutdown(wait=False)
            raise
        executor.shutdown()
    return [outcomes[source.id] for source in sources]


def jobs_of(source: Source, context: Context, options: Options) -> list[Context]:
    """Return what each job of a source may know: on a cluster, one entity where it asks by entity."""
    entities = {entity for scheme in source.asks_by for entity in context.ids(scheme).values()}
    if not options.scheduler or len(entities) < 2:
        return [context]
    return [replace(context, only_entities=frozenset({entity})) for entity in sorted(entities)]


def _fetch(
    source: Source, context: Context, options: Options, run: RunEnvironment, limiter: RateLimiter | None
) -> Fetched:
    job = Fetched()
    fetcher = Fetcher(source, run, limiter or ClusterLimiter(run.clock), options.offline)
    try:
        job.snapshots, job.missing = fetch_all(
            source, context, fetcher, lambda line: run.progress(source.id, line, False)
        )
    except Exception as error:
        job.error, job.skipped = _line(source, error), isinstance(error, SkipSource)
    finally:
        fetcher.session.close()
        job.counts.update(fetcher.counts)
    return job


def _outcome(source: Source, context: Context, fetched: Sequence[Fetched]) -> Outcome:
    report = SourceReport(source.id)
    for name, count in sum((one.counts for one in fetched), Counter[str]()).items():
        setattr(report, name, count)
    failed = [one for one in fetched if one.error]
    if len(failed) == len(fetched):
        report.state = SKIPPED if all(one.skipped for one in failed) else FAILED
        report.error = failed[0].error
        return report, None
    snapshots = [snapshot for one in fetched for snapshot in one.snapshots]
    missing = [line for one in fetched for line in one.missing] + [one.error for one in failed]
    try:
        result = parse(source, snapshots, context, missing)
    except Exception as error:
        report.error = _line(source, error)
        report.problems = error.problems if isinstance(error, ValidationError) else []
        return report, None
    report.observations, report.notes = len(result.observations), result.notes
    report.state, report.error = (PARTIAL, result.errors[0]) if result.errors else (FRESH, "")
    report.problems = result.errors[1:]
    return report, result


def _line(source: Source, error: Exception) -> str:
    if isinstance(error, Cancelled):
        return f"{source.id}: interrupted; run again"
    if isinstance(error, PursuitError):
        return error.line()
    # a source's own bug must not take the others down; its name says where to look
    return f"{source.id}: {type(error).__name__} in its module: {_words(error)}"


def _words(error: Exception) -> str:
    return " ".join(str(error).split())[:200]

"""Collecting on a cluster publishes the same bytes as threads do, at the same pace, whatever dies."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from replica import Replica
from test_replica import make_dataset

from etl.collect import ClusterLimiter, cluster_executor, jobs_of
from etl.errors import UsageError
from etl.network import Clock
from etl.options import Options, RunEnvironment, chosen
from etl.refresh import make_context, published_tables, refresh

SOURCES = ("worldbank", "huggingface", "github", "sec")


@pytest.fixture(scope="module")
def scheduler() -> Iterator[str]:
    import distributed

    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=2, host="127.0.0.1", scheduler_port=0,
        dashboard_address="127.0.0.1:0", processes=True, memory_limit=None,
    ) as cluster:  # fmt: skip
        yield cluster.scheduler_address


def published(root: Path, replica: Replica, scheduler: str) -> dict[str, bytes]:
    """Refresh a new dataset from the replica; return its tables."""
    data = make_dataset(root)
    env = {**os.environ, **replica.env(), "PURSUIT_DATA": str(data), "PURSUIT_CACHE": str(root / "cache")}
    report = refresh(Options(sources=SOURCES, scheduler=scheduler), RunEnvironment(env=env))
    assert report.exit_code == 0, [one.error for one in report.sources]
    return {p.name: p.read_bytes() for p in sorted((data / "observations").glob("*.csv"))}


def test_a_cluster_publishes_the_bytes_that_threads_publish(tmp_path: Path, scheduler: str) -> None:
    replica = Replica(datetime.now(UTC).date())
    try:
        assert published(tmp_path / "cluster", replica, scheduler) == published(
            tmp_path / "threads", replica, ""
        )
    finally:
        replica.close()


def test_a_source_that_asks_by_entity_is_a_job_an_entity(tmp_path: Path) -> None:
    tables = published_tables(make_dataset(tmp_path))
    options = Options(scheduler="tcp://127.0.0.1:1")

    def jobs(name: str, options: Options) -> list[set[str]]:
        (source,) = chosen([name])
        whole = make_context(source, options, RunEnvironment(env={}), tables, tmp_path)
        return [set(one.only_entities) for one in jobs_of(source, whole, options)]

    assert len(jobs("sec", options)) > 1
    assert all(len(one) == 1 for one in jobs("sec", options))
    assert {"huawei"} in jobs("filings", options)
    assert jobs("worldbank", options) == [set()]
    assert jobs("sec", Options()) == [set()]


def ask(number: int) -> float:
    """Wait for a host's turn on a worker; return when it came."""
    limiter = ClusterLimiter(Clock())
    with limiter.slot("example.org"):
        limiter.wait("example.org", 5)
    return time.time()


def test_a_host_is_paced_over_all_workers(scheduler: str) -> None:
    with cluster_executor(scheduler) as executor:
        turns = sorted(future.result() for future in [executor.submit(ask, n) for n in range(5)])
    assert turns[-1] - turns[0] >= 4 / 5 * 0.9


def die_once(mark: str) -> str:
    """Kill the worker at the first call; answer at the second."""
    if not Path(mark).exists():
        Path(mark).touch()
        os._exit(1)
    return "answered"


def test_a_worker_that_dies_costs_a_retry(scheduler: str, tmp_path: Path) -> None:
    with cluster_executor(scheduler) as executor:
        answer: Any = executor.submit(die_once, str(tmp_path / "mark")).result(timeout=60)
    assert answer == "answered"


def test_no_scheduler_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("etl.collect.CONNECT_SECONDS", 0.5)
    says = r"no Dask scheduler answers at tcp://127\.0\.0\.1:1"
    with pytest.raises(UsageError, match=says), cluster_executor("tcp://127.0.0.1:1"):
        pass

"""Collecting on a Dask cluster: ``pursuit refresh --scheduler tcp://host:8786``.

Each source is one job. The jobs, their results and the published tables are the same as with threads; only
the executor differs. If a worker dies, its job runs again. Rate limits hold across workers: the scheduler
records when a host may be asked next. Workers need the project installed, the network, and the same
``PURSUIT_CACHE`` (a shared folder), so that a later run finds what they fetched.
"""

from __future__ import annotations

import importlib
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from etl.errors import UsageError
from etl.pacing import Clock, RateLimiter

RETRIES = 2
"""How often a job is tried again when its worker is lost."""
CONNECT_SECONDS = 10


class ClusterGates(RateLimiter):
    """Paces requests to each host over all workers of a cluster; made on the worker, inside a job."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self._distributed: Any = importlib.import_module("distributed")

    def slot(self, host: str) -> Any:
        return self._distributed.Semaphore(name=f"pursuit slot {host}")

    def wait(self, host: str, rate_per_second: float) -> None:
        pause = 1 / rate_per_second if rate_per_second > 0 else 0.0
        now, turn = self._take_turn(host, lambda now, turn: turn + pause)
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


class ClusterExecutor:
    def __init__(self, scheduler: str) -> None:
        try:
            distributed: Any = importlib.import_module("distributed")
        except ImportError:
            raise UsageError(
                "--scheduler needs Dask", "pip install 'pursuit[cluster]', here and on every worker"
            ) from None
        try:
            self._client = distributed.Client(scheduler, timeout=CONNECT_SECONDS, set_as_default=False)
        except (OSError, ValueError) as error:
            raise UsageError(
                f"no Dask scheduler answers at {scheduler} ({str(error)[:100]})",
                "start one with `dask scheduler`",
            ) from None

    def submit(self, call: Callable[..., Any], /, *values: Any) -> Future[Any]:
        remote = self._client.submit(call, *values, pure=False, retries=RETRIES)
        local: Future[Any] = Future()
        remote.add_done_callback(lambda done: _hand_over(done, local))
        return local

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Leave the cluster; jobs that have not ended are cancelled."""
        self._client.close()


def _hand_over(remote: Any, local: Future[Any]) -> None:
    error = remote.exception() if remote.status != "cancelled" else RuntimeError("the job was cancelled")
    if error is None:
        local.set_result(remote.result())
    else:
        local.set_exception(error)

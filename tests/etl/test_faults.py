"""Each fault at each request of a source in turn: the right figures, or one clear line; never wrong ones."""

from __future__ import annotations

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from etl_support import FakeClock
from faults import FAULTS, PASSING, drip
from replica import Fault, Replica, replicated
from source_support import context
from test_replica import TODAY

from etl.collect import fetch_all
from etl.http import Fetcher
from etl.network import Limits
from etl.options import RunEnvironment
from etl.sources.worldbank import SERIES, WorldBank


@pytest.fixture(scope="module")
def replica() -> Iterator[Replica]:
    with replicated(TODAY) as one:
        yield one


def figures(replica: Replica, root: Path, total: float = 20.0) -> Any:
    limits = Limits(attempts=2, total=total, read=20.0, size=4 * 1024 * 1024)
    env = {"PURSUIT_CACHE": str(root), **replica.env()}
    fetcher = Fetcher(WorldBank(), RunEnvironment(env=env, clock=FakeClock(), limits=limits))
    try:
        given, lacking = fetch_all(WorldBank(), context(TODAY), fetcher)
        parsed = WorldBank().parse(given, context(TODAY))
    finally:
        fetcher.session.close()
    return parsed.observations, [*lacking, *parsed.errors]


def once(replica: Replica, path: str, fault: Fault) -> Fault:
    def then_gone(handler: BaseHTTPRequestHandler) -> None:
        replica.faults.pop(path, None)
        fault(handler)

    return then_gone


@pytest.mark.parametrize("name", [name for name in FAULTS if FAULTS[name] is not drip])
def test_a_fault_that_stays_is_a_clear_line_and_takes_its_own_series_alone(
    replica: Replica, tmp_path: Path, name: str
) -> None:
    for number, code in enumerate(SERIES):
        if code == "FP.CPI.TOTL":
            continue  # its address is the beginning of another's
        replica.faults[f"/v2/country/CHN/indicator/{code}"] = FAULTS[name]
        try:
            found, (line, *_) = figures(replica, tmp_path / str(number))
        finally:
            replica.faults.clear()
        assert set(found["indicator_id"]) == set(SERIES.values()) - {SERIES[code]}
        assert "worldbank: " in line
        assert "\n" not in line


@pytest.mark.parametrize("name", PASSING)
def test_a_fault_that_passes_changes_no_figure(replica: Replica, tmp_path: Path, name: str) -> None:
    right, _ = figures(replica, tmp_path / "right")
    for code in SERIES:
        path = f"/v2/country/CHN/indicator/{code}"
        replica.faults[path] = once(replica, path, FAULTS[name])
        try:
            assert figures(replica, tmp_path / code)[0].equals(right)
        finally:
            replica.faults.clear()


def test_a_drip_ends(replica: Replica, tmp_path: Path) -> None:
    last = list(SERIES)[-1]
    replica.faults[f"/v2/country/CHN/indicator/{last}"] = drip
    try:
        _, (line,) = figures(replica, tmp_path, total=1.0)
        assert "did not finish within" in line
    finally:
        replica.faults.clear()

"""What the tests of the collectors share: the shipped catalogue, snapshots of recordings, a driver."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Generator, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from etl.sources.base import Context, Request, Snapshot, Source

ROOT = Path(__file__).resolve().parents[3]
CONTRACTS = ROOT / "tests" / "contracts"
NOWHERE = Path("/nonexistent-data")


@cache
def table(name: str) -> pd.DataFrame:
    return pd.read_csv(ROOT / "data" / name, dtype=str, keep_default_na=False)


def context(
    today: date = date(2026, 1, 25),
    data_dir: Path = NOWHERE,
    env: Mapping[str, str] | None = None,
    **changes: Any,
) -> Context:
    return Context(
        changes.get("entities", table("entities.csv")),
        changes.get("indicators", table("indicators.csv")),
        changes.get("keywords", table("keywords.csv")),
        data_dir,
        today,
        env or {},
        frozenset(changes.get("only", ())),
        changes.get("external_ids", table("external_ids.csv")),
    )


def snapshot(
    body: bytes | str | object,
    key: str = "",
    url: str = "https://example.org/x",
    kind: str = "application/json",
) -> Snapshot:
    raw = (
        body
        if isinstance(body, bytes)
        else body.encode()
        if isinstance(body, str)
        else json.dumps(body).encode()
    )
    return Snapshot(
        Request(url, key=key), 200, kind, raw, hashlib.sha256(raw).hexdigest(), "2026-11-22T10:00:00Z"
    )


def answered(
    source: Source, ctx: Context, answer: Callable[[Request], Any]
) -> tuple[list[Request], list[Snapshot]]:
    """Drive ``source.requests``; ``answer`` gives a body, or ``None`` for "not there"."""
    asked: list[Request] = []
    given: list[Snapshot] = []
    running = source.requests(ctx)
    assert isinstance(running, Generator)
    reply: Snapshot | None = None
    while True:
        try:
            request = running.send(reply) if asked else next(running)
        except StopIteration:
            return asked, given
        asked.append(request)
        body = answer(request)
        reply = None
        if body is not None:
            reply = snapshot(body, request.key, request.url)
            given.append(reply)


def values(parsed: Any) -> dict[tuple[str, str, str], str]:
    frame = parsed.observations
    keys = zip(frame["entity_id"], frame["indicator_id"], frame["period"], strict=True)
    return {key: str(value) for key, value in zip(keys, frame["value"], strict=True)}

"""The status of each collector, in two places.

``data/status.json`` is published: it says what a reader of the figures should know and changes only when
a refresh changed something of that collector, or when the collector began or ceased to fail, so that a
refresh that finds nothing new writes nothing. There ``last_success`` is when its newest content came.

The attempts themselves (every run, how long it took) concern this machine only and are in
``<cache>/state/``; ``pursuit status`` shows both together.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from etl.build import collectors
from etl.snapshots import read_object, write_atomically
from etl.sources.base import Source
from etl.tables import map_by_category
from etl.tidy import period_form, period_start

JsonObject = dict[str, Any]


@dataclass
class State:
    """What this machine remembers of a source's attempts (times UTC, ISO 8601)."""

    last_attempt: str = ""
    last_success: str = ""
    error: str = ""
    today: str = ""
    """The day the last online run took itself to be; an offline run repeats it."""
    seconds: float = 0.0


class States:
    """The attempts of every source on one dataset."""

    def __init__(self, cache: Path, data_dir: Path) -> None:
        self.root = cache / "state" / hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:12]

    def get(self, source_id: str) -> State:
        """Return what is remembered; an empty state if nothing is, or if it is damaged."""
        found = read_object(self.root / f"{source_id}.json")
        known = {name: found[name] for name in State.__dataclass_fields__ if name in found}
        times = ("last_attempt", "last_success", "today")
        return State(**known) if _is_valid(known, times, {"error": str, "seconds": float}) else State()

    def put(self, source_id: str, state: State) -> None:
        """Remember a state."""
        self.write(source_id, asdict(state))

    def last_publish(self) -> JsonObject:
        """Return ``counts`` and ``changes`` of the last publish; empty where none is known."""
        empty: JsonObject = {"counts": {}, "changes": []}
        found = {**empty, **read_object(self.root / "last_publish.json")}
        valid = all(isinstance(found[name], type(kind)) for name, kind in empty.items())
        return found if valid else empty

    def write(self, name: str, document: Mapping[str, Any]) -> None:
        """Remember a JSON object."""
        text = json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True)
        write_atomically(self.root / f"{name}.json", text.encode("utf-8"))


def read(data_dir: Path) -> JsonObject:
    """Return the published status by collector, less what is damaged in it; ``{}`` if there is none."""
    by_collector = read_object(data_dir / "status.json").get("collectors")
    known = by_collector if isinstance(by_collector, dict) else {}
    kinds = {"observations": int, "documents": int, "latest_period": str, "error": str}
    return {
        name: one for name, one in known.items() if _is_valid(one, ("last_success", "last_attempt"), kinds)
    }


def _is_valid(one: Any, times: Sequence[str], kinds: Mapping[str, type]) -> bool:
    """Tell whether ``one`` is an object whose ``times`` are times and whose fields are of their ``kinds``."""
    try:
        for name in times:
            datetime.fromisoformat(one.get(name) or "2000-01-01")
        return all(isinstance(one[name], kind) for name, kind in kinds.items() if name in one)
    except (AttributeError, TypeError, ValueError):
        return False


def coverage(observations: pd.DataFrame, sources: pd.DataFrame) -> dict[str, JsonObject]:
    """Return each collector's number of observations and documents, and its latest period."""
    found: dict[str, JsonObject] = {}
    who = map_by_category(observations, "source_id", collectors(sources), "").astype(str)
    for name in np.unique(who) if len(observations) else []:
        mine = observations[who == name]
        found[str(name)] = {
            "observations": len(mine),
            "documents": int((sources["collector"] == name).sum()),
            "latest_period": max(
                map(str, mine["period"].cat.remove_unused_categories().cat.categories),
                key=lambda text: (period_start(text), text) if period_form(text) else (date.min, text),
            ),
        }
    return found


PERIODS = {"annual": 366, "quarterly": 92, "monthly": 31, "daily": 1}
"""Days of a period of each form."""


def overdue(latest: str, cadence: int, rhythm: int, today: date) -> bool:
    """Tell whether a newest figure is older than three of its own rhythms, whatever the last answer was.

    The rhythm is how often a figure comes out: ``rhythm`` days, else a period's length or the cadence.
    """
    form = period_form(latest)
    if not form:
        return False
    days = rhythm or max(cadence, PERIODS[form])
    return (today - period_start(latest)).days > 3 * days + PERIODS[form]


def entry(
    before: JsonObject, measured: JsonObject, source: Source | None, news: str, error: str, when: str
) -> JsonObject:
    """Return a collector's published entry.

    ``news``: when changed content came (``""``: nothing changed). ``error``: why it failed (``""``: it did
    not). ``when``: the time of the attempt; used only for the first of several failures in a row.
    """
    result = {**before, "observations": 0, "documents": 0, "latest_period": "", **measured}
    if source is not None:
        result |= {
            "title": source.title,
            "cadence_days": source.cadence_days,
            "on_by_default": source.on_by_default,
        }
    if error:
        if before.get("error") != error:
            result |= {"last_attempt": when}
        result |= {"error": error, "stale": True}
        result.setdefault("last_success", "")
    else:
        success = news or str(before.get("last_success", ""))
        result |= {"last_success": success, "last_attempt": success, "error": "", "stale": False}
    return result


def to_bytes(by_collector: Mapping[str, JsonObject]) -> bytes:
    """Return the bytes of ``status.json``."""
    text = json.dumps({"collectors": by_collector}, ensure_ascii=False, indent=1, sort_keys=True)
    return f"{text}\n".encode()


def summary(published: JsonObject, state: State, source: Source, now: datetime) -> JsonObject:
    """Return what ``pursuit status`` shows of a source: published status and this machine's attempts.

    ``age_days`` counts from the last success; a source older than its cadence is ``stale``, and so is one
    whose newest figure is overdue, or that brought none. ``partial``: it says what it lacks.
    """
    success = max(str(published.get("last_success", "")), state.last_success)
    # a day without a time (a hand-made edit) counts from its beginning
    moment = datetime.fromisoformat(success) if success else None
    if moment is not None and moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    age = (now - moment).total_seconds() / 86400 if moment is not None else None
    attempt = max(str(published.get("last_attempt", "")), state.last_attempt)
    newer = state.last_attempt >= str(published.get("last_attempt", ""))
    error = state.error if newer else str(published.get("error", ""))
    return {
        "source": source.id,
        "title": source.title,
        "on_by_default": source.on_by_default,
        "cadence_days": source.cadence_days,
        "last_success": success,
        "last_attempt": attempt,
        "age_days": None if age is None else round(age, 1),
        "stale": bool(error)
        # a time to come is of a run whose clock was ahead: when it really was is not known
        or (age is not None and (not -1 < age <= source.cadence_days or not published.get("observations")))
        or overdue(
            str(published.get("latest_period", "")), source.cadence_days, source.rhythm_days, now.date()
        ),
        "partial": bool(error) and success == attempt,
        "untried": source.untried,
        "observations": published.get("observations", 0),
        "documents": published.get("documents", 0),
        "latest_period": published.get("latest_period", ""),
        "error": error,
    }

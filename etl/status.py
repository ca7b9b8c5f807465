"""The status of each collector, in two places.

``data/status.json`` is published. It changes only when a refresh changed something of that collector, or when
the collector began or ceased to fail; ``last_success`` is when its newest content came. The attempts of this
machine are in ``<cache>/state/``. ``pursuit status`` shows both together.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

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


class States:
    def __init__(self, cache: Path, data_dir: Path) -> None:
        self.root = cache / "state" / hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:12]

    def get(self, source_id: str) -> State:
        """Return what is remembered; an empty state if nothing is, or if it is damaged."""
        found = read_object(self.root / f"{source_id}.json")
        known = {name: found[name] for name in State.__dataclass_fields__ if name in found}
        times = ("last_attempt", "last_success", "today")
        return State(**known) if _is_valid(known, times, {"error": str}) else State()

    def put(self, source_id: str, state: State) -> None:
        self.write(source_id, asdict(state))

    def last_publish(self) -> JsonObject:
        """Return ``counts`` and ``changes`` of the last publish; empty where none is known."""
        found = read_object(self.root / "last_publish.json")
        valid = _is_valid(found, (), {"counts": dict, "changes": list})
        return {"counts": {}, "changes": []} | (found if valid else {})

    def write(self, name: str, document: Mapping[str, Any]) -> None:
        text = json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True)
        write_atomically(self.root / f"{name}.json", text.encode("utf-8"))


def read(data_dir: Path) -> JsonObject:
    """Return the published status by collector, less what is damaged in it; ``{}`` if there is none."""
    by_collector = read_object(data_dir / "status.json").get("collectors")
    known = by_collector if isinstance(by_collector, dict) else {}
    times = ("last_success", "last_attempt")
    kinds = {"observations": int, "documents": int, "latest_period": str, "error": str}
    return {name: one for name, one in known.items() if _is_valid(one, times, kinds)}


def _is_valid(one: Any, times: Sequence[str], kinds: Mapping[str, type]) -> bool:
    """Tell whether ``one`` is an object whose ``times`` are times and whose fields are of their ``kinds``."""
    try:
        for name in times:
            datetime.fromisoformat(one.get(name) or "2000-01-01")
        return all(isinstance(one[name], kind) for name, kind in kinds.items() if name in one)
    except (AttributeError, TypeError, ValueError):
        return False


def coverage(observations: pd.DataFrame, sources: pd.DataFrame) -> dict[str, JsonObject]:
    who = map_by_category(observations, "source_id", collectors(sources), "")
    latest = observations["period"].groupby(who).unique()
    counts, documents = Counter(who), Counter(sources["collector"])
    return {
        str(name): {
            "observations": counts[name],
            "documents": documents[name],
            "latest_period": max(
                periods, key=lambda p: (period_start(p), p) if period_form(p) else (date.min, p)
            ),
        }
        for name, periods in latest.items()
    }


PERIODS = {"annual": 366, "quarterly": 92, "monthly": 31, "daily": 1}
"""Days of a period of each form."""


def overdue(latest: str, cadence: int, rhythm: int, today: date) -> bool:
    """Tell whether a newest figure is older than three of its own rhythms.

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

    ``news``: when changed content came, if any. ``error``: why it failed, if it did. ``when``: the time of
    the attempt, used for the first of several failures in a row.
    """
    result = {**before, "observations": 0, "documents": 0, "latest_period": "", **measured}
    if source is not None:
        names = ("title", "cadence_days", "on_by_default")
        result |= {name: getattr(source, name) for name in names}
    if error:
        if before.get("error") != error:
            result["last_attempt"] = when
        return {"last_success": ""} | result | {"error": error, "stale": True}
    success = news or str(before.get("last_success", ""))
    return result | {"last_success": success, "last_attempt": success, "error": "", "stale": False}


def to_bytes(by_collector: Mapping[str, JsonObject]) -> bytes:
    text = json.dumps({"collectors": by_collector}, ensure_ascii=False, indent=1, sort_keys=True)
    return f"{text}\n".encode()


def summary(published: JsonObject, state: State, source: Source, now: datetime) -> JsonObject:
    """Return what ``pursuit status`` shows of a source: published status and this machine's attempts.

    ``age_days`` counts from the last success; a source older than its cadence is ``stale``, and so is one
    whose newest figure is overdue, or that brought none. ``partial``: it says what it lacks.
    """
    success = max(str(published.get("last_success", "")), state.last_success)
    attempt = max(str(published.get("last_attempt", "")), state.last_attempt)
    newer = state.last_attempt >= str(published.get("last_attempt", ""))
    error = state.error if newer else str(published.get("error", ""))
    latest, cadence = str(published.get("latest_period", "")), source.cadence_days
    figures = published.get("observations", 0)
    stale, age = bool(error) or overdue(latest, cadence, source.rhythm_days, now.date()), None
    if success:
        moment = datetime.fromisoformat(success)
        # a day without a time (a hand-made edit) counts from its beginning
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        age = (now - moment).total_seconds() / 86400
        # a time to come is of a run whose clock was ahead: when it really was is not known
        stale = stale or not -1 < age <= cadence or not figures
    return {
        "source": source.id,
        "title": source.title,
        "on_by_default": source.on_by_default,
        "cadence_days": cadence,
        "last_success": success,
        "last_attempt": attempt,
        "age_days": None if age is None else round(age, 1),
        "stale": stale,
        "partial": bool(error) and success == attempt,
        "untried": source.untried,
        "observations": figures,
        "documents": published.get("documents", 0),
        "latest_period": latest,
        "error": error,
    }

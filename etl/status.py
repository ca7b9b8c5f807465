"""The status of each collector: what is published, and the attempts of this machine.

``data/status.json`` changes only when a refresh changed something of a collector, or when one began or ceased
to fail; ``last_success`` is when its newest content came. The attempts are in ``<cache>/state/``.
"""

import hashlib
import os
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pandas as pd

from etl.build import collectors
from etl.snapshots import read_record, write_record
from etl.sources.base import Source
from etl.tables import map_by_category, read_object
from etl.tidy import period_form, period_start

JsonObject = dict[str, Any]
KINDS = {"observations": int, "documents": int, "latest_period": str, "error": str, "last_success": str,
         "last_attempt": str}  # fmt: skip
"""Fields of a collector's published entry."""


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
        return State(**read_record(self.root / f"{source_id}.json"))

    def last_publish(self) -> JsonObject:
        return {"counts": {}, "changes": []} | read_record(self.root / "last_publish.json")

    def write(self, name: str, document: Mapping[str, Any]) -> None:
        write_record(self.root / f"{name}.json", document)


def read(data_dir: Path) -> JsonObject:
    """Return the published status by collector, less what is damaged in it; ``{}`` if there is none."""
    by_collector = read_object(data_dir / "status.json").get("collectors")
    known = by_collector if isinstance(by_collector, dict) else {}
    return {name: one for name, one in known.items() if _is_valid(one)}


def _is_valid(one: Any) -> bool:
    try:
        for name in ("last_success", "last_attempt"):
            datetime.fromisoformat(one.get(name) or "2000-01-01")
        return all(isinstance(one[name], kind) for name, kind in KINDS.items() if name in one)
    except (AttributeError, TypeError, ValueError):
        return False


def coverage(observations: pd.DataFrame, sources: pd.DataFrame) -> dict[str, JsonObject]:
    who = map_by_category(observations, "source_id", collectors(sources), "")
    counts, documents = Counter(who), Counter(sources["collector"])
    return {
        str(name): {
            "observations": counts[name],
            "documents": documents[name],
            "latest_period": max(periods, key=lambda p: (period_start(p) if period_form(p) else date.min, p)),
        }
        for name, periods in observations["period"].groupby(who).unique().items()
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


def updated(
    before: JsonObject, measured: JsonObject, asked: Sequence[Source], errors: Mapping[str, str],
    changed_at: Mapping[str, str], now: str, *, offline: bool,
) -> JsonObject:  # fmt: skip
    """Return the next published status by collector; ``last_attempt`` is of the first failure in a row.

    ``measured``: the :func:`coverage`; ``errors``: why sources failed; ``changed_at``: when new content came.
    """
    result, by_id = {}, {source.id: source for source in asked}
    for name in sorted({*before, *measured, *({} if offline else errors)}):
        known = before.get(name, {})
        row = {**known, "observations": 0, "documents": 0, "latest_period": "", **measured.get(name, {})}
        error = "" if name in changed_at else known.get("error", "")
        if source := by_id.get(name):
            row |= {key: getattr(source, key) for key in ("title", "cadence_days", "on_by_default")}
        if source and not offline:
            # without the address: it may hold the day, and a failure that goes on changes nothing
            error = errors.get(name, "").partition(": http")[0]
        if error:
            attempt = {} if known.get("error") == error else {"last_attempt": now}
            result[name] = {"last_success": ""} | row | attempt | {"error": error, "stale": True}
        else:
            success = changed_at.get(name) or known.get("last_success", "")
            times = {"last_success": success, "last_attempt": success}
            result[name] = row | times | {"error": "", "stale": False}
    return result


def summary(published: JsonObject, state: State, source: Source, now: datetime) -> JsonObject:
    """Return what ``pursuit status`` shows of a source: published status and this machine's attempts.

    ``age_days`` counts from the last success; a source older than its cadence is ``stale``, and so is one
    whose newest figure is overdue, or that brought none. ``partial``: it says what it lacks.
    """
    known: JsonObject = {name: kind() for name, kind in KINDS.items()} | published
    success = max(known["last_success"], state.last_success)
    attempt = max(known["last_attempt"], state.last_attempt)
    error = state.error if state.last_attempt >= known["last_attempt"] else known["error"]
    cadence = source.cadence_days
    stale, age = bool(error), None
    stale |= overdue(known["latest_period"], cadence, source.rhythm_days, now.date())
    if success:
        moment = datetime.fromisoformat(success)
        # a day without a time (a hand-made edit) counts from its beginning
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        age = (now - moment).total_seconds() / 86400
        # a time to come is of a run whose clock was ahead: when it really was is not known
        stale = stale or not -1 < age <= cadence or not known["observations"]
    return {
        "source": source.id,
        **{name: getattr(source, name) for name in ("title", "on_by_default", "cadence_days", "untried")},
        **{name: known[name] for name in ("observations", "documents", "latest_period")},
        "last_success": success,
        "last_attempt": attempt,
        "age_days": None if age is None else round(age, 1),
        "stale": stale,
        "partial": bool(error) and success == attempt,
        "error": error,
    }


def cells(row: JsonObject) -> tuple[str, ...]:
    """Return a summary as it is printed: source, state, last success, age, figures, newest, remark."""
    state = (
        ("partial" if row["partial"] else "failed") if row["error"] else "stale" if row["stale"] else "fresh"
    )
    never = "never asked" if row["on_by_default"] else "off"
    days, name = row["cadence_days"], row["source"]
    age = "" if row["age_days"] is None else f"{row['age_days']:.0f} of "
    untried = "not yet tried against the live service" * row["untried"]
    return (
        name, state if row["last_attempt"] else never, row["last_success"][:10],
        f"{age}{days} day{'s' * (days != 1)}", f"{row['observations']:,}", row["latest_period"],
        row["error"].removeprefix(f"{name}: ") or untried,
    )  # fmt: skip

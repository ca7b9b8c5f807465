"""What the store of answers keeps, and what characters never reach a reader."""

from __future__ import annotations

import json
import os
import time
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dashboard.claims import read_history
from dashboard.dataset.reading import UNSEEN, status
from etl.answers import retry_after
from etl.snapshots import KEPT_DAYS, SnapshotStore
from etl.sources.base import Request
from etl.sources.curated import Curated
from etl.status import State, States, read, summary
from etl.tidy import printable_line

NOW = "2026-01-02T03:04:05Z"
REQUEST = Request("https://data.example.org/a.csv")


def test_superseded_answers_and_litter_go_and_the_newest_stays(tmp_path: Path) -> None:
    store = SnapshotStore(tmp_path)
    for body in (b"old", b"new"):
        store.save("worldbank", REQUEST, 200, body, NOW, {}, "")
    (tmp_path / "ab").mkdir(exist_ok=True)
    (tmp_path / "ab" / ".part-x").write_bytes(b"half")
    assert store.prune() == 0
    assert store.prune(time.time() + 2 * 86400) == 1
    assert store.prune(time.time() + (KEPT_DAYS + 1) * 86400) == 1
    kept = store.load("worldbank", REQUEST)
    assert kept is not None
    assert kept.body == b"new"
    assert store.size() > 0


def test_direction_and_control_characters_are_taken_out() -> None:
    hostile = "".join(map(chr, (0x202A, 0x202E, 0x2066, 0x2069, 0x1B, 0x85)))
    assert printable_line(f"a{hostile}b") in ("ab", "a b")
    assert UNSEEN.sub("", f"a{hostile}b") == "ab"


def test_no_service_asks_to_wait_for_ever() -> None:
    assert retry_after("9" * 400, NOW) == 365 * 24 * 3600


@pytest.mark.parametrize(
    "text", ["", "\x00", "a,b\n1,2\n", "changed_at,claim_id,outcome\n2026,x,y\n", '"open']
)
def test_a_damaged_log_of_verdicts_is_left_out(tmp_path: Path, text: str) -> None:
    (tmp_path / "verdicts.csv").write_text(text)
    assert read_history(tmp_path) == {}


@pytest.mark.parametrize("rows", [None, 3, [], {"a": 1}])
def test_status_holds_objects_by_collector(tmp_path: Path, rows: object) -> None:
    (tmp_path / "status.json").write_text(json.dumps({"collectors": rows}))
    assert status(tmp_path / "status.json")["collectors"] == {}


@pytest.mark.parametrize(
    "entry", [[1], 5, {"last_success": "soon"}, {"last_success": 5}, {"observations": "many"}]
)
def test_a_damaged_entry_of_the_status_counts_as_none(tmp_path: Path, entry: object) -> None:
    sound = {"last_success": "2026-01-02T03:04:05Z", "observations": 3}
    (tmp_path / "status.json").write_text(json.dumps({"collectors": {"bad": entry, "good": sound}}))
    assert read(tmp_path) == {"good": sound}


@pytest.mark.parametrize(
    "damage",
    [
        {"last_attempt": 5},
        {"last_success": "soon"},
        {"today": "2026-02-30"},
        {"error": []},
        {"other": ""},
        None,
    ],
)
def test_a_damaged_state_is_one_that_was_never_written(
    tmp_path: Path, damage: dict[str, object] | None
) -> None:
    states = States(tmp_path, tmp_path)
    states.write("worldbank", asdict(State(last_attempt=NOW)))
    assert states.get("worldbank") == State(last_attempt=NOW)
    (place,) = tmp_path.rglob("worldbank.json")
    known = json.loads(place.read_text("utf-8"))
    place.write_text(json.dumps({**known, **damage}) if damage else "{", "utf-8")
    assert states.get("worldbank") == State()


def test_a_dataset_may_stand_under_a_name_that_is_not_utf_8(tmp_path: Path) -> None:
    states = States(tmp_path, Path(os.fsdecode(b"/srv/d\xff")))
    states.write("worldbank", asdict(State(last_attempt=NOW)))
    assert states.get("worldbank").last_attempt == NOW


def test_a_published_entry_without_an_error_has_none() -> None:
    now = datetime(2026, 1, 3, tzinfo=UTC)
    shown = summary({"last_attempt": NOW, "last_success": NOW}, State(), Curated(), now)
    assert shown["error"] == ""
    assert summary({"last_success": "2038-01-19T03:14:09Z", "observations": 1}, State(), Curated(), now)[
        "stale"
    ]

"""A publish is all or nothing: kill -9 at any step leaves the old dataset or the new one, and it recovers by itself."""

# ruff: noqa: E501 - tables of cases read better on one line each

from __future__ import annotations

import ctypes
import errno
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from etl import publish as publishing
from etl.errors import BusyError, DataError
from etl.publish import exchange, locked, publish, recover

OLD = {"sources.csv": b"old\n", "observations/a.csv": b"1\n", "observations/b.csv": b"2\n"}
NEW = {"sources.csv": b"new\n", "observations/a.csv": b"11\n", "observations/c.csv": b"3\n"}
GENERATED = frozenset(OLD) | frozenset(NEW)
HAND = {"entities.csv": b"by hand\n", "essay/essay.toml": b"q\n"}

# Runs a publish in a process of its own and kills it just before its N-th step on the file system.
CHILD = """
import os, signal, sys
from pathlib import Path
from etl import publish as p

root, limit, fallback = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3] == "fallback"
steps = []

def counted(function, name):
    def step(*args, **kwargs):
        steps.append(name)
        if len(steps) == limit:
            os.kill(os.getpid(), signal.SIGKILL)
        return function(*args, **kwargs)
    return step

for name in ("mkdir", "link", "rename", "replace", "unlink", "rmdir", "fsync", "open"):
    setattr(os, name, counted(getattr(os, name), name))
p.exchange = (lambda one, other: False) if fallback else counted(p.exchange, "exchange")

def final_step(directory):
    steps.append("final_step")
    return {"verdicts.csv": b"late\\n"}

with p.locked(root / "data"):
    p.publish(root / "data", eval(sys.argv[4]), frozenset(eval(sys.argv[5])), final_step)
print(" ".join(steps))
"""


def write(data: Path, files: dict[str, bytes]) -> None:
    for name, content in files.items():
        (data / name).parent.mkdir(parents=True, exist_ok=True)
        (data / name).write_bytes(content)


def content(data: Path) -> dict[str, bytes]:
    return {str(p.relative_to(data)): p.read_bytes() for p in sorted(data.rglob("*")) if p.is_file()}


def fresh(root: Path) -> Path:
    write(root / "data", {**OLD, **HAND})
    return root / "data"


def run_child(root: Path, limit: int, way: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", CHILD, str(root), str(limit), way, repr(NEW), repr(sorted(GENERATED))],
        capture_output=True, text=True, timeout=60, check=False,
        cwd=Path(publishing.__file__).parents[1],
    )  # fmt: skip


WHOLE = {**NEW, **HAND, "verdicts.csv": b"late\n"}


def points(steps: list[str]) -> list[int]:
    """Return where to kill (counted from 1): the first and the last of each kind of step, on either side of
    each kind that moves names, and around the last step."""
    chosen = set()
    for name in dict.fromkeys(steps):
        places = [n for n, step in enumerate(steps, 1) if step == name]
        chosen |= {places[0], places[-1]}
        if name in ("exchange", "rename", "final_step"):
            chosen |= {n + 1 for n in places}
    return sorted(n for n in chosen if n <= len(steps) and steps[n - 1] != "final_step")


@pytest.mark.parametrize("way", ["exchange", "fallback"])
def test_killed_at_any_step_it_is_old_or_new(tmp_path: Path, way: str) -> None:
    complete = run_child(fresh(tmp_path / "whole").parent, 0, way)
    assert complete.returncode == 0, complete.stderr
    steps = complete.stdout.split()
    assert len(steps) > 15
    seen = set()
    for limit in points(steps):
        root = tmp_path / f"{way}{limit}"
        data = fresh(root)
        assert run_child(root, limit, way).returncode == -signal.SIGKILL
        if way == "exchange":
            assert data.is_dir()  # nobody ever sees the directory missing
        recover(data)
        found = content(data)
        assert found in ({**OLD, **HAND}, WHOLE), f"step {limit}, {steps[limit - 1]}"
        seen.add(found == WHOLE)
        assert {p.name for p in root.iterdir()} <= {".data.lock", "data"}
        with locked(data):  # and the next publish goes through
            publish(data, NEW, GENERATED, lambda directory: {"verdicts.csv": b"late\n"})
        assert content(data) == WHOLE
    assert seen == {True, False}


def test_nothing_changed_writes_nothing(tmp_path: Path) -> None:
    data = fresh(tmp_path)
    before = {p: (p.stat().st_mtime_ns, p.stat().st_ino) for p in [data, *data.rglob("*")]}
    with locked(data):
        assert publish(data, OLD, frozenset(OLD)) == []
    assert {p: (p.stat().st_mtime_ns, p.stat().st_ino) for p in [data, *data.rglob("*")]} == before


def test_what_did_not_change_keeps_its_file(tmp_path: Path) -> None:
    data = fresh(tmp_path)
    before = {n: (data / n).stat().st_mtime_ns for n in ("entities.csv", "observations/a.csv")}
    with locked(data):
        assert publish(data, {**OLD, "sources.csv": b"new\n"}) == ["sources.csv"]
    assert {n: (data / n).stat().st_mtime_ns for n in before} == before


@pytest.mark.parametrize("way", ["exchange", "fallback"])
def test_edits_made_meanwhile_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str) -> None:
    data = fresh(tmp_path)
    swap = publishing._replace_dataset

    def edited_before(data_dir: Path, following: Path) -> Path:
        (data_dir / "entities.csv").write_bytes(b"edited in place\n")
        (data_dir / "essay.tmp").write_bytes(b"saved by renaming\n")
        (data_dir / "essay.tmp").replace(data_dir / "essay" / "essay.toml")
        (data_dir / "notes.csv").write_bytes(b"a new file\n")
        return swap(data_dir, following)

    monkeypatch.setattr(publishing, "_replace_dataset", edited_before)
    if way == "fallback":
        monkeypatch.setattr(publishing, "exchange", lambda one, other: False)
    with locked(data):
        publish(data, NEW, GENERATED)
    found = content(data)
    assert found["entities.csv"] == b"edited in place\n"
    assert found["essay/essay.toml"] == b"saved by renaming\n"
    assert found["notes.csv"] == b"a new file\n"
    assert {n: found[n] for n in NEW} == NEW
    assert "observations/b.csv" not in found


LATE = {"verdicts.csv": b"late\n", "sources.csv": b"described anew\n"}


def test_the_last_step_sees_the_whole_next_state_and_belongs_to_it(tmp_path: Path) -> None:
    data = fresh(tmp_path)
    seen: list[dict[str, bytes]] = []

    def final_step(directory: Path) -> dict[str, bytes]:
        seen.append(content(directory))
        assert content(data) == {**OLD, **HAND}
        return LATE

    with locked(data):
        changes = publish(data, NEW, GENERATED, final_step)
    assert seen == [{**NEW, **HAND}]
    assert content(data) == {**NEW, **HAND, **LATE}
    assert "verdicts.csv" in changes


def test_the_last_step_alone_is_a_publish_and_nothing_new_is_none(tmp_path: Path) -> None:
    data = fresh(tmp_path)
    with locked(data):
        assert publish(data, OLD, frozenset(OLD), lambda directory: {"verdicts.csv": b"1\n"}) == [
            "verdicts.csv"
        ]
        before = {p: (p.stat().st_mtime_ns, p.stat().st_ino) for p in [data, *data.rglob("*")]}
        assert publish(data, OLD, frozenset(OLD), lambda directory: {"verdicts.csv": b"1\n"}) == []
        assert publish(data, OLD, frozenset(OLD), lambda directory: {}) == []
    assert {p: (p.stat().st_mtime_ns, p.stat().st_ino) for p in [data, *data.rglob("*")]} == before


def test_a_last_step_that_breaks_leaves_the_old_state(tmp_path: Path) -> None:
    data = fresh(tmp_path)

    def broken(directory: Path) -> dict[str, bytes]:
        raise KeyboardInterrupt

    with locked(data), pytest.raises(KeyboardInterrupt):
        publish(data, NEW, GENERATED, broken)
    assert content(data) == {**OLD, **HAND}
    assert {p.name for p in tmp_path.iterdir()} <= {".data.lock", "data"}


def test_a_second_refresh_gets_a_clear_line(tmp_path: Path) -> None:
    data = fresh(tmp_path)
    with (
        locked(data),
        pytest.raises(BusyError, match=r"another refresh is at work on .*; wait"),
        locked(data),
    ):
        pass
    with locked(data):
        pass


def test_recovery_leaves_a_running_refresh_alone(tmp_path: Path) -> None:
    data = fresh(tmp_path)
    (tmp_path / ".data.next").mkdir()
    with locked(data):
        recover(data)
        assert (tmp_path / ".data.next").exists()
    recover(data)
    assert not (tmp_path / ".data.next").exists()


def test_a_directory_that_cannot_be_renamed_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = fresh(tmp_path)

    def busy(one: Path, other: Path) -> bool:
        raise OSError(16, "Device or resource busy")

    monkeypatch.setattr(publishing, "exchange", busy)
    with locked(data), pytest.raises(DataError, match="mount point"):
        publish(data, NEW, GENERATED)
    assert content(data) == {**OLD, **HAND}


def test_exchange_swaps_two_directories_or_says_that_it_cannot(tmp_path: Path) -> None:
    for name in "ab":
        (tmp_path / name).mkdir()
        (tmp_path / name / name).touch()
    swapped = exchange(tmp_path / "a", tmp_path / "b")  # some file systems cannot, and systems but Linux
    in_a, in_b = ("b", "a") if swapped else ("a", "b")
    assert [p.name for p in (tmp_path / "a").iterdir()] == [in_a]
    assert [p.name for p in (tmp_path / "b").iterdir()] == [in_b]
    if swapped:
        with pytest.raises(OSError, match="No such file"):
            exchange(tmp_path / "a", tmp_path / "none")


@pytest.mark.parametrize(
    ("number", "ends"),
    [(errno.ENOSYS, False), (errno.EINVAL, False), (errno.ENOENT, True), (errno.EBUSY, True)],
)
def test_a_system_that_cannot_exchange_is_no_failure_and_any_other_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, ends: bool
) -> None:
    class System:
        @staticmethod
        def renameat2(*args: object) -> int:
            ctypes.set_errno(number)
            return -1

    monkeypatch.setattr(publishing.ctypes, "CDLL", lambda *args, **named: System)
    if ends:
        with pytest.raises(OSError, match=re.escape(os.strerror(number))):
            exchange(tmp_path / "a", tmp_path / "b")
    else:
        assert exchange(tmp_path / "a", tmp_path / "b") is False


@pytest.mark.parametrize("place", ["_write", "_link_or_copy"])
def test_a_full_disk_leaves_what_was_published_and_no_litter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    data = tmp_path / "data"
    write(data, OLD | HAND)

    def full(*args: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(publishing, place, full)
    with locked(data), pytest.raises(DataError, match=r"No space left on device.*is as it was; make room"):
        publish(data, NEW, GENERATED)
    assert {str(p.relative_to(data)): p.read_bytes() for p in data.rglob("*") if p.is_file()} == OLD | HAND
    assert {p.name for p in tmp_path.iterdir()} <= {"data", ".data.lock"}


def test_links_that_nothing_is_written_through_stay_links(tmp_path: Path) -> None:
    data = fresh(tmp_path)
    (data / "essay").rename(tmp_path / "kept")
    (data / "essay").symlink_to("../kept")
    (data / "gone").symlink_to("nowhere")
    with locked(data):
        publish(data, NEW, GENERATED)
    assert (data / "essay").is_symlink()
    assert (data / "gone").readlink() == Path("nowhere")
    assert (data / "essay" / "essay.toml").read_bytes() == HAND["essay/essay.toml"]
    assert content(data)["sources.csv"] == b"new\n"


@pytest.mark.parametrize("place", ["observations", "sources.csv"])
def test_nothing_is_written_through_a_link(tmp_path: Path, place: str) -> None:
    data = fresh(tmp_path)
    (data / place).rename(tmp_path / "kept")
    (data / place).symlink_to(tmp_path / "kept")
    with locked(data), pytest.raises(DataError, match=f"{place} is a link, and {place}"):
        publish(data, NEW, GENERATED)
    assert all((data / name).read_bytes() == old for name, old in (OLD | HAND).items())
    assert {p.name for p in tmp_path.iterdir()} <= {"data", "kept", ".data.lock"}


def test_a_staged_directory_that_is_not_what_was_checked_is_not_put_in_place(tmp_path: Path) -> None:
    data = fresh(tmp_path)

    def check(directory: Path) -> None:
        assert (directory / "sources.csv").read_bytes() == b"new\n"
        raise DataError("not what was checked", "run again")

    with locked(data), pytest.raises(DataError, match="not what was checked"):
        publish(data, NEW, GENERATED, check=check)
    assert content(data) == {**OLD, **HAND}
    assert not (tmp_path / ".data.next").exists()


@pytest.mark.parametrize("step", ["_keep_edits", "sync_folder", "rmtree"])
def test_what_fails_after_the_exchange_is_a_note(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    data, notes = fresh(tmp_path), list[str]()
    swap = publishing._replace_dataset

    def refused(*args: object, **named: object) -> None:
        if step != "rmtree":
            raise PermissionError(13, "Permission denied", "a.csv")

    def swapped(data_dir: Path, following: Path) -> Path:
        old = swap(data_dir, following)
        patch.setattr(publishing.shutil if step == "rmtree" else publishing, step, refused)
        return old

    with monkeypatch.context() as patch:
        patch.setattr(publishing, "_replace_dataset", swapped)
        with locked(data):
            assert publish(data, NEW, GENERATED, note=notes.append)
    assert len(notes) == 1
    assert {n: content(data)[n] for n in NEW} == NEW
    recover(data)  # and every command that follows goes on, the next refresh included
    with locked(data):
        publish(data, {**NEW, "sources.csv": b"newer\n"}, GENERATED, note=notes.append)
    assert content(data)["sources.csv"] == b"newer\n"


@pytest.mark.parametrize("litter", ["file", "link", "folder", "pipe"])
def test_leftovers_where_the_next_directory_is_built_are_cleared(tmp_path: Path, litter: str) -> None:
    data, place = fresh(tmp_path), tmp_path / ".data.next"
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "a").touch()
    {"file": place.touch, "link": lambda: place.symlink_to("elsewhere"), "folder": place.mkdir,
     "pipe": lambda: os.mkfifo(place)}[litter]()  # fmt: skip
    recover(data)
    assert not os.path.lexists(place)
    assert (tmp_path / "elsewhere" / "a").exists()
    with locked(data):
        assert publish(data, NEW, GENERATED)


def test_a_folder_of_another_owner_is_refused_before_the_exchange(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = fresh(tmp_path)
    ours = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: "observations" not in str(path) and ours(path, mode))
    with (
        locked(data),
        pytest.raises(DataError, match=r"observations is not yours to write.*as it was; run it"),
    ):
        publish(data, NEW, GENERATED)
    assert content(data) == {**OLD, **HAND}
    assert {p.name for p in tmp_path.iterdir()} <= {"data", ".data.lock"}


def test_who_could_read_a_table_still_can(tmp_path: Path) -> None:
    data = fresh(tmp_path)
    (data / "sources.csv").chmod(0o644)
    before = os.umask(0o077)
    try:
        with locked(data):
            publish(data, NEW, GENERATED)
    finally:
        os.umask(before)
    assert (data / "sources.csv").read_bytes() == b"new\n"
    assert (data / "sources.csv").stat().st_mode & 0o777 == 0o644


def test_a_pipe_in_place_of_a_table_is_replaced(tmp_path: Path) -> None:
    data = fresh(tmp_path)
    (data / "sources.csv").unlink()
    os.mkfifo(data / "sources.csv")
    with locked(data):
        publish(data, NEW, GENERATED)
    assert {n: content(data)[n] for n in NEW} == NEW

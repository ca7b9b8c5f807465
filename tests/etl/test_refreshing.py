"""A refresh publishes what holds, keeps what failed, repeats itself without the network and writes no byte in vain."""

# ruff: noqa: E501 - tables of cases read better on one line each

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from etl_support import (
    DOCUMENT,
    URL,
    TableSource,
    World,
    csv_answer,
    curated_row,
    make_dataset,
    serving,
    write_curated,
)

from etl.errors import BusyError, SkipSource, UsageError, ValidationError
from etl.network import Limits
from etl.options import Options
from etl.publish import locked
from etl.refresh import refresh
from etl.report import as_text
from etl.schema import TABLES
from etl.sources.base import Context, Parsed, Request, Requests, Snapshot
from etl.sources.curated import Curated
from etl.validate import validate

TABLE = "shenzhen,gdp,2022,3238768000000\nhangzhou,gdp,2022,1875300000000\n"


@pytest.fixture
def world(tmp_path: Path) -> World:
    make_dataset(tmp_path)
    return World(tmp_path, [Curated(), TableSource()])


def run(world: World, *sources: str, **more: Any) -> Any:
    return refresh(Options(sources=sources, **more), world.setting())


def online(world: World, body: str = TABLE, *sources: str, **more: Any) -> Any:
    with serving(csv_answer(body)) as server:
        world.env["PURSUIT_BASE_URL_WORLDBANK"] = server.base
        return run(world, *sources, **more)


def figures(world: World, domain: str = "economy") -> list[str]:
    return (world.data / "observations" / f"{domain}.csv").read_text("utf-8").splitlines()[1:]


def status_of(world: World, source: str) -> dict[str, Any]:
    found = json.loads((world.data / "status.json").read_text("utf-8"))["collectors"]
    return dict(found.get(source, {}))


def test_curated_figures_become_canonical_observations(world: World) -> None:
    report = run(world, "curated")
    assert report.exit_code == 0
    assert report.published
    document = figures(world)[0].split(",")[4]
    assert figures(world) == [
        f"hangzhou,gdp,2024,2186000000000,{document},final,nominal,table 1",
        f"shenzhen,gdp,2023,3460640000000,{document},final,nominal,table 1",
        f"shenzhen,gdp,2024,3680187000000,{document},final,nominal,table 1",
    ]
    assert [str(p) for p in validate(world.data, world_day(world))[1]] == []


def world_day(world: World) -> Any:
    from datetime import date

    return date.fromisoformat(world.clock.now()[:10])


def test_a_second_run_writes_no_byte(world: World) -> None:
    with serving(csv_answer(TABLE)) as server:
        world.env["PURSUIT_BASE_URL_WORLDBANK"] = server.base
        assert run(world).published
        before = world.files()
        world.clock.text = "2026-12-24T18:00:00Z"
        report = run(world)
    assert report.exit_code == 0
    assert not report.published
    assert world.files() == before
    assert [s.state for s in report.sources] == ["unchanged", "unchanged"]


def test_offline_gives_the_same_bytes(world: World, tmp_path: Path) -> None:
    online(world)
    first = world.bytes()
    other = World(tmp_path, world.sources, env={})
    for name in ("observations", "sources.csv", "revisions.csv", "status.json", "datapackage.json"):
        place = world.data / name
        if place.is_dir():
            for path in place.iterdir():
                path.unlink()
            place.rmdir()
        else:
            place.unlink()
    other.clock.text = "2027-03-01T00:00:00Z"
    report = run(other, offline=True)
    assert report.exit_code == 0
    second = other.bytes()
    changed = {n for n in first if first[n] != second.get(n)}
    assert changed == set()


def test_a_failing_source_keeps_its_figures_and_the_others_publish(world: World) -> None:
    online(world)
    world.env["PURSUIT_BASE_URL_WORLDBANK"] = "http://127.0.0.1:1"
    write_curated(world.data, [curated_row("beijing", "gdp", "2024", "49843.1")])
    before = [line for line in figures(world) if ",2022," in line]
    report = run(world, accept=True)
    assert report.exit_code == 3
    assert report.published
    assert [line for line in figures(world) if ",2022," in line] == before
    assert any(line.startswith("beijing,gdp,2024,4984310000000,") for line in figures(world))
    assert status_of(world, "worldbank")["stale"] is True
    assert "connection refused" in status_of(world, "worldbank")["error"]
    assert "stale, kept as last published: worldbank" in as_text(report)
    files = world.files()
    assert not run(world, accept=True).published  # it goes on failing: nothing new to say
    assert world.files() == files
    online(world)
    assert status_of(world, "worldbank")["stale"] is False


def test_nothing_published_when_all_fail(world: World) -> None:
    world.env["PURSUIT_BASE_URL_WORLDBANK"] = "http://127.0.0.1:1"
    before = world.files()
    report = run(world, "worldbank")
    assert report.exit_code == 1
    assert world.files() == before


def test_revised_figures_are_written_down(world: World) -> None:
    online(world)
    world.clock.text = "2026-12-01T00:00:00Z"
    online(world, TABLE.replace("3238768000000", "3248000000000"), "worldbank")
    revisions = (world.data / "revisions.csv").read_text("utf-8").splitlines()
    assert revisions[1:] == [
        f"2026-12-01T00:00:00Z,shenzhen,gdp,2022,{DOCUMENT},3238768000000,3248000000000,worldbank: revised"
    ]


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (TABLE.replace("3238768000000", "32387680000000"), "changed by a factor of 10 or more"),
        (
            TABLE + "shenzhen,gdp,2024,368010000000000\n",
            "1 series go on 100 times as large or small as they were",
        ),
        (TABLE + "shenzhen,gdp,2025,36801\n", "3680187000000 in 2024, 36801 in 2025"),
        (TABLE.splitlines()[0] + "\n", "whole series vanished"),
        (TABLE + "shenzhen,nonsense,2022,1\n", "ids not in the catalogue: nonsense"),
        (TABLE + "shenzhen,gdp,2022-05,1\n", "figures break the dataset's rules"),
        (TABLE + "shenzhen,gdp,2031,5000000000000\n", "figures break the dataset's rules"),
        (TABLE + "shenzhen,gdp,2021,nan\n", "not a finite number"),
        (TABLE + "shenzhen,gdp,2021\n", "ValueError in its module"),
    ],
)
def test_suspicious_or_broken_news_are_held_back(world: World, body: str, why: str) -> None:
    online(world)
    before = world.bytes()
    report = online(world, body)
    assert report.exit_code == 3
    (failed,) = [s for s in report.sources if s.state == "failed"]
    assert failed.source == "worldbank"
    assert why in failed.error
    now = world.bytes()
    assert {n: now[n] for n in now if n not in ("status.json",)} == {
        n: before[n] for n in before if n not in ("status.json",)
    }


def test_accept_publishes_a_jump(world: World) -> None:
    online(world)
    report = online(world, TABLE.replace("3238768000000", "32387680000000"), accept=True)
    assert report.exit_code == 0
    assert report.counts["revised"] == 1


def test_entity_limits_what_is_replaced(world: World) -> None:
    online(world)
    body = TABLE.replace("3238768000000", "1").replace("1875300000000", "1900000000000")
    online(world, body, "worldbank", entities=("hangzhou",))
    assert any(line.startswith("hangzhou,gdp,2022,1900000000000,") for line in figures(world))
    assert any(line.startswith("shenzhen,gdp,2022,3238768000000,") for line in figures(world))
    with pytest.raises(UsageError, match="no entity 'atlantis'"):
        run(world, entities=("atlantis",))


def test_a_dry_run_writes_nothing(world: World) -> None:
    before = world.files()
    report = online(world, dry_run=True)
    assert report.exit_code == 0
    assert not report.published
    assert "observations/economy.csv" in report.files
    assert world.files() == before


class Growing(TableSource):
    """Brings only what is new, and asks a list page for the rest."""

    keeps_history = True

    def requests(self, context: Context) -> Requests:
        listing = yield Request(f"{URL}?list")
        assert listing is not None
        for name in listing.body.decode().split(";"):
            yield Request(f"{URL}?{name}", optional=True)

    def parse(self, snapshots: Sequence[Snapshot], context: Context) -> Parsed:
        return super().parse(snapshots[1:], context)


def test_a_generator_is_sent_its_answers_and_history_stays(world: World) -> None:
    world.sources = [Growing()]
    for year in ("2021", "2022"):
        with serving(
            csv_answer("one;two"), csv_answer(f"shenzhen,gdp,{year},3\n"), lambda c: c.answer(404)
        ) as server:
            world.env["PURSUIT_BASE_URL_WORLDBANK"] = server.base
            assert run(world).exit_code == 0
            assert [c.line.split()[1] for c in server.asked] == [
                "/gdp.csv?list",
                "/gdp.csv?one",
                "/gdp.csv?two",
            ]
    assert [line.split(",")[2] for line in figures(world)] == ["2021", "2022"]


def test_a_skipped_source_is_no_failure(world: World) -> None:
    class Skipping(TableSource):
        def requests(self, context: Context) -> Requests:
            raise SkipSource("no API key", "set SOME_KEY")

    world.sources = [Curated(), Skipping()]
    report = run(world)
    assert report.exit_code == 0
    assert report.sources[1].state == "skipped"
    assert report.sources[1].error == "no API key; set SOME_KEY"


def test_one_document_read_by_hand_and_by_a_collector(world: World) -> None:
    """The collector's reading stands, its document stays its own, and what only the hand read stays too."""
    by_hand = {"source_url": URL}
    write_curated(world.data, [
        curated_row("shenzhen", "gdp", "2022", "32387", **by_hand),
        curated_row("shenzhen", "gdp", "2020", "27670.24", **by_hand),
    ])  # fmt: skip
    report = online(world)
    assert any("1 figures are read from one document with two values" in n for n in report.notes)
    values = {tuple(line.split(",")[:4]) for line in figures(world)}
    assert ("shenzhen", "gdp", "2022", "3238768000000") in values
    assert ("shenzhen", "gdp", "2020", "2767024000000") in values
    sources = (world.data / "sources.csv").read_text("utf-8")
    assert sources.count(DOCUMENT) == 1
    assert ",worldbank," in sources


def grown(world: World, table: str, **more: Any) -> Any:
    with serving(csv_answer("one"), csv_answer(table)) as server:
        world.env["PURSUIT_BASE_URL_WORLDBANK"] = server.base
        return run(world, **more)


def test_an_earlier_reading_by_a_collector_wins_over_a_hand_reading_of_the_document(
    world: World,
) -> None:
    world.sources = [Curated(), Growing()]
    by_hand = {"source_url": URL}
    hand = [
        curated_row("shenzhen", "gdp", "2022", "32387.68", **by_hand),
        curated_row("hangzhou", "gdp", "2022", "18753", **by_hand),
        curated_row("shenzhen", "gdp", "2020", "27670.24", **by_hand),  # no collector reads this one
    ]
    write_curated(world.data, hand)
    grown(world, "shenzhen,gdp,2022,3238768000000\nhangzhou,gdp,2022,1875000000000\n")
    lines = figures(world)
    assert any(line.startswith("hangzhou,gdp,2022,1875000000000") for line in lines)
    report = grown(world, "shenzhen,gdp,2022,3238768000000\n")  # brings only what it takes for new
    assert not any(report.counts.values())
    assert figures(world) == lines
    write_curated(world.data, [*hand[:2], curated_row("shenzhen", "gdp", "2020", "27759", **by_hand)])
    grown(world, "shenzhen,gdp,2022,3238768000000\n")
    changed = [line for line in figures(world) if line not in lines]
    assert len(changed) == 1
    assert changed[0].startswith("shenzhen,gdp,2020,2775900000000")


@pytest.mark.parametrize(
    ("action", "expected"),
    [("drop,3,", None), ("override,3,5", "5"), ("scale,3,100", "300"), ("flag,3,", "3")],
)
def test_a_correction_reaches_figures_that_are_not_read_again(
    world: World, action: str, expected: str | None
) -> None:
    world.sources = [Growing()]
    grown(world, "shenzhen,gdp,2021,3\nhangzhou,gdp,2021,4\n")
    ledger(world, f"shenzhen,gdp,2021,{DOCUMENT},{action},a slip")
    grown(world, "hangzhou,gdp,2022,4\n", accept=True)
    fixed = [line.split(",") for line in figures(world) if line.startswith("shenzhen")]
    assert [cells[3] for cells in fixed] == ([] if expected is None else [expected])
    assert all("a slip" in ",".join(cells) for cells in fixed)
    before = world.files()
    assert not grown(world, "hangzhou,gdp,2022,4\n").published
    assert world.files() == before


def ledger(world: World, *rows: str) -> None:
    header = "entity_id,indicator_id,period,source_id,action,expected_raw,value,reason\n"
    (world.data / "curated" / "corrections.csv").write_text(header + "".join(f"{r}\n" for r in rows), "utf-8")


def test_corrections_are_made_and_said(world: World) -> None:
    ledger(
        world,
        f"shenzhen,gdp,2022,{DOCUMENT},override,3238768000000,3239000000000,typo",
        f"hangzhou,gdp,2022,{DOCUMENT},flag,1875300000000,,contested",
    )
    assert online(world).exit_code == 0
    lines = [line for line in figures(world) if ",2022," in line]
    assert lines == [
        f"hangzhou,gdp,2022,1875300000000,{DOCUMENT},doubtful,contested,line 2",
        f'shenzhen,gdp,2022,3239000000000,{DOCUMENT},final,"corrected, the document says 3238768000000: typo",line 1',
    ]
    ledger(world, f"shenzhen,gdp,2022,{DOCUMENT},drop,3238768000000,,gone", f"hangzhou,gdp,2022,{DOCUMENT},scale,1875300000000,0.5,half")  # fmt: skip
    online(world, accept=True)
    assert [line.split(",")[3] for line in figures(world) if ",2022," in line] == ["937650000000"]


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (f"shenzhen,gdp,2022,{DOCUMENT},drop,1,,x", "expected 1, the source says 3238768000000"),
        (f"shenzhen,gdp,1999,{DOCUMENT},drop,1,,x", "the source no longer has this figure"),
        (f"shenzhen,gdp,2022,{DOCUMENT},burn,1,,x", "action 'burn' is not one of the known words"),
        (f"shenzhen,gdp,2022,{DOCUMENT},override,1,many,x", "value 'many' is not a plain number"),
        (f"shenzhen,gdp,2022,{DOCUMENT},scale,1,,x", "no value"),
        (f"shenzhen,gdp,2022,{DOCUMENT},drop,1,,", "reason '' is empty"),
    ],
)
def test_a_correction_that_no_longer_fits_fails_the_source(world: World, row: str, why: str) -> None:
    ledger(world, row)
    report = online(world, TABLE, "worldbank")
    assert report.exit_code == 1
    assert why in report.sources[0].error
    assert "curated/corrections.csv:2" in report.sources[0].error


def test_curated_faults_are_all_named_with_their_line(world: World) -> None:
    write_curated(world.data, [
        curated_row("shenzhen", "gdp", "2024", "1", unit="USD"),
        curated_row("atlantis", "gdp", "2024", "1"),
        curated_row("shenzhen", "gdp", "2023", "many"),
        curated_row("shenzhen", "gdp", "soon", "1"),
        curated_row("shenzhen", "gdp", "2020", "1", source_url="javascript:alert(1)"),
        curated_row("shenzhen", "gdp", "2019", "1", tier="rumour"),
        curated_row("hangzhou", "gdp", "2019", "1"),
        curated_row("hangzhou", "gdp", "2019", "2"),
    ])  # fmt: skip
    report = run(world, "curated")
    assert report.exit_code == 1
    found = report.sources[0].problems
    lines = {line.split(":")[1] for line in found}
    assert lines == {"2", "3", "4", "5", "6", "7", "9"}
    assert all(line.startswith("curated/gdp.csv:") and "; " in line for line in found)


VERDICTS = ",".join(TABLES["verdicts"].names)
VERDICT = "2026-11-22,v,c,supported,,shenzhen,gdp,2024,1.5"


def finishing(world: World, step: Any, *sources: str) -> Any:
    setting = world.setting()
    setting.final_step = step
    return refresh(Options(sources=sources), setting)


def test_verdicts_belong_to_the_publish_and_are_described(world: World) -> None:
    body = f"{VERDICTS}\n{VERDICT}\n".encode()

    def verdicts(directory: Path) -> dict[str, bytes]:
        assert (directory / "datapackage.json").is_file()
        assert (directory / "observations" / "economy.csv").is_file()
        return {"verdicts.csv": body}

    report = finishing(world, verdicts, "curated")
    assert report.exit_code == 0
    assert (world.data / "verdicts.csv").read_bytes() == body
    package = json.loads((world.data / "datapackage.json").read_text("utf-8"))
    (described,) = [r for r in package["resources"] if r["name"] == "verdicts"]
    assert described["bytes"] == len(body)
    assert package["version"] == report.version  # the log names the version, so it is no part of it
    assert [str(p) for p in validate(world.data, world_day(world))[1]] == []
    before = world.files()
    assert not finishing(world, verdicts, "curated").published
    assert not run(world, "curated").published  # without a last step the log stays as it is
    assert world.files() == before
    finishing(world, lambda directory: {"verdicts.csv": body + VERDICT.encode() + b"\n"}, "curated")
    assert (world.data / "verdicts.csv").read_bytes().count(b"\n") == 3


def test_a_last_step_that_fails_undoes_no_publish(world: World) -> None:
    def broken(directory: Path) -> dict[str, bytes]:
        raise ValueError("the log is damaged")

    for step in (broken, lambda directory: {"entities.csv": b""}):
        report = finishing(world, step, "curated")
        assert report.exit_code == 0
        assert any(note.startswith("not brought up to date: verdicts.csv") for note in report.notes)
    assert len(figures(world)) == 3
    assert not (world.data / "verdicts.csv").exists()


def test_two_refreshes_at_once(world: World) -> None:
    with locked(world.data), pytest.raises(BusyError, match="another refresh"):
        run(world)


def test_a_dataset_that_a_killed_publish_left_under_another_name_is_found(world: World) -> None:
    """Where names cannot be exchanged in one step there is a moment without the directory."""
    online(world)
    before = world.bytes()
    world.data.rename(world.data.parent / ".data.previous")
    assert not online(world).published
    assert world.bytes() == before


def test_a_directory_without_a_dataset_is_said(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no dataset in"):
        run(World(tmp_path, []))


def test_ctrl_c_ends_at_once_and_leaves_everything_as_it_was(world: World) -> None:
    run(world, "curated")
    before = world.files()

    def pressed(source: str, line: str, done: bool) -> None:
        raise KeyboardInterrupt

    with serving(lambda c: c.connection.recv(1)) as server:  # asked, it never answers
        world.env["PURSUIT_BASE_URL_WORLDBANK"] = server.base
        setting = world.setting()
        setting.progress, setting.limits = pressed, Limits(attempts=1, read=3600, total=3600)
        with pytest.raises(KeyboardInterrupt):
            refresh(Options(), setting)
    assert world.files() == before
    assert run(world, "curated").exit_code == 0


def test_a_table_that_cannot_be_read_is_not_taken_for_one_that_is_not_there(world: World) -> None:
    run(world)
    before = world.files()
    (world.data / "revisions.csv").unlink()
    os.mkfifo(world.data / "revisions.csv")
    with pytest.raises(ValidationError, match=r"revisions.csv:0: cannot be read"):
        run(world)
    (world.data / "revisions.csv").unlink()
    assert {n: f for n, f in before.items() if n != "revisions.csv"} == world.files()

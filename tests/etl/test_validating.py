"""Every planted violation is reported, all in one run, each with file and line; the sound dataset has none."""

# ruff: noqa: E501 - tables of cases read better on one line each

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from etl_support import World, curated_row, make_dataset, table

from etl.options import Options
from etl.refresh import refresh
from etl.schema import ALL, CURATED, TABLES
from etl.sources.curated import Curated
from etl.validate import undescribed, validate

TODAY = date(2026, 11, 22)


@pytest.fixture
def data(tmp_path: Path, published: Path) -> Path:
    """A copy of the published dataset, to spoil."""
    return Path(shutil.copytree(published, tmp_path / "data"))


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A published dataset with something in every table."""
    root = tmp_path_factory.mktemp("published")
    directory = make_dataset(root, [
        curated_row("hangzhou", "gdp", "2024", "21860"),
        curated_row("shenzhen", "gdp", "2023", "34606.4"),
        curated_row("shenzhen", "gdp", "2024", "36801.87"),
        curated_row("shenzhen", "gdp_growth", "2024", "5.8", "%"),
        curated_row("shenzhen", "population_resident", "2024", "1798.95", "10k persons"),
        curated_row("shenzhen", "qs_rank", "2027", "300", "rank"),
    ])  # fmt: skip
    rows = {
        "notes": [["n1", "break", "gdp", "shenzhen", "2018", "Text.", "文。", "文。"]],
        "gaps": [["tencent", "gdp", "It.", "它。", "它。", "Reports.", "报告。", "報告。", "2026-11-22"]],
        "keywords": [["shenzhen", "深圳"]],
        "corrections": [["shenzhen", "gdp", "1999", "elsewhere", "drop", "1", "", "A slip."]],
    }
    for name, lines in rows.items():
        (directory / ALL[name].path).write_text(table(ALL[name].names, *lines), "utf-8")
    report = refresh(Options(), World(root, [Curated()]).setting())
    assert report.exit_code == 0, report
    return directory


def problems(data: Path) -> list[str]:
    return [str(p) for p in validate(data, TODAY)[1]]


def edit(path: Path, change: Callable[[str], str]) -> None:
    before = path.read_text("utf-8")
    after = change(before)
    assert after != before
    path.write_text(after, "utf-8")


def test_the_sound_dataset_has_no_problem(data: Path) -> None:
    assert problems(data) == []
    assert undescribed(data) == []


def test_frictionless_agrees(data: Path) -> None:
    import frictionless

    report = frictionless.validate(str(data / "datapackage.json"))
    assert report.valid, report.flatten(["title", "message"])
    assert report.stats["tasks"] >= 11


def test_frictionless_and_we_see_a_lost_reference(data: Path) -> None:
    import frictionless

    edit(data / "entities.csv", lambda t: t.replace("hangzhou,city", "hangchow,city"))
    assert not frictionless.validate(str(data / "datapackage.json")).valid
    assert any("entity_id 'hangzhou' is not in entities.csv" in p for p in problems(data))


PLANTED = [
    ("entities.csv", "beijing,city,", "beijing,town,", r"entities.csv:2: kind 'town' is not one of the known words"),
    ("entities.csv", "Q956", "956", r"entities.csv:2: wikidata_id '956' does not have the agreed form"),
    ("entities.csv", "22.54", "92.54", r"entities.csv:4: latitude '92.54' is out of range"),
    ("entities.csv", ",shenzhen,,", ",atlantis,,", r"entities.csv:5: city_id 'atlantis' is not in entities.csv"),
    ("entities.csv", "Hangzhou,", ",", r"entities.csv:3: name_en '' is empty"),
    ("entities.csv", "Tencent,", "Tencent ,", r"entities.csv:5: name_en 'Tencent ' has a blank at an end"),
    ("indicators.csv", "gdp,economy", "gdp,money", r"indicators.csv:2: domain 'money' is not one"),
    ("indicators.csv", "persons,stock", "10k persons,stock", r"indicators.csv:4: unit '10k persons' has a multiplier"),
    ("indicators.csv", ",annual,,About.,说明。,說明。,linear\ngdp_growth", ",yearly,,About.,说明。,說明。,linear\ngdp_growth", r"indicators.csv:2: frequency 'yearly'"),
    ("sources.csv", "https://", "javascript://", r"sources.csv:2: url 'javascript://.*' is not a plain http\(s\) address"),
    ("sources.csv", ",official,", ",rumour,", r"sources.csv:2: tier 'rumour'"),
    ("sources.csv", ",2025-03,", ",2031-03,", r"sources.csv:2: published '2031-03' lies in the future"),
    ("observations/economy.csv", "hangzhou,gdp,2024", "atlantis,gdp,2024", r"economy.csv:2: entity_id 'atlantis' is not in entities.csv"),
    ("observations/economy.csv", "hangzhou,gdp,2024", "hangzhou,gnp,2024", r"economy.csv:2: indicator_id 'gnp' is not in indicators.csv"),
    ("observations/economy.csv", "hangzhou,gdp,2024", "hangzhou,gdp,24", r"economy.csv:2: period '24' is not a period"),
    ("observations/economy.csv", "hangzhou,gdp,2024", "hangzhou,gdp,2024-05", r"economy.csv:2: gdp of hangzhou in 2024-05: the period is not of the indicator's frequency"),
    ("observations/economy.csv", "hangzhou,gdp,2024", "hangzhou,gdp,2031", r"economy.csv:2: gdp of hangzhou in 2031: period has not begun yet"),
    ("observations/economy.csv", "2186000000000", "many", r"economy.csv:2: value 'many' is not a plain number"),
    ("observations/economy.csv", "2186000000000", "2.186e12", r"economy.csv:2: value '2.186e12' is not a plain number in its shortest form"),
    ("observations/economy.csv", "2186000000000", "2186000000000.0", r"economy.csv:2: value '2186000000000.0' is not a plain number in its shortest"),
    ("observations/economy.csv", ",final,", ",sure,", r"economy.csv:2: status 'sure' is not one of the known words"),
    ("observations/economy.csv", "shenzhen,gdp,2023", "shenzhen,gdp,2024", r"economy.csv:4: gdp of shenzhen in 2024: same key"),
    ("observations/economy.csv", "hangzhou,gdp", "zzz,gdp", r"economy.csv:3: rows are not sorted by key"),
    ("observations/economy.csv", ",5.8,", ",58000,", r"economy.csv:5: gdp_growth of shenzhen in 2024: value '58000.0' outside -1000 to 10000 %"),
    ("observations/people.csv", "17989500", "-17989500", r"people.csv:2: .* value '-17989500.0' cannot be negative"),
    ("observations/people.csv", "population_resident", "gdp", r"people.csv:2: indicator_id 'gdp' does not belong to the domain people"),
    ("observations/innovation.csv", ",300,", ",0,", r"innovation.csv:2: .* value '0.0' a rank is a whole number from 1"),
    ("observations/innovation.csv", "2027", "2028", r"innovation.csv:2: qs_rank of shenzhen in 2028: period has not begun"),
    ("observations/people.csv", ",final", "", r"people.csv:2: too few cells"),
    ("observations/people.csv", "entity_id,", "entity,", r"people.csv:1: columns missing: entity_id; columns unknown: entity"),
    ("notes.csv", "n1,break", "n1,crack", r"notes.csv:2: kind 'crack'"),
    ("notes.csv", ",gdp,", ",gnp,", r"notes.csv:2: indicator_id 'gnp' is not in indicators.csv"),
    ("gaps.csv", "2026-11-22", "2029-11-22", r"gaps.csv:2: looked_on '2029-11-22' lies in the future"),
    ("keywords.csv", "深圳", "(深圳", r"keywords.csv:2: pattern '\(深圳' is not a regular expression"),
    ("curated/gdp.csv", "hangzhou,gdp,2024", "hangzhou,gdp,soon", r"curated/gdp.csv:2: period 'soon' is not a period"),
    ("curated/gdp.csv", "shenzhen,gdp,2023", "shenzhen,gdp,2024", r"curated/gdp.csv:4: gdp of shenzhen in 2024: read more than once"),
    ("curated/gdp.csv", ",21860,", ",about 21860,", r"curated/gdp.csv:2: gdp: not a number: 'about 21860'; write a plain number"),
    ("curated/gdp.csv", ",21860,CNY 100M,", ",21860,parsecs,", r"curated/gdp.csv:2: gdp: unit 'parsecs' does not convert to 'CNY'; correct the unit"),
    ("sources.csv", ",relay,", ",issuer,", r"sources.csv:2: read at its issuer, it says, but tjj.example.gov.cn is no host of Bureau"),
    ("sources.csv", ",relay,", ",hearsay,", r"sources.csv:2: custody 'hearsay' is not one of the known words"),
    ("curated/corrections.csv", ",drop,", ",burn,", r"curated/corrections.csv:2: action 'burn' is not one of the known words"),
    ("sources.csv", "https://", "https://[", r"sources.csv:2: url 'https://\[.*' is not a plain http\(s\) address"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "expected"), PLANTED, ids=[p[3][:40] for p in PLANTED])
def test_one_violation(data: Path, file: str, old: str, new: str, expected: str) -> None:
    edit(data / file, lambda text: text.replace(old, new, 1))
    found = problems(data)
    assert any(re.search(expected, p) for p in found), found
    assert all(re.match(r"[\w/.]+:\d+: .+; .+", p) for p in found)


def test_all_violations_at_once(data: Path) -> None:
    """Whatever is planted together is reported together: none hides another (in other cells)."""
    together = [PLANTED[n] for n in (0, 1, 2, 4, 6, 10, 12, 17, 20, 23, 24, 26, 30, 31, 33, 34)]
    for file, old, new, _ in together:
        edit(data / file, lambda text, old=old, new=new: text.replace(old, new, 1))  # type: ignore[misc]
    found = problems(data)
    missing = [expected for *_, expected in together if not any(re.search(expected, p) for p in found)]
    assert missing == []


@pytest.mark.parametrize(
    ("raw", "line"),
    [
        (lambda b: b"\xef\xbb\xbf" + b, 1),
        (lambda b: b.replace(b"\n", b"\r\n"), 1),
        (lambda b: b.rstrip(b"\n"), 2),
        (lambda b: b + b"\n", 3),
        (lambda b: b.replace(b"final", b'"final"').replace(b"Bureau", b'"Bureau"'), 2),
    ],
)
@pytest.mark.parametrize("name", ["sources.csv", "observations/people.csv"])
def test_a_table_that_we_write_is_ours_to_the_byte(
    data: Path, raw: Callable[[bytes], bytes], line: int, name: str
) -> None:
    path = data / name
    path.write_bytes(raw(path.read_bytes()))
    assert any(p.startswith(f"{name}:{line}: not as a refresh writes it") for p in problems(data))


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (lambda b: b.replace("杭州".encode(), "杭州".encode("gbk")), "not UTF-8"),
        (lambda b: b.replace(b"beijing,", b"beijing,,"), r"too many cells (16 instead of 15)"),
        (lambda b: b.replace(b",", b";"), "cells are separated by semicolons"),
        (lambda b: b.replace(b",", b"\t"), "cells are separated by tabs"),
        (lambda b: b.decode().encode("utf-16"), "not UTF-8"),
    ],
)
def test_the_bytes_of_a_file(data: Path, raw: Callable[[bytes], bytes], expected: str) -> None:
    path = data / "entities.csv"
    path.write_bytes(raw(path.read_bytes()))
    assert any(f"{expected}" in p and p.startswith("entities.csv:") for p in problems(data))


@pytest.mark.parametrize(
    "raw",
    [
        lambda b: b"\xef\xbb\xbf" + b.replace(b"\n", b"\r\n"),
        lambda b: b.rstrip(b"\n"),
        lambda b: b + b"\n\n",
        lambda b: b.replace(b"\n", b",,\r\n") + b",,,,\r\n",
    ],
    ids=["Excel's CSV UTF-8", "no end of line", "empty lines", "empty columns and rows"],
)
def test_what_people_write_is_taken_as_their_tools_write_it(
    data: Path, raw: Callable[[bytes], bytes]
) -> None:
    files = ["entities.csv", "keywords.csv", *(f"curated/{p.name}" for p in (data / "curated").glob("*.csv"))]
    for name in files:
        (data / name).write_bytes(raw((data / name).read_bytes()))
    assert problems(data) == []


@pytest.mark.parametrize(
    "place", ["curated/x.csv", "keywords.csv", "observations/economy.csv", "sources.csv"]
)
def test_a_pipe_in_place_of_a_file_is_a_line_and_no_waiting(data: Path, place: str) -> None:
    (data / place).unlink(missing_ok=True)
    os.mkfifo(data / place)
    assert any(p.startswith(f"{place}:0: cannot be read (not a plain file)") for p in problems(data))


def test_a_missing_table_and_a_stray_one(data: Path) -> None:
    (data / "notes.csv").unlink()
    (data / "observations" / "weather.csv").write_text("x\n", "utf-8")
    found = problems(data)
    assert "notes.csv:0: file is missing; put it there" in found
    assert "observations/weather.csv:0: no such domain; remove the file" in found


def test_an_odd_percentage_is_a_note_only(data: Path) -> None:
    edit(data / "observations/economy.csv", lambda text: text.replace(",5.8,", ",1500,"))
    (found,) = validate(data, TODAY)[1]
    assert not found.error
    assert "note: gdp_growth of shenzhen in 2024" in str(found)


@pytest.mark.parametrize(("period", "value", "expected"), [
    ("２０２１", "１２３．４", ""), ("２０２４", "1", "read more than once"),
    ("٢٠٢٤", "1", "is not a period"), ("२०२४", "1", "is not a period"), ("0000", "1", "is not a period"),
    ("2024", "1234²", "² is a footnote's mark"), ("2024", "12①", "① is a footnote's mark"),
    ("2024", "99,8", "a decimal comma"), ("2024", "٩٩", "a digit of another script"),
])  # fmt: skip
def test_digits_of_a_curated_file(data: Path, period: str, value: str, expected: str) -> None:
    rows = [curated_row("shenzhen", "gdp", period, value, "CNY 100M")]
    (data / "curated" / "x.csv").write_text(table(CURATED.names, *rows), "utf-8")
    found = [p for p in problems(data) if "curated/" in p]
    assert any(expected in p for p in found) if expected else not found


def test_many_of_a_kind_are_counted(data: Path) -> None:
    path = data / "keywords.csv"
    path.write_text(table(TABLES["keywords"].names, *[[f"e{n}", "x"] for n in range(120)]), "utf-8")
    found = problems(data)
    assert len(found) == 51
    assert any("and 70 more like this" in p for p in found)


def test_the_descriptor_notices_an_edit_and_does_not_depend_on_time(data: Path, tmp_path: Path) -> None:
    described = json.loads((data / "datapackage.json").read_text("utf-8"))
    assert re.fullmatch(r"[0-9a-f]{64}", described["version"])
    edit(data / "notes.csv", lambda text: text.replace("Text.", "Texts."))
    assert [p.what for p in undescribed(data)] == ["notes.csv has changed since it was described"]
    world = World(tmp_path, [Curated()])
    world.clock.text = "2027-01-01T00:00:00Z"
    refresh(Options(), world.setting())
    assert undescribed(data) == []
    again = json.loads((data / "datapackage.json").read_text("utf-8"))
    assert again["version"] != described["version"]
    edit(data / "notes.csv", lambda text: text.replace("Texts.", "Text."))
    refresh(Options(), world.setting())
    assert json.loads((data / "datapackage.json").read_text("utf-8")) == described


def test_every_table_of_the_contract_is_described(data: Path) -> None:
    described = json.loads((data / "datapackage.json").read_text("utf-8"))
    paths = {r["path"] for r in described["resources"]}
    on_disk = {str(p.relative_to(data)) for p in data.rglob("*.csv")}
    assert paths == on_disk - {ALL["corrections"].path}


def yearly(tmp_path: Path, *values: str, notes: str = "") -> list[str]:
    """Return what validation says of the GDP of Shenzhen in the years to 2024 (CNY 100M)."""
    first = 2025 - len(values)
    rows = [curated_row("shenzhen", "gdp", f"{first + n}", value) for n, value in enumerate(values) if value]
    directory = make_dataset(tmp_path, rows)
    if notes:
        path = directory / TABLES["notes"].path
        path.write_text(path.read_text("utf-8") + notes, "utf-8")
    assert refresh(Options(), World(tmp_path, [Curated()]).setting()).exit_code == 0
    found = validate(directory, TODAY)[1]
    assert not [p for p in found if p.error]
    return [str(p) for p in found]


def test_a_figure_unlike_both_its_neighbours_is_worth_a_look(tmp_path: Path) -> None:
    (note,) = yearly(tmp_path, "100", "110", "1200", "120", "125")
    assert note.startswith(
        "observations/economy.csv:4: note: gdp of shenzhen in 2022: "
        "11 times as large as in the period before and after; look whether the unit is right"
    )


def test_a_level_that_is_another_from_a_year_on_is_a_break_unless_a_note_says_so(tmp_path: Path) -> None:
    (note,) = yearly(tmp_path / "unsaid", "10000", "10100", "1.02", "1.03")
    assert "gdp of shenzhen in 2023: 9,900 times smaller than in the period before;" in note
    said = "n1,break,gdp,shenzhen,2023,Text.,文。,文。\n"
    assert yearly(tmp_path / "said", "10000", "10100", "1.02", "1.03", notes=said) == []


@pytest.mark.parametrize(
    "values",
    [
        ("1", "3", "9", "27", "81"),  # growth, however fast
        ("100", "110", "", "1200", "", "100"),  # years that do not follow each other
        ("100", "50", "20", "60", "100"),
    ],
)
def test_growth_and_gaps_are_no_outliers(tmp_path: Path, values: tuple[str, ...]) -> None:
    assert yearly(tmp_path, *values) == []


def test_a_clock_that_was_ahead_once_stops_no_later_run(tmp_path: Path) -> None:
    directory = make_dataset(tmp_path, [curated_row("shenzhen", "gdp", "2024", "36801.87")])
    world = World(tmp_path, [Curated()])
    world.clock.text = "2038-01-19T03:14:09Z"
    assert refresh(Options(), world.setting()).exit_code == 0
    row = curated_row("shenzhen", "gdp", "2024", "36801.88")
    (directory / "curated" / "gdp.csv").write_text(table(CURATED.names, row), "utf-8")
    assert refresh(Options(), world.setting()).exit_code == 0
    assert "2038-01-19" in (directory / "revisions.csv").read_text("utf-8")
    world.clock.text = "2026-11-22T10:00:00Z"
    (directory / "curated" / "gdp.csv").write_text(
        table(CURATED.names, curated_row("shenzhen", "gdp", "2024", "36801.89")), "utf-8"
    )
    assert refresh(Options(), world.setting()).exit_code == 0
    found = validate(directory, TODAY)[1]
    assert all(not p.error and "clock" in p.fix for p in found)

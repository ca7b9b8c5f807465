"""The commands' promises: exit codes, one clear line for bad input, and --json with nothing beside it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from etl_support import Conversation, World, curated_row, make_dataset, serving, write_curated
from typer.testing import CliRunner, Result

from etl import cli, options, publish
from etl.add import add_entity
from etl.cli import app
from etl.errors import PursuitError
from etl.sources.base import Context, Parsed, Request, Requests, Source
from etl.sources.curated import Curated


class Broken(Source):
    """A source that is always away."""

    id = "worldbank"
    title = "Away"
    cadence_days = 30
    hosts = ("data.example.org",)

    def requests(self, context: Context) -> Requests:
        return [Request("https://data.example.org/x")]

    def parse(self, snapshots: Any, context: Context) -> Parsed:
        raise AssertionError("never reached")


class Items(Broken):
    """Stands for Wikidata."""

    id = "wikidata"
    hosts = ("www.wikidata.org",)


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    make_dataset(tmp_path)
    monkeypatch.setenv("PURSUIT_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("PURSUIT_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("PURSUIT_CONTACT", raising=False)
    known: dict[str, Source] = {"curated": Curated(), "worldbank": Broken()}
    monkeypatch.setattr(options, "known", lambda: known)
    monkeypatch.setattr(cli, "hooks", {})  # the whole command may have been mounted in this process
    return World(tmp_path, list(known.values()))


def call(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments), catch_exceptions=False)


def test_no_dataset_is_one_line_and_no_empty_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, world: World
) -> None:
    monkeypatch.setenv("PURSUIT_DATA", str(tmp_path / "nowhere"))
    for command in (["status"], ["refresh"], ["diff"], ["add", "city", "Q1"]):
        result = call(*command)
        assert result.exit_code == 2
        assert result.stdout == ""
        assert "no dataset in" in result.stderr


@pytest.mark.parametrize("command", [["add", "city", "Q1"], ["refresh"], ["validate"]])
def test_what_the_system_refuses_is_one_line(
    world: World, monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    def refused(*args: object, **named: object) -> None:
        raise PermissionError(13, "Permission denied", "/srv/data")

    for module in (publish, cli):
        monkeypatch.setattr(module, "recover", refused)
    result = call(*command)
    assert result.exit_code == 1
    assert result.stderr.startswith("error: /srv/data: Permission denied; ")
    assert "/srv/data" in document(call(*command, "--json"))["error"]


def document(result: Result) -> Any:
    """The one JSON document on standard output; anything else there is a fault."""
    return json.loads(result.stdout)


def test_exit_0_when_all_are_fresh(world: World) -> None:
    result = call("refresh", "curated", "--json")
    assert result.exit_code == 0
    report = document(result)
    assert report["published"] is True
    assert report["observations"] == 3
    assert report["sources"][0]["state"] == "fresh"
    assert result.stderr == ""
    assert document(call("refresh", "curated", "--json"))["published"] is False


def test_exit_3_when_some_failed_and_1_when_all_did(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PURSUIT_BASE_URL_WORLDBANK", "http://127.0.0.1:1")
    result = call("refresh", "--offline", "--json")
    assert result.exit_code == 3
    assert {s["source"]: s["state"] for s in document(result)["sources"]} == {
        "curated": "fresh", "worldbank": "failed",
    }  # fmt: skip
    result = call("refresh", "worldbank", "--offline")
    assert result.exit_code == 1
    assert "nothing published" in result.stdout
    assert "not in the snapshot store" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["refresh", "weather"], "no source named 'weather'"),
        (["refresh", "--entity", "atlantis"], "no entity 'atlantis'"),
        (["refresh", "--jobs", "0"], "--jobs must be at least 1"),
        (["add", "city", "Shenzhen"], "is not a Wikidata id"),
        (["add", "city", "Q15174"], "is in entities.csv already, as shenzhen"),
    ],
)
def test_exit_2_for_bad_usage_with_one_clear_line(world: World, arguments: list[str], line: str) -> None:
    before = world.files()
    result = call(*arguments)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert line in result.stderr
    assert result.stderr.startswith("error: ")
    assert result.stderr.count("\n") == 1
    as_json = call(*arguments, "--json")
    assert as_json.exit_code == 2
    assert line in document(as_json)["error"]
    assert world.files() == before


def test_a_broken_table_is_named_by_line(world: World) -> None:
    path = world.data / "entities.csv"
    path.write_text(path.read_text("utf-8").replace("entity_id,", "id,"), "utf-8")
    result = call("refresh", "curated")
    assert result.exit_code == 1
    assert "entities.csv:1: columns missing: entity_id" in result.stderr


def test_validate(world: World) -> None:
    assert call("validate").exit_code == 1  # nothing generated yet
    call("refresh", "curated")
    result = call("validate")
    assert result.exit_code == 0
    assert "valid, 0 notes, 3 observations" in result.stdout
    path = world.data / "entities.csv"
    path.write_text(path.read_text("utf-8").replace("Q956", "956"), "utf-8")
    found = document(call("validate", str(world.data), "--json"))
    assert found["valid"] is False
    assert {(p["file"], p["line"]) for p in found["problems"]} == {
        ("entities.csv", 2),
        ("datapackage.json", 1),
    }
    assert call("validate", str(world.root / "none")).exit_code == 1


def test_status(world: World) -> None:
    call("refresh", "--offline")
    found = {s["source"]: s for s in document(call("status", "--json"))["sources"]}
    assert found["curated"]["observations"] == 3
    assert found["curated"]["stale"] is False
    assert found["worldbank"]["last_success"] == ""
    assert "curated" in call("status").stdout


def test_diff_shows_the_next_publish_and_then_the_last(world: World) -> None:
    found = document(call("diff", "--json"))
    assert found["publish"] == "next"
    assert found["counts"]["appeared"] == 3
    call("refresh", "curated")
    rows = [
        curated_row("hangzhou", "gdp", "2024", "22000"),
        curated_row("shenzhen", "gdp", "2024", "36801.87"),
    ]
    write_curated(world.data, rows)
    text = call("diff").stdout
    assert "~ revised  hangzhou gdp 2024: 2186000000000 → 2200000000000 (+0.64%)" in text
    assert "- vanished shenzhen gdp 2023" in text
    call("refresh", "curated")
    found = document(call("diff", "--json"))
    assert found["publish"] == "last"
    assert found["counts"] == {"new": 0, "appeared": 0, "revised": 1, "vanished": 1, "annotated": 0}


def test_diff_says_what_keeps_the_next_publish_from_coming(world: World) -> None:
    call("refresh", "curated")
    write_curated(world.data, [curated_row("hangzhou", "gdp", "2024", "many")])
    result = call("diff")
    assert result.exit_code == 1
    assert "curated/gdp.csv:2: gdp: not a number: 'many'" in result.stdout
    assert document(call("diff", "--json"))["problems"]


def test_doctor_names_each_fix(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PURSUIT_BASE_URL_WORLDBANK", "http://127.0.0.1:1")
    found = document(call("doctor", "--json"))
    checks = {c["name"]: c for c in found["checks"]}
    assert checks["python"]["ok"]
    assert checks["data"]["ok"]
    assert not checks["network: worldbank"]["ok"]
    assert not checks["network: worldbank"]["critical"]
    assert all(c["fix"] for c in found["checks"] if not c["ok"])
    monkeypatch.setenv("PURSUIT_DATA", str(world.root / "none"))
    result = call("doctor")
    assert result.exit_code == 1
    assert "FAIL data:" in result.stdout


def item(qid: str, properties: dict[str, Any], labels: dict[str, str] | None = None) -> bytes:
    def claim(value: Any) -> dict[str, Any]:
        return {"mainsnak": {"snaktype": "value", "datavalue": {"value": value}}, "rank": "normal"}

    names = labels or {"en": "Ningbo", "zh-hans": "宁波市", "zh-hant": "寧波市"}
    return json.dumps({"entities": {qid: {
        "id": qid,
        "labels": {k: {"language": k, "value": v} for k, v in names.items()},
        "claims": {name: [claim(v)] for name, v in properties.items()},
    }}}).encode()  # fmt: skip


CITY = {
    "P1082": {"amount": "+9404283", "unit": "1"}, "P17": {"id": "Q148"},
    "P625": {"latitude": 29.86812345, "longitude": 121.544},
}  # fmt: skip


def add(world: World, kind: str, body: bytes, status: int = 200) -> dict[str, str]:
    def answer(c: Conversation) -> None:
        assert c.line == "GET /wiki/Special:EntityData/Q42780.json HTTP/1.1"
        c.answer(status, body, Content_Type="application/json")

    world.sources = [Items()]
    with serving(answer) as server:
        world.env["PURSUIT_BASE_URL_WIKIDATA"] = server.base
        return add_entity(kind, "q42780", world.setting())


def test_add_a_city(world: World) -> None:
    row = add(world, "city", item("Q42780", CITY))
    assert row["entity_id"] == "ningbo"
    lines = (world.data / "entities.csv").read_text("utf-8").splitlines()
    assert "ningbo,city,,Ningbo,宁波,寧波,Q42780,,,,29.8681,121.544,,," in lines
    assert lines[1:] == sorted(lines[1:])
    assert call("refresh", "curated").exit_code == 0


def test_add_a_company(world: World) -> None:
    properties = {"P159": {"id": "Q15174"}, "P571": {"time": "+1995-02-00T00:00:00Z"}, "P17": {"id": "Q148"}}
    row = add(world, "company", item("Q42780", properties, {"en": "BYD, Inc.", "zh": "比亚迪"}))
    assert (row["entity_id"], row["city_id"], row["founded"]) == ("byd_inc", "shenzhen", "1995")
    assert row["listing"] == ""


def test_an_added_company_knows_its_codes_at_the_exchanges_asked_for_filings(world: World) -> None:
    body = json.loads(item("Q42780", {"P159": {"id": "Q15174"}}, {"en": "BYD, Inc.", "zh": "比亚迪"}))
    listed = []
    for exchange, code, more in (
        ("Q496672", "1211", {}), ("Q517750", "002594", {}), ("Q13677", "BYDDY", {}),
        ("Q496672", "285", {"P582": []}), ("Q739514", "none", {}),
    ):  # fmt: skip
        ticker = {"snaktype": "value", "datavalue": {"value": code}}
        place = {"snaktype": "value", "datavalue": {"value": {"id": exchange}}}
        listed.append({"rank": "normal", "mainsnak": place, "qualifiers": {"P249": [ticker], **more}})
    listed.append({"rank": "normal", "mainsnak": {"snaktype": "somevalue"}, "qualifiers": []})
    body["entities"]["Q42780"]["claims"]["P414"] = listed
    row = add(world, "company", json.dumps(body).encode())
    assert row["listing"] == "HKEX: 01211; SZSE: 002594"


@pytest.mark.parametrize(
    ("kind", "body", "line"),
    [
        ("company", item("Q42780", CITY), "is no company by Wikidata"),
        ("city", item("Q42780", {"P159": {"id": "Q1"}}), "is no city by Wikidata"),
        ("city", item("Q42780", {**CITY, "P17": {"id": "Q30"}}), "is not in China"),
        ("city", item("Q42780", {**CITY, "P31": {"id": "Q5"}}), "is no city"),
        ("city", item("Q1", CITY), "is merged into Q1"),
        ("city", item("Q42780", CITY, {"en": "Ningbo"}), "has no label for name_zh_hans"),
        ("city", item("Q42780", CITY, {"en": "Beijing", "zh": "北京"}), "entities.csv has beijing already"),
        ("city", b'{"error": "x"}', "is not an item"),
        ("city", b"[]", "is not an item"),
        ("city", b"not json", "is not an item"),
    ],
)
def test_what_does_not_fit_is_not_added(world: World, kind: str, body: bytes, line: str) -> None:
    before = world.files()
    with pytest.raises(PursuitError, match=line):
        add(world, kind, body)
    assert world.files() == before


def test_an_unknown_item_is_said(world: World) -> None:
    with pytest.raises(PursuitError, match="Wikidata has no item Q42780"):
        add(world, "city", b"{}", status=404)


def test_every_command_has_help() -> None:
    shown = call("--help").stdout
    for command in ("refresh", "status", "diff", "validate", "add", "doctor"):
        assert command in shown
        assert len(call(command, "--help").stdout.splitlines()) > 3

"""Wikidata statements: signed texts, ``+2017-00-00``, missing values, ranks, parts, units."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd
import pytest
from source_support import CONTRACTS, answered, context, snapshot, table, values

from etl.sources.base import ShapeError
from etl.sources.wikidata import Wikidata

ITEMS = CONTRACTS / "wikidata"


def quantity(amount: Any = "+7409800", unit: str = "1") -> dict[str, Any]:
    return {"snaktype": "value", "datavalue": {"value": {"amount": amount, "unit": unit}, "type": "quantity"}}


def year(time: str = "+2017-00-00T00:00:00Z", precision: Any = 9) -> dict[str, Any]:
    return {"P585": [{"snaktype": "value", "datavalue": {"value": {"time": time, "precision": precision}}}]}


def statement(snak: Any = None, qualifiers: Any = None, rank: str = "normal") -> dict[str, Any]:
    return {
        "mainsnak": quantity() if snak is None else snak,
        "qualifiers": year() if qualifiers is None else qualifiers,
        "rank": rank,
    }


def item(*statements: Any, name: str = "P1082", qid: str = "Q8646") -> dict[str, Any]:
    return {
        "entities": {qid: {"id": qid, "modified": "2026-01-02T03:04:05Z", "claims": {name: list(statements)}}}
    }


def parse(body: Any, key: str = "hong_kong-Q8646", entities: pd.DataFrame | None = None) -> Any:
    ctx = context() if entities is None else context(entities=entities)
    return Wikidata().parse([snapshot(body, key)], ctx)


def test_recorded_city_gives_each_dated_year_once() -> None:
    raw = (ITEMS / "Q8646_hong_kong_2019.json").read_bytes()
    found = values(parse(raw))
    population = {
        period: value for (_, name, period), value in found.items() if name == "population_wikidata"
    }
    assert population["2017"] == "7409800"
    statements = json.loads(raw)["entities"]["Q8646"]["claims"]["P1082"]
    years = {
        s["qualifiers"]["P585"][0]["datavalue"]["value"]["time"][1:5] for s in statements if "qualifiers" in s
    }
    assert set(population) <= years
    assert len(population) >= 10
    assert not [name for _, name, _ in found if name == "area"]  # undated, or of a part


def test_recorded_company_reads_currency_from_the_unit() -> None:
    entities = table("entities.csv").copy()
    entities.loc[entities["entity_id"] == "apple", "wikidata_id"] = "Q2283"
    found = values(parse((ITEMS / "Q2283_microsoft_bare.json").read_bytes(), "apple-Q2283", entities))
    names = {name for _, name, _ in found}
    assert names <= {"employees", "revenue_usd", "net_profit_usd"}
    assert "revenue_usd" in names
    assert all(float(value) > 1e9 for (_, name, _), value in found.items() if name == "revenue_usd")


@pytest.mark.parametrize(
    "ignored",
    [
        statement({"snaktype": "novalue"}),
        statement({"snaktype": "somevalue"}),
        statement(rank="deprecated"),
        statement(qualifiers={}),
        statement(qualifiers=year("+1990-00-00T00:00:00Z", 8)),
        statement(qualifiers=year("-0100-00-00T00:00:00Z")),
        statement(qualifiers={"P585": [{"snaktype": "somevalue"}]}),
        statement(qualifiers=year() | {"P518": [{"snaktype": "value"}]}),
        statement(quantity(unit="http://www.wikidata.org/entity/Q11573")),
    ],
)
def test_what_is_no_whole_dated_figure_is_left_out(ignored: dict[str, Any]) -> None:
    assert parse(item(ignored)).observations.empty


def test_preferred_rank_wins_and_equals_that_disagree_are_left_out() -> None:
    better = statement(quantity("+8"), rank="preferred")
    assert list(values(parse(item(statement(), better))).values()) == ["8"]
    parsed = parse(item(statement(), statement(quantity("+9"))))
    assert parsed.observations.empty
    assert parsed.notes == ["hong_kong: P1082 2017: 2 statements disagree, left out"]


def test_hectares_become_square_kilometres() -> None:
    body = item(statement(quantity("+110600", "http://www.wikidata.org/entity/Q35852")), name="P2046")
    assert list(values(parse(body)).values()) == ["1106.00"]


def test_an_item_without_statements_is_empty_not_broken() -> None:
    body = {"entities": {"Q8646": {"id": "Q8646", "claims": []}}}
    assert parse(body).observations.empty


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ((ITEMS / "error_403_no_user_agent.txt").read_text("utf-8"), "instead of JSON"),
        ("<html>Wikimedia Error</html>", "HTML instead of JSON"),
        ({"error": {"code": "maxlag", "info": "Waiting for a database server"}}, "Waiting for a database"),
        ({"entities": {}}, "0 items"),
        ({"entities": {"Q8646": {"id": "Q8646", "missing": ""}}}, "no such item"),
        ({"entities": {"Q8646": {"id": "Q8646"}}}, "'claims' is missing"),
        ({"results": {"bindings": []}}, "'entities' is missing"),
        (item(statement(quantity(7409800))), "'amount' is int"),
        (item(statement(quantity("many"))), "no number"),
        (item(statement(quantity("NaN"))), "no number"),
        (item(statement({"snaktype": "value"})), "'datavalue' is missing"),
        (item(statement(qualifiers=year(precision="9"))), "'precision' is str"),
        (item({"mainsnak": quantity()}), "'rank' is missing"),
        (item(qid="Q1"), "belongs to no entity"),
    ],
)
def test_drift_is_refused_by_name(body: Any, says: str) -> None:
    key = "-Q1" if says == "belongs to no entity" else "hong_kong-Q8646"
    with pytest.raises(ShapeError, match=says):
        parse(body, key)


def test_every_entity_with_an_item_is_asked_for() -> None:
    asked, _ = answered(Wikidata(), context(only=["shenzhen"]), lambda request: None)
    assert [request.url for request in asked] == [
        "https://www.wikidata.org/wiki/Special:EntityData/Q15174.json"
    ]


def titled(qid: str, title: str, **labels: Any) -> dict[str, Any]:
    aliases = {"en": [{"language": "en", "value": text} for text in labels.pop("aliases", [])]}
    named = {code: {"language": code, "value": text} for code, text in labels.items()}
    return {"id": qid, "labels": named, "aliases": aliases, "sitelinks": {"enwiki": {"title": title}}}


COUNTRY = {"mainsnak": {"snaktype": "value", "datavalue": {"value": {"id": "Q148"}}}, "rank": "normal"}


def test_an_item_found_by_title_is_used_only_with_the_right_name_in_the_right_country() -> None:
    looked_up = {
        "entities": {
            "Q901": titled("Q901", "BYD Company", en="BYD Company", aliases=["BYD"]),
            "Q902": titled("Q902", "Nanjing", en="Nanking Road", zh="南京路"),
            "Q903": titled("Q903", "San Francisco", en="San Francisco"),
            "-1": {"site": "enwiki", "title": "Guangzhou", "missing": ""},
        }
    }
    staff = statement(quantity("+5"))
    pages = {
        "Q901": {"entities": {"Q901": {"id": "Q901", "claims": {"P1128": [staff], "P17": [COUNTRY]}}}},
        "Q903": item(statement(), qid="Q903"),
    }
    ctx = context(only=["byd", "nanjing", "san_francisco", "guangzhou", "alphabet"])

    def answer(request: Any) -> Any:
        if "titles" in request.params:
            assert "Alphabet Inc." not in request.params["titles"]  # where it is, the catalogue does not say
            return looked_up
        return pages[request.url.rpartition("/")[2].removesuffix(".json")]

    asked, given = answered(Wikidata(), ctx, answer)
    assert [request.key for request in asked] == ["titles/01", "byd-Q901", "san_francisco-Q903"]
    parsed = Wikidata().parse(given, ctx)
    assert values(parsed) == {("byd", "employees", "2017"): "5"}
    said = " ".join(parsed.notes)
    assert "byd: found by its title as Q901" in said
    assert "nanjing: Q902 (Nanjing) has no label" in said
    assert "san_francisco: Q903, found by its title, is not in China" in said


def test_statements_without_a_year_are_counted_not_dropped_in_silence() -> None:
    parsed = parse(item(statement(qualifiers={}), statement(qualifiers=[]), statement()))
    assert list(values(parsed).values()) == ["7409800"]
    assert parsed.notes == ["hong_kong: P1082: 2 statements without a year, left out"]


def entity_of(claims: dict[str, Any], key: str, **cells: str) -> list[str]:
    entities = table("entities.csv").copy()
    for name, cell in cells.items():
        entities.loc[entities["entity_id"] == key.partition("-")[0], name] = cell
    qid = key.partition("-")[2]
    return list(parse({"entities": {qid: {"id": qid, "claims": claims}}}, key, entities).notes)


def thing(value: Any, **qualifiers: Any) -> dict[str, Any]:
    snak = {"snaktype": "value", "datavalue": {"value": value}}
    return {"mainsnak": snak, "rank": "normal", "qualifiers": qualifiers}


def test_what_wikidata_says_otherwise_than_the_catalogue_is_told() -> None:
    place = thing({"latitude": 22.28, "longitude": 114.16})
    assert entity_of({"P625": [place]}, "hong_kong-Q8646", latitude="22.3", longitude="114.2") == []
    assert entity_of({"P625": [place]}, "hong_kong-Q8646", latitude="32.3", longitude="114.2") == [
        "hong_kong: has another location on Wikidata (latitude 22.28)"
    ]
    code = {"snaktype": "value", "datavalue": {"value": "700"}}
    listed = thing({"id": "Q496672"}, P249=[code])
    claims = {"P571": [thing({"time": "+1998-11-11T00:00:00Z"})], "P414": [listed]}
    key = "tencent-Q860580"
    assert entity_of(claims, key, founded="1998-11", listing="HKEX: 00700") == []
    assert entity_of(claims, key, founded="1999", listing="") == [
        "tencent: founded in 1998 on Wikidata, 1999 in entities.csv",
        "tencent: listed as HKEX: 00700 on Wikidata; write it into entities.csv",
    ]
    ended = {**listed, "qualifiers": {"P249": [code], "P582": [{"snaktype": "value"}]}}
    assert entity_of({"P414": [ended]}, key, listing="") == []


def test_founding_and_place_are_taken_where_referenced_and_decide_nothing() -> None:
    time = {"snaktype": "value", "datavalue": {"value": {"time": "+1998-11-11T00:00:00Z", "precision": 11}}}
    place = {"snaktype": "value", "datavalue": {"value": {"latitude": 22.3, "longitude": 114.2}}}
    for name, snak, key, wanted in (
        ("P571", time, "tencent-Q860580", {("tencent", "founded_year", "1998"): "1998"}),
        ("P625", place, "hong_kong-Q8646", {
            ("hong_kong", "latitude", "2026"): "22.3", ("hong_kong", "longitude", "2026"): "114.2",
        }),
    ):  # fmt: skip
        qid = key.rpartition("-")[2]
        bare = statement(snak, {})
        assert values(parse(item(bare, name=name, qid=qid), key)) == {}
        found = parse(item(bare | {"references": [{"snaks": {}}]}, name=name, qid=qid), key)
        assert values(found) == wanted
        assert set(found.observations["status"]) == {"doubtful"}


def test_a_company_s_figure_is_shown_beside_and_never_alone() -> None:
    snak = quantity("+900", "http://www.wikidata.org/entity/Q39099")
    found = parse(item(statement(snak), name="P2139", qid="Q860580"), "tencent-Q860580")
    assert found.observations["status"].tolist() == ["doubtful"]

"""Rankings and lists as files: ranks by name, bands by their first place, models by their maker's city."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from source_support import CONTRACTS, context, snapshot, values

from etl.sources.base import ShapeError
from etl.sources.public_lists import CsRankings, LlmList
from etl.sources.rankings import ShanghaiRanking, WipoGii


def ranking(*more: Any) -> dict[str, Any]:
    """Return the recorded ranks in the shape of the service."""
    recorded = json.loads((CONTRACTS / "shanghairanking" / "arwu_2025_rewritten.json").read_bytes())
    rows = [{"ranking": str(one["rank"]), "univNameEn": one["name"]} for one in recorded["data"]]
    return {"code": 200, "data": {"rankings": [*rows, *more]}}


def test_recorded_ranks_are_found_by_name_and_bands_by_their_first_place() -> None:
    body = ranking({"ranking": "401-500", "univNameEn": "The Chinese University of Hong Kong, Shenzhen"})
    found = values(ShanghaiRanking().parse([snapshot(body, "2025")], context()))
    assert found["tsinghua_university", "arwu_rank", "2025"] == "18"
    assert found["soochow_university", "arwu_rank", "2025"] == "101"  # (China), there is one in Taiwan, too
    assert found["cuhk_shenzhen", "arwu_rank", "2025"] == "401"


def test_the_newest_ranking_is_asked_for_from_august_on() -> None:
    def years(day: date) -> list[str]:
        return [one.key for one in ShanghaiRanking().requests(context(day))]

    assert years(date(2026, 7, 31)) == ["2025", "2024"]
    assert years(date(2026, 8, 20)) == ["2026", "2025"]


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({"code": 500, "msg": "no"}, "'data' is missing"),
        ({"data": {"rankings": [{"ranking": "n/a", "univNameEn": "X"}]}}, "the rank of X is 'n/a'"),
        (
            {"data": {"rankings": [{"ranking": "1", "univNameEn": "Nowhere"}]}},
            "no university of the catalogue",
        ),
    ],
)
def test_drift_is_refused_by_name(body: Any, says: str) -> None:
    with pytest.raises(ShapeError, match=says):
        ShanghaiRanking().parse([snapshot(body, "2025")], context())


def test_recorded_list_of_models_is_counted_by_city() -> None:
    body = (CONTRACTS / "llm_list" / "README.md").read_bytes()
    parsed = LlmList().parse([snapshot(body, "list")], context())
    found = {key[0]: int(value) for key, value in values(parsed).items()}
    lines = [line.replace(" ", "") for line in body.decode().splitlines() if line.startswith("|")]
    assert found["shenzhen"] == sum("|广东深圳" in line for line in lines) > 3
    assert found["hangzhou"] == sum("|浙江杭州" in line for line in lines) > 3
    assert found["beijing"] > found["shanghai"] > found["shenzhen"]
    with pytest.raises(ShapeError, match="0 models"):
        LlmList().parse([snapshot("404: Not Found", "list")], context())


def test_recorded_faculty_is_counted_by_person() -> None:
    body = (CONTRACTS / "csrankings" / "csrankings_2024-10-24.csv").read_bytes()
    parsed = CsRankings().parse([snapshot(body, "list")], context())
    found = {key[0]: int(value) for key, value in values(parsed).items()}
    assert found == {"shenzhen_university": 78, "sustech": 45, "westlake_university": 4}
    with pytest.raises(ShapeError, match="none of the universities"):
        CsRankings().parse([snapshot("name,affiliation,scholarid\nA,Nowhere,x", "list")], context())


CLUSTERS = """<h1>Global Innovation Index 2025</h1>
<table><tr><th>Rank</th><th>Cluster name</th><th>Economy</th><th>Rank change</th></tr>
<tr><td>1</td><td>Shenzhen–Hong Kong–Guangzhou</td><td>CN/HK</td><td>1</td></tr>
<tr><td>6</td><td>Shanghai–Suzhou</td><td>CN</td><td>-1</td></tr>
<tr><td>8</td><td>London</td><td>GB</td><td>13</td></tr></table>"""


def test_a_clusters_rank_is_that_of_each_of_its_cities() -> None:
    parsed = WipoGii().parse([snapshot(CLUSTERS, "2025", kind="text/html")], context())
    found = {key[0]: value for key, value in values(parsed).items()}
    assert found == {"shenzhen": "1", "hong_kong": "1", "guangzhou": "1", "shanghai": "6", "suzhou": "6"}
    with pytest.raises(ShapeError, match="does not say 2024"):
        WipoGii().parse([snapshot(CLUSTERS, "2024", kind="text/html")], context())
    with pytest.raises(ShapeError, match="no city of the catalogue"):
        WipoGii().parse([snapshot("<h1>2025</h1>", "2025", kind="text/html")], context())

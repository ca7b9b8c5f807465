"""A refresh of all sources, against all of them at once: complete, repeatable, safe when cut off."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pandas as pd
import pytest
from etl_support import FakeClock
from replica import ADDED, CONTRACTS, Replica, replicated

from etl.add import add_entity
from etl.network import Limits
from etl.options import Options, RunEnvironment, chosen
from etl.refresh import refresh
from etl.sources import nbs_housing, pageviews
from etl.sources.nbs_housing import known_releases
from etl.validate import validate

ROOT = Path(__file__).resolve().parents[2]
TODAY = date(2026, 11, 22)
RECORDED = {
    urlsplit(one.url).path
    for month, one in known_releases().items()
    if (CONTRACTS / "nbs_release" / f"{month}.html").is_file()
}
LIMITS = Limits(attempts=2, read=20)
DEFAULT = [one.id for one in chosen([])]


def make_dataset(root: Path) -> Path:
    """Copy the project's catalogue with one small file of hand-read figures, nothing published."""
    data = root / "data"
    shutil.copytree(
        ROOT / "data", data,
        ignore=shutil.ignore_patterns("observations", "curated", "status.json", "datapackage.json",
                                      "verdicts.csv", "revisions.csv", "sources.csv"),
    )  # fmt: skip
    # what was looked for lately would lie in this laboratory's future
    gaps = data / "gaps.csv"
    gaps.write_text(gaps.read_text("utf-8").partition("\n")[0] + "\n", "utf-8")
    (data / "curated").mkdir()
    for name in ("attention.csv", "corrections.csv", "licences.csv"):
        shutil.copy(ROOT / "data" / "curated" / name, data / "curated")
    return data


class Laboratory:
    """A dataset beside the replica of its sources."""

    def __init__(self, root: Path, replica: Replica) -> None:
        self.root, self.replica, self.data = root, replica, make_dataset(root)
        self.clock = FakeClock(f"{TODAY}T10:00:00Z")

    def setting(self) -> RunEnvironment:
        env = {
            "PURSUIT_DATA": str(self.data),
            "PURSUIT_CACHE": str(self.root / "cache"),
            **self.replica.env(),
        }
        return RunEnvironment(env=env, clock=self.clock, limits=LIMITS)

    def refresh(self, *sources: str, **more: Any) -> Any:
        return refresh(Options(sources=sources, **more), self.setting())

    def files(self) -> dict[str, tuple[bytes, int]]:
        return {
            str(p.relative_to(self.data)): (p.read_bytes(), p.stat().st_mtime_ns)
            for p in sorted(self.data.rglob("*"))
            if p.is_file()
        }

    def observations(self, domain: str) -> pd.DataFrame:
        path = self.data / "observations" / f"{domain}.csv"
        return pd.read_csv(path, dtype=str, keep_default_na=False)


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Laboratory]:
    """Refresh once; the tests go on from there, in their order."""
    known, few = pageviews.titles, ("shenzhen", "tesla", "byd", "replicaville")
    recorded = {month: one for month, one in known_releases().items() if urlsplit(one.url).path in RECORDED}
    with replicated(TODAY) as replica, pytest.MonkeyPatch.context() as patch:
        # some 400 requests more that are answered with 404 would show nothing more
        patch.setattr(pageviews, "titles", lambda ctx: {k: v for k, v in known(ctx).items() if k[0] in few})
        patch.setattr(nbs_housing, "known_releases", lambda: recorded)
        yield Laboratory(tmp_path_factory.mktemp("replica"), replica)


def test_all_sources_are_fresh(lab: Laboratory) -> None:
    report = lab.refresh()
    states = {one.source: (one.state, one.error) for one in report.sources}
    assert [name for name, (state, _) in states.items() if state == "failed"] == [], states
    assert list(states) == DEFAULT
    assert report.exit_code == 0
    assert report.published
    collected = {one.source for one in report.sources if one.observations}
    assert collected == set(DEFAULT) - {"city_yearbook"}  # its book is not in this dataset
    errors = [str(p) for p in validate(lab.data, TODAY)[1] if p.error]
    assert errors == []
    people = lab.observations("people")  # Guangzhou's item is not in the catalogue but found by its title
    found = people[(people["entity_id"] == "guangzhou") & (people["indicator_id"] == "population_wikidata")]
    assert len(found) >= 10


def test_a_second_run_writes_no_byte_and_costs_one_conditional_request_a_resource(lab: Laboratory) -> None:
    first = lab.replica.asked()
    before = lab.files()
    report = lab.refresh()
    again = lab.replica.asked(len(first))
    assert report.exit_code == 0
    assert not report.published
    assert lab.files() == before
    kept = {one.path for one in first if one.status == 200 and one.method == "GET"} - {
        "/"
    }  # three bureaus' home
    repeated = [one for one in again if one.path in kept]
    assert len({one.path for one in repeated}) == len(repeated)
    assert {(one.conditional, one.status) for one in repeated} == {(True, 304)}
    # nothing came as a whole but the forms, which know no conditions
    assert {one.method for one in again if one.status == 200} == {"POST"}


def test_offline_gives_the_same_bytes(lab: Laboratory) -> None:
    asked = len(lab.replica.asked())
    before = lab.files()
    assert lab.refresh(offline=True).exit_code == 0
    assert lab.files() == before
    for name in ("observations", "sources.csv", "status.json", "datapackage.json", "revisions.csv"):
        place = lab.data / name
        shutil.rmtree(place) if place.is_dir() else place.unlink()
    lab.clock.text = "2027-02-01T00:00:00Z"
    try:
        assert lab.refresh(offline=True).exit_code == 0
    finally:
        lab.clock.text = f"{TODAY}T10:00:00Z"
    after = lab.files()
    assert {n for n in before if before[n][0] != after[n][0]} == set()
    assert set(after) == set(before)
    assert len(lab.replica.asked()) == asked


def test_a_source_that_fails_keeps_its_figures_and_is_stale(lab: Laboratory) -> None:
    before = lab.observations("attention")
    lab.replica.faults["/orgs/"] = lambda handler: handler.send_error(500)
    try:
        report = lab.refresh()
    finally:
        lab.replica.faults.clear()
    assert report.exit_code == 3
    assert [one.source for one in report.sources if one.state == "failed"] == ["github"]
    stars = before[before["indicator_id"] == "github_stars_total"]
    assert len(stars) == 1
    after = lab.observations("attention")
    assert after[after["indicator_id"] == "github_stars_total"].equals(stars)
    assert '"stale": true' in (lab.data / "status.json").read_text("utf-8")
    assert lab.refresh("curated", "github").exit_code == 0
    assert '"stale": true' not in (lab.data / "status.json").read_text("utf-8")


def test_an_added_city_brings_its_series_at_the_next_refresh(lab: Laboratory) -> None:
    row = add_entity("city", ADDED, lab.setting())
    assert (row["entity_id"], row["code"], row["keyword"]) == ("replicaville", "449900", "复制")
    assert row["ids"] == "enwiki Replicaville"
    report = lab.refresh()
    assert report.exit_code == 0
    people, attention = lab.observations("people"), lab.observations("attention")
    assert "population_wikidata" in set(people[people["entity_id"] == "replicaville"]["indicator_id"])
    views = attention[attention["entity_id"] == "replicaville"]
    assert {"wikipedia_pageviews_en", "weibo_hot_search_titles_daily"} <= set(views["indicator_id"])
    assert (views["indicator_id"] == "wikipedia_pageviews_en").sum() == 442
    economy = lab.observations("economy")
    ours = set(pd.concat([economy, people]).query("entity_id == 'replicaville'")["indicator_id"])
    assert {"gdp", "fiscal_revenue_general", "population_hukou", "wage_average"} <= ours
    assert [str(p) for p in validate(lab.data, TODAY)[1] if p.error] == []


KILLED = (
    "curated", "worldbank", "wikidata", "github", "filings", "communiques", "eastmoney", "cnipa",
)  # fmt: skip
# A refresh in a process of its own, without pacing; killed by the replica, or around the exchange.
CHILD = """
import os, signal, sys
from etl import network, options, publish, refresh

network.RateLimiter.wait = lambda self, host, rate: None
exchange = publish.exchange

def killed(one, other):
    if sys.argv[1] == "after":
        exchange(one, other)
    os.kill(os.getpid(), signal.SIGKILL)

if sys.argv[1] != "fetching":
    publish.exchange = killed
print("ready", flush=True)
names = sys.argv[2].split(",")
sys.exit(refresh.refresh(options.Options(sources=tuple(names)), options.RunEnvironment()).exit_code)
"""


@pytest.mark.parametrize(("when", "state"), [("fetching", "old"), ("before", "old"), ("after", "new")])
def test_killed_in_a_refresh_the_dataset_is_old_or_new(tmp_path: Path, when: str, state: str) -> None:
    with replicated(datetime.now(UTC).date()) as replica:
        lab = Laboratory(tmp_path, replica)
        old = lab.files()
        env = {**os.environ, **lab.setting().env}
        child = subprocess.Popen(
            [sys.executable, "-c", CHILD, when, ",".join(KILLED)], env=env, cwd=ROOT, stdout=subprocess.PIPE
        )
        if when == "fetching":
            # at least: two requests at once may count alike
            replica.on_request = lambda number: child.kill() if number >= 12 else None
        child.communicate(timeout=120)
        assert child.returncode == -signal.SIGKILL
        names = set(lab.files())
        assert lab.data.is_dir()
        assert ("datapackage.json" in names) == (state == "new")
        if state == "old":
            assert lab.files() == old
        else:
            assert [str(p) for p in validate(lab.data, date.max.replace(year=2100))[1] if p.error] == []
        replica.on_request = lambda number: None
        lab.clock.text = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        report = lab.refresh(*KILLED)
        assert report.exit_code == 0  # the next run goes through, and finds what was fetched in its store
        assert {p.name for p in tmp_path.iterdir()} <= {".data.lock", "data", "cache"}


def test_with_its_key_research_is_counted_and_the_key_is_written_nowhere(lab: Laboratory) -> None:
    setting = lab.setting()
    setting.env = {**setting.env, "OPENALEX_API_KEY": "a-key-of-nobody"}
    report = refresh(Options(sources=("openalex",)), setting)
    (one,) = report.sources
    assert one.state in ("fresh", "unchanged")
    assert one.error == ""
    works = lab.observations("innovation").query("indicator_id == 'openalex_works' and period == '2025'")
    assert {"zhejiang_university", "huawei", "alibaba"} <= set(works["entity_id"])
    written = [p for root in (lab.data, lab.root / "cache") for p in root.rglob("*") if p.is_file()]
    assert [p for p in written if b"a-key-of-nobody" in p.read_bytes()] == []

# ruff: noqa: E501 (tables and examples read better unbroken)
"""A published dataset of the size the site has to bear: the shipped one, and 1.5 million observations more.

    python benchmarks/large_dataset.py FOLDER [--cities 300] [--indicators 100] [--years 50]
    pursuit serve --data FOLDER

Copies the shipped dataset and publishes into the copy, by the same refresh as always, synthetic cities
(named in three scripts, found by pinyin) with synthetic indicators, annual, from yearbooks of provinces.
Story, claims and profiles stay what they are; every page has the large tables beside them.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from dashboard.claims.history import updated
from etl import refresh as refreshing
from etl.options import Options, RunEnvironment
from etl.schema import TABLES
from etl.sources.base import Context, Parsed, Requests, Snapshot, Source
from etl.tables import small_bytes

SHIPPED = Path(__file__).resolve().parents[1] / "data"
LAST = 2025
PROVINCES = 30
FIRST_PART = [
    ("安", "安", "an"), ("宝", "寶", "bao"), ("昌", "昌", "chang"), ("东", "東", "dong"), ("丰", "豐", "feng"),
    ("广", "廣", "guang"), ("海", "海", "hai"), ("华", "華", "hua"), ("建", "建", "jian"), ("金", "金", "jin"),
    ("乐", "樂", "le"), ("龙", "龍", "long"), ("梅", "梅", "mei"), ("宁", "寧", "ning"), ("平", "平", "ping"),
    ("清", "清", "qing"), ("泰", "泰", "tai"), ("文", "文", "wen"), ("新", "新", "xin"), ("永", "永", "yong"),
]  # fmt: skip
SECOND_PART = [
    ("安", "安", "an"), ("昌", "昌", "chang"), ("川", "川", "chuan"), ("德", "德", "de"), ("都", "都", "du"),
    ("港", "港", "gang"), ("河", "河", "he"), ("湖", "湖", "hu"), ("江", "江", "jiang"), ("岭", "嶺", "ling"),
    ("山", "山", "shan"), ("阳", "陽", "yang"), ("源", "源", "yuan"), ("镇", "鎮", "zhen"), ("州", "州", "zhou"),
    ("桥", "橋", "qiao"), ("口", "口", "kou"), ("峰", "峰", "feng"), ("城", "城", "cheng"), ("林", "林", "lin"),
]  # fmt: skip
THINGS = [
    ("value added", "增加值", "增加值", "CNY", "flow", "economy"),
    ("residents", "人口", "人口", "persons", "stock", "people"),
    ("patents", "专利", "專利", "count", "flow", "innovation"),
    ("rate of growth", "增速", "增速", "%", "rate", "economy"),
    ("dwellings", "住房", "住房", "count", "stock", "housing"),
]


@dataclass(frozen=True, slots=True)
class Size:
    """How much is added: cities × indicators × years observations."""

    cities: int = 300
    indicators: int = 100
    years: int = 50

    @property
    def rows(self) -> int:
        """Observations that are added."""
        return self.cities * self.indicators * self.years


def city_rows(size: Size) -> list[dict[str, str]]:
    """Return the rows of ``entities.csv`` for the synthetic cities; 400 names are known."""
    pairs = [(a, b) for b in SECOND_PART for a in FIRST_PART if a != b][: size.cities]
    if len(pairs) < size.cities:
        raise SystemExit(f"--cities: at most {len(pairs)}")
    blank = dict.fromkeys(TABLES["entities"].names, "")
    return [
        {**blank, "entity_id": f"{a[2]}{b[2]}_{n:03d}", "kind": "city", "name_en": f"{a[2]}{b[2]}".title(),
         "name_zh_hans": f"{a[0]}{b[0]}", "name_zh_hant": f"{a[1]}{b[1]}"}
        for n, (a, b) in enumerate(pairs)
    ]  # fmt: skip


def indicator_rows(size: Size) -> list[dict[str, str]]:
    """Return the rows of ``indicators.csv`` for the synthetic indicators."""
    out = []
    for n in range(size.indicators):
        en, hans, hant, unit, kind, domain = THINGS[n % len(THINGS)]
        named = {
            "en": f"Synthetic {en} {n:02d}",
            "zh_hans": f"合成{hans}{n:02d}",
            "zh_hant": f"合成{hant}{n:02d}",
        }
        out.append(
            {"indicator_id": f"measure_{n:03d}", "domain": domain, "entity_kind": "city", "unit": unit,
             "kind": kind, "frequency": "annual", "better": "higher" if kind == "flow" else "",
             "scale": "linear", **{f"name_{k}": v for k, v in named.items()},
             **{f"definition_{k}": f"{v}." for k, v in named.items()}}
        )  # fmt: skip
    return out


class Synthetic(Source):
    """A source that answers with all figures at once."""

    id: ClassVar[str] = "synthetic"
    title: ClassVar[str] = "Synthetic yearbooks"
    cadence_days: ClassVar[int] = 365

    def __init__(self, size: Size) -> None:
        self.size = size

    def requests(self, context: Context) -> Requests:
        """Ask for nothing."""
        return []

    def parse(self, snapshots: Sequence[Snapshot], context: Context) -> Parsed:
        """Make the figures: growth with noise, one in fifty of the last year preliminary."""
        size, rng = self.size, np.random.default_rng(1979)
        years = [str(y) for y in range(LAST - size.years + 1, LAST + 1)]
        shape = (size.cities, size.indicators, size.years)
        growth = rng.normal(0.06, 0.03, (*shape[:2], 1)) + rng.normal(0, 0.04, shape)
        values = np.exp(rng.normal(11, 1.5, (*shape[:2], 1)) + growth.cumsum(axis=2)).round(2)
        kinds = [row["unit"] for row in indicator_rows(size)]
        for n, unit in enumerate(kinds):
            if unit == "%":
                values[:, n] = (growth[:, n] * 100).round(1)
            elif unit in ("persons", "count"):
                values[:, n] = values[:, n].round(0)
        city, measure, year = (axis.ravel() for axis in np.indices(shape))
        status = np.where((year == size.years - 1) & (city % 50 == 0), 1, 0)
        province = city % PROVINCES
        documents = [f"synthetic_{p:02d}_{y}" for p in range(PROVINCES) for y in years]

        def category(codes: Any, names: list[str]) -> pd.Categorical:
            return pd.Categorical.from_codes(codes, pd.Index(names, dtype="str"))

        observations = pd.DataFrame({
            "entity_id": category(city, [row["entity_id"] for row in city_rows(size)]),
            "indicator_id": category(measure, [row["indicator_id"] for row in indicator_rows(size)]),
            "period": category(year, years),
            "value": values.ravel(),
            "source_id": category(province * size.years + year, documents),
            "status": category(status, ["final", "preliminary"]),
            "note": category(np.zeros(len(city), dtype=np.int8), [""]),
            "locator": category(measure, [f"table {n + 1}" for n in range(size.indicators)]),
        })  # fmt: skip
        parsed = Parsed.of([], [
            {"source_id": name, "title": f"Synthetic yearbook {name[10:12]}, edition {name[13:]}",
             "publisher": f"Synthetic bureau {name[10:12]}", "url": f"https://example.org/{name}",
             "tier": "official", "published": f"{name[13:]}-12-31", "retrieved": "2026-01-01"}
            for name in documents
        ])  # fmt: skip
        parsed.observations = observations
        return parsed


def make(folder: Path, size: Size, shipped: Path = SHIPPED) -> int:
    """Publish the large dataset in ``folder`` (made here, must not exist); return its observations."""
    shutil.copytree(shipped, folder)
    for name, rows in (("entities", city_rows(size)), ("indicators", indicator_rows(size))):
        table = TABLES[name]
        known = pd.read_csv(folder / table.path, dtype=str, keep_default_na=False)
        (folder / table.path).write_bytes(small_bytes(pd.concat([known, pd.DataFrame(rows)]), table))
    setting = RunEnvironment(
        env={"PURSUIT_DATA": str(folder), "PURSUIT_CACHE": str(folder.with_name(folder.name + ".cache"))},
        find=lambda names: [Synthetic(size)],
        final_step=lambda directory: updated(directory, "2026-11-29"),
    )
    report = refreshing.refresh(Options(), setting)
    if report.exit_code:
        errors = [s.error for s in report.sources if s.error] + report.problems[:3]
        raise SystemExit("; ".join(errors) or "the refresh did not hold")
    return report.observations


def main() -> None:
    """Make the dataset and say what is in it."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    ask.add_argument("folder", type=Path, help="where it goes; must not exist")
    for name in ("cities", "indicators", "years"):
        ask.add_argument(f"--{name}", type=int, default=getattr(Size(), name))
    given = ask.parse_args()
    if given.folder.exists():
        sys.exit(f"{given.folder} exists; remove it or name another folder")
    began = datetime.now(UTC)
    count = make(given.folder.resolve(), Size(given.cities, given.indicators, given.years))
    took = (datetime.now(UTC) - began).total_seconds()
    print(f"{count} observations in {given.folder} after {took:.0f} s")


if __name__ == "__main__":
    main()

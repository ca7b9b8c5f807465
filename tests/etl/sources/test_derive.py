"""Chained home prices: a product over unbroken months, named as our own, and nothing beyond a hole."""

from __future__ import annotations

import itertools
from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from source_support import ROOT

from etl.derive import BASE_MONTH, PRICES_DOCUMENT, chain, derived

MOM = "house_price_new_mom_index"
OUR = "house_price_new_chained_index"


def months(first: str, count: int) -> list[str]:
    year, month = map(int, first.split("-"))
    return [f"{year + (month - 1 + n) // 12:04}-{(month - 1 + n) % 12 + 1:02}" for n in range(count)]


def observations(changes: dict[str, str], source: str = "nbs", status: str = "final") -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "entity_id": "shenzhen",
                "indicator_id": MOM,
                "period": month,
                "value": float(value),
                "source_id": source,
                "status": status,
                "note": "",
                "locator": "",
            }
            for month, value in changes.items()
        ]
    )


SOURCES = pd.DataFrame(
    {
        "source_id": ["nbs", "copy"],
        "tier": ["official", "reference"],
        "custody": ["issuer", "relay"],
        "published": ["2026-01-19", "2026-09-01"],
        "url": ["https://www.stats.gov.cn/a.html", "https://github.com/b"],
    }
)


def series(parsed: object) -> dict[str, str]:
    frame = parsed.observations  # type: ignore[attr-defined]
    return dict(zip(frame["period"], frame["value"], strict=True))


def test_a_chain_is_the_product_of_the_months_after_its_base() -> None:
    frame = observations({"2010-12": "150", "2011-01": "102", "2011-02": "101", "2011-03": "99"})
    parsed = derived(frame, SOURCES)
    assert series(parsed) == {"2011-01": "100", "2011-02": "101", "2011-03": "99.99"}
    assert set(parsed.observations["indicator_id"]) == {OUR}
    assert set(parsed.observations["status"]) == {"estimate"}
    assert parsed.sources["source_id"].tolist() == [PRICES_DOCUMENT]
    assert parsed.sources["url"].tolist() == ["https://www.stats.gov.cn/a.html"]
    assert "Pursuit" in parsed.sources["publisher"].iloc[0]


def test_a_later_start_is_its_own_base_and_a_hole_ends_the_chain() -> None:
    parsed = derived(observations({"2016-01": "101", "2016-02": "102", "2016-04": "103"}), SOURCES)
    assert series(parsed) == {"2016-01": "100", "2016-02": "102"}
    assert parsed.notes == ["chained home prices end before 2016-03, which has no figure: shenzhen"]


def test_official_figures_win_over_newer_copies_and_doubtful_ones_make_a_hole() -> None:
    official = observations({"2016-01": "100", "2016-02": "101"})
    copies = observations({"2016-02": "109", "2016-03": "102"}, "copy")
    assert series(derived(pd.concat([copies, official]), SOURCES))["2016-03"] == "103.02"
    doubtful = observations({"2016-02": "101"}, status="doubtful")
    rest = observations({"2016-01": "100", "2016-03": "102"})
    assert series(derived(pd.concat([rest, doubtful]), SOURCES)) == {"2016-01": "100"}


def test_nothing_in_nothing_out() -> None:
    assert derived(observations({"2010-01": "101"}), SOURCES).observations.empty
    empty = derived(observations({"2016-01": "101"}).iloc[:0], SOURCES)
    assert empty.observations.empty
    assert empty.sources.empty


@settings(deadline=None)
@given(st.lists(st.integers(900, 1100), min_size=1, max_size=60), st.integers(0, 59))
def test_each_step_undoes_to_the_published_change(tenths: list[int], hole: int) -> None:
    changes = {
        month: Decimal(n) / 10 for month, n in zip(months(BASE_MONTH, len(tenths)), tenths, strict=True)
    }
    whole, missing = chain(changes, BASE_MONTH)
    assert missing == ""
    assert list(whole) == list(changes)
    levels = list(whole.items())
    for (_, before), (month, level) in itertools.pairwise(levels):
        assert float(level / before * 100) == pytest.approx(float(changes[month]))
    if 0 < hole < len(tenths) - 1:
        gap = list(changes)[hole]
        part, missing = chain({m: value for m, value in changes.items() if m != gap}, BASE_MONTH)
        assert missing == gap
        assert part == dict(levels[:hole])


def test_on_the_shipped_dataset_the_chain_agrees_with_the_bureaus_fixed_base() -> None:
    """Since 2016 the bureau's own 2015 = 100 series moves as ours does, within rounding."""
    data = ROOT / "data"
    frame = pd.read_csv(data / "observations" / "housing.csv", dtype=str, keep_default_na=False)
    parsed = derived(frame, pd.read_csv(data / "sources.csv", dtype=str, keep_default_na=False))
    ours = parsed.observations.set_index(["entity_id", "indicator_id", "period"])["value"].astype(float)
    base = frame[frame["indicator_id"] == "house_price_new_fixed_base_2015"]
    theirs = base.set_index(["entity_id", "period"])["value"].astype(float)
    for city in ("shenzhen", "hangzhou"):
        mine = ours[city, OUR, "2020-12"] / ours[city, OUR, "2016-01"]
        bureau = theirs[city, "2020-12"] / theirs[city, "2016-01"]
        assert mine == pytest.approx(bureau, rel=0.02)


def yearly(indicator: str, values: dict[str, float]) -> pd.DataFrame:
    frame = observations({period: str(value) for period, value in values.items()})
    return frame.assign(indicator_id=indicator)


def test_real_gdp_goes_on_from_its_base_in_both_directions_to_the_first_hole() -> None:
    gdp = yearly("gdp", {"2019": 90e10, "2020": 100e10, "2021": 120e10})
    growth = yearly(
        "gdp_growth_real",
        {"2017": 3, "2019": 5, "2020": 25, "2021": 10, "2021-Q1": 9, "2022": -20, "2024": 4},
    )
    parsed = derived(pd.concat([gdp, growth]), SOURCES)
    assert series(parsed) == {
        "2018": "761900000000", "2019": "800000000000", "2020": "1000000000000", "2021": "1100000000000",
        "2022": "880000000000",
    }  # fmt: skip
    assert set(parsed.observations["indicator_id"]) == {"gdp_real"}
    assert set(parsed.sources["publisher"]) == {"Pursuit"}
    assert derived(growth, SOURCES).observations.empty


def test_what_is_computed_has_the_weakest_custody_of_its_figures() -> None:
    months = observations({"2010-12": "150", "2011-01": "102", "2011-02": "101"})
    assert derived(months, SOURCES).sources["custody"].tolist() == ["issuer"]
    months.loc[months["period"] == "2011-02", "source_id"] = "copy"
    assert derived(months, SOURCES).sources["custody"].tolist() == ["relay"]
    months.loc[months["period"] == "2010-12", "source_id"] = "copy"
    months.loc[months["period"] == "2011-02", "source_id"] = "nbs"
    assert derived(months, SOURCES).sources["custody"].tolist() == ["issuer"], (
        "before the base nothing counts"
    )

"""Figures that were once wrong, of another vintage or of another meaning: each stays corrected."""

from __future__ import annotations

import pytest

from dashboard.claims import evaluate
from etl.checks import read_table
from etl.ledgers import on_host
from tests.shipped import DATA, dataset


@pytest.mark.parametrize(
    ("entity", "indicator", "period", "value"),
    [
        ("hangzhou", "population_resident_before_census_2020", "2018", 9.806e6),
        ("hangzhou", "population_resident_before_census_2020", "2019", 10.36e6),
        ("shenzhen", "rd_intensity", "2022", 5.81),
        ("shenzhen", "hightech_enterprises", "2023", 24_700),
        ("shenzhen", "hightech_enterprises", "2025", 26_000),
        ("chongqing", "gdp_first_published", "2007", 412_300_000_000),
        ("chongqing", "gdp_first_published", "2012", 1_145_900_000_000),
        ("chongqing", "gdp_first_published", "2016", 1_755_876_000_000),
        ("shenzhen", "gdp_first_published", "2002", 223_941_000_000),
        ("shenzhen", "gdp_first_published", "2012", 1_295_008_000_000),
        ("guangzhou", "gdp_first_published", "2011", 1_230_312_000_000),
        ("shenzhen", "gdp", "2022", 3_248_071_000_000),
        ("shenzhen", "gdp_first_published", "2022", 3_238_768_000_000),
        ("chongqing", "gdp", "2022", 2_912_903_000_000),
        ("chongqing", "gdp", "2025", 3_375_793_000_000),
        ("chongqing", "tertiary_value_added_first_published", "2016", 850_036_000_000),
        ("shenzhen", "population_hukou_resident", "2024", 6_310_100),
        ("shenzhen", "wage_average_employed", "2025", 191_367),
        ("suzhou", "wage_average_employed", "2025", 146_353),
        ("shanghai", "rd_intensity", "2012", 3.37),
        ("beijing", "rd_intensity", "2013", 6.08),
        ("beijing", "rd_intensity", "2023", 6.22),
        ("china", "rd_intensity", "2023", 2.58),
        ("shenzhen", "house_price_new_sold_nbs", "2024", 47_066),
        ("hangzhou", "house_price_new_sold_nbs", "2024", 30_703),
        ("vanke", "net_profit", "2025", -88_556_470_495.64),
        ("vanke", "revenue", "2025", 233_432_768_960.43),
        ("byd", "nev_sales", "2024", 4_272_145),
        ("byd", "nev_sales_passenger", "2025", 4_545_423),
        ("byd", "bev_sales", "2025", 2_256_714),
        ("byd", "net_profit", "2023", 30_040_811_000),
        ("byd", "net_profit", "2024", 40_254_346_000),
        ("byd", "revenue", "2018", 130_055_000_000),
        ("byd", "revenue", "2019", 127_739_000_000),
        ("byd", "revenue_ifrs", "2019", 121_778_117_000),
        ("sony", "revenue_jpy", "2023", 10_974_373_000_000),
        ("sony", "revenue_jpy_continuing", "2025", 12_034_917_000_000),
        ("alibaba", "net_profit", "2025", 129_470_000_000),
        ("alibaba", "net_profit_group", "2018", 64_093_000_000),
        ("huawei", "revenue", "2024", 862_072_000_000),
        ("huawei", "net_profit", "2024", 62_574_000_000),
        ("huawei", "net_profit", "2012", 15_380_000_000),
        ("unitree", "ipo_raise", "2026-08", 6_099_322_200),
        ("ubtech", "revenue_humanoid_full_size", "2025", 820_600_000),
        ("dji", "global_drone_share", "2018", 74),
    ],
)
def test_the_preferred_figure_is_the_corrected_one(
    entity: str, indicator: str, period: str, value: float
) -> None:
    found = dataset().value(indicator, entity, period)
    assert found is not None
    assert found.value == pytest.approx(value, rel=1e-9)
    assert found.status != "doubtful"


@pytest.mark.parametrize(
    ("entity", "indicator", "period", "status"),
    [
        ("dji", "revenue", "2017", "estimate"),  # a forecast
        ("chongqing", "population_resident", "2011", "revised"),
    ],
)
def test_what_is_no_settled_figure_says_so(entity: str, indicator: str, period: str, status: str) -> None:
    found = dataset().value(indicator, entity, period)
    assert found is not None
    assert found.status == status


@pytest.mark.parametrize(
    ("entity", "indicator", "period"),
    [
        ("shenzhen", "wage_average", "2013"),  # up 32 %, then down 5 %
        ("xingtai", "exports", "2023"),  # exports and imports are exchanged in the book
        ("xingtai", "imports", "2023"),
        ("meizhou", "exports", "2022"),
        ("shenzhen", "house_price_listing_58", "2024"),  # rises while the official index falls
        ("all_topics", "weibo_hot_search_heat_monthly", "2025-09"),  # a day is missing
    ],
)
def test_what_is_doubtful_is_never_preferred(entity: str, indicator: str, period: str) -> None:
    assert dataset().alternatives(indicator, entity, period)
    assert dataset().value(indicator, entity, period) is None


@pytest.mark.parametrize(
    ("indicator", "entity", "apart"),
    [
        ("revenue", "byd", "(HKFRS)"),
        ("net_profit", "alibaba", "attributable; year"),
        ("net_profit", "ubtech", "loss for the year"),
        ("revenue_jpy", "sony", "continuing"),
        ("wage_average", "shenzhen", "就业人员"),
        ("population_hukou", "shenzhen", "常住"),
        ("net_profit", "vanke", "warning"),
    ],
)
def test_a_line_holds_one_meaning(indicator: str, entity: str, apart: str) -> None:
    frame = dataset().table.frame
    line = frame[(frame["indicator_id"] == indicator) & (frame["entity_id"] == entity)]
    assert not [note for note in line["note"].astype(str) if apart in note]


@pytest.mark.parametrize(
    ("indicator", "entity", "period"),
    [
        ("patents_granted", "", "2017"),
        ("rd_intensity", "", "2023"),
        ("gdp", "chongqing", "2022"),
        ("tertiary_value_added", "chongqing", ""),
    ],
)
def test_what_cannot_be_joined_has_a_note(indicator: str, entity: str, period: str) -> None:
    notes = {(n.indicator_id, n.entity_id, n.period) for n in dataset().notes}
    assert (indicator, entity, period) in notes


def test_link_farms_and_lapsed_hosts_are_never_linked() -> None:
    hosts = " ".join(read_table("unlinked_hosts", DATA)["host"])
    assert hosts
    linked = [
        s.source_id for s in dataset().sources.values() if on_host(s.url, hosts) or on_host(s.copy_url, hosts)
    ]
    assert linked == []
    assert any(not s.url for s in dataset().sources.values())


COPIES = "docslib.org pdfslide.tips scribd.com values.fun huvle.com cngold.org cbea.com download.cucdc.com"


@pytest.mark.parametrize("host", COPIES.split())
def test_a_copy_on_somebody_elses_host_is_not_read_at_its_issuer(host: str) -> None:
    kinds = {(s.tier, s.custody) for s in dataset().sources.values() if on_host(s.url, host)}
    assert kinds == {("official", "archive")}


def test_a_table_whose_columns_are_misaligned_is_not_used() -> None:
    assert [
        s for s in dataset().sources.values() if "2012s/20123/" in s.url and s.title.startswith("Table 5")
    ] == []


@pytest.mark.parametrize("indicator", ["unicorns", "pct_", "nature_index", "rd_intensity"])
def test_an_old_year_does_not_speak_for_today(indicator: str) -> None:
    verdicts = [
        v for v in evaluate(dataset()).values() if v.outcome not in ("not_testable", "no_public_data")
    ]
    used = {o.period for v in verdicts for o in v.finding.used if o.indicator_id.startswith(indicator)}
    assert not used or max(used) > "2022"

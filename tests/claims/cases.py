"""For every claim two worlds a hair apart, one on each side of the rule's threshold."""

from __future__ import annotations

from dataclasses import dataclass, field

Row = tuple[str, str, str, float]
S, C, M = "supported", "contradicted", "mixed"


@dataclass(frozen=True)
class Case:
    """``rows`` hold in both worlds; ``this`` gives ``outcome``, ``other`` gives ``other_outcome``."""

    rows: list[Row]
    this: list[Row]
    outcome: str
    other: list[Row]
    other_outcome: str
    places: dict[str, str] = field(default_factory=dict)
    other_places: dict[str, str] = field(default_factory=dict)


def at(period: str, indicator: str, **values: float) -> list[Row]:
    """Return one row an entity for one indicator and period."""
    return [(entity, indicator, period, value) for entity, value in values.items()]


def centre(city: str, latitude: float, longitude: float) -> list[Row]:
    return [(city, "latitude", "2024", latitude), (city, "longitude", "2024", longitude)]


YEARS = at("1990", "founded_year", huawei=1987, tencent=1998, byd=1995, dji=2006)
HOME = {"huawei": "Shenzhen", "tencent": "Shenzhen", "dji": "深圳"}
GIANTS_STAFF = at("2024", "employees", huawei=300, tencent=100, byd=900)
BEFORE = [
    *at("2023", "revenue", huawei=10, tencent=10, byd=10),
    *at("2023", "net_profit", huawei=1, tencent=1, byd=1),
]
LARGE = at("2024", "revenue", huawei=300, tencent=200, byd=400)
WEB = at("2024", "net_profit_usd", alphabet=100, meta=60, amazon=59, netflix=10)

CASES: dict[str, Case] = {
    "spring_festival_distance": Case(
        centre("shenzhen", 22.5, 114), centre("hangzhou", 27.1, 114), S, centre("hangzhou", 26.9, 114), C
    ),
    "born_in_shenzhen": Case(YEARS, [], S, [], M, HOME, HOME | {"dji": "Hong Kong"}),
    "dragons_overtake_giants": Case(
        LARGE, at("2024", "revenue", unitree=19.9), S, at("2024", "revenue", unitree=20), C
    ),
    "giants_failing": Case(
        [
            *BEFORE,
            *at("2024", "revenue", huawei=10, tencent=11, byd=12),
            *at("2024", "net_profit", huawei=2, tencent=2),
        ],
        at("2024", "net_profit", byd=1),
        S,
        at("2024", "net_profit", byd=0.99),
        M,
    ),
    "gdp_overtaken": Case(
        at("2024", "gdp", shenzhen=100),
        at("2024", "gdp", hangzhou=99.9),
        S,
        at("2024", "gdp", hangzhou=100),
        C,
    ),
    "deepseek_alone": Case(
        at("2025-01-01", "github_stars_ncnn", tencent=100),
        at("2025-01-01", "github_stars_deepseek_v3", deepseek=101),
        S,
        at("2025-01-01", "github_stars_deepseek_v3", deepseek=100),
        C,
    ),
    "giants_size": Case(
        [*LARGE, *GIANTS_STAFF, *at("2024", "revenue", unitree=100), *at("2024", "employees", unitree=5)],
        at("2024", "revenue", manycore=99),
        S,
        at("2024", "revenue", manycore=100),
        M,
    ),
    "ubtech_gala": Case(
        at("2016", "gala_appearance", ubtech=1),
        at("2017", "gala_appearance", unitree=1),
        S,
        at("2016", "gala_appearance", unitree=1),
        C,
    ),
    "vanke_worry": Case(
        at("2023", "net_profit", vanke=5),
        at("2024", "net_profit", vanke=-0.1),
        S,
        at("2024", "net_profit", vanke=0),
        C,
    ),
    "hangzhou_chases": Case(
        [*at("2014", "gdp", shenzhen=100, hangzhou=50), *at("2024", "gdp", shenzhen=200)],
        at("2024", "gdp", hangzhou=100.1),
        S,
        at("2024", "gdp", hangzhou=100),
        C,
    ),
    "regional_poles": Case(
        at("2024", "gii_cluster_rank", shenzhen=2, shanghai=6),
        at("2024", "gii_cluster_rank", hangzhou=5),
        S,
        at("2024", "gii_cluster_rank", hangzhou=6),
        M,
    ),
    "stock_vs_increment": Case(
        [*YEARS, *LARGE, *at("2017", "revenue", dji=18), *at("2011", "founded_year", manycore=2011)],
        at("2024", "revenue", manycore=17),
        S,
        at("2024", "revenue", manycore=18),
        M,
    ),
    "byd_record": Case(
        [
            *at("2021", "nev_sales", byd=10, tesla=9),
            *at("2022", "nev_sales", byd=20, tesla=15),
            *at("2023", "nev_sales", byd=30),
        ],
        at("2024", "nev_sales", byd=31),
        S,
        at("2024", "nev_sales", byd=30),
        M,
    ),
    "tencent_profitable": Case(
        [*WEB, *at("2024", "cny_per_usd", china=7), *at("2024", "net_profit", alibaba=80)],
        at("2024", "net_profit", tencent=80.1),
        S,
        at("2024", "net_profit", tencent=69),
        C,
    ),
    "huawei_chips": Case(
        [*at("2024", "revenue", huawei=100, tencent=100), *at("2024", "rd_expense", huawei=20)],
        at("2024", "rd_expense", tencent=19),
        S,
        at("2024", "rd_expense", tencent=20),
        C,
    ),
    "not_same_magnitude": Case(
        LARGE, at("2024", "revenue", unitree=20), S, at("2024", "revenue", unitree=20.1), C
    ),
    "ants_to_elephants": Case(
        [
            *at("2008", "revenue", huawei=30, tencent=2, byd=4),
            *at("2024", "revenue", huawei=300, tencent=200),
        ],
        at("2024", "revenue", byd=40),
        S,
        at("2024", "revenue", byd=39.9),
        M,
    ),
    "past_pursuers": Case(
        [
            *at("2000", "gdp", shenzhen=100, suzhou=70, chongqing=80),
            *at("2010", "gdp", shenzhen=100, chongqing=95),
        ],
        at("2010", "gdp", suzhou=90),
        S,
        at("2010", "gdp", suzhou=89.9),
        M,
    ),
    "not_surpass": Case(
        [
            *at("2021", "rd_expenditure", shenzhen=10, hangzhou=5),
            *at("2021", "patents_granted", shenzhen=9, hangzhou=8),
            *at("2024", "gii_cluster_rank", shenzhen=2, hangzhou=1),
        ],
        at("2024", "llm_models_listed", shenzhen=5, hangzhou=5),
        S,
        at("2024", "llm_models_listed", shenzhen=5, hangzhou=6),
        M,
    ),
    "high_house_prices": Case(
        at("2024", "house_price_listing_58", hangzhou=30000),
        at("2024", "house_price_listing_58", shenzhen=30001),
        S,
        at("2024", "house_price_listing_58", shenzhen=30000),
        C,
    ),
    "twenty_years_ago": Case(
        [
            *at("2008", "gdp", shenzhen=100),
            *at("2018", "gdp", shenzhen=300),
            *at("2024", "revenue", unitree=1),
            *at("2008", "revenue", huawei=10, tencent=10, byd=10),
            *at("2018", "revenue", huawei=40, tencent=40),
        ],
        at("2018", "revenue", byd=30.1),
        S,
        at("2018", "revenue", byd=30),
        M,
    ),
    "inmotion_first": Case(
        [],
        at("2024", "global_rank_offroad_unicycle", inmotion=1),
        S,
        at("2024", "global_rank_offroad_unicycle", inmotion=2),
        C,
    ),
    "smallrig_billion": Case(
        [], at("2024", "revenue", smallrig=1e9), S, at("2024", "revenue", smallrig=0.999e9), C
    ),
    "nutribite_stores": Case(
        [], at("2024", "stores_hong_kong", nutribite=100), S, at("2024", "stores_hong_kong", nutribite=99), C
    ),
    "bandu_display": Case(
        [],
        at("2024", "global_rank_3d_display", bandu=1),
        S,
        at("2024", "global_rank_3d_display", bandu=2),
        C,
    ),
    "engineai_two_years": Case(
        [],
        [("engineai", "founded_year", "2023-04", 2023)],
        S,
        [("engineai", "founded_year", "2023-02", 2023)],
        C,
    ),
    "short_of_beijing_shanghai": Case(
        [
            *at("2024-06", "llm_models_listed", shenzhen=5, beijing=9, shanghai=8),
            *at("2024", "nature_index_city_rank", beijing=1, shanghai=3),
        ],
        at("2024", "nature_index_city_rank", shenzhen=19),
        S,
        at("2024", "nature_index_city_rank", shenzhen=2),
        M,
    ),
    "universities": Case(
        at("2024", "arwu_rank", zhejiang_university=30, tsinghua_university=20, fudan_university=50),
        at("2024", "arwu_rank", shenzhen_university=51),
        S,
        at("2024", "arwu_rank", shenzhen_university=49),
        M,
    ),
    "all_round_champion": Case(
        [
            *at("2022", "patents_granted", shenzhen=9, beijing=8, suzhou=1),
            *at("2021", "rd_intensity", shenzhen=9, beijing=8, shanghai=1),
            *at("2024", "llm_models_listed", shenzhen=1, beijing=2, shanghai=3),
        ],
        at("2022", "gii_cluster_rank", shenzhen=2, beijing=3, shanghai=6),
        S,
        at("2022", "gii_cluster_rank", shenzhen=4, beijing=3, shanghai=6),
        M,
    ),
    "migrant_city": Case(
        [
            *at("2024", "population_resident", shenzhen=100, beijing=100),
            *at("2024", "population_hukou", beijing=65),
        ],
        at("2024", "population_hukou", shenzhen=49),
        S,
        at("2024", "population_hukou", shenzhen=50),
        M,
    ),
    "dividend_to_people": Case(
        [
            *at("2015", "gdp_per_capita", shenzhen=100),
            *at("2024", "gdp_per_capita", shenzhen=150),
            *at("2015", "disposable_income_per_capita", shenzhen=40),
        ],
        at("2024", "disposable_income_per_capita", shenzhen=60),
        S,
        at("2024", "disposable_income_per_capita", shenzhen=59.9),
        M,
    ),
}

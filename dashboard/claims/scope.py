"""Whom and what the rules compare; the story's charts draw from the same lists, so that both agree."""

from __future__ import annotations

# -- companies -------------------------------------------------------------------------------------

GIANTS = ("huawei", "tencent", "byd")
"""The three that the essay names together as colossal."""
FEARED = ("tencent", "huawei")
"""The two whose overtaking the essay calls an illusion."""
ELEPHANTS = (*GIANTS, "dji")
DRAGONS = ("deepseek", "unitree", "game_science", "brainco", "deep_robotics", "manycore")
NAMED = (*ELEPHANTS, "ubtech", "inmotion", "smallrig", "bandu", "engineai", *DRAGONS)
"""Every company the essay names, the property developer left out."""
INTERNET = ("tencent", "alphabet", "meta", "amazon", "netflix", "alibaba", "pdd")
"""The internet companies of which public accounts are collected."""
MAGNITUDE = 10.0
"""One order of magnitude."""
GAME_SALES = "game_sales"
"""What buyers paid for one dragon's game: no revenue, but the largest figure that is told of any dragon."""
MODELS = tuple(
    f"github_stars_{name}"
    for name in (
        "deepseek_v3", "deepseek_r1", "deepseek_v2", "deepseek_llm", "deepseek_coder", "deepseek_coder_v2",
        "deepseek_ocr", "janus", "gfpgan", "hunyuan_a13b", "hunyuandit", "efficient_ai_backbones",
    )
)  # fmt: skip
"""The repositories on record that hold models, neither tools nor lists nor courses."""

# -- cities ----------------------------------------------------------------------------------------

PAIR = ("shenzhen", "hangzhou")
RIVALS = ("beijing", "shanghai")
PURSUERS = ("suzhou", "chongqing")
CITIES = (*PAIR, *PURSUERS, *RIVALS)
"""The mainland cities the essay names."""
NEIGHBOURS = ("hangzhou", "suzhou", "beijing", "shanghai", "guangzhou", "chongqing", "nanjing")
"""The large cities with public counts of residents and of registered population."""

CHASED = (
    "gdp", "gdp_per_capita", "population_resident", "fiscal_revenue_general", "wage_average",
    "patents_granted",
)  # fmt: skip
"""What Hangzhou's distance to Shenzhen is measured in; the first leads the sentence."""
FIELDS = (*CHASED[:5], "fdi_used", "exports", "patents_granted", "fiscal_exp_science")
"""The fields in which Suzhou and Chongqing can be set against Shenzhen over several years."""
CLOSE = 0.9
"""«Close»: nine tenths of Shenzhen."""

# -- innovation ------------------------------------------------------------------------------------

Subjects = tuple[tuple[str, ...], ...]
"""Subjects, each with the indicators that measure it: several lists of one thing count once."""

SCORED: Subjects = (
    ("rd_expenditure",),
    ("rd_intensity",),
    ("pct_applications",),
    ("patents_granted",),
    ("invention_patents_granted",),
    ("invention_patents_held", "invention_patents_held_monthly"),
    ("hightech_enterprises",),
    ("unicorns_hurun", "unicorns_zgc", "unicorns_zeping"),
    ("gii_cluster_rank",),
    ("nature_index_city_rank",),
    ("llm_models_listed",),
)
"""Innovation as far as figures of several cities are public."""
FRONTIER: Subjects = (
    ("llm_models_listed",),
    ("generative_ai_services_rank",),
    ("nature_index_city_rank",),
    ("rd_intensity",),
)
"""Artificial intelligence and research."""


def alone(subjects: Subjects) -> Subjects:
    """Return the same indicators, each a subject of its own."""
    return tuple((i,) for subject in subjects for i in subject)


def each(*indicators: str) -> Subjects:
    """Return indicators as subjects."""
    return tuple((i,) for i in indicators)

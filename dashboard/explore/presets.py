# ruff: noqa: E501 (embedded scripts and tables read better unbroken)
"""Questions the explorer answers with one click: a message key and the state that answers it."""

from dashboard.dataset import Dataset
from dashboard.explore.parse import parse
from dashboard.explore.state import to_query

PRESETS: tuple[tuple[str, str], ...] = (
    ("closest", ""),
    ("fastest", "i=gdp&e=shenzhen~hangzhou~suzhou~chongqing~beijing~shanghai&m=index&b=2000&y=log&t=2000.."),
    ("people", "i=population_resident&e=shenzhen~hangzhou~suzhou~chongqing~guangzhou&m=index"),
    ("research", "i=rd_intensity&e=shenzhen~hangzhou~suzhou~beijing~shanghai~guangzhou&v=bar"),
    ("elephants", "i=revenue&e=huawei~tencent~byd~dji~unitree~manycore~ubtech&v=bar"),
    ("homes", "i=house_price_new_mom_index&e=shenzhen~hangzhou~beijing~shanghai~guangzhou&m=index"),
    ("rich", "i=gdp_per_capita~population_resident~gdp&e=shenzhen~hangzhou~suzhou~chongqing~beijing~shanghai~guangzhou&v=scatter"),
    ("ranks", "i=gdp~gdp_per_capita~disposable_income_per_capita~rd_intensity~pct_applications~unicorns_hurun&e=shenzhen~hangzhou~suzhou~beijing~shanghai~guangzhou&v=heat"),
    ("spring", "i=weibo_hot_search_titles_daily&e=deepseek~unitree~hangzhou_six_dragons&t=2025-01-15..2025-03-15"),
)  # fmt: skip


def presets(dataset: Dataset) -> list[tuple[str, str]]:
    """Return (message key, query) of the questions that this dataset can answer, each query in its short form."""
    out = []
    for key, query in PRESETS:
        state, dropped = parse(query, dataset)
        have = set(dataset.entities_with(state.indicators[0]))
        if not dropped and len(have & set(state.entities)) > 1:
            out.append((f"explorer.preset.{key}", to_query(state)))
    return out

"""Charts as records: pure functions of the dataset; see ``record`` for what a chart is."""

from __future__ import annotations

# first, since the layout measures words with the pictures' fonts, and the pictures ask the layout
import dashboard.pictures  # noqa: F401
from dashboard.dataset import Dataset, Lang
from dashboard.figures.record import Chart, Form

# The hero, then one figure a claim, in the essay's order.
ORDER = (
    "pursuit_lines",
    "spring_festival_distance", "born_in_shenzhen", "dragons_overtake_giants", "giants_failing",
    "gdp_overtaken", "deepseek_alone", "giants_size", "ubtech_gala", "vanke_worry", "hangzhou_chases",
    "regional_poles", "stock_vs_increment", "huawei_chips", "byd_record", "tencent_profitable",
    "not_same_magnitude", "ants_to_elephants", "past_pursuers", "not_surpass", "high_house_prices",
    "twenty_years_ago", "inmotion_first", "smallrig_billion", "nutribite_stores", "bandu_display",
    "engineai_two_years", "short_of_beijing_shanghai", "universities", "all_round_champion",
    "migrant_city", "dividend_to_people",
)  # fmt: skip


def figure_ids() -> list[str]:
    """Return the id of every story figure: the hero ``pursuit_lines``, then the claims in order."""
    return list(ORDER)


def build(figure_id: str, dataset: Dataset, lang: Lang, form: Form = "wide") -> Chart:
    """Build one figure's record; pure. Raises ``KeyError`` for an id that is not in :func:`figure_ids`."""
    from dashboard.figures.story import builders  # here, since the builders import their way back to us

    try:
        builder = builders()[figure_id]
    except KeyError:
        raise KeyError(f"no figure {figure_id!r}; see figure_ids()") from None
    from dashboard.figures.story.scene import Scene

    return builder(Scene(figure_id, dataset, lang, form))

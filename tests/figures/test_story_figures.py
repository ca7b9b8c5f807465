"""Every figure, in every language and form: complete, true to its documents, never crashing."""

from __future__ import annotations

import json
import re
from itertools import product

import pytest

from dashboard.claims import OUTCOMES, evaluate
from dashboard.claims.evidence import Evidence
from dashboard.claims.words import shown
from dashboard.dataset import LANGS, Dataset, Lang
from dashboard.figures import build, figure_ids
from dashboard.figures.record import Bars, Cells, Chart, Dots, Form, Line
from dashboard.figures.story import builders
from dashboard.locale import MESSAGES, percent, quantity, text, times
from dashboard.paths import data_dir

FORMS: tuple[Form, ...] = ("wide", "narrow")
WITHOUT_FIGURES = {"nutribite_stores", "bandu_display"}
IDS = figure_ids()


def plotted(chart: Chart) -> list[tuple[tuple[str, str, str, str], ...]]:
    """Return the keys of everything plotted that carries a value (a way or a coastline does not)."""
    out = []
    for mark in chart.marks:
        if isinstance(mark, Line):
            out += [p.keys for p in mark.points if p.y is not None and mark.name]
        elif isinstance(mark, Dots):
            out += [p.keys for p in mark.points if p.y is not None]
        elif isinstance(mark, Bars):
            out += [b.keys for b in mark.items]
        elif isinstance(mark, Cells):
            out += [c.keys for c in mark.items if c.shade is not None]
    return out


def test_the_hero_and_one_figure_a_claim_in_the_essays_order(shipped: Dataset) -> None:
    position = {q.quote_id: q.position for q in shipped.quotes}
    claims = sorted(shipped.claims.values(), key=lambda c: position[c.quote_id])
    assert ["pursuit_lines", *(c.claim_id for c in claims)] == IDS
    assert set(builders()) == set(IDS)


def test_an_unknown_figure_is_a_key_error(shipped: Dataset) -> None:
    with pytest.raises(KeyError, match="no figure 'nothing'"):
        build("nothing", shipped, "en")


@pytest.mark.parametrize("figure_id", IDS)
def test_every_figure_is_complete(figure_id: str, shipped: Dataset) -> None:
    keys = {
        tuple(r) for r in shipped.observations[["entity_id", "indicator_id", "period", "source_id"]].values
    }
    for lang, form in product(LANGS, FORMS):
        chart = build(figure_id, shipped, lang, form)
        words = [chart.title, chart.subtitle, chart.alt, *chart.notes]
        assert all(words), (lang, form)
        assert not any("{" in w or "figures." in w for w in words)
        assert (chart.id, chart.lang, chart.form) == (figure_id, lang, form)
        assert bool(chart.empty) == (figure_id in WITHOUT_FIGURES)
        if chart.empty:
            continue
        found = plotted(chart)
        assert found
        assert all(ks for ks in found), "a plotted value without a document"
        assert {k for ks in found for k in ks} <= keys
        assert {k[3] for ks in found for k in ks} <= set(chart.sources)
        assert all(s in shipped.sources for s in chart.sources)
        assert all(len(r) == len(chart.table.columns) for r in chart.table.rows)
        low, high = chart.x.domain
        assert low < high


@pytest.mark.parametrize("figure_id", IDS)
def test_without_observations_a_figure_says_so(figure_id: str, nothing: Dataset) -> None:
    for lang, form in product(LANGS, FORMS):
        chart = build(figure_id, nothing, lang, form)
        if figure_id == "spring_festival_distance":  # the cities' places are in the entities themselves
            continue
        assert chart.empty
        assert chart.title
        assert not chart.marks


def test_narrow_is_laid_out_anew(shipped: Dataset) -> None:
    wide, narrow = (build("gdp_overtaken", shipped, "en", f) for f in FORMS)
    assert len(narrow.x.ticks) < len(wide.x.ticks)
    assert narrow.title == wide.title


def shares(data: Dataset, city: str) -> dict[str, float]:
    whole = {o.period: o.value for o in data.series("gdp", "shenzhen")}
    return {o.period: o.value / whole[o.period] * 100 for o in data.series("gdp", city) if o.period in whole}


def test_pursuit_title_names_the_nearest_ever(shipped: Dataset) -> None:
    peaks = {
        c: max(shares(shipped, c).items(), key=lambda kv: kv[1]) for c in ("suzhou", "chongqing", "hangzhou")
    }
    city = max(peaks, key=lambda c: peaks[c][1])
    title = build("pursuit_lines", shipped, "en").title
    assert shipped.entities[city].name_en in title
    assert percent(peaks[city][1], "en") in title
    assert peaks[city][0] in title


def test_gdp_title_is_the_gap_of_the_latest_common_year(shipped: Dataset) -> None:
    year = shipped.common_periods("gdp", ["shenzhen", "hangzhou"])[-1]
    a, b = (shipped.value("gdp", c, year) for c in ("shenzhen", "hangzhou"))
    assert a is not None
    assert b is not None
    for lang in LANGS:
        title = build("gdp_overtaken", shipped, lang).title
        assert quantity(a.value - b.value, "CNY", lang) in title
        assert year in title


def test_ladder_title_is_the_ratio_it_draws(shipped: Dataset) -> None:
    chart = build("not_same_magnitude", shipped, "en")
    values = {m.name: m.points[0].x for m in chart.marks if isinstance(m, Dots)}
    giants = min(values[g] for g in ("huawei", "tencent", "byd"))
    dragons = max(v for k, v in values.items() if shipped.entities[k].group == "dragons")
    assert times(giants / dragons, "en") in chart.title


def test_scoreboard_title_counts_the_bars_right_of_the_line(shipped: Dataset) -> None:
    chart = build("not_surpass", shipped, "en")
    items = next(m.items for m in chart.marks if isinstance(m, Bars))
    numbers = [int(n) for n in re.findall(r"\d+", chart.title)]
    assert numbers == [
        n for n in (sum(b.value > 1 for b in items), len(items)) if n or "none" not in chart.title
    ]
    assert all(b.colour == ("hangzhou" if b.value > 1 else "shenzhen") for b in items)


def test_title_follows_the_data(shipped: Dataset) -> None:
    frame = shipped.observations.astype({"entity_id": str, "indicator_id": str})
    frame = frame.copy()
    mine = (frame["entity_id"] == "hangzhou") & (frame["indicator_id"] == "gdp") & (frame["period"] == "2025")
    frame.loc[mine, "value"] *= 2
    other = Dataset.from_frames(
        entities=shipped.entities.values(), indicators=shipped.indicators.values(),
        sources=shipped.sources.values(), observations=frame,
    )  # fmt: skip
    assert "never closed" in build("gdp_overtaken", shipped, "en").title
    assert "Hangzhou is ahead" in build("gdp_overtaken", other, "en").title
    assert "once ahead" in build("pursuit_lines", other, "en").title


def test_preliminary_years_are_dashed_and_missing_years_are_gaps(shipped: Dataset) -> None:
    chart = build("gdp_overtaken", shipped, "en")
    unsettled = {o.key for o in shipped.series("gdp", "shenzhen") if o.status in ("preliminary", "estimate")}
    lines = [m for m in chart.marks if isinstance(m, Line) and m.name == "shenzhen"]
    dashed = {k for m in lines if m.dash == "dash" for p in m.points[1:] for k in p.keys}
    assert dashed == unsettled
    for figure_id, line in (
        ("dragons_overtake_giants", Evidence(shipped).yuan("revenue", "huawei")),
        ("huawei_chips", Evidence(shipped).line("rd_expense", "huawei")),
    ):
        gaps = [y for y in range(int(min(line)), int(max(line))) if str(y) not in line]
        drawn = [
            m for m in build(figure_id, shipped, "en").marks if isinstance(m, Line) and m.name == "huawei"
        ]
        assert bool(gaps) == bool([p for m in drawn for p in m.points if p.y is None]), figure_id
    assert gaps, "one of them has years without a figure"


def test_one_colour_a_city_everywhere(shipped: Dataset) -> None:
    for figure_id in IDS:
        for mark in build(figure_id, shipped, "en").marks:
            if isinstance(mark, Line) and mark.name in ("shenzhen", "hangzhou"):
                assert mark.colour == mark.name, figure_id


def test_table_has_every_plotted_line_point(shipped: Dataset) -> None:
    chart = build("gdp_overtaken", shipped, "en")
    rows = {(r[0], r[1]): r[2] for r in chart.table.rows}
    for city in ("shenzhen", "hangzhou"):
        for o in shipped.series("gdp", city):
            assert rows[shipped.entities[city].name_en, o.period] == o.value


def test_alt_text_tells_trend_gap_and_source(shipped: Dataset) -> None:
    alt = build("gdp_overtaken", shipped, "en").alt
    assert "Shenzhen rose from" in alt
    assert "are CNY" in alt
    assert "Source:" in alt


def test_chained_prices_start_at_100_and_multiply(shipped: Dataset) -> None:
    chart = build("high_house_prices", shipped, "en")
    line = next(m for m in chart.marks if isinstance(m, Line) and m.name == "shenzhen")
    monthly = {o.period: o.value for o in shipped.series("house_price_new_mom_index", "shenzhen")}
    months = sorted(m for m in monthly if m >= "2011-01")
    level = 100.0
    for month in months[1:]:
        level *= monthly[month] / 100
    assert line.points[0].y == 100
    assert line.points[-1].y == pytest.approx(level)


def test_messages_are_the_same_set_in_both_hands_and_none_is_idle() -> None:
    by_lang = {lang: json.loads((MESSAGES / f"figures.{lang}.json").read_text("utf-8")) for lang in LANGS}
    fields = {
        lang: {k: sorted(re.findall(r"{(\w+)}", v)) for k, v in found.items()}
        for lang, found in by_lang.items()
    }
    assert set(fields["en"]) == set(fields["zh-Hans"]) == set(fields["zh-Hant"])
    for key in fields["en"]:
        assert set(fields["zh-Hans"][key]) == set(fields["zh-Hant"][key]), key
    heads = {k.split(".")[1] for k in by_lang["en"]}
    known = {"join", "column", "status", "note", "alt", "short", "brief", "point", "aside", "named_year",
             "versus", "none", "nothing_for", "empty", "looked_in", "essay", "base"}  # fmt: skip
    assert heads - known == set(IDS)


NAMED_WITH_DIGITS = {
    "bandu_display.title.none": "3D is what the displays are",
    "high_house_prices.note": "58.com is the platform's name",
}
DEFINED = re.compile(r"= 100%?")
"""What an index or a share is measured by is no figure."""


def test_no_message_types_a_number_or_a_verdict() -> None:
    outcomes = {lang: [text(f"claims.outcome.{o}", lang) for o in OUTCOMES[:3]] for lang in LANGS}
    for lang in LANGS:
        for key, message in json.loads((MESSAGES / f"figures.{lang}.json").read_text("utf-8")).items():
            bare = DEFINED.sub("", re.sub(r"{\w+}", "", message))
            if key.removeprefix("figures.") not in NAMED_WITH_DIGITS:
                assert not re.search(r"\d", bare), (lang, key)
            founded = re.sub("成立(于|於|年份|日期|時間|[ {]|$)|已成立|时成立|時成立", "", bare)
            assert not any(word in founded for word in outcomes[lang]), (lang, key)


AGREE = {
    "spring_festival_distance": ("km",),
    "born_in_shenzhen": ("first", "last"),
    "dragons_overtake_giants": ("giant", "ratio", "dragon"),
    "giants_failing": ("worst", "worst_year"),
    "gdp_overtaken": ("year",),
    "deepseek_alone": ("share", "stars", "second_stars", "second", "companies"),
    "giants_size": ("least",),
    "ubtech_gala": ("ubtech", "unitree"),
    "vanke_worry": ("year", "loss"),
    "hangzhou_chases": ("closer", "measures", "now", "now_year"),
    "regional_poles": ("shenzhen", "hangzhou", "rival_value", "year"),
    "stock_vs_increment": ("giant", "giant_founded", "dragon", "dragon_founded", "small", "large", "ratio"),
    "huawei_chips": ("spend", "year", "share", "second", "second_spend", "second_year"),
    "byd_record": ("sold", "year"),
    "tencent_profitable": ("profit", "year", "place", "companies"),
    "not_same_magnitude": ("giant", "dragon", "ratio"),
    "ants_to_elephants": ("most", "most_times", "most_since", "least", "least_times", "least_since", "asked"),
    "past_pursuers": ("suzhou_count", "chongqing_count"),
    "not_surpass": ("ahead", "indicators"),
    "high_house_prices": ("ratio", "year"),
    "twenty_years_ago": ("small", "small_revenue", "small_year", "dragon", "dragon_revenue"),
    "engineai_two_years": ("founded",),
    "short_of_beijing_shanghai": ("behind", "indicators"),
    "universities": ("own", "own_value", "year"),
    "all_round_champion": ("firsts", "contests", "share", "rival", "rival_share"),
    "migrant_city": ("year", "share", "second", "second_share", "second_year"),
    "dividend_to_people": ("since", "until"),
}
"""For every claim with figures: the numbers of its sentence that the chart's title has to say as well."""


@pytest.mark.parametrize("lang", LANGS)
def test_chart_and_sentence_agree(lang: Lang, shipped: Dataset) -> None:
    verdicts = evaluate(shipped)
    assert set(AGREE) == {i for i, v in verdicts.items() if v.outcome != "no_public_data"}
    for claim_id, names in AGREE.items():
        title = re.sub(r"\s+", "", build(claim_id, shipped, lang).title)
        for name in names:
            number = verdicts[claim_id].numbers[name]
            said = (
                number.text
                if number.kind == "period" and number.text.isdigit()
                else shown(number, shipped, lang)
            )
            assert re.sub(r"\s+", "", said) in title, (claim_id, name, said, title)


def test_dataset_is_the_shipped_one(shipped: Dataset) -> None:
    assert shipped.directory == data_dir()

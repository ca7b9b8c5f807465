"""The dataset's hand-made inputs keep their promises: catalogue, figures read off documents, the essay."""

from __future__ import annotations

import csv
import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from itertools import pairwise

import opencc
import pytest

from dashboard.chinese import traditional, worded
from dashboard.claims import essay, evaluate
from dashboard.dataset import Observation, Title
from etl.schema import CURATED, LEDGERS
from etl.tidy import decimal, period_form, unit_factor
from tests.shipped import DATA, dataset

QUOTES_SHA256 = "2db908b19b8b57583d27dd4574331664853a5551d24c1a22e48a6b749a6ee5f8"
"""Of the quotes, sorted and joined by a line feed, as checked to the character against the essay."""

CHINESE = re.compile(r"[\u3000-\u30ff\u3400-\u9fff]")


@cache
def table(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def catalogue() -> dict[str, dict[str, str]]:
    return {row["indicator_id"]: row for row in table("indicators.csv")}


@cache
def entities() -> dict[str, dict[str, str]]:
    return {row["entity_id"]: row for row in table("entities.csv")}


@cache
def curated() -> list[dict[str, str]]:
    names = sorted(p.name for p in (DATA / "curated").glob("*.csv") if p.stem not in LEDGERS)
    return [{**row, "_file": name} for name in names for row in table(f"curated/{name}")]


def value(row: dict[str, str]) -> float:
    factor = unit_factor(row["unit"], catalogue()[row["indicator_id"]]["unit"])
    return float(decimal(row["value"]) * factor)


@cache
def preferred() -> dict[tuple[str, str], dict[str, Observation]]:
    """Return (entity, indicator) → period → the figure shown, of the hand-read ones."""
    lines: dict[tuple[str, str], dict[str, Observation]] = {}
    for entity, indicator in {(row["entity_id"], row["indicator_id"]) for row in curated()}:
        lines[entity, indicator] = {o.period: o for o in dataset().series(indicator, entity, doubtful=True)}
    return lines


def gdp(city: str, year: int) -> float:
    return preferred()[city, "gdp"][str(year)].value


def offences(wrong: Callable[[dict[str, str]], object]) -> list[str]:
    found = [row for row in curated() if wrong(row)]
    return [f"{r['_file']}: {r['entity_id']} {r['indicator_id']} {r['period']}" for r in found]


# --- the catalogue ------------------------------------------------------------------------------------


def test_catalogue_names_everything_in_three_languages() -> None:
    for row in table("indicators.csv"):
        for field in ("name", "definition"):
            assert all(row[f"{field}_{lang}"] for lang in ("en", "zh_hans", "zh_hant")), row["indicator_id"]
    for row in table("entities.csv"):
        assert all(row[f"name_{lang}"] for lang in ("en", "zh_hans", "zh_hant")), row["entity_id"]


def test_catalogue_uses_the_declared_vocabulary() -> None:
    allowed = {
        "domain": {"economy", "people", "innovation", "housing", "company", "attention"},
        "kind": {"stock", "flow", "rate", "index", "rank", "event"},
        "frequency": {"annual", "quarterly", "monthly", "daily", "irregular"},
        "better": {"higher", "lower", ""},
        "scale": {"linear", "log"},
    }
    for row in table("indicators.csv"):
        for field, words in allowed.items():
            assert row[field] in words, (row["indicator_id"], field)
        assert not re.search(r"[万亿萬億]|100M|(?<!per )(10k|million|billion)", row["unit"])


def test_rates_and_ranks_are_named_as_what_they_are() -> None:
    for row in table("indicators.csv"):
        if row["unit"] == "%":
            assert row["kind"] == "rate", row["indicator_id"]
        if row["unit"] == "rank":
            assert (row["kind"], row["better"]) == ("rank", "lower"), row["indicator_id"]


def test_entities_hold_the_essays_cast() -> None:
    groups = Counter(row["group"] for row in table("entities.csv") if row["kind"] == "company")
    assert (groups["elephants"], groups["dragons"], groups["ants"]) == (4, 6, 6)
    assert "vanke" in entities()
    for row in table("entities.csv"):
        assert not row["city_id"] or entities()[row["city_id"]]["kind"] == "city"
        assert not row["founded"] or period_form(row["founded"])
    seats = {row["city_id"] for row in table("entities.csv") if row["group"] == "dragons"}
    assert seats == {"hangzhou"}


# --- figures read off documents -----------------------------------------------------------------------


def test_there_are_enough_figures_to_speak_of() -> None:
    assert len(curated()) >= 14_000
    assert len({row["indicator_id"] for row in curated()}) >= 80


def test_curated_files_have_the_contracts_columns_and_a_modest_size() -> None:
    for path in sorted((DATA / "curated").glob("*.csv")):
        assert path.stat().st_size < 4_000_000, path.name
        assert "leads" not in path.stem
        if path.stem not in LEDGERS:
            with path.open(encoding="utf-8", newline="") as file:
                assert next(csv.reader(file)) == CURATED.names, path.name


@pytest.mark.parametrize(
    ("what", "wrong"),
    [
        ("known entity", lambda r: r["entity_id"] not in entities()),
        ("known indicator", lambda r: r["indicator_id"] not in catalogue()),
        ("address", lambda r: not re.fullmatch(r"https?://[^\s\"<>]+\.[^\s\"<>]+", r["source_url"])),
        ("title and publisher", lambda r: not (r["source_title"] and r["publisher"])),
        ("locator", lambda r: not r["locator"]),
        ("excerpt of at most 120 characters", lambda r: not 0 < len(r["excerpt"]) <= 120),
        ("status", lambda r: r["status"] not in {"final", "preliminary", "revised", "estimate", "doubtful"}),
        ("reason to doubt", lambda r: r["status"] == "doubtful" and not (r["note"] or r["basis"])),
        ("date of publication", lambda r: r["published"] and not period_form(r["published"])),
        ("no blanks at the ends", lambda r: any(v != v.strip() for v in r.values())),
    ],
)
def test_every_row_has(what: str, wrong: Callable[[dict[str, str]], object]) -> None:
    assert offences(wrong)[:5] == []


def test_every_value_converts_to_its_indicators_unit() -> None:
    faults = []
    for row in curated():
        try:
            value(row)
        except ValueError as error:
            faults.append(f"{row['_file']}: {row['indicator_id']}: {error}")
    assert faults[:5] == []


def test_periods_fit_the_indicators_frequency() -> None:
    def wrong(row: dict[str, str]) -> bool:
        form, frequency = period_form(row["period"]), catalogue()[row["indicator_id"]]["frequency"]
        return not form or frequency not in (form, "irregular")

    assert offences(wrong)[:5] == []


def test_a_figure_stands_once() -> None:
    keys = Counter((r["entity_id"], r["indicator_id"], r["period"], r["source_url"]) for r in curated())
    assert [key for key, times in keys.items() if times > 1] == []


def test_a_document_is_described_one_way() -> None:
    for field in ("source_title", "publisher", "tier", "published"):
        seen: dict[str, str] = {}
        for row in curated():
            assert seen.setdefault(row["source_url"], row[field]) == row[field], (field, row["source_url"])


def test_losses_are_negative_and_counts_are_not() -> None:
    for row in curated():
        indicator = catalogue()[row["indicator_id"]]
        if indicator["unit"] in {"persons", "vehicles", "count", "rank", "index", "CNY/m2", "km2"}:
            assert value(row) >= 0, row
    assert preferred()["vanke", "net_profit"]["2024"].value < 0


# --- lines --------------------------------------------------------------------------------------------


def test_gdp_matches_the_published_answers() -> None:
    assert gdp("shenzhen", 2025) == 3_873_180_000_000
    assert gdp("hangzhou", 2025) == 2_301_100_000_000
    assert round(100 * gdp("hangzhou", 2025) / gdp("shenzhen", 2025), 1) == 59.4
    for city, year, share in (("suzhou", 2009, 92.2), ("chongqing", 2021, 91.1)):
        ratio = {y: 100 * gdp(city, y) / gdp("shenzhen", y) for y in range(2000, 2026)}
        assert max(ratio, key=lambda y: ratio[y]) == year
        assert round(ratio[year], 1) == share


@pytest.mark.parametrize("city", ["shenzhen", "hangzhou", "suzhou", "chongqing", "beijing", "shanghai"])
def test_gdp_is_one_smooth_line(city: str) -> None:
    growth = [gdp(city, year) / gdp(city, year - 1) - 1 for year in range(2001, 2026)]
    assert min(growth) > 0
    assert max(growth) < 0.36


def steps() -> Iterator[tuple[str, str, str, float, bool]]:
    """Yield (entity, indicator, later year, ratio, marked) of successive years of annual lines."""
    for (entity, indicator), line in preferred().items():
        known = catalogue()[indicator]
        if known["frequency"] != "annual" or known["kind"] not in ("stock", "flow", "rate"):
            continue
        if known["unit"] == "%" or re.match(r"net_profit|operating_|market_cap", indicator):
            continue  # differences, cash flows and market prices swing without any break
        years = sorted(line)
        for before, after in pairwise(years):
            a, b = line[before], line[after]
            if int(after) - int(before) == 1 and a.value > 0 < b.value:
                marked = {"doubtful", "estimate"} & {a.status, b.status}
                yield entity, indicator, after, b.value / a.value, bool(marked)


def test_no_jump_goes_unexplained() -> None:
    notes = table("notes.csv")

    def explained(entity: str, indicator: str, year: str) -> bool:
        wanted = {"indicator_id": indicator, "entity_id": entity, "period": year}
        return any(all(n[field] in (word, "") for field, word in wanted.items()) for n in notes)

    silent = [
        f"{entity} {indicator} {year}: ×{ratio:.2f}"
        for entity, indicator, year, ratio, marked in steps()
        if not 1 / 1.6 <= ratio <= 1.6 and not marked and not explained(entity, indicator, year)
    ]
    assert silent == []


def test_notes_and_gaps_point_at_what_exists() -> None:
    for row in table("notes.csv"):
        assert row["kind"] in {"break", "vintage", "definition", "coverage", "doubt"}
        assert row["indicator_id"] in {*catalogue(), ""}
        assert row["entity_id"] in {*entities(), ""}
        assert all(row[f"text_{lang}"] for lang in ("en", "zh_hans", "zh_hant")), row["note_id"]
    have = {(row["entity_id"], row["indicator_id"]) for row in curated()}
    for row in table("gaps.csv"):
        assert row["entity_id"] in entities()
        assert row["indicator_id"] in catalogue()
        assert (row["entity_id"], row["indicator_id"]) not in have, "a gap with a figure is none"
        assert all(row[f"looked_in_{lang}"] for lang in ("en", "zh_hans", "zh_hant"))
        assert period_form(row["looked_on"]) == "daily"


# --- the essay ----------------------------------------------------------------------------------------


def test_quotes_are_the_essays_to_the_character() -> None:
    """Checked against the essay when they were written down; a change of one character is another quote."""
    quotes = [c.quote for c in essay(dataset()).claims.values()]
    assert len(set(quotes)) == len(quotes)
    assert hashlib.sha256("\n".join(sorted(quotes)).encode()).hexdigest() == QUOTES_SHA256


def test_what_is_said_not_to_be_public_was_looked_for() -> None:
    searched = {(g.entity_id, g.indicator_id) for g in dataset().gaps}
    for verdict in evaluate(dataset()).values():
        if verdict.outcome == "no_public_data":
            claim = verdict.claim
            lacking = {(e, i) for e in claim.entities for i in claim.indicators}
            assert searched & lacking, verdict.claim.claim_id


def test_keywords_compile_and_find_their_entity() -> None:
    patterns = {row["entity_id"]: re.compile(row["pattern"], re.IGNORECASE) for row in table("keywords.csv")}
    assert set(patterns) <= set(entities())
    assert patterns["deepseek"].search("Deep Seek 上线")
    assert patterns["tencent"].search("腾讯财报")
    assert not patterns["tencent"].search("腾讯视频")


def test_events_concern_what_is_there() -> None:
    known = {*entities(), *catalogue(), *(row["domain"] for row in catalogue().values())}
    for row in table("events.csv"):
        assert set(row["concerns"].split()) <= known, row["event_id"]
        assert row["name_zh_hant"] == traditional(row["name_zh_hans"])


def test_every_document_has_a_title_in_each_language() -> None:
    rows = [Title(**row) for row in table("titles.csv")]
    forms = {row.title: row for row in rows}
    documents = table("sources.csv")
    assert set(forms) <= {Title.form(row["title"]) for row in documents}, "a title of no document"
    for title in {row["title"] for row in documents if row["collector"] == "curated"}:
        row = forms[Title.form(title)]
        english, simplified, other = (row.of(title, lang) for lang in ("en", "zh-Hans", "zh-Hant"))
        assert not CHINESE.search(english), english
        assert CHINESE.search(simplified), simplified
        assert CHINESE.search(other), other
        assert not re.search("[{}#]", english + simplified + other), title


def test_every_publisher_has_a_short_name_in_each_language() -> None:
    """A source line has room for about 40 Latin letters or 20 Chinese characters a name."""
    named = {row["publisher"]: row for row in table("publishers.csv")}
    assert {r["publisher"] for r in curated()} | {r["publisher"] for r in table("sources.csv")} <= set(named)
    for row in named.values():
        assert 2 <= len(row["name_en"]) <= 40, row
        assert not CHINESE.search(row["name_en"]), row
        for column in ("name_zh_hans", "name_zh_hant"):
            assert sum(1 if ord(c) > 0x2E7F else 0.5 for c in row[column]) <= 20.5, row
            assert not re.search(r"[\u4e00-\u9fff][,;:(]|[,;:)][\u4e00-\u9fff]", row[column]), row


WORDED_BY_HAND = {"学生项目": "學生專題", "论坛帖": "論壇貼文", "GDELT 项目": "GDELT 計畫", "悉尼": "雪梨"}
"""Words in publishers' names for which readers in Taiwan have others, beside the list for all tables."""


def test_publishers_are_converted_from_simplified_characters() -> None:
    convert_name = opencc.OpenCC("s2tw").convert
    wrong = {}
    for row in table("publishers.csv"):
        simplified = row["name_zh_hans"]
        for word, other in WORDED_BY_HAND.items():
            simplified = simplified.replace(word, other)
        plain = convert_name(simplified)
        if row["name_zh_hant"] not in (plain, worded(plain, "zh-Hant")):
            wrong[row["name_zh_hans"]] = row["name_zh_hant"]
    assert not wrong

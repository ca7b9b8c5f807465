"""Words and numbers: every key in every language, numbers as each language writes them."""

from __future__ import annotations

import csv
import json
import re
import string
from pathlib import Path

import opencc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard import locale
from dashboard.chinese import region, traditional, worded
from dashboard.dataset import CONVERTED, WRITTEN, Lang
from dashboard.locale import LANGS, MESSAGES, axis_label, messages, number, plain_digits, quantity
from tests.conftest import DATA
from tools.traditional import TABLES, reworded

AREAS = sorted({p.name.split(".")[0] for p in MESSAGES.glob("*.json")})


def _messages(area: str, lang: str) -> dict[str, str]:
    return json.loads((MESSAGES / f"{area}.{lang}.json").read_text("utf-8"))


def _slots(message: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(message) if name}


@pytest.mark.parametrize("area", AREAS)
def test_every_key_stands_in_every_language_with_the_same_slots(area: str) -> None:
    english = _messages(area, "en")
    for lang in WRITTEN:
        other = _messages(area, lang)
        assert sorted(other) == sorted(english)
        for key, message in english.items():
            assert _slots(other[key]) == _slots(message), f"{lang} {key}"


@pytest.mark.parametrize("lang", CONVERTED)
def test_a_language_that_is_converted_has_every_message(lang: Lang) -> None:
    assert messages(lang).keys() == messages("en").keys()
    own = region(lang)["messages"]
    assert {k for k, text in own.items() if _slots(text) != _slots(messages("en")[k])} == set()


def _traditional() -> dict[str, str]:
    """Every text for readers in Taiwan that is ours: messages, and the columns of the tables."""
    out = dict(messages("zh-Hant"))
    for name in TABLES:
        with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as table:
            for row in csv.DictReader(table):
                columns = [c for c in row if c.endswith("_zh_hant")]
                assert columns, name
                out |= {f"{name} {next(iter(row.values()))} {c}": row[c] for c in columns}
    return out


def test_traditional_is_written_in_the_words_of_its_readers() -> None:
    texts = _traditional()
    assert len(texts) > 1500
    assert {where: text for where, text in texts.items() if worded(text, "zh-Hant") != text} == {}


def test_traditional_holds_no_simplified_character_and_the_other_way_round() -> None:
    to_traditional, to_simplified = (opencc.OpenCC(how).convert for how in ("s2t", "t2s"))
    both = set("里秘群台峰咸岩岳")  # at home in both
    left = {
        where: signs
        for where, text in (*_traditional().items(), *messages("zh-HK").items())
        if (signs := {c for c in text if to_traditional(c) != c and to_simplified(c) == c} - both)
    }
    assert left == {}
    shown = "explorer.entities.search"  # shows that a name is found in either
    left = {
        key: signs
        for area in AREAS
        for key, text in _messages(area, "zh-Hans").items()
        if key != shown and (signs := {c for c in text if to_simplified(c) != c})
    }
    assert left == {}


@pytest.mark.parametrize(
    ("simplified", "taiwan", "hong_kong"),
    [
        ("数据库与数据", "資料庫與資料", "數據庫與數據"),
        ("维基数据", "維基數據", "維基數據"),
        ("人工智能芯片", "人工智慧晶片", "人工智能晶片"),
        ("公布", "公布", "公布"),
        ("这里的互联网软件", "這裡的網際網路軟體", "這裡的互聯網軟件"),
        ("每平方米的日元", "每平方公尺的日圓", "每平方米的日圓"),
        ("硅谷的房价", "矽谷的房價", "矽谷的樓價"),
    ],
)
def test_words_of_each_region(simplified: str, taiwan: str, hong_kong: str) -> None:
    assert (traditional(simplified), worded(taiwan, "zh-HK")) == (taiwan, hong_kong)


@pytest.mark.parametrize("lang", CONVERTED)
def test_what_is_reworded_stays_as_it_is(lang: Lang) -> None:
    used = region(lang)["terms"].values()
    assert {word: worded(word, lang) for word in used} == {word: word for word in used}


def test_rewording_a_table_changes_its_traditional_columns_alone(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text('id,name_en,name_zh_hans,name_zh_hant\n1,"a, b",数据,數據\n', "utf-8")
    assert reworded(path) == '1,"a, b",数据,資料\n'.join(["id,name_en,name_zh_hans,name_zh_hant\n", ""])


def test_no_key_is_given_by_two_areas() -> None:
    seen: dict[str, str] = {}
    for area in AREAS:
        for key in _messages(area, "en"):
            assert seen.setdefault(key, area) == area, key


def test_unknown_key_names_key_and_language() -> None:
    with pytest.raises(KeyError, match=r"nothing\.here.*zh-Hans"):
        locale.text("nothing.here", "zh-Hans")


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (3.868e12, "CNY", ("3.87 万亿元", "3.87 兆元", "3.87 萬億元", "CNY 3.87 trillion")),
        (7.55e8, "CNY", ("7.55 亿元", "7.55 億元", "7.55 億元", "CNY 755 million")),
        (-49478429000.0, "CNY", ("−495 亿元", "−495 億元", "−495 億元", "−CNY 49.5 billion")),
        (17_989_500, "persons", ("1,799 万人", "1,799 萬人", "1,799 萬人", "18.0 million people")),
        (59.44, "%", ("59.4%", "59.4%", "59.4%", "59.4%")),
        (3, "rank", ("第 3 位", "第 3 位", "第 3 位", "3rd")),
        (1234, "patents", ("1,234 件", "1,234 件", "1,234 件", "1,234 patents")),
        (0, "vehicles", ("0 辆", "0 輛", "0 輛", "0 vehicles")),
    ],
)
def test_quantities(value: float, unit: str, expected: tuple[str, ...]) -> None:
    assert tuple(locale.quantity(value, unit, lang) for lang in LANGS) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2024", ("2024 年", "2024")),
        ("2024-07", ("2024 年 7 月", "Jul 2024")),
        ("2025-01-29", ("2025 年 1 月 29 日", "29 Jan 2025")),
        ("2024-Q3", ("2024 年第三季度", "Q3 2024")),
    ],
)
def test_periods(value: str, expected: tuple[str, str]) -> None:
    assert (locale.period(value, "zh-Hans"), locale.period(value, "en")) == expected


def test_a_quarter_is_named_as_each_script_names_it() -> None:
    assert [locale.period("2024-Q3", lang) for lang in LANGS] == [
        "2024 年第三季度",
        "2024 年第三季",
        "2024 年第三季",
        "Q3 2024",
    ]


_SCALE = {"trillion": 1e12, "billion": 1e9, "million": 1e6, "": 1.0}


@given(st.floats(min_value=1e-3, max_value=1e15))
def test_a_number_reads_back_to_within_its_digits(value: float) -> None:
    match = re.fullmatch(r"([\d,.]+) ?(\w*)", locale.number(value, "en"))
    assert match is not None
    read = float(match[1].replace(",", "")) * _SCALE[match[2]]
    assert read == pytest.approx(value, rel=6e-3)


@pytest.mark.parametrize(
    ("accept", "asked", "expected"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", None, "zh-Hans"),
        ("zh-TW,zh;q=0.9", None, "zh-Hant"),
        ("zh-HK", None, "zh-HK"),
        ("zh-Hant-MO,zh;q=0.5", None, "zh-HK"),
        ("fr-FR,en;q=0.5", None, "en"),
        ("en;q=0.2,zh-CN;q=0.9", None, "zh-Hans"),
        (None, None, "en"),
        ("en", "zh-Hant", "zh-Hant"),
        ("en", "<script>", "en"),
        ("zh;q=oops,en", None, "en"),
    ],
)
def test_language_is_chosen_as_asked_then_as_the_browser_says(accept, asked, expected) -> None:
    assert locale.choose(accept, asked) == expected


def test_messages_directory_holds_nothing_else() -> None:
    assert all(re.fullmatch(r"[a-z]+\.(en|zh-Hans)\.json", p.name) for p in Path(MESSAGES).iterdir())


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (100.2, "index", "100.2"),
        (100.0, "index", "100"),
        (99.96, "index", "100.0"),
        (1004.36, "index", "1004.4"),
        (97.94, "index", "97.9"),
        (5.678, "index", "5.68"),
        (3e-7, "ratio", "0.0000003"),
        (4.1e-7, "ratio", "0.00000041"),
        (0.004, "%", "0.004%"),
        (-0.04, "%", "−0.04%"),
        (0.0, "%", "0.0%"),
        (1e-17, "%", "0.0%"),
        (2015.0, "year", "2015"),
    ],
)
def test_what_is_told_apart_by_little_is_written_apart(value: float, unit: str, expected: str) -> None:
    assert quantity(value, unit, "en").replace(",", "") == expected


@pytest.mark.parametrize(
    ("value", "unit", "lang", "expected"),
    [
        (3873180000000, "CNY", "en", "CNY 3.87318 trillion"),
        (3873180000000, "CNY", "zh-Hans", "3.87318 万亿元"),
        (17989512, "persons", "en", "17.989512 million people"),
        (100.25, "index", "en", "100.25"),
        (59.4251, "%", "en", "59.4251%"),
        (59, "%", "en", "59%"),
        (0.1, "ratio", "en", "0.1"),
        (-1234.5, "CNY", "en", "−CNY 1,234.5"),
        (1e-7, "ratio", "en", "0.0000001"),
        (1987, "year", "en", "1987"),
    ],
)
def test_as_published_is_every_digit_there_is(value: float, unit: str, lang: Lang, expected: str) -> None:
    assert quantity(value, unit, lang, digits=None) == expected


@given(st.floats(min_value=-1e15, max_value=1e15))
def test_as_published_reads_back_equal(value: float) -> None:
    text = number(value, "en", digits=None, scaled=False).replace(",", "").replace("−", "-")
    assert float(text) == value
    assert float(plain_digits(value)) == value
    assert "e" not in text + plain_digits(value)


@given(st.floats(min_value=1e-9, max_value=1e15))
def test_a_tick_never_has_an_exponent(value: float) -> None:
    for unit in ("ratio", "%", "CNY"):
        shown = re.sub(r" [a-z]+$", "", axis_label(value, unit, "en"))
        assert re.fullmatch(r"[0-9,]+(\.[0-9]+)?%?", shown)
        assert float(shown.replace(",", "").rstrip("%")) > 0

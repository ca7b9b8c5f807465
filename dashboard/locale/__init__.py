"""Words, numbers and periods in the reader's language.

Every string of the product has a key in ``messages/<area>.<lang>.json``, English and Simplified Chinese;
Traditional is made from Simplified (:mod:`dashboard.chinese`). ``{name}`` is filled from a keyword.

Chinese groups by ten thousands: 3.87 万亿元 (3.87 兆元 in Taiwan, 3.87 萬億元 in Hong Kong); English by
thousands: CNY 3.87 trillion. Canonical units are plain (CNY, persons), so scaling happens here and only here.
"""

import json
import math
from calendar import month_abbr
from collections import Counter
from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import cache
from pathlib import Path

from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from dashboard.chinese import region, traditional, worded
from dashboard.dataset import LANGS, Lang

MESSAGES = Path(__file__).parent / "messages"
_STEPS: dict[Lang, tuple[tuple[float, str], ...]] = {
    "zh-Hans": ((1e12, " 万亿"), (1e8, " 亿"), (1e4, " 万")),
    "zh-Hant": ((1e12, " 兆"), (1e8, " 億"), (1e4, " 萬")),
    "zh-HK": ((1e12, " 萬億"), (1e8, " 億"), (1e4, " 萬")),
    "en": ((1e12, " trillion"), (1e9, " billion"), (1e6, " million")),
}
_BARE = frozenset({"index", "ratio", "count", "share", "", "event", "year"})
"""Units that no word follows."""
_UNSCALED = frozenset({
    "%", "rank", "index", "ratio", "degrees", "years", "CNY per USD", "ug/m3", "CNY/m2", "CNY per share",
    "share", "year", "patents per 10k residents", "patents per million people",
})  # fmt: skip
MOST_DIGITS = 12
"""Digits to which two values are held to be different."""
NEARLY = 0.95
"""A factor below it is a part; one above it would read 1.0."""
SMALL = 1e-3
"""Below it a number is written without zeros at its end: nothing stands beside it in columns."""


def choose(accept: str | None, asked: str | None = None) -> Lang:
    """Return the language to answer in: the one asked for, else the browser's, else English.

    ``accept`` is an ``Accept-Language`` header. Chinese of Hong Kong and Macau gets ``zh-HK``, of Taiwan or
    ``Hant`` ``zh-Hant``, any other Simplified.
    """
    if asked in LANGS:
        return asked
    for tag, _ in parse_accept_header(accept, LanguageAccept):  # the best first
        language, *parts = tag.lower().replace("_", "-").split("-")
        if language == "zh":
            if {"hk", "mo"} & {*parts}:
                return "zh-HK"
            return "zh-Hant" if {"hant", "tw"} & {*parts} else "zh-Hans"
        if language == "en":
            return "en"
    return "en"


@cache
def messages(lang: Lang) -> dict[str, str]:
    if lang == "zh-Hant":
        return {k: traditional(v) for k, v in messages("zh-Hans").items()} | region(lang)["messages"]
    if lang == "zh-HK":
        return {k: worded(v, lang) for k, v in messages("zh-Hant").items()} | region(lang)["messages"]
    out: dict[str, str] = {}
    for path in sorted(MESSAGES.glob(f"*.{lang}.json")):
        out.update(json.loads(path.read_text("utf-8")))
    return out


def has(key: str, lang: Lang = "en") -> bool:
    return key in messages(lang)


def text(key: str, lang: Lang, /, **values: object) -> str:
    """Return the message under ``key``; raises ``KeyError`` naming key and language when there is none."""
    try:
        message = messages(lang)[key]
    except KeyError:
        raise KeyError(f"no message {key!r} in {lang}; add it to dashboard/locale/messages") from None
    return message.format(**values) if values else message


def join(words: Sequence[str], lang: Lang) -> str:
    """Join words: ``a, b and c``; ``甲、乙和丙``."""
    if len(words) < 2:
        return "".join(words)
    first = text("figures.join.comma", lang).join(words[:-1])
    return text("figures.join.last", lang, first=first, last=words[-1])


@cache
def _around(unit: str, lang: Lang) -> tuple[str, str]:
    """Return what stands before and after a number of the unit; a unit without a form follows it."""
    form = messages(lang).get(f"unit.{unit}", "{n}" if unit in _BARE else f"{{n}} {unit}")
    before, _, after = form.partition("{n}")
    return before, after


def plain_digits(value: float) -> str:
    """Write a number in full: every digit it has, no exponent, no grouping.

    >>> plain_digits(3e-07), plain_digits(100.2), plain_digits(2024.0)
    ('0.0000003', '100.2', '2024')
    """
    return format(Decimal(repr(float(value))), "f").removesuffix(".0")


def number(value: float, lang: Lang, *, digits: int | None = 3, scaled: bool = True) -> str:
    """Write ``value`` with the language's own scale words, to about ``digits`` significant digits.

    ``digits`` None: as published, with every digit it has.

    >>> number(3.87e12, "zh-Hans"), number(3.87e12, "en"), number(1234, "en")
    ('3.87 万亿', '3.87 trillion', '1,234')
    >>> number(3.87318e12, "en", digits=None), number(0.0000003, "en")
    ('3.87318 trillion', '0.0000003')
    """
    if not math.isfinite(value):
        return "–"
    rounding = 0 if digits is None else 0.5 * 10**-digits
    step, word = _scale(abs(value), lang, 1 - rounding) if scaled else (1, "")
    return f"{'−' if value < 0 else ''}{_digits(abs(value), digits, step)}{word}"


def _scale(size: float, lang: Lang, tolerance: float = 1) -> tuple[float, str]:
    """Return the step (1e12, 1e8 …) in which a size is written, and its word behind the number."""
    return next(((step, word) for step, word in _STEPS[lang] if size >= step * tolerance), (1, ""))


def quantity(value: float, unit: str, lang: Lang, *, digits: int | None = 3) -> str:
    """Write a value with its unit: 3.87 万亿元, CNY 3.87 trillion, 59.4%, 3rd.

    ``digits``: significant digits, None for all that were published. An index is read by its distance from
    100, so that its first decimal is always there.
    """
    if unit == "year":
        return f"{value:.0f}"
    if unit == "index" and digits is not None and abs(value) >= 1:
        digits = max(digits, math.floor(math.log10(abs(value))) + 2)
    if unit == "rank":
        return ordinal(round(value), lang) + ("" if lang == "en" else " 位")
    if unit == "%":
        return percent(value, digits=None if digits is None else max(1, digits - 2))
    before, after = _around(unit, lang)
    size = number(abs(value), lang, digits=digits, scaled=unit not in _UNSCALED)
    if lang != "en" and after and not after.startswith((" ", "°", "%")) and size[-1:].isdigit():
        after = " " + after
    return f"{'−' if value < 0 else ''}{before}{size}{after}"


def percent(value: float, *, digits: int | None = 1) -> str:
    """Write a number of percent (59.4 → 59.4%) with ``digits`` decimals; None: as published.

    What is not zero is not written as zero: 0.004 → 0.004%.
    """
    text = _digits(abs(value), None) if digits is None else f"{abs(value):,.{digits}f}"
    if float(text.replace(",", "")) == 0:
        if abs(value) < 1e-12:  # what arithmetic leaves of a zero
            return f"{text}%"
        text = _digits(abs(value), 1)
    return f"{'−' if value < 0 else ''}{text}%"


def change(value: float, *, digits: int = 1) -> str:
    """Write a change in percent with its sign always there: +5.2%, −3.0%."""
    text = percent(value, digits=digits)
    return text if text.startswith("−") else f"+{text}"


def times(value: float, lang: Lang, *, digits: int = 3) -> str:
    """Write a factor: 875 倍, 875 times; 18.5 倍; a part with a digit less, as it is read: 0.73 times."""
    digits -= abs(value) < NEARLY
    return f"{number(value, lang, digits=digits, scaled=False)} {'times' if lang == 'en' else '倍'}"


def write_apart(values: Sequence[float], write: Callable[[float, int], str], digits: int = 3) -> list[str]:
    """Write values that stand beside each other; those that read like a different one get more digits.

    >>> write_apart([59.41, 59.44, 7.0], lambda v, digits: number(v, "en", digits=digits))
    ['59.41', '59.44', '7']
    """
    same = {v: float(f"{v:.{MOST_DIGITS}g}") for v in values}  # what arithmetic leaves is no difference
    written = {v: write(v, digits) for v in same.values()}
    while digits < MOST_DIGITS and len(common := Counter(written.values())) < len(written):
        digits += 1
        alike = [v for v, text in written.items() if common[text] > 1]
        written |= {v: write(v, digits) for v in alike}
    return [written[same[v]] for v in values]


def ordinal(value: int, lang: Lang) -> str:
    if lang != "en":
        return f"第 {value}"
    suffix = "th" if value % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(value % 10, "th")
    return f"{value}{suffix}"


def period(value: str, lang: Lang) -> str:
    """Write a period: 2024 年 / 2024; 2024 年 7 月 / Jul 2024; 2025 年 1 月 29 日 / 29 Jan 2025; 2024 Q1."""
    year, _, rest = value.partition("-")
    if not rest:
        return year if lang == "en" else f"{year} 年"
    if rest.startswith("Q"):
        if lang == "en":
            return f"{rest} {year}"
        return f"{year} 年第{'一二三四'[int(rest[1:]) - 1]}季" + ("度" if lang == "zh-Hans" else "")
    month, _, day = rest.partition("-")
    if lang == "en":
        return f"{f'{int(day)} ' if day else ''}{month_abbr[int(month)]} {year}"
    return f"{year} 年 {int(month)} 月" + (f" {int(day)} 日" if day else "")


def axis_label(value: float, unit: str, lang: Lang) -> str:
    """Write a tick: short, no unit but ``%``; 3 万亿, 3T is never used."""
    if unit in ("rank", "year"):
        return f"{value:.0f}"
    step, word = (1, "") if unit in _UNSCALED else _scale(abs(value), lang)
    size = abs(value) / step
    digits = f"{Decimal(f'{size:.6g}'):,f}" if size < 1e6 else f"{size:,.0f}"
    return f"{'−' if value < 0 else ''}{digits}{'%' if unit == '%' else word}"


def unit_name(unit: str, lang: Lang) -> str:
    return messages(lang).get(f"unit_name.{unit}") or "".join(_around(unit, lang)).strip()


def _digits(size: float, digits: int | None, step: float = 1) -> str:
    """Write ``size`` in steps of ``step``, grouped, with ``digits`` significant digits or all it has."""
    if digits is None:
        return f"{(Decimal(repr(float(size))) / Decimal(step)).normalize():,f}"
    size /= step
    places = 0 if size == round(size) else max(0, digits - 1 - math.floor(math.log10(size)))
    text = f"{size:,.{places}f}"
    return text.rstrip("0") if 0 < size < SMALL else text

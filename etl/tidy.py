"""Published figures to canonical ones: units, numbers, periods, the id of a document.

Arithmetic is decimal, so that 38731.8 (CNY 100M) becomes exactly 3873180000000 (CNY), not a
rounding error away.

A published unit reads ``[currency] [multiplier] [thing]``: ``CNY 100M``, ``10k persons``,
``HKD trillion``, ``million vehicles``, ``RMB thousand``. The multiplier is applied, the rest must be
the indicator's canonical unit, or a synonym of it (``units.json``), or, where that is ``count``,
any countable thing.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from calendar import monthrange
from datetime import date
from decimal import Decimal
from pathlib import Path
from urllib.parse import unquote, urlsplit

import numpy as np
import numpy.typing as npt

_UNITS = json.loads(Path(__file__).with_name("units.json").read_bytes())
MULTIPLIERS: dict[str, int] = _UNITS["multipliers"]
CURRENCIES: dict[str, str] = _UNITS["currencies"]
SYNONYMS: dict[str, str] = _UNITS["synonyms"]
MEASURES = frozenset(_UNITS["measures"])
"""Units of something measured rather than counted: they never stand for ``count``."""
COUNT_UNITS = frozenset(_UNITS["count_units"])

_PERIOD = re.compile(
    r"(?P<y>[0-9]{4})(?:-(?:Q(?P<q>[1-4])|(?P<m>0[1-9]|1[0-2])(?:-(?P<d>0[1-9]|[12][0-9]|3[01]))?))?\Z"
)
_LOOSE = re.compile(
    r"\+?(?P<y>[0-9]{4})\s*(?:年|YY)?"
    r"(?:\s*[-/.]?\s*(?:Q(?P<q>[1-4])|第?(?P<cq>[一二三四1-4])季度?"
    r"|(?P<m>[0-9]{1,2})\s*(?:月|MM)?(?:\s*[-/.]?\s*(?P<d>[0-9]{1,2})\s*日?)?))?(?:T[0-9:]+Z?)?\Z"
)
_CHINESE_QUARTER = {"一": 1, "二": 2, "三": 3, "四": 4}


_WIDE = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)} | {0x3000: " ", 0x2212: "-"}


def plain(text: str) -> str:
    """Return text with full-width letters, digits and signs as plain ones, the rest as it is.

    Unicode's compatibility forms (NFKC) go further: they make a footnote's mark a digit, and 1234² is 12342.

    >>> plain("２０２５"), plain("−１．５"), plain("1234²")
    ('2025', '-1.5', '1234²')
    """
    return text.translate(_WIDE)


UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
"""Control characters, and the marks that turn the direction of the text around them."""


def readable(text: str) -> str:
    """Return text on one line, without characters that control how a page or a terminal shows it.

    >>> readable("2025\u202e 5202  report")
    '2025 5202 report'
    """
    return UNSEEN.sub("", " ".join(text.split()))


def split_unit(unit: str) -> tuple[Decimal, str]:
    """Return the factor and the plain unit of a published one: ``CNY 100M`` gives (10**8, ``CNY``)."""
    words = re.sub(r"m²|㎡", "m2", plain(unit)).split()
    currency, factor = "", 1
    if words and words[0] in CURRENCIES:
        currency = CURRENCIES[words.pop(0)]
    if words and words[0] in MULTIPLIERS:
        factor = MULTIPLIERS[words.pop(0)]
    elif not currency and len(words) == 1 and (match := re.match("(百万|万亿|[千万萬亿億])(.+)", words[0])):
        factor, words = MULTIPLIERS[match[1]], [CURRENCIES.get(match[2], match[2])]
    rest = " ".join(words)
    thing = f"{currency} {rest}".strip()
    return Decimal(factor), SYNONYMS.get(thing, thing or "count")


def unit_factor(published: str, canonical: str) -> Decimal:
    """Return what a value in ``published`` is multiplied with to be in ``canonical``.

    Raises :class:`ValueError` where the two do not measure the same thing. A share (0 to 1) and a
    percentage convert into each other; currencies never do.
    """
    factor, thing = split_unit(published)
    wanted_factor, wanted = split_unit(canonical)
    same = thing == wanted or (
        wanted in COUNT_UNITS
        and thing not in MEASURES
        and thing.split()[0] not in CURRENCIES.values()
        and not thing[0].isdigit()
    )
    # 3 件 (pieces) says only that something is counted
    same = same or (thing == "count" and wanted not in MEASURES and wanted not in CURRENCIES.values())
    if same:
        return factor / wanted_factor
    if (thing, wanted) in {("share", "%"), ("ratio", "%")}:
        return factor * 100 / wanted_factor
    if (thing, wanted) in {("%", "share"), ("%", "ratio")}:
        return factor / 100 / wanted_factor
    if {thing, wanted} <= {"share", "ratio"} or (thing.startswith("index") and wanted == "index"):
        return factor / wanted_factor
    raise ValueError(f"unit {published!r} does not convert to {canonical!r}")


def decimal(text: str) -> Decimal:
    """Read a plain number; full-width digits and separators of thousands (1,234; 1 234) are understood.

    Raises :class:`ValueError` for anything else: NaN and infinities, a decimal comma, the digits of other
    scripts, a footnote's mark.
    """
    cleaned = plain(text).strip()
    if _GROUPED.fullmatch(cleaned):
        cleaned = re.sub(r"[,\s]", "", cleaned)
    if not _NUMBER.fullmatch(cleaned):
        raise ValueError(f"not a number: {text!r}{_hint(cleaned)}")
    return Decimal(cleaned)


_GROUPED = re.compile(
    r"[+-]?[1-9][0-9]{0,2}(?:(?:,[0-9]{3})+|(?:[ \u00a0\u2009\u202f][0-9]{3})+)(?:\.[0-9]+)?"
)
_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")


def _hint(text: str) -> str:
    """Say what keeps a text from being a number, where that is plain to see."""
    if re.fullmatch(r"[+-]?[0-9]+,[0-9]+", text):
        return " (a decimal comma? write a point)"
    for character in text:
        if not character.isascii() and unicodedata.normalize("NFKC", character)[:1].isdigit():
            script = "a digit of another script" if character.isdecimal() else "a footnote's mark or the like"
            return f" ({character} is {script})"
    return ""


def convert(value: str, published: str, canonical: str) -> Decimal:
    """Return ``value`` (text, in ``published`` units) in ``canonical`` units, exactly."""
    return decimal(value) * unit_factor(published, canonical)


def number_text(value: float | int | str | Decimal) -> str:
    """Return the shortest plain text that reads back as the same double: no exponent, no ``.0``, no ``-0``.

    Raises :class:`ValueError` for NaN and infinities.
    """
    number = float(value)
    if not np.isfinite(number):
        raise ValueError(f"not a finite number: {value!r}")
    if number.is_integer() and abs(number) < 2**53:
        return str(int(number))
    return format(Decimal(repr(number)), "f").removesuffix(".0")


def number_texts(values: npt.NDArray[np.float64]) -> list[str]:
    """Return :func:`number_text` of each value, fast."""
    if not np.isfinite(values).all():
        raise ValueError("not a finite number among the values")
    texts = np.empty(len(values), dtype=object)
    size = np.abs(values)
    whole = (values == np.trunc(values)) & (size < 2**53)
    # what Python writes without an exponent is the shortest text already
    plain = ~whole & (size >= 1e-4) & (size < 2**53)
    texts[whole] = list(map(str, values[whole].astype(np.int64).tolist()))
    texts[plain] = list(map(repr, values[plain].tolist()))
    rest = ~(whole | plain)
    texts[rest] = [number_text(value) for value in values[rest].tolist()]
    result: list[str] = texts.tolist()
    return result


def period(text: str) -> str:
    """Return a period in one of the four forms ``YYYY``, ``YYYY-Qn``, ``YYYY-MM``, ``YYYY-MM-DD``.

    Understands what the sources write: ``2024年5月``, ``2024/5``, ``2024Q1``, ``2024年第一季度``,
    ``202605MM``, ``2025YY``, ``+2017-00-00T00:00:00Z``. Raises
    :class:`ValueError` for everything else and for days that the calendar has not.
    """
    cleaned = plain(text).strip()
    if re.fullmatch(r"[0-9]{4}(0[1-4])SS", cleaned):
        return f"{cleaned[:4]}-Q{int(cleaned[4:6])}"
    match = _LOOSE.fullmatch(cleaned)
    if not match or re.fullmatch(r"[0-9]{5}|[0-9]{7}", cleaned):
        raise ValueError(f"not a period: {text!r}")
    year, quarter = match["y"], match["q"] or match["cq"]
    if quarter:
        return f"{year}-Q{_CHINESE_QUARTER.get(quarter, quarter)}"
    month, day = int(match["m"] or 0), int(match["d"] or 0)
    if month == 0 and day == 0:
        if year == "0000":
            raise ValueError(f"not a period: {text!r}")
        return year
    result = f"{year}-{month:02d}" + (f"-{day:02d}" if day else "")
    if not period_form(result):
        raise ValueError(f"not a period: {text!r}")
    return result


def period_form(text: str) -> str:
    """Return ``annual``, ``quarterly``, ``monthly`` or ``daily``; ``""`` if ``text`` is no period."""
    match = _PERIOD.fullmatch(text)
    if not match or match["y"] == "0000":  # the calendar has no year 0
        return ""
    if match["d"]:
        known = int(match["d"]) <= monthrange(int(match["y"]), int(match["m"]))[1]
        return "daily" if known else ""
    return "quarterly" if match["q"] else "monthly" if match["m"] else "annual"


def period_start(text: str) -> date:
    """Return the first day of a period. Raises :class:`ValueError` for what is none."""
    match = _PERIOD.fullmatch(text)
    if not match or match["y"] == "0000":
        raise ValueError(f"not a period: {text!r}")
    month = int(match["q"]) * 3 - 2 if match["q"] else int(match["m"] or 1)
    return date(int(match["y"]), month, int(match["d"] or 1))


def source_id_for(url: str) -> str:
    """Return the id of the document at ``url``: a readable slug and 8 hex digits of its address's sha256.

    ``https://www.stats.gov.cn/sj/zxfb/202501/t20250117_1958328.html`` gives
    ``stats_gov_cn_t20250117_1958328_html_`` and the digits.
    """
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.")
    tail = [piece for piece in unquote(parts.path).split("/") if piece][-1:]
    readable = unicodedata.normalize("NFKD", " ".join([host, *tail])).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9]+", "_", readable.lower()).strip("_")[:48].strip("_")
    return f"{slug or 'document'}_{hashlib.sha256(url.encode('utf-8')).hexdigest()[:8]}"

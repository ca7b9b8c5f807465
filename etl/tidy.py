"""Published figures to canonical ones: units, numbers, periods, the id of a document.

A published unit reads ``[currency] [multiplier] [thing]``: ``CNY 100M``, ``10k persons``, ``HKD trillion``.
The multiplier is applied; the rest must be the indicator's unit, a synonym of it (``units.json``), or, where
that is ``count``, any countable thing. Arithmetic is decimal, without rounding errors.
"""

import hashlib
import json
import re
import unicodedata
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

import numpy as np

_UNITS = json.loads(Path(__file__).with_name("units.json").read_bytes())
MULTIPLIERS: dict[str, int] = _UNITS["multipliers"]
CURRENCIES: dict[str, str] = _UNITS["currencies"]
SYNONYMS: dict[str, str] = _UNITS["synonyms"]
MEASURES = frozenset(_UNITS["measures"])
"""Units of something measured rather than counted: never the same as ``count``."""
COUNT_UNITS = frozenset(_UNITS["count_units"])
SHARES = {"share": 1, "ratio": 1, "%": 100}

_PERIOD = re.compile(r"(?P<y>[0-9]{4})(?:-(?:Q(?P<q>[1-4])|(?P<m>[0-9]{2})(?:-(?P<d>[0-9]{2}))?))?")
NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]*[1-9])?")
"""A number as it is published: plain, in its shortest form."""
_WIDE = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)} | {0x3000: " ", 0x2212: "-"}


def to_halfwidth(text: str) -> str:
    """Return text with full-width letters, digits and signs as plain ones, the rest as it is.

    Unicode's compatibility forms (NFKC) go further: they make a footnote's mark a digit, and 1234² is 12342.
    """
    return text.translate(_WIDE)


UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
"""Control characters, and the marks that turn the direction of the text around them."""


def printable_line(text: str) -> str:
    """Return text on one line, without characters that control how a page or a terminal shows it."""
    return UNSEEN.sub("", " ".join(text.split()))


def split_unit(unit: str) -> tuple[Decimal, str]:
    """Return the factor and the plain unit of a published one: ``CNY 100M`` gives (10**8, ``CNY``)."""
    words = re.sub(r"m²|㎡", "m2", to_halfwidth(unit)).split()
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


@lru_cache(maxsize=4096)
def unit_factor(published: str, canonical: str) -> Decimal:
    """Return what a value in ``published`` is multiplied with to be in ``canonical``.

    Raises :class:`ValueError` where the two do not measure the same thing. A share (0 to 1) and a
    percentage convert into each other; currencies never do.
    """
    factor, thing = split_unit(published)
    wanted_factor, wanted = split_unit(canonical)
    counted = wanted not in MEASURES and wanted not in CURRENCIES.values()
    same = (
        thing == wanted
        or (thing.startswith("index") and wanted == "index")
        or (thing == "count" and counted)  # 3 件 (pieces) says only that something is counted
        or (
            wanted in COUNT_UNITS
            and thing not in MEASURES
            and thing.split()[0] not in CURRENCIES.values()
            and not thing[0].isdigit()
        )
    )
    if same:
        return factor / wanted_factor
    if thing in SHARES and wanted in SHARES:
        return factor * SHARES[wanted] / SHARES[thing] / wanted_factor
    raise ValueError(f"unit {published!r} does not convert to {canonical!r}")


def decimal(text: str) -> Decimal:
    """Read a plain number; full-width digits and separators of thousands (1,234; 1 234) are understood.

    Raises :class:`ValueError` for anything else: NaN and infinities, a decimal comma, the digits of other
    scripts, a footnote's mark.
    """
    cleaned = to_halfwidth(text).strip()
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
    if re.fullmatch(r"[+-]?[0-9]+,[0-9]+", text):
        return " (a decimal comma? write a point)"
    for character in text:
        if not character.isascii() and unicodedata.normalize("NFKC", character)[:1].isdigit():
            script = "a digit of another script" if character.isdecimal() else "a footnote's mark or the like"
            return f" ({character} is {script})"
    return ""


def number_text(value: float | int | str | Decimal) -> str:
    """Return the shortest plain text that reads back as the same double: no exponent, no ``.0``, no ``-0``.

    Raises :class:`ValueError` for NaN and infinities.
    """
    number = float(value)
    if not np.isfinite(number):
        raise ValueError(f"not a finite number: {value!r}")
    return np.format_float_positional(number + 0.0, trim="-")


def period_start(text: str) -> date:
    """Return the first day of a period. Raises :class:`ValueError` for anything else."""
    match = _PERIOD.fullmatch(text)
    try:
        if match is not None:
            month = int(match["q"]) * 3 - 2 if match["q"] else int(match["m"] or 1)
            return date(int(match["y"]), month, int(match["d"] or 1))
    except ValueError:  # a day that the calendar has not
        pass
    raise ValueError(f"not a period: {text!r}")


def period_form(text: str) -> str:
    """Return ``annual``, ``quarterly``, ``monthly`` or ``daily``; ``""`` if ``text`` is no period."""
    try:
        period_start(text)
    except ValueError:
        return ""
    return "quarterly" if "Q" in text else {4: "annual", 7: "monthly", 10: "daily"}[len(text)]


def source_id_for(url: str) -> str:
    """Return the id of the document at ``url``: a slug and 8 hex digits of its address's sha256."""
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.")
    tail = [piece for piece in unquote(parts.path).split("/") if piece][-1:]
    ascii_text = unicodedata.normalize("NFKD", " ".join([host, *tail])).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9]+", "_", ascii_text.lower()).strip("_")[:48].strip("_")
    return f"{slug or 'document'}_{hashlib.sha256(url.encode('utf-8')).hexdigest()[:8]}"

"""Words and numbers in the reader's language.

Every string of the product has a key in ``messages/<area>.<lang>.json``, English and Simplified Chinese;
Traditional is made from Simplified (:mod:`dashboard.chinese`). ``{name}`` is filled from a keyword.
"""

from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from dashboard.dataset import LANGS, Lang
from dashboard.locale.catalog import MESSAGES, has, join, messages, text
from dashboard.locale.numbers import (
    axis_label,
    change,
    number,
    ordinal,
    percent,
    period,
    quantity,
    times,
    unit_name,
    write_apart,
)

__all__ = [
    "LANGS", "MESSAGES", "Lang", "axis_label", "change", "choose", "has", "join", "messages", "number",
    "ordinal", "percent", "period", "quantity", "text", "times", "unit_name", "write_apart",
]  # fmt: skip


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

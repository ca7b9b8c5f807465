"""Words and numbers in the reader's language.

Every string of the product has a key in ``messages/<area>.<lang>.json`` (flat objects), English and
Simplified Chinese, both written by hand. Traditional Chinese of Taiwan (``zh-Hant``) and of Hong Kong
(``zh-HK``) is made from Simplified when it is read (:mod:`dashboard.chinese`).
``{name}`` in a message is filled from the keyword of that name.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from dashboard.chinese import region, traditional, worded
from dashboard.dataset import LANGS, Lang
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
    "LANGS",
    "Lang",
    "axis_label",
    "change",
    "choose",
    "has",
    "join",
    "messages",
    "number",
    "ordinal",
    "percent",
    "period",
    "quantity",
    "text",
    "times",
    "unit_name",
    "write_apart",
]

MESSAGES = Path(__file__).parent / "messages"


@cache
def messages(lang: Lang) -> dict[str, str]:
    """Return every message of a language, all areas together."""
    if lang == "zh-Hant":
        return {k: traditional(v) for k, v in messages("zh-Hans").items()} | region(lang)["messages"]
    if lang == "zh-HK":
        return {k: worded(v, lang) for k, v in messages("zh-Hant").items()} | region(lang)["messages"]
    out: dict[str, str] = {}
    for path in sorted(MESSAGES.glob(f"*.{lang}.json")):
        out.update(json.loads(path.read_text("utf-8")))
    return out


def has(key: str, lang: Lang = "en") -> bool:
    """Return whether a message stands under ``key``."""
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


def choose(accept: str | None, asked: str | None = None) -> Lang:
    """Return the language to answer in: the one asked for, else the browser's, else English.

    ``accept`` is an ``Accept-Language`` header. Chinese of Hong Kong and Macau gets ``zh-HK``, of Taiwan or
    ``Hant`` ``zh-Hant``, any other Simplified.
    """
    if asked in LANGS:
        return asked
    weighed: list[tuple[float, int, str]] = []
    for n, part in enumerate((accept or "").split(",")):
        tag, _, q = part.strip().partition(";q=")
        try:
            weighed.append((-float(q or 1), n, tag.lower()))
        except ValueError:
            continue
    for _, _, tag in sorted(weighed):
        if tag.startswith("zh"):
            if any(x in tag for x in ("hk", "mo")):
                return "zh-HK"
            return "zh-Hant" if any(x in tag for x in ("hant", "tw")) else "zh-Hans"
        if tag.startswith("en"):
            return "en"
    return "en"

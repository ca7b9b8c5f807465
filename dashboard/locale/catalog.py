"""Messages by key, in the language of the reader."""

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from dashboard.chinese import region, traditional, worded
from dashboard.dataset import Lang

MESSAGES = Path(__file__).parent / "messages"


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

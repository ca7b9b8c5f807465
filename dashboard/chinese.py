"""Traditional Chinese: from Simplified as Taiwan writes it, and from that as Hong Kong does.

``locale/zh-Hant.json`` and ``locale/zh-HK.json`` define the two: ``terms`` (word → local word) and
``messages`` (whole messages, where replacing words is not enough). Names of statistics that exist on the
mainland alone (環比, 口徑, 在崗職工) stay as their publishers print them.
"""

import json
import re
from functools import cache

from opencc import OpenCC

from dashboard.paths import PACKAGE

_QUOTES = str.maketrans("“”‘’", "「」『』")


def traditional(text: str) -> str:
    """Return a text in Simplified Chinese as readers in Taiwan write it.

    >>> traditional("每平方米的数据")
    '每平方公尺的資料'
    """
    return worded(_characters().convert(text), "zh-Hant").translate(_QUOTES)


def worded(text: str, lang: str) -> str:
    """Return a text with the words of ``lang``, the longest that fits first.

    ``zh-Hant`` takes Traditional characters with mainland words, ``zh-HK`` the words of Taiwan.

    >>> worded("每平方公尺3兆日圓的資料", "zh-HK")
    '每平方米3萬億日圓的數據'
    """
    terms = region(lang)["terms"]
    return _words(lang).sub(lambda found: terms[found[0]], text)


def unload() -> None:
    """Drop the converter's dictionaries, some 40 MB; the next text reads them again."""
    _characters.cache_clear()


@cache
def region(lang: str) -> dict[str, dict[str, str]]:
    """Return the ``terms`` and ``messages`` of ``zh-Hant`` or ``zh-HK``."""
    return dict(json.loads((PACKAGE / "locale" / f"{lang}.json").read_text("utf-8")))


@cache
def _words(lang: str) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, sorted(region(lang)["terms"], key=len, reverse=True))))


@cache
def _characters() -> OpenCC:
    return OpenCC("s2tw")

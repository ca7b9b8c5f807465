"""Write the Traditional Chinese messages from the Simplified: ``python -m dashboard.locale.convert``.

OpenCC converts the characters, :mod:`dashboard.locale.taiwan` the words that are others in Taiwan;
``<area>.zh-Hant.overrides.json`` wins where neither can know better. The words of an essay's records are
converted when they are read (:func:`traditional`). What stands in the
tables of ``data/`` is written by hand; ``python -m tools.traditional`` puts the same words there.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from opencc import OpenCC

from dashboard.locale import MESSAGES
from dashboard.locale.taiwan import worded

_QUOTES = str.maketrans("“”‘’", "「」『』")


def converted(area: str, directory: Path = MESSAGES) -> dict[str, str]:
    """Return the Traditional messages of an area, from ``<area>.zh-Hans.json`` and its overrides."""
    simplified = json.loads((directory / f"{area}.zh-Hans.json").read_text("utf-8"))
    path = directory / f"{area}.zh-Hant.overrides.json"
    overrides = json.loads(path.read_text("utf-8")) if path.is_file() else {}
    return {k: overrides.get(k, traditional(v)) for k, v in simplified.items()}


def traditional(text: str) -> str:
    """Return a text in Simplified Chinese as readers in Taiwan write it."""
    return worded(_characters().convert(text)).translate(_QUOTES)


def unload() -> None:
    """Drop the converter's dictionaries, some 40 MB; the next text reads them again."""
    _characters.cache_clear()


@cache
def _characters() -> OpenCC:
    return OpenCC("s2tw")


def main() -> None:
    """Rewrite every area."""
    for source in sorted(MESSAGES.glob("*.zh-Hans.json")):
        area = source.name.removesuffix(".zh-Hans.json")
        target = MESSAGES / f"{area}.zh-Hant.json"
        target.write_text(
            json.dumps(converted(area), ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8"
        )


if __name__ == "__main__":
    main()

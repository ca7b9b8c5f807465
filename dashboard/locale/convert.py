"""Write the Traditional Chinese messages from the Simplified: ``python -m dashboard.locale.convert``.

OpenCC (a development dependency) converts the characters, :mod:`dashboard.locale.taiwan` the words that are
others in Taiwan; ``<area>.zh-Hant.overrides.json`` wins where neither can know better. What stands in the
tables of ``data/`` is written by hand; ``python -m tools.traditional`` puts the same words there.
"""

from __future__ import annotations

import json
from pathlib import Path

from dashboard.locale import MESSAGES
from dashboard.locale.taiwan import worded


def converted(area: str, directory: Path = MESSAGES) -> dict[str, str]:
    """Return the Traditional messages of an area, from ``<area>.zh-Hans.json`` and its overrides."""
    from opencc import OpenCC

    convert = OpenCC("s2tw").convert
    simplified = json.loads((directory / f"{area}.zh-Hans.json").read_text("utf-8"))
    path = directory / f"{area}.zh-Hant.overrides.json"
    overrides = json.loads(path.read_text("utf-8")) if path.is_file() else {}
    quoted = str.maketrans("“”‘’", "「」『』")
    return {k: overrides.get(k, worded(convert(v)).translate(quoted)) for k, v in simplified.items()}


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

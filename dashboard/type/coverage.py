"""Which characters the product can show: the texts whose glyphs the shipped fonts must have."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path

from dashboard.locale import MESSAGES, numbers
from dashboard.locale.convert import traditional

_SYMBOLS = "‘’“”‹›«»–—‐‑…·•′″†‡‰⁄−×÷±°²³¹⁰⁴⁵⁶⁷⁸⁹½¼¾→←↑↓↗↘↔≈≠≤≥∞√∑Δµμπσ€£¥￥₩₹™©®№§¶◆◇○●□■△▲▽▼☆★✓✗"
_CHINESE = "　、。〈〉《》「」『』【】〔〕〖〗〇" + "".join(map(chr, range(0xFF01, 0xFF5F)))


_TABLES: dict[str, tuple[str, ...]] = {
    "entities.csv": (),
    "indicators.csv": (),
    "notes.csv": (),
    "gaps.csv": (),
    "sources.csv": ("title", "publisher", "licence", "note"),
    "publishers.csv": ("name_en", "name_zh_hans", "name_zh_hant"),
    "curated/*.csv": ("source_title", "publisher"),
}
"""The tables whose texts a figure may show, with the columns that count; none named: all."""


def latin() -> str:
    """Return ASCII, Latin-1, Latin Extended-A's letters and the symbols that texts use."""
    return "".join(map(chr, [*range(0x20, 0x7F), *range(0xA0, 0x180)])) + _SYMBOLS


def texts(data: Path) -> Iterator[tuple[str, str]]:
    """Yield ``(where, text)`` for every text that a figure may show.

    These are the messages, the essay's records, and of the tables under ``data`` the names, notes, gaps,
    and the documents' titles and publishers.
    """
    for path in sorted(MESSAGES.glob("*.json")):
        for key, text in json.loads(path.read_text("utf-8")).items():
            yield f"{path.name}: {key}", text
    # the words of scale and unit (兆, 億, 元) stand in code, since they belong to the number they follow
    yield "locale/numbers.py", Path(numbers.__file__).read_text("utf-8")
    for path in sorted((data / "essay").rglob("*.toml")):
        words = path.read_text("utf-8")
        yield str(path.relative_to(data)), words + traditional(words)
    for pattern, columns in _TABLES.items():
        for path in sorted(data.glob(pattern)):
            with path.open(encoding="utf-8-sig", newline="") as handle:
                rows = csv.DictReader(handle)
                for row in rows:
                    shown = [row.get(c) or "" for c in columns] if columns else map(str, row.values())
                    yield f"{path.relative_to(data)}:{rows.line_num}", " ".join(shown)


def needed(data: Path) -> str:
    """Return every character that the shipped fonts must show, sorted; control characters left out."""
    found = set(latin()) | set(_CHINESE)
    for _, text in texts(data):
        found.update(text)
    return "".join(sorted(c for c in found if c.isprintable()))

"""Which characters the product can show: the texts whose glyphs the shipped fonts must have."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from dashboard import locale
from dashboard.chinese import traditional, worded
from dashboard.dataset import LANGS, Lang
from dashboard.type import fonts

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
    for lang in LANGS:
        for key, text in locale.messages(lang).items():
            yield f"{lang}: {key}", text
    # the words of scale and unit (亿, 元) stand in code, since they belong to the number they follow
    yield "locale/__init__.py", _every(Path(locale.__file__).read_text("utf-8"))
    for path in sorted((data / "essay").rglob("*.toml")):
        yield str(path.relative_to(data)), _every(path.read_text("utf-8"))
    for pattern, columns in _TABLES.items():
        for path in sorted(data.glob(pattern)):
            with path.open(encoding="utf-8-sig", newline="") as handle:
                rows = csv.DictReader(handle)
                for row in rows:
                    shown = [row.get(c) or "" for c in columns] if columns else map(str, row.values())
                    words = " ".join(shown)
                    ours = any("zh_hans" in c for c in row)  # titles of documents are not converted
                    yield f"{path.relative_to(data)}:{rows.line_num}", _every(words) if ours else words


def _every(text: str) -> str:
    """Return a text with what it becomes in Traditional Chinese, in Taiwan and in Hong Kong."""
    taiwan = traditional(text)
    return text + taiwan + worded(taiwan, "zh-HK")


def needed(data: Path) -> str:
    """Return every character that the shipped fonts must show, sorted; control characters left out."""
    found = set(latin()) | set(_CHINESE)
    for _, text in texts(data):
        found.update(text)
    return "".join(sorted(c for c in found if c.isprintable()))


def missing(text: str, lang: Lang) -> str:
    """Return the characters of ``text`` that no shipped face can show in ``lang``, sorted, each once."""
    return "".join(
        sorted(
            c
            for c in set(fonts.without_missing_accents(text, lang))
            if c.isprintable() and not fonts.face_of(c, lang)
        )
    )

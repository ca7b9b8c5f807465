"""Write ``dashboard/locale/pinyin.txt``: how the characters of GB 2312 are read, for the search by pinyin.

    pip install pypinyin && python tools/pinyin.py

The readings are pypinyin's (MIT; after the Unihan database), without tones: a character's usual one and those
that a fair part of its words have. They rarely change, so the table is shipped and the library is not.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from pathlib import Path

from pypinyin import Style, pinyin  # type: ignore[import-not-found]
from pypinyin.contrib.tone_convert import to_normal  # type: ignore[import-not-found]
from pypinyin.phrases_dict import phrases_dict  # type: ignore[import-not-found]

TABLE = Path(__file__).resolve().parent.parent / "dashboard" / "locale" / "pinyin.txt"
FAIR = 0.05
"""Part of a character's words in which a second reading is worth knowing."""


def main() -> None:
    """Write the table: a line a syllable, then the characters read so."""
    seen: dict[str, Counter[str]] = defaultdict(Counter)
    for word, syllables in phrases_dict.items():
        for character, ways in zip(word, syllables, strict=False):
            seen[character][to_normal(ways[0])] += 1
    readings: dict[str, list[str]] = defaultdict(list)
    for high in range(0xB0, 0xF8):
        for low in range(0xA1, 0xFF):
            try:
                character = bytes((high, low)).decode("gb2312")
            except UnicodeDecodeError:
                continue
            usual = pinyin(character, style=Style.NORMAL)[0][0]
            found, words = seen[character], seen[character].total()
            for syllable in {usual, *(s for s, n in found.items() if n > 2 and n >= FAIR * words)}:
                readings[syllable.replace("ü", "v")].append(character)
    lines = [f"{syllable} {''.join(characters)}" for syllable, characters in sorted(readings.items())]
    TABLE.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

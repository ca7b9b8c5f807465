"""How a Chinese name is typed on a Latin keyboard: in full and by the first letter of each syllable."""

import re
from functools import cache
from itertools import islice, product
from pathlib import Path

TABLE = Path(__file__).parent / "pinyin.txt"
"""Syllables and the characters read so; ``tools/pinyin.py`` writes it."""
MOST = 16
"""Readings kept of a name: characters read in two ways multiply."""


@cache
def _readings() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for line in TABLE.read_text("utf-8").splitlines():
        syllable, _, characters = line.partition(" ")
        for character in characters:
            found[character] = (*found.get(character, ()), syllable)
    return found


def spellings(name: str) -> list[str]:
    """Return how ``name`` is spelt: 重庆 is ``chong qing``, ``cq`` and, read otherwise, ``zhong qing``.

    Letters and digits stay, other signs are left out; a name without a Chinese character has none.
    """
    known = _readings()
    if not any(c in known for c in name):
        return []
    runs = [r for r in re.findall(r"[A-Za-z0-9]+|.", name) if r in known or (r.isascii() and r.isalnum())]
    out: dict[str, None] = {}
    for way in islice(product(*(known.get(r) or (r.lower(),) for r in runs)), MOST):
        first = "".join(s[0] if r in known else s for r, s in zip(runs, way, strict=True))
        out[" ".join(way)] = out[first] = None
    return list(out)

"""Fonts inside a file: the glyphs in use, cut from the shipped fonts, as ``@font-face`` data for an SVG."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from functools import lru_cache

import uharfbuzz as hb

from dashboard.dataset import Lang
from dashboard.figures.label_placer import Label
from dashboard.type import fonts

FEATURES = tuple(int.from_bytes(tag) for tag in (b"kern", b"liga"))
"""Features that stay in a subset, as HarfBuzz's numbers for their tags; the renderers apply no others."""


def font_faces(labels: Iterable[Label], lang: Lang) -> str:
    found: dict[str, set[str]] = {}
    for label in labels:
        for c in set("".join(label.lines)):
            if name := fonts.face_of(c, lang, label.strong, label.serif):
                found.setdefault(name, set()).add(c)
    rules = []
    for name in sorted(found):
        data = base64.b64encode(subset(name, "".join(sorted(found[name])))).decode("ascii")
        rules.append(
            f"@font-face{{font-family:'{fonts.design(name)}';font-weight:{700 if 'Bold' in name else 400};"
            f"src:url(data:font/otf;base64,{data}) format('opentype')}}"
        )
    return "".join(rules)


@lru_cache(maxsize=256)
def subset(name: str, characters: str) -> bytes:
    """Return a face that has some characters alone, as OpenType: the same bytes each time.

    Not packed as woff2: outlines hardly compress (a tenth), and packing takes many times as long.
    """
    wanted = hb.SubsetInput()
    wanted.unicode_set.update(map(ord, characters))
    wanted.flags = hb.SubsetFlags.NO_HINTING | hb.SubsetFlags.NOTDEF_OUTLINE
    wanted.layout_feature_tag_set.clear()
    wanted.layout_feature_tag_set.update(FEATURES)
    return bytes(hb.subset(fonts.face(name).font.face, wanted).blob.data)

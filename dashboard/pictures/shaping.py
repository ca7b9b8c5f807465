"""Words as the glyphs that HarfBuzz makes of them, and those glyphs cut out of their fonts."""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

import uharfbuzz as hb

from dashboard.dataset import Lang
from dashboard.type import fonts
from dashboard.type.text import RIGHT_TO_LEFT

FEATURES = tuple(int.from_bytes(tag) for tag in (b"kern", b"liga"))
"""Features that stay in a subset, as HarfBuzz's numbers for their tags; the renderers apply no others."""


class Glyph(NamedTuple):
    face: str
    number: int
    """Its number in the face; of a missing character, which is drawn as a box, the character's, negative."""
    advance: float
    """After kerning, in ems."""
    text: str
    """The characters it stands for."""


@dataclass(frozen=True)
class Line:
    glyphs: tuple[Glyph, ...]
    x: float
    y: float
    size: float
    fill: str
    halo: str = ""
    """The colour of the halo that sets it off from what is drawn under it; empty for none."""


@lru_cache(maxsize=4096)
def shaped(text: str, lang: Lang, strong: bool, serif: bool) -> tuple[Glyph, ...]:
    """Return the glyphs of ``text`` from left to right, each character in the first face that has it."""
    out: list[Glyph] = []
    last = 0
    for run in RIGHT_TO_LEFT.finditer(text):
        out += _shaped(text[last : run.start()], lang, strong, serif)
        out += _shaped(run[0], lang, strong, serif)[::-1]
        last = run.end()
    return (*out, *_shaped(text[last:], lang, strong, serif))


def _shaped(text: str, lang: Lang, strong: bool, serif: bool) -> list[Glyph]:
    """Shape text face by face; what is not seen (joiners, selectors) belongs to the character before."""
    parts: list[str] = []
    for c in text:
        if parts and (unicodedata.category(c) == "Cf" or "\ufe00" <= c <= "\ufe0f"):
            parts[-1] += c
        else:
            parts.append(c)
    spare = fonts.names(lang, strong=strong)[0]
    faced = groupby(parts, key=lambda part: fonts.face_of(part[0], lang, strong, serif) or spare)
    return [glyph for face, run in faced for glyph in _glyphs(list(run), face)]


def _glyphs(parts: list[str], face: str) -> list[Glyph]:
    font = fonts.face(face)
    em = font.face.upem
    buffer = hb.Buffer()
    buffer.cluster_level = hb.BufferClusterLevel.MONOTONE_CHARACTERS
    buffer.add_codepoints([ord(part[0]) for part in parts])
    buffer.guess_segment_properties()
    buffer.direction = "ltr"  # no face of ours has a script that runs the other way
    hb.shape(font, buffer)
    starts = [info.cluster for info in buffer.glyph_infos]
    out, last = [], -1
    for n, (info, place) in enumerate(zip(buffer.glyph_infos, buffer.glyph_positions, strict=True)):
        end = next((s for s in starts[n:] if s > info.cluster), len(parts))
        text = "".join(parts[info.cluster : end]) if info.cluster != last else ""
        last = info.cluster
        number = info.codepoint or -ord(parts[info.cluster][0])
        out.append(Glyph(face, number, place.x_advance / em, text))
    return out


@lru_cache(maxsize=4096)
def outline(face: str, number: int) -> str:
    """Return a glyph's outline as SVG path commands, in units of the em, y upwards; a missing one's box."""
    path: list[str] = []
    funcs = hb.DrawFuncs()
    funcs.set_move_to_func(lambda x, y, _: path.append(f"M{x:g} {y:g}"))
    funcs.set_line_to_func(lambda x, y, _: path.append(f"L{x:g} {y:g}"))
    funcs.set_cubic_to_func(lambda a, b, c, d, x, y, _: path.append(f"C{a:g} {b:g} {c:g} {d:g} {x:g} {y:g}"))
    funcs.set_close_path_func(lambda _: path.append("z"))
    fonts.face(face).draw_glyph(max(0, number), funcs, None)
    return "".join(path)


@lru_cache(maxsize=256)
def subset(face: str, characters: str) -> bytes:
    """Return a face that has some characters alone, as OpenType, which woff2 would make little smaller."""
    wanted = hb.SubsetInput()
    wanted.unicode_set.update(map(ord, characters))
    wanted.flags = hb.SubsetFlags.NO_HINTING | hb.SubsetFlags.NOTDEF_OUTLINE
    wanted.layout_feature_tag_set.clear()
    wanted.layout_feature_tag_set.update(FEATURES)
    return bytes(hb.subset(fonts.face(face).face, wanted).blob.data)

"""The words of a picture: the place of each line, and its glyphs as HarfBuzz shapes them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby
from typing import Any

import uharfbuzz as hb
from lxml import etree

from dashboard.dataset import Lang
from dashboard.type import fonts
from dashboard.type.text import RIGHT_TO_LEFT

_MOVED = re.compile(r"translate\((-?[0-9.]+),(-?[0-9.]+)\)")
_ANCHORS = {"start": 0.0, "middle": 0.5, "end": 1.0}


@dataclass(frozen=True)
class Glyph:
    """One glyph: its number in the face, its advance after kerning in ems, the characters it stands for.

    Of a character that no face has, the number is that of the character, negative: it is drawn as a box, and
    is still that character in a PDF's text.
    """

    number: int
    advance: float
    text: str


@dataclass(frozen=True)
class Run:
    """Glyphs of one face in a row."""

    face: str
    glyphs: tuple[Glyph, ...]


@dataclass(frozen=True)
class Line:
    """One line of words: its left end on the baseline and its size, in the picture's units, y downwards."""

    runs: tuple[Run, ...]
    x: float
    y: float
    size: float
    fill: str
    halo: str = ""
    """The colour of the halo that sets it off from what is drawn under it; empty for none."""


@dataclass(frozen=True)
class _Style:
    """What a text inherits."""

    size: float = 12.0
    fill: str = "#000000"
    anchor: str = "start"
    strong: bool = False
    serif: bool = False
    halo: str = ""
    dx: float = 0.0
    dy: float = 0.0

    def under(self, element: etree._Element) -> _Style:
        """Return the style inside an element."""
        own: dict[str, Any] = {}
        for name, value in element.items():
            match name:
                case "font-size":
                    own["size"] = float(value)
                case "fill":
                    own["fill"] = value
                case "text-anchor":
                    own["anchor"] = value
                case "font-weight":
                    own["strong"] = value == "700"
                case "font-family":
                    own["serif"] = "Serif" in value.partition(",")[0]
                case "transform" if moved := _MOVED.match(value):
                    own |= {"dx": self.dx + float(moved[1]), "dy": self.dy + float(moved[2])}
        halo = element.find("{*}use[@class='halo']")
        return replace(self, **own, **({} if halo is None else {"halo": halo.get("stroke", "")}))


def lines(svg: str, lang: Lang) -> list[Line]:
    """Return every line of words of an SVG of ours, in its order; ``ValueError`` for what is no XML."""
    try:
        root = etree.fromstring(svg.encode("utf-8"), etree.XMLParser(resolve_entities=False))
    except etree.XMLSyntaxError as error:
        raise ValueError(str(error)) from None
    return list(_under(root, _Style(), lang))


def _under(element: etree._Element, style: _Style, lang: Lang) -> Iterator[Line]:
    for child in element:
        if not isinstance(child.tag, str):
            continue
        name = child.tag.rpartition("}")[2]
        if name in ("text", "g"):
            inner = style.under(child)
            yield from _text(child, inner, lang) if name == "text" else _under(child, inner, lang)


def _text(element: etree._Element, style: _Style, lang: Lang) -> Iterator[Line]:
    """Yield a text's lines: its own words first, then each ``tspan``'s that moves down."""
    y = float(element.get("y") or 0)
    said = [(element, element.text or "")]
    for part in element:
        text = "".join(part.itertext()) + (part.tail or "")
        if part.get("dy") is None:  # words set apart within a line
            said[-1] = (said[-1][0], said[-1][1] + text)
        else:
            said.append((part, text))
    for part, text in said:
        y += float(part.get("dy") or 0)
        runs = shaped(text, lang, style.strong, style.serif)
        # the space that parts two lines has no width
        wide = sum(
            g.advance for run in shaped(text.rstrip(" "), lang, style.strong, style.serif) for g in run.glyphs
        )
        x = float(part.get("x") or 0) - _ANCHORS[style.anchor] * wide * style.size
        if runs:
            yield Line(runs, x + style.dx, y + style.dy, style.size, style.fill, style.halo)


def boxes(svg: str, lang: Lang) -> list[str]:
    """Return what of a picture of ours is drawn as boxes: each character that no face has, and where."""
    found: dict[str, None] = {}
    for line in lines(svg, lang):
        glyphs = [g for run in line.runs for g in run.glyphs]
        missing = dict.fromkeys(chr(-g.number) for g in glyphs if g.number < 0)
        if missing:
            named = ", ".join(f"{c} (U+{ord(c):04X})" for c in missing)
            found[f"no glyph for {named} in “{''.join(g.text for g in glyphs)}”"] = None
    return list(found)


@lru_cache(maxsize=4096)
def shaped(text: str, lang: Lang, strong: bool, serif: bool) -> tuple[Run, ...]:
    """Return ``text`` as runs of glyphs, each character in the first face of its list that has it.

    Words written from the right run from the right, as a page shows them.
    """
    out: list[Run] = []
    last = 0
    for found in RIGHT_TO_LEFT.finditer(text):
        out += _runs(text[last : found.start()], lang, strong, serif)
        mirrored = _runs(found[0], lang, strong, serif)[::-1]
        out += [Run(run.face, run.glyphs[::-1]) for run in mirrored]
        last = found.end()
    return (*out, *_runs(text[last:], lang, strong, serif))


def _runs(text: str, lang: Lang, strong: bool, serif: bool) -> list[Run]:
    """Return glyphs face by face; what is not seen (joiners, selectors) belongs to the character before."""
    said: list[str] = []
    for c in text:
        if said and (unicodedata.category(c) == "Cf" or "\ufe00" <= c <= "\ufe0f"):
            said[-1] += c
        else:
            said.append(c)
    spare = fonts.names(lang, strong=strong)[0]
    faced = groupby(said, key=lambda part: fonts.face_of(part[0], lang, strong, serif) or spare)
    return [Run(face, _glyphs(list(parts), face)) for face, parts in faced]


def _glyphs(said: list[str], face: str) -> tuple[Glyph, ...]:
    known = fonts.face(face)
    buffer = hb.Buffer()
    buffer.cluster_level = hb.BufferClusterLevel.MONOTONE_CHARACTERS
    buffer.add_codepoints([ord(part[0]) for part in said])
    buffer.guess_segment_properties()
    buffer.direction = "ltr"  # no face of ours has a script that runs the other way
    hb.shape(known.font, buffer)
    starts = [info.cluster for info in buffer.glyph_infos]
    out, last = [], -1
    for n, (info, place) in enumerate(zip(buffer.glyph_infos, buffer.glyph_positions, strict=True)):
        end = next((s for s in starts[n:] if s > info.cluster), len(said))
        text = "".join(said[info.cluster : end]) if info.cluster != last else ""
        last = info.cluster
        number = info.codepoint or -ord(said[info.cluster][0])
        out.append(Glyph(number, place.x_advance / known.em, text))
    return tuple(out)


@lru_cache(maxsize=4096)
def outline(face: str, number: int) -> str:
    """Return a glyph's outline as SVG path commands, in units of the em, y upwards; a missing one's box."""
    path: list[str] = []
    funcs = hb.DrawFuncs()
    funcs.set_move_to_func(lambda x, y, _: path.append(f"M{x:g} {y:g}"))
    funcs.set_line_to_func(lambda x, y, _: path.append(f"L{x:g} {y:g}"))
    funcs.set_quadratic_to_func(lambda a, b, x, y, _: path.append(f"Q{a:g} {b:g} {x:g} {y:g}"))
    funcs.set_cubic_to_func(lambda a, b, c, d, x, y, _: path.append(f"C{a:g} {b:g} {c:g} {d:g} {x:g} {y:g}"))
    funcs.set_close_path_func(lambda _: path.append("z"))
    fonts.face(face).font.draw_glyph(max(0, number), funcs, None)
    return "".join(path)

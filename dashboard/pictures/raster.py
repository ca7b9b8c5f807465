"""SVG → PNG (resvg) and PDF (svg2pdf), with the shipped fonts alone: the same bytes on every machine."""

from __future__ import annotations

import html
import re
import struct
import zlib
from collections.abc import Iterable
from functools import lru_cache
from typing import cast

import svg2pdf_py
import svg2png_py

from dashboard.dataset import LANGS, Lang
from dashboard.pictures import words
from dashboard.pictures.pdfdoc import finished
from dashboard.pictures.pdftext import layer
from dashboard.type import fonts

_LANG = re.compile(r'<svg[^>]*? lang="([A-Za-z-]+)"')
_BOX = re.compile(r'<svg[^>]*? viewBox="0 0 ([0-9.]+) ([0-9.]+)"')
_SIZE = re.compile(r'(<svg[^>]*?) width="([0-9.]+)" height="([0-9.]+)"')
_WORDS = re.compile(r"<text[ >].*?</text>", re.S)
_ABOUT = {
    "Title": "dc:title",
    "Description": "dc:description",
    "Source": "dc:source",
    "Creation Time": "dc:date",
    "Dataset": "dcterms:isVersionOf",
    "Copyright": "dc:rights",
    "Software": "dc:creator",
}
CSS_PIXELS_PER_METRE = 96 / 0.0254
POINTS = 0.75
"""Points to a CSS pixel."""
HALO = 3.0
"""Width of the line that makes a label's halo, as ``svg`` draws it."""


class PictureError(ValueError):
    """A picture cannot be made from this SVG. ``str(error)`` is one line."""


def language(svg: str) -> Lang:
    """Return the language an SVG of ours says it is in; English when it says none."""
    found = _LANG.search(svg[:2000])
    return cast(Lang, found[1]) if found and found[1] in LANGS else "en"


def png(svg: str, *, scale: float = 2) -> bytes:
    """Return an SVG of :func:`dashboard.pictures.svg` as PNG, ``scale`` dots to a CSS pixel.

    Title, source, dataset version and licence go along as text (iTXt), the resolution as pHYs.
    Raises :class:`PictureError` for a scale outside 0.1 to 20, or an SVG that cannot be drawn.
    """
    if not 0.1 <= scale <= 20:
        raise PictureError(f"scale {scale:g} is not between 0.1 and 20; 2 suits screens, 4 print")
    wide, high = _size(svg)
    sized = _sized(_styled(svg), f"{round(wide * scale)}", f"{round(high * scale)}")
    try:
        outlined = _outlined(sized, words.lines(sized, language(svg)), filled=True)
        drawn = svg2png_py.svg_to_png(outlined, svg2png_py.FontDatabase())
    except (ValueError, RuntimeError) as error:
        raise PictureError(f"the picture could not be drawn: {error}") from None
    return _with_text(drawn, svg, scale)


def pdf(svg: str) -> bytes:
    """Return an SVG of :func:`dashboard.pictures.svg` as PDF: vectors, fonts embedded, text to copy.

    A CSS pixel is 0.75 points, so that an A4 picture fills an A4 page. Raises :class:`PictureError` for an
    SVG that cannot be drawn.
    """
    wide, high = (side * POINTS for side in _size(svg))
    box = _BOX.search(svg[:2000])
    scale = wide / float(box[1]) if box else POINTS
    about = _about(svg)
    said = {
        "Title": about.get("Title", ""),
        "Subject": about.get("Description", ""),
        "Author": about.get("Software", ""),
        "Keywords": "; ".join(about[k] for k in ("Source", "Dataset", "Copyright") if k in about),
    }
    try:
        set_lines = words.lines(_styled(svg), language(svg))
        bare = _outlined(_sized(_styled(svg), f"{wide:g}", f"{high:g}"), set_lines, filled=False)
        made = bytes(svg2pdf_py.svg_to_pdf(bare, svg2pdf_py.FontDatabase(), _options()))
        return finished(made, layer(set_lines, scale, high), language(svg), said)
    except (ValueError, RuntimeError) as error:
        raise PictureError(f"the PDF could not be made: {error}") from None


def _outlined(svg: str, lines: Iterable[words.Line], *, filled: bool) -> str:
    """Return an SVG without its words but with their halos, and, ``filled``, the words as outlines on top.

    resvg and svg2pdf can set text too, but they open the font anew for every element, many times the cost of
    all the rest. Halos are outlines in a PDF as well: as text they would be copied twice.
    """
    known: dict[tuple[str, int], str] = {}
    halos, drawn = [], []
    for line in lines:
        uses, x = [], line.x
        for run in line.runs:
            size = line.size / fonts.face(run.face).em
            for glyph in run.glyphs:
                if (filled or line.halo) and words.outline(run.face, glyph.number):
                    name = known.setdefault((run.face, glyph.number), f"g{len(known)}")
                    at = f'href="#{name}" transform="matrix({size:.5g} 0 0 {-size:.5g} {x:.2f} {line.y:.2f})"'
                    uses.append((at, HALO / size))
                x += glyph.advance * line.size
        if filled:
            drawn.append(f'<g fill="{line.fill}">{"".join(f"<use {at}/>" for at, _ in uses)}</g>')
        if line.halo:
            strokes = "".join(f'<use {at} stroke-width="{width:.4g}"/>' for at, width in uses)
            halos.append(f'<g fill="none" stroke="{line.halo}" stroke-linejoin="round">{strokes}</g>')
    shapes = "".join(f'<path id="{name}" d="{words.outline(*glyph)}"/>' for glyph, name in known.items())
    return f"{_WORDS.sub('', svg).removesuffix('</svg>')}<defs>{shapes}</defs>{''.join(halos + drawn)}</svg>"


@lru_cache(maxsize=1)
def _options() -> svg2pdf_py.ConversionOptions:
    return svg2pdf_py.ConversionOptions(compress=True, embed_text=True)


def _styled(svg: str) -> str:
    """Return the SVG without embedded fonts: both renderers get the font files themselves."""
    return re.sub(r"<style>@font-face.*?</style>", "", svg, flags=re.S)


def _size(svg: str) -> tuple[float, float]:
    """Return an SVG's width and height in CSS pixels; :class:`PictureError` when it names none."""
    head = svg[:2000]
    if found := _SIZE.search(head):
        return float(found[2]), float(found[3])
    if found := _BOX.search(head):
        return float(found[1]), float(found[2])
    raise PictureError("the SVG names no size; make it with dashboard.pictures.svg")


def _sized(svg: str, width: str, height: str) -> str:
    """Return the SVG in another size; it fills it to the last dot."""
    size = f' width="{width}" height="{height}" preserveAspectRatio="none"'
    if _SIZE.search(svg[:2000]):
        return _SIZE.sub(lambda m: m[1] + size, svg, count=1)
    return svg.replace("<svg", f"<svg{size}", 1)


def _about(svg: str) -> dict[str, str]:
    """Return what an SVG's metadata says, by PNG keyword."""
    found = {k: re.search(f"<{name}>(.*?)</{name}>", svg, flags=re.S) for k, name in _ABOUT.items()}
    return {k: html.unescape(m[1]) for k, m in found.items() if m}


def _with_text(picture: bytes, svg: str, scale: float) -> bytes:
    """Return a PNG with its texts and resolution put in after the header (PNG, 3rd edition, § 11.3)."""
    chunks = [_chunk(b"pHYs", struct.pack(">IIB", *[round(CSS_PIXELS_PER_METRE * scale)] * 2, 1))]
    for keyword, text in _about(svg).items():
        chunks.append(_chunk(b"iTXt", keyword.encode("latin-1") + b"\0\0\0\0\0" + text.encode("utf-8")))
    header = 8 + 25  # signature, then IHDR: length, type, 13 bytes, checksum
    return picture[:header] + b"".join(chunks) + picture[header:]


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

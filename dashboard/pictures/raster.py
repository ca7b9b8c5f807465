"""Picture → PNG by resvg: the same bytes on every machine."""

import struct
import zlib

import svg2png_py

from dashboard.pictures.picture import HALO, Picture
from dashboard.pictures.shaping import outline
from dashboard.type import fonts

_KEYWORDS = {
    "dc:title": b"Title",
    "dc:description": b"Description",
    "dc:source": b"Source",
    "dc:date": b"Creation Time",
    "dcterms:isVersionOf": b"Dataset",
    "dc:rights": b"Copyright",
    "dc:creator": b"Software",
}
_CSS_PIXELS_PER_METRE = 96 / 0.0254


class PictureError(ValueError):
    """A picture cannot be made. ``str(error)`` is one line."""


def png(picture: Picture, *, scale: float = 2) -> bytes:
    """Return a picture as PNG, ``scale`` dots to a CSS pixel.

    Title, source, dataset version and licence go along as text (iTXt), the resolution as pHYs.
    Raises :class:`PictureError` for a scale outside 0.1 to 20, or a picture that cannot be drawn.
    """
    if not 0.1 <= scale <= 20:
        raise PictureError(f"scale {scale:g} is not between 0.1 and 20; 2 suits screens, 4 print")
    width, height = (round(side * scale) for side in picture.size)
    body = picture.drawing + outlined_words(picture, filled=True)
    sized = picture.wrapped(body, width, height, preserveAspectRatio="none")
    try:
        drawn = bytes(svg2png_py.svg_to_png(sized, svg2png_py.FontDatabase()))
    except (ValueError, RuntimeError) as error:
        raise PictureError(f"the picture could not be drawn: {error}") from None
    # texts and resolution go after the signature and the header (PNG, 3rd edition, § 11.3)
    chunks = [_chunk(b"pHYs", struct.pack(">IIB", *[round(_CSS_PIXELS_PER_METRE * scale)] * 2, 1))]
    for term, text in picture.about.items():
        if keyword := _KEYWORDS.get(term):
            chunks.append(_chunk(b"iTXt", keyword + bytes(5) + text.encode("utf-8")))
    return drawn[: 8 + 25] + b"".join(chunks) + drawn[8 + 25 :]


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def outlined_words(picture: Picture, *, filled: bool) -> str:
    """Return the halos of a picture's words and, ``filled``, the words, as outlines of glyphs.

    resvg would open the font anew for every text. In a PDF a halo as text would be copied twice.
    """
    known: dict[tuple[str, int], str] = {}
    halos, words = [], []
    for line in picture.lines():
        uses, x = [], line.x
        for glyph in line.glyphs:
            size = line.size / fonts.face(glyph.face).face.upem
            if (filled or line.halo) and outline(glyph.face, glyph.number):
                name = known.setdefault((glyph.face, glyph.number), f"g{len(known)}")
                at = f'href="#{name}" transform="matrix({size:.5g} 0 0 {-size:.5g} {x:.2f} {line.y:.2f})"'
                uses.append((at, HALO / size))
            x += glyph.advance * line.size
        if filled:
            words.append(f'<g fill="{line.fill}">{"".join(f"<use {at}/>" for at, _ in uses)}</g>')
        if line.halo:
            strokes = "".join(f'<use {at} stroke-width="{width:.4g}"/>' for at, width in uses)
            halos.append(f'<g fill="none" stroke="{line.halo}" stroke-linejoin="round">{strokes}</g>')
    shapes = "".join(f'<path id="{name}" d="{outline(*glyph)}"/>' for glyph, name in known.items())
    return f"<defs>{shapes}</defs>{''.join(halos + words)}"

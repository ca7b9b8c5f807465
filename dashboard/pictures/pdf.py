"""Picture → PDF: the drawing by svg2pdf, over it a layer of real text with the glyphs in use inside.

svg2pdf can set text too, but it opens the font file about ten times a glyph, a hundred times the cost of
all the rest; here each face is subset once with HarfBuzz and written as a CID font (ISO 32000-2, § 9.7).
"""

from __future__ import annotations

import hashlib
import io
import struct
from collections.abc import Iterable
from functools import lru_cache
from itertools import count, groupby
from typing import Any

import svg2pdf_py
import uharfbuzz as hb
from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    BooleanObject,
    DictionaryObject,
    NameObject,
    StreamObject,
    TextStringObject,
    read_object,
)

from dashboard.pictures.picture import Picture
from dashboard.pictures.raster import PictureError, outlined_words
from dashboard.pictures.shaping import Glyph, Line
from dashboard.type import fonts

POINTS = 0.75
"""Points to a CSS pixel: an A4 picture fills an A4 page."""
_SYMBOLIC, _SERIF = 4, 2
_MOST_MAPPED = 100
"""Entries in one block of a character map (Adobe Technical Note 5014)."""


def pdf(picture: Picture) -> bytes:
    """Return a picture as PDF: vectors, fonts embedded, text to copy; the same picture is the same bytes.

    Raises :class:`PictureError` for a picture that cannot be drawn.
    """
    width, height = (side * POINTS for side in picture.size)
    body = picture.drawing + outlined_words(picture, filled=False)
    bare = picture.wrapped(body, width, height, preserveAspectRatio="none")
    try:
        made = bytes(svg2pdf_py.svg_to_pdf(bare, svg2pdf_py.FontDatabase(), svg2pdf_py.ConversionOptions()))
    except (ValueError, RuntimeError) as error:
        raise PictureError(f"the PDF could not be made: {error}") from None
    reader = PdfReader(io.BytesIO(made))
    for n in reader.xref[0]:
        _sort_resources(reader.get_object(n))
    writer = PdfWriter(clone_from=reader)
    writer.pdf_header = reader.pdf_header
    _lay_words(writer, list(picture.lines()), width / picture.view[0], height)
    about = dict(picture.about)
    subject = (about[k] for k in ("dc:source", "dcterms:isVersionOf", "dc:rights") if k in about)
    writer.metadata = {
        "/Title": about.get("dc:title", ""),
        "/Subject": about.get("dc:description", ""),
        "/Author": about.get("dc:creator", ""),
        "/Keywords": "; ".join(subject),
        "/Producer": "svg2pdf, pypdf",
    }
    writer.root_object[NameObject("/Lang")] = TextStringObject(picture.lang)
    writer.root_object[NameObject("/ViewerPreferences")] = DictionaryObject(
        {NameObject("/DisplayDocTitle"): BooleanObject(True)}
    )
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _sort_resources(found: Any) -> None:
    """Sort what an object refers to: svg2pdf's order varies, and objects are numbered by it."""
    resources = found.get("/Resources", {}) if isinstance(found, DictionaryObject) else {}
    for names in resources.values():
        if isinstance(names, DictionaryObject):
            entries = sorted(names.items())
            names.clear()
            names.update(entries)


def _lay_words(writer: PdfWriter, lines: list[Line], scale: float, height: float) -> None:
    """Lay lines over a page ``height`` points high; ``scale`` is points to a unit of the picture."""
    shown: dict[str, dict[int, str]] = {}
    for line in lines:
        for glyph in line.glyphs:
            shown.setdefault(glyph.face, {}).setdefault(glyph.number, glyph.text)
    names = {face: f"/F{n}" for n, face in enumerate(sorted(shown))}
    numbers, resources = {}, DictionaryObject()
    for face, name in names.items():
        cff, numbers[face] = subset_glyphs(face, tuple(sorted(shown[face])))
        resources[NameObject(name)] = _font(writer, face, cff, numbers[face], shown[face])
    parts = ["BT"]
    for line in lines:
        fill = " ".join(f"{int(line.fill[n : n + 2], 16) / 255:.4g}" for n in (1, 3, 5))
        # in the drawing's own colour space
        parts.append(f"/cs0 cs {fill} scn 1 0 0 1 {line.x * scale:.2f} {height - line.y * scale:.2f} Tm")
        for face, run in groupby(line.glyphs, key=lambda glyph: glyph.face):
            parts.append(f"{names[face]} {line.size * scale:.4g} Tf [{_shown(run, numbers[face])}] TJ")
    page = writer.pages[0]
    page["/Resources"][NameObject("/Font")] = resources  # type: ignore[index]
    text = writer._add_object(_stream("\n".join([*parts, "ET"]).encode("ascii")))
    page[NameObject("/Contents")] = ArrayObject([page.raw_get("/Contents"), text])


def _shown(glyphs: Iterable[Glyph], numbers: dict[int, int]) -> str:
    out = ""
    for glyph in glyphs:
        kern = round(_advance(glyph.face, glyph.number) - 1000 * glyph.advance)
        out += f"<{numbers[glyph.number]:04x}>{kern or ''}"
    return out.replace("><", "")


@lru_cache(maxsize=16384)
def _advance(face: str, number: int) -> float:
    """Return a glyph's advance without kerning, in thousandths of an em."""
    known = fonts.face(face)
    return 1000 * float(known.font.get_glyph_h_advance(max(0, number))) / known.em


@lru_cache(maxsize=128)
def subset_glyphs(face: str, glyphs: tuple[int, ...]) -> tuple[bytes, dict[int, int]]:
    """Return a face's outlines (CFF) of some glyphs alone, and their numbers there."""
    wanted = hb.SubsetInput()
    wanted.glyph_set.update(number for number in glyphs if number > 0)
    wanted.flags = (
        hb.SubsetFlags.NO_HINTING
        | hb.SubsetFlags.NOTDEF_OUTLINE
        | hb.SubsetFlags.NO_LAYOUT_CLOSURE
        | hb.SubsetFlags.CFF_IDENTITY_CHARSET  # a character's code in the page is the glyph's number
    )
    plan = hb.SubsetPlan(fonts.face(face).font.face, wanted)
    numbers = plan.old_to_new_glyph_mapping
    cff = plan.execute().reference_table("CFF ").data
    # a missing character gets a code past the last glyph: shown as a box, and still its own in the text
    codes = {old: numbers[old] for old in glyphs if old > 0}
    missing = [old for old in glyphs if old < 0]
    return bytes(cff), codes | dict(zip(missing, count(max(codes.values(), default=0) + 1), strict=False))


def _font(writer: PdfWriter, face: str, cff: bytes, numbers: dict[int, int], texts: dict[int, str]) -> Any:
    """Add a font to a file: outlines, map to characters, descriptor, CID font, font; return the last."""
    known = fonts.face(face).font
    name = "".join(chr(65 + b % 26) for b in hashlib.sha256(cff).digest()[:6]) + "+" + face
    ordered = sorted((new, old) for old, new in numbers.items())
    widths = " ".join(f"{new} [{_advance(face, old):g}]" for new, old in ordered)
    box = " ".join(map(str, struct.unpack(">4h", known.face.reference_table("head").data[36:44])))
    extents = known.get_font_extents("ltr")
    flags, stem = _SYMBOLIC + _SERIF * ("Serif" in face), 140 if "Bold" in face else 80

    def add(text: str) -> int:
        made = read_object(io.BytesIO(f"<<{text}>>".encode("ascii")), writer)  # type: ignore[arg-type]
        return int(writer._add_object(made).idnum)

    outlines = _stream(cff)
    outlines[NameObject("/Subtype")] = NameObject("/CIDFontType0C")
    file = writer._add_object(outlines).idnum
    mapped = writer._add_object(_stream(_unicode([(new, texts[old]) for new, old in ordered if texts[old]])))
    descriptor = add(
        f"/Type /FontDescriptor /FontName /{name} /Flags {flags} /FontBBox [{box}] /ItalicAngle 0 "
        f"/Ascent {extents.ascender} /Descent {extents.descender} /CapHeight 733 /StemV {stem} "
        f"/FontFile3 {file} 0 R"
    )
    own = add(
        f"/Type /Font /Subtype /CIDFontType0 /BaseFont /{name} /FontDescriptor {descriptor} 0 R "
        f"/CIDSystemInfo <</Registry (Adobe) /Ordering (Identity) /Supplement 0>> /DW 1000 /W [{widths}]"
    )
    whole = add(
        f"/Type /Font /Subtype /Type0 /BaseFont /{name} /Encoding /Identity-H "
        f"/DescendantFonts [{own} 0 R] /ToUnicode {mapped.idnum} 0 R"
    )
    return writer.get_object(whole).indirect_reference


def _stream(data: bytes) -> StreamObject:
    stream = StreamObject()
    stream.set_data(data)
    return stream


def _unicode(glyphs: list[tuple[int, str]]) -> bytes:
    """Return the map from glyphs to characters, by which text is copied and searched (§ 9.10.3)."""
    out = [
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        "/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def\n"
        "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
        "1 begincodespacerange\n<0000> <ffff>\nendcodespacerange"
    ]
    for start in range(0, len(glyphs), _MOST_MAPPED):
        block = glyphs[start : start + _MOST_MAPPED]
        rows = "\n".join(f"<{n:04x}> <{text.encode('utf-16-be').hex()}>" for n, text in block)
        out.append(f"{len(block)} beginbfchar\n{rows}\nendbfchar")
    out.append("endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend")
    return "\n".join(out).encode("ascii")

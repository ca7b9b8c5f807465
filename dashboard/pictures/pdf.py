"""Picture → PDF: the drawing by svg2pdf, over it a layer of real text with the glyphs in use inside.

svg2pdf would open the font file ten times a glyph; here each face is a CID font (ISO 32000-2, § 9.7).
"""

import hashlib
import io
import struct
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from itertools import count, groupby
from typing import Any

import svg2pdf_py
import uharfbuzz as hb
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, StreamObject, read_object

from dashboard.pictures.picture import Picture
from dashboard.pictures.raster import PictureError, outlined_words
from dashboard.pictures.shaping import Glyph, Line
from dashboard.type import fonts

POINTS = 0.75
"""Points to a CSS pixel: an A4 picture fills an A4 page."""
_MOST_MAPPED = 100
"""Entries in one block of a character map (Adobe Technical Note 5014)."""


def pdf(picture: Picture) -> bytes:
    """Return a picture as PDF: vectors, fonts embedded, text to copy; the same picture is the same bytes."""
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
    about = picture.about
    keywords = (about[k] for k in ("dc:source", "dcterms:isVersionOf", "dc:rights") if k in about)
    writer.metadata = {
        "/Title": about.get("dc:title", ""),
        "/Subject": about.get("dc:description", ""),
        "/Author": about.get("dc:creator", ""),
        "/Keywords": "; ".join(keywords),
        "/Producer": "svg2pdf, pypdf",
    }
    preferences = f"/Lang ({picture.lang}) /ViewerPreferences <</DisplayDocTitle true>>"
    writer.root_object.update(_dictionary(writer, preferences))
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _sort_resources(item: Any) -> None:
    """Sort what an object refers to: svg2pdf's order varies, and objects are numbered by it."""
    resources = item.get("/Resources", {}) if isinstance(item, DictionaryObject) else {}
    for names in resources.values():
        if isinstance(names, DictionaryObject):
            for name, value in sorted(names.items()):
                del names[name]
                names[name] = value


def _lay_words(writer: PdfWriter, lines: list[Line], scale: float, height: float) -> None:
    """Lay lines over a page ``height`` points high; ``scale`` is points to a unit of the picture."""
    texts: dict[str, dict[int, str]] = defaultdict(dict)
    for glyph in (glyph for line in lines for glyph in line.glyphs):
        texts[glyph.face].setdefault(glyph.number, glyph.text)
    names = {face: f"/F{n}" for n, face in enumerate(sorted(texts))}
    numbers, resources = {}, ""
    for face, name in names.items():
        cff, numbers[face] = subset_glyphs(face, tuple(sorted(texts[face])))
        resources += f"{name} {_font(writer, face, cff, numbers[face], texts[face])} 0 R "
    parts = ["BT"]
    for line in lines:
        fill = " ".join(f"{int(line.fill[n : n + 2], 16) / 255:.4g}" for n in (1, 3, 5))
        # in the drawing's own colour space
        parts.append(f"/cs0 cs {fill} scn 1 0 0 1 {line.x * scale:.2f} {height - line.y * scale:.2f} Tm")
        for face, run in groupby(line.glyphs, key=lambda glyph: glyph.face):
            parts.append(f"{names[face]} {line.size * scale:.4g} Tf [{_encoded(run, numbers[face])}] TJ")
    page = writer.pages[0]
    page["/Resources"].update(_dictionary(writer, f"/Font <<{resources}>>"))  # type: ignore[attr-defined]
    words = _add_stream(writer, "\n".join([*parts, "ET"]).encode("ascii"))
    page.update(_dictionary(writer, f"/Contents [{page.raw_get('/Contents').idnum} 0 R {words} 0 R]"))


def _encoded(glyphs: Iterable[Glyph], numbers: dict[int, int]) -> str:
    """Return glyphs as the operand of ``TJ``, between them what kerning takes off their advances."""
    out = ""
    for glyph in glyphs:
        kern = round(1000 * (fonts.advance(glyph.face, max(0, glyph.number)) - glyph.advance))
        out += f"<{numbers[glyph.number]:04x}>{kern or ''}"
    return out.replace("><", "")


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
    plan = hb.SubsetPlan(fonts.face(face).face, wanted)
    numbers = plan.old_to_new_glyph_mapping
    cff = plan.execute().reference_table("CFF ").data
    # a missing character gets a code past the last glyph: shown as a box, and still its own in the text
    codes = {old: numbers[old] for old in glyphs if old > 0}
    missing = [old for old in glyphs if old < 0]
    return bytes(cff), codes | dict(zip(missing, count(max(codes.values(), default=0) + 1), strict=False))


def _font(writer: PdfWriter, face: str, cff: bytes, numbers: dict[int, int], texts: dict[int, str]) -> int:
    """Add a font to a file: outlines, map to characters, descriptor, CID font, font; return its number."""
    font = fonts.face(face)
    name = "".join(chr(65 + b % 26) for b in hashlib.sha256(cff).digest()[:6]) + "+" + face
    ordered = sorted((new, old) for old, new in numbers.items())
    widths = " ".join(f"{new} [{1000 * fonts.advance(face, max(0, old)):g}]" for new, old in ordered)
    box = " ".join(map(str, struct.unpack(">4h", font.face.reference_table("head").data[36:44])))
    extents = font.get_font_extents("ltr")
    flags, stem = 6 if "Serif" in face else 4, 140 if "Bold" in face else 80  # 4: symbolic, 2: serif

    def add(text: str) -> int:
        return int(writer._add_object(_dictionary(writer, text)).idnum)

    file = _add_stream(writer, cff, "/Subtype /CIDFontType0C")
    mapped = _add_stream(writer, _unicode([(new, texts[old]) for new, old in ordered if texts[old]]))
    descriptor = add(
        f"/Type /FontDescriptor /FontName /{name} /Flags {flags} /FontBBox [{box}] /ItalicAngle 0 "
        f"/Ascent {extents.ascender} /Descent {extents.descender} /CapHeight 733 /StemV {stem} "
        f"/FontFile3 {file} 0 R"
    )
    glyphs = add(
        f"/Type /Font /Subtype /CIDFontType0 /BaseFont /{name} /FontDescriptor {descriptor} 0 R "
        f"/CIDSystemInfo <</Registry (Adobe) /Ordering (Identity) /Supplement 0>> /DW 1000 /W [{widths}]"
    )
    return add(
        f"/Type /Font /Subtype /Type0 /BaseFont /{name} /Encoding /Identity-H "
        f"/DescendantFonts [{glyphs} 0 R] /ToUnicode {mapped} 0 R"
    )


def _dictionary(writer: PdfWriter, text: str) -> DictionaryObject:
    return read_object(io.BytesIO(f"<<{text}>>".encode("ascii")), writer)  # type: ignore[arg-type, return-value]


def _add_stream(writer: PdfWriter, data: bytes, about: str = "") -> int:
    stream = StreamObject()
    stream.set_data(data)
    stream.update(_dictionary(writer, about))
    return int(writer._add_object(stream).idnum)


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

"""The words of a PDF: a layer of real text over the drawing, with the glyphs in use inside the file.

svg2pdf can set text too, but it opens the font file about ten times a glyph, a hundred times the cost of
all the rest; here each face is subset once with HarfBuzz and written as a CID font (ISO 32000-2, § 9.7).
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import count

import uharfbuzz as hb

from dashboard.pictures.words import Glyph, Line
from dashboard.type import fonts

_SYMBOLIC = 4
_MOST_MAPPED = 100
"""Entries in one block of a character map (Adobe Technical Note 5014)."""


@dataclass
class Layer:
    """Text operators, and the fonts they name: resource name → face."""

    content: bytes = b""
    faces: dict[str, str] = field(default_factory=dict)
    shown: dict[str, dict[int, str]] = field(default_factory=dict)
    """Face → glyph → the characters it stands for."""

    def objects(self, first: int) -> tuple[dict[str, int], dict[int, bytes]]:
        """Return ``({resource name: number}, {number: body})`` of the fonts, numbered from ``first``."""
        named: dict[str, int] = {}
        bodies: dict[int, bytes] = {}
        for name, face in self.faces.items():
            glyphs = self.shown[face]
            cff, numbers = subset_glyphs(face, tuple(sorted(glyphs)))
            at = first + len(bodies)
            named[name] = at
            bodies.update(_font(face, at, cff, {numbers[g]: (g, said) for g, said in glyphs.items()}))
        return named, bodies


def layer(lines: Iterable[Line], scale: float, height: float) -> Layer:
    """Return lines of words as a layer of a page ``height`` points high; ``scale`` is points to a unit."""
    lines = list(lines)
    out = Layer()
    for line in lines:
        for run in line.runs:
            for glyph in run.glyphs:
                out.shown.setdefault(run.face, {}).setdefault(glyph.number, glyph.text)
    out.faces = {f"F{n}": face for n, face in enumerate(sorted(out.shown))}
    names = {face: name for name, face in out.faces.items()}
    numbers = {f: subset_glyphs(f, tuple(sorted(g)))[1] for f, g in out.shown.items()}
    parts = [b"BT\n"]
    for line in lines:
        place = f"{line.x * scale:.2f} {height - line.y * scale:.2f}"
        parts.append(f"{_paint(line.fill)} 1 0 0 1 {place} Tm\n".encode("ascii"))
        for run in line.runs:
            shown, em = _shown(run.face, run.glyphs, numbers[run.face]), line.size * scale
            parts.append(f"/{names[run.face]} {em:.4g} Tf [{shown}] TJ\n".encode("ascii"))
    out.content = b"".join([*parts, b"ET"])
    return out


def _paint(fill: str) -> str:
    """Return the operators that choose a colour (``#RRGGBB``) in the drawing's own colour space."""
    parts = (int(fill[n : n + 2], 16) / 255 for n in (1, 3, 5))
    return f"/cs0 cs {' '.join(f'{p:.4g}' for p in parts)} scn"


def _shown(face: str, glyphs: Iterable[Glyph], numbers: dict[int, int]) -> str:
    """Return the operand of ``TJ``: glyphs in hexadecimal, kerning between them in thousandths of an em."""
    out, open_ = [], False
    for glyph in glyphs:
        code = f"{numbers[glyph.number]:04x}"
        out.append(code if open_ else f"<{code}")
        open_ = True
        kern = round(_advance(face, glyph.number) - 1000 * glyph.advance)
        if kern:
            out.append(f">{kern}")
            open_ = False
    return "".join(out) + (">" if open_ else "")


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


def _font(face: str, at: int, cff: bytes, glyphs: dict[int, tuple[int, str]]) -> dict[int, bytes]:
    """Return the five objects of a font, numbered from ``at``: font, its CID font, descriptor, file, map."""
    tag = hashlib.sha256(cff).digest()
    name = "".join(chr(65 + b % 26) for b in tag[:6]) + "+" + face
    ordered = sorted(glyphs.items())
    widths = " ".join(f"{n} [{_advance(face, old):g}]" for n, (old, _) in ordered)
    head = fonts.face(face).font.face.reference_table("head").data
    box = " ".join(str(n) for n in struct.unpack(">4h", head[36:44]))
    extents = fonts.face(face).font.get_font_extents("ltr")
    flags = _SYMBOLIC + (2 if "Serif" in face else 0)
    words = (
        f"<<\n/Type /Font /Subtype /Type0 /BaseFont /{name} /Encoding /Identity-H\n"
        f"/DescendantFonts [{at + 1} 0 R] /ToUnicode {at + 4} 0 R\n>>",
        f"<<\n/Type /Font /Subtype /CIDFontType0 /BaseFont /{name}\n"
        "/CIDSystemInfo <</Registry (Adobe) /Ordering (Identity) /Supplement 0>>\n"
        f"/FontDescriptor {at + 2} 0 R /DW 1000 /W [{widths}]\n>>",
        f"<<\n/Type /FontDescriptor /FontName /{name} /Flags {flags} /FontBBox [{box}] /ItalicAngle 0\n"
        f"/Ascent {extents.ascender} /Descent {extents.descender} /CapHeight 733\n"
        f"/StemV {140 if 'Bold' in face else 80} /FontFile3 {at + 3} 0 R\n>>",
        f"<</Length {len(cff)} /Subtype /CIDFontType0C>>",
    )
    bodies = [w.encode("ascii") for w in words]
    bodies[3] += b"\nstream\n" + cff + b"\nendstream"
    mapped = _unicode([(n, said) for n, (_, said) in ordered if said])
    bodies.append(b"<</Length %d>>\nstream\n%s\nendstream" % (len(mapped), mapped))
    return dict(enumerate(bodies, at))


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
        rows = "\n".join(f"<{n:04x}> <{said.encode('utf-16-be').hex()}>" for n, said in block)
        out.append(f"{len(block)} beginbfchar\n{rows}\nendbfchar")
    out.append("endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend")
    return "\n".join(out).encode("ascii")

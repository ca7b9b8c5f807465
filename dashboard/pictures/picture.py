"""A picture for files: what is drawn, and apart from it the words, which each format sets in its own way."""

import base64
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple
from xml.sax.saxutils import escape

from dashboard.dataset import Lang
from dashboard.figures.geometry import Label
from dashboard.pictures.elements import XML_CONTROL, element, num, text_element
from dashboard.pictures.shaping import Line, shaped, subset
from dashboard.type import fonts

HALO = 3.0
"""Width of the line in the paper's colour around words that stand on drawn lines."""
_RDF = (
    'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:dcterms="http://purl.org/dc/terms/"'
)


class Painted(NamedTuple):
    """Words with their colour, and the colour of their halo; empty for none."""

    label: Label
    fill: str
    halo: str = ""


@dataclass(frozen=True)
class Picture:
    """A complete picture. ``size`` is in CSS pixels, ``view`` and all places are in its own units."""

    lang: Lang
    size: tuple[float, float]
    view: tuple[float, float]
    drawing: str
    """SVG elements without words."""
    texts: tuple[Painted, ...]
    alt: str = ""
    about: dict[str, str] = field(default_factory=dict)
    """Dublin Core terms (``dc:source``) and what they say here."""

    def svg(self, *, embed_fonts: bool = False) -> str:
        terms = "".join(f"<{term}>{escape(value)}</{term}>" for term, value in self.about.items())
        body = [
            f"<title>{escape(title)}</title>" if (title := self.about.get("dc:title")) else "",
            f"<desc>{escape(self.alt)}</desc>" if self.alt else "",
            f'<metadata><rdf:RDF {_RDF}><rdf:Description rdf:about="">{terms}</rdf:Description></rdf:RDF>'
            "</metadata>",
            f"<style>{self._font_faces()}</style>" if embed_fonts else "",
            self.drawing,
            text_groups(self.texts, standalone=True),
        ]
        family = fonts.family(self.lang)
        return self.wrapped("".join(body), *self.size, lang=self.lang, role="img", font_family=family)

    def wrapped(self, body: str, width: float, height: float, **attributes: str) -> str:
        """Return elements in this picture's units as an SVG of a size in pixels."""
        view = f"0 0 {num(self.view[0])} {num(self.view[1])}"
        return XML_CONTROL.sub("", element(
            "svg", body, xmlns="http://www.w3.org/2000/svg", width=f"{width:g}", height=f"{height:g}",
            viewBox=view, **attributes,
        ))  # fmt: skip

    def _font_faces(self) -> str:
        """Return the glyphs in use, cut from the shipped fonts, as CSS."""
        used: dict[str, set[str]] = defaultdict(set)
        for label, *_ in self.texts:
            for c in set("".join(label.lines)):
                used[fonts.face_of(c, self.lang, label.strong, label.serif)].add(c)
        rules = []
        for name in sorted(used.keys() - {""}):
            data = base64.b64encode(subset(name, "".join(sorted(used[name])))).decode("ascii")
            family, weight = fonts.design(name), 700 if "Bold" in name else 400
            rules.append(
                f"@font-face{{font-family:'{family}';font-weight:{weight};"
                f"src:url(data:font/otf;base64,{data}) format('opentype')}}"
            )
        return "".join(rules)

    def lines(self) -> Iterator[Line]:
        """Yield every line of words, shaped; a space between two lines is kept for copying, without width."""
        for label, fill, halo in self.texts:
            down = round(label.size * label.leading, 1)  # to a tenth of a pixel, as SVG has it
            for n, text in enumerate(label.lines):
                glyphs = shaped(text, self.lang, label.strong, label.serif)
                wide = sum(glyph.advance for glyph in glyphs) * label.size
                x = round(label.x, 1) - {"start": 0.0, "middle": wide / 2, "end": wide}[label.anchor]
                copied = shaped(label.copied[n], self.lang, label.strong, label.serif)
                yield Line(copied, x, round(label.y, 1) + n * down, label.size, fill, halo)

    def missing_glyphs(self) -> list[str]:
        """Return each character that no shipped font has, and where: a box stands in its place."""
        messages: dict[str, None] = {}
        for line in self.lines():
            missing = dict.fromkeys(chr(-g.number) for g in line.glyphs if g.number < 0)
            if named := ", ".join(f"{c} (U+{ord(c):04X})" for c in missing):
                messages[f"no glyph for {named} in “{''.join(g.text for g in line.glyphs)}”"] = None
        return list(messages)


def text_groups(texts: Iterable[Painted], *, standalone: bool = False) -> str:
    """Return words as SVG, grouped by what they have in common, which keeps pages small.

    In a file of its own (``standalone``) a halo is the words drawn once more, below, as a line: LibreOffice
    would draw ``paint-order`` the wrong way round and hide the words.
    """
    groups: dict[tuple[object, ...], list[Painted]] = defaultdict(list)
    for text in texts:
        label = text.label
        look = (label.kind, text.fill, label.anchor, label.size, label.strong, label.serif, text.halo)
        groups[look].append(text)
    out = []
    for n, group in enumerate(groups.values()):
        (label, fill, halo), words = group[0], "".join(text_element(t.label) for t in group)
        stroke = {"stroke": halo, "stroke_width": num(HALO), "stroke_linejoin": "round"} if halo else {}
        if halo and standalone:
            below = element("use", href=f"#words-{n}", class_="halo", fill="none", **stroke)
            words = below + element("g", words, id=f"words-{n}")
        elif halo:
            stroke["paint_order"] = "stroke"
        out.append(element(
            "g", words, class_=label.kind or None, fill=fill, font_size=num(label.size),
            text_anchor=None if label.anchor == "start" else label.anchor,
            font_weight="700" if label.strong else None,
            font_family=fonts.family(label.lang, serif=True) if label.serif else None,
            **({} if standalone else stroke),
        ))  # fmt: skip
    return "".join(out)

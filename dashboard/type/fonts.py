"""The shipped fonts: which face shows which text, how wide a text is, which glyph is missing.

A text is set in the first face of its language's list that has the character; measuring uses the
same order as the renderers' own fallback, so that what is measured is what is drawn.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from pathlib import Path
from unicodedata import normalize

import uharfbuzz as hb

from dashboard.dataset import Lang
from dashboard.paths import FONTS

_FAMILIES = json.loads(Path(__file__).with_name("families.json").read_text("utf-8"))
_REGION: dict[str, list[str]] = _FAMILIES["regions"]
_DESIGN: dict[str, str] = _FAMILIES["designs"]
"""What the shipped faces were made from. Files name it first, and their own glyphs go by that name: programs
that take no font from a file (Inkscape, LibreOffice) and only the first of a list then find the design."""
_SYSTEM: dict[str, dict[str, str]] = _FAMILIES["systems"]


class FontError(Exception):
    """A shipped font is not there or not readable. ``str(error)`` is one line that says how to fix it."""


@dataclass(frozen=True)
class Face:
    path: Path

    @cached_property
    def font(self) -> hb.Font:
        """The font as HarfBuzz has it, one unit of its scale a unit of the em."""
        try:
            read = hb.Face(hb.Blob(self.path.read_bytes()))
        except OSError as error:
            raise _unreadable(self.path, type(error).__name__) from None
        if not read.glyph_count:
            raise _unreadable(self.path, "no glyphs")
        return hb.Font(read)

    @cached_property
    def em(self) -> int:
        return int(self.font.face.upem)

    def advance(self, character: str) -> float | None:
        """Return the advance of a character in ems, ``None`` when the face lacks it."""
        glyph = self.font.get_nominal_glyph(ord(character))
        return None if glyph is None else self.font.get_glyph_h_advance(glyph) / self.em


def _unreadable(path: Path, why: str) -> FontError:
    return FontError(
        f"font {path.name} cannot be read ({why}); reinstall pursuit, "
        "or rebuild the fonts with `python -m tools.fonts`"
    )


@cache
def face(name: str, directory: Path = FONTS) -> Face:
    """Return the face ``name`` (``PursuitSansSC-Regular``); :class:`FontError` when it is not shipped."""
    path = directory / f"{name}.otf"
    if not path.is_file():
        raise FontError(
            f"font {path.name} is missing in {directory}; reinstall pursuit, "
            "or rebuild the fonts with `python -m tools.fonts`"
        )
    return Face(path)


def names(lang: Lang, *, strong: bool = False, serif: bool = False) -> tuple[str, ...]:
    if serif:  # the serif is for titles and always bold; what it lacks, the bold sans has
        own = tuple(f"PursuitSerif{r}-Bold" for r in _REGION[lang])
        return own + names(lang, strong=True)
    weight = "Bold" if strong else "Regular"
    own = tuple(f"PursuitSans{r}-{weight}" for r in _REGION[lang])
    return own + tuple(f"PursuitSans{r}-Regular" for r in _REGION[lang] if strong)


def check(langs: Iterable[Lang]) -> None:
    """Raise :class:`FontError` when a face that a picture in one of ``langs`` may need is not there."""
    for lang in langs:
        for name in (*names(lang), *names(lang, serif=True)):
            face(name)


def family(lang: Lang, *, serif: bool = False) -> str:
    """Return the ``font-family`` list for files: the design, our own families, what systems commonly have."""
    kind = "Serif" if serif else "Sans"
    regions = _REGION[lang][:2]
    designs = [f"'{_DESIGN[kind + r]}'" for r in regions]
    own = [f"'Pursuit {kind}{f' {r}' if r else ''}'" for r in regions]
    system = _SYSTEM[kind.lower()]
    return f"{','.join(designs + own)},{system.get(lang, system['zh-Hant'])}"


def design(name: str) -> str:
    """Return the family name by which a file carries the face ``name``; see :func:`family`."""
    return _DESIGN[name.partition("-")[0].removeprefix("Pursuit")]


@lru_cache(maxsize=65536)
def face_of(character: str, lang: Lang, strong: bool, serif: bool) -> str:
    """Return the name of the face a character is set in; ``""`` when none has it."""
    for name in names(lang, strong=strong, serif=serif):
        if face(name).advance(character) is not None:
            return name
    return ""


@lru_cache(maxsize=65536)
def _advance(character: str, lang: Lang, strong: bool, serif: bool) -> float:
    name = face_of(character, lang, strong, serif)
    found = face(name).advance(character) if name else None
    if found is not None:
        return found
    if not character.isprintable():
        return 0.0
    box = face(names(lang, strong=strong)[0])
    return float(box.font.get_glyph_h_advance(0)) / box.em


@lru_cache(maxsize=16384)
def ems(text: str, lang: Lang, strong: bool = False, serif: bool = False) -> float:
    """Return the width of one line of ``text`` in ems (kerning, which only narrows, left out)."""
    return sum(_advance(c, lang, strong, serif) for c in text)


def width(text: str, size: float, lang: Lang, *, strong: bool = False, serif: bool = False) -> float:
    return ems(text, lang, strong, serif) * size


def shown(text: str, lang: Lang) -> str:
    """Return ``text`` as it can be set: an accented letter that does not ship becomes its plain letter."""
    if text.isascii():
        return text
    return "".join(_plain(c) if lacks(c, lang) and not lacks(_plain(c), lang) else c for c in text)


@lru_cache(maxsize=65536)
def lacks(character: str, lang: Lang) -> bool:
    return all(face(n).advance(character) is None for n in names(lang))


def _plain(character: str) -> str:
    return normalize("NFD", character)[0]

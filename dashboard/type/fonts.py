"""The shipped fonts: a character is set in the first face of its language's list that has it.

Measuring uses the same order as the renderers' own fallback, so that what is measured is what is drawn.
"""

import json
from collections.abc import Iterable
from functools import cache, lru_cache
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


@cache
def face(name: str, directory: Path = FONTS) -> hb.Font:
    """Return the face ``name`` (``PursuitSansSC-Regular``); :class:`FontError` when it cannot be read."""
    path = directory / f"{name}.otf"
    try:
        data, why = path.read_bytes(), f"font {path.name} cannot be read (no glyphs)"
    except OSError as error:
        data, why = b"", f"font {path.name} is missing in {directory} ({type(error).__name__})"
    loaded = hb.Face(hb.Blob(data))
    if not loaded.glyph_count:
        raise FontError(f"{why}; reinstall pursuit, or rebuild the fonts with `python -m tools.fonts`")
    return hb.Font(loaded)


def names(lang: Lang, *, strong: bool = False, serif: bool = False) -> tuple[str, ...]:
    if serif:  # the serif is for titles and always bold; what it lacks, the bold sans has
        return tuple(f"PursuitSerif{r}-Bold" for r in _REGION[lang]) + names(lang, strong=True)
    weights = ("Bold", "Regular") if strong else ("Regular",)
    return tuple(f"PursuitSans{r}-{weight}" for weight in weights for r in _REGION[lang])


def check(langs: Iterable[Lang]) -> None:
    """Raise :class:`FontError` when a face that a picture in one of ``langs`` may need is not there."""
    for lang in langs:
        for name in names(lang, serif=True):
            face(name)


def family(lang: Lang, *, serif: bool = False) -> str:
    """Return the ``font-family`` list for files: the design, our own families, what systems commonly have."""
    kind = "Serif" if serif else "Sans"
    regions = _REGION[lang][:2]
    designs = [f"'{_DESIGN[kind + r]}'" for r in regions]
    shipped = [f"'Pursuit {kind}{f' {r}' if r else ''}'" for r in regions]
    system = _SYSTEM[kind.lower()]
    return f"{','.join(designs + shipped)},{system.get(lang, system['zh-Hant'])}"


def design(name: str) -> str:
    return _DESIGN[name.partition("-")[0].removeprefix("Pursuit")]


@lru_cache(maxsize=65536)
def face_of(character: str, lang: Lang, strong: bool = False, serif: bool = False) -> str:
    """Return the name of the face a character is set in; ``""`` when none has it."""
    known = names(lang, strong=strong, serif=serif)
    return next((name for name in known if face(name).get_nominal_glyph(ord(character)) is not None), "")


@lru_cache(maxsize=65536)
def advance(name: str, glyph: int) -> float:
    """Return the advance of a face's glyph in ems, kerning left out."""
    font = face(name)
    return float(font.get_glyph_h_advance(glyph) / font.face.upem)


@lru_cache(maxsize=65536)
def _width_of(character: str, lang: Lang, strong: bool, serif: bool) -> float:
    if name := face_of(character, lang, strong, serif):
        return advance(name, face(name).get_nominal_glyph(ord(character)) or 0)
    # the box that stands for a missing glyph
    return advance(names(lang, strong=strong)[0], 0) if character.isprintable() else 0.0


@lru_cache(maxsize=16384)
def ems(text: str, lang: Lang, strong: bool = False, serif: bool = False) -> float:
    """Return the width of one line of ``text`` in ems (kerning, which only narrows, left out)."""
    return sum(_width_of(c, lang, strong, serif) for c in text)


def width(text: str, size: float, lang: Lang, *, strong: bool = False, serif: bool = False) -> float:
    return ems(text, lang, strong, serif) * size


def without_missing_accents(text: str, lang: Lang) -> str:
    """Return ``text`` as it can be set: an accented letter that does not ship becomes its plain letter."""
    if text.isascii():
        return text
    plain = {c: normalize("NFD", c)[0] for c in set(text) if not face_of(c, lang)}
    return "".join(plain[c] if c in plain and face_of(plain[c], lang) else c for c in text)

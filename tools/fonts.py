"""Rebuild the fonts that ship in ``dashboard/assets/fonts``: ``python -m tools.fonts``.

Run by a developer when `pursuit`'s texts or data use a character that the shipped subsets lack
(``tests/pictures/test_fonts.py`` says so). It needs Noto CJK as Debian packages it
(``apt install fonts-noto-cjk``; ``--noto DIR`` for another place) and the development dependencies.

Written as OpenType, which pictures use:

- ``Pursuit Sans SC`` / ``TC`` (regular, bold) and ``Pursuit Serif SC`` / ``TC`` (bold, for titles): every
  character of the messages and the data, in the regular sans also the 3,755 commonest hanzi (GB 2312
  level 1; for TC their Traditional forms), so that new data shows. The glyphs are those of mainland
  China (SC) and Taiwan (TC).
- ``Pursuit Sans`` / ``Pursuit Serif``: Latin alone, with the quotation marks and dashes as wide as Latin
  wants them (the Chinese faces make them a full em).

And as woff2, for pages: the Latin faces, and the Chinese serif, which phones and many desktops lack
(every system that reads Chinese has a Chinese sans).

The families are renamed, as the Open Font License wants of modified versions that could be taken for
the originals; ``OFL.txt`` ships beside them.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTCollection, TTFont

from dashboard.paths import FONTS, data_dir
from tools.font_coverage import latin, needed

NOTO = Path("/usr/share/fonts/opentype/noto")
FACES = (("Sans", "Regular"), ("Sans", "Bold"), ("Serif", "Bold"))
LATIN_QUOTES = "‘’“”—…·–‹›„‚†‡•‰′″⁄−×÷±°"
"""Taken from the Korean face, which alone keeps them proportional."""


def common_hanzi() -> str:
    """Return the hanzi of GB 2312 level 1, in its order (by pinyin)."""
    cells = (bytes((row, cell)) for row in range(0xB0, 0xD8) for cell in range(0xA1, 0xFF))
    return "".join(c for c in (pair.decode("gb2312", "ignore") for pair in cells) if c)


def traditional(text: str) -> str:
    """Return the Traditional forms (as Taiwan writes them) of ``text``'s characters."""
    from opencc import OpenCC

    return "".join(sorted(set(OpenCC("s2tw").convert(text))))


def in_big5(character: str) -> bool:
    """Return whether Traditional Chinese uses a character; pictures take the others from the SC face."""
    try:
        return bool(character.encode("big5hkscs"))
    except UnicodeEncodeError:
        return ord(character) < 0x3000 or character in "·•—"


def face(noto: Path, family: str, weight: str, region: str) -> TTFont:
    """Return one face of a Noto CJK collection; ``SystemExit`` in one line when it is not there."""
    path = noto / f"Noto{family}CJK-{weight}.ttc"
    if not path.is_file():
        sys.exit(f"{path}: no such file; install Noto CJK (apt install fonts-noto-cjk) or give --noto DIR")
    wanted = f"Noto {family} CJK {region}"
    for font in TTCollection(str(path), lazy=True).fonts:
        if font["name"].getDebugName(16) == wanted or font["name"].getDebugName(1) == wanted:
            return font
    sys.exit(f"{path}: no face {wanted} in it; use Noto CJK 2.x")


def rename(font: TTFont, family: str, weight: str) -> None:
    """Give the font its own family name; copyright and licence entries stay as they are."""
    names = font["name"]
    keep = {0, 7, 8, 9, 11, 13, 14}
    names.names = [n for n in names.names if n.nameID in keep and n.platformID == 3 and n.langID == 0x409]
    full = f"{family} {weight}"
    for name_id, text in ((1, family), (2, weight), (3, full), (4, full), (6, full.replace(" ", ""))):
        names.setName(text, name_id, 3, 1, 0x409)
    if "CFF " in font:
        cff = font["CFF "].cff
        cff.fontNames = [full.replace(" ", "")]
        top = cff.topDictIndex[0]
        top.FullName, top.FamilyName = full, family


def subset_for(font: TTFont, text: str) -> TTFont:
    """Return ``font`` with the glyphs of ``text`` alone, without hints, with kerning and ligatures."""
    options = subset.Options()
    options.layout_features = ["kern", "liga", "ccmp", "locl", "mark", "mkmk"]
    options.hinting = False
    options.notdef_outline = True
    options.name_IDs = ["*"]
    options.drop_tables += ["VORG", "vhea", "vmtx", "BASE", "DSIG"]
    options.recalc_timestamp = False
    chosen = subset.Subsetter(options)
    chosen.populate(text=text)
    chosen.subset(font)
    return font


def write(font: TTFont, path: Path) -> None:
    """Write OpenType and woff2, with the source's own time stamp: the same input, the same bytes."""
    font.recalcTimestamp = False
    font.flavor = None
    font.save(str(path))
    if "SansSC" in path.name or "SansTC" in path.name:
        return  # the few pages without a Chinese sans of their system take the OpenType file
    font.flavor = "woff2"
    font.save(str(path.with_suffix(".woff2")))


def build(noto: Path, out: Path, data: Path) -> list[Path]:
    """Write every face; return the paths."""
    base = needed(data)
    common = common_hanzi()
    texts = {"SC": common, "TC": traditional(common)}
    written = []
    for family, weight in FACES:
        for region, text in texts.items():
            whole = (family, weight) == ("Sans", "Regular")
            own = base if region == "SC" else "".join(filter(in_big5, base))
            font = subset_for(face(noto, family, weight, region), own + (text if whole else ""))
            rename(font, f"Pursuit {family} {region}", weight)
            path = out / f"Pursuit{family}{region}-{weight}.otf"
            write(font, path)
            written.append(path)
        font = face(noto, family, weight, "SC")
        korean = face(noto, family, weight, "KR").getBestCmap()
        for table in font["cmap"].tables:
            if table.isUnicode():
                table.cmap.update({ord(c): korean[ord(c)] for c in LATIN_QUOTES if ord(c) in korean})
        font = subset_for(font, latin() + LATIN_QUOTES)
        rename(font, f"Pursuit {family}", weight)
        path = out / f"Pursuit{family}-{weight}.otf"
        write(font, path)
        written.append(path)
    return written


def main() -> None:
    """Rebuild, and say how large each face is."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--noto", type=Path, default=NOTO, help="where the Noto CJK collections are")
    parser.add_argument("--out", type=Path, default=FONTS)
    parser.add_argument("--data", type=Path, default=data_dir())
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    for path in build(given.noto, given.out, given.data):
        print(f"{path.name:32} {path.stat().st_size:>9,} bytes")


if __name__ == "__main__":
    main()

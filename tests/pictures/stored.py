"""Every figure × language × theme beside its stored picture: thumbnails, a perceptual difference, a report.

    python -m tests.pictures.stored            # compare; report under build/pictures/
    python -m tests.pictures.stored --accept   # look at the report first; stores what is drawn now
    python -m tests.pictures.stored --sheet    # contact sheet of all figures, build/pictures/sheet.html

Stored are thumbnails (a quarter of the article size; an eighth in the dark and the print theme, whose
geometry is the light one's), one file a figure. Fonts ship with the product, so pictures differ only when
drawing does. What a refresh changes (the figures shown, and the words that say them) is no fault of
drawing: such a picture is reported as changed and not compared.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from html import escape
from pathlib import Path

import numpy as np
from PIL import Image

from dashboard.dataset import Dataset, Lang
from dashboard.figures import build
from dashboard.figures.record import Chart
from dashboard.figures.theme import THEMES, Theme
from dashboard.paths import data_dir
from dashboard.pictures import credited, draw, png
from tests.shipped import FIGURES

LANGS: tuple[Lang, ...] = ("zh-Hans", "zh-Hant", "en")
"""One language a face: Hong Kong's pictures differ from Taiwan's in words alone."""
STORED = Path(__file__).resolve().parent / "stored"
FIVE_SECONDS = STORED.with_name("five_seconds.json")
"""What somebody who sees a figure for five seconds says of it: written after looking, one sentence each."""
REPORT = Path(__file__).resolve().parents[2] / "build" / "pictures"
SCALE: dict[Theme, float] = {"light": 0.25, "dark": 0.125, "print": 0.125}
VISIBLE = 7.0
"""A colour difference (CIE 1976 ΔE*ab) that an eye sees in a thumbnail's dot."""
DOTS = {"light": 6, "dark": 3, "print": 3}
"""So many dots must differ visibly before two pictures do."""
META = {"date": "2026-01-01", "version": "0123456789ab", "licence": "CC BY 4.0"}
"""Stands in every picture, whatever the dataset's day: a refresh alone changes nothing."""
Key = tuple[str, Lang, Theme]


@dataclass(frozen=True)
class Difference:
    """One picture beside its stored one: how many dots differ visibly, and the most that one differs."""

    key: Key
    dots: int
    most: float
    why: str = ""

    @property
    def seen(self) -> bool:
        """Whether the two are not the same picture."""
        return bool(self.why) or self.dots >= DOTS[self.key[2]]


def charts(dataset: Dataset) -> Iterator[tuple[str, Lang, Chart]]:
    """Yield every story figure in every language, as files show it, but of a fixed day."""
    for figure in FIGURES:
        for lang in LANGS:
            chart = credited(build(figure, dataset, lang), dataset)
            yield figure, lang, replace(chart, meta={**chart.meta, **META})


def shown(chart: Chart) -> str:
    """Return a digest of what a chart says: its figures and words, not how they are drawn."""
    said = (chart.title, chart.subtitle, chart.notes, chart.empty, chart.alt, chart.meta.get("source", ""))
    return hashlib.sha256(repr((said, chart.table.columns, chart.table.rows)).encode()).hexdigest()[:12]


def thumbnail(chart: Chart, theme: Theme) -> Image.Image:
    """Return a chart's small picture."""
    return Image.open(io.BytesIO(png(draw(chart, theme), scale=SCALE[theme]))).convert("RGB")


def difference(key: Key, old: Image.Image, new: Image.Image) -> Difference:
    """Return how two pictures differ to the eye."""
    if old.size != new.size:
        return Difference(key, 0, 0.0, f"size {old.size} is now {new.size}")
    apart = np.sqrt(((lab(old) - lab(new)) ** 2).sum(axis=2))
    return Difference(key, int((apart > VISIBLE).sum()), float(apart.max()))


def lab(picture: Image.Image) -> np.ndarray:
    """Return a picture in CIELAB (D65): sRGB to XYZ (IEC 61966-2-1), XYZ to L*a*b* (CIE 15)."""
    rgb = np.asarray(picture, dtype=np.float32) / 255
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    matrix = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    xyz = linear @ matrix.T / np.array([0.9505, 1.0, 1.089])
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.stack(
        [116 * f[..., 1] - 16, 500 * (f[..., 0] - f[..., 1]), 200 * (f[..., 1] - f[..., 2])], axis=2
    )


def sheet(pictures: dict[tuple[Lang, Theme], Image.Image]) -> Image.Image:
    """Return a figure's pictures on one sheet: languages across, themes down."""
    wide = [max(p.width for (g, _), p in pictures.items() if g == lang) for lang in LANGS]
    high = [max(p.height for (_, t), p in pictures.items() if t == theme) for theme in THEMES]
    out = Image.new("RGB", (sum(wide), sum(high)))
    for (lang, theme), picture in pictures.items():
        out.paste(picture, (sum(wide[: LANGS.index(lang)]), sum(high[: THEMES.index(theme)])))
    return out


class Store:
    """The stored pictures, and an index of what each showed and where it stands on its figure's sheet."""

    def __init__(self, directory: Path = STORED) -> None:
        self.directory = directory
        path = directory / "index.json"
        self.index: dict[str, dict[str, str]] = json.loads(path.read_text("utf-8")) if path.is_file() else {}

    def read(self, figure: str) -> dict[tuple[Lang, Theme], Image.Image]:
        """Return a figure's stored pictures; empty when there are none."""
        path = self.directory / f"{figure}.webp"
        if not path.is_file():
            return {}
        whole = Image.open(path).convert("RGB")
        out = {}
        for name, place in self.index.get(figure, {}).items():
            lang, _, theme = name.partition(" ")
            if theme:
                box = tuple(int(n) for n in place.split(","))
                out[lang, theme] = whole.crop(box)
        return out  # type: ignore[return-value]

    def write(
        self, figure: str, said: dict[Lang, str], pictures: dict[tuple[Lang, Theme], Image.Image]
    ) -> None:
        """Store a figure's pictures."""
        self.directory.mkdir(exist_ok=True)
        wide = [max(p.width for (g, _), p in pictures.items() if g == lang) for lang in LANGS]
        high = [max(p.height for (_, t), p in pictures.items() if t == theme) for theme in THEMES]
        entry: dict[str, str] = dict(said)
        for (lang, theme), p in pictures.items():
            x, y = sum(wide[: LANGS.index(lang)]), sum(high[: THEMES.index(theme)])
            entry[f"{lang} {theme}"] = f"{x},{y},{x + p.width},{y + p.height}"
        sheet(pictures).save(self.directory / f"{figure}.webp", lossless=True, quality=60, method=3)
        self.index[figure] = entry

    def save(self) -> None:
        """Write the index; figures that are no more go."""
        known = FIGURES
        self.index = {f: self.index[f] for f in sorted(self.index) if f in known}
        for path in self.directory.glob("*.webp"):
            if path.stem not in known:
                path.unlink()
        text = json.dumps(self.index, indent=1, ensure_ascii=False) + "\n"
        (self.directory / "index.json").write_text(text, "utf-8")


def compare(dataset: Dataset, store: Store) -> tuple[list[Difference], list[str]]:
    """Return all comparisons, and the pictures (``figure.lang``) that say something else than stored."""
    found: list[Difference] = []
    changed: list[str] = []
    for figure, lang, chart in charts(dataset):
        old = store.read(figure)
        if old and store.index[figure].get(lang) != shown(chart):
            changed.append(f"{figure}.{lang}")
            continue
        for theme in THEMES:
            key: Key = (figure, lang, theme)
            if (lang, theme) in old:
                found.append(difference(key, old[lang, theme], thumbnail(chart, theme)))
            else:
                found.append(Difference(key, 0, 0.0, "is not stored"))
    return found, changed


def report(dataset: Dataset, store: Store, wrong: list[Difference], changed: list[str]) -> Path:
    """Write a page with every picture that differs: stored, now, and where they differ."""
    REPORT.mkdir(parents=True, exist_ok=True)
    rows = []
    drawn = {(f, g): c for f, g, c in charts(dataset)}
    for one in wrong:
        figure, lang, theme = one.key
        name = f"{figure}.{lang}.{theme}"
        picture = draw(drawn[figure, lang], theme).svg(embed_fonts=True)
        (REPORT / f"{name}.svg").write_text(picture, "utf-8")
        new, old = thumbnail(drawn[figure, lang], theme), store.read(figure).get((lang, theme))
        cells = [f"<td><img src='{name}.svg' width=480></td>"]
        if old is not None:
            old.save(REPORT / f"{name}.old.png")
            cells.insert(0, f"<td><img src='{name}.old.png' width=480></td>")
            if old.size == new.size:
                apart = np.clip(np.sqrt(((lab(old) - lab(new)) ** 2).sum(axis=2)) * 5, 0, 255)
                Image.fromarray(255 - apart.astype(np.uint8)).save(REPORT / f"{name}.apart.png")
                cells.append(f"<td><img src='{name}.apart.png' width=480></td>")
        said = one.why or f"{one.dots} dots differ, ΔE up to {one.most:.0f}"
        rows.append(f"<tr><th colspan=3>{escape(name)}: {escape(said)}</th></tr><tr>{''.join(cells)}</tr>")
    told = f"<p>Not compared, since what they say changed: {escape(', '.join(changed)) or 'none'}.</p>"
    page = f"<!doctype html><meta charset=utf-8><title>Pictures</title>{told}<table>{''.join(rows)}</table>"
    path = REPORT / "report.html"
    path.write_text(page, "utf-8")
    return path


def accept(dataset: Dataset, store: Store) -> None:
    """Store every picture as it is drawn now."""
    said: dict[str, dict[Lang, str]] = {}
    drawn: dict[str, dict[tuple[Lang, Theme], Image.Image]] = {}
    for figure, lang, chart in charts(dataset):
        said.setdefault(figure, {})[lang] = shown(chart)
        for theme in THEMES:
            drawn.setdefault(figure, {})[lang, theme] = thumbnail(chart, theme)
    for figure in drawn:
        store.write(figure, said[figure], drawn[figure])
    store.save()


def contact_sheet(dataset: Dataset) -> Path:
    """Write a page of all figures: title, what a reader takes from it in five seconds, article and phone."""
    REPORT.mkdir(parents=True, exist_ok=True)
    glances = json.loads(FIVE_SECONDS.read_text("utf-8"))
    cells = []
    for figure in FIGURES:
        cells.append(f"<h2>{escape(build(figure, dataset, 'en').title)}</h2><p>{escape(glances[figure])}</p>")
        for lang in LANGS:
            for form, width in (("wide", 480), ("narrow", 270)):
                name = f"{figure}.{lang}.{form}.svg"
                picture = draw(build(figure, dataset, lang, form))
                (REPORT / name).write_text(picture.svg(embed_fonts=True), "utf-8")
                cells.append(f"<img src='{name}' width={width} loading=lazy alt='{escape(name)}'>")
    path = REPORT / "sheet.html"
    style = "body{font-family:sans-serif}img{vertical-align:top;margin:4px}"
    head = f"<!doctype html><meta charset=utf-8><title>Contact sheet</title><style>{style}</style>"
    path.write_text(head + "".join(cells), "utf-8")
    return path


def main() -> int:
    """Compare, accept, or lay out a contact sheet."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--accept", action="store_true", help="store every picture as it is drawn now")
    parser.add_argument("--sheet", action="store_true", help="write a contact sheet instead")
    given = parser.parse_args()
    dataset, store = Dataset.load(data_dir()), Store()
    if given.sheet:
        print(contact_sheet(dataset))
        return 0
    if given.accept:
        accept(dataset, store)
        return 0
    found, changed = compare(dataset, store)
    wrong = [d for d in found if d.seen]
    print(f"{len(found)} compared, {len(wrong)} differ, {len(changed)} say something else now")
    print(report(dataset, store, wrong, changed))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())

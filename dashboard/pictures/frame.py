"""What stands around a plot in a file: title, subtitle, sources, notes, date, licence, mark."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import cast
from xml.sax.saxutils import escape

from dashboard import locale
from dashboard.dataset import Lang
from dashboard.figures.layout import Placed, place
from dashboard.figures.record import FORMS, Cells, Chart, Dots
from dashboard.figures.theme import Theme
from dashboard.pictures.elements import PaintResolver, element, text_element
from dashboard.pictures.embed import Run
from dashboard.type import fonts
from dashboard.type.text import wrap

GROWS = (720, 405)
"""Above this size in pixels a picture is drawn larger, not with more room: a slide is read from afar."""
SMALLER = 0.8
"""Of the largest type a picture could have: rather than under this, notes of a chart of many rows go."""
LEAST_PLOT = 120
RDF = (
    'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:dcterms="http://purl.org/dc/terms/"'
)


@dataclass(frozen=True)
class Words:
    """Lines of one kind in the frame; ``y`` is the first baseline."""

    lines: tuple[str, ...]
    x: float
    y: float
    size: float
    role: str = "muted"
    leading: float = 1.4
    serif: bool = False
    strong: bool = False
    anchor: str = "start"
    kind: str = ""


@dataclass(frozen=True)
class Frame:
    """A picture laid out, in its own units; ``zoom`` makes pixels of them."""

    chart: Chart
    width: float
    height: float
    zoom: float
    left: float
    top: float
    placed: Placed
    words: tuple[Words, ...]
    rules: tuple[float, ...]

    def elements(self, ink: PaintResolver) -> Iterator[str]:
        """Yield the texts and lines around the plot."""
        for y in self.rules:
            yield element(
                "line", x1=self.left, x2=self.width - self.left, y1=y, y2=y, stroke=ink.role("rule"),
                class_="frame",
            )  # fmt: skip
        lang = cast(Lang, self.chart.lang)
        for words in self.words:
            yield text_element(
                words.lines, words.x, words.y, words.size, words.leading, font_size=f"{words.size:g}",
                fill=ink.role(words.role), font_weight="700" if words.strong else None,
                font_family=fonts.family(lang, serif=True) if words.serif else None,
                text_anchor=None if words.anchor == "start" else words.anchor, class_=words.kind or None,
            )  # fmt: skip

    def runs(self) -> Iterator[Run]:
        """Yield every text of the picture with how it is set."""
        for words in self.words:
            for line in words.lines:
                yield line, words.strong, words.serif
        for label in self.placed.labels:
            for line in label.lines:
                yield line, label.strong, False

    def metadata(self) -> str:
        """Return what software reads about the picture, as Dublin Core."""
        chart = self.chart
        about = {
            "dc:title": chart.title,
            "dc:description": chart.subtitle,
            "dc:source": chart.meta.get("source", ""),
            "dc:date": chart.meta.get("date", ""),
            "dc:identifier": chart.id,
            "dcterms:isVersionOf": chart.meta.get("version", ""),
            "dc:rights": chart.meta.get("licence", ""),
            "dc:language": chart.lang,
            "dc:creator": "Pursuit",
        }
        body = "".join(f"<{k}>{escape(v)}</{k}>" for k, v in about.items() if v)
        return (
            f'<metadata><rdf:RDF {RDF}><rdf:Description rdf:about="">{body}</rdf:Description></rdf:RDF>'
            "</metadata>"
        )


def framed(chart: Chart, theme: Theme, width: int, height: int | None) -> Frame:
    """Lay a picture out for ``width`` pixels and, if given, ``height``.

    Notes give way first when the height is short. Raises ``ValueError`` when no plot fits.
    """
    del theme  # the frame's geometry is the same in every theme; kept for the renderers' symmetry
    largest = max(1.0, min(width / GROWS[0], (height or GROWS[1] * 99) / GROWS[1]))
    zoom, wanted = largest, _wanted(chart)
    while True:
        # a plot that wants its height (many rows) gets more room: by smaller type, then by fewer notes
        least = wanted if zoom < SMALLER * largest else 0.0
        fit = _fit(chart, width / zoom, height / zoom if height else None, least)
        if zoom == 1.0 or fit.room >= min(wanted, fit.natural):
            break
        zoom = max(1.0, zoom * 0.95)
    if fit.room < LEAST_PLOT:
        raise ValueError(
            f"{chart.id}: {width} × {height} pixels leave no room for a plot under its title; "
            "make the picture larger"
        )
    placed = place(chart, fit.inner, fit.room)
    end = fit.top + fit.room
    words = (*fit.head, *(replace(w, y=w.y + end) for w in fit.foot))
    rules = tuple(r + end for r in fit.rules)
    return Frame(chart, width / zoom, fit.height, zoom, fit.pad, fit.top, placed, words, rules)


def _wanted(chart: Chart) -> float:
    """Return the least height of a plot with a height of its own that still shows all it has to say.

    Fields and bars can be lower than they are on a page; rows of points with labels between them cannot.
    """
    kinds = {type(mark) for mark in chart.marks}
    share = 0.66 if Cells in kinds else 1.0 if Dots in kinds else 0.75
    return share * (chart.height or 0)


@dataclass(frozen=True)
class _Fit:
    """A frame measured out: how much room is left for the plot."""

    pad: float
    inner: float
    head: list[Words]
    foot: list[Words]
    rules: list[float]
    top: float
    natural: float
    height: float
    room: float


def _fit(chart: Chart, wide: float, high: float | None, least: float) -> _Fit:
    """Measure a frame; notes give way when a given height is short, or the plot lower than ``least``."""
    narrow = wide < 480
    pad = 16.0 if narrow else 22.0
    inner = wide - 2 * pad
    lang = cast(Lang, chart.lang)
    head, y = _head(chart, lang, pad, inner, narrow)
    top = y + 8
    natural = float(chart.height or FORMS[chart.form][1])
    if chart.empty and not chart.marks:
        natural = min(natural, 200.0)
    for notes in range(len(chart.notes), -1, -1):
        foot, rules, deep = _foot(chart, lang, pad, inner, notes, short=high is not None)
        whole = high or top + natural + deep
        room = whole - top - deep
        if room >= LEAST_PLOT and (notes == 0 or room >= max(least, min(natural * 0.55, 220))):
            break
    return _Fit(pad, inner, head, foot, rules, top, natural, whole, room)


def _head(chart: Chart, lang: Lang, pad: float, inner: float, narrow: bool) -> tuple[list[Words], float]:
    """Return title and subtitle, and where they end."""
    size = 17.0 if narrow else 20.0
    names = _names(chart)
    title = wrap(chart.title, inner, size, lang, serif=True, balanced=True, max_lines=4, whole=names)
    y = pad + size * 0.85
    words = []
    if title:
        words.append(Words(tuple(title), pad, y, size, "ink", 1.28, serif=True, strong=True, kind="title"))
        y += (len(title) - 1) * size * 1.28
    small = 12.5
    subtitle = wrap(chart.subtitle, inner, small, lang, max_lines=3, whole=names)
    if subtitle:
        y += 21
        words.append(Words(tuple(subtitle), pad, y, small, leading=1.35, kind="subtitle"))
        y += (len(subtitle) - 1) * small * 1.35
    return words, y + 6


def _foot(
    chart: Chart, lang: Lang, pad: float, inner: float, notes: int, *, short: bool
) -> tuple[list[Words], list[float], float]:
    """Return the words under the plot, its rules, and its depth; heights count from the plot's end."""
    size, leading = 10.5, 1.42
    y = 10.0
    rules = [y]
    y += 18
    words = []
    source = chart.meta.get("source", "")
    paragraphs = (
        [(locale.text("export.source", lang, names=source), "source", 3 if short else 8)] if source else []
    )
    if notes:
        most = 4 if short else 24
        while notes > 1 and _deep(_sentences(chart.notes[:notes], lang), inner, size, chart) > most:
            notes -= 1  # rather fewer notes than one that breaks off
        paragraphs.append((_sentences(chart.notes[:notes], lang), "note", most))
    for text, kind, most in paragraphs:
        lines = wrap(text, inner, size, lang, max_lines=most, whole=_names(chart))
        words.append(Words(tuple(lines), pad, y, size, leading=leading, kind=kind))
        y += len(lines) * size * leading + 1
    mark = locale.text("export.mark", lang)
    mark_size = 12.0
    room = inner - fonts.width(mark, mark_size, lang, serif=True) - 16
    lines = wrap(_credit(chart, lang), room, size, lang, max_lines=2)
    if lines:
        words.append(Words(tuple(lines), pad, y + 1, size, leading=leading, kind="credit"))
    y += max(0, len(lines) - 1) * size * leading
    words.append(
        Words(
            (mark,), pad + inner, y + 1, mark_size, "ink", serif=True, strong=True, anchor="end", kind="mark"
        )
    )
    return words, rules, y + 16


def _deep(text: str, inner: float, size: float, chart: Chart) -> int:
    """Return how many lines a paragraph takes."""
    return len(wrap(text, inner, size, cast(Lang, chart.lang), whole=_names(chart)))


def _names(chart: Chart) -> list[str]:
    """Return the names that a line must not break."""
    return [name for name in chart.meta.get("names", "").split("\n") if name]


def _sentences(notes: Sequence[str], lang: Lang) -> str:
    """Return notes as one paragraph, each a sentence with its stop."""
    stop, space = (".", " ") if lang == "en" else ("。", "")
    said = (n.rstrip("。. ;；") + stop for n in notes)
    return locale.text("export.note", lang, text=space.join(said))


def _credit(chart: Chart, lang: Lang) -> str:
    """Return date, dataset version and licence in one line; what is not known is left out."""
    meta = chart.meta
    parts = [
        locale.text(f"export.{key}", lang, **{key: meta[key]}).replace(" ", "\u00a0")
        for key in ("date", "version", "licence")
        if meta.get(key)
    ]
    return " · ".join(parts)

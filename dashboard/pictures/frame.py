"""What surrounds a plot in a file: title, subtitle, notes; where it comes from: sources, date, licence."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from dashboard import locale
from dashboard.dataset import Dataset, Lang
from dashboard.figures.geometry import Label, Placed
from dashboard.figures.layout import place
from dashboard.figures.record import Cells, Chart, Dots
from dashboard.figures.source_line import source_line
from dashboard.type import fonts
from dashboard.type.text import wrap

SCALE_UP_FROM = (720, 405)
"""Above this size in pixels a picture is drawn larger, not with more room: a slide is read from afar."""
MIN_SCALE = 0.8
"""Of the largest type a picture could have: rather than under this, notes of a chart of many rows go."""
PROJECTOR, LEGIBLE = 1280, 12.0
"""A picture so many pixels wide is read from afar: its smallest type has this many pixels."""
SMALL, LEADING = 10.5, 1.42
"""Type of sources and notes."""
LEAST_PLOT = 120
LONGEST_UNBROKEN_MEASURE = 8
LICENCE = "CC BY 4.0"
"""Of our figures and texts; the documents behind them keep their own."""


@dataclass(eq=False)
class Column:
    """Words one under another, ``width`` pixels wide; ``y`` is where the last stand, at first the top."""

    lang: Lang
    x: float
    y: float
    width: float
    unbroken: Sequence[str] = ()
    """Names that no line breaks."""
    texts: list[Label] = field(default_factory=list)

    def add(
        self, text: str, size: float, max_lines: int, role: str = "muted", *, down: float,
        leading: float = LEADING, serif: bool = False, strong: bool = False, balanced: bool = False,
        indent: float = 0.0, after: float = 0.0, kind: str = "",
    ) -> None:  # fmt: skip
        """Set text in at most ``max_lines`` lines, the first baseline ``down`` pixels below what is above."""
        lines = wrap(
            text, self.width - indent, size, self.lang, strong=strong, serif=serif, max_lines=max_lines,
            balanced=balanced, unbroken=self.unbroken,
        )  # fmt: skip
        if lines:
            self.y += down
            self.texts.append(Label(
                kind, tuple(lines), self.x + indent, self.y, "start", size, role, self.lang,
                strong=strong or serif, serif=serif, leading=leading,
            ))  # fmt: skip
            self.y += (len(lines) - 1) * size * leading + after


@dataclass(frozen=True)
class Frame:
    """A picture laid out, in its own units; ``zoom`` makes pixels of them."""

    chart: Chart
    width: float
    height: float
    zoom: float
    left: float
    top: float
    room: float
    """Height of the plot."""
    texts: tuple[Label, ...]

    @cached_property
    def placed(self) -> Placed:
        return place(self.chart, self.width - 2 * self.left, self.room)


def framed(chart: Chart, width: int, height: int | None = None) -> Frame:
    """Lay a picture out for ``width`` pixels and, if given, ``height``.

    Notes give way first when the height is short. Raises ``ValueError`` when no plot fits.
    """
    largest = max(1.0, min(width / SCALE_UP_FROM[0], (height or SCALE_UP_FROM[1] * 99) / SCALE_UP_FROM[1]))
    smallest = min(largest, LEGIBLE / SMALL) if width >= PROJECTOR else 1.0
    # fields and bars can be lower than they are on a page; rows of points with labels between them cannot
    kinds = {type(mark) for mark in chart.marks}
    wanted = (chart.height or 0) * (0.66 if Cells in kinds else 1.0 if Dots in kinds else 0.75)
    zoom = largest
    natural = min(chart.size[1], 200.0) if chart.empty and not chart.marks else chart.size[1]
    while True:
        # a plot that wants its height (many rows) gets more room: by smaller type, then by fewer notes
        least = wanted if zoom < MIN_SCALE * largest else 0.0
        frame = _fit(chart, width / zoom, height / zoom if height else None, zoom, natural, least)
        if zoom == smallest or frame.room >= min(wanted, natural):
            break
        zoom = max(smallest, zoom * 0.95)
    if frame.room < LEAST_PLOT:
        raise ValueError(
            f"{chart.id}: {width} × {height} pixels leave no room for a plot under its title; "
            "make the picture larger"
        )
    return frame


def _fit(chart: Chart, wide: float, high: float | None, zoom: float, natural: float, least: float) -> Frame:
    """Lay a frame out; notes give way when a given height is short, or the plot lower than ``least``."""
    pad, size = (16.0, 17.0) if wide < 480 else (22.0, 20.0)
    names = chart.meta.get("names", "").split("\n")
    head = Column(chart.lang, pad, pad, wide - 2 * pad, names)
    head.add(
        chart.title, size, 4, "ink", down=size * 0.85, leading=1.28, serif=True, balanced=True, kind="title"
    )
    head.add(chart.subtitle, 12.5, 3, down=21, leading=1.35, kind="subtitle")
    top = head.y + 14
    for notes in range(len(chart.notes), -1, -1):
        foot = Column(chart.lang, pad, 10, wide - 2 * pad, names)  # from the plot's end
        _set_foot(foot, chart, notes, short=high is not None)
        whole = high or top + natural + foot.y
        room = whole - top - foot.y
        if room >= LEAST_PLOT and (notes == 0 or room >= max(least, min(natural * 0.55, 220))):
            break
    texts = (*head.texts, *(label.moved(0, top + room) for label in foot.texts))
    return Frame(chart, wide, whole, zoom, pad, top, room, texts)


def _set_foot(foot: Column, chart: Chart, notes: int, *, short: bool) -> None:
    """Set what stands under a plot: sources, notes, date and licence, the mark."""
    lang, down = foot.lang, 18.0
    if source := chart.meta.get("source", ""):
        words = locale.text("export.source", lang, names=source)
        foot.add(words, SMALL, 3 if short else 8, down=down, kind="source")
        down = SMALL * LEADING + 1
    if notes:
        most = 4 if short else 24
        while notes > 1 and most < len(
            wrap(_sentences(chart.notes[:notes], lang), foot.width, SMALL, lang, unbroken=foot.unbroken)
        ):
            notes -= 1  # rather fewer notes than one that breaks off
        foot.add(_sentences(chart.notes[:notes], lang), SMALL, most, down=down, kind="note")
        down = SMALL * LEADING + 1
    mark, size = locale.text("export.mark", lang), 12.0
    words, room = credit_line(chart), foot.width - fonts.width(mark, size, lang, serif=True) - 16
    credit = Column(lang, foot.x, foot.y, room, words.split(" · "))
    credit.add(words, SMALL, 2, down=down + 1, kind="credit")
    foot.y = max(foot.y + down + 1, credit.y)
    right = foot.x + foot.width
    foot.texts += credit.texts
    foot.texts.append(
        Label("mark", (mark,), right, foot.y, "end", size, "ink", lang, strong=True, serif=True)
    )
    foot.y += 15


def _sentences(notes: Sequence[str], lang: Lang) -> str:
    stop, space = (".", " ") if lang == "en" else ("。", "")
    sentences = (n.rstrip("。. ;；") + stop for n in notes)
    return locale.text("export.note", lang, text=space.join(sentences))


def credit_line(chart: Chart) -> str:
    """Return date, dataset version and licence in one line; what is not known is left out."""
    parts = [
        locale.text(f"export.{key}", chart.lang, **{key: chart.meta[key]}).replace(" ", "\u00a0")
        for key in ("date", "version", "licence")
        if chart.meta.get(key)
    ]
    return " · ".join(parts)


def credited(chart: Chart, dataset: Dataset) -> Chart:
    """Return the chart with ``meta`` filled for the frame; ``names`` are what no line breaks, one a line.

    The date is the newest retrieval among the chart's sources, else the dataset's.
    """
    sources = [dataset.sources[s] for s in chart.sources if s in dataset.sources]
    words = f"{chart.title}{chart.subtitle}{''.join(chart.notes)}" if chart.lang != "en" else ""
    names = {e.name(chart.lang) for e in dataset.entities.values()}
    names |= {
        n for i in dataset.indicators.values() if len(n := i.name(chart.lang)) <= LONGEST_UNBROKEN_MEASURE
    }
    about = {
        "source": source_line(dataset, chart.sources, chart.lang),
        "date": max((s.retrieved[:10] for s in sources if s.retrieved), default="") or dataset.collected,
        "version": dataset.version,
        "licence": LICENCE,
        "names": "\n".join(sorted(name for name in names if len(name) > 1 and name in words)),
    }
    return replace(chart, meta={**about, **chart.meta})

"""The text alternative of a chart: what it shows, trend, extremes, gap, source, all from its data."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard import locale
from dashboard.figures.formatter import Formatter
from dashboard.figures.series import Series
from dashboard.figures.source_line import source_line

MOST = 8
"""Series described one by one; a listener loses the thread beyond that, and the table has them all."""

DRAWN_THROUGH = frozenset({"lines", "bars"})
"""Kinds of charts that draw every year of a series, so that a missing one is a gap in the figures."""
UNMEASURED = frozenset({"rank", "degrees", "%"})
"""Units in which the distance of two values is no value of that unit."""


def alt_text(
    scene: Formatter, kind: str, title: str, series: Sequence[Series], sources: Sequence[str]
) -> str:
    """Return the chart in words: ``kind`` names a message ``figures.alt.kind.<kind>``."""
    parts = [scene.msg(f"alt.kind.{kind}"), sentence(title, scene.lang)]
    parts += [one(scene, s, gaps=kind in DRAWN_THROUGH) for s in series[:MOST]]
    if len(series) > MOST:
        parts.append(scene.msg("alt.more", count=len(series) - MOST))
    parts.append(distance(scene, series))
    if names := source_line(scene.data, sources, scene.lang):
        parts.append(scene.msg("alt.source", names=names))
    gap = " " if scene.lang == "en" else ""
    return gap.join(p for p in parts if p)


def one(scene: Formatter, series: Series, *, gaps: bool = True) -> str:
    """Describe one series: first, last, highest, lowest, missing years; a single figure is just said.

    A smaller rank is a higher one. ``gaps`` names the years without a figure: only for charts that draw
    every year, others leave years out on purpose.
    """
    first, last = series.first, series.last
    if len(series.data) == 1:
        return scene.msg("alt.single", name=series.label, period=scene.fmt_period(last.period),
                         value=scene.fmt(last.value, series.unit))  # fmt: skip
    high, low = series.peak, min(series.data, key=lambda d: d.value)
    rise = last.value - first.value
    if series.unit == "rank":
        high, low, rise = low, max(series.data, key=lambda d: d.value), -rise
    trend = "up" if rise > 0 else "down" if rise < 0 else "flat"
    said = scene.msg(
        f"alt.series.{trend}", name=series.label,
        first=scene.fmt(first.value, series.unit), since=scene.fmt_period(first.period),
        last=scene.fmt(last.value, series.unit), until=scene.fmt_period(last.period),
    )  # fmt: skip
    inner = [
        (k, d) for k, d in (("highest", high), ("lowest", low)) if d.period not in (first.period, last.period)
    ]
    said += "".join(
        scene.msg(f"alt.{k}", value=scene.fmt(d.value, series.unit), period=scene.fmt_period(d.period))
        for k, d in inner
    )
    said += scene.msg("alt.stop")
    lost = missing_years(series) if gaps else []
    return said + (scene.msg("alt.missing", years=locale.join(lost, scene.lang)) if lost else "")


def missing_years(series: Series) -> list[str]:
    """Return the years inside an annual series that have no figure, runs written as a span."""
    if any(len(d.period) != 4 for d in series.data):
        return []
    have = {int(d.period) for d in series.data}
    lost = [y for y in range(min(have), max(have)) if y not in have]
    runs: list[list[int]] = []
    for y in lost:
        if runs and y == runs[-1][1] + 1:
            runs[-1][1] = y
        else:
            runs.append([y, y])
    return [scene_span(a, b) for a, b in runs]


def scene_span(first: int, last: int) -> str:
    """Write years as ``2001`` or ``2001–2004``."""
    return str(first) if first == last else f"{first}–{last}"


def distance(scene: Formatter, series: Sequence[Series]) -> str:
    """Say how far Shenzhen and Hangzhou are apart in the last period both have, where both are shown."""
    pair = {s.id: s for s in series}
    a, b = pair.get("shenzhen"), pair.get("hangzhou")
    if a is None or b is None or a.unit != b.unit or a.unit in UNMEASURED:
        return ""
    common = [d.period for d in a.data if b.at(d.period)]
    if not common:
        return ""
    x, y = a.at(common[-1]), b.at(common[-1])
    assert x is not None  # noqa: S101  both have the period
    assert y is not None  # noqa: S101
    return scene.msg("alt.gap", a=a.label, b=b.label, period=scene.fmt_period(common[-1]),
                     gap=scene.fmt(abs(x.value - y.value), a.unit))  # fmt: skip


def sentence(words: str, lang: str) -> str:
    """Return ``words`` ending as a sentence does."""
    return (
        words
        if words.endswith((".", "。", "?", "？", "!", "！"))
        else words + ("." if lang == "en" else "。")
    )

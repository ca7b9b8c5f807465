"""The text alternative of a chart: what it shows, trend, extremes, gap, source, all from its data."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from dashboard import locale
from dashboard.figures.formatter import Formatter
from dashboard.figures.series import Datum, Series
from dashboard.figures.source_line import source_line

MOST = 8
"""Series described one by one; a listener loses the thread beyond that, and the table has them all."""

DRAWN_THROUGH = frozenset({"lines", "bars"})
"""Kinds of charts that draw every year of a series, so that a missing one is a gap in the figures."""
UNMEASURED = frozenset({"rank", "degrees", "%"})
"""Units in which the distance of two values is no value of that unit."""


def alt_text(c: Formatter, kind: str, title: str, series: Sequence[Series], sources: Sequence[str]) -> str:
    """Return the chart in words: ``kind`` names a message ``figures.alt.kind.<kind>``."""
    stop = "" if title.endswith((".", "。", "?", "？", "!", "！")) else "." if c.lang == "en" else "。"
    parts = [c.msg(f"alt.kind.{kind}"), title + stop]
    parts += [describe_series(c, s, gaps=kind in DRAWN_THROUGH) for s in series[:MOST]]
    if len(series) > MOST:
        parts.append(c.msg("alt.more", count=len(series) - MOST))
    parts.append(_distance(c, series))
    if names := source_line(c.data, sources, c.lang):
        parts.append(c.msg("alt.source", names=names))
    return (" " if c.lang == "en" else "").join(p for p in parts if p)


def describe_series(c: Formatter, series: Series, *, gaps: bool = True) -> str:
    """Describe one series: first, last, highest, lowest, missing years; a single figure is just said.

    A smaller rank is a higher one. ``gaps`` names the years without a figure: only for charts that draw
    every year, others leave years out on purpose.
    """
    first, last = series.first, series.last

    def value(d: Datum) -> str:
        return c.fmt(d.value, series.unit)

    if len(series.data) == 1:
        return c.msg("alt.single", name=series.label, period=c.fmt_period(last.period), value=value(last))
    high, low = series.peak, min(series.data, key=lambda d: d.value)
    rise = last.value - first.value
    if series.unit == "rank":
        high, low, rise = low, max(series.data, key=lambda d: d.value), -rise
    words = c.msg(
        f"alt.series.{'up' if rise > 0 else 'down' if rise < 0 else 'flat'}", name=series.label,
        first=value(first), since=c.fmt_period(first.period),
        last=value(last), until=c.fmt_period(last.period),
    )  # fmt: skip
    for key, d in (("highest", high), ("lowest", low)):
        if d.period not in (first.period, last.period):
            words += c.msg(f"alt.{key}", value=value(d), period=c.fmt_period(d.period))
    words += c.msg("alt.stop")
    missing = _missing_years(c, series) if gaps else []
    return words + (c.msg("alt.missing", years=locale.join(missing, c.lang)) if missing else "")


def _missing_years(c: Formatter, series: Series) -> list[str]:
    """Return the years inside an annual series that have no figure, runs written as a span."""
    if any(len(d.period) != 4 for d in series.data):
        return []
    known = {int(d.period) for d in series.data}
    missing = [y for y in range(min(known), max(known)) if y not in known]
    runs = [[str(y) for _, y in run] for _, run in groupby(enumerate(missing), key=lambda p: p[1] - p[0])]
    return [c.fmt_span(run[0], run[-1]) for run in runs]


def _distance(c: Formatter, series: Sequence[Series]) -> str:
    """Say how far Shenzhen and Hangzhou are apart in the last period both have, where both are shown."""
    pair = {s.id: s for s in series}
    a, b = pair.get("shenzhen"), pair.get("hangzhou")
    if a is None or b is None or a.unit != b.unit or a.unit in UNMEASURED:
        return ""
    common = [(x, y) for x in a.data if (y := b.at(x.period))]
    if not common:
        return ""
    x, y = common[-1]
    gap = c.fmt(abs(x.value - y.value), a.unit)
    return c.msg("alt.gap", a=a.label, b=b.label, period=c.fmt_period(x.period), gap=gap)

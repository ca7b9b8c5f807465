"""The picture and the plotly figure of every story figure, mark by mark: places, colours, words."""

from __future__ import annotations

import math
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from typing import Any

import pytest

from dashboard.dataset import Dataset
from dashboard.figures import build
from dashboard.figures.plotly import to_plotly
from dashboard.figures.record import FORMS, Form
from dashboard.pictures import svg
from tests.shipped import FIGURES

NS = "{http://www.w3.org/2000/svg}"
Place = tuple[float, float]
Drawn = tuple[str, str, tuple[Place, ...]]
"""A mark as either renderer draws it: its kind, its colour, its places in pixels."""


class Pixels:
    """Where plotly puts a value, by its own layout."""

    def __init__(self, layout: dict[str, Any]) -> None:
        self.layout, m = layout, layout["margin"]
        self.box = (m["l"], m["t"], layout["width"] - m["r"], layout["height"] - m["b"])

    def __call__(self, x: float, y: float) -> Place:
        """Return the pixels of a place on both axes."""
        left, top, right, bottom = self.box
        across, up = self._share("xaxis", x), self._share("yaxis", y)
        return left + across * (right - left), bottom - up * (bottom - top)

    def _share(self, name: str, value: float) -> float:
        axis = self.layout[name]
        low, high = axis["range"]
        return ((math.log10(value) if axis["type"] == "log" else value) - low) / (high - low)


def of_plotly(figure: dict[str, Any]) -> Iterator[Drawn]:
    """Yield lines, dots, bars and fields of a plotly figure."""
    at = Pixels(figure["layout"])
    for t in figure["data"]:
        points = [p for p in zip(t["x"], t["y"], strict=True) if None not in p]
        if t["type"] == "bar":
            for n, (x, y) in enumerate(points):
                base, lying = t["base"][n], t["orientation"] == "h"
                ends = ((base, y), (base + x, y)) if lying else ((x, base), (x, base + y))
                yield "bar", t["marker"]["color"][n], tuple(sorted(at(*e) for e in ends))
        elif t["mode"].startswith("lines") and "meta" in t:
            drawn = [p for run in runs(t["x"], t["y"]) if len(run) > 1 for p in run]
            if drawn:  # figures between two gaps are points
                yield "line", t["line"]["color"], tuple(at(*p) for p in drawn)
        elif t["mode"] == "markers" and t["marker"].get("opacity") == 1:
            ring = t["marker"]["line"]["width"] >= 1.8
            colour = t["marker"]["line" if ring else "color"]
            for p in points:
                yield "dot", colour["color"] if ring else colour, (at(*p),)
    for s in figure["layout"]["shapes"]:
        yield "cell", s["fillcolor"], (at((s["x0"] + s["x1"]) / 2, (s["y0"] + s["y1"]) / 2),)


def runs(xs: list[float], ys: list[float | None]) -> list[list[Place]]:
    """Return the pieces of a line between its gaps."""
    out: list[list[Place]] = [[]]
    for x, y in zip(xs, ys, strict=True):
        if y is None:
            out.append([])
        else:
            out[-1].append((x, y))
    return out


def of_svg(text: str) -> Iterator[Drawn]:
    """Yield the same of a picture."""
    for e in ET.fromstring(text).iter():  # noqa: S314 - our own text
        kind = (e.get("class") or "").partition(" ")[0] if e.tag != f"{NS}g" else ""
        if kind == "line":
            yield kind, e.get("stroke", ""), tuple(walked(e.get("d", "")))
        elif kind in ("bar", "cell"):
            x, y, w, h = (float(e.get(k, "0")) for k in ("x", "y", "width", "height"))
            ends = ((x, y), (x + w, y + h)) if kind == "bar" else ((x + w / 2, y + h / 2),)
            yield kind, e.get("fill", ""), ends
        elif kind == "dot":
            fill = e.get("fill", "")
            hollow = e.get("stroke-width") == "1.8"
            centre = float(e.get("cx", "")), float(e.get("cy", ""))
            yield kind, e.get("stroke", "") if hollow else fill, (centre,)


def walked(d: str) -> Iterator[Place]:
    """Yield the absolute places of a path of relative steps, run by run."""
    for run in d.split("M")[1:]:
        start, _, steps = run.partition("l")
        x, y = map(float, start.split(","))
        yield x, y
        for step in steps.split():
            dx, dy = map(float, step.split(","))
            x, y = x + dx, y + dy
            yield x, y


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("figure_id", FIGURES)
def test_both_draw_the_same(dataset: Dataset, figure_id: str, form: Form) -> None:
    chart = build(figure_id, dataset, "zh-Hans", form)
    figure, text = to_plotly(chart), svg(chart)
    ours, theirs = list(of_svg(text)), list(of_plotly(figure))
    for kind in ("line", "dot", "bar", "cell"):
        one, other = [d for d in ours if d[0] == kind], [d for d in theirs if d[0] == kind]
        assert len(one) == len(other), kind
        for a, b in zip(one, other, strict=True):
            assert a[1] == b[1], (kind, "colour")
            assert len(a[2]) == len(b[2]), (kind, "points")
            for p, q in zip(a[2], b[2], strict=True):
                if kind != "bar":
                    assert p == pytest.approx(q, abs=0.35), kind
            if kind == "bar":  # from base to value along the bar; the other way plotly's width is a share
                spans = [sorted(v[k] for v in b[2]) for k in (0, 1)]
                along = 0 if spans[0][1] - spans[0][0] > spans[1][1] - spans[1][0] else 1
                assert sorted(v[along] for v in a[2]) == pytest.approx(spans[along], abs=0.6)
    words = sorted("".join(t.itertext()) for t in ET.fromstring(text).iter(f"{NS}text"))  # noqa: S314
    said = (
        a["text"].replace("<br>", "").replace("&lt;", "<").replace("&amp;", "&")
        for a in figure["layout"]["annotations"]
    )
    assert words == sorted(s.replace("&gt;", ">") for s in said)

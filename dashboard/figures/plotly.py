"""Chart record → plotly figure, as a plain dict: the same places, words and colours as the picture.

Only ``scatter`` and ``bar`` traces are used (the vendored bundle has no others); land is a filled scatter,
cells are shapes. Nothing is formatted here: ticks, labels and hover texts come with the record, and the
labels are where :func:`dashboard.figures.layout.place` puts them, as in the picture.
"""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

from dashboard.figures import theme as look
from dashboard.figures.layout import Label, Placed, place, text_colour
from dashboard.figures.plotly_traces import cell_shapes, safe, traces
from dashboard.figures.record import Axis, Cells, Chart
from dashboard.figures.theme import Theme
from dashboard.type import fonts

DEFAULTS: dict[str, dict[str, Any]] = json.loads(
    Path(__file__).with_name("plotly_defaults.json").read_text("utf-8")
)
ALIGNED = {"start": "left", "middle": "center", "end": "right"}


def to_plotly(
    chart: Chart,
    theme: Theme = "light",
    width: int | None = None,
    height: int | None = None,
    *,
    labels: bool = True,
) -> dict[str, Any]:
    """Return ``{"data", "layout", "config"}`` for plotly.js; ``width`` and ``height`` in CSS pixels.

    Without a size the form's own is used; without ``labels`` the words are left to who draws them above.
    """
    placed = place(chart, width or chart.size[0], height or chart.size[1])
    cells = [mark for mark in chart.marks if isinstance(mark, Cells)]
    return {
        "data": list(traces(chart, theme)),
        "layout": {
            **_frame(placed, theme),
            "shapes": [shape for mark in cells for shape in cell_shapes(mark, theme)],
            "annotations": [_annotation(label, placed, theme) for label in placed.labels] if labels else [],
        },
        "config": dict(DEFAULTS["config"]),
    }


def _frame(placed: Placed, theme: Theme) -> dict[str, Any]:
    chart, plot = placed.chart, placed.plot
    margins = {
        "l": plot.left, "r": placed.width - plot.right, "t": plot.top, "b": placed.height - plot.bottom,
    }  # fmt: skip
    ink = look.colour("ink", theme)
    return {
        **DEFAULTS["layout"],
        "width": int(placed.width),
        "height": int(placed.height),
        "margin": {**{side: round(v, 2) for side, v in margins.items()}, "pad": 0, "autoexpand": False},
        "font": {"family": fonts.family(chart.lang), "size": 12, "color": ink},
        "hoverlabel": {
            "bgcolor": look.colour("raised", theme),
            "bordercolor": look.colour("rule", theme),
            "font": {"color": ink, "size": 12.5},
            "align": "left",
        },
        "xaxis": _axis(chart.x, theme),
        "yaxis": _axis(chart.y, theme),
    }


def _axis(axis: Axis, theme: Theme) -> dict[str, Any]:
    """Return an axis without its words: ticks are labels of ``placed``, so that none collides."""
    low, high = (math.log10(v) for v in axis.domain) if axis.scale == "log" else axis.domain
    return {
        **DEFAULTS["axis"],
        "type": axis.scale,
        "range": [high, low] if axis.reverse else [low, high],
        "tickvals": [t.value for t in axis.ticks],
        "showgrid": axis.grid,
        "gridcolor": look.colour("rule", theme),
    }


def _annotation(label: Label, placed: Placed, theme: Theme) -> dict[str, Any]:
    """Return a label as an annotation at its pixels: ``paper`` units, so that log axes need no care."""
    plot, box = placed.plot, label.box
    return {
        "xref": "paper",
        "yref": "paper",
        "x": round((label.x - plot.left) / plot.width, 6),
        "y": round(1 - ((box.top + box.bottom) / 2 - plot.top) / plot.height, 6),
        "xanchor": ALIGNED[label.anchor],
        "yanchor": "middle",
        "text": "<br>".join(map(safe, label.lines)),
        "showarrow": False,
        "align": ALIGNED[label.anchor],
        "borderpad": 0,
        "name": label.kind,
        "font": {
            "size": label.size,
            "color": text_colour(label, placed, theme),
            "weight": 700 if label.strong else 400,
        },
    }

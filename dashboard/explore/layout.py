"""What Dash keeps of the explorer: the state as a query in a store, the figure in a graph."""

from __future__ import annotations

from typing import Any

from dash import dcc
from dash.development.base_component import Component

CONFIG: Any = {
    "displayModeBar": False,
    "displaylogo": False,
    "showSendToCloud": False,  # plotly.js 4 would offer an upload to a third party
    "staticPlot": True,  # pointing and keys are answered on the words above the figure, as in the story
}


def layout() -> list[Component]:
    """Return the store ``state`` (the query of what is shown) and the graph that draws the answer to it."""
    return [
        dcc.Store(id="state"),
        dcc.Graph(id="graph", figure={"data": [], "layout": {}}, config=CONFIG, responsive=False),
    ]

"""The Dash part of the explorer: the state as a query in a store, the figure in a graph, a callback between.

The callback asks ``GET /explore/chart/…`` for what the store holds and returns the figure. It runs in the
browser (``explore.draw`` in ``assets/js/explore/main.js``), so that answers come from its cache. A control
needs no callback of its own: it changes a parameter of the state, by the name of its field.
"""

from typing import Any

from dash import ClientsideFunction, Dash, Input, Output, dcc

CONFIG: Any = {
    "displayModeBar": False,
    "displaylogo": False,
    "showSendToCloud": False,  # plotly.js 4 would offer an upload to a third party
    "staticPlot": True,  # pointing and keys are answered on the words above the figure, as in the story
}


def register(app: Dash) -> None:
    app.layout = [
        dcc.Store(id="state"),
        dcc.Graph(id="graph", figure={"data": [], "layout": {}}, config=CONFIG, responsive=False),
    ]
    app.clientside_callback(  # type: ignore[no-untyped-call]
        ClientsideFunction("explore", "draw"), Output("graph", "figure"), Input("state", "data")
    )

"""The explorer's callback: the state in the store → ``GET /explore/chart/…`` → the figure in the graph.

It runs in the browser (``explore.draw`` in ``assets/js/explore/main.js``), so that answers come from its
cache. A control needs no callback of its own: it changes a parameter of the state, by the name of its field.
"""

from __future__ import annotations

from dash import ClientsideFunction, Dash, Input, Output

from dashboard.explore.layout import layout


def register(app: Dash) -> None:
    app.layout = layout()
    app.clientside_callback(  # type: ignore[no-untyped-call]
        ClientsideFunction("explore", "draw"), Output("graph", "figure"), Input("state", "data")
    )

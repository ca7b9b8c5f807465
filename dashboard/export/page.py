"""A figure as one HTML page that needs no server, no network and no script."""

from __future__ import annotations

import json
from functools import cache
from html import escape
from typing import Any

from dashboard import locale
from dashboard.dataset import Dataset, Lang
from dashboard.figures.record import Chart
from dashboard.figures.theme import Theme, colour
from dashboard.links import web_address
from dashboard.paths import ASSETS
from dashboard.type import fonts

BUNDLE = ASSETS / "vendor" / "plotly.min.js"
STYLE = """
:root{color-scheme:SCHEME}
body{margin:0;padding:24px 16px;background:PAPER;color:INK;font-family:SANS;line-height:1.5}
main{max-width:WIDTHpx;margin:0 auto}
h1{font:700 22px/1.3 SERIF;margin:0 0 4px}
.muted,footer,details{color:MUTED;font-size:13px}
.muted{margin:0 0 12px}
#chart{overflow-x:auto}#chart svg{display:block;width:100%;height:auto}
footer{border-top:1px solid RULE;margin-top:12px;padding-top:8px}
footer p{margin:2px 0}a{color:inherit}
table{border-collapse:collapse;font-variant-numeric:tabular-nums}
th,td{padding:2px 12px 2px 0;text-align:left;border-bottom:1px solid RULE}
td.n{text-align:right}
.mark{font:700 14px SERIF;color:INK;float:right}
@media print{details{display:none}}
"""
SCRIPT = """
const f=JSON.parse(document.getElementById("figure").textContent),at=document.getElementById("chart");
if(window.Plotly){const s=at.innerHTML;at.textContent="";
Plotly.newPlot(at,f.data,f.layout,f.config).catch(()=>{at.innerHTML=s});}
"""
CSP = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:"


@cache
def bundle() -> str:
    """Return plotly.js, safe inside a ``<script>``; empty when it does not ship (the picture then stands)."""
    return BUNDLE.read_text("utf-8").replace("</script", "<\\/script") if BUNDLE.is_file() else ""


def render(chart: Chart, theme: Theme, picture: str, figure: dict[str, Any], dataset: Dataset) -> bytes:
    """Return the page: the picture first, plotly over it once the script runs, table, documents."""
    lang = chart.lang
    config = {**figure.get("config", {}), "showSendToCloud": False, "displaylogo": False}
    data = json.dumps(
        {**figure, "config": config}, ensure_ascii=False, separators=(",", ":"), allow_nan=False
    )
    data = data.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    wide = int(figure.get("layout", {}).get("width") or 640)
    notes = "".join(f"<p>{escape(locale.text('export.note', lang, text=n))}</p>" for n in chart.notes)
    meta = chart.meta
    named = meta.get("source", "")
    source = f"<p>{escape(locale.text('export.source', lang, names=named))}</p>" if named else ""
    credit = " · ".join(
        locale.text(f"export.{k}", lang, **{k: meta[k]})
        for k in ("date", "version", "licence")
        if meta.get(k)
    )
    parts = [
        f'<!doctype html>\n<html lang="{escape(chart.lang)}">\n<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{CSP}">',
        '<meta name="viewport" content="width=device-width,initial-scale=1">',
        f"<title>{escape(chart.title)}</title>",
        f'<meta name="description" content="{escape(chart.alt)}">',
        f"<style>{style(theme, lang, wide)}</style>",
        f'<main><h1>{escape(chart.title)}</h1><p class="muted">{escape(chart.subtitle)}</p>',
        f'<div id="chart" role="img" aria-label="{escape(chart.alt)}">{picture}</div>',
        f'<footer><span class="mark">{escape(locale.text("export.mark", lang))}</span>',
        f"{source}{notes}<p>{escape(credit)}</p>{documents(chart, dataset)}</footer>",
        f"{table(chart, lang)}</main>",
        f'<script type="application/json" id="figure">{data}</script>',
        f"<script>{bundle()}</script>\n<script>{SCRIPT}</script>\n</html>\n",
    ]
    return "\n".join(parts).encode("utf-8")


def style(theme: Theme, lang: Lang, width: int) -> str:
    values = {
        "SCHEME": "dark" if theme == "dark" else "light",
        "PAPER": colour("paper", theme),
        "INK": colour("ink", theme),
        "MUTED": colour("muted", theme),
        "RULE": colour("rule", theme),
        "SANS": fonts.family(lang),
        "SERIF": fonts.family(lang, serif=True),
        "WIDTH": str(max(width, 320)),
    }
    text = STYLE
    for name, value in values.items():
        text = text.replace(name, value)
    return text


def documents(chart: Chart, dataset: Dataset) -> str:
    """Return the documents as links; an address that is not safe to link stays words."""
    lang = chart.lang
    sources = [dataset.sources[s] for s in chart.sources if s in dataset.sources]
    if not sources:
        return ""
    items = []
    for s in sources:
        said = escape(" · ".join(p for p in (dataset.publisher(s, lang), dataset.document(s, lang)) if p))
        link = web_address(s.url)
        items.append(f'<li><a href="{escape(link)}" rel="noopener">{said}</a>' if link else f"<li>{said}")
    head = escape(locale.text("export.readme.sources", lang))
    return f"<details><summary>{head}</summary><ul>{'</li>'.join(items)}</li></ul></details>"


def table(chart: Chart, lang: Lang) -> str:
    if not chart.table.columns:
        return ""
    head = "".join(f'<th scope="col">{escape(c)}</th>' for c in chart.table.columns)
    rows = []
    for row in chart.table.rows:
        cells = (
            f"<td>{escape(c)}</td>"
            if isinstance(c, str)
            else f'<td class="n">{"" if c is None else f"{c:,.10g}"}</td>'
            for c in row
        )
        rows.append(f"<tr>{''.join(cells)}</tr>")
    summary = escape(locale.text("export.table", lang))
    body = f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
    return f"<details><summary>{summary}</summary>{body}</details>"

"""One figure in every format: pure functions from a chart record to bytes, the same bytes each time."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property, partial
from typing import Any

import jinja2

from dashboard import locale, safe_csv
from dashboard.dataset import Dataset, Source
from dashboard.export.files import zipped
from dashboard.figures.plotly import to_plotly
from dashboard.figures.record import Chart
from dashboard.figures.theme import Theme, colour
from dashboard.links import web_address
from dashboard.locale import plain_digits
from dashboard.paths import ASSETS, TEMPLATES
from dashboard.pictures import credited, draw, png, svg
from dashboard.pictures.frame import credit_line
from dashboard.pictures.picture import Picture
from dashboard.type import fonts
from dashboard.type.text import isolated

SOURCE_FIELDS = (
    "source_id", "title", "publisher", "url", "copy_url", "tier", "custody", "licence", "published",
    "retrieved",
)  # fmt: skip
"""Of a document, beside each figure."""


@dataclass(frozen=True)
class Figure:
    """A figure about to be written: its record, credited, and how it is to look."""

    chart: Chart
    dataset: Dataset
    theme: Theme
    width: int
    height: int | None
    scale: float

    @cached_property
    def sources(self) -> list[Source]:
        known = self.dataset.sources
        return [known[s] for s in self.chart.sources if s in known]

    @cached_property
    def credited(self) -> Chart:
        return credited(self.chart, self.dataset)

    @cached_property
    def picture(self) -> Picture:
        return draw(self.credited, self.theme, width=self.width, height=self.height)


def to_pdf(figure: Figure) -> bytes:
    from dashboard.pictures.pdf import pdf  # here, since its library takes long to import

    return pdf(figure.picture)


def to_csv(figure: Figure) -> bytes:
    """Return the data shown; texts that a spreadsheet would run are escaped, numbers stay numbers."""
    rows = (
        [plain_digits(c) if isinstance(c, float | int) else c for c in row] for row in figure.chart.table.rows
    )
    return safe_csv.table(figure.chart.table.columns, rows)


def to_json(figure: Figure) -> bytes:
    table = figure.chart.table
    body = {
        **about(figure),
        "table": {"columns": table.columns, "rows": table.rows},
        "figure": to_plotly(figure.chart, figure.theme),
    }
    return (json.dumps(body, ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode("utf-8")


def about(figure: Figure) -> dict[str, Any]:
    chart = figure.credited
    return {
        "id": chart.id,
        "lang": chart.lang,
        "theme": figure.theme,
        "title": chart.title,
        "subtitle": chart.subtitle,
        "alt": chart.alt,
        "notes": list(chart.notes),
        "dataset": {"version": figure.dataset.version, "date": chart.meta.get("date", "")},
        "licence": chart.meta.get("licence", ""),
        "sources": [{name: getattr(s, name) for name in SOURCE_FIELDS} for s in figure.sources],
    }


@cache
def bundle() -> str:
    """Return plotly.js, safe inside a ``<script>``."""
    return (ASSETS / "vendor" / "plotly.min.js").read_text("utf-8").replace("</script", "<\\/script")


@cache
def _page() -> jinja2.Template:
    loader = jinja2.FileSystemLoader(TEMPLATES)
    env = jinja2.Environment(loader=loader, autoescape=True, trim_blocks=True)
    env.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "separators": (",", ":"), "allow_nan": False}
    env.filters["isolated"] = isolated
    return env.get_template("figure_file.html")


def to_html(figure: Figure) -> bytes:
    """Return a page that needs no server, no network and no script.

    The picture comes first, plotly over it once the script runs, then table and documents; a document whose
    address is not safe to link is named without it.
    """
    chart, theme, lang, dataset = figure.credited, figure.theme, figure.chart.lang, figure.dataset
    plot = to_plotly(chart, theme)
    named = [((dataset.publisher(s, lang), dataset.document(s, lang)), s.url) for s in figure.sources]
    page = _page().render(
        chart=chart,
        theme=theme,
        picture=svg(chart, theme, width=figure.width if figure.width < 1000 else 800),
        figure=plot,
        plotly=bundle(),
        width=max(plot["layout"]["width"], 320),
        text=lambda key, /, **values: locale.text(key, lang, **values),
        colour=partial(colour, paint=theme),
        sans=fonts.family(lang),
        serif=fonts.family(lang, serif=True),
        credit=credit_line(chart),
        documents=[(" · ".join(filter(None, words)), web_address(url)) for words, url in named],
    )
    return page.encode("utf-8")


def readme(figure: Figure) -> bytes:
    chart, lang, dataset = figure.credited, figure.chart.lang, figure.dataset
    lines = [chart.title, chart.subtitle, "", chart.alt, ""]
    lines += [locale.text("export.note", lang, text=note) for note in chart.notes]
    lines += ["", locale.text("export.readme.sources", lang)]
    for s in figure.sources:
        read = locale.text(f"pages.custody.{s.custody}", lang)
        named = dataset.publisher(s, lang), dataset.document(s, lang)
        parts = (*named, s.published, read, s.url, s.copy_url, s.licence)
        lines.append("- " + "; ".join(p for p in parts if p))
    known = {key: chart.meta.get(key, "") for key in ("version", "date", "licence")}
    lines += ["", locale.text("export.readme.files", lang), ""]
    lines.append(locale.text("export.readme.cite", lang, title=chart.title, **known))
    return ("\n".join(lines).replace("\n\n\n", "\n\n") + "\n").encode("utf-8")


MAKERS: dict[str, Callable[[Figure], bytes]] = {
    "svg": lambda figure: figure.picture.svg(embed_fonts=True).encode("utf-8"),
    "png": lambda figure: png(figure.picture, scale=figure.scale),
    "pdf": to_pdf,
    "html": to_html,
    "csv": to_csv,
    "json": to_json,
}
FORMATS = (*MAKERS, "zip")
"""The formats, in the order they are made; a zip holds all the others."""


def make(figure: Figure, formats: tuple[str, ...]) -> tuple[dict[str, bytes], dict[str, str]]:
    """Return ``({format: bytes}, {format: why it failed})``; one failing format stops no other."""
    made: dict[str, bytes] = {}
    failed: dict[str, str] = {}
    for ext in MAKERS if "zip" in formats else formats:
        try:
            made[ext] = MAKERS[ext](figure)
        except TimeoutError:
            raise
        except Exception as error:  # one figure's fault is reported, and the rest written
            failed[ext] = one_line(error)
    if failed:
        failed["zip"] = "; ".join(f"{ext}: {why}" for ext, why in failed.items())
    elif "zip" in formats:
        named = ((f"{figure.chart.id}.{ext}", made[ext]) for ext in MAKERS)
        made["zip"] = zipped([("README.txt", readme(figure)), *named])
    return (
        {ext: made[ext] for ext in formats if ext in made},
        {ext: failed[ext] for ext in formats if ext in failed},
    )


def archive(figure: Figure) -> bytes:
    """Return a figure in every format as one zip; ``ValueError`` names the formats that failed."""
    made, failed = make(figure, ("zip",))
    if failed:
        raise ValueError(failed["zip"])
    return made["zip"]


def one_line(error: BaseException) -> str:
    words = " ".join(str(error).split())
    return (
        words
        if words and isinstance(error, ValueError | OSError)
        else f"{type(error).__name__}: {words}"[:300]
    )

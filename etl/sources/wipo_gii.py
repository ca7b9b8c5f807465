"""WIPO, Global Innovation Index: the rank of the innovation cluster that a city belongs to, by year.

Columns are found by their headings: one that says ``rank`` and one that says ``cluster``. A cluster's name
joins its cities with dashes (``Shenzhen–Hong Kong–Guangzhou``), and its rank is each city's. Clusters cross
borders, and the method has changed (venture capital since 2025).

Untried: no copy of the table was available, only the text around it.
"""

import re
from collections.abc import Iterator

from etl.sources.base import HTML, Context, Request, Requests, Rows, Snapshot, Source, Unreadable
from etl.sources.html_tables import grids, page_text, tree
from etl.sources.reading import decode

PAGE = "https://www.wipo.int/web-publications/global-innovation-index-{year}/en/cluster-ranking.html"
INDICATOR = "gii_cluster_rank"
RELEASED = 9
"""Month in which a year's ranking comes out."""


class WipoGii(Source):
    id = "wipo_gii"
    title = "WIPO, Global Innovation Index: clusters"
    cadence_days = 90
    rhythm_days = 365
    untried = True
    hosts = ("www.wipo.int", "wipo.int")
    rate_per_second = 0.5
    keeps_history = True
    separate = True
    publisher = "WIPO"
    tier = "official"
    licence = "CC-BY-3.0-IGO"
    locator_hint = "rank, cluster"

    def requests(self, context: Context) -> Requests:
        newest = context.today.year - (context.today.month < RELEASED)
        for year in (newest, newest - 1):
            yield Request(
                PAGE.format(year=year), accept=HTML, key=str(year), optional=True,
                ask="always" if year == newest else "once",
            )  # fmt: skip

    def read_answer(self, snapshot: Snapshot, context: Context, out: Rows) -> None:
        ours = {_letters(name): entity for entity, name in context.names("city", "name_en").items()}
        year, url = snapshot.request.key, snapshot.request.url
        root = tree(decode(snapshot))
        if year not in page_text(decode(snapshot)):
            raise Unreadable(f"a page that does not say {year}")
        out.document(url, f"Global Innovation Index {year}: cluster ranking", [snapshot])
        found = 0
        for rank, cluster in _clusters(root):
            for name in re.split(r"[–—/-]|,", cluster):
                if entity := ours.get(_letters(name)):
                    found += out.add(entity, INDICATOR, year, rank, url, locator=f"rank {rank}, {cluster}")
        if not found:
            raise Unreadable("no table of clusters with a city of the catalogue")


def _clusters(root: object) -> Iterator[tuple[str, str]]:
    for grid in grids(root):
        heads = [cell.lower() for cell in grid.rows[0]] if grid.rows else []
        rank = next((n for n, head in enumerate(heads) if "rank" in head and "change" not in head), -1)
        name = next((n for n, head in enumerate(heads) if "cluster" in head), -1)
        for row in grid.rows[1:] if min(rank, name) >= 0 and rank != name else ():
            if re.fullmatch(r"[1-9][0-9]{0,2}", row[rank]):
                yield row[rank], row[name]


def _letters(name: str) -> str:
    return re.sub(r"[^a-z]", "", name.casefold())


SOURCE = WipoGii()

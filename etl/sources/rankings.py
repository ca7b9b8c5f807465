"""Rankings of a year: of the world's universities (ARWU), and of innovation clusters (WIPO).

Untried. ShanghaiRanking's fields are those that other programs read, with the recorded ranks of 2025; of
WIPO's table only the text around it was available.
"""

import re
from collections.abc import Iterable, Iterator

from etl.sources.base import HTML, JSON, Context, Request, Requests, Rows, Snapshot, Source, Unreadable
from etl.sources.html_tables import grids, page_text, tree
from etl.sources.reading import decode, field, json_of, records

Rank = tuple[str, list[str], str, str]
"""Rank, the names that have it, locator, note."""


class Ranking(Source):
    cadence_days = 90
    untried = True
    rate_per_second = 0.5
    keeps_history = True
    tier = "official"
    indicator: str
    ranked: str
    """Kind of the entities in it; they are matched by their English names."""
    released: int
    """Month from which on a year's ranking is out."""
    address: str
    page: str
    """Address to cite, with ``{year}`` like the one that is asked for."""

    def ranks(self, snapshot: Snapshot) -> Iterable[Rank]:
        raise NotImplementedError

    def requests(self, context: Context) -> Requests:
        newest = context.today.year - (context.today.month < self.released)
        for year in (newest, newest - 1):
            yield Request(
                self.address.format(year=year), accept=(*JSON, *HTML), key=str(year), optional=True,
                best_effort=True, ask="always" if year == newest else "once",
            )  # fmt: skip

    def read_answer(self, snapshot: Snapshot, context: Context, out: Rows) -> None:
        entities = {_letters(name): one for one, name in context.names(self.ranked, "name_en").items()}
        year, added = snapshot.request.key, 0
        url = self.page.format(year=year)
        out.document(url, f"{self.title} {year}", [snapshot], of_list=self.page != self.address)
        for rank, names, locator, note in self.ranks(snapshot):
            for entity in filter(None, (entities.get(_letters(name)) for name in names)):
                added += out.add(entity, self.indicator, year, rank, url, locator=locator, note=note)
        if not added:
            raise Unreadable(f"no {self.ranked} of the catalogue is ranked")


class ShanghaiRanking(Ranking):
    """From the hundredth place on ranks are bands (``"151-200"``), of which the first place counts.

    The publisher forbids republishing its tables, so only the ranks of the catalogue are kept.
    """

    id = "shanghairanking"
    title = "ShanghaiRanking, Academic Ranking of World Universities"
    hosts = ("www.shanghairanking.com",)
    publisher = "ShanghaiRanking"
    indicator, ranked, released = "arwu_rank", "university", 8
    address = "https://www.shanghairanking.com/api/pub/v1/arwu/rank?version={year}"
    page = "https://www.shanghairanking.com/rankings/arwu/{year}"

    def ranks(self, snapshot: Snapshot) -> Iterator[Rank]:
        for row in records(field(json_of(snapshot), "data", dict).get("rankings")):
            name, rank = field(row, "univNameEn", str), str(field(row, "ranking", (str, int)))
            match = re.fullmatch(r"([1-9][0-9]{0,3})(-[0-9]{3,4})?", rank)
            if match is None:
                raise Unreadable(f"the rank of {name} is {rank!r}")
            yield match[1], [name], name, f"world rank, band {rank}" if match[2] else "world rank"


class WipoGii(Ranking):
    """Columns are found by their headings: one that says ``rank`` and one that says ``cluster``.

    A cluster's name joins its cities (``Shenzhen–Hong Kong–Guangzhou``), and its rank is each city's.
    Clusters cross borders, and the method has changed (venture capital since 2025).
    """

    id = "wipo_gii"
    title = "WIPO, Global Innovation Index: clusters"
    hosts = ("www.wipo.int", "wipo.int")
    publisher = "WIPO"
    licence = "CC-BY-3.0-IGO"
    indicator, ranked, released = "gii_cluster_rank", "city", 9
    address = "https://www.wipo.int/web-publications/global-innovation-index-{year}/en/cluster-ranking.html"
    page = address

    def ranks(self, snapshot: Snapshot) -> Iterator[Rank]:
        page = decode(snapshot)
        if snapshot.request.key not in page_text(page):
            raise Unreadable(f"a page that does not say {snapshot.request.key}")
        for grid in grids(tree(page)):
            heads = [cell.lower() for cell in grid.rows[0]] if grid.rows else []
            rank = next((n for n, head in enumerate(heads) if "rank" in head and "change" not in head), -1)
            cluster = next((n for n, head in enumerate(heads) if "cluster" in head and n != rank), -1)
            for row in grid.rows[1:] if min(rank, cluster) >= 0 else ():
                if re.fullmatch(r"[1-9][0-9]{0,2}", row[rank]):
                    names = re.split(r"[–—/-]|,", row[cluster])
                    yield row[rank], names, f"rank {row[rank]}, {row[cluster]}", ""


def _letters(name: str) -> str:
    """Return a name's letters for comparison; “(China)” tells a university from a namesake in Taiwan."""
    words = re.sub(r"[^a-z]", " ", name.casefold().replace("(china)", ""))
    return words.strip().removeprefix("the ").replace(" ", "")

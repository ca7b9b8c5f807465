"""ShanghaiRanking: the world rank (ARWU) of the catalogue's universities, by year.

From the hundredth place on ranks are bands (``"151-200"``), of which the first place counts. Universities are
matched by their English name. The publisher forbids republishing its tables, so only the ranks of those here
are kept.

No answer of the service itself was available: the fields are those that other programs read, and the recorded
ranks of 2025 were put into that shape.
"""

import re

from etl.sources.base import JSON, Context, Request, Requests, Rows, Snapshot, Source, Unreadable
from etl.sources.reading import field, json_of, records

API = "https://www.shanghairanking.com/api/pub/v1/arwu/rank"
PAGE = "https://www.shanghairanking.com/rankings/arwu/{year}"
INDICATOR = "arwu_rank"
RELEASED = 8
"""Month from which on a year's ranking is out."""


class ShanghaiRanking(Source):
    id = "shanghairanking"
    title = "ShanghaiRanking, Academic Ranking of World Universities"
    cadence_days = 90
    rhythm_days = 365
    untried = True
    hosts = ("www.shanghairanking.com",)
    rate_per_second = 0.5
    keeps_history = True
    separate = True
    publisher = "ShanghaiRanking"
    tier = "official"
    locator_hint = "rank, university"

    def requests(self, context: Context) -> Requests:
        newest = context.today.year - (context.today.month < RELEASED)
        for year in (str(newest), str(newest - 1)):
            yield Request(
                API, params={"version": year}, accept=JSON, key=year, best_effort=True,
                ask="always" if year == str(newest) else "once",
            )  # fmt: skip

    def read_answer(self, snapshot: Snapshot, context: Context, out: Rows) -> None:
        ours = {_comparable(name): one for one, name in context.names("university", "name_en").items()}
        year, found = snapshot.request.key, 0
        url = PAGE.format(year=year)
        out.document(url, f"Academic Ranking of World Universities {year}", [snapshot], of_list=True)
        for row in records(field(json_of(snapshot), "data", dict).get("rankings")):
            name, rank = field(row, "univNameEn", str), str(field(row, "ranking", (str, int)))
            match = re.fullmatch(r"([1-9][0-9]{0,3})(-[0-9]{3,4})?", rank)
            if match is None:
                raise Unreadable(f"the rank of {name} is {rank!r}")
            if entity := ours.get(_comparable(name)):
                note = f"world rank, band {rank}" if match[2] else "world rank"
                found += out.add(entity, INDICATOR, year, match[1], url, locator=name, note=note)
        if not found:
            raise Unreadable("none of the universities of the catalogue is ranked")


def _comparable(name: str) -> str:
    """Return a name for comparison; “(China)” tells one from a namesake in Taiwan."""
    words = re.sub(r"[^a-z]+", " ", name.casefold().replace("(china)", ""))
    return words.strip().removeprefix("the ")


SOURCE = ShanghaiRanking()

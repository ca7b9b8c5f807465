"""ShanghaiRanking: the world rank (ARWU) of the catalogue's universities, by year.

``rank?version=2025`` answers ``data.rankings``, a list of ``{"ranking": "18", "univNameEn": …}``; from the
hundredth place on in bands (``"151-200"``), of which the first place counts. Universities are matched by
their English name. The publisher forbids republishing its tables, so only the ranks of those here are kept.

No answer of the service itself was at hand: the fields are those that other programs read, and the recorded
ranks of 2025 were put into that shape.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from etl.sources.base import Context, Request, Requests, Rows, ShapeError, Snapshot, Source
from etl.sources.reading import field, json_of, records, where

ID = "shanghairanking"
API = "https://www.shanghairanking.com/api/pub/v1/arwu/rank"
PAGE = "https://www.shanghairanking.com/rankings/arwu/{year}"
INDICATOR = "arwu_rank"
RELEASED = 8
"""Month from which on a year's ranking is out."""


class ShanghaiRanking(Source):
    """The newest two rankings."""

    id = ID
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
        """Ask for the newest ranking and the one before, which never changes."""
        newest = context.today.year - (context.today.month < RELEASED)
        kinds = ("application/json",)
        for year, ask in ((newest, False), (newest - 1, True)):
            version = {"version": str(year)}
            yield Request(
                API, params=version, accept=kinds, key=str(year), ask="once" if ask else "always",
                best_effort=True,
            )  # fmt: skip

    def read(self, snapshots: Sequence[Snapshot], context: Context, out: Rows) -> None:
        """Keep the ranks of the universities of the catalogue."""
        rows = context.entities[context.entities["kind"] == "university"]
        ours = {_plain(name): one for name, one in zip(rows["name_en"], rows["entity_id"], strict=True)}
        for snapshot in snapshots:
            with out.apart():
                year, at = snapshot.request.key, where(snapshot)
                data = field(json_of(snapshot, ID), "data", dict, ID, at)
                url, found = PAGE.format(year=year), 0
                out.document(url, f"Academic Ranking of World Universities {year}", [snapshot], of_list=True)
                for position, row in enumerate(records(data.get("rankings"), ID, at), start=1):
                    name = field(row, "univNameEn", str, ID, f"{at}, {position}")
                    said = str(field(row, "ranking", (str, int), ID, f"{at}, {name}"))
                    match = re.fullmatch(r"([1-9][0-9]{0,3})(-[0-9]{3,4})?", said)
                    if match is None:
                        raise ShapeError(ID, f"{at}: the rank of {name} is {said!r}")
                    if entity := ours.get(_plain(name)):
                        note = f"world rank, band {said}" if match[2] else "world rank"
                        found += out.add(entity, INDICATOR, year, match[1], url, locator=name, note=note)
                if not found:
                    raise ShapeError(ID, f"{at}: none of the universities of the catalogue is ranked")


def _plain(name: str) -> str:
    """Return a name for comparison; “(China)” tells one from a namesake in Taiwan."""
    plain = re.sub(r"[^a-z]+", " ", name.casefold().replace("(china)", ""))
    return plain.strip().removeprefix("the ")


SOURCE = ShanghaiRanking()

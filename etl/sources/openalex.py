"""OpenAlex: research works, and citations received, of universities and of Huawei by year.

One institution by its ROR id; ``counts_by_year`` reaches back to about 2010 and its running year is
partial, so that year is left out. The service wants a free key (``OPENALEX_API_KEY``); without one the
source is skipped.
"""

from __future__ import annotations

from collections.abc import Sequence

from etl.sources.base import Context, Parsed, Request, Requests, ShapeError, SkipSource, Snapshot, Source
from etl.sources.reading import document, field, json_of, known, records, where
from etl.tidy import source_id_for

ID = "openalex"
API = "https://api.openalex.org/institutions/ror:https://ror.org/{ror}"
PAGE = "https://openalex.org/{institution}"
INSTITUTIONS = {
    "zhejiang_university": "00a2xv884",
    "tsinghua_university": "03cve4549",
    "peking_university": "02v51f717",
    "fudan_university": "013q1eq08",
    "shanghai_jiao_tong_university": "0220qvk04",
    "sustech": "049tv2d57",
    "chongqing_university": "023rhb549",
    "huawei": "00cmhce21",
}
"""Entity → ROR id. Huawei has a record a country; this is the one of China, where it has its seat."""
COUNTS = {"works_count": "openalex_works", "cited_by_count": "openalex_citations"}


class OpenAlex(Source):
    """Yearly counts of each institution."""

    id = ID
    title = "OpenAlex"
    cadence_days = 30
    hosts = ("api.openalex.org",)
    rate_per_second = 2.0

    def requests(self, context: Context) -> Requests:
        """Ask for each institution; skip without a key."""
        key = context.setting("OPENALEX_API_KEY")
        if not key:
            raise SkipSource("openalex wants a free key", "get one at openalex.org and set OPENALEX_API_KEY")
        entities = set(context.entities["entity_id"])
        for entity, ror in INSTITUTIONS.items():
            if entity in entities and context.wants(entity):
                yield Request(
                    API.format(ror=ror),
                    params={"api_key": key},
                    accept=("application/json",),
                    key=entity,
                    optional=True,
                    secret_params=("api_key",),
                )

    def parse(self, snapshots: Sequence[Snapshot], context: Context) -> Parsed:
        """Read ``counts_by_year`` up to the year before the running one."""
        observations: list[dict[str, str]] = []
        sources: list[dict[str, str]] = []
        for snapshot in snapshots:
            entity, at = snapshot.request.key, where(snapshot)
            answer = json_of(snapshot, ID)
            if isinstance(answer, dict) and "error" in answer:
                said = answer.get("message") or answer["error"]
                raise ShapeError(ID, f"{at}: the service says: {said}", "check OPENALEX_API_KEY")
            wanted = INSTITUTIONS.get(entity)
            ror = field(answer, "ror", str, ID, at)
            if wanted is not None and not ror.endswith(f"/{wanted}"):
                raise ShapeError(ID, f"{at}: the answer is about {ror}, not {wanted}")
            institution = field(answer, "id", str, ID, at).rpartition("/")[2]
            url = PAGE.format(institution=institution)
            years: set[int] = set()
            counts = field(answer, "counts_by_year", list, ID, at)
            for position, row in enumerate(records(counts, ID, at), start=1):
                here = f"{at}, counts_by_year {position}"
                year = field(row, "year", int, ID, here)
                if year in years or not 1900 <= year <= context.today.year + 1:
                    raise ShapeError(ID, f"{here}: year {year} stands twice, or is none")
                years.add(year)
                if year >= int(snapshot.fetched[:4]):
                    continue
                for name, indicator in COUNTS.items():
                    value = field(row, name, int, ID, here)
                    if value < 0:
                        raise ShapeError(ID, f"{here}: {name} is {value}")
                    if known(context, [indicator]):
                        observations.append(
                            {
                                "entity_id": entity,
                                "indicator_id": indicator,
                                "period": str(year),
                                "value": str(value),
                                "source_id": source_id_for(url),
                                "status": "final",
                                "locator": f"counts_by_year · {year} · {name}",
                            }
                        )
            if not years:
                raise ShapeError(ID, f"{at}: counts_by_year is empty")
            sources.append(
                document(
                    url,
                    title=f"OpenAlex: {field(answer, 'display_name', str, ID, at)}",
                    publisher="OpenAlex",
                    tier="reference",
                    licence="CC0-1.0",
                    collector=ID,
                    snapshots=[snapshot],
                    locator_hint="counts_by_year",
                )
            )
        return Parsed.of(observations, sources)


SOURCE = OpenAlex()

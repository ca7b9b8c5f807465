"""OpenAlex: research works, and citations received, of universities and companies by year.

One institution by its ROR id, which is free; a key (``OPENALEX_API_KEY``) raises the limit. The running year
of ``counts_by_year`` is partial, so it is left out.
"""

from etl.sources.base import JSON, Context, Request, Requests, Rows, Snapshot, Source, Unreadable
from etl.sources.reading import field, json_of, records

COUNTS = {"works_count": "openalex_works", "cited_by_count": "openalex_citations"}


class OpenAlex(Source):
    id = "openalex"
    title = "OpenAlex"
    cadence_days = 30
    hosts = ("api.openalex.org",)
    key_setting = "OPENALEX_API_KEY"
    publisher = "OpenAlex"
    licence = "CC0-1.0"

    def requests(self, context: Context) -> Requests:
        key = context.setting(self.key_setting)
        for ror, entity in context.ids("ror").items():
            yield Request(
                f"https://api.openalex.org/institutions/ror:https://ror.org/{ror}",
                params={"api_key": key} if key else {}, accept=JSON, key=entity, optional=True,
                secret_params=("api_key",),
            )  # fmt: skip

    def read_answer(self, snapshot: Snapshot, context: Context, out: Rows) -> None:
        entity, answer, years = snapshot.request.key, json_of(snapshot), set[int]()
        rors = {one: ror for ror, one in context.ids("ror").items()}
        if not (other := field(answer, "ror", str)).endswith(f"/{rors.get(entity)}"):
            raise Unreadable(f"the answer is about {other}, not {rors.get(entity)}")
        url = f"https://openalex.org/{field(answer, 'id', str).rpartition('/')[2]}"
        out.document(url, f"OpenAlex: {field(answer, 'display_name', str)}", [snapshot])
        for row in records(field(answer, "counts_by_year", list)):
            year = field(row, "year", int)
            if year in years or not 1900 <= year <= context.today.year + 1:
                raise Unreadable(f"entry {row.position}: year {year} appears twice or is invalid")
            years.add(year)
            for name, indicator in COUNTS.items() if year < int(snapshot.fetched[:4]) else ():
                locator = f"counts_by_year · {year} · {name}"
                out.add(entity, indicator, str(year), field(row, name, int), url, locator=locator)
        if not years:
            raise Unreadable("counts_by_year is empty")

"""OpenAlex: research works, and citations received, of universities and companies by year.

One institution by its ROR id, which is free; with a key (``OPENALEX_API_KEY``) the others of the catalogue
that have a seat in a city of it are looked up by name, and taken only where kind, country and name agree and
one institution does. The running year of ``counts_by_year`` is partial, so it is left out.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from etl.sources.base import JSON, Context, Request, Requests, Rows, Snapshot, Source, Unreadable
from etl.sources.reading import field, json_of, records

API = "https://api.openalex.org/institutions/ror:https://ror.org/{ror}"
SEARCH = "https://api.openalex.org/institutions"
PAGE = "https://openalex.org/{institution}"
TYPES = {"university": "education", "company": "company"}
"""Kind of entity → OpenAlex's type of institution; other kinds are not looked up."""
COUNTRIES = frozenset({"CN", "HK"})
_COUNTRY = re.compile(r"\s*\([^()]+\)$")
COUNTS = {"works_count": "openalex_works", "cited_by_count": "openalex_citations"}


class OpenAlex(Source):
    id = "openalex"
    title = "OpenAlex"
    cadence_days = 30
    hosts = ("api.openalex.org",)
    rate_per_second = 2.0
    key_setting = "OPENALEX_API_KEY"
    publisher = "OpenAlex"
    licence = "CC0-1.0"
    locator_hint = "counts_by_year"

    def requests(self, context: Context) -> Requests:
        key = context.setting(self.key_setting)
        secret = {"api_key": key} if key else {}
        for ror, entity in context.ids("ror").items():
            yield _request(API.format(ror=ror), entity, secret)
        for entity, (_, name) in _by_name(context).items() if key else ():
            yield _request(SEARCH, entity, {"search": name, "per_page": "10", **secret})

    def read(self, snapshots: Sequence[Snapshot], context: Context, out: Rows) -> None:
        unknown: list[str] = []
        wanted = _by_name(context)
        rors = {entity: ror for ror, entity in context.ids("ror").items()}
        for snapshot in snapshots:
            with out.isolate(snapshot):
                entity, answer = snapshot.request.key, json_of(snapshot)
                if isinstance(answer, dict) and "results" in answer and entity in wanted:
                    found = _institution(field(answer, "results", list), *wanted[entity])
                    if found is None:
                        unknown.append(entity)
                        continue
                    answer = found
                ror = rors.get(entity)
                if ror is not None and not (other := field(answer, "ror", str)).endswith(f"/{ror}"):
                    raise Unreadable(f"the answer is about {other}, not {ror}")
                url = PAGE.format(institution=field(answer, "id", str).rpartition("/")[2])
                out.document(url, f"OpenAlex: {field(answer, 'display_name', str)}", [snapshot])
                _counts(answer, entity, url, snapshot, out)
        if unknown:
            out.notes.append(f"no institution, or more than one, of this name: {', '.join(unknown)}")


def _request(url: str, entity: str, params: Mapping[str, str]) -> Request:
    return Request(url, params=params, accept=JSON, key=entity, optional=True, secret_params=("api_key",))


def _by_name(context: Context) -> dict[str, tuple[str, str]]:
    known = set(context.ids("ror").values())
    return {
        row["entity_id"]: (TYPES[row["kind"]], row["name_en"])
        for row in context.entities.to_dict("records")
        if row["kind"] in TYPES
        and row["city_id"]
        and row["entity_id"] not in known
        and context.wants(row["entity_id"])
    }


def _institution(results: list[Any], kind: str, name: str) -> Mapping[str, Any] | None:
    """Return the one institution of that type and name in China; ``None`` when there is none, or several.

    A company's name ends with its country in brackets; acronyms and other names count as well. One without
    any year says nothing.
    """
    fitting = []
    for result in records(results):
        names = [field(result, "display_name", str), *(result.get("display_name_alternatives") or ())]
        names += result.get("display_name_acronyms") or ()
        same = name.casefold() in {_COUNTRY.sub("", str(other)).casefold() for other in names}
        fits = same and result.get("type") == kind and result.get("country_code") in COUNTRIES
        if fits and result.get("counts_by_year"):
            fitting.append(result)
    return fitting[0] if len(fitting) == 1 else None


def _counts(answer: Any, entity: str, url: str, snapshot: Snapshot, out: Rows) -> None:
    years: set[int] = set()
    for row in records(field(answer, "counts_by_year", list)):
        year = field(row, "year", int)
        if year in years or not 1900 <= year <= out.context.today.year + 1:
            raise Unreadable(f"entry {row.position}: year {year} appears twice or is invalid")
        years.add(year)
        for name, indicator in COUNTS.items() if year < int(snapshot.fetched[:4]) else ():
            locator = f"counts_by_year · {year} · {name}"
            out.add(entity, indicator, str(year), field(row, name, int), url, locator=locator)
    if not years:
        raise Unreadable("counts_by_year is empty")


SOURCE = OpenAlex()

"""OpenAlex: research works, and citations received, of universities and companies by year.

One institution by its ROR id; the others of the catalogue that have a seat in a city of it are looked up by
name and taken only where kind, country and name agree and one institution does. ``counts_by_year`` reaches
back to about 2010 and its running year is partial, so that year is left out. An institution by its id is
free; a search wants a free key (``OPENALEX_API_KEY``), and without one the others are not looked up.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from etl.sources.base import Context, Request, Requests, Rows, ShapeError, Snapshot, Source
from etl.sources.reading import field, json_of, records, where

ID = "openalex"
API = "https://api.openalex.org/institutions/ror:https://ror.org/{ror}"
SEARCH = "https://api.openalex.org/institutions"
PAGE = "https://openalex.org/{institution}"
TYPES = {"university": "education", "company": "company"}
"""Kind of entity → OpenAlex's type of institution; other kinds are not looked up."""
COUNTRIES = frozenset({"CN", "HK"})
_COUNTRY = re.compile(r"\s*\([^()]+\)$")
COUNTS = {"works_count": "openalex_works", "cited_by_count": "openalex_citations"}


class OpenAlex(Source):
    """Yearly counts of each institution."""

    id = ID
    title = "OpenAlex"
    cadence_days = 30
    hosts = ("api.openalex.org",)
    rate_per_second = 2.0
    key_setting = "OPENALEX_API_KEY"
    publisher = "OpenAlex"
    licence = "CC0-1.0"
    locator_hint = "counts_by_year"

    def requests(self, context: Context) -> Requests:
        """Ask for each institution by id, and with a key for the others by name."""
        key = context.setting(self.key_setting)
        for ror, entity in context.ids("ror").items():
            yield self._request(API.format(ror=ror), {}, entity, key)
        for entity, (_, name) in _by_name(context).items() if key else ():
            yield self._request(SEARCH, {"search": name, "per_page": "10"}, entity, key)

    @staticmethod
    def _request(url: str, params: Mapping[str, str], entity: str, key: str) -> Request:
        return Request(
            url,
            params={**params, "api_key": key} if key else params,
            accept=("application/json",),
            key=entity,
            optional=True,
            secret_params=("api_key",),
        )

    def read(self, snapshots: Sequence[Snapshot], context: Context, out: Rows) -> None:
        """Read ``counts_by_year`` up to the year before the running one."""
        unknown: list[str] = []
        wanted = _by_name(context)
        rors = {entity: ror for ror, entity in context.ids("ror").items()}
        for snapshot in snapshots:
            with out.apart():
                entity, at = snapshot.request.key, where(snapshot)
                answer = json_of(snapshot, ID)
                if isinstance(answer, dict) and "error" in answer:
                    said = answer.get("message") or answer["error"]
                    raise ShapeError(ID, f"{at}: the service says: {said}", f"check {self.key_setting}")
                if isinstance(answer, dict) and "results" in answer and entity in wanted:
                    found = _institution(field(answer, "results", list, ID, at), *wanted[entity], at)
                    if found is None:
                        unknown.append(entity)
                        continue
                    answer = found
                ror = rors.get(entity)
                if ror is not None and not (told := field(answer, "ror", str, ID, at)).endswith(f"/{ror}"):
                    raise ShapeError(ID, f"{at}: the answer is about {told}, not {ror}")
                url = PAGE.format(institution=field(answer, "id", str, ID, at).rpartition("/")[2])
                out.document(url, f"OpenAlex: {field(answer, 'display_name', str, ID, at)}", [snapshot])
                _counts(answer, entity, url, snapshot, out)
        if unknown:
            out.notes.append(f"no institution, or more than one, of this name: {', '.join(unknown)}")


def _by_name(context: Context) -> dict[str, tuple[str, str]]:
    """Return entity → (type, English name) of the catalogue's institutions without a known ROR id."""
    found = {}
    known = set(context.ids("ror").values())
    for row in context.entities.to_dict("records"):
        entity, kind = str(row["entity_id"]), TYPES.get(str(row["kind"]), "")
        if kind and str(row["city_id"]) and entity not in known and context.wants(entity):
            found[entity] = (kind, str(row["name_en"]))
    return found


def _institution(results: list[Any], kind: str, name: str, at: str) -> Mapping[str, Any] | None:
    """Return the one institution of that type and name in China; ``None`` when there is none, or several.

    A company's name ends with its country in brackets; acronyms and other names count as well. One without
    any year says nothing.
    """
    fitting = []
    for result in records(results, ID, at):
        names = [field(result, "display_name", str, ID, at)]
        for more in ("display_name_alternatives", "display_name_acronyms"):
            names += [str(other) for other in result.get(more) or ()]
        same = name.casefold() in {_COUNTRY.sub("", other).casefold() for other in names}
        fits = same and result.get("type") == kind and result.get("country_code") in COUNTRIES
        if fits and result.get("counts_by_year"):
            fitting.append(result)
    return fitting[0] if len(fitting) == 1 else None


def _counts(answer: Any, entity: str, url: str, snapshot: Snapshot, out: Rows) -> None:
    """Add the figures of an institution's whole years."""
    at = where(snapshot)
    years: set[int] = set()
    for position, row in enumerate(records(field(answer, "counts_by_year", list, ID, at), ID, at), start=1):
        here = f"{at}, counts_by_year {position}"
        year = field(row, "year", int, ID, here)
        if year in years or not 1900 <= year <= out.context.today.year + 1:
            raise ShapeError(ID, f"{here}: year {year} stands twice, or is none")
        years.add(year)
        if year >= int(snapshot.fetched[:4]):
            continue
        for name, indicator in COUNTS.items():
            value = field(row, name, int, ID, here)
            if value < 0:
                raise ShapeError(ID, f"{here}: {name} is {value}")
            locator = f"counts_by_year · {year} · {name}"
            out.add(entity, indicator, str(year), str(value), url, locator=locator)
    if not years:
        raise ShapeError(ID, f"{at}: counts_by_year is empty")


SOURCE = OpenAlex()

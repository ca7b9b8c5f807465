"""Annual and interim reports filed with the exchanges of Hong Kong, Shenzhen and Shanghai.

One event, one document each. These are the documents that figures of the listed companies are read from by
hand; no figure is read out of them here, but :mod:`etl.behind` says where a report is newer than the
figures. The exchanges' services are described in :mod:`etl.sources.hkexnews` and
:mod:`etl.sources.cninfo`; a company listed on both sides files on both.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from urllib.parse import urlsplit

from etl.sources import cninfo, hkexnews
from etl.sources.base import Context, Parsed, Request, Requests, Snapshot, Source
from etl.sources.filing import ANNUAL, INTERIM, Filing
from etl.sources.reading import document, known
from etl.tidy import source_id_for

ID = "filings"
MAX_PAGES = 10


class Filings(Source):
    """Reports of the companies whose ``listing`` names a code."""

    id = ID
    title = "Reports filed with the exchanges (HKEXnews, CNINFO)"
    cadence_days = 30
    hosts = tuple(str(urlsplit(host).hostname) for host in (hkexnews.HOST, cninfo.HOST))
    rate_per_second = 0.5

    def requests(self, context: Context) -> Requests:
        """Ask each exchange for its own id of a company, then for the company's reports."""
        listed = zip(context.entities["entity_id"], context.entities["listing"], strict=True)
        for entity, listing in listed:
            if not context.wants(str(entity)):
                continue
            if match := hkexnews.LISTED.search(str(listing)):
                code = match.group(1).zfill(5)
                found = yield hkexnews.stock_request(entity, code)
                if found is not None:
                    stock = hkexnews.stock_id(found, code, ID)
                    yield from hkexnews.title_requests(entity, stock, context.today)
            if match := cninfo.LISTED.search(str(listing)):
                yield from self._mainland(entity, match.group(1), match.group(2), context)

    def _mainland(
        self, entity: str, exchange: str, code: str, context: Context
    ) -> Generator[Request, Snapshot | None, None]:
        found = yield cninfo.org_request(entity, code)
        if found is None:
            return
        org = cninfo.org_id(found, code, ID)
        for indicator in (ANNUAL, INTERIM):
            for page in range(1, MAX_PAGES + 1):
                answer = yield cninfo.announcement_request(
                    entity, indicator, exchange, code, org, page, context.today
                )
                if answer is None or not cninfo.has_more(answer, ID):
                    break

    def parse(self, snapshots: Sequence[Snapshot], context: Context) -> Parsed:
        """Keep the reports among the titles; of several a day at one exchange, the first listed."""
        observations: list[dict[str, str]] = []
        sources: list[dict[str, str]] = []
        notes: list[str] = []
        taken: set[tuple[str, str, str, str]] = set()
        for snapshot in snapshots:
            entity, _, kind = snapshot.request.key.rpartition("-")
            exchange, _, what = kind.partition("_")
            if what == "id":
                continue
            reader = cninfo.filings if exchange == "cninfo" else hkexnews.filings
            reports = reader(snapshot, ID)
            if not reports and what in ("annual", "annual_01"):
                notes.append(f"{entity}: no annual report in the answer of {exchange}")
            for report in reports:
                key = (entity, report.indicator, report.day, report.publisher)
                if key in taken or not known(context, [report.indicator]):
                    continue
                taken.add(key)
                observations.append(_observation(entity, report))
                sources.append(_source(entity, report, snapshot))
        return Parsed.of(observations, sources, notes)


def _observation(entity: str, report: Filing) -> dict[str, str]:
    return {
        "entity_id": entity,
        "indicator_id": report.indicator,
        "period": report.day,
        "value": "1",
        "source_id": source_id_for(report.url),
        "status": "final",
        "locator": report.title,
    }


def _source(entity: str, report: Filing, snapshot: Snapshot) -> dict[str, str]:
    source = document(
        report.url,
        title=f"{report.company or entity}: {report.title}",
        publisher=report.publisher,
        tier="official",
        licence="facts with attribution",
        collector=ID,
        snapshots=[snapshot],
        published=report.day,
    )
    return source | {"sha256": ""}  # the hash is the list's, not the report's


SOURCE = Filings()

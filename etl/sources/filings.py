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
from etl.sources.base import Context, Request, Requests, Rows, Snapshot, Source
from etl.sources.filing import ANNUAL, INTERIM

ID = "filings"
MAX_PAGES = 10


class Filings(Source):
    """Reports of the companies whose ``listing`` names a code."""

    id = ID
    title = "Reports filed with the exchanges (HKEXnews, CNINFO)"
    cadence_days = 30
    hosts = tuple(str(urlsplit(host).hostname) for host in (hkexnews.HOST, cninfo.HOST))
    rate_per_second = 0.5
    rhythm_days = 184
    tier = "official"

    def requests(self, context: Context) -> Requests:
        """Ask each exchange for its own id of a company, then for the company's reports."""
        for code, entity in context.ids("hkex").items():
            found = yield hkexnews.stock_request(entity, code)
            if found is not None:
                stock = hkexnews.stock_id(found, code, ID)
                yield from hkexnews.title_requests(entity, stock, context.today)
        for exchange in ("SZSE", "SSE"):
            for code, entity in context.ids(exchange.lower()).items():
                yield from self._mainland(entity, exchange, code, context)

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

    def read(self, snapshots: Sequence[Snapshot], context: Context, out: Rows) -> None:
        """Keep the reports among the titles; of several a day at one exchange, the first listed."""
        taken: set[tuple[str, str, str, str]] = set()
        for snapshot in snapshots:
            entity, _, kind = snapshot.request.key.rpartition("-")
            exchange, _, what = kind.partition("_")
            if what == "id":
                continue
            with out.apart():
                reports = (cninfo.filings if exchange == "cninfo" else hkexnews.filings)(snapshot, ID)
                if not reports and what in ("annual", "annual_01"):
                    out.notes.append(f"{entity}: no annual report in the answer of {exchange}")
                for report in reports:
                    key = (entity, report.indicator, report.day, report.publisher)
                    if key not in taken and out.add(
                        entity, report.indicator, report.day, "1", report.url, locator=report.title
                    ):
                        taken.add(key)
                        title = f"{report.company or entity}: {report.title}"
                        out.document(
                            report.url, title, [snapshot], published=report.day, publisher=report.publisher,
                            of_list=True,
                        )  # fmt: skip


SOURCE = Filings()

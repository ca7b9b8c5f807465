"""Annual and interim reports filed with the exchanges of Hong Kong, Shenzhen and Shanghai, and their figures.

One event, one document each. Of the newest annual report of a company the text layer is read
(:mod:`etl.sources.report_figures`), once; a figure it does not say, or says twice, is named in the report.
:mod:`etl.stale_financials` says where a report is newer than the figures. The exchanges' services are
described in :mod:`etl.sources.hkexnews` and :mod:`etl.sources.cninfo`; a company listed on both sides files
on both.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import suppress
from urllib.parse import urlsplit

from etl.sources import cninfo, hkexnews
from etl.sources.base import Context, Request, Requests, Rows, ShapeError, Snapshot, Source
from etl.sources.filing import ANNUAL, INTERIM, Filing, report_year
from etl.sources.reading import published, where
from etl.sources.report_figures import figures, pages
from etl.tidy import source_id_for

ID = "filings"
MAX_PAGES = 10
APART = 0.01
"""Share by which a figure may differ from the copy of it that Eastmoney has."""
EVENTS = (ANNUAL, INTERIM)
Reader = Callable[[Snapshot, str], list[Filing]]


class Filings(Source):
    """Reports of the companies whose ``listing`` names a code."""

    id = ID
    title = "Reports filed with the exchanges (HKEXnews, CNINFO)"
    cadence_days = 30
    hosts = tuple(str(urlsplit(host).hostname) for host in (hkexnews.HOST, cninfo.HOST, cninfo.FILES))
    rate_per_second = 0.5
    rhythm_days = 184
    keeps_history = True
    untried = True
    tier = "official"

    def requests(self, context: Context) -> Requests:
        """Ask each exchange for its own id of a company, then for the company's reports."""
        read = set(published(context, "company").query("indicator_id not in @EVENTS")["source_id"])
        for code, entity in context.ids("hkex").items():
            found = yield hkexnews.stock_request(entity, code)
            if found is not None:
                stock = hkexnews.stock_id(found, code, ID)
                lists = []
                for request in hkexnews.title_requests(entity, stock, context.today):
                    lists.append((yield request))
                yield from _report(f"{entity}-hkex", lists, hkexnews.filings, read)
        for exchange in ("SZSE", "SSE"):
            for code, entity in context.ids(exchange.lower()).items():
                lists = yield from self._mainland(entity, exchange, code, context)
                yield from _report(f"{entity}-cninfo", lists, cninfo.filings, read)

    def _mainland(
        self, entity: str, exchange: str, code: str, context: Context
    ) -> Generator[Request, Snapshot | None, list[Snapshot | None]]:
        found = yield cninfo.org_request(entity, code)
        lists: list[Snapshot | None] = []
        org = cninfo.org_id(found, code, ID) if found is not None else ""
        for indicator in EVENTS if org else ():
            for page in range(1, MAX_PAGES + 1):
                answer = yield cninfo.announcement_request(
                    entity, indicator, exchange, code, org, page, context.today
                )
                lists.append(answer)
                if answer is None or not cninfo.has_more(answer, ID):
                    break
        return lists

    def read(self, snapshots: Sequence[Snapshot], context: Context, out: Rows) -> None:
        """Keep the reports among the titles; of several a day at one exchange, the first listed."""
        taken: set[tuple[str, str, str, str]] = set()
        for snapshot in snapshots:
            entity, _, kind = snapshot.request.key.rpartition("-")
            exchange, _, what = kind.partition("_")
            if what == "id" or what.startswith("pdf"):
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
        for snapshot in snapshots:
            entity, _, kind = snapshot.request.key.rpartition("-")
            if "_pdf" in kind:
                with out.apart():
                    _figures(snapshot, entity, kind.rpartition("_pdf")[2], out)


def _report(key: str, lists: Sequence[Snapshot | None], reader: Reader, read: set[str]) -> Iterator[Request]:
    """Ask for the newest annual report that the lists name, if its figures are not published yet."""
    reports: list[Filing] = []
    with suppress(ShapeError):  # a list that does not read is told of where it is read
        reports = [one for answer in lists if answer for one in reader(answer, ID) if one.indicator == ANNUAL]
    newest = max(reports, key=lambda one: one.day, default=None)
    if newest and newest.url.lower().endswith(".pdf") and source_id_for(newest.url) not in read:
        year = report_year(newest.title, newest.day)
        kinds = ("application/pdf", "application/octet-stream")
        yield Request(newest.url, accept=kinds, key=f"{key}_pdf{year}", optional=True, ask="once")


def _figures(snapshot: Snapshot, entity: str, year: str, out: Rows) -> None:
    """Add the figures of a report; its document is declared with its announcement."""
    at = where(snapshot)
    found, lacking = figures(pages(snapshot.body, ID, at), year)
    if not found:
        raise ShapeError(ID, f"{at}: no figure that is known", "read the report by hand")
    others = _copied(out.context, entity, year)
    for one in found:
        other = others.get(one.indicator)
        if other is not None and abs(float(one.value) - other) > APART * abs(other):
            told = f"the report says {one.value:,} ({one.locator}), Eastmoney {other:,.0f}: left out"
            out.notes.append(f"{entity} {year}, {one.indicator}: {told}")
            continue
        out.add(entity, one.indicator, year, one.value, snapshot.request.url, locator=one.locator)
    if lacking:
        out.notes.append(f"{entity} {year}: not once in the report: {', '.join(lacking)}")


def _copied(context: Context, entity: str, year: str) -> dict[str, float]:
    """Return indicator → the figure of a year that Eastmoney copied from the same report."""
    table = published(context, "company").query("entity_id == @entity and period == @year")
    table = table[table["source_id"].str.startswith("datacenter_eastmoney_com")]
    return dict(zip(table["indicator_id"], table["value"].astype(float), strict=True))


SOURCE = Filings()

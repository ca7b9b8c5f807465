"""Annual and interim reports, from the exchanges or companies' own sites, and the figures in them.

Each report is one event and one document. The text layer of a company's newest annual report is read once; a
figure that it lacks, or gives twice, is named. A company listed on both sides files on both. Of companies
with an id ``hkex_sales`` the announcement of December's sales is read, which has the year's; of those with an
``annual_report`` (an address with ``{year}``), which are not listed, the page of the newest report.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import urlsplit

from etl.sources import exchanges
from etl.sources.base import HTML, Context, Request, Requests, Rows, Snapshot, Source, Unreadable
from etl.sources.reading import load_published
from etl.sources.report_figures import Figure, annual_sales, figures, five_year_highlights, pages
from etl.tidy import source_id_for

PDF = ("application/pdf", "application/octet-stream")
EXCHANGES = {"hkex": ("HKEXnews", exchanges.hkexnews_filings), "cninfo": ("CNINFO", exchanges.cninfo_filings)}
SITES = {"www.huawei.com": "Huawei Investment & Holding Co., Ltd."}
"""Host of a company's own reports → the company that publishes there."""


class Filings(Source):
    id = "filings"
    title = "Reports filed with the exchanges (HKEXnews, CNINFO) or on companies' sites"
    cadence_days = 30
    hosts = ("www1.hkexnews.hk", "www.cninfo.com.cn", "static.cninfo.com.cn", *SITES)
    rate_per_second = 0.5
    rhythm_days = 184
    keeps_history = True
    asks_by = ("hkex", "szse", "sse", "annual_report")
    untried = True
    tier = "official"

    def requests(self, context: Context) -> Requests:
        table = load_published(context, "company")
        read = set(table[~table["indicator_id"].isin(list(exchanges.KINDS))]["source_id"])
        sales = context.ids("hkex_sales")
        for code, entity in context.ids("hkex").items():
            filings = yield from exchanges.hkexnews_reports(entity, code, context.today, sales=code in sales)
            yield from _newest(f"{entity}-hkex", filings, read)
        for exchange in exchanges.MAINLAND:
            for code, entity in context.ids(exchange).items():
                filings = yield from exchanges.cninfo_reports(entity, exchange, code, context.today)
                yield from _newest(f"{entity}-cninfo", filings, read)
        for address, entity in context.ids("annual_report").items():
            for year in (context.today.year - 1, context.today.year - 2):
                request = Request(
                    address.format(year=year), accept=HTML, key=f"{entity}-web_page{year}", optional=True
                )
                if (yield request) is not None:
                    break

    def read(self, snapshots: Sequence[Snapshot], context: Context, out: Rows) -> None:
        taken: set[tuple[str, ...]] = set()
        for snapshot in snapshots:
            entity, _, rest = snapshot.request.key.rpartition("-")
            place, _, kind = rest.partition("_")  # hkex_annual, cninfo_annual_01, hkex_pdf2024, web_page2024
            with out.isolate(snapshot):
                if document := re.fullmatch(r"(pdf|sales|page)(20[0-9]{2})", kind):
                    _figures(snapshot, entity, document[1], document[2], out)
                elif kind != "id":
                    exchange, read_filings = EXCHANGES[place]
                    filings = read_filings(snapshot)
                    if not filings and kind in ("annual", "annual_01"):
                        out.notes.append(f"{entity}: no annual report in the answer of {exchange}")
                    for one in filings:
                        key = (entity, one.indicator, one.day, one.publisher)
                        if one.indicator in exchanges.KINDS and key not in taken:
                            taken.add(key)
                            out.add(*key[:3], "1", one.url, locator=one.title)
                        title = f"{one.company or entity}: {one.title}"
                        out.document(
                            one.url, title, [snapshot], published=one.day, publisher=one.publisher,
                            of_list=True,
                        )  # fmt: skip


def _newest(key: str, filings: Sequence[exchanges.Filing], read: set[str]) -> Iterator[Request]:
    for indicator, what in ((exchanges.ANNUAL, "pdf"), (exchanges.SALES, "sales")):
        of_kind = (one for one in filings if one.indicator == indicator)
        newest = max(of_kind, key=lambda one: one.day, default=None)
        if newest and newest.url.lower().endswith(".pdf") and source_id_for(newest.url) not in read:
            name = f"{key}_{what}{exchanges.report_year(newest.title, newest.day)}"
            yield Request(newest.url, accept=PDF, key=name, optional=True, ask="once")


def _figures(snapshot: Snapshot, entity: str, what: str, year: str, out: Rows) -> None:
    found: Iterable[Figure]
    lacking: list[str] = []
    url = snapshot.request.url
    if what == "page":
        found = five_year_highlights(snapshot, year)
        name = out.context.names("company", "name_en")[entity]
        publisher = SITES[urlsplit(url).hostname or ""]
        out.document(url, f"{name}: annual report {year}", [snapshot], publisher=publisher)
    elif what == "sales":
        found = annual_sales(pages(snapshot.body))
    else:
        found, lacking = figures(pages(snapshot.body), year)
    if not found:
        raise Unreadable("no known figure", "read the report by hand")
    for one in found:
        out.add(entity, one.indicator, year, one.value, url, locator=one.locator)
    if lacking:
        out.notes.append(f"{entity} {year}: not found exactly once in the report: {', '.join(lacking)}")

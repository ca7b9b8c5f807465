"""Annual and interim reports, from the exchanges or companies' own sites, and the figures in them.

Each report is one event and one document. The text layer of a company's newest annual report is read once; a
figure that it lacks, or gives twice, is named. A company listed on both sides files on both. Of companies
with an id ``hkex_sales`` the announcement of December's sales is read, which has the year's; of those with an
``annual_report`` (an address with ``{year}``), which are not listed, the page of the newest report.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from urllib.parse import urlsplit

from etl.sources import cninfo, hkexnews
from etl.sources.base import HTML, Context, Request, Requests, Rows, Snapshot, Source, Unreadable
from etl.sources.filing import ANNUAL, KINDS, Filing, report_year
from etl.sources.reading import load_published
from etl.sources.report_figures import Figure, annual_sales, figures, five_year_highlights, pages
from etl.tidy import source_id_for

PDF = ("application/pdf", "application/octet-stream")
SITES = {"www.huawei.com": "Huawei Investment & Holding Co., Ltd."}
"""Host of a company's own reports → the company that publishes there."""


class Filings(Source):
    id = "filings"
    title = "Reports filed with the exchanges (HKEXnews, CNINFO) or on companies' sites"
    cadence_days = 30
    hosts = (
        *(str(urlsplit(host).hostname) for host in (hkexnews.HOST, cninfo.HOST, cninfo.FILES)),
        *SITES,
    )
    rate_per_second = 0.5
    rhythm_days = 184
    keeps_history = True
    asks_by = ("hkex", "szse", "sse", "annual_report")
    untried = True
    tier = "official"

    def requests(self, context: Context) -> Requests:
        table = load_published(context, "company")
        read = set(table[~table["indicator_id"].isin(list(KINDS))]["source_id"])
        sales = context.ids("hkex_sales")
        for code, entity in context.ids("hkex").items():
            found = yield from hkexnews.reports(entity, code, context.today, sales=code in sales)
            yield from _newest(f"{entity}-hkex", found, read)
        for exchange in cninfo.COLUMNS:
            for code, entity in context.ids(exchange).items():
                found = yield from cninfo.reports(entity, exchange, code, context.today)
                yield from _newest(f"{entity}-cninfo", found, read)
        for address, entity in context.ids("annual_report").items():
            for year in (context.today.year - 1, context.today.year - 2):
                request = Request(
                    address.format(year=year), accept=HTML, key=f"{entity}-web_page{year}", optional=True
                )
                if (yield request) is not None:
                    break

    def read(self, snapshots: Sequence[Snapshot], context: Context, out: Rows) -> None:
        taken: set[tuple[str, ...]] = set()
        announced: dict[str, Filing] = {}
        for snapshot in snapshots:
            entity, kind = _entity_and_kind(snapshot)
            with out.isolate(snapshot):
                if document := re.fullmatch(r"(pdf|sales|page)(20[0-9]{2})", kind):
                    _figures(snapshot, entity, document[1], document[2], announced, out)
                elif kind != "id":
                    mainland = "-cninfo_" in snapshot.request.key
                    reports = (cninfo if mainland else hkexnews).filings(snapshot)
                    if not reports and kind in ("annual", "annual_01"):
                        place = "CNINFO" if mainland else "HKEXnews"
                        out.notes.append(f"{entity}: no annual report in the answer of {place}")
                    for one in reports:
                        key = (entity, one.indicator, one.day, one.publisher)
                        if one.indicator == hkexnews.SALES:
                            announced[one.url] = one
                        elif key not in taken and out.add(*key[:3], "1", one.url, locator=one.title):
                            taken.add(key)
                            _document(one, entity, snapshot, out)


def _entity_and_kind(snapshot: Snapshot) -> tuple[str, str]:
    """Return entity and kind of an answer: ``annual_01``, ``pdf2024``."""
    entity, _, kind = snapshot.request.key.rpartition("-")
    return entity, kind.partition("_")[2]


def _document(filing: Filing, entity: str, snapshot: Snapshot, out: Rows) -> None:
    title = f"{filing.company or entity}: {filing.title}"
    out.document(
        filing.url, title, [snapshot], published=filing.day, publisher=filing.publisher, of_list=True
    )


def _newest(key: str, reports: Sequence[Filing], read: set[str]) -> Iterator[Request]:
    for indicator, what in ((ANNUAL, "pdf"), (hkexnews.SALES, "sales")):
        ours = (one for one in reports if one.indicator == indicator)
        newest = max(ours, key=lambda one: one.day, default=None)
        if newest and newest.url.lower().endswith(".pdf") and source_id_for(newest.url) not in read:
            year = hkexnews.sales_year(newest.title) or report_year(newest.title, newest.day)
            yield Request(newest.url, accept=PDF, key=f"{key}_{what}{year}", optional=True, ask="once")


def _figures(
    snapshot: Snapshot, entity: str, what: str, year: str,
    announced: Mapping[str, Filing], out: Rows,
) -> None:  # fmt: skip
    found: Iterable[Figure]
    lacking: list[str] = []
    url = snapshot.request.url
    if what == "page":
        found = five_year_highlights(snapshot, year)
        name = out.context.names("company", "name_en")[entity]
        publisher = SITES[urlsplit(url).hostname or ""]
        out.document(url, f"{name}: annual report {year}", [snapshot], publisher=publisher)
    elif what == "sales":
        _document(announced[url], entity, snapshot, out)
        found = annual_sales(pages(snapshot.body))
    else:
        found, lacking = figures(pages(snapshot.body), year)
    if not found:
        raise Unreadable("no known figure", "read the report by hand")
    for one in found:
        out.add(entity, one.indicator, year, one.value, url, locator=one.locator)
    if lacking:
        out.notes.append(f"{entity} {year}: not found exactly once in the report: {', '.join(lacking)}")


SOURCE = Filings()

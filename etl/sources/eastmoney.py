"""Eastmoney's copy of the annual figures of companies listed in Hong Kong, Shenzhen or Shanghai.

An undocumented service that limits by frequency. Only annual figures are read, since those of other reports
are sums of the year so far. No match is answered with ``success: false`` and status 200.

Hong Kong reports are in whatever currency the company reports in, and the service's own ``CURRENCY`` is not
to be trusted (it says HKD for amounts in yuan). So they are asked for only of companies with a seat in a city
here, which report in yuan.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from etl.sources.base import JSON, Context, Request, Requests, Rows, Snapshot, Source, Unreadable
from etl.sources.reading import field, json_of, records

NOTE = "copy of the company's report"
_YEAR_END = re.compile(r"(20[0-9][0-9])-12-31\b")


@dataclass(frozen=True)
class Report:
    """One of the service's tables: where it is asked for, its columns, the column of the day."""

    api: str
    params: Mapping[str, str]
    day: str
    columns: Mapping[str, str]


MAINLAND = Report(
    "https://datacenter.eastmoney.com/securities/api/data/get",
    {
        "type": "RPT_F10_FINANCE_MAINFINADATA", "sty": "APP_F10_MAINFINADATA", "p": "1", "ps": "200",
        "sr": "-1", "st": "REPORT_DATE", "source": "HSF10", "client": "PC",
    },
    "REPORT_DATE",
    {"TOTALOPERATEREVE": "revenue", "PARENTNETPROFIT": "net_profit"},
)  # fmt: skip
HONG_KONG = Report(
    "https://datacenter.eastmoney.com/securities/api/data/v1/get",
    {
        "reportName": "RPT_HKF10_FN_MAININDICATOR", "columns": "ALL", "pageNumber": "1", "pageSize": "200",
        "sortTypes": "-1", "sortColumns": "STD_REPORT_DATE", "source": "F10", "client": "PC",
    },
    "STD_REPORT_DATE",
    {"OPERATE_INCOME": "revenue", "HOLDER_PROFIT": "net_profit"},
)  # fmt: skip


class Eastmoney(Source):
    id = "eastmoney"
    title = "Eastmoney, main financial figures"
    cadence_days = 90
    hosts = ("datacenter.eastmoney.com",)
    rate_per_second = 0.2
    asks_by = ("hkex", "szse", "sse")
    publisher = "Eastmoney"
    custody = "relay"

    def requests(self, context: Context) -> Requests:
        for entity, code in _codes(context).items():
            report = HONG_KONG if code.endswith("HK") else MAINLAND
            by_year = '(DATE_TYPE_CODE="001")' if report is HONG_KONG else ""
            yield Request(
                report.api,
                params={**report.params, "filter": f'(SECUCODE="{code}"){by_year}'},
                accept=(*JSON, "text/plain", "application/javascript"),
                key=f"{entity}-{code}",
                best_effort=True,
            )

    def read_answer(self, snapshot: Snapshot, context: Context, out: Rows) -> None:
        entity, _, code = snapshot.request.key.rpartition("-")
        report = HONG_KONG if code.endswith("HK") else MAINLAND
        name = report.params.get("type") or report.params["reportName"]
        url = f"{report.api}?type={name}&filter=(SECUCODE=%22{code}%22)"
        out.document(url, f"Eastmoney: main financial figures of {code}", [snapshot])
        for (indicator, year), value in sorted(_years(snapshot, code, report).items()):
            out.add(entity, indicator, year, value, url, locator=f"{code} · {year}-12-31", note=NOTE)


def _codes(context: Context) -> dict[str, str]:
    """Return entity → the service's code; Hong Kong only for companies of a city, which report in yuan."""
    ours = set(context.entities.loc[context.entities["city_id"] != "", "entity_id"])
    codes = {e: f"{code}.HK" for code, e in context.ids("hkex").items() if e in ours}
    for exchange, suffix in (("szse", "SZ"), ("sse", "SH")):
        codes |= {e: f"{code}.{suffix}" for code, e in context.ids(exchange).items()}
    return codes


def _years(snapshot: Snapshot, code: str, report: Report) -> dict[tuple[str, str], Decimal]:
    answer = json_of(snapshot)
    values: dict[tuple[str, str], Decimal] = {}
    for row in records(field(field(answer, "result", dict), "data", list)):
        if field(row, "SECUCODE", str) != code:
            raise Unreadable(f"entry {row.position}: a figure of {row['SECUCODE']}")
        match = _YEAR_END.match(field(row, report.day, str))
        if match is None:
            continue
        for column, indicator in report.columns.items():
            value = field(row, column, (int, Decimal, type(None)))
            if value is not None and values.setdefault((indicator, match[1]), Decimal(value)) != value:
                raise Unreadable(f"entry {row.position}: {match[1]} appears twice")
    if not values:
        raise Unreadable("no report of a year's end")
    return values


SOURCE = Eastmoney()

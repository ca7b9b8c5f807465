"""Eastmoney's copy of the annual figures of companies listed in Hong Kong, Shenzhen or Shanghai.

Only annual figures are read, since those of other reports are sums of the year so far. Hong Kong reports are
in whatever currency the company reports in, and the service's own ``CURRENCY`` says HKD for yuan: so they are
asked for only of companies with a seat in a city here, which report in yuan.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from etl.sources.base import JSON, Context, Request, Requests, Rows, Snapshot, Source, Unreadable
from etl.sources.reading import field, json_of, records


class Report(NamedTuple):
    """One of the service's tables: where it is asked for, the column of the day, those that are read."""

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
        for entity, code in codes(context).items():
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
        values: dict[tuple[str, str], Decimal] = {}
        for row in records(field(field(json_of(snapshot), "result", dict), "data", list)):
            if field(row, "SECUCODE", str) != code:
                raise Unreadable(f"entry {row.position}: a figure of {row['SECUCODE']}")
            year, _, day = field(row, report.day, str)[:10].partition("-")
            for column, indicator in report.columns.items() if day == "12-31" else ():
                value = field(row, column, (int, Decimal, type(None)))
                if value is not None and values.setdefault((indicator, year), Decimal(value)) != value:
                    raise Unreadable(f"entry {row.position}: {year} appears twice")
        if not values:
            raise Unreadable("no report of a year's end")
        name = report.params.get("type") or report.params["reportName"]
        url = f"{report.api}?type={name}&filter=(SECUCODE=%22{code}%22)"
        out.document(url, f"Eastmoney: main financial figures of {code}", [snapshot])
        for (indicator, period), value in sorted(values.items()):
            locator = f"{code} · {period}-12-31"
            out.add(
                entity, indicator, period, value, url, locator=locator, note="copy of the company's report"
            )


def codes(context: Context) -> dict[str, str]:
    """Return entity → the service's code; Hong Kong only for companies of a city, which report in yuan."""
    in_a_city = set(context.entities.loc[context.entities["city_id"] != "", "entity_id"])
    found = {entity: f"{code}.HK" for code, entity in context.ids("hkex").items() if entity in in_a_city}
    for exchange, suffix in (("szse", "SZ"), ("sse", "SH")):
        found |= {entity: f"{code}.{suffix}" for code, entity in context.ids(exchange).items()}
    return found

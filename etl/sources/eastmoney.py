"""Eastmoney's copy of the annual figures of companies listed in Shenzhen or Shanghai.

Off by default: an undocumented service that limits by frequency. Only the year's end is read, since the
figures of the other reports are sums of the year so far. No match is answered with ``success: false``
and status 200. The tier is ``reference``: the company's own report stands above it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from etl.sources.base import Context, Parsed, Request, Requests, ShapeError, Snapshot, Source
from etl.sources.reading import document, field, json_of, known, records, where
from etl.tidy import source_id_for

ID = "eastmoney"
API = "https://datacenter.eastmoney.com/securities/api/data/get"
REPORT, STYLE = "RPT_F10_FINANCE_MAINFINADATA", "APP_F10_MAINFINADATA"
COLUMNS = {"TOTALOPERATEREVE": "revenue", "PARENTNETPROFIT": "net_profit"}
_CODE = re.compile(r"(SZSE|SSE):\s*([0-9]{6})\b")
_YEAR_END = re.compile(r"(20[0-9][0-9])-12-31\b")


class Eastmoney(Source):
    """Revenue and profit attributable to shareholders, CNY a year."""

    id = ID
    title = "Eastmoney, main financial figures"
    cadence_days = 90
    on_by_default = False
    hosts = ("datacenter.eastmoney.com",)
    rate_per_second = 0.2

    def requests(self, context: Context) -> Requests:
        """Ask for the main figures of each company listed on the mainland."""
        for entity, code in _codes(context).items():
            yield Request(
                API,
                params={
                    "type": REPORT,
                    "sty": STYLE,
                    "filter": f'(SECUCODE="{code}")',
                    "p": "1",
                    "ps": "200",
                    "sr": "-1",
                    "st": "REPORT_DATE",
                    "source": "HSF10",
                    "client": "PC",
                },
                accept=("application/json", "text/plain", "application/javascript"),
                key=f"{entity}-{code}",
            )

    def parse(self, snapshots: Sequence[Snapshot], context: Context) -> Parsed:
        """Read the reports of the year's end."""
        observations: list[dict[str, object]] = []
        sources: list[dict[str, str]] = []
        for snapshot in snapshots:
            entity, _, code = snapshot.request.key.rpartition("-")
            url = f"{API}?type={REPORT}&sty={STYLE}&filter=(SECUCODE=%22{code}%22)"
            for (indicator, year), value in sorted(_years(snapshot, code).items()):
                if known(context, [indicator]):
                    observations.append(
                        {
                            "entity_id": entity,
                            "indicator_id": indicator,
                            "period": year,
                            "value": value,
                            "source_id": source_id_for(url),
                            "status": "final",
                            "note": "copy of the company's report",
                            "locator": f"{code} · {year}-12-31",
                        }
                    )
            sources.append(
                document(
                    url,
                    title=f"Eastmoney: main financial figures of {code}",
                    publisher="Eastmoney",
                    tier="reference",
                    licence="facts with attribution",
                    collector=ID,
                    snapshots=[snapshot],
                )
            )
        return Parsed.of(observations, sources)


def _codes(context: Context) -> dict[str, str]:
    codes: dict[str, str] = {}
    for entity, listing in zip(context.entities["entity_id"], context.entities["listing"], strict=True):
        match = _CODE.search(str(listing))
        if match and context.wants(str(entity)):
            codes[str(entity)] = f"{match[2]}.{'SZ' if match[1] == 'SZSE' else 'SH'}"
    return codes


def _years(snapshot: Snapshot, code: str) -> dict[tuple[str, str], Decimal]:
    at = where(snapshot)
    answer = json_of(snapshot, ID)
    if field(answer, "success", bool, ID, at) is not True:
        raise ShapeError(ID, f"{at}: the service says: {answer.get('message') or 'no'}")
    values: dict[tuple[str, str], Decimal] = {}
    rows = field(field(answer, "result", dict, ID, at), "data", list, ID, at)
    for position, row in enumerate(records(rows, ID, at), start=1):
        here = f"{at}, row {position}"
        if field(row, "SECUCODE", str, ID, here) != code:
            raise ShapeError(ID, f"{here}: a figure of {row['SECUCODE']}")
        match = _YEAR_END.match(field(row, "REPORT_DATE", str, ID, here))
        if match is None:
            continue
        for column, indicator in COLUMNS.items():
            value = field(row, column, (int, Decimal, type(None)), ID, here)
            if value is not None and values.setdefault((indicator, match[1]), Decimal(value)) != value:
                raise ShapeError(ID, f"{here}: {match[1]} stands twice")
    if not values:
        raise ShapeError(ID, f"{at}: no report of a year's end")
    return values


SOURCE = Eastmoney()

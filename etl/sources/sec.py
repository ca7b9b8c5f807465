"""SEC EDGAR: yearly revenue, profit and research of companies that file in the United States.

One period occurs in several filings; the newest is taken. Tags change over the years, so a measure is the
first of its tags that has the period. A financial year is named by the year in which it ends (one of 52 weeks
may end in the first days of the next). Half-years and quarters are told by their length.

Recorded: Alphabet and Apple. A 20-F filer such as Alibaba has the same shape, in yuan.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from etl.sources.base import JSON, Context, Request, Requests, Rows, Snapshot, Source, Unreadable
from etl.sources.reading import field, json_of, records

API = "https://data.sec.gov/api/xbrl/companyfacts/CIK{cik}.json"
TAGS = {
    "revenue": (
        "RevenueFromContractWithCustomerExcludingAssessedTax", "Revenues", "SalesRevenueNet",
    ),
    "net_profit": ("NetIncomeLoss",),
    "rd_expense": ("ResearchAndDevelopmentExpense",),
}  # fmt: skip
CURRENCIES = {"USD": "_usd", "CNY": ""}
"""Currency of a figure → what is added to the indicator's name."""
FORMS = ("10-K", "20-F", "10-K/A", "20-F/A")
WEEK = timedelta(days=7)
YEAR = (timedelta(days=350), timedelta(days=380))
Fact = tuple[Mapping[str, Any], str, str]
"""Row, tag and currency of a figure."""


class Sec(Source):
    id = "sec"
    title = "SEC EDGAR, company facts"
    cadence_days = 90
    hosts = ("data.sec.gov",)
    asks_by = ("cik",)
    publisher = "U.S. Securities and Exchange Commission"
    tier = "official"
    licence = "public domain"

    def requests(self, context: Context) -> Requests:
        for cik, entity in context.ids("cik").items():
            yield Request(API.format(cik=cik.zfill(10)), accept=JSON, key=entity, best_effort=True)

    def read_answer(self, snapshot: Snapshot, context: Context, out: Rows) -> None:
        names = context.names("company", "name_en")
        entity, url, answer = snapshot.request.key, snapshot.request.url, json_of(snapshot)
        name = field(answer, "entityName", str)
        words, named = (re.findall(r"[a-z]+", text.casefold()) for text in (names[entity], name))
        if words[0] not in named:
            raise Unreadable(f"the CIK belongs to {name}", "correct external_ids.csv")
        concepts = field(field(answer, "facts", dict), "us-gaap", dict)
        years = {measure: _years(concepts, tags) for measure, tags in TAGS.items()}
        if not any(years.values()):
            raise Unreadable("no whole year of any measure that is read")
        filed = max(row["filed"] for found in years.values() for row, _, _ in found.values())
        out.document(url, f"{name}: company facts", [snapshot], published=filed)
        for measure, found in years.items():
            for year, (row, tag, currency) in sorted(found.items()):
                locator = f"{tag} · {row['start']} to {row['end']} · {row['form']}"
                indicator = f"{measure}{CURRENCIES[currency]}"
                out.add(entity, indicator, year, row["val"], url, locator=locator)


def _years(concepts: Mapping[str, Any], tags: Sequence[str]) -> dict[str, Fact]:
    found: dict[str, Fact] = {}
    for tag in reversed(tags):
        units = field(concepts[tag], "units", dict) if tag in concepts else {}
        facts = [(row, one) for one in CURRENCIES.keys() & units.keys() for row in records(units[one])]
        yearly = [(row, one) for row, one in facts if row.get("form") in FORMS and "start" in row]
        for row, currency in sorted(yearly, key=lambda fact: field(fact[0], "filed", str)):
            start, end = (date.fromisoformat(field(row, name, str)) for name in ("start", "end"))
            field(row, "val", (int, Decimal))
            if YEAR[0] <= end - start <= YEAR[1]:
                found[str((end - WEEK).year)] = (row, tag, currency)
    return found

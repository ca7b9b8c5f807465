"""The verdicts for a terminal: no boxes, each line as wide as the terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from rich.console import Console
from rich.text import Text

from dashboard.claims.finding import OUTCOMES
from dashboard.claims.record import essay
from dashboard.claims.report import table
from dashboard.dataset import Dataset, Lang
from dashboard.locale import text

MARKS = {"supported": "●", "contradicted": "■", "mixed": "◐", "no_public_data": "○", "not_testable": "–"}
"""A shape for each outcome, so that colour is not needed to tell them apart."""
INDENT = "  "


def listing(dataset: Dataset, lang: Lang, console: Console) -> Iterator[Text]:
    """Yield the lines to print: the count of verdicts, then each claim, its text indented and wrapped."""
    rows = table(dataset, lang)
    counts = Counter(row["outcome"] for row in rows)
    counted = Text("  ".join(f"{MARKS[o]} {counts[o]} {text(f'claims.outcome.{o}', lang)}" for o in OUTCOMES))
    for line in counted.wrap(console, console.width):
        line.rstrip()
        yield line
    for fault in essay(dataset).faults:
        yield Text(fault)
    for row in rows:
        yield Text()
        yield Text.assemble((f"{MARKS[row['outcome']]} {row['verdict']}", "bold"), f"  {row['claim']}")
        for words in _said(row, lang):
            for line in Text(words).wrap(console, max(20, console.width - len(INDENT))):
                line.rstrip()
                yield Text(INDENT).append_text(line)


def _said(row: dict[str, str], lang: Lang) -> Iterator[str]:
    if row["quote"]:
        yield f"「{row['quote']}」"
    yield row["proposition"]
    yield row["sentence"]
    if row["margin"]:
        yield row["margin"]
    if row["robustness"] != "–":
        same, of = row["robustness"].split("/")
        yield f"{text('pages.robustness', lang)}: {text('pages.robust', lang, same=same, all=of)}"
    if row["as_of_essay"] != row["verdict"]:
        yield f"{text('pages.as_of_essay', lang)} {row['as_of_essay']}"

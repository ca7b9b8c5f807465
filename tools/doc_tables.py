"""Write the generated tables of the documentation: ``python -m tools.doc_tables`` (``make format`` runs it).

They are between ``<!-- name -->`` and ``<!-- end -->``: the tables of the dataset from their schemas, and
the tier and custody of the figures that decide the claims.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from dashboard.claims import evaluate
from dashboard.dataset import Dataset
from dashboard.dataset.records import CUSTODIES, TIERS
from etl.paths import CHECKOUT_DATA
from etl.schema import ALL

DOCS = CHECKOUT_DATA.parent / "docs"


def tables() -> str:
    """Return a row a table: path, columns, key, what it holds."""
    rows = [
        (f"`{t.path}`", f"`{','.join(t.names)}`", ", ".join(t.key) or "–", t.described["description"])
        for t in sorted(ALL.values(), key=lambda t: (t.role in ("input", "ledger"), t.path))
    ]
    return grid(("table", "columns", "primary key", "holds"), rows)


def vocabulary() -> str:
    """Return a row a column with a closed vocabulary."""
    rows = [
        (f"`{table.name}.{c.name}`", ", ".join(f"`{word}`" for word in c.choices))
        for table in ALL.values()
        for c in table.columns
        if c.choices
    ]
    return grid(("column", "words"), rows)


def deciding(dataset: Dataset) -> str:
    """Return a row a claim: how many of its figures were issued by whom and read where; then all together.

    Where nothing is decided (not testable, no public data) the figures are context and do not count.
    """
    kinds = [(tier, custody) for tier in TIERS for custody in CUSTODIES]
    counts = {
        claim: Counter(
            (s.tier, s.custody) for o in verdict.finding.used for s in [dataset.sources[o.source_id]]
        )
        for claim, verdict in evaluate(dataset).items()
        if verdict.outcome not in ("not_testable", "no_public_data")
    }
    whole: Counter[tuple[str, str]] = sum(counts.values(), Counter())
    shares = {k: f"{whole[k] / whole.total():.0%}" for k in kinds}
    rows = [(claim, *(n[k] or "" for k in kinds)) for claim, n in counts.items()]
    rows += [("**all**", *(whole[k] for k in kinds)), ("**share**", *shares.values())]
    return grid(("claim", *(f"{tier}, {custody}" for tier, custody in kinds)), rows)


def grid(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(
        f"| {' | '.join(str(cell).replace('|', chr(92) + '|') for cell in line)} |" for line in lines
    )


def written(text: str, parts: dict[str, str]) -> str:
    """Return a document with its generated parts replaced."""
    for name, part in parts.items():
        pattern = rf"(<!-- {name} -->\n).*?(<!-- end -->)"
        text, found = re.subn(pattern, lambda m, part=part: f"{m[1]}\n{part}\n\n{m[2]}", text, flags=re.S)
        if not found:
            raise ValueError(f"no place for {name}")
    return text


def documents(dataset: Dataset) -> dict[Path, str]:
    """Return the documents that hold generated tables, as they should be."""
    parts = {
        DOCS / "architecture.md": {"tables": tables(), "vocabulary": vocabulary()},
        DOCS / "data-notes.md": {"deciding": deciding(dataset)},
    }
    return {path: written(path.read_text("utf-8"), found) for path, found in parts.items()}


def main() -> None:
    """Rewrite what differs."""
    for path, text in documents(Dataset.load(CHECKOUT_DATA)).items():
        if text != path.read_text("utf-8"):
            path.write_text(text, "utf-8")
            print(path)


if __name__ == "__main__":
    main()

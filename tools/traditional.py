"""Put the words of Taiwan into the Traditional columns of ``data/``: ``python -m tools.traditional``.

After it, ``pursuit refresh curated`` publishes. Publishers keep the names they have.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path

from dashboard.chinese import worded
from dashboard.paths import PACKAGE

TABLES = ("entities", "indicators", "notes", "gaps", "events")
DATA = PACKAGE.parent / "data"


def reworded(path: Path) -> str:
    """Return a table with its Traditional columns in the words of Taiwan, everything else as it is."""
    rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8"), newline="")))
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]) if rows else [], lineterminator="\n")
    writer.writeheader()
    writer.writerows(
        {k: worded(v, "zh-Hant") if k.endswith("_zh_hant") else v for k, v in row.items()} for row in rows
    )
    return out.getvalue()


def main() -> None:
    """Rewrite what differs."""
    for name in TABLES:
        path = DATA / f"{name}.csv"
        text = reworded(path)
        if text != path.read_text("utf-8"):
            path.write_text(text, "utf-8", newline="")
            print(path)


if __name__ == "__main__":
    main()

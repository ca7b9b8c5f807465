"""HTML tables as plain grids: merged cells spread out, nested tables kept apart, captions found.

lxml directly, not through BeautifulSoup, because there are hundreds of release pages of two megabytes.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

import lxml.etree
import lxml.html

from etl.sources.base import Snapshot
from etl.sources.reading import decode, normalise_text

_CAPTION_LENGTH = 160
_MAX_SPAN = 100
_CLOSING = re.compile(r"</(?:body|html)\s*>", re.IGNORECASE)


@dataclass(frozen=True)
class Grid:
    """``rows``: normalised cell texts, all of one width; ``caption``: the text that stands before them."""

    caption: str
    rows: tuple[tuple[str, ...], ...]


def tree(page: str) -> Any:
    """Return the root element of an HTML page, however broken, with what a reader takes for its text.

    Comments and scripts are left out, and raised and lowered marks: footnotes, unless they square a unit.
    """
    # as bytes: lxml refuses text that declares an encoding
    parser = lxml.html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    # a page that goes on after its first </html> would be cut there
    text = _CLOSING.sub("", page) if page.strip() else "<html></html>"
    root = lxml.html.document_fromstring(
        text.encode("utf-8", "replace"), parser=parser, ensure_head_body=True
    )
    for element in list(root.iter("script", "style", "noscript", "template", "sup", "sub")):
        previous = element.getprevious()
        before = element.getparent().text if previous is None else previous.tail or previous.text_content()
        if element.tag not in ("sup", "sub") or not (before or "").rstrip().endswith("m"):
            element.drop_tree()
    return root


def grids(root: Any) -> Iterator[Grid]:
    """Yield every innermost table below an element, in page order.

    A table that merely lays out the page (it holds other tables) is not data; its text counts as
    caption of the tables inside it.
    """
    before = ""
    walker = lxml.etree.iterwalk(root, events=("start", "end"))
    for event, element in walker:
        text = element.text if event == "start" else element.tail
        if event == "start" and element.tag == "table" and element.find(".//table") is None:
            yield Grid(before[-_CAPTION_LENGTH:], _rows(element))
            before, text = "", None
            walker.skip_subtree()
        if text and not text.isspace():
            before = before[-_CAPTION_LENGTH:] + normalise_text(text)


def _rows(table: Any) -> tuple[tuple[str, ...], ...]:
    rows: list[dict[int, str]] = []
    pending: dict[int, tuple[int, str]] = {}  # column -> rows still covered from above, their text
    for row in table.iterdescendants("tr"):
        cells = {column: text for column, (_, text) in pending.items()}
        pending = {column: (left - 1, text) for column, (left, text) in pending.items() if left > 1}
        column = 0
        for cell in row.iterdescendants("td", "th"):
            while column in cells:
                column += 1
            text = normalise_text(cell.text_content())
            down = _span(cell, "rowspan")
            for _ in range(_span(cell, "colspan")):
                cells[column] = text
                if down > 1:
                    pending[column] = (down - 1, text)
                column += 1
        rows.append(cells)
    width = max((max(cells, default=-1) for cells in rows), default=-1) + 1
    return tuple(tuple(cells.get(column, "") for column in range(width)) for cells in rows)


def published_on(root: Any) -> str:
    """Return the day on which a bureau's page says it came out, ``""`` where it says none."""
    for meta in root.iter("meta"):
        dated = re.match(r"(20[0-9]{2})[-/]([0-9]{1,2})[-/]([0-9]{1,2})", meta.get("content") or "")
        if dated and (meta.get("name") or "").lower() in ("pubdate", "publishdate"):
            return f"{dated[1]}-{int(dated[2]):02}-{int(dated[3]):02}"
    return ""


def page_text(page: str) -> str:
    return normalise_text(tree(page).text_content())


def _span(cell: Any, name: str) -> int:
    digits = re.match(r"\s*([0-9]{1,9})", cell.get(name) or "1")
    return min(max(int(digits.group(1)), 1), _MAX_SPAN) if digits else 1


def links(snapshot: Snapshot) -> Iterator[tuple[str, str]]:
    for link in tree(decode(snapshot)).iter("a"):
        try:
            address = urljoin(snapshot.final_url or snapshot.request.url, str(link.get("href") or "").strip())
        except ValueError:  # a lone bracket: it leads nowhere
            continue
        for text in (str(link.get("title") or ""), str(link.text_content())):
            yield normalise_text(text), re.sub(r"^http://", "https://", address)

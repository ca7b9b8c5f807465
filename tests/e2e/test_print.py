"""On paper: one claim a page, the contents, the documents as endnotes, fewer than 45 pages."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from tests.shipped import FIGURES

pytestmark = pytest.mark.e2e


def test_the_story_prints_as_a_report(visit: Callable[..., Any]) -> None:
    page = visit("/")
    pages = [
        p.extract_text() for p in PdfReader(BytesIO(page.pdf(format="A4", prefer_css_page_size=True))).pages
    ]
    assert len(pages) < 45
    claims = [[int(n) for n in re.findall(r"Claim (\d+) of \d+", text)] for text in pages]
    assert all(len(found) <= 1 for found in claims), "two claims on a page"
    assert [n for found in claims for n in found] == list(range(1, len(FIGURES)))
    text = " ".join(pages)
    assert re.search(r"\w\.gov\.cn/\w", text), "documents have their addresses"
    assert "Copy citation" not in text

"""No page shows a year with a separator, or what is no number."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

import pytest
from figures.test_shown_numbers import NO_NUMBER, YEAR

from dashboard.dataset import LANGS

PAGES = (
    "/",
    "/claims",
    "/explore",
    "/city/shenzhen",
    "/city/hangzhou",
    "/company/huawei",
    "/company/dji",
    "/data",
)


@pytest.mark.parametrize("lang", LANGS)
def test_pages(page: Callable[..., str], lang: str) -> None:
    for path in PAGES:
        body = re.sub(r"<(script|style)\b.*?</\1>", " ", page(path, lang), flags=re.S)
        text = unescape(re.sub(r"<[^>]*>", "\n", body))
        assert not NO_NUMBER.findall(text), path
        if path in ("/", "/claims"):
            assert not YEAR.findall(text), path
